"""The commits of many sessions are read ahead, in processes too, and say the same then."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.commands.demo import make_demo
from index.git.objects import Objects
from index.model.commits import LogStep
from index.sessions import rebuild, timeline, work_apart
from index.sessions.commit_cache import Store
from index.sessions.model import Session
from index.storage import helper_process
from index.storage.helper_process import Helper
from index.storage.user_folders import cache_folder
from index.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_demo(tmp_path)


def _sessions(root: Path) -> list[Session]:
    (cache_folder(root) / "commits.sqlite").unlink(missing_ok=True)
    workspace = Workspace.open(root)
    told = list(workspace.timeline.sessions())
    workspace.close()
    return told


def test_processes_read_what_one_would_have_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, kept = _sessions(root), list[str]()
    keep = Store.keep

    def note(self: Store, rev: str, work: list[list[str]]) -> None:
        kept.append(rev)
        keep(self, rev, work)

    def refuse(step: LogStep, reader: object) -> None:
        raise AssertionError(f"{step.rev} is read here")

    monkeypatch.setattr(timeline, "_FIRST", ())
    monkeypatch.setattr(work_apart, "WORTH_IT", 1)
    monkeypatch.setattr(work_apart, "cores", lambda: 2)
    monkeypatch.setattr(Store, "keep", note)
    monkeypatch.setattr("index.sessions.working.rows_of", refuse)
    assert _sessions(root) == alone
    assert sorted(kept) == sorted({step.rev for session in alone for step in session.commits})


@pytest.mark.parametrize(("at_once", "ahead"), [(1, 1), (2, 3), (50, 16)])
def test_batches_of_any_size_come_in_their_order(
    root: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, ahead: int
) -> None:
    alone = _sessions(root)
    monkeypatch.setattr(timeline, "_FIRST", (1,))
    monkeypatch.setattr(rebuild, "_AT_ONCE", at_once)
    monkeypatch.setattr(work_apart, "_AHEAD", ahead)
    monkeypatch.setattr(work_apart, "WORTH_IT", 1)
    monkeypatch.setattr(work_apart, "cores", lambda: 2)
    assert _sessions(root) == alone
    (cache_folder(root) / "commits.sqlite").unlink()
    workspace = Workspace.open(root)
    with closing(workspace.timeline.sessions()) as some:  # who asks for no more ends the processes
        assert [next(some) for _ in range(2)] == alone[:2]
    workspace.close()


def test_what_a_process_that_ended_should_have_read_is_read_here(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _sessions(root)

    def dying(module: str) -> Helper:
        helper = Helper(module)
        helper._process.kill()
        return helper

    monkeypatch.setattr(timeline, "_FIRST", ())
    monkeypatch.setattr(work_apart, "WORTH_IT", 1)
    monkeypatch.setattr(work_apart, "cores", lambda: 2)
    monkeypatch.setattr(helper_process, "Helper", dying)
    assert _sessions(root) == alone


def test_where_no_process_is_to_be_had_they_are_read_here(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = _sessions(root)

    def refuse(self: helper_process.HelperPool, module: str, many: int) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(timeline, "_FIRST", ())
    monkeypatch.setattr(work_apart, "WORTH_IT", 1)
    monkeypatch.setattr(work_apart, "cores", lambda: 2)
    monkeypatch.setattr(helper_process.HelperPool, "__init__", refuse)
    assert _sessions(root) == alone


def test_contents_are_asked_of_git_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, asked = _sessions(root), list[str]()
    blob = Objects.blob

    def note(self: Objects, object_id: str) -> bytes | None:
        asked.append(object_id)
        return blob(self, object_id)

    monkeypatch.setattr(Objects, "blob", note)
    assert _sessions(root) == alone
    changed: Sequence[str] = [f.new for s in alone for step in s.commits for f in step.files if f.new]
    assert not {*asked} & {*changed}
