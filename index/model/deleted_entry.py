"""An entry that was in the tree once and is not now."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from index.model.entry import Entry


class Deleted(NamedTuple):
    """An entry that was in the tree once and is not now."""

    entry: Entry
    """As it last was."""
    rev: str
    """The commit that removed it."""
    when: datetime
    author: str
    message: str
    path: str
    """The file it was in, relative to the tree."""
    blob: str
    """Id of that file's content before the commit, for `Repository.content`."""
