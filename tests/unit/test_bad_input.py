"""What a tree may hold, and what it gets: nothing crashes, nothing runs, nothing is lost."""

from __future__ import annotations

import errno
import os
import pickle
import time
from pathlib import Path
from typing import Any

import pytest

from index.model.errors import TreeError
from index.storage.files import LIMIT
from index.workspace import Workspace
from tests.support.home import Home

GOOD = "<xs><x id='A'><name>Good entry</name><note>text</note></x></xs>\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "memories"
    folder.mkdir()
    (folder / "good.xml").write_text(GOOD, encoding="utf-8")
    return folder


def codes(workspace: Workspace) -> dict[str, str]:
    return {problem.file: problem.code for problem in workspace.tree.problems()}


def test_an_empty_tree_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "memories").mkdir()
    workspace = Workspace.open(tmp_path / "memories")
    assert list(workspace.tree.entries()) == []
    assert workspace.search.find("anything").total == 0
    assert workspace.tree.problems() == []


def test_a_pipe_a_folder_and_binary_files_are_problems_beside_good_entries(root: Path) -> None:
    os.mkfifo(root / "pipe.xml")
    (root / "folder.xml").mkdir()
    (root / "picture.xml").write_bytes(bytes(range(256)) * 40)
    workspace = Workspace.open(root)
    assert [entry.title for entry in workspace.tree.entries() if entry.file == "good.xml"] == ["Good entry"]
    assert codes(workspace)["pipe.xml"] == "unreadable"
    assert "picture.xml" in codes(workspace)
    assert "folder.xml" not in codes(workspace)


def test_a_file_that_may_not_be_read_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = root / "secret.xml"
    secret.write_text(GOOD, encoding="utf-8")
    secret.chmod(0)
    real_open = os.open

    def refuse(path: Any, *rest: int, **more: Any) -> int:
        if str(path) == str(secret):  # root may read everything: refuse as the kernel would
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real_open(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    workspace = Workspace.open(root)
    problem = next(p for p in workspace.tree.problems() if p.file == "secret.xml")
    assert "permission denied" in problem.message
    assert workspace.tree.entry("A").title == "Good entry"


def test_a_file_over_the_limit_is_not_opened(root: Path) -> None:
    with (root / "huge.xml").open("wb") as file:
        file.truncate(LIMIT + 1)
    workspace = Workspace.open(root)
    assert next(p for p in workspace.tree.problems() if p.file == "huge.xml").message.startswith(
        "huge.xml is larger"
    )
    assert workspace.search.find("good").total == 1


def test_a_file_of_64_mib_opens_in_bounded_time(root: Path) -> None:
    head, tail = b"<xs><x id='B'><name>Large entry</name><note>", b"</note></x></xs>"
    (root / "large.xml").write_bytes(head + b"word " * ((LIMIT - len(head) - len(tail)) // 5) + tail)
    started = time.monotonic()
    workspace = Workspace.open(root)
    titles = {entry.title for entry in workspace.tree.entries()}
    assert "Good entry" in titles
    assert time.monotonic() - started < 60  # a guard against quadratic time, no measurement


def test_entities_are_never_expanded_nor_files_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("PWNED", encoding="utf-8")
    bomb = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    (root / "xxe.xml").write_text(
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY a "aaaaaaaaaa">{bomb}]>\n'
        "<x id='X'><name>see &f; and &i;</name><note>n</note></x>",
        encoding="utf-8",
    )
    entry = Workspace.open(root).tree.entry("X")
    assert entry.title == "see &f; and &i;"


def test_odd_names_are_opened_searched_and_edited(root: Path) -> None:
    names = ["with space.xml", "new\nline.xml", "[a-b]*.xml", "rtl\u202e.xml", "-rf.xml", ":(top)x.xml"]
    for number, name in enumerate(names):
        (root / name).write_text(GOOD.replace("'A'", f"'N-{number}'"), encoding="utf-8")
    (root / os.fsdecode(b"latin-\xe9.xml")).write_text(GOOD.replace("'A'", "'L-1'"), encoding="utf-8")
    workspace = Workspace.open(root)
    assert workspace.search.find("good").total == len(names) + 2
    for number, name in enumerate(names):
        workspace.committer.commit(workspace.planner.edit(f"N-{number}", {"note": "changed"}))
        assert "changed" in (root / name).read_text(encoding="utf-8")
    workspace.committer.commit(workspace.planner.edit("L-1", {"note": "changed"}))
    assert b"changed" in (root / os.fsdecode(b"latin-\xe9.xml")).read_bytes()


class _Canary:
    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (Path(os.environ["CANARY"]),))


def test_an_index_that_came_with_the_tree_is_never_loaded(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary"
    monkeypatch.setenv("CANARY", str(canary))
    planted = pickle.dumps(_Canary())
    for place in (root, root / ".memarium", root / "index", root.parent):
        place.mkdir(exist_ok=True)
        for name in ("_MAIN_1.toc", "catalogue.sqlite", "MAIN_x.seg", "index.pickle"):
            (place / name).write_bytes(planted)
    workspace = Workspace.open(root)
    assert workspace.search.find("good").total == 1
    assert not workspace.tree.folder.is_relative_to(root)
    assert (workspace.tree.folder.stat().st_mode & 0o777) == 0o700
    assert not canary.exists()


def test_a_full_disk_leaves_the_old_file_and_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(root)
    plan = workspace.planner.edit("A", {"note": "new"})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TreeError, match="the disk is full"):
        workspace.committer.commit(plan)
    assert (root / "good.xml").read_text(encoding="utf-8") == GOOD
    assert [path.name for path in root.iterdir()] == ["good.xml"]


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(root: Path, home: Home) -> None:
    home.spoil(home.cache)
    assert Workspace.open(root).search.find("good").total == 1
