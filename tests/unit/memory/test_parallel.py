"""Reading in processes gives what reading here gives, and goes on here when there are none to be had."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.demo import sample_tree
from index.memory import parallel
from index.memory.packing import pack_record, unpack_record
from index.memory.tree import TreeFile, read_record, scan


@pytest.fixture
def files(tmp_path: Path) -> list[TreeFile]:
    for number in range(6):
        shutil.copytree(sample_tree(), tmp_path / f"copy-{number}")
    return scan(tmp_path)[0]


def test_processes_give_the_same_records_in_the_same_order(
    files: list[TreeFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [read_record(file) for file in files]
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    assert list(parallel.read_records(files)) == here


def test_without_processes_the_files_are_read_here(
    files: list[TreeFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "_pool", lambda: None)
    assert [record.path for record in parallel.read_records(files)] == [file.path for file in files]


def test_a_record_survives_packing(files: list[TreeFile]) -> None:
    for file in files[:30]:
        record = read_record(file)
        assert unpack_record(pack_record(record)) == record


def test_processes_start_under_a_terminal_app_whose_standard_error_is_no_file(files: list[TreeFile]) -> None:
    code = f"""
import io, sys
class Drawn(io.StringIO):
    def fileno(self): return -1
sys.stderr = Drawn()
from pathlib import Path
from index.memory import parallel, tree
parallel.WORTH_IT, parallel._HEAD, parallel._BATCH = 1, 1, 20
files = tree.scan(Path({str(files[0].real.parents[2])!r}))[0]
assert parallel._pool() is not None
print(len(list(parallel.read_records(files))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(files)
