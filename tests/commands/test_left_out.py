"""Files that a command tells of: copies that sync tools leave, and those that could not be read."""

from __future__ import annotations

import json
import os
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


@pytest.mark.parametrize(
    "command", ["list", "list --json", "search One", "export --format json", "similar One", "trends"]
)
def test_a_file_that_could_not_be_read_is_named(tree: Path, command: str) -> None:
    words = [*command.split()]
    if command == "similar One":
        words[1] = call(tree, "list", "--template", "{{ id }}").stdout.splitlines()[0]
    assert "could not be read" not in call(tree, *words).stderr
    os.mkfifo(tree / "pipe.xml")
    assert call(tree, *words).stderr.count("pipe.xml could not be read: see memarium check.\n") == 1
