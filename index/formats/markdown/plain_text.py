"""The words of a Markdown text without its marks, as a list shows them in one line."""

from __future__ import annotations

import re

_WORDS = r"(?:[^\n`]|`[^`\n]*`){1,200}?"
_INLINE = re.compile(
    r"\\(?P<escaped>[*_`\[\]#<>\\|~])"
    r"|(?P<ticks>`{1,100}+)(?!`)(?P<code>[^\n]{1,200}?)(?<!`)(?P=ticks)(?!`)"
    r"|!?\[(?P<label>(?:[^\[\]\n`]|`[^`\n]*`){0,200})\]"
    r"\((?:<[^<>\n]{0,500}>|[^\s()]{0,500}(?:\([^\s()]{0,200}\))?)"
    r"""(?:[ \t]+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?[ \t]*\)"""
    r"|\[\[(?P<name>[^\s\[\]|][^\[\]\n|]{0,200})(?:\|(?P<alias>[^\[\]\n]{1,200}))?\]\]"
    rf"|(?<![\w*/\\])(?P<stars>\*{{1,3}})(?![\s*./])(?P<strong>{_WORDS})(?<![\s*\\/])(?P=stars)(?![\w*/]|\.\w)"
    rf"|(?<![\w_/\\])(?P<lines>_{{1,3}})(?![\s_./])(?P<soft>{_WORDS})(?<![\s_\\/])(?P=lines)(?![\w_/]|\.\w)"
    rf"|~~(?=\S)(?P<struck>{_WORDS})(?<=\S)~~"
)
_MARKS = re.compile(r"[*_`\[\\~]")
_BLOCK = re.compile(
    r"^[ \t]*+(?:(?:`{3,}|~{3,})[^`\n]*|(?:[-*_][ \t]*){3,}|(?=[^\n]*-{3})[ \t:|-]+)$\n?"  # fences, rules
    r"|^[ \t]*(?:>[ \t]?)+|^[ \t]{0,3}#{1,6}[ \t]+|(?<=[-*+] )\[[ xX]\][ \t]+"
    r"|^[ \t]*\|[ \t]*|(?:(?<![ \t])[ \t]+)?\|[ \t]*$",
    re.M,
)
_CELL = re.compile(r"[ \t]+\|[ \t]+")
_ROW = re.compile(r"^[ \t]*\|.*$", re.M)


def plain(line: str) -> str:
    """Return the text of a line without its marks: emphasis, code, links.

    >>> plain("**Fix** for `pool` in [docs](x.md), `__init__` and src/**/*.ts")
    'Fix for pool in docs, __init__ and src/**/*.ts'
    """
    return " ".join(_without_marks(line).split())


def plain_text(text: str) -> str:
    r"""Return a text without marks; each item of a list keeps its dash.

    >>> plain_text("## Why\n\n- [x] **done**, see [[retry-budget]]\n\n| a | b |\n|---|---|\n| `c` | d |")
    'Why\n\n- done, see retry-budget\n\na · b\nc · d'
    """
    if "|" in text:
        text = _ROW.sub(lambda row: _CELL.sub(" · ", row[0]), text)
    return _without_marks(_BLOCK.sub("", text))


def _without_marks(text: str) -> str:
    return _INLINE.sub(_words_in, text) if _MARKS.search(text) else text


def _words_in(found: re.Match[str]) -> str:
    """Return the words of a span; those in code are kept as they are."""
    if found["code"] is not None:
        return found["code"].strip() or found["code"]
    inside = found["label"] or found["strong"] or found["soft"] or found["struck"]
    if inside:
        return _without_marks(inside)
    return found["escaped"] or found["alias"] or found["name"] or ""
