"""Merging the memory files of two commits, each from three versions of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.base import Choices, Merged, Sides
from index.formats.registry import format_of
from index.formats.whole_file import take_whole
from index.history.file_versions import BASE, OURS, THEIRS, FileVersions
from index.model.merge_outcomes import turned


class MergedFile(NamedTuple):
    """A file that both sides changed, or that got something of another one."""

    name: str
    """Its path in the tree."""
    of: Sequence[FileVersions]
    """The file, or the two that were given this name."""
    merged: Merged


def merge_files(files: Sequence[FileVersions], choices: Choices) -> Iterator[MergedFile]:
    """Merge the files that need it; the others are as one side has them.

    Raises EditRefused: a text of `choices` cannot be put into its place.
    """
    named: dict[str, list[FileVersions]] = {}
    for file in files:
        named.setdefault(file.name, []).append(file)
    for name, group in named.items():
        if len(group) > 1 or group[0].written or len(group[0].changed) == 2:
            yield MergedFile(name, group, _merged(name, group, choices))


def _merged(name: str, group: Sequence[FileVersions], choices: Choices) -> Merged:
    """Merge a file, or two that one name was given to: each side gave it to another one."""
    # Two of one name are asked for by their old ones: the new one is what is asked then.
    results = [_one(file, name if len(group) == 1 else file.names[BASE] or name, choices) for file in group]
    conflicts = tuple(conflict for result in results for conflict in result.conflicts)
    if conflicts or len(group) == 1:
        return results[0]._replace(conflicts=conflicts)
    here = next(place for place, file in enumerate(group) if file.names[OURS] == name)
    return merge_in_order(Sides(None, results[here].data, results[1 - here].data), name, choices)


def _one(file: FileVersions, name: str, choices: Choices) -> Merged:
    sides = Sides(*(file.data(side) for side in (BASE, OURS, THEIRS)))
    kept = [side for side in (OURS, THEIRS) if sides[side] is not None]
    if sides.base is not None and len(kept) == 1 and file.names[kept[0]] != file.names[BASE]:
        return take_whole(format_of(name), sides, name, choices)
    return merge_in_order(sides, name, choices)


def merge_in_order(sides: Sides, name: str, choices: Choices) -> Merged:
    """Merge a file to the same from both sides: if nothing is asked, that is ours whose text sorts first.

    Raises EditRefused: as `merge_files`.
    """
    merge = format_of(name).merge
    if None not in (sides.ours, sides.theirs) and (sides.ours or b"") > (sides.theirs or b""):
        other = merge(Sides(sides.base, sides.theirs, sides.ours), name, turned(choices))
        if other.data is not None:
            return other
    return merge(sides, name, choices)
