"""An entry that gets another id stays the one that is shown, marked and pinned."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.pilot import WIDE, open_app, press, ready, settle
from tui.screens.browse.browse import Browse

LOG = "# Log\n\n## Retry twice\n\nThe first call wakes it.\n\n## Cache\n\nKeep an hour.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "memory-bank"
    folder.mkdir()
    (folder / "activeContext.md").write_text(LOG, encoding="utf-8")
    (folder / "progress.md").write_text("# Done\n\n## Search\n\ntext\n\n## Sync\n\ntext\n", encoding="utf-8")
    return folder


async def shown_cache(pilot: Pilot[None]) -> Browse:
    """Put the cursor on the entry in the middle, pinned and marked."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    browse.results.go_to("memory-bank/activeContext.md#cache")
    await press(pilot, "asterisk")
    browse.results.action_choose()
    browse.results.go_to("memory-bank/activeContext.md#cache")
    await settle(pilot)
    return browse


def held(browse: Browse) -> tuple[str, list[str], list[str]]:
    assert browse.entry is not None
    workspace = browse.context.workspace
    assert workspace is not None
    return browse.entry.id, list(browse.marked), workspace.tree.bookmarks.pins()


async def test_the_file_is_renamed_by_another_program(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await shown_cache(pilot)
        (root / "activeContext.md").rename(root / "zz.md")
        await press(pilot, "f5")
        there = "memory-bank/zz.md#cache"
        assert held(browse) == (there, [there], [there])


async def test_it_gets_a_twin(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await shown_cache(pilot)
        (root / "activeContext.md").write_text(f"{LOG}\n## Cache\n\nKeep a day.\n", encoding="utf-8")
        await press(pilot, "f5")
        first = browse.entry
        assert first is not None
        assert first.fields[-1].text == "Keep an hour."
        assert held(browse) == (first.id, [first.id], [first.id])
