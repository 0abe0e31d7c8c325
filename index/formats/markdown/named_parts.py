"""The parts of a stretch of Markdown: texts, labels, sections, each with the span of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.markdown.outline import LINE, RULE, Heading, Outline, covers, line_start, lines, outline
from index.formats.markdown.plain_text import plain
from index.model.field import Field
from index.model.field_path import told_apart

TEXT = "text"
"""Name of a text that nothing in the file names."""
_NAME = r"(?:\*\*|__)(?P<name>[^*_:\r\n`|]{1,60}?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*"
LABEL = re.compile(rf"(?P<lead> {{0,3}}(?:[-*+][ \t]+)?){_NAME}")
_NEXT_LABEL = re.compile(rf"(?:(?<![ \t])[ \t]+)?(?:\||·|•)[ \t]*{_NAME}")
"""A second label in the line of the first: `**Date**: 2025-12-23 | **Author**: Ana`."""
_PLAIN_LABEL = re.compile(r"(?P<lead> {0,3}[-*+][ \t]+)(?P<name>[A-Z][\w -]{0,40}?):(?:[ \t]+|(?=[\r\n]|\Z))")
"""A label of a list of them, as below `### Metadata`."""
_Labels = tuple[re.Pattern[str], ...]
_ITEM = re.compile(r"(?P<indent> {0,3})(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_BLANKS = re.compile(r"[^\S\r\n]*")
_BULLET = re.compile(r"[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")


class Part(NamedTuple):
    """A named stretch of a file."""

    name: str
    form: str
    """`value` of the front matter, `title`, `id` and `date` of a heading, `label`, `section`, `text`."""
    start: int
    """Offset of its value; where the value is empty, the place to write one."""
    end: int


def read_parts(
    text: str, span: tuple[int, int], seen: Outline, sections: Sequence[Heading]
) -> Iterator[Part]:
    """Yield the parts of a stretch: the text before its first section, then each section.

    Args:
        span: the stretch, from the beginning of a line to the end of one.
        sections: the headings in the stretch that begin a section of it.
    """
    begin, end = span
    first = sections[0].start if sections else end
    yield from _before_sections(text, begin, first, seen)
    for heading, stop in zip(sections, [*(one.start for one in sections[1:]), end], strict=bool(sections)):
        title = plain(text[heading.title_start : heading.title_end]) or TEXT
        section = Part(title, "section", *_with_blanks(text, heading.end, stop))
        yield from _labels_listed(text, title, heading.end, stop, seen) or [section]


def _labels_listed(text: str, title: str, begin: int, end: int, seen: Outline) -> list[Part]:
    """Return the labels that a section called Metadata is a list of; none of another section."""
    found = title.lower() == "metadata" and [*_before_sections(text, begin, end, seen, (_PLAIN_LABEL, LABEL))]
    return found if found and all(part.form == "label" for part in found) else []


def told_by(name: str, text: str) -> dict[str, str]:
    """Return the fields that a section of this name and text reads as.

    >>> told_by("Metadata", "- Source: log\\n- Tags: a")
    {'Source': 'log', 'Tags': 'a'}
    """
    parts = _labels_listed(text, name, 0, len(text), outline(text))
    return {field.name: field.text for field in fields_of(text, parts)} or {name: text}


def fields_of(text: str, parts: Sequence[Part]) -> tuple[Field, ...]:
    """Return the fields that these parts are; one whose name is there already is numbered."""
    fields = []
    names = told_apart(part.name for part in parts)
    for place, (name, part) in enumerate(zip(names, parts, strict=True)):
        value = text[part.start : part.end].replace("\r\n", "\n").replace("\r", "\n")
        if part.form == "label" and "\n" in value:
            value = re.sub(rf"\n {{0,{margin_of(text, part)}}}", "\n", value)
        fields.append(Field(name, value, _items(value), place))
    return tuple(fields)


def label_name(name: str) -> str:
    """Return a name without the signs that no label has in its own."""
    return re.sub(r"[\s*_:`|]+", " ", name).strip()


def margin_of(text: str, part: Part) -> int:
    """Return how far in the later lines of an item are: as far as its text; 0 outside of a list."""
    line = max(text.rfind("\n", 0, part.start), text.rfind("\r", 0, part.start)) + 1
    lead = re.match(r" {0,3}[-*+][ \t]+| *\Z", text[line : part.start])
    return len(lead[0]) if lead else 0


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the blank lines around it, and without a rule that ends it."""
    said = text[start:end]
    begin = line_start(said, len(said) - len(said.lstrip()))
    while kept := said.rstrip():
        last = line_start(kept, len(kept))
        row = LINE.match(said, last)
        if row is None or not RULE.match(row[0].rstrip("\r\n")):
            return start + begin, start + len(kept)
        said = said[:last]
    return start, start


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span as `trimmed` does, with the blanks that end its last line: they were typed."""
    start, last = trimmed(text, start, end)
    blanks = _BLANKS.match(text, last, end) if start < last else None
    return start, blanks.end() if blanks else last


def _before_sections(
    text: str, begin: int, end: int, seen: Outline, marks: _Labels = (LABEL,)
) -> Iterator[Part]:
    """Yield labels, each to the end of its paragraph or item, and the texts between them."""
    hidden = sorted([(fence.start, fence.end) for fence in seen.fences] + seen.comments)
    rows = [
        _Row(*row, not text[slice(*row)].strip(), covers(hidden, row[0])) for row in lines(text[:end], begin)
    ]
    at, number = begin, 0
    while number < len(rows):
        row = rows[number]
        found = None if row.covered else _label_in(text, row, marks)
        if found is None:
            number += 1
            continue
        yield from _text(text, at, row.start)
        *done, last = _labels_of(text, found, row.end)
        inner = len(found["lead"]) if found["lead"].strip() else 0
        behind = _behind(text, rows, number, marks, empty=last.start == last.end, inner=inner)
        if behind > number + 1:
            last = last._replace(end=trimmed(text, last.start, rows[behind - 1].end)[1])
            if last.start < last.end and not text[last.start : row.end].strip():
                start = trimmed(text, row.end, rows[behind - 1].end)[0]
                while text[start] == " " and start - line_start(text, start) < inner:
                    start += 1
                last = last._replace(start=start)
        yield from (*done, last)
        number, at = behind, rows[behind - 1].end
    yield from _text(text, at, end)


def _text(text: str, start: int, end: int) -> Iterator[Part]:
    start, end = _with_blanks(text, start, end)
    if start < end:
        yield Part(TEXT, "text", start, end)


class _Row(NamedTuple):
    start: int
    end: int
    blank: bool
    covered: bool
    """Whether it is in a fence or a comment."""


def _label_in(text: str, row: _Row, marks: _Labels) -> re.Match[str] | None:
    return next(filter(None, (mark.match(text, row.start, row.end) for mark in marks)), None)


def _behind(text: str, rows: Sequence[_Row], number: int, marks: _Labels, *, empty: bool, inner: int) -> int:
    """Return the number of the row behind a label's last: its paragraph ends there, or its item.

    A label with nothing in its own line takes the block below it, behind blank lines too. `inner` is how far
    in the text of its item begins, 0 outside of a list: an item that is as far in belongs to it.
    """
    at = number + 1
    if empty:
        while at < len(rows) and rows[at].blank:
            at += 1
        if at == len(rows) or _label_in(text, rows[at], marks):
            return number + 1
    while at < len(rows):
        start, end, blank, covered = rows[at]
        if not covered and (blank or _label_in(text, rows[at], marks)):
            break
        if not covered and (item := _ITEM.match(text, start, end)) and len(item["indent"]) < inner:
            break
        at += 1
    return at


def _labels_of(text: str, found: re.Match[str], stop: int) -> list[Part]:
    """Return the labels of a line; the last one may go on below it."""
    end = found.end() + len(text[found.end() : stop].rstrip())
    name, start, parts = found["name"].strip(), found.end(), []
    for more in _NEXT_LABEL.finditer(text, start, end):
        parts.append(Part(name, "label", start, max(start, more.start())))
        name, start = more["name"].strip(), more.end()
    return [*parts, Part(name, "label", start, max(start, end))]


def _items(value: str) -> tuple[str, ...]:
    """Return the items of a value that is a plain list; none of any other."""
    rows = [row for row in value.split("\n") if row.strip()]
    if len(rows) < 2 or not all(_BULLET.match(row) for row in rows):
        return ()
    return tuple(_BULLET.sub("", row, count=1).strip() for row in rows)
