"""The repository a tree lies in: read it safely, and save one file as one commit.

The only importer of GitPython, which keeps the running `git cat-file` that reads revisions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.git.conversions import Forms
from index.git.discovery import FoundRepository, find_place
from index.git.hooks import Watcher
from index.git.log import read_log, read_steps
from index.git.objects import CatFile, Objects
from index.git.remotes.push_target import ahead_behind
from index.git.runner import FOREIGN, READ_CONFIG, READ_ENVIRONMENT, Runner
from index.git.saving.commit_files import Change, Commit, FileSnapshot, save_changes, take_snapshot
from index.git.saving.killed_save import removed_words
from index.git.saving.locks import clear_up, is_held, own_lock
from index.git.saving.preflight import ignores_tree
from index.git.worktree import Worktree
from index.git.worktree_status import WorktreeStatus
from index.model.commits import LogStep, Revision, State
from index.model.errors import Busy, HistoryError, HookFailed, Refused
from index.model.path_spelling import shown
from index.model.store_places import WHOLE, Scope
from index.storage.files import remove_leftovers
from index.storage.transaction import FileChange

if TYPE_CHECKING:
    from index.storage.intents import Intents

__all__ = [
    "Busy",
    "Commit",
    "FileSnapshot",
    "HistoryError",
    "HookFailed",
    "Refused",
    "Repository",
    "Revision",
    "State",
]


class Repository:
    """Versions of the memory files of one tree.

    A path is a Path on the disk, or a str as the tree spells it, relative to it, with `/`, and so are those
    that are returned. Only here are they made of git's paths, any bytes. Methods may be called from any
    thread.
    """

    def __init__(self, checkout: Worktree) -> None:
        self.checkout = checkout
        self.forms = Forms(checkout)
        """The conversions that a checkout makes of the bytes that git stores."""
        self._changes = WorktreeStatus(checkout, self.forms)
        self.detached = False
        """Whether commits are made on no branch, too: the user said so."""
        self.intents: Intents | None = None
        """The store in which a sync is written down while it moves the files."""

    @classmethod
    def find(cls, path: Path, scope: Scope = WHOLE) -> Repository | None:
        """Return the repository that the tree at `path` lies in, `scope` of it; None when there is none.

        Raises:
            Unreadable: git does not trust the repository, cannot read it or its branch, keeps no files beside
                it, or is not installed.
        """
        place = find_place(path)
        if place is None:
            return None
        found = cls._at(place, scope)
        found.checkout.tip()
        return found

    @classmethod
    def keep(cls, path: Path, folder: Path, why: str, scope: Scope = WHOLE) -> Repository:
        """Return the repository that memarium keeps of the tree at `path`, below `folder`; made if need be.

        Args:
            why: the reason why no repository of the user's holds the tree.
            scope: the part of the tree's folder that is the tree.

        Raises:
            NoPlace, Unreadable: see `find_kept`.
        """
        from index.git.kept_repository import find_kept

        return cls._at(find_kept(Path(os.path.realpath(path)), folder), scope, why)

    @classmethod
    def _at(cls, place: FoundRepository, scope: Scope, kept: str = "") -> Repository:
        runner = place.runner
        remove_leftovers((place.git_dir,))
        objects = Objects(_cat_file(runner), runner)
        return cls(Worktree(place.root, place.git_dir, place.tree, runner, objects, scope, kept))

    def beside(self, tree: Path, at: str, kept: str) -> Repository:
        """Return it for the files below `tree`, no link in it, whose paths another tree begins with `at`."""
        return Repository(replace(self.checkout, tree=tree, scope=WHOLE, at=at, kept=kept))

    @property
    def kept(self) -> str:
        """The reason why memarium keeps the versions itself, a clause; empty in the user's own repository."""
        return self.checkout.kept

    @property
    def watcher(self) -> Watcher:
        """Hears the output of hooks while they run, and decides whether they are to go on."""
        return self.checkout.runner.watcher

    @property
    def root(self) -> Path:
        """Top folder of the working copy."""
        return self.checkout.root

    @property
    def tree(self) -> Path:
        """The memory tree, links followed."""
        return self.checkout.tree

    @property
    def place(self) -> Path:
        """The folder in which git keeps the versions."""
        return self.checkout.common_dir

    def state(self) -> State:
        """Return the state of the repository; `dirty` compares the memory files with the last commit."""
        branch = self.checkout.branch()
        try:
            identity = self.checkout.identity()
        except Refused:
            identity = ""
        head = self.checkout.objects.id("HEAD")
        busy = self.checkout.busy()
        dirty, kept = bool(self.uncommitted()), bool(self.kept)
        return State(
            branch, not branch, busy, dirty, identity, head, kept, *ahead_behind(self.checkout, branch)
        )

    def mark(self) -> object:
        """Return a value that differs after a commit, a checkout or `git add` by anybody; asks no git."""
        return self.checkout.mark()

    def uncommitted(self) -> list[str]:
        """Return the changed, new and deleted memory files, sorted; nothing that git configures is run."""
        return self._changes.paths()

    def committed(self) -> frozenset[str]:
        """Return the memory files that the last commit holds, relative to the tree, as last looked at."""
        return self._changes.committed

    def passed_over(self) -> tuple[str, ...]:
        """Return the memory files in no commit that the last `uncommitted` left out: git ignores them."""
        return self._changes.passed_over

    def not_compared(self) -> tuple[str, ...]:
        """Return the memory files that the last `uncommitted` left out: they go through a filter program."""
        return self._changes.not_compared

    def nested(self) -> tuple[str, ...]:
        """Return the repositories of their own that the last `uncommitted` left out, as folders."""
        return self._changes.nested

    def check_past(self, path: str, disk: bytes | None) -> None:
        """Check that the past of a file, which holds `disk` now, is stored as it is read.

        Raises Refused: a filter program, which is not run, makes something else of it.
        """
        filtered = (
            bool(self.forms.filtered([path])) if disk is None else self._changes.is_beyond_reading(path, disk)
        )
        if filtered:
            raise Refused(
                f"{shown(path)} goes through a filter, its past cannot be read here: use git itself."
            )

    def checked_out(self, path: str, *, like: bytes | None = None) -> bytes | None:
        """Return the bytes that a checkout of the last commit would write to a file, None when there is none.

        Line endings and encoding are git's own work; a file that has a filter program is refused. `like` are
        the bytes on disk: where they show that nothing is converted, git is not asked.

        Raises Refused: only a program that the repository names could tell, or the file is too large.
        """
        return self._changes.checked_out(path, like)

    def is_at_head(self, snapshot: FileSnapshot, data: bytes | None) -> bool:
        """Whether the last commit of a snapshot holds these bytes, as git would store them."""
        return Change(self.checkout, snapshot, data).is_stored_as(snapshot.blob)

    def snapshot(self, path: Path | str) -> FileSnapshot:
        """Return a file as it is now, at HEAD and on disk, to compare with when it is saved.

        Raises:
            Refused: it lies outside the tree.
            TreeError: it cannot be read.
        """
        return take_snapshot(self.checkout, self.checkout.locate(path))

    def on_waiting(self, tell: Callable[[str], None]) -> None:
        """Let `tell` be called with a sentence when a save waits for another process."""
        self.checkout.runner.tell_waiting = tell

    def alone(self) -> AbstractContextManager[object]:
        """Be the only memarium that writes here; saves of this thread go on inside of it.

        Raises Busy, Refused: as `save_all`.
        """
        return own_lock(self.checkout)

    def save_all(self, changes: Sequence[tuple[FileSnapshot, bytes | None]], message: str) -> Commit:
        """Write the files and commit exactly them, in one commit; None deletes a file.

        Hooks and signing run; staged and changed files of the user stay as they are. Bytes that are
        on disk but not at HEAD are committed as they are; when HEAD holds them too, nothing is done and
        the commit has no revision.

        Raises:
            Refused: nothing was written.
            Conflict: a file is not as in its snapshot; nothing was written.
            Busy: another process holds the repository; `written` says whether the edit is on disk.
            HookFailed: the edit is on disk, but not committed.
            TreeError: the disk refused; the old files stay.
        """
        return save_changes(self.checkout, changes, message, detached=self.detached)

    def ignoring_rule(self, paths: Sequence[Path | str]) -> str:
        """Return the rule by which git ignores these files where it holds no file of the tree; else nothing.

        Raises Refused: one of them lies outside the tree, or git cannot tell.
        """
        return (
            "" if self.kept else ignores_tree(self.checkout, [self.checkout.locate(path) for path in paths])
        )

    def cut_off(self) -> frozenset[str]:
        """Return the ids of the commits with which a shallow clone begins; none in a whole one."""
        return self.checkout.cut_off()

    def on_branch(self) -> bool:
        """Whether a branch holds the last commit."""
        return bool(self.checkout.branch())

    def log(self, path: Path | str | None = None, limit: int | None = None) -> Generator[Revision]:
        """Yield the commits that changed the tree, or one file or folder of it, newest first.

        They come while git still works; closing the generator ends git.

        Raises Refused: git could not read the history.
        """
        head = self.checkout.objects.id("HEAD")
        if head is None:
            return
        places = self.checkout.places if path is None else [self.git_path(path)]
        yield from read_log(self.checkout, head, places, limit)

    def is_saving(self) -> bool:
        """Whether another memarium, or a git that one had started, is writing here now."""
        return is_held(self.checkout)

    def clear_up(self) -> str:
        """Clear up after a killed save; say in a sentence which locks were removed."""
        return removed_words(clear_up(self.checkout))

    def find_saved(
        self, since: str | None, message: str, files: Sequence[tuple[Path, bytes | None]]
    ) -> str | None:
        """Return the commit that a save has made after `since`, None when there is none; see `half_saved`."""
        from index.git.saving.half_saved import find_saved

        return find_saved(self.checkout, since, message, files)

    def take_back(self, files: Sequence[FileChange]) -> tuple[list[Path], tuple[Path, ...]]:
        """Put back files that a save has written and not committed; see `half_saved.take_back`."""
        from index.git.saving.half_saved import take_back

        return take_back(self.checkout, files)

    def upstream(self) -> str:
        """Return the name of the current branch's upstream, `origin/main`; empty when it has none."""
        from index.git.remotes.remote import find_upstream

        try:
            return find_upstream(self.checkout, self.checkout.branch()).name
        except Refused:
            return ""

    def blob(self, rev: str, path: str) -> bytes | None:
        """Return the bytes at a path in a revision (its id, or a name of it), None when there is no file.

        The path is taken as that revision has it: links are not followed.

        Raises Refused: that version is too large to be opened.
        """
        return self.content(self.tree_blob_id(rev, path), path)

    def tree_blob_id(self, rev: str, path: str) -> str:
        """Return the id of the blob at a path of the tree in a revision, empty when there is no file."""
        objects = self.checkout.objects
        return objects.blob_id(objects.commit_id(rev), self.checkout.in_git(path)) or ""

    def steps(
        self, path: str | None = None, rev: str | None = None, limit: int | None = None
    ) -> Generator[LogStep]:
        """Yield the commits that changed a path of the repository, newest first, with its blobs.

        `path` is as `git_path` gives it, `.` for everything, None for the tree; `rev` is where to start,
        None for HEAD. A file's merges are there when they made it unlike all their parents.

        Raises Refused: git could not read the history.
        """
        start = self.resolve(rev or "HEAD")
        if start is not None:
            whole = path in (None, ".")
            places = self.checkout.places if path is None else [path]
            yield from read_steps(self.checkout, start, places, limit, merges=not whole)

    def resolve(self, rev: str) -> str | None:
        """Return the full id of the commit that is called so, None when there is none."""
        return self.checkout.objects.commit_id(rev)

    def only_elsewhere(self, rev: str) -> bool:
        """Return whether a commit is on other branches, and not in the history of HEAD."""
        read = self.checkout.runner.read
        here = read("merge-base", "--is-ancestor", rev, "HEAD").code == 0
        return not here and bool(read("for-each-ref", "--count=1", f"--contains={rev}", "refs/heads").out)

    def git_path(self, file: Path | str) -> str:
        """Return the path of a file of the tree from the root of the repository.

        Raises Refused: it lies outside the tree.
        """
        return self.checkout.git_path(self.checkout.locate(file))

    def tree_path(self, git_path: str) -> str:
        """Return a path of the repository as seen from the tree: with `../` when it lies outside."""
        return self.checkout.in_tree(git_path)

    def in_git(self, path: str) -> str:
        """Return a path of the tree from the root of the repository; links are not followed."""
        return self.checkout.in_git(path)

    def blob_id(self, rev: str | None, git_path: str) -> str:
        """Return the id of the blob at a path of the repository in a commit, empty when there is no file."""
        return self.checkout.objects.blob_id(rev, git_path) or ""

    def listing(self, object_id: str) -> dict[str, str]:
        """Return the names in a folder of a revision, by the folder's id, each with its id."""
        return self.checkout.objects.listing(object_id) if object_id else {}

    def many(self, names: Iterable[str]) -> Iterator[tuple[str, str, str, bytes | None]]:
        """Yield those of these objects (`ID:path`, `ID`) that exist, at once; see `Objects.many`."""
        return self.checkout.objects.many(names)

    def content(self, blob: str, path: str) -> bytes | None:
        """Return the content of a file with this id, None when it is empty or no file's.

        It has the encoding that it has on disk, but line ends and `$Id$` as git stores them. `path` is as
        `tree_path` gives it.

        Raises:
            NotHere: the repository does not have it.
            Refused: it is too large to be opened.
        """
        data = self.checkout.objects.blob(blob) if blob else None
        return None if data is None else self.forms.readable(data, blob, path)

    def close(self) -> None:
        """End the processes that were kept; the repository can still be used, and starts them again."""
        self.checkout.objects.close()


def _cat_file(runner: Runner) -> CatFile:
    # GitPython hands on the whole environment, so what belongs to another repository's command goes first,
    # as in git's own scripts.
    for name in (name for name in FOREIGN if name not in runner.own):
        os.environ.pop(name, None)
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    os.environ.setdefault("GIT_PYTHON_GIT_EXECUTABLE", runner.program)
    import git

    if runner.program != git.Git.GIT_PYTHON_GIT_EXECUTABLE:
        git.refresh(runner.program)
    command = git.Git(runner.folder)
    command.update_environment(**READ_ENVIRONMENT, **runner.own)
    command.set_persistent_git_options(c=[*READ_CONFIG, *runner.settings])
    return command
