"""The command that writes entries as a document."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from index.commands.arguments import PlainUsage, WordsCommand
from index.commands.bars import draw_bar
from index.commands.base import open_tree, tree_option
from index.commands.completing import complete_kind, complete_query, complete_store
from index.commands.exit_status import NOTHING, command
from index.commands.finding import ask, filled, template_option
from index.model.counts import count_words
from index.model.entry import Entry
from index.model.path_spelling import shown, spelled
from index.model.user_config import SORTS
from index.rendering.entry_documents import ENDINGS, exported, write_document
from index.rendering.entry_template import EntryTemplate

_ALL = 1 << 30
"""As a limit of hits: all of them."""


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--format", "form", type=click.Choice([*ENDINGS]), help="By default as FILE ends, or markdown.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="By default standard output.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@template_option
@click.option("--kind", metavar="K", shell_complete=complete_kind, help="Only entries of this kind.")
@click.option("--store", metavar="S", shell_complete=complete_store, help="Only entries of this store.")
@click.option("--sort", type=click.Choice(SORTS), help="The order of the entries.")
@tree_option
@command
def export(
    tree: str | None,
    query: tuple[str, ...],
    form: str | None,
    output: str | None,
    force: bool,
    template: EntryTemplate | None,
    kind: str | None,
    store: str | None,
    sort: str | None,
) -> int:
    """Write entries as Markdown, JSON, CSV or XML.

    QUERY is as in search; without one, all entries. Markdown is what add reads again, where
    fields are plain; JSON and XML hold every text as it is.
    """
    target = Path(output) if output not in (None, "-") else None
    if force and target is None:
        raise PlainUsage("--force overwrites a file: name it with --output FILE.")
    if form is not None and template is not None:
        raise PlainUsage("Give --template or --format, not both.")
    form = form or _meant(target)
    with open_tree(tree) as workspace:
        order = sort or ("relevance" if query else "date")
        _, results = ask(workspace, " ".join(query), kind, store, _ALL, order)
        entries = [hit.entry for hit in results]
        if not entries:
            click.echo("Nothing found.", err=True)
            return NOTHING
        if template is not None:
            pieces = filled(template, entries, workspace)
        else:
            pieces = exported(entries, form, spelled(str(workspace.tree.home)))
        if target is None:
            _print(pieces, form)
            return 0
        write_document(target, _counted(pieces, entries), workspace.tree, force=force)
    told = count_words(len(entries), "entry", "entries")
    click.echo(f"Exported {told} to {shown(str(target))}.", err=True)
    return 0


def _meant(target: Path | None) -> str:
    """Return the format that the name of a file ends like."""
    ending = target.suffix.lower().removeprefix(".") if target else ""
    return next((form for form, own in ENDINGS.items() if own == ending), "markdown")


def _counted(pieces: Iterable[str], entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the pieces, and draw a bar meanwhile."""
    progress = draw_bar("exporting")
    for place, piece in enumerate(pieces):
        yield piece
        progress(min(place + 1, len(entries)), len(entries))


def _print(pieces: Iterable[str], form: str) -> None:
    """Print the pieces as they are: they hold nothing that drives a terminal."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    for piece in pieces:
        if form == "xml" and encoding != "utf8":  # it says that it is UTF-8, of which ASCII is a part
            piece = piece.encode("ascii", "xmlcharrefreplace").decode()
        click.echo(piece, nl=False)
