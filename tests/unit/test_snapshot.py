"""The tree as one value: putting a few files anew gives what putting all in order gives."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.library.file_reader import make_record, read_record
from index.library.snapshot import Snapshot, find
from index.model.file_record import FileRecord, TreeFile
from index.storage.scan import scan

RECORDS = {file.path: read_record(file) for file in scan(sample_tree().resolve())[0]}


def altered(record: FileRecord, rng: random.Random) -> FileRecord:
    """The file with some entries gone, some at another time, one that is new."""
    entries = [entry for entry in record.entries if rng.random() < 0.7]
    entries = [replace(entry, when=rng.choice([None, entry.when])) for entry in entries]
    if record.entries:
        entries.append(replace(record.entries[0], id=f"{record.path}#new", line=rng.randrange(1, 99)))
    return replace(record, entries=entries)


@pytest.mark.parametrize("seed", range(30))
def test_a_few_files_anew(seed: int) -> None:
    rng = random.Random(seed)
    records = dict(RECORDS)
    paths = rng.sample(sorted(records), 3)
    for path in paths[1:]:
        records[path] = altered(records[path], rng)
    del records[paths[0]]  # a file that went
    first = Snapshot.of(RECORDS).with_files(records, set(paths))
    assert first == Snapshot.of(records)
    assert first.with_files(RECORDS, set(paths)) == Snapshot.of(RECORDS)


@pytest.mark.parametrize("own", ["a/b", "a b", "'x'", "-x", "--help", "a*b", "[b]", "😀", "a%20b", "a,b"])
def test_an_id_is_taken_as_it_is_written_in_its_file(own: str) -> None:
    data = "".join(f'<lesson id="{key}"><title>T</title></lesson>' for key in (own, "L-1"))
    entries = Snapshot.of({"a.xml": make_record_of(data)}).by_id
    for name in (own, f"a.xml#{own}"):
        assert find(entries, name).own_id == own


def make_record_of(data: str) -> FileRecord:
    source = f"<lessons>{data}</lessons>".encode()
    return make_record(TreeFile("a.xml", Path("a.xml"), len(source), 0), source)
