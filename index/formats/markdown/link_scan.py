"""Links of a Markdown text to other memories: `[text](path.md)`, `[[name]]`, `mem:name`, `@path.md`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import unquote

from index.formats.markdown.outline import covers, outline
from index.model.file_links import FileLink

_LINK = re.compile(
    r"\]\([ \t]*(?:<(?P<angled>[^<>\r\n]{1,500})>"
    r"|(?P<bare>[^\s<>()]{1,500}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?))"
    r"""(?:[ \t]+(?:"[^"\r\n]{0,300}"|'[^'\r\n]{0,300}'))?[ \t]*\)"""
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\r\n]{1,200}\]:[ \t]+<?(?P<bare>[^\s<>]{1,500})>?[ \t]*$", re.M)
_WIKI = re.compile(
    r"\[\[(?P<name>[^\s\[\]|#][^\[\]\r\n|#]{0,200})(?:#[^\[\]\r\n|]{0,200})?(?:\|[^\[\]\r\n]{0,200})?\]\](?!\()"
)
_MEMORY = re.compile(r"`mem:(?P<name>[^`\s]{1,200})`")
"""A reference of Serena's, which is code by design."""
_IMPORT = re.compile(r"(?:^|(?<=\s))@(?P<bare>(?![~/])[\w./-]{1,300}\.md)(?=[\s,;)]|$)", re.M)
_LOCAL = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/#?~\\$]|.*[{}*])")
"""Targets that are no URL, no place in the same file, no path of the machine, no pattern."""


def file_links(text: str) -> Iterator[FileLink]:
    """Yield the links of a text to other files, in order; none in code, in a comment or to a URL."""
    if not any(mark in text for mark in ("](", "]:", "[[", "`mem:", "@")):
        return
    hidden = _hidden(text)
    found = [_by_name(match) for match in _WIKI.finditer(text) if not covers(hidden, match.start())]
    for pattern in (_LINK, _DEFINITION, _IMPORT):
        for match in pattern.finditer(text):
            if not covers(hidden, match.start()) and (link := _pathed(match)) is not None:
                found.append(link)
    blocks = [span for span in hidden if "\n" in text[slice(*span)]]
    found += [
        _by_name(match)._replace(is_full=True)
        for match in _MEMORY.finditer(text)
        if not covers(blocks, match.start())
    ]
    yield from sorted(found)


def _by_name(match: re.Match[str]) -> FileLink:
    name = match["name"]
    end = match.start("name") + len(name.rstrip())
    return FileLink(match.start("name"), end, name.rstrip(), by_name=True)


def _pathed(match: re.Match[str]) -> FileLink | None:
    """Return the link to a path without what names a place in it; None where it leads elsewhere."""
    group = "angled" if match.groupdict().get("angled") else "bare"
    written = re.split(r"[#?]", match[group], maxsplit=1)[0]
    if not written or not _LOCAL.match(written):
        return None
    start = match.start(group)
    return FileLink(start, start + len(written), unquote(written))


def _hidden(text: str) -> list[tuple[int, int]]:
    """Return the spans of code and comments, in order."""
    seen = outline(text)
    blocks = sorted([(fence.start, fence.end) for fence in seen.fences] + seen.comments)
    spans = [span for span in _code_spans(text) if not covers(blocks, span[0])] if "`" in text else []
    return sorted(blocks + spans)


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of code within lines: from ticks to the next as many, found in one pass a line."""
    for line in re.finditer(r"[^\r\n]*`[^\r\n]*", text):
        ticks = [(found.start(), found.end()) for found in re.finditer("`+", line[0])]
        places: dict[int, list[int]] = {}
        for place, (start, end) in enumerate(ticks):
            places.setdefault(end - start, []).append(place)
        place = 0
        while place < len(ticks):
            start, end = ticks[place]
            same = places[end - start]
            following = bisect_right(same, place)
            if following < len(same):
                place = same[following]
                yield line.start() + start, line.start() + ticks[place][1]
            place += 1
