"""The command line: one group that knows every command."""

from __future__ import annotations

import click

from index.commands import (
    changing,
    config,
    ending,
    exporting,
    finding,
    history,
    manual,
    sessions,
    status,
    stores,
    trends,
    upkeep,
)
from index.commands.arguments import Commands
from index.commands.base import tree_option
from index.rendering.text import safe
from index.workspace import use_config


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="memarium")
@tree_option
@click.pass_context
def cli(context: click.Context, tree: str | None) -> None:
    """See, search, correct and version what your coding agents remember.

    `memarium [TREE]` opens the app; the commands below print.
    """
    if tree is not None:  # the first one is moved behind the command
        raise click.UsageError("Name one tree.")
    problems = use_config().problems
    if context.invoked_subcommand != "config":  # which tells them itself
        for problem in problems:
            click.echo(f"memarium: {safe(str(problem))}", err=True)


GROUPS: dict[str, tuple[click.Command, ...]] = {
    "Find": (finding.search, finding.list_, finding.similar, finding.show, exporting.export),
    "Change": (
        changing.add, changing.edit, changing.duplicate, changing.move, changing.delete,
        changing.rename_tag, history.undo,
    ),
    "Look back": (history.history, history.diff, history.restore),
    "Sessions": (sessions.brief, sessions.timeline, ending.session, trends.trends),
    "Git": (status.status, status.commit, history.sync),
    "Files": (upkeep.check, upkeep.repair, upkeep.index),
    "More": (config.config, stores.stores, stores.init, upkeep.demo, manual.man),
}  # fmt: skip
for _title, _commands in GROUPS.items():
    cli.add_group(_title, _commands)
