"""An entry that moves to a file of another kind: sections, files of their own, XML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.editing.planner import Planner
from index.formats.registry import format_of
from index.model.entry import Entry
from index.model.plan import CannotEdit, Plan
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import CLAUDE, DECISIONS, LEARNINGS, make_stores
from tui.screens.editing.file_choice import move_items

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
LEARNT, DECIDED = ".learnings/LEARNINGS.md", "memory-bank/decisionLog.md"
SHAPE, COMMANDS = ".claude/memory/feedback_review_shape.md", ".serena/memories/suggested_commands.md"
CONTEXT, FIXES = "memory-bank/activeContext.md", "memories/debugging/fixes.xml"
LRN, QUEUE = f"{LEARNT}#LRN-20260501-001", f"{DECIDED}#2026-01-01-09:00:00---one-queue-a-tenant"
POOL = f"{FIXES}#DEBUG-001"
TEXTS = {
    CONTEXT: "# Active Context\n\n## Next steps\n\nSee [the log](decisionLog.md) and [[review-shape]].\n",
    FIXES: """<debugging>
  <debugging-solution id="DEBUG-001">
    <problem>Pool runs dry</problem>
    <root_cause>It is per worker</root_cause>
    <tags><tag>db</tag><tag>pool</tag></tags>
  </debugging-solution>
  <debugging-solution id="DEBUG-002"><problem>Two</problem></debugging-solution>
</debugging>
""",
}
SECTION = LEARNINGS[
    LEARNINGS.index("## [LRN-20260501-001]") : LEARNINGS.index("\n---\n\n## [LRN-20260502-002]")
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    make_repository(make_stores(tmp_path))
    for path, text in TEXTS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    commit_all(tmp_path)
    opened = Workspace.around(tmp_path)
    assert opened is not None
    yield opened
    opened.close()


def move(workspace: Workspace, entry_id: str, file: str) -> Plan:
    return workspace.planner.move(entry_id, file, NOW)


def after(plan: Plan, file: str) -> str:
    data = next(change.after for change in plan.changes if change.file == file)
    assert data is not None
    return data.decode()


def file_id(file: str) -> str:
    return f"{file}#{Path(file).stem}"


def test_a_section_goes_where_new_ones_of_another_store_go(workspace: Workspace) -> None:
    plan = move(workspace, LRN, DECIDED)
    assert after(plan, DECIDED) == DECISIONS.replace("## [2026-01-02", f"{SECTION}\n## [2026-01-02")
    assert after(plan, LEARNT) == LEARNINGS.replace(SECTION + "\n---\n\n", "")
    assert plan.warning == "Its kind there is decision."


@pytest.mark.parametrize(
    ("front", "there"),
    [
        (
            "",
            "name: One queue a tenant\nmetadata:\n  node_type: memory\n  type: decision\n"
            "  modified: 2026-11-30T10:00:00Z\n",
        ),
        ("name: a\ntype: feedback\n", "name: One queue a tenant\ntype: decision\n"),
        ("title: a\nmetadata:\n  type: user\n", "title: One queue a tenant\nmetadata:\n  type: decision\n"),
        ("name: a\n", "name: One queue a tenant\ntype: decision\n"),
        (None, "name: One queue a tenant\ntype: decision\n"),
    ],
    ids=["metadata", "type", "title", "neither", "none"],
)
def test_a_section_becomes_a_file_with_the_front_matter_of_those_beside_it(
    workspace: Workspace, front: str | None, there: str
) -> None:
    if front != "":
        (workspace.tree.root / SHAPE).write_text(f"---\n{front}---\n\nText.\n" if front else "# A\n", "utf-8")
        workspace.tree.refresh()
    file = ".claude/memory/project_queue.md"
    plan = move(workspace, QUEUE, file)
    text = DECISIONS[DECISIONS.index("## [2026-01-01") :].replace("##", "#")
    assert after(plan, file) == f"---\n{there}---\n\n{text}"
    assert "- [One queue a tenant](project_queue.md)" in after(plan, ".claude/memory/MEMORY.md")
    assert plan.entries == (file_id(file),)
    assert plan.warning == ""


def test_a_label_goes_below_the_key_that_the_files_beside_it_have(workspace: Workspace) -> None:
    log = workspace.tree.root / DECIDED
    log.write_text(
        DECISIONS.replace("One queue a tenant\n", "One queue a tenant\n\n**Type:** user\n"), "utf-8"
    )
    workspace.tree.refresh()
    file = ".claude/memory/project_queue.md"
    told = after(move(workspace, QUEUE, file), file)
    assert "  type: user\n" in told
    assert "**Type:**" not in told


def test_a_section_becomes_a_file_without_one_where_its_place_has_none(workspace: Workspace) -> None:
    file = ".serena/memories/pool.md"
    told = after(move(workspace, LRN, file), file)
    assert told == SECTION.replace("## [", "# [").replace("### ", "## ")


def test_a_file_becomes_a_section_with_its_front_matter_as_labels(workspace: Workspace) -> None:
    plan = move(workspace, file_id(SHAPE), CONTEXT)
    labels = (
        "**description:** Review comments live in a skill: see #281\n**node type:** memory\n"
        "**type:** feedback\n**modified:** 2026-07-29T13:16:34.420Z\n\n"
    )
    body = CLAUDE[CLAUDE.index("Write review") :]
    assert after(plan, CONTEXT) == f"{TEXTS[CONTEXT]}\n## review-shape\n\n{labels}{body}"
    assert [change.file for change in plan.changes if change.after is None] == [SHAPE]
    assert "feedback_review_shape" not in after(plan, ".claude/memory/MEMORY.md")


def test_headings_of_a_file_stay_below_the_one_of_its_section(workspace: Workspace) -> None:
    told = after(move(workspace, file_id(COMMANDS), CONTEXT), CONTEXT)
    assert "## Suggested Commands\n\nRun these" in told
    assert "### Tests\n```bash\n# all of them\n" in told


DEEP = "# Deep\n\n## Group\n\n### One\n\nText.\n\n#### Inner\n\n```\n### no heading\n```\n"


def test_headings_below_those_of_a_file_go_as_much_deeper_and_come_back(workspace: Workspace) -> None:
    file = ".serena/memories/deep.md"
    (workspace.tree.root / file).write_text(DEEP, "utf-8")
    commit_all(workspace.tree.root)
    workspace.tree.refresh()
    plan = move(workspace, file_id(file), CONTEXT)
    headings = DEEP.replace("\n#", "\n##").replace("#### no", "### no")
    assert after(plan, CONTEXT) == f"{TEXTS[CONTEXT]}\n#{headings}"
    workspace.committer.commit(plan)
    workspace.tree.refresh()
    assert after(move(workspace, plan.entries[0], file), file) == DEEP


def test_headings_that_would_be_too_deep_are_told_with_a_way(workspace: Workspace) -> None:
    file = ".serena/memories/deep.md"
    (workspace.tree.root / file).write_text("# Deep\n\n## A\n\n### B\n\n###### C\n\nText.\n", "utf-8")
    workspace.tree.refresh()
    with pytest.raises(CannotEdit, match=r"would be 7 levels deep there, .* Raise that first"):
        move(workspace, file_id(file), CONTEXT)
    assert move(workspace, file_id(file), ".serena/memories/deeper.md")


@pytest.mark.parametrize("title", ["# Only title\n", "# Only title", "# Only title\n\nText.\n"])
def test_a_section_goes_into_a_file_that_is_only_its_title(workspace: Workspace, title: str) -> None:
    file = "memory-bank/title.md"
    (workspace.tree.root / file).write_text(title, "utf-8")
    workspace.tree.refresh()
    told = after(move(workspace, LRN, file), file)
    assert told == f"{title.rstrip()}\n\n{SECTION}"


def test_a_new_file_of_sections_begins_with_a_title(workspace: Workspace) -> None:
    file = "memory-bank/techContext.md"
    assert after(move(workspace, LRN, file), file) == f"# Tech context\n\n{SECTION}"


@pytest.mark.parametrize("there", [DECIDED, ".claude/memory/x.md", ".serena/memories/x.md", "docs/adr/x.md"])
def test_an_entry_that_comes_back_says_what_it_said(workspace: Workspace, there: str) -> None:
    before = workspace.tree.entry(LRN)
    plan = move(workspace, LRN, there)
    workspace.committer.commit(plan)
    workspace.tree.refresh()
    workspace.committer.commit(move(workspace, plan.entries[0], LEARNT))
    workspace.tree.refresh()
    now = {field.name: field.text for field in workspace.tree.entry(LRN).fields}
    said = {field.name: field.text for field in before.fields}
    assert {name: now[name] for name in said} == said
    assert now.keys() <= {*said, "type", "node type", "modified"}


def test_an_entry_of_xml_becomes_a_section(workspace: Workspace) -> None:
    told = after(move(workspace, POOL, CONTEXT), CONTEXT)
    assert told.endswith(
        "\n## [DEBUG-001] Pool runs dry\n\n**problem**: Pool runs dry\n**root cause**: It is per worker\n"
        "**tags**: db, pool\n"
    )


def test_an_entry_of_xml_becomes_a_file(workspace: Workspace) -> None:
    file = ".serena/memories/pool.md"
    plan = move(workspace, POOL, file)
    [entry] = read(plan, file)
    assert (entry.title, entry.kind, entry.tags) == ("Pool runs dry", "debugging-solution", ("db", "pool"))


NESTED = "metadata:\n  node_type: memory\n  type: debugging-solution\n  modified: 2026-11-30T10:00:00Z\n"


@pytest.mark.parametrize(
    ("front", "there"),
    [
        ("", NESTED),
        ("name: a\ndescription: b\ntype: feedback\n", "type: debugging-solution\n"),
        ("name: a\ndescription: b\n", "type: debugging-solution\n"),
    ],
    ids=["metadata", "type", "neither"],
)
def test_an_entry_of_xml_gets_the_front_matter_of_the_files_beside_it(
    workspace: Workspace, front: str, there: str
) -> None:
    if front:
        (workspace.tree.root / SHAPE).write_text(f"---\n{front}---\n\nText.\n", "utf-8")
        workspace.tree.refresh()
    file = ".claude/memory/pool.md"
    plan = move(workspace, POOL, file)
    assert after(plan, file).startswith(f"---\nname: Pool runs dry\n{there}---\n\n**id:** DEBUG-001\n")
    assert read(plan, file)[0].kind == "debugging-solution"


@pytest.mark.parametrize("entry_id", [LRN, QUEUE, file_id(SHAPE), file_id(COMMANDS)])
def test_an_entry_of_markdown_becomes_one_of_xml(workspace: Workspace, entry_id: str) -> None:
    before = workspace.tree.entry(entry_id)
    plan = move(workspace, entry_id, FIXES)
    moved = next(entry for entry in read(plan, FIXES) if entry.id in plan.entries)
    assert moved.kind == before.kind
    told = " ".join(" ".join(field.text.split()) for field in moved.fields)
    assert all(" ".join(field.text.split()) in told for field in before.fields)
    assert not workspace.tree.document(FIXES).errors


def read(plan: Plan, file: str) -> list[Entry]:
    return format_of(file).open(after(plan, file).encode(), file).entries


def test_links_of_a_section_lead_where_they_led(workspace: Workspace) -> None:
    plan = move(workspace, f"{CONTEXT}#next-steps", LEARNT)
    assert "See [the log](../memory-bank/decisionLog.md) and [[review-shape]]." in after(plan, LEARNT)


@pytest.mark.parametrize(
    ("entry_id", "file", "words"),
    [
        (LRN, COMMANDS, "for it is one memory itself: name another file"),
        (file_id(SHAPE), COMMANDS, "^The feedback memory cannot be moved to .*, for it is one memory itself"),
        (POOL, SHAPE, "for it is one memory itself: name another file"),
        (".claude/memory/MEMORY.md#MEMORY", CONTEXT, "lists the other files of its folder"),
        (".claude/memory/MEMORY.md#MEMORY", FIXES, "lists the other files of its folder"),
        (f"{LEARNT}#learnings", CONTEXT, "Learnings cannot be moved: its heading is the title of"),
    ],
)
def test_what_cannot_move_says_why(workspace: Workspace, entry_id: str, file: str, words: str) -> None:
    with pytest.raises(CannotEdit, match=words):
        move(workspace, entry_id, file)


@pytest.mark.parametrize(
    ("kind", "one", "many"),
    [
        ("user", "user memory", "user memories"),
        ("project", "project memory", "project memories"),
        ("decision", "decision", "decisions"),
        ("preferences", "preferences", "preferences"),
    ],
)
def test_entries_are_called_by_their_kind(workspace: Workspace, kind: str, one: str, many: str) -> None:
    files = [".claude/memory/first.md", ".claude/memory/second.md"]
    for file in files:
        (workspace.tree.root / file).write_text(f"---\nname: {file}\ntype: {kind}\n---\n\n{file}.\n", "utf-8")
    workspace.tree.refresh()
    ids = [file_id(file) for file in files]
    assert workspace.planner.delete(ids[0]).message == f'memory: delete {one} "{files[0]}"'
    both = workspace.planner.several(ids, Planner.delete, "delete")
    assert both.message.startswith(f"memory: delete 2 {many}")


def test_files_that_are_one_memory_are_not_offered(workspace: Workspace) -> None:
    offered = {item.id for item in move_items(workspace, [workspace.tree.entry(file_id(SHAPE))])}
    assert offered == {LEARNT, DECIDED, CONTEXT, FIXES}


def test_an_entry_that_has_to_stay_is_told_before_a_file_is_asked_for(workspace: Workspace) -> None:
    title, other = (workspace.tree.entry(one) for one in (f"{LEARNT}#learnings", LRN))
    with pytest.raises(CannotEdit, match="cannot be moved"):
        move_items(workspace, [title])
    assert move_items(workspace, [title, other])


def test_a_move_to_another_kind_is_one_commit_and_is_taken_back(workspace: Workspace) -> None:
    tree = git(workspace.tree.root, "rev-parse", "HEAD^{tree}")
    workspace.committer.commit(move(workspace, file_id(SHAPE), CONTEXT))
    assert git(workspace.tree.root, "rev-list", "--count", "HEAD") == "2"
    workspace.tree.refresh()
    workspace.committer.undo()
    assert git(workspace.tree.root, "rev-parse", "HEAD^{tree}") == tree
    assert git(workspace.tree.root, "status", "--porcelain") == ""
