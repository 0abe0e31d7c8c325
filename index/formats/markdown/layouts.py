"""The unit of an entry by the place of its file: `layouts.toml`.

By place and not by content, for what a file holds changes: decided by content alone, the unit would flip
between neighbouring versions of one file in seven of a Serena store.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from index.model.file_record import LoadLimit


class FileLayout(NamedTuple):
    """The way entries are kept in a file."""

    unit: str
    """`file`, `sections`, `index`; empty where its structure is to tell."""
    kind: str
    """Of an entry that says nothing of its kind itself."""
    limit: LoadLimit | None = None
    """The part of it that its agent reads."""


UNKNOWN = FileLayout("", "note")


@lru_cache(maxsize=4096)
def layout_of(path: str) -> FileLayout:
    """Return the layout of the file at a path in the tree."""
    for places, layout in _layouts():
        if places.fullmatch(path):
            return layout
    return UNKNOWN


def is_open(path: str) -> bool:
    """Whether the place of a file leaves the unit of its entries to its structure."""
    return layout_of(path).unit in ("", "index")


def fitting(rule: str, path: str) -> str:
    """Return the rule of another version of a file as far as its place leaves it open; else nothing."""
    return rule if is_open(path) or rule.startswith(f"{layout_of(path).unit}:") else ""


@cache
def _layouts() -> tuple[tuple[re.Pattern[str], FileLayout], ...]:
    table = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text("utf-8"))
    return tuple(
        (re.compile("|".join(map(_pattern, row["places"]))), _layout(row)) for row in table["layout"]
    )


def _layout(row: Mapping[str, Any]) -> FileLayout:
    reader = row.get("reader")
    limit = LoadLimit(reader["name"], reader["lines"], reader["bytes"]) if reader else None
    return FileLayout(row["unit"], row["kind"], limit)


def _pattern(place: str) -> str:
    """Return the pattern of paths that end in a place: `**` is any folders, `*` anything in a name."""
    parts = re.split(r"(\*\*/|\*\*|\*|\[[^]]*\])", place.removeprefix("**/"))
    said = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return "(?:.*/)?" + "".join(
        part if part.startswith("[") else said.get(part, re.escape(part)) for part in parts
    )
