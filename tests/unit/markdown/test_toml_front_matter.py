"""Front matter in TOML between lines `+++`, as Hugo has it: read, and not edited."""

from __future__ import annotations

import pytest

from index.formats.base import EditRefused, FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.kind_shape import KindShape

POST = """+++
# made by hand
title = "Keep the pool small"
date = 2024-03-02T10:00:00Z  # a Saturday
tags = [
  "pool",
  "db",
]
weights = [1, 2]

[author]
name = "Ana"
+++

Some text.
"""


def opened(text: str) -> MarkdownFile:
    return MarkdownFormat().open(text.encode(), "notes/pool.md")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_its_keys_are_fields(newline: str) -> None:
    [entry] = opened(POST.replace("\n", newline)).entries
    assert {field.name: field.text for field in entry.fields} == {
        "title": "Keep the pool small",
        "date": "2024-03-02T10:00:00Z",
        "tags": "- pool\n- db",
        "weights": "[1, 2]",
        "author": '[author]\nname = "Ana"',
        "text": "Some text.",
    }
    assert (entry.title, entry.tags) == ("Keep the pool small", ("pool", "db"))
    assert entry.when is not None


@pytest.mark.parametrize("name", ["title", "tags", "Status"])
def test_an_edit_of_it_is_refused_with_the_way_to_do_it(name: str) -> None:
    file = opened(POST)
    [entry] = file.entries
    with pytest.raises(EditRefused, match="Its front matter is TOML: edit the source of the entry"):
        file.put_field(entry, name, "new", FieldForm(KindShape(entry.kind, ())))


def test_the_text_below_it_is_edited_as_ever() -> None:
    file = opened(POST)
    [entry] = file.entries
    edited = file.put_field(entry, "text", "Another one.", FieldForm(KindShape(entry.kind, ())))
    assert edited.source == POST.replace("Some text.", "Another one.")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('title = "Keep the pool small"', "title = no TOML"),
        ('title = "Keep the pool small"', 'text = """\nx = 1\n"""'),
        ('title = "Keep the pool small"', 'a.b = "dotted"'),
        ("+++\n\nSome", "Some"),
    ],
)
def test_a_block_whose_keys_cannot_be_told_apart_is_text(line: str, instead: str) -> None:
    [entry] = opened(POST.replace(line, instead)).entries
    assert "weights" not in {field.name for field in entry.fields}
    assert any("weights = [1, 2]" in field.text for field in entry.fields)
