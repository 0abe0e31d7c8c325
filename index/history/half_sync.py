"""A sync that was killed while git wrote the merged files: ended, or put back, file by file.

What git was moving is known from two commits. A file that holds the content of one of them, or what git had
written of it up to the kill, is git's doing; anything else is somebody's work, and stays.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from index.git.saving.killed_save import removed_words
from index.git.saving.locks import own_lock, run_patiently, wait_for_index
from index.git.worktree import Worktree
from index.git.worktree_status import quoted
from index.model.counts import listed
from index.model.errors import HistoryError, Refused, as_clause
from index.model.path_spelling import shown
from index.storage.intents import Intent, Intents

State = Literal["old", "new", "torn", "other"]
_LINK, _MODULE = "120000", "160000"


class SyncVersion(NamedTuple):
    """A file in a commit."""

    mode: str
    blob: str


class SyncedFile(NamedTuple):
    """A file that the sync was to change."""

    path: str
    """From the root of the repository."""
    old: SyncVersion | None
    new: SyncVersion | None


@dataclass(frozen=True)
class HalfSync:
    """A sync that was interrupted."""

    old: str | None
    """The last commit before; None when there was none."""
    target: str
    """The commit that it was moving to."""
    name: str
    """The branch that it came from, to show."""

    @classmethod
    def of(cls, intent: Intent) -> HalfSync:
        """Read it from its intent."""
        old = intent.about.get("old")
        return cls(str(old) if old else None, *(str(intent.about.get(name)) for name in ("target", "name")))

    def about(self) -> dict[str, object]:
        """Return the content of its intent."""
        return {"old": self.old, "target": self.target, "name": self.name}


class EndedSync(NamedTuple):
    """The end of an interrupted sync."""

    finished: bool
    """The branch is where the sync was to bring it; else the tree is as the last commit has it."""
    kept: tuple[str, ...]
    """Files that somebody has changed since: they stay as they are; from the root of the repository."""
    removed: tuple[Path, ...] = ()
    """Locks of the killed git that were removed."""


class HalfWay(Refused):
    """git was stopped while it moved the files."""


@contextlib.contextmanager
def intended(intents: Intents | None, half: HalfSync) -> Iterator[None]:
    """Write down the files that git is about to write, until it has written them, or refused to.

    Where it was stopped half-way, the note is left for the next start.
    """
    with contextlib.ExitStack() as stack:
        intent = None
        if intents is not None:
            with contextlib.suppress(OSError):  # no state folder: that costs the way back, not the sync
                intent = stack.enter_context(intents.hold("sync", half.about()))
        try:
            yield
        except HistoryError as error:
            if intents is not None and intent is not None and not isinstance(error, HalfWay):
                intents.drop(intent)
            raise
        if intents is not None and intent is not None:
            intents.drop(intent)


def end_interrupted(checkout: Worktree, intents: Intents | None) -> tuple[EndedSync, ...]:
    """Finish earlier syncs that were stopped half-way; the errors are those of `finish`."""
    ended = []
    for intent in intents.left("sync") if intents is not None else ():
        assert intents is not None
        with intents.adopt(intent) as held:
            if held:
                ended.append(finish(checkout, HalfSync.of(intent)))
                intents.drop(intent)
    return tuple(ended)


def ended_words(ended: EndedSync) -> str:
    """Say how it ended, in one sentence or two."""
    if ended.finished:
        words = "The sync that was interrupted is finished."
    else:
        words = "The files are as they were before the sync that was interrupted: sync again."
    if ended.kept:
        one = len(ended.kept) == 1
        how = "was changed since and stays" if one else "were changed since and stay"
        words += f" {listed([*map(shown, ended.kept)])} {how} as {'it is' if one else 'they are'}."
    return f"{words} {removed_words(ended.removed)}".rstrip()


def is_done(checkout: Worktree, half: HalfSync) -> bool:
    """Whether the branch holds the merge: it moves last, after all files."""
    head = checkout.objects.id("HEAD")
    if head == half.target:
        return True
    command = ("merge-base", "--is-ancestor", half.target, head)
    return head not in (None, half.old) and checkout.runner.read(*map(str, command)).code == 0


def moved(checkout: Worktree, half: HalfSync) -> dict[str, State]:
    """Return the files that are not as they were before the sync, each with its state now."""
    return {
        path: state
        for path, state in _states(checkout, half, _touched(checkout, half)).items()
        if state != "old"
    }


def moved_files(checkout: Worktree, half: HalfSync) -> dict[str, str] | None:
    """Return the files that an interrupted sync has moved; None when it is done."""
    return None if is_done(checkout, half) else dict(moved(checkout, half))


def end_sync(checkout: Worktree, half: HalfSync, *, forward: bool) -> EndedSync:
    """Finish an interrupted sync, or put the files back; the errors are those of `finish`."""
    return (finish if forward else put_back)(checkout, half)


def finish(checkout: Worktree, half: HalfSync) -> EndedSync:
    """Move files, index and branch to the merge; where commits were made since, put the files back.

    Raises Refused, Busy: it cannot be done now; it can be tried again.
    """
    return _end(checkout, half, forward=True)


def put_back(checkout: Worktree, half: HalfSync) -> EndedSync:
    """Bring files and index back to the last commit; the errors are those of `finish`."""
    return _end(checkout, half, forward=False)


def _end(checkout: Worktree, half: HalfSync, *, forward: bool) -> EndedSync:
    with own_lock(checkout) as removed:
        wait_for_index(checkout)
        if is_done(checkout, half):
            return EndedSync(finished=True, kept=(), removed=removed)
        head = checkout.objects.id("HEAD")
        touched = _touched(checkout, half)
        states = _states(checkout, half, touched)
        forward = forward and head == half.old
        wanted = _wanted(checkout, half, touched, half.target if forward else head)
        none = "0" * len(half.target)
        _move(checkout, touched, states, wanted, none)
        if forward:
            said = f"memarium: sync with {half.name}"
            _run(checkout, "update-ref", "-m", said, "HEAD", half.target, head or none)
    return EndedSync(forward, tuple(path for path, state in states.items() if state == "other"), removed)


def _touched(checkout: Worktree, half: HalfSync) -> list[SyncedFile]:
    if half.old is None:
        return [SyncedFile(path, None, version) for path, version in _listing(checkout, half.target).items()]
    command = ("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", half.old, half.target)
    result = checkout.runner.read(*command)
    if result.code:
        raise Refused(f"What the sync was bringing is no longer there: {as_clause(result.err)}.")
    parts = result.out.split(b"\0")
    found = []
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        old_mode, new_mode, old, new, _ = about.decode("ascii").removeprefix(":").split(" ")
        sides = [
            SyncVersion(mode, blob) if int(mode, 8) else None
            for mode, blob in ((old_mode, old), (new_mode, new))
        ]
        found.append(SyncedFile(_text(path), *sides))
    return found


def _listing(checkout: Worktree, commit: str) -> dict[str, SyncVersion]:
    found = {}
    for line in checkout.runner.read("ls-tree", "-r", "-z", "--full-tree", commit).out.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        if tab:
            mode, _, blob = about.decode("ascii").split(" ")
            found[_text(path)] = SyncVersion(mode, blob)
    return found


def _wanted(
    checkout: Worktree, half: HalfSync, touched: Sequence[SyncedFile], commit: str | None
) -> Mapping[str, SyncVersion | None]:
    """Return the blob that each file is to get."""
    if commit == half.target:
        return {one.path: one.new for one in touched}
    if commit == half.old:
        return {one.path: one.old for one in touched}
    listing = _listing(checkout, commit) if commit else {}
    return {one.path: listing.get(one.path) for one in touched}


# ── what is on disk ───────────────────────────────────────────────────────────


def _states(checkout: Worktree, half: HalfSync, touched: Sequence[SyncedFile]) -> dict[str, State]:
    ids = _disk_ids(checkout, touched)
    return {one.path: _state(checkout, half, one, ids.get(one.path)) for one in touched}


def _state(checkout: Worktree, half: HalfSync, one: SyncedFile, disk: str | None) -> State:
    old, new = (side.blob if side else None for side in (one.old, one.new))
    if disk == old:  # before the new one: where only the mode differs, both are right
        return "old"
    if disk == new or _MODULE in {side.mode for side in (one.old, one.new) if side}:
        return "new"
    if disk is None:  # git removes the old file before it writes the new one
        return "torn"
    revisions = [rev for rev, side in ((half.target, one.new), (half.old, one.old)) if side]
    return "torn" if any(_is_beginning(checkout, f"{rev}:{one.path}") for rev in revisions) else "other"


def _is_beginning(checkout: Worktree, name: str) -> bool:
    """Whether a file holds the first part of git's bytes for it."""
    path = checkout.root / name.partition(":")[2]
    with contextlib.suppress(OSError):
        return checkout.runner.write("cat-file", "--filters", name).out.startswith(path.read_bytes())
    return False


def _disk_ids(checkout: Worktree, touched: Sequence[SyncedFile]) -> dict[str, str]:
    """Return the ids that git gives to the files on disk, by path; anything else has an odd one."""
    ids: dict[str, str] = {}
    files = []
    for one in touched:
        path = checkout.root / one.path
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                target = os.fsencode(path.readlink())
                ids[one.path] = _hash(checkout, ("--stdin", "--no-filters"), target)[0]
            elif stat.S_ISREG(mode):
                files.append(one.path)
            elif not _is_gits(checkout, path, touched):
                ids[one.path] = "a folder"
        except (FileNotFoundError, NotADirectoryError):
            continue
    if files:
        lines = b"".join(quoted(path) + b"\n" for path in files)
        ids.update(zip(files, _hash(checkout, ("--stdin-paths",), lines), strict=True))
    return ids


def _is_gits(checkout: Worktree, folder: Path, touched: Sequence[SyncedFile]) -> bool:
    """Whether a folder in the place where a file was, or is to be, holds nothing but files of the sync."""
    names = {checkout.root / one.path for one in touched}
    return all(path in names for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _hash(checkout: Worktree, options: Sequence[str], stdin: bytes) -> list[str]:
    # An empty input is no input for the runner, and git reads an empty file all the same.
    result = checkout.runner.write("hash-object", *options, stdin=stdin)
    if result.code:
        raise Refused(f"git cannot read what is on disk: {as_clause(result.err)}.")
    return result.out.decode("ascii").split()


def _text(path: bytes) -> str:
    return os.fsdecode(path)


# ── what is written ───────────────────────────────────────────────────────────


def _move(
    checkout: Worktree,
    touched: Sequence[SyncedFile],
    states: Mapping[str, State],
    wanted: Mapping[str, SyncVersion | None],
    none: str,
) -> None:
    """Bring the index to the wanted state, and the files with it but for those that are somebody's."""
    lines = []
    # What goes comes first: a folder may take the name of a file.
    for path, version in sorted(wanted.items(), key=lambda item: item[1] is not None):
        about = f"{version.mode} {version.blob}" if version else f"0 {none}"
        lines.append(f"{about}\t".encode() + os.fsencode(path) + b"\0")
    _run(checkout, "update-index", "-z", "--index-info", stdin=b"".join(lines))
    gone = [path for path, version in wanted.items() if version is None and states[path] != "other"]
    for path in gone:
        _remove(checkout, path)
    here = [one for one in touched if states[one.path] != "other" and not _is_there(one, states, wanted)]
    names = b"".join(os.fsencode(one.path) + b"\0" for one in here)
    if names:
        _run(checkout, "checkout-index", "--force", "--index", "--quiet", "-z", "--stdin", stdin=names)
    checkout.runner.write("update-index", "-q", "--refresh")


def _is_there(one: SyncedFile, states: Mapping[str, State], wanted: Mapping[str, SyncVersion | None]) -> bool:
    """Whether a file needs not be written: it is to go, or holds the wanted bytes."""
    version, state = wanted[one.path], states[one.path]
    if version is None or version.mode == _MODULE:
        return True
    if one.old and one.new and one.old.mode != one.new.mode:
        return False  # its content does not tell which it is
    return version == {"old": one.old, "new": one.new}.get(state)


def _remove(checkout: Worktree, path: str) -> None:
    """Remove a file, and the folders that are empty then, as git does."""
    file = checkout.root / path
    with contextlib.suppress(OSError):
        file.unlink()
        for folder in _folders(checkout, path):
            (checkout.root / folder).rmdir()


def _folders(checkout: Worktree, path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        if checkout.root / path == checkout.tree:  # a tree that is empty is a tree
            return
        yield path


def _run(checkout: Worktree, *arguments: str, stdin: bytes = b"") -> None:
    result = run_patiently(checkout, *arguments, stdin=stdin)
    if result.code:
        raise Refused(f"git could not end the interrupted sync: {as_clause(result.err, result.out)}.")
