"""The names that a link may call a memory by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.model.entry import Entry

_NAMES = frozenset({"name", "title", "permalink", "aliases"})
_JOINTS = re.compile(r"[\s_-]+")


def names_of(entries: Iterable[Entry]) -> dict[str, set[str]]:
    """Return the files that each name leads to, the names as `folded`.

    A memory is called by its title, its own id, its file with or without folders, and what it says it is
    called.
    """
    named: dict[str, set[str]] = {}
    files: set[str] = set()
    for entry in entries:
        for name in own_names(entry).values():
            named.setdefault(folded(name), set()).add(entry.file)
        files.add(entry.file)
    for file in files:
        parts = file.split("/")
        for place in range(len(parts)):
            path = "/".join(parts[place:])
            named.setdefault(folded(path), set()).add(file)
            named.setdefault(folded(path.rpartition(".")[0]), set()).add(file)
    return named


def own_names(entry: Entry) -> dict[str, str]:
    """Return the names an entry gives itself: its title, its own id, and fields such as `permalink`."""
    told = {field.name: field.text for field in entry.fields if field.name in _NAMES}
    return {"": entry.title, "id": entry.own_id, **told}


def folded(name: str) -> str:
    """Return a name as names are compared.

    >>> folded("Retry Budget") == folded("retry_budget")
    True
    """
    return _JOINTS.sub("-", name.strip().casefold())
