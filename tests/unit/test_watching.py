"""What others write is noticed: while it is watched for, and before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library.snapshot import TreeChanges
from index.workspace import Workspace
from tests.support.git import git
from tests.support.shop import PATTERNS, make_shop

FILE = "development-patterns/api-patterns.xml"
PATIENCE = 30.0
"""Seconds after which a watch that tells nothing ends, and the test with it."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path)


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    timer = threading.Timer(PATIENCE, event.set)
    timer.start()
    yield event
    timer.cancel()


def test_what_changed_before_the_watch_began_is_not_missed(shop: Path, stop: threading.Event) -> None:
    workspace = Workspace.open(shop)
    workspace.tree.load()
    (shop / FILE).write_text(PATTERNS.replace("24 h", "a day"), "utf-8")
    assert next(workspace.tree.watch(stop)) == TreeChanges(changed=(FILE,))


def test_a_file_that_is_written_is_told(shop: Path, stop: threading.Event) -> None:
    workspace = Workspace.open(shop)
    workspace.tree.load()
    watch = workspace.tree.watch(stop)
    assert next(watch) == TreeChanges()
    (shop / FILE).write_text(PATTERNS.replace("24 h", "a day"), "utf-8")
    assert next(watch) == TreeChanges(changed=(FILE,))
    (shop / FILE).unlink()
    assert next(watch) == TreeChanges(removed=(FILE,))


@pytest.mark.parametrize(
    "command", [("switch", "--create", "other"), ("commit", "--allow-empty", "--message=x"), ("add", ".")]
)
def test_git_at_work_is_told_where_no_file_changes(
    shop: Path, stop: threading.Event, command: tuple[str, ...]
) -> None:
    (shop / "new.xml").write_text("<x><id>1</id></x>", "utf-8")
    workspace = Workspace.open(shop)
    workspace.tree.load()
    watch = workspace.tree.watch(stop)
    assert next(watch) == TreeChanges()
    git(shop, *command)
    assert next(watch) == TreeChanges()
    assert not stop.is_set()


def test_looking_at_the_repository_does_not_count(shop: Path) -> None:
    workspace = Workspace.open(shop)
    workspace.tree.load()
    stop = threading.Event()
    watch = workspace.tree.watch(stop)
    assert next(watch) == TreeChanges()
    workspace.tree.state()
    list(workspace.tree.repositories[0].log())
    threading.Timer(2.5, stop.set).start()
    assert list(watch) == []


def test_without_a_repository_the_files_are_watched(tmp_path: Path, stop: threading.Event) -> None:
    root = make_shop(tmp_path, versioned=False)
    workspace = Workspace.open(root)
    workspace.tree.load()
    watch = workspace.tree.watch(stop)
    assert next(watch) == TreeChanges()
    (root / FILE).unlink()
    assert next(watch) == TreeChanges(removed=(FILE,))
