"""The parts of a Markdown text as they are meant: headings, lists, tables, code, links, emphasis.

Nothing of the text is lost: a stretch whose letters and digits are not all there again, in their order, is
read as running text instead, and so is what is too long to be read while somebody waits.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ENOUGH = 2000
"""Letters from which on a stretch ends at the next line that certainly begins something new."""
_MOST = 8000
"""Letters of a stretch that is read as Markdown: signs that nest in every letter take their square."""
_DEEPEST = 40
"""Lists and quotes in each other that are read as such."""
_WRAPPED = 60
"""A line this long goes on in the next one: someone wrapped it by hand. A shorter one ends where it ends."""
_FENCE = re.compile(r" {0,3}(?P<marker>`{3,}|~{3,})(?P<info>[^\n]*)")
QUOTE: Final = "▏"
"""The bar before each line of a quote."""
_TASK = re.compile(r"\[([ xX])\][ \t]+")


class TextRun(NamedTuple):
    """A stretch of a line in one style."""

    text: str
    style: str = ""
    """Empty, or one of `strong`, `em`, `strong em`, `code`, `strike`, `target`: the address of a link."""
    target: str = ""
    """Address that the text is a link to; empty for none."""


Line = tuple[TextRun, ...]


class MarkdownPart(NamedTuple):
    """A part of a text."""

    kind: str
    """`text`, `heading`, `code`, `table`, `rule`; `running` for text that is not read as Markdown."""
    line: Line = ()
    """Its text; line ends in it are meant."""
    mark: str = ""
    """In a list `·`, `1.`, `✓`, `○` or `1. ✓`; of code its language; of a heading `#` or more."""
    lead: str = ""
    """Before all of its lines: `▏ ` for each quote that it is in, and the cells of each item."""
    close: bool = False
    """Whether it follows the part before without an empty line."""
    rows: tuple[tuple[Line, ...], ...] = ()
    """Rows of a table, the head first."""
    right: tuple[bool, ...] = ()
    """Columns of a table that are aligned to the right."""


def is_markdown(path: str) -> bool:
    """Whether the texts of the entries of a file are Markdown."""
    from index.formats.registry import format_of

    return format_of(path).texts_are_markdown


def markdown_parts(text: str) -> Iterator[MarkdownPart]:
    """Yield the parts of a text, stretch by stretch, so that the beginning of a long one is there at once."""
    for kind, stretch, language in _stretches(text):
        if kind == "code":
            yield MarkdownPart("code", (TextRun(stretch),), language)
        elif kind == "markdown" and (parts := _read(stretch)) is not None:
            yield from parts
        else:
            yield MarkdownPart("running", (TextRun(stretch),))


# ── stretches ─────────────────────────────────────────────────────────────────

_Stretch = tuple[str, str, str]
"""A kind, `markdown`, `code` or `running`; a text; and the language of code."""


class _Fence(NamedTuple):
    """A fence that is open."""

    start: int
    marker: str
    language: str
    code: int
    """The offset of the first line in it."""


def _stretches(text: str) -> Iterator[_Stretch]:
    """Yield stretches that can be read by themselves.

    One ends before a line that certainly begins something new. What goes on and on is cut where a line
    begins at the margin, at last anywhere; in code, between two lines.
    """
    at = begin = 0
    fence: _Fence | None = None
    blank = False
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        line = text[at : min(end, at + 200)]
        mark = _FENCE.match(line)
        if fence is None:
            long = end - at > _MOST
            if begin < at and (long or _ends_here(line, at - begin, blank=blank, fence=bool(mark))):
                yield ("markdown" if at - begin < 2 * _MOST else "running"), text[begin:at], ""
                begin = at
            if long:
                yield "running", text[at:end].rstrip("\n"), ""
                begin = end
            elif mark and not (mark["marker"][0] == "`" and "`" in mark["info"]):
                fence = _Fence(at, mark["marker"], mark["info"].strip(), end)
        elif mark and _closes(mark, fence):
            fence = None
        elif end - begin > _MOST:
            if begin < fence.start:
                yield "markdown", text[begin : fence.start], ""
            at = begin = yield from _long_code(text, fence)
            fence, blank = None, True
            continue
        blank, at = not line.strip(), end
    if begin < len(text):
        yield ("markdown" if len(text) - begin < 2 * _MOST else "running"), text[begin:], ""


def _ends_here(line: str, length: int, *, blank: bool, fence: bool) -> bool:
    """Whether a stretch of a length ends before a line."""
    margin = not line[0].isspace()
    if length > _MOST:
        return margin or length > 2 * _MOST
    new = blank and not re.match(r"[>*+\-\d|](?!\*)", line)
    return length > _ENOUGH and margin and (fence or new)


def _closes(mark: re.Match[str], fence: _Fence) -> bool:
    return mark["marker"].startswith(fence.marker) and not mark["info"].strip()


def _long_code(text: str, fence: _Fence) -> Generator[_Stretch, None, int]:
    """Yield the code of a fence in pieces; return the offset behind it."""
    at = begin = fence.code
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        mark = _FENCE.match(text, at, min(end, at + 200))
        closed = bool(mark and _closes(mark, fence))
        if closed or end == len(text) or end - begin > _MOST:
            piece = text[begin : at if closed else end]
            begin = end
            if piece:
                yield "code", piece.rstrip("\n"), fence.language
        at = end
        if closed:
            break
    return at


# ── parts of a stretch ────────────────────────────────────────────────────────


@cache
def _parser() -> MarkdownIt:
    """Return the parser: CommonMark with tables; HTML is text, and so is all that it would take away."""
    from markdown_it import MarkdownIt

    class Verbatim(MarkdownIt):
        """Leaves the addresses of links as they are written."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802
            return url

        def normalizeLinkText(self, link: str) -> str:  # noqa: N802
            return link

    parser = Verbatim("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).disable(["reference", "entity"])
    return parser


def _read(stretch: str) -> list[MarkdownPart] | None:
    """Return the parts of a stretch; None where something of it would be lost."""
    reader = _Reader()
    for token in _parser().parse(stretch):
        reader.take(token)
    told = "".join(map(_words_of, reader.parts))
    return reader.parts if _letters(told) == _letters(stretch) else None


def _words_of(part: MarkdownPart) -> str:
    mark = part.mark.replace("✓", "x")
    lines = (part.line, *(cell for row in part.rows for cell in row))
    return mark + "".join(run.text for line in lines for run in line)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


class _Reader:
    """Makes parts of the tokens of a parser, one after the other."""

    def __init__(self) -> None:
        self.parts: list[MarkdownPart] = []
        self._around: list[str] = []
        """For each list that is open the mark of its current item, for each quote its bar."""
        self._fresh = False
        """Whether the mark of the innermost item is still to be shown."""
        self._close = False
        """Whether no empty line is before the next part."""
        self._rows: list[tuple[Line, ...]] = []
        self._cells: list[Line] = []
        self._right: list[bool] = []
        self._heading = ""

    def take(self, token: Token) -> None:
        """Take the next token."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._show_mark()
                self._close = any(mark != QUOTE for mark in self._around)
                self._around.append("")
            case "bullet_list_close" | "ordered_list_close":
                self._around.pop()
                self._fresh, self._close = False, False
            case "list_item_open":
                self._around[-1] = f"{token.info}{token.markup}" if token.info else "·"
                self._fresh = True
            case "list_item_close":
                self._show_mark()
                self._close = True
            case "blockquote_open":
                self._show_mark()
                self._around.append(QUOTE)
            case "blockquote_close":
                self._around.pop()
            case "heading_open":
                self._heading = "#" * int(token.tag[1:])
            case "heading_close":
                self._heading = ""
            case "fence" | "code_block":
                self._put(MarkdownPart("code", (TextRun(token.content.rstrip("\n")),), token.info.strip()))
            case "hr":
                self._put(MarkdownPart("rule"))
            case "th_open" if not self._rows:
                self._right.append("right" in str(token.attrs.get("style", "")))
            case "tr_close":
                self._rows.append(tuple(self._cells))
                self._cells = []
            case "table_close":
                self._put(MarkdownPart("table", rows=tuple(self._rows), right=tuple(self._right)))
                self._rows, self._right = [], []
            case "inline":
                self._take_text(token)

    def _take_text(self, token: Token) -> None:
        goes_on = (len(line) >= _WRAPPED for line in token.content.split("\n"))
        line = (*_line_of(token.children or [], goes_on),)
        if self._right:
            self._cells.append(line)
        elif self._heading:
            self._put(MarkdownPart("heading", line, self._heading))
        else:
            task = _TASK.match(line[0].text) if self._fresh and line and not line[0].style else None
            if task:
                state = "○" if task[1] == " " else "✓"
                self._around[-1] = state if self._around[-1] == "·" else f"{self._around[-1]} {state}"
                line = (line[0]._replace(text=line[0].text[task.end() :]), *line[1:])
            self._put(MarkdownPart("text", line))

    def _show_mark(self) -> None:
        """Show the mark of an item by itself, where something else than a text begins it."""
        if self._fresh:
            self._put(MarkdownPart("text"))
            self._close = True

    def _put(self, part: MarkdownPart) -> None:
        """Add a part where the lists and quotes are that it is in."""
        if part.kind != "text":
            self._show_mark()
        mark, around = part.mark, self._around
        if self._fresh:
            mark, around, self._fresh = around[-1], around[:-1], False
        lead = "".join(f"{QUOTE} " if one == QUOTE else " " * (len(one) + 1) for one in around)
        self.parts.append(part._replace(mark=mark, lead=lead, close=self._close))
        self._close = False


_STYLES = {"strong": "strong", "em": "em", "s": "strike"}


def _line_of(tokens: Sequence[Token], goes_on: Iterator[bool]) -> Iterator[TextRun]:
    """Yield the runs of a line: the signs around a text become its style, an address follows its link.

    `goes_on` says of each line of the source whether the next one goes on with it.
    """
    styles: list[str] = []
    links: list[tuple[str, str]] = []
    for token in tokens:
        style, target = " ".join(dict.fromkeys(styles)), links[-1][0] if links else ""
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            links.append((address, "" if token.markup == "autolink" else _address(address, token)))
        elif token.type == "link_close":
            address, behind = links.pop()
            if behind:
                yield TextRun(behind, "target", address)
        elif token.type == "image":
            yield from _line_of(token.children or [], goes_on)
            address = str(token.attrs.get("src", ""))
            yield TextRun(_address(address, token), "target", address)
        elif token.type.endswith("_open"):
            styles.append(_STYLES.get(token.tag, token.tag))
        elif token.type.endswith("_close"):
            styles.pop()
        elif token.type == "softbreak":
            yield TextRun(" " if next(goes_on, True) else "\n", style, target)
        elif token.type == "hardbreak":
            next(goes_on, True)
            yield TextRun("\n", style, target)
        elif token.type == "code_inline":
            yield TextRun(token.content, "code", target)
        elif token.content:
            yield TextRun(token.content, style, target)


def _address(address: str, token: Token) -> str:
    title = str(token.attrs.get("title", ""))
    return f" ({' '.join(filter(None, (address, title)))})"
