"""A diff, drawn: numbers, signs, the changed words lit, any number of lines of any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from index.model.text.text_diff import DiffLine, Part
from tui.theme.drawing import BLANK, cut, over, t

MINUS: Final = "−"
_SIGN: Final = {"-": (MINUS, "err"), "+": ("+", "ok"), " ": (" ", "muted")}
_TEXT: Final = {"-": "text", "+": "text", " ": "muted"}
_WORD: Final = {"-": "delword", "+": "addword", " ": "muted"}
_GROUND: Final = {"-": "delline", "+": "addline"}
_LONG: Final = 480
"""Equal characters in a row that are shown in full: more of them would hide the change."""
_EDGE: Final = 200
"""Characters left on either side of a cut out part of a long equal stretch."""


def diff_rows(
    lines: Sequence[DiffLine], width: int, *, margin: int = 2, both: bool = True
) -> Iterator[Content]:
    """Draw a diff for a width in cells, with `margin` cells free on both sides.

    Line numbers before and after are before the sign; without `both`, or where there is no room for
    them, there is one: the old one of what is gone.
    """
    room = width - 2 * margin
    digits = max([4, *(len(str(max(line.old or 0, line.new or 0))) for line in lines[-1:])])
    both = both and room >= 60
    indent = (2 * digits + 3 if both else digits + 2) + 2
    left = Content(" " * margin)
    for line in lines:
        if line.sign == "…":
            yield left + cut(t((f"{'…':>{digits}}  {line.text} the same", "muted")), room)
            continue
        for place, text in enumerate(fold(_text(line), max(8, room - indent))):
            head = _head(line, digits, both) if place == 0 else Content(" " * indent)
            row = head + text
            yield left + (over(cut(row, room), _GROUND[line.sign]) if line.sign in _GROUND else row)


def _head(line: DiffLine, digits: int, both: bool) -> Content:
    old, new = line.old or "", line.new or ""
    numbers = f"{old:>{digits}} {new:>{digits}}  " if both else f"{new or old:>{digits}}  "
    return t((numbers, "muted"), _SIGN[line.sign], " ")


def _text(line: DiffLine) -> Content:
    tone, word = _TEXT[line.sign], _WORD[line.sign]
    parts = [(text, word if changed else tone) for text, changed in _shortened(line.parts)]
    return t(*parts).expand_tabs(4)


def _shortened(parts: Iterable[Part]) -> Iterator[Part]:
    """Cut the middle out of long equal stretches, as a file that is one long line has them."""
    for text, changed in parts:
        if changed or len(text) <= _LONG:
            yield text, changed
        else:
            yield text[:_EDGE] + " … " + text[-_EDGE:], changed


def fold(text: Content, width: int) -> Iterator[Content]:
    """Break a line of source into rows of at most `width` cells, after a space where one is near the end.

    Unlike a paragraph, source keeps every character, its spaces too. What goes on is below where the
    line begins.
    """
    source = text.plain
    hang = Content(" " * min(len(source) - len(source.lstrip(" ")), width // 3))
    start = 0
    while True:
        lead = hang if start else BLANK
        end = _fitting(source, start, width - lead.cell_length)
        if end >= len(source):
            yield lead + text[start:] if start else text
            return
        space = source.rfind(" ", start + 1, end)
        if space - start > width // 2:
            end = space + 1
        yield lead + text[start:end]
        start = end


def _fitting(text: str, start: int, width: int) -> int:
    """Return the end of the longest stretch from `start` that fits `width` cells."""
    piece = text[start : start + width]
    if piece.isascii():
        return start + len(piece)
    used = 0
    for place, char in enumerate(piece):
        used += cell_len(char)
        if used > width:
            return start + max(1, place)
    return start + len(piece)
