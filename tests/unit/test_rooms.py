"""AGENTS.md tells where everything is: each module has its place there, and each that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = set(re.findall(r"`(?:index/|tui/)?(\w+\.py)`", (ROOT / "AGENTS.md").read_text("utf-8")))
ROOMS = set(re.findall(r"`(index/\w+|tui)/`", (ROOT / "AGENTS.md").read_text("utf-8")))


@pytest.mark.parametrize("folder", ["index", "index/history", "tui"])
def test_every_module_has_its_place(folder: str) -> None:
    there = {path.name for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py"}
    assert there <= NAMED


def test_every_room_is_told_of() -> None:
    there = {f"index/{path.parent.name}" for path in (ROOT / "index").glob("*/__init__.py")}
    assert there <= ROOMS


def test_nothing_is_named_that_is_not_there() -> None:
    there = {path.name for room in ("index", "tui", "tests") for path in (ROOT / room).rglob("*.py")}
    assert there >= NAMED
