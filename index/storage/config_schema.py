"""The settings of `config.toml`: their use, the values they take, and the file that explains them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from index.model.user_config import COLUMNS, SORTS, UserConfig


class Setting(NamedTuple):
    """One setting."""

    name: str
    shown: str
    """Its line in the file, as an example."""
    about: str
    """Its use, in lines for comments."""
    check: Callable[[Any], Any]
    """Returns the value as it is kept; raises ValueError with the values it may have."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("must be a text in one line")
    return value


def _one_of(*names: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in names:
            raise ValueError(f"must be {', '.join(names[:-1])} or {names[-1]}")
        return str(value)

    return check


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _hours(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.1 <= value <= 72:
        raise ValueError("must be a number of hours from 0.1 to 72")
    return value


def _columns(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not set(map(str, value)) <= set(COLUMNS):
        raise ValueError(f"must be a list of {', '.join(COLUMNS)}")
    return tuple(value)


def _pattern(value: Any) -> str:
    text = _text(value)
    written = datetime(2025, 11, 21, 14, 30).strftime(text)  # noqa: DTZ001  # an example of a day
    if text and (written == text or not written.isprintable() or "%" in written):
        raise ValueError('must be a pattern such as "%d.%m.%Y" or "%H:%M"')
    return text


def _zone(value: Any) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(_text(value)).key if value else ""
    except (KeyError, OSError, ValueError) as error:  # no zone, a folder of zones, no name at all
        raise ValueError('must be the name of a time zone, such as "Europe/Berlin"') from error


def _prefix(value: Any) -> str:
    text = _text(value)
    if len(text) > 40 or text.startswith("#"):
        raise ValueError("must be at most 40 letters, and git takes a # at the beginning for a comment")
    return text


SETTINGS: Final = (
    Setting(
        "theme", '"memarium-light"', "Theme at the start; without it, the one chosen in the app last.", _text
    ),
    Setting(
        "sort",
        '"date"',
        "Order of the results at the start: relevance, date, oldest, title, kind, level or\n"
        "file; without it, the one chosen in the app last.",
        _one_of(*SORTS),
    ),
    Setting("filter", '"-is:template"', "Query in the search box at the start.", _text),
    Setting(
        "columns",
        '["kind", "topic", "project", "snippet", "level", "date"]',
        "What a row of the results shows below its title, as far as there is room.",
        _columns,
    ),
    Setting(
        "date_format",
        '"%Y-%m-%d"',
        "How the app writes days, in the letters of strftime; without it 21 Nov,\n"
        "and 21 Nov 25 where the year matters. Commands write 2025-11-21 always.",
        _pattern,
    ),
    Setting("time_format", '"%H:%M"', "How the app writes times of day.", _pattern),
    Setting(
        "time_zone",
        '"Europe/Berlin"',
        "Zone of all days and times; without it, the computer's. TZ overrides it.",
        _zone,
    ),
    Setting(
        "mouse",
        "true",
        "Whether the app takes the mouse. With false, the terminal selects text as always.",
        _truth,
    ),
    Setting(
        "editor",
        '"code --wait"',
        "Editor for E and `memarium edit`. MEMARIUM_EDITOR overrides it; without either\n"
        "it is VISUAL, then EDITOR.",
        _text,
    ),
    Setting("commit_prefix", '"memory: "', "Beginning of the commit messages that are proposed.", _prefix),
    Setting(
        "engine",
        '"auto"',
        "Search engine: auto, whoosh or tantivy. MEMARIUM_ENGINE overrides it.",
        _one_of("auto", "whoosh", "tantivy"),
    ),
    Setting("session_gap", "4", "Hours without work after which a new session begins.", _hours),
)
KEYMAP: Final = "keymap"
"""The table of keys."""
COMMANDS: Final = "commands"
"""The table of commands of the user's own."""
_NAMES: Final = re.compile(r"\{(\w+)\}")
DEFAULTS: Final = UserConfig()


def keys_of(value: Any) -> tuple[str, ...]:
    """Return the keys that a line of the keymap names. Raises ValueError: it names none."""
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key for key in keys):
        raise ValueError('must be a key such as "H", or a list of keys')
    return tuple(keys)


def command_of(value: Any) -> tuple[str, ...]:
    """Return the words of a command. Raises ValueError: it is none."""
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise ValueError('must be a list such as ["git", "log", "{path}"]')
    program, *words = value
    if not program or not "".join(value).isprintable() or _NAMES.search(program):
        raise ValueError("must begin with the name of a program")
    for name in (name for word in words for name in _NAMES.findall(word)):
        if name not in ("id", "path", "line"):
            raise ValueError(f"has {{{name}}}, and there are {{id}}, {{path}} and {{line}}")
    return tuple(value)


def commented_file() -> str:
    """Return the file to begin with: every setting, explained and commented out."""
    lines = [
        "# Settings of memarium. Remove the # of a line to use it; environment variables override it.",
        "# All of them are explained in docs/settings.md.",
    ]
    for setting in SETTINGS:
        lines += ["", *(f"# {line}" for line in setting.about.splitlines())]
        lines.append(f"# {setting.name} = {setting.shown}")
    lines += [
        "",
        "# Keys, by the id of an action: one key or a list. docs/keys.md lists the ids.",
        "# The themes of your own are files beside this one: themes/NAME.toml.",
        f"[{KEYMAP}]",
        '# history = "H"',
        '# search = ["/", "ctrl+f"]',
        "",
        "# Commands of your own, by key: started without a shell for the current entry. {id}, {path}",
        "# and {line} are its id, its file and the line in it.",
        f"[{COMMANDS}]",
        '# "alt+l" = ["git", "log", "--patch", "--", "{path}"]',
    ]
    return "\n".join(lines) + "\n"
