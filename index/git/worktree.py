"""One working copy of a repository, and the memory tree in it: its paths and its state."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.formats.registry import is_listed
from index.git.configuration import GitConfiguration
from index.git.identity import CommitIdentity
from index.git.objects import Objects
from index.git.runner import Runner
from index.git.signing import Signing
from index.model.errors import Refused, Unreadable
from index.model.path_spelling import shown, spelled, unspelled
from index.model.store_places import WHOLE, Scope, is_beside

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_IN_PROGRESS = (
    # What git itself leaves in the git directory while it is in the middle of something.
    ("rebase-merge", "rebase"),  # before the merge, or the pick, that it may be in
    ("rebase-apply/applying", "git am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
    ("BISECT_LOG", "bisect"),
)


@dataclass(frozen=True)
class Worktree:
    """A working copy and the tree in it. All paths are real: no links in them."""

    root: Path
    """Top folder of the working copy."""
    git_dir: Path
    """The folder of HEAD and the index of this working copy."""
    tree: Path
    """The memory tree, at or below `root`."""
    runner: Runner
    objects: Objects
    scope: Scope = WHOLE
    """The part of `tree` that is the tree."""
    kept: str = ""
    """The reason why memarium keeps the versions itself, a clause; empty in a repository of the user's."""
    at: str = ""
    """The beginning of all paths of the tree, with `/`, where the tree is a store beside another one."""

    @cached_property
    def prefix(self) -> str:
        """Path of the tree in the repository with a closing `/`; empty when it is the root."""
        inside = self.tree.relative_to(self.root).as_posix()
        return "" if inside == "." else inside + "/"

    @cached_property
    def places(self) -> Sequence[str]:
        """Paths in the repository below which all of the tree lies; `.` for all of it."""
        return [self.in_git(place) for place in self.scope.places] or [self.prefix.rstrip("/") or "."]

    def lists(self, path: str) -> bool:
        """Whether a file is a memory file of the tree, by its path below `tree` as git spells it."""
        return is_listed(path if not self.scope.places else spelled(path), self.scope)

    def holds(self, path: str) -> bool:
        """Whether a path of the tree is that of a memory file, there or not."""
        return path.startswith(self.at) and self.lists(path.removeprefix(self.at))

    def within(self, path: str) -> str:
        """Return a path of the tree as the system knows it, from `tree` on.

        Raises Refused: it is one of another store, which lies elsewhere.
        """
        if not path.startswith(self.at) or is_beside(path) != bool(self.at):
            raise Refused(f"{shown(path)} lies in another folder, with versions of its own.")
        return unspelled(path.removeprefix(self.at))

    def spell(self, within: str) -> str:
        """Return a path from `tree` on as the tree spells it."""
        return self.at + spelled(within)

    def disk(self, path: str) -> Path:
        """Return where a file of the tree lies; links are not followed."""
        return self.tree / self.within(path)

    def cut_off(self) -> frozenset[str]:
        """Return the ids of the commits whose parents a shallow clone leaves out.

        https://git-scm.com/docs/shallow
        """
        try:
            listed = (self.common_dir / "shallow").read_text("ascii")
        except OSError:
            return frozenset()
        # A clone just deep enough lists the very first commit, too.
        commits = self.objects.many(listed.split())
        return frozenset(rev for rev, _, _, data in commits if data is None or b"\nparent " in data)

    def mark(self) -> tuple[tuple[int, int] | None, ...]:
        """Return inode and time (ns) of the file that git writes anew whenever its state is another.

        The folders of the remotes' branches are among it: a fetch, or a push, renames a file into them.
        """
        own = [self.git_dir / name for name in ("HEAD", "index", "logs/HEAD")]
        remotes = sorted((self.common_dir / "refs" / "remotes").glob("*"))
        return tuple(map(_stamp, [*own, *remotes]))

    def in_git(self, path: str) -> str:
        """Return a path of the tree as git writes it: from the root, with `/`; links are not followed."""
        return self.prefix + self.within(path)

    def in_tree(self, git_path: str) -> str:
        """Return a path of the repository as the tree spells it: with `../` when it lies outside."""
        if git_path.startswith(self.prefix):
            return self.spell(git_path.removeprefix(self.prefix))
        return self.spell(os.path.relpath(git_path, self.prefix).replace(os.sep, "/"))

    def locate(self, path: Path | str) -> Path:
        """Return the real file behind a path, on the disk or of the tree; links are followed.

        Raises Refused: it lies outside the tree.
        """
        real = Path(os.path.realpath(self.tree / (self.within(path) if isinstance(path, str) else path)))
        if not (self.scope.holds(self.tree, real)):
            raise Refused(f"{shown(Path(path).name)} leads out of the tree and is not written.")
        return real

    def git_path(self, real: Path) -> str:
        """Return the path of a file as git writes it: from the root, with `/`."""
        return real.relative_to(self.root).as_posix()

    def inner_repository(self, real: Path) -> Path | None:
        """Return the folder below this repository's whose own one holds a file that is not in HEAD here."""
        folders = [self.root / above for above in real.relative_to(self.root).parents][:-1]
        inner = next((folder for folder in folders if (folder / ".git").exists()), None)
        return inner if inner and not self.objects.blob_id(self.head(), self.git_path(real)) else None

    @cached_property
    def common_dir(self) -> Path:
        """The folder of the refs and settings that all working copies of the repository share."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return self.git_dir / (self.git_dir / "commondir").read_text("utf-8").strip()
        return self.git_dir

    @property
    def tells_case(self) -> bool:
        """Whether the file system tells capitals from small letters; probed as `git init` does."""
        return not (self.common_dir / "CoNfIg").exists()

    def head(self) -> str | None:
        """Return the id of the last commit, None before the first. Raises Unreadable: see `tip`."""
        return self.tip() or self.objects.id("HEAD")

    def tip(self) -> str | None:
        """Return the id that the file of the branch holds; None when there is no branch, or no file of it.

        A save asks three times, and this is ten times as fast as to ask git.
        https://git-scm.com/docs/gitrepository-layout

        Raises Unreadable: it holds none, as after a power cut; git would take that for no commit at all.
        """
        found = ""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            name = (self.git_dir / "HEAD").read_text("utf-8").strip().removeprefix("ref: ")
            file = self.common_dir / name
            if name.startswith("refs/heads/") and ".." not in name and file.is_file():
                found = file.read_text("utf-8", "replace").strip()
                if not _ID.fullmatch(found) and not found.startswith("ref:"):
                    raise Unreadable(
                        f"The branch {shown(self.branch())} is broken: {shown(file)} holds no commit id. "
                        f"The last line of {shown(self.git_dir / 'logs/HEAD')} has it, second."
                    )
        return found if _ID.fullmatch(found) else None

    def branch(self) -> str:
        """Return the name of the current branch, empty when HEAD is detached."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            head = (self.git_dir / "HEAD").read_text("utf-8").strip()
            # The reftable format keeps refs elsewhere and this name in the file for older programs.
            if head.startswith("ref: refs/heads/") and not head.endswith("/.invalid"):
                return head.removeprefix("ref: refs/heads/")
        result = self.runner.read("symbolic-ref", "--quiet", "HEAD")
        return result.out.decode("utf-8", "replace").strip().removeprefix("refs/heads/")

    def busy(self) -> str:
        """Return the operation that git is in the middle of, empty for none."""
        return next((what for name, what in _IN_PROGRESS if (self.git_dir / name).exists()), "")

    def identity(self) -> str:
        """Return the name that commits will carry. Raises Refused: git knows none, and how to tell it."""
        return self._committer.name()

    @cached_property
    def _committer(self) -> CommitIdentity:
        return CommitIdentity(self.runner, self.settings, stands_in=bool(self.kept))

    @cached_property
    def settings(self) -> GitConfiguration:
        """The git settings in force here."""
        return GitConfiguration(self.runner, self.git_dir, self.common_dir)

    def check_signing(self) -> None:
        """Raise Refused when commits are to be signed and that cannot succeed."""
        self._signing.check(self._committer.signer())

    @cached_property
    def _signing(self) -> Signing:
        return Signing(self.settings, self.root)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns
