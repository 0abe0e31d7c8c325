"""Help, palette, themes, toast, quitting: what is the same on every screen."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tests.support.garden import browsed, open_garden
from tests.support.pilot import said, settle, until
from tui.actions import ACTIONS, BY_ID, EDIT, MENU, bindings, chords, shown
from tui.app import Memarium
from tui.data.query_examples import EXAMPLES
from tui.screens.base.help import WIDTH, Help
from tui.screens.base.palette import Palette, items
from tui.screens.base.picker import Choices, matching
from tui.screens.problems.problems import Problems
from tui.theme.drawing import t
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.browse.page_links import FOLLOWING


def classes() -> Iterator[type[DOMNode]]:
    """Yield every screen, widget and app of ours."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name == "tui.__main__":
            continue
        for _, held in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(held, DOMNode) and held.__module__ == module.name:
                yield held


def test_a_key_means_one_thing() -> None:
    anywhere = [action for action in ACTIONS if action.group not in (MENU, EDIT)]
    keys = [key for action in anywhere for key in action.keys]
    assert len(keys) == len(set(keys))
    typing = [key for action in ACTIONS if action.group == EDIT for key in action.keys]
    assert len(typing) == len(set(typing))
    # A text that is edited keeps ctrl+z for undo, as every text area does, and ctrl+s keeps what is typed:
    # a change for its review, a query under its name. There is no other second meaning.
    assert set(keys) & set(typing) == {"ctrl+z", "ctrl+s"}
    assert len(BY_ID) == len(ACTIONS)


def test_a_command_of_the_user_has_the_whole_width_of_the_help() -> None:
    page = Help(BY_ID, "Keys", commands={"alt+l": ["git", "log", "--patch", "--", "{path}"]})
    assert "alt+l        git log --patch -- '{path}'" in [line.plain.rstrip() for line in page._lines(66)]


def test_labels_of_one_line_say_a_word_once() -> None:
    words = {"next_item": "later work", "previous_item": "earlier work"}
    lines = [line.plain for line in Help(BY_ID, "Keys", labels=words)._lines(WIDTH)]
    assert any(line.startswith("J K          later, earlier work ") for line in lines)


def test_both_ways_are_called_as_the_footer_calls_one_of_them() -> None:
    lines = [line.plain for line in Help(BY_ID, "Keys", labels={"page_up": "year"})._lines(WIDTH)]
    assert any(line.startswith("pgdn pgup    year") for line in lines)


def test_keys_that_are_numbers_have_the_column_of_the_other_keys() -> None:
    page = Help(BY_ID, "Keys", FOLLOWING)
    lines = [line.plain for line in page._lines(66)]
    for key, meaning in (*FOLLOWING, ("⏎", "open")):
        assert any(line.startswith(key.ljust(13) + meaning) for line in lines), key


def test_every_binding_comes_from_the_registry_and_is_answered() -> None:
    known = {(binding.key, binding.action) for binding in _all_of_the_registry()}
    seen = 0
    for held in classes():
        for binding in held.__dict__.get("BINDINGS", ()):
            assert isinstance(binding, Binding), held
            assert (binding.key, binding.action) in known, f"{held.__name__} binds {binding.key} by itself"
            assert hasattr(held, f"action_{binding.action}"), (
                f"{held.__name__} does not answer {binding.action}"
            )
            seen += 1
    assert seen > 40


def _all_of_the_registry() -> Iterator[Binding]:
    names = [action.id for action in ACTIONS]
    for binding in (*bindings(*names), *chords(*names)):
        assert isinstance(binding, Binding)
        yield binding


@pytest.mark.parametrize(
    "name", ["delete", "backspace", "insert", "home", "end", "tab", "space", "f1", "ctrl+s", "shift+tab"]
)
def test_a_key_that_types_nothing_is_told_by_its_name(name: str) -> None:
    assert shown(name) == name


async def test_help_shows_the_keys_of_the_focused_pane(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        page = app.screen.query_one(Lines)
        text = "\n".join(line.plain for line in page.laid_out)
        for part in ("Keys: results", "J K", "half a page", "edit in $EDITOR", "ctrl+p", "all actions"):
            assert part in text
        assert all(pressed in text and done in text for pressed, done in (*FOLLOWING, *EXAMPLES))
        await pilot.press("escape")
        await pilot.press("slash", "f1")
        await until(pilot, lambda: isinstance(app.screen, Help))
        text = "\n".join(line.plain for line in app.screen.query_one(Lines).laid_out)
        assert "Keys: search" in text
        assert all(typed in text and found in text for typed, found in EXAMPLES)
        rows = [" ".join(row.split()) for row in text.split("\n")]
        assert any("f4 order" in row and "o f4" not in row for row in rows)
        assert not any(row.startswith("y copy") or "y copy" in row for row in rows)
        await pilot.press("f1")
        assert not isinstance(app.screen, Help)


@pytest.mark.parametrize(
    ("typed", "holds", "lacks"),
    [
        ("hist", "file history", "In the search"),
        ("kafka", "entries without it", "Entry"),
        ("zzz", "nothing matches", "Go to"),
    ],
)
async def test_a_heading_of_the_help_goes_with_its_lines(
    app: Memarium, typed: str, holds: str, lacks: str
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("question_mark", "slash", *typed)
        page = app.screen.query_one(Lines)
        await until(pilot, lambda: any(typed in line.plain for line in page.laid_out[:1]))
        text = "\n".join(line.plain for line in page.laid_out)
        assert holds in text
        assert lacks not in text


async def test_the_help_of_a_form_has_all_keys_of_its_footer(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("f1")
        text = "\n".join(" ".join(line.plain.split()) for line in app.screen.query_one(Lines).laid_out)
        for words in ("Keys: text", "ctrl+z undo", "tab next field", "esc leave", "ctrl+n add a field"):
            assert words in text


async def test_the_help_is_opened_used_and_closed_with_the_mouse(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        footer = browse.query_one(Footer)
        keys = said(footer).index("? keys")
        await pilot.click(footer, offset=(keys, 0))
        page = app.screen.query_one(Lines)
        rows = [line.plain for line in page.laid_out]
        place = next(n for n, row in enumerate(rows) if row.rstrip().endswith("problems"))
        at = (rows[place].index("problems") + page.gutter.left, place + page.gutter.top)
        await pilot.click(page, offset=at)
        await until(pilot, lambda: isinstance(app.screen, Problems))
        await pilot.click(app.screen.query_one(Footer), offset=(keys, 0))
        assert isinstance(app.screen, Help)
        await pilot.click(offset=(1, 5))
        await until(pilot, lambda: isinstance(app.screen, Problems))
        footer = app.screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("back"), 0))
        assert app.screen is browse


def test_the_way_back_has_room_in_every_footer() -> None:
    footer = Footer()
    footer.set_reactive(Footer.keys, ("search", "edit", "timeline", ("back", "leave"), "problems"))
    drawn = {width: footer.draw(width, 1)[0].plain.split() for width in (30, 45, 120)}
    assert drawn[30] == ["esc", "leave", "?", "keys"]
    assert drawn[45] == ["/", "search", "e", "edit", "esc", "leave", "?", "keys"]
    assert drawn[120][-4:] == ["p", "problems", "?", "keys"]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("box", ["question_mark", "ctrl+p", "y", "M", "b"])
async def test_a_click_beside_a_box_closes_the_box_alone(app: Memarium, box: str, times: int) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        below = await browsed(pilot)
        await pilot.press(box)
        await until(pilot, lambda: app.screen is not below)
        await pilot.click(offset=(78, 0), times=times)
        await settle(pilot)
        assert app.is_running
        assert app.screen is below


async def test_a_double_click_on_a_choice_chooses_once(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("t")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        below = app.screen
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.press(*"nord")
        await settle(pilot)
        await pilot.click(Choices, offset=(4, 0), times=2)
        await settle(pilot)
        assert (app.screen, app.theme) == (below, "nord")


async def test_no_heading_is_the_last_line_in_view(app: Memarium) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await browsed(pilot)
        await pilot.press("question_mark")
        page = app.screen.query_one(Lines)
        for _ in range(page.total):
            shown = page.laid_out[: page.extent.top + page.extent.height]
            assert not any(span.style == "head" for span in shown[-1].spans)
            await pilot.press("down")


async def test_help_fits_a_small_screen(app: Memarium) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        await browsed(pilot)
        await pilot.press("question_mark")
        box = app.screen.query_one("#box")
        assert app.screen.region.contains_region(box.region)
        assert "more lines" in str(box.border_subtitle)
        await pilot.press("G")
        assert not box.border_subtitle
        last = app.screen.query_one(Lines)
        assert last.top + last.room == last.total


async def test_the_palette_lists_every_action_and_every_theme(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        names = {item.id for item, _ in palette.query_one(Choices).found}
        assert {action.id for action in ACTIONS if action.title} <= names
        themes = {name for name in names if name.startswith("theme:")}
        assert len(themes) == len(app.available_themes) - 1 >= 23
        assert "theme:memarium-light" in themes


async def test_the_palette_does_what_is_chosen(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("ctrl+p", *"show the source", "enter")
        await until(pilot, lambda: browse.preview.source is not None)
        assert app.screen is browse


async def test_typing_right_after_the_palettes_key_reaches_it(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("ctrl+p", *"nord", "down", "up", "enter")
        await until(pilot, lambda: app.theme == "nord")


def test_a_word_of_the_palette_matches_where_a_word_starts_first() -> None:
    found = matching(items({"edit"}, {"memarium-light": ""}, set()), "e")
    assert found[0][0].id == "edit"
    assert found[0][1] == [(0, 1)]
    assert matching(items(set(), {}, set()), "no such thing") == []


async def test_the_theme_is_remembered(garden: Path) -> None:
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        assert app.theme == "memarium-dark"
        app.use_theme("memarium-light")
        await pilot.pause()
        ground = app.screen.query_one("#preview").visual_style.background
        assert ground is not None
        assert ground.hex == "#FBFAF6"
    assert open_garden(garden).theme == "memarium-light"


async def test_no_color_refuses_an_ansi_theme(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        app.use_theme("memarium-16")
        assert app.theme == "memarium-dark"
        assert app.settings.theme == "memarium-dark"


def test_a_terminal_of_sixteen_colours_gets_its_own_theme(
    garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM")
    assert open_garden(garden).theme == "memarium-16"
    monkeypatch.setenv("NO_COLOR", "1")
    assert open_garden(garden).theme == "memarium-dark"


@pytest.mark.parametrize(
    "theme", ["textual-dark", "nord", "gruvbox", "solarized-light", "memarium-16", "ansi-dark"]
)
async def test_other_themes_draw_every_role(app: Memarium, theme: str) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        if theme not in app.available_themes:
            theme = next(name for name, held in app.available_themes.items() if held.ansi)
        app.theme = theme
        await pilot.press("slash", *"pool")
        await until(pilot, lambda: browse.answered and browse.results.count < 14)
        strip = browse.results.render_line(0)
        assert strip.cell_length == browse.results.size.width


async def test_a_toast_says_what_happened_and_makes_room_for_the_next(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        app.tell(t(("✓", "ok"), " Saved [/prevention]"))
        await pilot.pause()
        toast = browse.toast
        assert toast.display
        assert toast.region.right == 119
        assert toast.region.bottom == 34
        app.tell(t("next"))
        await pilot.pause()
        assert toast.render_line(0).text.strip() == "next"


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_q_and_ctrl_q_quit(app: Memarium, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await browsed(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not app.is_running)


async def test_ctrl_c_says_how_to_quit(app: Memarium) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("ctrl+c")
        assert browse.toast.display
        assert browse.toast.render_line(0).text.strip() == "press ctrl+q to quit"
