"""Memories of Serena that its settings call read-only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from index.formats.registry import NOTES
from index.model.errors import TreeError
from index.model.path_spelling import shown
from index.storage.files import read_or_none

_FOLDER = "SERENA_HOME"
_KEY = "read_only_memory_patterns"
_BLOCK = re.compile(rf"^{_KEY}:[^\n]*(?:\n(?:[ \t-][^\n]*|[ \t]*(?:#[^\n]*)?)(?=\n|\Z))*", re.M)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.M)
_ESCAPED = re.compile(r"\\.|\[[^\]]*\]")
_REPEATED = re.compile(r"\)[*+{]|\\\d|\(\?")
_MOST_REPEATS = 3
"""Parts of a pattern that may be as long as they like: with more, or nested ones, one name may take hours."""
_LONGEST = 200
_LARGEST = 1_000_000
"""Bytes of settings that are read: they come with a repository of anybody's."""


class _Settings(NamedTuple):
    file: str
    """As people call it."""
    patterns: tuple[str, ...]


def held_by_serena(file: Path) -> str:
    """Return the reason why Serena holds a memory read-only, a clause; empty where it does not.

    A pattern of the project's settings or the user's is meant for the whole name of a memory: its path in
    the store, without the suffix.
    """
    parts = file.parts
    places = [at for at in range(len(parts) - 2) if parts[at : at + 2] == (".serena", "memories")]
    if not places or file.suffix != NOTES.suffix:
        return ""
    folder = Path(*parts[: places[-1] + 1])
    name = Path(*parts[places[-1] + 2 :]).with_suffix("").as_posix()
    for settings in _settings_for(folder):
        for pattern in settings.patterns:
            if _matches(pattern, name):
                return f"{_KEY} in {settings.file} has “{shown(pattern)[:80]}”, so take that out to change it"
    return ""


def _settings_for(folder: Path) -> Iterator[_Settings]:
    home = Path(os.environ.get(_FOLDER) or os.path.expanduser("~/.serena"))  # noqa: PTH111  # pathlib's raises
    for file, told in (
        (folder / "project.yml", ".serena/project.yml"),
        (folder / "project.local.yml", ".serena/project.local.yml"),
        (home / "serena_config.yml", "Serena's serena_config.yml"),
    ):
        try:
            found = file.stat()
        except OSError:
            continue
        yield _Settings(told, _patterns(file, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=64)
def _patterns(file: Path, stamp: int, size: int) -> tuple[str, ...]:
    """Return the patterns of a file of settings, which is read again when it changes."""
    data = b""
    with suppress(TreeError, OSError):
        data = (read_or_none(file) if size <= _LARGEST else None) or b""
    found = _BLOCK.search(data.decode("utf-8", "replace").replace("\r\n", "\n"))
    if found is None:
        return ()
    front = f"---\n{_COMMENT.sub('', found[0])}\n---\n"
    entries = NOTES.read(front.encode(), "").entries
    return next((field.items for one in entries for field in one.fields if field.name == _KEY), ())


def _matches(pattern: str, name: str) -> bool:
    """Whether a pattern is meant for a name; one that is too much to try holds every name."""
    bare = _ESCAPED.sub("x", pattern)
    if len(pattern) > _LONGEST or _REPEATED.search(bare) or len(re.findall(r"[*+{]", bare)) > _MOST_REPEATS:
        return True
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:
        return False
