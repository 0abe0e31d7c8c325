"""Several lines are pasted: none is lost, neither where there is one line nor in a commit's message."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from index.editing.committer import Committer
from tests.support.editing import edit, outcome, review
from tests.support.git import git, make_hook
from tests.support.pilot import NARROW, WIDE, open_app, ready, said, settle, until
from tests.support.shop import make_shop
from tui.screens.base.ask_folder import AskFolder
from tui.screens.base.picker import Item, Picker
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import MessageLabel
from tui.widgets.base.one_line import OneLine
from tui.widgets.base.search_line import MOST as LONGEST
from tui.widgets.base.toast import Toast
from tui.widgets.editing.field_editor import FieldText
from tui.widgets.editing.message_text import MOST, MessageText

LINES = "pool exhausted\r\n\r\n\tat checkout\rat login\u2028at last\n"
ONE = "pool exhausted at checkout at login at last"


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste as a terminal hands it on."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def test_a_message_keeps_its_body(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot, message="")
        await paste(pilot, "fix: pool\r\n\r\nbecause of the limit\n")
        assert screen.query_one(MessageText).text == "fix: pool\n\nbecause of the limit\n"
        assert said(screen.query_one(MessageLabel)).endswith("9 of 72 · +2 lines")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert git(root, "log", "-1", "--format=%B") == "fix: pool\n\nbecause of the limit"
        await pilot.press("u")
        await until(pilot, lambda: git(root, "log", "-1", "--format=%B") == "memory: undo fix: pool")


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [("a\rb", "a\nb"), ("a\u2028b", "a\nb"), ("a\tb", "a\tb"), ("", ""), ("x" * MOST, "x" * MOST)],
    ids=["CR", "line separator", "tab", "empty", "longest"],
)
async def test_what_is_pasted_into_a_message(tmp_path: Path, pasted: str, kept: str) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        screen = await review(pilot, message="")
        await paste(pilot, pasted)
        assert screen.query_one(MessageText).text == kept


async def test_a_text_that_is_no_message_is_refused_whole(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        screen = await review(pilot, message="mine")
        await paste(pilot, "word " * 200_000)
        await until(pilot, lambda: "too long for a commit message" in outcome(screen))
        assert screen.query_one(MessageText).text == "mine"


async def test_no_key_reaches_the_message_while_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed then may be meant for a program that asks for a secret."""
    go, commit = threading.Event(), Committer.commit
    monkeypatch.setattr(
        Committer, "commit", lambda self, plan, message=None: (go.wait(60), commit(self, plan, message))[1]
    )
    root = make_shop(tmp_path)
    make_hook(root.parent, "pre-commit", "exit 1")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot, message="mine")
        await pilot.press("enter", *"dudq", "ctrl+u", "ctrl+z", "backspace", "enter")
        await paste(pilot, "hunter2")
        assert app.screen is screen
        assert screen.query_one(MessageText).text == "mine"
        assert outcome(screen) == "saving…"
        go.set()
        await until(pilot, lambda: "not committed" in outcome(screen))
        await pilot.press("!")
        assert screen.query_one(MessageText).text == "mine!"


@pytest.mark.parametrize(("pasted", "kept"), [(LINES, ONE), ("", ""), ("\r\n", ""), ("a\x85b\x0bc", "a b c")])
async def test_the_search_takes_all_lines_as_one(tmp_path: Path, pasted: str, kept: str) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("slash")
        await paste(pilot, pasted)
        assert pilot.app.screen.query_one("#query", Input).value == kept


@pytest.mark.parametrize("keys", [("slash",), ("t", "slash")], ids=["list", "timeline"])
async def test_a_text_that_is_no_query_is_refused_whole(tmp_path: Path, keys: tuple[str, ...]) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        box = app.screen.query_one("#query", Input)
        for text, kept in (("pool", "pool"), ("word\n" * 200_000, "pool"), (" exhausted", "pool exhausted")):
            await paste(pilot, text)
            assert box.value == kept
        await until(pilot, lambda: "too long to search for" in said(app.screen.query_one(Toast)))


async def test_the_longest_query_is_taken(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("slash")
        await paste(pilot, "x" * LONGEST)
        await pilot.press("y")
        assert pilot.app.screen.query_one("#query", Input).value == "x" * LONGEST
        await pilot.press("backspace", "y")
        assert pilot.app.screen.query_one("#query", Input).value == "x" * (LONGEST - 1) + "y"


async def test_other_lines_take_all_lines_as_one(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for screen in (Picker([Item("a", "a")], "Which?", "tags", free="new"), AskFolder("")):
            await app.push_screen(screen)
            await pilot.pause()
            await paste(pilot, LINES)
            box = screen.query_one(OneLine)
            assert box.value == ONE
            app.copy_to_clipboard("\ntwo\nlines\n")
            await pilot.press("ctrl+v")
            assert box.value == ONE + "two lines"
            await pilot.press("escape")


async def test_a_long_paste_is_taken_whole(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        picker = Picker([Item("a", "a")], "Which?", "tags")
        await app.push_screen(picker)
        await pilot.pause()
        await paste(pilot, "word\n" * 200_000)
        assert len(picker.query_one(OneLine).value) == 999_999


async def test_a_title_takes_all_lines_as_one_and_a_text_keeps_them(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        for field, kept in (("title", ONE), ("solution", "a\nb")):
            area = (await edit(pilot, field)).query_one(FieldText)
            area.select_all()
            await paste(pilot, LINES if field == "title" else "a\r\nb")
            assert area.text == kept
            await pilot.press("escape", "d")
            await settle(pilot)
