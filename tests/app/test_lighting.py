"""Words found together are lit, also where a line of the text, or of the page, ends between them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.content import Content

from index.model.entry import Entry
from index.model.field import Field
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from tests.support.pages import NOW, entry_of
from tui.theme.drawing import t
from tui.theme.lighting import lit, lit_across
from tui.widgets.browse.entry_page import lines, source_lines
from tui.widgets.browse.page_facts import Page

SPANS = Highlighter(parse('"connection pool"')).spans


def lights(rows: Iterable[Content]) -> list[str]:
    """Return the texts that are lit, in order."""
    return [row.plain[span.start : span.end] for row in rows for span in row.spans if span.style == "lit"]


def markdown_page(text: str, title: str = "T") -> Page:
    """Return the page of a Markdown memory with this text."""
    entry = Entry("a.md#t", "note", "other", title, "a.md", 1, (Field("text", text),))
    return Page(entry, NOW, markdown=True, spans=SPANS)


@pytest.mark.parametrize(
    "value",
    [
        "The connection\npool ran out.",
        "The connection,\n\npool and all.",
        "- the connection\n- pool of all",
        "1) a connection\n   pool of all",
        "    const connection\n    pool = 1;\n    connect();",
        "```sql\nSELECT connection\n  pool;\n```",
        "Here:\n\n    | a    | connection\n    pool   | b\n",
    ],
    ids=["lines", "paragraphs", "items", "item", "code", "fence", "plan"],
)
@pytest.mark.parametrize("markdown", [False, True], ids=["xml", "markdown"])
def test_words_found_together_are_lit_where_a_line_of_the_text_ends(value: str, markdown: bool) -> None:
    xml = f"<lesson><title>T</title><finding>{value}</finding></lesson>"
    page = markdown_page(value) if markdown else Page(entry_of(xml), NOW, spans=SPANS)
    assert [word.rstrip(",") for word in lights(lines(page, 60))] == ["connection", "pool"]


def test_it_is_so_in_a_list_a_title_a_cell_and_the_source() -> None:
    items = "<goals><goal>the connection</goal><goal>pool of all</goal></goals>"
    listed = Page(entry_of(f"<plan><title>T</title>{items}</plan>"), NOW, spans=SPANS)
    assert lights(lines(listed, 60)) == ["connection", "pool"]
    tagged = "<plan><title>T</title><text>No.</text><tags>the connection, pool, other</tags></plan>"
    assert lights(lines(Page(entry_of(tagged), NOW, spans=SPANS), 60)) == ["connection", "pool"]
    titled = markdown_page("None.", "The size of a database connection pool at night")
    assert [word.strip() for word in lights(lines(titled, 37))] == ["connection", "pool"]
    table = "| Name | Count |\n|--|--|\n| The size of a database connection pool | 1 |\n"
    assert [word.strip() for word in lights(lines(markdown_page(table), 44))] == ["connection", "pool"]
    side = "| Name | Count |\n|--|--|\n| connection | pool |\n"
    assert [" ".join(word.split()) for word in lights(lines(markdown_page(side), 60))] == ["connection pool"]
    source = "<a>\n  <b>connection\n  pool</b>\n</a>"
    assert lights(source_lines(listed, source, 60, ansi=False)) == ["connection", "pool"]


def test_words_that_are_not_together_are_not_lit() -> None:
    for text in ("The connection\nof the pool.", "connection\n\nother\n\npool"):
        assert lights(lines(markdown_page(text), 60)) == []


def test_a_match_is_lit_once_and_over_a_few_rows_at_most() -> None:
    twice = lit(lit(t("the pool"), [(4, 8)]), [(4, 8), (5, 7), (0, 3)])
    assert [(span.start, span.end) for span in twice.spans if span.style == "lit"] == [(4, 8), (0, 3)]
    spans = Highlighter(parse('"a1 b2 c3"')).spans
    assert lights(lit_across([t("a1"), t("  · b2 "), t(""), t("c3 d4")], spans)) == ["a1", "b2", "c3"]
    far = [t("a1"), *[t("")] * 9, t("b2 c3")]
    assert lights(lit_across(far, spans)) == []
    assert list(lit_across([], spans)) == []
