"""Code in memories, told apart from prose and coloured without knowing its language."""

from __future__ import annotations

import re
from functools import cache

from textual.content import Content

_KEYWORDS = (
    "and|as|assert|async|await|begin|break|case|catch|class|const|continue|def|default|"
    "defer|del|delete|do|elif|else|end|enum|except|export|extends|extern|false|False|"
    "finally|fn|for|foreach|from|func|function|global|go|if|impl|implements|import|in|"
    "insert|instanceof|interface|into|is|join|lambda|let|limit|match|module|mut|new|nil|"
    "None|not|null|Null|of|on|or|order|package|pass|private|protected|pub|public|raise|"
    "return|select|self|set|static|struct|super|switch|table|then|this|throw|throws|trait|"
    "true|True|try|type|typeof|union|unless|until|update|use|using|val|values|var|void|"
    "when|where|while|with|yield|ALTER|AND|AS|BEGIN|BY|COMMIT|CREATE|DELETE|DROP|FROM|"
    "GROUP|INDEX|INSERT|INTO|JOIN|LEFT|LIMIT|NOT|NULL|ON|OR|ORDER|SELECT|SET|TABLE|UPDATE|"
    "VALUES|WHERE|WITH"
)
_LONGEST = 2000
"""Characters of a line that are coloured; a longer line is data, not code to read."""


@cache
def _token() -> re.Pattern[str]:
    comment = r"//[^\n]*|(?:(?<=\s)|^)#[^\n]*|(?:(?<=\s)|^)--\s[^\n]*|/\*.*?(?:\*/|$)|<!--.*?(?:-->|$)"
    literal = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`|\b\d[\w.]*\b"
    return re.compile(rf"(?P<muted>{comment})|(?P<accent>{literal})|(?P<strong>\b(?:{_KEYWORDS})\b)")


@cache
def _markup() -> re.Pattern[str]:
    return re.compile(
        r"(?P<muted><!--.*?(?:-->|$)|<[?!][^>]*>?)|(?P<strong></?[\w:.-]+|/?>)|(?P<accent>\"[^\"]*\"|'[^']*')"
    )


def highlight(line: str, *, markup: bool = False) -> Content:
    """Colour a line of code: keywords bold, literals in the accent, comments muted."""
    content = Content.styled(line.expandtabs(4), "text")
    for match in (_markup() if markup else _token()).finditer(content.plain[:_LONGEST]):
        role = match.lastgroup
        if role is not None:
            content = content.stylize(role, *match.span())
    return content


@cache
def _names() -> re.Pattern[str]:
    return re.compile(r"(?:^|-)(?:code|snippet|example|command|commands|sql|script|config|configuration)$")


@cache
def _line() -> re.Pattern[str]:
    return re.compile(
        r"[;{}]\s*$|^\s*(?:\$ |[\w.]+\(.*\)|[\w.\[\]]+ = |(?:def|class|import|const|let|var|return) )"
        r"|^\s*(?:EXPLAIN|SELECT|FROM|WHERE|AND|OR|ORDER|GROUP|LIMIT|INSERT|UPDATE|DELETE|CREATE|ALTER)\s"
    )


def looks_like_code(name: str, text: str) -> bool:
    """Return whether a field of several lines is code: by its name, or by most of its lines.

    `name` is folded. One line is prose, whatever it says.
    """
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    if len(lines) < 2:
        return False
    coded = sum(1 for line in lines if _line().search(line))
    return coded * 2 > len(lines) or (bool(_names().search(name)) and coded * 5 >= len(lines))
