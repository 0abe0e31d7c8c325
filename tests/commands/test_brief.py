"""`memarium brief`, as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.commands.demo import make_demo

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FILE = "development-patterns/debugging-solutions.xml"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return make_demo(tmp_path / "demo")


@pytest.fixture
def run(demo: Path, tmp_path: Path) -> Run:
    def go(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("MEMARIUM", "GIT_"))}
        env |= {
            name: str(tmp_path / "home") for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
        }
        command = [sys.executable, "-m", "tui", *arguments, "-t", str(demo)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        return done

    return go


def printed(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def test_the_brief_of_the_demo(run: Run) -> None:
    text = run("brief").stdout
    assert text.startswith("# Brief: shop-api\n")
    assert "- Next step: Build the export index on" in text
    assert "`DEC-011`" in text
    assert len(run("brief", "--max-chars", "700").stdout) <= 700
    told = printed(run("brief", "--json", "--max-chars", "700"))
    assert told["state"]["next_step"].startswith("Build the export index")
    assert told["sections"][0]["name"] == "blockers"
    assert told["left_out"]["solutions"] > 0
    other = printed(run("brief", "--json", "--project", "billing"))
    assert other["project"] == "billing"
    assert other["state"] is None
    assert run("brief", "--max-chars", "5", status=2).stdout == ""


def test_the_brief_tells_what_others_changed_and_does_not_count_it_as_seen(run: Run, demo: Path) -> None:
    run("list", "--new", status=1)
    file = demo / FILE
    before = file.read_bytes()
    file.write_bytes(before.replace(b"<title>", b"<title>Again: ", 1))
    for _ in range(2):
        sections = {section["name"]: section for section in printed(run("brief", "--json"))["sections"]}
        assert [line["change"] for line in sections["news"]["lines"]] == ["changed"]
    file.write_bytes(before)
