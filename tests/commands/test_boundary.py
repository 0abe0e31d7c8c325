"""What nobody expects in a command: one sentence, a log, a status; and what was saved stays saved."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.commands.cli import cli
from index.commands.streams import CannotPrint
from index.search.tree_search import Search
from index.storage import failure_log
from index.storage.failure_log import keep_refused
from tests.support.commands import call, shell

ERRORS: tuple[BaseException, ...] = (
    RecursionError("too deep"),
    MemoryError(),
    sqlite3.DatabaseError("database disk image is malformed"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    OverflowError("int too large"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_nobody_expects_is_one_sentence_and_a_log(
    tree: Path, state: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Search, "find", fail)
    done = call(tree, "list")
    assert done.exit_code == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "errors.log" in done.stderr
    assert type(error).__name__ in (state / "errors.log").read_text()


@pytest.mark.parametrize(
    ("error", "status"), [("RecursionError('x')", 3), ("KeyboardInterrupt()", 130), ("BrokenPipeError()", 0)]
)
@pytest.mark.parametrize("place", ["index.workspace:Workspace.open", "index.commands.boundary:_run"])
def test_a_process_ends_with_a_status_and_no_traceback(
    tree: Path, tmp_path: Path, place: str, error: str, status: int
) -> None:
    module, _, name = place.partition(":")
    (tmp_path / "sitecustomize.py").write_text(
        f"import {module} as m\ndef fail(*_, **__): raise {error}\nm.{name} = fail\n"
    )
    path = f"{tmp_path}:{Path(__file__).parents[2]}"
    done = shell(tree, "$M list", PYTHONPATH=path)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.split(b"\n")) <= 3


@pytest.mark.parametrize("words", [["edit", "L-1", "--set", "title=x"], ["delete", "L-2"]])
@pytest.mark.parametrize("error", [CannotPrint("The results cannot be printed."), RecursionError("deep")])
def test_what_is_saved_is_done_whatever_becomes_of_its_account(
    tree: Path, words: list[str], error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("index.commands.base._tell", fail)
    monkeypatch.setattr("index.commands.exit_status.drop_results", lambda: None)
    before = (tree / "lessons.xml").read_bytes()
    done = call(tree, *words)
    assert done.exit_code == 0
    assert "It is saved." in done.stderr
    assert "kept in" not in done.stderr
    assert (tree / "lessons.xml").read_bytes() != before


def test_commits_of_each_file_go_on_where_nobody_reads(tree: Path) -> None:
    for name in ("a", "b", "c"):
        (tree / f"{name}.xml").write_text("<x/>")
    git = "git init -q . && git config user.name T && git config user.email t@t.t"
    done = shell(tree, f"{git} && $M commit --all --each -t memories >/dev/full")
    assert done.returncode == 0, done.stderr
    assert shell(tree, "git status --porcelain -uall memories").stdout == b""


def test_only_a_text_that_could_be_lost_is_kept(tree: Path, state: Path) -> None:
    assert call(tree, "edit", "L-9", "--set", "title=x").exit_code == 1
    assert call(tree, "edit", "L-1", "--set", "n o=x", "--dry-run").exit_code == 3
    assert call(tree, "add", "lesson", "--set", "n o=x", "--dry-run").exit_code == 3
    for refused in (b"<lesson><title>", b'{"kind": 1', b"\xff\xfe", b"\0"):
        assert call(tree, "add", "lesson", "-", "--dry-run", data=refused).exit_code == 3
    assert not (state / "refused").exists()
    assert call(tree, "edit", "L-1", "--set", "n o=x").exit_code == 3
    assert len([*(state / "refused").iterdir()]) == 1


def test_what_was_typed_is_kept_even_where_it_was_only_to_be_looked_at(tree: Path, state: Path) -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"<lesson>typed\n\x04")
    with os.fdopen(terminal) as stdin, os.fdopen(keyboard, "wb"):
        words = (sys.executable, "-m", "tui", "add", "lesson", "-", "--dry-run", "-t", str(tree))
        done = subprocess.run(words, stdin=stdin, capture_output=True, check=False)
    assert done.returncode == 3
    (kept,) = (state / "refused").iterdir()
    assert kept.read_bytes() == b"<lesson>typed\n"


@pytest.mark.parametrize("place", [(), ("-t", "nowhere"), ("--file", "../out.xml", "-t", "some")], ids=str)
def test_a_piped_text_is_kept_where_there_is_nothing_to_take_it(
    place: tuple[str, ...],
    state: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    (empty / "some").mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.delenv("MEMARIUM_TREE", raising=False)
    text = b'{"kind": "lesson", "title": "long"}'
    status = 3 if place else 2
    assert CliRunner().invoke(cli, ["add", "-", "--dry-run", *place], input=text).exit_code == status
    assert not (state / "refused").exists()
    done = CliRunner().invoke(cli, ["add", "-", *place], input=text)
    (kept,) = (state / "refused").iterdir()
    assert (done.exit_code, kept.read_bytes()) == (status, text)
    assert done.stderr.endswith(f". Your text is kept in {kept}.\n")
    assert done.stderr.count("kept in") == 1


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"<lesson><title>a</lesson>", ".xml"),
        (b'\xef\xbb\xbf {"kind": 1', ".json"),
        ("[1".encode("utf-16"), ".json"),
        (b"# a\n\x00", ".md"),
    ],
)
def test_a_kept_text_is_named_for_what_it_is(tree: Path, state: Path, data: bytes, suffix: str) -> None:
    assert call(tree, "add", "lesson", "-", data=data).exit_code == 3
    (kept,) = (state / "refused").iterdir()
    assert kept.suffix == suffix
    assert kept.read_bytes() == data


def test_the_newest_refused_texts_are_kept(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure_log, "KEPT", 3)
    (state / "refused").mkdir(parents=True)
    for day in range(1, 6):
        (state / "refused" / f"2020-01-0{day}-000000-x.md").write_text("old")
    name = keep_refused(b"new", ".md")
    left = sorted(path.name for path in (state / "refused").iterdir())
    assert left == ["2020-01-04-000000-x.md", "2020-01-05-000000-x.md", Path(name).name]


def test_undo_tells_its_files_and_entries(tree: Path) -> None:
    shell(tree, "git init -q . && git config user.name T && git config user.email t@t.t && git add . ")
    shell(tree, "git commit -qm one")
    assert call(tree, "edit", "L-1", "--set", "title=x").exit_code == 0
    told = json.loads(call(tree, "undo", "--json").stdout)
    assert told["files"] == ["lessons.xml"]
    assert told["entries"] == ["lessons.xml#L-1"]
    assert told["revision"]
    said = call(tree, "undo", "--redo").stderr
    assert said.startswith('Redid: edit title of "One é" as ')


def test_a_brief_of_nothing_is_json_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = call(tmp_path / "empty", "brief", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["sections"] == []


def test_a_command_that_is_misspelt_is_named(tree: Path) -> None:
    done = shell(tree, "$M serach")
    assert done.returncode == 2
    assert done.stderr == b"memarium: No command serach; did you mean search?\n"


def test_help_is_a_command_too_unless_a_tree_is_called_so(tree: Path) -> None:
    assert shell(tree, "$M help").stdout == shell(tree, "$M --help").stdout != b""
    assert shell(tree, "$M help edit").stdout == shell(tree, "$M edit --help").stdout != b""
    done = shell(tree, "mkdir help && $M help")
    assert b"the app needs a terminal" in done.stderr


def test_a_path_that_is_nearly_no_command_is_a_path(tree: Path) -> None:
    assert b"did you mean" not in shell(tree, "$M memoires").stderr


@pytest.mark.parametrize(
    "words",
    [["list", "-t", "ring"], ["repair", "ring/x.xml"], ["history", "ring/x"], ["commit", "ring/x.xml"]],
)
def test_links_in_a_circle_are_one_sentence(
    tree: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.parent)
    (tree.parent / "ring").symlink_to("ring")
    more = [] if "-t" in words else ["-t", str(tree)]
    done = CliRunner().invoke(cli, [*words, *more])
    assert done.exit_code in (1, 3)
    assert done.stderr.count("\n") == 1
    assert "unexpectedly" not in done.stderr
    assert "circle" in done.stderr or "-t" not in words


def test_a_name_of_stray_bytes_names_its_file(tree: Path) -> None:
    raw = os.fsencode(tree) + b"/caf\xe9.xml"
    Path(os.fsdecode(raw)).write_bytes(b"<lessons><lesson id='L-7'><title>Seven</title></lesson></lessons>")
    name = os.fsdecode(b"caf\xe9.xml")
    shown = json.loads(call(tree, "show", f"{name}#L-7", "--json").stdout_bytes)
    assert shown["title"] == "Seven"
    told = call(tree, "edit", f"{name}#L-7", "--set", "title=Eight", "--json")
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout_bytes)["files"] == ["caf\\xe9.xml"]


@pytest.mark.parametrize("message", [b"caf\xe9", b"\xff\xfe", b"a\n\nb\x80"])
def test_a_message_of_stray_bytes_is_refused_before_anything_is_done(tree: Path, message: bytes) -> None:
    before = [file.read_bytes() for file in sorted(tree.rglob("*.xml"))]
    ended = call(tree, "edit", "L-1", "--set", "title=X", "-m", os.fsdecode(message))
    assert ended.exit_code == 2
    assert "It is not in UTF-8. Write it in UTF-8, or leave -m out." in ended.stderr
    assert [file.read_bytes() for file in sorted(tree.rglob("*.xml"))] == before
    assert call(tree, "edit", "L-1", "--set", "title=X", "-m", "café").exit_code == 0


def test_a_save_that_cannot_be_noted_for_the_undo_says_so(tree: Path) -> None:
    told = call(tree, "edit", "L-1", "--set", "title=X").stderr
    assert "Undo cannot" not in told
    (journal,) = Path(os.environ["XDG_STATE_HOME"]).rglob("journal.jsonl")
    journal.unlink()
    journal.mkdir()
    ended = call(tree, "edit", "L-1", "--set", "title=Y")
    assert ended.exit_code == 0
    assert "Undo cannot take it back, as its list cannot be written; git revert can." in ended.stderr
