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

    def __init__(self, runner: Runner, git_dir: Path, common_dir: Path) -> None:
        self._runner = runner
        self._git_dir, self._common = git_dir, common_dir
        self._name = ""
        self._told_by: tuple[object, ...] = ()
        self._goes_on = False
        """Whether one of the files includes others, whose content is not known here."""

    def name(self) -> str:
        """Return the name that commits will carry.

        Raises:
            Refused: git knows none; with what to do.
        """
        files = self._files()
        told_by = (_variables(), *map(_stamp, files))
        if not self._name or self._goes_on or told_by != self._told_by:
            self._name, self._told_by = self._ask(), told_by
            self._goes_on = any(b"include" in (_content(file) or b"").lower() for file in files)
        return self._name

    def _ask(self) -> str:
        asked = [self._runner.read("var", who) for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
        names = [result.out.decode("utf-8", "replace").rpartition(" <")[0].strip() for result in asked]
        if not all(names):
            raise Refused(
                'git does not know who you are: run git config --global user.name "Your Name" and '
                "git config --global user.email you@example.com, then save again. Nothing was written."
            )
        return names[-1]

    def _files(self) -> tuple[Path, ...]:
        """Return the files whose settings git would look at."""
        own = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
        everyone = os.environ.get("GIT_CONFIG_GLOBAL")
        return (
            self._common / "config",
            self._git_dir / "config.worktree",
            *((Path(everyone),) if everyone else (Path("~/.gitconfig").expanduser(), own / "git" / "config")),
            Path(os.environ.get("GIT_CONFIG_SYSTEM") or _SYSTEM),
        )


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_TELLING)}


def _stamp(file: Path) -> tuple[int, ...] | None:
    """Return what is another one once a file was written; git itself puts a new file in its place."""
    with contextlib.suppress(OSError):
        found = file.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return None


def _content(file: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return file.read_bytes()
    return None
