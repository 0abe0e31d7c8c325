"""The folders of a user, as memarium and git find them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """A home of nobody: each folder is made by whoever writes to it first."""

    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def environment(self) -> dict[str, str]:
        """Return the variables that lead there."""
        return {
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_DATA_HOME": str(self.data),
            "XDG_STATE_HOME": str(self.state),
        }

    def spoil(self, folder: Path) -> None:
        """Put a file where one of the folders would be made."""
        self.folder.mkdir(exist_ok=True)
        folder.write_text("no folder")
