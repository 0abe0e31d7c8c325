"""Who last changed each field of an entry, and when."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from index.history.repository import Repository
from index.history.versions import versions


class Origin(NamedTuple):
    """The last change of a field."""

    rev: str | None
    """The commit; None for a change that is not committed."""
    when: datetime | None
    """Aware; None when not committed."""
    author: str
    message: str


def blame(
    repository: Repository, file: str, entry_id: str, *, disk: bytes | None = None
) -> dict[str, Origin]:
    """Return the last change of every field, by its name; the arguments are those of `versions`.

    Walks back only until the last field is told. Empty for an entry that is not there, or never committed.

    Raises:
        Refused: git could not read the history.
    """
    found: dict[str, Origin] = {}
    wanted: set[str] | None = None
    with closing(versions(repository, file, entry_id, disk=disk)) as past:
        for version in past:
            if version.entry is None:
                if wanted is None:
                    return {}
                break  # older ones are of a life before this one
            if wanted is None:
                wanted = {field.name for field in version.entry.fields}
            origin = Origin(version.rev, version.when, version.author, version.message)
            for change in version.changes:
                if change.field in wanted:
                    wanted.discard(change.field)
                    found[change.field] = origin
            if not wanted or version.first:
                break
    return found
