"""Entries as documents: nothing is lost where the format can hold it, and nothing drives a terminal."""

from __future__ import annotations

import csv
import json
import os
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.importing.from_markdown import read_markdown
from index.library.tree import Tree
from index.model.entry import Entry
from index.model.errors import TreeError
from index.model.field import Field
from index.rendering.entry_documents import FileIsThere, exported, write_document
from index.rendering.entry_markdown import code_blocks, entry_markdown
from index.rendering.entry_template import EntryTemplate, TemplateError
from index.rendering.text import UNSAFE
from index.workspace import Workspace

HOSTILE = "a\x1b[2J\x9b\u202e\ud800\ufffe\r\x00 ]]> & < \" ' é 🙂\n\ttab "


def entry(*fields: tuple[str, str], title: str = "Tune the pool") -> Entry:
    held = tuple(Field(name, text) for name, text in fields)
    return Entry("a/b.xml#L-1", "lesson", "knowledge", title, "a/b.xml", 3, held, tags=("x", "y"), level=2)


def document(form: str, entries: Sequence[Entry]) -> str:
    return "".join(exported(entries, form, "/srv/memories"))


def texts_of_xml(text: str) -> list[str]:
    fields = ElementTree.fromstring(text.encode()).iter("field")
    return [
        b64decode(one.text or "").decode("utf-8", "surrogatepass") if one.get("encoding") else one.text or ""
        for one in fields
    ]


@given(st.lists(st.text(st.characters()), max_size=3))
def test_json_and_xml_hold_every_text_as_it_is(texts: list[str]) -> None:
    one = entry(*((f"field-{n}", text) for n, text in enumerate([*texts, HOSTILE])))
    held = [field.text for field in one.fields]
    assert [field["text"] for field in json.loads(document("json", [one]))["entries"][0]["fields"]] == held
    assert texts_of_xml(document("xml", [one])) == held


@pytest.mark.parametrize("form", ["markdown", "json", "csv", "xml"])
def test_nothing_in_a_document_drives_a_terminal(form: str) -> None:
    text = document(form, [entry(("lesson", HOSTILE), (HOSTILE, "x"), title=HOSTILE)] * 2)
    assert not UNSAFE.search(text.replace("\r\n", "") if form == "csv" else text)
    assert "é 🙂" in text or r"\u00e9" in text


@pytest.mark.parametrize("count", [0, 1, 2])
def test_json_is_well_formed_for_any_number(count: int) -> None:
    found = json.loads(document("json", [entry(("a", "b"))] * count))
    assert (found["tree"], found["total"], len(found["entries"])) == ("/srv/memories", count, count)
    assert len(ElementTree.fromstring(document("xml", [entry(("a", "b"))] * count))) == count


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_csv_is_a_formula(sign: str) -> None:
    text = document("csv", [entry(("a", "b"), title=f"{sign}cmd|' /C calc'!A0\nx, \"y\"")])
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert row["title"] == f"'{sign}cmd|' /C calc'!A0\nx, \"y\""
    assert row["tags"] == "x, y"
    assert text.count("\r\n") == 2


def test_markdown_has_short_fields_in_a_list_and_code_in_a_fence() -> None:
    plan = "Limit  (rows=1)\n  ->  Sort  (rows=2)\n    ->  Scan  (rows=3)"
    fenced = "# a heading\n```sh\n# a comment\n```\n## one more"
    text = entry_markdown(entry(("title", "Tune the pool"), ("@id", "L-1"), ("plan", plan), ("how", fenced)))
    assert text == (
        "# Tune the pool\n\n- **kind:** lesson\n- **id:** L-1\n\n"
        f"## plan\n\n```\n{plan}\n```\n\n"
        "## how\n\n\\# a heading\n```sh\n# a comment\n```\n\\## one more"
    )


def test_what_is_exported_as_markdown_is_read_again(tmp_path: Path) -> None:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "lessons.xml").write_text(
        "<lessons><lesson id='L-1'><title>One: a title</title><context>Payments</context>"
        "<description>First.\n\n# no heading\n\nSecond.</description></lesson></lessons>"
    )
    workspace = Workspace.open(root)
    (one,) = workspace.tree.entries()
    (read,) = read_markdown(entry_markdown(one), workspace.planner, "lesson")
    workspace.close()
    assert {name: text for name, text in read.texts.items() if name != "@id"} == {
        "title": "One: a title",
        "context": "Payments",
        "description": "First.\n\n# no heading\n\nSecond.",
    }


def test_the_blocks_of_code_of_an_entry() -> None:
    text = "So:\n\n```sql\nSELECT 1;\n```\n\nThen:\n\n```\nls\n```"
    one = entry(("code", "const a = 1;\nconst b = 2;"), ("solution", text), ("note", "no code"))
    assert list(code_blocks(one)) == [
        ("code", "const a = 1;\nconst b = 2;"),
        ("solution", "SELECT 1;"),
        ("solution", "ls"),
    ]


# ── files ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "a.xml").write_text("<lessons/>")
    return Workspace.open(root).tree


@pytest.mark.parametrize("name", ["me", "a/b", "~nobody-is-called-so/x.md"])
def test_a_link_in_a_circle_and_the_home_of_nobody_are_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tree: Tree, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "me").symlink_to("me")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    if name.startswith("~"):
        write_document(Path(name), ["text"], tree)
        assert (tmp_path / name).read_text() == "text"
        return
    with pytest.raises(TreeError, match=r"cannot be (read|saved)"):
        write_document(Path(name), ["text"], tree)


def test_a_device_and_a_pipe_get_the_document_as_it_comes(tmp_path: Path, tree: Tree) -> None:
    write_document(Path("/dev/null"), ["text"], tree)
    with pytest.raises(TreeError, match=r"^/dev/full cannot be written: no space left on device\.$"):
        write_document(Path("/dev/full"), ["text"], tree)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_document(pipe, ["te", "xt"], tree)
        assert os.read(reader, 99) == b"text"
    finally:
        os.close(reader)


def test_a_file_is_written_whole_and_nothing_is_written_over(tmp_path: Path) -> None:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "a.xml").write_text("<lessons/>")
    tree = Workspace.open(root).tree
    target = tmp_path / "out" / "all.md"
    write_document(target, ["a\n", "é\n"], tree)
    assert target.read_bytes() == "a\né\n".encode()
    with pytest.raises(FileIsThere):
        write_document(target, ["b"], tree)

    def failing() -> Iterator[str]:
        yield "b"
        raise KeyError

    with pytest.raises(KeyError):
        write_document(target, failing(), tree, force=True)
    assert target.read_text("utf-8") == "a\né\n"
    left = target.with_name(".memarium-1-1-0.tmp")  # of an export that was killed
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    write_document(target, ["b"], tree, force=True)
    assert target.read_text("utf-8") == "b"
    assert list(target.parent.iterdir()) == [target]
    for name in ("new.xml", "sub/new.md", "a.xml"):
        with pytest.raises(TreeError, match="is in the tree"):
            write_document(root / name, ["b"], tree, force=True)
    assert (root / "a.xml").read_text() == "<lessons/>"


# ── templates ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("template", "text"), [
    ("{{ id }} {{title}}", "a/b.xml#L-1 Tune the pool"),
    (r"{{ key }}\t{{ level }}\n{{ tags }}\\n", "L-1\t2\nx, y\\n"),
    ("{{ root-cause }}|{{ missing }}|{{ agent }}", "two\nlines||"),
    ("{{ root-cause | line }} {{ root-cause|json }}", 'two lines "two\\nlines"'),
    ("{ id } {{ options/option[2] }}", "{ id } {{ id }}"),
    ("", ""),
])  # fmt: skip
def test_a_template_is_filled(template: str, text: str) -> None:
    one = entry(("root-cause", "two\nlines"), ("options/option[2]", "{{ id }}"))
    assert EntryTemplate(template).fill(one) == text


@pytest.mark.parametrize("template", [
    "{{ id", "id }}", "{{ }}", "{{ id | shell }}", "{{ {{ id }} }}", "{{ a{b }}",
])  # fmt: skip
def test_a_template_that_means_nothing_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        EntryTemplate(template)


def test_a_name_that_no_entry_has_is_refused_with_those_that_are_near() -> None:
    EntryTemplate("{{ root-cause }} {{ id }}").check(["root-cause"])
    with pytest.raises(TemplateError, match="did you mean title"):
        EntryTemplate("{{ titel }}").check([])


@given(st.text("{}| \\ntid", max_size=40))
def test_no_template_fails_otherwise(template: str) -> None:
    with suppress(TemplateError):
        assert "{{" not in EntryTemplate(template * 50).fill(entry(("a", "b")))


@pytest.mark.parametrize("name", ["n\nl", "m\r", "\x1b]0;x\x07", "\u202ej", "e\udce9", "a b"])
def test_an_id_in_a_template_is_one_that_the_commands_take(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.md").write_text("# One\n\ntext\n")
    with closing(Workspace.open(tmp_path)) as workspace:
        [one] = workspace.tree.ready().entries
        template = EntryTemplate("{{ id }}|{{ file }}")
        told, file = template.fill(one).split("|")
        assert told.isprintable()
        assert workspace.tree.entry(told) == one
        assert told.startswith(file)
