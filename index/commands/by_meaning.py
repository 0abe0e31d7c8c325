"""The part of `memarium search` that finds by meaning, below the hits by words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from index.commands.bars import draw_bar
from index.rendering.styled_lines import write_entries
from index.rendering.text import safe
from index.search.language.query import parse
from index.search.tree_search import RELATED
from index.storage.helper_process import cores
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.search.results import Hit, SearchResults

_SOON = 32
"""Entries whose meaning is read before one would ask how long it takes."""


def find_related(workspace: Workspace, query: str, results: SearchResults, limit: int) -> Sequence[Hit]:
    """Return the entries related in meaning to a query that `results` lacks; say why there can be none."""
    from index.model.errors import MeaningUnusable

    search, found = workspace.search, {hit.id for hit in results}
    try:
        search.learn(draw_bar("reading the meaning", _SOON), helpers=cores())
        return search.related(parse(query, typing=False), found, min(limit, RELATED))
    except MeaningUnusable as error:
        click.echo(safe(str(error)), err=True)
        return ()


def write_related(related: Sequence[Hit]) -> None:
    """Print them as a group of their own; its heading is no result."""
    if related:
        click.echo("Related by meaning:", err=True)
        write_entries(hit.entry for hit in related)
