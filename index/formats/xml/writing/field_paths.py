"""The elements that the path of a field leads to."""

from __future__ import annotations

from collections.abc import Sequence

from index.formats.xml.document import Document
from index.model.field_path import FieldPath, FieldStep, field_path
from index.model.plan import CannotEdit


def written_path(name: str) -> FieldPath:
    """Return the path of a field that can be written: each step the name of an element.

    Raises CannotEdit: no field can be called so.
    """
    path = field_path(name)
    for step in path.steps:
        if not step.name or "[" in step.name or "]" in step.name:
            raise CannotEdit(f"{step.name or 'Nothing'} cannot be the name of a field.")
    return path


def child_at(document: Document, parent: int, name: str, count: int) -> int | None:
    """Return the `count`-th child of this name, from 1; None when there are fewer. The 0th is the first."""
    count = count or 1
    for child in document.children(parent):
        if document.names[child] == name:
            count -= 1
            if not count:
                return child
    return None


def follow(document: Document, element: int, steps: Sequence[FieldStep]) -> int | None:
    """Return the element that steps lead to from another one; None where they end before."""
    for name, count in steps:
        found = child_at(document, element, name, count)
        if found is None:
            return None
        element = found
    return element
