"""White space typed at the end of a text is read again; where it means nothing, it is not written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.formats.base import FieldForm, NewEntry
from index.formats.field_values import FieldValue
from index.formats.markdown.markdown_file import MarkdownFile, inner
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.kind_shape import KindShape

NOTE = (
    "# Notes\n\n**Status:** open  \n**Owner:** me\n\nFirst text.\n\n## Fix\n\nDo it.\n\n## Next\n\nOther.\n"
)
ENDS = [" ", "  ", "\t", "\u3000", "\u00a0"]


def opened(text: str) -> MarkdownFile:
    return MarkdownFormat().open(text.encode(), ".serena/memories/notes.md")


def fields(file: MarkdownFile) -> dict[str, str]:
    return {field.name: field.text for field in file.entries[0].fields}


def put(file: MarkdownFile, name: str, text: str) -> MarkdownFile:
    return file.put_field(file.entries[0], name, text, FieldForm(KindShape("note", ())))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", ["text", "Fix", "Next", "new one"])
def test_the_end_of_a_text_is_read_as_it_was_typed(name: str, end: str, newline: str) -> None:
    file = opened(NOTE.replace("\n", newline))
    text = f"  one\ntwo{end}"
    edited = put(file, name, text)
    assert fields(edited) == fields(file) | {name: text}
    again = put(edited, name, "one")
    assert fields(again)[name] == "one"
    assert f"two{end}" not in again.source


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("name", "line"), [("title", "# Words\n"), ("Status", "**Status:** Words  \n")])
def test_blanks_that_mean_nothing_are_not_written(name: str, line: str, end: str) -> None:
    edited = put(opened(NOTE), name, f"{end}Words{end}")
    assert fields(edited)[name] == "Words"
    assert line in edited.source


def test_a_new_entry_keeps_the_end_of_a_text_too() -> None:
    values = (FieldValue("title", "One "), FieldValue("Status", " open "), FieldValue("text", "Words  "))
    draft = NewEntry(KindShape("note", ()), datetime(2026, 1, 2, tzinfo=UTC), values)
    made = next(opened("").insertions(draft)).document
    assert {"title": "One", "Status": "open", "text": "Words  "}.items() <= fields(inner(made)).items()
    assert "# One\n" in inner(made).source
    assert "open\n" in inner(made).source
