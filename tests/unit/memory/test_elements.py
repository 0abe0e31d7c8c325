"""The two readers give one answer: lxml for what is well-formed, `Document` for everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, is_broken, read_content
from index.formats.xml.entries import Content, read_entries
from index.model.entry import Entry
from tests.support.soup import as_bytes, soup, well_formed

PATH = "project-knowledge/shop-api/notes.xml"
TREE = sample_tree()
FILES = sorted(path.relative_to(TREE).as_posix() for path in TREE.rglob("*.xml") if path.is_file())


def entries(content: Content) -> list[Entry]:
    """The entries of a file; the place of an element is known only to those who read a `Document`."""
    return [replace(entry, ref=-1) for entry in read_entries(content, PATH)]


def assert_equal(data: bytes) -> None:
    quick, thorough = read_content(data, PATH), content_of(Document.parse(data, PATH))
    assert quick.problems == thorough.problems
    assert entries(quick) == entries(thorough)


_space = st.sampled_from(["", "", " ", "\n", "\n    ", "\r\n  ", "\r"])
_beside = st.sampled_from(
    ["", "", "", "<!-- <item> > -->", "<!--\n>\n-->", "<?pi\n x > ?>", "<![CDATA[<item>\n]]>", "own &gt;"]
)
_text = st.sampled_from(
    [
        "",
        "2025-10-03",
        "TIMESTAMP",
        "a &lt;\n      c",
        "<![CDATA[<x>\n&]]>",
        "é✅",
        "&#10;x",
        "a, b|c",
        "a >\r\nc",
    ]
)
_name = st.sampled_from(["id", "title", "problem", "timestamp", "tags", "p:title", "d", "Own_Name"])
_declared = (' xmlns:q="urn:q" q:b=""', ' xmlns="urn:d"')
_attribute = st.sampled_from(
    ["", "", ' id="1"', "\n  id='2'", ' a="x>y"', '\n a = "x>"\n', ' p:a="&amp;"', *_declared]
)
_leaf = st.builds(
    lambda name, attribute, end, text: f"<{name}{attribute}{end}>{text}</{name}{end}>",
    *(_name, _attribute, _space, _text),
)


def _inside(name: st.SearchStrategy[str], content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Elements of several, with or without something between them."""
    parts = st.lists(st.tuples(_space, _beside, content).map("".join), min_size=1, max_size=4).map("".join)
    return st.builds(
        lambda name, attribute, inside, end: f"<{name}{attribute}>{inside}{end}</{name}>",
        *(name, _attribute, parts, _space),
    )


_list = _inside(_name, st.sampled_from(["<item>a</item>", "<item>b\n  c</item>", "<item/>"]))
_record = _inside(
    st.sampled_from(["item", "entry", "p:item", "item-2"]),
    st.one_of(_leaf, _leaf, _leaf, _list, _inside(_name, _leaf)),
)
_wrapper = _inside(st.sampled_from(["items", "entries", "metadata", "fix"]), st.one_of(_record, _leaf))
memory = st.builds(
    lambda head, inside, end: f'{head}<items xmlns:p="urn:p"{end}>{inside}</items>',
    st.sampled_from(["", "\n", '<?xml version="1.0" encoding="UTF-8"?>\n', "<!-- a\n<b -->\r\n", "\ufeff"]),
    st.lists(st.one_of(_space, _beside, _record, _wrapper), max_size=5).map("".join),
    _space,
)
"""Well-formed files in the shapes of memories, with all that makes the two readers go different ways."""


@given(memory)
@example('<items><item\n a="b>"\n><id>1</id></item><item><id>2</id></item></items>')
@example('<items><item a = "b>\n"><id>1</id></item><item><id>2</id></item></items>')
def test_memories_read_the_same_both_ways(text: str) -> None:
    data = text.encode()
    assert not Document.parse(data).errors, text
    assert_equal(data)


@given(well_formed)
def test_any_well_formed_file_reads_the_same_both_ways(text: str) -> None:
    assert_equal(text.encode())


@pytest.mark.parametrize("file", FILES)
def test_the_sample_memories_read_the_same_both_ways(file: str) -> None:
    assert_equal((TREE / file).read_bytes())


@pytest.mark.parametrize("encoding", ["utf-8", "us-ascii", "iso-8859-1", "utf-16"])
def test_every_encoding_reads_the_same_both_ways(encoding: str) -> None:
    text = "<items><item\n><id>1</id><a>n&#233;e</a></item></items>"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'
    assert_equal(text.encode(encoding))


def test_entities_of_a_doctype_are_not_expanded() -> None:
    assert_equal(b'<!DOCTYPE x [<!ENTITY e "expanded">]>\n<x><id>1</id><a>&e;</a></x>')
    (entry,) = read_entries(read_content(b'<!DOCTYPE x [<!ENTITY e "no">]><x><id>1</id><a>&e;</a></x>'), PATH)
    assert [field.text for field in entry.fields] == ["1", "&e;"]


@pytest.mark.parametrize(
    "before", ["<!-- <x> -->\n", '<?xml version="1.0"?> <?p <x> ?><!---->', "\n<!-- <!DOCTYPE y> -->"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_doctype_is_seen_behind_comments_and_instructions(before: str, encoding: str) -> None:
    data = f'{before}<!DOCTYPE x [<!ENTITY e "no">]><x><id>1</id><a b="&e;">&e;</a></x>'.encode(encoding)
    (entry,) = read_entries(read_content(data), PATH)
    assert [field.text for field in entry.fields] == ["1", "&e;", "&e;"]
    words = f"{before}<x><id>1</id><a><![CDATA[<!DOCTYPE x>]]></a></x>".encode(encoding)
    assert not read_content(words).problems


def test_lines_are_right_beyond_what_libxml2_counts() -> None:
    data = b"<items>" + b"\n" * 70_000 + b"<item><id>1</id></item>\n<item><id>2</id></item></items>"
    assert_equal(data)
    assert [entry.line for entry in read_entries(read_content(data), PATH)] == [70_001, 70_002]


def test_a_file_laid_out_line_by_line_is_read_without_counting_its_elements() -> None:
    content = read_content(b'<items>\n<item id="1">\n<a>x</a>\n</item>\n</items>')
    assert content.order == {}
    assert [entry.line for entry in read_entries(content, PATH)] == [2]


@settings(max_examples=300)
@given(st.one_of(soup, st.lists(st.one_of(well_formed, soup), max_size=3).map("".join)))
@example("<a/><b/>")
@example("<a/><b>")
@example("<a/> & <b/>")
def test_a_file_is_broken_when_its_document_has_an_error(text: str) -> None:
    assert is_broken(as_bytes(text)) == bool(Document.parse(as_bytes(text)).errors)
