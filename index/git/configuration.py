"""git's settings of one working copy: git is asked once, and again when a file of theirs is another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from index.git.runner import Runner
from index.storage.user_folders import expanded

_SYSTEM = "/etc/gitconfig"
_TELLING = (b"GIT_", b"EMAIL", b"HOME", b"XDG_CONFIG_HOME")
"""Beginnings of the variables that have a say in it: https://git-scm.com/docs/git-var."""
_TRUE = ("true", "yes", "on")
_FALSE = ("false", "no", "off", "")


class GitConfiguration:
    """The settings of git in force here, whichever file they come from."""

    def __init__(self, runner: Runner, git_dir: Path, common_dir: Path) -> None:
        self._runner = runner
        self._git_dir, self._common = git_dir, common_dir
        self._values: dict[str, str] = {}
        self._mark: object = None
        self._found: object = None
        """The state of the files when they were last looked into."""
        self._includes = False

    def mark(self) -> object:
        """Return a value that equals an earlier one as long as no setting can have changed in between."""
        files = self._files()
        found = (_variables(), *map(_stamp, files))
        if found != self._found:
            self._includes = any(b"include" in (_content(file) or b"").lower() for file in files)
            self._found = found
        return object() if self._includes else found  # the content of included files is not known here

    def values(self) -> Mapping[str, str]:
        """Return each setting, section and name in small letters; of several values the last one.

        A name without a value is true, as it is for git.
        """
        mark = self.mark()
        if self._mark is None or mark != self._mark:
            listed = self._runner.read("config", "--list", "-z").out.decode("utf-8", "surrogateescape")
            pairs = (item.partition("\n") for item in listed.split("\0") if item)
            self._values = {name: value if equals else "true" for name, equals, value in pairs}
            self._mark = mark
        return self._values

    def is_true(self, name: str) -> bool | None:
        """Return the value of a setting that is true or false; None when it is neither."""
        value = self.values().get(name, "").lower()
        if value in _FALSE:
            return False
        if value in _TRUE:
            return True
        number = value.rstrip("kmg").lstrip("+-")
        return bool(int(number)) if number.isdecimal() else None

    def _files(self) -> tuple[str, ...]:
        """Return the files whose settings git would look at, as text: they are looked at often."""
        own = os.environ.get("XDG_CONFIG_HOME") or expanded("~/.config")
        everyone = os.environ.get("GIT_CONFIG_GLOBAL")
        return (
            f"{self._common}/config",
            f"{self._git_dir}/config.worktree",
            *((everyone,) if everyone else (str(expanded("~/.gitconfig")), f"{own}/git/config")),
            os.environ.get("GIT_CONFIG_SYSTEM") or _SYSTEM,
        )


def _variables() -> dict[bytes, bytes]:
    return {name: os.environb[name] for name in os.environb if name.startswith(_TELLING)}


def _stamp(file: str) -> tuple[int, ...] | None:
    """Return a value that differs once a file was written; git itself puts a new file in its place."""
    with contextlib.suppress(OSError):
        found = os.stat(file)  # noqa: PTH116  # a path takes twice as long
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return None


def _content(file: str) -> bytes | None:
    with contextlib.suppress(OSError):
        return Path(file).read_bytes()
    return None
