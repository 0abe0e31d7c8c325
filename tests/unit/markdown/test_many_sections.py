"""A Markdown file of many sections, each with what is below it and nothing else."""

from __future__ import annotations

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
