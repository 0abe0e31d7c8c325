"""Entries for the tests of search."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from index.memory.entries import Entry
from index.memory.fields import Field

_numbers = count(1)


def entry(title: str = "", /, **values: Any) -> Entry:
    """Return an entry; `solution="…"` and the like are fields, a property of entries is that property."""
    number = next(_numbers)
    properties = {name: values.pop(name) for name in list(values) if name in Entry.__slots__}
    fields = tuple(Field(name.replace("_", "-"), text) for name, text in values.items())
    when = properties.get("when")
    if isinstance(when, str):
        properties["when"] = datetime.fromisoformat(when).replace(tzinfo=UTC)
        properties.setdefault("timestamp", when)
    base: dict[str, Any] = {
        "id": f"a.xml#{number}",
        "kind": "debugging-solution",
        "group": "solution",
        "title": title,
        "file": "a.xml",
        "line": number,
        "fields": fields,
    }
    return Entry(**(base | properties))
