"""What the tree's growth looks like as a command, on the demo as it comes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from index.commands.demo import make_demo


def test_stats_count_what_the_demo_holds(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MEMARIUM", "GIT_"))}
    env |= dict.fromkeys(("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(tmp_path))

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "tui", "trends", *arguments, "-t", str(demo)]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    told = json.loads(run("--json"))
    assert len(told["periods"]) == len(told["counts"]) == len(told["kinds"][0]["counts"])
    assert sum(told["counts"]) + told["undated"] + told["outside"] == told["entries"]
    assert told["kinds"][0]["kind"] == "debugging-solution"
    assert told["kinds"][0]["group"] == "solution"
    assert [level["level"] for level in told["levels"]] == list("1234567")
    assert {"shop-api", "billing", "gateway"} <= {project["project"] for project in told["projects"]}
    assert told["reused"][0]["id"].endswith("#TPL-003")
    assert told["reused"][0]["uses"] == 6
    text = run("-n", "2")
    assert "Tags growing" in text
    assert text[text.index("Kinds") : text.index("Levels")].count("\n") == 4
