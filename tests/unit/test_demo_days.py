"""The demo's dates: as in the sample tree, or moved so that it ends a few days ago."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from index.commands.demo import LAST, make_demo, move_history, move_text, weeks_until
from index.workspace import Workspace
from tests.support.git import git

TODAY = date(2027, 3, 3)


def test_it_moves_by_whole_weeks_and_never_back() -> None:
    assert weeks_until(LAST) == weeks_until(LAST + timedelta(6)) == 0
    assert weeks_until(LAST + timedelta(7)) == 7
    assert weeks_until(date(2020, 1, 1)) == 0
    assert weeks_until(TODAY) % 7 == 0


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2025-12-30T10:00:00Z", "2026-01-06T10:00:00Z"),
        ("fix-2025-10-03T14:30:00Z, 2025-11-21-", "fix-2025-10-10T14:30:00Z, 2025-11-28-"),
        ("2025-10 2025-13-45 12025-10-03 2025-10-031 2025-10-03-07", None),
        ("kept on 2025-02-30", None),
    ],
)  # fmt: skip
def test_dates_in_a_text_move_and_nothing_else(text: str, moved: str | None) -> None:
    assert move_text(text.encode(), 7) == (moved or text).encode()


def test_a_text_that_looks_like_a_commit_is_a_text() -> None:
    said = b"author Ana <a@example.com> 100 +0000\nat 2025-10-03\n"
    stream = b"blob\ndata %d\n%s\ncommit refs/heads/main\nauthor Ana <a@example.com> 100 +0200\n" % (
        len(said),
        said,
    )
    moved = move_history(stream, 7)
    assert b"author Ana <a@example.com> 100 +0000\nat 2025-10-10\n" in moved
    assert b"author Ana <a@example.com> 604900 +0200\n" in moved
    assert len(moved) == len(stream) + 3


def test_the_demo_ends_a_few_days_ago(tmp_path: Path) -> None:
    plain, moved = make_demo(tmp_path / "plain"), make_demo(tmp_path / "moved", TODAY)
    days = weeks_until(TODAY)

    def commits(tree: Path) -> list[tuple[datetime, str]]:
        lines = git(tree, "log", "--format=%aI %s").splitlines()
        return [(datetime.fromisoformat(line[:25]), line[26:]) for line in lines]

    assert [
        (when + timedelta(days), move_text(said.encode(), days).decode()) for when, said in commits(plain)
    ] == commits(moved)
    assert timedelta(0) <= TODAY - commits(moved)[0][0].date() < timedelta(7)
    assert git(moved, "status", "--porcelain") == ""
    assert git(moved, "fsck", "--strict") == ""
    for file in plain.rglob("*.xml"):
        other = moved / file.relative_to(plain)
        assert other.read_bytes() == move_text(file.read_bytes(), days)
    workspace = Workspace.open(moved)
    assert workspace.history.at("DEBUG-021", "HEAD").entry is not None
    session = next(iter(workspace.timeline.sessions()))
    assert session.title == "Cursor pagination for the order export"
    assert session.end.when.date() == LAST + timedelta(days)
    workspace.close()


def test_without_git_the_files_move_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    memories = make_demo(tmp_path, TODAY)
    texts = "".join(file.read_text("utf-8", "replace") for file in memories.rglob("*.xml"))
    assert "2025-11-21" not in texts
    assert (LAST + timedelta(weeks_until(TODAY))).isoformat() in texts
