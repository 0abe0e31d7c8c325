"""An entry's own XML: checked as it is typed, saved only when it is sound."""

from __future__ import annotations

import pytest
from lxml import etree

from index.commands.demo import sample_tree
from index.editing.file_planner import plan_repairs
from index.editing.plan_checks import entry_in
from index.editing.raw import plan_markup
from index.formats.opened import find_entry
from index.formats.registry import open_file
from index.model.plan import BrokenMarkup, CannotEdit
from index.storage.scan import scan

NOTES = """\
<notes xmlns:p='u'>
  <note id='1'>
    <text>a</text>
  </note>
  <note id='2'><text>R&D</text></note>
</notes>
""".replace("\n", "\r\n")
LATIN = '<?xml version="1.0" encoding="iso-8859-1"?>\n<notes>\n<note id="1"><a>x</a></note></notes>'
ROOT = sample_tree().resolve()


def problems(markup: str, key: str = "1", source: str = NOTES) -> list[tuple[int, int, str]]:
    document = open_file(source.encode(), "f.xml")
    found = document.check_source(find_entry(document, f"f.xml#{key}").ref, markup)
    return [(problem.line, problem.column, problem.code) for problem in found]


def planned(markup: str, key: str = "1", source: str = NOTES) -> str:
    (change,) = plan_markup(entry_in(source.encode(), "f.xml", f"f.xml#{key}"), markup).changes
    assert change.after is not None
    return change.after.decode()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<note id='1'>\n    <text>a</text>\n  </note>", []),
        ("<note id='1'><p:x/>a</note>", []),
        ("<note id='1'><q:x/>a</note>", [(2, 16, "prefix")]),
        ("<note id='1'>a & b</note>", [(2, 18, "bare-amp")]),
        ("<note id='1'>\n  <text>a & b</text>\n</note>", [(3, 11, "bare-amp")]),
        ("<note id='1'><text>a</note>", [(2, 16, "missing-end")]),
        ("", [(2, 3, "not-one")]),
        ("just words", [(2, 3, "not-one")]),
        ("<!-- c --><note id='1'><a>x</a></note>", [(2, 3, "not-one")]),
        ("<note id='1'><a>x</a></note>\n<note/>", [(2, 31, "not-one")]),
    ],
)
def test_problems_have_the_lines_and_columns_of_the_file(
    markup: str, expected: list[tuple[int, int, str]]
) -> None:
    assert problems(markup) == expected


def test_a_broken_text_is_refused_with_line_and_column() -> None:
    with pytest.raises(BrokenMarkup, match=r"^Line 3, column 9: ") as refused:
        planned("<note id='1'>\n<text>a & b</text><x></note>")
    assert len(refused.value.problems) == 2


def test_only_the_entrys_span_differs() -> None:
    assert planned("<note id='1'>\n    <text>b</text>\n  </note>\n") == NOTES.replace(">a<", ">b<")
    assert planned("<note id='2'><text>R&amp;D</text></note>", "2") == NOTES.replace("R&D", "R&amp;D")
    assert planned("<note id='1'>\n    <text>a</text>\n  </note>") == NOTES


def test_what_changed_is_told() -> None:
    plan = plan_markup(
        entry_in(NOTES.encode(), "f.xml", "f.xml#1"), "<note id='9'><text>a</text><level>3</level></note>"
    )
    assert (plan.entries, plan.fields) == (("f.xml#9",), ("@id", "level"))
    assert plan.message == 'memory: edit 2 fields of "a"'


@pytest.mark.parametrize("markup", ["<note/>", "<note><a/></note>", "<other>x</other>"])
def test_a_text_that_is_no_entry_is_refused(markup: str) -> None:
    with pytest.raises(CannotEdit, match="not read as an entry"):
        planned(markup)


def test_others_must_stay_what_they_are() -> None:
    source = "<log><x><a>1</a><b>2</b></x><x><a>3</a><b>4</b></x></log>"
    document = open_file(source.encode(), "f.xml")
    first = find_entry(document, "f.xml#x-1")
    with pytest.raises(CannotEdit):
        plan_markup(entry_in(source.encode(), "f.xml", first.id), "<y><a>1</a><b>2</b></y>")


def test_a_character_the_encoding_lacks_has_its_place() -> None:
    for markup, column in (
        ('<note id="€"><a>€</a><€/></note>', 23),
        ("<note id='>'><![CDATA[€]]><a>€<!-- € --></a></note>", 36),
        ("<note id='>' €='1'>€</note>", 14),
        ("<note id='€'><?x €?></note>", 18),
    ):
        assert problems(markup, source=LATIN) == [(3, column, "not-one")]
        with pytest.raises(BrokenMarkup, match="has no character '€', and no reference can stand for it"):
            planned(markup, source=LATIN)


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ('<note id="1"><a>€ 接</a></note>', '<note id="1"><a>&#8364; &#25509;</a></note>'),
        ("<note id='1' b='€>'><a>é</a></note>", "<note id='1' b='&#8364;>'><a>é</a></note>"),
        (
            '<note id="1"><a><![CDATA[<€>]]></a></note>',
            '<note id="1"><a><![CDATA[<]]>&#8364;<![CDATA[>]]></a></note>',
        ),
        ('<note id="1"><a>&#8364;€&amp;</a></note>', '<note id="1"><a>&#8364;&#8364;&amp;</a></note>'),
        ('<note id="1"><!-- é --><a>😀</a></note>', '<note id="1"><!-- é --><a>&#128512;</a></note>'),
    ],
)
@pytest.mark.parametrize("encoding", ["iso-8859-1", "us-ascii"])
def test_a_character_the_encoding_lacks_becomes_a_reference(markup: str, written: str, encoding: str) -> None:
    source = LATIN.replace("iso-8859-1", encoding)
    if encoding == "us-ascii":
        markup, written = markup.replace("é", "e"), written.replace("é", "e")
    data = source.encode(encoding)
    assert problems(markup, source=source) == []
    (change,) = plan_markup(entry_in(data, "f.xml", "f.xml#1"), markup).changes
    assert change.after == data.replace(b'<note id="1"><a>x</a></note>', written.encode(encoding))
    etree.fromstring(change.after)


def test_other_problems_keep_their_place_beside_such_a_character() -> None:
    assert problems('<note id="1"><a>€€€</a><q:x/></note>', source=LATIN) == [(3, 24, "prefix")]


def test_all_repairs_that_need_no_guess_come_at_once() -> None:
    files = {file.path: file.real.read_bytes() for file in scan(ROOT)[0]}
    files |= {
        "both.xml": b"<notes><note id='1'>R&D</note><note id='2'>x</b></note></notes>",
        "guess.xml": b"<notes><note id='1'>x</b></note></notes>",
        "deep.xml": b"<a>" * 300,
        "empty.xml": b"",
    }
    plans = {plan.changes[0].file: plan for plan in plan_repairs(files)}
    assert set(plans) == {"both.xml", "project-knowledge/billing/lessons.xml"}
    lessons = plans["project-knowledge/billing/lessons.xml"]
    assert not open_file(lessons.changes[0].after, "f.xml").errors
    assert (lessons.message, lessons.warning) == ("memory: repair project-knowledge/billing/lessons.xml", "")
    assert b"R&amp;D" in (plans["both.xml"].changes[0].after or b"")
    assert "1 problem of both.xml" in plans["both.xml"].warning
