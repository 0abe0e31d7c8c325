"""A list that was emptied keeps its name, and is set again with the names that its items have."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.editing.bulk import plan_set_field
from index.editing.plan_checks import entry_in
from index.editing.single import plan_fields, set_fields
from index.formats.registry import open_file
from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.items import set_items
from index.model.entry import Entry
from index.model.plan import Plan
from index.model.problems import Splice
from index.workspace import Workspace

FILE = "lessons.xml"
OTHERS = """
  <lesson id="L-2">
    <title>Two</title>
    <files><file>a.py</file><file>b.py</file></files>
    <steps>
      <do>one</do>
      <do>two</do>
    </steps>
    <note>plain</note>
  </lesson>
</lessons>
"""
EMPTY = [
    "<{0}/>",
    "<{0}></{0}>",
    "<{0}><!-- none --></{0}>",
    "<{0}><{1}/></{0}>",
    "<{0}>\n      <{1}> </{1}>\n    </{0}>",
]


def page(field: str, others: str = OTHERS) -> bytes:
    return (
        f'<lessons>\n  <lesson id="L-1">\n    <title>One</title>\n    {field}\n  </lesson>{others}'.encode()
    )


def entries_of(data: bytes | None, file: str = FILE) -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def fields(data: bytes | None) -> dict[str, tuple[str, tuple[str, ...]]]:
    entry = next(entry for entry in entries_of(data) if entry.id.endswith("#L-1"))
    return {field.name: (field.text, field.items) for field in entry.fields}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    root.mkdir()
    return root


def ways(tree: Path, data: bytes, name: str, text: str) -> list[Plan]:
    """Return the plans of the form and the command, of several changes, and of several entries."""
    (tree / FILE).write_bytes(data)
    workspace = Workspace.open(tree)
    return [
        workspace.planner.edit(f"{FILE}#L-1", {name: text}),
        plan_fields(entry_in(data, FILE, f"{FILE}#L-1"), {name: text}, entries=workspace.tree.known()),
        plan_set_field({FILE: data}, [f"{FILE}#L-1"], name, text, entries=workspace.tree.known()),
    ]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize(("name", "item"), [("files", "file"), ("steps", "do")])
@pytest.mark.parametrize("text", ["- x & y\n- z", "x & y\nz", "- x & y"])
def test_items_are_named_as_those_of_other_entries(
    tree: Path, empty: str, name: str, item: str, text: str
) -> None:
    data = page(empty.format(name, "file" if name == "files" else "step"))
    if "<step>" in data.decode() or "<step/>" in data.decode():
        item = "step"
    items = tuple(line.removeprefix("- ") for line in text.split("\n"))
    for plan in ways(tree, data, name, text):
        after = plan.changes[0].after
        assert fields(after)[name] == ("- " + "\n- ".join(items), items)
        assert after is not None
        assert f"<{item}>x &amp; y</{item}>".encode() in after
        assert list(fields(after)) == list(fields(data))


def test_a_list_keeps_its_name_when_it_is_emptied(tree: Path) -> None:
    for name, listed in (
        ("files", "<files><file>a.py</file><file>b.py</file></files>"),
        ("steps", "<steps>\n      <do>one</do>\n      <do>two</do>\n    </steps>"),
        ("todo", "<todo>\n      <item>one</item>\n    </todo>"),
        ("strategies", "<strategies><test-strategy>a</test-strategy></strategies>"),
    ):
        data = page(listed)
        for plan in ways(tree, data, name, ""):
            emptied = plan.changes[0].after
            assert emptied is not None
            assert fields(emptied)[name][0] == ""
            assert list(fields(emptied)) == list(fields(data))
            for again in ways(tree, emptied, name, "- one\n- two"):
                after = again.changes[0].after
                assert fields(after)[name] == ("- one\n- two", ("one", "two"))
                assert list(fields(after)) == list(fields(data))


def test_names_are_learned_from_other_files_and_from_what_is_documented(tree: Path) -> None:
    (tree / "other.xml").write_text(f"<lessons>{OTHERS}")
    alone = page("<files/>", "\n</lessons>\n")
    for plan in ways(tree, alone, "files", "x\ny")[:2]:
        assert b"<files>\n      <file>x</file>\n      <file>y</file>\n    </files>" in (
            plan.changes[0].after or b""
        )
    (tree / "other.xml").unlink()
    for plan in ways(tree, page("<tags/>", "\n</lessons>\n"), "tags", "x, y")[1:2]:
        assert b"<tag>x</tag>" in (plan.changes[0].after or b"")


@pytest.mark.parametrize(
    ("name", "item", "filled"),
    [
        ("gotchas", "fact", "gotcha"),
        ("dependencies", "lib", "dependency"),
        ("open-questions", "q", "open-question"),
    ],
)
def test_a_list_with_items_of_unusual_names_stays_one(tree: Path, name: str, item: str, filled: str) -> None:
    data = page(
        f"<{name}>\n      <{item}>one</{item}>\n      <{item}>two</{item}>\n    </{name}>", "\n</lessons>"
    )
    for plan in ways(tree, data, name, ""):
        emptied = plan.changes[0].after
        assert emptied is not None
        assert fields(emptied)[name] == ("", ())
        for text in ("- one\n- two", "- one"):
            for again in ways(tree, emptied, name, text):
                after = again.changes[0].after
                assert fields(after)[name] == (text, tuple(text.removeprefix("- ").split("\n- ")))
                assert f"<{filled}>one</{filled}>".encode() in (after or b"")
        for again in ways(tree, emptied, name, "one\ntwo"):
            assert fields(again.changes[0].after)[name] == ("one\ntwo", ())


def test_a_plural_that_others_write_as_a_text_stays_one(tree: Path) -> None:
    others = '\n<lesson id="L-2"><title>Two</title><gotchas>plain</gotchas></lesson></lessons>'
    for plan in ways(tree, page("<gotchas/>", others), "gotchas", "- x\n- y"):
        assert b"<gotchas>- x\n- y</gotchas>" in (plan.changes[0].after or b"")
    (tree / "other.xml").write_text(f"<lessons>{others}")
    for plan in ways(tree, page("<gotchas/>", "\n</lessons>"), "gotchas", "- x\n- y")[:2]:
        assert b"<gotchas>- x\n- y</gotchas>" in (plan.changes[0].after or b"")


def test_what_nobody_writes_as_a_list_stays_a_text(tree: Path) -> None:
    for plan in ways(tree, page("<note/>"), "note", "- x\n- y"):
        assert b"<note>- x\n- y</note>" in (plan.changes[0].after or b"")
    flags = page("<options><dry-run/></options>")
    assert fields(flags)["options/dry-run"] == ("", ())
    edited = set_fields(open_file(flags, FILE), f"{FILE}#L-1", {"options/dry-run": "yes"})[0]
    assert b"<options><dry-run>yes</dry-run></options>" in edited.to_bytes()


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ("<files/>", 2_000),
        ("<files></files>", 2_000),
        ("<files><!-- none --></files>", 2_000),
        ("<files><file/></files>", 2_000),
        (f"<files>{'<do>x</do>' * 2_000}</files>", 0),
        (f"<files>{'<do>x</do> <!-- y -->' * 2_000}</files>", 0),
        (f"<files>{'<file>x & y</file>' * 20}</files>", 30),
    ],
)
def test_the_file_is_not_read_for_every_item(
    before: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, items = Document.parse(page(before)), [f"item {number}" for number in range(count)]
    read: list[int] = []
    spliced = Document.spliced

    def counted(self: Document, splices: Iterable[Splice]) -> Document:
        read.append(len(self.source))
        return spliced(self, splices)

    monkeypatch.setattr(Document, "spliced", counted)
    edited = set_items(document, document.names.index("files"), items, "file")
    assert fields(edited.to_bytes())["files"][1] == tuple(items)
    assert len([size for size in read if size > len(document.source) // 2]) < 5
    assert before.count("<!--") == edited.source.count("<!--")
