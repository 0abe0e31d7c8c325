"""The command line: one group that knows every command."""

from __future__ import annotations

import click

from index.commands import (
    briefing,
    changing,
    ending,
    finding,
    history,
    recording,
    sessions,
    status,
    trends,
    upkeep,
)
from index.commands.arguments import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="memarium")
def cli() -> None:
    """See, search, correct and version what your coding agents remember.

    `memarium [TREE]` opens the app; the commands below print.
    """


for _command in (
    finding.list_, finding.search, finding.similar, finding.show,
    recording.edit, recording.add, changing.delete, changing.duplicate, changing.move, changing.rename_tag,
    upkeep.check, upkeep.repair, upkeep.index, upkeep.demo,
    history.history, history.diff, history.restore, history.undo, history.sync,
    sessions.timeline, ending.session, briefing.brief, trends.trends,
    status.status, status.commit,
):  # fmt: skip
    cli.add_command(_command)
