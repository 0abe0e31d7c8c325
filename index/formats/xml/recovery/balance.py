"""Tokens to elements: which start tag belongs to which end tag, when some are missing, wrong or not tags.

The rules, in the order they are tried:

* A start tag that follows text, closes nowhere further on and is not laid out like a block is text:
  ``Bearer <token>``.
* An end tag closes the innermost element, or an outer one of its name; those between are unclosed.
* An end tag of another name is a misspelt one when the next end tags then fit; else it closes nothing: alone
  on its line it goes, within text it is text.
* An unclosed element ends with its first line when children follow below, or before the first child that is
  not indented deeper than itself, or where its parent does. With nothing in it, it was no tag but text.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from index.formats.xml.markup import (
    BOM,
    EMPTY,
    END,
    LEAF,
    MAX_DEPTH,
    START,
    WHITESPACE,
    Elements,
    Opaque,
    has_prefixes,
    opaque_at,
)
from index.formats.xml.recovery.declaration import declared_entities, next_line
from index.formats.xml.recovery.handover import Start, beginning
from index.formats.xml.recovery.nodes import (
    VISIBLE,
    Open,
    OpenElement,
    are_alike,
    column_of,
    end_of_line,
    flatten,
    holds_line_end,
    is_block,
    rest_of_line,
)
from index.formats.xml.recovery.tokens import CDATA, DECLARED, DOUBTFUL, MarkupToken, Tokens
from index.model.problems import GiveUp, Report, Splice

_FENCE = re.compile(r"```\w*", re.ASCII)
_SPACE = re.compile(r"""\sxml:space[ \t\r\n]*=[ \t\r\n]*["'](\w+)""")
_TOOL_CALL = re.compile(r"(?:[a-z]+:)?(?:parameter|invoke|function_calls)|file_text|new_str")


class Balance:
    """Builds the elements of one text; everything it has to guess about goes to ``report``."""

    def __init__(self, source: str, tokens: Tokens, report: Report, start: Start | None = None) -> None:
        start = start or beginning()
        self._source = source
        self._tokens = tokens
        self._report = report
        self._newline = "\r\n" if "\r\n" in source else "\n"
        self._start_offset = start.offset
        self._open = start.open
        self._top = self._open[0]
        self._removed: list[Opaque] = []

    def elements(self) -> Elements:
        """The elements, in document order; raises ``GiveUp`` when they are nested too deep."""
        previous = self._start_offset
        for index, token in enumerate(self._tokens.list):
            kind, start, end, name, text = token
            if previous < start:
                self._text(previous, start)
            previous = end
            if kind == START:
                self._start(token)
            elif kind == END:
                if name == self._open[-1].name:
                    self._close(token)
                else:
                    self._wrong_end(index, token)
            elif kind == LEAF:
                self._append(OpenElement(name, start, *text, end))
            elif kind == EMPTY:
                self._append(OpenElement(name, start, end, end, end))
            else:
                self._other(index, token)
        self._text(previous, len(self._source))
        while len(self._open) > 1:
            self._unclosed(len(self._source))
        return self._elements()

    def _other(self, index: int, token: MarkupToken) -> None:
        if token.kind == CDATA:
            self._text(token.start, token.end)
        elif token.kind == DECLARED:
            self._declared_again(token)
        elif token.kind == DOUBTFUL:
            if self._would_balance(index, token):
                self._push(token)
            else:
                message = "This is not a tag; repair writes its < as &lt;."
                self._as_text(token.start, token.end, "literal-tag", message)

    # ---------------------------------------------------------------- start tags and text

    def _append(self, node: OpenElement) -> None:
        if len(self._open) > MAX_DEPTH:
            raise GiveUp("too-deep", node.start)
        self._open[-1].children.append(node)

    def _push(self, token: MarkupToken) -> None:
        node = Open(token.name, token.start, token.end)
        self._append(node)
        self._open.append(node)

    def _start(self, token: MarkupToken) -> None:
        start, end, name = token.start, token.end, token.name
        inside_text = self._open[-1].texts and len(self._open) > 1
        if inside_text and not self._tokens.closes(name, start) and not is_block(self._source, start, end):
            message = f"<{name}> follows text and is never closed; repair takes it for text, &lt;{name}>."
            self._as_text(start, end, "literal-tag", message)
        else:
            self._push(token)

    def _would_balance(self, index: int, token: MarkupToken) -> bool:
        """Whether, if the token opened an element, the end tags to come would fit."""
        tokens = self._tokens
        own = tokens.unmatched_end(index + 1)
        if own < 0 or tokens.list[own].name != token.name:
            return False
        if len(self._open) == 1:
            return True
        outer = tokens.unmatched_end(own + 1)
        return outer >= 0 and tokens.list[outer].name == self._open[-1].name

    def _text(self, start: int, end: int) -> None:
        visible = VISIBLE.search(self._source, start, end)
        if visible:
            self._open[-1].texts.append((visible.start(), end))
            if len(self._open) == 1:
                self._outside(visible.start(), end)

    def _as_text(self, start: int, end: int, code: str, message: str, *, guesses: bool = False) -> None:
        """Read ``[start, end)`` as text although it looks like markup."""
        self._report.withdraw(start, end)
        signs = [start + offset for offset, sign in enumerate(self._source[start:end]) if sign == "<"]
        escapes = (Splice(at, at + 1, "&lt;") for at in signs)
        self._report.add(code, start, end, message, *escapes, guesses=guesses)
        self._text(start, end)

    def _outside(self, start: int, end: int) -> None:
        """Text that is in no element."""
        end = start + len(self._source[start:end].rstrip(WHITESPACE))
        if not self._source[start:end].strip(WHITESPACE + BOM):
            message = "This byte order mark is not the first thing in the file; repair removes it."
            marks = (Splice(at, at + 1, "") for at in range(start, end) if self._source[at] == BOM)
            self._report.add("mark", start, end, message, *marks, guesses=True)
        elif _FENCE.fullmatch(self._source, start, end):
            rest = rest_of_line(self._source, end)
            message = "This is a Markdown fence around the XML; repair removes it."
            removal = Splice(start, end if rest is None else rest, "")
            self._report.add("fence", start, end, message, removal, guesses=True)
        else:
            message = "This text is outside of any element; repair puts <memory> around the whole file."
            self._report.add("text-outside", start, end, message, guesses=True)

    def _declared_again(self, token: MarkupToken) -> None:
        start, end = token.start, token.end
        if len(self._open) > 1 or self._would_join(start, end):
            message = "This XML declaration is inside an element; repair makes it text."
            self._as_text(start, end, "declaration-again", message)
            return
        message = "This XML declaration is not the first thing in the file; repair removes it."
        self._remove(start, next_line(self._source, end), "declaration-again", message)

    # ---------------------------------------------------------------- end tags

    def _wrong_end(self, index: int, token: MarkupToken) -> None:
        """An end tag that is not the innermost element's."""
        if any(node.name == token.name for node in self._open[:0:-1]):
            while self._open[-1].name != token.name:
                self._unclosed(token.start)
            self._close(token)
        elif len(self._open) > 1 and self._is_misspelt(index, token):
            proper = f"</{self._open[-1].name}>"
            message = f"</{token.name}> is where {proper} belongs; repair writes {proper}."
            replacement = Splice(token.start, token.end, proper)
            self._report.withdraw(token.start, token.end)
            self._report.add("end-mismatch", token.start, token.end, message, replacement, guesses=True)
            self._close(token)
        else:
            self._orphan(token)

    def _close(self, token: MarkupToken) -> None:
        node = self._open.pop()
        node.content_end, node.end = token.start, token.end

    def _is_misspelt(self, index: int, token: MarkupToken) -> bool:
        """Whether all fits if this end tag, of no open element, is meant for the innermost one."""
        inner, outer = self._open[-1].name, self._open[-2].name
        following = self._tokens.unmatched_end(index + 1)
        name = self._tokens.list[following].name if following >= 0 else ""
        if name != outer or name == inner:
            return False
        return bool(outer) or not VISIBLE.search(self._source, token.end) or are_alike(inner, token.name)

    def _orphan(self, token: MarkupToken) -> None:
        """An end tag that closes nothing."""
        start, end, name = token.start, token.end, token.name
        rest = rest_of_line(self._source, end)
        column = column_of(self._source, start)
        alone = rest is not None and column is not None
        leaked = _TOOL_CALL.fullmatch(name) is not None
        if not alone and (self._would_join(start, end) or (len(self._open) > 1 and not leaked)):
            message = f"</{name}> closes nothing; repair writes its < as &lt;."
            self._as_text(start, end, "stray-end", message, guesses=True)
            return
        if leaked:
            message = f"</{name}> is left over from an agent's tool call; repair removes it."
        else:
            message = f"</{name}> closes nothing; repair removes it."
        if rest is not None and column is not None:
            start, end = start - column, rest
        self._report.withdraw(token.start, token.end)
        self._remove(start, end, "tool-call" if leaked else "stray-end", message, token.start)

    def _would_join(self, start: int, end: int) -> bool:
        """Whether, without ``[start, end)``, the text around it might make a ``]]>``."""
        return self._source.endswith("]", 0, start) and self._source.startswith(("]", ">"), end)

    def _remove(self, start: int, end: int, code: str, message: str, at: int | None = None) -> None:
        at = start if at is None else at
        self._removed.append(Opaque(start, end, start, start))
        self._report.add(code, at, end, message, Splice(start, end, ""), guesses=True)

    # ---------------------------------------------------------------- unclosed elements

    def _unclosed(self, limit: int) -> None:
        """The innermost element has no end tag before ``limit``, where an outer one or the file ends."""
        node = self._open.pop()
        parent = self._open[-1]
        start, content_start, name = node.start, node.content_start, node.name
        if self._is_no_tag(node, limit):
            parent.children[-1:] = node.children
            message = (
                f"<{name}> is never closed and has nothing in it; repair takes it for text, &lt;{name}>."
            )
            self._as_text(start, content_start, "literal-tag", message)
            return
        end = self._sensible_end(node, limit)
        node.content_end = node.end = end
        moved = self._move_out(node, parent)
        if moved and end == content_start and '"' in self._source[start:content_start]:
            message = f"<{name}> has no end tag; repair makes it an empty element, <{name} …/>."
            splice = Splice(content_start - 1, content_start - 1, "/")
        else:
            message = f"<{name}> has no end tag; repair adds </{name}>."
            splice = Splice(end, end, self._missing_tag(node))
        self._report.add("missing-end", start, content_start, message, splice, guesses=True)

    def _is_no_tag(self, node: Open, limit: int) -> bool:
        """Whether an unclosed start tag is rather text, like ``<T>``; at the end of a file it was cut off."""
        return (
            limit < len(self._source)
            and not self._tokens.closes(node.name)
            and not VISIBLE.search(self._source, node.content_start, limit)
            and not is_block(self._source, node.start, node.content_start)
        )

    def _move_out(self, node: Open, parent: Open) -> bool:
        """Give ``parent`` all of ``node`` that lies behind its end; return whether elements were moved."""
        first = bisect_left(node.children, node.end, key=lambda child: child.start)
        moved = node.children[first:]
        del node.children[first:]
        parent.children += moved
        behind = bisect_left(node.texts, (node.end, 0))
        for start, end in node.texts[behind:]:
            self._text(start, end)
        return bool(moved)

    def _sensible_end(self, node: Open, limit: int) -> int:
        """Return the offset where an unclosed element most likely ends."""
        source, start = self._source, node.content_start
        if not node.children:
            return self._last_visible(start, limit)
        first_line = end_of_line(source, start, limit)
        below = node.children[0].start
        says_something = VISIBLE.search(source, start, first_line)
        if first_line < below and says_something and not VISIBLE.search(source, first_line, below):
            return self._last_visible(start, first_line)
        column = column_of(source, node.start)
        if column is not None:
            for child in node.children:
                child_column = column_of(source, child.start)
                if child_column is not None and child_column <= column:
                    return self._last_visible(start, child.start)
        return self._last_visible(start, limit)

    def _last_visible(self, start: int, limit: int) -> int:
        """The offset behind the last visible character in ``[start, limit)``, never inside an opaque span."""
        end = start + len(self._source[start:limit].rstrip(WHITESPACE))
        for spans in (self._tokens.opaque, self._removed):
            span = opaque_at(spans, end - 1)
            if span and end > start:
                end = span.end
        return end

    def _missing_tag(self, node: OpenElement) -> str:
        column = column_of(self._source, node.start)
        on_one_line = not holds_line_end(self._source, node.content_start, node.end)
        if column is None or on_one_line or self._keeps_space(node):
            return f"</{node.name}>"
        return f"{self._newline}{self._source[node.start - column : node.start]}</{node.name}>"

    def _keeps_space(self, node: OpenElement) -> bool:
        """Whether a line end in front of an element's end tag would be a part of its text."""
        for around in (node, *reversed(self._open)):
            said = _SPACE.search(self._source, around.start, around.content_start)
            if said is not None:
                return said[1] == "preserve"
        return False

    # ---------------------------------------------------------------- the result

    def _elements(self) -> Elements:
        tokens = self._tokens
        elements = flatten(self._top.children)
        elements.opaque = sorted(tokens.opaque + self._removed)
        elements.hidden = tokens.hidden
        elements.doctype = tokens.doctype
        if elements.doctype is not None:
            elements.declared = declared_entities(self._source[slice(*elements.doctype)])
        tags = zip(elements.starts, elements.content_starts, strict=True)
        elements.prefixed = has_prefixes("".join([self._source[s:e] for s, e in tags]), set(elements.names))
        return elements
