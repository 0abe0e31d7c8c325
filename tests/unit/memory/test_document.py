"""Reading a document: spans, text, attributes, lines, the lxml view."""

from __future__ import annotations

import pytest
from lxml import etree

from index.formats.xml.document import Document
from index.formats.xml.writing.repair import repair_document
from index.model.problems import Problem

RECORD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- solutions -->
<solutions>
  <solution id="1" state='open'>
    <title>One &amp; two</title>
    <note/>
  </solution>
  <solution id="2">a<b>c</b>d<!-- e -->f<![CDATA[<g> &amp;]]>h</solution>
</solutions>
"""


def test_columns_say_where_everything_stands() -> None:
    document = Document.parse(RECORD, "solutions.xml")
    source = document.source
    assert document.path == "solutions.xml"
    assert document.names == ["solutions", "solution", "title", "note", "solution", "b"]
    assert document.parents == [-1, 0, 1, 1, 0, 4]
    assert document.last == [5, 3, 2, 3, 5, 5]
    assert list(document.children()) == [0]
    assert list(document.children(0)) == [1, 4]
    assert list(document.children(3)) == []
    assert source[document.starts[1] : document.content_starts[1]] == "<solution id=\"1\" state='open'>"
    assert source[document.content_starts[2] : document.content_ends[2]] == "One &amp; two"
    assert source[document.content_ends[2] : document.ends[2]] == "</title>"
    assert document.markup(3) == "<note/>"
    assert document.content_starts[3] == document.content_ends[3] == document.ends[3]
    assert [document.line(element) for element in range(6)] == [3, 4, 5, 6, 8, 8]
    assert not document.problems
    assert not document.readonly


def test_text_is_that_of_the_element_alone() -> None:
    document = Document.parse(RECORD)
    assert document.text(2) == "One & two"
    assert document.text(3) == ""
    assert document.text(4) == "adf<g> &amp;h"


def test_attributes_are_read_as_xml_reads_them() -> None:
    document = Document.parse(
        b"""<a b = "1 &lt; 2"\n  c='"x"\ty\r\nz' d="&#10;&nbsp;&no;" xmlns:p="u" p:e=""/>"""
    )
    assert document.attributes(0) == {"b": "1 < 2", "c": '"x" y z', "d": "\n\xa0&no;", "p:e": ""}
    assert Document.parse(b"<a/>").attributes(0) == {}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_end(newline: str) -> None:
    document = Document.parse(newline.join(["<a>", "", "  <b/>", "</a>"]).encode())
    assert document.line(1) == 3
    assert document.line_column(document.starts[1]) == (3, 3)
    assert document.line_column(0) == (1, 1)
    assert document.text(0) == "\n\n  \n"


def test_unusual_spaces_are_text_not_layout() -> None:
    document = Document.parse("<a>\u00a0x\u0085</a>\u2028".encode())
    assert document.text(0) == "\u00a0x\u0085"
    assert [problem.code for problem in document.errors] == ["text-outside"]


def test_problems_come_by_position_with_all_a_person_needs() -> None:
    document = Document.parse(b"<a>\n  <b>x\n  <c>R&D</c>\n</a>")
    first, second = document.problems
    assert isinstance(first, Problem)
    assert (first.code, first.line, first.column, first.guesses) == ("missing-end", 2, 3, True)
    assert (second.code, second.line, second.column, second.guesses) == ("bare-amp", 3, 7, False)
    assert first.message == "<b> has no end tag; repair adds </b>."
    assert document.source[first.start : first.end] == "<b>"
    assert document.errors == document.problems


def test_view_is_an_lxml_tree_of_the_same_elements() -> None:
    document = Document.parse(RECORD)
    root = document.view()
    assert document.view() is root
    assert root.tag == "solutions"
    assert [node.tag for node in root.iter(etree.Element)] == document.names
    assert document.text(document.names.index("title")) == root.findtext(".//title") == "One & two"


def test_view_of_a_fragment_has_a_root_of_its_own() -> None:
    document = Document.parse(b"<?xml version='1.0'?><a/><b>R&D</b>")
    root = document.view()
    assert root.tag == "fragment"
    assert [child.tag for child in root] == document.names
    assert root[1].text == "R&D"


def test_view_of_a_conflict_shows_both_sides() -> None:
    document = Document.parse(b"<l>\n<<<<<<< a\n<e>1</e>\n=======\n<e>2</e>\n>>>>>>> b\n</l>")
    assert [node.text for node in document.view().findall("e")] == ["1", "2"]


def test_entities_of_a_doctype_are_never_expanded() -> None:
    source = b'<!DOCTYPE a [<!ENTITY f "boom">]>\n<a b="&f;">&f; &amp; &g;</a>'
    document = Document.parse(source)
    assert document.text(0) == "&f; & &g;"
    assert document.attributes(0) == {"b": "&f;"}
    assert document.view().text == "&f; & &g;"
    assert [(problem.code, problem.level) for problem in document.problems] == [
        ("doctype", "note"),
        ("entity", "note"),
        ("entity", "note"),
        ("bare-amp", "error"),
    ]


def test_a_doctype_out_of_place_is_text() -> None:
    document = Document.parse(b"<a><!DOCTYPE html></a>")
    assert document.text(0) == "<!DOCTYPE html>"
    assert [problem.code for problem in document.errors] == ["doctype"]


def test_forbidden_characters_are_shown_by_a_stand_in_and_kept_in_the_file() -> None:
    data = b"<a b='\x07'>\x1b[31m caf\xe9</a>"
    document = Document.parse(data)
    assert document.text(0) == document.view().text == "␛[31m café"
    assert document.attributes(0) == {"b": "␇"}
    assert document.to_bytes() == data
    assert sorted(problem.code for problem in document.errors) == [
        "forbidden-character",
        "forbidden-character",
        "wrong-byte",
    ]
    assert repair_document(document).to_bytes() == "<a b='␇'>␛[31m café</a>".encode()
