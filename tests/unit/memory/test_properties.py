"""What holds for any file whatever."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from index.formats.xml.document import Document
from index.formats.xml.writing.editing import set_attribute, set_text
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.structure import insert_element, remove_element
from index.model.errors import CannotRepair, EditRefused
from tests.support.soup import as_bytes, soup, well_formed

UNREPAIRABLE = {"empty", "conflict", "too-deep", "too-broken", "no-text", "zeros"}
EXAMPLES = settings(max_examples=150)


def strictly(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False))


def nodes_of(document: Document) -> list[Any]:
    root = document.view()
    nodes = list(root.iter(etree.Element))
    return nodes[1:] if document.mended_text()[1] else nodes


def name_of(node: Any) -> str:
    local = etree.QName(node).localname
    return f"{node.prefix}:{local}" if node.prefix else local


def text_of(node: Any) -> str:
    return (node.text or "") + "".join(child.tail or "" for child in node)


def local(attributes: Any) -> dict[str, str]:
    return {name.rpartition("}")[2].rpartition(":")[2]: value for name, value in attributes.items()}


def rows(document: Document) -> list[tuple[str, dict[str, str], str]]:
    return [
        (name, document.attributes(element), document.text(element))
        for element, name in enumerate(document.names)
    ]


@EXAMPLES
@given(st.one_of(st.binary(max_size=200), soup.map(as_bytes)))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    document = Document.parse(data)
    assert document.to_bytes() == data
    assert document.encoding.encode(document.source) == data


@EXAMPLES
@given(well_formed)
def test_a_well_formed_file_reads_as_lxml_reads_it(source: str) -> None:
    document = Document.parse(source.encode())
    nodes = list(strictly(source.encode()).iter(etree.Element))
    assert not document.problems
    assert document.names == [node.tag for node in nodes]
    assert [document.text(element) for element in range(len(nodes))] == [text_of(node) for node in nodes]
    assert [document.attributes(element) for element in range(len(nodes))] == [
        dict(node.attrib) for node in nodes
    ]
    assert [node.tag for node in nodes_of(document)] == document.names


@EXAMPLES
@given(soup)
def test_an_error_is_what_lxml_refuses(source: str) -> None:
    document = Document.parse(as_bytes(source))
    assume(document.elements.doctype is None)  # what is in one is never looked at
    try:
        strictly(document.to_bytes())
    except etree.XMLSyntaxError:
        assert document.errors or document.parents.count(-1) > 1
    else:
        assert not document.errors


@EXAMPLES
@given(soup)
@example("</a>")
@example("\ufeff\ufeff```</a>")
def test_the_view_of_any_file_agrees_with_the_document(source: str) -> None:
    document = Document.parse(as_bytes(source))
    nodes = nodes_of(document)
    assert [name_of(node) for node in nodes] == document.names
    places = {node: element for element, node in enumerate(nodes)}
    assert [places.get(node.getparent(), -1) for node in nodes] == document.parents
    for element, node in enumerate(nodes):
        # What a repair inserts or removes brings white space of its own.
        assert text_of(node).strip(" \t\r\n") == document.text(element).strip(" \t\r\n")
        assert local(node.attrib) == local(document.attributes(element))


@EXAMPLES
@given(soup)
def test_repair_makes_any_file_well_formed_or_refuses(source: str) -> None:
    document = Document.parse(as_bytes(source))
    try:
        repaired = repair_document(document)
    except CannotRepair:
        assert not document.names or UNREPAIRABLE & {problem.code for problem in document.errors}
        return
    assert not repaired.errors
    assert repair_document(repaired) is repaired
    assert repaired is document or document.errors
    if repaired.elements.doctype is None and repaired.parents.count(-1) == 1:
        strictly(repaired.to_bytes())
    if repaired.names[:1] != ["memory"]:
        assert repaired.names == document.names


@EXAMPLES
@given(soup)
@example("<a>\n<<<<<<< HEAD\n<a>\n<<<<<<< HEAD\n")
@example("<a></b><a><![CDATA[")
@example("<r>\ntext\n<a>\n<b></r>")
@example("<a><b/>text<a><![CDATA[")
def test_repair_without_guesses_is_never_worse(source: str) -> None:
    document = Document.parse(as_bytes(source))
    with suppress(CannotRepair):
        mended = repair_document(document, guesses=False)
        assert len(mended.errors) <= len(document.errors)
        assert all(problem.guesses for problem in mended.errors)


@EXAMPLES
@given(st.data())
def test_setting_a_text_changes_nothing_else(data: st.DataObject) -> None:
    document = Document.parse(as_bytes(data.draw(st.one_of(soup, well_formed))))
    assume(document.names)
    element = data.draw(st.integers(0, len(document.names) - 1))
    old = document.text(element)
    text = data.draw(
        st.one_of(
            st.text(st.sampled_from('ab &<>]"\n\té-!['), max_size=10),
            st.sampled_from([old + "!", "!" + old, old.replace("e", "E"), old[1:], old[:-1]]),
        )
    )
    try:
        edited = set_text(document, element, text)
    except EditRefused:
        assume(False)
    expected = rows(document)
    expected[element] = (*expected[element][:2], text.replace("\r\n", "\n").replace("\r", "\n"))
    assert rows(edited) == expected
    start, end = document.content_starts[element], document.content_ends[element]
    if document.ends[element] == start:  # <a/> becomes <a>…</a>
        start = document.starts[element]
    assert edited.source.startswith(document.source[:start])
    assert edited.source.endswith(document.source[end:])
    assert len(edited.errors) <= len(document.errors)


@EXAMPLES
@given(st.data())
def test_setting_an_attribute_changes_nothing_else(data: st.DataObject) -> None:
    document = Document.parse(as_bytes(data.draw(st.one_of(soup, well_formed))))
    assume(document.names)
    element = data.draw(st.integers(0, len(document.names) - 1))
    name = data.draw(st.sampled_from(["x", "y", "new", "p:x", "naïve"]))
    value = data.draw(st.text(st.sampled_from("ab &<>'\"\n\té"), max_size=6))
    try:
        edited = set_attribute(document, element, name, value)
    except EditRefused:
        assume(False)
    expected = rows(document)
    expected[element] = (expected[element][0], {**expected[element][1], name: value}, expected[element][2])
    assert rows(edited) == expected


@EXAMPLES
@given(st.data())
def test_insert_then_remove_is_the_identity(data: st.DataObject) -> None:
    document = Document.parse(as_bytes(data.draw(st.one_of(soup, well_formed))))
    parent = data.draw(st.integers(-1, len(document.names) - 1))
    siblings = list(document.children(parent))
    assume(siblings or parent < 0 or document.content_starts[parent] < document.content_ends[parent])
    index = data.draw(st.integers(0, len(siblings)))
    try:
        longer = insert_element(document, parent, index, "<new><in>1</in></new>")
    except EditRefused:
        assume(False)
    new = list(longer.children(parent))[index]
    assert longer.names[new : new + 2] == ["new", "in"]
    try:
        back = remove_element(longer, new)
    except EditRefused:
        assert document.errors or parent < 0
    else:
        assert back.to_bytes() == document.to_bytes()


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_file_cut_off_anywhere_is_read_and_repaired(cut: int) -> None:
    whole = (
        '<?xml version="1.0"?>\n<solutions>\n  <solution id="1">\n    <t>A &amp; B</t>\n'
        "    <code><![CDATA[if (a < b) {}]]></code>\n    <tags><tag>x</tag></tags><!-- c -->\n  </solution>\n"
        '  <solution id="2" level="3"/>\n</solutions>\n'
    )
    document = Document.parse(whole[:cut].encode())
    nodes_of(document)
    if whole[:cut].strip():
        assert not repair_document(document).errors
