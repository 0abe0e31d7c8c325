"""A conflict about a whole entry, as its fields."""

from __future__ import annotations

import pytest

from tui.widgets.sync.whole_entry import MOST, sides_by_field

LESSON = "<lesson id='L-1'><title>One &amp; two</title><text>first\nsecond</text></lesson>"


def test_each_side_is_told_by_field() -> None:
    other = LESSON.replace("first", "third")
    assert sides_by_field("lessons.xml#L-1", (LESSON, None, other)) == (
        "ID: L-1\nTitle: One & two\nText:\nfirst\nsecond",
        None,
        "ID: L-1\nTitle: One & two\nText:\nthird\nsecond",
    )


@pytest.mark.parametrize(
    ("place", "sources"),
    [
        ("lessons.xml", (LESSON, None, LESSON + "\n")),
        ("lessons.xml#L-1", (LESSON, None, LESSON.replace("<text>", "<!-- remark --><text>"))),
        ("lessons.xml#L-1", (LESSON, LESSON, "<lesson/>")),
        ("lessons.xml#L-1", (LESSON, None, LESSON.replace("first", "long " * MOST))),
        ("notes.txt#a", ("a", "b", None)),
    ],
    ids=["a file", "differs in a comment", "no entry", "long", "no format"],
)
def test_what_cannot_be_told_by_field_is_source(place: str, sources: tuple[str | None, ...]) -> None:
    assert sides_by_field(place, sources) == sources
