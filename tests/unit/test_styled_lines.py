"""Lines of the commands: aligned, coloured on a terminal alone, and never with what steers it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import replace

import pytest

from index.model.display import cells
from index.model.file_record import FileProblem
from index.rendering.styled_lines import (
    EntryTable,
    write_diff,
    write_entries,
    write_parts,
    write_problem,
)
from tests.support.trees import SAMPLE

POOL = SAMPLE.entry("development-patterns/debugging-solutions.xml#DEBUG-005")
SHORT = SAMPLE.entry("session-context/pending-decisions.xml#DEC-013")


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard output be a terminal of 150 columns."""
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((150, 40)))


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def plain(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


def test_in_a_pipe_lines_are_aligned_and_plain(capsys: pytest.CaptureFixture[str]) -> None:
    write_entries([POOL, SHORT, replace(SHORT, title="漢字", when=None)])
    first, second, third = printed(capsys).splitlines()
    assert first.index(POOL.id) == second.index(SHORT.id)
    assert cells(third[: third.index(SHORT.id)]) == second.index(SHORT.id)
    assert "\x1b" not in first
    assert first.startswith(f"2025-10-03  {POOL.kind}  L2  {POOL.title}  ")


def test_on_a_terminal_they_are_coloured(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    write_entries([POOL, replace(POOL, level=6)])
    first, second = printed(capsys).splitlines()
    assert "\x1b[33mL2\x1b[0m" in first
    assert "\x1b[31mL6\x1b[0m" in second
    assert first.count("\x1b[") == 2 * first.count("\x1b[0m")
    assert plain(first).startswith(f"2025-10-03  {POOL.kind}  L2  {POOL.title}")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_nothing_is_coloured_where_that_is_not_wanted(
    terminal: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    write_entries([POOL])
    assert "\x1b" not in printed(capsys)


@pytest.mark.parametrize("word", ["long ", "漢字"])
def test_a_title_is_shortened_to_the_terminal_and_an_id_never(
    terminal: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    for columns, lines in ((150, 1), (120, 1), (80, 2), (50, 2)):
        size = os.terminal_size((columns, 40))
        monkeypatch.setattr(shutil, "get_terminal_size", lambda size=size: size)
        write_entries([replace(POOL, title=word * 60)])
        told = plain(printed(capsys)).splitlines()
        assert len(told) == lines
        assert told[-1].endswith(POOL.id)
        assert cells(told[0]) <= max(columns, 60)
        table = EntryTable([POOL])
        table.write_below(word * 60)
        assert cells(plain(printed(capsys)).rstrip("\n")) <= columns


def test_what_would_steer_a_terminal_is_made_visible(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    write_parts(("\x1b[31mred", "strong"), ("\u202e", ""), ("  ", "muted"), (" \n", ""))
    assert printed(capsys) == "\x1b[1m␛[31mred\x1b[0m\ufffd\n"


def test_problems_and_diffs_have_their_colours(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    write_problem(
        FileProblem("a.xml", 3, 7, "cause", "It is broken.", "error", repairable=True, guesses=False)
    )
    assert plain(printed(capsys)) == "a.xml:3:7: error: It is broken. [safe fix]\n"
    write_diff("    1   same\n    2 - old\n    2 + new")
    assert printed(capsys) == "    1   same\n\x1b[31m    2 - old\x1b[0m\n\x1b[32m    2 + new\x1b[0m\n"
