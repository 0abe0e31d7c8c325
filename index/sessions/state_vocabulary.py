"""The meanings of the names in a session state: `vocabulary.toml`, and the user's additions to it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from index.model.field_path import field_path
from index.model.user_config import parse_user_toml
from index.model.vocabulary import Table, fold, merge


@dataclass(frozen=True)
class StateWords:
    """The words, ready to be looked up."""

    fields: dict[str, tuple[tuple[str, int], ...]]
    """Name, folded and without wrappers → the roles it can play, each with its place in the preference."""
    records: dict[str, tuple[str, ...]]
    """Sort of record → the kinds that belong to it."""
    wrappers: frozenset[str]
    text: tuple[str, ...]
    none: frozenset[str]
    settled: frozenset[str]
    over: frozenset[str]
    passed: frozenset[str]
    verdict: tuple[str, ...]
    answer: tuple[str, ...]


class Name(NamedTuple):
    """The place of a field, without mere wrappers."""

    parts: tuple[str, ...]
    """Folded, without numbers; an attribute is `@x`, a part of its own."""
    numbered: tuple[str, ...]
    """The same parts, with the number that tells twins apart."""


def load(extra: Path | None = None) -> StateWords:
    """Read the words, with those of the file at `extra` in front; one that cannot be read adds nothing."""
    table: Table = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
    if extra is not None:
        with suppress(OSError, ValueError):
            if extra.is_file():  # a pipe would be waited for without end
                merge(table, parse_user_toml(extra.read_text(encoding="utf-8")))
    fields: dict[str, tuple[tuple[str, int], ...]] = {}
    for role, names in table["session-fields"].items():
        for place, name in enumerate(names):
            fields[name] = (*fields.get(name, ()), (role, place))
    words = table["session-words"]
    return StateWords(
        fields=fields,
        records={what: tuple(kinds) for what, kinds in table["session-records"].items()},
        wrappers=frozenset(words["wrappers"]),
        text=tuple(words["text"]),
        none=frozenset(words["none"]),
        settled=frozenset(words["settled"]),
        over=frozenset(words["over"]),
        passed=frozenset(words["passed"]),
        verdict=tuple(words["verdict"]),
        answer=tuple(words["answer"]),
    )


@cache
def words() -> StateWords:
    """Return the words in force: ours, and the user's file in the config folder."""
    from platformdirs import user_config_path

    return load(user_config_path("memarium") / "vocabulary.toml")


@cache
def state_kinds() -> frozenset[str]:
    """Return the kinds of entries that tell of sessions."""
    records = words().records
    return frozenset(records["state"] + records["beside"] + records["finished"])


@lru_cache(maxsize=65536)
def name_of(field: str) -> Name:
    """Return the name of a field without numbers and wrappers.

    >>> name_of("metadata/session-id").parts, name_of("blockers/blocker[2]@status").parts
    (('session-id',), ('blockers', 'blocker', '@status'))
    """
    path = field_path(field)
    parts = [fold(step.name) for step in path.steps]
    parts += [f"@{fold(path.attribute)}"] if path.attribute else []
    wrappers = words().wrappers
    start = 0
    while start < len(parts) - 1 and parts[start] in wrappers and not parts[start + 1].startswith("@"):
        start += 1
    return Name(tuple(parts[start:]), path.parts[start:])


def says_nothing(text: str) -> bool:
    """Whether a text says that there is nothing: `none`, `N/A`, `no blockers.`"""
    return text.strip().rstrip(".!").strip().lower() in words().none


def is_settled(status: str) -> bool:
    """Whether a status says that its subject does not count any more."""
    return first_word(status) in words().settled


def first_word(status: str) -> str:
    """Return the first statement of a status: `✅ Closed: on 14 November` is closed."""
    return status.strip().strip("✅").strip().lower().split(" ")[0].rstrip(":,.")
