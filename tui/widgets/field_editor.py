"""The fields of an entry, one of them open to be edited in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.style import Style
from textual.widgets import TextArea

from index.memory.fields import Field
from index.memory.vocabulary import role
from tui.draft import LEVELS, Draft, Form, form_of
from tui.labels import label
from tui.look import BLANK, bar, cut, t, wrap
from tui.widgets.choices import ChoiceLine, draw_choices
from tui.widgets.drawn import Drawn

if TYPE_CHECKING:
    from textual.widget import Widget

FOLD: Final = 6
"""Lines that are shown of a long value while another one is edited."""
_CHOSEN: Final[frozenset[Form]] = frozenset(("level", "status"))


def nested_label(name: str) -> str:
    """Return the label of a field with those of the elements it stands in.

    >>> nested_label("options/option[2]/name"), nested_label("tech-stack")
    ('Options · Option 2 · Name', 'Tech')
    """
    return " · ".join(label(part) for part in name.replace("@", "/").split("/") if part)


class Others(Drawn):
    """The fields above or below the one that is edited; a click opens one."""

    DEFAULT_CSS = "Others { width: 1fr; height: auto; }"

    class Picked(Message):
        """Another field is wanted."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, draft: Draft, place: str) -> None:
        super().__init__(id=place)
        self._draft = draft
        self._names: Sequence[str] = ()
        self._head: Sequence[Content] = ()

    def show(self, names: Sequence[str], head: Sequence[Content] = ()) -> None:
        """Show these fields, below some lines."""
        self._names, self._head = names, head
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the fields are."""
        return len(self.draw(width, 0))

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the fields, muted."""
        rows = [row for line in self._head for row in wrap(line, width)]
        for name in self._names:
            link = Style.from_meta({"field": name})
            rows += [cut(row, width).stylize(link) for row in self._field(name, width)]
            rows.append(BLANK)
        return rows

    def _field(self, name: str, width: int) -> Iterator[Content]:
        changed = t(("±", "accent")) if self._draft.is_changed(name) else BLANK
        yield bar(width, t((nested_label(name), "head")), changed)
        text = self._draft.text(name)
        if form_of(self._draft.field(name)) == "level":
            yield from draw_choices(LEVELS, text, width, active=False)
            return
        rows = [row for line in text[: FOLD * width * 4].split("\n") for row in wrap(line, width, "muted")]
        if len(rows) > FOLD and len(text) <= FOLD * width * 4:
            yield from rows[: FOLD - 1]
            yield t((f"↓ {len(rows) - FOLD + 1:,} more lines", "muted"))
        elif len(rows) > FOLD:
            yield from rows[: FOLD - 1]
            yield t(("↓ more lines", "muted"))
        else:
            yield from rows

    async def on_click(self, event: events.Click) -> None:
        """Open the field under the mouse."""
        name = event.style.meta.get("field")
        if name is not None:
            event.stop()
            self.post_message(self.Picked(name))


class FieldText(TextArea):
    """The text of the field that is edited; on a line of its own, `⏎` leads on."""

    HELP_TITLE = "Keys in a text"

    class Finished(Message):
        """The line is done."""

    def __init__(self) -> None:
        super().__init__(
            id="text", compact=True, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False
        )
        self.one_line = False
        self.words: Sequence[str] = ()
        """Values to complete the last one with, the most used first."""

    def open(self, text: str, *, one_line: bool, words: Sequence[str] = ()) -> None:
        """Edit another text; the cursor stands at its end."""
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
        """Lead on where a line break makes no sense."""
        if event.key == "enter" and self.one_line:
            event.stop()
            event.prevent_default()
            self.post_message(self.Finished())


class FieldLabel(Drawn):
    """The label of the field that is edited, and what it holds."""

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
        return [bar(width, t((self._label, "key")), t((self._note, "muted")))]


class FieldEditor(VerticalScroll, can_focus=False):
    """Edits a `Draft`, field by field.

    Both editors, for text and for choices, always exist: to go to another field is done in one step, and
    letters typed in the same burst are already for it.
    """

    DEFAULT_CSS = "FieldEditor { scrollbar-size: 0 0; }"

    class Changed(Message):
        """Something was typed or chosen."""

    def __init__(self, draft: Draft, head: Sequence[Content] = ()) -> None:
        super().__init__(id="editor")
        self.draft = draft
        self.head = head
        self.current = ""
        """Name of the field that is edited."""
        self.known: Mapping[str, Sequence[str]] = {}
        """Values that the tree knows, by role: status, tags, tech."""
        self._typing_over: set[str] = set()

    def compose(self) -> ComposeResult:
        """Yield the open field and what is above and below it."""
        yield Others(self.draft, "above")
        with Vertical(id="field"):
            yield FieldLabel()
            yield FieldText()
            yield ChoiceLine(id="choices")
        yield Others(self.draft, "below")

    @property
    def names(self) -> list[str]:
        """The names of the fields, in reading order."""
        return [field.name for field in self.draft.fields]

    def open(self, name: str) -> None:
        """Open a field."""
        self.current = name
        field, names = self.draft.field(name), self.names
        place = names.index(name)
        self.query_one("#above", Others).show(names[:place], self.head)
        self.query_one("#below", Others).show(names[place + 1 :])
        editor = self._open_choices(field) if self._form(field) in _CHOSEN else self._open_text(field)
        for other in (self.query_one(FieldText), self.query_one(ChoiceLine)):
            other.display = other is editor
        self._note()
        editor.focus(scroll_visible=False)
        self.call_after_refresh(self._reveal)

    def reopen(self) -> None:
        """Show the draft anew, when the file says something else now."""
        names = self.names
        self.open(self.current if self.current in names else names[0])

    def step(self, step: int) -> None:
        """Open the next field, or the one before; after the last comes the first."""
        names = self.names
        self.open(names[(names.index(self.current) + step) % len(names)])

    def refresh_marks(self) -> None:
        """Draw the other fields anew."""
        for others in self.query(Others):
            others.refresh()

    def _form(self, field: Field) -> Form:
        form = form_of(field)
        if form == "status" and (field.name in self._typing_over or not self.known.get("status")):
            return "line"
        return form

    def _open_text(self, field: Field) -> Widget:
        form = self._form(field)
        area = self.query_one(FieldText)
        words = self.known.get(role(field.name), ()) if form == "values" else ()
        with area.prevent(TextArea.Changed):
            area.open(self.draft.text(field.name), one_line=form not in ("text", "list"), words=words)
        return area

    def _open_choices(self, field: Field) -> Widget:
        choices = self.query_one(ChoiceLine)
        text = self.draft.text(field.name)
        level = self._form(field) == "level"
        values = list(LEVELS if level else self.known.get("status", ()))
        choices.values = values if not text or text in values else [*values, text]
        choices.free = not level
        choices.chosen = text
        return choices

    def _reveal(self) -> None:
        self.query_one("#field").scroll_visible(animate=False)

    def _note(self) -> None:
        field = self.draft.field(self.current)
        form, text = self._form(field), self.draft.text(self.current)
        lines = len(text.strip("\n").split("\n"))
        notes: dict[Form, str] = {
            "text": f"text · {_count(lines, 'line')}",
            "list": f"list · {_count(len([x for x in text.splitlines() if x.strip()]), 'item')}",
            "values": "a comma between two",
            "level": "← → or its digit",
            "status": "← → or type",
        }
        self.query_one(FieldLabel).show(nested_label(self.current), notes.get(form, ""))

    def _take(self, text: str) -> None:
        self.draft.type(self.current, text)
        self._note()
        self.post_message(self.Changed())

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        if self.query_one(FieldText).display:
            self._take(message.text_area.text)

    @on(ChoiceLine.Chosen)
    def _chose(self, message: ChoiceLine.Chosen) -> None:
        message.stop()
        self._take(message.value)

    @on(ChoiceLine.Typed)
    def _other(self, message: ChoiceLine.Typed) -> None:
        message.stop()
        self._typing_over.add(self.current)
        if message.start:
            self._take(message.start)
        self.open(self.current)

    @on(FieldText.Finished)
    def _next(self, message: FieldText.Finished) -> None:
        message.stop()
        self.step(1)

    @on(Others.Picked)
    def _pick(self, message: Others.Picked) -> None:
        message.stop()
        self.open(message.name)


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
