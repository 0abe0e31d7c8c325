"""Entries, found among the elements of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from index.formats.entry_making import Record, make_entries, shared_values
from index.formats.xml.fields import keeps_space, name_of, read_fields
from index.formats.xml.records import find_records
from index.model.entry import Entry
from index.model.field import Field
from index.model.vocabulary import fold, vocabulary

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from index.model.problems import Problem


class Content(NamedTuple):
    """The elements of a file, without comments and instructions, and its problems."""

    roots: list[Element]
    problems: tuple[Problem, ...]
    order: dict[Element, int]
    """Each element's index in document order, as `Document` counts; empty where nobody asks for it."""
    line: Callable[[Element], int]
    """Tells the line of an element's start tag, from 1."""


def read_entries(content: Content, path: str) -> list[Entry]:
    """Return the entries of a file in its order; `path` is relative to the tree, with `/`."""
    words, roots, line, order = vocabulary(), content.roots, content.line, content.order
    alone = len(roots) == 1
    records = []
    keeps: dict[Element, bool] = {}  # for the few elements around records
    for root in roots:
        for element, name, above, skip in find_records(root, words, alone=alone):
            parent = element.getparent()
            if parent is not None and parent not in keeps:
                keeps[parent] = keeps_space(parent)
            fields = read_fields(element, skip, keep=parent is not None and keeps[parent])
            records.append(Record(fields, name, above, line(element), order.get(element, -1)))
    leaves = [
        Field(name_of(leaf), (leaf.text or "").strip(" \t\r\n"))
        for root in roots
        for child in root
        if fold(name_of(child)) in words.metadata
        for leaf in child
    ]
    broken = any(problem.level == "error" for problem in content.problems)
    return make_entries(records, path, shared_values(leaves, path), broken=broken, alone=alone)
