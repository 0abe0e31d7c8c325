"""Settings in the user's state: names, and values that JSON can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.storage.user_state import StateUnavailable, UserState


def read_settings(state: UserState, old: Path) -> dict[str, Any]:
    """Return the settings by name; those that are damaged are left out.

    Those in the file `old`, where they were kept once, are taken over as long as there are no others.
    """
    taken = _read_old(old)
    if not taken and not state.exists():
        return {}
    try:
        with state.transaction(change=bool(taken)) as database:
            found = database.execute("SELECT name, value FROM settings").fetchall()
            if not found:
                found = list(_rows(taken))
                database.executemany("INSERT INTO settings VALUES (?, ?)", found)
    except StateUnavailable:
        return taken
    if taken:
        with suppress(OSError):
            old.unlink()
    return dict(_values(found))


def keep_settings(state: UserState, settings: Mapping[str, Any]) -> None:
    """Keep these settings, and leave the others as they are; where that cannot be done, they are lost."""
    with suppress(StateUnavailable), state.transaction(change=True) as database:
        database.executemany("REPLACE INTO settings VALUES (?, ?)", _rows(settings))


def _read_old(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _rows(settings: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    return [(name, json.dumps(value)) for name, value in settings.items()]


def _values(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Any]]:
    for name, text in rows:
        with suppress(ValueError, TypeError):
            yield name, json.loads(text)
