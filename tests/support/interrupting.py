"""Processes that are killed in the middle of what they do."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from index.storage import transaction
from index.workspace import Workspace
from tests.support.git import commit_all, make_repository
from tests.support.home import Home

Do = Callable[[Workspace], object]


def killed(tree: Path, do: Do, *, files: int | None = None, spot: tuple[object, str] | None = None) -> None:
    """Do something to a tree in a process that is killed after so many files, or when it calls `spot`."""
    process = os.fork()
    if not process:
        try:
            _kill_at(files, spot)
            workspace = Workspace.open(tree)
            workspace.tree.load()
            do(workspace)
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "it ended before it was to be killed"


def _kill_at(files: int | None, spot: tuple[object, str] | None) -> None:
    def die(*_arguments: object, **_options: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if spot is not None:
        setattr(*spot, die)
        return
    real, left = transaction.exchange, files or 0

    def exchange(change: transaction.FileChange, root: Path) -> None:
        nonlocal left
        if not left:
            die()
        left -= 1
        real(change, root)

    transaction.exchange = exchange


def versioned(root: Path, how: str, home: Home) -> Path:
    """Return a tree with all of it committed, `git`, or without versions of any kind, `plain`."""
    if how == "git":
        make_repository(root)
        commit_all(root)
    else:
        home.spoil(home.data)
    return root
