"""Export, and templates, as commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.commands import call, memarium


def test_what_is_found_is_exported_in_each_format(tree: Path) -> None:
    text = call(tree, "export", "pool", status=0).stdout
    assert text.startswith("# One é\n\n- **kind:** lesson\n- **id:** L-1\n")
    assert "Two" not in text
    found = json.loads(call(tree, "export", "--format", "json", status=0).stdout)
    assert (found["total"], [one["title"] for one in found["entries"]]) == (2, ["One é", "Two"])
    rows = list(csv.DictReader(call(tree, "export", "--format", "csv").stdout.splitlines()))
    assert rows[0]["title"] == "One é"
    assert ElementTree.fromstring(call(tree, "export", "--format", "xml").stdout.encode()).tag == "memories"


@pytest.mark.parametrize(("name", "start"), [
    ("a.json", b"{"), ("a.CSV", b"id,kind"), ("a.xml", b"<?xml"), ("a.md", b"# "), ("a.txt", b"# "),
])  # fmt: skip
def test_the_name_of_the_file_says_the_format(tree: Path, name: str, start: bytes) -> None:
    target = tree.parent / name
    done = call(tree, "export", "--output", str(target), status=0)
    assert target.read_bytes().startswith(start)
    assert (done.stdout, done.stderr) == ("", f"Exported 2 entries to {target}.\n")


def test_nothing_is_written_over_without_force(tree: Path) -> None:
    target = tree.parent / "mine.md"
    target.write_text("mine")
    done = call(tree, "export", "-o", str(target), status=3)
    assert "exists already, and was not overwritten. --force does it anyway." in done.stderr
    assert target.read_text() == "mine"
    call(tree, "export", "-o", str(target), "--force", status=0)
    assert target.read_text("utf-8").startswith("# One é")
    assert "is in the tree" in call(tree, "export", "-o", str(tree / "new.xml"), status=3).stderr
    assert not (tree / "new.xml").exists()


def test_nothing_found_writes_nothing(tree: Path) -> None:
    target = tree.parent / "none.md"
    assert call(tree, "export", "zebra", "-o", str(target), status=1).stderr.startswith("Nothing found.")
    assert not target.exists()


def test_several_entries_are_shown(tree: Path) -> None:
    done = call(tree, "show", "L-1", "L-2", "--format", "markdown", status=0)
    assert [line for line in done.stdout.split("\n") if line.startswith("# ")] == ["# One é", "# Two"]
    assert len(json.loads(call(tree, "show", "L-1", "L-2", "--json").stdout)) == 2
    assert json.loads(call(tree, "show", "L-1", "--json").stdout)["title"] == "One é"
    assert call(tree, "show", "L-1", "L-9", status=1).stdout == ""


@pytest.mark.parametrize("command", [
    ("list",), ("search", "kind:lesson"), ("show", "L-1", "L-2"), ("export",),
])  # fmt: skip
def test_a_template_prints_a_line_an_entry(tree: Path, command: tuple[str, ...]) -> None:
    done = call(tree, *command, "--template", r"{{ key }}:\t{{ title }}", status=0)
    assert sorted(done.stdout.splitlines()) == ["L-1:\tOne é", "L-2:\tTwo"]
    wrong = call(tree, *command, "--template", "{{ titel }}", status=2)
    assert wrong.stderr == "memarium: No entry here has titel; did you mean title?\n"
    assert wrong.stdout == ""


def test_a_hostile_memory_does_not_drive_the_terminal_through_a_template(tree: Path) -> None:
    text = "<lessons><lesson id='L-1'><title>A&#x9b;2J {{ id }} &#x202e;</title></lesson></lessons>"
    (tree / "lessons.xml").write_text(text)
    done = call(tree, "list", "--template", "{{ title }}\x1b[31m", status=0)
    assert done.stdout == "A\ufffd2J {{ id }} \ufffd␛[31m\n"


def test_xml_is_right_in_any_encoding_and_a_closed_pipe_is_no_error(tree: Path) -> None:
    done = memarium("export", "--format", "xml", "-t", str(tree), env={"PYTHONIOENCODING": "latin-1"})
    assert "One &#233;" in done.stdout


def test_usage(tree: Path) -> None:
    assert "name it with --output" in call(tree, "export", "--force", status=2).stderr
    assert "not both" in call(tree, "export", "--format", "csv", "--template", "x", status=2).stderr
    both = [["--json", "--template", "x"], ["--template", "x", "--json"]]
    for command in (["list"], ["search", "one"], ["show", "A"]):
        assert all("not both" in call(tree, *command, *options, status=2).stderr for options in both)
