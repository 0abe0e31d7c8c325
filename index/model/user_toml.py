"""TOML that a user wrote: whatever is wrong with it is one kind of error."""

from __future__ import annotations

from typing import Any


def parse_user_toml(text: str) -> dict[str, Any]:
    """Return the values of a text in TOML, by name.

    Raises:
        ValueError: it is none, is nested deeper than can be read, or has a number of too many digits.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("It is nested too deep") from error
