"""Editing the fields of an entry, in the place where it was read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea
from textual.worker import Worker, WorkerState

from index.edits import CannotEdit, Edit
from index.memory.diff import DiffLine
from index.memory.entries import Entry
from index.memory.files import Conflict, TreeError
from tui.actions import bindings
from tui.draft import Draft, lines_changed, reading_order
from tui.look import BLANK, plain, t
from tui.screens.frame import Frame
from tui.screens.question import SHOW, Answer, QuestionScreen
from tui.screens.review import ReviewScreen
from tui.widgets.edit_lines import EditFoot, EditHead
from tui.widgets.field_editor import FieldEditor
from tui.widgets.footer import Footer
from tui.widgets.other_fields import nested_label
from tui.widgets.rule import Rule
from tui.widgets.status_line import StatusLine
from tui.widgets.title_line import TitleLine
from tui.widgets.toast import Toast

if TYPE_CHECKING:
    from index.workspace import Saved, Workspace

_KNOWN = 40
"""Values of the tree that are offered, the most used first."""


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


def known_values(workspace: Workspace, kind: str) -> dict[str, list[str]]:
    """Return the values that entries of the tree have: statuses of the same kind, tags, technologies."""
    entries = workspace.snapshot.entries
    count = {
        "status": Counter(e.status for e in entries if e.status and e.kind == kind),
        "tags": Counter(tag for e in entries for tag in e.tags),
        "tech": Counter(tech for e in entries for tech in e.tech),
    }
    return {role: [value for value, _ in values.most_common(_KNOWN)] for role, values in count.items()}


class EditScreen(Frame[None], inherit_bindings=False):
    """Edits an entry and carries the change to its commit.

    Where the preview stands beside the results the editor lies exactly over it; else it is a page.

    Args:
        entry_id: the entry.
        field: name of the field to begin with; the first text when None.
    """

    CSS_PATH = "edit.tcss"
    BINDINGS = bindings("save", "next", "previous", "back")  # none before the letters typed ahead of it
    FOOTER = ("save", ("next", "next field"), "undo_text", ("back", "leave"))
    HELP_TITLE = "Keys while editing"

    class Read(Message):
        """The file was read."""

        def __init__(self, seen: Seen, known: dict[str, list[str]]) -> None:
            super().__init__()
            self.seen, self.known = seen, known

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

    class Failed(Message):
        """The change was refused; one plain sentence."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, entry_id: str, field: str | None = None) -> None:
        super().__init__()
        self._entry_id = entry_id
        self._first = field
        self._base: bytes | None = None
        """The bytes of the file as the user began with them; None until they are read."""
        self._below: Screen[object] | None = None
        """The screen that this one lies over, and what had the focus there."""
        self._below_focus: Widget | None = None

    def compose(self) -> ComposeResult:
        """Yield the editor, its rule above, file and state below."""
        self._entry = self.workspace.entry(self._entry_id)
        self.draft = Draft(reading_order(self._entry.fields))
        yield StatusLine(id="status")
        yield TitleLine(id="title", classes="title")
        with Vertical(id="over"):
            yield Rule(id="rule")
            with Vertical(id="pane"):
                yield EditHead(self._entry)
                yield FieldEditor(self.draft, self._heading())
                yield EditFoot(self._entry)
        yield Footer(id="footer")
        yield Toast()

    def on_mount(self) -> None:
        """Open the first field, lie over the preview, and read the file."""
        self.set_title(t(("Edit", "strong"), ("  ‹  ", "muted"), plain(self._entry.title, "muted")))
        self._below = self.app.screen_stack[self.app.screen_stack.index(self) - 1]
        self._below_focus = self._below.focused
        self._below.set_focus(None)
        self._settle()
        editor = self.query_one(FieldEditor)
        for moved in ("scroll_y", "virtual_size", "container_size"):
            self.watch(editor, moved, self._moved)
        names = [field.name for field in self.draft.fields]
        editor.open(self._first if self._first in names else names[0])
        self._read()

    def on_unmount(self) -> None:
        """Give the screen below its focus back."""
        if self._below is not None and self._below_focus is not None:
            self._below.set_focus(self._below_focus)

    def _heading(self) -> list[Content]:
        """Return the title, unless it stands in a field anyway."""
        title = self._entry.title
        held = any(" ".join(field.text.split()) == title for field in self._entry.fields)
        return [] if held else [plain(title, "muted"), BLANK]

    @property
    def workspace(self) -> Workspace:
        """The open tree."""
        assert self.app.workspace is not None
        return self.app.workspace

    @property
    def unsaved(self) -> bool:
        """Whether something was typed."""
        self.query_one(FieldEditor).capture()
        return bool(self.draft.changes())

    # ── where it stands ───────────────────────────────────────────────────────

    def on_resize(self, event: events.Resize) -> None:
        """Follow the preview, which is laid out anew as well."""
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """Lie over the preview of the screen below, if it stands beside the results."""
        preview = next(iter(self._below.query("#preview")), None) if self._below is not None else None
        region = preview.region if preview is not None else None
        beside = region is not None and region.x > 0 and region.height > 0
        over = self.query_one("#over")
        self.set_class(beside, "-beside")
        if beside and region is not None:
            over.styles.margin = (region.y - 1, 0, 0, region.x)
            over.styles.width, over.styles.height = region.width, region.height + 1
        else:
            over.styles.margin = 0
            over.styles.width = over.styles.height = "1fr"

    def _moved(self) -> None:
        self.call_after_refresh(self._show_rest)

    def _show_rest(self) -> None:
        editor = self.query_one(FieldEditor)
        self.query_one(EditFoot).below = round(editor.max_scroll_y - editor.scroll_y)

    # ── typing ────────────────────────────────────────────────────────────────

    @on(FieldEditor.Changed)
    def _typed(self) -> None:
        self._say("")

    def action_next(self) -> None:
        """Go to the next field."""
        self.query_one(FieldEditor).step(1)

    def action_previous(self) -> None:
        """Go to the field before."""
        self.query_one(FieldEditor).step(-1)

    def action_undo_text(self) -> None:
        """Take back what was typed last."""
        area = self.query_one(TextArea)
        if area.display:
            area.undo()

    def _say(self, error: str) -> None:
        """Show how things stand."""
        changed = len(self.draft.changes())
        self.query_one(EditHead).changed = changed
        self.query_one(EditFoot).state = (changed, error)

    # ── leaving ───────────────────────────────────────────────────────────────

    def action_back(self) -> None:
        """Leave; ask first when something would be lost."""
        if not self.unsaved:
            self.dismiss()
            return
        changes = self.draft.changes()
        lines = lines_changed(self.draft, changes)
        what = nested_label(next(iter(changes))) if len(changes) == 1 else f"{len(changes)} fields"
        have = "has" if len(changes) == 1 else "have"
        body = t((what, "text"), (f" {have} changed: {_count(lines, 'line')}.", "muted"))
        drop = "drop the change" if len(changes) == 1 else "drop the changes"
        answers = [
            Answer("stay", "enter", "keep editing"),
            Answer("drop", "d", drop),
            Answer("save", "ctrl+s", "review"),
        ]
        self.app.push_screen(QuestionScreen("Leave without saving?", [body], answers), self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "drop":
            self.dismiss()
        elif answer == "save":
            self.action_save()

    # ── saving ────────────────────────────────────────────────────────────────

    def action_save(self) -> None:
        """Plan the change and show it."""
        if not self.unsaved:
            self.tell(t(("Nothing has changed yet.", "muted")))
            return
        self._plan(self.draft.changes(), self._base)

    @work(thread=True, exclusive=True, exit_on_error=False, group="read")
    def _read(self) -> None:
        try:
            seen = look(self.workspace, self._entry, None)
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))
            return
        self.post_message(self.Read(seen, known_values(self.workspace, self._entry.kind)))

    @work(thread=True, exclusive=True, exit_on_error=False, group="plan")
    def _plan(self, changes: dict[str, str], base: bytes | None) -> None:
        try:
            seen = look(self.workspace, self._entry, base)
            if base is not None and seen.data != base:
                self.post_message(self.Clashed(seen))
                return
            self.post_message(self.Planned(self.workspace.plan_edit(self._entry.id, changes, base=seen.data)))
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Failed(str(error)))

    @on(Read)
    def _take_file(self, message: Read) -> None:
        editor = self.query_one(FieldEditor)
        fresh = message.seen.entry.fields
        stale = [f.text for f in fresh] != [f.text for f in self._entry.fields]
        self._base = message.seen.data
        editor.known = message.known
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

    @on(Failed)
    def _refused(self, message: Failed) -> None:
        self._say(message.sentence)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong; what was typed stays."""
        if event.state is WorkerState.ERROR:
            self._say(f"This did not work: {event.worker.error}")

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
        self._say("")


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
