"""Sync with the repository that others share: fetch, merge by entry, push; nothing moves until all is clear."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.history.checkout import Checkout
from index.history.errors import Refused, clean_words
from index.history.merge import Choices, Conflict, merge_file
from index.history.remote import Upstream, check_settings, fetch, find_upstream, push, wire
from index.history.saving import _own_lock, _wait_for_index
from index.memory.document import Document
from index.memory.files import shown

Choose = Callable[[tuple[Conflict, ...]], Choices | None]
"""Asked for every conflict that is not settled; None, or nothing, leaves everything as it was."""

TRIES = 5
"""How often a push is tried while others push too."""
PAUSE = 0.1
"""Seconds before the second try, doubled each time; each wait is a random part of it."""
_FILE_MODES = (b"100644", b"100755")
_REMOVED = "0 " + "0" * 40


@dataclass(frozen=True)
class Outcome:
    """What a sync did."""

    fetched: int = 0
    """Commits of others that are here now."""
    merged: tuple[str, ...] = ()
    """Memory files that were merged by entry, relative to the tree."""
    pushed: int = 0
    """Our commits that are there now."""
    conflicts: tuple[Conflict, ...] = ()
    """What the user has to choose before anything is merged."""
    complete: bool = False
    """Both repositories hold the same."""
    words: str = ""
    """One plain sentence about it."""


@dataclass
class _Run:
    """One sync, while it runs."""

    checkout: Checkout
    upstream: Upstream
    choose: Choose | None
    choices: dict[tuple[str, str], str] = field(default_factory=dict)
    fetched: int = 0
    merged: dict[str, None] = field(default_factory=dict)

    def outcome(self, words: str, **more: object) -> Outcome:
        return Outcome(self.fetched, tuple(self.merged), words=words, **more)  # type: ignore[arg-type]


class _Stage(NamedTuple):
    """One side of a file in a merge."""

    mode: bytes
    blob: str


def sync(checkout: Checkout, choose: Choose | None = None) -> Outcome:
    """Fetch what others wrote, merge it by entry, and send what we wrote.

    Work that is not committed stays as it is. With conflicts that nobody settles, nothing is merged and
    nothing is sent.

    Raises:
        Refused: it cannot be done now; one plain sentence says why, and what to do.
        Busy: another process holds the repository.
    """
    branch = _check_ready(checkout)
    upstream = find_upstream(checkout, branch)
    check_settings(checkout, upstream.remote)
    run = _Run(checkout, upstream, choose)
    words = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(random.uniform(0, PAUSE * 2 ** (attempt - 1)))
        there = fetch(checkout, upstream)
        conflicts = _bring_in(run) if there else ()
        if conflicts:
            return run.outcome(_asking(upstream, conflicts), conflicts=conflicts)
        head = checkout.objects.id("HEAD")
        waiting = _ahead(checkout, head, upstream if there else None)
        if head is None or not waiting:
            return run.outcome(_done(run, 0), complete=True)
        sent = push(checkout, upstream, head)
        if sent.sent:
            return run.outcome(_done(run, waiting), pushed=waiting, complete=True)
        words = sent.words
        if not sent.behind:
            break
    else:
        words = f"Others push to {upstream.name} all the time: sync again in a moment."
    kept = "1 commit waits" if waiting == 1 else f"{waiting} commits wait"
    return run.outcome(f"{words} {kept} here.")


def _check_ready(checkout: Checkout) -> str:
    """Return the current branch; raise Refused when nothing can be merged into it now."""
    if busy := checkout.busy():
        raise Refused(f"A {busy} is in progress in this repository: finish or abort it, then sync again.")
    branch = checkout.branch()
    if not branch:
        raise Refused(
            "The repository is on no branch (detached HEAD): run git switch with a branch, then sync again."
        )
    return branch


def _ahead(checkout: Checkout, head: str | None, upstream: Upstream | None) -> int:
    """Count our commits that are not there."""
    if head is None:
        return 0
    excluded = ["^" + upstream.tracking] if upstream else []
    return int(checkout.runner.read("rev-list", "--count", head, *excluded, "--").out or 0)


# ── what comes in ─────────────────────────────────────────────────────────────


def _bring_in(run: _Run) -> tuple[Conflict, ...]:
    """Make the current branch hold what was fetched; return the conflicts when it does not."""
    checkout, upstream = run.checkout, run.upstream
    while True:
        head, theirs = checkout.objects.id("HEAD"), checkout.objects.id(upstream.tracking)
        if theirs is None:
            return ()
        target, files = theirs, dict[str, None]()
        behind = int(
            checkout.runner.read("rev-list", "--count", theirs, *(["^" + head] if head else []), "--").out
            or 0
        )
        if not behind:
            return ()
        if _ahead(checkout, head, upstream) and head:
            plan = _plan(checkout, head, theirs, run.choices)
            if plan.conflicts:
                _check_untouched(checkout, plan.files)
                more = run.choose(plan.conflicts) if run.choose else None
                if not more:
                    return plan.conflicts
                run.choices.update(more)
                continue
            target, files = _commit(checkout, upstream, plan, head, theirs), plan.files
        with _own_lock(checkout.git_dir):
            _wait_for_index(checkout.git_dir)
            if checkout.objects.id("HEAD") != head:
                continue
            _move_to(checkout, target)
        run.fetched += behind
        run.merged.update(files)
        return ()


@dataclass
class _Plan:
    """A merge that is worked out, with nothing written but objects."""

    tree: str
    lines: list[str] = field(default_factory=list)
    """For `update-index --index-info`: what differs from `tree`."""
    files: dict[str, None] = field(default_factory=dict)
    """The memory files that were merged by entry, relative to the tree."""
    conflicts: tuple[Conflict, ...] = ()


def _plan(checkout: Checkout, head: str, theirs: str, choices: Choices) -> _Plan:
    """Merge two commits: git what it can, the memory files it cannot by entry."""
    result = checkout.runner.read(
        *("-c", "merge.renormalize=false"),
        *_without_drivers(checkout),
        *("merge-tree", "--write-tree", "-z", "--no-messages", head, theirs),
    )
    if result.code not in (0, 1):
        raise Refused(_why_not_merged(result.code, clean_words(result.err)))
    tree, *listing = result.out.split(b"\0")
    plan = _Plan(tree.decode("ascii"))
    stages: dict[str, dict[int, _Stage]] = {}
    for line in filter(None, listing):
        about, _, name = line.partition(b"\t")
        mode, blob, stage = about.split(b" ")
        path = name.decode("utf-8", "surrogateescape")
        stages.setdefault(path, {})[int(stage)] = _Stage(mode, blob.decode("ascii"))
    foreign = [path for path, sides in stages.items() if not _is_memory(checkout, path, sides)]
    if foreign:
        raise Refused(
            f"{_listed(foreign)} changed on both sides, and only memory files are merged here: "
            "run git pull and settle that, then sync again. Nothing was merged."
        )
    stages.update(_broken_by_git(checkout, head, theirs, plan.tree, stages))
    for path, sides in stages.items():
        _merge_path(checkout, plan, path, sides, choices)
    return plan


def _without_drivers(checkout: Checkout) -> Iterable[str]:
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
        return "The two repositories have no common history, so they cannot be merged."
    return f"git could not merge: {words}. Nothing was merged."


def _is_memory(checkout: Checkout, path: str, sides: dict[int, _Stage]) -> bool:
    """Whether a conflicting path is a memory file, with something to compare."""
    kind = path.startswith(checkout.prefix) and path.lower().endswith(".xml")
    return kind and len(sides) > 1 and all(side.mode in _FILE_MODES for side in sides.values())


def _broken_by_git(
    checkout: Checkout, head: str, theirs: str, tree: str, known: dict[str, dict[int, _Stage]]
) -> dict[str, dict[int, _Stage]]:
    """Return the memory files whose lines git merged into XML that is worse than both sides."""
    objects = checkout.objects
    base = checkout.runner.read("merge-base", head, theirs).out.decode("ascii").strip().split("\n")[0]
    changed = [_changed(checkout, base, side) for side in (head, theirs)]
    found = {}
    for path in changed[0].keys() & changed[1].keys() - known.keys():
        if not (path.startswith(checkout.prefix) and path.lower().endswith(".xml")):
            continue
        blobs = [objects.blob_id(rev, path) for rev in (base, head, theirs, tree)]
        data = [objects.blob(blob) if blob else None for blob in blobs]
        errors = [len(Document.parse(side).errors) if side else 0 for side in data]
        if data[3] is not None and errors[3] > max(errors[1:3]):
            sides = enumerate(blobs[:3], 1)
            found[path] = {stage: _Stage(_FILE_MODES[0], blob) for stage, blob in sides if blob}
    return found


def _changed(checkout: Checkout, old: str, new: str) -> dict[str, None]:
    listing = checkout.runner.read("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new).out
    return {part.decode("utf-8", "surrogateescape"): None for part in listing.split(b"\0") if part}


def _merge_path(
    checkout: Checkout, plan: _Plan, path: str, sides: dict[int, _Stage], choices: Choices
) -> None:
    """Merge one file by entry, and put the result, or the conflicts, into the plan."""
    name = path.removeprefix(checkout.prefix)
    versions = [checkout.objects.blob(sides[stage].blob) if stage in sides else None for stage in (1, 2, 3)]
    merged = merge_file(*versions, name, choices)
    plan.files[name] = None
    plan.conflicts += merged.conflicts
    if merged.conflicts:
        return
    about = _REMOVED
    if merged.data is not None:
        mode = (sides.get(2) or sides[3]).mode.decode("ascii")
        result = checkout.runner.read("hash-object", "-w", "--stdin", "--no-filters", stdin=merged.data)
        if result.code:
            raise Refused(f"git cannot store {shown(name)}: {clean_words(result.err)}. Nothing was merged.")
        about = f"{mode} {result.out.decode('ascii').strip()}"
    plan.lines.append(f"{about}\t{path}\0")


def _check_untouched(checkout: Checkout, files: Iterable[str]) -> None:
    """Refuse before the user is asked when the work tree would not take the answer."""
    from index.history.changes import Changes

    dirty = sorted(set(Changes(checkout).paths()) & set(files))
    if dirty:
        raise Refused(_in_the_way(dirty))


# ── what is written ───────────────────────────────────────────────────────────


def _commit(checkout: Checkout, upstream: Upstream, plan: _Plan, head: str, theirs: str) -> str:
    """Make the merge commit, and return its id; no branch points to it yet."""
    checkout.identity()
    tree = plan.tree
    if plan.lines:
        git = wire(checkout)
        with tempfile.TemporaryDirectory(prefix="memarium-", dir=checkout.git_dir) as folder:
            index = Path(folder) / "index"
            lines = "".join(plan.lines).encode("utf-8", "surrogateescape")
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
        stdin=_message(upstream, plan),
    )
    if result.code:
        raise Refused(f"git could not make the merge commit: {clean_words(result.err)}. Nothing was merged.")
    return result.out.decode("ascii").strip()


def _message(upstream: Upstream, plan: _Plan) -> bytes:
    body = "".join(f"- {shown(name)}\n" for name in plan.files)
    head = f"memory: merge {upstream.name}\n"
    return (f"{head}\nBy entry:\n{body}" if body else head).encode()


def _move_to(checkout: Checkout, commit: str) -> None:
    """Move the branch, the index and the files to a commit ahead of HEAD; the user's own work stays.

    Raises:
        Refused: a file that is not committed is in the way; nothing was moved.
    """
    result = checkout.runner.write(
        "merge", "--ff-only", "--quiet", "--no-autostash", "--no-squash", "--no-stat", commit
    )
    if checkout.objects.id("HEAD") == commit:
        return
    words = result.err.decode("utf-8", "replace")
    files = [line.strip() for line in words.split("\n") if line.startswith("\t")]
    if "would be overwritten" in words and files:
        raise Refused(_in_the_way(files))
    raise Refused(f"git could not merge: {clean_words(result.err, result.out)} Nothing was merged.")


# ── words ─────────────────────────────────────────────────────────────────────


def _in_the_way(files: list[str]) -> str:
    one = len(files) == 1
    return (
        f"{_listed(files)} {'has' if one else 'have'} changes that are not committed, and the others changed "
        f"{'it' if one else 'them'} too: commit or undo yours, then sync again. Nothing was merged."
    )


def _listed(paths: Iterable[str], most: int = 3) -> str:
    names = [shown(path) for path in paths]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _asking(upstream: Upstream, conflicts: tuple[Conflict, ...]) -> str:
    entries = len({conflict.entry for conflict in conflicts})
    what = "One entry was" if entries == 1 else f"{entries} entries were"
    return f"{what} changed here and in {upstream.name}, each in another way: nothing was merged or sent."


def _done(run: _Run, sent: int) -> str:
    def commits(count: int) -> str:
        return "1 commit" if count == 1 else f"{count} commits"

    name = run.upstream.name
    if not run.fetched:
        return f"Sent {commits(sent)} to {name}." if sent else f"Up to date with {name}."
    files = "1 file" if len(run.merged) == 1 else f"{len(run.merged)} files"
    by_entry = f", {files} by entry" if run.merged else ""
    got = f"Got {commits(run.fetched)} from {name}{by_entry}"
    return f"{got}; sent {commits(sent)}." if sent else f"{got}."
