"""The conflict markers that git leaves in a file, and the text that one side of them makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from index.model.problems import Splice

Side = Literal["ours", "theirs", "both"]

CHOOSE = "The file holds a merge conflict; choose a side first: ours, theirs or both."
"""The refusal to repair a file with a conflict in it."""
_MARKER = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: [^\r\n]*)?(?=\r?$)", re.MULTILINE)


class Marker(NamedTuple):
    """One marker line, without its line end; ``kind`` is its first character, one of ``<|=>``."""

    kind: str
    start: int
    end: int


def find_markers(source: str) -> list[Marker]:
    """The markers of every complete conflict; a line of seven signs elsewhere is text."""
    if "<<<<<<<" not in source:
        return []
    found: list[Marker] = []
    conflict: list[Marker] = []
    for match in _MARKER.finditer(source):
        marker = Marker(match[0][0], *match.span())
        if marker.kind == "<":
            conflict = [marker]
        elif conflict and conflict[-1].kind + marker.kind in {"<|", "<=", "|=", "=>"}:
            conflict.append(marker)
            if marker.kind == ">":
                found += conflict
                conflict = []
    return found


def resolutions(source: str, side: Side) -> Iterator[Splice]:
    """The splices that leave one side, or both one after the other, of every conflict."""
    markers = find_markers(source)
    for marker, following in zip(markers, [*markers[1:], None], strict=True):
        end = _next_line(source, marker.end)
        part = {"<": "ours", "|": "base", "=": "theirs", ">": "outside"}[marker.kind]
        if following is not None and (
            part == "base" or (part in {"ours", "theirs"} and side not in {part, "both"})
        ):
            end = following.start
        yield Splice(marker.start, end, "")


def _next_line(source: str, offset: int) -> int:
    if source.startswith("\r\n", offset):
        return offset + 2
    return min(offset + 1, len(source))
