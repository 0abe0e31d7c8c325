"""Who commits are by: git is asked once, and again when its settings are not what they were."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from index.history.errors import Refused
from index.history.runner import Runner

_SYSTEM = Path("/etc/gitconfig")
_TELLING = ("GIT_", "EMAIL", "HOME", "XDG_CONFIG_HOME")
"""How the variables begin that have a say in it: https://git-scm.com/docs/git-var."""


class Committer:
    """The identity that git would commit with in one working copy."""

    def __init__(self, runner: Runner, git_dir: Path) -> None:
        self._runner = runner
        self._git_dir = git_dir
        self._name = ""
        self._told_by: tuple[object, ...] = ()

    def name(self) -> str:
        """Return the name that commits will carry.

        Raises:
            Refused: git knows none; with what to do.
        """
        settings = self._settings()
        if not self._name or settings != self._told_by or _go_on_elsewhere(settings):
            self._name, self._told_by = self._ask(), settings
        return self._name

    def _ask(self) -> str:
        result = self._runner.read("var", "GIT_COMMITTER_IDENT")
        name = result.out.decode("utf-8", "replace").rpartition(" <")[0].strip()
        if result.code or not name:
            raise Refused(
                'git does not know who you are: run git config --global user.name "Your Name" and '
                "git config --global user.email you@example.com, then save again. Nothing was written."
            )
        return name

    def _settings(self) -> tuple[object, ...]:
        """Return all that git would look at: its settings, whole, and the variables."""
        common = self._git_dir / (_content(self._git_dir / "commondir") or b"").decode().strip()
        own = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
        everyone = os.environ.get("GIT_CONFIG_GLOBAL")
        files = (
            common / "config",
            self._git_dir / "config.worktree",
            *((Path(everyone),) if everyone else (Path("~/.gitconfig").expanduser(), own / "git" / "config")),
            Path(os.environ.get("GIT_CONFIG_SYSTEM") or _SYSTEM),
        )
        variables = {name: value for name, value in os.environ.items() if name.startswith(_TELLING)}
        return (variables, *map(_content, files))


def _go_on_elsewhere(settings: tuple[object, ...]) -> bool:
    """Whether one of the files includes others, whose content is not known here."""
    return any(isinstance(content, bytes) and b"include" in content.lower() for content in settings)


def _content(file: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return file.read_bytes()
    return None
