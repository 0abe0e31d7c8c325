"""What git is asked before anything is written: whether it would take an edit, and if not, why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from index.history.checkout import Checkout
from index.history.errors import OnNoBranch, Refused, clean_words
from index.memory.files import shown


def check_ready(checkout: Checkout, *, detached: bool = False) -> None:
    """Raise Refused when a commit cannot or should not be made here now.

    Args:
        checkout: the working copy.
        detached: a commit on no branch is what the user wants.
    """
    if busy := checkout.busy():
        raise Refused(
            f"A {busy} is in progress in this repository: finish or abort it, then save again. "
            "Nothing was written."
        )
    if not detached and not checkout.branch():
        raise OnNoBranch(
            "The repository is on no branch (detached HEAD), so a commit is easily lost: "
            "run git switch -c NAME to make one here, then save again. Nothing was written."
        )
    for place in (checkout.git_dir, checkout.common_dir / "objects"):
        if not os.access(place, os.W_OK):
            raise Refused(f"The repository is read-only: {shown(place)}. Nothing was written.")
    checkout.identity()


def check_files(checkout: Checkout, known: Sequence[Path], new: Sequence[Path]) -> None:
    """Raise Refused when git would not take one of these files.

    Args:
        checkout: the working copy.
        known: files that the last commit holds, links followed.
        new: files that it does not hold.
    """
    _check_index(checkout, [*known, *new])
    for real in new:
        _check_new(checkout, real)


def _check_index(checkout: Checkout, files: Sequence[Path]) -> None:
    """Raise Refused when the index cannot be read, or tells git to pass over one of the files."""
    result = checkout.runner.read("ls-files", "-v", "-z", "--", *map(checkout.git_path, files))
    if result.code:
        raise Refused(f"git cannot read its index: {clean_words(result.err)}. Nothing was written.")
    sparse = (checkout.git_dir / "info" / "sparse-checkout").exists()
    for line in map(os.fsdecode, result.out.split(b"\0")):
        mark, _, path = line.partition(" ")
        # What a sparse checkout left out is taken up again by git as soon as it is on the disk.
        if mark.upper() == "S" and not (sparse and not os.path.lexists(checkout.root / path)):
            name = shown((checkout.root / path).relative_to(checkout.tree))
            raise Refused(
                f"git is told to pass over changes of {name} (its skip-worktree bit is set): run "
                f"git update-index --no-skip-worktree {shown(path)}, then save again. Nothing was written."
            )


def _check_new(checkout: Checkout, real: Path) -> None:
    """Raise Refused when git would not take a new file: it ignores it, or another repository holds it."""
    name = shown(real.relative_to(checkout.tree))
    for folder in real.parents:
        if folder == checkout.root:
            break
        if (folder / ".git").exists():
            raise Refused(
                f"{name} belongs to the repository {shown(folder)}: open that folder to edit it. "
                "Nothing was written."
            )
    if rule := ignoring_rule(checkout, real):
        raise Refused(
            f"git ignores {name} ({rule}), so it cannot be "
            "committed: change that rule, then save again. Nothing was written."
        )


def ignoring_rule(checkout: Checkout, real: Path) -> str:
    """Return the rule by which git ignores a file, `.gitignore line 1: memories/`; empty when it does not.

    Files that are tracked all the same are never ignored.

    Raises:
        Refused: git cannot take the file for another reason.
    """
    result = checkout.runner.ignored([checkout.git_path(real)], "--verbose")
    if result.code not in (0, 1):
        name = shown(real.relative_to(checkout.tree))
        raise Refused(f"git cannot take {name}: {clean_words(result.err)}. Nothing was written.")
    source, line, pattern, *_ = [*map(os.fsdecode, result.out.split(b"\0")), "", "", ""]
    if not source or pattern.startswith("!"):
        return ""
    return f"{shown(source)} line {line}: {shown(pattern)}"


def ignores_tree(checkout: Checkout, files: Sequence[Path]) -> str:
    """Return the rule by which git ignores these files where it holds no file of the tree; else nothing."""
    head = checkout.head()
    if not files or any(checkout.objects.blob_id(head, checkout.git_path(real)) for real in files):
        return ""
    rules = []
    for real in files:
        rules.append(ignoring_rule(checkout, real))
        if not rules[-1]:
            return ""
    place = checkout.prefix.rstrip("/")
    if checkout.runner.read("ls-files", "-z", "--", place or ".").out:
        return ""
    if head and checkout.runner.read("ls-tree", "-z", f"{head}:{place}").out:
        return ""
    return rules[0]
