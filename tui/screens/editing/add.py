"""Adding an entry: a form with the fields that entries of its kind have."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from index.editing.doubts import duplicates, weighed
from index.formats.registry import with_suffix
from index.model.draft import Draft
from index.model.field import Field
from index.model.plan import Doubtful
from index.model.vocabulary import role
from tui.actions import Hint, bindings
from tui.data.typed_draft import Form, TypedDraft, reading_order
from tui.requests import Propose
from tui.screens.editing.form import FormScreen, Known
from tui.screens.editing.questions import ask_again
from tui.theme.drawing import plain, t
from tui.theme.labels import kind_label
from tui.widgets.editing.edit_lines import EditFoot, EditHead

if TYPE_CHECKING:
    from index.model.kind_shape import Blank
    from index.model.plan import Plan


def forms_of(blank: Blank) -> dict[str, Form]:
    """Return how the fields of a new entry are edited, where an empty field does not show it."""
    forms: dict[str, Form] = {}
    for field in blank.shape.fields:
        if field.item:
            forms[field.name] = "values" if role(field.name) in ("tags", "tech") else "list"
        elif field.long:
            forms[field.name] = "text"
    return forms


class AddScreen(FormScreen):
    """Fills in a new entry and carries it to its commit.

    Args:
        blank: the kind, where it will be, and what is known of it already.
        known: the values that the tree has, by role, see `known_values`.
        left: what was typed of one before, and never saved.
    """

    WRAPS = True
    BINDINGS = bindings("add_field", "other_file")
    FOOTER: Sequence[Hint] = (
        "save", ("next", "next field"), "undo_text", "add_field", "other_file", ("back", "leave")
    )  # fmt: skip

    def __init__(self, blank: Blank, known: Known, left: Draft | None = None) -> None:
        super().__init__()
        self._blank, self._known, self._left = blank, known, left
        self._chosen = left.file if left is not None else ""
        """The file that was chosen; empty: where such entries go."""

    @property
    def _file(self) -> str:
        return self._chosen or self._blank.file

    @property
    def _told_file(self) -> str:
        """The file as the foot names it; one that is called after the title has no name yet."""
        folder, _, name = self._file.rpartition("/")
        if self._chosen or not self._blank.titled:
            return self._file
        return posixpath.join(folder, f"<title>{posixpath.splitext(name)[1]}")

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Ask for the usual fields."""
        fields = [Field(name, text) for name, text in self._blank.texts.items()]
        self.draft = TypedDraft(reading_order(fields), forms_of(self._blank))
        return EditHead(self._blank.kind, self._blank.group), EditFoot(self._told_file), []

    @property
    def heading(self) -> Content:
        """Title of the form: the kind that is added."""
        return t(("Add", "strong"), ("  ‹  ", "muted"), plain(kind_label(self._blank.kind), "muted"))

    def on_mount(self) -> None:
        """Keep the typed text; Textual mounts the form by itself."""
        self.editor.known = self._known
        kind, left = self._blank.kind, self._left
        self.keep(Draft(kind, f"New {kind_label(kind).lower()}", 0.0, sort="add", file=self._chosen))
        if not self._chosen:
            self.say(self._blank.full)
        if left is not None:
            self.offer_left(left, self._blank.texts)

    def more_fields(self) -> Iterable[str]:
        """Return the fields that some entries of the kind have."""
        return [field.name for field in self._blank.shape.fields]

    def action_other_file(self) -> None:
        """Choose the file where the entry will be."""
        from tui.screens.base.picker import Picker, pick
        from tui.screens.editing.file_choice import file_items

        workspace, kind = self.workspace, self._blank.kind
        picker = Picker(lambda: file_items(workspace, kind), "Into which file?", "files", free="a new file")
        pick(self.context, picker, self._put_into)

    def _put_into(self, file: str) -> None:
        scope, near = self.workspace.tree.scope, self._file
        self._chosen = scope.beside(with_suffix(file, near), near)
        self.query_one(EditFoot).file = self._told_file
        if self.keeper is not None:
            self.keeper.blank = replace(self.keeper.blank, file=self._chosen)
            self.keeper.touch()

    def plan(self, *, again: bool = False) -> None:
        """Plan the new entry and show it; one that is there already only if it is to be there `again`."""
        texts = {field.name: field.text for field in self.draft.fields if field.text} | self.draft.changes()
        kind, app = self._blank.kind, self.context
        file = "" if self._blank.titled and not self._chosen else self._file
        what, texts = kind_label(kind).lower(), self.wrapped(self._file, texts)

        def make() -> Plan:
            plan = self.workspace.planner.add(kind, texts, app.now(), file=file)
            return weighed(plan, duplicates(plan, self.workspace.search.nearest), allowed=again)

        def saved(plan: Plan) -> None:
            self.dismiss()
            app.call_later(app.follow, plan.entries[0])

        def refused(error: Exception) -> None:
            if isinstance(error, Doubtful):
                ask_again(app, plain(str(error)), add=partial(self.plan, again=True))
            else:
                self.refused(error)

        self.propose(Propose(make, f"New {what}", what, "Added", saved, refused=refused))
