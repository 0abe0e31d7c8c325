"""White space that is given is white space that is read, whichever way a text comes into a field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from index.editing.adding import plan_add
from index.editing.plan_checks import entry_in
from index.editing.single import plan_fields, set_fields
from index.formats.registry import open_file
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.known_entries import EntryList

FILE = "lessons.xml"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
SOURCE = """<lessons>
  <lesson id="L-1" note="n">
    <title>One</title>
    <code xml:space="preserve">
\tall:
\t\tcc x
</code>
    <example>
      while x:
        wait()
    </example>
    <steps>
      <step>one</step>
      <step>two</step>
    </steps>
  </lesson>
</lessons>
"""
TEXTS = [
    "    if y:\n        stay()\n    else:\n        go()",
    "\tall:\n\t\tcc y",
    "   +--+\n   |xx|\n   +--+",
    "  lead",
    "trail  ",
    "a line  \nbroken by Markdown",
    "if y:\n    stay()\n\n    \n    go()",
    "one\n\n\n  two",
    "\u00a0no-break\u00a0",
    "x\ty\t",
]


def entry_of(data: bytes) -> Entry:
    etree.fromstring(data)
    return read_entries(read_content(data), FILE)[0]


def said(data: bytes) -> dict[str, str]:
    return {field.name: field.text for field in entry_of(data).fields}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["title", "code", "example", "@note"])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_given_is_what_is_read(name: str, text: str, newline: str) -> None:
    data = SOURCE.replace("\n", newline).encode()
    entry = entry_of(data)
    before = said(data)
    first = set_fields(open_file(data, FILE), entry.id, {name: text})[0].to_bytes()
    second = plan_fields(entry_in(data, FILE, entry.id), {name: text}).changes[0].after
    for after in (first, second):
        assert after is not None
        assert said(after) == {**before, name: text}
        assert [child.tag for child in etree.fromstring(after).iter()] == [
            child.tag for child in etree.fromstring(data).iter()
        ]
        if newline == "\r\n":
            assert after.count(b"\n") == after.count(b"\r\n")
        again = set_fields(open_file(after, FILE), entry.id, {name: before[name]})[0].to_bytes()
        assert said(again) == before


def test_a_preserved_text_is_read_and_set_to_its_last_space() -> None:
    assert said(SOURCE.encode())["code"] == "\n\tall:\n\t\tcc x\n"
    after, changed = set_fields(open_file(SOURCE.encode(), FILE), "lessons.xml#L-1", {"code": "\n\tall:\n"})
    assert changed == ("code",)
    assert after.source == SOURCE.replace("\t\tcc x\n", "")


def test_blank_lines_around_a_text_are_layout_and_no_change() -> None:
    text = "\n\n  \nwhile x:\n  wait()\n   \n"
    after, changed = set_fields(open_file(SOURCE.encode(), FILE), "lessons.xml#L-1", {"example": text})
    assert (after.source, changed) == (SOURCE, ())


def test_an_attribute_holds_line_breaks_and_tabs() -> None:
    text = " a\n\tb\r\nc "
    after = set_fields(open_file(SOURCE.encode(), FILE), "lessons.xml#L-1", {"@note": text})[0]
    assert 'note=" a&#10;&#9;b&#10;c "' in after.source
    assert said(after.to_bytes())["@note"] == " a\n\tb\nc "


@pytest.mark.parametrize("text", TEXTS)
def test_an_entry_that_is_added_holds_what_was_given(text: str) -> None:
    data = SOURCE.encode()
    texts: dict[str, str | tuple[str, ...]] = {
        "title": "Two",
        "example": text,
        "code": text,
        "steps": (text, "two"),
    }
    entries = read_entries(read_content(data), FILE)
    plan = plan_add(data, FILE, "lesson", texts, entries=EntryList(entries), now=NOW)
    after = plan.changes[0].after
    assert after is not None
    etree.fromstring(after)
    added = read_entries(read_content(after), FILE)[1]
    found = {field.name: field for field in added.fields}
    assert (found["example"].text, found["code"].text) == (text, text)
    assert found["steps"].items == (text, "two")


def test_xml_space_reaches_down_and_can_be_taken_back() -> None:
    source = (
        '<lessons xml:space="preserve"><lesson id="L-1"><title> a </title>'
        '<text xml:space="default"> b </text><steps><step> c </step><step>d</step></steps></lesson></lessons>'
    )
    assert said(source.encode()) == {
        "@id": "L-1",
        "title": " a ",
        "text": "b",
        "steps": "-  c \n- d",
    }
