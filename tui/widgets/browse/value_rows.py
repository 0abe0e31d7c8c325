"""The value of a field on the page of an entry: paragraphs, lists, code; long ones folded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from index.model.vocabulary import fold
from index.rendering.prose import Block, looks_like_code, words_around
from tui.theme.drawing import BLANK, is_heading, t
from tui.widgets.browse.markdown_rows import markdown_rows
from tui.widgets.browse.running_text import code_rows, item_rows, text_rows

if TYPE_CHECKING:
    from index.model.field import Field
    from tui.widgets.browse.page_facts import Page

FOLD = 12
"""Lines of a long value that are shown until it is unfolded."""
_LANGUAGE = ("language", "lang", "syntax")
"""Attributes that say the language of the code in their element."""


def value(page: Page, field: Field, width: int) -> Iterator[Content]:
    """Yield a long value; folded to its first lines, unless the first match would be hidden."""
    shown = rows(page, field, width)
    if field.name in page.unfolded:
        yield from shown
        return
    first = list(islice(shown, FOLD + 2))
    if len(first) <= FOLD + 1:  # to say that one line is hidden takes a line as well
        yield from first
        return
    if page.matches(field.text) and not any(_has_match(row) for row in first[:FOLD]):
        yield from first
        yield from shown
        return
    kept = FOLD
    while kept > 1 and (is_heading(first[kept - 1], "strong") or not first[kept - 1].plain.strip()):
        kept -= 1
    yield from first[:kept]
    more = len(first) - kept + _count(shown, field)
    text = t((f"↓ {more:,} more lines" if more > 0 else "↓ more lines", "text"))
    yield text.stylize(Style.from_meta({"unfold": field.name}))


def _count(shown: Iterator[Content], field: Field) -> int:
    """Count the rows that are folded away; of a huge value that would take too long."""
    return sum(1 for _ in shown) if len(field.text) < 20_000 else -1_000_000


def _has_match(line: Content) -> bool:
    return any(span.style == "lit" for span in line.spans)


def rows(page: Page, field: Field, width: int) -> Iterator[Content]:
    """Yield the lines of a value: a list, code, or text with lists and code in it."""
    return page.of_part({"part": field.name}, page.lit_across(field.text, _rows(page, field, width)))


def _rows(page: Page, field: Field, width: int) -> Iterator[Content]:
    if page.markdown:
        yield from markdown_rows(page, field.text, width)
        return
    if field.items:
        for item in field.items:
            yield from item_rows(page, Block("item", " ".join(item.split())), width)
        return
    language = _language(page, field)
    if not language and ("```" in field.text or not _is_code(field)):
        yield from text_rows(page, field.text, width)
        return
    before, code, behind = ("", field.text, "") if language else words_around(field.text)
    if before:
        yield from text_rows(page, before, width)
        yield BLANK
    yield from code_rows(page, code, width, language)
    if behind:
        yield BLANK
        yield from text_rows(page, behind, width)


def _is_code(field: Field) -> bool:
    return looks_like_code(fold(field.path.last), field.text)


def _language(page: Page, field: Field) -> str:
    """Return the language that an attribute of a field's element names."""
    others = (other for other in page.entry.fields if "\n" in field.text and other.path.owner == field.path)
    return next((other.text for other in others if other.path.attribute in _LANGUAGE), "")
