"""Which entities a DOCTYPE declares: their names only, for nothing of it is ever expanded."""

from __future__ import annotations

import re
from collections.abc import Container

_PART = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|"[^"]*+"|'[^']*+'|(?P<more>%)"""
    r"""|<!ENTITY[ \t\r\n]++(?:%[ \t\r\n]|(?P<name>[^ \t\r\n"'<>&%;]++)[ \t\r\n])""",
    re.DOTALL,
)
"""What may hold a declaration, after what only looks like one: a comment, an instruction, a quoted value."""
_EXTERNAL = re.compile(r"<!DOCTYPE[ \t\r\n]++[^ \t\r\n\[>]++[ \t\r\n]++(?:SYSTEM|PUBLIC)")


class _Anything:
    """The entities that a DOCTYPE may declare when a part of it stands elsewhere."""

    def __contains__(self, name: object) -> bool:
        return True


def declared_entities(doctype: str) -> Container[str]:
    """Return the names of the general entities that ``doctype`` declares.

    Any name may be declared where it has an external part or uses a parameter entity (``%more;``).
    """
    parts = list(_PART.finditer(doctype))
    if _EXTERNAL.match(doctype) or any(part["more"] for part in parts):
        return _Anything()
    return frozenset(part["name"] for part in parts if part["name"])
