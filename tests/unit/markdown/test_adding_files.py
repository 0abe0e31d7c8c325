"""New Markdown memories: files and sections as the others of their store are."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from index.editing.adding import in_series
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, make_repository
from tests.support.pages import NOW

HOME = ".claude/memory"


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


def added(root: Path, kind: str, **texts: str) -> dict[str, str]:
    """Plan a new entry; return the text of each file that it changes."""
    with closing(Workspace.open(root)) as workspace:
        plan = workspace.planner.add(
            kind, {name.replace("__", "/"): text for name, text in texts.items()}, NOW
        )
        return {change.file: (change.after or b"").decode() for change in plan.changes}


@pytest.mark.parametrize(
    ("names", "file", "new"),
    [
        (["project_445_queue", "project_813_pool", "project_7337_retry"], "project_disk", "project_disk"),
        (["project_445_queue", "project_813_pool", "project_07_a"], "project_disk", "project_814_disk"),
        (["12-queue", "13-pool", "15-retry"], "disk", "16-disk"),
        (["pr-001-queue", "pr-002-pool", "learning-2026-may"], "pr-001-queue", "pr-003-queue"),
        (["pr-001-queue", "pr-002-pool", "learning-2026-may"], "pr-disk", "pr-003-disk"),
        (["pr-001-queue", "pr-002-pool"], "learning-044-disk", "learning-044-disk"),
    ],
)
def test_numbers_that_count_go_on_and_those_of_issues_do_not(names: list[str], file: str, new: str) -> None:
    assert in_series(f"a/{file}.md", [f"a/{name}.md" for name in names]) == f"a/{new}.md"


def test_a_file_without_a_number_is_copied_into_its_series(tmp_path: Path) -> None:
    files = {f"docs/adr/{name}.md": f"# {name[5:]}\n\nText.\n" for name in ("0001-one", "0002-two")}
    write(tmp_path, files | {"docs/adr/template_2_12_x.md": "# template_2_12_x\n\nText.\n"})
    with closing(Workspace.open(tmp_path)) as workspace:
        [change] = workspace.planner.duplicate("template_2_12_x", NOW).changes
    assert change.file == "docs/adr/0003-template_2_12_x.md"


@pytest.mark.parametrize("heading", ["", "# The shape of a review\n\n"])
def test_a_memory_gets_a_name_as_its_like_have(tmp_path: Path, heading: str) -> None:
    front = "---\nname: Review shape\ndescription: Ask\ntype: feedback\n---\n\n"
    write(tmp_path, {f"{HOME}/feedback_review_shape.md": f"{front}{heading}Text.\n"})
    made = added(tmp_path, "feedback", title="No push", text="Never.")
    text = f"---\nname: No push\ntype: feedback\n---\n\n{'# No push' * bool(heading)}\n\nNever.\n"
    assert made == {f"{HOME}/feedback_no_push.md": text.replace("\n\n\n\n", "\n\n")}


def test_a_time_that_is_given_stays(tmp_path: Path) -> None:
    front = "---\nname: a b\nmetadata:\n  type: feedback\n  modified: 2026-07-29T13:16:34Z\n---\n\nText.\n"
    write(tmp_path, {f"{HOME}/feedback_review.md": front})
    made = added(tmp_path, "feedback", name="No push", metadata__modified="2026-01-02T03:04:05Z", text="No.")
    assert "  modified: 2026-01-02T03:04:05Z\n" in made[f"{HOME}/feedback_no_push.md"]


def test_an_id_and_a_time_that_few_have_are_not_made_up(tmp_path: Path) -> None:
    home = ".serena/memories"
    rest = {f"{home}/{name}.md": f"# {name.title()}\n\nText.\n" for name in ("style", "tests", "layout")}
    write(tmp_path, rest | {f"{home}/queue.md": "# ADR-865 Queue\n\n**Created**: 2026-01-01\n\nText.\n"})
    assert added(tmp_path, "memory", title="Cache", text="It.") == {f"{home}/cache.md": "# Cache\n\nIt.\n"}


@pytest.mark.parametrize("text", ["one\n\n# two", "# two\n\n## three\n\n# four"])
def test_a_heading_in_a_new_section_is_told_and_fenced(tmp_path: Path, text: str) -> None:
    file = ".learnings/LEARNINGS.md"
    before = "# Learnings\n\n## [LRN-20260501-001] one\n\n**Area**: x\n\n### Summary\nText.\n"
    write(tmp_path, {file: before})
    make_repository(tmp_path)
    commit_all(tmp_path)
    words = ("add", "learning", "--set", "title=Two", "--set", f"text={text}")
    assert "--fence does so." in call(tmp_path, *words, status=3).stderr
    assert (tmp_path / file).read_text("utf-8") == before
    call(tmp_path, *words, "--fence", status=0)
    now = (tmp_path / file).read_text("utf-8")
    assert now.startswith(before)
    assert f"```\n{text}\n```\n" in now


def test_a_title_is_the_name_of_a_memory_when_it_is_edited_too(tmp_path: Path) -> None:
    file = f"{HOME}/feedback_push.md"
    write(tmp_path, {file: "---\nname: No push\ntype: feedback\n---\n\nNo.\n"})
    make_repository(tmp_path)
    commit_all(tmp_path)
    call(tmp_path, "edit", f"{file}#feedback_push", "--set", "title=Never push", status=0)
    assert (tmp_path / file).read_text("utf-8").startswith("---\nname: Never push\n")
    none = call(tmp_path, "edit", f"{file}#feedback_push", "--set", "tipe=x", status=3)
    assert "no field tipe. Did you mean type?" in none.stderr


def test_the_last_part_of_a_name_will_do_where_one_field_has_it(tmp_path: Path) -> None:
    files = [f"{HOME}/feedback_{name}.md" for name in ("one", "two")]
    front = "---\nname: {}\nmetadata:\n  type: feedback\n  a:\n---\n\nText.\n"
    write(tmp_path, {file: front.format(file[-6:-3]) for file in files})
    make_repository(tmp_path)
    commit_all(tmp_path)
    ids = [f"{file}#{Path(file).stem}" for file in files]
    call(tmp_path, "edit", ids[0], "--set", "type=user", status=0)
    assert "\n  type: user\n" in (tmp_path / files[0]).read_text("utf-8")
    call(tmp_path, "edit", *ids, "--set", "type=project", status=0)
    assert all("\n  type: project\n" in (tmp_path / file).read_text("utf-8") for file in files)
    assert call(tmp_path, "show", *ids, "--template", "{{ type }}", status=0).stdout == "project\n" * 2


@pytest.mark.parametrize("file", [".claude/memory/decision_cache.md", ".learnings/DECISIONS.md"])
def test_a_kind_that_only_xml_documents_has_labels_that_markdown_can_write(tmp_path: Path, file: str) -> None:
    write(tmp_path, {".claude/memory/MEMORY.md": "# Memory\n", ".learnings/LEARNINGS.md": "# Learnings\n"})
    make_repository(tmp_path)
    commit_all(tmp_path)
    values = ("--set", "title=Keep the cache", "--set", "decision=Two nodes", "--set", "rationale=It is warm")
    call(tmp_path, "add", "decision", "--file", file, *values, status=0)
    text = (tmp_path / file).read_text()
    assert "Two nodes" in text
    assert "It is warm" in text
    assert "@" not in text
