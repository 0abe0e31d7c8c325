"""Names of files: as the system hands them over, any bytes but two, and as a tree spells them, text."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from pathlib import Path

_STRAY = re.compile("[\udc80-\udcff]")
"""Bytes of a name that are no UTF-8, as Python hands them over."""
_ODD = re.compile(r"[\udc80-\udcff]|\\(?=x[0-9a-f]{2})")
_SPELLED = re.compile(rb"\\x([0-9a-f]{2})")


def spelled(name: str) -> str:
    """Return a path or an id of the system as a tree spells it: bytes that are no UTF-8 as `\\xe9`.

    A backslash that would be taken for that is spelled, too, so that no two files have one path.

    >>> spelled("caf\\udce9.xml"), spelled(r"caf\\xe9.xml")
    ('caf\\\\xe9.xml', 'caf\\\\x5cxe9.xml')
    """
    if name.isascii() and "\\" not in name:
        return name
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    return _ODD.sub(lambda odd: f"\\x{ord(odd[0]) & 0xFF:02x}", text)


def unspelled(path: str) -> str:
    """Return a path of a tree as the system knows it; that of `spelled`, turned around.

    >>> unspelled(spelled(r"a\\x\\xe9")) == r"a\\x\\xe9", unspelled(r"caf\\xe9.xml") == "caf\\udce9.xml"
    (True, True)
    """
    data = path.encode("utf-8", "surrogateescape")
    return os.fsdecode(_SPELLED.sub(lambda found: bytes([int(found[1], 16)]), data))


def as_typed(name: str, known: Container[str] = ()) -> str:
    """Return a path or an id that somebody named, as a tree spells it: they may have copied that.

    `known` are the paths or ids that there are.
    """
    own = spelled(name)
    return own if _STRAY.search(name) or (name not in known and own in known) else name


def shown(path: Path | str) -> str:
    """Return a path as text that can be printed: control characters and stray bytes escaped."""
    text = os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
