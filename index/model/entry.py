"""An entry: one memory of a file; one that was deleted, and a filter of entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from index.model.days import day_of
from index.model.field import Field
from index.model.store_places import store_of
from index.model.vocabulary import own_id

EntryRef = int
"""A place in one reading of a file that only its format understands; later entries have greater ones."""
NOWHERE: EntryRef = -1
"""The place of an entry that was read without one."""


@dataclass(slots=True)
class Entry:
    """One memory: a debugging solution, a pattern, a decision, a session state."""

    id: str
    """`path#key`, stable across edits of other entries, re-indent and reorder."""
    kind: str
    group: str
    """The group of the sidebar: solution, pattern, decision, pending, session, knowledge, other."""
    title: str
    file: str
    line: int
    fields: Sequence[Field]
    timestamp: str = ""
    """As written in the file."""
    when: datetime | None = None
    """Aware; UTC where the file names no zone, `days.DAY` where it names a day without a clock."""
    project: str = ""
    tags: tuple[str, ...] = ()
    tech: tuple[str, ...] = ()
    level: int | None = None
    status: str = ""
    agent: str = ""
    template: bool = False
    """An empty placeholder, as files ship with."""
    broken: bool = False
    """Its file is not well-formed."""
    ref: EntryRef = NOWHERE
    """Its place in the file, for the format that read it; `NOWHERE` where nobody asked for it."""

    @property
    def key(self) -> str:
        """The part of its id behind the file: its own id, or a slug of its time or title."""
        return id_key(self.id)

    @property
    def store(self) -> str:
        """The name of the store that its file is in; empty where no place says so."""
        return store_of(self.file)

    @property
    def own_id(self) -> str:
        """The id that it gives itself, or an empty string."""
        return own_id(self.fields)

    @property
    def day(self) -> date | None:
        """The day it counts on: where the file names a time of day, as the user's calendar shows it."""
        return day_of(self.when) if self.when is not None else None


def id_file(entry_id: str) -> str:
    """Return the file of an entry of this id; the name of a file may have a `#`, a key has none.

    >>> id_file("notes/c#.md#pool"), id_key("notes/c#.md#pool")
    ('notes/c#.md', 'pool')
    """
    return entry_id.rpartition("#")[0]


def id_key(entry_id: str) -> str:
    """Return the part of an entry's id behind the file; all of a text that names none."""
    return entry_id.rpartition("#")[2]


class Deleted(NamedTuple):
    """An entry that was in the tree once and is not now."""

    entry: Entry
    """As it last was."""
    rev: str
    """The commit that removed it."""
    when: datetime
    author: str
    message: str
    path: str
    """The file it was in, relative to the tree."""
    blob: str
    """Id of that file's content before the commit, for `Repository.content`."""


class EntryFilter(NamedTuple):
    """Entries of these kinds, of these groups and of these projects; all where nothing is named."""

    kinds: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    projects: frozenset[str] | None = None
    """None: of all; those without a project have an empty name."""

    def holds(self, entry: Entry) -> bool:
        """Return whether an entry is wanted; an empty template never is."""
        return not entry.template and self.allows(entry.kind, entry.group, entry.project)

    def allows(self, kind: str, group: str, project: str) -> bool:
        """Return whether entries of this sort are wanted."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.groups or group in self.groups)
            and (self.projects is None or project in self.projects)
        )
