"""Several agents that write into one file at once: every change is saved, and git's store is sound."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository
from tests.support.trial import Trial

PROCESSES = 8
_AGENT = """
import sys
from datetime import UTC, datetime
from index.workspace import Workspace
number, rounds, root = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
for turn in range(rounds):
    workspace = Workspace.open(root)
    if turn % 2:
        plan = workspace.planner.edit(f"L-{number + 1}", {"description": f"agent {number} turn {turn}"})
    else:
        texts = {"title": f"Added by {number} in turn {turn}", "description": "d"}
        plan = workspace.planner.add("lesson", texts, datetime.now(UTC))
    workspace.committer.commit(plan)
    workspace.close()
"""


def test_every_change_of_several_agents_is_saved(tmp_path: Path, trial: Callable[..., Trial]) -> None:
    made = trial("8 processes edit and add in one file", short=2, long=25)
    tree = tmp_path / "memories"
    tree.mkdir()
    entry = "<lesson id='L-{0}'><title>Lesson {0}</title><description>x</description></lesson>\n"
    entries = "".join(entry.format(number + 1) for number in range(PROCESSES))
    (tree / "lessons.xml").write_text(f"<lessons>\n{entries}</lessons>\n", "utf-8")

    make_repository(tmp_path)
    commit_all(tmp_path)
    agents = [
        subprocess.Popen(
            [sys.executable, "-c", _AGENT, str(number), str(made.rounds), str(tree)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for agent in agents:
        said = agent.communicate(timeout=600)[1]
        assert agent.returncode == 0, said
    commits = int(git(tmp_path, "rev-list", "--count", "HEAD")) - 1
    made.counts["saved"] += commits
    assert commits == PROCESSES * made.rounds
    assert git(tmp_path, "fsck", "--full") == ""
    assert git(tmp_path, "status", "--porcelain") == ""
    workspace = Workspace.open(tree)
    titles = {entry.title for entry in workspace.tree.entries()}
    assert len({entry.id for entry in workspace.tree.entries()}) == PROCESSES + PROCESSES * (
        (made.rounds + 1) // 2
    )
    last = made.rounds - 1 - made.rounds % 2
    for number in range(PROCESSES):
        told = {field.name: field.text for field in workspace.tree.entry(f"L-{number + 1}").fields}
        assert told["description"] == f"agent {number} turn {last}"
        assert titles >= {f"Added by {number} in turn {turn}" for turn in range(0, made.rounds, 2)}
    workspace.close()
