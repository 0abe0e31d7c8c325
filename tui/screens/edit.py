"""Editing the fields of an entry, in the place where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual import on, work
from textual.content import Content
from textual.message import Message

from index.edits import CannotEdit, Edit
from index.memory.diff import DiffLine
from index.memory.entries import Entry
from index.memory.files import Conflict, TreeError
from tui.draft import Draft, reading_order
from tui.look import BLANK, plain, t
from tui.screens.form import FormScreen, known_values
from tui.screens.question import SHOW, Answer, QuestionScreen
from tui.screens.review import ReviewScreen
from tui.widgets.edit_lines import EditFoot, EditHead
from tui.widgets.field_editor import FieldEditor
from tui.widgets.other_fields import nested_label

if TYPE_CHECKING:
    from index.workspace import Saved, Workspace


class Seen(NamedTuple):
    """The entry as its file has it; read in a worker."""

    data: bytes
    entry: Entry
    theirs: list[DiffLine]
    """What changed since the bytes the user was looking at."""


def look(workspace: Workspace, entry: Entry, base: bytes | None) -> Seen:
    """Read an entry from its file, and compare the file with `base`.

    Raises:
        CannotEdit: the file no longer holds it.
        TreeError: the file cannot be read.
    """
    from index.edits import find_entry
    from index.memory.diff import diff_lines
    from index.memory.document import Document

    document = workspace.document(entry.file)
    data = document.to_bytes()
    theirs = []
    if base is not None and base != data:
        theirs = diff_lines(Document.parse(base, entry.file).source, document.source)
    try:
        return Seen(data, find_entry(document, entry.file, entry.id), theirs)
    except CannotEdit as error:
        gone = "The entry is no longer in its file: another program removed it, or gave it another id."
        raise CannotEdit(f"{gone} Your text stays here.") from error


class EditScreen(FormScreen):
    """Edits an entry and carries the change to its commit.

    Args:
        entry_id: the entry.
        field: name of the field to begin with; the first text when None.
    """

    class Read(Message):
        """The file was read."""

        def __init__(self, seen: Seen, known: dict[str, list[str]], usual: list[str]) -> None:
            super().__init__()
            self.seen, self.known, self.usual = seen, known, usual

    class Planned(Message):
        """The change is valid."""

        def __init__(self, edit: Edit) -> None:
            super().__init__()
            self.edit = edit

    class Clashed(Message):
        """The file changed while it was edited."""

        def __init__(self, seen: Seen) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self, entry_id: str, field: str | None = None) -> None:
        super().__init__(field)
        self._entry_id = entry_id
        self._base: bytes | None = None
        """The bytes of the file as the user began with them; None until they are read."""
        self._usual: list[str] = []
        """Names of the fields that entries of its kind have."""

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Take the entry as it was last read."""
        self._entry = entry = self.workspace.entry(self._entry_id)
        self.draft = Draft(reading_order(entry.fields))
        held = any(" ".join(field.text.split()) == entry.title for field in entry.fields)
        before = [] if held else [plain(entry.title, "muted"), BLANK]
        return EditHead(entry.kind, entry.group), EditFoot(entry.file, entry.line), before

    def on_mount(self) -> None:
        """Read the file; Textual mounts the form by itself."""
        self._read()

    @property
    def heading(self) -> Content:
        """What is edited."""
        return t(("Edit", "strong"), ("  ‹  ", "muted"), plain(self._entry.title, "muted"))

    def more_fields(self) -> Iterable[str]:
        """Return the fields that others of its kind have."""
        return self._usual

    def plan(self) -> None:
        """Plan the change and show it."""
        self._plan(self.draft.changes(), self._base)

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def _read(self) -> None:
        try:
            seen = look(self.workspace, self._entry, None)
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))
            return
        known = known_values(self.workspace, self._entry.kind)
        shape = self.workspace.composer.shape(self._entry.kind, self._entry.file)
        self.post_message(self.Read(seen, known, [field.name for field in shape.fields]))

    @work(thread=True, exclusive=True, exit_on_error=False, group="plan")
    def _plan(self, changes: dict[str, str], base: bytes | None) -> None:
        try:
            seen = look(self.workspace, self._entry, base)
            if base is not None and seen.data != base:
                self.post_message(self.Clashed(seen))
                return
            edit = self.workspace.plan_edit(self._entry.id, changes, base=seen.data, add=True)
            self.post_message(self.Planned(edit))
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))

    @on(Read)
    def _take_file(self, message: Read) -> None:
        editor = self.query_one(FieldEditor)
        fresh = message.seen.entry.fields
        stale = [f.text for f in fresh] != [f.text for f in self._entry.fields]
        self._base = message.seen.data
        editor.known, self._usual = message.known, message.usual
        if stale or (editor.current and not self.unsaved):
            self.draft.rebase(reading_order(fresh))
            editor.reopen()

    @on(Planned)
    def _review(self, message: Planned) -> None:
        self.app.push_screen(ReviewScreen(message.edit, self._entry.title), self._reviewed)

    def _reviewed(self, outcome: Saved | Conflict | None) -> None:
        if isinstance(outcome, Conflict):
            self._plan(self.draft.changes(), self._base)
        elif outcome is not None:
            from tui.flows import tell_saved

            changes = self.draft.changes()
            what = (
                nested_label(next(iter(changes))).lower() if len(changes) == 1 else f"{len(changes)} fields"
            )
            app = self.app
            self.dismiss()
            tell_saved(app, outcome, what)

    # ── someone else changed the file ─────────────────────────────────────────

    @on(Clashed)
    def _ask(self, message: Clashed) -> None:
        seen = message.seen
        clashes = [nested_label(name) for name in self.draft.clashes(seen.entry.fields)]
        if clashes:
            body = t(
                (" and ".join(clashes[:3]), "text"),
                (" is among what changed; the other one would be lost.", "muted"),
            )
        else:
            body = t(("What you edit was left alone, so your text fits on top.", "muted"))
        answers = [
            Answer("stay", "enter", "keep editing"),
            Answer(SHOW, "d", "show what changed"),
            Answer("mine", "m", "overwrite with mine" if clashes else "put mine on top"),
            Answer("theirs", "r", "reload and drop mine"),
        ]
        question = QuestionScreen("The file was changed while you edited it", [body], answers, seen.theirs)

        def resolve(answer: str | None) -> None:
            if answer == "mine":
                self._rebase(seen)
                self.action_save()
            elif answer == "theirs":
                self.draft.drop(list(self.draft.changes()))
                self._rebase(seen)

        self.app.push_screen(question, resolve)

    def _rebase(self, seen: Seen) -> None:
        self._base = seen.data
        self.draft.rebase(reading_order(seen.entry.fields))
        self.query_one(FieldEditor).reopen()
        self.say("")
