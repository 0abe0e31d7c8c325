"""What is put back is what stood there, to the byte, wherever it reads the same in the file of today."""

from __future__ import annotations

import pytest

from index.formats.registry import open_file
from index.history.entry_at_commit import EntryAtCommit
from index.history.restore import restore_entry, restore_field

TEMPLATE = """<lessons>
  <lesson id="L-1">
    <title>One</title>
    {}
    <day>1</day>
  </lesson>
  <lesson id="L-2">
    <title>Two</title>
    <day>2</day>
  </lesson>
</lessons>
"""
ID = "lessons.xml#L-1"


def page(field: str, template: str = TEMPLATE) -> bytes:
    return template.replace("{}", field).encode()


def past(data: bytes) -> EntryAtCommit:
    then = open_file(data, "lessons.xml")
    return EntryAtCommit(next(entry for entry in then.entries if entry.id == ID), then)


def put_back(now: bytes, then: bytes, name: str) -> bytes:
    return restore_field(open_file(now, "lessons.xml"), ID, past(then), name).to_bytes()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("<text>a &#38; b &lt; c &gt; d</text>", "<text>other</text>"),
        ("<text><![CDATA[if a < b && c:]]></text>", "<text>other</text>"),
        ("<text>&#233;t&#xe9; &quot;x&quot;</text>", "<text><![CDATA[other]]></text>"),
        ("<text>one <!-- why -->two</text>", "<text>other</text>"),
        ("<text>\n        deep\n          deeper\n    </text>", "<text>one\n      two</text>"),
        ("<text>  a  \n\n\t b </text>", "<text>other</text>"),
        ("<text/>", "<text>other</text>"),
        ("<text></text>", "<text>other</text>"),
        ("<text>other</text>", "<text/>"),
        ("<text >old</text >", "<text>other</text>"),
        ("<text>old</text>", '<text xml:space="preserve">  new</text>'),
        ('<text xml:space="preserve">\n\told  \n</text>', "<text>new</text>"),
        ("<text xml:space='preserve'><![CDATA[ x ]]></text>", "<text>new</text>"),
    ],
)
def test_a_text(then: str, now: str) -> None:
    assert put_back(page(now), page(then), "text") == page(then)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_text_in_a_file_of_other_line_ends(newline: str) -> None:
    then, now = page("<text>a &#38;\n      b</text>"), page("<text>other</text>")
    after = put_back(now.replace(b"\n", newline.encode()), then, "text")
    assert after == then.replace(b"\n", newline.encode())


def test_line_ends_that_are_mixed_come_back_mixed() -> None:
    then, now = page("<text>a\r\n      b\n      c</text>"), page("<text>other</text>")
    assert put_back(now, then, "text") == then
    listed = "<steps>\r\n      <step>a &#38; b</step>\n      <step><![CDATA[c]]></step>\r\n    </steps>"
    assert put_back(page("<steps><step>x</step><step>y</step></steps>"), page(listed), "steps") == page(
        listed
    )


@pytest.mark.parametrize(
    "then",
    [
        "<steps><step>a &#38; b</step><!-- x --><step/></steps>",
        "<steps>\n          <step>\n  a\n  b\n</step>\n\n      <step><![CDATA[c]]></step></steps>",
        "<steps/>",
    ],
)
@pytest.mark.parametrize(
    "now", ["<steps><step>x</step><step>y</step></steps>", "<steps/>", "<steps>z</steps>"]
)
def test_a_list(then: str, now: str) -> None:
    if then != now:
        assert put_back(page(now), page(then), "steps") == page(then)


def test_attributes_of_the_element_are_fields_of_their_own() -> None:
    now = page('<text lang="en">new</text>\n    <steps kind="b"><step>x</step><step>y</step></steps>')
    then = page('<text lang="de">a &#38; b</text>\n    <steps kind="a"><step>c</step><step>d</step></steps>')
    with_text = page(
        '<text lang="en">a &#38; b</text>\n    <steps kind="b"><step>x</step><step>y</step></steps>'
    )
    assert put_back(now, then, "text") == with_text
    listed = page('<text lang="en">new</text>\n    <steps kind="b"><step>c</step><step>d</step></steps>')
    assert put_back(now, then, "steps") == listed
    empty = page('<text lang="en"/>')
    assert put_back(empty, page('<text lang="de">a &#38; b</text>'), "text") == page(
        '<text lang="en">a &#38; b</text>'
    )


def test_an_attribute() -> None:
    then, now = page("<text lang = 'a&#38;b&#10;c'>x</text>"), page('<text lang="b">x</text>')
    assert put_back(now, then, "text@lang") == then
    assert put_back(
        page("<text lang='b' n='2'>x</text>"), page('<text lang="a" n="1">x</text>'), "text@lang"
    ) == page('<text lang="a" n="2">x</text>'.replace('n="2"', "n='2'"))


def test_a_field_or_an_entry_that_is_gone() -> None:
    then = page("<text>a &#38;\r\n      b\n   c</text>")
    assert put_back(TEMPLATE.replace("    {}\n", "").encode(), then, "text") == then
    start, end = TEMPLATE.index('  <lesson id="L-1"'), TEMPLATE.index('  <lesson id="L-2"')
    gone = open_file((TEMPLATE[:start] + TEMPLATE[end:]).encode(), "lessons.xml")
    assert restore_entry(gone, "", past(then)).to_bytes() == then
    assert restore_entry(open_file(page("<text>x</text>"), "lessons.xml"), ID, past(then)).to_bytes() == then


def test_what_means_something_else_today_is_written_anew() -> None:
    then = b'<!DOCTYPE lessons [<!ENTITY e "x">]>\n' + page("<text>&e; &#38; y</text>")
    after = put_back(page("<text>new</text>"), then, "text")
    assert after == page("<text>&amp;e; &amp; y</text>")
    latin = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n' + page("<text>new</text>")
    after = put_back(latin, page("<text>a → <![CDATA[b → c]]></text>"), "text")
    assert b"<text>a &#8594; <![CDATA[b ]]>&#8594;<![CDATA[ c]]></text>" in after
    spaced = page("<text>new</text>", TEMPLATE.replace("<lessons>", '<lessons xml:space="preserve">'))
    after = put_back(spaced, page("<text>\n      a\n        b\n    </text>"), "text")
    assert {f.name: f.text for f in past(after).entry.fields}["text"] == "a\n  b"
    broken = put_back(page("<text>new</text>"), page("<text>a & b</text>"), "text")
    assert broken == page("<text>a &amp; b</text>")
