"""Copying: the text at once, every other form by a key of the menu, by mouse, and of all that is marked."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.support.pilot import WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import FILE, FILES, SOLUTION, make_shop
from tests.support.shop_past import LESSON_TITLE, make_gone
from tui.app import Memarium
from tui.screens.base.copy_menu import CopyMenu
from tui.screens.base.picker import Picker
from tui.screens.base.question import Words
from tui.screens.browse.browse import Browse
from tui.screens.history.deleted import DeletedEntries
from tui.widgets.base.toast import Toast


async def copying(pilot: Pilot[None], *keys: str) -> Browse:
    """Go to an entry, and press keys."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    assert browse.results.go_to(SOLUTION)
    browse.set_focus(browse.results)
    await press(pilot, *keys)
    return browse


def words(app: Memarium) -> str:
    return said(app.screen.query_one(Words))


async def test_the_text_is_copied_at_once_and_another_key_is_for_the_screen_below(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "y")
        assert isinstance(app.screen, CopyMenu)
        assert "Copied the entry" in words(app)
        assert app.clipboard.startswith("Database connection pool exhaustion")
        assert not browse.toast.display
        place = browse.results.cursor
        await press(pilot, "j")
        await until(pilot, lambda: browse.results.cursor == place + 1)
        assert app.screen is browse
        await press(pilot, "y", "escape")
        assert app.screen is browse


@pytest.mark.parametrize(("keys", "copied", "told"), [
    (("i",), SOLUTION, f"the id {SOLUTION.rpartition('#')[2]}"),
    (("p",), f"{FILE}:", f"the place {PurePath(FILE).name}:6"),
    (("t",), "Database connection pool exhaustion under load\n", "the entry"),
    (("m",), "# Database connection pool exhaustion under load\n\n- **kind:** debug", "as Markdown"),
    (("x",), "<debugging-solution>\n", "as source"),
    (("f", *"prevention", "enter"), "Added connection pool monitoring and alerting", "Prevention"),
])  # fmt: skip
async def test_a_key_copies_another_form(
    tmp_path: Path, keys: tuple[str, ...], copied: str, told: str
) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "y", *keys)
        await until(pilot, lambda: app.screen is browse and app.clipboard.startswith(copied))
        await until(pilot, lambda: told in said(browse.query_one(Toast)))


async def test_a_form_is_clicked(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "y")
        lines = words(app).split("\n")
        row = next(n for n, line in enumerate(lines) if "i id" in line)
        await pilot.click(Words, offset=(lines[row].index("i id"), row))
        await until(pilot, lambda: app.screen is browse and app.clipboard == SOLUTION)


async def test_a_click_beside_the_menu_closes_it(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "y")
        await pilot.click(offset=(2, 2))
        await until(pilot, lambda: app.screen is browse)


async def test_one_of_several_blocks_of_code_is_chosen(tmp_path: Path) -> None:
    text = "First:\n\n```sql\nSELECT 1;\n```\n\nThen:\n\n```js\nawait pool.end();\n```\n"
    root = make_shop(tmp_path)
    file = root / FILE
    old = "Added connection pool monitoring and alerting"
    file.write_text(file.read_text("utf-8").replace(old, text, 1), "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "y", "c")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"await", "enter")
        await until(pilot, lambda: app.screen is browse and app.clipboard == "await pool.end();")


@pytest.mark.parametrize(("key", "copied"), [
    ("i", f"{SOLUTION}\n{FILE}#"),
    ("p", f"\n{FILE}:"),
    ("x", "</debugging-solution>\n<debugging-solution>"),
])  # fmt: skip
async def test_all_that_is_marked_is_copied(tmp_path: Path, key: str, copied: str) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot, "space")
        rows = (row.id for _, row in browse.results.loaded())
        assert browse.results.go_to(next(one for one in rows if one.startswith(FILE) and one != SOLUTION))
        await press(pilot, "space", "y")
        assert "Copied 2 entries" in words(app)
        assert "code block" not in words(app)
        await press(pilot, key)
        await until(pilot, lambda: app.screen is browse and copied in app.clipboard)
        assert len(browse.marked) == 2


async def test_the_source_of_a_deleted_entry_is_copied(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D", "j")
        assert isinstance(app.screen, DeletedEntries)
        await press(pilot, "y", "x")
        await settle(pilot)
        assert app.clipboard.startswith("<lesson>")
        assert LESSON_TITLE in app.clipboard


async def test_nothing_that_is_copied_can_drive_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(App, "copy_to_clipboard", lambda self, text: sent.append(text))
    root = make_shop(tmp_path)
    file = root / FILE
    old = "Added connection pool monitoring and alerting"
    file.write_text(file.read_text("utf-8").replace(old, "one\u202e\x9b2J two", 1), "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await copying(pilot)
        for keys in (("t",), ("m",), ("x",), ("f", *"prevention", "enter")):
            sent.clear()
            await press(pilot, "y", *keys)
            await until(pilot, lambda: app.screen is browse and len(sent) == 2)
            assert "2J two" in sent[1]
            assert not any(sign in sent[1] for sign in "\x9b\u202e")


LONG = "\n".join(f"Step {n} of the way." for n in range(60))
CODE = "\n".join(f"SELECT {n};" for n in range(60))
PARTS = f"<problem>It waits.</problem><solution>{LONG}</solution><diagnosis>{CODE}</diagnosis>"


def open_parts(folder: Path) -> Memarium:
    """Return the app on a tree with an entry of `PARTS`."""
    lessons = f"<lessons><lesson><title>Slow</title>{PARTS}</lesson></lessons>"
    return open_app(make_shop(folder, files=FILES | {"lessons.xml": lessons}))


async def at_parts(pilot: Pilot[None]) -> Browse:
    """Put the cursor on that entry."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    assert browse.results.go_to("lessons.xml#lesson-slow")
    return browse


@pytest.mark.parametrize(("keys", "proposed", "copied"), [
    ((), "", ""),
    (("space", "ctrl+d"), "this field: Solution", "Step 0 of"),
    (("space", "G"), "this code block", "SELECT 0;"),
    (("space", "G", "x"), "", ""),
], ids=["whole", "field", "code", "source"])  # fmt: skip
async def test_the_part_in_view_is_proposed(
    tmp_path: Path, keys: tuple[str, ...], proposed: str, copied: str
) -> None:
    app = open_parts(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at_parts(pilot)
        await press(pilot, "l", *keys, "y")
        assert (f"⏎ {proposed}" in words(app)) is bool(proposed)
        assert ("⏎" in words(app)) is bool(proposed)
        if proposed:
            await press(pilot, "enter")
            await until(pilot, lambda: app.screen is browse and app.clipboard.startswith(copied))


async def test_the_field_in_view_is_first_among_the_fields(tmp_path: Path) -> None:
    app = open_parts(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at_parts(pilot)
        await press(pilot, "l", "space", "ctrl+d", "y", "f", "enter")
        await until(pilot, lambda: app.screen is browse and app.clipboard.startswith("Step 0 of"))
