"""Lists as people type them: one item a line, or values between commas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.model.field_path import field_path

_COMMAS = re.compile(r"[,;|\n]")
_SEPARATOR = re.compile(r"[ \t]*[,;|\n][ \t\r\n]*")


def items_of(text: str, *, commas: bool = False) -> list[str]:
    """Read the items of a list as people type it: one a line, or one a dash with its lines below it.

    With `commas`, as tags and technologies are written, one line may hold several.

    >>> items_of("- one\\n  more of it\\n- two"), items_of("a, b|c", commas=True)
    (['one\\nmore of it', 'two'], ['a', 'b', 'c'])
    """
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    if any(line.lstrip().startswith("- ") for line in lines):
        items: list[str] = []
        for line in lines:
            if line.lstrip().startswith("- ") or not items:
                items.append(line.strip().removeprefix("- ").strip())
            else:
                items[-1] += "\n" + line.removeprefix("  ")
        return items
    if commas:
        return [value for line in lines for part in _COMMAS.split(line) if (value := part.strip())]
    return [line.strip() for line in lines]


def list_text(items: list[str]) -> str:
    """Return items as the text of a field that is a list."""
    return "\n".join("- " + item.replace("\n", "\n  ") for item in items)


def read_as(found: Mapping[str, str], name: str, text: str) -> str:
    """Return the name under which a text is found: a nested field without others reads as a list of one."""
    above = str(field_path(name).above)
    if found.get(name) == text:
        return name
    return above if above and found.get(above) == list_text([text]) else ""


def swap_word(text: str, old: str, new: str) -> str:
    """Replace one value of a comma list, keeping how the rest is written; an empty `new` takes it out.

    >>> swap_word("a; b ; c", "b", "x"), swap_word("a, b, c", "a", ""), swap_word("a|b", "b", "a")
    ('a; x ; c', 'b, c', 'a')
    """
    parts = _SEPARATOR.split(text)
    signs = _SEPARATOR.findall(text)
    bare = [part.strip().removeprefix("- ") for part in parts]
    if old not in bare:  # a tag may have a sign in front, which is no part of it
        bare = [value.lstrip("#") for value in bare]
    if new in bare or f"#{new}" in bare:
        new = ""
    kept, between = "", ""
    for place, (part, value) in enumerate(zip(parts, bare, strict=True)):
        if value == old and not new:
            continue
        kept += (between if kept else "") + (part.replace(old, new) if value == old else part)
        between = signs[place] if place < len(signs) else ""
    return kept
