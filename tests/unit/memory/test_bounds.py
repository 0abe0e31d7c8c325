"""Hostile and huge files: bounded time, nothing read from elsewhere, never an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from index.editing.single import set_fields
from index.formats.registry import open_file, read_file
from index.formats.xml import elements, parser
from index.formats.xml.document import Document
from index.formats.xml.elements import is_broken, is_legible, read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.markup import MAX_DEPTH
from index.formats.xml.writing.editing import set_text
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.structure import insert_element
from index.model.errors import CannotRepair, EditRefused
from index.model.plan import CannotEdit
from index.model.problems import MAX_PROBLEMS

TRAPS = {
    "open elements": "<a>" * 30_000,
    "open quotes": '<a b="' * 20_000,
    "open comments": "<!--" * 20_000,
    "open sections": "<a><![CDATA[" * 20_000,
    "wrong ends": "<a></b>" * 20_000,
    "signs": "<" * 50_000,
    "ampersands": "&" * 50_000,
    "open tag": "<a" + ' a="1"' * 10_000,
    "quotes": "<a b=" + '" ' * 20_000 + ">",
    "instructions": "<? " * 30_000 + "?>",
    "doctypes": "<!DOCTYPE " * 20_000,
    "an open doctype": "<!DOCTYPE a [" + "<" * 50_000,
    "spaces in a tag": ("<a" + " " * 2_000) * 20,
    "unclosed, many children": "<r>" + "<a/>" * 20_000,
    "unclosed, deep, many lines": "".join(f"<a{i}>\n" for i in range(150)) + "<x/>\n" * 10_000,
    "unclosed, deep, one line": "".join(f"<a{i}>" for i in range(150)) + "<x>1</x>" * 10_000,
    "section ends": "<r>" + "]]>" * 30_000 + "</r>",
    "comments": "<r>" + "<!--x-->" * 20_000 + "<b>",
    "conflicts": "<r>\n" + "<<<<<<< a\n=======\n>>>>>>> b\n" * 5_000 + "</r>",
    "digits": "<a>&#" + "1" * 50_000 + ";</a>",
    "dashes": "<a><!--" + "-" * 20_000 + "--></a>",
    "prefixes": "<r>" + "".join(f"<p{i}:a/>" for i in range(5_000)) + "</r>",
    "control characters": "\1" * 30_000,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_takes_time(trap: str) -> None:
    data = TRAPS[trap].encode()
    start = time.process_time()
    document = Document.parse(data)
    document.view()
    for element in range(min(3, len(document.names))):
        document.text(element)
    assert (
        time.process_time() - start < 20
    )  # seconds, traced on a slow machine; a quadratic one takes minutes
    assert document.to_bytes() == data


def test_entities_that_multiply_cost_nothing() -> None:
    entities = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    data = f'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">{entities}]><l>&j;</l>'.encode()
    Document.parse(data).view()  # imports come first
    start = time.process_time()
    document = Document.parse(data)
    assert document.text(0) == document.view().text == "&j;"
    assert time.process_time() - start < 1


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = f'<!DOCTYPE a [<!ENTITY f SYSTEM "{secret.as_uri()}">]>\n<a>&f;</a>'.encode()
    document = Document.parse(data)
    assert document.text(0) == document.view().text == "&f;"
    assert repair_document(document) is document


@pytest.mark.parametrize("leaf", ["x", "<!-- a comment: not one leaf -->", "<"])
def test_depth(leaf: str) -> None:
    deep = Document.parse(("<a>" * MAX_DEPTH + leaf + "</a>" * MAX_DEPTH).encode())
    assert len(deep.names) == MAX_DEPTH
    assert len(list(deep.view().iter("a"))) == MAX_DEPTH
    too_deep = Document.parse(("<a>" * (MAX_DEPTH + 1) + leaf + "</a>" * (MAX_DEPTH + 1)).encode())
    assert too_deep.readonly
    assert not too_deep.names
    assert [problem.code for problem in too_deep.problems] == ["too-deep"]
    with pytest.raises(CannotRepair, match="deep"):
        repair_document(too_deep)


@pytest.mark.parametrize(("depth", "told"), [(MAX_DEPTH, []), (201, ["too-deep"]), (255, ["too-deep"])])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_too_deep_for_an_edit_is_told_and_listed(depth: int, told: list[str], encoding: str) -> None:
    data = ("<a>" * depth + "x" + "</a>" * depth).encode(encoding)
    file = read_file(data, "deep.xml")
    assert [problem.code for problem in file.problems] == told
    assert len(file.entries) == 1
    assert is_broken(data) == bool(told)
    if told:
        with pytest.raises(CannotEdit, match="200 deep here; the file is listed, but cannot be edited"):
            set_fields(open_file(data, "deep.xml"), file.entries[0].id, {"a": "y"})


def test_problems() -> None:
    broken = Document.parse(b"<a>" + b"&" * MAX_PROBLEMS + b"</a>")
    assert len(broken.errors) == MAX_PROBLEMS
    assert not broken.readonly
    too_broken = Document.parse(b"<a>" + b"&" * (MAX_PROBLEMS + 1) + b"</a>")
    assert too_broken.readonly
    assert [problem.code for problem in too_broken.problems] == ["too-broken"]
    with pytest.raises(EditRefused, match="plain text"):
        insert_element(too_broken, -1, 0, "<a/>")


def test_notes_are_no_problems_to_give_up_for() -> None:
    document = Document.parse(b'<!DOCTYPE a SYSTEM "a.dtd"><a>' + b"&nbsp;" * (MAX_PROBLEMS + 1) + b"</a>")
    assert not document.readonly
    assert not document.errors
    assert document.text(0) == "&nbsp;" * (MAX_PROBLEMS + 1)  # the DTD may say what it likes


def test_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parser.MAX_BYTES == 64 * 1024 * 1024
    monkeypatch.setattr(parser, "MAX_BYTES", 7)
    assert not Document.parse(b"<a>1</a"[:7]).readonly
    too_large = Document.parse(b"<a>1</a>")
    assert too_large.readonly
    assert too_large.to_bytes() == b"<a>1</a>"
    assert [problem.code for problem in too_large.problems] == ["too-large"]
    assert too_large.view().tag == "fragment"
    with pytest.raises(CannotRepair, match="too large"):
        repair_document(too_large)


@pytest.mark.parametrize(
    "form",
    [
        "<b>{}</b>",
        "<b><![CDATA[{}]]></b>",
        '<b x="{}">t</b>',
        "<b>t<!--{}--></b>",
        "<b>t<?p {}?></b>",
        "<b>R&D {}</b>",
        "<{0}>t</{0}>",
    ],
)
def test_a_text_past_libxml2_s_limits_is_read_and_edited(form: str) -> None:
    text = "n" * (60_000 if form.startswith("<{") else 10_500_000)  # its limits are 50,000 and ten million
    row = "<lesson id='{}'><title>{}</title>{}</lesson>"
    data = f"<lessons>{row.format(1, 'One', '')}{row.format(2, 'Two', form.format(text))}</lessons>".encode()
    content = read_content(data)
    assert [entry.title for entry in read_entries(content, "l.xml")] == ["One", "Two"]
    assert content.problems == Document.parse(data).problems
    assert is_broken(data) == ("R&D" in form)
    document = Document.parse(data)
    assert document.view().tag == "lessons"
    assert set_text(document, 2, "R").text(2) == "R"


@pytest.mark.parametrize("depth", [199, 200, 201, 255, 256, 300, 3_000])
def test_a_file_nested_deep_is_read_or_told(depth: int) -> None:
    data = ("<a>" * depth + "t" + "</a>" * depth).encode()
    content = read_content(data)
    assert content.roots or [problem.level for problem in content.problems] == ["error"]
    assert is_legible(content) == bool(content.roots)
    assert is_broken(data) == (depth > MAX_DEPTH)


def test_what_lxml_refuses_after_all_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "_MENDED", etree.XMLParser(huge_tree=False))
    content = read_content(b"<a>" + b"n" * 10_500_000 + b"</a>")
    assert [problem.code for problem in content.problems] == ["unreadable"]
    assert not is_legible(content)
