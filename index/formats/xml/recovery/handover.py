"""The handover from the fast pass to the tolerant reader, so that well-formed text is not read again.

All that the fast pass read in front of an element is as the tolerant reader would have read it: elements that
are closed stay what they are, and those still open wait for the rest of the text.
"""

from __future__ import annotations

from typing import NamedTuple

from index.formats.xml.content import opaque_in
from index.formats.xml.markup import Elements, Opaque, is_name
from index.formats.xml.recovery.nodes import VISIBLE, Closed, Open

_BACK = 2
"""Elements to go back from the anomaly: the fast pass may have left its last one half read, and the tolerant
reader looks back at the tag before an anomaly."""


class Start(NamedTuple):
    """The elements that are open at the offset where reading starts."""

    offset: int
    open: list[Open]
    """The elements that are open there, outermost first, below a nameless one that holds the roots."""
    opaque: list[Opaque]


def beginning() -> Start:
    """Return the start of a text of which nothing was read yet."""
    return Start(0, [Open("", 0, 0)], [])


def behind(source: str, scanned: Elements) -> Start:
    """Return the start behind the elements that the fast pass read; the beginning when in doubt."""
    element = len(scanned.names) - _BACK
    if element < 1 or not all(is_name(name) and not name.startswith("xmlns:") for name in set(scanned.names)):
        return beginning()
    way = [element]
    while (above := scanned.parents[way[-1]]) >= 0:
        way.append(above)
    start = Start(scanned.starts[element], [Open("", 0, 0)], scanned.opaque)
    first = 0
    for inner in reversed(way):
        node = start.open[-1]
        _fill(node, source, scanned, first, inner)
        # Text outside of any element is to be reported; behind text, an element may turn out to be text.
        if node.texts and (inner != element or len(start.open) == 1):
            return beginning()
        if inner != element:
            start.open.append(
                Open(scanned.names[inner], scanned.starts[inner], scanned.content_starts[inner])
            )
            node.children.append(start.open[-1])
            first = inner + 1
    before = [span for span in scanned.opaque if span.start < start.offset]
    return start._replace(opaque=before)


def _fill(node: Open, source: str, scanned: Elements, first: int, until: int) -> None:
    """Give ``node`` the closed elements from ``first`` up to ``until``, and the text beside them."""
    position = node.content_start
    for child in (*_siblings(scanned, first, until), until):
        gap_end = scanned.starts[child]
        for span in opaque_in(scanned.opaque, position, gap_end):
            _add_text(node, source, position, span.start)
            if span.text_start > span.start:  # CDATA
                _add_text(node, source, span.start, span.end)
            position = span.end
        _add_text(node, source, position, gap_end)
        if child != until:
            node.children.append(Closed.of(scanned, child))
            position = scanned.ends[child]


def _siblings(scanned: Elements, first: int, until: int) -> list[int]:
    found = []
    while first < until:
        found.append(first)
        first = scanned.last[first] + 1
    return found


def _add_text(node: Open, source: str, start: int, end: int) -> None:
    visible = VISIBLE.search(source, start, end)
    if visible:
        node.texts.append((visible.start(), end))
