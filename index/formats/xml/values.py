"""The value of raw text: references resolved, line ends and white space as XML reads them."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache

from index.formats.charsets import letter_of
from index.model.text.letters import FORBIDDEN
from index.model.text.margins import line_ends

REFERENCE = re.compile(
    r"&(?:#([0-9]++)|#x([0-9a-fA-F]++)|([^\x00-9;-@\[-^`{-\x7f][^\x00-,/;-@\[-^`{-\x7f]*+));"
)
"""Names are matched loosely, as `markup` does: letters, digits, ``_ - . :``, all beyond ASCII."""
_PREDEFINED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DIGITS = 8
"""More digits than the largest character number has, in any base XML allows."""


def text_value(raw: str, declared: Container[str] = ()) -> str:
    """Return the value of raw text; an unknown reference, or one in ``declared``, stays as written."""
    if "\r" in raw:
        raw = line_ends(raw)
    return REFERENCE.sub(lambda found: resolve(found, declared), raw) if "&" in raw else raw


def attribute_value(raw: str) -> str:
    """Return the value of a raw attribute: there, tabs and line ends are spaces."""
    if "\r" in raw:
        raw = line_ends(raw)
    if "\n" in raw or "\t" in raw:
        raw = raw.replace("\n", " ").replace("\t", " ")
    return REFERENCE.sub(resolve, raw) if "&" in raw else raw


def legible(raw: str) -> str:
    """Raw text with a stand-in for every character that XML forbids and every byte that is none."""
    return FORBIDDEN.sub(lambda match: stand_in(match[0]), raw)


def stand_in(character: str) -> str:
    """Return a character to show for one that XML forbids: always one that it allows."""
    code = ord(character)
    if code < 32:
        return chr(0x2400 + code)  # the picture of the control character
    if 0xDC80 <= code <= 0xDCFF:
        return letter_of(code - 0xDC00)  # a byte that was not UTF-8, kept by decoding
    return "\ufffd"


def resolve(reference: re.Match[str], declared: Container[str] = ()) -> str:
    """Return the value of a reference; one in ``declared`` is neither expanded nor taken for HTML's."""
    decimal, hexadecimal, name = reference.groups()
    if name:
        if name in declared:
            return _PREDEFINED.get(name, reference[0])
        return _PREDEFINED.get(name) or html_entity(name) or reference[0]
    code = _number(decimal, hexadecimal)
    return chr(code) if _is_legal_code(code) else reference[0]


def is_legal(decimal: str | None, hexadecimal: str | None) -> bool:
    """Whether the digits of a character reference name a character XML allows."""
    return _is_legal_code(_number(decimal, hexadecimal))


def html_entity(name: str) -> str:
    """Return the characters of an entity of HTML (``nbsp``); empty for an unknown name."""
    return _html_entities().get(f"{name};", "")


@cache
def _html_entities() -> dict[str, str]:
    from html.entities import html5

    return html5


def _number(decimal: str | None, hexadecimal: str | None) -> int:
    digits = (decimal or hexadecimal or "").lstrip("0")
    return int(digits or "0", 10 if decimal else 16) if len(digits) <= _DIGITS else -1


def _is_legal_code(code: int) -> bool:
    return (
        32 <= code <= 0xD7FF or code in {9, 10, 13} or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    )
