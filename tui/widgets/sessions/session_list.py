"""The sessions, newest first: title, day, the work in one line; lanes by project where there is room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.content import Content
from textual.message import Message

from index.model.counts import count_words
from index.model.moments import span_text
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, both_ends, cut, kind_mark, plain, t
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.sessions.model import Session

_LANES: Final = 4
"""Projects that have a lane of their own: those with the most sessions."""
_LANE: Final = 11
"""Cells of a lane, at least."""
_WIDEST: Final = 24
"""Cells of a lane, at most."""
_TOLD: Final = 60
"""Cells of a row beside its lanes."""
_LEARNED: Final = {"solution", "pattern", "knowledge", "other"}


class ProjectLane(NamedTuple):
    """A project's own column, from its newest session to its oldest."""

    project: str
    newest: int
    oldest: int


class SessionList(RowList["Session"]):
    """Any number of sessions; those that were not looked into are asked for when they come into view."""

    HELP_TITLE = "Keys: timeline"
    FOOTER = (
        ("accept", "open"), "search", ("up", "session"), "calendar", "next", "copy", "back",
    )  # fmt: skip

    class Wanted(Message):
        """Sessions are in view whose commits were not looked into."""

        def can_replace(self, message: Message) -> bool:
            """Replace any other of its kind: the rows in view are found out when it is answered."""
            return isinstance(message, SessionList.Wanted)

    def __init__(self) -> None:
        super().__init__(id="sessions")
        self.sessions: list[Session] = []
        self.laned = False
        """Whether there is room for lanes."""
        self._lanes: Sequence[ProjectLane] | None = None
        """Those there are; None until they are drawn."""
        self._places: dict[str, int] = {}
        """Where each session is, by its key."""
        self._now: datetime | None = None
        self._asked = False

    def fill(self, sessions: Sequence[Session], now: datetime) -> None:
        """Show other sessions; the cursor stays on its row, and open sessions stay open."""
        before, in_view = self.current.key if self.current else "", self._in_view()
        held = {session.key: session for session in self.sessions}
        self.sessions = [_known(held.get(session.key), session) for session in sessions]
        self._now, self._asked = now, False
        self._lanes = None
        self._places = {session.key: place for place, session in enumerate(self.sessions)}
        place = self._places.get(before, -1)
        if place == self.cursor and not self.laned and _same(in_view, self._in_view()):
            self.grow(len(self.sessions))
        else:
            self.show(len(self.sessions), max(place, 0), keep=place >= 0)

    def complete(self, sessions: Iterable[Session]) -> None:
        """Put sessions that were looked into in the place of their outlines."""
        for session in sessions:
            if session.key in self._places:
                self.sessions[self._places[session.key]] = session
        self._asked = False
        self.refresh()

    @property
    def current(self) -> Session | None:
        """The session under the cursor."""
        return self.sessions[self.cursor] if self.cursor < len(self.sessions) else None

    def wanted(self) -> list[Session]:
        """Return the sessions in view that were not looked into, the row under the cursor first."""
        here = [self.current] if self.current is not None else []
        rows = {session.key: session for session in (*here, *self._in_view())}
        return [session for session in rows.values() if not session.whole]

    def _in_view(self) -> Sequence[Session]:
        first = self.top // self.row_height
        return self.sessions[first : first + self.room // self.row_height + 2]

    def go_to_day(self, day: date) -> None:
        """Put the cursor on the last session of a day, or of the nearest older one that has some."""
        places = (n for n, session in enumerate(self.sessions) if session.end.when.date() <= day)
        self.cursor = next(places, max(0, self.count - 1))

    # ── drawing ───────────────────────────────────────────────────────────────

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a session."""
        session = self.sessions[index]
        if not session.whole and not self._asked:
            self._asked = True
            self.post_message(self.Wanted())
        shown = self._shown_lanes(width) if self.laned else ()
        cells = min(_WIDEST, (width - _TOLD) // len(shown)) if shown else 0
        first, second = self._lines(session, width - len(shown) * cells, current, focused, bool(shown))
        above, below = _lane_lines(shown, index, session, cells, lit=current and focused)
        return first + above, second + below

    def _shown_lanes(self, width: int) -> Sequence[ProjectLane]:
        if self._lanes is None:
            self._lanes = lanes(self.sessions)
        return self._lanes[: (width - _TOLD) // _LANE] if len(self._lanes) > 1 else ()

    def _lines(
        self, session: Session, width: int, current: bool, focused: bool, laned: bool
    ) -> tuple[Content, Content]:
        lead = t(" ", _sign(session, "accent" if current and focused else ""), " ")
        when = session.end.when
        day = dates.short(when, self._now) if self._now is not None else ""
        left = t(lead, plain(session.title, "strong" if current else "text"))
        length = span_text(session.length.total_seconds()) if session.length else ""
        doubt = t(("! " if length else "!", "warn")) if session.marks else BLANK
        right = t("  ", doubt, (length, "muted"), " ")
        said = plain("" if laned else session.project, "muted")
        work = work_words(session, width - right.cell_length - said.cell_length - 6)
        said += t((" · " if said.plain and work else "", "faint"), (work, "muted"))
        return (
            bar(width, cut(left, width - len(day) - 2), t((day, "muted"), " ")),
            bar(width, t("   ", said), right),
        )


def _sign(session: Session, role: str) -> tuple[str, str]:
    return kind_mark("session" if session.stated else "other", role)


def _lane_lines(
    shown: Sequence[ProjectLane], index: int, session: Session, cells: int, *, lit: bool
) -> tuple[Content, Content]:
    """Draw the lanes beside a session; the name of its project may cover the lines of others."""
    above = below = BLANK
    whole = len(shown) * cells
    for lane in shown:
        inside = lane.newest < index < lane.oldest
        line = cut(t("  ", ("│", "line")) if inside else BLANK, cells)
        own = session.project == lane.project
        above += cut(t("  ", _sign(session, "accent" if lit else "text")), cells) if own else line
        below += line
    for place, lane in enumerate(shown):
        if session.project == lane.project:
            name = plain(both_ends(lane.project, whole - 3), "muted")
            start = max(2, min(place * cells + 2, whole - name.cell_length - 1))
            below = below[:start] + name + below[start + name.cell_length :]
    return above, below


def lanes(sessions: Sequence[Session]) -> list[ProjectLane]:
    """Return the lanes of the projects with the most sessions, the most recent first."""
    newest: dict[str, int] = {}
    oldest: dict[str, int] = {}
    for place, session in enumerate(sessions):
        if session.project:
            newest.setdefault(session.project, place)
            oldest[session.project] = place
    often = Counter(session.project for session in sessions if session.project).most_common(_LANES)
    return sorted((ProjectLane(p, newest[p], oldest[p]) for p, _ in often), key=lambda lane: lane.newest)


def _same(before: Sequence[Session], now: Sequence[Session]) -> bool:
    return len(before) == len(now) and all(one is other for one, other in zip(before, now, strict=True))


def _known(held: Session | None, outline: Session) -> Session:
    """Return the counts held of a session already, unless it has become another one."""
    if held is None or held is outline:
        return outline
    if held.whole and not outline.whole:
        return held if held.commits == outline.commits and held.after == outline.after else outline
    return held if held == outline else outline


def work_words(session: Session, width: int) -> str:
    """Tell the work of a session, as much of it as fits `width` cells: `4 learned, 1 decided, 2 edited`."""
    told: Counter[str] = Counter(_word(work.change, work.group) for work in session.work)
    said = [
        f"{told[word]:,} {word}" for word in ("learned", "decided", "open", "edited", "removed") if told[word]
    ]
    if not said and session.commits:
        return count_words(len(session.commits), "commit")
    while len(", ".join(said)) > width and len(said) > 1:
        said.pop()
    return ", ".join(said)


def _word(change: str, group: str) -> str:
    if change == "removed":
        return "removed"
    if group == "session":
        return ""  # its own state, which every session writes
    if group == "decision":
        return "decided"
    if change == "edited":
        return "edited"
    return "open" if group == "pending" else "learned" if group in _LEARNED else ""
