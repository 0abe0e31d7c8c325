"""Themes of the user: files `NAME.toml` with the colours that a theme of Textual has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from textual.color import Color, ColorParseError
from textual.theme import Theme

_COLOURS: Final = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "boost",
    "warning", "error", "success",
)  # fmt: skip


def read_theme(name: str, held: dict[str, Any]) -> tuple[Theme | None, list[str]]:
    """Return the theme that a file describes, and its faults; None where there is no theme then.

    Args:
        name: what to call it.
        held: its names and values: colours, `dark`, and a table `variables`.
    """
    problems = [_near(key) for key in held if key not in (*_COLOURS, "dark", "variables")]
    colours = {key: value for key in _COLOURS if (value := held.get(key)) is not None}
    for key, value in list(colours.items()):
        if not _is_colour(value):
            problems.append(f'{key} must be a colour such as "#74cdbd" or "teal", not {value}')
            del colours[key]
    dark, variables = held.get("dark", True), held.get("variables", {})
    if not isinstance(dark, bool):
        problems.append("dark must be true or false")
        dark = True
    if not isinstance(variables, dict) or not all(isinstance(value, str) for value in variables.values()):
        problems.append("variables must be a table of texts")
        variables = {}
    if "primary" not in colours:
        missing = [] if "primary" in held else ["primary, the colour of the accent, is missing"]
        return None, problems + missing
    theme = Theme(name=name, primary=str(colours.pop("primary")), dark=dark, variables=variables)
    return replace(theme, **colours), problems


def _is_colour(value: object) -> bool:
    try:
        return isinstance(value, str) and Color.parse(value) is not None
    except ColorParseError:
        return False


def _near(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, (*_COLOURS, "dark", "variables"), 1, 0.6)
    return f"there is no colour {key}{f'; did you mean {near[0]}?' if near else ''}"
