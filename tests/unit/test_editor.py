"""The user's own editor."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from index.model.errors import EditorError
from index.storage.external_editor import drop_copy, edited, editor_command, private_copy


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A folder of programs that do nothing."""
    folder = tmp_path / "my programs"
    folder.mkdir()
    for name in ("vi", "nvim", "nano", "code", "subl", "hx", "ed"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ["vi", "+12", "a b.xml"]),
        ({"EDITOR": "nano -w"}, ["nano", "-w", "+12", "a b.xml"]),
        ({"EDITOR": "nano", "VISUAL": "nvim"}, ["nvim", "+12", "a b.xml"]),
        ({"EDITOR": "nano", "VISUAL": " "}, ["nano", "+12", "a b.xml"]),
        ({"EDITOR": "code"}, ["code", "--wait", "--goto", "a b.xml:12"]),
        ({"EDITOR": "code -w -n"}, ["code", "-w", "-n", "--goto", "a b.xml:12"]),
        ({"EDITOR": "subl"}, ["subl", "--wait", "a b.xml:12"]),
        ({"EDITOR": "hx"}, ["hx", "a b.xml:12"]),
        ({"EDITOR": "ed"}, ["ed", "a b.xml"]),
        ({"EDITOR": "ed '; touch x' $(id)"}, ["ed", "; touch x", "$(id)", "a b.xml"]),
    ],
)
def test_the_command_opens_the_line(programs: str, environ: dict[str, str], expected: list[str]) -> None:
    assert editor_command(Path("a b.xml"), 12, {"PATH": programs, **environ}) == expected


def test_a_full_path_with_spaces(programs: str) -> None:
    command = editor_command(Path("a.xml"), 0, {"PATH": "", "EDITOR": f"'{programs}/nvim' -n"})
    assert command == [f"{programs}/nvim", "-n", "+1", "a.xml"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("emacs", "The editor emacs is not installed: set $EDITOR to one that is."),
        ("nano 'x", "$EDITOR cannot be read: no closing quotation."),
        ("", "The editor vi is not installed: set $EDITOR to one that is."),
    ],
)
def test_an_editor_that_cannot_be_opened(tmp_path: Path, value: str, says: str) -> None:
    with pytest.raises(EditorError) as refused:
        editor_command(Path("a.xml"), 1, {"PATH": str(tmp_path), "EDITOR": value})
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("decisions.xml", "decisions"),
        ("a/b c\n.xml", "b-c"),
        ("../..xml", "memory"),
        (".xml", "xml"),
        ("", "memory"),
    ],
)
def test_the_copy_is_private(name: str, stem: str) -> None:
    path = private_copy(name, b"<a/>", ".xml")
    try:
        assert path.read_bytes() == b"<a/>"
        assert path.name == f"{stem}.xml"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        drop_copy(path)
    assert not path.parent.exists()


def test_a_byte_order_mark_that_the_editor_adds_is_none_of_the_text() -> None:
    mark = b"\xef\xbb\xbf"
    path = private_copy("a.xml", b"<a/>", ".xml")
    path.write_bytes(mark + b"<b/>")
    try:
        assert edited(path, b"<a/>") == b"<b/>"
        assert edited(path, mark + b"<a/>") == mark + b"<b/>"
    finally:
        drop_copy(path)
    assert edited(path, b"<a/>") == b"<a/>"
