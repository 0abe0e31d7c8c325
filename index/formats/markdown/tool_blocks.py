"""Parts of a Markdown file that a tool writes, by the comments around them: `<!-- BEGIN X -->`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.formats.markdown.outline import covers, outline
from index.model.file_record import ToolBlock

_COMMENT = re.compile(r"^[ \t]*<!--[ \t]*(?P<said>[^\r\n]{1,200}?)[ \t]*-->[ \t]*$", re.M)
_BEGIN = re.compile(r"(?<![a-z])(?:begin|start)(?![a-z])", re.I)
_END = re.compile(r"(?<![a-z])(?:end|stop)(?![a-z])|\A/", re.I)
_WORD = re.compile(r"[^\W_]+")
_ALL = re.compile(r"do not edit|don't edit|do not modify", re.I)
_ON_TOP = 600
"""Characters in which a comment is about all of the file."""
_YOURS = frozenset(["manual", "custom", "user", "users", "human", "your", "yours", "keep", "preserve"])
"""Words of a block that a tool leaves alone: it is made for people."""


def tool_blocks(text: str) -> tuple[ToolBlock, ...]:
    """Return the blocks of a text that a tool keeps, in order; a file that nobody is to edit is one."""
    if "<!--" not in text:
        return ()
    fences = [(fence.start, fence.end) for fence in outline(text).fences]
    plain = text.replace("\r\n", " \n").replace("\r", "\n")  # as long, and lines end in one way
    marks = [found for found in _COMMENT.finditer(plain) if not covers(fences, found.start())]
    top = next((mark for mark in marks if mark.start() < _ON_TOP and _ALL.search(mark["said"])), None)
    if top is not None and not _BEGIN.search(top["said"]):
        return (ToolBlock(top["said"], text),)
    found: list[ToolBlock] = []
    begun: list[tuple[re.Match[str], Sequence[str]]] = []
    for mark in marks:
        name = _words(_END.sub(" ", mark["said"]) if _END.search(mark["said"]) else mark["said"])
        if _END.search(mark["said"]) and name:
            place = next((at for at, (_, said) in enumerate(begun) if list(said[: len(name)]) == name), None)
            if place is not None:
                first = begun[place][0]
                if not _YOURS.intersection(begun[place][1]):
                    found.append(ToolBlock(first["said"], text[first.start() : mark.end()]))
                del begun[place:]
                continue
        begun.append((mark, _words(_BEGIN.sub(" ", mark["said"]))))
    return tuple(found)


def _words(said: str) -> list[str]:
    return _WORD.findall(said.lower())
