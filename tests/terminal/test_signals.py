"""What the system asks of the app, to end or to make room for the shell: the terminal is left whole."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.support.home import Home
from tests.support.terminal import Terminal

MODES = [b"?1000l", b"?1003l", b"?1006l", b"?2004l", b"?1049l", b"?25h"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    root.mkdir(parents=True)
    (root / "lessons.xml").write_text(
        "<lessons><lesson id='L-1'><title>First of all</title><description>x</description></lesson></lessons>"
    )
    return root


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_it_with_the_terminal_whole(tree: Path, number: signal.Signals) -> None:
    with Terminal(str(tree)) as terminal:
        terminal.wait("1 entry")
        before = len(terminal.raw)
        terminal.signal(number)
        assert terminal.wait_for_exit() == 128 + number
        for mode in MODES:
            assert b"\x1b[" + mode in terminal.raw[before:]
        assert terminal.local_flags() & termios.ECHO
        assert terminal.local_flags() & termios.ICANON
        assert "Traceback" not in terminal.text


def test_a_signal_keeps_what_was_typed_last(tree: Path, home: Home) -> None:
    with Terminal(str(tree)) as terminal:
        terminal.wait("1 entry")
        terminal.wait("First of all")
        terminal.type("e")
        terminal.wait("ctrl+s")
        terminal.type("typed in the last moment")
        terminal.wait("last moment")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_exit() == 143
    drafts = [path.read_text() for path in home.state.rglob("drafts/*.json")]
    assert any("typed in the last moment" in text for text in drafts)


@pytest.mark.parametrize("how", ["key", "TSTP", "STOP"])
def test_it_comes_back_from_the_background_with_all_drawn(tree: Path, how: str) -> None:
    with Terminal(
        "-c", f"set -m; {sys.executable} -m tui {tree} & app=$!; echo app is $app. >&2; fg >/dev/null; "
        "while kill -0 $app 2>/dev/null; do echo away; read; fg >/dev/null; done; stty -a",
        program="/bin/bash",
    ) as terminal:  # fmt: skip
        terminal.wait("First of all")
        [number] = re.findall(rb"app is (\d+)\.", terminal.raw)
        app = int(number)
        if how == "key":
            terminal.type("\x1a")
        else:
            os.kill(app, signal.Signals[f"SIG{how}"])
        terminal.wait("away")
        before = len(terminal.raw)
        terminal.type("\n")
        terminal.wait(lambda text: "First of all" in text and "away" not in text and "1 entry" in text)
        terminal.wait(lambda _: b"\x1b[?2004h" in terminal.raw[before:])
        assert b"\x1b[?1003h" in terminal.raw[before:]
        terminal.type("q")
        terminal.wait(" echo ")
        terminal.wait_for_exit()
