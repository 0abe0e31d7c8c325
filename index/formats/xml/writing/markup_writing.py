"""Values to raw text, as one file writes them: its line ends, its encoding."""

from __future__ import annotations

from functools import lru_cache

from index.formats.xml.document import Document
from index.formats.xml.markup import ATTRIBUTE_PATTERN, WHITESPACE
from index.model.errors import EditRefused
from index.model.text.letters import FORBIDDEN


def require_editable(document: Document) -> None:
    """Raises ``EditRefused`` for a document that is text only."""
    if document.readonly:
        raise EditRefused(document.problems[0].message)
    if document.encoding.unknown:
        said = document.encoding.declared[:40]
        raise EditRefused(f"the file says it is {said!r}, and this encoding is not known here.")


def require_legal(text: str) -> None:
    """Raises ``EditRefused`` for a character that XML cannot hold, in whatever spelling."""
    match = FORBIDDEN.search(text)
    if match:
        raise EditRefused(f"XML does not allow the character U+{ord(match[0]):04X}.")


def is_empty_tag(document: Document, element: int) -> bool:
    """Whether an element is written as one tag, ``<a/>``."""
    start = document.content_starts[element]
    return start == document.ends[element] and document.source.startswith("/>", start - 2)


def doctype_of(document: Document) -> str:
    """The DOCTYPE as the file has it: below it, markup of the file reads as it does there."""
    doctype = document.elements.doctype
    return document.source[slice(*doctype)] if doctype else ""


@lru_cache(maxsize=1)  # asked for every item of a list
def newline_of(document: Document) -> str:
    """Return the line end of most lines of the file; ``\\n`` when there is one line only."""
    source = document.source
    pairs, ends = source.count("\r\n"), source.count("\n")
    if not ends and "\r" in source:
        return "\r"
    return "\r\n" if 2 * pairs > ends else "\n"


def write_text(document: Document, text: str) -> str:
    """``text`` as the content of an element."""
    require_legal(text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;").replace("\r\n", "\n")
    return document.encoding.fit(text.replace("\r", "&#13;")).replace("\n", newline_of(document))


def write_cdata(document: Document, text: str) -> str:
    """``text`` inside a CDATA section, which is left for a reference where the file's encoding needs one."""
    text = text.replace("]]>", "]]]]><![CDATA[>")
    return document.encoding.fit_section(text).replace("\n", newline_of(document))


def write_attribute(document: Document, value: str, quote: str = '"') -> str:
    """``value`` between quotes of that kind."""
    require_legal(value)
    value = (
        value.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(quote, "&quot;" if quote == '"' else "&apos;")
    )
    value = value.replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")
    return document.encoding.fit(value)


def set_raw_attribute(start_tag: str, name: str, raw: str) -> str:
    """Return a start tag with an attribute, written as `raw`, replaced or added; removed when empty."""
    end = len(start_tag) - (2 if start_tag.endswith("/>") else 1)
    at = len(start_tag[:end].rstrip(WHITESPACE))
    for match in ATTRIBUTE_PATTERN.finditer(start_tag):
        if match[1] == name:
            lead = start_tag[match.start() : match.start(1)]
            return start_tag[: match.start()] + (lead + raw if raw else "") + start_tag[match.end() :]
    return f"{start_tag[:at]} {raw}{start_tag[at:]}" if raw else start_tag


def raw_attribute(start_tag: str, name: str) -> str:
    """Return an attribute as it is written, empty when there is none."""
    found = ATTRIBUTE_PATTERN.finditer(start_tag)
    return next((match[0].lstrip(WHITESPACE) for match in found if match[1] == name), "")
