"""The way from an entry to a field: names of elements, each with its count, and an attribute."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.formats.xml.document import Document
from index.model.plan import CannotEdit

FieldPath = Sequence[tuple[str, int]]
"""The elements from the entry on: their names, and which of that name they are among their siblings."""
_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?", re.DOTALL)


def field_path(name: str) -> tuple[FieldPath, str]:
    """Read the name of a field: the elements from the entry on, each with its count, and the attribute.

    >>> field_path("steps/step[2]@id")
    ([('steps', 1), ('step', 2)], 'id')

    Raises:
        CannotEdit: no field can be called so.
    """
    path, _, attribute = name.partition("@")
    return [_step(part) for part in path.split("/")] if path else [], attribute.partition("[")[0]


def _step(step: str) -> tuple[str, int]:
    found = _STEP.fullmatch(step)
    if found is None:
        raise CannotEdit(f"{step or 'Nothing'} cannot be the name of a field.")
    return found[1], max(int(found[2] or 1), 1)


def child_at(document: Document, parent: int, name: str, count: int) -> int | None:
    """Return the `count`-th child of this name, from 1; None when there are fewer."""
    for child in document.children(parent):
        if document.names[child] == name:
            count -= 1
            if not count:
                return child
    return None


def follow(document: Document, element: int, path: FieldPath) -> int | None:
    """Return the element that a path leads to from another one; None where it ends before."""
    for name, count in path:
        found = child_at(document, element, name, count)
        if found is None:
            return None
        element = found
    return element
