"""Differences between two versions of a file or of an entry, as every front end tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from index.formats.registry import file_at, read_file, text_of
from index.model.counts import count_words
from index.model.entry import Entry
from index.model.field import FieldChange
from index.model.text.text_diff import DiffLine, diff_lines

if TYPE_CHECKING:
    from index.history.field_diff import EntryChange
    from index.model.merge_outcomes import MergeConflict


class FileDifference(NamedTuple):
    """The differences between two versions of a file."""

    entries: Sequence[EntryChange]
    same: int
    """Number of entries that do not differ."""
    lines: list[DiffLine]


class EntryDifference(NamedTuple):
    """The differences between two versions of an entry."""

    changes: tuple[FieldChange, ...]
    only: str = ""
    """Says how they are written differently, where they say the same."""


def file_lines(before: bytes | None, after: bytes | None, file: str) -> list[DiffLine]:
    """Return the diff of a file from its bytes before and after, None where there is none."""
    return diff_lines(text_of(before, file), text_of(after, file))


def compare_files(before: bytes, after: bytes, file: str) -> FileDifference:
    """Compare two versions of a file by their content; of large ones this takes a while."""
    from index.history.field_diff import compare_entries

    was, now = (read_file(data, file).entries for data in (before, after))
    return FileDifference(*compare_entries(was, now), file_lines(before, after, file))


def compare_entry(
    before: Entry | None, after: Entry | None, sources: tuple[str, str] | None = None
) -> EntryDifference:
    """Compare two versions of an entry by their fields, and where none differs by their sources."""
    from index.history.field_diff import compare, only_in_source

    changes = compare(before, after)
    return EntryDifference(changes, only_in_source(*sources) if sources and not changes else "")


MOST = 50_000
"""Characters of a side that is read as an entry; a longer one is shown as it is."""


@lru_cache(maxsize=16)  # drawn again at every key
def sides_by_field(
    place: str, sources: tuple[str | None, ...], label: Callable[[str], str] = str
) -> tuple[str | None, ...]:
    """Return the sides of a conflict as they are read: fields, each with its label.

    They stay source where one of them reads as no entry, or where they differ in what no field tells.

    Args:
        place: id of the entry, or path of a file, which stays source.
        sources: the source of each side; None where there is none.
    """
    file = file_at(place)
    held = [source for source in sources if source is not None]
    if file == place or max(map(len, held), default=0) > MOST:
        return sources
    told = {source: _by_field(file, source, label) for source in held}
    if not all(told.values()) or len({*told.values()}) < len(told):
        return sources
    return tuple(None if source is None else told[source] for source in sources)


def _by_field(file: str, source: str, label: Callable[[str], str]) -> str:
    """Return the fields of an entry, one below the other; empty where it reads as none."""
    entries = read_file(source.encode("utf-8", "replace"), file).entries
    return "\n".join(_field(label(f.name), f.text) for f in entries[0].fields) if entries else ""


def _field(name: str, text: str) -> str:
    """Return a field in one line, or as many as it has, below its label."""
    return f"{name}:\n{text}" if "\n" in text else f"{name}: {text}"


def conflict_lines(conflict: MergeConflict) -> Iterator[str]:
    """Yield a conflict in lines: its place, and both sides.

    A whole entry is told by all of its fields; any other side by its first line and the number of the others.
    """
    yield f"{conflict.entry}  {conflict.field}".rstrip()
    sources = conflict.ours, conflict.base, conflict.theirs
    sides = sources if conflict.field else sides_by_field(conflict.entry, sources)
    for name, side, source in zip(("ours:", "", "theirs:"), sides, sources, strict=True):
        if name and side != source:
            yield f"    {name}"
            yield from (f"        {line}".rstrip() for line in (side or "").split("\n"))
        elif name:
            yield f"    {name:7} {_first_line(side)}"


def _first_line(text: str | None) -> str:
    if text is None:
        return "deleted"
    line, _, more = text.strip().partition("\n")
    return f"{line} … ({count_words(more.count(chr(10)) + 1, 'more line')})" if more else line
