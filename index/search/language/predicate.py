"""Matching one thing with a query: for things in no index, such as the sessions of the past."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from index.model.letters import bare
from index.search.language import filters
from index.search.language.syntax import And, Filter, Node, Not, Or, Phrase, Range, Word
from index.search.language.terms import says

_DAYS = frozenset({"after", "before", "on", "changed"})


class Matter(NamedTuple):
    """The properties of a thing that a query can ask for; empty where it has none."""

    text: str
    """The text that words are looked for in."""
    day: int | None = None
    """As `date.toordinal` counts."""
    level: int | None = None
    kinds: Collection[str] = ()
    """Its kind and the group of it."""
    projects: Collection[str] = ()
    tags: Collection[str] = ()
    tech: Collection[str] = ()
    agents: Collection[str] = ()
    status: str = ""
    file: str = ""
    id: str = ""
    states: Collection[str] = ()
    """Those of `is:` that are true of it."""
    found: Collection[Word | Phrase] = ()
    """Words that an index has found in it already."""


def matches(node: Node | None, matter: Matter) -> bool:
    """Whether a thing matches a query; None matches everything."""
    match node:
        case None:
            return True
        case And():
            return all(matches(one, matter) for one in node.nodes)
        case Or():
            return any(matches(one, matter) for one in node.nodes)
        case Not():
            return not matches(node.node, matter)
        case Filter():
            return _passes(node, matter)
    return node in matter.found or says(node, matter.text)


def _passes(node: Filter, matter: Matter) -> bool:
    value = node.value
    if isinstance(value, Range):
        number = matter.day if node.name in _DAYS else matter.level
        return (
            number is not None
            and (value.low is None or number >= value.low)
            and (value.high is None or number <= value.high)
        )
    match node.name:
        case "is" | "similar":
            return value in matter.states
        case "file":
            return value in bare(matter.file)
        case "id":
            return value in bare(matter.id)
        case "status":
            return says(Phrase(value, prefix=True), matter.status)
    held = {
        "kind": matter.kinds,
        "project": matter.projects,
        "tag": matter.tags,
        "tech": matter.tech,
        "agent": matter.agents,
    }[node.name]
    keys = [filters.key(node.name, one) for one in held]
    if node.op == "is" and node.name != "kind":
        return value in keys
    if node.name == "kind":
        return any(key == value or key.endswith("-" + value) or key.startswith(value) for key in keys)
    return any(key.startswith(value) for key in keys)
