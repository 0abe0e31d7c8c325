"""A filter of entries by kind, group and project."""

from __future__ import annotations

from typing import NamedTuple

from index.model.entry import Entry


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
