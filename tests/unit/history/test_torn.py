"""Entries that the last commit has and a torn file on disk has lost: found by their ids, and brought back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from index.model.errors import Refused, UnknownEntry
from index.model.plan import CannotEdit, Unsaved
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.work import Work

XML = "".join(
    f'<lesson id="L-{n}"><title>Title {n}</title><text>Body {n}</text></lesson>\n' for n in (1, 2, 3)
)
MARKDOWN = "".join(f"## Title {n}\n\nBody {n} of some words.\n\n" for n in (1, 2, 3))
FORMS = {"notes.xml": f"<lessons>\n{XML}</lessons>\n", "decisionLog.md": f"# Decision Log\n\n{MARKDOWN}"}
LOST = {"notes.xml": "notes.xml#L-3", "decisionLog.md": "decisionLog.md#title-3"}


@pytest.fixture(params=FORMS)
def torn(work: Work, request: pytest.FixtureRequest) -> tuple[Path, str]:
    """Return a committed file that ends before its third entry, and the id of that one."""
    name = request.param
    text = FORMS[name]
    work.commit(f"memories/{name}", text.encode(), "notes")
    path = work.tree / name
    path.write_text(text[: text.index('<lesson id="L-3"' if name.endswith("xml") else "## Title 3")])
    return path, LOST[name]


def test_what_a_torn_file_lost_has_its_history_and_comes_back(torn: tuple[Path, str], work: Work) -> None:
    path, lost = torn
    with closing(Workspace.open(work.tree)) as workspace:
        history = workspace.history
        for name in (lost, lost.partition("#")[2]):
            told = [(one.rev is None, one.deleted) for one in history.versions(name)]
            assert told == [(True, True), (False, False)]
        workspace.committer.commit(history.plan_past(lost, history.at(lost, "HEAD"), "HEAD"))
        assert [entry.title for entry in workspace.tree.entries() if entry.file == path.name].count(
            "Title 3"
        ) == 1
        with pytest.raises(UnknownEntry):
            next(history.versions(f"{path.name}#title-9"))


def test_the_whole_file_comes_back_once_that_is_insisted_on(torn: tuple[Path, str], work: Work) -> None:
    path, _ = torn
    left = path.read_bytes()
    with closing(Workspace.open(work.tree)) as workspace:
        history = workspace.history
        version = history.file_at(path.name, "HEAD")
        with pytest.raises(Unsaved, match="commit them first"):
            history.plan_restore_file(path.name, version)
        workspace.tree.allow(Unsaved.way)
        saved = workspace.committer.commit(history.plan_restore_file(path.name, version))
    assert path.read_text() == FORMS[path.name]
    kept = Path(saved.note.rpartition("What it held is kept in ")[2].removesuffix("."))
    assert kept.read_bytes() == left


@pytest.mark.parametrize("now", [b"\0" * 64, b""], ids=["zeros", "empty"])
def test_a_file_of_nothing_comes_back_without_asking(torn: tuple[Path, str], work: Work, now: bytes) -> None:
    path, lost = torn
    path.write_bytes(now)
    with closing(Workspace.open(work.tree)) as workspace:
        history = workspace.history
        assert [one.entry is not None for one in history.versions(lost)][-1]
        if now:
            with pytest.raises(CannotEdit, match=r"only zeros|restore it whole"):
                history.plan_past(lost, history.at(lost, "HEAD"), "HEAD")
        plan = history.plan_restore_file(path.name, history.file_at(path.name, "HEAD"))
        workspace.committer.commit(plan)
    assert path.read_text() == FORMS[path.name]


def test_show_names_the_history_of_what_a_torn_file_lost(torn: tuple[Path, str], work: Work) -> None:
    _, lost = torn
    for name in (lost, lost.partition("#")[2]):
        told = call(work.tree, "show", name, status=1).stderr
        assert f"memarium history {name} lists its versions." in " ".join(told.split())
    assert "memarium history" not in call(work.tree, "show", "title-9", status=1).stderr


def test_every_command_names_the_way_back_to_what_is_gone(work: Work) -> None:
    changes = (["edit", "--set", "title=x"], ["delete"], ["duplicate"], ["move", "--new"], ["similar"])

    def refused(command: list[str], name: str) -> str:
        target = ["other.xml"] if command[0] == "move" else []
        return call(work.tree, *command, name, *target, status=1).stderr

    work.commit("memories/notes.xml", FORMS["notes.xml"].encode(), "notes")
    (work.tree / "notes.xml").write_text(FORMS["notes.xml"].partition('<lesson id="L-3"')[0])
    for command in changes:
        told = refused(command, "notes.xml#L-3")
        assert "but the last commit has: memarium history notes.xml#L-3 lists its versions." in told
    call(work.tree, "restore", "L-3")
    call(work.tree, "delete", "L-3")
    for command in changes:
        assert "memarium restore L-3 brings it back." in refused(command, "L-3")
        assert "No entry has the id L-9." in refused(command, "L-9")
    assert not (work.tree / "other.xml").exists()


def test_what_a_deleted_file_held_has_its_history(torn: tuple[Path, str], work: Work) -> None:
    path, lost = torn
    path.unlink()
    with closing(Workspace.open(work.tree)) as workspace:
        history = workspace.history
        assert [one.deleted for one in history.versions(lost)] == [True, False]
        with pytest.raises(Refused, match=f"restore {path.name} HEAD puts it back"):
            workspace.committer.commit(history.plan_past(lost, history.at(lost, "HEAD"), "HEAD"))
