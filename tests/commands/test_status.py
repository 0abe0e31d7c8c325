"""`status` and `commit` as processes on a real repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.commands.demo import make_demo
from index.model.draft import Draft, Typed
from index.model.plan import Plan, PlannedChange
from index.storage.drafts import Drafts
from index.storage.user_folders import state_folder
from index.workspace import Workspace
from tests.support.commands import Run
from tests.support.git import git
from tests.support.interrupting import killed
from tests.support.shop import FILE

POOL = "debugging-solution-2025-10-03T14:30:00Z"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return make_demo(tmp_path / "demo")


def edit(demo: Path, old: str, new: str) -> None:
    text = (demo / FILE).read_text("utf-8")
    assert old in text
    (demo / FILE).write_text(text.replace(old, new, 1), "utf-8")


def test_what_an_agent_wrote_is_listed_and_committed(run: Run, demo: Path) -> None:
    assert run("status").stderr == "Everything on disk is committed.\n"
    edit(demo, "Database connection pool exhaustion under load", "Pool exhaustion\x1b[31m")
    (demo / "new.xml").write_text(
        "<lessons><lesson><title>New</title><date>2025-11-20</date></lesson></lessons>"
    )
    told = json.loads(run("status", "--json").stdout)
    assert [(item["file"], item["change"]) for item in told["uncommitted"]] == [
        (FILE, "changed"),
        ("new.xml", "new"),
    ]
    assert told["uncommitted"][1]["entries"][0]["change"] == "added"
    assert told["drafts"] == []
    said = run("status").stdout
    assert "\x1b" not in said
    assert "+ new.xml  +1 lesson\n    + New: added  new.xml#lesson-2025-11-20\n" in said
    assert run("commit", "nothing.xml", status=3).stderr.startswith(
        "memarium: nothing.xml has nothing to commit"
    )
    assert run("commit", status=2).stdout == ""
    run("commit", "new.xml", "--dry-run")
    before = git(demo, "rev-parse", "HEAD")
    run("commit", "new.xml", "-m", "by hand")
    assert git(demo, "rev-parse", "HEAD^") == before
    assert git(demo, "show", "--format=%s", "--name-only", "HEAD").split("\n\n") == [
        "by hand",
        "memories/new.xml",
    ]
    done = json.loads(run("commit", "--all", "--json").stdout)
    assert (done["files"], done["written"]) == ([FILE], True)
    assert done["revision"] == git(demo, "rev-parse", "HEAD")
    assert run("commit", "--all", status=1).stderr == "Everything on disk is committed.\n"


def test_each_file_a_commit(run: Run, demo: Path) -> None:
    count = int(git(demo, "rev-list", "--count", "HEAD"))
    for name in ("one", "two"):
        (demo / f"{name}.xml").write_text(
            f"<lessons><lesson><title>{name}</title><date>2025</date></lesson></lessons>"
        )
    run("commit", "--all", "--each")
    assert int(git(demo, "rev-list", "--count", "HEAD")) == count + 2
    assert git(demo, "log", "-2", "--format=%s").split("\n")[:2] == [
        'memory: add lesson "two"',
        'memory: add lesson "one"',
    ]


def test_drafts_are_listed(run: Run, demo: Path) -> None:
    drafts = Drafts(state_folder(demo) / "drafts")
    drafts.keep(Draft(POOL, "Pool", 0.0, fields={"solution": Typed("old", "new")}))
    assert run("status").stdout == ""
    drafts.close()
    assert run("status").stdout == f"! Pool: unsaved draft of solution  {POOL}\n"
    (draft,) = json.loads(run("status", "--json").stdout)["drafts"]
    assert draft["changes"] == [{"field": "solution", "before": "old", "after": "new"}]
    assert draft["when"] == "1970-01-01T00:00:00+00:00"


def test_the_end_of_a_session_that_was_begun_names_its_fields(run: Run, demo: Path) -> None:
    drafts = Drafts(state_folder(demo) / "drafts")
    typed = {name: Typed("", "x") for name in ("state:next-step", "decide:DEC-011", "lesson")}
    drafts.keep(Draft("shop-api", "End session", 0.0, fields=typed, sort="session"))
    drafts.close()
    said = run("status").stdout
    assert said == "! End session: unsaved draft of next-step, DEC-011, lesson  shop-api\n"


def rename_two(workspace: Workspace) -> object:
    names = ["one.xml", "two.xml"]
    changes = tuple(PlannedChange(name, None, f"<a><b>{name}</b></a>\n".encode()) for name in names)
    return workspace.committer.commit(Plan(changes, "memory: add two"))


def test_an_interrupted_change_is_told_by_every_command_and_ended_as_one(run: Run, demo: Path) -> None:
    killed(demo, rename_two, files=1)
    told = "memarium: “add two” was interrupted: 1 of 2 files written, nothing committed. "
    for command in (["list"], ["brief"], ["list", "--json"]):
        assert run(*command).stderr.startswith(told)
        assert "memarium status --finish" in run(*command).stderr
    listed = json.loads(run("status", "--json").stdout)
    assert [(half["title"], half["sort"], half["written"]) for half in listed["interrupted"]] == [
        ("add two", "change", 1)
    ]
    assert listed["interrupted"][0]["files"] == ["one.xml", "two.xml"]
    assert listed["uncommitted"] == []
    assert run("status").stdout == f"! {told.removeprefix('memarium: ').rstrip()}\n"
    assert run("commit", "--all", status=1).stderr.endswith(
        "Everything on disk is committed, but for what was interrupted: “add two”.\n"
    )
    refused = "“add two” was interrupted, and one.xml is one of its files: finish it or take it back first."
    assert refused in run("commit", "one.xml", status=3).stderr
    assert run("status", "--finish").stderr.startswith("Saved 2 files as ")
    assert git(demo, "log", "-1", "--format=%s") == "memory: add two"
    assert run("status", "--finish", status=1).stderr == "Nothing was interrupted.\n"
    assert run("undo").stderr
    killed(demo, rename_two, files=1)
    ended = json.loads(run("status", "--take-back", "--json").stdout)["ended"]
    assert ended[0]["note"] == "Took back “add two”: its files are as they were before."
    assert not (demo / "one.xml").exists()
    assert not git(demo, "status", "--porcelain")
