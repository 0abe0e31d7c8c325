"""A small tree, for the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

TREE = (
    "<lessons><lesson id='L-1'><title>One é</title><description>pool exhausted</description></lesson>"
    "<lesson id='L-2'><title>Two</title><description>kafka on:click status:200</description></lesson>"
    "</lessons>"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "lessons.xml").write_text(TREE, encoding="utf-8")
    return root
