"""Writing memories down from the command line, as processes: standard input, editor, completion."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Run, memarium
from tests.support.git import git

SOLUTIONS = "development-patterns/debugging-solutions.xml"


@pytest.fixture
def run(demo: Path, tmp_path: Path) -> Run:
    def go(
        *words: str, status: int = 0, says: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        alone = {"TMPDIR": str(tmp_path), "VISUAL": "", "EDITOR": "", "COLUMNS": "200"}
        more = alone | {"MEMARIUM_TREE": str(demo)} | environment
        return memarium(*words, status=status, says=says, env=more)

    return go


@pytest.fixture
def editor(tmp_path: Path) -> Callable[[str], str]:
    """An editor that does what a line of shell says to the file `$1`."""

    def make(line: str) -> str:
        path = tmp_path / "editor"
        path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        path.chmod(0o755)
        return str(path)

    return make


def head(demo: Path) -> str:
    return git(demo, "log", "-1", "--format=%h %s")


def kept(told: subprocess.CompletedProcess[str]) -> Path:
    return Path(told.stderr.rpartition("Your text is kept in ")[2].strip().removesuffix("."))


def shown(run: Run, entry: str) -> Any:
    return json.loads(run("show", entry, "--json").stdout)


def test_several_entries_are_one_commit_and_their_ids_stand_on_lines(run: Run, demo: Path) -> None:
    source = '[{"kind": "solution", "problem": "Clock skew"}, {"kind": "lesson", "title": "Ask NTP"}]'
    ids = run("add", "-", says=source).stdout.splitlines()
    assert [shown(run, entry)["title"] for entry in ids] == ["Clock skew", "Ask NTP"]
    assert head(demo).endswith(" memory: add 2 entries")


def test_json_tells_the_same_as_an_object(run: Run) -> None:
    told = json.loads(run("add", "lesson", "-", "--json", says="# Name things\n").stdout)
    assert told["entry"] == told["entries"][0]
    assert told["revision"]
    assert shown(run, told["entry"])["title"] == "Name things"


def test_fields_on_the_command_line_print_the_id_too(run: Run) -> None:
    (entry,) = run("add", "lesson", "--set", "title=One", "--set", "tags=a,b").stdout.splitlines()
    assert shown(run, entry)["tags"] == ["a", "b"]


def test_a_dry_run_shows_the_diff_and_writes_nothing(run: Run, demo: Path) -> None:
    before = head(demo)
    told = run("add", "lesson", "-", "--dry-run", says="<lesson><title>T</title><lesson>x</lesson></lesson>")
    assert "<title>T</title>" in told.stdout
    assert "Nothing was written" in told.stderr
    assert head(demo) == before


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("<lesson>\n<title>T</lesson>", "Line 2, column 1: "),
        ('{"title": "\x1b"}', "Line 1, column 12: "),
        ("# T\n## lesson\nred\x1b[31m\x9b", "Line 3, column 4: the character U+001B"),
        ("# T\n\udcff", "Line 2, column 1: byte 0xFF"),
        ("[" * 200_000, "Line 1, column 17: "),
        ('{"title": "T", "title": "T"}', "'title' is given twice"),
        ('{"kind": "les\\u001b[31mson", "title": "T"}', "Line 1, column 14: U+001B is a character"),
        ("x" * (1 << 21), "larger than 1 MiB"),
    ],
    ids=lambda part: ascii(part[:30]),
)
def test_what_is_hostile_is_refused_in_one_sentence(run: Run, demo: Path, says: str, why: str) -> None:
    before = head(demo)
    kind = () if '"kind"' in says else ("lesson",)
    told = run("add", *kind, "-", says=says, status=3)
    assert why in told.stderr
    assert told.stderr.count("\n") == 1
    assert "\x1b" not in told.stderr
    assert (told.stdout, head(demo)) == ("", before)


@pytest.mark.parametrize(
    "says",
    ["x" * ((1 << 20) + 1), '{"title": "T", "description": "' + "d" * (3 << 20) + '"}', "é" * (2 << 20)],
    ids=["one byte more", "JSON", "two bytes a letter"],
)
def test_all_of_an_input_that_is_too_large_is_kept(run: Run, says: str) -> None:
    told = run("add", "lesson", "-", says=says, status=3).stderr
    kept = re.search(r"Your text is kept in (.*)\.\n", told)
    assert kept is not None
    assert Path(kept[1]).read_text("utf-8") == says


def test_an_input_without_end_is_told(run: Run) -> None:
    told = run("add", "lesson", "-", says="x" * ((64 << 20) + 1), status=2).stderr
    assert "larger than 64 MiB, so none of it is read or kept" in told


def test_wrong_usage(run: Run) -> None:
    assert "no editor is opened" in run("add", "lesson", status=2).stderr
    assert "no editor is opened" in run("edit", "DEBUG-001", status=2).stderr
    assert "not from both" in run("add", "lesson", "-", "--set", "title=x", status=2).stderr
    assert "After KIND comes" in run("add", "lesson", "x.md", status=2).stderr


# ── the editor ────────────────────────────────────────────────────────────────


def test_the_editor_opens_a_form(run: Run, demo: Path, editor: Callable[[str], str]) -> None:
    fill = r'sed -i "s/^# name$/&\nBulkhead/; s/^# pattern$/&\nisolate \& <limit>/" "$1"'
    write = editor(f'grep -q "^A new api pattern, for development-patterns/api-patterns.xml" "$1" && {fill}')
    (entry,) = run("add", "api-pattern", EDITOR=write).stdout.splitlines()
    fields = {field["name"]: field["text"] for field in shown(run, entry)["fields"]}
    assert (fields["name"], fields["pattern"]) == ("Bulkhead", "isolate & <limit>")
    assert head(demo).endswith('memory: add api pattern "Bulkhead"')


def test_an_empty_form_adds_nothing(
    run: Run, demo: Path, editor: Callable[[str], str], tmp_path: Path
) -> None:
    before = head(demo)
    for line in ("true", 'echo >> "$1"', ': > "$1"'):
        told = run("add", "lesson", EDITOR=editor(line), status=1)
        assert told.stderr == "Nothing was written, so nothing was added.\n"
    assert head(demo) == before
    assert not list(tmp_path.glob("memarium-*"))


def test_what_is_refused_is_kept_and_can_be_piped_in_again(run: Run, editor: Callable[[str], str]) -> None:
    told = run("add", "lesson", EDITOR=editor('printf "# title\\nT\\n~~~\\n" > "$1"'), status=3)
    assert "Line 3: this code block has no end" in told.stderr
    text = kept(told).read_text("utf-8")
    assert text == "# title\nT\n~~~\n"
    (entry,) = run("add", "lesson", "-", says=text + "~~~\n").stdout.splitlines()
    assert shown(run, entry)["title"] == "T ~~~ ~~~"


def test_an_editor_that_fails(run: Run, editor: Callable[[str], str]) -> None:
    told = run("add", "lesson", EDITOR=editor("exit 3"), status=3)
    assert told.stderr == "memarium: The editor ended with status 3, so nothing was saved.\n"
    told = run("add", "lesson", EDITOR=editor('echo "# title" > "$1"; exit 1'), status=3)
    assert kept(told).read_text("utf-8") == "# title\n"
    assert "not installed" in run("add", "lesson", EDITOR="/no/editor", status=3).stderr


def test_edit_opens_the_xml_of_the_entry(run: Run, demo: Path, editor: Callable[[str], str]) -> None:
    told = run("edit", "DEBUG-001", EDITOR=editor('sed -i "s|<level>.*</level>|<level>6</level>|" "$1"'))
    assert "<level>6</level>" in told.stdout
    assert shown(run, "DEBUG-001")["level"] == 6
    assert head(demo).split(" ", 1)[1].startswith("memory: edit level of")
    assert "nothing was changed" in run("edit", "DEBUG-001", EDITOR="true", status=1).stderr
    assert "memarium delete" in run("edit", "DEBUG-001", EDITOR=editor(': > "$1"'), status=1).stderr


def test_broken_xml_is_refused_with_the_line_in_the_editor_and_kept(
    run: Run, demo: Path, editor: Callable[[str], str]
) -> None:
    before = head(demo)
    told = run("edit", "DEBUG-001", EDITOR=editor('sed -i "3s|</|<|" "$1"'), status=3)
    assert "memarium: Line 3, column " in told.stderr
    assert kept(told).read_text("utf-8").startswith("<debugging-solution")
    assert head(demo) == before


def test_an_entry_that_changed_meanwhile_is_not_overwritten(
    run: Run, demo: Path, editor: Callable[[str], str]
) -> None:
    theirs = f"sed -i 's|<level>6|<level>7|' '{demo}/{SOLUTIONS}'"
    run("edit", "DEBUG-002", "--set", "level=6")
    told = run("edit", "DEBUG-002", EDITOR=editor(f'{theirs}; sed -i "s|<level>6|<level>1|" "$1"'), status=3)
    assert "Another program changed level of" in told.stderr
    assert "<level>1" in kept(told).read_text("utf-8")
    assert shown(run, "DEBUG-002")["level"] == 7


def test_what_others_change_while_the_xml_is_open_stays(
    run: Run, demo: Path, editor: Callable[[str], str]
) -> None:
    """Another field of the same entry, and another entry of the same file."""
    run("edit", "DEBUG-002", "--set", "level=6")
    run("edit", "DEBUG-001", "--set", "level=5")
    theirs = (
        f"""sed -i 's|<level>6|<agent>other</agent><level>6|; s|<level>5|<level>2|' '{demo}/{SOLUTIONS}'"""
    )
    run("edit", "DEBUG-002", EDITOR=editor(f'{theirs}; sed -i "s|<level>6|<level>1|" "$1"'))
    said = shown(run, "DEBUG-002")
    assert (said["level"], said["agent"]) == (1, "other")
    assert shown(run, "DEBUG-001")["level"] == 2


# ── completion ────────────────────────────────────────────────────────────────


def test_the_shell_completes_kinds_and_ids_once_the_tree_was_read(run: Run, tmp_path: Path) -> None:
    def offered(words: str) -> list[str]:
        told = run(_MEMARIUM_COMPLETE="bash_complete", COMP_LINE=words)
        assert told.stderr == ""
        return [line.partition(",")[2] for line in told.stdout.splitlines()]

    run("list")
    assert offered("memarium add deb") == ["debugging-solution"]
    assert {"DEBUG-001", "DEBUG-009"} < set(offered("memarium show DEBUG-00"))
    assert f"{SOLUTIONS}#DEBUG-001" in offered("memarium edit development-patterns/deb")
    assert offered("memarium show -t /nowhere DEBUG-00") == [""]
