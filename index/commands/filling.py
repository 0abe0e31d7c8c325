"""The option `--template` of the commands that print entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from index.commands.arguments import PlainUsage
from index.commands.completing import complete_template
from index.model.entry import Entry
from index.rendering.entry_template import EntryTemplate, TemplateError, field_names
from index.rendering.text import safe
from index.workspace import Workspace


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
