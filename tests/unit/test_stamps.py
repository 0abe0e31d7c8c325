"""A file is read again whenever it may hold something else, also where its size and time are the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.storage.scan import sizes
from index.workspace import Workspace

OLD = b"<lessons><lesson id='L-1'><title>One</title><description>alpha</description></lesson></lessons>"
NEW = OLD.replace(b"alpha", b"gamma")


def in_place(file: Path) -> None:
    file.write_bytes(NEW)


def replaced(file: Path) -> None:
    other = file.with_name("new")
    other.write_bytes(NEW)
    other.replace(file)


def linked(file: Path) -> None:
    other = file.with_name("new")
    other.write_bytes(NEW)
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    file.unlink()
    file.symlink_to("new")


@pytest.mark.parametrize("write", [in_place, replaced, linked])
@pytest.mark.parametrize("opened", ["anew", "still"])
def test_the_same_size_at_the_same_time(tmp_path: Path, write: Callable[[Path], None], opened: str) -> None:
    tree = tmp_path / "memories"
    tree.mkdir()
    file = tree / "lessons.xml"
    file.write_bytes(OLD)
    workspace = Workspace.open(tree)
    assert workspace.search.find("alpha").total == 1
    before, at_first = file.stat(), sizes(tree)
    write(file)
    if not file.is_symlink():
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert sizes(tree) != at_first
    if opened == "anew":
        workspace.close()
        workspace = Workspace.open(tree)
    else:
        workspace.tree.refresh()
    assert (workspace.search.find("gamma").total, workspace.search.find("alpha").total) == (1, 0)
    assert "gamma" in workspace.tree.entry("L-1").fields[-1].text
    workspace.close()
