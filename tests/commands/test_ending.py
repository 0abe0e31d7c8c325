"""The running session and its end, as processes on a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Run, memarium
from tests.support.git import git


@pytest.fixture
def run(demo: Path) -> Run:
    def go(*words: str, tree: Path = demo, status: int = 0) -> subprocess.CompletedProcess[str]:
        return memarium("session", *words, "-t", str(tree), status=status, env={"COLUMNS": "200"})

    return go


def test_the_running_session(run: Run) -> None:
    text = run().stdout
    assert text.startswith(
        "Cursor pagination for the order export\n    shop-api · order export · since 2025-11-21"
    )
    assert "finished: DEC-012 Keyset on (created_at, id), not on id alone" in text
    told: Any = json.loads(run("--json").stdout)
    assert told["project"] == "shop-api"
    assert [row["id"].rpartition("#")[2] for row in told["pending"]][:2] == ["DEC-013", "DEC-011"]
    assert "development-patterns/debugging-solutions.xml#DEBUG-021" in told["work"]
    assert {"name": "last-action", "text": "", "list": False} in told["fields"]


def test_a_dry_run_shows_all_files_and_writes_nothing(run: Run, demo: Path) -> None:
    before = git(demo, "rev-parse", "HEAD")
    told = run("end", "--dry-run", "--lesson", "Measure", "--archive", "DEC-012")
    assert "project-knowledge/shop-api/decisions.xml\n" in told.stdout
    assert "<lesson>Measure</lesson>" in told.stdout
    assert told.stderr == "Nothing was written.\n"
    assert (git(demo, "rev-parse", "HEAD"), git(demo, "status", "--porcelain")) == (before, "")


def test_the_end_is_one_commit(run: Run, demo: Path) -> None:
    said = ("--set", "status=paused", "--set", "blockers=lag", "--set", "blockers=heat")
    told: Any = json.loads(
        run("end", *said, "--decide", "DEC-011=Yes", "--decision", "Partition?", "--archive", "DEC-012",
            "--lesson", "Measure\nthen cut", "--json").stdout
    )  # fmt: skip
    assert git(demo, "log", "-1", "--format=%H %s") == f"{told['revision']} memory: end session of shop-api"
    changed = git(demo, "show", "--name-only", "--format=", "HEAD").splitlines()
    assert sorted(changed) == sorted(f"memories/{file}" for file in told["files"])
    assert len(changed) == 4
    now: Any = json.loads(run("--json").stdout)
    assert (now["status"], now["blockers"]) == ("paused", ["lag", "heat"])
    assert "Partition?" in [row["title"] for row in now["pending"]]
    assert "DEC-011" not in str(now["pending"])
    git(demo, "reset", "-q", "--hard", "HEAD^")


def test_wrong_usage_and_refusals(run: Run, demo: Path, tmp_path: Path) -> None:
    before = git(demo, "rev-parse", "HEAD")
    assert "not a terminal, so no prompts" in run("end", status=2).stderr
    assert "--set takes FIELD=VALUE" in run("end", "--set", "status", status=2).stderr
    assert "No entry has the id NO-1" in run("end", "--archive", "NO-1", status=1).stderr
    assert "does not allow" in run("end", "--lesson", "\x1b[31m", status=3).stderr
    assert git(demo, "rev-parse", "HEAD") == before
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(tree=empty, status=1).stderr == "This tree has no session state.\n"
    assert "nothing to write" in run("end", "--yes", tree=empty, status=3).stderr


def test_yes_ends_it_as_it_is(run: Run, demo: Path) -> None:
    run("end", "--yes", "-m", "memory: done for today")
    assert git(demo, "log", "-1", "--format=%s") == "memory: done for today"
    assert (
        git(demo, "show", "--name-only", "--format=", "HEAD") == "memories/session-context/active-project.xml"
    )
