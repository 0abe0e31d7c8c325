"""The entities that a DOCTYPE declares: their names only, for nothing of it is ever expanded."""

from __future__ import annotations

import re
from collections.abc import Container

from index.formats.xml.values import legible
from index.model.text.margins import line_ends

_PART = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|"[^"]*+"|'[^']*+'|(?P<more>%)"""
    r"""|<!ENTITY[ \t\r\n]++(?:%[ \t\r\n]|(?P<name>[^ \t\r\n"'<>&%;]++)[ \t\r\n])""",
    re.DOTALL,
)
"""A declaration, after everything that only looks like one: a comment, an instruction, a quoted value."""
_EXTERNAL = re.compile(r"<!DOCTYPE[ \t\r\n]++[^ \t\r\n\[>]++[ \t\r\n]++(?:SYSTEM|PUBLIC)")

_PERCENT = re.compile(r"""(<!ENTITY[ \t\r\n]++%)|%(?![^ \t\r\n"'<>&%;]++;)""")
"""A percent sign that means itself, after one that tells the kind of entity that is declared."""


class _Anything:
    """The entities that a DOCTYPE may declare when a part of it is elsewhere."""

    def __contains__(self, name: object) -> bool:
        return True


def wrong_in(doctype: str) -> tuple[str, int]:
    """Return the fault of ``doctype`` in words, empty when it is well-formed, and its character.

    External parts and parameter entities are not looked at, and no entity is expanded.
    """
    from xml.parsers.expat import ExpatError, ParserCreate, errors

    try:
        read = _PERCENT.sub(lambda sign: sign[1] or "x", legible(doctype))  # "100%" is clear
        ParserCreate("utf-8").Parse(f"{read}<x-x/>".encode(), True)
    except ExpatError as error:
        lines = line_ends(doctype).split("\n")[: error.lineno - 1]
        at = sum(len(line) + 1 for line in lines) + error.offset
        return errors.messages[error.code], min(at, len(doctype) - 1)
    return "", 0


def declared_entities(doctype: str) -> Container[str]:
    """Return the names of the general entities that ``doctype`` declares.

    Any name may be declared where it has an external part or uses a parameter entity (``%more;``).
    """
    parts = list(_PART.finditer(doctype))
    if _EXTERNAL.match(doctype) or any(part["more"] for part in parts):
        return _Anything()
    return frozenset(part["name"] for part in parts if part["name"])
