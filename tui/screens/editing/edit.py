"""Editing the fields of an entry, in the place where it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from index.model.counts import listed
from index.model.draft import Draft
from index.model.entry import Entry
from index.model.errors import Conflict
from index.model.plan import EntryGone, Protected
from index.model.text.text_diff import DiffLine
from tui.actions import bindings, key
from tui.data.typed_draft import TypedDraft, reading_order, says_the_same
from tui.requests import Propose
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.editing.form import FormScreen, Known, known_values
from tui.screens.editing.questions import ask_changed
from tui.theme.drawing import BLANK, plain, t
from tui.theme.labels import label_inside, path_label
from tui.widgets.editing.edit_lines import EditFoot, EditHead
from tui.widgets.editing.field_editor import FieldEditor

if TYPE_CHECKING:
    from index.model.plan import Plan
    from index.workspace import Workspace


class Seen(NamedTuple):
    """The entry as its file has it; read in a worker."""

    data: bytes
    entry: Entry
    theirs: list[DiffLine]
    """Lines that others changed since the user began."""
    markup: str
    """The entry's source."""


class FormFacts(NamedTuple):
    """All that a form needs to know of its entry; read in a worker."""

    seen: Seen
    known: Known
    usual: Sequence[str]
    """Names of the fields that entries of its kind have."""
    left: Draft | None
    """Draft of an earlier session."""


class Begun(NamedTuple):
    """The entry as it was when the user began."""

    data: bytes | None = None
    """The bytes of the file; None until they are read."""
    markup: str = ""
    """The source of the entry, when an earlier session began with another one than the file has now."""


def look(workspace: Workspace, entry: Entry, begun: Begun, by_now: Callable[[str], str]) -> Seen:
    """Read an entry from its file, and compare that with the user's start; `by_now` follows its id.

    Raises EntryGone, TreeError: it is gone, or its file cannot be read.
    """
    from index.formats.registry import text_of
    from index.model.text.text_diff import diff_lines

    document, found, markup = workspace.tree.found_again(entry.id, by_now)
    data, before = document.to_bytes(), begun.data
    theirs = []
    if begun.markup and begun.markup != markup:
        theirs = diff_lines(begun.markup, markup)
    elif before is not None and before != data:
        theirs = diff_lines(text_of(before, found.file), document.source)
    return Seen(data, found, theirs, markup)


class _Clash(Conflict):
    """The file changed since the user began."""

    def __init__(self, seen: Seen) -> None:
        super().__init__("The file was changed while you edited it.", seen.data)
        self.seen = seen


class EditScreen(FormScreen):
    """Edits an entry and carries the change to its commit.

    Args:
        entry_id: the entry.
    """

    BINDINGS = bindings("add_field")
    WRAPS = True

    def __init__(self, entry_id: str) -> None:
        super().__init__()
        self._entry_id = entry_id
        self._begun = Begun()
        self._usual: Sequence[str] = ()
        """Names of the fields that entries of its kind have."""

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Take the entry as it was last read."""
        self._by_now = self.workspace.tree.successors.from_now()
        self._entry = entry = self.workspace.tree.entry(self._entry_id)
        self.draft = TypedDraft(reading_order(entry.fields))
        held = any(" ".join(field.text.split()) == entry.title for field in entry.fields)
        before = [] if held else [plain(entry.title, "muted"), BLANK]
        return EditHead(entry.kind, entry.group), EditFoot(entry.file, entry.line), before

    def on_mount(self) -> None:
        """Keep the typed text from now on, and read the file; Textual mounts the form by itself."""
        self.keep(Draft(self._entry.id, self._entry.title, 0.0))
        self.look_up("read", self._read, self._take_file, self._not_read)

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, Protected) and not self.unsaved:
            self.dismiss()
            self.context.refuse(error)
        else:
            self.say(str(error))

    @property
    def heading(self) -> Content:
        """Title of the form: the entry that is edited."""
        return t(("Edit", "strong"), ("  ‹  ", "muted"), plain(self._entry.title, "muted"))

    def more_fields(self) -> Iterable[str]:
        """Return the fields that others of its kind have."""
        return self._usual

    def plan(self) -> None:
        """Plan the change and show it."""
        changes, begun = self.wrapped(self._entry.file, self.draft.changes()), self._begun
        one = label_inside(next(iter(changes))) if len(changes) == 1 else ""

        def make() -> Plan:
            seen = look(self.workspace, self._entry, begun, self._by_now)
            if seen.theirs or (begun.data is not None and seen.data != begun.data):
                raise _Clash(seen)
            return self.workspace.planner.edit(seen.entry.id, changes, base=seen.data, add=True)

        def saved(plan: Plan) -> None:
            self.dismiss()

        title, what = self._entry.title, one or f"{len(changes)} fields"
        self.propose(Propose(make, title, what, then=saved, conflict=self._changed))

    def _read(self, workspace: Workspace) -> FormFacts:
        """Read the file, and values that help to fill in the form."""
        seen = look(workspace, self._entry, Begun(), self._by_now)
        workspace.planner.check(seen.entry.file)
        shape = workspace.planner.shape(self._entry.kind, self._entry.file)
        known, left = known_values(workspace, self._entry.kind), workspace.status.drafts.find(seen.entry.id)
        return FormFacts(seen, known, [field.name for field in shape.fields], left)

    def _take_file(self, message: FormFacts) -> None:
        editor = self.query_one(FieldEditor)
        fresh = message.seen.entry.fields
        stale = [f.text for f in fresh] != [f.text for f in self._entry.fields]
        self._begun = Begun(message.seen.data)
        editor.known, self._usual = message.known, message.usual
        typing = self.unsaved
        if stale or (editor.current and not typing):
            self.draft.rebase(reading_order(fresh))
            editor.reopen()
        assert self.keeper is not None
        self.keeper.blank = replace(self.keeper.blank, markup=message.seen.markup)
        if typing:
            self.keeper.touch()
        left = message.left
        if left is not None and not typing:
            self._offer(left, message.seen)
        elif left is not None:
            self.tell(
                t(("!", "warn"), f" This entry already has an unsaved draft: {key('status')} lists it.")
            )

    def _offer(self, left: Draft, seen: Seen) -> None:
        """Ask about an earlier draft; one that says the same by now is none any more."""
        now = {field.name: field.text for field in seen.entry.fields}
        if says_the_same(left, now):
            self.drop_left(left)
            return
        others = [path_label(name) for name, typed in left.fields.items() if now.get(name, "") != typed.base]
        changed = (
            f"{' and '.join(others[:3])} changed since: you are asked before yours replaces it."
            if others
            else ""
        )

        def take() -> None:
            self.take_up(left)
            self._begun = Begun(seen.data, left.markup if others else "")

        self.offer_left(left, now, changed, take)

    # ── someone else changed the file ─────────────────────────────────────────

    def refused(self, error: Exception) -> None:
        """Ask, when the entry is gone, in which one the typed text is to be saved."""
        super().refused(error)
        if isinstance(error, EntryGone):
            title = "Save it in which entry?"
            pick(self.context, Picker(self._others, title, "entries"), self._take_other)

    def _others(self) -> list[Item]:
        """Return all entries, the likest first."""
        own = self._entry
        entries = [entry for entry in self.workspace.tree.snapshot.entries if not entry.template]
        entries.sort(key=lambda entry: (entry.file != own.file, entry.kind != own.kind))
        return [Item(entry.id, entry.title, note=entry.file) for entry in entries]

    def _take_other(self, entry_id: str) -> None:
        self._by_now = self.workspace.tree.successors.from_now()
        self._entry = self.workspace.tree.entry(entry_id)
        self._begun = Begun(self._begun.data or b"")
        self.plan()

    def _changed(self, conflict: Conflict) -> None:
        """Ask which text is to stay where both changed the same field; all else fits together."""
        if not isinstance(conflict, _Clash):  # under the review: to plan again finds out what clashes
            self.plan()
            return
        seen = conflict.seen
        clashes = [path_label(name) for name in self.draft.clashes(seen.entry.fields)]
        if not clashes:
            self._begun = Begun(seen.data)
            self.plan()
            return
        body = t(
            (listed(clashes), "text"),
            (" changed both here and in the file; only one version can stay.", "muted"),
        )

        def mine() -> None:
            self._rebase(seen)
            self.action_save()

        def drop() -> None:
            self.draft.drop(list(self.draft.changes()))
            self._rebase(seen)

        ask_changed(self.context, body, seen.theirs, mine=mine, drop=drop, takes="overwrite with mine")

    def _rebase(self, seen: Seen) -> None:
        self._begun = Begun(seen.data)
        self.draft.rebase(reading_order(seen.entry.fields))
        self.query_one(FieldEditor).reopen()
        self.say("")
        self.touch()
