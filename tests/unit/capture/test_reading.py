"""What was written down is read, or refused in one sentence that says where."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from index.editing.planner import Planner
from index.editing.record import UnreadableInput
from index.importing.importer import MAX_BYTES, MAX_ENTRIES, read_records
from index.model.plan import CannotEdit
from tests.support.trees import EMPTY, SAMPLE, Files

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
NOTE = """\
---
project: shop-api
tags: [pool, "retries"]
---
# The pool is empty

Under load.

## Root cause
One *slow* query.

```sh
# no heading
```

### No field either
\\# and no heading

## Level
3
"""


def read(source: str | bytes, kind: str = "", tree: Files = SAMPLE) -> list[tuple[str, dict[str, object]]]:
    data = source.encode() if isinstance(source, str) else source
    return [(record.kind, dict(record.texts)) for record in read_records(data, Planner(tree), kind)]


def added(source: str, kind: str = "", tree: Files = SAMPLE) -> list[dict[str, str]]:
    """Return the fields of the entries that come of it, as the tree reads them afterwards."""
    composer = Planner(tree)
    plan = composer.add_records(read_records(source.encode(), composer, kind), NOW)
    after = tree.after(plan.changes)
    return [{field.name: field.text for field in after.entry(entry).fields} for entry in plan.entries]


# ── Markdown ──────────────────────────────────────────────────────────────────


def test_markdown_has_a_title_fields_and_front_matter() -> None:
    assert read(NOTE, "debugging-solution", EMPTY) == [
        (
            "debugging-solution",
            {
                "root-cause": "One *slow* query.\n\n```sh\n# no heading\n```\n\n### No field either\n"
                "# and no heading",
                "level": "3",
                "project": "shop-api",
                "tags": ("pool", "retries"),
                "problem": "The pool is empty",
                "description": "Under load.",
            },
        )
    ]


def test_headings_that_name_fields_need_no_title() -> None:
    source = "## Problem\nslow\n## Solution\nindex it\n### why\nbecause\n"
    assert read(source, "solution", EMPTY) == [
        ("debugging-solution", {"problem": "slow", "solution": "index it\n### why\nbecause"})
    ]


def test_the_next_title_begins_another_entry() -> None:
    source = "---\nkind: lesson\n---\n# One\n## Lesson\na\n# Two ##\n## lesson #\nb\n"
    assert read(source) == [
        ("lesson", {"lesson": "a", "title": "One"}),
        ("lesson", {"lesson": "b", "title": "Two"}),
    ]


def test_front_matter_takes_lists_line_by_line() -> None:
    source = "---\n# a remark\ntags:\n  - a\n  - 'b: c'\nproject: \"x: y\"\n\n---\n# T\n"
    assert read(source, "decision") == [
        ("decision", {"tags": ("a", "b: c"), "project": "x: y", "title": "T"})
    ]


# ── JSON ──────────────────────────────────────────────────────────────────────


def test_json_takes_texts_numbers_lists_and_inner_fields() -> None:
    source = json.dumps(
        {
            "kind": "debugging-solution",
            "Root_Cause": "x",
            "level": 3,
            "fixed": True,
            "nothing": None,
            "tags": ["a", 2],
            "steps": ["one\n\ntwo", "- three"],
            "implementation": {"language": "sql", "size": 1e400},
        }
    )
    assert read(source.replace("Infinity", "1e400"), tree=EMPTY) == [
        (
            "debugging-solution",
            {
                "root-cause": "x",
                "level": "3",
                "fixed": "true",
                "tags": ("a", "2"),
                "steps": ("one\n\ntwo", "- three"),
                "implementation/language": "sql",
                "implementation/size": "1e400",
            },
        )
    ]


def test_a_list_is_written_as_the_kind_writes_it() -> None:
    (fields,) = added(
        '{"problem": "p", "tags": ["a", "b"], "steps": ["one\\n\\ntwo", "- three"]}', "solution"
    )
    assert fields["tags"] == "- a\n- b"
    assert fields["steps"] == "- one\n  \n  two\n- - three"
    (fields,) = added('{"title": "t", "lesson": "l", "tags": ["a", "b"], "project": "shop-api"}', "lesson")
    assert fields["@tags"] == "a, b"


# ── XML ───────────────────────────────────────────────────────────────────────


def test_bare_elements_keep_their_own_markup() -> None:
    source = (
        "<!-- two of them -->\n<debugging-solution>\n<problem>a &amp; b</problem>\n"
        "<code><![CDATA[if (a < b)]]></code></debugging-solution>\n"
        "<api-pattern id='API-900'><name>N</name><use-case>U</use-case></api-pattern>"
    )
    composer = Planner(SAMPLE)
    plan = composer.add_records(read_records(source.encode(), composer), NOW)
    assert plan.entries == (
        "development-patterns/debugging-solutions.xml#DEBUG-022",
        "development-patterns/api-patterns.xml#API-900",
    )
    assert plan.message == "memory: add 2 entries"
    text = (plan.changes[0].after or b"").decode()
    assert "<code><![CDATA[if (a < b)]]></code>" in text
    assert '<debugging-solution id="DEBUG-022">\n  <timestamp>2025-11-22T10:00:00Z</timestamp>' in text


def test_a_file_of_entries_is_read_as_the_tree_would() -> None:
    source = (
        "<?xml version='1.0' encoding='iso-8859-1'?><debugging-solutions><metadata><version>1</version>"
        "</metadata><solutions><solution><problem>caf\xe9</problem><level>1</level></solution>"
        "<solution><problem>two</problem><level>2</level></solution></solutions></debugging-solutions>"
    ).encode("latin-1")
    composer = Planner(SAMPLE)
    records = read_records(source, composer)
    assert [(record.kind, record.place) for record in records] == [("debugging-solution", "line 1")] * 2
    plan = composer.add_records(records, NOW)
    assert SAMPLE.after(plan.changes).entry(plan.entries[0]).title == "café"


def test_an_element_of_the_kind_is_one_entry_whatever_is_repeated_in_it() -> None:
    source = (
        "<decision><title>T</title><options><option a='1' b='2'/><option a='3' b='4'/></options></decision>"
    )
    for kind in ("", "decision"):
        (fields,) = added(source, kind)
        assert fields["options/option[2]@b"] == "4"
        assert fields["@id"] == "DEC-014"
        assert fields["created"] == "2025-11-22T10:00:00Z"


def test_xml_starts_a_new_file() -> None:
    source = "<lesson><title>T</title><lesson>L</lesson><project>nova</project></lesson>"
    for tree in (SAMPLE, EMPTY):
        composer = Planner(tree)
        plan = composer.add_records(read_records(source.encode(), composer), NOW)
        assert plan.changes[0].file == "project-knowledge/nova/lessons.xml"
        assert plan.changes[0].before is None
        assert tree.after(plan.changes).entry(plan.entries[0]).title == "T"
    state = "<active-project><project>p</project><status>s</status></active-project>"
    (fields,) = added(state, tree=EMPTY)
    assert fields == {"project": "p", "status": "s", "timestamp": "2025-11-22T10:00:00Z"}


def test_twins_by_time_are_told_apart() -> None:
    source = "<api-pattern><name>A</name><pattern>x</pattern></api-pattern>"
    tree = Files({"development-patterns/api-patterns.xml": source.encode()})
    composer = Planner(tree)
    records = read_records(
        source.replace("A<", "B<").encode() + source.replace("A<", "C<").encode(), composer
    )
    plan = composer.add_records(records, NOW)
    after = tree.after(plan.changes)
    assert [after.entry(entry).title for entry in plan.entries] == ["B", "C"]
    assert plan.message == "memory: add 2 api patterns"


@pytest.mark.parametrize("name", ["metrics/time", "metrics/time[2]", "metrics@unit", "a/b/c"])
def test_a_field_in_a_field_is_given_by_its_path(name: str) -> None:
    [(kind, texts)] = read(f"# T\nkind: lesson\n{name}: 3\n\nText.\n")
    assert (kind, texts[name]) == ("lesson", "3")


# ── what is refused ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("", "lesson", "the input is empty"),
        (" \n<!-- only a remark -->\n", "lesson", "the input is empty"),
        ("[]", "lesson", "holds no entry"),
        ("# T", "", "names no kind"),
        ('{"title": "T"}', "", "names no kind"),
        ("kind: lesson\ntitle: T\n", "", "Line 1: this text is under no heading: begin with # and a title"),
        ("# T\nkind: lesson\nlevel = 3\n", "", "Line 3 is not written as key: value, so the lines around it"),
        ("# T\n\n3 of them: a\n- **Kind:** lesson\n", "", "Line 3 is not written as key: value"),
        ('{"kind": "lesson", "title": "T"}', "decision", "The entry is of the kind lesson, not decision"),
        ('[{"title": "T"}, {"kind": "lesson"}]', "decision", "Entry 2 is of the kind lesson"),
        ("<lesson><a>1</a><b>2</b></lesson>", "decision", "Line 1 is of the kind lesson, not decision"),
        ('{"kind": "lessn", "title": "T"}', "", "No kind is called lessn. Did you mean lesson?"),
        ("<lessn><a>1</a><b>2</b></lessn>", "", "Line 1: No kind is called lessn"),
        ("T", "lesson", "Line 1: this text is under no heading"),
        ("\n## A\n# B\n", "lesson", "Line 3: this heading is above the first one: give it ##"),
        ("# A\n# Title\n", "lesson", "Line 2: Title is a field of a lesson, in the place of a title"),
        ("# A\n## lesson\nx\n## Lesson\ny", "lesson", "Line 4: lesson is given twice"),
        ("# A\n## &\nx", "lesson", "Line 2: '&' cannot be the name of a field"),
        ("# A\n## lesson\n\n~~~\n# x\n", "lesson", "Line 4: this code block has no end: close it with ~~~"),
        ("---\ntags: a\n# A", "lesson", "Line 1: the front matter has no end"),
        ("---\ntags: a\ntags: b\n---\n# A", "lesson", "Line 3: tags is given twice"),
        ("---\n- a\n---\n# A", "lesson", "Line 2: front matter is written as name: text"),
        ("---\nkind:\n- a\n---\n# A", "", "kind in the front matter is one word"),
        ("# A\n## lesson\nx\x1b[31m", "lesson", r"Line 3, column 2: the character U\+001B"),
        (b"# A\n## lesson\nx\xff", "lesson", "Line 3, column 2: byte 0xFF is not UTF-8"),
        ('{"title": "T",\n "x" 1}', "lesson", "Line 2, column 6: this is not valid JSON"),
        ('{"title": "a\nb"}', "lesson", "Line 1, column 13: this is not valid JSON: invalid control"),
        ('{"title": "\\u001b"}', "lesson", r"Line 1, column 12: U\+001B"),
        ('{"title": "\\ud800"}', "lesson", r"Line 1, column 12: U\+D800"),
        ('{"title": "T",\n "title": "U"}', "lesson", "Line 2, column 2: the key 'title' is given twice"),
        ('[{"a": {"t": "T"}}, {"x": {"t": "T", "\\u0074": "U"}}]', "lesson", "Line 1, column 38: the key"),
        ('{"title": "T", "Title": "U"}', "lesson", "Line 1, column 16: the entry gives title twice"),
        ('{"a": {"b": "T"},\n"a/b": "U"}', "lesson", "Line 2, column 1: the entry gives a/b twice"),
        ('{"title": NaN}', "lesson", "Line 1, column 11: NaN is not valid JSON"),
        ('{"title": [["a"]]}', "lesson", "a list such as title holds texts"),
        ('{"": "T"}', "lesson", "'' cannot be the name of a field"),
        ('{"a//b": "T"}', "lesson", "'a//b' cannot be the name of a field"),
        ('{"kind": ["a"]}', "", "has a kind that is not text"),
        ("[1]", "lesson", "The entry is not a JSON object"),
        ("[" * 100_000, "lesson", "Line 1, column 17: this is nested deeper than 16 levels"),
        ('{"a":' * 17, "lesson", "Line 1, column 81: this is nested deeper"),
        ("<lesson>\n<title>T</lesson>", "lesson", "Line 2, column 1: <title> has no end tag"),
        ("<lesson><title>a & b</title><c/></lesson>", "lesson", "Line 1, column 18: "),
        ("<a>" * 1000, "lesson", "Line 1, column 601: Elements are nested"),
        (
            "<!DOCTYPE x [<!ENTITY e 'boom'>]>\n<lesson><title>&e;</title><lesson>x</lesson></lesson>",
            "lesson",
            "Line 2, column 16: this is not an entry by itself",
        ),
        (
            "<x xmlns:p='u'><lesson><title>T</title><p:a>1</p:a></lesson>"
            "<lesson><title>U</title><p:a>1</p:a></lesson></x>",
            "lesson",
            "this is not an entry by itself",
        ),
        (
            "<notes><about>text</about><lesson><a>1</a><b>2</b></lesson><lesson><a>1</a><b>2</b></lesson></notes>",
            "lesson",
            "notes holds entries and other text beside them",
        ),
        (b"\xff\xfe<\x00", "lesson", "Line 1"),
        (b"x" * (MAX_BYTES + 1), "lesson", "larger than 1 MiB"),
        (json.dumps([{"title": "T"}] * (MAX_ENTRIES + 1)), "lesson", "holds 101 entries: at most 100"),
    ],
    ids=lambda part: ascii(part[:30]),
)  # fmt: skip
def test_what_cannot_be_read_is_said(source: str | bytes, kind: str, says: str) -> None:
    with pytest.raises(CannotEdit, match=says) as refused:
        read(source, kind)
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("# ", "lesson", "A new lesson needs a text"),
        ("<lesson><title/><lesson/></lesson>", "lesson", "A new lesson needs a text"),
        ("<lesson id='LES-S01'><title>T</title></lesson>", "lesson", "LES-S01 is the id of another entry"),
        ('[{"title": "T"}, {"title": "U", "id": "LES-S01"}]', "lesson", "Entry 2: LES-S01 is the id"),
        ('{"title": "T", "project": "../../etc"}', "lesson", "cannot name a folder"),
        ('{"title": "T", "project": "/etc"}', "lesson", "cannot name a folder"),
        ('{"title": "T", "project": ".git"}', "lesson", "cannot name a folder"),
        ('{"title": "T", "a[99999999]": "x"}', "lesson", "cannot be the name of a field"),
        ('{"project": "p"}', "session-context", "as a whole is one session context"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_said(source: str, kind: str, says: str) -> None:
    with pytest.raises(CannotEdit, match=says):
        added(source, kind)


def test_a_new_kind_needs_a_file() -> None:
    composer = Planner(SAMPLE)
    with pytest.raises(CannotEdit, match="needs --file FILE"):
        composer.add("incident", {"title": "T"}, NOW)
    plan = composer.add("incident", {"title": "T"}, NOW, file="incidents.xml")
    assert plan.entries == ("incidents.xml#incident-2025-11-22T10:00:00Z",)
    with pytest.raises(CannotEdit, match=r"ends in \.xml"):
        composer.add("incident", {"title": "T"}, NOW, file="incidents.txt")


def test_a_project_only_has_to_name_a_folder_where_its_knowledge_is() -> None:
    (fields,) = added('{"problem": "p", "project": "shop/api"}', "solution")
    assert fields["project"] == "shop/api"


@pytest.mark.parametrize(
    "line", ["# " + "a " * 400_000, "# " + " #" * 400_000, "#" + " " * 800_000], ids="abc"
)
def test_a_long_line_costs_no_time(line: str) -> None:
    (record,) = read(line, "lesson")  # a pattern that goes back and forth would take hours
    assert record[0] == "lesson"


def test_front_matter_with_a_long_line_costs_no_time() -> None:
    with pytest.raises(UnreadableInput, match="Line 2: front matter is written"):
        read("---\n" + "a " * 400_000 + "\n---\n", "lesson")
