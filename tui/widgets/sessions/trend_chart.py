"""One value over time as a chart, and the entries behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from index.model.counts import count_words
from index.model.days import as_day
from index.model.entry import Entry
from tui.actions import Hint
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, inset, kind_mark, plain, t, wrap
from tui.widgets.base.lines import Lines

if TYPE_CHECKING:
    from index.model.trend_counts import Scale, Series, TrendCounts
    from tui.widgets.sessions.trend_list import TrendRow

_BARS: Final = "▁▂▃▄▅▆▇█"
_LOWEST: Final = 8
"""Lines of the highest bar, at least where that is no wall."""
_OF_ONE: Final = 4
"""Lines of a bar for each of its entries, at most: few entries are no wall."""
_LISTED: Final = 3
"""Lines below the chart from which on they list entries."""
_AROUND: Final = 12
"""Lines of the pane that are left for the text above and below the bars."""
_MANY: Final = 8
"""Height of the highest bar, in entries, from which the axis has numbers between."""
_WIDEST: Final = 8
"""Cells of a bar, at most."""


class Chart(Lines):
    """Shows the row under the list's cursor; a click on a bar goes to its period."""

    HELP_TITLE = "Keys: trends"
    FOOTER: Sequence[Hint] = ("back", "next", "search")

    class Picked(Message):
        """A bar was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def on_resize(self) -> None:
        """Lay the bars out for the new height, too."""
        self.show(self._layout, keep=True)
        super().on_resize()

    async def on_click(self, event: events.Click) -> None:
        """Go to the period of the bar."""
        place = event.style.meta.get("bar")
        if place is not None:
            event.stop()
            self.post_message(self.Picked(place))


class Behind(NamedTuple):
    """The entries behind a value, or behind one of its bars."""

    entries: Sequence[Entry] = ()
    """The newest of them."""
    total: int = 0


NOT_FOUND = Behind()


def chart_lines(
    row: TrendRow, counted: TrendCounts, place: int | None, titles: Mapping[str, Entry], now: datetime,
    behind: Behind, width: int, height: int = 0,
) -> Iterator[Content]:  # fmt: skip
    """Lay a row out for a pane of this width and height; `titles` holds the entries that it may name."""
    width, high = max(8, width - 4), max(_LOWEST, height - _AROUND)
    lines = list(_lines(row, counted, place, titles, now, width, high))
    return inset(chain(lines, _behind(behind, now, width, height - len(lines) - 2)))


def _behind(behind: Behind, now: datetime, width: int, room: int) -> Iterator[Content]:
    """Yield as many of the entries as there is room for."""
    if not behind.total or room < _LISTED:
        return
    shown = behind.entries[: room if behind.total <= room else room - 1]
    yield BLANK
    yield t(("Entries", "head"))
    yield from (_named(entry, now, width) for entry in shown)
    if behind.total > len(shown):
        yield t((f"{behind.total - len(shown):,} more", "muted"))


def _lines(
    row: TrendRow, counted: TrendCounts, place: int | None, titles: Mapping[str, Entry], now: datetime,
    width: int, high: int,
) -> Iterator[Content]:  # fmt: skip
    heads = wrap(plain(row.label, "strong"), width - 8)
    yield bar(width, heads[0], t((row.number, "muted")))
    yield from heads[1:]
    yield BLANK
    if row.series is not None:
        yield from _series(row.series, counted, place, width, high, is_tag=row.name == "tag")
    elif row.recurring is not None:
        alike = f"at least {row.recurring.similarity:.0%} of their words in common"
        yield from wrap(plain(alike, "muted"), width)
        yield BLANK
        yield from (_named(entry, now, width) for entry in row.recurring.entries)
    elif row.reuse is not None:
        if row.reuse.uses:
            yield t((f"{row.reuse.uses:,}", "text"), (" uses (from its own count)", "muted"))
            yield BLANK
        if row.reuse.by:
            yield t(("Named by", "head"))
            yield from (_named(titles[i], now, width) for i in row.reuse.by if i in titles)


def _named(entry: Entry, now: datetime, width: int) -> Content:
    when = t("  ", (dates.short(entry.when, now), "muted")) if entry.when is not None else BLANK
    return bar(width, t(kind_mark(entry.group), " ", plain(entry.title)), when)


def _series(
    series: Series, counted: TrendCounts, place: int | None, width: int, high: int, *, is_tag: bool
) -> Iterator[Content]:
    scale = counted.scale
    if not scale.starts:
        yield t(("No entry has a date in the past.", "muted"))
        return
    top = max(series.counts, default=0)
    gutter, high = len(f"{top:,}") + 3, min(high, max(_OF_ONE, _OF_ONE * top))
    size = max(1, min(_WIDEST, (width - gutter) // len(scale.starts) - 1))
    shown = min(len(scale.starts), (width - gutter) // (size + 1))
    first = len(scale.starts) - shown
    yield from _columns(series.counts, first, place, size, high)
    yield t(" " * gutter, (_axis(scale, first, size), "muted"))
    yield BLANK
    yield said(series, scale, place)
    if is_tag:
        yield t((f"{series.recent:,} recently, {series.before:,} in the period before", "muted"))
    if place is None and series.outside:
        yield t((f"{count_words(series.outside, 'entry', 'entries')} outside this range", "muted"))
    if place is None and series.undated:
        yield t((f"{count_words(series.undated, 'entry has', 'entries have')} no date", "muted"))


def _columns(counts: Sequence[int], first: int, place: int | None, size: int, high: int) -> Iterator[Content]:
    """Yield the lines of the bars, `high` of them for the highest, from the top; the one of `place` is lit.

    Left of them is an axis with numbers; above a bar its own, where it is wide enough.
    """
    top = max(counts, default=0)
    gutter = len(f"{top:,}") + 3
    eighths = [-(-count * high * len(_BARS) // top) if top else 0 for count in counts]
    ticks = _ticks(top, high)
    for level in range(high, -1, -1):
        number = f"{ticks[level]:,}" if level in ticks else ""
        axis = "┤" if number else "│" if level < high else " "
        line = t((f"{number:>{gutter - 3}} {axis} ", "muted"))
        for n in range(first, len(counts)):
            line += _cell(counts[n], eighths[n] - level * len(_BARS), level, size, lit=n == place).stylize(
                Style.from_meta({"bar": n})
            )
        yield line
    if place is not None and place >= first:
        yield t(" " * (gutter + (place - first) * (size + 1)), ("━" * size, "accent"))
    else:
        yield BLANK


def _ticks(top: int, high: int) -> dict[int, int]:
    """Return the numbers beside the axis, by the line of the bars where each is reached."""
    numbers = {round(top * part / 4) for part in (1, 2, 3)} if top >= _MANY else set[int]()
    return {-(-number * high // top) - 1: number for number in (*sorted(numbers), top) if number}


def _cell(count: int, eighths: int, level: int, size: int, *, lit: bool) -> Content:
    """Draw one line of one bar, and a gap; `eighths` are those of it from this line on."""
    role = "key" if lit else "muted"
    number = f"{count:,}"
    if eighths > 0:
        text = _BARS[min(len(_BARS), eighths) - 1] * size
    elif count and eighths > -len(_BARS) and len(number) <= size:
        text = f"{number:^{size}}"
    else:
        text = ("·" if level == 0 and not count else " ") * size
    return t((text, "faint" if text.strip("·") == "" and not count else role), " ")


def _axis(scale: Scale, first: int, size: int) -> str:
    """Return the line below the bars: a name where something begins and there is room."""
    line = [" "] * ((len(scale.starts) - first) * (size + 1) + 6)
    free, before = 0, ""
    for n in range(first, len(scale.starts)):
        start = scale.starts[n]
        name = {"day": f"{start.day}", "year": dates.year(start)}.get(scale.unit, dates.month(start))
        if scale.unit == "month" and start.month == 1:
            name = dates.year(start)
        at = (n - first) * (size + 1)
        if name != before and at >= free:
            line[at : at + len(name)] = name
            free = at + len(name) + 1
            before = name
    return "".join(line).rstrip()


def said(series: Series, scale: Scale, place: int | None) -> Content:
    """Say which period is meant, and how many entries it has."""
    if place is None:
        text, count = period(scale.starts[0], scale.last), sum(series.counts)
    else:
        text, count = period(*scale.days(place)), series.counts[place]
    return t((text, "text"), (f" · {count_words(count, 'entry', 'entries')}", "muted"))


def period(first: date, last: date) -> str:
    """Say which days: `3 to 9 Nov 2025`."""
    return dates.span(as_day(first), as_day(last))
