"""Links of a Markdown text to other memories, and the lines of an index that hold them."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from index.formats.linking import IndexLine
from index.formats.markdown.field_splices import line_end, newline_of
from index.formats.markdown.outline import covers, line_start, lines, outline
from index.model.display import shorten
from index.model.file_links import FileLink
from index.model.problems import Splice
from index.model.text.text_diff import same_lines

_LINK = re.compile(
    r"\]\([ \t]*(?:<(?P<angled>[^<>\r\n]{1,500})>"
    r"|(?P<bare>[^\s<>()]{1,500}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?))"
    r"""(?:[ \t]+(?:"[^"\r\n]{0,300}"|'[^'\r\n]{0,300}'))?[ \t]*\)"""
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\r\n]{1,200}\]:[ \t]+<?(?P<bare>[^\s<>]{1,500})>?[ \t]*$", re.M)
_WIKI = re.compile(
    r"\[\[(?P<name>[^\s\[\]|#:][^\[\]\r\n|#]{0,200})(?:#[^\[\]\r\n|]{0,200})?(?:\|[^\[\]\r\n]{0,200})?\]\](?!\()"
)
_ATTACHED = re.compile(r"\.(?!md$|mdc$|markdown$)[a-z][a-z0-9]+$", re.I)
"""End of an embedded name that is no memory: `![[plan.png]]`, which may lie anywhere."""
_MEMORY = re.compile(r"`mem:(?P<name>[^`\s]{1,200})`")
"""A reference of Serena's, which is code by design."""
_IMPORT = re.compile(r"(?:^|(?<=\s))@(?P<bare>(?![~/])[\w./-]{1,300}\.md)(?=[\s,;)]|$)", re.M)
_TICKS = re.compile("`+")
_LINE_END = re.compile(r"[\r\n]")
_LOCAL = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/#?~\\$]|.*[{}*])")
"""Targets that are no URL, no place in the same file, no path of the machine, no pattern."""


def file_links(text: str) -> Iterator[FileLink]:
    """Yield the links of a text to other files, in order; none in code, in a comment or to a URL."""
    found = [(one, _by_name(one)) for one in _WIKI.finditer(text) if not _shows_a_picture(one)]
    for mark, pattern in (("](", _LINK), ("]:", _DEFINITION), ("@", _IMPORT)):
        for match in pattern.finditer(text) if mark in text else ():
            if (link := _pathed(match)) is not None:
                found.append((match, link))
    memories = list(_MEMORY.finditer(text)) if "`mem:" in text else []
    if not found and not memories:
        return
    seen = outline(text)
    code = _CodeSpans(text)
    links = [
        link
        for match, link in sorted(found, key=lambda one: one[0].start())
        if not covers(seen.hidden, match.start()) and not code.holds(match.start())
    ]
    links += [
        _by_name(match)._replace(is_full=True) for match in memories if not covers(seen.hidden, match.start())
    ]
    yield from sorted(links)


def _shows_a_picture(match: re.Match[str]) -> bool:
    embedded = match.start() and match.string[match.start() - 1] == "!"
    return bool(embedded and _ATTACHED.search(match["name"].rstrip()))


def _by_name(match: re.Match[str]) -> FileLink:
    name = match["name"].rstrip(" \t\\")  # in a table the bar before the shown words has a backslash
    return FileLink(match.start("name"), match.start("name") + len(name), name, by_name=True)


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


_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_MORE = re.compile(r"(?:[ \t]+(?![-*+][ \t]|\d{1,9}[.)][ \t])\S[^\r\n]*(?:\r\n?|\n|\Z))*")
"""Lines further in that begin no item: they go on with the one above."""
_HEAD = re.compile(r"(?:\*\*|__)?(?:(?P<wiki>\[\[)|\[(?P<title>[^\]\r\n]*)\]\([ \t]*<?)")
_BEHIND = re.compile(r"(?:[^\r\n)\]]*\]\]|[^\r\n)]*\))(?:\*\*|__)?[ \t]*(?:(?:[-–—:|]|->|→)[ \t]+)?")
_DASH = re.compile(r"[ \t]*(?:[-–—:|]|->|→)?[ \t]*\Z")
_LONGEST = 150
"""Characters about a memory in the line of an index."""
_COPY = re.compile(r"[ _-]\d(?=(?:\.[A-Za-z]+)*\Z)")
"""The number in the name of a copy: `style_2.md`."""
_SUFFIX = re.compile(r"(?<=.)\.(?:md|mdc|markdown)\Z", re.I)
_PREFIX = re.compile(r"[^_-]*[_-]")


class MarkdownLinks:
    """Links to paths and names, none of them in code."""

    def links(self, text: str) -> Iterable[FileLink]:
        return file_links(text)

    def can_name(self, link: FileLink, name: str) -> bool:
        """Whether a name, with the signs around it, reads as a link."""
        said = f"`mem:{name}`" if link.is_full else f"[[{name}]]"
        return [one.target for one in file_links(said)] == [name]

    def written(self, text: str, link: FileLink, target: str) -> str:
        """Write a target as the link's own: in angles or escaped, with or without a suffix and `./`."""
        old = text[link.start : link.end]
        if not _SUFFIX.search(link.target):
            target = _SUFFIX.sub("", target)
        if link.by_name:
            return target
        if old.startswith("./") and not target.startswith("."):
            target = f"./{target}"
        if "%" in old:
            return quote(target)
        signs = r"[<>#?%]" if text[link.start - 1 : link.start] == "<" else r"[\s<>()#?%]"
        return re.sub(signs, lambda found: quote(found[0]), target)

    def line_of(self, text: str, link: FileLink) -> IndexLine | None:
        """Return the item of a list that begins with a link: behind other words it is no line of an index."""
        start = line_start(text, link.start)
        item = _ITEM.match(text, start)
        head = _HEAD.fullmatch(text, item.end(), link.start) if item else None
        behind = _BEHIND.match(text, link.end)
        if head is None or behind is None or bool(head["wiki"]) != link.by_name:
            return None
        end = line_end(text, behind.end())
        more = _MORE.match(text, end)
        about = behind.end() + len(text[behind.end() : end].rstrip())
        title = (link.start, link.end) if link.by_name else head.span("title")
        return IndexLine(start, more.end() if more else end, title, (behind.end(), max(behind.end(), about)))

    def new_line(self, text: str, target: str, title: str, about: str) -> Splice | None:
        """Return a line behind the last that leads to a file of such a name, else behind the last of all.

        That of a file whose name has no number there comes first: the new one is its copy.
        """
        told_of = [(link, line) for link in file_links(text) if (line := self.line_of(text, link))]
        first = _COPY.sub("", target)
        alike = [pair for pair in told_of if pair[0].target == first != target]
        alike = alike or [pair for pair in told_of if _family(pair[0].target) == _family(target)]
        link, line = next(reversed(alike or told_of), (None, None))
        if link is None or line is None:
            return None
        label = " ".join(re.sub(r"[\[\]]+", " ", title).split())
        told = text[line.start : line.title[0]]
        if not link.by_name:
            told += label + text[line.title[1] : link.start]
        told += self.written(text, link, target)
        tail = shorten(" ".join(about.split()), _LONGEST)
        closing = text[link.end : line.about[0]]
        if tail and line.about[0] < line.about[1]:
            told += closing + tail
        else:
            told += _DASH.sub("", closing) + (f" — {tail}" if tail else "")
        return _line_at(text, line.end, told)

    def line_back(self, text: str, then: str, line: IndexLine) -> Splice | None:
        """Return an earlier line below the nearest above it that is still there, else before the next."""
        now = list(lines(text))
        here = [text[start:end].strip() for start, end in now]
        above = [then[start:end].strip() for start, end in lines(then) if start < line.start]
        below = [then[start:end].strip() for start, end in lines(then) if start >= line.end]
        at = -1
        for first, second, count in same_lines(above, here):
            if any(above[first : first + count]):
                at = now[second + count - 1][1]
        if at < 0 and not any(above):  # it was the first
            same = (
                second
                for first, second, count in same_lines(below, here)
                if any(below[first : first + count])
            )
            at = next((now[second][0] for second in same), -1)
        if at < 0:
            return None
        told = [then[slice(*span)].rstrip("\r\n") for span in lines(then) if line.start <= span[0] < line.end]
        return _line_at(text, at, newline_of(text).join(told))


def _line_at(text: str, at: int, told: str) -> Splice:
    """Return the splice that makes something a line of its own at the beginning of one, or at the end."""
    newline = newline_of(text)
    begun = not at or text[:at].endswith(("\n", "\r"))
    return Splice(at, at, told + newline if begun else newline + told)


def _family(target: str) -> str:
    """Return the beginning that files of one sort share, `feedback_` of `feedback_x.md`, and their folder."""
    folder, name = posixpath.split(target)
    found = _PREFIX.match(name)
    return f"{folder}/{found[0] if found else ''}"
