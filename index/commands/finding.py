"""Commands that find and show: list, search, show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from index.commands.arguments import COUNT, PlainUsage, WordsCommand
from index.commands.bars import draw_bar, prepare
from index.commands.base import json_option, open_tree, tell_copies, tell_unread, tree_option
from index.commands.completing import (
    complete_id,
    complete_kind,
    complete_query,
    complete_store,
    complete_template,
)
from index.commands.exit_status import NOTHING, command
from index.model.days import written
from index.model.entry import Entry
from index.model.errors import TreeError
from index.model.user_config import SORTS
from index.rendering.entry_markdown import entry_markdown
from index.rendering.entry_template import EntryTemplate, TemplateError, field_names
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import copies_shape, entry_shape, hit_shape, tree_shape
from index.rendering.styled_lines import EntryTable, write_entries
from index.rendering.text import entry_text, safe, write
from index.search.language.query import parse
from index.search.results import SearchResults
from index.search.similar import SIMILAR
from index.search.tree_search import RELATED
from index.storage.helper_process import cores
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.search.results import Hit


def _read(context: click.Context, option: click.Parameter, value: str | None) -> EntryTemplate | None:
    """Return the template that was given.

    Raises PlainUsage: it cannot be used, or JSON is asked for as well.
    """
    if value is None:
        return None
    if context.params.get("as_json"):
        raise PlainUsage("Give --template or --json, not both.")
    try:
        return EntryTemplate(value)
    except TemplateError as error:
        raise PlainUsage(str(error)) from error


template_option = click.option(
    "--template",
    metavar="TEXT",
    callback=_read,
    shell_complete=complete_template,
    help="Print each entry as this text, with {{ id }}, {{ title }} or any field in its place.",
)


def write_filled(template: EntryTemplate, entries: Sequence[Entry], workspace: Workspace) -> None:
    """Print the template for each entry; the errors are those of `filled`."""
    for piece in filled(template, entries, workspace):
        click.echo(piece, nl=False)


def filled(template: EntryTemplate, entries: Sequence[Entry], workspace: Workspace) -> Iterator[str]:
    """Return the template for each entry, as lines that are safe to print.

    Raises PlainUsage: it has a name that no entry of the tree has.
    """
    try:
        template.check(field_names(entries))
    except TemplateError:
        try:
            template.check(field_names(workspace.tree.entries()))
        except TemplateError as error:
            raise PlainUsage(str(error)) from error
    return (safe(template.fill(entry)) + "\n" for entry in entries)


class _Options(TypedDict):
    """The options that `list` and `search` share, as click hands them over."""

    kind: str | None
    store: str | None
    limit: int
    sort: str | None
    as_json: bool
    template: EntryTemplate | None


def _query_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        json_option,
        click.option("--sort", type=click.Choice(SORTS), help="The order of the hits."),
        click.option("-n", "--limit", type=COUNT, default=50, show_default=True, metavar="N"),
        click.option(
            "--store", metavar="S", shell_complete=complete_store, help="Only entries of this store."
        ),
        click.option("--kind", metavar="K", shell_complete=complete_kind, help="Only entries of this kind."),
        tree_option,
        template_option,
    ):
        function = option(function)
    return function


@click.command("list", cls=WordsCommand)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--new", is_flag=True, help="Only entries that others added or changed since you last looked.")
@click.option("--seen", is_flag=True, help="Then mark all as read.")
@_query_options
@command
def list_(
    tree: str | None, query: tuple[str, ...], new: bool, seen: bool, **options: Unpack[_Options]
) -> int:
    """List the entries, newest first.

    QUERY is as in search; without one, all of them.
    """
    words = (*query, "is:new") if new else query
    return _find(tree, " ".join(words), options, sort="date", seen=seen)


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1, required=True, shell_complete=complete_query)
@click.option("--meaning", is_flag=True, help="Also entries related by meaning, as with ~ before the query.")
@_query_options
@command
def search(tree: str | None, query: tuple[str, ...], meaning: bool, **options: Unpack[_Options]) -> int:
    """Search the entries, best first.

    QUERY is words (all must match), "a phrase", -not, OR, word~ (typos), pre*, and filters such as
    kind:solution project:shop-api tag:redis level:>=3 after:2025-10. is:deleted looks among the deleted.
    @name is the search saved under this name in the app.
    """
    return _find(tree, " ".join(query), options, sort="relevance", meaning=meaning)


def ask(
    workspace: Workspace,
    query: str,
    kind: str | None,
    store: str | None,
    limit: int,
    sort: str,
    *,
    meaning: bool = False,
) -> tuple[str, SearchResults]:
    """Return the query with all that narrows it, and its results; a hint on it is told.

    Raises PlainUsage: it asks for nothing.
    """
    if kind:
        query = f"{query} kind:{kind}" if kind.endswith("*") else f'{query} kind:"{kind}"'
    if store:
        query = f'{query} store:"{store}"'
    query = workspace.tree.bookmarks.expanded(query.strip())
    if query:
        prepare(workspace)  # all there is needs no index
    asked = parse(f"~ {query}" if meaning else query, entered=True)
    if query and not asked.filters and asked.is_empty:
        raise PlainUsage(f"There is nothing to search for in “{query}”.")
    results = workspace.search.find(asked, limit, sort)
    tell_unread(workspace)
    if results.hint:
        click.echo(safe(results.hint), err=True)
    return query, results


def _find(
    tree: str | None, query: str, options: _Options, *, sort: str, seen: bool = False, meaning: bool = False
) -> int:
    kind, limit = options["kind"], options["limit"]
    as_json, template = options["as_json"], options["template"]
    with open_tree(tree) as workspace:
        sort = options["sort"] or sort
        query, results = ask(workspace, query, kind, options["store"], limit, sort, meaning=meaning)
        if "is:new" in query:
            _check_marks(workspace)
        meaning = meaning or results.query.asks_meaning
        related = find_related(workspace, query, results, limit) if meaning else ()
        if template is not None:
            write_filled(template, [hit.entry for hit in (*results, *related)], workspace)
        elif as_json:
            found = tree_shape(workspace.tree) | {
                "total": results.total,
                "took_ms": round(results.took_ms, 1),
                "hint": results.hint,
                "suggestion": results.suggestion,
                "some_words": results.some_words,
                "leave_out": [omission._asdict() for omission in results.omissions],
                "hits": [
                    hit_shape(hit) | {"new": hit.id in workspace.tree.seen.news().ids} for hit in results
                ],
                "copies": copies_shape(workspace.tree, {hit.entry.file for hit in results}),
            }
            if meaning:
                found["related"] = [hit_shape(hit) for hit in related]
            click.echo(to_json(found))
        else:
            table = EntryTable([hit.entry for hit in results])
            for hit in results:
                table.write(hit.entry)
                if hit.deleted is not None:
                    gone = hit.deleted
                    table.write_below(f"deleted {written(gone.when)} by {gone.author} in {gone.rev[:7]}")
                if query and hit.snippet:
                    table.write_below(hit.snippet)
            if results.total > len(results.hits):
                click.echo(f"{len(results.hits):,} of {results.total:,}; use -n for more", err=True)
        tell_copies(workspace, {hit.entry.file for hit in results})
        write_related(() if as_json or template is not None else related)
        _tell_ways_on(results, nothing=not results.total and not related)
        if not results.total and (hidden := workspace.tree.left_out().words):
            click.echo(safe(hidden), err=True)
        if kind and not results.total:
            _tell_kinds(workspace, kind)
        if query.startswith("@") and (results.some_words or not results.total):
            _tell_searches(workspace, query)
        if seen:
            workspace.tree.seen.see_all()
            _check_marks(workspace)
        return 0 if results.total or related else NOTHING


def _check_marks(workspace: Workspace) -> None:
    """Raise TreeError where nothing is new because the read marks could not be read or written."""
    if why := workspace.tree.seen.failure:
        raise TreeError(f"The file of what you have seen cannot be used: {why}.")


def _tell_kinds(workspace: Workspace, kind: str) -> None:
    """Name the kinds that there are, where none is called so."""
    kinds = sorted({entry.kind for entry in workspace.tree.entries()})
    if kinds and kind not in kinds and not kind.endswith("*"):
        click.echo(safe(f"There is no kind {kind}; there are {', '.join(kinds)}."), err=True)


def _tell_searches(workspace: Workspace, query: str) -> None:
    """Name the searches that there are, where none is called as a query begins."""
    names = " ".join(f"@{name}" for name in sorted(workspace.tree.bookmarks.searches()))
    there = f"; there are {names}" if names else ": the app names one from its search"
    click.echo(safe(f"{query} begins with the name of no saved search{there}."), err=True)


def _tell_ways_on(results: SearchResults, *, nothing: bool) -> None:
    """Say that nothing was found, and offer another query in place of one that no entry answers as it is."""
    lines = ["Nothing found."] if nothing else []
    if results.suggestion:
        lines.append(f"Did you mean: {results.suggestion}")
    for omission in results.omissions:
        hits = f"are {omission.hits:,} hits" if omission.hits != 1 else "is 1 hit"
        lines.append(f"Without {omission.text} there {hits}.")
    for line in lines:
        click.echo(safe(line), err=True)


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@click.option("-n", "--limit", type=COUNT, default=SIMILAR, show_default=True, metavar="N")
@json_option
@tree_option
@command
def similar(tree: str | None, entry_id: str, limit: int, as_json: bool) -> int:
    """List the entries that say nearly the same as one, the nearest first."""
    with open_tree(tree) as workspace:
        entry = workspace.tree.entry(entry_id)
        prepare(workspace)
        hits = workspace.search.similar(entry, limit)
        tell_unread(workspace)
        if as_json:
            found = {"id": entry.id, "hits": [hit_shape(hit) for hit in hits]}
            click.echo(to_json(tree_shape(workspace.tree) | found))
        write_entries(() if as_json else (hit.entry for hit in hits))
        if not hits:
            click.echo("No entry is similar to it.", err=True)
        return 0 if hits else NOTHING


@click.command()
@click.argument("entry_ids", metavar="ID…", nargs=-1, required=True, shell_complete=complete_id)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "xml"]),
    default="text",
    show_default=True,
    help="xml is the source.",
)
@click.option("--json", "as_json", is_flag=True, is_eager=True, help="The same as --format json.")
@template_option
@tree_option
@command
def show(
    tree: str | None, entry_ids: Sequence[str], form: str, as_json: bool, template: EntryTemplate | None
) -> int:
    """Show entries.

    As JSON, one is an object and several are an array.
    """
    with open_tree(tree) as workspace:
        entries = [workspace.tree.entry(entry_id) for entry_id in entry_ids]
        if template is not None:
            write_filled(template, entries, workspace)
        elif as_json or form == "json":
            shapes = [entry_shape(entry) for entry in entries]
            click.echo(to_json(shapes if len(shapes) > 1 else shapes[0]))
        elif form == "xml":
            write("\n".join([workspace.tree.markup(entry.id) for entry in entries]))
        else:
            told = entry_markdown if form == "markdown" else entry_text
            write("\n\n".join(map(told, entries)))
    return 0


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
