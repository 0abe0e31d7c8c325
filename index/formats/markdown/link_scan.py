"""Links of a Markdown text to other memories: `[text](path.md)`, `[[name]]`, `mem:name`, `@path.md`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import unquote

from index.formats.markdown.outline import covers, line_start, outline
from index.model.file_links import FileLink

_LINK = re.compile(
    r"\]\([ \t]*(?:<(?P<angled>[^<>\r\n]{1,500})>"
    r"|(?P<bare>[^\s<>()]{1,500}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?))"
    r"""(?:[ \t]+(?:"[^"\r\n]{0,300}"|'[^'\r\n]{0,300}'))?[ \t]*\)"""
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\r\n]{1,200}\]:[ \t]+<?(?P<bare>[^\s<>]{1,500})>?[ \t]*$", re.M)
_WIKI = re.compile(
    r"\[\[(?P<name>[^\s\[\]|#:][^\[\]\r\n|#]{0,200})(?:#[^\[\]\r\n|]{0,200})?(?:\|[^\[\]\r\n]{0,200})?\]\](?!\()"
)
_MEMORY = re.compile(r"`mem:(?P<name>[^`\s]{1,200})`")
"""A reference of Serena's, which is code by design."""
_IMPORT = re.compile(r"(?:^|(?<=\s))@(?P<bare>(?![~/])[\w./-]{1,300}\.md)(?=[\s,;)]|$)", re.M)
_TICKS = re.compile("`+")
_LINE_END = re.compile(r"[\r\n]")
_LOCAL = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/#?~\\$]|.*[{}*])")
"""Targets that are no URL, no place in the same file, no path of the machine, no pattern."""


def file_links(text: str) -> Iterator[FileLink]:
    """Yield the links of a text to other files, in order; none in code, in a comment or to a URL."""
    found = [(match, _by_name(match)) for match in _WIKI.finditer(text)] if "[[" in text else []
    for mark, pattern in (("](", _LINK), ("]:", _DEFINITION), ("@", _IMPORT)):
        for match in pattern.finditer(text) if mark in text else ():
            if (link := _pathed(match)) is not None:
                found.append((match, link))
    memories = list(_MEMORY.finditer(text)) if "`mem:" in text else []
    if not found and not memories:
        return
    seen = outline(text)
    blocks = sorted([(fence.start, fence.end) for fence in seen.fences] + seen.comments)
    code = _CodeSpans(text)
    links = [
        link
        for match, link in sorted(found, key=lambda one: one[0].start())
        if not covers(blocks, match.start()) and not code.holds(match.start())
    ]
    links += [
        _by_name(match)._replace(is_full=True) for match in memories if not covers(blocks, match.start())
    ]
    yield from sorted(links)


def _by_name(match: re.Match[str]) -> FileLink:
    name = match["name"]
    end = match.start("name") + len(name.rstrip())
    return FileLink(match.start("name"), end, name.rstrip(), by_name=True)


def _pathed(match: re.Match[str]) -> FileLink | None:
    """Return the link to a path without the name of a place in it; None where it leads elsewhere."""
    group = "angled" if match.groupdict().get("angled") else "bare"
    written = re.split(r"[#?]", match[group], maxsplit=1)[0]
    if not written or not _LOCAL.match(written):
        return None
    start = match.start(group)
    return FileLink(start, start + len(written), unquote(written))


class _CodeSpans:
    """The spans of code in the lines of a text, asked for from the first line to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = (0, 0)
        self._spans: list[tuple[int, int]] = []

    def holds(self, at: int) -> bool:
        """Whether an offset is in a span of code; each line is looked through once."""
        if at >= self._line[1]:
            start = line_start(self._text, at)
            end = _LINE_END.search(self._text, at)
            self._line = start, end.end() if end else len(self._text)
            self._spans = _code_spans(self._text, *self._line)
        return covers(self._spans, at)


def _code_spans(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of code in a line, from ticks to the next as many, found in one pass."""
    ticks = [found.span() for found in _TICKS.finditer(text, begin, end)]
    places: dict[int, list[int]] = {}
    for place, (first, last) in enumerate(ticks):
        places.setdefault(last - first, []).append(place)
    spans, place = [], 0
    while place < len(ticks):
        first, last = ticks[place]
        same = places[last - first]
        following = bisect_right(same, place)
        if following < len(same):
            place = same[following]
            spans.append((first, ticks[place][1]))
        place += 1
    return spans
