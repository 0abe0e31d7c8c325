"""Memories that Serena's settings call read-only are not changed; the sentence names the pattern."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.plan import Protected
from index.storage.serena_settings import held_by_serena
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, make_repository

FILES = ("core.md", "core_two.md", "arch/login.md", "arch/deep/x.md", "notes.txt")
ALL = {"core", "core_two", "arch/login", "arch/deep/x"}
NOISE = "# languages: see *all* of them\nlanguages:\n- python\nread_only: false\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SERENA_HOME", str(tmp_path / "home"))
    for name in FILES:
        file = tmp_path / "project/.serena/memories" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\n\nText.\n", "utf-8")
    make_repository(tmp_path / "project")
    commit_all(tmp_path / "project")
    return tmp_path / "project"


def held(project: Path) -> set[str]:
    store = project / ".serena/memories"
    return {name.rpartition(".")[0] for name in FILES if held_by_serena(store / name)}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ("", set()),
        ("read_only_memory_patterns: []\n", set()),
        ("read_only_memory_patterns:\n", set()),
        ('read_only_memory_patterns: ["core"]\n', {"core"}),
        ("read_only_memory_patterns: [core, 'arch/.*']\n", {"core", "arch/login", "arch/deep/x"}),
        ("read_only_memory_patterns:\n- core.*\n", {"core", "core_two"}),
        (
            "read_only_memory_patterns:\n  # the *first* one\n  - arch/[^/]+  # not deeper\n\n  - core\n",
            {"arch/login", "core"},
        ),
        ("read_only_memory_patterns:\r\n  - core\r\nother:\r\n  - arch/.*\r\n", {"core"}),
        ("read_only_memory_patterns:\n- '.ore'\nignored_memory_patterns:\n- arch/.*\n", {"core"}),
        ("  read_only_memory_patterns: [core]\n", set()),
        ("read_only_memory_patterns: ['(core']\n", set()),
        ("read_only_memory_patterns: [core\n", set()),
        ("read_only_memory_patterns: ['(a+)+x']\n", ALL),
        ("read_only_memory_patterns: ['.*.*.*.*x']\n", ALL),
        (f"read_only_memory_patterns: ['{'a?' * 200}']\n", ALL),
    ],
)
@pytest.mark.parametrize("place", ["project.yml", "project.local.yml", "home"])
def test_patterns_are_of_whole_names(
    project: Path, tmp_path: Path, settings: str, names: set[str], place: str
) -> None:
    file = tmp_path / "home/serena_config.yml" if place == "home" else project / ".serena" / place
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((NOISE + settings + NOISE).encode())
    assert held(project) == names


def test_global_memories_are_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / ".serena"
    monkeypatch.setenv("SERENA_HOME", str(home))
    store = home / "memories/global"
    store.mkdir(parents=True)
    (home / "serena_config.yml").write_text("read_only_memory_patterns: ['global/.*']\n", "utf-8")
    assert held_by_serena(store / "python.md")
    assert not held_by_serena(tmp_path / "project/.serena/memories/python.md")


def test_settings_that_change_are_read_again(project: Path) -> None:
    settings = project / ".serena/project.yml"
    settings.write_text("read_only_memory_patterns: [core]\n", "utf-8")
    assert held(project) == {"core"}
    settings.write_text("read_only_memory_patterns: [core_two]\n", "utf-8")
    assert held(project) == {"core_two"}
    settings.unlink()
    settings.mkdir()
    assert held(project) == set()


def test_nothing_is_written_and_the_sentence_names_the_pattern(project: Path) -> None:
    (project / ".serena/project.yml").write_text("read_only_memory_patterns: ['arch/.*', old]\n", "utf-8")
    words = (
        "arch/login.md is read-only: read_only_memory_patterns in .serena/project.yml has “arch/.*”, so take "
        "that out to change it. Nothing was written."
    )
    for name, *command in (
        ("login", "edit", "login", "--set", "text=Other."),
        ("login", "delete", "login"),
        ("login", "move", "login", "free", "--new"),
        ("new", "move", "core", "arch/new", "--new"),
    ):
        done = call(project, *command)
        assert done.exit_code == 3, command
        assert words.replace("login", name) in done.stderr
    workspace = Workspace.open(project)
    with pytest.raises(Protected):
        workspace.planner.check(".serena/memories/arch/login.md")
    workspace.planner.check(".serena/memories/core.md")
    workspace.close()
    call(project, "edit", "core", "--set", "text=Other.", status=0)
