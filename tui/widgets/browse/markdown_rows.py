"""A Markdown text on the page of an entry: lists, tables, code and links as they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from index.model.addresses import is_url
from index.rendering.markdown_parts import Line, MarkdownPart, markdown_parts
from tui.theme.drawing import BLANK, cut, t, wrap
from tui.widgets.browse.page_facts import lead_to
from tui.widgets.browse.running_text import code_rows, text_rows

if TYPE_CHECKING:
    from tui.widgets.browse.page_facts import Page

_GAP: Final = 2
"""Cells between two columns of a table."""
_LEAST: Final = 8
"""Cells that a text has at least, and a column that gives way to others."""
_ROLES: Final = {"code": "inline", "target": "muted"}
"""Style of a run → the role it is drawn in, where they differ."""


def markdown_rows(page: Page, text: str, width: int) -> Iterator[Content]:
    """Yield the lines of a text, an empty one between two blocks."""
    started = False
    for part in markdown_parts(text):
        if started and not part.close:
            yield BLANK
        started = True
        yield from _part_rows(page, part, width)


def _part_rows(page: Page, part: MarkdownPart, width: int) -> Iterator[Content]:
    lead = t((part.lead[: width // 2], "faint"))
    mark = part.mark if part.kind == "text" else ""
    first = t((f"{mark} ", "ok" if "✓" in mark else "muted")) if mark else BLANK
    room = max(_LEAST, width - lead.cell_length - first.cell_length)
    begin, below = lead + first, lead + Content(" " * first.cell_length)
    for number, row in enumerate(_block(page, part, room)):
        yield (below if number else begin) + row if below.plain else row


def _block(page: Page, part: MarkdownPart, width: int) -> Iterator[Content]:
    match part.kind:
        case "code":
            language, _, more = part.mark.partition(" ")
            if more or page.matches(part.mark):
                yield from page.wrapped(t((part.mark, "muted")), width)
            yield from code_rows(page, _plain(part.line), width, language)
        case "table":
            yield from _table(page, part, width)
        case "rule":
            yield t(("─" * width, "line"))
        case "running":
            yield from text_rows(page, _plain(part.line), width)
        case "heading":
            yield from _wrapped(page, part.line, width, "strong")
        case _:
            yield from _wrapped(page, part.line, width)


def _plain(line: Line) -> str:
    return "".join(run.text for run in line)


def _content(page: Page, line: Line, role: str = "text") -> Content:
    """Return a text in its styles; a link can be clicked."""
    pieces = []
    for run in line:
        piece = Content.styled(run.text, role)
        for style in run.style.split():
            piece = piece.stylize(_ROLES.get(style, style))
        if run.target:
            place = page.place_of(run.target, url=is_url(run.target))
            if place is not None:
                piece = piece.stylize(lead_to(place))
                piece = piece if run.style == "target" else piece.stylize("link")
        pieces.append(piece if run.target else page.linked(piece))
    return t(*pieces)


def _wrapped(page: Page, line: Line, width: int, role: str = "text") -> Iterator[Content]:
    for piece in _content(page, line, role).split("\n", allow_blank=True):
        yield from page.wrapped(piece, width)


def _table(page: Page, part: MarkdownPart, width: int) -> Iterator[Content]:
    """Yield a table in aligned columns; where it is too narrow for them, each row as a list of its cells."""
    count = len(part.rows[0])
    cells = [[_cell(page, line, n == 0) for line in row] for n, row in enumerate(part.rows)]
    widths = _widths([max(row[n].cell_length for row in cells) for n in range(count)], width)
    if not widths:
        yield from _records(page, part, width)
        return
    for number, row in enumerate(cells):
        columns = [wrap(cell, room) for cell, room in zip(row, widths, strict=True)]
        for y in range(max(map(len, columns))):
            pieces: list[Content | str] = []
            for column, room, right in zip(columns, widths, part.right, strict=True):
                held = column[y] if y < len(column) else BLANK
                space = " " * (room - held.cell_length)
                pieces += [space, held, " " * _GAP] if right else [held, space, " " * _GAP]
            yield page.lit_only(t(*pieces).rstrip())
        if number == 0:
            yield t(("─" * min(width, sum(widths) + _GAP * (count - 1)), "line"))


def _cell(page: Page, line: Line, head: bool) -> Content:
    runs = tuple(run._replace(text=run.text.replace("\n", " ")) for run in line)
    return page.numbered(page.lit(_content(page, runs, "head" if head else "text")))


def _widths(wanted: Sequence[int], width: int) -> list[int]:
    """Return widths for columns that want these: the widest give way; none where that leaves too little."""
    widths = [max(1, one) for one in wanted]
    room = width - _GAP * (len(widths) - 1)
    if sum(min(one, _LEAST) for one in widths) > room or len(widths) > width:
        return []
    while (over := sum(widths) - room) > 0:
        widest = max(widths)
        next_one = max((one for one in widths if one < widest), default=_LEAST)
        held = widths.count(widest)
        step = max(1, min(widest - max(next_one, _LEAST), -(-over // held)))
        widths = [one - step if one == widest else one for one in widths]
    return widths if min(widths) > 0 else []


def _records(page: Page, part: MarkdownPart, width: int) -> Iterator[Content]:
    head, *rows = part.rows
    for row in rows or [head]:
        for number, (name, line) in enumerate(zip(head, row, strict=True)):
            label = _cell(page, name, True) + t(("  ", "muted"))
            for y, held in enumerate(wrap((label if rows else BLANK) + _cell(page, line, False), width - 2)):
                sign = t(("· " if number == y == 0 else "  ", "muted"))
                yield sign + page.lit_only(cut(held, width - 2).rstrip())
