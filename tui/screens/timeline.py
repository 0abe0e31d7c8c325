"""What happened when: entries and commits by day, newest first."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerState, get_current_worker

from index.memory.entries import Entry
from tui.actions import Hint, bindings
from tui.look import BLANK, empty_state, t
from tui.screens.entry_keys import EntryKeys
from tui.widgets.day_list import Calendar, DayList, Listing, commit_rows, day_label, make_listing
from tui.widgets.lines import Lines
from tui.widgets.pane import Hair
from tui.widgets.preview import Preview
from tui.widgets.row_list import RowList
from tui.widgets.rule import Rule

if TYPE_CHECKING:
    from index.history.log import Revision

FIRST = 50
"""Commits after which the first are shown; each later batch is as large as all before it."""
EMPTY = (
    t(("Nothing has a date yet", "strong")),
    BLANK,
    t(("Entries appear here by their timestamps, commits", "muted")),
    t(("by the day they were made.", "muted")),
    BLANK,
    t(("esc", "strong"), (" back", "muted")),
)


class Read(Message):
    """The days, with the commits that are known so far."""

    def __init__(self, number: int, listing: Listing, error: str = "") -> None:
        super().__init__()
        self.number, self.listing, self.error = number, listing, error

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, Read) and message.number == self.number


class Timeline(EntryKeys):
    """A calendar above the days at the left, the entry or commit under the cursor at the right."""

    CSS_PATH = "timeline.tcss"
    BINDINGS = bindings("accept")
    HELP_TITLE = "Keys in the timeline"
    AUTO_FOCUS = "#days"

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self._reading = False
        """Narrow: the entry or commit stands in the place of the list."""

    def compose_panes(self) -> Iterable[Widget]:
        """Yield calendar, days, and what is shown of them."""
        self._calendar, self._list = Calendar(), DayList()
        self._preview, self._commit = Preview(id="preview"), Lines(id="commit")
        yield Vertical(self._calendar, Rule(id="rule-days"), self._list, id="left")
        yield Hair(self._list, id="hair")
        yield self._preview
        yield self._commit

    def on_mount(self) -> None:
        """Show the days, now and whenever the tree changes."""
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> list[Hint]:
        """Return the keys of what is under the cursor."""
        if self.entry is None:
            return ["back"]
        return ["accept", "edit", "edit_file", "copy", ("next", "next pane"), "back"]

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        row = self._list.current
        return row.entry if row is not None else None

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self._number += 1
        self._stream(self._number)

    @work(thread=True, exclusive=True, exit_on_error=False, group="commits")
    def _stream(self, number: int) -> None:
        """Read days and commits; they are posted when there are twice as many, to keep the cost linear."""
        from index.history.errors import Refused

        worker, workspace = get_current_worker(), self.app.workspace
        if workspace is None:
            return
        days = workspace.days()
        found: list[Revision] = []
        batch, shown_at, error = FIRST, time.monotonic(), ""
        self.post_message(Read(number, make_listing(days, found)))
        try:
            for revision in workspace.commits():
                if worker.is_cancelled:
                    return
                found.append(revision)
                if len(found) >= batch or time.monotonic() - shown_at > 1:
                    self.post_message(Read(number, make_listing(days, found)))
                    batch, shown_at = len(found) * 2, time.monotonic()
        except (Refused, OSError) as refused:
            error = str(refused)
        self.post_message(Read(number, make_listing(days, found), error))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong."""
        if event.state is WorkerState.ERROR:
            self.tell(t(("▲", "err"), f" This did not work: {event.worker.error}"), stay=True)

    @on(Read)
    def _show_rows(self, message: Read) -> None:
        if message.number != self._number:
            return
        now, (rows, counts) = self.app.now(), message.listing
        self._calendar.show({day: entries for day, (entries, _) in counts.items() if entries}, now.date())
        self._list.fill(message.listing, now.year)
        self._show_title(message.listing)
        self.set_class(not rows, "-empty")
        if not rows:
            height = self.query_one("#panes").size.height or self.app.size.height - 6
            self._show_page(self._commit)
            self._commit.show(lambda width: empty_state(EMPTY, width, height, 50))
        if message.error:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
        self.refresh_keys()

    # ── what is shown ─────────────────────────────────────────────────────────

    def _show_title(self, listing: Listing) -> None:
        note = BLANK
        if listing.rows:
            year = self.app.now().year
            first, last = day_label(listing.rows[-1].day, year)[4:], day_label(listing.rows[0].day, 0)[4:]
            entries = sum(entries for entries, _ in listing.counts.values())
            commits = sum(commits for _, commits in listing.counts.values())
            note = t(
                (f"{entries:,}", "strong"),
                (" entry · " if entries == 1 else " entries · ", "muted"),
                (f"{commits:,}", "strong"),
                (" commit" if commits == 1 else " commits", "muted"),
            )
            if self.app.size.width >= 70:
                note += t((f" · {first} to {last}", "muted"))
        self.set_title(t(("Timeline", "strong"), ("  every project", "muted")), note)

    @on(RowList.Moved)
    def _moved(self) -> None:
        row = self._list.current
        if row is None:
            return
        self._calendar.day = row.day
        if row.entry is not None:
            self._show_page(self._preview)
            self._preview.show_entry(row.entry, self.app.now())
        elif row.revision is not None:
            revision = row.revision
            self._show_page(self._commit)
            self._commit.show(lambda width: commit_rows(revision, width, self.app.now()))
        self.refresh_keys()

    def _show_page(self, page: Lines) -> None:
        self.set_class(page is self._commit, "-commit")

    @on(Calendar.Picked)
    def _picked(self, message: Calendar.Picked) -> None:
        self._list.go_to_day(message.day)
        self._list.focus()

    # ── going on ──────────────────────────────────────────────────────────────

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Show the entry where entries are read; a commit is read here."""
        if self.entry is not None:
            self.app.show_entry(self.entry.id)
        else:
            self._open(True)

    def _open(self, reading: bool) -> None:
        self._reading = reading
        self.set_class(reading, "-reading")
        page = self._commit if self.has_class("-commit") else self._preview
        (page if reading else self._list).focus()

    def action_back(self) -> None:
        """Go back to the list, or to the screen before."""
        if self._reading and self.has_class("-page"):
            self._open(False)
        else:
            self.dismiss()
