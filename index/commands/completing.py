"""Shell completion of kinds and ids: from the catalogue alone, so that a key press never waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from index.model.entry import Entry
from index.model.known_entries import EntryList
from index.storage.scan import discover
from index.workspace import Workspace


def complete_kind(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the kinds that can be added."""
    from index.editing.templates import kinds_of

    kinds: list[str] = []
    with suppress(Exception):  # a completion that fails offers nothing
        kinds = kinds_of(EntryList([*_entries(context)]))
    return [CompletionItem(kind) for kind in kinds if kind.startswith(incomplete)]


def complete_id(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the ids of the entries: their keys, or whole ones once a path is typed."""
    found: list[CompletionItem] = []
    whole = "/" in incomplete or "#" in incomplete
    with suppress(Exception):
        for entry in _entries(context):
            value = entry.id if whole else entry.id.rpartition("#")[2]
            if value.startswith(incomplete) and value.isprintable():
                title = entry.title if entry.title.isprintable() else ""
                found.append(CompletionItem(value, help=title[:60]))
    return found


def _entries(context: click.Context) -> Iterator[Entry]:
    tree = context.params.get("tree")
    path = Path(tree) if tree else discover(Path.cwd())
    if path is not None:
        yield from Workspace.open(path).tree.remembered()
