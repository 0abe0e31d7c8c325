"""The result list: two lines an entry, the matches lit; and the ways on when there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Unpack

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from index.model.news import News
from tui.actions import key
from tui.context import context_of
from tui.data.search_rows import NONE_RELATED, RelatedRows
from tui.theme import dates
from tui.theme.drawing import (
    BLANK,
    MARK,
    WORD,
    bar,
    cut,
    empty_state,
    hot,
    level_role,
    place,
    plain,
    t,
    tinted,
    wrap,
)
from tui.theme.labels import kind_label
from tui.theme.lighting import lit
from tui.widgets.base.drawn import Options
from tui.widgets.browse.mark_list import MarkList
from tui.widgets.browse.page_links import FOLLOWING
from tui.widgets.browse.sort_head import head_line

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry
    from tui.data.search_rows import EntryRow

WITH_PROJECT, WITH_SNIPPET, WITH_KIND_ALONE = 56, 66, 50
"""From these widths on the second line names the project, shows some text, and that behind a kind alone."""

_ALIGNED = 200
"""Rows whose dates decide how wide their column is."""
_CLAUSE = re.compile(r"[,;:(.]")
_WITH_HEAD = 10
"""Lines of the pane from which the heads of the columns are above the rows."""
EMPTY_MEASURE = 54
"""Columns of the text in the place of rows."""
_WORDS = 50
"""Columns of the screen from which on the keys above a page are told in words."""


class Results(MarkList[Any]):
    """Any number of entries; those that are not loaded yet are asked for when they come into view."""

    HELP_TITLE = "Keys: results"
    HELP_EXAMPLES = FOLLOWING
    MARKED = (
        "delete",
        "move",
        "copy",
        ("back", "unmark all"),
        "change_marked",
        ("rename_tag", "tag"),
        ("range", "range"),
        "export",
        "duplicate",
    )
    """The keys while entries are marked: these take all of them."""
    FOOTER = (
        "search",
        "accept",
        "edit",
        "add",
        "history",
        "copy",
        "source",
        "order",
        "timeline",
        "problems",
        "next",
    )

    NO_HITS = (("accept", "use first"), "search", "timeline", "problems", "reload")

    NO_ENTRIES = ("add", "timeline", "problems", "reload")

    class Wanted(Message):
        """Rows are in view that are not loaded."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count
            """How many rows are needed, from the first."""

    class Tried(Message):
        """Another query was chosen."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    class Ordered(Message):
        """Another order was chosen."""

        def __init__(self, order: str) -> None:
            super().__init__()
            self.order = order

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.rows: Sequence[EntryRow] = ()
        """The rows that are loaded; the list may be longer."""
        self.empty: list[Content] = []
        """Lines to show when there are no rows."""
        self.proposals: list[str] = []
        """Queries to try when there are no rows, the best first."""
        self._hits = 0
        """The number of hits, loaded or not; the related come after them and their heading."""
        self._related = NONE_RELATED
        self._now = datetime.now(UTC)
        self._asked = 0
        self._date = 0
        """Cells of the column with the dates."""
        self._lit = False
        self._order = "date"
        self._ranked = False
        self._by_now: Callable[[str], str] = str
        """From the ids of the rows to those that their entries have by now."""
        self.news = News()
        """Entries that are marked as new in its rows."""

    def fill(
        self,
        rows: Sequence[EntryRow],
        total: int,
        now: datetime,
        *,
        current: str = "",
        stays: bool = False,
        related: RelatedRows | None = NONE_RELATED,
    ) -> None:
        """Show rows of `total`, with the cursor on the entry whose id is `current`, else on the first.

        Where that entry is gone, or is not loaded and the cursor `stays`, it stays at its place.
        Below come the `related`; None leaves those there are.
        """
        self.follow(self._by_now)
        if (workspace := context_of(self).workspace) is not None:
            self._by_now = workspace.tree.successors.from_now()
        with self.other_rows():
            self.rows, self._now, self._asked = rows, now, 0
            self.empty, self.proposals = [], []
            self._hits = total
            whens = [row.entry.when for row in rows[:_ALIGNED]]
            self._date = max((len(dates.short(when, now)) for when in whens if when is not None), default=0)
            self._related = (self._related if related is None else related).besides(rows)
        place = next((n for n, row in self.loaded() if row.id == current), self.cursor)
        stays = stays or bool(current)
        self.show(self._lines, place if stays else 0, keep=stays)

    def set_order(self, order: str, *, ranked: bool, lit: bool) -> None:
        """Tell of the rows that are filled in next.

        Args:
            order: their order.
            ranked: they match a query more or less.
            lit: words were searched for: the second line is what an entry says with them.
        """
        self._order, self._ranked, self._lit = order, ranked, lit

    def extend(self, rows: Sequence[EntryRow], total: int) -> None:
        """Show more rows of the same answer; cursor and view stay."""
        self.rows, self._asked = rows, 0
        self._hits, self._related = total, self._related.besides(rows)
        self.show(self._lines, self.cursor, keep=True)

    def clear(self, empty: Sequence[Content], proposals: Sequence[str] = ()) -> None:
        """Show no rows, but lines of text, and queries to try instead."""
        with self.other_rows():
            self.rows, self.empty, self.proposals = (), list(empty), list(proposals)
            self._hits, self._related = 0, NONE_RELATED
        self.show(0)

    @property
    def _lines(self) -> int:
        """The number of rows, that of the heading too."""
        return self._hits + (1 + len(self._related.rows) if self._related.words else 0)

    def _at(self, index: int) -> EntryRow | None:
        """Return the entry of a row; None for the heading, and where it is not loaded."""
        rows, place = (
            (self.rows, index) if index < self._hits else (self._related.rows, index - self._hits - 1)
        )
        return rows[place] if 0 <= place < len(rows) else None

    def loaded(self) -> Iterator[tuple[int, EntryRow]]:
        """Yield the rows that are loaded, each with its place."""
        yield from enumerate(self.rows)
        yield from enumerate(self._related.rows, self._hits + 1)

    @property
    def on_top(self) -> bool:
        """Whether the cursor is on the first entry."""
        return self.cursor == self.validate_cursor(0)

    @property
    def where(self) -> str:
        """The place of the current entry among all: `3 of 17`."""
        heading = bool(self._related.words)
        place = self.cursor + 1 - (heading and self.cursor > self._hits)
        return f"{place:,} of {self.count - heading:,}"

    def way_back(self) -> tuple[Content, Content]:
        """Return the title of the page of the current row: the way back here, and the keys."""
        back = hot(t(("‹ ", "accent"), ("Results", "muted")), "left")
        words = " next, previous" if self.app.size.width >= _WORDS else ""
        keys = t((f"{key('next_item')} {key('previous_item')}", "strong"), (words, "muted"))
        return t(back, (f"   {self.where}", "muted")), keys if self.count > 1 else BLANK

    def go_to(self, entry_id: str) -> bool:
        """Put the cursor on an entry; False when it is not among the rows, or only as a deleted one."""
        there = (n for n, row in self.loaded() if row.id == entry_id and row.deleted is None)
        place = next(there, -1)
        if place >= 0:
            self.cursor = place
        return place >= 0

    def is_stop(self, index: int) -> bool:
        """Whether a row is an entry's: the heading of the related is none."""
        return not (self._related.words and index == self._hits)

    def entry_of(self, row: EntryRow) -> tuple[str, Deleted | None]:
        """Return the id of a row's entry, and how it was deleted if it was."""
        return row.id, row.deleted

    @property
    def current(self) -> Entry | None:
        """The entry the cursor is on."""
        row = self._at(self.cursor)
        return row.entry if row is not None else None

    @property
    def current_id(self) -> str:
        """The id that the current entry has by now; empty without one."""
        return self._by_now(self.current.id) if self.current is not None else ""

    @property
    def gone(self) -> Deleted | None:
        """Who deleted the current entry, and when; None when it is there."""
        row = self._at(self.cursor)
        return row.deleted if row is not None else None

    # ── drawing ───────────────────────────────────────────────────────────────

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Return title and second line of an entry."""
        hit = self._at(index)
        if hit is None and index == self._hits:
            return self._heading(width)
        if hit is None:
            self._want(index)
            return (t("   ", ("loading …", "muted")) if current else BLANK, BLANK)
        entry = hit.entry
        title = lit(Content.styled(entry.title, "strong" if current else "text"), hit.title_spans)
        marked = self.is_marked(index, hit)
        glyph = "✓" if marked else MARK[entry.group]
        mark = t(" ", tinted(glyph, "accent" if marked or (current and focused) else ""), " ")
        columns = context_of(self).config.columns
        dated = entry.when is not None and "date" in columns
        date = dates.short(entry.when, self._now) if dated and entry.when is not None else ""
        shown_level = entry.level if "level" in columns else None
        level = t("  ", (f"L{shown_level}", level_role(shown_level)), "  ") if shown_level else t("  ")
        right = t(level, (f"{date:>{self._date}}", "muted"), " ") if date or shown_level else Content(" ")
        if hit.deleted is not None:
            right = t((f"  deleted {dates.short(hit.deleted.when, self._now)}", "warn"), " ")
        about = self._second(hit, width - 3 - right.cell_length, width + 1)
        second = t(" ", self._mark(entry.id), " ", about)
        return (cut(t(mark, title), width - 1), bar(width, second, right))

    def _heading(self, width: int) -> Sequence[Content]:
        """Return the two lines between the hits and the related entries, or why there are none."""
        related = self._related
        if related.rows:
            return (BLANK, t("   ", (related.words, "head")))
        return [t("   ", line) for line in wrap(plain(related.words, "muted"), width - 5)[:2]]

    def _mark(self, entry_id: str) -> Content:
        """Return the mark of an entry that is new to the user, or changed."""
        if entry_id in self.news.added:
            return t(("+", "ok"))
        return t(("±", "accent")) if entry_id in self.news.changed else t(" ")

    def show_news(self, news: News) -> None:
        """Mark the entries the user has not seen."""
        self.news = news
        self.refresh()

    def _second(self, hit: EntryRow, room: int, width: int) -> Content:
        entry = hit.entry
        if self._order == "file":
            return place(entry.file, f":{entry.line}", room)
        if self._lit:
            text, spans = hit.snippet_of(room)
            if text:
                return lit(Content.styled(text, "muted"), spans)
        columns = context_of(self).config.columns
        parts = {
            "kind": WORD.get(entry.group) or kind_label(entry.kind).lower(),
            "topic": what(entry),
            "project": entry.project if width >= WITH_PROJECT else "",
        }
        line = BLANK
        for name, part in parts.items():
            if part and name in columns:
                line += (t((" · ", "faint")) if line.plain else BLANK) + plain(part, "muted")
        enough = WITH_SNIPPET if parts["topic"] else WITH_KIND_ALONE
        if "snippet" in columns and width >= enough and line.cell_length < room - 12:
            text, _ = hit.snippet_of(room - line.cell_length - 3)
            if text:
                line += t((" · ", "faint"), plain(dates.reword(text), "muted"))
        return line

    @property
    def head_height(self) -> int:
        """One line, where there are rows and room for it."""
        return 1 if self.count and self.content_size.height >= _WITH_HEAD else 0

    def paint_head(self, y: int, width: int) -> Strip:
        """Paint the heads of the columns."""
        line = head_line(width - 1, self._order, ranked=self._ranked, dates=self._date)
        return self.tones.strip(t(" ", line), width, self.visual_style)

    def _want(self, index: int) -> None:
        if index >= self._asked:
            self._asked = index + 1 + self.room
            self.post_message(self.Wanted(self._asked))

    def render_line(self, y: int) -> Strip:
        """Paint a line of a row, or of the text in their place."""
        if self.count or not self.empty:
            return super().render_line(y)
        width, height = self.content_size
        lines = empty_state(self.empty, width, height, EMPTY_MEASURE)
        return self.tones.strip(lines[y] if y < len(lines) else BLANK, width, self.visual_style)

    # ── another query ─────────────────────────────────────────────────────────

    def action_accept(self) -> None:
        """Open the entry; when nothing was found, take the first proposal."""
        if not self.count and self.proposals:
            self.post_message(self.Tried(self.proposals[0]))
        else:
            super().action_accept()

    async def on_click(self, event: events.Click) -> None:
        """Go to the row under the mouse, or take the proposal there."""
        query, order = (event.style.meta.get(name) for name in ("query", "order"))
        if query is not None or order is not None:
            event.stop()
            self.post_message(self.Ordered(str(order)) if query is None else self.Tried(query))


def what(entry: Entry) -> str:
    """Return the one word that tells an entry from others of its group."""
    if entry.group in ("decision", "pending"):
        return _first_words(entry.status) or next(iter(entry.tags), "")
    found = next(iter((*entry.tech, *entry.tags)), "")
    if not found and entry.group != "knowledge":
        found = _first_words(entry.status)
    return found or (PurePosixPath(entry.file).stem if entry.group in ("knowledge", "session") else "")


def _first_words(status: str) -> str:
    """Return the first clause of a status: `in progress, green on staging` is in progress."""
    return _CLAUSE.split(status, maxsplit=1)[0].strip()
