"""Fields that are edited in place, over the page of the screen below, until they are saved or dropped."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from index.model.counts import count_values, count_words, most_first, only_or_count
from index.model.draft import Draft
from index.model.field import Field
from index.model.plan import Misread
from tui.actions import Hint, bindings
from tui.data.typed_draft import TypedDraft, difference, lines_changed, of_form
from tui.requests import Propose
from tui.screens.base.kept_text import KeptText
from tui.screens.editing.questions import ask_leave, ask_wrap, offer
from tui.theme.drawing import plain, t
from tui.theme.labels import path_label
from tui.widgets.base.rule import Rule
from tui.widgets.base.toast import Toast
from tui.widgets.editing.edit_lines import EditFoot, EditHead
from tui.widgets.editing.field_editor import FieldEditor

if TYPE_CHECKING:
    from index.workspace import Workspace

_KNOWN = 40
"""Values of the tree that are offered, the most used first."""


Known = Mapping[str, Sequence[str]]
"""Role of a field → the values that it has in the tree."""


def known_values(workspace: Workspace, kind: str) -> Known:
    """Return the values that entries of the tree have, by role; statuses of the same kind only.

    It goes through all entries: for a thread.
    """
    entries = workspace.tree.snapshot.entries
    count = {
        "status": count_values(e.status for e in entries if e.status and e.kind == kind),
        "tags": count_values(tag for e in entries for tag in e.tags),
        "project": count_values(e.project for e in entries if e.project),
        "tech": count_values(tech for e in entries for tech in e.tech),
    }
    return {role: [value for value, _ in most_first(values)[:_KNOWN]] for role, values in count.items()}


class FormScreen(KeptText[None], inherit_bindings=False):
    """Edits the fields of a `TypedDraft`; a subclass names them and plans the save.

    Where the preview is beside the results the form lies exactly over it; else it is a page.
    """

    CSS_PATH = Path(__file__).with_name("form.tcss")  # also for screens of other areas that are forms
    BINDINGS = bindings("save", "next", "previous", "back")  # none before letters typed ahead
    FOOTER: Sequence[Hint] = ("save", ("next", "next field"), "undo_text", "add_field", ("back", "leave"))
    HELP_TITLE = "Keys: editing"

    WRAPS: ClassVar[bool] = False
    """Whether its plan puts texts that would mislead into code blocks, see `wrapped`."""
    draft: TypedDraft
    """The fields, set when the form is composed."""

    def __init__(self) -> None:
        super().__init__()
        self._below: Screen[object] | None = None
        """The screen that this one lies over, and its focused widget."""
        self._below_focus: Widget | None = None
        self._indent: bool | None = None
        """The way in which texts that would mislead are put into code blocks next; None: not at all."""
        self.message = ""
        """The commit message, once the user has changed it."""

    # ── what a subclass says ──────────────────────────────────────────────────

    @abstractmethod
    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Set the draft; return the lines above and below it, and the text before its first field."""

    @property
    @abstractmethod
    def heading(self) -> Content:
        """The title line."""

    @abstractmethod
    def plan(self) -> None:
        """Plan in a worker the typed change, and show it."""

    def more_fields(self) -> Iterable[str]:
        """Return names of fields that could be added."""
        return ()

    # ── keeping ───────────────────────────────────────────────────────────────

    def typed_since(self, blank: Draft) -> Draft | None:
        """Return the draft with the texts of the fields."""
        self.editor.capture()
        return of_form(blank, self.draft, self.context.now().timestamp(), self.message)

    def take_up(self, left: Draft) -> None:
        """Go on with an earlier draft."""
        bases = [Field(name, typed.base, typed.items) for name, typed in left.fields.items()]
        self.draft.take_up(bases, {name: typed.text for name, typed in left.fields.items()})
        self.message = left.message
        self.editor.reopen()
        self.say("")
        self.take_over(left)

    def offer_left(
        self, left: Draft, now: Mapping[str, str], changed: str = "", take: Callable[[], object] | None = None
    ) -> None:
        """Ask for the fate of an earlier draft; `now` is the text of the fields."""
        offer(
            self.context, left, difference(left, now), changed=changed,
            take=take or (lambda: self.take_up(left)), drop=lambda: self.drop_left(left),
        )  # fmt: skip

    def message_typed(self, message: str) -> None:
        """Keep the commit message too."""
        self.message = message
        self.touch()

    # ── the frame ─────────────────────────────────────────────────────────────

    def compose_body(self) -> ComposeResult:
        """Yield the editor, its rule above, file and state below."""
        head, foot, before = self.begin()
        with Vertical(id="over"):
            yield Rule(id="rule")
            with Vertical(id="pane"):
                yield head
                yield FieldEditor(self.draft, before)
                yield foot

    def on_compose(self) -> None:
        """Know the place before there is anything to lay out, as `fit` does the size."""
        stack = self.app.screen_stack
        if self in stack:
            self._below = stack[stack.index(self) - 1]
            self.set_class(self._beside is not None, "-beside")

    def on_mount(self) -> None:
        """Open the first field, and lie over the preview."""
        self.set_title(self.heading)
        if self._below is None or self not in self.app.screen_stack:  # it was closed before it was there
            return
        self._below_focus = self._below.focused
        self._below.set_focus(None)
        self._below.query(Toast).set(visible=False)  # half of it would be seen
        self._below.screen_layout_refresh_signal.subscribe(self, lambda _: self._settle())
        self._settle()
        self.watch(self.editor, "scroll_y", self._moved)
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._show_rest())
        self.editor.open(self.editor.names[0])

    def on_unmount(self) -> None:
        """Give the screen below its focus and its note back."""
        if self._below is not None:
            self._below.query(Toast).set(visible=True)
            if self._below_focus is not None:
                self._below.set_focus(self._below_focus)

    @property
    def editor(self) -> FieldEditor:
        """The fields."""
        return self.query_one(FieldEditor)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed."""
        self.editor.capture()
        return bool(self.draft.changes())

    @property
    def _beside(self) -> Region | None:
        """The region of the preview of the screen below, if that is beside the results."""
        preview = next(iter(self._below.query("#preview")), None) if self._below is not None else None
        region = preview.region if preview is not None else None
        return region if region is not None and region.x > 0 and region.height > 0 else None

    def _settle(self) -> None:
        """Lie over the preview of the screen below."""
        over, region = self.query_one("#over"), self._beside
        self.set_class(region is not None, "-beside")
        if region is not None:
            over.styles.margin = (region.y - 1, 0, 0, region.x)
            over.styles.width, over.styles.height = region.width, region.height + 1
        else:
            over.styles.margin = 0
            over.styles.width = over.styles.height = "1fr"

    def _moved(self) -> None:
        self.call_after_refresh(self._show_rest)

    def _show_rest(self) -> None:
        self.query_one(EditFoot).below = self.editor.lines_below()

    # ── typing ────────────────────────────────────────────────────────────────

    @on(FieldEditor.Changed)
    def _typed(self) -> None:
        self.say("")
        self.touch()

    def action_next(self) -> None:
        """Go to the next field."""
        self.editor.step(1)

    def action_previous(self) -> None:
        """Go to the field before."""
        self.editor.step(-1)

    def action_undo_text(self) -> None:
        """Take back the last typing."""
        area = self.query_one(TextArea)
        if area.display:
            area.undo()

    def action_add_field(self) -> None:
        """Choose a field that is not there yet, known or new, and open it."""
        from tui.screens.base.picker import Item, Picker, pick

        held = set(self.editor.names)
        items = [Item(name, path_label(name)) for name in self.more_fields() if name not in held]
        picker = Picker(items, "Which field?", "fields", free="a new field", shown=path_label)
        pick(self.context, picker, self._add_field)

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        return super().idle() | ({"next"} if len(self.editor.names) < 2 else set())

    def _add_field(self, name: str) -> None:
        self.editor.capture()
        name = next((one for one in self.editor.names if path_label(one) == path_label(name)), name)
        self.draft.add(name)
        self.editor.open(name)
        self.refresh_keys()

    def say(self, error: str) -> None:
        """Show the state of the form."""
        changed = len(self.draft.changes())
        self.query_one(EditHead).changed = changed
        self.query_one(EditFoot).state = (changed, error)

    # ── leaving and saving ────────────────────────────────────────────────────

    def action_save(self) -> None:
        """Plan the change and show it."""
        if not self.unsaved:
            self.tell(t(("Nothing has changed yet.", "muted")))
            return
        self.plan()

    def propose(self, change: Propose) -> None:
        """Have a change reviewed, with the message that the user wrote; a refusal is said in the form."""
        refused = change.refused or self.refused
        self.context.ask(change._replace(
            refused=refused, message=self.message, typed=self.message_typed, back="edit"
        ))  # fmt: skip

    def refused(self, error: Exception) -> None:
        """Say why there is no plan; of a text that would mislead, ask whether it is to be a code block."""
        self.say(str(error))
        if isinstance(error, Misread) and self.WRAPS:
            fence, indent = (partial(self._wrap, indent=indent) for indent in (False, True))
            ask_wrap(self.context, plain(str(error)), fence=fence, indent=indent)

    def _wrap(self, *, indent: bool) -> None:
        self._indent = indent
        self.plan()

    def take_way(self) -> bool | None:
        """Return the answer to the question for the plan at hand: to indent or to fence; None: as it is."""
        indent, self._indent = self._indent, None
        return indent

    def wrapped(self, file: str, texts: dict[str, str]) -> dict[str, str]:
        """Return texts as they are to be planned: once, after the question, misleading ones as code."""
        indent = self.take_way()
        return texts if indent is None else self.workspace.planner.wrapped(file, texts, indent=indent)

    def action_back(self) -> None:
        """Leave; ask first when something would be lost."""
        if not self.unsaved:
            self.dismiss()
            return
        changes = self.draft.changes()
        lines = lines_changed(self.draft, changes)
        what = only_or_count([*map(path_label, changes)], "field")
        have = "has" if len(changes) == 1 else "have"
        body = t((what, "text"), (f" {have} changed: {count_words(lines, 'line')}.", "muted"))
        drops = "discard the change" if len(changes) == 1 else "discard the changes"
        ask_leave(self.context, body, drop=self.dismiss, review=self.action_save, drops=drops)
