"""A new entry before anything is written in it."""

from __future__ import annotations

from typing import NamedTuple

from index.model.kind_shape import KindShape


class Blank(NamedTuple):
    """A new entry before anything is written in it."""

    kind: str
    group: str
    """As `Entry.group`."""
    file: str
    """The place for it; the file may be a new one."""
    shape: KindShape
    texts: dict[str, str]
    """The fields that are asked for, with the values known already: the time, the project."""
    titled: bool = False
    """Whether it gets a file of its own, called after its title, where none is named."""
    full: str = ""
    """The reason for which the file takes no more of the kind; empty where it does."""
