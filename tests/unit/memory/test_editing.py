"""Setting a text or an attribute changes its bytes and no others."""

from __future__ import annotations

import pytest

from index.formats.xml.document import Document
from index.formats.xml.writing.editing import set_attribute, set_text
from index.model.errors import EditRefused


def changed_text(source: str, name: str, text: str) -> str:
    document = Document.parse(source.encode())
    element = document.names.index(name)
    edited = set_text(document, element, text)
    assert edited.text(element) == text
    return edited.to_bytes().decode()


@pytest.mark.parametrize(
    ("source", "text", "result"),
    [
        (
            "<a>say &quot;hi&quot; &#8212; R&D x</a>",
            'say "hi" — R&D x!',
            "<a>say &quot;hi&quot; &#8212; R&D x!</a>",
        ),
        ("<a>1 &lt; 2</a>", "1 < 3", "<a>1 &lt; 3</a>"),
        ("<a>x</a>", "R&D <b> ]]>", "<a>R&amp;D &lt;b> ]]&gt;</a>"),
        ("<a>]]</a>", "]]>", "<a>]]&gt;</a>"),
        ("<a>&</a>", "&amp;", "<a>&amp;amp;</a>"),
        ("<a>&hellip;.</a>", "….", "<a>&hellip;.</a>"),
        ("<a></a>", "x", "<a>x</a>"),
        ("<a>x</a>", "", "<a></a>"),
        ("<a />", "x", "<a>x</a>"),
        ("<a/>", "", "<a/>"),
        ("<a  b='1' ></a >", "x", "<a  b='1' >x</a >"),
        ("<a><![CDATA[x < y]]></a>", "x < z", "<a><![CDATA[x < z]]></a>"),
        ("<a><![CDATA[x]]></a>", "x ]]> y", "<a><![CDATA[x ]]]]><![CDATA[> y]]></a>"),
        ("<a><![CDATA[]]></a>", "<x>", "<a><![CDATA[<x>]]></a>"),
        ("<a>1<![CDATA[2]]>3</a>", "1<23", "<a>1&lt;<![CDATA[2]]>3</a>"),
        ("<a>1<![CDATA[2]]>3</a>", "9", "<a><![CDATA[9]]></a>"),
        ("<a>one<!-- c -->two</a>", "one!two", "<a>one!<!-- c -->two</a>"),
        ("<a>one<!-- c -->two</a>", "one two", "<a>one <!-- c -->two</a>"),
        ("<a>1\r\n2\r\n3</a>", "1\n2b\n\n3", "<a>1\r\n2b\r\n\r\n3</a>"),
        ("<a>1\r2</a>", "1\n2\n3", "<a>1\r2\r3</a>"),
        ("<a>List<T> x</a>", "List<T> y", "<a>List<T> y</a>"),
    ],
)
def test_the_smallest_change_that_says_it(source: str, text: str, result: str) -> None:
    assert changed_text(source, "a", text) == result


def test_everything_around_stays() -> None:
    source = "\ufeff<?xml version='1.0'?>\r\n<!-- c -->\r\n<l>\r\n\t<e a='1'>x</e>\r\n\r\n</l>\r\n"
    assert changed_text(source, "e", "p\nq") == source.replace(">x<", ">p\r\nq<")


def test_the_same_text_is_the_same_document() -> None:
    document = Document.parse(b"<a>R&amp;D &#65; <![CDATA[x]]></a>")
    assert set_text(document, 0, document.text(0)) is document


def test_errors_elsewhere_stay_where_they_are() -> None:
    source = "<l>\n  <e>R&D <T></e>\n  <f>x\n  <g a=1>y</g>\n</l>\n</l>\n"
    document = Document.parse(source.encode())
    edited = set_text(document, document.names.index("g"), "z & y")
    assert edited.to_bytes().decode() == source.replace(">y<", ">z &amp; y<")
    assert [problem.code for problem in edited.errors] == [problem.code for problem in document.errors]


def test_stand_ins_that_are_not_touched_stay_bytes() -> None:
    document = Document.parse(b"<a>caf\xe9 \x1b x</a>")
    edited = set_text(document, 0, document.text(0).replace("x", "y"))
    assert edited.to_bytes() == b"<a>caf\xe9 \x1b y</a>"


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        ("<a>x<b/></a>", "y", "elements inside"),
        ("<a>x<!-- c -->y</a>", "z", "remove a comment"),
        ("<a>x<?p c?>y</a>", "z", "remove a processing instruction"),
        ("<a>x</a>", "\x1b", r"U\+001B"),
        ("<a>x</a>", "\ud800", r"U\+D800"),
        ("<<<<<<< a\n<a>" * 3000, "z", "plain text"),
    ],
)
def test_refusals(source: str, text: str, why: str) -> None:
    document = Document.parse(source.encode())
    with pytest.raises(EditRefused, match=why):
        set_text(document, 0, text)


@pytest.mark.parametrize(
    ("source", "name", "value", "result"),
    [
        ("<e  id = '1'\n  b=\"x\" />", "id", "a'b", "<e  id = 'a&apos;b'\n  b=\"x\" />"),
        ("<e  id = '1'\n  b=\"x\" />", "n", 'v"', '<e  id = \'1\'\n  b="x"\n  n="v&quot;" />'),
        ("<e>1</e>", "n", "R&D\n", '<e n="R&amp;D&#10;">1</e>'),
        ("<e/>", "n", "", '<e n=""/>'),
        ("<e a = '1'/>", "n", "2", "<e a = '1' n = '2'/>"),
        ('<e a="x &lt; y &#38; z"/>', "a", "x < y & w", '<e a="x &lt; y &#38; w"/>'),
        ("<r><e a=1 b>x</e></r>", "a", "2", '<r><e a="2" b>x</e></r>'),
        ("<r><e a=1 b>x</e></r>", "b", "2", '<r><e a=1 b="2">x</e></r>'),
        ('<e a="R&D" b="1"/>', "b", "2", '<e a="R&D" b="2"/>'),
    ],
)
def test_set_attribute(source: str, name: str, value: str, result: str) -> None:
    document = Document.parse(source.encode())
    element = document.names.index("e")
    edited = set_attribute(document, element, name, value)
    assert edited.to_bytes().decode() == result
    assert edited.attributes(element)[name] == value
    assert set_attribute(edited, element, name, value) is edited


@pytest.mark.parametrize("name", ["", "a b", "1a", "a:b:c", "xmlns", "xmlns:p", "a="])
def test_names_no_attribute_can_have(name: str) -> None:
    with pytest.raises(EditRefused, match="name"):
        set_attribute(Document.parse(b"<a/>"), 0, name, "x")


def test_a_prefix_nothing_declares_is_refused() -> None:
    with pytest.raises(EditRefused):
        set_attribute(Document.parse(b"<a/>"), 0, "p:x", "1")


@pytest.mark.parametrize("tag", ['<a xmlns:p="u<" x="1">', '<a xmlns:p="u<?:x="1">'])
def test_an_attribute_that_is_read_under_another_name_is_not_written_twice(tag: str) -> None:
    document = Document.parse(f"{tag}<b>x</b></a>".encode())
    assert "xmlns_p" in document.attributes(0)
    with pytest.raises(EditRefused, match="repair the file first"):
        set_attribute(document, 0, "xmlns_p", "v")
