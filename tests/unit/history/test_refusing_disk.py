"""File systems that refuse what only protects or describes a file: a save is a save anyway."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from typing import Any

import pytest

from index.model.draft import Draft
from index.model.errors import IndexBusy, TreeError
from index.search.engines.index_folder import writing
from index.storage.drafts import Drafts
from index.storage.files import PREFIX
from index.storage.intents import Intents
from index.storage.locking import Lock
from index.workspace import Workspace
from tests.support.work import ENTRY, Work

NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM)
DRAFT = Draft("a.xml#1", "Pool", 5.0, "<a/>")


def refuse(patch: pytest.MonkeyPatch, module: Any, name: str, code: int) -> None:
    """Let a call of the operating system fail, as strace injects it."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(module, name, refused)


def edit(work: Work) -> Workspace:
    workspace = Workspace.open(work.tree)
    (entry,) = [one for one in workspace.tree.entries() if one.file == "a.xml"]
    workspace.committer.commit(workspace.planner.edit(entry.id, {"title": "New"}))
    return workspace


@pytest.mark.parametrize("call", ["fchmod", "fchown", "fsync"])
@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EACCES])
def test_what_a_file_system_cannot_do_stops_no_save(
    work: Work, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    refuse(monkeypatch, os, call, code)
    assert work.save("a.xml", ENTRY + b"\n").revision == work.head()
    assert (work.tree / "a.xml").read_bytes() == work.show("HEAD:memories/a.xml") == ENTRY + b"\n"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_whose_mode_cannot_be_kept_is_open_to_no_more_people(
    work: Work, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    (work.tree / "a.xml").chmod(mode)
    refuse(monkeypatch, os, "fchmod", errno.EPERM)
    work.save("a.xml", ENTRY + b"\n")
    assert (work.tree / "a.xml").stat().st_mode & 0o777 & ~mode == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_disk_that_loses_the_bytes_stops_a_save(
    work: Work, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refuse(monkeypatch, os, "fsync", code)
    with pytest.raises(TreeError):
        work.save("a.xml", ENTRY + b"\n")
    assert (work.tree / "a.xml").read_bytes() == ENTRY
    assert not list(work.tree.glob(f"{PREFIX}*"))


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_that_cannot_be_replaced_is_written_where_it_is(
    work: Work, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refuse(monkeypatch, Path, "replace", code)
    number = (work.tree / "a.xml").stat().st_ino
    for data in (ENTRY + b"\n" * 9, ENTRY):
        assert work.save("a.xml", data).revision == work.head()
        assert (work.tree / "a.xml").read_bytes() == data
    assert (work.tree / "a.xml").stat().st_ino == number
    assert not list(work.tree.glob(f"{PREFIX}*"))


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_file_that_must_not_be_replaced_is_not(
    work: Work, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refuse(monkeypatch, Path, "replace", code)
    with pytest.raises(TreeError):
        work.save("a.xml", ENTRY + b"\n")
    assert (work.tree / "a.xml").read_bytes() == ENTRY
    assert not list(work.tree.glob(f"{PREFIX}*"))


@pytest.mark.parametrize("code", NO_LOCKS)
def test_locks_are_files_where_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refuse(monkeypatch, fcntl, "flock", code)
    one, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert one.take()
    assert not other.take_now()
    one.release()
    assert other.take_now()
    other.close()
    one.close()
    with writing(tmp_path), pytest.raises(IndexBusy), writing(tmp_path):
        pass
    with writing(tmp_path):
        pass


def test_without_locks_all_goes_on(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit, its undo, a search of what it wrote, and what is written down for them."""
    refuse(monkeypatch, fcntl, "flock", errno.ENOLCK)
    workspace = edit(work)
    assert [one.entry.title for one in workspace.search.find("new").hits] == ["New"]
    assert workspace.committer.undo().revision == work.head()
    assert (work.tree / "a.xml").read_bytes() == ENTRY
    assert workspace.committer.redo().revision == work.head()


def test_drafts_are_kept_without_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refuse(monkeypatch, fcntl, "flock", errno.ENOLCK)
    mine, others = Drafts(tmp_path / "state" / "drafts"), Drafts(tmp_path / "state" / "drafts")
    mine.keep(DRAFT)
    assert others.left() == []  # its session lives
    mine.close()
    (left,) = others.left()
    assert left.entry == DRAFT.entry
    others.drop(left)
    assert list((tmp_path / "state" / "drafts").iterdir()) == []


def test_an_intent_is_held_without_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refuse(monkeypatch, fcntl, "flock", errno.ENOLCK)
    mine, others = Intents(tmp_path / "intents"), Intents(tmp_path / "intents")
    with mine.hold("change", {"a": 1}, [b"bytes"]) as intent:
        assert others.left("change") == []
        with others.adopt(intent) as held:
            assert not held
    (left,) = others.left("change")
    with others.adopt(left) as held:
        assert held
        assert left.read() == [b"bytes"]
        others.drop(left)
    assert list((tmp_path / "intents").iterdir()) == []
