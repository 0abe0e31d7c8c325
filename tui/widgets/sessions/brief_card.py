"""Card of the brief: where to go on; every line that names an entry opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from textual import events
from textual.content import Content
from textual.geometry import Size

from tui.actions import Hint
from tui.context import context_of
from tui.runtime.threads import look_up
from tui.theme import dates
from tui.theme.drawing import BLANK, CHANGE, MEASURE, at_most, bar, cut, hot, kind_mark, place, plain, t, wrap
from tui.widgets.base.drawn import Drawn, Options
from tui.widgets.base.lines import words_below
from tui.widgets.base.row_list import RowList

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
    "current": ("Current work", "◐", "session"),
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
_FEW, _MANY = 3, 6
"""Lines of a section on the short card, and on the page."""
_WIDE: Final = 56
"""From this width on a line says when."""


class BriefRow(NamedTuple):
    """A line of the card."""

    line: Content
    id: str = ""
    """Of the entry that it opens."""


class BriefCard(RowList[BriefRow]):
    """Reads the brief whenever the tree changes, and shows it: all of it, or the short card."""

    HELP_TITLE = "Keys: brief"
    FOOTER: Sequence[Hint] = ("accept", "next", "back")
    row_height = 1

    def __init__(self, *, short: bool = False, **options: Unpack[Options]) -> None:
        """Make the card; a `short` one ends with the open decisions, and reads only when asked to."""
        super().__init__(**options)
        self.brief: Brief | None = None
        """The brief that is shown; None before it is read."""
        self._short = short
        self._laid_out = Size()

    def on_mount(self) -> None:
        """Read, now and whenever the tree or its read marks change."""
        if not self._short:
            self.watch(self.app, "generation", self.read)
            self.watch(self.app, "news", self.read, init=False)

    def read(self) -> None:
        """Read the brief anew."""
        app = context_of(self)
        workspace = app.workspace
        assert workspace is not None
        look_up(self, "brief", lambda: workspace.brief("", app.now()), self._show, app.refuse)

    def _show(self, brief: Brief) -> None:
        self.brief = brief
        self._lay_out()
        self.refresh(layout=self._short)

    def on_resize(self) -> None:
        """Lay the card out for the new size."""
        if self.content_size != self._laid_out:
            self._lay_out()
        super().on_resize()

    def _lay_out(self) -> None:
        """Lay the brief out for the room there is; the cursor stays on as many entries as it was.

        A short card leaves its empty line out before it hides another.
        """
        above = sum(map(self.is_stop, range(self.cursor))) if self.items else None
        self._laid_out = width, height = self.content_size
        rows = list(card_rows(self.brief, width, self._short)) if self.brief and width > 0 else []
        whole = not self._short or len(rows) <= height
        self.items = [row for row in rows if whole or row.line.plain]
        stops = self.stops
        place = stops[min(above, len(stops) - 1)] if stops and above is not None else self.cursor
        self.show(len(self.items), place, keep=True)

    def on_focus(self) -> None:
        """Show the cursor."""
        self._follow()

    def _follow(self) -> None:
        """Show the row under the cursor, which is drawn with the focus alone; else stay at the top."""
        if self.has_focus:
            super()._follow()
        else:
            self.scroll_lines(self.top)

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
        """Rows that the cursor may be on."""
        return [*filter(self.is_stop, range(len(self.items)))]

    def is_stop(self, index: int) -> bool:
        """Whether a row is the first of an entry's."""
        entry_id = self.items[index].id
        return entry_id != "" and (index == 0 or self.items[index - 1].id != entry_id)

    def is_current(self, index: int) -> bool:
        """Whether a row is of the entry under the cursor; that is shown with the focus alone."""
        rows = self.items[self.cursor : index + 1]
        return self.has_focus and bool(rows) and {row.id for row in rows} == {self.entry_id} != {""}

    @property
    def entry_id(self) -> str:
        """Id of the entry under the cursor, empty when there is none."""
        return self.current.id if self.current is not None else ""

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a line."""
        line = self.items[index].line[1:]  # the edge is the first of the two cells before the text
        rest = words_below(self.extent) if index == self.top + self.room - 1 else ""
        return [bar(width - 2, line, t((f"  {rest}", "text"))) if rest else line]

    async def on_click(self, event: events.Click) -> None:
        """Open the entry under the mouse."""
        index = self.line_at(event.y)
        event.prevent_default()
        if index >= self.count or not self.items[index].id:
            await Drawn.on_click(self, event)
            return
        event.stop()
        self.cursor = max(stop for stop in self.stops if stop <= index)
        self.action_accept()


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
    state, room = brief.state, width - _LABELS
    if brief.project or state.feature:
        line = plain(brief.project or state.feature)
        if brief.project and state.feature:
            line = t(line, (" · ", "faint"), plain(state.feature, "muted"))
        yield from _labelled("Project", wrap(line, room))
    if state.title and state.title != brief.project and not short:
        yield from _labelled("Session", wrap(plain(state.title), room))
    if state.phase:
        yield from _labelled("Phase", wrap(_phase(state.phase), room))
    for label, name in _STATE:
        said = getattr(state, name)
        if said and (not short or name == "next_step"):
            role = "strong" if name == "next_step" else "text"
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
        shown = [_entry(line, (sign, role), width - _LABELS, now)]
        room = width - _LABELS - 2
        if section.name == "problems":
            file, colon, number = line.text.rpartition(":")
            shown = [hot(t((sign, role), " ", place(file, colon + number, room)), "problems")]
        elif section.name == "blockers":
            rows = at_most(wrap(plain(line.text), room), _FEW, room)
            shown = [t((sign if k == 0 else " ", role), " ", row) for k, row in enumerate(rows)]
        for row in _labelled("" if n else label, shown):
            yield BriefRow(row, "" if line.change == "removed" else line.id)
    rest = section.total - min(few, len(section.lines))
    if rest > 0:
        yield BriefRow(t(" " * _LABELS, (f"{rest:,} more", "muted")))


def _entry(line: BriefLine, sign: tuple[str, str], width: int, now: datetime) -> Content:
    mark = CHANGE.get(line.change) or sign
    if not line.change and line.group and mark[1] == "muted":
        mark = kind_mark(line.group)
    when = t("  ", (dates.short(line.when, now), "muted")) if line.when and width >= _WIDE else BLANK
    return bar(width, t(mark, " ", plain(line.text)), when)


def _moment(when: Moment, now: datetime) -> str:
    """Say when a state was written: `21 Nov, 17:42 · yesterday`."""
    written = dates.short(when.when, now, clock=when.has_clock)
    return f"{written} · {dates.ago(when.when, now, clock=when.has_clock)}"
