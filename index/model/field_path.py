"""The name of a field, taken apart: steps from the entry on, each with its number, and an attribute.

A name is one text where people and scripts read or type it, and where a million fields are kept. It is taken
apart here and nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_STEP = re.compile(r"(.+)\[([1-9][0-9]{0,8})\]", re.DOTALL)


class FieldStep(NamedTuple):
    """One step from an entry to a field."""

    name: str
    number: int = 0
    """Its place among those of its name, from 1; 0 where that is not said, which means the first."""

    def __str__(self) -> str:
        return f"{self.name}[{self.number}]" if self.number else self.name


class FieldPath(NamedTuple):
    """The way from an entry to one of its fields."""

    steps: tuple[FieldStep, ...]
    """None for an attribute of the entry itself, at least one for any other field."""
    attribute: str = ""
    """Name of the attribute; empty for a field that is none."""

    def __str__(self) -> str:
        """Return the name of the field; the opposite of `field_path`."""
        return "/".join(map(str, self.steps)) + (f"@{self.attribute}" if self.attribute else "")

    @property
    def parts(self) -> tuple[str, ...]:
        """The steps with their numbers, an attribute with its sign as the last one.

        >>> field_path("options/option[2]@id").parts
        ('options', 'option[2]', '@id')
        """
        return (*map(str, self.steps), *([f"@{self.attribute}"] if self.attribute else ()))

    @property
    def head(self) -> str:
        """The name of the first step, or of an attribute of the entry itself.

        >>> field_path("metadata[2]@version").head, field_path("@id").head
        ('metadata', 'id')
        """
        return self.steps[0].name if self.steps else self.attribute

    @property
    def last(self) -> str:
        """The name of the attribute, else of the last step.

        >>> field_path("options/option[2]").last, field_path("options@id").last
        ('option', 'id')
        """
        return self.attribute or self.steps[-1].name

    @property
    def above(self) -> FieldPath:
        """The way to the field that its element is in; without steps for a field of the entry itself.

        >>> str(field_path("options/option[2]/name").above), str(field_path("options/option@id").above)
        ('options/option[2]', 'options')
        """
        return FieldPath(self.steps[:-1])

    @property
    def own(self) -> FieldPath:
        """The way from there: the last step, with the attribute.

        >>> str(field_path("options/option[2]").own), str(field_path("options/option@id").own)
        ('option[2]', 'option@id')
        """
        return FieldPath(self.steps[-1:], self.attribute)

    @property
    def owner(self) -> FieldPath:
        """The way to the field that an attribute belongs to; for any other field, to itself."""
        return FieldPath(self.steps)

    @property
    def bare(self) -> FieldPath:
        """The way without the numbers, as fields are called in the shape of a kind.

        >>> str(field_path("options/option[2]@id").bare)
        'options/option@id'
        """
        return FieldPath(tuple([FieldStep(step.name) for step in self.steps]), self.attribute)

    @property
    def unnumbered(self) -> FieldPath:
        """The way without its own number, which is the same for all fields of one name in a row."""
        return FieldPath((*self.steps[:-1], *self.own.bare.steps), self.attribute)

    @property
    def number(self) -> int:
        """The number of the last step; 0 for an attribute, and where none is said."""
        return 0 if self.attribute else self.steps[-1].number

    @property
    def is_nested(self) -> bool:
        """Whether it leads through another field of the entry."""
        return len(self.steps) > 1

    def is_inside(self, other: FieldPath) -> bool:
        """Whether it leads through another field.

        >>> field_path("options/option").is_inside(field_path("options"))
        True
        """
        depth = len(other.steps)
        return not other.attribute and len(self.steps) > depth and self.steps[:depth] == other.steps


def is_heading(name: str) -> bool:
    """Whether a name is a heading of a text, whose signs mean nothing: no name of an element is like it."""
    return " " in name or name[:1].isdigit()


@lru_cache(maxsize=16384)
def field_path(name: str) -> FieldPath:
    """Take the name of a field apart. It never fails; a format refuses the steps that it cannot write.

    >>> field_path("steps/step[2]@id").steps
    (FieldStep(name='steps', number=0), FieldStep(name='step', number=2))
    >>> str(field_path("Ends and/or means [2]").steps[0]), field_path("@id").attribute
    ('Ends and/or means [2]', 'id')
    """
    return FieldPath((_step(name),)) if is_heading(name) else typed_path(name)


def typed_path(text: str) -> FieldPath:
    """Take a name apart as a person types it, with blanks in its steps.

    >>> str(typed_path("Key points/Point [2]").steps[0])
    'Key points'
    """
    path, _, attribute = text.partition("@")
    if not attribute:
        path = text
    return FieldPath(tuple(map(_step, path.split("/"))) if path or not attribute else (), attribute)


def attribute(name: str) -> str:
    """Return the name of the field that is an attribute of the entry itself."""
    return str(FieldPath((), name))


def told_apart(names: Iterable[str]) -> list[str]:
    """Return the names of fields beside each other, with its number each that is there again.

    >>> told_apart(["step", "note", "step", ""])
    ['step', 'note', 'step[2]', '']
    """
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        seen[name] += 1
        made.append(str(FieldStep(name, seen[name])) if name and seen[name] > 1 else name)
    return made


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names of an entry's fields by themselves, and by a last part that no other has.

    >>> short_names(["name", "metadata/type"])
    {'name': 'name', 'type': 'metadata/type', 'metadata/type': 'metadata/type'}
    """
    ends: dict[str, str | None] = {}
    for name in (whole := dict.fromkeys(names)):
        last = field_path(name).last
        ends[last] = None if last in ends else name
    return {end: name for end, name in ends.items() if name} | {name: name for name in whole}


def name_among(names: Iterable[str], typed: str) -> str:
    """Return the name that was typed in short or in other letters, as the entry has it; else as typed.

    >>> name_among(["Summary", "metadata/type"], "summary"), name_among(["Due", "due/day"], "due[1]")
    ('Summary', 'Due')
    """
    short, plain = short_names(names), typed.replace("[1]", "")
    alike = {name for end, name in short.items() if end.casefold() == plain.casefold()}
    return short.get(typed) or short.get(plain) or (alike.pop() if len(alike) == 1 else typed)


def _step(text: str) -> FieldStep:
    found = _STEP.fullmatch(text)
    return FieldStep(found[1], int(found[2])) if found else FieldStep(text)
