"""The command that looks at the tree as a whole: trends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from index.commands.base import copies_json, json_option, open_tree, tell_copies, tree_option
from index.commands.exit_status import NOTHING, command
from index.model.days import today
from index.model.display import shorten
from index.model.path_spelling import shown, spelled
from index.rendering.text import to_json, write

if TYPE_CHECKING:
    from index.trends.counting import Series, TrendCounts
    from index.trends.recurring import Recurring
    from index.trends.reuse import Reuse

_LABEL = 28


@click.command()
@click.option("-n", "--limit", type=click.IntRange(min=1), default=8, show_default=True, metavar="N")
@json_option
@tree_option
@command
def trends(tree: str | None, limit: int, as_json: bool) -> int:
    """Tell how the memories grow: by kind, level, project and tag, what comes back, what is used again.

    N is how many lines each part has; JSON has them all.
    """
    from index.trends.counting import count
    from index.trends.recurring import recurring
    from index.trends.reuse import reused

    with open_tree(tree) as workspace:
        entries = workspace.tree.entries()
        counted = count(entries, today())
        again, used = recurring(entries), reused(entries)
        if as_json:
            told = {"tree": spelled(str(workspace.tree.root))} | _as_json(counted, again, used)
            click.echo(to_json(told | {"copies": copies_json(workspace)}))
        elif counted.entries:
            for line in _as_text(counted, again, used, limit):
                write(line)
        tell_copies(workspace)
    if not counted.entries:
        click.echo("There are no entries to count.", err=True)
    return 0 if counted.entries else NOTHING


def _as_json(counted: TrendCounts, again: Sequence[Recurring], used: Sequence[Reuse]) -> dict[str, Any]:
    scale = counted.scale
    return {
        "entries": counted.entries,
        "undated": counted.undated,
        "outside": counted.outside,
        "unit": scale.unit,
        "periods": [start.isoformat() for start in scale.starts],
        "last": scale.last.isoformat() if scale.starts else None,
        "counts": list(counted.whole.counts),
        "kinds": [_series(one, "kind") | {"group": one.group} for one in counted.kinds],
        "levels": [_series(one, "level") for one in counted.levels],
        "projects": [_series(one, "project") for one in counted.projects],
        "tags": [_series(one, "tag") | {"before": one.before, "recent": one.recent} for one in counted.tags],
        "growing": [one.value for one in counted.growing],
        "dying": [one.value for one in counted.dying],
        "recurring": [
            {
                "title": one.entries[0].title,
                "count": len(one.entries),
                "similarity": round(one.similarity, 3),
                "ids": [entry.id for entry in one.entries],
            }
            for one in again
        ],
        "reused": [
            {"id": one.entry.id, "title": one.entry.title, "references": list(one.by), "uses": one.uses}
            for one in used
        ],
    }


def _series(one: Series, name: str) -> dict[str, Any]:
    return {name: one.value, "total": one.total, "counts": list(one.counts)}


def _as_text(
    counted: TrendCounts, again: Sequence[Recurring], used: Sequence[Reuse], limit: int
) -> Iterator[str]:
    scale = counted.scale
    if scale.starts:
        yield f"{scale.starts[0]} to {scale.last}, a bar is a {scale.unit}"
    for name, number in (("undated", counted.undated), ("outside of these days", counted.outside)):
        if number:
            yield f"{number:,} {name}"
    yield ""
    yield from _lines([counted.whole])
    for heading, rows in (
        ("Kinds", counted.kinds[:limit]),
        ("Levels", [one._replace(value=f"L{one.value}") for one in counted.levels if one.total]),
        ("Projects", counted.projects[:limit]),
        ("Tags growing", counted.growing[:limit]),
        ("Tags dying", counted.dying[:limit]),
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
    from index.trends.periods import spark

    for one in rows:
        yield f"  {shorten(one.value, _LABEL):{_LABEL}}  {spark(one.counts)}  {one.total:,}"
