"""Markdown on the page of an entry, as it is meant, with every word of it."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from index.model.entry import Entry
from index.model.field import Field
from index.rendering.markdown_parts import MarkdownPart, TextRun, markdown_parts
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from tests.support.pages import NOW
from tui.theme.lighting import Spans
from tui.widgets.browse.entry_page import lines
from tui.widgets.browse.page_facts import Page

TEXT = """# One

A *first* and **second** word, `code_here` and [the docs](docs/a.md "Title").

- item **one**
  - [x] done
  - [ ] open
    1. deep
    2. deeper
- item two

  goes on

> quoted [[name]]

```python
def load(path):
    return None
```

| Name | Count |
|------|------:|
| a    | 1     |
| bb   | 22    |

---

<script>alert(1)</script> &amp; <b>bold</b>
"""


def drawn(text: str, width: int = 60, spans: Spans | None = None) -> list[Content]:
    """Return the lines of a text on the page of its entry, below the head."""
    entry = Entry("a.md#t", "note", "other", "T", "a.md", 1, (Field("text", text),))
    return list(lines(Page(entry, NOW, markdown=True, spans=spans), width))[3:]


def shown(text: str, width: int = 60) -> list[str]:
    """Return these lines as text, without the margin."""
    return [line.plain.rstrip()[2:] for line in drawn(text, width)][1:]


def roles(text: str) -> dict[str, str]:
    """Return the roles of the parts of a text."""
    return {
        line.plain[span.start : span.end]: str(span.style)
        for line in drawn(text)
        for span in line.spans
        if str(span.style) not in {"", "text"}
    }


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def test_a_text_is_shown_as_it_is_meant() -> None:
    assert shown(TEXT) == [
        "One",
        "",
        "A first and second word, code_here and the docs",
        "(docs/a.md Title).",
        "",
        "· item one",
        "  ✓ done",
        "  ○ open",
        "    1. deep",
        "    2. deeper",
        "· item two",
        "",
        "  goes on",
        "",
        "▏ quoted [[name]]",
        "",
        "  def load(path):",
        "      return None",
        "",
        "Name  Count",
        "───────────",
        "a         1",
        "bb       22",
        "",
        "─" * 56,
        "",
        "<script>alert(1)</script> &amp; <b>bold</b>",
    ]


def test_each_part_has_its_tone() -> None:
    found = roles(TEXT)
    assert (found["One"], found["second"], found["first"]) == ("strong", "strong", "em")
    assert (found["code_here"], found["def"], found["load"]) == ("inline", "strong", "name")
    assert found["Name"] == "head"
    assert found["✓ "] == "ok"


def test_a_list_in_a_list_begins_with_what_it_begins_with() -> None:
    assert shown("- ```\n  code\n  ```\n- 1. one\n- > said\n-\n- last") == [
        "·", "    code", "·", "  1. one", "·", "  ▏ said", "·", "· last",
    ]  # fmt: skip


def test_short_lines_stay_lines_and_wrapped_ones_are_joined() -> None:
    long = "a line that someone wrapped by hand near the eightieth column,"
    assert shown(f"one\ntwo\n\n{long}\nend", 90) == ["one", "two", "", f"{long} end"]


@pytest.mark.parametrize("width", [24, 30, 44, 80])
def test_a_table_that_has_no_room_is_a_list_of_its_cells(width: int) -> None:
    table = "| Setting | What it does |\n|---|---|\n| pool.max | Connections of a worker at the same time |\n"
    wide = "|" + "|".join(f"h{n}" for n in range(20)) + "|\n" + "|-" * 20 + "|\n" + "|v" * 20 + "|\n"
    for text in (table, wide):
        rows = drawn(text, width)
        assert max(line.cell_length for line in rows) <= width
        assert {*letters("".join(shown(text, width)))} == {*letters(text)}
    assert ("· Setting  pool.max" in shown(table, width)) is (width < 20)
    assert shown(wide, width)[0] == "· h0  v"


def test_a_match_is_lit_in_emphasis_code_and_tables() -> None:
    text = "**needle** `needle` [needle](needle.md)\n\n| needle |\n|--|\n| a needle |\n\n```\nneedle\n```\n"
    found = drawn(text, spans=Highlighter(parse("needle ")).spans)
    lit = [line.plain[s.start : s.end] for line in found for s in line.spans if s.style == "lit"]
    assert lit == ["needle"] * 3 + ["needle.md"] + ["needle"] * 3


def test_a_cell_too_many_and_a_reference_are_not_lost() -> None:
    text = "| a | b |\n|---|---|\n| c | d | lost |\n"
    assert "lost" in "".join(shown(text))
    assert "target" in "".join(shown("See [it][1].\n\n[1]: target\n"))


def test_a_long_fence_and_a_long_list_are_read_in_pieces() -> None:
    code = "```sql\n" + "SELECT 1;\n" * 3000 + "```\nbehind **it**\n"
    parts = list(markdown_parts(code))
    assert {part.kind for part in parts[:-1]} == {"code"}
    assert sum(part.line[0].text.count("SELECT") for part in parts[:-1]) == 3000
    assert parts[-1] == MarkdownPart("text", (TextRun("behind "), TextRun("it", "strong")))
    items = list(markdown_parts("".join(f"- item {n}\n" for n in range(3000))))
    assert [part.line[0].text for part in items] == [f"item {n}" for n in range(3000)]
    assert {part.mark for part in items} == {"·"}


@pytest.mark.parametrize("text", [
    "x" * 3_000_000,
    "".join("  " * n + f"- item {n}\n" for n in range(1000)),
    "- " * 10_000 + "x",
    ">" * 10_000 + "x",
    "[" * 8000,
    "![[" * 2600,
    "*a **b " * 1000,
    "|" * 7000 + "\n" + "|-" * 3500 + "\n",
    "a\n" * 3500 + "===",
    "# h\n" * 20_000,
    "a\0b\x1b[2Jc\r\n- \x00",
])  # fmt: skip
def test_hostile_texts_are_shown(text: str) -> None:
    entry = Entry("a.md#t", "note", "other", "T", "a.md", 1, (Field("text", text),))
    rows = list(islice(lines(Page(entry, NOW, markdown=True), 80), 300))
    assert max(line.cell_length for line in rows) <= 80
    told = letters("".join(line.plain for line in rows[4:]).replace("·", ""))
    assert letters(text)[: len(told)][:500].startswith(told[:500])


PIECES = [
    "- ",
    "1. ",
    "> ",
    "# ",
    "```",
    "~~~sql",
    "\n",
    "\n\n",
    "  ",
    "    ",
    "|",
    "|-|",
    "**",
    "*",
    "`",
    "[",
    "](",
]
PIECES += [")", "[x] ", "<b>", "<!--", "&amp;", "\\", "http://a.b", "word", "Ab1", "===", "---", "é", "!["]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_letter_is_lost_or_moved(text: str) -> None:
    told = "".join(
        part.mark.replace("✓", "x")
        + "".join(run.text for line in (part.line, *sum(part.rows, ())) for run in line)
        for part in markdown_parts(text)
    )
    assert letters(told).casefold() == letters(text).casefold()


def test_a_sentence_without_blanks_stays_where_it_is_in_the_file() -> None:
    fields = (
        Field("2025-04-10", "検索の遅さを直した。"),
        Field("2025-04-09", "Wrote the plan down."),
        Field("Status", "done"),
    )
    entry = Entry("a.md#t", "note", "other", "T", "a.md", 1, fields)
    page = [line.plain.strip() for line in lines(Page(entry, NOW, markdown=True), 60)]
    assert [row.split()[0] for row in page if row.startswith(("2025", "Status"))] == [
        "2025-04-10",
        "2025-04-09",
        "Status",
    ]


def test_who_last_changed_a_text_without_a_heading_stands_above_it() -> None:
    entry = Entry("a.md#t", "note", "other", "T", "a.md", 1, (Field("text", "One word"),))
    page = Page(entry, NOW, markdown=True, origins={"text": "3 Oct · Ana"})
    said = [line.plain.strip() for line in lines(page, 60)]
    assert said[said.index("One word") - 1] == "3 Oct · Ana"


@pytest.mark.parametrize("heading", ["## What came next", "**What came next:**"])
def test_a_fold_ends_with_no_heading(heading: str) -> None:
    text = "\n\n".join([*(f"Line {n}." for n in range(5)), heading, *(f"More {n}." for n in range(9))])
    fields = (Field("Context", text), Field("Fix", "Done."))
    page = Page(Entry("a.md#t", "note", "other", "T", "a.md", 1, fields), NOW, markdown=True)
    told = [line.plain.strip() for line in lines(page, 60)]
    [place] = [n for n, line in enumerate(told) if "more line" in line]
    assert told[place - 1] == "Line 4."
    assert told[place] == "↓ 20 more lines"
