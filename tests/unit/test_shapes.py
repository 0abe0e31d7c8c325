"""What a kind looks like: learned from the tree's entries, else as documented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.commands.demo import sample_tree
from index.editing.templates import file_for, kinds_of, next_id, shape_of
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.library.file_reader import read_record
from index.model.entry import Entry
from index.model.known_entries import NONE, EntryList
from index.storage.scan import scan
from tests.support.entries import entry

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
SOLUTIONS = "development-patterns/debugging-solutions.xml"


@pytest.fixture(scope="module")
def tree() -> list[Entry]:
    return [entry for file in scan(sample_tree().resolve())[0] for entry in read_record(file).entries]


def read(source: str, file: str = "f.xml") -> list[Entry]:
    return read_entries(read_content(source.encode()), file)


def test_fields_come_in_their_usual_order_and_lists_are_known(tree: list[Entry]) -> None:
    shape = shape_of("debugging-solution", EntryList(tree), SOLUTIONS)
    assert [field.name for field in shape.fields if field.usual] == [
        "@id", "timestamp", "project", "title", "problem", "root-cause", "level", "solution",
        "prevention", "tech-stack", "tags", "related", "agent",
    ]  # fmt: skip
    assert (shape.id, shape.time, shape.day, shape.learned) == ("@id", "timestamp", False, True)
    tags, solution, level = (shape.field(name) for name in ("tags", "solution", "level"))
    assert tags is not None
    assert tags.item == "tag"
    assert solution is not None
    assert (solution.long, solution.item) == (True, "")
    assert level is not None
    assert not level.long


def test_each_file_has_its_own_way(tree: list[Entry]) -> None:
    shop = shape_of("lesson", EntryList(tree), "project-knowledge/shop-api/lessons.xml")
    billing = shape_of("lesson", EntryList(tree), "project-knowledge/billing/lessons.xml")
    assert (shop.id, shop.time, shop.day) == ("@id", "date", True)
    assert (billing.id, billing.time, billing.day) == ("id", "timestamp", False)
    assert (shop.stamp(NOW), billing.stamp(NOW)) == ("2025-11-22", "2025-11-22T10:00:00Z")
    field = shop.field("tags")
    assert field is not None
    assert field.name == "@tags"


def test_a_template_is_the_shape_where_nothing_else_is(tree: list[Entry]) -> None:
    shape = shape_of("integration-pattern", EntryList(tree))
    assert [(field.name, field.item) for field in shape.fields] == [
        ("id", ""), ("created", ""), ("name", ""), ("systems", "system"), ("description", ""),
        ("contract", ""), ("failure-modes", "failure-mode"), ("tags", "tag"),
    ]  # fmt: skip


def test_records_inside_an_entry_are_no_list_of_texts(tree: list[Entry]) -> None:
    names = [field.name for field in shape_of("task-template", EntryList(tree)).fields]
    assert "steps/step/action" in names
    assert "steps" not in names
    field = shape_of("quality-gate", EntryList(tree)).field("criteria")
    assert field is not None
    assert field.item == "criterion"


def test_rivals_are_one_field() -> None:
    entries = read(
        "<as><a><id>1</id><date>2025-01-01</date></a><a id='2'><date>x</date></a><a id='3' n=''/></as>"
    )
    assert [field.name for field in shape_of("a", EntryList(entries)).fields] == ["@id", "@n", "date"]


def test_documented_and_unknown_kinds() -> None:
    shape = shape_of("api-pattern", NONE)
    assert (shape.called, shape.within, shape.learned) == ("api-pattern", ("api-patterns",), False)
    assert shape.id == "@id"
    generic = shape_of("runbook", NONE)
    assert (generic.id, generic.time, generic.called) == ("", "timestamp", "")
    assert kinds_of(NONE)[0] == "debugging-solution"


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["DEBUG-001", "DEBUG-022", "X-9"], "DEBUG-023"),
        (["DEBUG-9"], "DEBUG-10"),
        (["A1", "A2"], "A3"),
        (["s-2025-10-03-02"], "s-2025-11-22-01"),
        (["s-20251003-2"], "s-20251122-1"),
        (["pool", "retry"], "slow-page"),
        (["pool", "slow-page"], "slow-page-2"),
        ([], "slow-page"),
    ],
)
def test_the_next_id_is_made_like_the_others(ids: list[str], expected: str) -> None:
    entries = (
        read("<notes>" + "".join(f"<note id='{i}'><t>x</t></note>" for i in ids) + "</notes>") if ids else []
    )
    assert next_id("note", EntryList(entries), NOW, title="Slow page") == expected


def test_ids_are_unique_in_the_tree(tree: list[Entry]) -> None:
    assert next_id("lesson", EntryList(tree), NOW, file="project-knowledge/shop-api/lessons.xml") == "LES-S05"
    assert next_id("lesson", EntryList(tree), NOW, file="project-knowledge/billing/lessons.xml") == "LES-B07"
    assert next_id("debugging-solution", NONE, NOW) == "DEBUG-001"


@pytest.mark.parametrize(
    ("kind", "project", "file"),
    [
        ("debugging-solution", "", SOLUTIONS),
        ("debugging-solution", "billing", SOLUTIONS),
        ("lesson", "shop-api", "project-knowledge/shop-api/lessons.xml"),
        ("lesson", "gateway", "project-knowledge/gateway.xml"),
        ("lesson", "nova", "project-knowledge/nova/lessons.xml"),
        ("finding", "gateway", "project-knowledge/gateway.xml"),
        ("runbook", "", "runbooks.xml"),
        ("test-strategy", "", "development-patterns/test-strategies.xml"),
    ],
)
def test_where_entries_of_a_kind_live(tree: list[Entry], kind: str, project: str, file: str) -> None:
    assert file_for(kind, EntryList(tree), project) == file


def test_where_they_live_in_an_empty_tree() -> None:
    assert file_for("api-pattern", NONE) == "development-patterns/api-patterns.xml"
    assert file_for("lesson", NONE, "nova") == "project-knowledge/nova/lessons.xml"
    assert file_for("lesson", NONE) == "project-knowledge/general/lessons.xml"
    assert file_for("strategy-note", NONE) == "strategy-notes.xml"


@pytest.mark.parametrize(
    ("inside", "own"),
    [
        ("<id>A-1</id>", "A-1"),
        ("<key>old</key><id>A-1</id>", "A-1"),
        ("<id/><key>K-1</key>", "K-1"),
        ("<metadata><uid>U-1</uid><agent>a</agent></metadata>", "U-1"),
        ("<option><id>A-1</id></option>", ""),
    ],
)
def test_the_id_that_an_entry_gives_itself_is_the_one_it_is_found_by(inside: str, own: str) -> None:
    (entry,) = read(f"<notes><note>{inside}<title>Title</title><text>text</text></note></notes>")
    assert entry.own_id == own
    assert (entry.id.partition("#")[2] == own) is bool(own)


STARTED = {
    "lessons": "<lessons><metadata><version>1.0</version></metadata></lessons>",
    "pending-decisions": "<pending-decisions><metadata/><decisions></decisions></pending-decisions>",
    "gate-checks": "<gate-checks/>",
}


@pytest.mark.parametrize("kind", STARTED)
def test_a_list_that_holds_nothing_yet_is_no_kind_to_add(kind: str) -> None:
    started = read(STARTED[kind])
    assert [entry.kind for entry in started] == [kind]
    assert kinds_of(EntryList(started))[0] == "debugging-solution"
    assert kind not in kinds_of(EntryList(started))
    filled = entry("One of several", kind=kind)
    assert kinds_of(EntryList([filled, *started]))[0] == kind


def test_a_form_never_asks_for_metadata_alone() -> None:
    shape = shape_of(
        "release", EntryList(read("<release><metadata><version>1</version></metadata></release>"))
    )
    assert "title" in [field.name for field in shape.fields]
