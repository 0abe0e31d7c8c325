"""Rows of a comparison of two versions: heads, fields, lines side by side or below each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from textual.content import Content

from index.model.text.text_diff import DiffLine
from tui.theme.drawing import BLANK, MEASURE, cut, over, t, wrap
from tui.theme.labels import path_label
from tui.widgets.editing.diff_view import MINUS, diff_rows, fold

BESIDE: Final = 72
"""Cells from which two versions are side by side: two columns of 36."""
_GAP = 5
"""Cells between the two columns."""
_SIGN: Final = {"-": (f"{MINUS} ", "err"), "+": ("+ ", "ok")}
_WORD: Final = {"-": "delword", "+": "addword"}
_GROUND: Final = {"-": "delline", "+": "addline"}


class Heads(NamedTuple):
    """Heads of the two sides."""

    before: Content
    after: Content
    note: str = ""
    """Remark when one side is alone."""


class FieldDiff(NamedTuple):
    """A field that differs."""

    name: str
    how: str
    """In a word or two; empty when the values say it."""
    lines: Sequence[DiffLine]


def two_heads(heads: Heads, width: int, *, beside: bool) -> Iterator[Content]:
    """Yield the names of both sides, over a rule."""
    if beside:
        columns = _Columns(_column(width))
        yield columns.line(t("  ", heads.before), t("  ", heads.after))
        rule = t(("─" * columns.width, "line"))
        yield columns.line(rule, rule)
    else:
        room = _room(width)
        yield t("  ", _SIGN["-"], cut(heads.before, room - 2))
        yield t("  ", _SIGN["+"], cut(heads.after, room - 2))
        yield t("  ", ("─" * (width - 4), "line"))
    yield BLANK


def source_rows(lines: Sequence[DiffLine], width: int) -> Iterator[Content]:
    """Yield the differences of the source."""
    yield from diff_rows(lines, width)
    if not lines:
        yield t("    ", ("The source of both versions is the same.", "muted"))


def field_rows(fields: Iterable[FieldDiff], width: int, *, beside: bool) -> Iterator[Content]:
    """Yield the fields that differ, each under its name."""
    columns = _Columns(_column(width))
    for field in fields:
        yield _heading(field)
        yield from columns.rows(field.lines) if beside else _unified(field.lines, _room(width))
        yield BLANK


def _room(width: int) -> int:
    return min(width - 4, MEASURE + 2)


def _column(width: int) -> int:
    return min((width - 4 - _GAP) // 2, MEASURE)


def single_rows(fields: Iterable[FieldDiff], width: int) -> Iterator[Content]:
    """Yield the fields of a side that is alone, but those that say nothing."""
    for field in fields:
        if any(line.text for line in field.lines):
            yield _heading(field)
            yield from _unified(field.lines, min(width - 6, MEASURE) + 2)
            yield BLANK


def one_head(heads: Heads, width: int) -> Iterator[Content]:
    """Yield a side that is alone, over a rule, and the facts about it."""
    room = min(width - 6, MEASURE)
    yield t("    ", cut(heads.after, room))
    yield t("  ", ("─" * (width - 4), "line"))
    yield BLANK
    if heads.note:
        yield from (t("    ", line) for line in wrap(heads.note, room, "muted"))
        yield BLANK


def _heading(field: FieldDiff) -> Content:
    return t("    ", (path_label(field.name), "strong"), (f"  {field.how}" if field.how else "", "muted"))


def _unified(lines: Sequence[DiffLine], room: int) -> Iterator[Content]:
    """Draw the removed lines above the added ones; where one holds all of the other, it alone says both."""
    for left, right in _pairs(lines):
        yield from (t("  ", row) for row in _stacked(left, right, room))


def _stacked(left: DiffLine | None, right: DiffLine | None, room: int) -> Iterator[Content]:
    if left is None or right is None:
        line = left or right
        if line is not None:
            yield from _cell(line, room, signed=True, whole=True)
    elif not _lit(right) and not _lit(left):
        yield from _cell(right, room, signed=False)
    else:
        for line in (left, right):
            if _lit(line):
                yield from _cell(line, room, signed=True)


def _lit(line: DiffLine) -> bool:
    return any(changed for _, changed in line.parts)


class _Columns:
    """Two columns of `width` cells each, a sign and a space before their text."""

    def __init__(self, width: int) -> None:
        self.width = width

    def line(self, left: Content, right: Content) -> Content:
        return t("  ", cut(left, self.width), " " * _GAP, cut(right, self.width))

    def rows(self, lines: Sequence[DiffLine]) -> Iterator[Content]:
        for left, right in _pairs(lines):
            cells = (self._side(left, right), self._side(right, left))
            for one, other in zip_longest(*cells, fillvalue=BLANK):
                yield self.line(one, other)

    def _side(self, line: DiffLine | None, other: DiffLine | None) -> list[Content]:
        """Draw one side; there is no sign where nothing of the line went or came."""
        if line is None:
            return []
        whole = other is None
        return list(_cell(line, self.width, signed=whole or _lit(line), whole=whole))


def _pairs(lines: Sequence[DiffLine]) -> Iterator[tuple[DiffLine | None, DiffLine | None]]:
    """Put removed lines beside the added ones in their place."""
    gone: list[DiffLine] = []
    come: list[DiffLine] = []
    for line in lines:
        if line.sign == "-" and not come:
            gone.append(line)
        elif line.sign == "+":
            come.append(line)
        else:
            yield from zip_longest(gone, come)
            gone, come = ([line], []) if line.sign == "-" else ([], [])
            if line.sign != "-":
                yield line, line
    yield from zip_longest(gone, come)


def _cell(line: DiffLine, width: int, *, signed: bool, whole: bool = False) -> Iterator[Content]:
    """Draw a line of a field in rows of `width` cells; one that is new or gone as a `whole` has a ground."""
    if line.sign == "…":
        yield t("  ", (f"… {line.text} the same", "muted"))
        return
    text = t(*_parts(line)).expand_tabs(4)
    for n, row in enumerate(_broken(text, width - 2)):
        sign = t(_SIGN[line.sign]) if signed and n == 0 else Content("  ")
        yield over(cut(sign + row, width), _GROUND[line.sign]) if whole else sign + row


def _parts(line: DiffLine) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a line with their roles; the space before changed words is not lit."""
    for text, changed in line.parts:
        words = text.lstrip(" ")
        if changed and words:
            yield text[: len(text) - len(words)], "text"
            yield words, _WORD[line.sign]
        else:
            yield text, _WORD[line.sign] if changed else "text"


def _broken(text: Content, width: int) -> Iterable[Content]:
    """Break a line at words; one that is indented is source, and keeps its depth."""
    return fold(text, max(8, width)) if text.plain.startswith(" ") else wrap(text, max(8, width))
