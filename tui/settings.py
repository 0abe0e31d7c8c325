"""Settings that the app keeps between two starts: the theme, the order, whether the sidebar shows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from index.storage.settings import keep_settings, read_settings
from index.storage.user_state import UserState
from tui.theme.themes import DEFAULT


@dataclass(frozen=True)
class Settings:
    """Remembered choices of the user."""

    theme: str = DEFAULT
    sort: str = "relevance"
    sidebar: bool = True


def settings_file() -> Path:
    """Return the file that held the settings before the user's state did."""
    from platformdirs import user_config_path

    return user_config_path("memarium") / "app.json"


def load(state: UserState, old: Path) -> Settings:
    """Read settings; what is missing, damaged or of the wrong type is as it was at first."""
    held, first = read_settings(state, old), Settings()
    known = {f.name: held[f.name] for f in fields(Settings) if f.name in held}
    return replace(first, **{k: v for k, v in known.items() if type(v) is type(getattr(first, k))})


def save(state: UserState, settings: Settings, before: Settings) -> None:
    """Write what differs from the settings `before`: another memarium may have changed the rest."""
    pairs = {f.name: (getattr(settings, f.name), getattr(before, f.name)) for f in fields(Settings)}
    keep_settings(state, {name: now for name, (now, then) in pairs.items() if now != then})
