"""The layout of a merged file: nodes of the other side are laid out as those around them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.merging.merge_nodes import FILE, MergeNode, MergeValue
from index.formats.xml.writing.layout import Layout, moved
from index.formats.xml.writing.markup_writing import newline_of
from index.formats.xml.writing.white_space import keeping

_LINE_END = re.compile(r"\r\n?|\n")


class Made(NamedTuple):
    """An element as it is to be written, and its value."""

    markup: str
    value: MergeValue


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """A child of an element, with the white space before it."""

    gap: str
    made: Made
    ours: int | None = None
    """Its place among the children of our side; None when it is not there."""
    theirs: int | None = None


def element(node: MergeNode, start_tag: str, content: str) -> str:
    """Return the markup of an element with another start tag and content."""
    if node.content_start < node.end:
        return start_tag + content + node.document.source[node.content_end : node.end]
    if not content:
        return start_tag
    return f"{start_tag.removesuffix('/>').rstrip(WHITESPACE)}>{content}</{node.name}>"


def fitted(text: str, stem: Document) -> str:
    """Return markup with the line ends of a document, and references for characters its encoding lacks."""
    return stem.encoding.fit_markup(_LINE_END.sub(newline_of(stem), text))


def adopt(node: MergeNode, stem: Document, margin: str | None) -> str:
    """Return the markup of another side's node, as `stem` would hold it at that indentation."""
    return fitted(_moved(node, node.start, node.end, margin), stem)


def adopt_content(node: MergeNode, stem: Document, margin: str | None) -> str:
    """Return the content of another side's node, as `adopt`."""
    return fitted(_moved(node, node.content_start, node.content_end, margin), stem)


def _moved(node: MergeNode, start: int, end: int, margin: str | None) -> str:
    """Return the source of a span of another side's node, as it is at another indentation of that node."""
    document = node.document
    was = Layout("\n", node.margin(), "")
    return moved(
        document.source[start:end], was, was._replace(indent=margin), within=keeping(document)(start)
    )


# ── rows ──────────────────────────────────────────────────────────────────────


def insert(
    rows: list[LayoutRow], at: int, node: MergeNode, theirs: int, stem: MergeNode, parent: MergeNode
) -> None:
    """Put a node of the other side before row `at`, with the white space between rows here.

    `stem` is the element that takes it, `parent` the one that holds it on the other side.
    """
    newline = newline_of(stem.document)
    if not rows:
        start = parent.children[theirs].start
        gap = _moved(parent, start - len(parent.gaps()[0][theirs]), start, stem.margin())
        gap = _LINE_END.sub(newline, gap)
    else:
        gap = _between(rows, at, newline if stem.name == FILE else "")
        if at == 0:
            first = rows[0]
            rows[0] = replace(first, gap=gap)
            gap = first.gap
    margin = "" if stem.name == FILE and not gap else margin_of(gap)
    rows.insert(at, LayoutRow(gap, Made(adopt(node, stem.document, margin), node.value), None, theirs))


def _between(rows: Sequence[LayoutRow], at: int, default: str) -> str:
    """Return the white space between two rows near `at`."""
    inner = sorted(range(1, len(rows)), key=lambda place: abs(place - at))
    spread = [rows[place].gap for place in inner if "\n" in rows[place].gap]
    if spread or not rows:
        return spread[0] if spread else ""
    gap = rows[0].gap
    if len(rows) > 1 or "\n" not in gap:
        return rows[inner[0]].gap if inner else default
    start = gap.rfind("\n")
    return gap[start - (gap[start - 1 : start] == "\r") :]


def margin_of(gap: str) -> str | None:
    """Return the indentation of the text after a gap; None when it does not start its line."""
    return gap[gap.rfind("\n") + 1 :] if "\n" in gap else None


def join(rows: Sequence[LayoutRow], tail: str) -> str:
    """Return the content that rows make."""
    if not rows:
        return tail if tail.strip(WHITESPACE) else ""
    return "".join(row.gap + row.made.markup for row in rows) + tail


def reordered(rows: list[LayoutRow], ours: Mapping[int, int], theirs: Mapping[int, int]) -> list[LayoutRow]:
    """Put rows in the other side's order when only that side changed it; gaps stay where they are.

    The mappings tell the place that a child had in the base.
    """
    common = [
        place
        for place, row in enumerate(rows)
        if row.ours in ours and row.theirs is not None and row.theirs in theirs
    ]
    order = sorted(common, key=lambda place: rows[place].theirs or 0)
    was = [ours[rows[place].ours or 0] for place in common]
    if order == common or was != sorted(was):
        return rows
    out = list(rows)
    for slot, place in zip(common, order, strict=True):
        out[slot] = replace(rows[place], gap=rows[slot].gap)
    return out


def spot(rows: Sequence[LayoutRow], place: int, count: int, new: Container[int | None]) -> int:
    """Return where a child of the other side goes: behind the one before it there, and our additions."""
    where = {row.theirs: at for at, row in enumerate(rows) if row.theirs is not None}
    for before in range(place - 1, -1, -1):
        if before in where:
            at = where[before] + 1
            while at < len(rows) and rows[at].ours in new:
                at += 1
            return at
    return next((where[after] for after in range(place + 1, count) if after in where), len(rows))
