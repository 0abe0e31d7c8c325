"""Commands that are stopped, misspelt or refuse what was written in an editor: one sentence, nothing lost."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from index.editing.committer import Committer
from index.model.errors import Refused
from index.workspace import Workspace
from tests.support.commands import call

TEXT = "# title\nTyped\n"


def stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("words", [["list"], ["check"], ["brief"], ["edit", "L-1", "--set", "title=x"]])
def test_what_is_stopped_before_it_writes_says_so(
    tree: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "open", stop)
    done = call(tree, *words)
    assert (done.exit_code, done.stderr) == (130, "memarium: Stopped. Nothing was written.\n")


def test_ctrl_c_while_a_class_is_made_is_no_error(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrapped(*_: object, **__: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr(Workspace, "open", wrapped)
    done = call(tree, "list")
    assert (done.exit_code, done.stderr) == (130, "memarium: Stopped. Nothing was written.\n")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("index.editing.committer.Committer.commit", "Nothing was written."),
        ("index.commands.base._tell", "It is saved."),
        ("index.library.read_marks.ReadMarks.own", "memarium status shows what is written and not done."),
    ],
)
def test_what_was_written_by_then_is_told(
    tree: Path, place: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (tree / "lessons.xml").read_bytes()
    monkeypatch.setattr(place, stop)
    done = call(tree, "edit", "L-1", "--set", "title=x")
    assert done.exit_code == 130
    assert done.stderr.startswith(f"memarium: Stopped. {words}")
    assert ((tree / "lessons.xml").read_bytes() == before) == (words == "Nothing was written.")


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), click.Abort()], ids=lambda error: type(error).__name__
)
def test_ctrl_c_while_it_waits_for_somebody_is_no_error(
    tree: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise error

    monkeypatch.setattr("index.commands.changing.read_input", fail)
    done = call(tree, "add", "-")
    assert (done.exit_code, done.stderr) == (130, "memarium: Stopped. Nothing was written.\n")


# ── an editor ─────────────────────────────────────────────────────────────────


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that writes a text and ends with a status; the temporary folder is one of its own."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    script = tmp_path / "editor.sh"
    script.write_text(f'#!/bin/sh\nprintf %s {shlex.quote(TEXT)} >"$1"\nexit ${{STATUS:-0}}\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    return script


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused("No."), 3), (RecursionError("deep"), 3), (KeyboardInterrupt(), 130), (OSError("full"), 3)],
    ids=lambda error: type(error).__name__,
)
def test_what_was_typed_is_kept_where_refused_texts_are(
    tree: Path, state: Path, editor: Path, error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Committer, "commit", fail)
    done = call(tree, "add", "lesson")
    (kept,) = (state / "refused").iterdir()
    assert (done.exit_code, kept.read_text(), kept.suffix) == (status, TEXT, ".md")
    assert done.stderr.endswith(f"Your text is kept in {kept}.\n")
    assert [*(editor.parent / "tmp").iterdir()] == []


@pytest.mark.parametrize("line", ['rm "$1"', 'rm "$1" && mkdir "$1"', 'mv "$1" "$1.old"'])
def test_an_editor_that_leaves_no_file_has_changed_nothing(tree: Path, editor: Path, line: str) -> None:
    editor.write_text(f"#!/bin/sh\n{line}\n")
    done = call(tree, "edit", "L-1", status=1)
    assert done.stderr == "Nothing was written, so nothing was changed.\n"


def test_an_editor_that_fails_loses_nothing(
    tree: Path, state: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS", "3")
    done = call(tree, "edit", "L-1")
    (kept,) = (state / "refused").iterdir()
    assert done.exit_code == 3
    assert f"kept in {kept}" in done.stderr
    assert kept.read_text() == TEXT


def test_where_nothing_can_be_kept_the_copy_stays(
    tree: Path, state: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS", "3")
    monkeypatch.setattr("index.storage.external_editor.keep_refused", lambda *_: "")
    done = call(tree, "edit", "L-1")
    (folder,) = (editor.parent / "tmp").iterdir()
    (copy,) = folder.iterdir()
    assert f"kept in {copy}" in done.stderr
    assert copy.read_text() == TEXT


@pytest.mark.parametrize("status", ["0", "1"])
def test_what_was_not_changed_is_kept_nowhere(
    tree: Path, state: Path, editor: Path, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.write_text(f"#!/bin/sh\nexit {status}\n")
    assert call(tree, "edit", "L-1").exit_code == (3 if status == "1" else 1)
    assert not (state / "refused").exists()
    assert [*(editor.parent / "tmp").iterdir()] == []


# ── misspelt ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("serach pool", "No command serach; did you mean search?"),
        ("session ned", "No command ned; did you mean end?"),
        ("log L-1", "No command log; did you mean history?"),
        ("redo now", "No command redo; did you mean undo --redo?"),
        ("tree x", "No command tree; memarium --help lists them."),
        ("frobnicate x", "No command frobnicate; memarium --help lists them."),
        ("list --jsno", "See memarium list --help."),
        ("trends 'a\nb'", "Got unexpected extra argument (a b). See memarium trends --help."),
        ("list --tag x", "There is no option --tag: write tag:x in the query."),
        ("search pool --level=3", "There is no option --level: write level:3 in the query."),
        ("list --deleted", "There is no option --deleted: write is:deleted in the query."),
        ("timeline --after 2025", "There is no option --after: write after:2025 in the query."),
        ("edit", "Missing argument 'ID…'. See memarium edit --help."),
        ("list -n x", "See memarium list --help."),
        ("add lesson --set x", "--set takes FIELD=VALUE, not 'x'. See memarium add --help."),
    ],
)
def test_what_is_misspelt_is_one_line_of_ours(
    tree: Path, line: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from index.commands.boundary import run

    monkeypatch.setattr("index.commands.boundary.prepare_streams", lambda: None)
    monkeypatch.setenv("MEMARIUM_TREE", str(tree))
    assert run(shlex.split(line)) == 2
    told = capsys.readouterr().err
    assert told.startswith("memarium: ")
    assert told.count("\n") == 1
    assert says in told
