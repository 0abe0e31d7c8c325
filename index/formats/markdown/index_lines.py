"""Lines of an index: `- [Title](file.md) — one line`, found, written, added."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from urllib.parse import quote

from index.formats.linking import IndexLine
from index.formats.markdown.field_splices import line_end, newline_of
from index.formats.markdown.link_scan import file_links
from index.formats.markdown.outline import line_start, lines
from index.model.display import shorten
from index.model.file_links import FileLink
from index.model.problems import Splice
from index.model.text.text_diff import same_lines

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
        """Yield the links of a text."""
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
        if text[link.start - 1 : link.start] == "<":
            return target
        if "%" in old:
            return quote(target)
        return re.sub(r"[\s<>()]", lambda found: quote(found[0]), target)

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
