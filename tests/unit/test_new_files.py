"""The file that a new entry goes into where a project has several stores, or one of another tool."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from index.editing.new_files import new_file, start_of_new
from index.model.entry import id_file
from index.model.store_places import Scope
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import make_stores
from tests.support.pages import NOW

RULES = "# Rules\n\n## Tests\n\nRun make test.\n\n## Style\n\nUse ruff.\n"
LESSON = "<lessons><lesson><id>L-1</id><title>One</title><lesson>Text</lesson></lesson></lessons>\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with stores of both formats."""
    root = tmp_path / "project"
    root.mkdir()
    make_repository(root)
    make_stores(root)
    (root / "memories" / "project-knowledge" / "shop").mkdir(parents=True)
    (root / "memories" / "project-knowledge" / "shop" / "lessons.xml").write_text(LESSON)
    (root / "CLAUDE.md").write_text(RULES)
    commit_all(root)
    return root


def added(tree: Path, kind: str, *values: str) -> str:
    """Add an entry and return the file of its commit."""
    call(tree, "add", kind, *(word for value in values for word in ("--set", value)), status=0)
    return git(tree, "show", "--format=", "--name-only", "HEAD")


@pytest.mark.parametrize(
    ("kind", "value", "file"),
    [
        ("learning", "Summary=The clock is frozen", ".learnings/LEARNINGS.md"),
        ("instruction", "text=Ask first.", "CLAUDE.md"),
        ("decision", "Decision=Two queues", "memory-bank/decisionLog.md"),
        ("debugging-solution", "problem=Pool", "memories/development-patterns/debugging-solutions.xml"),
    ],
)
def test_it_goes_beside_its_like_else_into_the_first_store(
    project: Path, kind: str, value: str, file: str
) -> None:
    assert added(project, kind, "title=A new one", value) == file


def test_a_kind_of_a_project_goes_to_the_knowledge_of_it(project: Path) -> None:
    file = added(project, "lesson", "title=Two", "lesson=Text", "project=billing")
    assert file == "memories/project-knowledge/billing/lessons.xml"


def test_a_store_of_another_tool_gets_a_file_as_it_keeps_them(project: Path) -> None:
    values = "title=Pool", "description=Tune it"
    assert (
        added(project / ".serena" / "memories", "tech-debt", *values) == ".serena/memories/tech-debt-pool.md"
    )


def test_a_form_has_a_place_for_the_text_where_each_memory_has_sections_of_its_own(tmp_path: Path) -> None:
    store = tmp_path / ".serena" / "memories"
    store.mkdir(parents=True)
    for name in "abcd":
        text = "Text.\n\n" if name == "a" else ""
        (store / f"{name}.md").write_text(f"# {name}\n\n{text}## Part of {name}\n\nMore.\n")
    with closing(Workspace.open(tmp_path)) as workspace:
        assert list(workspace.planner.blank("memory", NOW).texts) == ["title", "text"]


def test_entries_of_one_name_get_a_file_each_where_a_file_is_one(project: Path) -> None:
    store = project / ".claude" / "memory"
    files = [
        added(store, "feedback", "name=Feedback", f"description=About {what}")
        for what in ("tests", "names", "colours")
    ]
    assert [file.splitlines()[-1].rpartition("/")[2] for file in files] == [
        "feedback.md",
        "feedback-2.md",
        "feedback-3.md",
    ]
    blank = Workspace.open(store).planner.blank("feedback", NOW)
    assert blank.file.endswith("feedback-4.md")
    assert blank.titled


@pytest.mark.parametrize(
    ("model", "kind", "title", "file"),
    [
        ("feedback_tests", "feedback", "Never push on Friday", "feedback_never_push_on_friday"),
        ("feedback-tests", "feedback", "Say: no!", "feedback-say-no"),
        ("feedback_tests", "feedback", "Feedback on names", "feedback_on_names"),
        ("how-to-log", "how-to", "Log less", "how-to-log-less"),
        ("tests_first", "feedback", "Never push", "never_push"),
        ("feedback", "feedback", "Never push", "never-push"),
        ("feedback_tests", "feedback", "星期五不推送", "feedback_星期五不推送"),
    ],
)
def test_it_is_called_after_its_title_and_as_its_like_are(
    tmp_path: Path, model: str, kind: str, title: str, file: str
) -> None:
    store = tmp_path / ".claude" / "memory"
    store.mkdir(parents=True)
    text = f"---\nname: One\ndescription: First\ntype: {kind}\n---\n\nText.\n"
    (store / f"{model}.md").write_text(text, "utf-8")
    with closing(Workspace.open(store)) as workspace:
        plan = workspace.planner.add(kind, {"name": title, "description": "Second"}, NOW)
        assert [one.file for one in plan.changes] == [f".claude/memory/{file}.md"]
        assert not workspace.planner.blank(kind, NOW, file=".claude/memory/other.md").titled


def test_a_file_in_no_store_is_refused_with_the_stores(project: Path) -> None:
    done = call(project, "add", "note", "--set", "title=x", "--file", "notes.md")
    assert done.exit_code != 0
    assert "notes.md lies outside the tree and is not touched: its stores are" in done.stderr
    assert not (project / "notes.md").exists()


@pytest.mark.parametrize(
    ("places", "start", "path"),
    [
        ((), "", "a/b.xml"),
        (("memories", ".serena/memories"), "memories/", "memories/a/b.xml"),
        ((".serena/memories", "CLAUDE.md"), ".serena/memories/", ".serena/memories/b.md"),
        (("CLAUDE.md", "AGENTS.md"), "", "CLAUDE.md"),
        (("packages/app/memories",), "packages/app/memories/", "packages/app/memories/a/b.xml"),
    ],
)
def test_the_beginning_of_its_path(places: tuple[str, ...], start: str, path: str) -> None:
    scope = Scope(places)
    assert start_of_new(scope) == start
    assert new_file(scope, f"{start}a/b.xml") == path


@pytest.mark.parametrize(
    "file", [".notes.xml", ".git/notes.xml", "lessons/.old/a.xml", ".serena/memories/.a.md"]
)
def test_a_file_that_would_not_be_read_is_refused(project: Path, file: str) -> None:
    path = file if file.startswith(".serena") else f"memories/{file}"
    done = call(project, "add", "lesson", "--set", "title=Two", "--file", path, status=3)
    assert f"{path} is not read, and so not touched: a name in its path begins with a dot." in done.stderr
    assert call(project, "move", "L-1", path, status=3).stderr.startswith(f"memarium: {path} is not read")
    assert not git(project, "status", "--porcelain", "--untracked-files=all")


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "insight", "title": "Two"}',
        "---\nkind: insight\n---\n# Two\n",
        "<insight><title>Two</title></insight>",
        '[{"kind": "insight", "title": "Two"}, {"kind": "hint", "title": "Three"}]',
    ],
)
def test_a_new_kind_may_be_read_from_standard_input_where_its_file_is_named(project: Path, text: str) -> None:
    refused = call(project, "add", "-", data=text.encode(), status=3)
    assert "A new one needs --file FILE" in refused.stderr or "names no kind" in refused.stderr
    call(project, "add", "-", "--file", "memories/new.xml", data=text.encode(), status=0)
    assert "Two" in (project / "memories/new.xml").read_text()


@pytest.mark.parametrize(
    ("typed", "start", "file"),
    [
        ("memories/new.xml", ".", "new.xml"),
        ("./memories/sub/new.xml", ".", "sub/new.xml"),
        ("memories/lessons.xml", ".", "lessons.xml"),
        ("../memories/new.xml", "src", "new.xml"),
        ("memories/new.xml", "src", "memories/new.xml"),
        ("sub//new.xml", ".", "sub/new.xml"),
        ("new.xml", "memories/sub", "new.xml"),
        ("./new.xml", "memories/sub", "sub/new.xml"),
        ("link.xml", ".", "lessons.xml"),
    ],
)
def test_the_file_of_a_new_entry_may_be_a_path_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, start: str, file: str
) -> None:
    tree = tmp_path / "memories"
    (tree / "sub").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    (tree / "lessons.xml").write_text(
        '<lessons><lesson id="L-1"><title>One</title><note>x</note></lesson></lessons>', encoding="utf-8"
    )
    (tree / "link.xml").symlink_to("lessons.xml")
    monkeypatch.chdir(tmp_path / start)
    done = call(tree, "add", "lesson", "--set", "title=Two", "--file", typed, status=0)
    assert id_file(done.stdout.strip()) == file
    moved = call(tree, "move", "L-1", typed, "--new", status=None if file == "lessons.xml" else 0)
    assert file == "lessons.xml" or f"{file}\n" in moved.stdout
    assert sorted(tree.rglob("*.xml")) == sorted({tree / "lessons.xml", tree / "link.xml", tree / file})
