"""A format that the app has never seen, from the list to the commit and back."""

from __future__ import annotations

from pathlib import Path

from index.formats.registry import registered
from tests.support.editing import edit, write
from tests.support.git import commit_all, git, make_repository
from tests.support.pilot import WIDE, open_app, press, ready, said, settle, until
from tests.support.toy_format import MemoFormat
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.history import History
from tui.widgets.base.lines import Lines

FILE = "notes/lessons.memo"
TEXT = """lesson: L-1 | title: Pool runs dry | text: raise the limit | tags: db, pool
lesson: L-2 | title: Caches go stale | text: give them a ttl | tags: cache
"""


async def test_an_entry_is_found_edited_reviewed_followed_and_taken_back(tmp_path: Path) -> None:
    root = tmp_path / "memories"
    (root / "notes").mkdir(parents=True)
    (root / FILE).write_text(TEXT, "utf-8")
    make_repository(tmp_path)
    commit_all(tmp_path)
    with registered(MemoFormat()):
        app = open_app(root)
        async with app.run_test(size=WIDE) as pilot:
            await ready(pilot)
            browse = app.screen
            assert isinstance(browse, Browse)
            await press(pilot, "/", *"stale", "enter")
            await until(pilot, lambda: browse.entry is not None and browse.entry.title == "Caches go stale")
            await edit(pilot, "text", f"{FILE}#L-2")
            await write(pilot, "drop them")
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, ReviewScreen)
            assert "drop them" in said(app.screen.query_one("#diff", Lines))
            await press(pilot, "enter")
            assert (root / FILE).read_text("utf-8") == TEXT.replace("give them a ttl", "drop them")
            assert git(root, "log", "-1", "--format=%s") == 'memory: edit text of "Caches go stale"'
            await press(pilot, "H")
            assert isinstance(app.screen, History)
            await press(pilot, "escape", "u")
            await settle(pilot)
        assert (root / FILE).read_text("utf-8") == TEXT
