"""The entries of stores that others document, for files that have none yet to learn from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from index.model.kind_shape import FieldShape, KindShape
from index.model.store_places import in_store, store_of


def documented_kinds(places: Iterable[str]) -> dict[str, str]:
    """Return the kinds that the keepers of these stores document, each with the path of a file for it."""
    found: dict[str, str] = {}
    for place in places:
        for kind, row in _shapes(place).items():
            found.setdefault(kind, f"{place}/{row['file']}")
    return found


def store_shape(kind: str, file: str) -> KindShape | None:
    """Return the shape that the keeper of a file's store documents for a kind; None for any other file."""
    row = _row(kind, file)
    if row is None:
        return None
    fields = [FieldShape(name, long=name in row["sections"]) for name in (*row["lines"], *row["sections"])]
    own, time = row.get("id", "") and "id", row.get("time", "")
    return KindShape(kind, tuple(fields), own, time, day=row.get("day", False))


def first_id(kind: str, file: str) -> str:
    """Return an id as the keeper of a file's store documents it; empty for any other file or without one."""
    row = _row(kind, file)
    return row.get("id", "") if row is not None else ""


def _row(kind: str, file: str) -> dict[str, Any] | None:
    row = _shapes(file).get(kind)
    return row if row is not None and (row.get("each") or row["file"] == in_store(file)) else None


def _shapes(path: str) -> dict[str, dict[str, Any]]:
    """Return the rows of the kinds of a store, by the path of it or of a file in it."""
    name = store_of(path).rpartition("/")[2]
    table = tables().get(name, {})
    shapes: dict[str, dict[str, Any]] = tables().get(table.get("as", name), {}).get("shapes", {})
    return shapes


@cache
def tables() -> dict[str, Any]:
    """Return the table of each store that can be started."""
    return tomllib.loads(resources.files(__package__).joinpath("new_stores.toml").read_text("utf-8"))
