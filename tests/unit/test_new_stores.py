"""Stores that are started: the files of each, read well, added to, never written over."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.commands.cli import cli
from index.model.errors import TreeError
from index.model.store_places import PLACES, STARTS
from index.storage.memory_stores import stores_of
from index.workspace import Workspace

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = [start.name for start in STARTS]


@pytest.mark.parametrize("name", NAMES)
def test_a_store_reads_well_and_is_found(tmp_path: Path, name: str) -> None:
    new = Workspace.start(tmp_path, name, NOW)
    assert [store.name for store in stores_of(tmp_path)] == [name]
    assert sorted(new.files) == sorted(
        file.relative_to(new.folder).as_posix() for file in new.folder.rglob("*") if file.is_file()
    )
    workspace = Workspace.open(new.folder)
    assert not [one for one in workspace.tree.problems() if one.level == "error"]
    assert workspace.notices.found(NOW) == []
    assert workspace.tree.snapshot.total == 0 if name == "memories" else workspace.tree.snapshot.total
    workspace.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_store_that_is_there_is_not_touched(tmp_path: Path, name: str) -> None:
    folder = tmp_path / next(place.path for place in PLACES if place.name == name)
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(TreeError, match="is there already, and nothing was written"):
        Workspace.start(tmp_path, name, NOW)
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_begun_in(tmp_path: Path) -> None:
    (tmp_path / "memory-bank").mkdir()
    assert len(Workspace.start(tmp_path, "memory-bank", NOW).files) == 6


def test_a_link_that_leads_out_of_the_project_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project/memory-bank").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TreeError):
        Workspace.start(tmp_path / "project", "memory-bank", NOW)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_first_entry_of_learnings_goes_below_the_title(tmp_path: Path) -> None:
    folder = Workspace.start(tmp_path, "learnings", NOW).folder
    workspace = Workspace.open(folder)
    [change] = workspace.planner.add(
        "learning", {"title": "Count workers", "Summary": "per worker"}, NOW, file=".learnings/LEARNINGS.md"
    ).changes
    assert change.before is not None
    assert change.after is not None
    assert change.after.startswith(change.before)
    assert change.after[len(change.before) :].decode() == (
        f"\n## [LRN-{NOW:%Y%m%d}-001] Count workers\n\n**Logged**: {NOW:%Y-%m-%dT%H:%M:%SZ}\n\n"
        "### Summary\n\nper worker\n\n---\n"
    )
    workspace.close()


@pytest.mark.parametrize(
    ("kind", "file", "start"),
    [("error", "ERRORS.md", "ERR"), ("feature-request", "FEATURE_REQUESTS.md", "FEAT")],
)
def test_its_other_files_count_their_own_ids(tmp_path: Path, kind: str, file: str, start: str) -> None:
    workspace = Workspace.open(Workspace.start(tmp_path, "learnings", NOW).folder)
    for number in ("001", "002"):
        plan = workspace.planner.add(kind, {"title": "make", "Priority": "high"}, NOW)
        assert plan.entries == (f".learnings/{file}#{start}-{NOW:%Y%m%d}-{number}",)
        workspace.tree.allow("unversioned")
        workspace.committer.commit(plan)
    workspace.close()


def test_the_command_asks_for_a_name_where_nobody_can_answer(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["init", str(tmp_path)])
    assert done.exit_code == 2
    assert "--store memories, claude, serena, memory-bank, learnings" in done.stderr
    done = CliRunner().invoke(cli, ["init", str(tmp_path), "--store", "serena"])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == str(tmp_path / ".serena/memories/project_overview.md")
    done = CliRunner().invoke(cli, ["init", str(tmp_path), "--store", "serena"])
    assert done.exit_code == 3


def test_the_name_of_a_store_in_place_of_a_folder_gets_the_option_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["init", "serena"])
    assert done.exit_code == 2
    assert "There is no folder serena: --store serena starts that store here." in done.stderr
    assert "no folder other: make it first." in CliRunner().invoke(cli, ["init", "other"]).stderr
    (tmp_path / "serena").mkdir()
    assert CliRunner().invoke(cli, ["init", "serena", "--store", "claude"]).exit_code == 0


@pytest.mark.parametrize(
    ("store", "kind", "texts", "file", "text"),
    [
        (
            "claude", "feedback",
            {"name": "No push", "description": "Ask", "text": "No.", "Why": "Diffs", "How to apply": "- a"},
            ".claude/memory/feedback_no_push.md",
            "---\nname: No push\ndescription: Ask\ntype: feedback\n---\n\nNo.\n\n**Why:** Diffs\n\n"
            "**How to apply:**\n- a\n",
        ),
        (
            "claude", "user", {"name": "Tea"}, ".claude/memory/user_tea.md",
            "---\nname: Tea\ntype: user\n---\n",
        ),
        (
            "memory-bank", "decision",
            {"title": "Queues", "Decision": "Two.", "Implementation Details": "Now."},
            "memory-bank/decisionLog.md",
            "# Decision log\n\n## [2026-11-01] - Queues\n\n### Decision\n\nTwo.\n\n"
            "### Implementation Details\n\nNow.\n",
        ),
        (
            "learnings", "feature-request",
            {"title": "export", "Priority": "low", "User Context": "CSV.", "Complexity Estimate": "simple"},
            ".learnings/FEATURE_REQUESTS.md",
            "# Feature requests\n\nWhat was asked for and is not there yet.\n\n---\n\n"
            "## [FEAT-20261101-001] export\n\n**Logged**: 2026-11-01T00:00:00Z\n**Priority**: low\n\n"
            "### User Context\n\nCSV.\n\n### Complexity Estimate\n\nsimple\n\n---\n",
        ),
        ("serena", "memory", {"title": "Database", "text": "Ok."}, ".serena/memories/database.md",
         "# Database\n\nOk.\n"),
    ],
)  # fmt: skip
def test_the_first_entry_of_a_kind_is_as_its_keeper_writes_it(
    tmp_path: Path, store: str, kind: str, texts: dict[str, str], file: str, text: str
) -> None:
    with closing(Workspace.open(Workspace.start(tmp_path, store, NOW).folder)) as workspace:
        assert kind in workspace.planner.kinds()[:8]
        blank = workspace.planner.blank(kind, NOW)
        assert texts.keys() <= {field.name for field in blank.shape.fields} | {"title"}
        plan = workspace.planner.add(kind, texts, NOW)
        made = {change.file: (change.after or b"").decode() for change in plan.changes}
        assert made[file] == text
        workspace.committer.commit(plan)
        assert workspace.tree.entry(plan.entries[0]).kind == kind
        for name in ("text", "Decision"):
            if name in texts:
                workspace.committer.commit(workspace.planner.edit(plan.entries[0], {name: "Other."}))
                assert (tmp_path / file).read_text("utf-8") == text.replace(texts[name], "Other.", 1)


def test_an_index_is_no_kind_to_add(tmp_path: Path) -> None:
    with closing(Workspace.open(Workspace.start(tmp_path, "claude", NOW).folder)) as workspace:
        assert workspace.planner.kinds()[:4] == ["reference", "user", "feedback", "project"]
