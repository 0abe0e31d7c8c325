"""The fields of an entry, one of them open to be edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from index.model.counts import count_words
from index.model.field import Field
from index.model.vocabulary import role
from tui.actions import keys_of
from tui.data.typed_draft import LEVELS, Form, TypedDraft
from tui.theme import dates
from tui.theme.drawing import bar, cut, plain, t
from tui.theme.labels import path_label
from tui.widgets.base.choices import ChoiceLine
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.one_line import answer, in_one_line
from tui.widgets.editing.other_fields import FieldRows, Others
from tui.widgets.editing.wrapped_text import WrappedText

if TYPE_CHECKING:
    from textual.widget import Widget

TOO_LONG: Final = 100_000
"""Characters of a text that are shown but not edited in place: past it each key takes half a second."""
_CHOSEN: Final[frozenset[Form]] = frozenset(("level", "status"))


class FieldText(WrappedText):
    """The text of the field that is edited; on a line of its own, `⏎` leads on."""

    HELP_TITLE = "Keys: text"

    def __init__(self) -> None:
        super().__init__("text")
        self.kept_keys = ("enter", *keys_of("next"), *keys_of("previous"))
        self.one_line = False
        self.words: Sequence[str] = ()
        """Values to complete the last one with, the most used first."""

    def open(self, text: str, *, one_line: bool, words: Sequence[str] = ()) -> None:
        """Edit another text; the cursor is at its end."""
        self.one_line, self.words = one_line, words
        self.load_text(text)
        self.move_cursor(self.document.end)
        self.set_class(one_line, "-line")

    def update_suggestion(self) -> None:
        """Complete the value that the cursor ends."""
        start = self.text.rpartition(",")[2].strip().lower()
        held = {value.strip().lower() for value in self.text.split(",")}
        at_end = self.cursor_location == self.document.end
        fits = (w for w in self.words if w.lower().startswith(start) and w.lower() not in held)
        word = next(fits, "") if start and at_end else ""
        self.suggestion = word[len(start) :]

    async def on_key(self, event: events.Key) -> None:
        """Let the editor see the key first."""
        if await self.query_ancestor(FieldEditor).take_key(self, event):
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Make one line of a paste where a field has one."""
        if self.one_line:
            event.text = in_one_line(event.text)


class FieldChoices(ChoiceLine):
    """The choices of the field that is edited."""

    async def on_key(self, event: events.Key) -> None:
        """Let the editor see the key first."""
        if await self.query_ancestor(FieldEditor).take_key(self, event):
            event.stop()
            event.prevent_default()

    def type(self, start: str) -> None:
        """Type over the value that was chosen."""
        self.query_ancestor(FieldEditor).type_over(start)


class FieldLabel(Drawn):
    """The label of the field that is edited, and its text."""

    DEFAULT_CSS = "FieldLabel { width: 1fr; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._label, self._note = "", ""

    def show(self, name: str, note: str) -> None:
        """Show another label."""
        if (name, note) != (self._label, self._note):
            self._label, self._note = name, note
            self.refresh()

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line."""
        note = t((self._note, "muted"))
        return [bar(width, cut(plain(self._label, "key"), width - note.cell_length - 2), note)]


class FieldEditor(VerticalScroll, can_focus=False):
    """Edits a `TypedDraft`, field by field.

    Keys typed in one burst wait in the queue of the widget that had the focus when they came. So that each
    reaches its field, both editors, for text and for choices, always exist, and going to another field is
    one step taken by the widget that meets the tab: what it finds behind that in its queue is already for
    the new field.
    """

    DEFAULT_CSS = "FieldEditor { scrollbar-size: 0 0; }"

    class Changed(Message):
        """Something was typed or chosen."""

    def __init__(self, draft: TypedDraft, head: Sequence[Content] = ()) -> None:
        super().__init__(id="editor")
        self.draft = draft
        self.head = head
        self.current = ""
        """Name of the field that is edited."""
        self.known: Mapping[str, Sequence[str]] = {}
        """Values that the tree knows, by role: status, tags, tech."""
        self._typing_over: set[str] = set()
        self._opened = False
        """Whether a field was opened that the layout is not known of yet."""

    def on_mount(self) -> None:
        """Reveal a field once it has its place: one that a list above the screen opened has none at first."""
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._laid_out())

    def compose(self) -> ComposeResult:
        """Yield the open field and the lines above and below it."""
        self._rows = fields = FieldRows(self.draft)
        yield Others(fields, "above")
        with Vertical(id="field"):
            yield FieldLabel()
            yield FieldText()
            yield FieldChoices(id="choices")
        yield Others(fields, "below")

    @property
    def names(self) -> list[str]:
        """The names of the fields, in reading order."""
        return [field.name for field in self.draft.fields]

    def lines_below(self) -> int:
        """Return how many lines are below those in view, the last of which is no heading."""
        rest, below = round(self.max_scroll_y - self.scroll_y), self.query_one("#below", Others)
        last = round(self.scroll_y) + self.size.height - 1 - below.virtual_region.y
        below.fold = max(-1, last) if rest > 0 else -1
        return rest + below.left_out

    async def take_key(self, widget: Widget, event: events.Key) -> bool:
        """Handle keys that are not for one editor alone; True when that is done."""
        if event.key in keys_of("next"):
            self.step(1)
        elif event.key in keys_of("previous"):
            self.step(-1)
        elif not widget.display:  # typed before the focus had moved on
            text, choices = self.query_one(FieldText), self.query_one(FieldChoices)
            if choices.display:
                choices.take(event)
            elif event.is_printable and event.character is not None:
                text.insert(event.character)
            else:
                await answer(text, event)
        elif (
            widget is self.query_one(FieldText)
            and event.key == "enter"
            and self.query_one(FieldText).one_line
        ):
            self.step(1)
        else:
            return False
        return True

    def capture(self) -> None:
        """Take over the text, though its message is still on the way."""
        text = self.query_one(FieldText)
        if self.current and text.display and not text.read_only:
            self.draft.type(self.current, text.text)

    def open(self, name: str) -> None:
        """Open a field."""
        self.capture()
        self._open(name)

    def _open(self, name: str) -> None:
        self.current = name
        field, names = self.draft.field(name), self.names
        place = names.index(name)
        self.query_one("#above", Others).show(names[:place], self.head, self._rows.heading(name))
        self.query_one("#below", Others).show(names[place + 1 :])
        editor = self._open_choices(field) if self._form(field) in _CHOSEN else self._open_text(field)
        for other in (self.query_one(FieldText), self.query_one(FieldChoices)):
            other.display = other is editor
        self._note()
        self.screen.set_focus(editor, scroll_visible=False)
        self._opened = True

    def type_over(self, start: str) -> None:
        """Open the field of a choice as a text, which begins with this."""
        self._typing_over.add(self.current)
        if start:
            self._take(start)
        self.reopen()

    def reopen(self) -> None:
        """Show the draft anew, when it says something else now."""
        names = self.names
        self._open(self.current if self.current in names else names[0])

    def step(self, step: int) -> None:
        """Open the next field, or the one before; after the last comes the first."""
        names = self.names
        self.open(names[(names.index(self.current) + step) % len(names)])

    def _form(self, field: Field) -> Form:
        form = self.draft.form(field.name)
        if field.name in self.draft.choices:
            return "status"
        if form == "status" and (field.name in self._typing_over or not self.known.get("status")):
            return "line"
        return form

    def _open_text(self, field: Field) -> Widget:
        form = self._form(field)
        area = self.query_one(FieldText)
        meaning = role(field.name)
        words = self.known.get(meaning, ()) if form == "values" or meaning == "project" else ()
        text = self.draft.text(field.name)
        with area.prevent(TextArea.Changed):
            area.open(text[:TOO_LONG], one_line=form not in ("text", "list"), words=words)
        area.read_only = len(text) > TOO_LONG
        return area

    def _open_choices(self, field: Field) -> Widget:
        choices = self.query_one(FieldChoices)
        text = self.draft.text(field.name)
        level = self._form(field) == "level"
        fixed = LEVELS if level else self.draft.choices.get(field.name)
        values = list(fixed or self.known.get("status", ()))
        choices.values = values if not text or text in values else [*values, text]
        choices.free = fixed is None
        choices.chosen = text
        return choices

    def _laid_out(self) -> None:
        if self._opened:
            self._opened = False
            self.query_one("#field").scroll_visible(animate=False)

    def _note(self) -> None:
        field = self.draft.field(self.current)
        form, text = self._form(field), self.draft.text(self.current)
        lines = len(text.strip("\n").split("\n"))
        notes: dict[Form, str] = {
            "text": f"text · {count_words(lines, 'line')}",
            "list": f"list · {count_words(len([x for x in text.splitlines() if x.strip()]), 'item')}",
            "values": "a comma between two",
            "level": "← → or its digit",
            "status": "← →" if self.current in self.draft.choices else "← → or type",
        }
        note = "too long to edit here" if len(text) > TOO_LONG else notes.get(form, dates.reading(text))
        label = self.draft.labels.get(self.current) or path_label(self.current)
        self.query_one(FieldLabel).show(label, note)

    def _take(self, text: str) -> None:
        self.draft.type(self.current, text)
        self._note()
        self.post_message(self.Changed())

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        if message.text_area.display:
            self._take(message.text_area.text)

    @on(ChoiceLine.Chosen)
    def _chose(self, message: ChoiceLine.Chosen) -> None:
        message.stop()
        self._take(message.value)

    @on(Others.Picked)
    def _pick(self, message: Others.Picked) -> None:
        message.stop()
        self.open(message.name)
