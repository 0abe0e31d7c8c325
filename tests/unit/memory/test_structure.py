"""Adding, removing and moving elements keeps the file's own layout."""

from __future__ import annotations

import pytest

from index.formats.xml.document import Document
from index.formats.xml.writing.structure import New, insert_element, remove_element
from index.model.errors import EditRefused


def parse(source: str) -> Document:
    return Document.parse(source.encode())


LIST = "<l>\n    <e>1</e>\n\n    <e>2</e>\n</l>\n"


@pytest.mark.parametrize(
    ("source", "parent", "index", "result"),
    [
        (LIST, 0, 2, LIST.replace("2</e>", "2</e>\n\n    <e>new</e>")),
        (LIST, 0, 9, LIST.replace("2</e>", "2</e>\n\n    <e>new</e>")),
        (LIST, 0, 0, LIST.replace("<e>1", "<e>new</e>\n\n    <e>1")),
        (LIST, 0, 1, LIST.replace("1</e>", "1</e>\n\n    <e>new</e>")),
        ("<l><e>1</e></l>", 0, 1, "<l><e>1</e><e>new</e></l>"),
        ("<l>\n  <x/>\n</l>", 1, 0, "<l>\n  <x>\n    <e>new</e>\n  </x>\n</l>"),
        ("<l>\n\t<x></x>\n</l>", 1, 0, "<l>\n\t<x>\n\t\t<e>new</e>\n\t</x>\n</l>"),
        ("<l>\r\n</l>", 0, 0, "<l>\r\n  <e>new</e>\r\n</l>"),
        ("<l>text</l>", 0, 0, "<l>text<e>new</e></l>"),
        ("<l>\n  <!-- none yet -->\n</l>", 0, 0, "<l>\n  <!-- none yet -->\n  <e>new</e>\n</l>"),
        ("<s>\n  1\n</s>\n<s/>\n", -1, 2, "<s>\n  1\n</s>\n<s/>\n<e>new</e>\n"),
        ("<!-- empty -->\n", -1, 0, "<!-- empty -->\n<e>new</e>\n"),
    ],
)
def test_insert(source: str, parent: int, index: int, result: str) -> None:
    assert insert_element(parse(source), parent, index, New("e", content="new")).source == result
    assert insert_element(parse(source), parent, index, "<e>new</e>").source == result


def test_a_new_element_with_children_is_laid_out_like_the_others() -> None:
    node = New("e", {"id": '"1"', "k": "R&D"}, [New("t", content="a < b"), New("u", content=[])])
    assert insert_element(parse(LIST), 0, 1, node).markup(2) == (
        '<e id="&quot;1&quot;" k="R&amp;D">\n        <t>a &lt; b</t>\n        <u></u>\n    </e>'
    )
    assert (
        insert_element(parse("<l><e/></l>"), 0, 1, New("e", content=[New("t")])).source
        == "<l><e/><e><t></t></e></l>"
    )


@pytest.mark.parametrize(
    "node", ["", "text", "<a/><b/>", "<a>", "<a>&</a>", " <a/>", New("a b"), New("1"), New("a", {"x y": "1"})]
)
def test_only_one_well_formed_element_can_be_inserted(node: New | str) -> None:
    with pytest.raises(EditRefused):
        insert_element(parse(LIST), 0, 0, node)


@pytest.mark.parametrize(
    ("source", "element", "result"),
    [
        (LIST, 1, "<l>\n    <e>2</e>\n</l>\n"),
        (LIST, 2, "<l>\n    <e>1</e>\n</l>\n"),
        ("<l>\n  <e/>\n</l>", 1, "<l>\n</l>"),
        ("<l>one <b>two</b> three</l>", 1, "<l>one  three</l>"),
        ("<l><a/><b/></l>", 1, "<l><b/></l>"),
        ("<s/>\n<t/>\n", 1, "<s/>\n"),
    ],
)
def test_remove(source: str, element: int, result: str) -> None:
    assert remove_element(parse(source), element).source == result


def test_the_last_element_of_a_file_cannot_be_removed() -> None:
    with pytest.raises(EditRefused):
        remove_element(parse("<l/>"), 0)


def test_a_file_with_errors_can_still_lose_an_entry() -> None:
    document = parse("<l>\n  <e>R&D</e>\n  <e>x < y</e>\n</l>")
    assert remove_element(document, 1).source == "<l>\n  <e>x < y</e>\n</l>"


def test_a_name_the_encoding_lacks_is_refused() -> None:
    document = Document.parse(b'<?xml version="1.0" encoding="ISO-8859-1"?><l><e/></l>')
    with pytest.raises(EditRefused, match="encoding has no character"):
        insert_element(document, 0, 0, "<日本/>")
    assert insert_element(document, 0, 0, New("e", content="日")).text(1) == "日"
