"""Settings that the app keeps between two starts: the theme, the order, whether the sidebar shows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from tui.theme.themes import DEFAULT


@dataclass(frozen=True)
class Settings:
    """Remembered choices of the user."""

    theme: str = DEFAULT
    sort: str = "relevance"
    sidebar: bool = True


def settings_file() -> Path:
    """Return where settings are kept: in the user's config folder, never in a tree."""
    from platformdirs import user_config_path

    return user_config_path("memarium") / "app.json"


def load(path: Path) -> Settings:
    """Read settings; what is missing, damaged or of the wrong type is as it was at first."""
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(held, dict):
        return Settings()
    first = Settings()
    known = {f.name: held[f.name] for f in fields(Settings) if f.name in held}
    return replace(first, **{k: v for k, v in known.items() if type(v) is type(getattr(first, k))})


def save(path: Path, settings: Settings) -> None:
    """Write settings; where that cannot be done they last for this session."""
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(asdict(settings), indent=1), "utf-8")
        fresh.replace(path)
    except OSError:
        return
