"""A diff, drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from index.model.text.text_diff import diff_lines
from tui.widgets.editing.diff_view import diff_rows, fold


@given(st.text(alphabet="ab 日é\u0301<", max_size=80), st.integers(8, 20))
def test_folding_keeps_every_character_and_fits(text: str, width: int) -> None:
    rows = [row.plain for row in fold(Content(text), width)]
    hang = min(len(text) - len(text.lstrip(" ")), width // 3)
    assert rows[0] + "".join(row[hang:] for row in rows[1:]) == text
    assert all(cell_len(row) <= width for row in rows)


def test_rows_name_both_lines_where_there_is_room() -> None:
    lines = diff_lines("a\nb\n", "a\nc\n")
    assert [row.plain.rstrip() for row in diff_rows(lines, 80)] == [
        "     1    1    a",
        "     2       − b",
        "          2  + c",
    ]
    assert [row.plain.rstrip() for row in diff_rows(lines, 40, margin=0)] == [
        "   1    a",
        "   2  − b",
        "   2  + c",
    ]


def test_a_huge_line_shows_its_change() -> None:
    before = "<a>" + "word " * 100_000 + "old" + " word" * 100_000 + "</a>"
    rows = [row.plain for row in diff_rows(diff_lines(before, before.replace("old", "new")), 80)]
    assert len(rows) < 30
    assert any("old" in row for row in rows)
    assert any("new" in row for row in rows)


def test_tabs_are_spaces_of_known_width() -> None:
    (row,) = diff_rows(diff_lines("", "\tx"), 80, margin=0)
    assert "\t" not in row.plain
    assert row.plain.rstrip().endswith("    x")


def test_what_is_left_out_is_counted() -> None:
    before = "".join(f"{n}\n" for n in range(50))
    rows = [row.plain.strip() for row in diff_rows(diff_lines(before, "x\n" + before + "y\n", context=1), 80)]
    assert rows[2] == "…  48 lines the same"
