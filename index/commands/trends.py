"""The command that looks at the tree as a whole: trends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from index.commands.arguments import COUNT
from index.commands.base import json_option, open_tree, tell_copies, tell_unread, tree_option
from index.commands.exit_status import NOTHING, command
from index.model.days import today
from index.model.display import shorten
from index.model.path_spelling import shown
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import copies_shape, tree_shape, trends_shape
from index.rendering.text import write

if TYPE_CHECKING:
    from index.model.trend_counts import Recurring, Reuse, Series, TrendCounts

_LABEL = 28


@click.command()
@click.option("-n", "--limit", type=COUNT, default=8, show_default=True, metavar="N")
@json_option
@tree_option
@command
def trends(tree: str | None, limit: int, as_json: bool) -> int:
    """Show how the memories grow, and which come back or are used again.

    Counts over time by kind, level, project and tag. N is how many lines each part has; JSON has them all.
    """
    with open_tree(tree) as workspace:
        looked_for = workspace.trends.begin_recurring()
        counted, used = workspace.trends.count(today()), workspace.trends.reused()
        again = looked_for()
        if as_json:
            told = tree_shape(workspace.tree) | trends_shape(counted, again, used)
            click.echo(to_json(told | {"copies": copies_shape(workspace.tree)}))
        elif counted.entries:
            for line in _as_text(counted, again, used, limit):
                write(line)
        tell_unread(workspace)
        tell_copies(workspace)
    if not counted.entries:
        click.echo("There are no entries to count.", err=True)
    return 0 if counted.entries else NOTHING


def _as_text(
    counted: TrendCounts, again: Sequence[Recurring], used: Sequence[Reuse], limit: int
) -> Iterator[str]:
    scale = counted.scale
    if scale.starts:
        yield f"{scale.starts[0]} to {scale.last}, 1 bar = 1 {scale.unit}"
    for name, number in (("undated", counted.undated), ("outside of these days", counted.outside)):
        if number:
            yield f"{number:,} {name}"
    yield ""
    yield from _lines([counted.whole])
    for heading, rows in (
        ("Kinds", counted.kinds[:limit]),
        ("Levels", [one._replace(value=f"L{one.value}") for one in counted.levels if one.total]),
        ("Projects", counted.projects[:limit]),
        ("Growing tags", counted.growing[:limit]),
        ("Fading tags", counted.dying[:limit]),
    ):
        if rows:
            yield from ("", heading)
            yield from _lines(rows)
    if again:
        yield from ("", "Problems that came back")
        for one in again[:limit]:
            yield f"  {len(one.entries):>3} ×  {one.entries[0].title}  ({one.similarity:.0%} alike)"
            yield from (f"         {shown(entry.id)}" for entry in one.entries)
    if used:
        yield from ("", "Used again")
        yield from (f"  {one.total:>3} ×  {one.entry.title}  {shown(one.entry.id)}" for one in used[:limit])


def _lines(rows: Iterable[Series]) -> Iterator[str]:
    from index.rendering.text import spark

    for one in rows:
        yield f"  {shorten(one.value, _LABEL):{_LABEL}}  {spark(one.counts)}  {one.total:,}"
