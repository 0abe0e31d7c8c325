"""Links of a text to other files of its tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index.model.store_places import is_beside

_DEEP = "/0" * 40
"""A place for a tree in which links that lead out of it stay apart."""


class FileLink(NamedTuple):
    """A link in the text of a file: to a path beside it, or to a memory by its name."""

    start: int
    """Offset of the path or the name as it is written."""
    end: int
    target: str
    """The path from the folder of the file on, or the name; escapes are resolved."""
    by_name: bool = False
    is_full: bool = False
    """Whether the name is the path from its store on, without a suffix."""


def path_of(file: str, target: str) -> str | None:
    """Return the path in the tree that a link in a file leads to; None where it leads out of the tree.

    >>> path_of("a/b.md", "../c.md"), path_of("b.md", "../c.md")
    ('c.md', None)
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
    leaves = path.startswith(("../", "/")) or path == ".." or is_beside(path) != is_beside(file)
    return None if leaves else path


def link_from(file: str, path: str) -> str:
    """Return the target of a link in a file that leads to a path of the tree; the inverse of `path_of`.

    >>> link_from("a/b.md", "c.md"), link_from("a/b.md", "../c.md")
    ('../c.md', '../../c.md')
    """
    folder, target = (posixpath.normpath(f"{_DEEP}/{one}") for one in (posixpath.dirname(file), path))
    return posixpath.relpath(target, folder)


_WORD = re.compile(r"[^\W_](?:[\w-]*\w)?")


class References(NamedTuple):
    """The references of a tree.

    A reference is an entry's own id, such as DEBUG-014, in a field of another one; an id that two entries
    share refers to neither, and one without a letter and a number says nothing.
    """

    named: Mapping[str, str]
    """Own id → id of the entry that has it."""
    by: Mapping[str, Sequence[str]]
    """Id of an entry → ids of those that name it, or link to its file."""

    def links(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the ids that a text names: start and end in characters, and the id of the entry."""
        for word in _WORD.finditer(text):
            target = self.named.get(word[0])
            if target is not None:
                yield word.start(), word.end(), target
