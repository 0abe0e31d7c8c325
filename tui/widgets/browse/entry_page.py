"""An entry as a page to read, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from tui.theme import dates
from tui.theme.code import highlight
from tui.theme.drawing import (
    BLANK,
    MEASURE,
    bar,
    code_lines,
    cut,
    inset,
    kind_mark,
    meter,
    place,
    plain,
    t,
    wrap,
)
from tui.theme.labels import kind_label
from tui.theme.markdown_source import markdown_tones
from tui.widgets.browse.entry_fields import field_lines
from tui.widgets.browse.page_facts import Page, link_to

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry

CAUSE = 2
"""Lines on the faults of a file."""


def lines(page: Page, width: int) -> Iterator[Content]:
    """Yield the lines of a page for a pane of `width` cells."""
    return inset(_lines(page, max(8, min(width - 4, MEASURE))))


def _lines(page: Page, width: int) -> Iterator[Content]:
    entry = page.entry
    kind = t(kind_mark(entry.group), (f" {kind_label(entry.kind)}", "muted"))
    yield bar(width, kind, meter(entry.level) if entry.level is not None else BLANK)
    yield BLANK
    yield from page.wrapped(plain(entry.title, "strong"), width)
    yield from about_rows(entry, page.now, width)
    yield from field_lines(page, width)
    if page.mentions:
        yield BLANK
        yield t(("Mentioned by", "head"))
        for other in page.mentions:
            title = plain(other.title).stylize("link").stylize(link_to(other.id))
            yield cut(page.numbered(t(kind_mark(other.group), " ", title)), width).rstrip()


def source_lines(page: Page, source: str, width: int, ansi: bool) -> Iterator[Content]:
    """Yield the lines of an entry's source in the tones of its format, the matches lit."""
    text = source.replace("\r\n", "\n")
    plain_lines = (highlight(line, markup=True) for line in text.split("\n"))
    marked = _toned(text) if page.markdown else plain_lines
    lines = (part for line in marked for part in code_lines(page.lit_only(line), width - 4, ansi))
    return (t("  ", line) for line in page.lit_across(text, lines))


def _toned(text: str) -> Iterator[Content]:
    for line, tones in zip(text.split("\n"), markdown_tones(text), strict=True):
        content = Content.styled(line, "text")
        for start, end, role in tones:
            content = content.stylize(role, start, end)
        yield content.expand_tabs(4)


def about_rows(entry: Entry, now: datetime, width: int) -> Iterator[Content]:
    """Yield the line below the title, broken between its parts: `shop-api · 3 Oct 2025 · 7 weeks ago`."""
    parts = [entry.project if entry.project != entry.title else ""]
    if entry.when is not None:
        parts += [dates.full(entry.when, clock=True), dates.ago(entry.when, now, clock=True)]
    if entry.template:
        parts.append("an empty template")
    line = ""
    for part in (" ".join(part.split()) for part in parts if part):
        joined = f"{line} · {part}" if line else part
        if line and cell_len(joined) > width:
            yield from wrap(line, width, "muted")
            joined = part
        line = joined
    if line:
        yield from wrap(line, width, "muted")


def foot(entry: Entry, cause: str, more: str, width: int, gone: Deleted | None = None) -> list[Content]:
    """Return the foot of a page: the faults of the file, the place of the entry, how much is below.

    Of an entry that is gone it says who deleted it, and when.
    """
    inner = max(8, min(width - 4, MEASURE))
    rest = t(("  " + more, "text")) if more else BLANK
    where = place(entry.file, f":{entry.line}", inner - rest.cell_length)
    said = wrap(cause, inner - 2)[:CAUSE] if cause else []
    broken = [t(("▲ " if n == 0 else "  ", "err"), cut(line, inner - 2)) for n, line in enumerate(said)]
    deleted = [] if gone is None else [_deleted(gone)]
    return [t("  ", line) for line in (*broken, bar(inner, where, rest), *deleted)]


def _deleted(gone: Deleted) -> Content:
    when = dates.full(gone.when, clock=True)
    about = t(("deleted ", "muted"), (when, "text"), (" by ", "muted"), plain(gone.author, "muted"))
    return t(about, (f"  {gone.rev[:7]}", "muted"))
