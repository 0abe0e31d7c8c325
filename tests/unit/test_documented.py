"""In a tree that has none of a kind, an entry of it is written as the convention documents it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from index.editing.planner import Planner
from index.editing.templates import kinds_of, shape_of
from index.importing.importer import read_records
from index.model.known_entries import NONE
from index.model.vocabulary import fold
from tests.support.trees import EMPTY, SAMPLE

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
WHOLE = {
    "session-context": "active-project",
    "protocol-status": "protocol-status",
    "preferences": "client-preferences",
}
"""Kinds that are a file as a whole, and what its root is called."""
DOCUMENTED = {
    "debugging-solution": ["timestamp", "problem", "level", "solution", "tech-stack", "prevention"],
    "api-pattern": ["name", "pattern", "use-case", "implementation", "benefits"],
}


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_the_two_documented_records(kind: str) -> None:
    texts = dict.fromkeys(DOCUMENTED[kind], "3")
    plan = Planner(EMPTY).add(kind, {name: text for name, text in texts.items() if name != "timestamp"}, NOW)
    [change] = plan.changes
    assert change.file == f"development-patterns/{kind}s.xml"
    root = etree.fromstring(change.after or b"")
    assert root.tag == f"{kind}s"
    [entry] = root.findall(kind)
    assert [child.tag for child in entry if child.tag in texts] == DOCUMENTED[kind]


@pytest.mark.parametrize("kind", kinds_of(NONE))
def test_every_kind_has_its_own_name(kind: str) -> None:
    composer = Planner(EMPTY)
    fields = [field.name for field in shape_of(kind, NONE).fields if "@" not in field.name and not field.item]
    plan = composer.add(kind, {name: name for name in fields}, NOW, project="shop")
    [change] = plan.changes
    root = etree.fromstring(change.after or b"")
    assert [element.tag for element in root.iter(WHOLE.get(kind, kind))]
    [entry] = EMPTY.after(plan.changes).entries()
    assert entry.kind == kind
    said = "\n".join(field.text for field in entry.fields)
    assert all(name in said for name in fields)


@pytest.mark.parametrize("kind", sorted({*kinds_of(NONE), "debugging-solution"} - WHOLE.keys()))
def test_a_second_one_stands_beside_the_first(kind: str) -> None:
    first = Planner(EMPTY).add(kind, {"title": "One", "description": "a"}, NOW)
    tree = EMPTY.after(first.changes)
    second = Planner(tree).add(kind, {"title": "Two", "description": "b"}, NOW)
    after = tree.after(second.changes)
    assert [entry.title for entry in after.entries()] == ["One", "Two"]
    [change] = second.changes
    assert len(list(etree.fromstring(change.after or b"").iter(kind))) == 2


def test_the_sample_tree_writes_the_two_documented_records_so() -> None:
    for kind, names in DOCUMENTED.items():
        held = {
            fold(field.name) for entry in SAMPLE.entries() if entry.kind == kind for field in entry.fields
        }
        assert held >= {*names}


# ── `key: value` lines ────────────────────────────────────────────────────────


def read(text: str, kind: str = "debugging-solution") -> dict[str, object]:
    """Return the fields of the one entry of a Markdown text."""
    [record] = read_records(text.encode(), Planner(EMPTY), kind)
    return dict(record.texts)


@pytest.mark.parametrize("text", [
    "# Pool\nlevel: 3\nsolution: Tuned it\ntech-stack: PostgreSQL, pg",
    "# Pool\n\nLevel: 3\nSolution: Tuned it\n\nTech stack: PostgreSQL, pg\n",
    "# Pool\n- level: 3\n- **Solution:** Tuned it\n* **Tech stack**: PostgreSQL, pg",
    "# Pool\r\nlevel: 3\r\nsolution: Tuned it\r\ntech_stack: PostgreSQL, pg\r\n",
])  # fmt: skip
def test_lines_below_a_title_are_fields(text: str) -> None:
    assert read(text) == {
        "problem": "Pool",
        "level": "3",
        "solution": "Tuned it",
        "tech-stack": "PostgreSQL, pg",
    }


def test_prose_below_a_title_is_a_description() -> None:
    assert read("# Pool\nNote: it was empty.") == {"problem": "Pool", "description": "Note: it was empty."}
    assert read("# Pool\nlevel: 3\nand more words") == {
        "problem": "Pool",
        "description": "level: 3\nand more words",
    }
    assert read("# Pool\nlevel: 3\n\nIt was empty: all of it.\nTwice.") == {
        "problem": "Pool", "level": "3", "description": "It was empty: all of it.\nTwice.",
    }  # fmt: skip
    assert read("# Pool\nhttps://example.com/a: b") == {
        "problem": "Pool",
        "description": "https://example.com/a: b",
    }


def test_a_value_goes_on_below_and_headings_follow() -> None:
    assert read("# Pool\nsolution: Tuned it\n  and watched it\nlevel: 2\n\n## Prevention\nAlert") == {
        "problem": "Pool", "solution": "Tuned it\nand watched it", "level": "2", "prevention": "Alert",
    }  # fmt: skip


def test_the_kind_stands_among_them() -> None:
    [record] = read_records(b"# Paged\nkind: api-pattern\npattern: cursor\n", Planner(EMPTY))
    assert (record.kind, dict(record.texts)) == ("api-pattern", {"name": "Paged", "pattern": "cursor"})


@pytest.mark.parametrize("text", ["# P\nlevel: 3\nLevel: 4", "# P\nlevel: 3\n\n## Level\n4"])
def test_a_field_that_is_given_twice_is_refused(text: str) -> None:
    from index.editing.record import UnreadableInput

    with pytest.raises(UnreadableInput, match="level is given twice"):
        read(text)
