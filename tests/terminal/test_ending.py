"""The end of a session in a real terminal, step by step."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from index.commands.demo import make_demo
from tests.support.git import git
from tests.support.terminal import Terminal


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return make_demo(tmp_path)


def answer(terminal: Terminal, *steps: tuple[str, str]) -> None:
    for asked, keys in steps:
        terminal.wait(partial(_waits, asked=asked))
        terminal.type(keys + "\r")
        terminal.wait(partial(_goes_on, asked=asked, keys=keys))


def _waits(text: str, asked: str) -> bool:
    """Whether the last line of a screen is a question that begins so, and not answered yet."""
    last = text.rstrip().split("\n")[-1].strip()
    return last.startswith(asked) and last.endswith(":")


def _goes_on(text: str, asked: str, keys: str) -> bool:
    """Whether a question is answered, or the answer stands behind it."""
    return not _waits(text, asked) or f": {keys}" in text


def test_it_walks_through_what_the_protocol_asks(demo: Path) -> None:
    with Terminal("session", "end", "-t", str(demo), columns=160, rows=60) as terminal:
        answer(
            terminal,
            ("status", "paused"), ("last-action", "merged the export"), ("next-step", ""),
            ("blockers", "lag; heat"),
            ("DEC-013", ""), ("DEC-011", "Yes, after 30 days"), ("DEC-007", ""),
            ("decision", "Partition orders?"), ("decision:", ""),
            ("archive DEC-012", "y"), ("archive DEC-006", ""), ("archive HO-002", "n"),
            ("archive DEC-002", ""), ("archive HO-001", ""), ("archive DEC-001", ""),
            ("lesson", "Measure first"), ("lesson:", ""),
        )  # fmt: skip
        terminal.wait("Save all of it as one commit? [Y/n]:")
        assert "+   <last-action>merged the export</last-action>" in terminal.text
        terminal.type("\r")
        assert terminal.wait_for_exit() == 0
    assert git(demo, "log", "-1", "--format=%s") == "memory: end session of shop-api"
    assert len(git(demo, "show", "--name-only", "--format=", "HEAD").split("\n")) == 4
    assert git(demo, "status", "--porcelain") == ""


def test_what_was_said_is_not_lost_when_it_is_broken_off(demo: Path) -> None:
    with Terminal("session", "end", "-t", str(demo), columns=160, rows=60) as terminal:
        answer(terminal, ("status", "it's paused"), ("last-action", ""))
        terminal.wait(lambda text: _waits(text, "next-step"))  # all of the question: it is read from now on
        terminal.type("\x03")
        terminal.wait("memarium session end '--set=status=it'\"'\"'s paused' --project=shop-api")
        assert terminal.wait_for_exit() == 130
    assert git(demo, "log", "-1", "--format=%s") != "memory: end session of shop-api"
