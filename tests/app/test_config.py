"""The app as its user's `config.toml` and themes want it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path

import pytest

from index.workspace import use_config
from tests.support.config import write_config, write_theme
from tests.support.garden import browsed, open_garden
from tests.support.home import Home
from tests.support.pilot import said, shown, until
from tui.actions import BY_ID, key, use_keys
from tui.app import Memarium
from tui.keymap import read_commands, read_keymap
from tui.screens.base.help import Help
from tui.screens.history.history import History
from tui.screens.sessions.timeline import Timeline
from tui.theme.dates import DateStyle, write_as
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast


@pytest.fixture(autouse=True)
def forgotten(home: Home) -> Iterator[None]:
    """Leave nothing of a test's settings to the next one."""
    yield
    write_config(home, "")
    use_config()
    use_keys({})
    write_as(DateStyle())


async def test_theme_order_query_columns_and_dates(garden: Path, home: Home) -> None:
    write_config(
        home,
        'theme = "nord"\nsort = "level"\nfilter = "kind:solution"\n'
        'columns = ["project", "date"]\ndate_format = "%d.%m.%Y"\n',
    )
    app = open_garden(garden)
    async with app.run_test(size=(160, 46)) as pilot:
        browse = await browsed(pilot)
        await until(pilot, lambda: browse.answered and browse.results.count < 14)
        assert app.theme == "nord"
        assert browse.search.text == "kind:solution"
        levels = [row.entry.level or 0 for row in browse.results.rows]
        assert levels == sorted(levels, reverse=True)
        rows = shown(app)
        assert "20.11.2025" in rows
        assert "L4   20.11" not in rows
        assert "solution ·" not in rows
        assert "shop-api" in rows
    assert open_garden(garden).settings.sort == "level"
    write_config(home, "")
    again = open_garden(garden)
    chosen = (again.theme, again.settings.sort)
    assert chosen == ("memarium-dark", "relevance"), "the file chooses nothing for good"


async def test_keys_of_the_user_lead_where_they_say_and_are_shown(garden: Path, home: Home) -> None:
    write_config(home, '[keymap]\nhistory = "f6"\nquit = "Q"\ntimeline = ["i", "%"]\ntrends = "t"\n')
    app = open_garden(garden)
    async with app.run_test(size=(160, 46)) as pilot:
        browse = await browsed(pilot)
        assert "f6 history" in said(browse.query_one(Footer))
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        assert "f6" in "\n".join(line.plain for line in app.screen.query_one(Lines).laid_out)
        await pilot.press("escape", "percent_sign")
        await until(pilot, lambda: isinstance(app.screen, Timeline))
        await pilot.press("escape", "H")
        assert app.screen is browse
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, History))
        await pilot.press("escape", "slash", "Q", "i")
        await until(pilot, lambda: browse.search.text == "Qi")
        await pilot.press("escape", "escape", "Q")
        await until(pilot, lambda: not app.is_running)


@pytest.mark.parametrize(
    ("asked", "taken", "told"),
    [
        ({"history": ("H", "f6")}, {"history": ("H", "f6")}, []),
        ({"history": ("?",)}, {}, ["history: ? is the key of help; it stays H."]),
        ({"histroy": ("Z",)}, {}, ["There is no action histroy. Did you mean history?"]),
        ({"history": ("banana",)}, {}, ["history: banana is not a key; it stays H."]),
        ({"history": ("Z", "Z")}, {}, ["history: Z is there twice; it stays H."]),
        ({"save": ("s",)}, {}, ["save: While text is typed a letter is a letter; it stays ctrl+s."]),
        ({"undo": ("U",), "redo": ("u",)}, {"undo": ("U",), "redo": ("u",)}, []),
        ({"undo": ("Z",), "redo": ("Z",)}, {"undo": ("Z",)}, ["redo: Z is the key of undo; it stays U."]),
        ({"page_down": ("pgdn", "esc")}, {}, ["page_down: esc is the key of back; it stays pgdn."]),
        ({"history": ("ctrl+alt+h",)}, {"history": ("ctrl+alt+h",)}, []),
        ({"history": ("strg+h",)}, {}, ["history: strg+h is not a key; it stays H."]),
    ],
)
def test_a_keymap_is_checked(
    asked: dict[str, tuple[str, ...]], taken: dict[str, tuple[str, ...]], told: list[str]
) -> None:
    keys, problems = read_keymap(asked, {})
    assert (keys, [problem.words for problem in problems]) == (taken, told)


def test_a_key_is_written_as_it_is_shown() -> None:
    for action in BY_ID.values():
        keys, problems = read_keymap({action.id: (key(action.id),)}, {})
        assert (len(keys), problems) == (1, []), action.id


async def test_what_is_wrong_is_told_at_the_start_and_costs_no_more(garden: Path, home: Home) -> None:
    write_config(home, 'sort = "size"\ntheme = "nrod"\n[keymap]\nundo = "?"\n')
    app = open_garden(garden)
    async with app.run_test(size=(160, 46)) as pilot:
        browse = await browsed(pilot)
        await until(pilot, lambda: browse.query_one(Toast).display)
        told = said(browse.query_one(Toast))
        assert "config.toml:1:8: sort must be relevance, date, oldest, title, kind, level or file" in told
        assert "and 2 more" in told
        assert app.theme == "memarium-dark"


async def test_themes_of_the_users_own(garden: Path, home: Home) -> None:
    write_theme(home, "moss", 'primary = "#88aa66"\nbackground = "#101410"\ndark = true\n')
    write_theme(home, "torn", 'primary = "#8')
    write_theme(home, "odd", 'primary = "greenish"\nbackgruond = "#000000"\n')
    write_config(home, 'theme = "moss"')
    app = open_garden(garden)
    assert app.theme == "moss"
    assert app.current_theme.background == "#101410"
    assert {"torn", "odd"}.isdisjoint(app.available_themes)
    told = [str(problem) for problem in app.config.problems]
    assert told[0].startswith("themes/odd.toml: There is no colour backgruond; did you mean background?")
    assert told[1].startswith("themes/odd.toml: Primary must be a colour such as")
    assert any(
        words.startswith("themes/torn.toml: This theme cannot be read: Unterminated") for words in told
    )
    assert not any("is missing" in words for words in told)


@pytest.mark.parametrize(("lines", "fault"), [
    ('foreground = "#777777"\nbackground = "#333333"\n', ""),
    ('foreground = "ansi_default"\nbackground = "ansi_default"\n', ""),
    ('[variables]\nlink-style = "not bold underline"\nborder = "#ff000080"\n', ""),
    ('[variables]\nforeground-muted = "nocolour"\n', "Foreground-muted must be a colour"),
    ('[variables]\nborder = "initial"\n', "Border must be a colour"),
    ('[variables]\nlink-style = "not not bold"\n', "Link-style must be a style"),
    ('[variables]\nlink-style = ""\n', "Link-style must be a style"),
    ('[variables]\nlink-style = "bold none"\n', "Link-style must be a style"),
])  # fmt: skip
async def test_no_colour_of_a_theme_ends_the_app(garden: Path, home: Home, lines: str, fault: str) -> None:
    write_theme(home, "moss", f'primary = "#88aa66"\n{lines}')
    write_config(home, 'theme = "moss"')
    app = open_garden(garden)
    told = [str(problem).removeprefix("themes/moss.toml: ") for problem in app.config.problems]
    assert (len(told), "".join(told).startswith(fault)) == (bool(fault), True)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("enter")
        assert app.theme == "moss"
        assert shown(app)


async def test_the_themes_of_the_user_are_listed_with_their_file_and_faults(garden: Path, home: Home) -> None:
    write_theme(home, "moss", 'primary = "#88aa66"\nsecondary = "x"\n')
    write_theme(home, "torn", 'primary = "#8')
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("ctrl+p", *"theme: torn")
        await until(pilot, lambda: "themes/torn.toml" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: "themes/torn.toml: This theme cannot be read" in shown(app))
        assert app.theme == "memarium-dark"
        await pilot.press("ctrl+p", *"theme: moss")
        await until(pilot, lambda: "themes/moss.toml" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: "themes/moss.toml: Secondary must be a colour" in shown(app))
        assert app.theme == "moss"


async def test_a_theme_is_put_on_while_the_cursor_is_on_it(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await pilot.press("ctrl+p", *"theme: memarium-l")
        await until(pilot, lambda: app.theme == "memarium-light")
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == "memarium-dark")
        assert app.settings.theme == "memarium-dark"
        await pilot.press("ctrl+p", *"theme: nord", "enter")
        await until(pilot, lambda: app.settings.theme == "nord")
        assert app.theme == "nord"


def test_a_key_that_is_taken_starts_no_command() -> None:
    words = ("true", "{id}")
    asked = {"e": words, "3": words, "alt+g": words, "nokey": words, "H": words}
    own = {"history": ("alt+h",)}
    found, problems = read_commands(asked, {"commands.e": "config.toml:2:1"}, own)
    assert set(found) == {"alt+g", "H"}
    assert [str(problem) for problem in problems] == [
        "config.toml:2:1: e is the key of edit; this command is not used.",
        "config.toml: 3 follows a link of the page; this command is not used.",
        "config.toml: nokey is not a key; this command is not used.",
    ]


async def test_a_command_of_the_user_gets_the_entry_and_no_shell(
    garden: Path, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    program = tmp_path / "note"
    program.write_text(f'#!/bin/sh\nprintf \'%s\\n\' "$PWD" "$@" > {taken}\nexit 3\n', "utf-8")
    program.chmod(0o700)
    write_config(home, f'[commands]\n"alt+n" = ["{program}", "$(id); {{path}}:{{line}}", "{{id}}", "{{}}"]\n')
    monkeypatch.setattr(Memarium, "suspend", lambda self: nullcontext())
    monkeypatch.setattr("sys.stdin", StringIO("\n"))
    app = open_garden(garden)
    async with app.run_test(size=(120, 46)) as pilot:
        browse = await browsed(pilot)
        entry = browse.entry
        assert entry is not None
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        assert "Your commands" in shown(app)
        await pilot.press("escape", "alt+n")
        await until(pilot, lambda: "note has ended with status 3" in said(browse.query_one(Toast)))
        path = (garden / entry.file).resolve()
        assert taken.read_text("utf-8").split("\n") == [
            str(app.start), f"$(id); {path}:{entry.line}", entry.id, "{}", ""
        ]  # fmt: skip
        await pilot.press("slash", "alt+n")
        assert taken.exists()


async def test_a_command_that_is_not_there_says_so(garden: Path, home: Home) -> None:
    write_config(home, '[commands]\n"alt+n" = ["no-such-program", "{id}"]\n')
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("alt+n")
        await until(pilot, lambda: "There is no program no-such-program" in said(browse.query_one(Toast)))
