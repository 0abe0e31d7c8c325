"""Characters that a file's encoding lacks: references where one is read as such, refusals elsewhere."""

from __future__ import annotations

import pytest
from lxml import etree

from index.editing.single import set_fields
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.structure import insert_element
from index.formats.xml.xml_file import XmlFile, inner
from index.model.errors import EditRefused

HEAD = '<?xml version="1.0" encoding="{}"?>\n'
FILE = HEAD + '<lessons>\n  <lesson id="L-1" level="a"><title>One</title>{}</lesson>\n</lessons>\n'
NAMES = [("ISO-8859-1", "→"), ("us-ascii", "é"), ("windows-1252", "接"), ("koi8-r", "😀")]


def file(name: str, code: str) -> Document:
    return Document.parse(FILE.format(name, code).encode(), "l.xml")


def reads(document: Document) -> etree._Element:
    assert not document.errors
    return etree.fromstring(document.to_bytes())


@pytest.mark.parametrize(("name", "sign"), NAMES)
@pytest.mark.parametrize("code", ["<![CDATA[a < b & c]]>", "a", "<![CDATA[]]>", "x <![CDATA[a]]> z"])
def test_a_text_is_read_as_it_was_set(name: str, sign: str, code: str) -> None:
    document = file(name, f"<code>{code}</code>")
    (entry,) = read_entries(content_of(document), "l.xml")
    text = f"a < {sign}b{sign}{sign} ]]> & c"
    edited, _ = set_fields(XmlFile(document), entry.id, {"code": text, "title": sign, "@level": sign})
    root = reads(inner(edited))
    assert [root.findtext(".//code"), root.findtext(".//title"), root[0].get("level")] == [text, sign, sign]
    assert (b"<![CDATA[" in edited.to_bytes()) is ("CDATA" in code)


@pytest.mark.parametrize(("name", "sign"), NAMES)
def test_markup_is_inserted_with_references_where_they_are_read(name: str, sign: str) -> None:
    markup = f"<lesson id='{sign}>'><code><![CDATA[{sign}<a>{sign}]]></code>{sign} &gt;</lesson>"
    root = reads(insert_element(file(name, ""), 0, 1, markup))
    wanted = etree.fromstring(markup)
    assert etree.tostring(root[1], with_tail=False) == etree.tostring(wanted)


@pytest.mark.parametrize("markup", ["<a><!-- → --></a>", "<é→/>", "<a><?x → ?></a>", "<a →='1'/>"])
def test_names_and_comments_are_refused(markup: str) -> None:
    with pytest.raises(EditRefused):
        insert_element(file("ISO-8859-1", ""), 0, 1, markup)
