"""Commands on a store in no git, as processes: what they say of its versions."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from tests.support.commands import memarium
from tests.support.git import git
from tests.support.home import Home
from tests.support.markdown import CLAUDE


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / ".claude/projects/x/memory"
    folder.mkdir(parents=True)
    (folder / "feedback_review_shape.md").write_text(CLAUDE)
    return folder


def test_from_the_first_edit_to_the_versions(store: Path, home: Home) -> None:
    # Where git knows nobody, too; and a repository of somebody else's command is none of ours.
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_DIR": str(home.folder / "nowhere.git")}

    def run(*words: str, status: int = 0) -> tuple[str, str]:
        done = memarium(*words, "-t", str(store), status=status, env=nobody)
        return done.stdout, done.stderr

    name = "memory/feedback_review_shape.md#feedback_review_shape"
    assert "as " in run("edit", name, "--set", "description=One finding, one comment")[1]
    out = json.loads(run("status", "--json")[0])
    place = Path(out["versions"]["path"])
    assert out["versions"]["by"] == "memarium"
    assert place.parent == home.data / "memarium/versions"
    told = run("status")[1]
    assert "because the tree is in no git repository. GIT_DIR is set and not followed" in told
    assert told.endswith(f"They are in ~/data/memarium/versions/{place.name}.\n")
    assert git(place, "log", "--format=%an: %s").splitlines() == [
        f'{getpass.getuser()}: memory: edit description of "review-shape"',
        "memarium: memory: found memory/feedback_review_shape.md",
    ]
    assert len(run("history", name, "--json")[0].splitlines()) > 2
    run("undo")
    assert (store / "feedback_review_shape.md").read_text() == CLAUDE
    assert "on this machine alone" in run("sync", status=3)[1]
    assert [path.name for path in store.iterdir()] == ["feedback_review_shape.md"]
