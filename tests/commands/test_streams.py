"""Streams, texts and words as a shell may hand them to a command: one line, a status, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import shell
from tests.support.home import Home


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("$M list <&-", 0),
        ("$M list >&-", 0),
        ("$M search pool <&- 2>&-", 0),
        ("$M add - <&-", 2),
        ("$M edit L-1 --set title=x >&- 2>&-", 0),
        ("$M edit L-1 --set title=x >/dev/full", 0),
        ("$M list >/dev/full", 3),
        ("$M list 2>/dev/full", 0),
        ("$M --help >/dev/full", 3),
        ("mkdir gone && cd gone && rmdir ../gone && $M list", 2),
    ],
)
def test_a_stream_that_is_closed_or_full_ends_in_no_traceback(tree: Path, line: str, status: int) -> None:
    done = shell(tree, line)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if "edit" in line:
        assert "<title>x</title>" in (tree / "lessons.xml").read_text("utf-8")


def test_json_is_utf8_whatever_the_encoding_of_the_output(tree: Path) -> None:
    for encoding in ("ascii:strict", "latin-1", "cp1252"):
        found = json.loads(shell(tree, "$M show L-1 --json", PYTHONIOENCODING=encoding).stdout.decode())
        assert found["title"] == "One é"
    assert shell(tree, "$M list", PYTHONIOENCODING="ascii:strict").returncode == 0


@pytest.mark.parametrize("data", [b'{"kind":"lesson","title":"a\\ud83d"}', b'{"title":NaN}', b"caf\xe9"])
def test_a_refused_text_is_kept_and_named(tree: Path, data: bytes, home: Home) -> None:
    done = shell(tree, "$M add lesson -", data)
    assert done.returncode == 3
    kept = Path(done.stderr.decode().rpartition("kept in ")[2].strip().rstrip("."))
    assert kept.read_bytes() == data
    assert kept.is_relative_to(home.state)
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_the_encodings_of_powershell_are_read(tree: Path, encoding: str) -> None:
    done = shell(tree, "$M add -", '{"kind":"lesson","title":"接続"}'.encode(encoding))
    assert done.returncode == 0, done.stderr
    assert "接続" in (tree / "lessons.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "status", "found"),
    [
        ("$M search -kafka", 0, b"L-1"),
        ("$M search pool -kafka", 0, b"L-1"),
        ("$M search '->'", 1, b""),
        ("$M search '=>'", 1, b""),
        ("$M search '***'", 2, b""),
        ("$M search -n 1 kafka", 0, b"L-2"),
        ("$M search on:click", 0, b"L-2"),
        ("$M search status:200", 0, b"L-2"),
        ("$M search 'pool exh'", 0, b"L-1"),
        ("$M search --jsn pool", 2, b""),
        ("$M search pool -n", 2, b""),
        ("$M export -o; test $? = 2 && ! test -e ./--", 0, b""),
    ],
)
def test_words_with_a_dash_or_a_colon_are_words(tree: Path, line: str, status: int, found: bytes) -> None:
    done = shell(tree, line)
    assert done.returncode == status, done.stderr
    assert found in done.stdout
    assert done.stdout.count(b"#L-") == (1 if found else 0)
