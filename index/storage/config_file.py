"""The user's `config.toml`: read and checked, so that a mistake costs one setting and never the start."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from index.model.display import shorten
from index.model.user_config import ConfigProblem, UserConfig, parse_user_toml
from index.storage.config_schema import (
    COMMANDS,
    DEFAULTS,
    KEYMAP,
    SETTINGS,
    command_of,
    commented_file,
    keys_of,
)

_NAMES: Final = {setting.name: setting for setting in SETTINGS}
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_LINE = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*""")
_SYNTAX = re.compile(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$")

_read: tuple[object, UserConfig] = (None, DEFAULTS)
"""State of the file that was read last, and its content."""


def config_path() -> Path:
    """Return the file of the user's settings, there or not."""
    from platformdirs import user_config_path

    return user_config_path("memarium") / "config.toml"


def read_config() -> UserConfig:
    """Return the user's settings; a file that did not change since is not read again."""
    global _read  # noqa: PLW0603  # one user, one file
    path = config_path()
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
            words = "It is not a file, so none of its settings are used."
            return replace(DEFAULTS, problems=(ConfigProblem(path.name, words),))
        state = (path, status.st_mtime_ns, status.st_size, status.st_ino)
        if _read[0] != state:
            _read = (state, parse_config(path.read_bytes(), path.name))
    except (FileNotFoundError, NotADirectoryError):  # such as below HOME=/dev/null
        return DEFAULTS
    except OSError as error:
        words = f"It cannot be read ({error.strerror}), and none of its settings are used."
        return replace(DEFAULTS, problems=(ConfigProblem(path.name, words),))
    return _read[1]


def parse_config(data: bytes, name: str) -> UserConfig:
    """Return the settings that a file holds; a wrong one is a problem, and the default is used."""
    try:
        text = data.decode("utf-8-sig")
        held = parse_user_toml(text)
    except UnicodeDecodeError:
        words = "This file is not UTF-8, and none of its settings are used."
        return replace(DEFAULTS, problems=(ConfigProblem(name, words),))
    except ValueError as error:
        return replace(DEFAULTS, problems=(_syntax(str(error), text, name),))
    places = {key: f"{name}:{line}:{column}" for key, line, column in _places(text)}
    values: dict[str, Any] = {}
    problems = [*_take(held, values, places, name)]
    keymap: dict[str, tuple[str, ...]] = {}
    commands: dict[str, tuple[str, ...]] = {}
    for table, taken, check, instead in (
        (KEYMAP, keymap, keys_of, "its key stays"),
        (COMMANDS, commands, command_of, "it is not used"),
    ):
        problems += _take_table(table, held.get(table, {}), taken, check, instead, places, name)
    values |= {KEYMAP: keymap, COMMANDS: commands}
    return replace(DEFAULTS, **values, problems=tuple(problems), places=places)


def _take(
    held: Mapping[str, Any], values: dict[str, Any], places: Mapping[str, str], name: str
) -> Iterator[ConfigProblem]:
    for key, value in held.items():
        place = places.get(key, name)
        if key in (KEYMAP, COMMANDS):
            continue
        if key not in _NAMES:
            near = nearest(key, [*_NAMES, KEYMAP, COMMANDS])
            yield ConfigProblem(place, f"There is no setting {key}.{near}")
            continue
        try:
            values[key] = _NAMES[key].check(value)
        except ValueError as error:
            yield ConfigProblem(place, f"{key} {error}, not {_as_written(value)}; {_instead(key)}.")


def _take_table(
    table: str,
    held: Any,
    taken: dict[str, tuple[str, ...]],
    check: Callable[[Any], tuple[str, ...]],
    instead: str,
    places: Mapping[str, str],
    name: str,
) -> Iterator[ConfigProblem]:
    """Take the lines of a table that `check` takes; the others are problems."""
    if not isinstance(held, dict):
        yield ConfigProblem(places.get(table, name), f"{table} must be a table, [{table}]; it is not used.")
        return
    for key, value in held.items():
        try:
            taken[key] = check(value)
        except ValueError as error:
            yield ConfigProblem(places.get(f"{table}.{key}", name), f"{key} {error}; {instead}.")


def nearest(name: str, names: list[str]) -> str:
    """Return a question whether the name that is nearly so was meant; empty where none is."""
    from difflib import get_close_matches

    near = get_close_matches(name, names, 1, 0.6)
    return f" Did you mean {near[0]}?" if near else ""


def _as_written(value: Any) -> str:
    import json

    return shorten(json.dumps(value, ensure_ascii=False, default=str), 40)


def _instead(key: str) -> str:
    default = getattr(DEFAULTS, key)
    if isinstance(default, tuple):
        return "all of them are shown"
    return "it is not used" if default == "" else f"{_as_written(default)} is used"


def _syntax(words: str, text: str, name: str) -> ConfigProblem:
    found = _SYNTAX.match(words)
    if found is None:
        return ConfigProblem(name, f"{words}. None of its settings are used.")
    said, line, column = found.groups()
    last = text.split("\n")
    place = f"{name}:{line or len(last)}:{column or len(last[-1]) + 1}"
    return ConfigProblem(place, f"{said}. None of its settings are used.")


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the full name of each line that sets something, with line and column of the value.

    Where only the name can be wrong it is the column of that. `tomllib` tells no places; the one thing that
    can be mistaken for a line here is a line of a longer text.
    """
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if found := _TABLE.match(line):
            table = f"{_bare(found[1])}."
            yield table[:-1], number, line.index("[") + 1
        elif found := _LINE.match(line):
            name = table + _bare(found[1])
            yield name, number, (found.end() if name in _NAMES else found.start(1)) + 1


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def make_config() -> bool:
    """Write the file with every setting explained, unless there is one; return whether it was written.

    Raises OSError: the folder cannot be written.
    """
    path = config_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(commented_file())
    except FileExistsError:
        return False
    return True


class OwnTheme(NamedTuple):
    """A file of a theme."""

    name: str
    file: str
    """`themes/NAME.toml`."""
    held: dict[str, Any]
    """Names and values as the file has them, unchecked."""
    error: str = ""
    """Reason for which it cannot be read; empty when it can."""


def own_themes() -> list[OwnTheme]:
    """Return the themes in the folder beside the settings, by name."""
    themes = []
    for path in sorted(config_path().with_name("themes").glob("*.toml")):
        file = f"themes/{path.name}"
        try:
            if not path.is_file():
                raise OSError("it is not a file")
            themes.append(OwnTheme(path.stem, file, parse_user_toml(path.read_text("utf-8-sig"))))
        except (OSError, ValueError) as error:
            themes.append(OwnTheme(path.stem, file, {}, f"This theme cannot be read: {error}"))
    return themes
