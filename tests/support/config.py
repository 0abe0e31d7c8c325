"""The settings of a test's user."""

from __future__ import annotations

from tests.support.home import Home


def write_config(home: Home, text: str) -> None:
    """Put `config.toml` in the place of the one that is there."""
    folder = home.config / "memarium"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, "utf-8")


def write_theme(home: Home, name: str, text: str) -> None:
    """Put a theme of the user's own beside the settings."""
    folder = home.config / "memarium" / "themes"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
