"""What the commands say of the copies that sync tools leave, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import call


@pytest.mark.parametrize("command", ["check", "list", "search One", "trends"])
def test_a_copy_is_named_with_its_original(tree: Path, command: str) -> None:
    copy = "lessons.sync-conflict-20251003-120000-ABCDEFG.xml"
    told = []
    for _ in range(2):
        done = call(tree, *command.split(), "--json")
        told.append(json.loads(done.stdout)["copies"])
        (tree / copy).write_bytes((tree / "lessons.xml").read_bytes())
    assert told == [[], [{"file": copy, "original": "lessons.xml", "tool": "Syncthing"}]]
