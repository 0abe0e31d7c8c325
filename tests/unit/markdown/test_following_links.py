"""Links and lines of an index go along with what they lead to, in the same plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.plan import Plan
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository

NOW = datetime(2026, 11, 1, tzinfo=UTC)
INDEX = """# Memory

## Feedback
- [Review shape](feedback_shape.md) — comments live in a skill
- **[Tone](feedback_tone.md)**: short
  and kind

## Project
- [Retry budget](project_retry.md) — three tries
"""
SHAPE = """---
name: Review shape
description: comments live in a skill
---

See [[feedback_tone]], [the budget](<project_retry.md> "x") and [src](../src/a.py).
"""
TONE = """---
name: Tone
description: short
---

As [[Review shape]] and `[[Review shape]]` say.
"""
RETRY = """---
name: Retry budget
description: three tries
---

[shape](./feedback_shape.md#why), [[Retry Budget|own]]
"""
DEEP = "Up: [shape](../feedback_shape.md), [[feedback_shape.md]], [[Tone]].\r\nBack.\r\n"
FILES = {
    "MEMORY.md": INDEX,
    "feedback_shape.md": SHAPE,
    "feedback_tone.md": TONE,
    "project_retry.md": RETRY,
    "notes/deep.md": DEEP,
}


def make(root: Path) -> Path:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return root


def after(root: Path, change: Callable[[Workspace], Plan]) -> dict[str, str | None]:
    """Plan a change, commit it, take it back, and return the texts that it changed or gave up."""
    make(root)
    make_repository(root)
    commit_all(root)
    workspace = Workspace.open(root)
    plan = change(workspace)
    workspace.committer.commit(plan, None)
    told = {
        path: file.read_bytes().decode() if file.exists() else None
        for path in dict.fromkeys([*FILES, *(one.file for one in plan.changes)])
        if not (file := root / path).exists() or file.read_bytes().decode() != FILES.get(path)
    }
    assert git(root, "rev-list", "--count", "HEAD") == "2"
    assert {one.file for one in plan.changes} == told.keys()
    workspace.committer.undo()
    for path in told:
        assert (
            not (root / path).exists()
            if path not in FILES
            else (root / path).read_bytes().decode() == FILES[path]
        )
    workspace.close()
    return told


def entry_of(workspace: Workspace, file: str) -> str:
    return next(entry.id for entry in workspace.tree.entries() if entry.file == file)


def test_a_file_that_moves_takes_its_links_and_those_to_it_along(tmp_path: Path) -> None:
    told = after(
        tmp_path,
        lambda w: w.planner.move(entry_of(w, "feedback_shape.md"), "style/the shape.md", NOW),
    )
    assert told == {
        "feedback_shape.md": None,
        "style/the shape.md": SHAPE.replace("<project", "<../project").replace("../src", "../../src"),
        "MEMORY.md": INDEX.replace("feedback_shape.md", "style/the%20shape.md"),
        "project_retry.md": RETRY.replace("feedback_shape.md", "style/the%20shape.md"),
        "notes/deep.md": DEEP.replace("../feedback_shape.md", "../style/the%20shape.md").replace(
            "[[feedback_shape.md]]", "[[the shape.md]]"
        ),
    }


def test_signs_that_end_a_path_in_a_link_are_escaped_and_no_name_holds_them(tmp_path: Path) -> None:
    told = after(tmp_path, lambda w: w.planner.move(entry_of(w, "feedback_tone.md"), "100%25 #1?.md", NOW))
    assert told["MEMORY.md"] == INDEX.replace("feedback_tone.md", "100%2525%20%231%3F.md")
    assert told["feedback_shape.md"] == SHAPE.replace("[[feedback_tone]]", "[[Tone]]")


def test_in_angles_too(tmp_path: Path) -> None:
    told = after(tmp_path, lambda w: w.planner.move(entry_of(w, "project_retry.md"), "notes/a #1.md", NOW))
    assert told["feedback_shape.md"] == SHAPE.replace("<project_retry.md>", "<notes/a %231.md>")


def test_a_file_that_goes_takes_its_line_along(tmp_path: Path) -> None:
    told = after(tmp_path, lambda w: w.planner.delete(entry_of(w, "feedback_tone.md")))
    line = "- **[Tone](feedback_tone.md)**: short\n  and kind\n"
    assert told == {"feedback_tone.md": None, "MEMORY.md": INDEX.replace(line, "")}


def test_a_new_title_goes_to_the_index_and_to_links_by_name(tmp_path: Path) -> None:
    told = after(
        tmp_path,
        lambda w: w.planner.edit(
            entry_of(w, "feedback_shape.md"), {"name": "Shape", "description": "one finding, one comment"}
        ),
    )
    text = FILES["feedback_shape.md"].replace("Review shape", "Shape")
    line = "[Shape](feedback_shape.md) — one finding, one comment"
    assert told == {
        "feedback_shape.md": text.replace("comments live in a skill", "one finding, one comment"),
        "MEMORY.md": INDEX.replace("[Review shape](feedback_shape.md) — comments live in a skill", line),
        "feedback_tone.md": FILES["feedback_tone.md"].replace("As [[Review shape]]", "As [[Shape]]"),
    }


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Version 2.1", "Version 2.1"),
        ("two\nlines", "feedback_shape"),
        ("a | b", "feedback_shape"),
        ("a]b", "feedback_shape"),
        ("#5", "feedback_shape"),
    ],
)
def test_a_link_by_a_name_that_none_can_have_calls_the_file(tmp_path: Path, name: str, called: str) -> None:
    told = after(tmp_path, lambda w: w.planner.edit(entry_of(w, "feedback_shape.md"), {"name": name}))
    assert told["feedback_tone.md"] == TONE.replace("As [[Review shape]]", f"As [[{called}]]")


@pytest.mark.parametrize(
    ("file", "title", "line"),
    [
        ("feedback_names.md", "Names", "  and kind\n- **[Names](feedback_names.md)**: say it\n"),
        ("project_x.md", "A [b]", "- [A b](project_x.md) — say it\n"),
        ("notes/new.md", "Deep", "- [Deep](notes/new.md) — say it\n"),
    ],
)
def test_a_new_file_gets_a_line_beside_its_like(tmp_path: Path, file: str, title: str, line: str) -> None:
    def add(workspace: Workspace) -> Plan:
        texts = {"name": title, "description": "say it", "text": "Names say what it is."}
        return workspace.planner.add("note", texts, NOW, file=file)

    told = after(tmp_path, add)
    assert told.keys() == {file, "MEMORY.md"}
    index = told["MEMORY.md"]
    assert index is not None
    assert line in index
    assert index.replace(line.partition("  and kind\n")[2] or line, "") == INDEX


def test_a_text_alone_takes_nothing_along(tmp_path: Path) -> None:
    make(tmp_path)
    workspace = Workspace.open(tmp_path)
    plan = workspace.planner.edit(entry_of(workspace, "notes/deep.md"), {"text": "Other."})
    assert [one.file for one in plan.changes] == ["notes/deep.md"]
    workspace.close()


def test_a_summary_goes_to_the_index_and_no_other_file_is_read_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(make(tmp_path))
    read: list[str] = []
    data = workspace.tree.data

    def noted(file: str) -> bytes | None:
        read.append(file)
        return data(file)

    monkeypatch.setattr(workspace.tree, "data", noted)
    plan = workspace.planner.edit(entry_of(workspace, "feedback_shape.md"), {"description": "one a finding"})
    changes = {one.file: (one.after or b"").decode() for one in plan.changes}
    assert changes["MEMORY.md"] == INDEX.replace("comments live in a skill", "one a finding")
    assert set(read) <= changes.keys() == {"feedback_shape.md", "MEMORY.md"}
    workspace.close()


def test_several_that_go_are_one_change(tmp_path: Path) -> None:
    def delete(workspace: Workspace) -> Plan:
        ids = [entry_of(workspace, file) for file in ("feedback_tone.md", "project_retry.md")]
        return workspace.planner.several(ids, lambda planner, one: planner.delete(one), "delete")

    told = after(tmp_path, delete)
    tone = "- **[Tone](feedback_tone.md)**: short\n  and kind\n"
    left = INDEX.replace(tone, "").replace("- [Retry budget](project_retry.md) — three tries\n", "")
    assert told["MEMORY.md"] == left


def test_a_serena_memory_goes_by_its_whole_path(tmp_path: Path) -> None:
    store = tmp_path / ".serena/memories"
    store.mkdir(parents=True)
    (store / "api.md").write_text("# Api\n\nSee `mem:auth/login` and [[login]].\n", "utf-8")
    (store / "auth").mkdir()
    (store / "auth/login.md").write_text("# Login\n\nTokens.\n", "utf-8")
    (tmp_path / "MEMORY.md").write_text("- [Other](other.md)\n", "utf-8")
    workspace = Workspace.open(store)
    file = entry_of(workspace, ".serena/memories/auth/login.md").partition("#")[0]
    plan = workspace.planner.move(entry_of(workspace, file), ".serena/memories/sign-in.md", NOW)
    changed = {one.file: one.after for one in plan.changes}
    assert changed.pop(file) is None
    assert changed[".serena/memories/api.md"] == b"# Api\n\nSee `mem:sign-in` and [[sign-in]].\n"
    workspace.close()


@pytest.mark.parametrize(
    ("link", "path", "then"),
    [
        ("[[pool-size]]", "feedback_pool_limit.md", "[[pool_limit]]"),
        ("[[pool-size]]", "notes/pool_limit.md", "[[pool_limit]]"),
        ("[[Pool Size|own]]", "feedback_x.md", "[[x|own]]"),
        ("[[The pool]]", "feedback_x.md", "[[The pool]]"),
    ],
)
def test_a_link_without_the_kind_in_the_name_of_a_file_follows_it(
    tmp_path: Path, link: str, path: str, then: str
) -> None:
    make(tmp_path)
    pool = "---\nname: The pool\ntype: feedback\n---\n\nTen.\n"
    (tmp_path / "feedback_pool_size.md").write_text(pool, "utf-8")
    (tmp_path / "feedback_link.md").write_text(f"# Link\n\nSee {link}.\n", "utf-8")
    workspace = Workspace.open(tmp_path)
    dead = [one for one in workspace.notices.found(NOW) if one.code == "dead-link"]
    assert "feedback_link.md" not in {one.file for one in dead}
    plan = workspace.planner.move(entry_of(workspace, "feedback_pool_size.md"), path, NOW)
    told = {change.file: change.after for change in plan.changes}
    assert told.get("feedback_link.md", b"") == (b"" if then == link else f"# Link\n\nSee {then}.\n".encode())
    workspace.close()
