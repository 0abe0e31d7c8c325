"""Setting a text so that it is read as it was given: laid out like the file, or with its white space kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from index.formats.xml.document import Document
from index.formats.xml.writing.editing import set_attribute, set_text
from index.model.text.margins import dedent, given, indent_like, is_plain, line_ends

SPACE = "xml:space"


def keeps_space(document: Document, element: int) -> bool:
    """Whether `xml:space` of an element, or of the nearest around it that says, keeps its white space."""
    while element >= 0:
        setting = document.attributes(element).get(SPACE)
        if setting:
            return setting == "preserve"
        element = document.parents[element]
    return False


def kept(document: Document, *, within: bool = False) -> list[bool]:
    """Return for every element whether its white space is kept; `within` is so around its roots."""
    kept: list[bool] = []
    told = SPACE in document.source
    for element, parent in enumerate(document.parents):
        setting = document.attributes(element).get(SPACE) if told else None
        kept.append(setting == "preserve" if setting else kept[parent] if parent >= 0 else within)
    return kept


def keeping(document: Document, *, within: bool = False) -> Callable[[int], bool]:
    """Return a test whether the white space at an offset of the source is kept, by its element."""
    if not within and SPACE not in document.source:
        return lambda offset: False
    keep = kept(document, within=within)

    def test(offset: int) -> bool:
        element = bisect_right(document.content_starts, offset) - 1
        while element >= 0 and document.content_ends[element] < offset:
            element = document.parents[element]
        return keep[element] if element >= 0 else within

    return test


def element_value(document: Document, element: int) -> str:
    """Return the text of an element without its layout, unless its white space is kept."""
    raw = document.text(element)
    return raw if keeps_space(document, element) else dedent(raw)


def given_to(document: Document, element: int, text: str) -> str:
    """Return a text as it would be read in an element: all of it where white space is kept."""
    return line_ends(text) if keeps_space(document, element) else given(text)


def lay(document: Document, element: int, text: str) -> Document:
    """Return the document with a text, as it was `given`, in an element without children.

    What white space at the ends or a margin of its own says is kept by `xml:space="preserve"`, which is added
    where such a text needs it. Raises `EditRefused`.
    """
    if not keeps_space(document, element):
        if is_plain(text):
            return set_text(document, element, indent_like(document.text(element), text))
        document = set_attribute(document, element, SPACE, "preserve")
    return set_text(document, element, text)
