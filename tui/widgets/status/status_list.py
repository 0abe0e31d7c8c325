"""List of the status: drafts first, then the edits that no commit has, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from tui.actions import Hint
from tui.theme import dates
from tui.theme.drawing import CHANGE, bar, place, plain, t
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.history.uncommitted import UncommittedChange, UncommittedFile
    from index.model.draft import Draft


class StatusRow(NamedTuple):
    """One row: a draft, an entry that is not committed, or a file in which no entry differs."""

    draft: Draft | None = None
    item: UncommittedFile | None = None
    change: UncommittedChange | None = None

    @property
    def entry_id(self) -> str:
        """The id of the entry it is about, empty for a file."""
        if self.draft is not None:
            return self.draft.entry
        return self.change.entry.id if self.change is not None else ""

    @property
    def title(self) -> str:
        """Title of the entry, or path of the file."""
        if self.draft is not None:
            return self.draft.title
        if self.change is not None:
            return self.change.entry.title
        return self.item.path.rpartition("/")[2] if self.item is not None else ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identity among the rows: draft token, path, entry id; empty where it has none."""
        token = f"{self.draft.sort} {self.draft.token}" if self.draft is not None else ""
        return token, self.item.path if self.item is not None else "", self.entry_id


def rows_of(drafts: Sequence[Draft], items: Sequence[UncommittedFile]) -> Iterator[StatusRow]:
    """Yield the rows of drafts and files."""
    yield from (StatusRow(draft) for draft in drafts)
    for item in items:
        yield from [StatusRow(item=item, change=change) for change in item.entries] or [StatusRow(item=item)]


class StatusList(RowList[StatusRow]):
    """Two lines a row: the entry; its changes, and its file."""

    HELP_TITLE = "Keys: status"

    def __init__(self) -> None:
        super().__init__(id="changes")
        self._now: datetime | None = None

    def fill(self, rows: Sequence[StatusRow], now: datetime) -> None:
        """Show these rows; the cursor stays on its own."""
        self._now = now
        self.list_items(rows)

    def key(self, item: StatusRow) -> tuple[str, str, str]:
        """Return the key of a row."""
        return item.key

    def keys(self) -> Sequence[Hint]:
        """Return the keys for the row under the cursor."""
        row = self.current
        if row is None:
            return ["back"]
        if row.draft is not None:
            return [("accept", "resume"), ("delete", "discard"), "copy", "back"]
        every: list[Hint] = (
            [("commit_all", "all")] if len({r.item.path for r in self.items if r.item}) > 1 else []
        )
        entry: list[Hint] = ["source", "edit", "copy"] if row.change is not None else []
        return [("accept", "commit"), *every, "restore", *entry, "back"]

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a row."""
        row = self.items[index]
        name = row.title if row.entry_id or row.item is None else place(row.item.path, "", width - 4).plain
        title = plain(name, "strong" if current else "text")
        if row.draft is not None:
            names = ", ".join(name or "source" for name in row.draft.fields) or "commit message"
            when = datetime.fromtimestamp(row.draft.when, UTC)
            ago = dates.ago(when, self._now, clock=True) if self._now is not None else ""
            about = bar(width, t("   ", plain(f"draft: {names}", "muted")), t((f"  {ago} ", "muted")))
            return [t(" ", ("!", "warn"), " ", title).truncate(width - 1, ellipsis=True), about]
        item, change = row.item, row.change
        assert item is not None
        sign = CHANGE[change.how if change is not None else item.how]
        head = t(" ", sign, " ", title).truncate(width - 1, ellipsis=True)
        if change is None:
            how = item.summary if item.how == "changed" else f"{item.how} file"
            return [head, bar(width, t("   ", plain(how, "muted")), t(" "))]
        words = t("   ", plain(dates.reword(change.words), "muted"))
        room = width - words.cell_length - 3
        fits = cell_len(item.path.rpartition("/")[2]) + 2 <= room
        return [head, bar(width, words, t("  ", place(item.path, "", room), " ") if fits else t(" "))]
