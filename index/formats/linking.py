"""Links between files, as a format that has them finds and writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from index.model.file_links import FileLink
from index.model.problems import Splice


class IndexLine(NamedTuple):
    """A line of an index: the name of a memory, and something about it; offsets."""

    start: int
    end: int
    """Behind its line end, and the lines that go on with it."""
    title: tuple[int, int]
    about: tuple[int, int]
    """An empty span where it says nothing."""


class Linking(Protocol):
    """A format's way with links between files."""

    def links(self, text: str) -> Iterable[FileLink]:
        """Return the links of a file's text to other files, in order; ids that a text names are none."""

    def can_name(self, link: FileLink, name: str) -> bool:
        """Whether a link by name may have another one."""
        ...

    def written(self, text: str, link: FileLink, target: str) -> str:
        """Return another target as this link would write it, to take the place of its own."""

    def line_of(self, text: str, link: FileLink) -> IndexLine | None:
        """Return the line of an index that a link is in; None where it is in something else."""

    def new_line(self, text: str, target: str, title: str, about: str) -> Splice | None:
        """Return the splice that adds a line to an index, written as its others; None where it has none."""

    def line_back(self, text: str, then: str, line: IndexLine) -> Splice | None:
        """Return the splice that puts a line of an earlier text of an index back, behind its line of then.

        None where nothing is left of what was above it.
        """
