"""Two that look at once whether somebody works do not take each other for one who does."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.git.saving.locks import LOCK
from index.model.draft import Draft, Typed
from index.model.plan import Plan, PlannedChange
from index.storage.drafts import Drafts
from index.storage.user_folders import intents_folder, state_folder
from index.workspace import Workspace
from tests.support.interrupting import killed
from tests.support.shop import FILES, SOLUTION, make_shop

LOOKS, WORKS = fcntl.LOCK_SH, fcntl.LOCK_EX


@contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    """Hold a lock as another one does that looks, or works."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, how)
    yield
    os.close(descriptor)


def change_all(workspace: Workspace) -> object:
    contents = {name: (workspace.tree.root / name).read_bytes() for name in FILES}
    changes = tuple(PlannedChange(name, data, data + b"<!-- -->\n") for name, data in contents.items())
    return workspace.committer.commit(Plan(changes, "memory: change all"))


@pytest.mark.parametrize(("how", "seen"), [(LOOKS, 1), (WORKS, 0)])
@pytest.mark.parametrize("place", ["repository", "intent"])
def test_an_interrupted_change_is_seen_beside_one_that_looks(
    tmp_path: Path, place: str, how: int, seen: int
) -> None:
    root = make_shop(tmp_path)
    killed(root, change_all, files=2)
    workspace = Workspace.open(root)
    (intent,) = intents_folder(root).glob("*.lock")
    with locked(root.parent / ".git" / LOCK if place == "repository" else intent, how):
        assert len(workspace.interrupted.left()) == seen
    workspace.close()


@pytest.mark.parametrize(("how", "seen"), [(LOOKS, 1), (WORKS, 0)])
def test_a_draft_is_seen_beside_one_that_looks(tmp_path: Path, how: int, seen: int) -> None:
    folder = state_folder(make_shop(tmp_path)) / "drafts"
    mine = Drafts(folder)
    mine.keep(Draft(SOLUTION, "A pool", 0.0, fields={"prevention": Typed("a", "b")}))
    mine.close()
    (draft,) = folder.glob("*.json")
    other = Drafts(folder)
    with locked(folder / f"{draft.name.partition('-')[0]}.session", how):
        assert len(list(other.left())) == seen
    other.close()
