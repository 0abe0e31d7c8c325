"""References between the entries of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

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
