"""Themes of the user: files `NAME.toml` with the colours that a theme of Textual has."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Final

from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import Theme

_COLOURS: Final = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "boost",
    "warning", "error", "success",
)  # fmt: skip
_A_COLOUR: Final = 'a colour such as "#74cdbd" or "teal"'


_FLAG: Final = rf"(not )?({'|'.join(VALID_STYLE_FLAGS - {'none', 'not'})})"
_STYLE: Final = re.compile(f"none|{_FLAG}( {_FLAG})*")


def read_theme(name: str, held: dict[str, Any]) -> tuple[Theme | None, list[str]]:
    """Return the theme that a file describes, and its faults; None where there is no theme then.

    Args:
        name: what to call it.
        held: its names and values: colours, `dark`, and a table `variables`.
    """
    problems = [_near(key) for key in held if key not in (*_COLOURS, "dark", "variables")]
    colours = {key: value for key in _COLOURS if (value := held.get(key)) is not None}
    problems += _without_faulty(colours)
    dark, variables = held.get("dark", True), held.get("variables", {})
    if not isinstance(dark, bool):
        problems.append("dark must be true or false")
        dark = True
    if not isinstance(variables, dict) or not all(isinstance(value, str) for value in variables.values()):
        problems.append("variables must be a table of texts")
        variables = {}
    variables = {**variables}
    problems += _without_faulty(variables)
    if "primary" not in colours:
        missing = [] if "primary" in held else ["primary, the colour of the accent, is missing"]
        return None, problems + missing
    theme = Theme(name=name, primary=str(colours.pop("primary")), dark=dark, variables=variables)
    return replace(theme, **colours), problems


def _without_faulty(values: dict[str, Any]) -> list[str]:
    """Take out all but colours and, under names that end so, styles; return the faults."""
    problems = []
    for key, value in [*values.items()]:
        styles = key.endswith("-style")
        if not (_is_style(value) if styles else _is_colour(value)):
            such = 'a style such as "bold" or "not underline"' if styles else _A_COLOUR
            problems.append(f"{key} must be {such}, not {json.dumps(value, default=str)}")
            del values[key]
    return problems


def _is_style(value: str) -> bool:
    return _STYLE.fullmatch(value) is not None


def _is_colour(value: object) -> bool:
    try:
        return isinstance(value, str) and Color.parse(value) is not None
    except ColorParseError:
        return False


def _near(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, (*_COLOURS, "dark", "variables"), 1, 0.6)
    return f"there is no colour {key}{f'; did you mean {near[0]}?' if near else ''}"
