"""Broken tags: attributes without quotes, with quotes inside, repeated, run together.

A tag that does not follow the grammar is read with a looser one. It counts as a tag only when all of it can
be understood that way; each deviation is a problem with its own small repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.formats.xml.markup import ATTRIBUTE_PATTERN, NAME, WHITESPACE, S, is_name
from index.model.problems import Report, Splice

_WINDOW = 4_096
"""Characters a broken tag may take: an open quote must not swallow the file, nor each "<" cost all of it."""

# A quote ends a value when what follows could follow a value; any other is a quote inside it.
_TAG_ENDS = rf"{S}*+(?:/?{S}*+>|\Z)"
_VALUE_ENDS = rf"""(?={_TAG_ENDS}|{S}++{NAME}(?:{S}*+=|{_TAG_ENDS})|{NAME}{S}*+={S}*+["'])"""
_QUOTED = (
    rf"""(?:"[^"<]*+"{_VALUE_ENDS}|"(?:[^"\n]|"(?!{_VALUE_ENDS}))*+"|'[^'\n]*+'|'[^'<]*+'{_VALUE_ENDS})"""
)
_LOOSE_TAG = re.compile(rf"""<(/?)((?!xmlns:){NAME})((?:[^<>"']|{_QUOTED})*+)>""")
_LOOSE_ATTRIBUTE = re.compile(
    rf"""({S}*+)({NAME})(?:{S}*+={S}*+(?:({_QUOTED})|([^ \t\r\n"'<>=`{{}}()\[\],;]++)))?"""
)


class LooseTag(NamedTuple):
    """Something between ``<`` and ``>`` that starts like a tag."""

    name: str
    closing: bool
    """Written ``</…>``."""
    empty: bool
    """Written ``<…/>``."""
    end: int
    inside: tuple[int, int]
    """The span between the name and the closing ``>`` or ``/>``."""


class LooseAttribute(NamedTuple):
    """An attribute in whatever state: ``value_start`` is -1 if it has no value, ``quote`` empty if none."""

    name: str
    start: int
    name_end: int
    quote: str
    value_start: int
    value_end: int


def match_loose_tag(source: str, start: int) -> LooseTag | None:
    """The tag that may begin at ``source[start]``, or None when it is too broken to be one."""
    match = _LOOSE_TAG.match(source, start, min(len(source), start + _WINDOW))
    if match is None or not is_name(match[2]):
        return None
    inside_start, inside_end = match.span(3)
    body = match[3].rstrip(WHITESPACE)
    empty = not match[1] and body.endswith("/")
    if empty:
        inside_end = inside_start + len(body) - 1
    return LooseTag(match[2], bool(match[1]), empty, match.end(), (inside_start, inside_end))


def tag_inside(source: str, start: int, end: int, name: str) -> tuple[int, int]:
    """The span between the name and the closing ``>`` or ``/>`` of a start tag ``source[start:end]``."""
    inside = source[start:end].removesuffix(">").rstrip(WHITESPACE).removesuffix("/").rstrip(WHITESPACE)
    return start + 1 + len(name), start + len(inside)


def loose_attributes(source: str, start: int, end: int) -> Iterator[LooseAttribute]:
    """The attributes in ``source[start:end]`` as far as they can be understood."""
    while start < end:
        match = _LOOSE_ATTRIBUTE.match(source, start, end)
        if match is None or not is_name(match[2]):
            return
        if match[3] is not None:
            quote, (value_start, value_end) = match[3][0], (match.start(3) + 1, match.end(3) - 1)
        else:
            quote, (value_start, value_end) = "", match.span(4)
        yield LooseAttribute(match[2], match.start(2), match.end(2), quote, value_start, value_end)
        start = match.end()


def report_attributes(source: str, start: int, end: int, report: Report) -> bool:
    """Report each deviation in ``source[start:end]``; when that is no attribute list, only return False."""
    end = start + len(source[start:end].rstrip(WHITESPACE))
    attributes = list(loose_attributes(source, start, end))
    reached = max((_attribute_end(attribute) for attribute in attributes), default=start)
    if reached != end:
        return False
    for attribute in attributes:
        at = attribute.start
        if source[at - 1] not in WHITESPACE:
            message = f"There is no space before attribute '{attribute.name}'; repair adds it."
            report.add("attribute-space", at, attribute.name_end, message, Splice(at, at, " "))
    report_repeated(attributes, report)  # before the values: a new name goes in front of what they add
    for attribute in attributes:
        _report_value(source, attribute, report)
    return True


def proper_attributes(source: str, start: int, end: int) -> list[LooseAttribute]:
    """The attributes in ``source[start:end]``, part of a tag that follows the grammar."""
    found: list[LooseAttribute] = []
    for match in ATTRIBUTE_PATTERN.finditer(source, start, end):
        value = match.span(2) if match[2] is not None else match.span(3)
        found.append(LooseAttribute(match[1], *match.span(1), source[value[1]], *value))
    return found


def report_repeated(attributes: list[LooseAttribute], report: Report) -> None:
    """Report each name that one tag gives a second time."""
    taken = {attribute.name for attribute in attributes}
    if len(taken) == len(attributes):
        return
    seen: set[str] = set()
    for attribute in attributes:
        if attribute.name in seen:
            report_duplicate(report, attribute, fresh_name(attribute.name, taken))
        seen.add(attribute.name)


def report_duplicate(report: Report, attribute: LooseAttribute, new_name: str) -> None:
    """Report an attribute given twice; the repair renames it, for both values may matter."""
    at = attribute.name_end
    report.add(
        "attribute-twice",
        attribute.start,
        at,
        f"Attribute '{attribute.name}' is given twice; repair renames the second to '{new_name}'.",
        Splice(at, at, new_name.removeprefix(attribute.name)),
        guesses=True,
    )


def fresh_name(name: str, taken: set[str]) -> str:
    """``name_2``, or the next number that is not taken; adds it to ``taken``."""
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    taken.add(f"{name}_{number}")
    return f"{name}_{number}"


def _attribute_end(attribute: LooseAttribute) -> int:
    if attribute.value_start < 0:
        return attribute.name_end
    return attribute.value_end + len(attribute.quote)


def _report_value(source: str, attribute: LooseAttribute, report: Report) -> None:
    name, at, start, end = attribute.name, attribute.name_end, attribute.value_start, attribute.value_end
    if start < 0:
        message = f"Attribute '{name}' has no value; repair gives it its own name as value."
        report.add(
            "attribute-value", attribute.start, at, message, Splice(at, at, f'="{name}"'), guesses=True
        )
        return
    if not attribute.quote:
        message = f"The value of '{name}' is not in quotes; repair adds them."
        report.add("attribute-quotes", start, end, message, Splice(start, start, '"'), Splice(end, end, '"'))
        return
    for sign, code, entity in (("<", "attribute-lt", "&lt;"), (attribute.quote, "attribute-quote", "&quot;")):
        at = source.find(sign, start, end)
        while at >= 0:
            message = f"There is a {sign} inside the value of '{name}'; repair writes it as {entity}."
            report.add(code, at, at + 1, message, Splice(at, at + 1, entity))
            at = source.find(sign, at + 1, end)
