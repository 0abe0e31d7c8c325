"""The app in a real terminal: what Pilot cannot see."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import call
from tests.support.config import write_config
from tests.support.home import Home
from tests.support.terminal import Terminal

HOSTILE = (
    "\x1b]0;PWNED\x07 \x1b]52;c;UFdORUQ=\x07 \x1b[31mred \x9b31mC1 \x9d0;PWNED\x9c "
    "\u202ertl\u202c \u2066iso\u2069 [/foo] [bold red]x[/] \x07 \x08 \x7f \r back"
)
"""A title, the clipboard, colours, C1 strings, text that runs backwards, markup, and more."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    (root / "development-patterns").mkdir(parents=True)
    records = "".join(
        f"<solution id='D-{n}'><created>2025-10-{n:02}T10:00:00Z</created>"
        f"<problem>Problem number {n} of the pool</problem><solution>Answer {n}</solution></solution>\n"
        for n in range(1, 21)
    )
    (root / "development-patterns" / "solutions.xml").write_text(
        f"<solutions>\n{records}"
        "<solution id='G-1'><problem>git xml merge</problem><level>2</level></solution>"
        "</solutions>\n",
        encoding="utf-8",
    )
    return root


def test_the_app_opens_reads_and_quits(tree: Path) -> None:
    with Terminal(str(tree)) as terminal:
        terminal.wait("Problem number 20")
        terminal.type("\x11")  # ctrl+q
        assert terminal.wait_for_exit() == 0
        assert terminal.raw.rstrip().endswith(b"\x1b[?25h") or b"\x1b[?1049l" in terminal.raw


def test_the_size_is_the_terminals_whatever_a_shell_exported(tree: Path) -> None:
    with Terminal(str(tree), columns=120, rows=30, COLUMNS="60", LINES="15") as terminal:
        assert len(terminal.wait("? keys").rstrip().splitlines()) == 30
        terminal.type("q")
        assert terminal.wait_for_exit() == 0


def test_keys_typed_in_one_burst_reach_the_search(tree: Path) -> None:
    with Terminal(str(tree)) as terminal:
        terminal.wait("21 entries")
        terminal.type("/git xml")
        terminal.wait(lambda text: "/ git xml" in text and "1 of 21" in text)


@pytest.mark.parametrize("known", [False, True])
def test_keys_typed_before_the_app_runs_reach_the_search(tree: Path, home: Home, known: bool) -> None:
    write_config(home, 'filter = "kind:solution"')
    if known:
        call(tree, "list")
    with Terminal(str(tree)) as terminal:
        terminal.type("/git xml")
        terminal.wait(lambda text: "/ git xml" in text and "1 of 21" in text)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
def test_no_escape_in_a_memory_reaches_the_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "bad\x1b]0;PWNED\x07\u202e.xml").write_text(
        f"<xs><x id='H{HOSTILE}'><name>Hostile {HOSTILE}</name><created>2025-10-01</created>"
        f"<tags>{HOSTILE}</tags><project>{HOSTILE}</project>"
        f"<status>{HOSTILE}</status><code>if (a) {{\n  {HOSTILE}\n}}</code></x>"
        "<x id='2'><name>Other</name><created>2025-09-01</created></x></xs>",
        encoding="utf-8",
        newline="",
    )
    with Terminal(str(root), columns=size[0], rows=size[1]) as terminal:
        terminal.wait("Hostile")
        terminal.type("\r")
        terminal.wait("esc back")
        terminal.type("x")
        terminal.wait(lambda text: "<name>" in text or "<x id" in text)
        terminal.type("x")
        terminal.wait(lambda text: "<x id" not in text)
        terminal.type("p")
        terminal.wait("Problems")
        terminal.type("\x1b")
        terminal.wait(lambda text: "Problems" not in text)
        terminal.type("/hostile")
        terminal.wait("1 of 2")
        terminal.type("\x11")
        terminal.wait_for_exit()
        assert_harmless(terminal.raw)


def assert_harmless(raw: bytes) -> None:
    """No title, no clipboard, no bell, nothing that a memory could say to a terminal."""
    text = re.sub(r"\x1b\]22;[a-z-]*\x07", "", raw.decode("utf-8"))  # the mouse pointer, by Textual itself
    for sequence in ("\x1b]0;", "\x1b]2;", "\x1b]52;", "\x07", "\x08", "\x7f"):
        assert sequence not in text
    assert not re.search("[\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def test_without_a_terminal_the_app_names_the_commands(tree: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", str(tree)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    for word in ("terminal", "list", "search", "show", "check"):
        assert word in done.stderr


def test_the_demo_without_a_terminal_is_a_short_tour(tmp_path: Path) -> None:
    env = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "tui", "demo"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    for word in ("entries", "memarium search", "memarium show", "memarium check", "connection pool"):
        assert word in done.stdout
    without_git = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=env | {"PATH": str(tmp_path)},
        check=True,
    )
    said = "The history of the sample is missing. It is not versioned: "
    assert (said in without_git.stdout, said in done.stdout) == (True, False)


def test_a_tree_that_is_not_there_is_one_plain_line(tmp_path: Path) -> None:
    with Terminal(str(tmp_path / "none")) as terminal:
        assert terminal.wait_for_exit() == 3
        assert "does not exist" in terminal.text
