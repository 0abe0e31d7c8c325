"""The entries that were in the tree once, the last deleted first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tui.actions import Hint
from tui.theme import dates
from tui.theme.drawing import BLANK, WORD, bar, kind_mark, plain, t, tinted
from tui.theme.labels import kind_label
from tui.theme.lighting import lit
from tui.widgets.browse.mark_list import MarkList

if TYPE_CHECKING:
    from index.model.entry import Deleted
    from tui.data.search_rows import Spans


class DeletedList(MarkList["Deleted"]):
    """Two lines an entry: its title; its kind, who deleted it and when."""

    HELP_TITLE = "Keys: deleted entries"
    FOOTER: Sequence[Hint] = (
        ("accept", "show"),
        "restore",
        "search",
        ("choose", "mark"),
        "history",
        "copy",
        "back",
    )
    MARKED: Sequence[Hint] = ("restore", "copy", "range", ("back", "unmark all"))
    """The keys while entries are marked: these take all of them."""

    def __init__(self) -> None:
        super().__init__(id="gone")
        self.complete = False
        self._now: datetime | None = None
        self._spans: Spans | None = None

    def fill(
        self, gone: Sequence[Deleted], now: datetime, *, complete: bool, spans: Spans | None = None
    ) -> None:
        """Show the entries found so far, lit where `spans` says; the cursor stays on its entry."""
        self.complete, self._now, self._spans = complete, now, spans
        with self.other_rows():
            self.list_items(gone)

    def key(self, item: Deleted) -> tuple[str, str]:
        """Return the key of a deleted entry."""
        return item.rev, item.entry.id

    def entry_of(self, row: Deleted) -> tuple[str, Deleted]:
        """Return the id of an entry, and how it was deleted."""
        return row.entry.id, row

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw an entry."""
        gone, now = self.items[index], self._now
        entry = gone.entry
        marked = tinted("✓", "accent") if self.is_marked(index, gone) else None
        mark = marked or kind_mark(entry.group, "accent" if current and focused else "")
        words = Content.styled(entry.title, "strong" if current else "text")
        title = t(" ", mark, " ", lit(words, self._spans(entry.title)) if self._spans else words)
        kind = WORD.get(entry.group) or kind_label(entry.kind).lower()
        about = t("   ", (f"{kind} · by ", "muted"), plain(gone.author, "muted"))
        when = t((f"  {dates.short(gone.when, now)} ", "muted")) if now is not None else BLANK
        return [title.truncate(width - 1, ellipsis=True), bar(width, about, when)]

    def tail(self) -> Sequence[Content]:
        """Return the note below the last entry, while the search goes on or where it found nothing."""
        if self.complete and self.count:
            return ()
        return BLANK, t("    ", ("nothing found" if self.complete else "looking further back …", "muted"))
