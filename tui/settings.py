"""Settings that the app keeps between two starts: the theme, the order, whether the sidebar shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from index.storage.user_state import UserSettings
from tui.theme.themes import DEFAULT


@dataclass(frozen=True)
class Settings:
    """Remembered choices of the user."""

    theme: str = DEFAULT
    sort: str = "relevance"
    sidebar: bool = True
    zoom: bool = False
    """Show the focused pane of the browse screen alone."""
    zoom_lists: bool = False
    """The same on the other screens that have a list and its page."""
    split: int = 0
    """Columns that the results have more than usual, beside the page."""
    opened: str = ""
    """The folder that was last opened by its name from the welcome."""


def open_settings(old: Path | None, tell: Callable[[str], None]) -> UserSettings:
    """Return where settings are kept.

    Args:
        old: the file that held them before the user's state did, which is then kept beside it; the user's
            own when None.
        tell: takes a sentence about settings that were damaged.
    """
    from platformdirs import user_config_path

    if old is not None:
        return UserSettings(old, old.with_name("state.sqlite"), tell)
    return UserSettings(user_config_path("memarium") / "app.json", None, tell)


def load(kept: UserSettings) -> Settings:
    """Read settings; one that is missing, damaged or of the wrong type is as at first."""
    held, first = kept.read(), Settings()
    known = {f.name: held[f.name] for f in fields(Settings) if f.name in held}
    return replace(first, **{k: v for k, v in known.items() if type(v) is type(getattr(first, k))})


def save(kept: UserSettings, settings: Settings, before: Settings) -> None:
    """Write the values that differ from the settings `before`: another memarium may have changed the rest."""
    pairs = {f.name: (getattr(settings, f.name), getattr(before, f.name)) for f in fields(Settings)}
    kept.keep({name: now for name, (now, then) in pairs.items() if now != then})
