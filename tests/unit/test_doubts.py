"""Values that look wrong for their field are told, and refused where nothing of the tree is like them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from index.editing.doubts import doubts
from index.editing.planner import Planner
from tests.support.trees import Files

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
DECISION = (
    "<decision id='D-{n}'><date>2025-10-0{n}</date><title>T{n}</title><level>{n}</level>"
    "<status>{status}</status></decision>"
)


def tree(*more: str) -> Files:
    """Return a tree of four decisions, and what stands beside them."""
    statuses = ("accepted", "accepted", "rejected", "Pending")
    entries = [DECISION.format(n=n, status=status) for n, status in enumerate(statuses, 1)]
    return Files({"d.xml": f"<decisions>{''.join([*entries, *more])}</decisions>".encode()})


def told(files: Files, **texts: str) -> list[tuple[str, bool]]:
    """Return what is doubtful in an edit of the first decision, and whether it is refused."""
    return [(doubt.words, doubt.firm) for doubt in doubts(Planner(files).fields("D-1", texts), files.known())]


@pytest.mark.parametrize("level", ["99", "0", "8", "-", "-1", "level -3", "high", "three"])
def test_a_level_that_is_none(level: str) -> None:
    [(words, firm)] = told(tree(), level=level)
    assert words == f"The level {level} is not a level: levels go from 1 to 7."
    assert firm


@pytest.mark.parametrize("level", ["1", "7", "L3", "Level 4", "5 - surgical"])
def test_a_level_that_is_one(level: str) -> None:
    assert told(tree(), level=level) == []


@pytest.mark.parametrize(
    "date", ["2026-11-29T02:15:26Zdb", "2025-02-30", "yesterday-ish 1", "29.11.", "2025-13-01"]
)
def test_a_date_that_is_none(date: str) -> None:
    [(words, firm)] = told(tree(), date=date)
    assert words.startswith(f"The date {date} is not a date")
    assert firm


@pytest.mark.parametrize(
    "date", ["2025-10-03", "2025-10-03T14:30:00Z", "2025-10-03 14:30+02:00", "3 October 2025"]
)
def test_a_date_that_is_one(date: str) -> None:
    assert told(tree(), date=date) == []


def test_a_habit_of_the_tree_is_only_told() -> None:
    odd = "<decision id='D-9'><date>soon</date><title>T</title><level>high</level></decision>"
    assert [firm for _, firm in told(tree(odd), level="very high", date="later")] == [False, False]


def test_what_stood_there_before_is_no_news() -> None:
    files = tree("<decision id='D-9'><date>soon</date><title>T</title><level>99</level></decision>")
    assert doubts(Planner(files).fields("D-9", {"title": "Other"}), files.known()) == []
    assert doubts(Planner(files).duplicate("D-9", NOW), files.known()) == []


def test_a_status_that_nobody_has() -> None:
    assert told(tree(), status="acepted") == [
        ("The status acepted is new among decisions; did you mean accepted?", False)
    ]
    assert told(tree(), status="42") == [
        ("The status 42 is new among decisions; others say accepted, Pending, rejected.", False)
    ]
    assert told(tree(), status="ACCEPTED") == told(tree(), status="pending") == []


def test_new_entries_raw_edits_and_bulk_are_looked_at_too() -> None:
    files, composer = tree(), Planner(tree())
    added = composer.add("decision", {"title": "New", "level": "12"}, NOW)
    raw = composer.edit_markup(
        "D-2", "<decision id='D-2'><date>2025-99-01</date><title>T2</title></decision>"
    )
    bulk = composer.set_field(["d.xml#D-1", "d.xml#D-2"], "level", "many")
    for plan in (added, raw, bulk):
        assert [doubt.firm for doubt in doubts(plan, files.known())] == [True]


def test_nothing_is_said_of_prose_that_is_nested() -> None:
    assert told(tree(), **{"context/status": "anything at all"}) == []


@pytest.mark.parametrize("at", ["@id", "id"])
def test_an_id_that_another_entry_of_the_file_has(at: str) -> None:
    files = tree()
    if at == "id":
        text = files.data("d.xml") or b""
        files = Files({"d.xml": re.sub(rb" id='(D-\d)'>", rb"><id>\1</id>", text)})
    planner, known = Planner(files), files.known()
    [doubt] = doubts(planner.fields("D-1", {at: "D-2"}), known)
    assert (doubt.words, doubt.firm) == ("D-2 is the id of another entry in d.xml.", True)
    assert not doubts(planner.fields("D-1", {at: "D-9"}), known)
    twins = Files({"d.xml": (files.data("d.xml") or b"").replace(b"D-3", b"D-4")})
    assert not doubts(Planner(twins).fields("D-1", {"title": "x"}), twins.known()), "it was so before"
