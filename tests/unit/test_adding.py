"""Adding an entry: in the file's own layout, with what its kind has, and nothing else changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.editing.adding import plan_add
from index.editing.moving import plan_delete
from index.editing.plan_checks import entry_in
from index.editing.templates import file_for, kinds_of, shape_of
from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.library.file_reader import read_record
from index.model.entry import Entry
from index.model.kind_shape import project_of
from index.model.known_entries import EntryList
from index.model.plan import CannotEdit, Plan
from index.storage.scan import scan

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
ROOT = sample_tree().resolve()
TREE = [entry for file in scan(ROOT)[0] for entry in read_record(file).entries]
KNOWN = EntryList(TREE)
API = "development-patterns/api-patterns.xml"
SECURITY = "development-patterns/security-patterns.xml"


def entries_of(data: bytes | None, file: str = "f.xml") -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def add(source: str | None, kind: str, file: str = "f.xml", **texts: str) -> Plan:
    data = None if source is None else source.encode()
    names = {name.removeprefix("at_").replace("_", "-"): text for name, text in texts.items()}
    return plan_add(data, file, kind, names, entries=EntryList(entries_of(data, file)), now=NOW)


def after(plan: Plan) -> str:
    assert plan.changes[0].after is not None
    return plan.changes[0].after.decode()


def sample_texts(kind: str, file: str) -> dict[str, str]:
    shape = shape_of(kind, KNOWN, file)
    names = [f for f in shape.fields if f.usual and f.name not in (shape.id, shape.time)]
    return {f.name: "one & 1\ntwo < 3" if f.item else "a < b & c" for f in names if "@" not in f.name[1:]}


WHOLE = {"protocol-status", "preferences", "session-context"}
BROKEN_OFF = "context-package"
KINDS = [kind for kind in kinds_of(KNOWN) if kind not in WHOLE]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != BROKEN_OFF])
def test_every_kind_of_the_sample_is_added_to_its_file(kind: str) -> None:
    file = file_for(kind, KNOWN)
    data = (ROOT / file).read_bytes()
    texts = sample_texts(kind, file)
    plan = plan_add(data, file, kind, texts, entries=KNOWN, now=NOW)
    before, now = entries_of(data, file), entries_of(plan.changes[0].after, file)
    new = next(entry for entry in now if entry.id == plan.entries[0])
    assert new.kind == kind
    fields = {field.name: field for field in new.fields}
    assert {name for name in texts if name not in fields} == set()
    assert all(
        f.text == "a < b & c" or f.items == ("one & 1", "two < 3") for n, f in fields.items() if n in texts
    )
    assert shape_of(kind, KNOWN, file).stamp(NOW) in {
        new.timestamp,
        fields[shape_of(kind, KNOWN, file).time].text,
    }
    others = [(e.kind, e.title, [f[:3] for f in e.fields]) for e in now if e.id != new.id]
    assert others == [(e.kind, e.title, [f[:3] for f in e.fields]) for e in before if not e.template]
    assert len(Document.parse(plan.changes[0].after or b"").errors) == len(Document.parse(data).errors)
    if not any(entry.template for entry in before):
        undone = plan_delete(entry_in(plan.changes[0].after or b"", file, new.id))
        assert undone.changes[0].after == data


@pytest.mark.parametrize("kind", [*KINDS, *sorted(WHOLE)])
def test_every_kind_starts_a_new_file(kind: str) -> None:
    model = file_for(kind, KNOWN)
    file = file_for(kind, KNOWN, "nova") if project_of(model) else f"new/{model}"
    data = (ROOT / model).read_bytes()
    for entries, like in ((TREE, data), (TREE, None), ([], None)):
        texts = sample_texts(kind, file) if entries else {"title": "A", "project": "p", "solution": "x"}
        plan = plan_add(None, file, kind, texts, entries=EntryList(entries), now=NOW, like=like)
        text = after(plan)
        assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<')
        assert "<metadata>\n" in text
        assert text.endswith(">\n")
        (entry,) = [entry for entry in entries_of(text.encode(), file) if not entry.template]
        assert (entry.kind, entry.id) == (kind, plan.entries[0])
        assert not Document.parse(text.encode()).errors
        assert (plan.warning, plan.changes[0].before) == ("", None)


def test_a_bare_fragment_stays_one() -> None:
    data = (ROOT / API).read_bytes()
    plan = plan_add(data, API, "api-pattern", {"name": "Keyset", "benefits": "Fast"}, entries=KNOWN, now=NOW)
    text = after(plan)
    assert text.encode().startswith(data.rstrip(b"\n"))
    assert text.endswith(
        '</api-pattern>\n\n<api-pattern id="API-009">\n  <timestamp>2025-11-22T10:00:00Z</timestamp>\n'
        "  <name>Keyset</name>\n  <benefits>Fast</benefits>\n</api-pattern>\n"
    )
    assert plan.message == 'memory: add api pattern "Keyset"'


def test_a_file_of_comments_becomes_a_fragment() -> None:
    text = after(add("<!-- api-patterns.xml -->\n", "api-pattern", name="A", benefits="B"))
    assert text.startswith('<!-- api-patterns.xml -->\n<pattern id="API-001">\n') or text.startswith(
        '<!-- api-patterns.xml -->\n<api-pattern id="API-001">\n'
    )


def test_the_files_own_ways_are_kept() -> None:
    source = (
        "<notes>\r\n\t<note id='n-07'>\r\n\t\t<tags><tag>a</tag><tag>b</tag></tags>\r\n\t\t<text>\r\n"
        "\t\t\tone\r\n\t\t\ttwo\r\n\t\t</text>\r\n\t</note>\r\n</notes>\r\n"
    )
    text = after(add(source, "note", text="first & last\n  indented\nthird", tags="x, y"))
    assert text == source.replace(
        "\t</note>\r\n",
        '\t</note>\r\n\t<note id="n-08">\r\n\t\t<tags><tag>x</tag><tag>y</tag></tags>\r\n\t\t<text>\r\n'
        "\t\t\tfirst &amp; last\r\n\t\t\t  indented\r\n\t\t\tthird\r\n\t\t</text>\r\n\t</note>\r\n",
    )


def test_entries_on_one_line_stay_so() -> None:
    source = "<notes>\n  <note id='1'><text>a</text></note>\n  <note id='2'><text>b</text></note>\n</notes>\n"
    text = after(add(source, "note", text="c"))
    assert text.splitlines()[3] == '  <note id="3"><text>c</text></note>'


def test_a_template_gives_way_and_real_entries_stay() -> None:
    empty = "  <note>\n    <id></id>\n    <text/>\n  </note>\n"
    source = f"<notes>\n  <note id='1'><text>a</text></note>\n\n{empty}</notes>\n"
    text = after(add(source, "note", text="c", title="T"))
    assert "<id>" not in text
    assert [entry.template for entry in entries_of(text.encode())] == [False, False]


@pytest.mark.parametrize(
    ("root", "inside"),
    [
        ("security-patterns", "  <metadata><version>1</version></metadata>\n  <patterns>\n  </patterns>\n"),
        ("security-patterns", "  <patterns/>\n  <security-metrics><n>1</n></security-metrics>\n"),
        ("security-patterns", ""),
        ("knowledge", '  <lessons>\n    <lesson id="1"><t>x</t></lesson>\n  </lessons>\n'),
    ],
)
def test_it_goes_into_the_wrapper_that_waits_or_into_a_new_one(root: str, inside: str) -> None:
    source = f"<{root} project='x'>\n{inside}</{root}>\n"
    text = after(add(source, "security-pattern", name="A", description="B"))
    found = [entry for entry in entries_of(text.encode()) if entry.kind == "security-pattern"]
    assert [entry.title for entry in found] == ["A"]
    assert ("<patterns>" in text) == ("<patterns" in inside)
    if "metrics" in text:
        assert text.index("<name>A") < text.index("<security-metrics>")


def test_an_unknown_kind_gets_a_sensible_shape() -> None:
    plan = add(None, "runbook", "ops/runbooks.xml", title="Restart", steps="- stop\n- start", note="x")
    assert plan.entries == ("ops/runbooks.xml#runbook-2025-11-22T10:00:00Z",)
    assert "<runbooks>\n  <metadata>" in after(plan)
    assert "    <title>Restart</title>\n    <steps>- stop\n- start</steps>\n    <note>x</note>\n" in after(
        plan
    )


def test_ids_are_given_once_and_by_hand_only_if_free() -> None:
    data = (ROOT / SECURITY).read_bytes()
    plan = plan_add(
        data, SECURITY, "security-pattern", {"name": "A", "id": "SEC-040"}, entries=KNOWN, now=NOW
    )
    assert plan.entries == (f"{SECURITY}#SEC-040",)
    with pytest.raises(CannotEdit, match=r"API-001 is the id of another entry.*SEC-006"):
        plan_add(
            data,
            SECURITY,
            "security-pattern",
            {"name": "A", "id": "API-001"},
            entries=KNOWN,
            now=NOW,
        )


def test_a_given_time_stays() -> None:
    plan = add(
        "<notes><note id='1'><date>2025-01-02</date></note></notes>", "note", date="2024-05-06", text="x"
    )
    assert "<date>2024-05-06</date>" in after(plan)
    assert NOW.strftime("%Y-%m") not in after(plan)


@pytest.mark.parametrize(
    ("source", "kind", "texts", "words"),
    [
        ("<notes/>", "note", {}, "needs a text"),
        ("<notes/>", "note", {"title": " "}, "needs a text"),
        ("<notes/>", "note", {"a b": "x"}, "cannot be the name"),
        ("<notes/>", "note", {"title": "x\0"}, "does not allow"),
        ("<notes/>", "note", {"title": "x", "Title": "y"}, "given twice"),
        (
            "<preferences><a>1</a><b>2</b></preferences>",
            "preferences",
            {"a": "x"},
            "as a whole is one preferences",
        ),
        ("<notes><note id='1'><a>x</a></note><note id='2'><a>y", "note", {"a": "x"}, "lacks an end tag"),
        ("<a>" * 300, "note", {"a": "x"}, "nested more than 200 deep"),
        (
            '<?xml version="1.0" encoding="ascii"?><notes><note id="1"><a>x</a></note></notes>',
            "note",
            {"é": "x"},
            "é",
        ),
    ],
)
def test_what_cannot_be_added_is_said(source: str, kind: str, texts: dict[str, str], words: str) -> None:
    with pytest.raises(CannotEdit, match=words):
        plan_add(
            source.encode(), "f.xml", kind, texts, entries=EntryList(entries_of(source.encode())), now=NOW
        )


def test_a_broken_file_stays_as_broken_as_it_was() -> None:
    file = "project-knowledge/billing/lessons.xml"
    data = (ROOT / file).read_bytes()
    plan = plan_add(data, file, "lesson", {"title": "T", "lesson": "L"}, entries=KNOWN, now=NOW)
    assert "14 problems" in plan.warning
    assert plan_delete(entry_in(plan.changes[0].after or b"", file, plan.entries[0])).changes[0].after == data


_text = st.text(st.sampled_from("ab &<>]\"'\n\té-😀"), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)


@settings(max_examples=60)
@given(st.sampled_from([API, SECURITY, "session-context/pending-decisions.xml"]), st.data())
def test_add_then_delete_is_the_identity(file: str, data: st.DataObject) -> None:
    before = (ROOT / file).read_bytes()
    kind = entries_of(before, file)[0].kind
    names = [
        f.name
        for f in shape_of(kind, KNOWN, file).fields
        if "/" not in f.name and "@" not in f.name and not f.item
    ]
    names = [name for name in names if name not in ("id", "tags")]
    texts = data.draw(st.dictionaries(st.sampled_from(names), _text, min_size=1, max_size=5))
    plan = plan_add(before, file, kind, texts, entries=KNOWN, now=NOW)
    assert (
        plan_delete(entry_in(plan.changes[0].after or b"", file, plan.entries[0])).changes[0].after == before
    )
