"""The commands, as processes: what they print, where, and with which status."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.storage.user_folders import state_file
from index.workspace import Workspace
from tests.support.commands import Run, call, memarium, printed
from tests.support.git import git

HOSTILE = "red\x1b[31m and \x9b31m and \u202ertl [/foo] [bold]"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "solutions.xml").write_text(
        "<solutions>\n"
        "  <solution id='D-1'>\n    <created>2025-10-03</created>\n    <problem>Pool exhaustion</problem>\n"
        "    <level>3</level>\n  </solution>\n"
        "  <solution id='D-2'>\n    <created>2025-10-04</created>\n    <problem>Retry storm</problem>\n"
        "    <tags>retries, pool</tags>\n  </solution>\n"
        "</solutions>\n",
        encoding="utf-8",
    )
    return root


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return what runs memarium as a process, wherever it is told to and however that ends."""

    def go(*words: str, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        return memarium(*words, status=None, cwd=cwd, env=environment)

    return go


def test_a_kind_that_nothing_has_is_answered_with_the_kinds(run: Run, tree: Path) -> None:
    done = run("list", "--kind", "no-such-kind", "-t", str(tree))
    assert done.returncode == 1
    assert done.stderr == "Nothing found.\nThere is no kind no-such-kind; there are solution.\n"


def test_a_search_that_no_name_leads_to_names_those_there_are(tree: Path) -> None:
    done = call(tree, "search", "@opne", status=1)
    assert (
        "@opne begins with the name of no saved search: the app names one from its search.\n" in done.stderr
    )
    with closing(Workspace.open(tree)) as workspace:
        workspace.tree.bookmarks.name_search("open", "kind:pending")
        workspace.tree.bookmarks.name_search("broken", "is:malformed")
    done = call(tree, "search", "@opne", status=1)
    assert "@opne begins with the name of no saved search; there are @broken @open.\n" in done.stderr


def test_list_is_newest_first(run: Run, tree: Path) -> None:
    done = run("list", "-t", str(tree))
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["2025-10-04", "2025-10-03"]


def test_search_prints_json_of_the_documented_form(run: Run, tree: Path) -> None:
    done = run("search", "pool", "--json", "-t", str(tree))
    found = printed(done)
    assert done.returncode == 0
    assert found["tree"] == str(tree)
    assert found["total"] == 2
    assert set(found) == {
        "tree",
        "total",
        "took_ms",
        "hint",
        "suggestion",
        "some_words",
        "leave_out",
        "hits",
        "copies",
    }
    assert set(found["hits"][0]) == {
        "id", "kind", "title", "file", "line", "store", "timestamp", "project", "tags", "level", "status",
        "score", "snippet", "new",
    }  # fmt: skip
    assert found["hits"][0]["id"] == "solutions.xml#D-1"


def test_nothing_found_is_status_one(run: Run, tree: Path) -> None:
    assert run("search", "zebra", "-t", str(tree)).returncode == 1


def test_the_nearest_tree_is_found_and_none_is_one_line(run: Run, tree: Path, tmp_path: Path) -> None:
    deep = tmp_path / "src"
    deep.mkdir()
    assert run("list", cwd=deep).returncode == 0
    assert run("list", cwd=Path("/"), MEMARIUM_TREE=str(tree)).returncode == 0
    lost = run("list", cwd=Path("/"))
    assert lost.returncode == 2
    assert lost.stderr.count("\n") == 1
    for word in ("No memories found", "-t PATH", "$MEMARIUM_TREE", "memarium demo"):
        assert word in lost.stderr


def test_show_in_three_forms(run: Run, tree: Path) -> None:
    assert "Pool exhaustion" in run("show", "D-1", "-t", str(tree)).stdout
    shown = printed(run("show", "D-1", "--format", "json", "-t", str(tree)))
    assert [f["name"] for f in shown["fields"]] == ["@id", "created", "problem", "level"]
    xml = run("show", "D-1", "--format", "xml", "-t", str(tree)).stdout
    assert xml.startswith("<solution id='D-1'>")
    assert run("show", "D-7", "-t", str(tree)).returncode == 1


@pytest.mark.usefixtures("unversioned")
def test_edit_shows_the_diff_and_dry_run_writes_nothing(run: Run, tree: Path) -> None:
    before = (tree / "solutions.xml").read_bytes()
    dry = run("edit", "D-1", "--set", "level=4", "--dry-run", "-t", str(tree))
    assert dry.returncode == 0
    assert "-     <level>3</level>" in dry.stdout
    assert (tree / "solutions.xml").read_bytes() == before
    done = printed(run("edit", "D-1", "--set", "level=4", "--json", "-t", str(tree)))
    assert done["written"] is True
    assert done["revision"] is None
    assert b"<level>4</level>" in (tree / "solutions.xml").read_bytes()


def test_wrong_use_is_status_two_and_refusal_three(run: Run, tree: Path) -> None:
    assert run("edit", "D-1", "--set", "level", "-t", str(tree)).returncode == 2
    assert run("edit", "D-1", "--set", "levle=1", "-t", str(tree)).returncode == 3
    assert run("list", "-t", str(tree / "missing")).returncode == 3
    assert run("list", "--sort", "colour").returncode == 2


def test_check_and_repair(run: Run, tree: Path) -> None:
    assert run("check", "-t", str(tree)).returncode == 0
    (tree / "broken.xml").write_text("<x><id>1</id><name>R&D</name></x>\n", encoding="utf-8")
    done = run("check", "-t", str(tree))
    assert done.returncode == 1
    assert done.stdout.startswith("broken.xml:1:")
    assert printed(run("check", "--json", "-t", str(tree)))["errors"] == 1
    assert run("repair", "broken.xml", "-t", str(tree)).returncode == 0
    assert (tree / "broken.xml").read_text(encoding="utf-8") == "<x><id>1</id><name>R&amp;D</name></x>\n"
    assert run("repair", "broken.xml", "-t", str(tree)).returncode == 3


def test_index_counts(run: Run, tree: Path) -> None:
    assert printed(run("index", "--json", "-t", str(tree)))["written"] == 2
    assert printed(run("index", "--json", "-t", str(tree)))["written"] == 0
    assert printed(run("index", "--rebuild", "--json", "-t", str(tree)))["written"] == 2
    (tree / "new.xml").write_text("<lessons><lesson><id></id><created></created></lesson></lessons>", "utf-8")
    assert run("index", "-t", str(tree)).stdout.startswith("2 entries and 1 template of 2 files; 1 written")


PRINTING = (
    "list",
    "search red",
    "show H-1",
    "list --json",
    "show H-1 --format json",
    "show H-1 --format xml",
)


@pytest.mark.parametrize("command", PRINTING)
def test_no_escape_of_a_memory_reaches_the_terminal(run: Run, tree: Path, command: str) -> None:
    (tree / "bad\x1b]0;name\x07.xml").write_text(
        f"<xs><x id='H-1'><name>{HOSTILE}</name><y>1</y></x></xs>", encoding="utf-8"
    )
    done = run(*command.split(), "-t", str(tree))
    assert done.returncode == 0
    assert "red" in done.stdout
    assert not set(done.stdout + done.stderr) & {"\x1b", "\x9b", "\u202e", "\x07"}


def test_a_reader_that_stops_early_is_no_error(tree: Path, run: Run) -> None:
    for number in range(300):
        (tree / f"many-{number}.xml").write_text(
            f"<x><id>{number}</id><name>{'long ' * 40}</name></x>", encoding="utf-8"
        )
    command = f"{sys.executable} -m tui list -n 1000 -t '{tree}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_completion_knows_the_commands(run: Run) -> None:
    done = run(_MEMARIUM_COMPLETE="bash_complete", COMP_LINE="memarium se")
    assert "search" in done.stdout


def test_what_is_new_is_listed_until_it_is_called_seen(run: Run, tree: Path) -> None:
    def new(*arguments: str, status: int = 0) -> list[str]:
        done = run(*arguments, "--json", "-t", str(tree))
        assert done.returncode == status
        hits = printed(done)["hits"]
        assert all(hit["new"] for hit in hits)
        return [hit["id"] for hit in hits]

    assert new("list", "--new", status=1) == [], "the first visit"
    file = tree / "solutions.xml"
    file.write_text(file.read_text("utf-8").replace("Retry storm", "Retry storm at night"), "utf-8")
    assert new("list", "--new") == ["solutions.xml#D-2"]
    assert new("search", "is:new", "storm") == ["solutions.xml#D-2"]
    assert [hit["new"] for hit in printed(run("list", "--json", "-t", str(tree)))["hits"]] == [True, False]
    assert "Retry storm at night" in run("list", "--new", "--seen", "-t", str(tree)).stdout
    assert new("list", "--new", status=1) == []
    assert run("edit", "D-1", "--set", "level=4", "-t", str(tree)).returncode == 0
    assert new("list", "--new", status=1) == [], "what one does oneself is no news"


def test_what_was_seen_and_cannot_be_read_is_not_called_nothing_new(run: Run, tree: Path) -> None:
    run("list", "--new", "-t", str(tree))
    with closing(sqlite3.connect(state_file())) as state:
        state.execute("PRAGMA user_version = 99")
    for command in (["list", "--new"], ["search", "is:new"], ["list", "--seen"]):
        done = run(*command, "-t", str(tree))
        assert done.returncode == 3
        assert "cannot be used: a newer memarium has written the state." in done.stderr
        assert "Nothing found" not in done.stderr
    assert run("list", "--json", "-t", str(tree)).returncode == 0


def test_a_field_is_called_in_any_letters(run: Run, tree: Path, tmp_path: Path) -> None:
    for command in ("init -qb main", "config user.name T", "config user.email t@t.t"):
        git(tmp_path, *command.split())
    (tree / ".learnings").mkdir()
    file = tree / ".learnings/LEARNINGS.md"
    body = "**Priority**: low\n\n### Summary\nOld {0}.\n\n---\n"
    rows = [f"## [LRN-2025011{n}-001] best_practice\n\n{body.format(n)}\n" for n in (5, 6)]
    file.write_text("# Learnings\n\n" + "".join(rows))
    place = ("-t", str(file.parent))
    git(tmp_path, "add", "memories")
    git(tmp_path, "commit", "-qm", "x")
    one, two = "LRN-20250115-001", "LRN-20250116-001"
    assert run("edit", one, "--set", "summary=New.", "--set", "PRIORITY=high", *place).returncode == 0
    assert file.read_text().count("New.") == 1
    assert run("edit", one, two, "--set", "priority=medium", *place).returncode == 0
    assert file.read_text().count("**Priority**: medium") == 2
    assert run("restore", one, "HEAD~2", "--field", "summary", *place).returncode == 0
    assert "Old 5." in file.read_text()
    assert "priority" not in file.read_text()


def test_a_field_that_is_set_twice_gets_both_lines(run: Run, tree: Path) -> None:
    done = run("edit", "D-2", "--set", "tags=one", "--set", "tags=two", "-t", str(tree))
    assert done.returncode == 0
    (entry,) = printed(run("list", "tag:one", "--json", "-t", str(tree)))["hits"]
    assert entry["tags"] == ["one", "two"]


@pytest.mark.parametrize(
    "option",
    [("-t", "memories"), ("--tree", "memories"), ("--tree=memories",), ("-tmemories",), ("-t", "")],
    ids=str,
)
def test_the_tree_may_be_named_before_the_command(run: Run, tree: Path, option: tuple[str, ...]) -> None:
    """As `git -C` has it; a command that takes no tree says so."""
    for words in (["list", "retry"], ["show", "--", "D-2"]):
        done = run(*option, *words, cwd=tree.parent)
        assert (done.returncode, "Retry storm" in done.stdout) == (0, True)
    done = run(*option, "man", cwd=tree.parent)
    assert (done.returncode, done.stderr.count("--tree")) == (2, 1)
