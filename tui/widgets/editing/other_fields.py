"""The fields of an entry while one of them is edited: as lines, with the one left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style

from tui.data.typed_draft import LEVELS, TypedDraft
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, cut, is_heading, plain, t, wrap
from tui.theme.labels import path_label
from tui.widgets.base.choices import draw_choices
from tui.widgets.base.drawn import Drawn

FOLD: Final = 6
"""Lines that are shown of a long value while another one is edited."""
_COUNTED: Final = 4_000
"""Characters of a value whose lines are counted: it is laid out while a key waits."""


class FieldRows:
    """The fields of a draft as lines, each kept until its text or the width changes."""

    def __init__(self, draft: TypedDraft) -> None:
        self._draft = draft
        self._held: dict[str, tuple[tuple[int, str, bool], list[Content]]] = {}

    def rows(self, name: str, width: int) -> list[Content]:
        """Return the lines of a field, an empty one below; each leads to the field when it is clicked."""
        state = (width, self._draft.text(name), self._draft.is_changed(name))
        held = self._held.get(name)
        if held is None or held[0] != state:
            link = Style.from_meta({"field": name})
            lines = [cut(row, width).stylize(link) for row in self._lay_out(name, *state)]
            held = self._held[name] = (state, [*lines, BLANK])
        return held[1]

    def heading(self, name: str) -> list[Content]:
        """Return the heading over a field that begins a part of the form, an empty line below it."""
        heading = self._draft.headings.get(name)
        return [t((heading, "strong")), BLANK] if heading else []

    def _lay_out(self, name: str, width: int, text: str, changed: bool) -> Iterator[Content]:
        label = self._draft.labels.get(name) or path_label(name)
        mark = t(("±", "accent")) if changed else BLANK
        yield bar(width, cut(plain(label, "head"), width - 2), mark)
        if self._draft.form(name) == "level":
            yield from draw_choices(LEVELS, text, width, active=False)
            return
        shown = dates.reword(text[:_COUNTED], whole=True) or self._draft.blanks.get(name, "")
        rows = [row for line in shown.split("\n") for row in wrap(line, width, "muted")]
        if len(rows) <= FOLD:
            yield from rows
            return
        yield from rows[: FOLD - 1]
        many = f"{len(rows) - FOLD + 1:,} more lines" if len(text) <= _COUNTED else "more lines"
        yield t((f"↓ {many}", "muted"))


class Others(Drawn):
    """The fields above or below the one that is edited; a click opens one."""

    DEFAULT_CSS = "Others { width: 1fr; height: auto; }"

    class Picked(Message):
        """Another field is wanted."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    fold: reactive[int] = reactive(-1)
    """The last of its lines in view, where more are below; -1 where none are."""

    def __init__(self, fields: FieldRows, place: str) -> None:
        super().__init__(id=place)
        self._fields = fields
        self._names: Sequence[str] = ()
        self._head: Sequence[Content] = ()
        self._tail: Sequence[Content] = ()
        self._rows: tuple[int, list[Content]] = (-1, [])

    def show(self, names: Sequence[str], head: Sequence[Content] = (), tail: Sequence[Content] = ()) -> None:
        """Show these fields between some lines."""
        self._names, self._head, self._tail = names, head, tail
        self._rows = (-1, [])
        self.refresh(layout=True)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the fields, muted; once for a width, however often the text beside them grows."""
        if self._rows[0] != width:
            rows = [row for line in self._head for row in wrap(line, width)]
            for name in self._names:
                rows += [*self._fields.heading(name), *self._fields.rows(name, width)]
            self._rows = (width, [*rows, *self._tail])
        rows, out = self._rows[1], self.left_out
        return [*rows[: self.fold + 1 - out], *[BLANK] * out, *rows[self.fold + 1 :]] if out else rows

    @property
    def left_out(self) -> int:
        """The number of lines left out at the end of those in view: headings, over lines that are not."""
        rows = self._rows[1][: self.fold + 1]
        first = len(rows) - (bool(rows) and is_heading(rows[-1]))
        for place in (first - 1, first - 2):  # an empty line is below the heading over a part of the form
            if place >= 0 and is_heading(rows[place], "strong"):
                first = place
        return len(rows) - first

    async def on_click(self, event: events.Click) -> None:
        """Open the field under the mouse."""
        name = event.style.meta.get("field")
        if name is not None:
            event.stop()
            self.post_message(self.Picked(name))
