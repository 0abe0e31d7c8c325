"""Editing the fields of an entry, up to the commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import TextArea

from index.workspace import Workspace
from tests.support.editing import edit, write
from tests.support.git import git
from tests.support.pilot import NARROW, WIDE, Compare, open_app, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.screens.base.picker import Choices
from tui.screens.base.question import Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.choices import ChoiceLine
from tui.widgets.base.lines import Lines
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.toast import Toast
from tui.widgets.editing.edit_lines import EditFoot, EditHead
from tui.widgets.editing.field_editor import FieldEditor, FieldLabel
from tui.widgets.editing.message_text import MessageText
from tui.widgets.editing.other_fields import Others

OUTBOX = "session-context/pending-decisions.xml#decision-2025-11-18"


async def test_an_edit_becomes_one_commit(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await pilot.press("f7", "delete", *"Alert", "enter", *"Load test", "tab", "right", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        toast = said(app.screen.query_one(Toast))
    text = (root / FILE).read_text("utf-8")
    assert "<prevention>Alert\nLoad test</prevention>" in text
    assert text.count("<level>4</level>") == 2
    assert git(root, "log", "-1", "--format=%s|%an") == (
        'memory: edit 2 fields of "Database connection pool exhaustion under…"|Ana Kovač'
    )
    assert git(root, "show", "--name-only", "--format=", "HEAD") == f"memories/{FILE}"
    assert git(root, "status", "--porcelain") == ""
    assert toast.split() == ["✓", "Saved", "2", "fields", git(root, "rev-parse", "HEAD")[:7], "u", "undo"]


async def test_it_lies_over_the_preview_or_is_a_page(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        preview = app.screen.query_one("#preview").region
        results = app.focused
        screen = await edit(pilot)
        over = screen.query_one("#over").region
        assert over == preview.grow((1, 0, 0, 0))
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert screen.query_one("#over").region.width == 80
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is results


async def test_leaving_asks_only_when_something_would_be_lost(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await pilot.press("tab", "escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        screen = await edit(pilot)
        await write(pilot, "Two\nlines")
        assert said(screen.query_one(EditHead)).startswith("◆ Debugging solution")
        assert "± 1 field changed" in said(screen.query_one(EditHead))
        assert "not saved yet" in said(screen.query_one(EditFoot))
        assert said(screen.query_one(FieldLabel)).split("  ")[-1].strip() == "text · 2 lines"
        await pilot.press("escape")
        await pilot.pause()
        assert "Prevention has changed: 2 lines." in said(app.screen.query_one(Words))
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert screen.query_one(TextArea).text == "Two\nlines"
        await pilot.press("escape", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("escape", "escape", "d")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
    assert git(root, "status", "--porcelain") == ""


async def test_a_change_taken_back_is_no_change(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await pilot.press("x")
        assert screen.unsaved
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert not screen.unsaved
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen is screen
        assert "Nothing has changed yet." in said(screen.query_one(Toast))


async def test_letters_typed_after_tab_are_for_the_next_field(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "problem")
        await pilot.press("!", "tab", "?", "tab", "+")
        await pilot.pause()
        changes = screen.draft.changes()
        assert [(name, text[-1]) for name, text in changes.items()] == [
            ("problem", "!"), ("solution", "?"), ("prevention", "+"),
        ]  # fmt: skip
        await pilot.press("shift+tab", "shift+tab")
        await pilot.pause()
        assert screen.query_one(TextArea).text.endswith("!")


async def test_a_burst_of_keys_reaches_each_its_field(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        for key in ("x", "tab", "5", "tab", "y", "enter", "z", "shift+tab", "shift+tab", "7"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        changes = {name: text[-3:] for name, text in screen.draft.changes().items()}
        assert changes == {"prevention": "ngx", "level": "7", "tech-stack": "oly", "tags": "cez"}


async def test_a_burst_of_keys_is_answered_in_its_order(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        text = screen.query_one(TextArea)
        was = text.text
        for key in (
            "a",
            "b",
            "backspace",
            "c",
            "left",
            "left",
            "d",
            "end",
            "e",
            "ctrl+home",
            "f",
            "ctrl+end",
            "g",
        ):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: text.text == f"f{was}daceg")


async def test_a_burst_over_a_choice_is_taken_whole(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "status", OUTBOX)
        for key in ("z", "q", "x", "backspace", "y"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: screen.draft.changes() == {"status": "zqy"})


async def test_level_by_digit_arrow_and_mouse(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "level")
        line = screen.query_one(ChoiceLine)
        assert said(line) == " 1  2 [3] 4  5  6  7"
        await pilot.press("7", "right", "left")
        await pilot.pause()
        assert screen.draft.changes() == {"level": "6"}
        await pilot.click(ChoiceLine, offset=(line.content_region.x - line.region.x + 4, 0))
        await pilot.pause()
        assert screen.draft.changes() == {"level": "2"}


async def test_status_from_the_tree_or_typed(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "status", OUTBOX)
        line = screen.query_one(ChoiceLine)
        assert said(line).split() == ["pending", "[accepted]", "other…"]
        await pilot.press("left")
        await pilot.pause()
        assert screen.draft.changes() == {"status": "pending"}
        await pilot.press(*"superseded")
        await pilot.pause()
        assert screen.query_one(TextArea).text == "superseded"
        assert screen.draft.changes() == {"status": "superseded"}


async def test_a_list_is_one_item_a_line(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "options", OUTBOX)
        assert screen.query_one(TextArea).text == "Dual writes\nOutbox table"
        await pilot.press("enter", *"CDC", "ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
    assert "<option>CDC</option>" in (root / "session-context/pending-decisions.xml").read_text("utf-8")


async def test_tags_complete_from_the_tree_and_return_leads_on(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "tags")
        area = screen.query_one(TextArea)
        await pilot.press(*", ret")
        await pilot.pause()
        assert area.suggestion == "ries"
        await pilot.press("right", "enter")
        await pilot.pause()
        assert screen.draft.changes() == {"tags": "connection-pool, performance, retries"}
        assert screen.query_one(FieldEditor).current == "timestamp"


async def test_the_mouse_opens_another_field_and_answers(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "problem")
        below = screen.query_one("#below", Others)
        rows = said(below).split("\n")
        await pilot.click(below, offset=(3, rows.index("Prevention") + 1))
        await pilot.pause()
        assert screen.query_one(FieldEditor).current == "prevention"
        assert app.focused is screen.query_one(TextArea)
        await pilot.press("x", "escape")
        await pilot.pause()
        words = app.screen.query_one(Words)
        rows = said(words).split("\n")
        await pilot.click(words, offset=(rows[-1].index("discard") + 1, len(rows) - 1))
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_a_time_is_raw_in_the_field_that_is_edited_alone(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await edit(pilot, "timestamp")
        assert screen.query_one(TextArea).text == "2025-10-03T14:30:00Z"
        screen.editor.open("prevention")
        await settle(pilot)
        assert "3 Oct 2025, 14:30" in said(screen.query_one("#below", Others))


async def test_text_that_looks_like_markup(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "[/foo] & <b> ]]> [bold")
        await pilot.press("tab", "ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    entry = Workspace.open(root).tree.entry(SOLUTION)
    assert {f.name: f.text for f in entry.fields}["prevention"] == "[/foo] & <b> ]]> [bold"


async def test_undo_is_a_commit_of_its_own(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_bytes()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert (root / FILE).read_bytes() != before
        await pilot.press("u")
        await settle(pilot)
        assert (root / FILE).read_bytes() == before
        assert 'Undid: edit prevention of "Database' in said(app.screen.query_one(Toast))
        await pilot.press("u")
        await settle(pilot)
        assert "There is nothing to undo" in said(app.screen.query_one(Toast))
    assert git(root, "rev-list", "--count", "HEAD") == "7"


async def test_what_was_undone_is_done_again_at_a_key(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        edited = (root / FILE).read_bytes()
        await pilot.press("u")
        await settle(pilot)
        assert (root / FILE).read_bytes() != edited
        await pilot.press("U")
        await settle(pilot)
        assert (root / FILE).read_bytes() == edited
        assert "Redid: edit prevention of" in said(app.screen.query_one(Toast))


async def test_a_broken_file_says_that_its_problem_stays(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot, "title", OUTBOX)
        await pilot.press("!", "ctrl+s")
        await settle(pilot)
        page = said(app.screen.query_one("#diff", Lines))
        assert "! the file has a problem elsewhere, which stays" in page
        assert isinstance(app.screen.query_one("#outcome"), Paragraphs)
        assert isinstance(app.focused, MessageText)


def _snapshot_edit(theme: str = "memarium-dark") -> Callable[[Pilot[None]], Awaitable[None]]:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await edit(pilot)
        await write(
            pilot, "Alert when fewer than 10 % are idle for two minutes\nLoad test with twice the peak"
        )
        await settle(pilot)

    return run


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        (WIDE, "memarium-dark"),
        (NARROW, "memarium-dark"),
        ((60, 20), "memarium-light"),
        (NARROW, "memarium-16"),
    ],
    ids=["wide", "narrow", "small-light", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    app = open_app(make_shop(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=_snapshot_edit(theme))


def test_looks_when_it_asks(tmp_path: Path, snap_compare: Compare) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await _snapshot_edit()(pilot)
        await pilot.press("escape")

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=WIDE, run_before=run)


async def test_a_field_that_others_of_the_kind_have_is_added(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    retry = f"{FILE}#debugging-solution-2025-09-28T09:10:00Z"
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot, "title", retry)
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert [item.title for item, _ in app.screen.query_one(Choices).found] == ["Prevention"]
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"Budgets", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("enter")
        await settle(pilot)
    text = (root / FILE).read_text("utf-8")
    assert "tries at most.</solution>\n    <tech-stack>Node.js</tech-stack>\n    <prevention>Budgets" in text
    assert git(root, "log", "-1", "--format=%s").startswith("memory: edit prevention of")


async def test_a_field_that_is_added_to_a_long_form_is_in_sight(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=(100, 16)) as pilot:
        screen = await edit(pilot, "title")
        await pilot.press("ctrl+n", *"zone", "enter")
        await settle(pilot)
        assert screen.editor.current == "zone"
        assert screen.editor.region.contains_region(screen.query_one("#field").region)
