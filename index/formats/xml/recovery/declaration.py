"""Damaged XML declarations: where one ends, and the parts that would be lost when a plain one is written."""

from __future__ import annotations

import re

from index.formats.xml.markup import NAME, S
from index.formats.xml.values import legible

IS_DECLARATION = re.compile(rf"<\?xml(?={S}|[?/<>\[]|\Z)", re.IGNORECASE)
_ATTRIBUTE = (
    rf"""{S}*+(?:version{S}*+={S}*+(["']?)1\.[0-9]*+\1"""
    rf"""|(?:encoding|standalone){S}*+={S}*+(["']?)[\w.:-]*+\2)"""
)
_END = rf"(?:\?{S}*+>|/{S}*+>|>|(?=<(?:[!?]|{NAME}(?:{S}|/?>))))"
_KNOWN = re.compile(rf"<\?xml(?:{_ATTRIBUTE})*+{S}*+{_END}", re.IGNORECASE | re.ASCII)
_WINDOW = 4_096
"""Characters a declaration may take."""
_DASHES = re.compile(r"-(?=-|\Z)")


def declaration_end(source: str, start: int, close: int) -> int:
    """Return the end of the declaration at `start`; 0 when it is none.

    Args:
        source: the file's text.
        start: the offset of `<?xml`.
        close: behind the next `?>`; less than `start` when there is none. It ends a declaration in which
            there is more than belongs there only if that cannot be a part of the file: nothing may end in it
            or begin another instruction.
    """
    known = _KNOWN.match(source, start, start + _WINDOW)
    if known is not None:
        return known.end()
    inside = source[start + 2 : close]
    if close <= start or len(inside) > _WINDOW or "</" in inside or "<?" in inside:
        return 0
    return close if "<" not in inside or "\n" not in inside else 0


def is_sure(declaration: str) -> bool:
    """Whether nothing is lost, and nothing guessed, when a plain one takes its place."""
    return declaration.endswith("?>") and _KNOWN.fullmatch(declaration) is not None


def kept_of(declaration: str) -> str:
    """A comment with the text of a declaration that does not belong into one, or nothing."""
    if _KNOWN.match(declaration + "<a>"):
        return ""
    inside = declaration[2:].removesuffix("?>").removesuffix(">")
    return f"<!-- {_DASHES.sub('- ', legible(inside))} -->"
