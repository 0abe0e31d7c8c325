"""One entry as it was written down, before it has a place in a tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, NoReturn, Protocol

from index.formats.field_values import Text
from index.model.field_path import typed_path
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.text.letters import FORBIDDEN
from index.model.text.line_index import LineIndex
from index.model.vocabulary import fold

_NAME = re.compile(r"[^\W\d][\w.:-]*")


class Kinds(Protocol):
    """The kinds that an entry may be of."""

    def __contains__(self, name: object) -> bool:
        """Whether a kind is called exactly so."""

    def shape(self, name: str) -> KindShape:
        """Return the shape of entries of the kind that `name` means.

        Raises CannotEdit: there is no such kind.
        """


class WrittenEntry(NamedTuple):
    """An entry that was written down: fields, or its own source."""

    kind: str
    texts: Mapping[str, Text] = MappingProxyType({})
    """Field name → text, or the items of a list."""
    markup: str = ""
    """Its source, where it was written so; there are no `texts` then."""
    place: str = ""
    """Its place in the input: `line 12`, `entry 3`."""


class UnreadableInput(CannotEdit):
    """The input cannot be read; says where and why."""


def refuse_at(text: str, offset: int, why: str) -> NoReturn:
    """Refuse an input for its text at `offset`, a character of `text`. Raises UnreadableInput: always."""
    line, column = LineIndex(text).locate(offset)
    raise UnreadableInput(f"Line {line}, column {column}: {why}")


def check_characters(text: str) -> None:
    """Check that a memory can hold every character.

    Raises UnreadableInput: it cannot; names the first one.
    """
    found = FORBIDDEN.search(text)
    if found is not None:
        refuse_at(text, found.start(), f"the character U+{ord(found[0]):04X} cannot be in a memory.")


def field_name(shape: KindShape, written: str) -> str:
    """Return the field that a name means: `Root cause` is `root-cause`, `Tags` is `@tags` where it is one.

    Raises CannotEdit: no element can be called so.
    """
    known = shape.field(written)
    if known is not None:
        return known.name
    path = typed_path(written.strip())
    steps = tuple(s if _NAME.fullmatch(s.name) else s._replace(name=fold(s.name)) for s in path.steps)
    names = [step.name for step in steps] + ([path.attribute] if path.attribute else [])
    if not names or not all(map(_NAME.fullmatch, names)):
        raise CannotEdit(f"{written.strip()[:60]!r} cannot be the name of a field.")
    return str(path._replace(steps=steps))


def same_kind(kinds: Kinds, wanted: str, found: str, place: str) -> str:
    """Return the kind of an entry that was asked for as `wanted` and says `found`; either may be empty.

    Raises CannotEdit: neither says it, they differ, or there is no such kind.
    """
    if not wanted and not found:
        raise UnreadableInput(
            f"{place.capitalize()} names no kind: write memarium add KIND -, or name it there."
        )
    kind = kinds.shape(wanted or found).kind
    if wanted and found and kinds.shape(found).kind != kind:
        raise UnreadableInput(f"{place.capitalize()} is of the kind {kinds.shape(found).kind}, not {kind}.")
    return kind
