"""The last commit of each side of a merge that touched a place in conflict."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from index.formats.registry import file_at, read_file
from index.git.log import read_log
from index.git.remotes.remote import find_upstream
from index.git.worktree import Worktree
from index.model.errors import Refused
from index.model.merge_outcomes import ConflictSides, MergeConflict, SideChange


def conflict_sides(checkout: Worktree, conflicts: Iterable[MergeConflict]) -> dict[str, ConflictSides]:
    """Return who changed each entry in conflict last, here and there, by the entry's id.

    Raises Refused: git could not read the history, or the branch has no upstream any more.
    """
    upstream = find_upstream(checkout, checkout.branch())
    tips = [checkout.objects.id("HEAD"), checkout.objects.id(upstream.tracking)]
    if None in tips:
        return {}
    ours, theirs = (tip or "" for tip in tips)
    base = checkout.runner.read("merge-base", ours, theirs).out.decode("ascii").split("\n")[0].strip()
    files: dict[str, tuple[SideChange | None, SideChange | None]] = {}
    told: dict[str, ConflictSides] = {}
    for one in conflicts:
        file = file_at(one.entry)
        if file not in files:
            files[file] = _last(checkout, base, ours, file), _last(checkout, base, theirs, file)
        told[one.entry] = ConflictSides(_title(one, file), *files[file])
    return told


def _last(checkout: Worktree, base: str, tip: str, file: str) -> SideChange | None:
    since = f"{base}..{tip}" if base else tip
    with closing(read_log(checkout, since, [checkout.in_git(file)], 1)) as found:
        step = next(found, None)
    return SideChange(step.author, step.when, step.rev) if step is not None else None


def _title(conflict: MergeConflict, file: str) -> str:
    """Return the title of an entry that is deleted on one side; empty for any other conflict."""
    sources = (conflict.ours, conflict.theirs, conflict.base) if not conflict.field else ()
    source = next((text for text in sources if text), "")
    if not source or conflict.entry == file:
        return ""
    try:
        entries = read_file(source.encode(), file).entries
    except Refused:
        return ""
    return entries[0].title if len(entries) == 1 else ""
