"""The meanings of field names and kinds: `vocabulary.toml`, and the user's additions to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from index.model.field import Field
from index.model.field_path import FieldPath, field_path
from index.model.text.letters import normal
from index.model.user_config import parse_user_toml

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX = re.compile(r"^[^\W\d][\w.-]*:(?=[^\W\d])")
_NUMBERED = re.compile(r"^([a-z][a-z-]*?)-?\d+[a-z]?(?:-.*)?$")

_NO_TITLE = {"agent", "level", "status", "project", "severity", "id"}
_LISTS = ("tags", "tech")
_COLLECTIONS = ("-log", "-list", "-history", "-register", "-catalogue", "-catalog")


@cache
def fold(name: str) -> str:
    """Return `name` in the one spelling that names are compared in; a prefix of XML is none of it.

    >>> fold("rootCause"), fold("ROOT_CAUSE"), fold("@root cause"), fold("@xml:id")
    ('root-cause', 'root-cause', 'root-cause', 'id')
    """
    name = _PREFIX.sub("", name.lstrip("@"))
    return re.sub(r"[\s_:.-]+", "-", _CAMEL.sub("-", name)).strip("-").lower()


@cache
def singular(name: str) -> str:
    """Return the singular of a folded element name: the plain rules of English, and collections.

    >>> singular("strategies"), singular("debugging-solutions"), singular("status"), singular("handoff-log")
    ('strategy', 'debugging-solution', 'status', 'handoff')
    """
    for collection in _COLLECTIONS:
        if name.endswith(collection):
            return singular(name.removesuffix(collection))
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith(("ches", "shes", "xes", "sses")):
        return name[:-2]
    if name.endswith("s") and not name.endswith(("ss", "us", "is")):
        return name[:-1]
    return name


@lru_cache(maxsize=4096)
def is_item(name: str, of: str) -> bool:
    """Whether an element is called like an item of a list, both names as they are written.

    >>> is_item("file", "affected-files"), is_item("main-goal", "goals"), is_item("dry-run", "options")
    (True, True, False)
    """
    own, listed = (fold(part.rpartition(":")[2]) for part in (name, of))
    one = singular(listed)
    alike = own == one or one.endswith(f"-{own}") or own.endswith(f"-{one}")
    return alike or own in vocabulary().generic


@cache
def numbered(name: str) -> str:
    """Return a numbered name without its number, or an empty string.

    >>> numbered("phase-3"), numbered("law-1a-uncertainty"), numbered("phase")
    ('phase', 'law', '')
    """
    found = _NUMBERED.match(name)
    return found[1] if found else ""


@dataclass(frozen=True)
class Vocabulary:
    """The words, ready to be looked up."""

    meanings: dict[str, tuple[tuple[str, int], ...]]
    """Folded field name → the roles it can play, each with its place in the role's order of preference."""
    groups: dict[str, str]
    folders: dict[str, str]
    kinds: dict[str, str]
    whole: frozenset[str]
    metadata: frozenset[str]
    metrics: frozenset[str]
    generic: frozenset[str]
    placeholders: frozenset[str]
    pending: tuple[str, ...]
    done: frozenset[str]
    current: frozenset[str]
    topics: frozenset[str]


Table = dict[str, dict[str, list[str] | str]]


def merge(base: Table, more: Table) -> None:
    """Put the user's words in front of ours; a table or value of the wrong type is left out."""
    for table, words in more.items():
        if table not in base or not isinstance(words, dict):
            continue
        for key, value in words.items():
            ours = base[table].get(key, [] if isinstance(value, list) else "")
            if isinstance(value, list) and isinstance(ours, list):
                base[table][key] = [str(v) for v in value] + ours
            elif isinstance(value, str) and isinstance(ours, str):
                base[table][key] = value


def load(extra: Path | None = None) -> Vocabulary:
    """Read the vocabulary, with the words of the file at `extra` in front.

    A user's file that cannot be read or is no TOML is as if it were not there: words are a help,
    never a reason not to open a tree.
    """
    table: Table = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
    if extra is not None:
        with suppress(OSError, ValueError):
            if extra.is_file():  # a pipe would be waited for without end
                merge(table, parse_user_toml(extra.read_text(encoding="utf-8")))
    meanings: dict[str, tuple[tuple[str, int], ...]] = {}
    for role, names in table["roles"].items():
        for place, name in enumerate(names):
            meanings[name] = (*meanings.get(name, ()), (role, place))
    return Vocabulary(
        meanings=meanings,
        groups={kind: group for group, kinds in table["groups"].items() for kind in kinds},
        folders={folder: str(group) for folder, group in table["folders"].items()},
        kinds={name: str(kind) for name, kind in table["kinds"].items()},
        whole=frozenset(table["structure"]["whole"]),
        metadata=frozenset(table["structure"]["metadata"]),
        metrics=frozenset(table["structure"]["metrics"]),
        generic=frozenset(table["structure"]["generic"]),
        placeholders=frozenset(table["structure"]["placeholders"]),
        pending=tuple(table["structure"]["pending"]),
        done=frozenset(table["structure"]["done"]),
        current=frozenset(table["structure"]["current"]),
        topics=frozenset(table["structure"]["topics"]),
    )


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary in force: ours, and the user's file in the config folder."""
    from platformdirs import user_config_path

    return load(user_config_path("memarium") / "vocabulary.toml")


@lru_cache(maxsize=65536)
def meanings(name: str) -> tuple[tuple[str, int], ...]:
    """Return the roles that a field of this name can play, each with its place in the order of preference.

    Only a field of the entry itself, or of its metadata, has a role: the `name` of a nested option is
    not the name of the entry. Of several of one name it is the first, but for those that make a list.
    """
    path = field_path(name)
    if path.is_nested and fold(str(path.above)) not in vocabulary().metadata:
        return ()
    found = vocabulary().meanings.get(fold(str(path.own.bare)), ())
    return found if path.number < 2 else tuple(one for one in found if one[0] in _LISTS)


def role(name: str) -> str:
    """Return the role of a field of this name, or an empty string.

    >>> role("problem-description"), role("metadata/last_updated"), role("options/option/name")
    ('problem', 'time', '')
    """
    found = meanings(name)
    return found[-1][0] if found else ""


def own_id(fields: Sequence[Field]) -> str:
    """Return the id that an entry of these fields gives itself, or an empty string."""
    for part, places in shape(tuple([field[0] for field in fields])).roles:  # by place: asked of every entry
        if part == "id":
            return next((fields[place][1] for place in places if fields[place][1]), "")
    return ""


def players(part: str, names: Iterable[str]) -> tuple[int, ...]:
    """Return the places of the names that can play a role, the preferred one first."""
    return next((places for found, places in shape(tuple(names)).roles if found == part), ())


class Shape(NamedTuple):
    """The meaning of an entry's field names, whatever the fields hold; numbers are places among them."""

    roles: tuple[tuple[str, tuple[int, ...]], ...]
    """Each role, with the fields that can play it: the preferred one first."""
    times: tuple[int, ...]
    """Those that can play the time."""
    telling: tuple[int, ...]
    """Fields of the memory itself, not about it."""
    titles: tuple[int, ...]
    """Those of them that can serve as a title."""
    rows: dict[int, tuple[int, ...]]
    """The fields of one name that make one list together, `tag` and `tag[2]`, by the place of each."""


@lru_cache(maxsize=4096)
def shape(names: tuple[str, ...]) -> Shape:
    """Return the shape of these names together; the entries of a tree have few shapes, so it is kept."""
    heads = [fold(field_path(name).head) for name in names]
    telling = [place for place, head in enumerate(heads) if head not in vocabulary().metadata]
    players: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(names):
        for part, preference in meanings(name):
            players.setdefault(part, []).append((preference, place))
    roles = {part: tuple(place for _, place in sorted(found)) for part, found in players.items()}
    return Shape(
        roles=tuple(roles.items()),
        times=roles.get("time", ()),
        telling=tuple(telling),
        titles=tuple(
            p for p in telling if not field_path(names[p]).attribute and role(names[p]) not in _NO_TITLE
        ),
        rows=_rows(names, (roles.get(part, ()) for part in _LISTS)),
    )


def _rows(names: Sequence[str], lists: Iterable[Sequence[int]]) -> dict[int, tuple[int, ...]]:
    found: dict[FieldPath, list[int]] = {}
    for place in chain.from_iterable(lists):
        found.setdefault(field_path(names[place]).unnumbered, []).append(place)
    return {place: tuple(row) for row in found.values() for place in row}


def is_about(name: str) -> bool:
    """Whether a field of this name is about the file: part of its metadata or its statistics."""
    words, head = vocabulary(), fold(field_path(name).head)
    return head in words.metadata or head in words.metrics or head.endswith("-metrics")


def kind_key(kind: str) -> str:
    """Return a kind in the one spelling that kinds are compared in: `API Patterns` is `api-pattern`."""
    return "-".join(singular(word) for word in normal(kind).replace("_", "-").split("-") if word)
