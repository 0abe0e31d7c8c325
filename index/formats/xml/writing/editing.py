"""Setting one text or attribute: the smallest splice that does it, verified by reading the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.formats.xml.content import opaque_in, own_text
from index.formats.xml.document import Document
from index.formats.xml.markup import NAME_PATTERN, WHITESPACE, is_declaration, is_name
from index.formats.xml.recovery.tags import LooseAttribute, loose_attributes, tag_inside
from index.formats.xml.values import REFERENCE, legible, resolve
from index.formats.xml.writing.markup_writing import (
    is_empty_tag,
    require_editable,
    require_legal,
    write_attribute,
    write_cdata,
    write_text,
)
from index.model.errors import EditRefused
from index.model.problems import Splice, first_step
from index.model.text.margins import line_ends

_ATOM = re.compile(rf"{REFERENCE.pattern}|\r\n?|[\n\t]")


class _Piece(NamedTuple):
    """A part of raw text and its value; an ``atom`` (a reference, a line end) changes as a whole."""

    value: str
    start: int
    end: int
    atom: bool
    verbatim: bool = False


class _Change(NamedTuple):
    """Replace ``[start, end)`` by something whose value is ``text``."""

    start: int
    end: int
    text: str
    verbatim: bool


def set_text(document: Document, element: int, text: str) -> Document:
    """The document with ``text`` in ``element``; raises ``EditRefused``."""
    require_editable(document)
    text = line_ends(text)
    name = document.names[element]
    if document.last[element] > element:
        raise EditRefused(f"<{name}> has elements inside it; edit those instead.")
    require_legal(text)
    if text == document.text(element):
        return document
    for splice in _text_splices(document, element, text):
        edited = _try(document, element, splice)
        if edited and edited.text(element) == text:
            return edited
    step = first_step(document.errors)
    raise EditRefused(f"The text of <{name}> cannot be changed without changing more; {step}.")


def set_attribute(document: Document, element: int, name: str, value: str) -> Document:
    """The document with one attribute set or added; raises ``EditRefused``."""
    require_editable(document)
    value = line_ends(value)
    if not NAME_PATTERN.fullmatch(name) or not is_name(name) or is_declaration(name):
        raise EditRefused(f"{name!r} cannot be the name of an attribute.")
    require_legal(value)
    expected = {**document.attributes(element), name: value}
    if expected == document.attributes(element):
        return document
    for splice in _attribute_splices(document, element, name, value):
        edited = _try(document, element, splice)
        if edited and edited.attributes(element) == expected:
            return edited
    tag = document.names[element]
    raise EditRefused(f"The start tag of <{tag}> cannot be changed as it is; {first_step(document.errors)}.")


def without_attribute(document: Document, element: int, name: str) -> Document:
    """The document without one attribute; raises ``EditRefused``."""
    start, end = document.starts[element], document.content_starts[element]
    inside = tag_inside(document.source, start, end, document.names[element])
    found = next((a for a in loose_attributes(document.source, *inside) if a.name == name), None)
    left = {key: value for key, value in document.attributes(element).items() if key != name}
    if found is not None:
        space = len(document.source[: found.start].rstrip(WHITESPACE))
        edited = document.spliced([Splice(space, _attribute_end(found), "")])
        if edited.names == document.names and edited.attributes(element) == left:
            return edited
    raise EditRefused(f"The attribute {name} cannot be removed; {first_step(document.errors)}.")


# -------------------------------------------------------------------- ways to write a text


def _text_splices(document: Document, element: int, text: str) -> Iterator[Splice]:
    """Splices that may do, the smallest first."""
    source = document.source
    start, end = document.content_starts[element], document.content_ends[element]
    if is_empty_tag(document, element):
        tag = len(source[:start].removesuffix("/>").rstrip(WHITESPACE))
        yield Splice(tag, start, f">{write_text(document, text)}</{document.names[element]}>")
        return
    opaque = opaque_in(document.elements.opaque, start, end)
    change = _smallest(_content_pieces(document, element), document.text(element), text, start)
    sections = [span for span in opaque if span.text_start > span.start]
    if not document.text(element) and sections:
        change = _Change(sections[0].text_start, sections[0].text_start, text, verbatim=True)
    crossed = [span for span in opaque if change.start < span.end and span.start < change.end]
    inside = [span for span in crossed if span.text_start <= change.start and change.end <= span.text_end]
    if change.start == change.end or crossed == inside:
        raw = (write_cdata if change.verbatim else write_text)(document, change.text)
        yield Splice(change.start, change.end, raw)
    if len(sections) < len(opaque):
        if crossed != inside:
            others = [span for span in opaque if span not in sections]
            told = all(source.startswith("<?", span.start) for span in others)
            what = "processing instruction" if told else "comment"
            raise EditRefused(f"The change would remove a {what} inside <{document.names[element]}>.")
        return
    if sections:
        yield Splice(start, end, f"<![CDATA[{write_cdata(document, text)}]]>")
    yield Splice(start, end, write_text(document, text))


def _content_pieces(document: Document, element: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    for start, end, verbatim in own_text(document.elements, element):
        pieces += _pieces(document, start, end, verbatim=verbatim)
    return pieces


def _pieces(
    document: Document, start: int, end: int, *, verbatim: bool = False, attribute: bool = False
) -> Iterator[_Piece]:
    """The parts of ``source[start:end]``: runs of plain text, and atoms such as references."""
    source, position = document.source, start
    for match in _ATOM.finditer(source, start, end):
        if match[0][0] == "&":
            value = match[0] if verbatim else resolve(match, document.elements.declared)
        else:
            value = " " if attribute else line_ends(match[0])
        if value == match[0]:
            continue
        if position < match.start():
            yield _Piece(legible(source[position : match.start()]), position, match.start(), False, verbatim)
        yield _Piece(value, *match.span(), True, verbatim)
        position = match.end()
    if position < end:
        yield _Piece(legible(source[position:end]), position, end, False, verbatim)


def _smallest(pieces: list[_Piece], old: str, new: str, start: int) -> _Change:
    """Return the smallest change of ``pieces``, all from ``start`` on, from the value ``old`` to ``new``."""
    if not pieces:
        return _Change(start, start, new, verbatim=False)
    head = common_head(old, new)
    kept, low, verbatim = 0, pieces[0].start, pieces[0].verbatim
    for piece in pieces:
        taken = min(len(piece.value), head - kept)
        if taken < len(piece.value) and piece.atom:
            taken = 0
        if taken:
            low, verbatim = piece.end if piece.atom else piece.start + taken, piece.verbatim
        kept += taken
        if taken < len(piece.value):
            break
    head = kept
    tail = common_head(old[head:][::-1], new[head:][::-1])
    kept, high = 0, pieces[-1].end
    for piece in reversed(pieces):
        taken = min(len(piece.value), tail - kept)
        if taken < len(piece.value) and piece.atom:
            taken = 0
        if taken:
            high = piece.start if piece.atom else piece.end - taken
        kept += taken
        if taken < len(piece.value):
            break
    text = new[head : len(new) - kept]
    if head + kept == len(old):
        high = low  # nothing goes: what lies between, perhaps a comment, stays
    return _Change(low, high, text, verbatim)


def common_head(one: str, other: str) -> int:
    """Return the length of the common start, by bisection: comparing slices is fast, characters are not."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


# -------------------------------------------------------------------- ways to write an attribute


def _attribute_splices(document: Document, element: int, name: str, value: str) -> Iterator[Splice]:
    source = document.source
    inside = tag_inside(
        source, document.starts[element], document.content_starts[element], document.names[element]
    )
    attributes = list(loose_attributes(source, *inside))
    found = next((attribute for attribute in attributes if attribute.name == name), None)
    if found is None:
        if name in document.attributes(element):  # broken, and read under this name: it would be there twice
            return
        yield _new_attribute(document, attributes, inside[0], name, value)
        return
    quote = found.quote or '"'
    escaped = write_attribute(document, value, quote)
    if found.value_start < 0:
        yield Splice(found.name_end, found.name_end, f'="{escaped}"')
    elif not found.quote:
        yield Splice(found.value_start, found.value_end, f'"{escaped}"')
    else:
        pieces = list(_pieces(document, found.value_start, found.value_end, attribute=True))
        change = _smallest(pieces, "".join(piece.value for piece in pieces), value, found.value_start)
        yield Splice(change.start, change.end, write_attribute(document, change.text, quote))
        yield Splice(found.value_start, found.value_end, escaped)


def _new_attribute(
    document: Document, attributes: list[LooseAttribute], tag_name_end: int, name: str, value: str
) -> Splice:
    """Add an attribute the way the last one is written: the space before it, and around its sign."""
    source = document.source
    at, space, equals, quote = tag_name_end, " ", "=", '"'
    if attributes:
        last = attributes[-1]
        before = attributes[-2] if len(attributes) > 1 else None
        at = _attribute_end(last)
        space = source[_attribute_end(before) if before else tag_name_end : last.start] or " "
        if last.quote:
            equals, quote = source[last.name_end : last.value_start - 1], last.quote
    return Splice(at, at, f"{space}{name}{equals}{quote}{write_attribute(document, value, quote)}{quote}")


def _attribute_end(attribute: LooseAttribute) -> int:
    return attribute.name_end if attribute.value_start < 0 else attribute.value_end + len(attribute.quote)


# -------------------------------------------------------------------- verifying


def _try(document: Document, element: int, splice: Splice) -> Document | None:
    """The edited document, if nothing but ``element`` reads differently in it."""
    try:
        edited = document.spliced([splice])
    except UnicodeEncodeError:
        return None
    columns = [(document.starts, edited.starts), (document.ends, edited.ends)]
    tags = [(document.content_starts, edited.content_starts), (document.content_ends, edited.content_ends)]
    if is_empty_tag(document, element):  # a start tag of its own and an end tag are part of the edit
        tags = [
            (before[:element] + before[element + 1 :], after[:element] + after[element + 1 :])
            for before, after in tags
        ]
    same = (
        edited.names == document.names
        and edited.parents == document.parents
        and all(_shifted(before, after, splice) for before, after in columns + tags)
        and _errors_elsewhere(document, element) == _errors_elsewhere(edited, element)
        and len(edited.errors) <= len(document.errors)
    )
    return edited if same else None


def _shifted(before: list[int], after: list[int], splice: Splice) -> bool:
    """Whether each offset stayed, or moved with the text behind the splice; at its start both will do."""
    shift = len(splice.text) - (splice.end - splice.start)
    return all(
        new == old if old < splice.start else new == old + shift or (new == old == splice.start)
        for old, new in zip(before, after, strict=True)
    )


def _errors_elsewhere(document: Document, element: int) -> list[str]:
    start, end = document.starts[element], document.ends[element]
    return [problem.code for problem in document.errors if not start <= problem.start < end]
