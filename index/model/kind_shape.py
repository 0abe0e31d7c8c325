"""The shape of a kind's entries: their fields, and how they write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from index.model.days import written
from index.model.field_path import field_path
from index.model.store_places import in_store
from index.model.vocabulary import fold, singular


class FieldShape(NamedTuple):
    """A field that entries of a kind have."""

    name: str
    """As `Field.name`, without numbers: `@id`, `solution`, `implementation/code`."""
    item: str = ""
    """Name of an item's element when the field is a list; empty when it is a text."""
    usual: bool = True
    """Whether most entries have it; the others are the odd ones."""
    long: bool = False
    """Whether it holds more than a line."""
    likely: str = ""
    """Name of an item's element where its own name is a plural, and no entry tells whether it is a list."""


@dataclass(frozen=True)
class KindShape:
    """The fields, the id, the time and the element that an entry of a kind has."""

    kind: str
    fields: tuple[FieldShape, ...]
    """In their usual order."""
    id: str = ""
    """Name of the field that holds the id; empty when the kind has none."""
    time: str = ""
    """Name of the field that holds the time; empty when the kind has none."""
    day: bool = False
    """Whether the time is written as a day without a clock."""
    learned: bool = False
    """Whether it comes from entries of the tree."""
    called: str = ""
    """Documented name of one in a file; empty for a kind nobody has described."""
    within: tuple[str, ...] = ()
    """Documented names of the elements around it, from the root on."""

    def field(self, name: str) -> FieldShape | None:
        """Return the field of this name; `tags` finds `@tags`, `rootCause` finds `root-cause`."""
        for same in (lambda own: own == name, lambda own: fold(own) == fold(name)):
            for field in self.fields:
                if same(field.name):
                    return field
        return None

    def stamp(self, now: datetime) -> str:
        """Return a moment as this kind writes times: UTC, ISO 8601; a day as the user's calendar has it."""
        return written(now) if self.day else iso(now)


def iso(moment: datetime) -> str:
    """Return a moment as the documented family writes it: UTC, ISO 8601, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def item_name(name: str) -> str:
    """Return the name of an item of this list, where no file shows it: the singular of the list's name.

    >>> item_name("symptoms"), item_name("implementation/technologies"), item_name("learned")
    ('symptom', 'technology', 'item')
    """
    last = field_path(name).last
    one = singular(last)
    return one if one != last else "item"


KNOWLEDGE = "project-knowledge"
"""The folder with the knowledge of each project."""


def project_of(file: str) -> str:
    """Return the project whose knowledge a file holds, by its path; empty for any other file.

    >>> project_of("project-knowledge/billing/lessons.xml"), project_of("project-knowledge/gateway.xml")
    ('billing', 'gateway')
    """
    parts = in_store(file).split("/")
    if len(parts) < 2 or parts[0] != KNOWLEDGE:
        return ""
    return parts[1] if len(parts) > 2 else parts[1].rpartition(".")[0]


class Blank(NamedTuple):
    """A new entry before anything is written in it."""

    kind: str
    group: str
    """As `Entry.group`."""
    file: str
    """The place for it; the file may be a new one."""
    shape: KindShape
    texts: dict[str, str]
    """The fields that are asked for, with the values known already: the time, the project."""
    titled: bool = False
    """Whether it gets a file of its own, called after its title, where none is named."""
    full: str = ""
    """The reason for which the file takes no more of the kind; empty where it does."""
