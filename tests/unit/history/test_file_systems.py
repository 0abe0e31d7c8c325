"""Files and folders that may be written by half, files of several names, links, and what a kill has left."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from index.model.errors import TreeError
from index.storage.files import PREFIX, remove, temporary_name, write_atomic
from index.workspace import Workspace
from tests.support.leftovers import old
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int], None]:
    """Return a function that closes a folder: no file can be made in it; permissions do not bind root."""

    def close(folder: Path, code: int) -> None:
        access, real = os.access, os.open

        def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
            if flags & os.O_EXCL and Path(path).parent == folder:
                raise OSError(code, os.strerror(code))
            return real(path, flags, mode)

        monkeypatch.setattr(os, "open", refuse)
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))

    return close


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_file_in_a_closed_folder_is_written_where_it_is(
    work: Work, closed: Callable[[Path, int], None], code: int
) -> None:
    file = work.tree / "a.xml"
    number = file.stat().st_ino
    closed(work.tree, code)
    for data in (NEW * 3, ENTRY):
        assert work.save("a.xml", data).revision == work.head()
        assert file.read_bytes() == data
    assert file.stat().st_ino == number
    assert not list(work.tree.glob(f"{PREFIX}*"))


def test_a_new_file_in_a_closed_folder_is_refused(work: Work, closed: Callable[[Path, int], None]) -> None:
    closed(work.tree, errno.EACCES)
    with pytest.raises(TreeError, match=r"^new\.xml cannot be saved: permission denied\.$"):
        work.save("new.xml", NEW)
    assert not (work.tree / "new.xml").exists()


def test_half_a_write_in_a_closed_folder_is_taken_back(
    work: Work, closed: Callable[[Path, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(work.tree, errno.EACCES)
    real = os.fsync
    calls: list[int] = []

    def full_once(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and not calls:
            calls.append(descriptor)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full_once)
    with pytest.raises(TreeError, match="the disk is full"):
        write_atomic(work.tree / "a.xml", NEW, ENTRY, work.tree)
    assert (work.tree / "a.xml").read_bytes() == ENTRY


@pytest.mark.parametrize("data", [NEW, None], ids=["edit", "delete"])
@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_read_only_file_in_a_folder_that_may_be_written(work: Work, data: bytes | None, mode: int) -> None:
    """To put another file in its place would be possible, and is not what its mode says."""
    file = work.tree / "a.xml"
    file.chmod(mode)
    head = work.head()
    with pytest.raises(TreeError, match=r"^a\.xml is read-only: run chmod u\+w .*a\.xml, then save again"):
        work.save("a.xml", data)
    assert (file.read_bytes(), work.head(), work.status()) == (ENTRY, head, "")
    file.chmod(0o644)
    assert work.save("a.xml", data).revision == work.head()


def test_of_several_files_none_is_written_when_one_is_read_only(work: Work) -> None:
    work.commit("memories/b.xml", ENTRY)
    (work.tree / "b.xml").chmod(0o444)
    repository = work.open()
    with pytest.raises(TreeError, match=r"^b\.xml is read-only"):
        repository.save_all([(repository.snapshot(name), NEW) for name in ("a.xml", "b.xml")], "both")
    assert (work.tree / "a.xml").read_bytes() == ENTRY
    assert work.status() == ""


def test_another_hard_link_keeps_the_old_text_and_that_is_said(work: Work, tmp_path: Path) -> None:
    """As git does; a second name may be a backup (cp -al), which must not change along."""
    other = tmp_path / "backup.xml"
    other.hardlink_to(work.tree / "a.xml")
    workspace = Workspace.open(work.tree)
    try:
        (entry,) = [one for one in workspace.tree.entries() if one.file == "a.xml"]
        saved = workspace.committer.commit(workspace.planner.edit(entry.id, {"title": "New"}))
        assert saved.note.endswith("Other hard links to a.xml keep the text from before.")
        assert other.read_bytes() == ENTRY
        assert b"New" in (work.tree / "a.xml").read_bytes()
        again = workspace.committer.commit(workspace.planner.edit(entry.id, {"title": "Newer"}))
        assert "hard link" not in again.note
    finally:
        workspace.close()


@pytest.mark.parametrize("place", ["inside", "outside"])
@pytest.mark.parametrize("deep", [False, True], ids=["a linked file", "in a linked folder"])
def test_links_are_written_through_inside_the_tree_alone(
    work: Work, tmp_path: Path, place: str, deep: bool
) -> None:
    folder = work.tree / "real" if place == "inside" else tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "c.xml").write_bytes(ENTRY)
    link = work.tree / "link"
    link.symlink_to(folder if deep else folder / "c.xml")
    named = link / "c.xml" if deep else link
    if place == "inside":
        write_atomic(named, NEW, ENTRY, work.tree)
        remove(named, NEW, work.tree)
        assert not (folder / "c.xml").exists()
    else:
        with pytest.raises(TreeError, match="leads out of the tree and is not written"):
            write_atomic(named, NEW, ENTRY, work.tree)
        with pytest.raises(TreeError, match="leads out of the tree and is not written"):
            remove(named, ENTRY, work.tree)
        assert (folder / "c.xml").read_bytes() == ENTRY
    assert link.is_symlink()


def test_a_link_put_in_the_place_of_a_file_is_not_followed(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the write, where the file is written where it is."""
    victim = tmp_path / "victim.xml"
    victim.write_bytes(ENTRY)

    def swap(temporary: Path, target: Path) -> None:
        target.unlink()
        target.symlink_to(victim)
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "replace", swap)
    with pytest.raises(TreeError, match=r"^a\.xml cannot be saved"):
        write_atomic(work.tree / "a.xml", NEW, ENTRY, work.tree)
    assert victim.read_bytes() == ENTRY


def test_what_a_killed_sync_left_in_the_git_folder_goes_on_the_next_start(work: Work, gone: str) -> None:
    git_dir = work.root / ".git"
    left = git_dir / gone
    old(left / "index")
    os.utime(left, (0, 0))
    young, running = git_dir / gone.replace(".tmp", "-young.tmp"), old(git_dir / temporary_name())
    young.write_bytes(b"")
    work.open()
    assert not left.exists()
    assert young.exists()
    assert running.exists()
