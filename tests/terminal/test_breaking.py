"""An error that the app cannot go on after ends it in one sentence, with a status of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.home import Home
from tests.support.terminal import Terminal

PLACES = {
    "a paint": "import tui.widgets.base.status_line as m; m.StatusLine.draw = fail",
    "a handler": "import tui.screens.browse.browse as m; m.Browse.on_resize = fail",
    "the first screen": "import tui.screens.browse.browse as m; m.Browse.compose = fail",
    "opening": "import index.workspace as m; m.Workspace.open = fail",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    root.mkdir(parents=True)
    (root / "lessons.xml").write_text("<lessons><lesson id='L-1'><title>One</title></lesson></lessons>")
    return root


@pytest.mark.parametrize("place", PLACES)
def test_it_ends_in_one_sentence(tree: Path, tmp_path: Path, place: str, home: Home) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        f"def fail(*_, **__): raise ZeroDivisionError('made for a test')\n{PLACES[place]}\n"
    )
    with Terminal(str(tree), PYTHONPATH=str(tmp_path)) as terminal:
        assert terminal.wait_for_exit() == 3
        said = terminal.text
        assert "errors.log" in said.replace("\n", "")
        assert "Traceback" not in said
        assert "zerodivision" not in said.lower() or place == "opening"
        assert "made for a test" in (home.state / "memarium" / "errors.log").read_text()
