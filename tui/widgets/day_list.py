"""Days with what happened on them: entries and commits, newest first, and a calendar of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style

from index.memory.entries import Entry
from tui import dates
from tui.look import BLANK, MARK, bar, cut, plain, t, wrap
from tui.widgets.drawn import Drawn
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from index.history.log import Revision
    from index.snapshot import Day

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LADDER: Final = "·□▣■"
_MORE, _MANY = 4, 7
"""Entries a day from which the calendar's square is fuller, and full."""
_WIDE = 50
"""From this width on a row names the project as well."""


class Row(NamedTuple):
    """A line of the list."""

    kind: Literal["day", "gap", "entry", "commit"]
    day: date
    entry: Entry | None = None
    revision: Revision | None = None

    @property
    def key(self) -> str:
        """What stays the same when the list is made anew."""
        return self.entry.id if self.entry else self.revision.rev if self.revision else ""


class Listing(NamedTuple):
    """The rows of a timeline; made in a worker."""

    rows: list[Row]
    counts: dict[date, tuple[int, int]]
    """Entries and commits of each day."""


def make_listing(days: Iterable[Day], revisions: Iterable[Revision]) -> Listing:
    """Put entries and commits under their days, newest first; what has no clock stands first on its day."""
    rows: dict[date, list[tuple[tuple[bool, str], Row]]] = {}
    counts: dict[date, tuple[int, int]] = {}
    for day in days:
        rows[day.date] = [(_moment(entry), Row("entry", day.date, entry)) for entry in day.entries]
        counts[day.date] = (len(day.entries), 0)
    for revision in revisions:
        day_of = revision.when.date()
        moment = (False, f"{revision.when:%H:%M:%S}")
        rows.setdefault(day_of, []).append((moment, Row("commit", day_of, None, revision)))
        entries, commits = counts.get(day_of, (0, 0))
        counts[day_of] = (entries, commits + 1)
    out: list[Row] = []
    for day_of in sorted(rows, reverse=True):
        if out:
            out.append(Row("gap", day_of))
        out.append(Row("day", day_of))
        out += [row for _, row in sorted(rows[day_of], key=lambda item: item[0], reverse=True)]
    return Listing(out, counts)


def _moment(entry: Entry) -> tuple[bool, str]:
    clock = entry.when is not None and ":" in entry.timestamp
    return (not clock, f"{entry.when:%H:%M:%S}" if clock else "")


class DayList(RowList):
    """One line an entry or commit, below the line of its day; the cursor skips those."""

    HELP_TITLE = "Keys in the timeline"
    row_height = 1

    def __init__(self) -> None:
        super().__init__(id="days")
        self.rows: Sequence[Row] = ()
        self.counts: Mapping[date, tuple[int, int]] = {}
        self.this_year = 0

    def fill(self, listing: Listing, this_year: int) -> None:
        """Show other rows; the cursor stays on what it is on."""
        before = self.current.key if self.current else ""
        self.rows, self.counts = listing
        self.this_year = this_year
        place = next((n for n, row in enumerate(self.rows) if before and row.key == before), -1)
        self.show(len(self.rows), place if place >= 0 else self._nearest(0, 1), keep=place >= 0)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def go_to_day(self, day: date) -> None:
        """Put the cursor on the first row of a day, or of the nearest older one."""
        place = next((n for n, row in enumerate(self.rows) if row.kind == "day" and row.day <= day), -1)
        if place >= 0:
            self.cursor = self._nearest(place, 1)

    def go(self, lines: int) -> None:
        """Move the cursor, past the lines of the days."""
        self.cursor = self._nearest(self.cursor + lines, 1 if lines > 0 else -1)

    def _nearest(self, place: int, step: int) -> int:
        """Return the row nearest to `place` that the cursor may stand on, looked for in a direction first."""
        last = len(self.rows) - 1
        place = max(0, min(place, last))
        for direction in (step, -step):
            at = place
            while 0 <= at <= last:
                if self.rows[at].kind in ("entry", "commit"):
                    return at
                at += direction
        return 0

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on an entry or a commit."""
        return self._nearest(super().validate_cursor(cursor), 1) if self.rows else 0

    def reveal(self, first: int, last: int) -> None:
        """Show the line of the day with its first row."""
        under_day = 0 < first < len(self.rows) and self.rows[first - 1].kind == "day"
        super().reveal(first - 1 if under_day else first, last)

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a row."""
        row = self.rows[index]
        if row.kind == "gap":
            return [BLANK]
        if row.kind == "day":
            entries, commits = self.counts[row.day]
            said = [_count(entries, "entry", "entries")] if entries else []
            said += [_count(commits, "commit", "commits")] if commits else []
            return [
                bar(
                    width,
                    t(" ", (day_label(row.day, self.this_year), "head")),
                    t((" · ".join(said), "muted"), " "),
                )
            ]
        if row.entry is not None:
            return [_entry_row(row.entry, width, current, focused)]
        assert row.revision is not None
        return [_commit_row(row.revision, width, current)]


def day_label(day: date, this_year: int) -> str:
    """Return a day as a heading: `Fri 21 Nov`, with the year when it is another one."""
    year = "" if day.year == this_year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {dates.month(day)}{year}"


def _entry_row(entry: Entry, width: int, current: bool, focused: bool) -> Content:
    clock = f"{entry.when:%H:%M}" if entry.when is not None and ":" in entry.timestamp else ""
    mark = (MARK[entry.group], "accent" if current and focused else "muted")
    title = plain(entry.title, "strong" if current else "text")
    right = plain(entry.project, "muted") if width >= _WIDE else BLANK
    left = t((f" {clock:5}  ", "muted"), ("+", "ok"), " ", mark, " ", title)
    return bar(width, left, t("  ", cut_right(right, 16), " ") if right.plain else t(" "))


def _commit_row(revision: Revision, width: int, current: bool) -> Content:
    subject = revision.message.partition("\n")[0].removeprefix("memory: ")
    left = t((f" {revision.when:%H:%M}  ", "muted"), ("±", "accent"), "   ")
    left += plain(subject, "strong" if current else "muted")
    right = plain(revision.author, "muted") if width >= _WIDE else BLANK
    return bar(width, left, t("  ", cut_right(right, 16), " ") if right.plain else t(" "))


def cut_right(line: Content, width: int) -> Content:
    """Shorten a line without padding it."""
    return line.truncate(width, ellipsis=True)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


# ── one commit ────────────────────────────────────────────────────────────────

_STATUS: Final = {"A": ("+", "ok"), "D": ("−", "err"), "M": ("±", "accent"), "T": ("±", "accent")}


def commit_rows(revision: Revision, width: int, now: datetime) -> Iterator[Content]:
    """Lay a commit out for a pane of `width` cells."""
    room = max(8, width - 4)
    subject, _, body = revision.message.partition("\n")
    when = f"{dates.full(revision.when, clock=True)} · {dates.ago(revision.when, now, clock=True)}"
    lines = [
        bar(room, t(("± ", "accent"), ("Commit", "muted")), t((revision.rev[:7], "text"))),
        BLANK,
        *wrap(plain(subject, "strong"), room),
        *wrap(t(plain(revision.author, "muted"), (f" · {when}", "muted")), room),
    ]
    if body.strip():
        lines += [BLANK, *(row for line in body.strip().split("\n") for row in wrap(line, room))]
    if revision.files:
        lines += [BLANK, t(("Files", "head"))]
        lines += [
            cut(t(_STATUS.get(status, ("±", "accent")), " ", plain(path)), room)
            for status, path in revision.files
        ]
    yield from (t("  ", line) if line.plain else BLANK for line in lines)


# ── the calendar ──────────────────────────────────────────────────────────────


class Calendar(Drawn):
    """A square a day, by the number of its entries; a click goes to the day."""

    DEFAULT_CSS = "Calendar { width: 1fr; height: 10; }"

    day: reactive[date | None] = reactive(None)
    """The day under the cursor of the list."""

    class Picked(Message):
        """A day was clicked."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self) -> None:
        super().__init__(id="calendar")
        self._counts: Mapping[date, int] = {}
        self._last = date.min

    def show(self, counts: Mapping[date, int], today: date) -> None:
        """Show other days; the calendar ends today, or with the last entry where all of them are older."""
        self._counts = counts
        newest = max((day for day in counts if day <= today), default=today)
        self._last = today if today - newest < timedelta(weeks=20) else newest
        self.refresh()

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the weeks as columns."""
        weeks = max(1, (width - 8) // 2)
        if self._last == date.min:
            return []
        start = self._last - timedelta(weeks=weeks - 1, days=self._last.weekday())
        rows = [t((" " * 6 + _months(start, weeks), "muted"))]
        for weekday in range(7):
            name = f"{_WEEKDAYS[weekday]} " if weekday % 2 == 0 else "    "
            rows.append(t("  ", (name, "muted"), *self._squares(start + timedelta(days=weekday), weeks)))
        return [*rows, BLANK, self._foot(width)]

    def _squares(self, first: date, weeks: int) -> Iterator[Content]:
        for week in range(weeks):
            day = first + timedelta(weeks=week)
            if day > self._last:
                break
            step = _step(self._counts.get(day, 0))
            following = day + timedelta(weeks=1)
            edge = (
                "]" if day == self.day else "[" if following == self.day and following <= self._last else " "
            )
            role = "key" if day == self.day else f"heat{step}"
            square = Content.styled(_LADDER[step], role).stylize(Style.from_meta({"day": day.toordinal()}))
            yield t(square, (edge, "key"))

    def _foot(self, width: int) -> Content:
        left = BLANK
        if self.day is not None:
            many = _count(self._counts.get(self.day, 0), "entry", "entries")
            left = t(" " * 6, (day_label(self.day, self._last.year), "text"), (f" · {many}", "muted"))
        squares = [part for n, sign in enumerate(_LADDER) for part in ((sign, f"heat{n}"), " ")]
        return bar(width - 2, left, t(("fewer ", "muted"), *squares, ("more", "muted")))

    async def on_click(self, event: events.Click) -> None:
        """Go to the day under the mouse."""
        day = event.style.meta.get("day")
        if day is not None:
            event.stop()
            self.post_message(self.Picked(date.fromordinal(day)))


def _step(entries: int) -> int:
    return 0 if not entries else 1 if entries < _MORE else 2 if entries < _MANY else 3


def _months(start: date, weeks: int) -> str:
    """Return the line above the weeks: a month's name over its first whole week."""
    line = [" "] * (weeks * 2 + 2)
    before = 0
    for week in range(weeks):
        day = start + timedelta(weeks=week)
        if day.month != before and week * 2 + 3 < weeks * 2:
            if before or day.day < 15:
                line[week * 2 : week * 2 + 3] = dates.month(day)
            before = day.month
    return "".join(line)
