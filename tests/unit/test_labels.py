"""Labels of fields, and words about problems, as the app draws them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.model.file_record import FileProblem
from tui.theme.labels import label
from tui.widgets.problems.problem_list import ProblemDetail, detail_rows


@pytest.mark.parametrize(
    ("name", "said"),
    [("Tags", "Tags"), ("Area", "Area"), ("Keywords", "Keywords"), ("keywords", "Tags"), ("@tags", "Tags")],
)
def test_a_label_of_markdown_is_called_as_it_is_written(name: str, said: str) -> None:
    assert label(name) == said


@pytest.mark.parametrize(("line", "there"), [(0, "E opens the file."), (3, "E opens the file at that line.")])
def test_a_problem_of_the_whole_file_has_no_line(line: int, there: str) -> None:
    problem = FileProblem("a.md", line, line, "too-large", "It is too large.", "error", False, False)
    rows = detail_rows(ProblemDetail(problem), 100, datetime(2026, 1, 31, tzinfo=UTC))
    assert there in "\n".join(row.plain for row in rows)


def test_a_note_about_the_tree_names_no_file() -> None:
    problem = FileProblem(
        ".", 0, 0, "left-out", "A checkout leaves out files in memories.", "note", False, False
    )
    rows = detail_rows(ProblemDetail(problem), 100, datetime(2026, 1, 31, tzinfo=UTC))
    said = [row.plain.strip() for row in rows]
    assert "the whole tree" in said
    assert "." not in said
    assert "Nothing is damaged; this is only worth a look." in said
