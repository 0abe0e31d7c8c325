"""Editing the fields of an entry, in the place where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.content import Content
from textual.message import Message

from index.model.draft import Draft
from index.model.entry import Entry
from index.model.errors import Conflict, TreeError
from index.model.plan import CannotEdit
from index.model.text_diff import DiffLine
from tui.data.typed_draft import TypedDraft, difference, reading_order, says_the_same
from tui.requests import ReviewPlan
from tui.runtime.threads import threaded
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.screens.editing.draft_offer import offer
from tui.screens.editing.form import FormScreen, Known, known_values
from tui.theme.drawing import BLANK, plain, t
from tui.widgets.editing.edit_lines import EditFoot, EditHead
from tui.widgets.editing.field_editor import FieldEditor
from tui.widgets.editing.other_fields import nested_label

if TYPE_CHECKING:
    from index.model.plan import Plan
    from index.model.saved import Saved
    from index.workspace import Workspace


class Seen(NamedTuple):
    """The entry as its file has it; read in a worker."""

    data: bytes
    entry: Entry
    theirs: list[DiffLine]
    """Lines that others changed since the user began."""
    markup: str
    """The entry's source."""


class Begun(NamedTuple):
    """The entry as it was when the user began."""

    data: bytes | None = None
    """The bytes of the file; None until they are read."""
    markup: str = ""
    """The source of the entry, when an earlier session began with another one than the file has now."""


def look(workspace: Workspace, entry: Entry, begun: Begun) -> Seen:
    """Read an entry from its file, and compare that with what the user began with.

    Raises:
        CannotEdit: the file no longer holds it.
        TreeError: the file cannot be read.
    """
    from index.formats.xml.document import Document
    from index.formats.xml.document_entries import find_entry
    from index.model.text_diff import diff_lines

    document = workspace.tree.document(entry.file)
    data, before = document.to_bytes(), begun.data
    try:
        found = find_entry(document, entry.file, entry.id)
    except CannotEdit as error:
        gone = "The entry is no longer in its file: another program removed it, or gave it another id."
        raise CannotEdit(f"{gone} Your text stays here.") from error
    markup = document.markup(found.ref) if found.ref >= 0 else document.source
    theirs = []
    if begun.markup and begun.markup != markup:
        theirs = diff_lines(begun.markup, markup)
    elif before is not None and before != data:
        theirs = diff_lines(Document.parse(before, entry.file).source, document.source)
    return Seen(data, found, theirs, markup)


class EditScreen(FormScreen):
    """Edits an entry and carries the change to its commit.

    Args:
        entry_id: the entry.
        field: name of the field to begin with; the first text when None.
    """

    class Read(Message):
        """The file was read."""

        def __init__(self, seen: Seen, known: Known, usual: list[str], left: Draft | None) -> None:
            super().__init__()
            self.seen, self.known, self.usual, self.left = seen, known, usual, left

    class Planned(Message):
        """The change is valid."""

        def __init__(self, plan: Plan) -> None:
            super().__init__()
            self.plan = plan

    class Clashed(Message):
        """The file changed while it was edited."""

        def __init__(self, seen: Seen) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self, entry_id: str, field: str | None = None) -> None:
        super().__init__(field)
        self._entry_id = entry_id
        self._begun = Begun()
        self._usual: list[str] = []
        """Names of the fields that entries of its kind have."""

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Take the entry as it was last read."""
        self._entry = entry = self.workspace.tree.entry(self._entry_id)
        self.draft = TypedDraft(reading_order(entry.fields))
        held = any(" ".join(field.text.split()) == entry.title for field in entry.fields)
        before = [] if held else [plain(entry.title, "muted"), BLANK]
        return EditHead(entry.kind, entry.group), EditFoot(entry.file, entry.line), before

    def on_mount(self) -> None:
        """Read the file; Textual mounts the form by itself."""
        self._read()

    @property
    def heading(self) -> Content:
        """Title of the form: the entry that is edited."""
        return t(("Edit", "strong"), ("  ‹  ", "muted"), plain(self._entry.title, "muted"))

    def more_fields(self) -> Iterable[str]:
        """Return the fields that others of its kind have."""
        return self._usual

    def plan(self) -> None:
        """Plan the change and show it."""
        self._plan(self.draft.changes(), self._begun)

    @threaded("read")
    def _read(self) -> None:
        try:
            seen = look(self.workspace, self._entry, Begun())
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))
            return
        known = known_values(self.workspace, self._entry.kind)
        shape = self.workspace.planner.shape(self._entry.kind, self._entry.file)
        left = self.workspace.status.drafts.find(self._entry.id)
        self.post_message(self.Read(seen, known, [field.name for field in shape.fields], left))

    @threaded("plan")
    def _plan(self, changes: dict[str, str], begun: Begun) -> None:
        try:
            seen = look(self.workspace, self._entry, begun)
            if seen.theirs or (begun.data is not None and seen.data != begun.data):
                self.post_message(self.Clashed(seen))
                return
            plan = self.workspace.planner.edit(self._entry.id, changes, base=seen.data, add=True)
            self.post_message(self.Planned(plan))
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))

    @on(Read)
    def _take_file(self, message: Read) -> None:
        editor = self.query_one(FieldEditor)
        fresh = message.seen.entry.fields
        stale = [f.text for f in fresh] != [f.text for f in self._entry.fields]
        self._begun = Begun(message.seen.data)
        editor.known, self._usual = message.known, message.usual
        typing = self.unsaved
        if stale or (editor.current and not typing):
            self.draft.rebase(reading_order(fresh))
            editor.reopen()
        self.keep(Draft(self._entry.id, self._entry.title, 0.0, message.seen.markup))
        if typing and self.keeper is not None:
            self.keeper.touch()
        left = message.left
        if left is not None and not typing:
            self._offer(left, message.seen)
        elif left is not None:
            self.tell(t(("!", "warn"), " This entry already has an unsaved draft: P lists it."))

    def _offer(self, left: Draft, seen: Seen) -> None:
        """Ask about what an earlier session left; what says the same by now is no draft any more."""
        now = {field.name: field.text for field in seen.entry.fields}
        if says_the_same(left, now):
            self.drop_left(left)
            return
        others = [
            nested_label(name) for name, typed in left.fields.items() if now.get(name, "") != typed.base
        ]
        changed = (
            f"{' and '.join(others[:3])} changed since: it is asked before yours goes over it."
            if others
            else ""
        )

        def take() -> None:
            self.take_up(left)
            self._begun = Begun(seen.data, left.markup if others else "")

        offer(
            self.context, left, difference(left, now),
            changed=changed, take=take, drop=lambda: self.drop_left(left),
        )  # fmt: skip

    @on(Planned)
    def _review(self, message: Planned) -> None:
        plan = replace(message.plan, message=self.message or message.plan.message)
        title = self._entry.title
        self.context.ask(ReviewPlan(plan, title, self._reviewed, typed=self.message_typed))

    def _reviewed(self, outcome: Saved | Conflict | None) -> None:
        if isinstance(outcome, Conflict):
            self.plan()
        elif outcome is not None:
            changes = self.draft.changes()
            what = (
                nested_label(next(iter(changes))).lower() if len(changes) == 1 else f"{len(changes)} fields"
            )
            app = self.context
            self.dismiss()
            app.tell_saved(outcome, what)

    # ── someone else changed the file ─────────────────────────────────────────

    @on(Clashed)
    def _ask(self, message: Clashed) -> None:
        """Ask which text is to stay where both changed the same field; all else fits together."""
        seen = message.seen
        clashes = [nested_label(name) for name in self.draft.clashes(seen.entry.fields)]
        if not clashes:
            self._plan(self.draft.changes(), Begun(seen.data))
            return
        body = t(
            (" and ".join(clashes[:3]), "text"),
            (" is among what changed; the other one would be lost.", "muted"),
        )
        answers = [
            Answer("stay", "enter", "keep editing"),
            Answer(SHOW, "d", "show what changed"),
            Answer("mine", "m", "overwrite with mine"),
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
        self._begun = Begun(seen.data)
        self.draft.rebase(reading_order(seen.entry.fields))
        self.query_one(FieldEditor).reopen()
        self.say("")
        if self.keeper is not None:
            self.keeper.touch()
