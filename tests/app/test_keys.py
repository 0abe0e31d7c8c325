"""Keys as Vim and other readers of text have them: where one goes back, where one ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.garden import browsed
from tests.support.pilot import settle, until
from tui.actions import ACTIONS, shown
from tui.app import Memarium
from tui.screens.base.help import Help
from tui.screens.browse.browse import Browse
from tui.screens.sessions.timeline import Timeline
from tui.widgets.base.lines import Lines


@pytest.mark.parametrize("key", ["t", "p", "D", "P", "w", "i"])
async def test_q_goes_back_to_the_screen_before(app: Memarium, key: str) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not browse)
        await settle(pilot)
        await pilot.press("q")
        await until(pilot, lambda: app.screen is browse)
        assert app.is_running


async def test_q_leaves_a_page_and_then_the_app(app: Memarium) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: browse.focused is browse.preview)
        await pilot.press("q")
        await until(pilot, lambda: browse.focused is browse.results)
        assert app.is_running
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)


async def test_q_closes_what_floats_and_is_a_letter_where_one_types(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        await pilot.press("q")
        assert app.screen is browse
        await pilot.press("slash", "q")
        await until(pilot, lambda: browse.search.text == "q")


async def test_h_and_l_go_to_the_pane_beside(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("l")
        assert browse.focused is browse.preview
        await pilot.press("h", "h")
        assert browse.focused is browse.sidebar
        assert isinstance(app.screen, Browse)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Timeline))


async def test_j_and_k_scroll_a_page_and_shift_goes_to_the_next_entry(app: Memarium) -> None:
    async with app.run_test(size=(80, 10)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: browse.preview.entry is not None and browse.preview.total > 8)
        first = browse.preview.entry
        await pilot.press("j", "j", "k")
        assert browse.preview.top == 1
        assert browse.preview.entry is first
        await pilot.press("J")
        await until(pilot, lambda: browse.preview.entry is not first)
        await pilot.press("K")
        await until(pilot, lambda: browse.preview.entry == first)


async def test_the_help_is_filtered_by_what_is_typed(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("question_mark", "slash", *"quxit", "backspace", "backspace", "backspace", *"it")
        text = "\n".join(line.plain for line in app.screen.query_one(Lines).laid_out)
        assert "/ quit" in text
        assert "ctrl+q       quit" in text
        assert "history" not in text
        await pilot.press("escape")
        text = "\n".join(line.plain for line in app.screen.query_one(Lines).laid_out)
        assert "history" in text
        assert "level:>=3" in text, "the search language is told on every screen"
        await pilot.press("escape")
        assert app.screen is browse


def _keys_in(path: Path) -> Iterator[str]:
    """Yield the keys that a module names itself, in the way in which keys are drawn."""
    own = {"⏎", "tab"}  # of a line of text, which has them from Textual
    known = {shown(one) for action in ACTIONS for one in action.keys} - own
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
            text, style = node.elts[0].value, getattr(node.elts[1], "value", "")
            if style in ("strong", "key") and isinstance(text, str) and text.strip() in known:
                yield f"{path.name}:{node.lineno} {text.strip()}"


def test_the_keys_in_texts_are_those_of_the_registry() -> None:
    modules = Path(__file__).parents[2].joinpath("tui").rglob("*.py")
    assert [found for path in modules for found in _keys_in(path)] == []
