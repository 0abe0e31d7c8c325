"""The parts of a stretch of Markdown: texts, labels, sections, each with the span of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.markdown.outline import LINE, RULE, Heading, Outline, covers, line_start, lines, outline
from index.formats.markdown.plain_text import plain
from index.model.field import Field
from index.model.field_path import told_apart
from index.model.vocabulary import role

TEXT = "text"
"""Name of a text that nothing in the file names."""
_NAME = r"(?:\*\*|__)(?P<name>[^*_:\r\n`|]{1,60}?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*"
LABEL = re.compile(rf"(?P<lead> {{0,3}}(?:[-*+][ \t]+)?){_NAME}")
_NEXT_LABEL = re.compile(rf"(?:(?<![ \t])[ \t]+)?(?:\||·|•)[ \t]*{_NAME}")
"""A second label in the line of the first: `**Date**: 2025-12-23 | **Author**: Ana`."""
_PLAIN_LABEL = re.compile(r"(?P<lead> {0,3}[-*+][ \t]+)(?P<name>[A-Z][\w -]{0,40}?):(?:[ \t]+|(?=[\r\n]|\Z))")
"""A label of a list of them, as below `### Metadata`."""
_BARE_LABEL = re.compile(r" {0,3}(?P<name>[^\W_][\w -]{0,40}?):(?:[ \t]+|(?=[\r\n]|\Z))")
"""A label of a paragraph of them, as adr-tools writes `Date: 2024-01-02` below the title."""
_MAY_BE_LABEL = re.compile(r"(?<![^\r\n]) {0,3}[-*+_]")
"""The beginning of every line with a label."""
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
    lead = re.match(r" {0,3}[-*+][ \t]+| *\Z", text[line_start(text, part.start) : part.start])
    return len(lead[0]) if lead else 0


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the blank lines around it, and without a rule that ends it."""
    said = text[start:end]
    kept = said.rstrip()
    begin, last = line_start(said, len(said) - len(said.lstrip())), line_start(kept, len(kept))
    if kept and not _is_rule(said, last):
        return start + begin, start + len(kept)
    for first, stop in reversed([*lines(said[:last])]):
        row = said[first:stop].rstrip()
        if row and not _is_rule(said, first):
            return start + begin, start + first + len(row)
    return start, start


def _is_rule(text: str, at: int) -> bool:
    row = LINE.match(text, at)
    return row is not None and RULE.match(row[0].rstrip("\r\n")) is not None


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span as `trimmed` does, with the blanks that end its last line: they were typed."""
    start, last = trimmed(text, start, end)
    blanks = _BLANKS.match(text, last, end) if start < last else None
    return start, blanks.end() if blanks else last


def _before_sections(
    text: str, begin: int, end: int, seen: Outline, marks: _Labels = (LABEL,)
) -> Iterator[Part]:
    """Yield labels, each to the end of its paragraph or item, and the texts between them."""
    yield from (bare := _bare_labels(text, begin, end))
    at = place = _line_end(text, bare[-1].end, end) if bare else begin
    while line := _MAY_BE_LABEL.search(text, place, end):
        start, place = line.start(), _line_end(text, line.start(), end)
        found = None if covers(seen.hidden, start) else _label_in(text, start, place, marks)
        if found is None:
            continue
        yield from _text(text, at, start)
        *done, last = _labels_of(text, found, place)
        inner = len(found["lead"]) if found["lead"].strip() else 0
        at = _behind(text, place, end, seen, marks, empty=last.start == last.end, inner=inner)
        if at > place:
            last = last._replace(end=trimmed(text, last.start, at)[1])
            if last.start < last.end and not text[last.start : place].strip():
                start = trimmed(text, place, at)[0]
                while text[start] == " " and start - line_start(text, start) < inner:
                    start += 1
                last = last._replace(start=start)
        yield from (*done, last)
        place = at
    yield from _text(text, at, end)


def _bare_labels(text: str, at: int, end: int) -> list[Part]:
    """Return the labels that a stretch begins with: a paragraph of them, one of which is a time."""
    parts: list[Part] = []
    while at < end:
        stop = _line_end(text, at, end)
        if found := _BARE_LABEL.match(text, at, stop):
            parts += _labels_of(text, found, stop)
        elif parts or text[at:stop].strip():
            break
        at = stop
    whole = at == end or not text[at : _line_end(text, at, end)].strip()
    return parts if whole and any(role(part.name) == "time" for part in parts) else []


def _line_end(text: str, at: int, end: int) -> int:
    """Return the offset behind the line that begins here, of a stretch that ends at `end`."""
    line = LINE.match(text, at, end)
    return line.end() if line else end


def _text(text: str, start: int, end: int) -> Iterator[Part]:
    start, end = _with_blanks(text, start, end)
    if start < end:
        yield Part(TEXT, "text", start, end)


def _label_in(text: str, start: int, end: int, marks: _Labels) -> re.Match[str] | None:
    return next(filter(None, (mark.match(text, start, end) for mark in marks)), None)


def _behind(text: str, at: int, end: int, seen: Outline, marks: _Labels, *, empty: bool, inner: int) -> int:
    """Return where the line behind a label's last begins: its paragraph ends there, or its item.

    A label with nothing in its own line takes the block below it, behind blank lines too. `inner` is how far
    in the text of its item begins, 0 outside of a list: an item that is as far in belongs to it.
    """
    own = at
    while empty and at < end:
        stop = _line_end(text, at, end)
        if text[at:stop].strip():
            break
        at = stop
    if empty and (at == end or _label_in(text, at, _line_end(text, at, end), marks)):
        return own
    while at < end:
        stop = _line_end(text, at, end)
        if not covers(seen.hidden, at):
            if not text[at:stop].strip() or _label_in(text, at, stop, marks):
                break
            if (item := _ITEM.match(text, at, stop)) and len(item["indent"]) < inner:
                break
        at = stop
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
