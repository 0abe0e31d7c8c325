"""A command that has to read or index a large tree says how far it is, where somebody can see that."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.make_tree import make_tree
from index.commands.bars import draw_bar
from index.commands.cli import cli


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    make_tree(root, 520, per_file=1)
    return root


def _read(root: Path) -> None:
    with pytest.raises(SystemExit):
        cli.main(["trends", "-t", str(root)], standalone_mode=False)


def test_the_first_reading_draws_a_bar_on_a_terminal(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _read(root)
    told = capsys.readouterr()
    assert "reading" in told.err
    assert "100%" in told.err
    assert "reading" not in told.out
    _read(root)
    assert "reading" not in capsys.readouterr().err


def test_nothing_is_drawn_where_nobody_looks(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _read(root)
    assert capsys.readouterr().err == ""


def test_a_second_task_gets_a_bar_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = draw_bar("reading", most=10)
    for _ in range(2):
        progress(0, 20)
        progress(20, 20)
    assert capsys.readouterr().err.count("100%") == 2
