"""Save = compare, write, commit: one edit becomes one commit, and nobody else's work moves."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from index.git.objects import raw_id
from index.git.runner import GitResult
from index.git.saving import killed_save
from index.git.saving.locks import own_lock, run_patiently, wait_for_index
from index.git.saving.preflight import check_content, check_files, check_ready
from index.git.sparse import is_sparse
from index.git.worktree import Worktree
from index.model.errors import Busy, Conflict, HookFailed, Refused, TreeError, clean_words, signing_words
from index.model.path_spelling import shown
from index.storage.files import read_or_none
from index.storage.transaction import write_together

_LOOSE = 27
"""Loose objects in one of git's 256 folders from which on it packs them: 6,700 in all.
https://git-scm.com/docs/git-gc#Documentation/git-gc.txt-gcauto"""
_GIT_ITSELF = 128
"""The exit status of git when it gives up by itself; of a commit that a hook refused it is 1."""
_STASH = "refs/stash"
_ON_DISK = "the edit is saved on disk, but not committed"
_STEPS_BACK = 64
"""Number of commits of others between ours and HEAD that are looked at; in practice none."""


@dataclass(frozen=True)
class FileSnapshot:
    """A file as it was loaded: a save compares with it before it writes."""

    path: str
    """Relative to the tree, links followed."""
    real: Path
    head: str | None
    """The last commit then."""
    blob: str | None
    """Id of the file's content in that commit; None when it was not in it."""
    disk: bytes | None
    """The bytes on disk; None when there was no file."""


@dataclass(frozen=True)
class Commit:
    """The outcome of a commit."""

    revision: str | None
    """Id of the commit; None when there was nothing to commit: HEAD holds these bytes already."""
    changed_by_hook: bool = False
    """A hook altered the text: the file on disk and at HEAD differs from the one given; load it again."""
    raced: bool = False
    """Another process committed the same file in between: look at its history."""
    stashed: bool = False
    """A hook put work that was not committed away, into git's stash, and has not taken it back."""
    more: tuple[str, ...] = ()
    """Other files that a hook has put into the commit, as paths of the repository."""
    removed: tuple[Path, ...] = ()
    """Locks that a killed git had left and that were removed."""


@dataclass(frozen=True)
class Change:
    """A snapshot and the bytes to replace it; None deletes the file."""

    checkout: Worktree
    snapshot: FileSnapshot
    data: bytes | None

    @cached_property
    def git_path(self) -> str:
        """The file's path in the repository."""
        return self.checkout.git_path(self.snapshot.real)

    @cached_property
    def pathspec(self) -> str:
        """The path so that git takes it for exactly that file.

        Not through GIT_LITERAL_PATHSPECS: hooks inherit that, and their own patterns would match nothing.
        """
        return f":(literal){self.git_path}"

    def blob_at(self, revision: str | None) -> str | None:
        """Return the id of the file's content in a revision."""
        return self.checkout.objects.blob_id(revision, self.git_path)

    def is_stored_as(self, blob: str | None) -> bool:
        """Whether git stores the given bytes as this blob."""
        if self.data is None or blob is None:
            return self.data is None and blob is None
        return raw_id(self.data, blob) == blob or self._converted == blob

    @cached_property
    def _converted(self) -> str:
        """The id after line endings, encoding and filters; only asked for where plain hashing differs."""
        result = self.checkout.runner.write(
            "hash-object", "--stdin", f"--path={self.git_path}", stdin=self.data or b""
        )
        return result.out.decode("ascii", "replace").strip()


def take_snapshot(checkout: Worktree, real: Path) -> FileSnapshot:
    """Return a file as it is now, at HEAD and on disk."""
    head = checkout.head()
    path = checkout.at + real.relative_to(checkout.tree).as_posix()
    blob = checkout.objects.blob_id(head, checkout.git_path(real))
    return FileSnapshot(path, real, head, blob, read_or_none(real))


def save_changes(
    checkout: Worktree,
    changes: Sequence[tuple[FileSnapshot, bytes | None]],
    message: str,
    *,
    detached: bool = False,
) -> Commit:
    """Write the files and commit exactly them, in one commit; with `detached`, on no branch too.

    All are compared before the first is written. The errors are those of `Repository.save_all`.
    """
    # What UTF-8 or an argument cannot carry, from a file name or a broken text, does not stop a save.
    message = message.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
    if not message:
        raise Refused("The commit has no message: write one line about the change. Nothing was written.")
    check_ready(checkout, detached=detached)
    planned = [Change(checkout, snapshot, data) for snapshot, data in changes]
    known = [change.snapshot.real for change in planned if change.snapshot.blob is not None]
    new = [change.snapshot.real for change in planned if change.snapshot.blob is None]
    check_files(checkout, known, new)
    checkout.check_signing()
    check_content(checkout, {one.snapshot.real: one.data for one in planned if one.data is not None})
    with own_lock(checkout) as removed:
        wait_for_index(checkout)
        head = checkout.head()
        for change in planned:
            _check_unchanged(change, head)
        files = [(change.snapshot.real, change.snapshot.disk, change.data) for change in planned]
        write_together(files, checkout.tree)
        wanted = [change for change in planned if _differs(change, head)]
        killed_save.begin(checkout.runner.held, head, [change.git_path for change in wanted])
        done = _commit(checkout, wanted, message, head) if wanted else Commit(None)
        return replace(done, removed=removed)


def _check_unchanged(change: Change, head: str | None) -> None:
    """Raise Conflict when the file is not as it was loaded, on disk or at HEAD."""
    snapshot = change.snapshot
    disk = read_or_none(snapshot.real)
    name = shown(snapshot.path)
    if disk != snapshot.disk:
        what = "deleted" if disk is None else "changed"
        raise Conflict(
            f"{name} was {what} by another program since it was opened. Nothing was written.", disk
        )
    blob = change.blob_at(head)
    if blob == snapshot.blob:
        return
    # Someone committed the very bytes that were loaded: HEAD has caught up with the disk, nothing is lost.
    if not Change(change.checkout, snapshot, snapshot.disk).is_stored_as(blob):
        raise Conflict(f"{name} was changed in git since it was opened. Nothing was written.", disk)


def _differs(change: Change, head: str | None) -> bool:
    """Whether there is something to commit. Only an unwritten file is worth a process to find out."""
    blob = change.blob_at(head)
    if change.data == change.snapshot.disk:
        return not change.is_stored_as(blob)
    if blob is None or change.data is None:
        return (blob is None) != (change.data is None)  # neither: an untracked file went
    return raw_id(change.data, blob) != blob


def _commit(checkout: Worktree, changes: Sequence[Change], message: str, head: str | None) -> Commit:
    specs = [change.pathspec for change in changes]
    new = [change for change in changes if change.snapshot.blob is None and change.data is not None]
    new = [change for change in new if not _in_index(change)]
    sparse, outside = _sparse(checkout)
    if checkout.tells_case and checkout.settings.is_true("core.ignorecase"):
        # As in a clone that was made on another system: git would take a new name for an old one.
        sparse = [*sparse, "-c", "core.ignorecase=false"]
    if new:
        command = [*sparse, "add", "--intent-to-add", *outside, "--", *(change.pathspec for change in new)]
        if checkout.kept:  # no ignore rule has a say there, nor a repository inside of the store
            command = ["update-index", "--add", "--", *(change.git_path for change in new)]
        added = run_patiently(checkout, *command)
        if added.code:
            raise _failed(added)
    # Of the message only trailing space goes: a line that begins with # is the user's.
    options = [] if wants_packing(checkout) else ["-c", "maintenance.auto=false"]
    command = [
        *sparse,
        *options,
        "commit",
        "--only",
        "--quiet",
        "--cleanup=whitespace",
        f"--message={message}",
        "--",
        *specs,
    ]
    stash = checkout.objects.id(_STASH)
    try:
        result = run_patiently(checkout, *command)
    except Busy:
        _forget(checkout, new)
        raise
    now = checkout.head()
    after = checkout.objects.id(_STASH)
    stashed = after is not None and after != stash
    if result.code == 0:
        made = _verified(checkout, changes, head, now)
        more = _added_by_hook(checkout, changes, made, head) if result.hooked else ()
        return replace(made, stashed=stashed, more=more)
    if all(change.is_stored_as(change.blob_at(now)) for change in changes):
        # Nothing was left to commit: it was there before, or someone else has just committed our bytes.
        made = _verified(checkout, changes, head, now)
        killed_save.follow_commit(checkout, head or "", [change.git_path for change in changes])
        return replace(made, raced=made.raced or not result.timed_out) if now != head else Commit(None)
    _forget(checkout, new)
    raise _failed(result, _put_away(changes) if stashed else _ON_DISK)


def _put_away(changes: Sequence[Change]) -> str:
    """Tell of the work that a hook has put into the stash: other work, or the edit too."""
    if any(map(_is_rewritten, changes)):
        return "the edit is not committed, and a hook put it into the stash: git stash pop brings it back"
    return f"{_ON_DISK}, and a hook put other work into the stash: git stash list names it"


def _sparse(checkout: Worktree) -> tuple[list[str], list[str]]:
    """Return the options for git, and for its `add`, where a sparse checkout leaves files out.

    A new file out there is written because it was asked for. With a sparse index git 2.39 crashes over it.
    """
    if is_sparse(checkout.git_dir):
        return ["-c", "index.sparse=false"], ["--sparse"]
    return [], []


def wants_packing(checkout: Worktree) -> bool:
    """Whether git would have to pack loose objects after a commit.

    It starts a process to find that out, which takes a fifth of the commit; this is how `git gc --auto` does.
    """
    try:
        return sum(1 for _ in (checkout.common_dir / "objects" / "17").iterdir()) > _LOOSE
    except OSError:  # nothing in it
        return False


def _forget(checkout: Worktree, new: Sequence[Change]) -> None:
    """Take new files out of the index again; where a lock forbids it, git shows them as added and empty."""
    if new:
        paths = [change.git_path for change in new]
        checkout.runner.write("update-index", "--force-remove", "--", *paths)


def _verified(checkout: Worktree, changes: Sequence[Change], head: str | None, now: str | None) -> Commit:
    """Find our commit between the old HEAD and the new, and tell the changes that hooks and others made."""
    line: list[str] = []
    revision = now
    while revision is not None and revision != head and len(line) < _STEPS_BACK:
        line.append(revision)
        revision = checkout.objects.id(f"{revision}^")
    first = changes[0]
    touching = [rev for rev in line if first.blob_at(rev) != first.blob_at(checkout.objects.id(f"{rev}^"))]
    newest = touching[0] if touching else now
    ours = next((rev for rev in touching if first.is_stored_as(first.blob_at(rev))), newest)
    before = checkout.objects.id(f"{ours}^")
    raced = any(
        change.blob_at(before) != change.blob_at(head) or change.blob_at(now) != change.blob_at(ours)
        for change in changes
    )
    altered = [change for change in changes if not change.is_stored_as(change.blob_at(ours))]
    for change in altered:
        _follow_hook(change)
    return Commit(ours, bool(altered) or any(map(_is_rewritten, changes)), raced)


def _added_by_hook(
    checkout: Worktree, changes: Sequence[Change], made: Commit, head: str | None
) -> tuple[str, ...]:
    """Return the other files of our commit, with the index brought up to them: git leaves it behind."""
    options = ("--root", "--no-commit-id", "--name-only", "-r", "-z")
    listed = checkout.runner.read("diff-tree", *options, made.revision or "HEAD").out.split(b"\0")
    ours = {change.git_path for change in changes}
    more = tuple(path for path in map(os.fsdecode, filter(None, listed)) if path not in ours)
    if more:
        killed_save.follow_commit(checkout, head or "", more)
    return more


def _is_rewritten(change: Change) -> bool:
    """Whether the file on disk differs from the bytes that were written."""
    try:
        return read_or_none(change.snapshot.real) != change.data
    except TreeError:
        return True


def _follow_hook(change: Change) -> None:
    """Bring the index up to a commit that a hook altered: its `git add` only reached git's copy of it."""
    checkout = change.checkout
    staged = checkout.runner.read("diff-index", "--cached", "--quiet", "HEAD", "--", change.git_path)
    if staged.code == 1:
        run_patiently(checkout, "reset", "--quiet", "HEAD", "--", change.pathspec)


def _in_index(change: Change) -> bool:
    return bool(change.checkout.runner.read("ls-files", "-z", "--", change.git_path).out)


def _failed(result: GitResult, outcome: str = _ON_DISK) -> HookFailed:
    words = clean_words(result.err, result.out)
    child = result.child
    what = f"The {child}" if child else "The commit"
    if result.stopped:
        why = f"{what} was stopped"
    elif result.timed_out:
        why = f"{what} took too long and was stopped"
    elif result.code < 0:
        why = f"git was killed ({_signal_name(-result.code)})"
    elif sentence := signing_words(words):
        return HookFailed(f"{sentence} {outcome[0].upper()}{outcome[1:]}.", words)
    elif child == "signing":
        why = "The commit could not be signed"
    elif child:
        why = f"{what} refused the commit"
    elif result.code == _GIT_ITSELF:
        why = "git refused the commit"
    else:
        why = "A hook, the signing or git itself refused the commit"
    said = f" It said: {words}" if words else ""
    return HookFailed(f"{why}: {outcome}.{said}", words)


def _signal_name(number: int) -> str:
    """Return the name of a signal, SIGKILL; one of the kernel's without a name by its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
