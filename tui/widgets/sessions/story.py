"""The story of a session: its start, its work, its effect on the session state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.content import Content

from index.model.counts import count_words
from index.model.days import day_of, has_clock
from tui.requests import FoundEntry, Spot
from tui.theme import dates
from tui.theme.drawing import (
    BLANK,
    CHANGE,
    COLUMN,
    MEASURE,
    at_most,
    bar,
    cut,
    inset,
    kind_mark,
    plain,
    t,
    wrap,
)
from tui.theme.labels import kind_label, label
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.model.commits import LogStep
    from index.sessions.model import Session, Work
    from index.sessions.state import SessionState, StateChange

_STATE_ROWS: Final = 2
"""Lines that tell the state at the start, and at the end; below, all of it is told by field."""
_CLOCK: Final = 8
"""Cells of the column with the times."""


class Line(NamedTuple):
    """A line of the story."""

    content: Content | Callable[[], Content]
    """Its text; a function where it is drawn only once in view, for a session that did much."""
    spot: Spot | None = None
    """None for a line that leads nowhere."""
    right: Content = BLANK


_EMPTY: Final = Line(BLANK)


class Story(RowList[Line]):
    """The story of one session; the cursor goes from one thing that can be opened to the next."""

    HELP_TITLE = "Keys: session"
    FOOTER = ("accept", "compare_now", "edit", "history", "copy", "next", "back")
    row_height = 1

    def __init__(self) -> None:
        super().__init__(id="story")
        self.session: Session | None = None
        self._now: datetime | None = None
        self._width = 0

    def fill(self, session: Session | None, now: datetime) -> None:
        """Show the story of another session, or more of the same."""
        if session is not None and session is self.session:
            return
        same = session is not None and self.session is not None and session.key == self.session.key
        # On the first line it stays on the first: what comes to be known is told above the commits.
        spot = self.spot if any(map(self.is_stop, range(self.cursor))) else None
        self.session, self._now = session, now
        self._lay_out(spot if same else None, keep=same)

    def on_resize(self) -> None:
        """Lay the story out for the new width."""
        if self.content_size.width != self._width:
            self._lay_out(self.spot, keep=True)
        super().on_resize()

    def _lay_out(self, spot: Spot | None, *, keep: bool) -> None:
        self._width = self.content_size.width
        session, now = self.session, self._now
        self.items = list(lines(session, self._width - 1, now)) if session and now else ()
        place = next((n for n, line in enumerate(self.items) if spot and line.spot == spot), -1)
        self.show(len(self.items), max(place, 0), keep=keep)

    @property
    def spot(self) -> Spot | None:
        """Target of the line under the cursor."""
        return self.current.spot if self.current is not None else None

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a line."""
        line = self.items[index]
        content = line.content if isinstance(line.content, Content) else line.content()
        if current and line.spot is not None:
            content = content.stylize("strong")
        content = content[1:]  # the edge is the first of the two cells before the text
        return [bar(width, content, t("  ", line.right) if line.right.plain else BLANK)]

    def is_stop(self, index: int) -> bool:
        """Whether a line can be opened."""
        return self.items[index].spot is not None

    def is_current(self, index: int) -> bool:
        """Whether the cursor is on a line; there is none where nothing can be opened."""
        return super().is_current(index) and self.is_stop(index)


# ── the lines ─────────────────────────────────────────────────────────────────


def lines(session: Session, width: int, now: datetime) -> Iterator[Line]:
    """Lay the story of a session out for `width` cells; between its parts there is one empty line."""
    before = None
    for line in _parts(session, width, now):
        if not before == line == _EMPTY:
            yield line
        before = line


def _parts(session: Session, width: int, now: datetime) -> Iterator[Line]:
    room = min(width - 4, MEASURE + _CLOCK)
    yield from _head(session, room, now)
    if session.before or session.stated:
        yield from _began(session, room)
    steps = {step.rev: step for step in session.commits}
    for work in session.work:
        yield from _done(work, session, steps, room)
    if session.stated:
        yield from _ended(session, room)
    if not session.whole:
        yield Line(t("  ", ("reading what its commits did …", "muted")))
    yield from _became(session, room)
    if session.commits:
        yield Line(BLANK)
        yield Line(t("  ", ("Commits", "head")))
        for step in session.commits:
            subject = step.message.partition("\n")[0]
            yield Line(
                cut(
                    t(
                        f"  {dates.clock_time(step.when)}   ",
                        (step.rev[:7], "text"),
                        "  ",
                        plain(subject, "muted"),
                    ),
                    room + 2,
                ).rstrip(),
                Spot("commit", subject, step),
            )


def _head(session: Session, room: int, now: datetime) -> Iterator[Line]:
    agents = ", ".join(session.agents[:2]) + (" …" if len(session.agents) > 2 else "")
    commits = count_words(len(session.commits), "commit") if session.commits else ""
    note = t((" · ".join(part for part in (agents, commits) if part), "muted"), "  ")
    sign, what = ("session", "Session") if session.stated else ("other", "No session state")
    yield Line(t("  ", kind_mark(sign), (f" {what}", "muted")), None, note)
    yield Line(BLANK)
    yield from (Line(t("  ", row)) for row in wrap(plain(session.title, "strong"), room))
    about = " · ".join(part for part in (session.project, session.state.feature, when_words(session)) if part)
    yield from (Line(t("  ", row)) for row in wrap(plain(about, "muted"), room))
    for mark in session.marks:
        rows = wrap(plain(mark, "muted"), room - 2)
        yield from (Line(t("  ", ("! " if n == 0 else "  ", "warn"), row)) for n, row in enumerate(rows))
    yield Line(BLANK)


def when_words(session: Session) -> str:
    """Say when a session was: `21 Nov 2025, 13:05 to 17:45`."""
    start, end = session.start, session.end
    first = dates.full(start.when, clock=end.has_clock)
    if not end.has_clock or start.when == end.when:
        return dates.full(end.when, clock=end.has_clock)
    same = day_of(start.when) == day_of(end.when)
    if start.when.utcoffset() != end.when.utcoffset():
        first += f" {start.when:%Z}".rstrip()
    return f"{first} to {dates.clock_time(end.when) if same else dates.full(end.when, clock=True)}"


def _began(session: Session, room: int) -> Iterator[Line]:
    """Tell the state that the session found."""
    state = session.before
    told = _brief(state) if state else "there was no session state yet"
    spot = None
    if state and session.commits:
        spot = Spot("entry", _state_title(state), session.commits[0], state.entry, before=True)
    yield from _timed(
        dates.clock_time(session.start.when), t(("started from: ", "muted"), plain(told, "muted")), room, spot
    )


def _ended(session: Session, room: int) -> Iterator[Line]:
    """Tell the state that it left."""
    state = session.after
    told = f"next: {state.next_step}" if state.next_step else f"ended: {_brief(state)}"
    step = session.commits[-1] if session.commits else None
    spot = Spot("entry", _state_title(state), step, state.entry)
    yield from _timed(dates.clock_time(session.end.when), plain(told, "muted"), room, spot)


def _brief(state: SessionState) -> str:
    said = [state.phase, state.status, f"next: {state.next_step}" if state.next_step else ""]
    return " · ".join(part for part in said if part) or state.title or state.project


def _state_title(state: SessionState) -> str:
    return state.title or state.project or "Session state"


def _done(work: Work, session: Session, steps: Mapping[str, LogStep], room: int) -> Iterator[Line]:
    """Tell one piece of work, and the edits below it."""
    first = steps.get(work.since or work.rev) if work.change == "edited" else None
    edited = FoundEntry(first, work.was or work.id) if first is not None else None
    spot = Spot("entry", work.title, steps.get(work.rev), work.id, work.change == "removed", edited)
    yield Line(partial(_work, work, day_of(session.end.when), room), spot)
    if work.summary and work.id != session.after.entry:  # that one is told field by field
        yield Line(partial(_summary, work.summary, room))


def _work(work: Work, day: date, room: int) -> Content:
    done = day_of(work.when)
    time = dates.clock_time(work.when) if has_clock(work.when) else ""
    clock = time if done == day else dates.short_day(done, day)
    lead = t((f"{clock:<{_CLOCK - 1}} ", "muted"), CHANGE[work.change], " ", kind_mark(work.group), " ")
    return cut(t("  ", lead, plain(work.title or kind_label(work.kind))), room + 2).rstrip()


def _summary(text: str, room: int) -> Content:
    return cut(t(" " * (_CLOCK + 6), plain(dates.reword(text), "muted")), room + 2).rstrip()


def _timed(clock: str, content: Content, room: int, spot: Spot | None) -> Iterator[Line]:
    width = max(8, room - _CLOCK - 4)
    for n, row in enumerate(at_most(wrap(content, width), _STATE_ROWS, width)):
        lead = clock.ljust(_CLOCK) if n == 0 else " " * _CLOCK
        yield Line(t("  ", (lead, "muted"), "    ", row), spot if n == 0 else None)


def _became(session: Session, room: int) -> Iterator[Line]:
    """Tell the changes of the session state, field by field."""
    changes = session.story
    if not changes:
        return
    yield Line(BLANK)
    yield Line(t("  ", ("How the session state changed", "head")))
    for change in changes:
        yield from (Line(t("  ", row)) for row in _change(change, room))


def _change(change: StateChange, room: int) -> Iterator[Content]:
    gone = [text for text in change.before if text not in change.after]
    come = [text for text in change.after if text not in change.before]
    rows: list[Content] = []
    for texts, sign, role in ((gone, ("− ", "err"), "muted"), (come, ("+ ", "ok"), "text")):
        for text in texts:
            wrapped = wrap(plain(dates.reword(text, whole=True), role), max(8, room - COLUMN - 2))
            rows += [t(sign if n == 0 else "  ", row) for n, row in enumerate(wrapped)]
    name = label(change.field.replace("_", "-"))
    for n, row in enumerate(rows):
        yield t((name.ljust(COLUMN) if n == 0 else " " * COLUMN, "head"), row)


def commit_lines(step: LogStep, width: int, now: datetime) -> Iterable[Content]:
    """Lay a commit out for a pane of `width` cells."""
    room = max(8, width - 4)
    subject, _, body = step.message.partition("\n")
    when = f"{dates.full(step.when, clock=True)} · {dates.ago(step.when, now, clock=True)}"
    told = [
        bar(room, t(("± ", "accent"), ("Commit", "muted")), t((step.rev[:7], "text"))),
        BLANK,
        *wrap(plain(subject, "strong"), room),
        *wrap(t(plain(step.author, "muted"), (f" · {when}", "muted")), room),
    ]
    if body.strip():
        told += [BLANK, *(row for line in body.strip().split("\n") for row in wrap(line, room))]
    if step.files:
        told += [BLANK, t(("Files", "head"))]
        told += [
            cut(t(CHANGE.get(file.status, CHANGE["changed"]), " ", plain(file.path)), room)
            for file in step.files
        ]
    return inset(told)
