"""Headings and fences of a Markdown text, held against CommonMark's own parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.formats.markdown.outline import outline
from tests.support.markdown import PIECES

_COMMONMARK = MarkdownIt("commonmark")


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_headings_and_fences_are_those_of_commonmark(rows: list[str]) -> None:
    text = "\n".join(rows).replace("---", "***") + "\n"
    tokens = [token for token in _COMMONMARK.parse(text) if token.level == 0 and token.map]
    wanted = [
        (token.map[0], int(token.tag[1])) for token in tokens if token.type == "heading_open" and token.map
    ]
    fences = [token.map[0] for token in tokens if token.type == "fence" and token.map]
    found = outline(text)
    assert [(text.count("\n", 0, one.start), one.level) for one in found.headings] == wanted
    assert [text.count("\n", 0, one.start) for one in found.fences] == fences


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like(newline: str) -> None:
    text = newline.join(["# a", "```", "# no", "```", "## b ##", ""])
    found = outline(text)
    assert [text[one.title_start : one.title_end] for one in found.headings] == ["a", "b"]
    assert [one.closed for one in found.fences] == [True]
    assert text[found.headings[1].start :].startswith("## b")


def test_other_line_ends_of_unicode_are_none() -> None:
    assert not outline("text\u2028# no heading\x0c# nor here\x85# nor here\n").headings


def test_an_open_fence_goes_to_the_end() -> None:
    found = outline("# a\n```\n# in it\n")
    assert len(found.headings) == 1
    assert not found.fences[0].closed


def test_ten_thousand_headings_and_a_long_line_cost_little() -> None:
    assert len(outline("## x\n\n" * 10_000).headings) == 10_000
    assert not outline("<a " * 200_000).headings
    assert not outline("`" * 1_000_000 + "\n").headings


def test_a_heading_with_a_long_run_of_blanks_costs_little() -> None:
    title = "x" + " " * 50_000 + "y"
    text = f"# {title} #\n\n## z" + "\t" * 50_000 + "##\n"
    found = [text[heading.title_start : heading.title_end] for heading in outline(text).headings]
    assert found == [title, "z"]
