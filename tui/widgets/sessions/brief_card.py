"""Card of the brief: where to go on; every line that names an entry opens it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui.actions import Hint, bindings
from tui.context import context_of
from tui.runtime.threads import threaded
from tui.theme import dates
from tui.theme.drawing import (
    BLANK,
    MEASURE,
    at_most,
    bar,
    cut,
    empty_state,
    hot,
    kind_mark,
    over,
    place,
    plain,
    t,
    wrap,
)
from tui.widgets.base.drawn import Options
from tui.widgets.base.pane import Pane

if TYPE_CHECKING:
    from index.model.moments import Moment
    from index.sessions.brief import Brief, BriefLine, Section

_PHASE: Final = re.compile(r"(?:phase )?(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\b[\s:,.–-]*(.*)", re.IGNORECASE)
_LABELS: Final = 15
"""Cells for the labels, the widest of which is `Open questions`."""
_METER: Final = 12
"""Phases of which a meter is drawn."""
_STATE: Final = (("Status", "status"), ("Task", "task"), ("Last", "last_action"), ("Next", "next_step"))
_SECTIONS: Final = {
    "blockers": ("Blocked", "▲", "warn"),
    "decisions": ("To decide", "○", "muted"),
    "uncertainties": ("Open questions", "!", "warn"),
    "handoffs": ("Handed over", "◐", "muted"),
    "gates": ("Quality gates", "▲", "warn"),
    "news": ("New", "", "muted"),
    "solutions": ("Solutions", "◆", "muted"),
    "patterns": ("Patterns", "◇", "muted"),
    "architecture": ("Architecture", "§", "muted"),
    "problems": ("Broken files", "▲", "warn"),
}
"""Section → its label, its glyph and that one's role."""
_FIRST: Final = ("blockers", "decisions")
"""Sections that end the short card."""
_OPEN: Final = (*_FIRST, "uncertainties", "handoffs", "gates")
"""Sections that wait for someone, kept together."""
_CHANGE: Final = {"added": ("+", "ok"), "changed": ("±", "accent"), "removed": ("−", "err")}
_FEW, _MANY = 3, 6
"""Lines of a section on the short card, and on the page."""
_WIDE: Final = 56
"""From this width on a line says when."""


class BriefRow(NamedTuple):
    """A line of the card."""

    line: Content
    id: str = ""
    """Of the entry that it opens."""


class BriefRead(Message):
    """The brief was read."""

    def __init__(self, number: int, brief: Brief) -> None:
        super().__init__()
        self.number, self.brief = number, brief

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, BriefRead)


class BriefCard(Pane):
    """Reads the brief whenever the tree changes, and shows it: all of it, or the short card."""

    HELP_TITLE = "Keys: brief"
    FOOTER: Sequence[Hint] = ("accept", ("next", "next pane"), "back")
    BINDINGS = bindings("accept")

    class Moved(Message):
        """The cursor is on another entry, or the card has changed under it."""

        def __init__(self, sender: BriefCard, entry_id: str) -> None:
            super().__init__()
            self.card = sender
            self.entry_id = entry_id
            """Empty when no row opens anything."""

        @property
        def control(self) -> BriefCard:
            """The card."""
            return self.card

    class Opened(Moved):
        """A row was opened: enter or a click."""

    def __init__(self, *, short: bool = False, **options: Unpack[Options]) -> None:
        """Make the card; a `short` one ends with the open decisions, and reads only when asked to."""
        super().__init__(**options)
        self.brief: Brief | None = None
        """The brief that is shown; None before it is read."""
        self._short = short
        self._number = 0
        self._rows: list[BriefRow] = []
        self._width = -1

    def on_mount(self) -> None:
        """Read, now and whenever the tree or its read marks change."""
        if not self._short:
            self.watch(self.app, "generation", self.read)
            self.watch(self.app, "news", self.read, init=False)

    def read(self) -> None:
        """Read the brief anew."""
        self._number += 1
        self._ask(self._number)

    @threaded("brief")
    def _ask(self, number: int) -> None:
        app = context_of(self)
        workspace = app.workspace
        if workspace is not None:
            self.post_message(BriefRead(number, workspace.brief("", app.now())))

    def on_brief_read(self, message: BriefRead) -> None:
        """Show the last answer; the screen hears of it too."""
        if message.number == self._number:
            self.brief = message.brief
            self._width = -1
            self.refresh(layout=self._short)
            self.scroll_lines(self.top)
            self._tell()

    # ── rows ──────────────────────────────────────────────────────────────────

    @property
    def rows(self) -> list[BriefRow]:
        """The lines of the card for the width there is."""
        width = self.content_size.width
        if width != self._width:
            self._width = width
            self._rows = list(card_rows(self.brief, width, self._short)) if self.brief and width > 0 else []
        return self._rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the card is, with an empty line below."""
        return 1 + sum(1 for _ in card_rows(self.brief, width, self._short)) if self.brief else 1

    @property
    def says_something(self) -> bool:
        """Whether there is more to show than a heading."""
        width = max(self.content_size.width, _WIDE)
        return self.brief is not None and any(
            row.line.plain.strip() for row in [*card_rows(self.brief, width, self._short)][1:]
        )

    @property
    def stops(self) -> list[int]:
        """Rows that the cursor may be on: the first of each entry's."""
        rows = self.rows
        return [n for n, row in enumerate(rows) if row.id and (not n or row.id != rows[n - 1].id)]

    def _stop_of(self, row: int) -> int:
        """Return the number of the stop that a row of an entry belongs to: an entry may have several."""
        return bisect_right(self.stops, row) - 1

    @property
    def current(self) -> str:
        """Id of the entry under the cursor, empty when there is none."""
        stops = self.stops
        return self.rows[stops[min(self.cursor, len(stops) - 1)]].id if stops else ""

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self.rows)

    def paint(self, y: int, width: int) -> Strip:
        """Paint line `y`."""
        row = self.rows[y]
        line = cut(row.line, width)
        if row.id and self.has_focus and self._stop_of(y) == min(self.cursor, len(self.stops) - 1):
            line = over(t(("▌", "accent")) + line[1:], "cursor")
        return self.tones.strip(line, width, self.visual_style)

    def render_line(self, y: int) -> Strip:
        """Paint a line, or the text where there is nothing to tell."""
        if self.rows or self.brief is None:
            return super().render_line(y)
        width, height = self.content_size
        lines = empty_state(EMPTY, width, height, 50)
        return self.tones.strip(lines[y] if y < len(lines) else BLANK, width, self.visual_style)

    # ── keys and mouse ────────────────────────────────────────────────────────

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row that opens something."""
        return max(0, min(cursor, len(self.stops) - 1))

    def watch_cursor(self) -> None:
        """Show where the cursor is."""
        self.refresh()
        self._follow()
        self._tell()

    def on_resize(self) -> None:
        """Keep the cursor in view while the keys move it."""
        super().on_resize()
        if self.has_focus:
            self._follow()

    def _follow(self) -> None:
        stops = self.stops
        if stops:
            place = stops[min(self.cursor, len(stops) - 1)]
            self.reveal(0 if not self.cursor else place, place)

    def _tell(self) -> None:
        self.post_message(self.Moved(self, self.current))

    def go(self, lines: int) -> None:
        """Move the cursor; a card that opens nothing scrolls."""
        if self.stops:
            self.cursor += lines
        else:
            super().go(lines)

    def action_accept(self) -> None:
        """Open the entry."""
        if self.current:
            self.post_message(self.Opened(self, self.current))

    async def on_click(self, event: events.Click) -> None:
        """Open the entry under the mouse."""
        place = self.top + event.y
        entry_id = self.rows[place].id if place < len(self.rows) else ""
        if entry_id:
            event.stop()
            self.cursor = self._stop_of(place)
            self.post_message(self.Opened(self, entry_id))
        else:
            await super().on_click(event)


EMPTY: Final = (
    t(("No brief yet", "strong")),
    BLANK,
    t(("The session state, pending decisions and what was", "muted")),
    t(("learned last appear here.", "muted")),
    BLANK,
    t(("esc", "strong"), (" back", "muted")),
)


def card_rows(brief: Brief, width: int, short: bool) -> Iterator[BriefRow]:
    """Yield the lines of the card for a pane of `width` cells."""
    if not brief:
        return
    room = max(8, min(width - 4, MEASURE))
    before = ""
    for row in _rows(brief, room, short):
        if row.line.plain or before:
            yield row._replace(line=t("  ", row.line) if row.line.plain else BLANK)
        before = row.line.plain


def _rows(brief: Brief, width: int, short: bool) -> Iterator[BriefRow]:
    state = brief.state
    when = t((_moment(state.when, brief.now), "muted")) if state.when is not None else BLANK
    yield BriefRow(bar(width, t(("Where you stopped" if state else "Overview", "strong")), when))
    yield BriefRow(BLANK)
    for line in _state_lines(brief, width, short):
        yield BriefRow(line, state.entry)
    few = _FEW if short else _MANY
    for section in brief.sections:
        if short and section.name not in _FIRST:
            return
        if section.name not in _OPEN:
            yield BriefRow(BLANK)
        yield from _section(section, width, few, brief.now)


def _state_lines(brief: Brief, width: int, short: bool) -> Iterator[Content]:
    state = brief.state
    if brief.project or state.feature:
        line = plain(brief.project or state.feature)
        if brief.project and state.feature:
            line = t(line, (" · ", "faint"), plain(state.feature, "muted"))
        yield from _labelled("Project", [line])
    if state.title and state.title != brief.project and not short:
        yield from _labelled("Session", wrap(plain(state.title), width - _LABELS))
    if state.phase:
        yield from _labelled("Phase", [_phase(state.phase)])
    for label, name in _STATE:
        said = getattr(state, name)
        if said and (not short or name == "next_step"):
            role = "strong" if name == "next_step" else "text"
            room = width - _LABELS
            yield from _labelled(label, at_most(wrap(plain(said, role), room), _FEW, room))


def _labelled(label: str, rows: Sequence[Content]) -> Iterator[Content]:
    for n, row in enumerate(rows):
        yield cut(t((label if n == 0 else "", "muted")), _LABELS - 1) + t(" ") + row


def _phase(said: str) -> Content:
    """Draw a phase that is counted with its meter: `3 of 5 ■■■□□  cursor pagination`."""
    found = _PHASE.fullmatch(" ".join(said.split()))
    if found is None or not 0 <= int(found[1]) <= int(found[2]) <= _METER:
        return plain(said)
    done, top = int(found[1]), int(found[2])
    meter = t((f"{done} of {top} ", "text"), ("■" * done, "text"), ("□" * (top - done), "faint"))
    return t(meter, "  ", plain(found[3], "muted"))


def _section(section: Section, width: int, few: int, now: datetime) -> Iterator[BriefRow]:
    label, sign, role = _SECTIONS[section.name]
    for n, line in enumerate(section.lines[:few]):
        shown = _entry(line, (sign, role), width - _LABELS, now)
        if section.name == "problems":
            file, colon, number = line.text.rpartition(":")
            where = place(file, colon + number, width - _LABELS - 2)
            shown = hot(t((sign, role), " ", where), "problems")
        head = cut(t((label if n == 0 else "", "muted")), _LABELS - 1) + t(" ")
        yield BriefRow(head + shown, "" if line.change == "removed" else line.id)
    rest = section.total - min(few, len(section.lines))
    if rest > 0:
        yield BriefRow(t(" " * _LABELS, (f"{rest:,} more", "muted")))


def _entry(line: BriefLine, sign: tuple[str, str], width: int, now: datetime) -> Content:
    mark = _CHANGE.get(line.change) or sign
    if not line.change and line.group and mark[1] == "muted":
        mark = kind_mark(line.group)
    when = t("  ", (dates.short(line.when, now), "muted")) if line.when and width >= _WIDE else BLANK
    return bar(width, t(mark, " ", plain(line.text)), when)


def _moment(when: Moment, now: datetime) -> str:
    """Say when a state was written: `21 Nov, 17:42 · yesterday`."""
    written = dates.short(when.when, now, clock=when.has_clock)
    return f"{written} · {dates.ago(when.when, now, clock=when.has_clock)}"
