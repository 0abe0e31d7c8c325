"""Texts that would read as structure, put where they are a text: in a code block, or indented as one."""

from __future__ import annotations

import re

from index.formats.conflict_markers import find_markers
from index.formats.markdown.named_parts import LABEL
from index.formats.markdown.outline import RULE, covers, lines, outline


def misleads(text: str) -> bool:
    """Whether something in a text reads as a heading, a label, a rule, or hides the text behind it."""
    seen = outline(text)
    if (
        seen.headings
        or any(not fence.closed for fence in seen.fences)
        or any(True for _ in find_markers(text))
    ):
        return True
    if any(end == len(text) and "-->" not in text[start:end] for start, end in seen.comments):
        return True
    rows = (text[start:end].rstrip("\r\n") for start, end in lines(text) if not covers(seen.hidden, start))
    return any(RULE.match(row) or LABEL.match(row) for row in rows)


def fenced(text: str) -> str:
    """Return a text as a code block, between more ticks than it has in a row.

    >>> fenced("## A heading")
    '```\\n## A heading\\n```'
    """
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}\n{text.rstrip(chr(10))}\n{ticks}"


def indented(text: str) -> str:
    """Return a text as a code block by its indentation.

    >>> indented("## A heading")
    '    ## A heading'
    """
    return "\n".join(f"    {line}" if line.strip() else line for line in text.split("\n"))
