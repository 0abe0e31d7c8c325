"""Reading in processes gives what reading here gives, and goes on here when there are none to be had."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.library import parallel
from index.library.file_reader import read_record
from index.library.packing import pack_entry, pack_record, to_json, unpack_entry, unpack_record
from index.model.entry import Entry
from index.model.field import Field, PackedFields
from index.model.file_record import TreeFile
from index.storage import helper_process
from index.storage.helper_process import Helper
from index.storage.scan import scan


@pytest.fixture
def files(tmp_path: Path) -> list[TreeFile]:
    for number in range(6):
        shutil.copytree(sample_tree(), tmp_path / f"copy-{number}")
    return scan(tmp_path)[0]


@pytest.mark.parametrize("here", [False, True])
@pytest.mark.parametrize("batch", [7, 100])
def test_processes_give_the_same_records(
    files: list[TreeFile], monkeypatch: pytest.MonkeyPatch, here: bool, batch: int
) -> None:
    alone = [read_record(file) for file in files]
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(parallel, "_HEAD", 5)
    monkeypatch.setattr(parallel, "_AHEAD", 3)
    monkeypatch.setattr(parallel, "_BATCH", batch)
    found = sorted(parallel.read_records(files, here=here), key=lambda record: record.path)
    assert found == sorted(alone, key=lambda record: record.path)


def no_process(module: str) -> Helper:
    raise OSError(f"No process is left for {module}.")


def dying(module: str) -> Helper:
    helper = Helper(module)
    helper._process.kill()
    return helper


@pytest.mark.parametrize("helper", [no_process, dying])
def test_without_processes_the_files_are_read_here(
    files: list[TreeFile], monkeypatch: pytest.MonkeyPatch, helper: Callable[[str], Helper]
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "_HEAD", 1)
    monkeypatch.setattr(helper_process, "Helper", helper)
    assert [record.path for record in parallel.read_records(files)] == [file.path for file in files]


def test_whoever_stops_listening_leaves_no_process(
    files: list[TreeFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "_BATCH", 5)
    started: list[Helper] = []

    def start(name: str) -> Helper:
        started.append(Helper(name))
        return started[-1]

    monkeypatch.setattr(helper_process, "Helper", start)
    records = parallel.read_records(files)
    assert isinstance(records, Generator)
    next(records)
    records.close()
    assert started
    assert all(helper._process.poll() is not None for helper in started)


def test_a_record_survives_packing(files: list[TreeFile]) -> None:
    for file in files[:30]:
        record = read_record(file)
        assert unpack_record(pack_record(record)) == record


def test_packed_fields_are_those_that_were_packed() -> None:
    fields = (Field("a[2]", 'x "y"\n\udcff — 東', ("x", ""), 4), Field("@b", ""))
    packed = PackedFields.of(fields)
    assert packed == fields
    assert fields == packed
    assert packed != fields[:1]
    assert packed[:1] == fields[:1]
    assert (len(packed), list(packed), hash(packed)) == (2, list(fields), hash(fields))
    assert PackedFields.of(packed) is packed
    assert PackedFields.of(()) == ()


@pytest.mark.parametrize("text", ["", "\0", "\0\1", "a\0b\1c\2", "\n", "\udcff"])
@pytest.mark.parametrize("items", [(), ("",), ("x",), ("\0", "", "y\n\1")])
def test_fields_of_any_signs_survive_packing_and_json(text: str, items: tuple[str, ...]) -> None:
    fields = (Field("a", text, items, 1), Field("b", "", (), 2), Field("b[2]", text, items[:1], 3))
    entry = Entry("a.xml#b", "note", "other", "A", "a.xml", 1, fields)
    assert PackedFields.of(fields) == fields
    assert unpack_entry(pack_entry(entry)) == entry
    assert unpack_entry(json.loads(to_json(pack_entry(entry)))) == entry


def read_apart(files: list[TreeFile], folder: Path, before: str = "") -> int:
    """Read the files in processes, from a program that stands in `folder`; return how many came of them."""
    root = files[0].real.parents[2]
    code = f"""
import os, sys
{before}
from collections.abc import Generator
from pathlib import Path
from index.library import parallel
from index.storage import scan
parallel.WORTH_IT, parallel._HEAD, parallel._BATCH = 1, 1, 20
print(len(list(parallel._in_processes(scan.scan(Path({str(root)!r}))[0]))))
"""
    command = [sys.executable, "-P", "-c", code]
    return int(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)


def test_processes_start_under_a_terminal_app_whose_standard_error_is_no_file(
    files: list[TreeFile], tmp_path: Path
) -> None:
    drawn = """
import io
class Drawn(io.StringIO):
    def fileno(self): return -1
sys.stderr = Drawn()
"""
    assert read_apart(files, tmp_path, drawn) == len(files)


def test_no_module_of_the_folder_we_stand_in_runs(files: list[TreeFile], tmp_path: Path) -> None:
    """A cloned repository may hold a `random.py`, or one for any other name that we import."""
    trap, canary = tmp_path / "clone", tmp_path / "canary"
    trap.mkdir()
    for name in {*sys.stdlib_module_names, "index", "lxml", "sitecustomize", "usercustomize"}:
        (trap / f"{name}.py").write_text(f"open({str(canary)!r}, 'a').write({name!r})\n")
    subprocess.run([sys.executable, "-c", "import random"], cwd=trap, capture_output=True, check=False)
    assert canary.exists(), "the trap is none"
    canary.unlink()
    assert read_apart(files, trap) == len(files)
    assert not canary.exists(), canary.read_text()
