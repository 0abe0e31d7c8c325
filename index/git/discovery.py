"""The repository that a tree lies in: none, one that can be used, or one that cannot be read."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from index.git.runner import Runner
from index.model.errors import Unreadable, clean_words
from index.model.path_spelling import shown

_OWN = ("GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_OF_A_HOOK = ("GIT_INDEX_FILE", "GIT_PREFIX", "GIT_QUARANTINE_PATH")
"""Set by git itself for the programs that it starts, whose GIT_DIR is none that the user named."""
_TRUST = re.compile(r"safe\.directory (.+)$", re.MULTILINE)
_LEADS_TO = re.compile(r"^fatal: not a git repository: (.+)$", re.MULTILINE)


class FoundRepository(NamedTuple):
    """The repository that git found."""

    root: Path
    git_dir: Path
    tree: Path
    """The memory tree, links followed."""
    runner: Runner


def find_place(path: Path) -> FoundRepository | None:
    """Return where the repository around a tree is; None when there is none.

    Raises Unreadable: it is there, and cannot be used; with the cause and a way out.
    """
    tree = Path(os.path.realpath(path))
    if not tree.is_dir():
        tree = tree.parent
    if not tree.is_dir():
        return None
    program, nearest = git_program(), _nearest(tree)
    if program is None:
        if nearest is None:
            return None
        raise Unreadable(f"{shown(nearest)} has a git repository, but git is not on the PATH: install it.")
    runner = Runner(program, tree, named_repository(tree))
    result = runner.read(
        "rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--show-cdup", "--git-dir"
    )
    said = clean_words(result.err)
    bare, inside, rest = [*os.fsdecode(result.out).split("\n", 2), "", ""][:3]
    if result.code and inside != "false":
        if said.startswith("fatal: not a git repository (or any"):
            if nearest is None or os.environ.get("GIT_CEILING_DIRECTORIES"):
                return None
            said = said.splitlines()[0]
        raise Unreadable(_why(tree, nearest, said, named=bool(runner.own)))
    up, _, git_dir = rest.removesuffix("\n").partition("\n")
    if bare == "true":
        way = f" If they lie here, run git config core.bare false in {shown(nearest)}." if nearest else ""
        raise Unreadable(
            f"The repository of {shown(tree)} is bare: it holds no files that could be edited.{way}"
        )
    root = Path(os.path.realpath(tree / up))
    if inside != "true" or not tree.is_relative_to(root):
        raise Unreadable(f"{shown(tree)} is not in the working copy of its repository.")
    if nearest and nearest != root and nearest.is_relative_to(root) and not runner.own:
        raise Unreadable(_why(tree, nearest, f"git passes over it and finds {shown(root)} instead"))
    return FoundRepository(
        root, Path(os.path.realpath(tree / git_dir)), tree, Runner(program, root, runner.own)
    )


def named_repository(tree: Path) -> dict[str, str]:
    """Return the variables by which the user names a repository, where the tree lies in its work tree.

    Both must be set: a program that git starts gets GIT_DIR alone, or with an index of its own.
    """
    place, work = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
    if not place or not work or any(name in os.environ for name in _OF_A_HOOK):
        return {}
    if not tree.is_relative_to(os.path.realpath(work)):
        return {}
    more = {name: os.path.realpath(os.environ[name]) for name in _OWN if os.environ.get(name)}
    return {"GIT_DIR": os.path.realpath(place), "GIT_WORK_TREE": os.path.realpath(work), **more}


def not_followed(tree: Path) -> str:
    """Say that the environment names a repository which is not used for this tree; empty when it does not."""
    named = [name for name in ("GIT_DIR", "GIT_WORK_TREE") if os.environ.get(name)]
    if not named or named_repository(Path(os.path.realpath(tree))):
        return ""
    one = len(named) == 1
    return (
        f"{' and '.join(named)} {'is' if one else 'are'} set and not followed: "
        "both must be, outside of a hook, and the tree must lie in GIT_WORK_TREE."
    )


def _nearest(tree: Path) -> Path | None:
    """Return the nearest folder from the tree upward that holds something called `.git`."""
    for folder in (tree, *tree.parents):
        found = folder / ".git"
        if not os.path.lexists(found):
            continue
        try:
            empty = found.is_dir() and not any(found.iterdir())
        except OSError:  # it may not be listed: it is there
            empty = False
        if not empty:  # an empty one is what a sandbox leaves in the place of a hidden one
            return folder
    return None


def _why(tree: Path, nearest: Path | None, said: str, *, named: bool = False) -> str:
    """Return a sentence: the reason why git cannot use the repository, and the next step.

    Args:
        named: the environment names the repository.
    """
    cannot = f"git cannot read the repository of {shown(tree)}"
    if "dubious ownership" in said:
        trusted = _TRUST.search(said)
        folder = shown(trusted[1]) if trusted else shown(nearest or tree)
        return (
            f"git does not trust the repository of {shown(tree)}, because another user owns it: "
            f"if you do, run git config --global --add safe.directory {folder} once."
        )
    if named and (leads := _LEADS_TO.search(said)):
        place = leads[1].strip("'")
        return f"{cannot}: GIT_DIR names {shown(place)}, where there is none. Correct or unset GIT_DIR."
    if leads := _LEADS_TO.search(said):
        gone = f"{cannot}: it leads to {shown(leads[1])}, which is not there."
        if "/worktrees/" not in leads[1]:
            return f"{gone} Mend the .git file in {shown(nearest or tree)}."
        return f"{gone} If that was moved, run git worktree repair {shown(nearest or tree)} in it."
    if "mount point" in said:
        return f"{cannot} over the border of a file system: set GIT_DISCOVERY_ACROSS_FILESYSTEM=1."
    if said.startswith("fatal: not a git repository (or any"):
        return f"{cannot}: {shown((nearest or tree) / '.git')} is damaged, or was never one."
    return f"{cannot}: {' '.join(said.removeprefix('fatal: ').split()).rstrip('.')}."


def git_program() -> str | None:
    """Return the git to run, by its full path.

    A relative folder in PATH is passed over: git runs inside the repository, which could bring its own.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which(
        "git", path=os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())
    )
