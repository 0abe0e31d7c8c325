"""A Markdown file of many sections, each with what is below it and nothing else."""

from __future__ import annotations

import pytest

from index.formats.markdown.markdown_file import MarkdownFile

MANY = 2_000


def test_each_section_has_its_own_parts() -> None:
    text = "# Title\n\n" + "".join(
        f"## Lesson {n}\n\nText {n}\n\n### Why\n\nSince {n}\n\n" for n in range(MANY)
    )
    entries = MarkdownFile.parse(text.encode(), "memory-bank/decisionLog.md").entries
    assert len(entries) == MANY
    for n, entry in enumerate(entries):
        said = [(field.name, field.text) for field in entry.fields]
        assert said == [("title", f"Lesson {n}"), ("text", f"Text {n}"), ("Why", f"Since {n}")]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("```\n## none\n```", "```\n## none\n```"),
        ("<!-- ## none -->", "<!-- ## none -->"),
        ("text\n\n" + "---\n\n" * 50, "text"),
        ("---\n\ntext\n\n" + "***\n" * 50, "---\n\ntext"),
    ],
)
def test_each_has_its_code_and_no_rule_behind_it(body: str, text: str) -> None:
    source = "".join(f"## Lesson {n}\n\n{body}\n\n" for n in range(MANY // 10))
    entries = MarkdownFile.parse(source.encode(), "memory-bank/decisionLog.md").entries
    assert [[field.text for field in entry.fields] for entry in entries] == [
        [f"Lesson {n}", text] for n in range(MANY // 10)
    ]
