"""Gauges of the files of which an agent reads only the beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.file_record import FileProblem, Gauge
    from index.workspace import Workspace

_TELLING = 0.5
"""Share of a limit from which on a gauge is shown."""
_MOST = 2
"""Gauges that are shown, the fullest."""
_WIDTH = 10


class TreeLook(NamedTuple):
    """Notices of a tree, and the gauges of its files that have a limit."""

    notices: list[FileProblem]
    gauges: Sequence[Gauge]


def look_on(workspace: Workspace, now: datetime) -> TreeLook:
    """Look for notices; it goes through all texts."""
    return TreeLook(workspace.notices.found(now), workspace.notices.gauges())


def gauge_lines(gauges: Sequence[Gauge]) -> Iterator[Content]:
    """Draw the gauges of the fullest files."""
    for gauge in [one for one in gauges if one.share >= _TELLING][:_MOST]:
        full = min(_WIDTH, round(gauge.share * _WIDTH))
        role = "err" if gauge.share > 1 else "warn" if gauge.share >= 0.9 else "ok"
        name = gauge.file.rpartition("/")[2]
        yield t("  ", ("━" * full, role), ("─" * (_WIDTH - full), "muted"), " ", plain(name))
        yield t("  ", (str(gauge), "muted"))
