"""What lies over another screen follows it when the terminal is resized."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from index.model.text.text_diff import diff_lines
from tests.support.editing import edit
from tests.support.garden import browsed, open_garden
from tests.support.pilot import (
    FULL,
    NARROW,
    SMALL,
    WIDE,
    open_app,
    press,
    ready,
    said,
    settle,
    shown,
    still,
    until,
)
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.base.question import Answer, QuestionScreen, show_diff
from tui.screens.editing.form import FormScreen
from tui.theme.drawing import t
from tui.widgets.base.footer import Footer
from tui.widgets.base.pane import Pane
from tui.widgets.base.toast import Toast
from tui.widgets.browse.sidebar import Sidebar
from tui.widgets.editing.edit_lines import EditFoot
from tui.widgets.editing.field_editor import FieldText
from tui.widgets.sessions.brief_card import BriefCard

WAYS = [
    (WIDE, NARROW, WIDE),
    (SMALL, FULL),
    (FULL, WIDE),
    (WIDE, SMALL, FULL, NARROW),
    (NARROW, (100, 30), (90, 24), (89, 24), (90, 24)),
]


async def resize(pilot: Pilot[None], size: tuple[int, int]) -> None:
    await pilot.resize_terminal(*size)
    await still(pilot)


@pytest.mark.parametrize("opener", ["", "n", "question_mark"])
async def test_a_size_that_comes_late_is_passed_over(tmp_path: Path, opener: str) -> None:
    """Each of two that were on their way was laid out and sent the other again, for ever."""
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, *filter(None, [opener]))
        await still(pilot)
        screen, came = app.screen, []
        screen.screen_layout_refresh_signal.subscribe(screen, lambda _: came.append(app.screen.size))
        for size in (Size(*NARROW), Size(*WIDE), Size(*NARROW), Size(*WIDE)):
            screen.post_message(Resize(size, size))
            screen.call_later(lambda: None)  # else the second replaces the first
        for _ in range(40):
            await pilot.pause()
        assert screen.size == WIDE
        assert len(came) < 10


def check_place(form: FormScreen) -> None:
    """The form lies exactly over the preview where that stands beside the results, else over all."""
    app = form.app
    size = app.size
    below = app.screen_stack[app.screen_stack.index(form) - 1]
    preview = below.query_one("#preview", Pane)
    over = form.query_one("#over").region
    beside = preview.region.x > 0 and preview.display
    assert beside == (size.width >= 90)
    if beside:
        assert (over.x, over.width) == (preview.region.x, preview.region.width)
        assert over.bottom == preview.region.bottom
    else:
        assert (over.x, over.width) == (0, size.width)
    footer = form.query_one(Footer).region
    assert footer.bottom == size.height
    assert over.bottom <= footer.y
    assert form.max_scroll_x == form.max_scroll_y == 0
    assert not form.vertical_scrollbar.display
    assert not form.horizontal_scrollbar.display


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_form_follows_the_preview(tmp_path: Path, way: tuple[tuple[int, int], ...]) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=way[0]) as pilot:
        form = await edit(pilot)
        await still(pilot)
        check_place(form)
        for size in way[1:]:
            await resize(pilot, size)
            check_place(form)


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_form_follows_below_a_question(tmp_path: Path, way: tuple[tuple[int, int], ...]) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=way[0]) as pilot:
        form = await edit(pilot)
        await pilot.press("x", "escape")
        await settle(pilot)
        assert app.screen is not form
        for size in way[1:]:
            await resize(pilot, size)
        await pilot.press("enter")
        await still(pilot)
        assert app.screen is form
        check_place(form)


async def test_what_is_typed_is_wrapped_to_the_width_it_has(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        form = await edit(pilot, "solution")
        area = form.query_one(FieldText)
        area.text = "longest " * 12  # two lines in every size, of nine and three words, or of six
        for size in (FULL, WIDE, NARROW, SMALL, FULL):
            await resize(pilot, size)
            assert shown(pilot.app).count("longest") == 12, size
            rest = round(form.editor.max_scroll_y - form.editor.scroll_y)
            assert form.query_one(EditFoot).below - rest in (0, 1), size  # a heading is not the last in view
            assert area.wrapped_document.height == 2


async def test_what_is_told_stays_at_the_edge_and_brings_no_scrollbar(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        await pilot.press("asterisk")
        await settle(pilot)
        toast = pilot.app.screen.query_one(Toast)
        assert toast.display
        for size in (WIDE, SMALL, FULL):
            await resize(pilot, size)
            assert toast.region.right <= size[0]
            assert toast.region.right > size[0] - 8
            assert not pilot.app.screen.show_vertical_scrollbar


async def test_what_is_told_is_read_to_its_end_on_a_narrow_screen(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        toast = pilot.app.screen.query_one(Toast)
        toast.tell(
            t(("▲ ", "err"), "a/long/path/of/a/memory.md " * 4 + "cannot be copied: copy the file instead.")
        )
        for size in (NARROW, SMALL, FULL):
            await resize(pilot, size)
            assert " ".join(said(toast).split()).endswith("copied: copy the file instead.")
            assert toast.region.right <= size[0]
            assert toast.region.bottom <= size[1]
            assert not pilot.app.screen.show_vertical_scrollbar


async def test_the_key_of_what_is_told_stays_with_its_label(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        toast = pilot.app.screen.query_one(Toast)
        for words in range(60, 90):
            toast.tell(t(("✓", "ok"), f" {'word ' * 20}"[:words], ("   u", "strong"), (" undo", "muted")))
            assert any(line.strip().endswith("u undo") for line in said(toast).splitlines()), words


async def test_the_hint_of_the_search_has_its_room_after_a_resize(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        for size in (FULL, NARROW, SMALL, WIDE):
            await resize(pilot, size)
            hint = "/ search, or  kind:solution  tag:performance  " if size[0] > 60 else "/ search  "
            assert hint in shown(pilot.app), size


async def test_the_cursor_of_the_sidebar_stays_in_view(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        await pilot.press("f")
        await settle(pilot)
        sidebar = pilot.app.screen.query_one(Sidebar)
        assert sidebar.has_focus
        for size in (FULL, (160, 20), FULL, (120, 18)):
            await resize(pilot, size)
            line = sidebar._stops[sidebar.cursor].line
            assert sidebar.top <= line < sidebar.top + sidebar.room, size


async def test_the_cursor_of_the_brief_stays_in_view(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        await pilot.press("w", "G")
        await settle(pilot)
        card = pilot.app.screen.query_one(BriefCard)
        assert card.has_focus
        for size in (FULL, (160, 16), WIDE, SMALL):
            await resize(pilot, size)
            assert card.top <= card.cursor < card.top + card.room, size


async def test_why_a_list_is_empty_stands_a_third_of_the_way_down_after_a_resize(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, files={"a.xml": "<a><b>text</b></a>"}, versioned=False))
    async with app.run_test(size=FULL) as pilot:
        await ready(pilot)
        await pilot.press("p")
        await still(pilot)
        for size in (FULL, NARROW, SMALL, (60, 30), WIDE):
            await resize(pilot, size)
            lines = shown(app).splitlines()
            top = next(n for n, line in enumerate(lines) if "No problems" in line)
            assert size[1] / 5 < top < size[1] / 2, size


async def test_a_question_says_how_much_of_its_diff_is_below(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await ready(pilot)
        answers = [Answer("escape", "stay"), Answer("space", "show the diff", show_diff)]
        lines = diff_lines("", "".join(f"{n}\n" for n in range(40)))
        await app.push_screen(QuestionScreen("Well?", [], answers, lines))
        await settle(pilot)
        assert "more lines" not in shown(app)
        await press(pilot, "space")
        await until(pilot, lambda: "↓ 32 more lines" in shown(app))
        await press(pilot, "down")
        await until(pilot, lambda: "↓ 31 more lines" in shown(app))
        await resize(pilot, (60, 25))
        assert "↓ 26 more lines" in shown(app), "it has the room that came"
        await press(pilot, "space")
        await until(pilot, lambda: "more lines" not in shown(app))


async def test_the_title_of_a_page_counts_the_rows_there_are(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "slash", *"pool exh")
        await until(pilot, lambda: browse.results.count == 3)
        await press(pilot, "enter")
        browse.ask_for("")
        await until(pilot, lambda: browse.results.count == 14)
        await resize(pilot, NARROW)
        assert f"‹ Results   {browse.results.where}" in shown(app)


SCENES = {
    "results": (),
    "page": ("enter",),
    "palette": ("ctrl+p",),
    "help": ("question_mark",),
    "kinds": ("a",),
    "form": ("e",),
    "history": ("H",),
    "comparison": ("H", "enter"),
    "timeline": ("t",),
    "story": ("t", "enter"),
    "brief": ("w",),
    "trends": ("i",),
    "problems": ("p",),
    "status": ("P",),
    "end of session": ("W",),
}
"""The keys that lead to a screen."""


async def scenes(pilot: Pilot[None]) -> AsyncIterator[str]:
    """Go to each screen in turn."""
    browse = await browsed(pilot)
    for name, keys in SCENES.items():
        await press(pilot, *keys)
        yield name
        while pilot.app.screen is not browse:
            pilot.app.pop_screen()
        browse.to_rows()
        await settle(pilot)


def shows(app: Memarium, picture: str) -> bool:
    return shown(app) == picture


async def test_a_resized_screen_is_drawn_as_a_fresh_one(garden: Path) -> None:
    small, fresh = open_garden(garden), dict[str, str]()
    async with small.run_test(size=SMALL) as pilot:
        async for name in scenes(pilot):
            await still(pilot)
            fresh[name] = shown(small)
    app = open_garden(garden)
    async with app.run_test(size=WIDE) as pilot:
        async for name in scenes(pilot):
            await still(pilot)
            for size, picture in ((SMALL, fresh[name]), (WIDE, shown(app))):
                await pilot.resize_terminal(*size)
                with suppress(AssertionError):
                    await until(pilot, partial(shows, app, picture))
                assert (name, size, shown(app)) == (name, size, picture)


async def test_the_focus_is_never_on_what_a_narrow_screen_does_not_show(garden: Path) -> None:
    app = open_garden(garden)
    async with app.run_test(size=WIDE) as pilot:
        await browsed(pilot)
        await press(pilot, "t")
        for key in ("tab", "tab", "shift+tab", "shift+tab", "shift+tab"):
            await press(pilot, key)
            for size in (SMALL, WIDE):
                await pilot.resize_terminal(*size)
                await settle(pilot)
                assert app.focused is not None, key
                assert app.focused.region, key
