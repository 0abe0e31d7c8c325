"""The indentation that a file gives a text, and the text without it."""

from __future__ import annotations

import re

from index.model.text.text_diff import same_lines

_SPACE = " \t\r\n"
_BLOCK = re.compile(r"[^\n]*[:{(\[=>|\\][ \t]*\n[ \t\n]*(?!(?:[-*•+]|\d{1,3}[.)])[ \t])\S")
"""A first line that says of the others that they belong below it, but not words above a list."""
_LEVEL = re.compile(r"(?:\t| {1,4})$")
"""The indentation of a block inside of its opening line."""


def dedent(raw: str) -> str:
    """Return the value of an element's raw content: without its edges and the file's indentation.

    That is what all lines share where the first has a line of its own. Behind the tag nobody knows how deep
    the first would be: then it is what the others share; where the first begins a block, all but a level.

    >>> dedent("\\n      if x:\\n        go()\\n    "), dedent("first\\n      second\\n        third")
    ('if x:\\n  go()', 'first\\nsecond\\n  third')
    """
    head, body, _ = _split(raw)
    if "\n" not in body:
        return body
    first, *rest = body.split("\n")
    margin = len(_margin(head, body))
    return "\n".join([first.rstrip(_SPACE), *(line[margin:].rstrip(_SPACE) for line in rest)])


def _split(raw: str) -> tuple[str, str, str]:
    """Return white space, text, white space."""
    text = raw.replace("\r\n", "\n")
    body = text.strip(_SPACE)
    start = text.find(body) if body else len(text)
    return text[:start], body, text[start + len(body) :]


def _margin(head: str, body: str) -> str:
    """Return the indentation that is the file's."""
    _, *rest = body.split("\n")
    margins = [line[: len(line) - len(line.lstrip(" \t"))] for line in rest if line.strip(_SPACE)]
    if "\n" in head:
        margins.append(head.rpartition("\n")[2])
    shared = min(margins, key=len, default="")
    return _LEVEL.sub("", shared) if "\n" not in head and _BLOCK.match(body) else shared


def given(text: str) -> str:
    """Return a text as it was given, but for the blank lines around it and how its lines end.

    >>> given("\\n\\r\\n  if x:\\r\\n    go() \\n  ")
    '  if x:\\n    go() '
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head, body, tail = _split(text)
    return head.rpartition("\n")[2] + body + tail.partition("\n")[0] if body else ""


def within_edges(text: str) -> str:
    """Return a text without the blank lines at its end and, where it is one line, the blanks around it.

    Markdown holds these nowhere, or not everywhere.

    >>> within_edges(" one \\n"), within_edges("  if x:\\n    go() \\n\\n")
    ('one', '  if x:\\n    go() ')
    """
    text = line_ends(text)
    body = text.rstrip(_SPACE)
    body += text[len(body) :].partition("\n")[0]
    return body if "\n" in body.strip() else body.strip()


def is_plain(text: str) -> bool:
    """Whether a text as it was `given` can be laid out like the file around it, and be read again."""
    return dedent("\n" + text) == text


def indent_like(old: str, new: str) -> str:
    """Lay `new` out as the raw content `old` is, so that `dedent` gives it back.

    The same edges, the same indentation, and no byte of a line that says what it said is another one.

    Args:
        old: the element's own text as it is in the file.
        new: what a user typed, plain.
    """
    head, body, tail = _split(old)
    if not body:
        head = tail = ""
    margin = _margin(head, body)
    was, is_ = body.split("\n"), new.replace("\r\n", "\n").split("\n")
    lines = [is_[0], *(margin + line if line.strip(_SPACE) else "" for line in is_[1:])]
    same = same_lines(dedent(old).split("\n")[1:], is_[1:]) if "\n" in new else ()
    for start, place, size in same:
        lines[1 + place : 1 + place + size] = was[1 + start : 1 + start + size]
    laid = head + "\n".join(lines) + tail
    if dedent(laid) == dedent("\n" + new):
        return laid
    # Only on lines of its own the first line shows how deep the others are.
    end = tail if "\n" in tail else "\n"
    return "\n" + "\n".join(margin + line if line.strip(_SPACE) else "" for line in is_) + end


def line_ends(raw: str) -> str:
    """Return a text in which each line end is one ``\\n``."""
    return raw.replace("\r\n", "\n").replace("\r", "\n")
