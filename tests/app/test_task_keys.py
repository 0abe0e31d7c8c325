"""The tasks of every day take few keys: none takes more than it ever did, letters of a text aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from tests.support.git import git
from tests.support.leaving import leave_draft
from tests.support.pilot import WIDE, open_app, press, ready, shown, until
from tests.support.shop import make_shop
from tests.support.shop_clones import make_conflict
from tests.support.shop_past import make_past
from tui.app import Memarium
from tui.screens.browse.browse import Browse


def subject(root: Path) -> str:
    """Return the subject of the last commit."""
    return git(root, "log", "-1", "--format=%s").removeprefix("memory: ")


async def does(pilot: Pilot[None], keys: str, done: Callable[[], object]) -> None:
    """Press keys, and see the task done; `…` stands for a text, then go back to the results."""
    app = pilot.app
    assert isinstance(app, Memarium)
    for key in keys.split():
        await press(pilot, *(["x", "y"] if key == "…" else [key]))
    await until(pilot, done)
    for _ in range(6):
        await press(pilot, "escape")
        if isinstance(app.screen, Browse) and not app.screen.search.text:
            break


async def test_the_tasks_of_a_day(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    leave_draft(root)
    app = open_app(root)
    assert app.workspace is not None
    drafts = app.workspace.status.drafts
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        find = "slash p o o l space e x h enter"
        await does(pilot, "P d d", lambda: not list(drafts.left()))
        await does(pilot, f"{find} y", lambda: "pool" in app.clipboard)
        await does(pilot, "shift+tab space", lambda: browse.search.text == "kind:solution")
        await does(pilot, "shift+tab space escape escape", lambda: not browse.search.text)
        await does(pilot, f"{find} e … ctrl+s enter", lambda: "edit" in subject(root))
        await does(pilot, "u", lambda: subject(root).startswith("undo"))
        await does(pilot, "U", lambda: subject(root).startswith(("redo", "edit")))
        await does(pilot, f"{find} H down space up", lambda: "\n [" in shown(app))
        await does(pilot, f"{find} H down V 1 enter", lambda: "restore" in subject(root))
        await does(pilot, "a enter … ctrl+s enter", lambda: "add" in subject(root))
        await does(pilot, f"{find} d enter", lambda: "delete" in subject(root))
        await does(pilot, "D V enter", lambda: "restore" in subject(root))
        await does(pilot, "p R enter", lambda: "repair" in subject(root))
        await does(pilot, "W … ctrl+s enter", lambda: "session" in subject(root))


async def test_an_entry_that_a_text_names_is_a_key_away(tmp_path: Path) -> None:
    named = "<lesson><id>LES-1</id><title>One</title><text>As LES-2 says.</text></lesson>"
    other = "<lesson><id>LES-2</id><title>Two</title><text>Alone.</text></lesson>"
    app = open_app(make_shop(tmp_path, files={"lessons.xml": f"<lessons>{named}{other}</lessons>"}))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "slash", *"id:LES-1", "enter")
        assert browse.entry is not None
        assert browse.entry.title == "One"
        await press(pilot, "enter")
        await until(pilot, lambda: browse.entry is not None and browse.entry.title == "Two")


async def test_conflicts_take_a_key_each(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await does(
            pilot,
            "S 1 3 enter",
            lambda: git(mine, "rev-parse", "HEAD") == git(mine, "rev-parse", "origin/main"),
        )
