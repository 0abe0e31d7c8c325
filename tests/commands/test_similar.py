"""`memarium similar`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.commands import call


def test_similar_entries_are_listed_the_nearest_first(demo: Path) -> None:
    lines = call(demo, "similar", "DEBUG-010", "-n", "3", status=0).stdout.splitlines()
    assert len(lines) == 3
    assert "Kill the relay" in lines[0]
    found = json.loads(call(demo, "similar", "DEBUG-010", "--json", status=0).stdout)
    assert found["id"].endswith("#DEBUG-010")
    assert [hit["title"] in line for hit, line in zip(found["hits"], lines, strict=False)] == [True] * 3


def test_none_is_told(tree: Path) -> None:
    assert "No entry is similar" in call(tree, "similar", "L-1", status=1).stderr
    assert json.loads(call(tree, "similar", "L-1", "--json", status=1).stdout)["hits"] == []
    assert "No entry has the id" in call(tree, "similar", "L-9", status=1).stderr
