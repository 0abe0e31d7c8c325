"""A terminal that is not what the app needs, or goes away under it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.home import Home
from tests.support.terminal import Terminal

LESSON = (
    "<lessons><lesson id='L-1'><title>First of all</title><description>x</description></lesson></lessons>"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    root.mkdir(parents=True)
    (root / "lessons.xml").write_text(LESSON, "utf-8")
    return root


def drafts(home: Home) -> str:
    return "\n".join(path.read_text("utf-8") for path in home.state.rglob("drafts/*.json"))


@pytest.mark.parametrize("deaf", [False, True], ids=["with a signal", "without"])
def test_it_ends_quietly_with_its_terminal_and_keeps_what_was_typed(
    tree: Path, home: Home, deaf: bool
) -> None:
    with Terminal(str(tree), deaf=deaf) as terminal:
        terminal.wait("1 entry")
        terminal.wait("First of all")
        terminal.type("e")
        terminal.wait("ctrl+s")
        terminal.type("typed in the last moment")
        terminal.wait("last moment")
        assert terminal.hang_up() == 129
    assert "typed in the last moment" in drafts(home)
    [log] = home.state.rglob("errors.log")
    said = log.read_text("utf-8").split("\n", 1)[1].strip()
    assert said == "The terminal was gone, so memarium ended; what was typed is kept."


@pytest.mark.parametrize("key", ["X", "a"])
def test_what_is_typed_elsewhere_is_kept_as_well(tree: Path, home: Home, key: str) -> None:
    with Terminal(str(tree)) as terminal:
        terminal.wait("1 entry")
        terminal.wait("First of all")
        terminal.type(key)
        if key == "a":
            terminal.wait(" kinds")
            terminal.type("lesson\r")
        terminal.wait("ctrl+s")
        terminal.type("zz9")
        terminal.wait("zz9")
        assert terminal.hang_up() == 129
    assert "zz9" in drafts(home)


@pytest.mark.parametrize("term", ["unset TERM", "export TERM=", "export TERM=unknown"])
def test_without_a_name_of_the_terminal_it_draws_all_the_same(tree: Path, term: str) -> None:
    command = f"{term}; {sys.executable} -m tui {tree}; echo status $?"
    with Terminal("-c", command, program="/bin/bash") as terminal:
        terminal.wait("1 entry")
        terminal.wait("First of all")
        terminal.type("q")
        terminal.wait("status 0")


@pytest.mark.parametrize("where", ["<&-", "</dev/null", ">/dev/null", "2>talk", "2>&-"])
def test_without_a_terminal_on_every_side_it_says_what_to_do(tree: Path, tmp_path: Path, where: str) -> None:
    command = f"cd {tmp_path}; {sys.executable} -m tui {tree} {where}; echo status $? >/dev/tty"
    with Terminal("-c", command, program="/bin/bash") as terminal:
        terminal.wait("status 2")
        talk = tmp_path / "talk"
        said = talk.read_text("utf-8") if talk.exists() else " ".join(terminal.text.split())
        assert "the app needs a terminal" in said or where == "2>&-"
