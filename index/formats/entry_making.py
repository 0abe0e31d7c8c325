"""Entries from their fields: the same for every format once it knows their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from index.model.display import shorten
from index.model.entry import NOWHERE, Entry, EntryRef
from index.model.field import Field, FieldColumns
from index.model.store_places import in_store
from index.model.timestamps import parse as parse_time
from index.model.vocabulary import Shape, Vocabulary, fold, numbered, shape, singular, vocabulary

_UNSAFE_IN_KEY = re.compile(r"[^\w.:-]+")
_SAFE_KEY = re.compile(r"[\w.:](?:[\w.:-]{0,78}[\w.:])?")
_SEPARATOR = re.compile(r"[,;|\n]+")
_LEVEL = re.compile(r"(?:^|\s)-\d+|\d+")
_MAX_TITLE = 200


class SharedValues(NamedTuple):
    """The values that a file's metadata gives to all its entries."""

    project: str
    when: datetime | None
    tags: tuple[str, ...]


class Record(NamedTuple):
    """An entry as a format found it in a file: its fields, and names that tell its kind."""

    fields: FieldColumns
    name: str
    """The name that the file has for it, folded: `solution`."""
    above: tuple[str, ...] = ()
    """Names of the parts around it, folded, from the nearest on; none for one that is all of its file."""
    line: int = 0
    """From 1."""
    ref: EntryRef = NOWHERE
    """As `Entry.ref`."""
    key: str = ""
    """The key of its id where it bears none of its own and the file has one for it: that of its heading."""


def make_entries(
    records: Sequence[Record], path: str, shared: SharedValues, *, broken: bool = False, alone: bool = True
) -> list[Entry]:
    """Return the entries that these records are, in their order, each with an id that is its own.

    Args:
        shared: the values that the file gives to all of them.
        broken: whether the file has an error somewhere.
        alone: whether a record with nothing above it is all of its file, and its name so a key.
    """
    words = vocabulary()
    entries = [_entry(record, path, shared, broken, words) for record in records]
    _identify(records, entries, alone)
    return entries


def shared_values(names: Sequence[str], texts: Sequence[str], path: str) -> SharedValues:
    """Return the values that a file gives to all its entries, from the fields of its metadata."""
    known = shape(tuple(names))
    said, when = _roles_and_time(texts, known)
    project = texts[said["project"]] if "project" in said else ""
    parts = path.split("/")
    if not project and "project-knowledge" in parts[:-1]:
        below = parts[parts.index("project-knowledge") + 1 :]
        project = below[0] if len(below) > 1 else below[0].rpartition(".")[0]
    row = known.rows[said["tags"]] if "tags" in said else ()
    return SharedValues(project, when, _distinct(tuple(v for place in row for v in _values(texts[place]))))


def _entry(record: Record, path: str, shared: SharedValues, broken: bool, words: Vocabulary) -> Entry:
    fields, name, above, line, ref, _ = record
    entry = _tell(fields, name, _kind(name, above), path, shared, words)
    entry.line, entry.broken, entry.ref = line, broken, ref
    return entry


def _roles_and_time(texts: Sequence[str], known: Shape) -> tuple[dict[str, int], datetime | None]:
    """Return the place of the field for each role, the preferred of those that say anything, and the time."""
    said: dict[str, int] = {}
    for part, places in known.roles:
        for place in places:
            if texts[place]:
                said[part] = place
                break
    when = None
    for place in known.times:
        when = parse_time(texts[place]) if texts[place] else None
        if when is not None:  # a time that is no moment speaks last
            said["time"] = place
            break
    return said, when


def _tell(
    fields: FieldColumns, name: str, kind: str, path: str, shared: SharedValues, words: Vocabulary
) -> Entry:
    """Make the entry that says this; its id is still its own, and its place not known."""
    names, texts = fields.names, fields.texts
    known = shape(tuple(names))
    said, when = _roles_and_time(texts, known)
    project = _one_line(texts[said["project"]]) if "project" in said else ""
    status = _one_line(texts[said["status"]]) if "status" in said else ""
    title = _title(said, texts, () if name in words.whole else known.titles, words)
    # By place, not by name, which would take four times as long.
    return Entry(
        texts[said["id"]] if "id" in said else "",
        kind,
        group_of(kind, path, status, solved="solution" in said),
        title or _name(kind, project),
        path,
        0,
        fields.pack(),
        texts[said["time"]] if "time" in said else "",
        shared.when if when is None else when,
        project or shared.project,
        (_listed(fields, known.rows[said["tags"]]) if "tags" in said else ()) or shared.tags,
        _listed(fields, known.rows[said["tech"]]) if "tech" in said else (),
        level_of(texts[said["level"]]) if "level" in said else None,
        status,
        _one_line(texts[said["agent"]]) if "agent" in said else "",
        not _says_anything(texts, known.telling, words),
    )


def reworded(entry: Entry, name: str, fields: Sequence[Field]) -> Entry | None:
    """Return the entry with other fields, as it is read when nothing else in its file differs.

    `name` is that of its element. None where it takes the file to tell: when the entry does not bear its
    own id, or begins or ends to say what the file else says for it.
    """
    alone = SharedValues("", None, ())
    was, now = (
        _tell(FieldColumns.of(said), fold(name), entry.kind, "", alone, vocabulary())
        for said in (entry.fields, fields)
    )
    if not now.id or now.id != was.id or entry.id != f"{entry.file}#{key_of(now.id)}":
        return None
    shared = SharedValues(entry.project, entry.when, entry.tags)
    if any(bool(one) != bool(other) for one, other in zip(_own(was), _own(now), strict=True)):
        return None
    told = _tell(FieldColumns.of(fields), fold(name), entry.kind, entry.file, shared, vocabulary())
    told.id, told.line, told.broken, told.ref = entry.id, entry.line, entry.broken, entry.ref
    return told


def _own(entry: Entry) -> tuple[object, ...]:
    """Return the value of a file for an entry that has none."""
    return entry.project, entry.when, entry.tags


@lru_cache(maxsize=4096)
def _kind(name: str, wrappers: tuple[str, ...]) -> str:
    """Name the kind after the element; the wrapper or the root completes a general word.

    `<solution>` in `<debugging-solutions>` is a debugging solution, `<event>` in `<uncertainty-events>`
    an uncertainty event, `<item>` in `<checklist>` a checklist item.
    """
    words = vocabulary()
    kind = (numbered(name) or name) if wrappers else name
    for above in wrappers:
        one = singular(above)
        if one.endswith("-" + kind):
            kind = one
            break
        if kind in words.generic:
            kind = one if one != above else f"{one}-{kind}"
            break
    return words.kinds.get(f"{wrappers[0]}/{kind}" if wrappers else "") or words.kinds.get(kind, kind)


def group_of(kind: str, path: str, status: str, *, solved: bool) -> str:
    """Return the group of an entry, as `Entry.group`; `solved`: it says how it ended."""
    words = vocabulary()
    group = words.groups.get(kind) or words.groups.get(kind.rpartition("-")[2])
    if group is None:
        group = words.folders.get(in_store(path).partition("/")[0], "other")
    if group == "decision" and kind == "decision":
        waits = status.lower().startswith(words.pending) or (not status and not solved)
        return "pending" if waits else "decision"
    return group


def _title(said: dict[str, int], texts: Sequence[str], places: Iterable[int], words: Vocabulary) -> str:
    """Return the entry's title, else its first text; a state file has no first one."""
    for part in ("title", "problem", "text", "solution"):
        if part in said:
            return shorten(_one_line(texts[said[part]].removeprefix("- ")), _MAX_TITLE)
    for place in places:
        text = texts[place]
        if text and text.lower() not in words.placeholders and not parse_time(text):
            text = text.removeprefix("- ")
            if text:
                return shorten(_one_line(text), _MAX_TITLE)
    return ""


def _says_anything(texts: Sequence[str], places: Iterable[int], words: Vocabulary) -> bool:
    """Whether one of these fields holds more than a placeholder, as templates ship with."""
    for place in places:
        text = texts[place]
        if text and text.lower() not in words.placeholders:
            return True
    return False


def _name(kind: str, project: str) -> str:
    """Name an entry that has no words of its own after its kind."""
    name = kind.replace("-", " ").capitalize()
    return f"{name}: {_one_line(project)}" if project else name


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


@lru_cache(maxsize=4096)  # the entries of one project name the same few
def _values(text: str) -> tuple[str, ...]:
    """Split `a, b`, `a|b` or a list of lines into its values."""
    if not text:
        return ()
    plain = ";" not in text and "|" not in text and "\n" not in text
    pieces = text.split(",") if plain else _SEPARATOR.split(text)
    values = [v.strip(" \t\r").removeprefix("- ").strip() for v in pieces]
    return tuple(dict.fromkeys([v for v in values if v]))


def _listed(fields: FieldColumns, row: Sequence[int]) -> tuple[str, ...]:
    lists = [fields.items[place] if place in fields.items else _values(fields.texts[place]) for place in row]
    return _distinct(lists[0] if len(lists) == 1 else tuple(chain.from_iterable(lists)))


@lru_cache(maxsize=4096)  # as for `_values`
def _distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys(items)))


def level_of(text: str) -> int | None:
    """Return the level that a text names, `L3` or `3 of 7`; None when it names none."""
    found = _LEVEL.search(text) if text else None
    return int(found[0]) if found and found[0].isdecimal() and len(found[0]) < 3 else None


def key_of(text: str) -> str:
    """Return `text` as the key of an id: letters, digits, `_ . : -`, at most 80 characters.

    >>> key_of("Database connection pool exhaustion under load")
    'Database-connection-pool-exhaustion-under-load'
    """
    if _SAFE_KEY.fullmatch(text):  # as ids are written
        return text
    return _UNSAFE_IN_KEY.sub("-", text.strip()).strip("-")[:80].strip("-")


def _identify(records: Sequence[Record], entries: list[Entry], alone: bool) -> None:
    """Give each entry its id: its own where it is unique, else the root's name for a file that is one
    entry, else kind and time, else kind and title.

    Two entries that share a choice both take the next one, so that an id never says which of them is
    first; only full twins are told apart by their order.
    """
    left = list(zip(entries, records, strict=True))
    taken: Counter[str] = Counter()
    for choice in (_own_key, _root_key if alone else _own_key, _time_key, _title_key):
        keys = [choice(entry, record) for entry, record in left]
        count = Counter(keys)
        again = []
        for (entry, record), key in zip(left, keys, strict=True):
            if key and count[key] == 1 and key not in taken:
                entry.id = f"{entry.file}#{key}"
                taken[key] = 1
            else:
                again.append((entry, record))
        if not again:
            return
        left = again
    for entry, record in left:
        key = _title_key(entry, record)
        taken[key] += 1
        entry.id = f"{entry.file}#{key}~{taken[key]}" if taken[key] > 1 else f"{entry.file}#{key}"


def _own_key(entry: Entry, record: Record) -> str:
    return key_of(entry.id) if entry.id else record.key.replace("#", "-")  # which ends the file in an id


def _root_key(entry: Entry, record: Record) -> str:
    return "" if record.above else record.name


def _time_key(entry: Entry, record: Record) -> str:
    return key_of(f"{entry.kind}-{entry.timestamp}") if parse_time(entry.timestamp) else ""


def _title_key(entry: Entry, record: Record) -> str:
    return key_of(f"{entry.kind}-{entry.title.lower()}")
