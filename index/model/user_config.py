"""Settings that a user writes down in `config.toml`, and their possible faults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

COLUMNS: Final = ("kind", "topic", "project", "snippet", "level", "date")
"""Parts of a row of the results that can be shown, in their order."""
SORTS: Final = ("relevance", "date", "oldest", "title", "kind", "level", "file")
"""Orders of the results."""
_TWICE: Final = re.compile(r"Cannot (declare|mutate|overwrite|redefine) .*(?= \(at )")
"""All that `tomllib` says of a name that is there already."""


class ConfigProblem(NamedTuple):
    """A part of the file that is not used, and why."""

    place: str
    """`config.toml:3:9`, line and column of the fault."""
    words: str
    """A sentence: the values it may have, and the one used instead."""

    def __str__(self) -> str:
        """Return it in one line, as compilers write it."""
        return f"{self.place}: {self.words}"


@dataclass(frozen=True)
class UserConfig:
    """Checked settings; one that is not set, or set to a value that cannot be used, is as it is here."""

    theme: str = ""
    """Name of a theme; empty for the one chosen in the app last."""
    sort: str = ""
    """Order at the start; empty for the one chosen in the app last."""
    filter: str = ""
    """Query at the start."""
    columns: tuple[str, ...] = COLUMNS
    """Parts of a row that are shown."""
    date_format: str = ""
    """Pattern of `strftime` for days; empty for `21 Nov`, with the year where it matters."""
    time_format: str = "%H:%M"
    """Pattern of `strftime` for times of day."""
    time_zone: str = ""
    """Name of a zone, as `Europe/Berlin`; empty for the computer's."""
    mouse: bool = True
    """Whether the app takes the mouse; without it the terminal selects text as always."""
    editor: str = ""
    """Command of an editor; empty for that of the environment."""
    commit_prefix: str = "memory: "
    """Beginning of the commit messages that are proposed."""
    engine: str = ""
    """Name of a search engine; empty for the best that is installed."""
    session_gap: float = 4
    """Hours without work after which a new session begins."""
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of an action → its keys, as they are written in the file."""
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key → the words of a command for the current entry, with `{id}`, `{path}` and `{line}` in them."""
    problems: tuple[ConfigProblem, ...] = ()
    """All that is wrong, in the order of the file."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Name of a setting, as `keymap.history` → the place of its value."""


def parse_user_toml(text: str) -> dict[str, Any]:
    """Return the values of a text in TOML, by name.

    Raises ValueError: it is none, is nested deeper than can be read, or has a number of too many digits.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words = str(error).replace(r"Illegal character '\n'", "Unterminated string")
        raise ValueError(_TWICE.sub("This name is set twice", words)) from error
    except RecursionError as error:
        raise ValueError("It is nested too deep") from error
