"""Running text on the page of an entry, with the lists and the code in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from index.rendering.prose import Block, blocks
from tui.theme.code import highlighted
from tui.theme.drawing import BLANK, bullet, code_lines, t
from tui.widgets.browse.page_facts import code_mark

if TYPE_CHECKING:
    from tui.widgets.browse.page_facts import Page

_LONG_LINE = 20_000
"""Characters of a paragraph that are laid out as one; a longer one is cut in parts first."""


def text_rows(page: Page, text: str, width: int) -> Iterator[Content]:
    """Yield the lines of running text with the lists and the code in it."""
    before = ""
    for block in blocks(text):
        if block.kind == "code":
            if before:
                yield BLANK
            yield from code_rows(page, block.text, width, block.mark)
            before = "code"
            continue
        if before == "code" and block.text:
            yield BLANK
        if block.kind == "item":
            yield from item_rows(page, block, width)
        else:
            for part in _parts(block.text):
                yield from page.wrapped(page.linked(t((part, "text"))), width)
        before = block.kind if block.text else ""


def item_rows(page: Page, block: Block, width: int) -> Iterator[Content]:
    """Yield the lines of an item of a list."""
    indent = Content("  " * min(block.depth, 4))
    room, text = width - indent.cell_length, page.linked(t((block.text, "text")))
    if block.mark:
        mark = block.mark + " "
        rows = page.wrapped(text, room - len(mark))
        rows = [t((mark if n == 0 else " " * len(mark), "muted"), row) for n, row in enumerate(rows)]
    else:
        rows = bullet(page.wrapped(text, room - 2))
    for row in rows:
        yield indent + row


def code_rows(page: Page, text: str, width: int, language: str) -> Iterator[Content]:
    """Yield the lines of code in the tones of a language; empty: that which it looks like."""
    lines = (page.lit(page.linked(line)) for line in highlighted(text, language))
    rows = (row for line in lines for row in code_lines(line, width, page.ansi))
    yield from page.of_part({"code": code_mark(text)} if page.parts else {}, rows)


def _parts(text: str) -> Iterator[str]:
    for start in range(0, max(1, len(text)), _LONG_LINE):
        yield text[start : start + _LONG_LINE]
