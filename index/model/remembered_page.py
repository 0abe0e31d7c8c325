"""The first page of a tree, as it was left."""

from __future__ import annotations

from typing import NamedTuple

from index.model.entry import Entry
from index.model.facets import Facets


class RememberedPage(NamedTuple):
    """The first page of a tree as it was left: enough to paint before anything is read."""

    entries: list[Entry]
    total: int
    files: int
    problems: int
    """Files with an error."""
    facets: Facets
