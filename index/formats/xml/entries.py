"""The entries of a file among its elements: found by structure first, whatever they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from index.formats.entry_making import Record, make_entries, shared_values
from index.formats.xml.fields import keeps_space, name_of, own_text, read_fields
from index.model.entry import Entry
from index.model.vocabulary import Vocabulary, fold, numbered, singular, vocabulary

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from index.model.problems import Problem


class EntryElement(NamedTuple):
    """An element that is an entry, and the names above it that give its kind."""

    element: Element
    name: str
    """Its own, folded, as those above."""
    above: tuple[str, ...] = ()
    """The wrapper's and the root's; none for a root."""
    skip: frozenset[Element] = frozenset()
    """Children that are entries of their own."""


def find_records(root: Element, words: Vocabulary, *, alone: bool) -> list[EntryElement]:
    """Find the records of one root: its repeated or singular children, or those of its plural wrappers."""
    name = fold(name_of(root))
    if name in words.whole or (not alone and _is_record(root)):
        return [EntryElement(root, name)]
    children = _named_children(root)
    bodies = [(child, own) for child, own in children if not _about(own, words)]
    found = _alike(bodies, (name,))
    inside = {record.element for record in found}
    for child, wrapper in bodies:
        if child not in inside and (members := _members(_named_children(child), (wrapper, name))):
            found += members
            inside.add(child)
    if not found and _may_be_only(bodies, name):
        return [EntryElement(*bodies[0], (name,))]
    if not found:
        if len(bodies) == 1 and len(body := bodies[0][0]) and not own_text(body):
            nested = find_records(body, words, alone=True)
            if nested[0].element is not body:
                return nested  # the tree of another file, wrapped once more
        return [EntryElement(root, name)]
    rest = {child for child, _ in bodies if child not in inside and _says_something(child)}
    if rest:
        found.append(
            EntryElement(root, name, (), frozenset(child for child, _ in children if child not in rest))
        )
    return found


def _named_children(element: Element) -> list[tuple[Element, str]]:
    """Return the children with their names, folded."""
    return [(child, fold(name_of(child))) for child in element]


def _members(children: list[tuple[Element, str]], above: tuple[str, ...]) -> list[EntryElement]:
    """Return the records among the children of the first `above`: those alike, else its only child."""
    found = _alike(children, above)
    if not found and _may_be_only(children, above[0]):
        child, name = children[0]
        if not _members(_named_children(child), (name,)):  # else it is a wrapper itself
            return [EntryElement(child, name, above)]
    return found


def _may_be_only(children: list[tuple[Element, str]], parent: str) -> bool:
    """Whether this is one child of a plural, under a name of its own: a record, unless it wraps some."""
    return len(children) == 1 and singular(parent) != parent and _is_record(children[0][0])


def _alike(children: list[tuple[Element, str]], above: tuple[str, ...]) -> list[EntryElement]:
    """Return the records: repeated, numbered alike, or called by the singular of the first `above`."""
    bases = [numbered(name) or name for _, name in children]
    count = Counter(bases)
    one = singular(above[0])
    return [
        EntryElement(child, name, above)
        for (child, name), base in zip(children, bases, strict=True)
        if (count[base] > 1 or name == one or one.endswith("-" + name)) and _is_record(child)
    ]


def _is_record(element: Element) -> bool:
    """Whether an element is a memory and not a value: it has at least two fields, or an id."""
    children = len(element)
    if children > 1 or (children == 1 and fold(name_of(element[0])) == "id"):
        return True
    attributes = element.keys()
    return children + len(attributes) > 1 or any(fold(str(key)) == "id" for key in attributes)


def _says_something(element: Element) -> bool:
    return any(str(text).strip(" \t\r\n") for text in element.itertext())


def _about(name: str, words: Vocabulary) -> bool:
    return name in words.metadata or name in words.metrics or name.endswith("-metrics")


class Content(NamedTuple):
    """The elements of a file, without comments and instructions, and its problems."""

    roots: list[Element]
    problems: tuple[Problem, ...]
    order: dict[Element, int]
    """Each element's index in document order, as `Document` counts; empty where nobody asks for it."""
    line: Callable[[Element], int]
    """Tells the line of an element's start tag, from 1."""


def read_entries(content: Content, path: str) -> list[Entry]:
    """Return the entries of a file in its order; `path` is relative to the tree, with `/`."""
    words, roots, line, order = vocabulary(), content.roots, content.line, content.order
    alone = len(roots) == 1
    records = []
    keeps: dict[Element, bool] = {}  # for the few elements around records
    for root in roots:
        for element, name, above, skip in find_records(root, words, alone=alone):
            parent = element.getparent()
            if parent is not None and parent not in keeps:
                keeps[parent] = keeps_space(parent)
            fields = read_fields(element, skip, keep=parent is not None and keeps[parent])
            records.append(Record(fields, name, above, line(element), order.get(element, -1)))
    leaves = [
        leaf for root in roots for child in root if fold(name_of(child)) in words.metadata for leaf in child
    ]
    broken = any(problem.level == "error" for problem in content.problems)
    names, texts = map(name_of, leaves), [(leaf.text or "").strip(" \t\r\n") for leaf in leaves]
    shared = shared_values([*names], texts, path)
    return make_entries(records, path, shared, broken=broken, alone=alone)
