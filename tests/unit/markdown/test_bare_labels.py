"""Labels without any sign around them: `Date: 2024-01-02` below the title, as adr-tools writes it."""

from __future__ import annotations

from datetime import date

import pytest

from index.formats.base import EditRefused, FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.kind_shape import KindShape

ADR = "# 1. Keep records\n\nDate: 2024-01-02\n\n## Status\n\nAccepted\n"


def opened(text: str) -> MarkdownFile:
    return MarkdownFormat().open(text.encode(), "docs/adr/0001-keep-records.md")


def said(file: MarkdownFile) -> dict[str, str]:
    [entry] = file.entries
    return {field.name: field.text for field in entry.fields if field.name != "title"}


def put(file: MarkdownFile, name: str, text: str) -> MarkdownFile:
    [entry] = file.entries
    return file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))


def test_a_decision_of_adr_tools_has_a_time() -> None:
    [entry] = opened(ADR).entries
    assert entry.when is not None
    assert entry.when.date() == date(2024, 1, 2)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_writes_the_value_alone_and_a_new_field_in_the_same_way(newline: str) -> None:
    source = ADR.replace("\n", newline)
    edited = put(opened(source), "Date", "2024-02-03")
    assert edited.source == source.replace("2024-01-02", "2024-02-03")
    more = put(edited, "Author", "Ana")
    assert more.source == edited.source.replace("02-03", f"02-03{newline}Author: Ana")
    assert said(more) == {"Date": "2024-02-03", "Author": "Ana", "Status": "Accepted"}


@pytest.mark.parametrize(
    "lines",
    [
        "Date: 2024-01-02\nand more of a text",
        "A text\nDate: 2024-01-02",
        "Note: the day is not known",
        "Date:2024-01-02",
        "```\nDate: 2024-01-02\n```",
    ],
)
def test_a_text_that_is_no_paragraph_of_them_is_a_text(lines: str) -> None:
    assert said(opened(ADR.replace("Date: 2024-01-02", lines))) == {"text": lines, "Status": "Accepted"}


def test_a_text_that_would_read_as_one_is_refused() -> None:
    with pytest.raises(EditRefused):
        put(opened("# One\n\nA text.\n"), "text", "Date: 2024-01-02")
