"""A list to choose from: what it offers, how much is below, by key and mouse."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.events import Key

from index.model.plan import CannotEdit
from tests.support.pilot import SMALL, WIDE, open_app, press, ready, said, settle, shown, until
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.base.picker import Choices, Item, Picker
from tui.screens.editing.add import AddScreen
from tui.widgets.base.toast import Toast


def titles(app: Memarium) -> list[str]:
    """Return what is offered."""
    return [item.title for item, _ in app.screen.query_one(Choices).found]


async def test_the_mouse_chooses_from_a_list(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "a")
        second = titles(app)[1]
        await pilot.click(Choices, offset=(5, 1), times=2)
        await settle(pilot)
        assert isinstance(app.screen, AddScreen)
        assert app.screen.heading.plain.endswith(second)


async def test_a_list_that_goes_on_says_how_many_are_below(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await ready(pilot)
        await press(pilot, "a")
        choices = app.screen.query_one(Choices)
        rest = choices.count - choices.room
        assert rest > 1
        assert f"↓ {rest} more ─╯" in shown(app)
        for size in (WIDE, SMALL):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        await until(pilot, lambda: f"↓ {rest} more ─╯" in shown(app))
        await press(pilot, *["down"] * (choices.room + 1))
        assert f"↓ {rest - 2} more ─╯" in shown(app)
        await press(pilot, *titles(app)[-1].lower())
        assert "more ─╯" not in shown(app)


async def test_the_last_item_is_one_key_away(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "a", "up")
        choices = app.screen.query_one(Choices)
        assert choices.cursor == choices.count - 1
        await press(pilot, "down")
        assert choices.cursor == 0


async def test_a_list_that_is_refused_asks_nothing(tmp_path: Path) -> None:
    def refused() -> list[Item]:
        raise CannotEdit("It has to stay.")

    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        app.push_screen(Picker(refused, "Move to which file?", "files"))
        await until(pilot, lambda: app.screen is browse)
        assert "It has to stay." in said(app.screen.query_one(Toast))


@pytest.mark.parametrize(
    ("keys", "taken"),
    [
        (("down", "o", "enter"), "one"),
        (("o", "down", "enter"), "two"),
        (("o", "up", "enter"), "o"),
        (("z", "enter"), "z"),
    ],
)
async def test_keys_of_one_burst_act_in_their_order(
    tmp_path: Path, keys: tuple[str, ...], taken: str
) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        answers: list[str | None] = []
        app.push_screen(
            Picker([Item("one", "one"), Item("two", "two")], "Which?", "words", free="new"), answers.append
        )
        await pilot.pause()
        for key in keys:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: answers)
        assert answers == [taken]


async def test_what_was_chosen_before_the_list_was_there_is_taken_whatever_is_typed_behind_it(
    tmp_path: Path,
) -> None:
    counted = threading.Event()

    def count() -> list[Item]:
        counted.wait()
        return [Item("one", "one"), Item("two", "two")]

    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        answers: list[str | None] = []
        app.push_screen(Picker(count, "Which?", "words"), answers.append)
        await pilot.pause()
        try:
            await pilot.press("o", "down", "enter")
            await until(pilot, lambda: not app.held.waiting)
            await pilot.press("x")
            await pilot.pause()
        finally:
            counted.set()
        await until(pilot, lambda: answers)
        assert answers == ["two"]
