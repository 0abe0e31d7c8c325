"""Merging two commits: by line where git can, memory files in conflict by entry.

Only objects are written. The tree is put together in an index of its own, so the user's index and files
do not move.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.formats.base import Choices
from index.formats.registry import file_at, is_memory, read_file
from index.git.conversions import Forms
from index.git.log import read_log
from index.git.objects import is_missing, not_here
from index.git.remotes.remote import find_upstream, wire
from index.git.worktree import Worktree
from index.history.file_versions import BASE, OURS, THEIRS, FileVersions
from index.history.merge_files import MergedFile, merge_files
from index.history.moved_entries import follow_moves
from index.model.commits import proposed
from index.model.counts import listed
from index.model.errors import Refused, as_clause
from index.model.merge_outcomes import ConflictSides, MergeConflict, SideChange
from index.model.path_spelling import shown
from index.storage.files import SUFFIX, owner_prefix, remove_leftovers

_FILE_MODES = ("100644", "100755")
_RENAMES = 7_000
"""Files between which renames are looked for, as git's merge does by itself."""


class _GitFile(NamedTuple):
    """A file in a commit."""

    path: str
    """In the repository."""
    mode: str
    blob: str


_NOWHERE = _GitFile("", "", "")
_Versions = tuple[_GitFile, _GitFile, _GitFile]
"""A file before, in our commit, and in theirs."""


@dataclass
class MergePlan:
    """A merge that is worked out, with nothing written but objects."""

    tree: str
    lines: list[str] = field(default_factory=list)
    """For `update-index --index-info`: the differences from `tree`."""
    files: dict[str, None] = field(default_factory=dict)
    """The memory files that were merged by entry, relative to the tree."""
    conflicts: tuple[MergeConflict, ...] = ()


def plan_merge(checkout: Worktree, head: str, theirs: str, choices: Choices) -> MergePlan:
    """Merge two commits: by git where it can, the other memory files by entry.

    Raises Refused: git cannot merge them, or other files are in conflict.
    """
    tree, unmerged = _merged_by_git(checkout, head, theirs)
    found = checkout.runner.read("merge-base", head, theirs).out.decode("ascii").split()
    memory: list[_Versions] = []
    others: list[_Versions] = []
    for file in _changes(checkout, found[0], (head, theirs)):
        (memory if _is_memory(checkout, file) else others).append(file)
    own = {place.path for file in memory for place in file} - {p.path for file in others for p in file}
    if foreign := [path for path in unmerged if path not in own]:
        raise Refused(
            f"{listed([*map(shown, foreign)])} changed on both sides, and only memory files are merged here: "
            "run git pull and settle that, then sync again. Nothing was merged."
        )
    read = _VersionReader(checkout)
    files = {read.versions(file): file for file in memory}
    moved = follow_moves([*files], choices)
    plan = MergePlan(tree, conflicts=moved)
    plan.files.update((name, None) for one in moved for name in (file_at(one.entry), one.there))
    for merged in merge_files([*files], choices):
        _put(checkout, plan, merged, files)
    return plan


def _merged_by_git(checkout: Worktree, head: str, theirs: str) -> tuple[str, list[str]]:
    """Return the tree that git merges, and the files in conflict.

    Raises Refused: it cannot.
    """
    result = checkout.runner.read(
        *("-c", "merge.renormalize=false", "-c", "merge.renames=true", "-c", f"merge.renameLimit={_RENAMES}"),
        *("-c", "merge.directoryRenames=false"),
        *_without_drivers(checkout),
        *("merge-tree", "--write-tree", "-z", "--no-messages", "--name-only", head, theirs),
    )
    if result.code not in (0, 1):
        if is_missing(result.err):
            raise not_here(checkout.runner)
        raise Refused(_why_not_merged(checkout, result.code, as_clause(result.err)))
    tree, *unmerged = os.fsdecode(result.out).split("\0")
    return tree, [*filter(None, unmerged)]


def _without_drivers(checkout: Worktree) -> Iterable[str]:
    """Keep the merge drivers that the repository's own configuration names from being run."""
    listing = checkout.runner.read("config", "--list", "--show-scope", "--name-only", "-z").out
    parts = [part.decode("utf-8", "surrogateescape") for part in listing.split(b"\0")]
    for scope, name in zip(parts[::2], parts[1::2], strict=False):
        if scope in ("local", "worktree") and name.startswith("merge.") and name.endswith(".driver"):
            yield from ("-c", f"{name}=false")


def _why_not_merged(checkout: Worktree, code: int, words: str) -> str:
    if code == 129:
        return "Merging needs git 2.38 or newer: update git, or run git pull."
    if "unrelated histories" in words and checkout.cut_off():
        return (
            "This clone is shallow, and the commit where the two histories part is not in it: run "
            "git fetch --unshallow, then sync again. Nothing was merged."
        )
    if "unrelated histories" in words:
        return (
            "The two repositories have no common history, so they cannot be merged: git remote -v tells "
            "where the other one is; if it was begun anew there, clone it and bring your files over."
        )
    return f"git could not merge: {words}. Nothing was merged."


def _is_memory(checkout: Worktree, file: _Versions) -> bool:
    """Whether all versions of a file are memory files of the tree."""
    return all(
        place.mode in _FILE_MODES
        and place.path.startswith(checkout.prefix)
        and checkout.scope.rest(checkout.in_tree(place.path)) is not None
        and is_memory(place.path)
        for place in file
        if place.path
    )


def _changes(checkout: Worktree, base: str, sides: Sequence[str]) -> Iterator[_Versions]:
    """Yield each file that a side changed, renamed, added or deleted: before, and on both sides."""
    ours, theirs = (_changed(checkout, base, side) for side in sides)
    for path in {**ours, **theirs}:
        before = (ours.get(path) or theirs[path])[0]
        yield before, ours.get(path, (before, before))[1], theirs.get(path, (before, before))[1]


def _changed(checkout: Worktree, old: str, new: str) -> dict[str, tuple[_GitFile, _GitFile]]:
    """Return the files that changed from one commit to another, before and after, by their old path."""
    listing = checkout.runner.read(
        *("diff-tree", "-r", "-z", "-M", f"-l{_RENAMES}", "--raw", "--no-abbrev", old, new)
    ).out
    parts = iter(os.fsdecode(listing).split("\0"))
    found = {}
    for about in filter(None, parts):
        old_mode, mode, old_blob, blob, status = about.lstrip(":").split(" ")
        path = next(parts)
        name = next(parts) if status[0] == "R" else path
        before = _NOWHERE if status == "A" else _GitFile(path, old_mode, old_blob)
        found[path] = before, _NOWHERE if status == "D" else _GitFile(name, mode, blob)
    return found


class _VersionReader:
    """Reads the versions of files."""

    def __init__(self, checkout: Worktree) -> None:
        self._checkout = checkout
        self._forms = Forms(checkout)

    def versions(self, file: _Versions) -> FileVersions:
        """Return a file that is read when it is asked for, in the encoding that it has on disk."""
        names = [self._checkout.in_tree(place.path) if place.path else "" for place in file]
        changed = frozenset(side for side in (OURS, THEIRS) if file[side] != file[BASE])
        made = FileVersions(names, lambda side: self._data(file[side].blob, made.name), changed)
        return made

    def _data(self, blob: str, name: str) -> bytes | None:
        data = self._checkout.objects.blob(blob)
        return None if data is None else self._forms.readable(data, blob, name)


def _put(
    checkout: Worktree, plan: MergePlan, file: MergedFile, places: Mapping[FileVersions, _Versions]
) -> None:
    """Put a merged file, or its conflicts, into the plan."""
    plan.conflicts += file.merged.conflicts
    data, path = file.merged.data, checkout.in_git(file.name)
    was = [place for one in file.of for place in (*places[one][1:], places[one][0]) if place.path]
    if file.merged.conflicts:
        plan.files[file.name] = None
        return
    named = {checkout.in_git(one.name) for one in places if one.name != file.name}
    gone = {place.path for place in was} - named - {path if data is not None else ""}
    plan.lines += [f"0 {'0' * len(plan.tree)}\t{one}\0" for one in gone]
    if data is not None:
        blob = _stored(checkout, data, file.name)
        if blob == checkout.objects.blob_id(plan.tree, path):
            return  # as git has it
        plan.lines.append(f"{was[0].mode} {blob}\t{path}\0")
    plan.files[file.name] = None


def _stored(checkout: Worktree, data: bytes, name: str) -> str:
    """Store the content of a file of the tree, and return its id."""
    forms = Forms(checkout)
    path = checkout.in_git(name)
    how = f"--path={path}" if forms.encoding(name) and not forms.filtered([name]) else "--no-filters"
    result = checkout.runner.read("hash-object", "-w", "--stdin", how, stdin=data)
    if result.code:
        raise Refused(f"git cannot store {shown(name)}: {as_clause(result.err)}. Nothing was merged.")
    return result.out.decode("ascii").strip()


def make_commit(checkout: Worktree, source: str, plan: MergePlan, head: str, theirs: str) -> str:
    """Make the merge commit, and return its id; no branch points to it yet.

    `source` is the name of the other side. The user's signing is done.

    Raises Refused: there is no identity, or git or the signing refuses.
    """
    checkout.identity()
    tree = plan.tree
    if plan.lines:
        git = wire(checkout)
        remove_leftovers((checkout.git_dir,))
        with tempfile.TemporaryDirectory(SUFFIX, owner_prefix(), checkout.git_dir) as folder:
            index = Path(folder) / "index"
            lines = os.fsencode("".join(plan.lines))
            git.indexed(index, "read-tree", tree)
            git.indexed(index, "update-index", "-z", "--index-info", stdin=lines)
            result = git.indexed(index, "write-tree")
        if result.code:
            raise Refused(f"git cannot store the merge: {as_clause(result.err)}. Nothing was merged.")
        tree = result.out.decode("ascii").strip()
    signs = checkout.runner.read("config", "--type=bool", "--get", "commit.gpgSign").out.strip() == b"true"
    result = checkout.runner.write(
        "commit-tree",
        tree,
        "-p",
        head,
        "-p",
        theirs,
        *(["-S"] if signs else []),
        stdin=_message(source, plan),
    )
    if result.code:
        raise Refused(f"git could not make the merge commit: {as_clause(result.err)}. Nothing was merged.")
    return result.out.decode("ascii").strip()


def _message(source: str, plan: MergePlan) -> bytes:
    body = "".join(f"- {shown(name)}\n" for name in plan.files)
    head = proposed(f"merge {source}")
    return (f"{head}\n\nBy entry:\n{body}" if body else f"{head}\n").encode()


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
    changed = {tip: _changed(checkout, base, tip) if base else {} for tip in (ours, theirs)}
    old_names = {new.path: old for side in changed.values() for old, (_, new) in side.items() if new.path}
    known: dict[tuple[str, str], SideChange | None] = {}
    told: dict[str, ConflictSides] = {}
    for one in conflicts:
        file = file_at(one.entry)
        places = []
        for tip, name in ((ours, file), (theirs, one.there or file)):
            path = checkout.in_git(name)
            old = old_names.get(path, path)
            places.append((tip, changed[tip][old][1].path or old if old in changed[tip] else old))
            if places[-1] not in known:
                known[places[-1]] = _last(checkout, base, *places[-1])
        told[one.entry] = ConflictSides(_title(one, file), *(known[place] for place in places))
    return told


def _last(checkout: Worktree, base: str, tip: str, path: str) -> SideChange | None:
    since = f"{base}..{tip}" if base else tip
    with closing(read_log(checkout, since, [path], 1)) as found:
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
