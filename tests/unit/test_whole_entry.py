"""A conflict about a whole entry, as its fields."""

from __future__ import annotations

import pytest

from index.model.merge_outcomes import MergeConflict
from index.rendering.differences import MOST, conflict_lines, sides_by_field
from tui.theme.labels import label

LESSON = "<lesson id='L-1'><title>One &amp; two</title><text>first\nsecond</text></lesson>"


@pytest.mark.parametrize("file", ["lessons.xml", "c#.xml"])
def test_each_side_is_told_by_field(file: str) -> None:
    other = LESSON.replace("first", "third")
    assert sides_by_field(f"{file}#L-1", (LESSON, None, other), label) == (
        "ID: L-1\nTitle: One & two\nText:\nfirst\nsecond",
        None,
        "ID: L-1\nTitle: One & two\nText:\nthird\nsecond",
    )


@pytest.mark.parametrize(
    ("place", "sources"),
    [
        ("lessons.xml", (LESSON, None, LESSON + "\n")),
        ("c#.xml", (LESSON, None, LESSON + "\n")),
        ("lessons.xml#L-1", (LESSON, None, LESSON.replace("<text>", "<!-- remark --><text>"))),
        ("lessons.xml#L-1", (LESSON, LESSON, "<lesson/>")),
        ("lessons.xml#L-1", (LESSON, None, LESSON.replace("first", "long " * MOST))),
        ("notes.txt#a", ("a", "b", None)),
    ],
    ids=["a file", "a file with a number sign", "differs in a comment", "no entry", "long", "no format"],
)
def test_what_cannot_be_told_by_field_is_source(place: str, sources: tuple[str | None, ...]) -> None:
    assert sides_by_field(place, sources) == sources


def test_a_conflict_in_the_lines_of_a_command() -> None:
    place = "lessons.xml#L-1"
    assert list(conflict_lines(MergeConflict(place, "", None, LESSON, LESSON.replace("first", "third")))) == [
        place,
        "    ours:", "        @id: L-1", "        title: One & two", "        text:", "        first",
        "        second",
        "    theirs:", "        @id: L-1", "        title: One & two", "        text:", "        third",
        "        second",
    ]  # fmt: skip
    assert list(conflict_lines(MergeConflict(place, "", LESSON, None, LESSON.replace("first", "third"))))[
        1:3
    ] == ["    ours:   deleted", "    theirs:"]
    assert list(conflict_lines(MergeConflict(place, "text", "a", "one\ntwo", "<b>"))) == [
        f"{place}  text",
        "    ours:   one … (1 more line)",
        "    theirs: <b>",
    ]
