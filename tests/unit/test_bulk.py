"""Fields and tags: of one entry in all their forms, and of many entries at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.editing.bulk import plan_rename_tag, plan_set_field
from index.editing.plan_checks import entry_in
from index.editing.single import plan_fields
from index.formats.opened import find_entry
from index.formats.registry import open_file
from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.items import set_items
from index.library.file_reader import read_record
from index.model.entry import Entry, id_file
from index.model.known_entries import EntryList
from index.model.plan import CannotEdit, Plan, together
from index.model.problems import Splice
from index.model.text.item_lists import items_of, list_text
from index.storage.scan import scan

ROOT = sample_tree().resolve()
FILES = {file.path: file.real.read_bytes() for file in scan(ROOT)[0]}
TREE = [entry for file in scan(ROOT)[0] for entry in read_record(file).entries]
KNOWN = EntryList(TREE)
NOTES = """\
<notes>
  <note id="1" tags="a; b">
    <title>One</title>
    <text>first</text>
    <steps>
      <step>x</step>
      <!-- the second -->
      <step>y</step>
    </steps>
    <status>open</status>
  </note>
  <note id="2">
    <title>Two</title>
    <tags><tag>a</tag><tag>c</tag></tags>
  </note>
  <note id="3" level="2">
    <text>third</text>
    <tags>a, d</tags>
  </note>
</notes>
"""


def entries_of(data: bytes | None, file: str = "f.xml") -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def text(plan: Plan) -> str:
    assert plan.changes[0].after is not None
    return plan.changes[0].after.decode()


def put(key: str, texts: dict[str, str], source: str = NOTES) -> str:
    return text(plan_fields(entry_in(source.encode(), "f.xml", f"f.xml#{key}"), texts))


def without(data: bytes, entry_id: str, name: str) -> bytes:
    """A file with an entry as it was before it had a field."""
    file = open_file(data, id_file(entry_id))
    entry = find_entry(file, entry_id)
    was = replace(entry, fields=[field for field in entry.fields if field.name != name])
    return file.put_field_back(entry, name, file, was).to_bytes()


# ── one entry ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "name", "value", "old", "new"),
    [
        ("2", "text", "new & <x>", "Two</title>\n", "Two</title>\n    <text>new &amp; &lt;x></text>\n"),
        ("3", "title", "Three", "    <text>third", "    <title>Three</title>\n    <text>third"),
        ("3", "status", "done", "a, d</tags>\n", "a, d</tags>\n    <status>done</status>\n"),
        ("2", "@level", "4", 'id="2"', 'id="2" level="4"'),
        (
            "1",
            "code/lang",
            "py",
            "open</status>\n",
            "open</status>\n    <code>\n      <lang>py</lang>\n    </code>\n",
        ),
        ("2", "text@lang", "en", "", ""),
        (
            "3",
            "steps",
            "- one\n- two",
            "a, d</tags>\n",
            "a, d</tags>\n    <steps>\n      <step>one</step>\n      <step>two</step>\n    </steps>\n",
        ),
    ],
)
def test_a_missing_field_is_added_at_its_usual_place(
    key: str, name: str, value: str, old: str, new: str
) -> None:
    if not old:
        with pytest.raises(CannotEdit, match="no field text"):
            put(key, {name: value})
        return
    added = put(key, {name: value})
    assert added == NOTES.replace(old, new)
    held = name.removesuffix("/lang")  # which is read as the one item of a list
    assert without(added.encode(), f"f.xml#{key}", held) == NOTES.encode()


def test_several_fields_are_one_plan() -> None:
    plan = plan_fields(
        entry_in(NOTES.encode(), "f.xml", "f.xml#1"),
        {"@id": "9", "title": "Uno", "level": "3", "text": "first"},
    )
    (entry,) = [e for e in entries_of(plan.changes[0].after) if e.id == "f.xml#9"]
    assert {f.name: f.text for f in entry.fields} == {
        "@id": "9", "@tags": "a; b", "title": "Uno", "text": "first", "steps": "- x\n- y",
        "status": "open", "@level": "3",
    }  # fmt: skip
    assert plan.fields == ("@id", "title", "@level")
    assert plan.entries == ("f.xml#9",)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("text", "    <text>first</text>\n"),
        ("@tags", ' tags="a; b"'),
        ("steps", NOTES[NOTES.index("    <steps>") : NOTES.index("    <status>")]),
    ],
)
def test_a_field_is_removed_with_its_line(name: str, gone: str) -> None:
    assert without(NOTES.encode(), "f.xml#1", name).decode() == NOTES.replace(gone, "", 1)


@pytest.mark.parametrize("entry_id", [e.id for e in TREE if not e.template and e.group != "session"])
def test_every_field_of_the_sample_can_go_and_comes_back_where_it_was(entry_id: str) -> None:
    file = entry_id.partition("#")[0]
    entry = next(e for e in TREE if e.id == entry_id)
    for field in entry.fields:
        if "/" in field.name or "@" in field.name[1:] or "[" in field.name or not field.text:
            continue
        if field.name in ("@id", "id", "name", "title", "timestamp", "created", "date"):
            continue
        data = without(FILES[file], entry.id, field.name)
        back = plan_fields(entry_in(data, file, entry.id), {field.name: field.text}, entries=KNOWN)
        found = next(e for e in entries_of(back.changes[0].after, file) if e.id == entry.id)
        assert sorted((f.name, f.text) for f in found.fields if "@" not in f.name[1:]) == sorted(
            (f.name, f.text) for f in entry.fields if "@" not in f.name[1:]
        )


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (
            ["x", "new", "y"],
            "<step>x</step>\n      <step>new</step>\n      <!-- the second -->\n      <step>y</step>",
        ),
        (["y"], "<!-- the second -->\n      <step>y</step>"),
        (["x", "z"], "<step>x</step>\n      <!-- the second -->\n      <step>z</step>"),
        (
            ["x", "y", "z"],
            "<step>x</step>\n      <!-- the second -->\n      <step>y</step>\n      <step>z</step>",
        ),
        ([], "<step></step>\n      <!-- the second -->"),
    ],
)
def test_items_that_stay_are_not_touched(items: list[str], expected: str) -> None:
    document = Document.parse(NOTES.encode())
    edited = set_items(document, document.names.index("steps"), items)
    assert edited.markup(document.names.index("steps")) == f"<steps>\n      {expected}\n    </steps>"


_items = st.lists(st.sampled_from(["x", "y", "a & b", "two\nlines", "z"]), min_size=1, max_size=5)


@settings(max_examples=60)
@given(_items, _items, st.booleans())
def test_any_list_becomes_any_other(old: list[str], new: list[str], inline: bool) -> None:
    gap = "" if inline else "\n      "
    items = gap + gap.join(f"<step>{item.replace('&', '&amp;')}</step>" for item in old)
    source = f"<notes>\n  <note id='1'>\n    <steps>{items}</steps>\n  </note>\n</notes>\n"
    edited = put("1", {"steps": list_text(new)}, source=source)
    (entry,) = entries_of(edited.encode())
    assert list(entry.fields[-1].items) == new
    if inline and "\n" not in "".join(old + new):
        assert edited.count("\n") == source.count("\n")


def test_items_as_people_type_them() -> None:
    assert items_of("one\n\n two ") == ["one", "two"]
    assert items_of("- one\n  more\n- two") == ["one\nmore", "two"]
    assert items_of("a, b|c\nd", commas=True) == ["a", "b", "c", "d"]


# ── tags ──────────────────────────────────────────────────────────────────────


def test_tags_of_the_file_are_not_the_entrys() -> None:
    notes = b"<all-notes><note id='1'><x>1</x></note></all-notes>"
    source = b"<notes><metadata><tags>a</tags></metadata>" + notes + b"</notes>"
    with pytest.raises(CannotEdit, match="what the file says of all"):
        plan_rename_tag({"f.xml": source}, "a", "")


# ── many entries ──────────────────────────────────────────────────────────────


def test_a_tag_in_two_forms_of_unicode_is_one() -> None:
    source = (
        "<l><n id='1'><t>x</t><tags>caf\u00e9</tags></n><n id='2'><t>y</t><tags>cafe\u0301, b</tags></n></l>"
    )
    for tag in ("caf\u00e9", "cafe\u0301"):
        plan = plan_rename_tag({"f.xml": source.encode()}, tag, "z")
        assert [entry.tags for entry in entries_of(plan.changes[0].after)] == [("z",), ("z", "b")]


def test_a_tag_is_renamed_wherever_it_stands() -> None:
    plan = plan_rename_tag({"f.xml": NOTES.encode(), "g.xml": b"<x/>"}, "a", "z")
    assert text(plan) == NOTES.replace('"a; b"', '"z; b"').replace("<tag>a<", "<tag>z<").replace(
        ">a, d<", ">z, d<"
    )
    assert sorted(plan.entries) == ["f.xml#1", "f.xml#2", "f.xml#3"]
    assert plan.message == "memory: rename tag a to z in 3 entries"
    assert [change.file for change in plan.changes] == ["f.xml"]


def test_an_entry_with_both_keeps_one_and_an_empty_name_removes() -> None:
    merged = text(plan_rename_tag({"f.xml": NOTES.encode()}, "a", "c"))
    assert merged == NOTES.replace("a; b", "c; b").replace("<tag>a</tag>", "").replace(">a, d<", ">c, d<")
    gone = text(plan_rename_tag({"f.xml": NOTES.encode()}, "a", "", only=["f.xml#3"]))
    assert gone == NOTES.replace(">a, d<", ">d<")


def test_a_tag_of_the_sample_is_renamed_and_back() -> None:
    plan = plan_rename_tag(FILES, "postgresql", "pg & co", entries=KNOWN)
    assert len(plan.entries) == len([e for e in TREE if "postgresql" in e.tags])
    assert not plan.warning
    changed = FILES | {change.file: change.after or b"" for change in plan.changes}
    assert not [e for f, data in changed.items() for e in entries_of(data, f) if "postgresql" in e.tags]
    back = plan_rename_tag(changed, "pg & co", "postgresql", entries=KNOWN)
    assert {change.file: change.after for change in back.changes} == {c.file: c.before for c in plan.changes}


def test_a_field_is_set_in_several_entries_and_the_rest_is_told() -> None:
    ids = ["f.xml#1", "f.xml#2", "f.xml#3"]
    plan = plan_set_field({"f.xml": NOTES.encode()}, ids, "status", "closed")
    entries = entries_of(plan.changes[0].after)
    assert [e.status for e in entries] == ["closed"] * 3
    assert plan.message == "memory: set status of 3 entries"
    levels = plan_set_field({"f.xml": NOTES.encode()}, ids, "level", "5")
    assert [e.level for e in entries_of(levels.changes[0].after)] == [5, 5, 5]
    assert text(levels).count('level="5"') == 3
    partly = plan_set_field({"f.xml": NOTES.encode()}, ids, "text@lang", "en")
    assert len(partly.entries) == 2
    assert partly.warning.startswith("1 entry stays as before: ")


def test_nothing_to_change_is_said() -> None:
    with pytest.raises(CannotEdit, match="No entry has the tag q"):
        plan_rename_tag(FILES, "q", "z")
    with pytest.raises(CannotEdit, match="is there any more"):
        plan_set_field(FILES, ["x#y"], "status", "z")
    with pytest.raises(CannotEdit, match="does not allow"):
        plan_set_field({"f.xml": NOTES.encode()}, ["f.xml#1"], "status", "\0")


def test_plans_are_put_together() -> None:
    one = plan_rename_tag({"f.xml": NOTES.encode()}, "b", "z")
    two = plan_rename_tag({"g.xml": NOTES.encode()}, "c", "z")
    both = together([one, two], "memory: two")
    assert [change.file for change in both.changes] == ["f.xml", "g.xml"]
    assert both.entries == ("f.xml#1", "g.xml#2")
    assert both.changed


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "new",
    [
        [f"other {n}" for n in range(9)],
        ["first", "before", *(f"item {n}" for n in range(0, 9, 2)), "two\nlines", "a & b"],
        [f"item {n}" for n in range(1, 20, 3)],
    ],
)
def test_many_items_are_changed_as_a_few_are(
    end: str, new: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = "".join(f"    <step>item {n}</step>{end}" for n in range(9))
    source = f"<a>{end}  <steps>{end}{steps}  </steps>{end}</a>{end}"
    document = Document.parse(source.encode())
    found = set_items(document, 1, new)
    monkeypatch.setattr("index.formats.xml.writing.items._FEW", 1000)
    assert found.source == set_items(document, 1, new).source
    assert "\n" not in found.source.replace(end, "")


@pytest.mark.parametrize("name", ["other {}", "item {}", "the same", "only {}"])
def test_a_list_of_thousands_is_read_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    items = "".join(f"<step>item {n}</step>\n" for n in range(2000))
    document = Document.parse(f"<a>\n<steps>\n{items}</steps>\n</a>".encode())
    read: list[Document] = []
    spliced = Document.spliced

    def counted(self: Document, splices: Iterable[Splice]) -> Document:
        edited = spliced(self, splices)
        read.extend([edited] * (len(edited.names) > 4))
        return edited

    monkeypatch.setattr(Document, "spliced", counted)
    wanted = [name.format(n) for n in range(0, 10 if name.startswith("only") else 4000, 2)]
    edited = set_items(document, 1, wanted)
    assert [edited.text(child) for child in edited.children(1)] == wanted
    assert len(read) == 1
