"""Text to tokens: where tags, comments and the like begin and end, in a file where anything may be broken.

A ``<`` that starts nothing stays text and is reported; the reader goes on right behind it.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from index.formats.conflict_markers import Marker, find_markers
from index.formats.xml.markup import (
    BOM,
    EMPTY,
    END,
    INSTRUCTION,
    LEAF,
    NAME,
    SPECIAL,
    START,
    TAG,
    WHITESPACE,
    Opaque,
    S,
    is_name,
)
from index.formats.xml.recovery.declaration import IS_DECLARATION, MISSPELT, declaration_end, mend, wrong_in
from index.formats.xml.recovery.handover import Start, beginning
from index.formats.xml.recovery.tags import (
    match_loose_tag,
    proper_attributes,
    report_attributes,
    report_repeated,
)
from index.model.problems import Report, Splice

DOUBTFUL, CDATA, DECLARED, OTHER = range(10, 14)
"""Kinds of token beside ``START``, ``LEAF``, ``EMPTY`` and ``END``. DOUBTFUL: ``<name of project>``, a tag
only if its element would close. DECLARED: an XML declaration where none belongs. OTHER: comments,
instructions and what else is neither tag nor text."""

_END_TAG = re.compile(rf"</({NAME})[ \t\r\n/]*+>")
_DOCTYPE = re.compile(
    rf"""<!DOCTYPE{S}++{NAME}(?:[^\[\]<>"']|"[^"]*+"|'[^']*+')*+"""
    rf"""(?:\[(?:[^\]"'<]|"[^"]*+"|'[^']*+'|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>|<)*+\]{S}*+)?>""",
    re.DOTALL,
)
_DOCTYPE_WINDOW = 65_536
_NO_TEXT = (-1, -1)
_LONE_DASH = re.compile(r"-(?=-|\Z)")


class MarkupToken(NamedTuple):
    """One piece of markup, a LEAF being a whole element with text only; between two tokens is text."""

    kind: int
    start: int
    end: int
    name: str = ""
    text: tuple[int, int] = _NO_TEXT
    """The content of a LEAF."""


class Tokens:
    """The tokens of ``source``, found on construction; their problems go to ``report``."""

    def __init__(self, source: str, label: str, report: Report, start: Start | None = None) -> None:
        start = start or beginning()
        self.list: list[MarkupToken] = []
        self.opaque = start.opaque
        self.hidden: list[tuple[int, int]] = []
        self.doctype: tuple[int, int] | None = None
        self._source = source
        self._label = label
        self._report = report
        self._prolog = not start.offset  # nothing but white space, comments and the like so far
        self._declared = False
        self._doctype_broken = False
        self._not_found: set[str] = set()
        self._tokenize(start.offset, find_markers(source))

    def closes(self, name: str, after: int = -1) -> bool:
        """Whether there is an end tag of that name behind offset ``after``."""
        return self._last_end_tag.get(name, -1) > after

    @cached_property
    def _last_end_tag(self) -> dict[str, int]:
        return {match[1]: match.start() for match in _END_TAG.finditer(self._source)}

    def unmatched_end(self, index: int) -> int:
        """The index of the next END, from ``index``, of something opened before; -1 if none is near."""
        depth = 0
        for i in range(index, min(index + 400, len(self.list))):
            kind = self.list[i].kind
            if kind == START:
                depth += 1
            elif kind == END:
                if not depth:
                    return i
                depth -= 1
        return -1

    # ---------------------------------------------------------------- the pass

    def _tokenize(self, position: int, markers: list[Marker]) -> None:
        for marker in markers:
            position = self._read(position, marker.start)
            if position <= marker.start:  # else it is in a comment or the like
                self._conflict(marker)
                position = marker.end
        self._read(position, len(self._source))

    def _read(self, position: int, limit: int) -> int:
        """Read the tokens that start before ``limit``; returns where the last one ends."""
        source = self._source
        while True:
            for match in TAG.finditer(source, position):
                start, end = match.span()
                if start >= limit:
                    return position
                if self._prolog and source[position:start].strip(WHITESPACE + BOM):
                    self._prolog = False
                position = self._token(match, limit)
                if position != end:
                    break
            else:
                return position

    def _token(self, match: re.Match[str], limit: int) -> int:
        """Read the token that starts at a ``<``; return the offset to go on from."""
        start, end = match.span()
        kind = match.lastindex
        if kind == SPECIAL:
            return self._special(match[6], start)
        if kind == END and is_name(match[5]):
            token = (END, start, end, match[5], _NO_TEXT)
        elif kind is None or kind == END or not self._is_proper(match):
            return self._broken_tag(start)
        elif kind != LEAF:
            token = (kind, start, end, match[1], _NO_TEXT)
        elif end > limit:  # a conflict begins inside
            token = (START, start, match.start(3), match[1], _NO_TEXT)
        else:
            token = (LEAF, start, end, match[1], match.span(3))
        # As `_add(MarkupToken(…))` does, without the calls: most tags of a broken file are sound.
        self.list.append(tuple.__new__(MarkupToken, token))
        self._prolog = False
        return token[2]

    def _is_proper(self, match: re.Match[str]) -> bool:
        """Whether a start tag that follows the grammar has proper names; reports repeated ones."""
        if not is_name(match[1]) or match[1].startswith("xmlns:"):
            return False
        if not match[2]:
            return True
        attributes = proper_attributes(self._source, *match.span(2))
        proper = all(is_name(attribute.name) for attribute in attributes)
        if proper:
            report_repeated(attributes, self._report)
        return proper

    def _add(self, token: MarkupToken) -> int:
        self.list.append(token)
        if token.kind != OTHER:
            self._prolog = False
        return token.end

    def _add_opaque(
        self, start: int, end: int, kind: int = OTHER, text: tuple[int, int] | None = None
    ) -> int:
        self.opaque.append(Opaque(start, end, *(text or (start, start))))
        return self._add(MarkupToken(kind, start, end))

    def _stray(self, start: int, message: str, code: str = "stray-lt", *, guesses: bool = False) -> int:
        """The ``<`` at ``start`` is text."""
        self._prolog = False
        guesses = guesses or self._in_broken_doctype()
        self._report.add(code, start, start + 1, message, Splice(start, start + 1, "&lt;"), guesses=guesses)
        return start + 1

    def _in_broken_doctype(self) -> bool:
        """Whether all up to the first tag may belong to a DOCTYPE of which nobody knows where it ends."""
        return self._doctype_broken and all(token.kind == OTHER for token in self.list)

    def _find(self, text: str, position: int) -> int:
        """``str.find`` that searches the rest of the text in vain only once."""
        if text in self._not_found:
            return -1
        found = self._source.find(text, position)
        if found < 0:
            self._not_found.add(text)
        return found

    # ---------------------------------------------------------------- tags

    def _broken_tag(self, start: int) -> int:
        """A ``<`` that starts no well-formed tag: still a tag when it can be understood and would close."""
        source, report = self._source, self._report
        if end := self._misspelt_declaration(start):
            return end
        tag = match_loose_tag(source, start)
        if tag is None:
            if source[start + 1 : start + 2].isalpha() and self._find(">", start) < 0:
                return self._stray(start, "The file ends inside a tag; repair writes its < as &lt;.")
            return self._stray(start, "Stray <; repair writes it as &lt;.")
        inside = source[slice(*tag.inside)]
        if tag.closing:
            if inside.strip(WHITESPACE + "/"):
                return self._stray(start, "This is not an end tag; repair writes its < as &lt;.")
            proper = f"</{tag.name}>"
            message = f"The end tag is malformed; repair writes it as {proper}."
            report.add("end-tag", start, tag.end, message, Splice(start, tag.end, proper))
            return self._add(MarkupToken(END, start, tag.end, tag.name))
        closes = tag.empty or self.closes(tag.name, start)
        if not closes or not report_attributes(source, *tag.inside, report):
            return self._stray(start, "This is not a tag; repair writes its < as &lt;.")
        if not tag.empty:
            doubtful = "=" not in inside and inside.strip(WHITESPACE)
            return self._add(MarkupToken(DOUBTFUL if doubtful else START, start, tag.end, tag.name))
        slash = tag.inside[1]
        if slash != tag.end - 2:
            message = "There is a space between / and >; repair removes it."
            report.add("tag-space", slash, tag.end, message, Splice(slash, tag.end, "/>"))
        return self._add(MarkupToken(EMPTY, start, tag.end, tag.name))

    # ---------------------------------------------------------------- everything else

    def _conflict(self, marker: Marker) -> None:
        message = "This is a mark of a merge conflict; choose ours, theirs or both."
        self._report.add("conflict", marker.start, marker.end, message)
        self.hidden.append((marker.start, marker.end))
        self._prolog = False
        self._add_opaque(marker.start, marker.end)

    def _special(self, opening: str, start: int) -> int:
        if opening == "!--":
            return self._comment(start)
        if opening == "?":
            return self._instruction(start)
        if opening == "!DOCTYPE":
            return self._doctype(start)
        return self._cdata(start)

    def _comment(self, start: int) -> int:
        inside = start + len("<!--")
        close = self._find("-->", inside)
        if close < 0:
            message = "This comment never ends; repair makes it text and writes its < as &lt;."
            self._stray(start, message, "comment-open", guesses=True)
            return inside
        body = self._source[inside:close]
        if "--" in body or body.endswith("-"):
            gaps = [inside + match.end() for match in _LONE_DASH.finditer(body)]
            message = "There is a -- inside a comment; repair puts a space between the dashes."
            self._report.add(
                "comment-dashes", start, close + 3, message, *(Splice(gap, gap, " ") for gap in gaps)
            )
        return self._add_opaque(start, close + len("-->"))

    def _cdata(self, start: int) -> int:
        inside = start + len("<![CDATA[")
        close = self._find("]]>", inside)
        if close >= 0:
            return self._add_opaque(start, close + 3, CDATA, (inside, close))
        # It never ends. Right inside an element it is taken to end where the element does, or the file.
        opened = next((token for token in reversed(self.list[-3:]) if token.kind != OTHER), None)
        if opened is None or opened.kind != START:
            message = "This CDATA section never ends; repair makes it text and writes its < as &lt;."
            self._stray(start, message, "cdata-open", guesses=True)
            return inside
        closing = re.compile(rf"</{re.escape(opened.name)}{S}*+>").search(self._source, inside)
        end = closing.start() if closing else len(self._source)
        where = f"before </{opened.name}>" if closing else "at the end of the file"
        message = f"This CDATA section never ends; repair ends it {where}."
        self._report.add("cdata-open", start, inside, message, Splice(end, end, "]]>"), guesses=True)
        return self._add_opaque(start, end, CDATA, (inside, end))

    def _instruction(self, start: int) -> int:
        source = self._source
        if IS_DECLARATION.match(source, start):
            first = self._prolog and not self._declared
            end = declaration_end(source, start, self._find("?>", start + 2), first=first)
            if end > 0:
                return self._xml_declaration(start, end)
        else:
            target = INSTRUCTION.match(source, start)
            close = self._find("?>", start + 2) if target and is_name(target[1]) else -1
            if close >= 0:
                return self._add_opaque(start, close + 2)
            if end := self._misspelt_declaration(start):
                return end
        self._stray(start, "Stray <?; repair writes its < as &lt;.")
        return start + 2

    def _xml_declaration(self, start: int, end: int) -> int:
        if not self._prolog or self._declared:
            return self._add(MarkupToken(DECLARED, start, end))
        self._declared = True
        if found := mend(self._source, start, end, self._label):
            message, splices, guesses = found
            self._report.add("declaration", start, end, message, *splices, guesses=guesses)
        return self._add_opaque(start, end)

    def _misspelt_declaration(self, start: int) -> int:
        """Read a declaration that is misspelt, ``<xml version="1.0"?>``; 0 when it is none."""
        found = MISSPELT.match(self._source, start) if self._prolog and not self._declared else None
        return self._xml_declaration(start, found.end()) if found else 0

    def _doctype(self, start: int) -> int:
        match = _DOCTYPE.match(self._source, start, start + _DOCTYPE_WINDOW) if self._prolog else None
        if match is None and self._prolog and not self.doctype:
            message = "This DOCTYPE is broken, or never ends; repair makes it text and writes its < as &lt;."
            self._doctype_broken = True
            self._stray(start, message, "doctype", guesses=True)
            return start + len("<!DOCTYPE")
        if match is None or self.doctype:
            self._stray(start, "A DOCTYPE cannot be here; repair writes its < as &lt;.", "doctype")
            return start + len("<!DOCTYPE")
        self.doctype = match.span()
        self.hidden.append(match.span())
        message = "The file has a DOCTYPE; its entities are never expanded."
        self._report.add("doctype", *match.span(), message, level="note")
        wrong, at = wrong_in(match[0])
        if wrong:
            message = f"The DOCTYPE is broken ({wrong}); fix it by hand."
            self._report.add("doctype-broken", start + at, match.end(), message)
        return self._add_opaque(*match.span())
