"""Differences between two versions of a file or of an entry, as every front end tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.formats.registry import read_file, text_of
from index.model.entry import Entry
from index.model.field import FieldChange
from index.model.text.text_diff import DiffLine, diff_lines

if TYPE_CHECKING:
    from index.history.field_diff import EntryChange


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
