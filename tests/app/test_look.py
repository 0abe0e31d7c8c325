"""Pictures of the screens, compared with the ones that were looked at and found good."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path, PurePath
from typing import Any

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

import tui
from tests.support.garden import FILES, NOW, POOL, browsed, make_garden, open_garden
from tests.support.pilot import FULL, NARROW, SMALL, WIDE, Compare, press, shown, still, until
from tui.app import Memarium
from tui.theme.themes import LEGIBLE, contrast


async def browse(pilot: Pilot[None]) -> None:
    """Put the cursor on the entry of the pictures."""
    screen = await browsed(pilot)
    screen.results.cursor = [hit.entry.title for hit in screen.results.rows].index(POOL)
    await until(pilot, lambda: screen.preview.entry is screen.entry)


async def search(pilot: Pilot[None]) -> None:
    """Search as in the pictures."""
    screen = await browsed(pilot)
    screen.action_search()
    screen.ask_for("pool exh project:shop-api")
    await until(pilot, lambda: screen.answered and screen.search.text != "" and screen.results.count < 14)


async def nothing(pilot: Pilot[None]) -> None:
    """Search for what is not there."""
    screen = await browsed(pilot)
    screen.action_search()
    screen.ask_for("pol exhaustoin project:billing")
    await until(pilot, lambda: screen.answered and screen.results.count == 0)


def pressed(*keys: str, theme: str = "memarium-dark") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what presses keys on the screen of the pictures."""

    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await browse(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL, FULL], ids=lambda size: f"{size[0]}x{size[1]}")
def test_browse(snap_compare: Compare, app: Memarium, size: tuple[int, int]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=browse)


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        (("question_mark",), WIDE),
        (("question_mark",), NARROW),
        (("ctrl+p", "e"), WIDE),
        (("ctrl+p", "e"), NARROW),
        (("b",), NARROW),
    ],
    ids=["help", "help-narrow", "palette", "palette-narrow", "drawer"],
)
def test_keys(snap_compare: Compare, app: Memarium, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys))


def test_page(snap_compare: Compare, app: Memarium) -> None:
    assert snap_compare(app, terminal_size=NARROW, run_before=pressed("enter", theme="memarium-16"))


async def test_a_search_that_finds_nothing_offers_ways_on(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await nothing(pilot)
        await still(pilot)
        text = shown(app)
    for words in ("0 of 14", "Nothing found", "Did you mean", "pool exhaustion project:billing", "use first"):
        assert words in text


async def test_the_progress_of_the_index_is_told(app: Memarium) -> None:
    async with app.run_test(size=SMALL) as pilot:
        screen = await browsed(pilot)
        app.status = app.status._replace(task="indexing", done=2214, to_do=3020, problems=0)
        await pilot.press("slash", *"nowhere")
        await until(pilot, lambda: screen.answered and not screen.results.count)
        await still(pilot)
        text = shown(app)
    for words in (
        "indexing",
        "2,214 of 3,020",
        "0 of 14 so far",
        "Nothing found so far",
        "hits appear as that goes on",
    ):
        assert words in text


@pytest.mark.parametrize("theme", ["memarium-light", "memarium-16"])
def test_themes(snap_compare: Compare, garden: Path, theme: str) -> None:
    (garden.parent.parent / "app.json").write_text(f'{{"theme": "{theme}"}}')
    assert snap_compare(open_garden(garden), terminal_size=WIDE, run_before=search)


def test_no_color(snap_compare: Compare, garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(open_garden(garden), terminal_size=WIDE, run_before=search)


async def test_empty_tree(tmp_path: Path) -> None:
    name = "client-context/approval-history.xml"
    app = open_garden(make_garden(tmp_path, {name: FILES[name]}))
    async with app.run_test(size=WIDE) as pilot:
        await browsed(pilot)
        await still(pilot)
        text = shown(app)
    for words in ("0 entries · 1 file", "This tree has no entries", "a    add an entry", "see the empty"):
        assert words in text


def test_welcome(snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    app = Memarium(
        None, start=Path("/home/ana/code/shop"), now=lambda: NOW, settings_file=tmp_path / "app.json"
    )

    async def shown(pilot: Pilot[None]) -> None:
        await pilot.pause()

    assert snap_compare(app, terminal_size=WIDE, run_before=shown)


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        (("/",), Input),
        (("a",), Input),
        (("a", "enter"), TextArea),
        (("e", *"now", "ctrl+s"), TextArea),
        (("X",), TextArea),
        (("W", "enter"), TextArea),
        (("D", "/"), Input),
        (("t", "/"), Input),
    ],
)
async def test_no_cursor_blinks(app: Memarium, keys: tuple[str, ...], what: type[Input | TextArea]) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await browsed(pilot)
        await press(pilot, *keys)
        await until(pilot, lambda: isinstance(app.focused, what))
        assert not any(box.cursor_blink for box in app.screen.query(Input))
        assert not any(box.cursor_blink for box in app.screen.query(TextArea))


def style_sheets(screen: type[Screen[Any]]) -> Iterator[Path]:
    """Paths of a screen's style sheets, as Textual looks for them: beside the module of its own class."""
    named = screen.CSS_PATH or ()
    for path in (named,) if isinstance(named, str | PurePath) else named:
        yield Path(inspect.getfile(screen)).parent / str(path)


def test_every_screen_has_its_style_sheets() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    left: list[type[Screen[Any]]] = [Screen]
    screens: list[type[Screen[Any]]] = []
    while left:
        found = left.pop().__subclasses__()
        left += found
        screens += [one for one in found if one.__module__.startswith("tui.")]
    assert len(screens) > 20
    assert [path for screen in screens for path in style_sheets(screen) if not path.exists()] == []


def test_muted_words_are_legible_in_every_theme(tmp_path: Path) -> None:
    app = Memarium(None, settings_file=tmp_path / "app.json")
    faint = []
    for name, theme in app.available_themes.items():
        app.theme = name
        colours = {**app.get_css_variables()}
        assert app.theme_variables == colours
        own = {**theme.to_color_system().generate(), **theme.variables}["foreground-muted"]
        faint += [name] if colours["foreground-muted"] != own else []
        if not theme.ansi:
            ground, muted = (Color.parse(colours[role]) for role in ("background", "foreground-muted"))
            assert contrast(muted, ground) >= LEGIBLE, name
    assert faint == ["catppuccin-latte", "solarized-light", "solarized-dark", "rose-pine-dawn"]
