"""Two versions of a file against each other, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from index.model.counts import count_words
from index.model.text.text_diff import DiffLine
from tui.actions import key
from tui.theme.drawing import BLANK, MEASURE, cut, kind_mark, plain, t, wrap
from tui.theme.labels import kind_label
from tui.widgets.history.compare_rows import FieldDiff, Heads, field_rows, one_head, source_rows, two_heads
from tui.widgets.history.compare_view import field_diffs

if TYPE_CHECKING:
    from index.history.file_log import FileVersion
    from index.model.entry import Entry

_HEADS = {"added": "Added", "removed": "Removed"}


class EntryDiff(NamedTuple):
    """An entry that differs."""

    how: str
    """`added`, `edited` or `removed`."""
    entry: Entry
    fields: Sequence[FieldDiff]
    """The fields that differ, of one that was edited."""


class FileComparison(NamedTuple):
    """Differences between two versions of a file."""

    before: FileVersion | None
    """The older one; None when there is none to compare with."""
    after: FileVersion
    entries: Sequence[EntryDiff]
    same: int
    """How many entries are the same."""
    source: Sequence[DiffLine]

    @property
    def alone(self) -> bool:
        """Whether only one side holds a file: then there is nothing to compare."""
        return self.before is None or self.before.deleted or self.after.deleted

    def rows(self, heads: Heads, width: int, *, beside: bool, source: bool) -> Iterable[Content]:
        """Lay the page out for a pane of `width` cells."""
        if self.alone:
            yield from one_head(heads, width)
            yield from source_rows(self.source, width) if source else _listed(self.entries, width)
            return
        yield from two_heads(heads, width, beside=beside and not source)
        yield from source_rows(self.source, width) if source else self._by_entry(width, beside)

    def _by_entry(self, width: int, beside: bool) -> Iterator[Content]:
        for change in self.entries:
            if change.how == "edited":
                yield _title(change.entry, width)
                yield BLANK
                yield from field_rows(change.fields, width, beside=beside)
        for how, head in _HEADS.items():
            some = [change for change in self.entries if change.how == how]
            if some:
                yield t("  ", (head, "head"), (f"  {len(some):,}", "muted"))
                yield from _listed(some, width)
                yield BLANK
        yield from _same(self, min(width - 6, MEASURE))


def compare_files(before: FileVersion | None, after: FileVersion, old: bytes, new: bytes) -> FileComparison:
    """Compare two versions of a file by their content; of large ones this takes a while."""
    from index.rendering import differences

    found = differences.compare_files(old, new, after.path)
    entries = [
        EntryDiff(one.how, one.entry, field_diffs(one.changes) if one.how == "edited" else ())
        for one in found.entries
    ]
    return FileComparison(before, after, entries, found.same, found.lines)


def _title(entry: Entry, width: int) -> Content:
    return _called(t("  ", kind_mark(entry.group), " ", plain(entry.title, "strong")), entry, width - 2)


def _listed(changes: Iterable[EntryDiff], width: int) -> Iterator[Content]:
    for change in changes:
        entry = change.entry
        yield _called(t("    ", kind_mark(entry.group), " ", plain(entry.title)), entry, width - 2)


def _called(title: Content, entry: Entry, room: int) -> Content:
    """Put the kind behind a title, where there is room for it."""
    kind = t((f"  {kind_label(entry.kind)}", "muted"))
    return cut(title + kind if title.cell_length + kind.cell_length <= room else title, room)


def _same(shown: FileComparison, room: int) -> Iterator[Content]:
    if shown.same:
        yield t("    ", (f"{count_words(shown.same, 'entry', 'entries')} unchanged", "strong"))
    if not shown.entries:
        what = "Only the layout differs, or what is around the entries" if shown.source else "Nothing differs"
        words = f"{what}; {key('source')} shows the lines."
        yield from (t("    ", line) for line in wrap(words, room, "muted"))
