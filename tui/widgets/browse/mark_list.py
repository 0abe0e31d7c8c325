"""A list whose rows can be marked: the next action takes the marked ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar, Unpack

from textual import events
from textual.message import Message

from tui.actions import bindings
from tui.widgets.base.drawn import Options
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.model.entry import Deleted

Row = TypeVar("Row")
_Key = tuple[str, str]
"""The commit that deleted an entry, empty for one that is there, and its id."""


class Mark(NamedTuple):
    """A marked entry."""

    id: str
    gone: Deleted | None
    """The entry as it was deleted; None for one that is there."""
    shown: bool
    """Whether it is among the rows that are loaded now."""


class MarkList(RowList[Row]):
    """Rows that are marked one by one, or as a range that follows the cursor.

    The marks are those of entries, not of rows: they stay when other rows are shown.
    """

    BINDINGS = bindings("choose", "range")

    class Marked(Message):
        """Other entries are marked than before."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._kept: dict[_Key, Deleted | None] = {}
        """The marks, in the order they were made, without those of the range."""
        self._shown: frozenset[_Key] | None = None
        """The entries of the rows that are loaded; None until that is asked for."""
        self._from: int | None = None
        """The row where the range begins that the cursor draws; None without one."""

    def show(self, count: int, cursor: int = 0, *, keep: bool = False) -> None:
        """Show other rows."""
        self._shown = None
        super().show(count, cursor, keep=keep)

    def loaded(self) -> Iterable[tuple[int, Row]]:
        """Return the rows that are loaded, each with its place."""
        return enumerate(self.items)

    def entry_of(self, row: Row) -> tuple[str, Deleted | None]:
        """Return the id of a row's entry, and how it was deleted if it was."""
        raise NotImplementedError

    # ── what is marked ────────────────────────────────────────────────────────

    def marks(self) -> list[Mark]:
        """Return the marked entries, in the order they were marked; those of the range last."""
        marked = self._all()
        if marked and self._shown is None:
            self._shown = frozenset(self._key(row) for _, row in self.loaded())
        return [Mark(key[1], gone, key in (self._shown or ())) for key, gone in marked.items()]

    @property
    def ranging(self) -> bool:
        """Whether the cursor draws a range."""
        return self._from is not None

    @property
    def range_is_loaded(self) -> bool:
        """Whether all rows of the range are loaded, so that `marks` has all of them."""
        places = {place for place, _ in self.loaded()}
        return all(place in places for place in self._range() if self.is_stop(place))

    def is_marked(self, place: int, row: Row) -> bool:
        """Whether a row's entry is marked."""
        return place in self._range() or self._key(row) in self._kept

    def unmark(self) -> None:
        """Take all marks away."""
        self._kept, self._from = {}, None
        self._changed()

    def follow(self, now: Callable[[str], str]) -> None:
        """Hold the marks of entries under the ids that these have `now`."""
        self._kept = {(rev, name if rev else now(name)): gone for (rev, name), gone in self._kept.items()}

    def _all(self) -> dict[_Key, Deleted | None]:
        within = self._range()
        if not within:
            return self._kept
        rows = (row for place, row in self.loaded() if place in within)
        return self._kept | {self._key(row): self.entry_of(row)[1] for row in rows}

    def _key(self, row: Row) -> _Key:
        entry_id, gone = self.entry_of(row)
        return gone.rev if gone is not None else "", entry_id

    def _range(self) -> range:
        """Return the places of the range."""
        if self._from is None or not self.count:
            return range(0)
        return range(min(self._from, self.cursor), max(self._from, self.cursor) + 1)

    def _changed(self) -> None:
        self.refresh()
        self.post_message(self.Marked())

    # ── marking ───────────────────────────────────────────────────────────────

    def action_choose(self) -> None:
        """Mark the current row, or take its mark away, and go on to the next; end a range."""
        if self.ranging:
            self.end_range()
        elif self._toggle():
            self.go(1)

    def action_range(self) -> None:
        """Mark from the current row on as far as the cursor goes; end that with the marks kept."""
        if self.ranging:
            self.end_range()
        elif any(place == self.cursor for place, _ in self.loaded()):
            self._from = self.cursor
            self._changed()

    def end_range(self) -> None:
        """Keep the marks of the range, and no longer follow the cursor."""
        if self.ranging:
            self._kept, self._from = self._all(), None
            self._changed()

    def _toggle(self) -> bool:
        """Mark the current row, or take its mark away; False where there is none."""
        row = next((row for place, row in self.loaded() if place == self.cursor), None)
        if row is None:
            return False
        key = self._key(row)
        if key in self._kept:
            del self._kept[key]
        else:
            self._kept[key] = self.entry_of(row)[1]
        self._changed()
        return True

    @contextmanager
    def other_rows(self) -> Iterator[None]:
        """Within it other rows come: a range goes on from its first one, or where that is gone, ends."""
        before = {place: self._key(row) for place, row in self.loaded() if place == self._from}
        marks = self._all()
        yield
        if self.ranging:
            first = before.get(self._from if self._from is not None else -1)
            place = next((place for place, row in self.loaded() if self._key(row) == first), None)
            self._kept = self._kept if place is not None else marks
            self._from = place

    def watch_cursor(self, old: int, new: int) -> None:
        """Show the row the cursor went to, and the range as far as it."""
        if self.ranging:
            self._changed()
        super().watch_cursor(old, new)

    def on_blur(self) -> None:
        """End the range: the cursor is elsewhere. Textual calls the handler of the base, too."""
        self.end_range()

    async def on_click(self, event: events.Click) -> None:
        """Go to a row; with shift, mark all rows as far as it, with ctrl mark it or take its mark away."""
        place = self.line_at(event.y) // self.row_height
        if (
            not 0 <= place < self.count
            or event.y < self.head_height
            or not (event.shift or event.ctrl or event.meta)
        ):
            return  # Textual calls the handler of the base, too
        event.stop()
        event.prevent_default()
        if event.shift:
            self._from = self.cursor if self._from is None else self._from
            self.cursor = place
        else:
            self.end_range()
            self.cursor = place
            self._toggle()
