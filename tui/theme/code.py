"""Code in memories, coloured in four tones.

Keywords are bold; names, strings, numbers and comments have a tone each. A language that is known, or seen
at a glance, is read by Pygments; of any other code the words are coloured that most languages share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

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
_DIGITS = re.compile(r"_[\d_]+")
"""The rest of a number that is written `30_000`, where its language is read as if it had no such numbers."""
_MOST = 10_000
"""Characters of a text that is read by its language; more of it would hold up the page."""

_TONES = (
    ("Comment", "muted"),
    ("Keyword.Constant", "number"),
    ("Keyword", "strong"),
    ("Operator.Word", "strong"),
    ("Literal.String", "string"),
    ("Literal.Number", "number"),
    ("Name.Function", "name"),
    ("Name.Class", "name"),
    ("Name.Tag", "name"),
    ("Name.Attribute", "name"),
    ("Name.Decorator", "name"),
    ("Name.Builtin", "name"),
    ("Name.Variable", "name"),
    ("Generic.Inserted", "ok"),
    ("Generic.Deleted", "err"),
    ("Generic.Heading", "strong"),
    ("Generic.Prompt", "muted"),
)
"""Beginning of the name of a kind of token → the role it is drawn in; the first that fits."""


@cache
def _token() -> re.Pattern[str]:
    comment = r"//[^\n]*|(?:(?<=\s)|^)#[^\n]*|(?:(?<=\s)|^)--\s[^\n]*|/\*.*?(?:\*/|$)|<!--.*?(?:-->|$)"
    text = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`"
    return re.compile(
        rf"(?P<muted>{comment})|(?P<string>{text})|(?P<number>\b\d[\w.]*\b)|(?P<strong>\b(?:{_KEYWORDS})\b)"
    )


@cache
def _markup() -> re.Pattern[str]:
    return re.compile(
        r"(?P<muted><!--.*?(?:-->|$)|<[?!][^>]*>?)|(?P<strong></?[\w:.-]+|/?>)|(?P<string>\"[^\"]*\"|'[^']*')"
    )


def highlight(line: str, *, markup: bool = False) -> Content:
    """Colour a line of code without knowing its language."""
    content = Content.styled(line.expandtabs(4), "text")
    for match in (_markup() if markup else _token()).finditer(content.plain[:_LONGEST]):
        role = match.lastgroup
        if role is not None:
            content = content.stylize(role, *match.span())
    return content


def highlighted(text: str, language: str = "") -> Iterator[Content]:
    """Yield the lines of code in the tones of their language; `language` is its name in the text."""
    text = text.expandtabs(4)
    lexer = _lexer(language.lower() or _guess(text)) if len(text) <= _MOST else None
    if lexer is None:
        yield from map(highlight, text.split("\n"))
        return
    line, role = Content(""), ""
    for token, part in lexer.get_tokens(text + "\n"):  # some know the end of a line by what follows it
        rest = role == "number" and _DIGITS.fullmatch(part)
        role = "number" if rest or part[:1].isdecimal() else _role(str(token))
        first, *rest = part.split("\n")
        line += Content.styled(first, role)
        for piece in rest:
            yield line
            line = Content.styled(piece, role)


@cache
def _role(token: str) -> str:
    name = token.removeprefix("Token.")
    return next((role for start, role in _TONES if name.startswith(start)), "text")


@cache
def _lexer(language: str) -> Any:
    """Return the lexer of a language, None for one not known; a language loads once, in 1 to 40 ms."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if language in {"", "text", "txt", "plain", "plaintext"}:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


USUAL = ("sql", "javascript", "python", "bash", "yaml", "json", "typescript", "xml", "diff", "console")
"""Languages that most memories hold."""


def load_usual() -> None:
    """Load the usual languages, so that a page need not wait for them; for a thread."""
    for language in USUAL:
        _lexer(language)


@cache
def _signs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the signs of languages; SQL last, since it is in the texts of the others."""
    table = (
        r"SELECT|EXPLAIN|INSERT INTO|UPDATE \w+ SET|CREATE (?:\w+ )*(?:TABLE|INDEX)|ALTER TABLE|WITH \w+ AS"
    )
    script = r"export |const \w+|let \w+|interface \w+ \{|function \w+\(|await "
    return (
        ("console", re.compile(r"\A\$ \S")),
        ("json", re.compile(r"\A\s*[\[{]\s*(?:\"[^\"\n]*\"\s*[:,\]]|[\[{]\s*\")")),
        ("xml", re.compile(r"\A\s*<[\w?!]")),
        ("diff", re.compile(r"\A(?:diff --git|--- \S+\n\+\+\+ |@@ )")),
        ("python", re.compile(r"^\s*(?:def \w+\(.*\).*:|from [\w.]+ import |class \w+.*:)\s*", re.M)),
        ("typescript", re.compile(rf"^\s*(?:{script})|=> ", re.M)),
        ("sql", re.compile(rf"^\s*(?:{table})\b", re.M)),
    )


def _guess(text: str) -> str:
    """Return the language that a text shows at a glance; empty for none."""
    return next((language for language, sign in _signs() if sign.search(text)), "")
