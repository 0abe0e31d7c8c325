"""Terminals of every kind: the app draws in them, or says in one sentence that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shop import make_shop
from tests.support.terminal import Terminal


def test_one_that_cannot_draw_is_told() -> None:
    with Terminal(TERM="dumb") as terminal:
        assert terminal.wait_for_exit() == 2
        assert "the app needs a terminal that can draw" in " ".join(terminal.text.split())
        assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("kind", ["linux", ""])
def test_others_are_drawn_in(tmp_path: Path, kind: str) -> None:
    root = make_shop(tmp_path)
    with Terminal(str(root), TERM=kind) as terminal:
        terminal.wait("9 entries")
        terminal.type("\x11")
        assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize("size", [(1, 1), (5, 3)])
def test_a_tiny_one_breaks_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    root, (columns, rows) = make_shop(tmp_path), size
    with Terminal(str(root), columns=columns, rows=rows) as terminal:
        terminal.wait(lambda _: b"\x1b[?1049h" in terminal.raw)
        terminal.wait_for_keys()
        terminal.type("\x11")
        assert terminal.wait_for_exit() == 0
        assert b"Traceback" not in terminal.raw
