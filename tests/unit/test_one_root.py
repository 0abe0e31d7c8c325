"""A file whose root is the entry stays one document: what is added goes to another file, or is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from index.editing.planner import Planner
from index.model.plan import CannotEdit
from tests.support.trees import Files

NOW = datetime(2026, 11, 28, 14, 30, tzinfo=UTC)
ONE = "<lesson id='S-1'>\n  <title>Deep</title>\n  <text>x</text>\n</lesson>\n"
SEVERAL = "<lessons>\n  <lesson id='F-1'><title>Flat</title><text>x</text></lesson>\n</lessons>\n"
TEXTS = {"title": "New", "text": "t"}


@pytest.mark.parametrize("before", ["", "<!-- memories/deep.xml -->\n", '<?xml version="1.0"?>\n', "\ufeff"])
@pytest.mark.parametrize("kind", ["lesson", "api-pattern"])
def test_no_second_root_is_put_behind_it(before: str, kind: str) -> None:
    planner = Planner(Files({"deep.xml": (before + ONE).encode()}))
    with pytest.raises(CannotEdit, match=r"deep.xml.*name another file"):
        planner.add(kind, TEXTS if kind == "lesson" else {"name": "N", "pattern": "p"}, NOW, file="deep.xml")


def test_nor_is_an_entry_moved_there() -> None:
    planner = Planner(Files({"deep.xml": ONE.encode(), "flat.xml": SEVERAL.encode()}))
    with pytest.raises(CannotEdit, match="as a whole is one lesson"):
        planner.move("flat.xml#F-1", "deep.xml", NOW)


@pytest.mark.parametrize("before", ["", "<!-- a comment -->\n", '<?xml version="1.0"?>\n', "\ufeff"])
def test_a_second_one_is_a_file_beside_it(before: str) -> None:
    files = Files({"deep.xml": (before + ONE).encode(), "deep-2.xml": SEVERAL.encode()})
    plan = Planner(files).duplicate("deep.xml#S-1", NOW)
    (change,) = plan.changes
    assert (change.file, change.before) == ("deep-3.xml", None)
    assert change.after is not None
    assert change.after.decode() == (before + ONE).replace("S-1", "S-2").replace("Deep", "Deep 3")
    assert files.after(plan.changes).entry(plan.entries[0]).title == "Deep 3"


def test_a_fragment_of_several_roots_takes_one_more() -> None:
    files = Files({"deep.xml": (ONE + ONE.replace("S-1", "S-2")).encode()})
    plan = Planner(files).add("lesson", TEXTS, NOW, file="deep.xml")
    assert files.after(plan.changes).entry("deep.xml#S-3").title == "New"
    assert plan.entries == ("deep.xml#S-3",)


@pytest.mark.parametrize(
    ("others", "place"),
    [
        ({}, "lessons.xml"),
        ({"flat.xml": SEVERAL}, "flat.xml"),
        ({"lessons.xml": ONE.replace("S-1", "S-2")}, "lessons-2.xml"),
    ],
)
def test_without_a_name_another_file_is_taken_or_made(others: dict[str, str], place: str) -> None:
    texts = {"deep.xml": ONE, **others}
    planner = Planner(Files({name: text.encode() for name, text in texts.items()}))
    (change,) = planner.add("lesson", TEXTS, NOW).changes
    assert change.file == place
    assert change.after is not None
    etree.fromstring(change.after)


def test_that_the_one_state_is_there_is_told_before_it_is_filled_in() -> None:
    state = "<session-context>\n  <current-status>on</current-status>\n</session-context>\n"
    planner = Planner(Files({"session-context/active-project.xml": state.encode()}))
    full = planner.blank("session-context", NOW).full
    with pytest.raises(CannotEdit) as refused:
        planner.add("session-context", {"current-status": "off"}, NOW)
    assert full == str(refused.value)
    assert planner.blank("session-context", NOW, file="session-context/other.xml").full == ""


def test_what_is_added_next_goes_to_the_new_file_too() -> None:
    files = Files({"deep.xml": ONE.encode()})
    for title in ("New", "Newer"):
        files = files.after(Planner(files).add("lesson", {**TEXTS, "title": title}, NOW).changes)
    assert [(entry.file, entry.title) for entry in files.entries()] == [
        ("deep.xml", "Deep"),
        ("lessons.xml", "New"),
        ("lessons.xml", "Newer"),
    ]
    assert files.data("deep.xml") == ONE.encode()
