"""Blame: the last commit that changed each field of an entry."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from index.git.repository import Repository
from index.history.entry_at_commit import EntryFinder
from index.history.versions import moments


class Origin(NamedTuple):
    """The last change of a field."""

    rev: str | None
    """The commit; None for a change that is not committed."""
    when: datetime | None
    """Aware; None when not committed."""
    author: str
    message: str


_ON_DISK = Origin(None, None, "", "")


def blame(
    repository: Repository, file: str, entry_id: str, *, disk: bytes | None = None
) -> dict[str, Origin]:
    """Return the last change of every field, by its name; the arguments are those of `versions`.

    Walks back only until the last field is told. Empty for an entry that is not there, or never committed.

    Raises Refused: git could not read the history.
    """
    found: dict[str, Origin] = {}
    wanted: set[str] | None = None
    with closing(moments(repository, EntryFinder(repository, entry_id), file, disk)) as past:
        for moment in past:
            if not moment.changes:
                continue
            if moment.after is None:
                break  # it is gone, or older commits are of a life before this one
            if wanted is None:
                wanted = {field.name for field in moment.after.entry.fields}
            step = moment.step
            origin = Origin(step.rev, step.when, step.author, step.message) if step else _ON_DISK
            for change in moment.changes:
                if change.field in wanted:
                    wanted.discard(change.field)
                    found[change.field] = origin
            if not wanted or moment.before is None:
                break
    return found
