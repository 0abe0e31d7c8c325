"""Entities that a DOCTYPE declares: never expanded, never taken for HTML's, never an error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.editing.copying import plan_duplicate
from index.editing.moving import plan_move
from index.editing.plan_checks import entry_in
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, is_broken, read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.editing import set_attribute, set_text
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair
from index.model.known_entries import EntryList

DOCTYPE = (
    '<!DOCTYPE r [<!ENTITY co_name "ACME"><!ENTITY v-1.2 "x"><!ENTITY copy "mine"><!ENTITY größe \'5">\'>'
    '<!ENTITY a:b "c"><!-- <!ENTITY no "x"> --><!ENTITY pct "100%"><?pi <!ENTITY not "x">?>]>\n'
)
NAMES = "&co_name; &v-1.2; &copy; &größe; &a:b;"
BODY = '<lessons><lesson id="L-1" by="{0}"><title>at {0}</title><text>d</text></lesson></lessons>'


def test_declared_names_are_no_error_and_stay_as_they_are() -> None:
    data = (DOCTYPE + BODY.format(NAMES)).encode()
    document = Document.parse(data)
    assert not document.errors
    assert repair_document(document) is document
    assert document.text(2) == f"at {NAMES}"
    assert document.attributes(1)["by"] == NAMES
    (entry,) = read_entries(read_content(data), "d.xml")
    assert entry.title == f"at {NAMES}"
    edited = set_attribute(set_text(document, 2, f"at {NAMES}!"), 1, "by", f"{NAMES}!")
    assert edited.source == document.source.replace(NAMES, f"{NAMES}!")


@pytest.mark.parametrize("name", ["no", "not", "Co_name", "nbsp"])
def test_a_name_that_only_seems_declared_is_an_error(name: str) -> None:
    document = Document.parse((DOCTYPE + BODY.format(f"&{name};")).encode())
    assert {problem.code for problem in document.errors} == {
        "html-entity" if name in {"not", "nbsp"} else "bare-amp"
    }


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r SYSTEM "r.dtd">',
        '<!DOCTYPE r PUBLIC "-//X//Y" "r.dtd">',
        '<!DOCTYPE r [<!ENTITY % more SYSTEM "more.ent"> %more;]>',
        "<!DOCTYPE r [<!ENTITY % more \"<!ENTITY copy 'mine'>\">\n%more;\n]>",
    ],
)
def test_any_name_may_be_declared_elsewhere(doctype: str) -> None:
    document = Document.parse((doctype + BODY.format("&copy; &x_y;")).encode())
    assert not document.errors
    assert document.text(2) == "at &copy; &x_y;"
    assert content_of(document).roots[0][0][0].text == "at &copy; &x_y;"


def test_without_a_doctype_a_name_is_html_s_or_an_error() -> None:
    document = Document.parse(BODY.format("&copy; &co_name; &×;").encode())
    assert document.text(2) == "at © &co_name; &×;"
    assert repair_document(document, guesses=False).text(2) == "at © &co_name; &×;"


def test_a_copy_keeps_the_reference_and_a_move_keeps_what_is_shown() -> None:
    source = (DOCTYPE + BODY.format(NAMES)).encode()
    other = b'<lessons><lesson id="M-1"><title>m</title><text>d</text></lesson></lessons>'
    now = datetime(2026, 1, 2, tzinfo=UTC)
    entries = read_entries(read_content(source), "d.xml")
    known = EntryList(entries)
    copied = (
        plan_duplicate(
            entry_in(source, "d.xml", entries[0].id), entries=known, now=now, read=dict[str, bytes]().get
        )
        .changes[0]
        .after
    )
    assert copied is not None
    assert copied.decode().count(f"at {NAMES}") == 2
    plan = plan_move(entry_in(source, "d.xml", entries[0].id), other, "e.xml", entries=known, now=now)
    moved = plan.changes[0].after
    assert moved is not None
    assert not Document.parse(moved).errors
    assert [entry.title for entry in read_entries(read_content(moved), "e.xml")] == ["m", f"at {NAMES}"]


@pytest.mark.parametrize(
    "doctype",
    [
        *('<!DOCTYPE r [<!ENTITY e "x"> <!-- open ]>', "<!DOCTYPE r [ junk ]>", "<!DOCTYPE r [<!ENTITY e>]>"),
        *(
            '<!DOCTYPE r [<!ENTITI e "x">]>',
            "<!DOCTYPE r [<b>]>",
            "<!DOCTYPE r SYSTEM>",
            "<!DOCTYPE r foo bar>",
        ),
        *('<!DOCTYPE r PUBLIC "x">', '<!DOCTYPE r [<!ENTITY e "a & b">]>', "<!DOCTYPE r [<!ELEMENT>]>"),
        *('<!DOCTYPE r [<!ENTITY e "x">', '<!DOCTYPE r [<!ENTITY e "x>]>', "<!DOCTYPE r", "<!DOCTYPE>"),
    ],
)
def test_a_broken_doctype_is_an_error_and_nothing_is_changed(doctype: str) -> None:
    data = f'<?xml version="1.0"?>\r\n{doctype}\r\n{BODY.format("x")}'.encode()
    document = Document.parse(data)
    assert document.to_bytes() == data
    wrong = next(problem for problem in document.errors if problem.code.startswith("doctype"))
    assert (wrong.line, "DOCTYPE" in wrong.message) == (2, True)
    assert is_broken(data)
    assert [entry.title for entry in read_entries(read_content(data), "d.xml")] == ["at x"]
    edited = set_text(document, 2, "new")
    assert edited.to_bytes() == data.replace(b"at x", b"new")
    if wrong.code == "doctype-broken":
        assert not wrong.repairable
        for guesses in (False, True):
            with pytest.raises(CannotRepair, match=r"DOCTYPE .* is broken"):
                repair_document(document, guesses=guesses)
    else:
        assert wrong.guesses


@pytest.mark.parametrize(
    "doctype",
    [
        *(
            DOCTYPE,
            "<!DOCTYPE html>",
            "<!DOCTYPE r [%more;]>",
            "<!DOCTYPE r [<!ENTITY  %  p '5% x'>]>",
            '<!DOCTYPE r SYSTEM "r.dtd" [ <!ENTITY e "&#38;"> ] >',
        ),
        "<!DOCTYPE r [<!ELEMENT r (#PCDATA)>\n<!ATTLIST r b CDATA #IMPLIED><!NOTATION n SYSTEM 'x'>]>",
        '<!DOCTYPE größe PUBLIC "-//X//Y" "größe.dtd" [<!-- é -->]>',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_sound_doctype_is_none(doctype: str, codec: str) -> None:
    assert not Document.parse((doctype + BODY.format("x")).encode(codec)).errors


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY own "b">',
        '<!DOCTYPE r [\n<!-- c -->\n<!ELEMENT r ANY>\n<!ENTITY own "R&D"',
        '<!DOCTYPE r [<? pi <!NOTATION n SYSTEM "q"> &own; &#0; & ]]>',
        "<!DOCTYPE r [<![INCLUDE[<!ATTLIST r a CDATA #IMPLIED>]]>",
    ],
)
def test_what_may_belong_to_a_broken_doctype_is_only_guessed(doctype: str) -> None:
    source = f"{doctype}\n<r><a>5 < 6, R&D</a><b>&own; &nbsp;</b></r>\n"
    document = Document.parse(source.encode())
    assert all(problem.guesses for problem in document.errors if problem.start < len(doctype))
    repaired = repair_document(document, guesses=False)
    assert repaired.source == source.replace("5 < 6, R&D</a>", "5 &lt; 6, R&amp;D</a>")
    assert not repair_document(document).errors
