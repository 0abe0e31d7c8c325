"""Truth values, numbers and dates of a front matter: plain where they were, in quotes where a text was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.editing.adding import plan_add
from index.formats.base import FieldForm
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.kind_shape import KindShape
from index.model.known_entries import NONE

PATH = ".claude/rules/a.md"
FRONT = 'name: a\nalwaysApply: false\nlimit: 20\nday: 2026-01-31\nversion: "1.0"\nports: [80, 443]\nempty:\n'
RULE = f"---\n{FRONT}---\n\nText.\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("alwaysApply", "true", "alwaysApply: true"),
        ("alwaysApply", "Off", "alwaysApply: Off"),
        ("alwaysApply", "3", 'alwaysApply: "3"'),
        ("alwaysApply", "src/*.py", "alwaysApply: src/*.py"),
        ("limit", "40", "limit: 40"),
        ("limit", "1.5", "limit: 1.5"),
        ("limit", "true", 'limit: "true"'),
        ("day", "2026-02-01T10:00:00Z", "day: 2026-02-01T10:00:00Z"),
        ("day", "2026", 'day: "2026"'),
        ("version", "1.1", 'version: "1.1"'),
        ("name", "true", 'name: "true"'),
        ("name", "2026-01-31", 'name: "2026-01-31"'),
        ("name", "null", 'name: "null"'),
        ("ports", "- 80\n- 8080", "ports: [80, 8080]"),
        ("empty", "2026-02-01", "empty: 2026-02-01"),
        ("empty", "true", "empty: true"),
        ("empty", "", "empty:"),
        ("empty", "a: b", 'empty: "a: b"'),
        ("empty", "- 1\n- b, c", 'empty: [1, "b, c"]'),
        ("name", "- a\n- b", "name: [a, b]"),
        ("new", "true", "new: true"),
        ("new", "2026-02-01", "new: 2026-02-01"),
        ("new", "null", 'new: "null"'),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_value_keeps_its_sort(name: str, text: str, line: str, newline: str) -> None:
    file = MarkdownFormat().open(RULE.replace("\n", newline).encode(), PATH)
    [entry] = file.entries
    edited = file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
    lines = edited.source.split(newline)
    assert line in lines
    assert {field.name: field.text for field in edited.entries[0].fields}[name] == text
    assert set(lines) - set(RULE.split("\n")) <= {line}


def test_a_new_file_writes_them_as_its_like() -> None:
    like = "---\nname: b\nmetadata:\n  type: feedback\n  modified: 2026-01-31T10:00:00Z\n---\n\nText.\n"
    texts = {"name": "a", "text": "Text."}
    now = datetime(2026, 2, 1, tzinfo=UTC)
    file = ".claude/memory/feedback_a.md"
    plan = plan_add(None, file, "feedback", texts, entries=NONE, now=now, like=like.encode())
    assert b"\n  modified: 2026-02-01T00:00:00Z\n" in (plan.changes[0].after or b"")
