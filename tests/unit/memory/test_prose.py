"""Text with elements in a line of it reads as the sentence that it is; each of them is a field as well."""

from __future__ import annotations

import pytest

from index.editing.planner import Planner
from index.formats.registry import read_file
from index.model.plan import CannotEdit
from tests.support.trees import Files

FILE = "l.xml"


def fields(inside: str) -> dict[str, str]:
    [entry] = read_file(f'<lesson id="L-1">{inside}</lesson>'.encode(), FILE).entries
    return {field.name: field.text for field in entry.fields}


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("Use <code>foo()</code> not bar", "Use foo() not bar"),
        ("<b>Important</b>: read this", "Important: read this"),
        ("One <b>two</b> <i>three <u>four</u></i>.", "One two three four."),
        ("Four<br/>five <br/>six", "Four five six"),
        ("\n    see\n    <code>a</code> and\n    b\n  ", "see\na and\nb"),
        ("\n    <owner></owner>\n    rest\n  ", "rest"),
        ("\n    <owner>Ann</owner>\n    rest\n  ", "rest"),
        ("Text <steps><step>a</step></steps> more", "Text  more"),
        ("\n    Intro\n    <owner>Ann</owner>\n    <owner>Bob</owner>\n    outro\n  ", "Intro\n\noutro"),
    ],
)
def test_a_text_with_elements_in_it(inside: str, text: str) -> None:
    assert fields(f"<note>{inside}</note><level>3</level>")["note"] == text


def test_elements_without_text_between_them_are_fields_alone() -> None:
    assert "note" not in fields("<note><a>x</a> <b>y</b></note><level>3</level>")
    assert fields("<title>T</title> stray <level>3</level>")["lesson"] == "stray"


def test_a_deep_line_is_not_read_again_for_each_of_its_levels() -> None:
    deep = 150
    note = "<i>x" * deep + "word " * 1000 + "</i>" * deep
    read = fields(f"<note>y {note}</note><level>3</level>")
    assert sum(map(len, read.values())) < 5 * len(note)


def test_the_title_and_an_edit_of_what_is_in_the_line() -> None:
    title = "<title>Use <code>foo()</code> not bar</title>"
    source = f'<lessons><lesson id="L-1">{title}<note>x</note></lesson></lessons>'
    files = Files({FILE: source.encode()})
    assert files.entry("L-1").title == "Use foo() not bar"
    planner = Planner(files)
    after = files.after(planner.fields("L-1", {"title/code": "baz()"}).changes)
    assert after.entry("L-1").title == "Use baz() not bar"
    assert after.data(FILE) == source.replace("foo()", "baz()").encode()
    with pytest.raises(CannotEdit, match="has elements inside"):
        planner.fields("L-1", {"title": "x"})
