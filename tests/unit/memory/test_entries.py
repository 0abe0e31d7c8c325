"""Entries: structure first, words second."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.text.margins import dedent, indent_like


def read(xml: str, path: str = "development-patterns/debugging-solutions.xml") -> list[Entry]:
    return read_entries(read_content(xml.encode(), path), path)


SOLUTION = """\
<debugging-solution>
  <timestamp>2025-10-03T14:30:00Z</timestamp>
  <problem>Database connection pool exhaustion under load</problem>
  <level>3</level>
  <solution>Implemented connection pool size tuning and query timeout optimization</solution>
  <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>
  <prevention>Added connection pool monitoring and alerting</prevention>
</debugging-solution>
"""
PATTERN = """\
<api-pattern>
  <name>Paginated Resource Listing</name>
  <pattern>cursor-based-pagination</pattern>
  <use-case>Large dataset retrieval with consistent results</use-case>
</api-pattern>
"""


def test_an_entry_with_one_text_alone_is_called_after_it() -> None:
    entries = read(
        "<lessons><lesson><text>Only a text</text></lesson><lesson><title>T</title></lesson></lessons>"
    )
    assert entries[0].title == "Only a text"


@pytest.mark.parametrize("length", [199, 200, 201, 900])
def test_a_title_that_is_cut_ends_with_a_sign(length: int) -> None:
    (entry,) = read(f"<lesson><title>{'x' * length}</title><text>Text</text></lesson>")
    assert entry.title == ("x" * length if length <= 200 else "x" * 199 + "…")


def test_a_bare_fragment_is_an_entry_with_everything_it_says() -> None:
    (entry,) = read(SOLUTION)
    assert entry.kind == "debugging-solution"
    assert entry.group == "solution"
    assert entry.title == "Database connection pool exhaustion under load"
    assert entry.when == datetime(2025, 10, 3, 14, 30, tzinfo=UTC)
    assert entry.level == 3
    assert entry.tech == ("PostgreSQL", "Node.js", "pg-pool")
    assert [f.name for f in entry.fields] == [
        "timestamp", "problem", "level", "solution", "tech-stack", "prevention",
    ]  # fmt: skip
    assert not entry.template


def test_fragments_without_a_root_are_one_entry_each() -> None:
    entries = read("<!-- memories/x.xml -->\n" + SOLUTION + PATTERN)
    assert [e.kind for e in entries] == ["debugging-solution", "api-pattern"]
    assert entries[1].title == "Paginated Resource Listing"
    assert entries[1].line == 10


def test_the_documented_shape_gives_the_records_of_the_plural_wrapper() -> None:
    entries = read(
        "<debugging-solutions><metadata><last-updated>2025-10-20T00:00:00Z</last-updated>"
        "<project>shop-api</project></metadata>"
        "<solutions><solution id='D-1'><problem>a</problem><fix>b</fix></solution></solutions>"
        "<solution-metrics><total>1</total></solution-metrics></debugging-solutions>"
    )
    (entry,) = entries
    assert entry.kind == "debugging-solution"
    assert entry.id == "development-patterns/debugging-solutions.xml#D-1"
    assert entry.project == "shop-api"
    assert entry.when == datetime(2025, 10, 20, tzinfo=UTC)
    assert entry.timestamp == ""


def test_repeated_siblings_directly_under_the_root_are_entries() -> None:
    entries = read(
        "<findings-of-may><finding><name>a</name><risk>low</risk></finding>"
        "<finding><name>b</name><risk>high</risk></finding></findings-of-may>",
        "project-knowledge/billing/security-audit.xml",
    )
    assert [e.title for e in entries] == ["a", "b"]
    assert {e.group for e in entries} == {"knowledge"}
    assert {e.project for e in entries} == {"billing"}


def test_elements_named_by_number_are_entries_of_one_kind() -> None:
    entries = read(
        "<laws><law-1a-uncertainty><name>a</name><status>ok</status></law-1a-uncertainty>"
        "<law-2><name>b</name><status>ok</status></law-2></laws>",
        "protocol-compliance/laws.xml",
    )
    assert [e.kind for e in entries] == ["law", "law"]


def test_a_state_file_is_one_entry_with_its_sections_as_fields() -> None:
    (entry,) = read(
        "<session-context><metadata><session-date>2025-10-30</session-date><project-name>shop</project-name></metadata>"
        "<active-work><current-status>Phase 1 done</current-status><items>"
        "<item><name>a</name><state>done</state></item><item><name>b</name><state>open</state></item>"
        "</items></active-work></session-context>",
        "session-context/active-project.xml",
    )
    assert entry.kind == "session-context"
    assert entry.group == "session"
    assert entry.id == "session-context/active-project.xml#session-context"
    assert entry.project == "shop"
    assert [f.name for f in entry.fields][-4:] == [
        "active-work/items/item/name",
        "active-work/items/item/state",
        "active-work/items/item[2]/name",
        "active-work/items/item[2]/state",
    ]


def test_what_stands_beside_the_records_is_an_entry_of_its_own() -> None:
    entries = read(
        "<lessons><summary>Nothing is hidden.</summary>"
        "<lesson><id>L1</id><text>a</text></lesson><lesson><id>L2</id><text>b</text></lesson></lessons>"
    )
    texts = [f.text for e in entries for f in e.fields]
    assert len(entries) == 3
    assert "Nothing is hidden." in texts


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("<pending-decisions><decisions><decision><id>1</id></decision></decisions></pending-decisions>",
         "decision"),
        ("<uncertainty-log><uncertainty-events><event><a>1</a><b>2</b></event></uncertainty-events>"
         "</uncertainty-log>", "uncertainty-event"),
        ("<security-patterns><patterns><pattern><id>1</id></pattern></patterns></security-patterns>",
         "security-pattern"),
        ("<debugging-solutions><problem><id>1</id></problem><problem><id>2</id></problem></debugging-solutions>",
         "debugging-solution"),
        ("<quality-gates><gates><gate><id>1</id></gate></gates></quality-gates>", "quality-gate"),
        ("<checks><checklist><item id='1'/><item id='2'/></checklist></checks>", "checklist-item"),
    ],
)  # fmt: skip
def test_the_wrapper_completes_a_general_name(name: str, kind: str) -> None:
    assert read(name)[0].kind == kind


def test_a_decision_waits_until_it_is_decided() -> None:
    waiting, decided = read(
        "<decisions><decision><question>a?</question><status>Pending review</status></decision>"
        "<decision><question>b?</question><status>accepted</status></decision></decisions>"
    )
    assert (waiting.group, decided.group) == ("pending", "decision")


def test_a_template_is_an_entry_with_nothing_in_it() -> None:
    template, real = read(
        "<handoffs><handoff><id></id><timestamp>TIMESTAMP</timestamp><files><file></file></files></handoff>"
        "<handoff><id>H-1</id><timestamp>2025-10-01</timestamp></handoff></handoffs>"
    )
    assert template.template
    assert not real.template


def test_tags_are_read_from_every_way_to_write_them() -> None:
    entries = read(
        "<xs><x><id>1</id><tags><tag>a</tag><tag>b c</tag></tags></x>"
        "<x><id>2</id><tags>a, b c</tags></x><x id='3' keywords='a|b c'><y>1</y></x></xs>"
    )
    assert [e.tags for e in entries] == [("a", "b c")] * 3


def test_ids_stay_when_others_come_and_go_and_when_the_file_is_laid_out_anew() -> None:
    one = "<x><name>one</name><created>2025-10-01</created></x>"
    two = "<x><name>two</name><created>2025-10-02</created></x>"
    before = {e.title: e.id for e in read(f"<xs>{one}{two}</xs>")}
    after = {e.title: e.id for e in read(f"<xs>\n  {two}\n  <x><name>three</name><a/></x>\n  {one}\n</xs>")}
    assert before.items() <= after.items()
    assert len(set(after.values())) == 3


def test_two_entries_with_one_id_still_have_ids_of_their_own() -> None:
    ids = [e.id for e in read("<xs><x id='A'><name>one</name></x><x id='A'><name>two</name></x></xs>")]
    assert len(set(ids)) == 2
    assert not any(i.endswith("#A") for i in ids)


def test_broken_files_give_their_entries_and_say_so() -> None:
    entries = read("<xs><x id='A'><name>R&D < 5</name></x><x id='B'><name>cut off")
    assert [e.title for e in entries] == ["R&D < 5", "cut off"]
    assert all(e.broken for e in entries)


def test_a_list_is_a_field_with_items() -> None:
    (entry,) = read("<x><id>1</id><steps>\n  <step>one</step>\n  <step>two</step>\n</steps></x>")
    assert entry.fields[1] == ("steps", "- one\n- two", ("one", "two"), entry.fields[1].ref)


CODE = "if x:\n    body()\n    more()"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\n      if x:\n          body()\n          more()\n    ", CODE),  # on lines of its own
        ("\r\n\tif x:\r\n\t    body()\r\n\t    more()\r\n", CODE),
        ("\n  one\n  two\n", "one\ntwo"),
        ("\n\n    deeper\n  than the next\n", "deeper\nthan the next"),
        ("first\n      second\n        third", "first\nsecond\n  third"),  # behind the tag
        ("first\n      second\n    ", "first\nsecond"),
        (CODE, CODE),
        ("if x:\n          body()\n          more()\n      ", CODE),
        ("if x:\n\t\tbody()\n", "if x:\n\tbody()"),
        ("if x:\n  body()\n", "if x:\n  body()"),
        ("call(\n    a,\n)", "call(\n    a,\n)"),
        ("Two steps:\n      1. one\n      2. two", "Two steps:\n1. one\n2. two"),
        ("one  \n\n  \ntwo\n", "one\n\n\ntwo"),
        (" one ", "one"),
        ("", ""),
    ],
)
def test_the_indentation_of_the_file_is_no_text_and_that_of_the_text_is(raw: str, text: str) -> None:
    assert dedent(raw) == text
    assert dedent(indent_like(raw, text)) == text


def test_both_readers_keep_the_depth_of_code() -> None:
    code = CODE.replace("\n", "\n          ")
    for broken in ("", "<y>R&D</y>"):
        (entry,) = read(f"<x>\n  <id>1</id>\n  <how>\n          {code}\n  </how>\n{broken}</x>")
        assert entry.fields[1].text == CODE


@pytest.mark.parametrize(
    "text", ["one", "one\ntwo", "one\n  two\nthree", "one\n  two\n\n  three", CODE, "one,\n    two", ""]
)
@pytest.mark.parametrize(
    "old", ["x", "\n      x\n      y\n    ", "\n    x\n  y", "x\n      y", "f:\n      y\n  ", CODE, ""]
)
def test_text_is_laid_out_as_the_file_lays_it_out(old: str, text: str) -> None:
    assert dedent(indent_like(old, text)) == text


LINE = st.tuples(st.sampled_from(["", "  ", "    ", "\t"]), st.sampled_from(["a", "b:", "- c", ""])).map(
    "".join
)
RAW = st.lists(LINE, max_size=6).map("\n".join)


@given(RAW, RAW)
def test_what_is_typed_is_what_is_read_again(old: str, typed: str) -> None:
    text = "\n".join(line.rstrip() for line in typed.strip().split("\n"))
    assert dedent(indent_like(old, text)) == text


@given(RAW.map(lambda text: text.replace("\t", " ")))
def test_lines_that_are_not_edited_keep_their_bytes(old: str) -> None:
    assume(old.strip())
    body = old.rstrip()
    assert indent_like(old, dedent(old) + "!") == body + "!" + old[len(body) :]


def fields_of(xml: str) -> list[tuple[str, str, int]]:
    (entry,) = read(xml)
    return [(field.name, field.text, field.ref) for field in entry.fields]


def test_fields_of_one_name_are_numbered_and_the_entrys_own_text_stands_first() -> None:
    assert fields_of("<a>own<!-- no --> text<id>1</id><a>2</a><id x='y'>3</id>more</a>") == [
        ("a[2]", "own textmore", 0),
        ("id", "1", 1),
        ("a", "2", 2),
        ("id[2]", "3", 3),
        ("id[2]@x", "y", 3),
    ]


def test_fields_in_namespaces_keep_their_prefixes() -> None:
    inside = "<id>1</id><p:b>2</p:b><p:b><p:c/><d>3</d></p:b>"
    assert fields_of(f"<session-context xmlns:p='urn:p' p:k='v'>{inside}</session-context>") == [
        ("@p:k", "v", 0),
        ("id", "1", 1),
        ("p:b", "2", 2),
        ("p:b[2]/p:c", "", 4),
        ("p:b[2]/d", "3", 5),
    ]


def test_very_many_attributes_are_read_as_few_are() -> None:
    few = "xml:lang='en' p:a='&lt;1&#10;2 &quot;' b=' x&#xe9; ' c=''"
    many = " ".join(f"a{number}='v{number}'" for number in range(20_000))
    [short] = read(f"<lesson xmlns:p='urn:p' {few}><title {few}>One</title></lesson>")
    [long] = read(f"<lesson xmlns:p='urn:p' {few} {many}><title {few} {many}>One</title></lesson>")
    told = {field.name: field.text for field in long.fields}
    assert {field.name: field.text for field in short.fields} == {
        name: value for name, value in told.items() if "@a" not in name
    }
    assert (told["@a19999"], told["title@a7"]) == ("v19999", "v7")


def test_what_stands_beside_the_records_counts_the_elements_it_leaves_out() -> None:
    *_, rest = read("<xs><x><id>1</id></x><y>aside</y><x><id>2</id><b><c/></b></x><z>last</z></xs>")
    assert [(field.name, field.text, field.ref) for field in rest.fields] == [
        ("y", "aside", 3),
        ("z", "last", 8),
    ]


def test_the_preferred_name_of_a_role_speaks_whatever_the_order_and_only_if_it_says_something() -> None:
    both, one = read(
        "<xs><x><uid>u</uid><id>i</id><created>2025-10-02</created><timestamp>TIMESTAMP</timestamp></x>"
        "<x><uid>v</uid><id/><created>soon</created><timestamp>later</timestamp></x></xs>"
    )
    assert (both.id.rpartition("#")[2], both.timestamp) == ("i", "2025-10-02")  # no placeholder
    assert (one.id.rpartition("#")[2], one.timestamp, one.when) == ("v", "later", None)


def test_entries_of_one_shape_share_the_names_of_their_fields() -> None:
    one, two = read("<xs><x><id>1</id><own-name>a</own-name></x><x><id>2</id><own-name>b</own-name></x></xs>")
    assert one.fields[1].name is two.fields[1].name  # a large tree holds each name once


def test_a_single_child_of_a_plural_is_a_record_unless_it_wraps_some() -> None:
    (only,) = read("<notes><thought><id>1</id><b>c</b></thought></notes>")
    assert (only.kind, only.fields[0].text) == ("thought", "1")
    wrapped = read("<notes><list><thought><id>1</id></thought><thought><id>2</id></thought></list></notes>")
    assert [entry.fields[0].text for entry in wrapped] == ["1", "2"]


def test_a_prefix_does_not_count_in_what_a_name_means() -> None:
    one, two = read(
        '<m:lessons xmlns:m="urn:x"><m:lesson xml:id="N-1" m:level="3"><m:title>Colour</m:title>'
        "<m:status>open</m:status><description>d</description></m:lesson>"
        '<m:lesson xml:id="N-2"><m:title>Farbe</m:title><m:tags><m:tag>red</m:tag></m:tags></m:lesson>'
        "</m:lessons>"
    )
    assert (one.key, one.kind, one.title, one.level, one.status) == ("N-1", "lesson", "Colour", 3, "open")
    assert (two.key, two.title, two.tags) == ("N-2", "Farbe", ("red",))
    assert [field.name for field in two.fields] == ["@xml:id", "m:title", "m:tags"]
