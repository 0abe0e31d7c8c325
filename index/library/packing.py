"""Records as plain values, for other processes and for JSON: lists, strings, numbers, nothing that runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any

from index.model.days import DAY, has_clock
from index.model.entry import Entry
from index.model.field import PackedFields
from index.model.file_record import FileProblem, FileRecord

Packed = Sequence[Any]


def pack_entry(entry: Entry) -> Packed:
    """Return an entry as plain values."""
    return (
        entry.id, entry.kind, entry.group, entry.title, entry.file, entry.line,
        *PackedFields.of(entry.fields).packed,
        entry.timestamp, _pack_time(entry.when), entry.project,
        entry.tags, entry.tech, entry.level, entry.status, entry.agent,
        entry.template, entry.broken, entry.ref,
    )  # fmt: skip


def unpack_entry(row: Packed) -> Entry:
    """Return the entry that `pack_entry` made `row` of; JSON turns tuples to lists and bytes to text."""
    entry_id, kind, group, title, file, line, slots, texts, timestamp, when, project = row[:11]
    tags, tech, level, status, agent, template, broken, ref = row[11:]
    return Entry(
        entry_id, intern(kind), intern(group), title, intern(file), line,
        PackedFields.read(slots, texts),
        timestamp, _unpack_time(when), intern(project),
        _shared(*tags), _shared(*tech), level, intern(status), intern(agent),
        template, broken, ref,
    )  # fmt: skip


@lru_cache(maxsize=2000)
def _shared(*values: str) -> tuple[str, ...]:
    """Return the same tuple for the same values: entries of one project have the same few."""
    return tuple(map(intern, values))


def _pack_time(when: datetime | None) -> str | None:
    """Return an instant with its zone, a day without a clock without one."""
    if when is None:
        return None
    return when.isoformat() if has_clock(when) else when.date().isoformat()


def _unpack_time(text: str | None) -> datetime | None:
    if not text:
        return None
    when = datetime.fromisoformat(text)
    return when if when.tzinfo is not None else when.replace(tzinfo=DAY)


def to_json(packed: Any) -> str:
    """Return packed entries and records as JSON, with all around them."""
    return json.dumps(packed, default=lambda texts: texts.decode("utf-8", "surrogatepass"))


def pack_record(record: FileRecord) -> tuple[Any, ...]:
    """Return the record of a file as plain values."""
    entries = [pack_entry(entry) for entry in record.entries]
    problems = [tuple(problem) for problem in record.problems]
    return record.path, record.size, record.stamp, record.digest, entries, problems


def unpack_record(row: Packed) -> FileRecord:
    """Return the record that `pack_record` made `row` of."""
    path, size, stamp, digest, entries, problems = row
    return FileRecord(
        path, size, stamp, digest, [unpack_entry(e) for e in entries], [FileProblem(*p) for p in problems]
    )
