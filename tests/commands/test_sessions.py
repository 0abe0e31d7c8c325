"""`memarium timeline` as a process, on the demo's real repository and without one."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Run, memarium


@pytest.fixture
def run(demo: Path) -> Run:
    def go(
        *words: str, tree: Path = demo, status: int = 0, stderr: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        return memarium("timeline", *words, "-t", str(tree), status=status, stderr=stderr)

    return go


def sessions(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["sessions"]
    return found


def test_json_newest_first(run: Run) -> None:
    told = sessions(run("--json", "-n", "3"))
    assert len(told) == 3
    first = told[0]
    assert set(first) >= {
        "start", "end", "title", "project", "phase", "status", "next_step", "blockers", "entries", "commits",
    }  # fmt: skip
    assert (first["start"], first["end"]) == ("2025-11-21T13:05:00+00:00", "2025-11-21T17:45:00+00:00")
    assert (first["title"], first["project"]) == ("Cursor pagination for the order export", "shop-api")
    assert first["blockers"] == ["staging replica lags by 40 minutes"]
    assert {"id", "change"} <= set(first["entries"][0])
    assert all(len(rev) == 40 for rev in first["commits"])
    ends = [datetime.fromisoformat(session["end"]) for session in told]
    assert ends == sorted(ends, reverse=True)


def test_who_waits_for_the_json_at_a_terminal_sees_the_count_grow(run: Run) -> None:
    ours, theirs = pty.openpty()
    told = sessions(run("--json", "-n", "3", stderr=theirs))
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # all was read: nothing is at the other end any more
        while part := os.read(ours, 1 << 16):
            seen += part
    os.close(ours)
    assert len(told) == 3
    assert seen.index(b"]  0") < seen.index(b"]  3")


def test_text_for_a_reader(run: Run) -> None:
    text = run("-n", "1").stdout
    assert text.startswith(
        "Cursor pagination for the order export\n    2025-11-21 13:05 to 17:45 UTC · shop-api"
    )
    assert "    next:    Build the export index" in text
    assert "    + decision               Keyset on (created_at, id), not on id alone\n" in text


def test_filters_and_the_search_language(run: Run) -> None:
    told = sessions(run("--json", "--since", "2025-11-17", "--project", "gateway"))
    assert [(session["title"], session["project"]) for session in told] == [
        ("context package: retire the old topic, and 3 more", "gateway"),
        ("Webhook signatures after the proxy upgrade", "gateway"),
    ]
    told = sessions(run("--json", "kind:decision", "project:shop-api", "after:2025-10"))
    assert len(told) > 3
    assert (
        sessions(run("--json", "exhaustion", "before:2025-10-04"))[0]["title"] == "Pool exhaustion under load"
    )


def test_status(run: Run, tmp_path: Path) -> None:
    assert "No sessions found." in run("kind:nonsense", status=1).stderr
    assert json.loads(run("--json", "--since", "2030", status=1).stdout) == {
        "sessions": [],
        "left_out": [],
    }
    assert "is not a date" in run("--since", "soonish", status=2).stderr
    assert "is not a level; " in run("level:many", status=1).stderr
    assert sessions(run("--json", "file::exhaustion OR on:exhaustion OR exhaustion"))
    tree = tmp_path / "memories"
    tree.mkdir()
    (tree / "a.xml").write_text("<notes><note><title>\x1b[31mA</title><date>2025-10-03</date></note></notes>")
    shown = run(tree=tree).stdout
    assert shown.splitlines()[1].strip() == "2025-10-03"
    assert "\x1b" not in shown
