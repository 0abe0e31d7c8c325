"""The start of the app with the settings its user wrote: themes, keys, dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.theme import BUILTIN_THEMES, Theme

from index.model.user_config import ConfigProblem, UserConfig
from index.workspace import own_themes, use_config
from tui.actions import keymap, use_keys
from tui.keymap import read_commands, read_keymap
from tui.settings import Settings
from tui.theme.dates import DateStyle, write_as
from tui.theme.drawing import plain, t
from tui.theme.own_themes import read_theme
from tui.theme.themes import THEMES, choose

if TYPE_CHECKING:
    from textual.app import App


class AppConfig(NamedTuple):
    """The part of the settings that only the app understands, checked."""

    keys: dict[str, tuple[str, ...]]
    commands: dict[str, tuple[str, ...]]
    themes: list[Theme]
    """Those of the user."""
    theme: str
    """The name of the one to start with; empty where none is named, or there is none of that name."""
    problems: list[ConfigProblem]


def check(config: UserConfig) -> AppConfig:
    """Look at keys and themes."""
    keys, problems = read_keymap(config.keymap, config.places)
    commands, more = read_commands(config.commands, config.places, keys)
    problems += more
    themes = []
    for own in own_themes():
        found, wrong = (None, [own.error]) if own.error else read_theme(own.name, own.held)
        problems += [ConfigProblem(own.file, f"{words[:1].upper()}{words[1:]}.") for words in wrong]
        themes += [found] if found is not None else []
    theme, known = config.theme, {*BUILTIN_THEMES, *(one.name for one in (*THEMES, *themes))}
    if theme and theme not in known:
        place = config.places.get("theme", "config.toml")
        problems.append(ConfigProblem(place, f"There is no theme {theme}; the one chosen last is used."))
        theme = ""
    return AppConfig(keys, commands, themes, theme, problems)


def problems_of(config: UserConfig) -> Sequence[ConfigProblem]:
    """Return the faults of keys and themes."""
    return check(config).problems


def configure(app: App[None], chosen: Settings) -> tuple[UserConfig, Settings]:
    """Let an app begin as its user wants it; return the settings of the file, and the choices they change."""
    config = use_config()
    own = check(config)
    write_as(DateStyle(config.date_format, config.time_format))
    use_keys(own.keys)
    app.set_keymap(keymap())
    for theme in (*own.themes, *THEMES):
        app.register_theme(theme)
    chosen = replace(chosen, theme=own.theme or chosen.theme, sort=config.sort or chosen.sort)
    colours = app.console.color_system
    app.theme = choose(chosen.theme, app.available_themes, colours=colours, no_color=app.no_color)
    return replace(config, commands=own.commands, problems=(*config.problems, *own.problems)), chosen


def offered_themes(app: App[None], problems: Iterable[ConfigProblem]) -> dict[str, str]:
    """Return the themes to choose from, each with its file if it is the user's, also those that are torn.

    Those of the house and the user's come first, then Textual's.
    """
    available, begin, end = app.available_themes, "themes/", ".toml"
    house = [*BUILTIN_THEMES.values(), *THEMES]
    places = (one.place for one in problems if one.place.startswith(begin) and one.place.endswith(end))
    torn = [place.removeprefix(begin).removesuffix(end) for place in places]
    files = {
        name: f"{begin}{name}{end}"
        for name in [*(name for name, theme in available.items() if theme not in house), *torn]
    }
    grey = {name for name, theme in available.items() if app.no_color and theme.ansi}
    names = sorted({**available, **files}, key=BUILTIN_THEMES.__contains__)
    return {name: files.get(name, "") for name in names if name not in grey and name != app.theme}


def told(config: UserConfig) -> Content | None:
    """Return one line about the faults of the settings; None when nothing is."""
    if not config.problems:
        return None
    first, *others = config.problems
    more = f"   and {len(others)} more: memarium config" if others else ""
    return t(("!", "warn"), " ", plain(str(first)), (more, "muted"))
