"""An entry's element from its fields' texts, written as those beside it are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.formats.field_values import FieldValue
from index.formats.xml.document import Document
from index.formats.xml.writing.field_paths import follow, written_path
from index.formats.xml.writing.items import item_markup, new_item
from index.formats.xml.writing.structure import New
from index.formats.xml.writing.white_space import SPACE, keeps_space
from index.model.kind_shape import item_name
from index.model.plan import CannotEdit
from index.model.problems import Splice
from index.model.text.margins import dedent, indent_like, is_plain

_MOST = 999
"""Elements of one name in a new entry."""
_SAMPLES = 20
"""Elements looked at to learn how a field is written."""


@dataclass
class NewElement:
    """An element while its fields are put together."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[NewElement] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    """The items of a list on one line."""

    def child(self, name: str, number: int) -> NewElement:
        """Return the child of this name and number, from 1, made when it is the next one."""
        same = [child for child in self.children if child.name == name]
        while len(same) < number:
            same.append(NewElement(name))
            self.children.append(same[-1])
        return same[number - 1]

    def is_laid_out(self) -> bool:
        """Whether a text in it has white space that is only its layout."""
        told = SPACE in self.attributes
        laid = self.text != dedent(self.text) and not told
        return laid or any(child.is_laid_out() for child in self.children)

    def new(self) -> New:
        """Return the element to be inserted; lists on one line are still empty."""
        if self.children and self.text:
            raise CannotEdit(f"{self.name} cannot hold a text and fields inside it.")
        return New(self.name, self.attributes, [c.new() for c in self.children] or self.text)


class Style:
    """The form in which the samples, elements of a document, write their fields."""

    def __init__(self, document: Document, samples: Sequence[int]) -> None:
        self._document = document
        self._samples = samples

    def found(self, name: str, most: int | None = _SAMPLES) -> Iterator[int]:
        """Yield the elements of this field in the samples."""
        for sample in self._samples[:most]:
            element = follow(self._document, sample, written_path(name).steps)
            if element is not None:
                yield element

    def item(self, value: FieldValue) -> str:
        """Return the element name of the items of a list."""
        for element in self.found(value.name, most=None):
            for child in self._document.children(element):
                return self._document.names[child]
        return value.item or item_name(value.name)

    def is_inline(self, name: str) -> bool:
        """Whether a list is on one line."""
        for element in self.found(name):
            if self._document.last[element] > element:
                return not any(sign in self._document.markup(element) for sign in "\r\n")
        return False

    def text(self, name: str, text: str) -> str:
        """Return a text with the margin that others of its lines have."""
        if "\n" not in text or not is_plain(text):
            return text
        like = (element for element in self.found(name) if not keeps_space(self._document, element))
        raws = map(self._document.text, like)
        return indent_like(next((raw for raw in raws if "\n" in raw), ""), text)


def composed(name: str, values: Sequence[FieldValue], style: Style) -> NewElement:
    """Return the element called `name` that holds these fields."""
    top = NewElement(name)
    for value in values:
        steps, attribute = written_path(value.name)
        node = top
        for step, count in steps:
            if count > _MOST:
                raise CannotEdit(f"{value.name} cannot be the name of a field.")
            node = node.child(step, count or 1)
        if attribute:
            node.attributes[attribute] = value.text
        elif not value.item:
            _hold(node, value.text, style.text(value.name, value.text))
        elif style.is_inline(value.name):
            node.inline = [style.item(value), *value.items]
        else:
            for text in value.items:
                node.children.append(NewElement(style.item(value)))
                _hold(node.children[-1], text, indent_like("", text))
    return top


def _hold(node: NewElement, text: str, laid: str) -> None:
    """Put a text into a node: laid out, or as it is where its white space would be taken for layout."""
    node.text = laid if is_plain(text) else text
    if not is_plain(text):
        node.attributes[SPACE] = "preserve"


def fill_inline(document: Document, element: int, node: NewElement) -> Document:
    """Return the document with the lists on one line written into the element made of `node`."""
    splices = list(_inline(document, element, node))
    return document.spliced(splices) if splices else document


def _inline(document: Document, element: int, node: NewElement) -> Iterator[Splice]:
    if node.inline:
        name, *items = node.inline
        at = document.content_starts[element]
        new = (new_item(document, element, name, item) for item in items)
        markup = "".join(item_markup(document, item) for item in new)
        yield Splice(at, document.content_ends[element], markup)
    for child, inner in zip(document.children(element), node.children, strict=True):
        yield from _inline(document, child, inner)
