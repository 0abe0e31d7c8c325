"""The timeline: every session, newest first, its work, and its effect on the session state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from index.model.days import today
from tui.actions import Hint, bindings, key
from tui.data.day_counts import DayCount
from tui.data.search_rows import hinted
from tui.data.session_rows import Completed, Read, complete_sessions, read_sessions
from tui.requests import OpenAtCommit
from tui.runtime.threads import threaded
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t, tally
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.base.rule import Rule
from tui.widgets.base.search_line import Completions, SearchBox, SearchLine
from tui.widgets.base.title_line import TitleLine
from tui.widgets.sessions.brief_card import BriefCard
from tui.widgets.sessions.calendar import Calendar
from tui.widgets.sessions.session_list import SessionList
from tui.widgets.sessions.story import Story

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from textual.timer import Timer

    from index.model.entry import Entry
    from index.model.facets import Facets
    from index.sessions.model import Session

WIDE, FULL, TALL, LOW = 110, 150, 30, 24
"""Columns with room for the calendar, and for lanes; rows with room for the calendar, and for the card."""
AT_REST = 0.08
"""Seconds without a move after which the list rests; keys that repeat come every 0.03."""
NOTHING = nothing(
    "No session yet",
    "Sessions are told from the versions of the session state, the times of entries, and commits.",
)
NONE_FOUND = [
    *nothing("No session matches", "All terms must match one entry or the session.")[:-1],
    t((key("back"), "strong"), (" all sessions", "muted")),
]


class Timeline(EntryKeys):
    """A calendar above the sessions at the left, the story of the one under the cursor at the right."""

    CSS_PATH = "timeline.tcss"
    BINDINGS = bindings("accept", "calendar", "compare_now")
    HELP_TITLE = "Keys: timeline"
    PLACE = "timeline"
    AUTO_FOCUS = "#sessions"

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        """Of the last reading."""
        self._shown = ""
        """The query whose sessions are shown."""
        self._sessions: Sequence[Session] = ()
        """All sessions that were read for it; empty while they are still being read."""
        self._calendar_wanted: bool | None = None
        """Whether the user wants the calendar; None: where there is room."""
        self._rest: Timer | None = None
        """Runs out when the list has rested."""

    def compose_title(self) -> Iterable[Widget]:
        """Yield the title, and the search that takes its place."""
        self.search = SearchLine()
        yield TitleLine(id="title", classes="title")
        yield self.search
        yield Completions()

    def make_panes(self) -> ListAndPage:
        """Return calendar, sessions, and the story."""
        self._calendar, self._list, self._story = Calendar(), SessionList(), Story()
        self._above, self._beside = (BriefCard(short=True, classes="card") for _ in range(2))
        left = Vertical(self._above, self._calendar, Rule(id="rule-days"), self._list, id="left")
        right = Vertical(self._beside, Rule(id="rule-card"), self._story, id="right")
        self._panes = ListAndPage(self._list, self._story, left=left, right=right)
        return self._panes

    def on_mount(self) -> None:
        """Show the sessions, now and whenever the tree changes."""
        self._arrange()
        self._note(self._count((), done=False))
        self.watch(self.app, "generation", self._tree_changed, init=False)
        self.watch(self.app, "indexed", self._index_changed, init=False)
        self.watch(self, "focused", self._arrange, init=False)

    def on_screen_resume(self) -> None:
        """Read the changes made while another screen was in front, and go on where it was left."""
        self._read()
        self._look()

    def on_screen_suspend(self) -> None:
        """Leave the processor to the screen in front."""
        if self._rest is not None:
            self._rest.stop()
        self.workers.cancel_group(self, "complete")

    def _tree_changed(self) -> None:
        if self in self.app.screen_stack:
            self._read()

    def _index_changed(self) -> None:
        """Ask the query once more when all is indexed; in between, its answer would never come to an end."""
        if self.search.text.strip() and not self.context.status.task:
            self._tree_changed()

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys of the focused pane."""
        if focused is self.search.box:
            ways: Sequence[Hint] = (("down", "to the sessions"), self.search.tab) if self._list.count else ()
            return (*ways, ("back", "all sessions"))
        return super().footer_keys(focused) if self._list.count else ["search", "back"]

    @property
    def entry(self) -> Entry | None:
        """The entry that the line of the story under the cursor is about, as it is now."""
        spot = self._story.spot
        if spot is None or not self._story.region:
            return None
        return self.workspace.tree.snapshot.by_id.get(spot.entry_id)

    # ── layout ────────────────────────────────────────────────────────────────

    def on_resize(self) -> None:
        """Show the panes there is room for."""
        self._arrange()
        if self._sessions:
            self._read_cards(unread=True)

    def _arrange(self) -> None:
        size = self.app.size
        room = size.width >= WIDE and size.height >= TALL
        shown = room if self._calendar_wanted is None else self._calendar_wanted
        self._calendar.display = shown
        self._beside.display = shown and size.width >= WIDE and self._has_card
        self._above.display = not shown and size.width < WIDE and size.height >= LOW and self._has_card
        self.query_one("#rule-card").display = self._beside.display
        self.query_one("#rule-days").display = shown or self._above.display
        self._list.laned = size.width >= FULL
        if self.focused is not None and not self.focused.display:
            self.set_focus(self._story if self.focused is self._beside else self._list)
        searching = bool(self.search.text) or self.focused is self.search.box
        self.search.display = searching
        self.query_one(TitleLine).display = not searching

    @property
    def _has_card(self) -> bool:
        """Whether the card says anything, as far as that is known."""
        return all(card.brief is None or card.says_something for card in (self._above, self._beside))

    def action_calendar(self) -> None:
        """Show the calendar and go to it, or put it away."""
        self._calendar_wanted = not self._calendar.display
        self._arrange()
        (self._calendar if self._calendar_wanted else self._list).focus()

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self._number += 1
        self._stream(self._number, self.search.text.strip())

    @threaded("sessions")
    def _stream(self, number: int, text: str) -> None:
        worker, app, post, shown = get_current_worker(), self.context, self.post_message, self._sessions
        read_sessions(
            self.workspace, number, text, app.now(), post,
            lambda: worker.is_cancelled, app.turns.rest, shown,
        )  # fmt: skip

    @on(Read)
    def _show_sessions(self, message: Read) -> None:
        if message.number != self._number:
            return
        if message.done:
            self._read_cards()
        query = self.search.text.strip()
        if not message.done and query == self._shown and self._sessions:
            return  # read again: what is shown stays until all is known
        self._shown = query
        self._sessions = message.sessions if message.done else ()
        self._show(message.sessions, message.days, done=message.done)
        if message.hint:
            self._note(self._count(self._sessions, done=True) + hinted(message.hint))
        if message.gaps and message.sessions:
            self.tell(t(("! ", "warn"), plain(message.gaps)))
        if message.error:
            self._note(t(("! ", "warn"), plain(message.error)))
            if not query:
                self.tell(t(("▲ ", "err"), message.error), stay=True)

    def _show(self, sessions: Sequence[Session], days: Mapping[date, DayCount], *, done: bool) -> None:
        now = self.context.now()
        self._calendar.show(days, today(now))
        self._list.fill(sessions, now)
        if sessions and not self._shown:
            projects = {session.project for session in sessions if session.project}
            self.set_class(len(projects) < 2, "-single")  # without lanes, the story has their columns
        self._note(self._count(sessions, done=done))
        words = NONE_FOUND if self._shown else NOTHING
        self._panes.show_nothing(words if done and not sessions else ())
        self.refresh_keys()

    def _count(self, sessions: Sequence[Session], *, done: bool) -> Content:
        if not sessions:
            return BLANK if done else t(("loading …", "muted"))
        note = tally(len(sessions), "session")
        if not done:
            return note + t((" so far · reading …", "muted"))
        if self.app.size.width >= 70:
            first, last = sessions[-1].start.when, sessions[0].end.when
            note += t((f" · {dates.span(min(first, last), last)}", "muted"))
        return note

    def _note(self, note: Content) -> None:
        self.set_title(t(("Timeline", "strong"), ("  every project", "muted")), note)
        self.search.set_note(note)

    # ── looking into sessions ─────────────────────────────────────────────────

    @on(SessionList.Wanted)
    def _look(self) -> None:
        """Look into the sessions in view as soon as the list rests: paging through it needs the time."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(AT_REST, self._look_now)

    def _look_now(self) -> None:
        wanted = self._list.wanted()
        if wanted:
            self._complete(wanted)

    @threaded("complete")
    def _complete(self, wanted: Sequence[Session]) -> None:
        worker, post, rest = get_current_worker(), self.post_message, self.context.turns.rest
        complete_sessions(self.workspace, wanted, post, lambda: worker.is_cancelled, rest)

    @on(Completed)
    def _completed(self, message: Completed) -> None:
        self._list.complete(message.sessions)
        current = self._list.current
        if current is not None and any(session.key == current.key for session in message.sessions):
            self._story.fill(current, self.context.now())

    @on(RowList.Moved)
    def _moved(self, message: RowList.Moved) -> None:
        if message.rows is self._list:
            session = self._list.current
            self._list.when_painted(self._show_story)
            if session is not None and not session.whole:
                self._look()
        elif isinstance(message.rows, BriefCard):
            self._arrange()
        self.refresh_keys()

    def _show_story(self) -> None:
        session = self._list.current
        self._story.fill(session, self.context.now())
        if session is not None and not self._calendar.has_focus:
            self._calendar.day = session.end.when.date()

    @on(Calendar.Picked)
    def _picked(self, message: Calendar.Picked) -> None:
        self._list.go_to_day(message.day)
        if message.done:
            self._list.focus()

    def _read_cards(self, *, unread: bool = False) -> None:
        """Read the card that is shown, once the sessions are there; only if it is `unread`."""
        for card in (self._above, self._beside):
            if card.display and not (unread and card.brief is not None):
                card.read()

    # ── the search ────────────────────────────────────────────────────────────

    def search_here(self) -> bool:
        """Go to the search; the focus moves before this returns."""
        self._panes.show_list()
        self.search.display = True
        self.query_one(TitleLine).display = False
        self.search.begin()
        self.look_up("values", lambda workspace: workspace.search.facets(), self._complete_from)
        return True

    def _complete_from(self, facets: Facets | None) -> None:
        self.search.facets = facets

    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        self._read()

    @on(SearchBox.Leave)
    @on(Input.Submitted, "#query")
    def _to_sessions(self) -> None:
        self.set_focus(self._list)
        self._arrange()

    # ── going on ──────────────────────────────────────────────────────────────

    @on(RowList.Chosen)
    def _chosen(self, message: RowList.Chosen) -> None:
        if message.rows is self._story:
            self._open()
        elif isinstance(message.rows, BriefCard):
            self.context.show_entry(message.rows.entry_id)
        elif self._list.count:
            self._panes.read()

    def action_accept(self) -> None:
        """Go from a session to its story, from the story to the entry then."""
        (self._story if self.focused is self._story else self._list).action_accept()

    def action_compare_now(self) -> None:
        """Compare the entry of the story with its form now."""
        self._open(compare=True)

    def _open(self, *, compare: bool = False) -> None:
        spot = self._story.spot
        if spot is not None and (self.focused is self._story or compare):
            self.context.ask(OpenAtCommit(spot, compare))

    def action_copy(self) -> None:
        """Copy the session, or the entry that its story is at."""
        session = self._list.current
        if self.focused is self._story and self.entry is not None:
            super().action_copy()
        elif session is not None:
            from index.rendering.brief_markdown import session_text

            self.copy_text("\n".join(session_text(session)) + "\n", "the session")

    def action_back(self) -> None:
        """Go back to the sessions, to all of them, to the screen before."""
        if self.focused is self._story:
            self._panes.action_back()
        elif self.search.text or self.focused is self.search.box:
            self.search.text = ""
            self.set_focus(self._list)
            self._arrange()
        else:
            self.dismiss()
