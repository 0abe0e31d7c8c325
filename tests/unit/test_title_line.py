"""Lines with two ends: they stay apart, and the last facts of a note go before its title does."""

from __future__ import annotations

import pytest

from tui.theme.drawing import bar, t
from tui.widgets.base.title_line import TitleLine


@pytest.mark.parametrize(
    ("left", "right", "line"),
    [
        ("abcdef", "xyz", "abcdef xyz"),
        ("abcdefg", "xyz", "abcde… xyz"),
        ("abcdefghij", "xyz", "abcde… xyz"),
        ("abcdefghij", "  z", "abcdef…  z"),
        ("ab", "", "ab        "),
        ("abcdefghijk", "", "abcdefghi…"),
        ("数据库数据库", "xyz", "数据 … xyz"),
    ],
)
def test_both_ends_stay_apart(left: str, right: str, line: str) -> None:
    assert bar(10, t(left), t(right)).plain == line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, " Trends       276 entries · 15 Sep to 23 Nov · 1 bar = 1 week "),
        (48, " Trends         276 entries · 15 Sep to 23 Nov "),
        (30, " Trends          276 entries "),
        (20, " Trends 276 entries "),
    ],
)
def test_the_last_facts_go_first(width: int, line: str) -> None:
    title = TitleLine()
    title.heading, title.note = t("Trends"), t("276 entries · 15 Sep to 23 Nov · 1 bar = 1 week")
    (drawn,) = title.draw(width, 1)
    assert " ".join(drawn.plain.split()) == " ".join(line.split())
    assert drawn.cell_length == width


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, " History  ‹  a/folder/of/some/lessons.xml        3 versions "),
        (46, " History  ‹  …/some/lessons.xml    3 versions "),
        (40, " History  ‹  …/lessons.xml   3 versions "),
    ],
)
def test_the_folders_of_a_file_go_first(width: int, line: str) -> None:
    title = TitleLine()
    title.heading, title.path = t("History  ‹  "), "a/folder/of/some/lessons.xml"
    title.note = t("3 versions")
    (drawn,) = title.draw(width, 1)
    assert " ".join(drawn.plain.split()) == " ".join(line.split())
    assert drawn.cell_length == width
