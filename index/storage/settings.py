"""Settings in the user's state: names, and values that JSON can hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.storage.user_folders import state_file
from index.storage.user_state import StateUnavailable, UserState


class UserSettings:
    """The settings of one user; any thread may ask."""

    def __init__(self, old: Path, state: Path | None, tell: Callable[[str], None]) -> None:
        """Keep settings.

        Args:
            old: the file of JSON where they were kept once; it is taken over.
            state: the file of the state; the user's own when None.
            tell: takes a sentence about a file that was damaged; may be replaced.
        """
        self._old = old
        self._state = UserState(state or state_file(), self._hear)
        self.tell = tell

    def read(self) -> dict[str, Any]:
        """Return the settings by name; those that are damaged are left out.

        Those of the old file count as long as there are no others.
        """
        taken = self._read_old()
        if not taken and not self._state.exists():
            return {}
        try:
            with self._state.transaction(change=bool(taken)) as database:
                found = database.execute("SELECT name, value FROM settings").fetchall()
                if not found:
                    found = _rows(taken)
                    database.executemany("INSERT INTO settings VALUES (?, ?)", found)
        except StateUnavailable:
            return taken
        if taken:
            with suppress(OSError):
                self._old.unlink()
        return dict(_values(found))

    def keep(self, settings: Mapping[str, Any]) -> None:
        """Keep these settings, and leave the others as they are; where that cannot be done, they are lost."""
        with suppress(StateUnavailable), self._state.transaction(change=True) as database:
            database.executemany("REPLACE INTO settings VALUES (?, ?)", _rows(settings))

    def _hear(self, words: str) -> None:
        self.tell(words)  # whoever listens then

    def _read_old(self) -> dict[str, Any]:
        try:
            held = json.loads(self._old.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def _rows(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value)) for name, value in settings.items()]


def _values(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Any]]:
    for name, text in rows:
        with suppress(ValueError, TypeError):
            yield name, json.loads(text)
