"""The words of a question, laid out."""

from __future__ import annotations

from textual.content import Content

from tui.screens.base.question import Answer, Words
from tui.theme.drawing import at_most, t, wrap

ANSWERS = [Answer("escape", "cancel"), Answer("enter", "go on")]
LONG = t("ours  Solution  Database connection pool exhaustion under load")


def rows(words: Words) -> list[str]:
    return [line.plain for line in words.draw(30, 20)]


def test_a_long_line_of_a_list_hangs() -> None:
    broken = ["ours  Solution  Database", "  connection pool exhaustion", "  under load"]
    assert rows(Words("Merge?", [LONG, t("and 3 more")], ANSWERS, listed=True))[2:6] == [
        *broken,
        "and 3 more",
    ]


def test_a_paragraph_does_not() -> None:
    paragraph = ["ours  Solution  Database", "connection pool exhaustion", "under load"]
    assert rows(Words("Merge?", [LONG], ANSWERS))[2:5] == paragraph


def test_what_is_left_out_of_a_paragraph_is_told() -> None:
    lines: list[Content] = wrap(LONG, 26)
    assert at_most(lines, 3, 26) == lines
    assert [row.plain for row in at_most(lines, 2, 26)] == [lines[0].plain, "connection pool exhaustio…"]
    assert [row.plain for row in at_most(wrap(LONG, 30), 1, 30)] == ["ours  Solution  Database …"]
