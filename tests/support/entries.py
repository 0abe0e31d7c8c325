"""Entries for the tests of search, and how to index and find them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from index.model.entry import Entry
from index.model.field import Field
from index.search.engine import SearchEngine
from index.search.engines.tantivy_engine import TantivyEngine
from index.search.engines.whoosh_engine import WhooshEngine
from index.search.language.query import Query, parse

NOW = datetime(2025, 10, 8, 12, tzinfo=UTC)  # a Wednesday

EngineKind = type[WhooshEngine] | type[TantivyEngine]
KINDS: tuple[EngineKind, ...] = (WhooshEngine, TantivyEngine)
Open = Callable[[Path], WhooshEngine | TantivyEngine]
"""Opens the index in a folder."""

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


def find(engine: SearchEngine, text: str, *, typing: bool = False, limit: int = 50) -> list[str]:
    """The titles found, best first; see `put`."""
    query = parse(text, typing=typing, now=NOW)
    found, matched = engine.search(query, limit=limit), engine.matched(query)
    assert len(set(matched)) == len(matched) == found.total
    assert len(found.ids) == len(found.scores) == min(limit, found.total)
    assert set(found.ids) <= set(matched)
    assert found.scores == sorted(found.scores, reverse=True)
    return [i.partition("#")[2] for i in found.ids]


def put(engine: SearchEngine, *entries: Entry) -> None:
    """Index entries, their titles as keys."""
    for one in entries:
        one.id = f"{one.file}#{one.title}"
    engine.update([], entries)


def opened(folder: Path) -> WhooshEngine:
    """The index in a folder."""
    return WhooshEngine(folder)


def ids(engine: SearchEngine, text: str = "") -> list[str]:
    """The ids found, in their own order."""
    found = engine.search(parse(text, typing=False), limit=100_000)
    assert len(found.ids) == found.total
    return sorted(found.ids)


def some(file: str, *keys: str, notes: str = "pool") -> list[Entry]:
    """Entries of a file."""
    return [entry(key, id=f"{file}#{key}", file=file, notes=notes) for key in keys]


def typed(text: str) -> Query:
    return parse(text, typing=True, now=NOW)


def whole(text: str) -> Query:
    return parse(text, typing=False, now=NOW)
