"""One field of several entries, set at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from index.model.counts import count_words, only_or_count
from index.model.draft import Draft
from index.model.field import Field
from tui.actions import Hint
from tui.data.typed_draft import TypedDraft, form_of
from tui.requests import Propose
from tui.screens.editing.form import FormScreen, Known
from tui.theme.drawing import BLANK, plain, t
from tui.theme.labels import label_inside, path_label
from tui.widgets.editing.edit_lines import EditFoot, EditHead

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.plan import Plan

_SHOWN = 12
"""Entries that are named; of more their number is told."""


class SetFieldScreen(FormScreen):
    """Asks for the text that a field of several entries shall have.

    Args:
        entries: at least one.
        name: name of the field; entries that lack it get it.
        known: the values that the tree has, by role, see `known_values`.
        left: what was typed here before, and never saved.
    """

    FOOTER: Sequence[Hint] = ("save", "undo_text", ("back", "leave"))
    WRAPS = True

    def __init__(self, entries: Sequence[Entry], name: str, known: Known, left: Draft | None = None) -> None:
        super().__init__()
        self._entries, self._field, self._known, self._left = entries, name, known, left

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Ask for the one field; where all entries agree it holds their value."""
        held = [field for entry in self._entries for field in entry.fields if field.name == self._field]
        same = len({field.text for field in held}) == 1 and len(held) == len(self._entries)
        field = held[0] if same else Field(self._field, "")
        form = form_of(held[0]) if held else form_of(field)
        self.draft = TypedDraft([field], {self._field: form})
        first, *others = self._entries
        head = EditHead(first.kind, first.group)
        if any(entry.kind != first.kind for entry in others):
            head = EditHead("", "other", "Several kinds")
        files = list(dict.fromkeys(entry.file for entry in self._entries))
        foot = EditFoot(only_or_count(files, "file"))
        return head, foot, [*self._titles(), BLANK]

    def _titles(self) -> list[Content]:
        rows = [t(("· ", "muted"), plain(entry.title, "muted")) for entry in self._entries[:_SHOWN]]
        more = len(self._entries) - _SHOWN
        return rows + ([t((f"  and {more:,} more", "muted"))] if more > 0 else [])

    @property
    def heading(self) -> Content:
        """Title of the form: the field that is set, and in how many entries."""
        return t(("Set", "strong"), ("  ‹  ", "muted"), plain(self._what, "muted"))

    @property
    def _what(self) -> str:
        count = len(self._entries)
        return f"{path_label(self._field)} of {count_words(count, 'entry', 'entries')}"

    def on_mount(self) -> None:
        """Keep the typed text; Textual mounts the form by itself."""
        self.editor.known = self._known
        ids = "\n".join(entry.id for entry in self._entries)
        self.keep(Draft(ids, self._what, 0.0, sort="bulk"))
        if self._left is not None:
            self.take_up(self._left)

    def plan(self) -> None:
        """Plan the change of all entries and show it."""
        text = self.draft.changes().get(self._field, "")
        ids, name, workspace = [entry.id for entry in self._entries], self._field, self.workspace
        what, indent = self._what.replace(path_label(name), label_inside(name), 1), self.take_way()

        def make() -> Plan:
            return workspace.planner.set_field(ids, name, text, indent=indent)

        self.propose(Propose(make, self._what, what, "Set", lambda plan: self._done()))

    def _done(self) -> None:
        app = self.context
        self.dismiss()
        app.call_later(app.unmark)
