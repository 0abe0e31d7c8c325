"""One value over time as a chart, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from index.model.counts import count_words
from index.model.days import as_day
from index.model.entry import Entry
from tui.actions import Hint
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, kind_mark, plain, t, wrap
from tui.widgets.base.lines import Lines

if TYPE_CHECKING:
    from index.model.trend_counts import Scale, Series, TrendCounts
    from tui.widgets.sessions.trend_list import TrendRow

_BARS: Final = "▁▂▃▄▅▆▇█"
_HEIGHT: Final = 8
"""Lines of the highest bar."""
_WIDEST: Final = 4
_GUTTER: Final = 6
"""Cells left of the bars, for the number of the highest."""


class Chart(Lines):
    """Shows the row under the list's cursor; a click on a bar goes to its period."""

    HELP_TITLE = "Keys: trends"
    FOOTER: Sequence[Hint] = ("back", ("next", "next pane"), "search")

    class Picked(Message):
        """A bar was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    async def on_click(self, event: events.Click) -> None:
        """Go to the period of the bar."""
        place = event.style.meta.get("bar")
        if place is not None:
            event.stop()
            self.post_message(self.Picked(place))


def chart_lines(
    row: TrendRow,
    counted: TrendCounts,
    place: int | None,
    titles: Mapping[str, Entry],
    now: datetime,
    width: int,
) -> Iterator[Content]:
    """Lay a row out for a pane of `width` cells; `titles` holds the entries that a row may name."""
    room = max(8, width - 4)
    for line in _lines(row, counted, place, titles, now, room):
        yield t("  ", line) if line.plain else BLANK


def _lines(
    row: TrendRow,
    counted: TrendCounts,
    place: int | None,
    titles: Mapping[str, Entry],
    now: datetime,
    width: int,
) -> Iterator[Content]:
    heads = wrap(plain(row.label, "strong"), width - 8)
    yield bar(width, heads[0], t((row.number, "muted")))
    yield from heads[1:]
    yield BLANK
    if row.series is not None:
        yield from _series(row.series, counted, place, width, is_tag=row.name == "tag")
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
    series: Series, counted: TrendCounts, place: int | None, width: int, *, is_tag: bool
) -> Iterator[Content]:
    scale = counted.scale
    if not scale.starts:
        yield t(("No entry has a date.", "muted"))
        return
    size = max(1, min(_WIDEST, (width - _GUTTER) // len(scale.starts) - 1))
    shown = min(len(scale.starts), (width - _GUTTER) // (size + 1))
    first = len(scale.starts) - shown
    yield from _columns(series.counts, first, place, size)
    yield t(" " * _GUTTER, (_axis(scale, first, size), "muted"))
    yield BLANK
    yield said(series, scale, place)
    if is_tag:
        yield t((f"{series.recent:,} lately, {series.before:,} in as long a time before", "muted"))
    if place is None and series.outside:
        yield t((f"{count_words(series.outside, 'entry is', 'entries are')} older or in the future", "muted"))
    if place is None and series.undated:
        yield t((f"{count_words(series.undated, 'entry has', 'entries have')} no date", "muted"))


def _columns(counts: Sequence[int], first: int, place: int | None, size: int) -> Iterator[Content]:
    """Yield the lines of the bars, from the top; the one of `place` is lit."""
    top = max(counts, default=0)
    for level in range(_HEIGHT - 1, -1, -1):
        label = f"{top:,}" if level == _HEIGHT - 1 and top else "0" if level == 0 and not top else ""
        line = t((f"{label:>{_GUTTER - 2}}  ", "muted"))
        for n in range(first, len(counts)):
            eighths = -(-counts[n] * _HEIGHT * len(_BARS) // top) if top else 0
            full = min(len(_BARS), eighths - level * len(_BARS))
            role = "key" if n == place else "muted"
            sign = _BARS[full - 1] if full > 0 else "·" if level == 0 and not counts[n] else " "
            cell = t((sign * size, role if sign != "·" else "faint"))
            line += cell.stylize(Style.from_meta({"bar": n})) + t(" ")
        yield line
    if place is not None and place >= first:
        yield t(" " * (_GUTTER + (place - first) * (size + 1)), ("━" * size, "accent"))
    else:
        yield BLANK


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
