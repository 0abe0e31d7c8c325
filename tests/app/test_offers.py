"""The palette offers an action only where it does something; the help names every key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git import make_repository
from tests.support.pilot import WIDE, open_app, press, ready, settle
from tests.support.shop import SOLUTION, make_shop
from tests.support.shop_past import BILLING, commit, make_gone, make_past
from tui.screens.base.help import Help
from tui.screens.base.palette import Palette
from tui.screens.base.picker import Choices
from tui.screens.browse.browse import Browse
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines

ODD = {
    "memories/holder.xml": (
        "<knowledge><title>All of them</title><summary>What they share</summary><patterns>"
        '<pattern id="P-1"><title>One</title><description>First</description></pattern>'
        '<pattern id="P-2"><title>Two</title><description>Second</description></pattern>'
        "</patterns></knowledge>"
    ),
    "memories/broken.xml": "<lessons>\n<lesson><title>Open</title><text>No end\n</lessons>\n",
    ".claude/agent-memory/reviewer/MEMORY.md": "# Memory\n\n- [Pool](pool.md): its size\n",
    ".claude/agent-memory/reviewer/pool.md": "---\nname: pool\n---\n\nThe pool is 20.\n",
    "CLAUDE.md": "Above the sections.\n\n## Build\n\nRun make.\n",
}
"""Files with entries that some changes are not made for."""


async def test_what_is_deleted_alone_is_restored(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert "restore" not in app.possible()
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        rows = app.screen.query_one(Lines).laid_out
        muted = [span.style == "muted" for row in rows if "previous match" in row.plain for span in row.spans]
        assert muted[:1] == [True]
        assert not any(span.style == "muted" for row in rows if "edit in" in row.plain for span in row.spans)
        await press(pilot, "escape", "D")
        assert "restore" in app.possible()
        assert "edit" not in app.possible()


async def test_the_next_match_is_offered_where_there_is_one(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not {"next_match", "previous_match"} & app.possible()
        await press(pilot, "slash", *"pool", "enter")
        assert {"next_match", "previous_match"} <= app.possible()


async def test_the_way_back_is_offered_after_a_jump(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not {"go_back", "go_forward"} & app.possible()
        app.show_entry(SOLUTION)
        await settle(pilot)
        assert "go_back" in app.possible()
        await press(pilot, "left_square_bracket")
        assert "go_forward" in app.possible()


async def test_an_empty_list_offers_nothing_of_an_entry(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "slash", *"qzxqzx", "down")
        assert not {"edit", "copy", "history", "delete", "move", "blame", "pin"} & app.possible()


@pytest.mark.parametrize(("entry", "refused"), [
    ("memories/holder.xml#P-1", set()),
    ("memories/holder.xml#knowledge", {"delete", "duplicate", "move"}),
    ("memories/broken.xml#lesson-open", {"duplicate"}),
    (".claude/agent-memory/reviewer/MEMORY.md#MEMORY", {"duplicate", "move"}),
    (".claude/agent-memory/reviewer/pool.md#pool", set()),
    ("CLAUDE.md#CLAUDE", {"delete", "duplicate", "move"}),
])  # fmt: skip
async def test_a_change_is_offered_of_entries_that_it_is_made_for(
    tmp_path: Path, entry: str, refused: set[str]
) -> None:
    root = tmp_path / "odd"
    for name, text in ODD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    make_repository(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert isinstance(app.screen, Browse)
        assert app.screen.results.go_to(entry)
        await press(pilot, "ctrl+p")
        assert isinstance(app.screen, Palette)
        found = {item.id: item.possible for item, _ in app.screen.query_one(Choices).found}
        assert {name for name in ("delete", "duplicate", "move", "copy") if not found[name]} == refused


@pytest.mark.parametrize("key", ["H", "F"])
async def test_a_version_without_the_thing_offers_nothing_of_it(tmp_path: Path, key: str) -> None:
    root = make_past(tmp_path)
    commit(root, BILLING, None, "memory: drop the lessons", "2025-10-09T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D", key)
        assert not {"restore", "copy"} & app.possible()
        assert not {"restore", "copy"} & {*app.screen.query_one(Footer).keys}
        await press(pilot, "down")
        assert {"restore", "copy"} <= app.possible()
