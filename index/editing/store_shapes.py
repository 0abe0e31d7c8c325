"""The entries of stores that others document, for files that have none yet to learn from."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from index.model.kind_shape import FieldShape, KindShape
from index.model.store_places import in_store, store_of


def store_shape(kind: str, file: str) -> KindShape | None:
    """Return the shape that the keeper of a file's store documents for a kind; None for any other file."""
    row = _row(kind, file)
    if row is None:
        return None
    fields = [FieldShape(name, long=name in row["sections"]) for name in (*row["lines"], *row["sections"])]
    return KindShape(kind, tuple(fields), "id", row["time"])


def first_id(kind: str, file: str) -> str:
    """Return an id as the keeper of a file's store documents it; empty for any other file."""
    row = _row(kind, file)
    return row["id"] if row is not None else ""


def _row(kind: str, file: str) -> dict[str, Any] | None:
    shapes: dict[str, dict[str, Any]] = tables().get(store_of(file).rpartition("/")[2], {}).get("shapes", {})
    row = shapes.get(kind)
    return row if row is not None and row["file"] == in_store(file) else None


@cache
def tables() -> dict[str, Any]:
    """Return the table of each store that can be started."""
    return tomllib.loads(resources.files(__package__).joinpath("new_stores.toml").read_text("utf-8"))
