"""Temporary files that a kill has left go on the next start; those of a living process never do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.storage.files import remove_leftovers, temporary_name
from index.storage.memory_stores import tree_of_project
from index.storage.user_folders import cache_folder, state_folder
from index.workspace import Workspace
from tests.support.git import commit_all, make_repository
from tests.support.home import Home
from tests.support.leftovers import old


def test_what_is_old_and_of_nobody_goes(tmp_path: Path, gone: str) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (tmp_path / f"{gone}-link.tmp").symlink_to("a.xml")
    folder = tmp_path / gone.replace(".tmp", "-folder.tmp")
    old(folder / "index")
    os.utime(folder, (0, 0))
    go = [
        old(tmp_path / gone),
        old(tmp_path / ".memarium-1.tmp"),
        old(tmp_path / ".memarium-99999999999-5-a.tmp"),
    ]
    mine, reused = temporary_name(), f".memarium-{os.getpid()}-1-aa.tmp"
    go.append(old(tmp_path / reused))
    stay = [old(tmp_path / mine), old(tmp_path / ".other.tmp"), tmp_path / "a.xml"]
    young = tmp_path / gone.replace(".tmp", "-young.tmp")
    young.write_bytes(b"x")
    remove_leftovers([tmp_path, tmp_path / "nowhere"])
    assert not any(path.exists() for path in [*go, folder])
    assert all(path.exists() for path in [*stay, young, tmp_path / f"{gone}-link.tmp"])


def test_what_another_user_left_stays(tmp_path: Path, gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left, here = old(tmp_path / gone), os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: here + 1)
    remove_leftovers([tmp_path])
    assert left.exists()


def test_a_start_removes_them_everywhere(tmp_path: Path, gone: str) -> None:
    tree = tmp_path / "memories"
    old(tree / "deep" / "a.xml").write_bytes(b"<a><title>T</title></a>")
    places = (tree, tree / "deep", cache_folder(tree), state_folder(tree), state_folder(tree) / "drafts")
    left = [old(folder / gone) for folder in places]
    kept = [old(folder / temporary_name()) for folder in places]
    workspace = Workspace.open(tree)
    workspace.tree.load()
    workspace.close()
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)


def test_the_status_removes_them_wherever_a_file_of_the_tree_lies(tmp_path: Path, gone: str) -> None:
    make_repository(tmp_path)
    for path in ("memories/a.xml", "AGENTS.md", "packages/app/CLAUDE.md", ".claude/rules/deep/style.md"):
        old(tmp_path / path)
    commit_all(tmp_path)
    folders = [tmp_path / name for name in ("memories", "", "packages/app", ".claude/rules/deep")]
    left = [old(folder / gone) for folder in folders]
    mine = old(tmp_path / temporary_name())
    place = tree_of_project(tmp_path / "packages/app")
    assert place is not None
    workspace = Workspace.open(place)
    assert workspace.status.uncommitted() == []
    workspace.close()
    assert not any(path.exists() for path in left)
    assert mine.exists()


def test_a_folder_in_place_of_the_cache_goes_with_the_process(tmp_path: Path, home: Home) -> None:
    home.spoil(home.cache)
    code = "from pathlib import Path; from index.storage.user_folders import cache_folder; "
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [
        sys.executable,
        "-c",
        f"{code}p = cache_folder(Path('/x')); (p / 'index').write_text('x'); print(p)",
    ]
    told = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    assert Path(told.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
