"""Merging two commits: by line where git can, memory files in conflict by entry.

Only objects are written. The tree is put together in an index of its own, so the user's index and files
do not move.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.formats.base import Choices, Sides
from index.formats.registry import file_at, format_of, is_memory, read_file
from index.git.conversions import Forms
from index.git.log import read_log
from index.git.objects import is_missing, not_here
from index.git.remotes.remote import find_upstream, wire
from index.git.worktree import Worktree
from index.model.commits import proposed
from index.model.counts import listed
from index.model.errors import Refused, clean_words
from index.model.merge_outcomes import ConflictSides, MergeConflict, SideChange
from index.model.path_spelling import shown
from index.storage.files import SUFFIX, owner_prefix, remove_leftovers

_FILE_MODES = (b"100644", b"100755")


class _Stage(NamedTuple):
    """One side of a file in a merge."""

    mode: bytes
    blob: str


class _PathChange(NamedTuple):
    """The change that one side made of a file."""

    path: str
    old: _Stage
    new: _Stage


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
    result = checkout.runner.read(
        *("-c", "merge.renormalize=false", "-c", "merge.renames=true"),
        *("-c", "merge.directoryRenames=false"),
        *_without_drivers(checkout),
        *("merge-tree", "--write-tree", "-z", "--no-messages", head, theirs),
    )
    if result.code not in (0, 1):
        if is_missing(result.err):
            raise not_here(checkout.runner)
        raise Refused(_why_not_merged(result.code, clean_words(result.err)))
    tree, *listing = result.out.split(b"\0")
    plan = MergePlan(tree.decode("ascii"))
    stages: dict[str, dict[int, _Stage]] = {}
    for line in filter(None, listing):
        about, _, name = line.partition(b"\t")
        mode, blob, stage = about.split(b" ")
        path = os.fsdecode(name)
        stages.setdefault(path, {})[int(stage)] = _Stage(mode, blob.decode("ascii"))
    base = checkout.runner.read("merge-base", head, theirs).out.decode("ascii").strip().split("\n")[0]
    changed = [_changed(checkout, base, side) for side in (head, theirs)]
    for path in _renamed_twice(changed, stages):
        plan.lines.append(f"0 {'0' * len(plan.tree)}\t{path}\0")
    foreign = [path for path, sides in stages.items() if not _is_memory(checkout, path, sides)]
    if foreign:
        raise Refused(
            f"{listed([*map(shown, foreign)])} changed on both sides, and only memory files are merged here: "
            "run git pull and settle that, then sync again. Nothing was merged."
        )
    for path, sides in {**_changed_twice(checkout, changed), **stages}.items():
        _merge_path(checkout, plan, path, sides, choices)
    return plan


def _without_drivers(checkout: Worktree) -> Iterable[str]:
    """Keep the merge drivers that the repository's own configuration names from being run."""
    listing = checkout.runner.read("config", "--list", "--show-scope", "--name-only", "-z").out
    parts = [part.decode("utf-8", "surrogateescape") for part in listing.split(b"\0")]
    for scope, name in zip(parts[::2], parts[1::2], strict=False):
        if scope in ("local", "worktree") and name.startswith("merge.") and name.endswith(".driver"):
            yield from ("-c", f"{name}=false")


def _why_not_merged(code: int, words: str) -> str:
    if code == 129:
        return "Merging needs git 2.38 or newer: update git, or run git pull."
    if "unrelated histories" in words:
        return (
            "The two repositories have no common history, so they cannot be merged: git remote -v tells "
            "where the other one is; if it was begun anew there, clone it and bring your files over."
        )
    return f"git could not merge: {words}. Nothing was merged."


def _is_memory(checkout: Worktree, path: str, sides: dict[int, _Stage]) -> bool:
    """Whether a conflicting path is a memory file, with something to compare."""
    inside = path.startswith(checkout.prefix) and checkout.scope.rest(checkout.in_tree(path)) is not None
    kind = inside and is_memory(path)
    return kind and len(sides) > 1 and all(side.mode in _FILE_MODES for side in sides.values())


def _renamed_twice(
    changed: Sequence[dict[str, _PathChange]], stages: dict[str, dict[int, _Stage]]
) -> set[str]:
    """Give a file that both sides renamed the name that is shared already; return the names that go."""
    gone = set()
    for path, ours in changed[0].items():
        theirs = changed[1].get(path)
        if theirs is None or path in (ours.path, theirs.path) or ours.path == theirs.path:
            continue
        if [set(stages.get(name, ())) for name in (path, ours.path, theirs.path)] != [{1}, {2}, {3}]:
            continue
        del stages[path], stages[ours.path]
        stages[theirs.path] = {1: ours.old, 2: ours.new, 3: theirs.new}
        gone |= {path, ours.path}
    return gone


def _changed_twice(
    checkout: Worktree, changed: Sequence[dict[str, _PathChange]]
) -> dict[str, dict[int, _Stage]]:
    """Return the memory files that both sides changed: by line, git brings deleted lines back."""
    found = {}
    for path in changed[0].keys() & changed[1].keys():
        ours, theirs = changed[0][path], changed[1][path]
        name = ours.path if theirs.path == path else theirs.path
        sides = {1: ours.old, 2: ours.new, 3: theirs.new}
        if len({side.blob for side in sides.values()}) == 3 and _is_memory(checkout, name, sides):
            found[name] = sides
    return found


def _changed(checkout: Worktree, old: str, new: str) -> dict[str, _PathChange]:
    """Return the changed and renamed files of a commit, by their old path."""
    listing = checkout.runner.read("diff-tree", "-r", "-z", "-M", "--raw", "--no-abbrev", old, new).out
    parts = iter(os.fsdecode(listing).split("\0"))
    found = {}
    for about in filter(None, parts):
        was, mode, old_blob, blob, status = about.lstrip(":").split(" ")
        path = next(parts)
        name = next(parts) if status[0] in "RC" else path
        if status[0] in "MR":
            found[path] = _PathChange(name, _Stage(was.encode(), old_blob), _Stage(mode.encode(), blob))
    return found


def _merge_path(
    checkout: Worktree, plan: MergePlan, path: str, sides: dict[int, _Stage], choices: Choices
) -> None:
    """Merge one file by entry, and put the result, or the conflicts, into the plan."""
    name = checkout.in_tree(path)
    forms = Forms(checkout)
    base, ours, theirs = (_content(checkout, forms, sides.get(stage), name) for stage in (1, 2, 3))
    merged = format_of(name).merge(Sides(base, ours, theirs), name, choices)
    plan.conflicts += merged.conflicts
    if merged.conflicts:
        plan.files[name] = None
        return
    about = "0 " + "0" * len(plan.tree)  # which removes the file
    if merged.data is not None:
        mode = (sides.get(2) or sides[3]).mode.decode("ascii")
        how = f"--path={path}" if forms.encoding(name) and not forms.filtered([name]) else "--no-filters"
        result = checkout.runner.read("hash-object", "-w", "--stdin", how, stdin=merged.data)
        if result.code:
            raise Refused(f"git cannot store {shown(name)}: {clean_words(result.err)}. Nothing was merged.")
        blob = result.out.decode("ascii").strip()
        if blob == checkout.objects.blob_id(plan.tree, path):
            return  # as git has it
        about = f"{mode} {blob}"
    plan.files[name] = None
    plan.lines.append(f"{about}\t{path}\0")


def _content(checkout: Worktree, forms: Forms, side: _Stage | None, name: str) -> bytes | None:
    """Return one side of a file in the encoding that it has on disk."""
    data = checkout.objects.blob(side.blob) if side is not None else None
    return None if data is None or side is None else forms.readable(data, side.blob, name)


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
            raise Refused(f"git cannot store the merge: {clean_words(result.err)}. Nothing was merged.")
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
        raise Refused(f"git could not make the merge commit: {clean_words(result.err)}. Nothing was merged.")
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
