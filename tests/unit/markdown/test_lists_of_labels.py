"""Lists in a label: `**How to apply:**` with its items, nested ones too, read and set as they are meant."""

from __future__ import annotations

import pytest

from index.formats.base import FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.kind_shape import KindShape

PLAIN = "# A\n\n**How:**{}\n\nText.\n"
ITEM = "# A\n\n- **How:**{}\n- **Why:** y\n"


def opened(text: str) -> MarkdownFile:
    return MarkdownFormat().open(text.encode(), ".serena/memories/a.md")


def said(file: MarkdownFile) -> dict[str, str]:
    [entry] = file.entries
    return {field.name: field.text for field in entry.fields}


@pytest.mark.parametrize(
    ("around", "value", "text"),
    [
        (PLAIN, "\n- a\n- b", "- a\n- b"),
        (PLAIN, "\n\n1. a\n2. b", "1. a\n2. b"),
        (PLAIN, " x\n- a\n  - b", "x\n- a\n  - b"),
        (ITEM, "", ""),
        (ITEM, " x\n  - a\n  - b", "x\n- a\n- b"),
        (ITEM, "\n  - a\n    - q\n  - b", "- a\n  - q\n- b"),
        (ITEM, "\n  ```\n  x\n  ```", "```\nx\n```"),
        (ITEM, " x\n  more", "x\nmore"),
    ],
)
@pytest.mark.parametrize(
    ("new", "plain", "item"),
    [
        ("- c\n- d", "\n- c\n- d", "\n  - c\n  - d"),
        ("1. c\n   more", "\n1. c\n   more", "\n  1. c\n     more"),
        ("one\n- c\n  - d", " one\n- c\n  - d", " one\n  - c\n    - d"),
        ("```\n# b\n```", "\n```\n# b\n```", "\n  ```\n  # b\n  ```"),
        ("one", " one", " one"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_takes_the_place_of_another_text(
    around: str, value: str, text: str, new: str, plain: str, item: str, newline: str
) -> None:
    file = opened(around.format(value).replace("\n", newline))
    assert said(file)["How"] == text
    [entry] = file.entries
    edited = file.put_field(entry, "How", new, FieldForm(KindShape(entry.kind, ())))
    assert said(edited) == said(file) | {"How": new}
    below = value[: len(value) - len(value.lstrip("\n"))] + "  " * (around is ITEM)
    wanted = [plain if around is PLAIN else item]
    if value.startswith("\n"):  # it stays below the line where it was
        indent = "  " if around is ITEM else ""
        wanted = [below + new.replace("\n", f"\n{indent}")]
    assert edited.source in [around.format(one).replace("\n", newline) for one in wanted]


def test_an_item_as_far_in_as_the_label_is_one_of_its_own() -> None:
    file = opened("# A\n\n- **How:** x\n- plain\n  - **Sub:** z\n- **Why:** y\n")
    assert said(file) == {"title": "A", "How": "x", "text": "- plain", "Sub": "z", "Why": "y"}


METADATA = """## [LRN-20260501-001] One

### Metadata
- Source: user
- Tags: a, b
- See Also:
  - one
  - two

---

## [LRN-20260501-002] Two
"""


@pytest.mark.parametrize(
    ("name", "text", "before", "after"),
    [
        ("Tags", "```\n# c\n\nd\n```", "- Tags: a, b", "- Tags:\n  ```\n  # c\n  \n  d\n  ```"),
        ("Tags", "- c\n- d", "- Tags: a, b", "- Tags:\n  - c\n  - d"),
        ("Source", "x\ny", "- Source: user", "- Source: x\n  y"),
        ("See Also", "three", "\n  - one\n  - two", "\n  three"),
        ("See Also", "```\nx\n```", "\n  - one\n  - two", "\n  ```\n  x\n  ```"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_label_below_metadata_takes_what_one_of_a_list_does(
    name: str, text: str, before: str, after: str, newline: str
) -> None:
    source = METADATA.replace("\n", newline)
    file = MarkdownFormat().open(source.encode(), ".learnings/LEARNINGS.md")
    entry = file.entries[0]
    told = {field.name: field.text for field in entry.fields}
    assert told["See Also"] == "- one\n- two"
    edited = file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
    assert edited.source == source.replace(before.replace("\n", newline), after.replace("\n", newline))
    assert {field.name: field.text for field in edited.entries[0].fields} == told | {name: text}


def test_metadata_that_says_more_than_labels_is_a_text() -> None:
    file = opened("# A\n\n## Metadata\n- Tags: a\n\nAnd more.\n")
    assert said(file) == {"title": "A", "Metadata": "- Tags: a\n\nAnd more."}
