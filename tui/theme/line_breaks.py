"""Breaking lines of Chinese and Japanese, which put no spaces between words."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from textual.content import Content

from index.model.display import cells

_OPENING: Final = "（［｛「『【〔〈《“‘"
_CLOSING: Final = "、。，．：；？！）］｝」』】〕〉》”’…ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ・゙゚"
_LETTER: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"


@cache
def _has_letter() -> re.Pattern[str]:
    return re.compile(f"[{_LETTER}]")


@cache
def _unit() -> re.Pattern[str]:
    """Return the pattern of a text that stays in one line: a letter, or a word in others, with its signs."""
    return re.compile(
        rf"[{_OPENING}]*(?:(?![{_OPENING}])[{_LETTER}]|[^\s{_LETTER}]+)?[{_CLOSING}]*\s*", re.DOTALL
    )


def has_letters(text: str) -> bool:
    """Whether a text holds letters that a line may end between."""
    return not text.isascii() and _has_letter().search(text) is not None


def broken(line: Content, width: int) -> list[Content]:
    """Break one line so that words in other letters stay whole, and no line begins with a closing sign."""
    breaks, used = [], 0
    for unit in _unit().finditer(line.plain):
        text = unit.group()
        needed = cells(text.rstrip())
        if used and used + needed > width:
            breaks.append(unit.start())
            used = 0
        if needed > width:  # a word that no line holds
            at = unit.start()
            for part in Content(text.rstrip()).wrap(width)[:-1]:
                at += len(part.plain)
                breaks.append(at)
            used = cells(line.plain[at : unit.end()])
        else:
            used += cells(text)
    return line.divide(breaks) if breaks else [line]
