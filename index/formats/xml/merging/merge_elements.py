"""The merge of elements: one side's text is the stem, and the other side's changes are set into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.merging import merge_values
from index.formats.xml.merging.merge_layout import (
    LayoutRow,
    Made,
    adopt,
    adopt_content,
    element,
    fitted,
    insert,
    join,
    margin_of,
    reordered,
    spot,
)
from index.formats.xml.merging.merge_nodes import MergeNode, MergeValue, read_nodes
from index.formats.xml.merging.merge_pairs import known_entries, pair, pair_added, pair_doubtful
from index.formats.xml.writing.editing import set_text
from index.formats.xml.writing.markup_writing import (
    raw_attribute,
    set_raw_attribute,
    write_attribute,
    write_text,
)
from index.formats.xml.writing.white_space import keeps_space
from index.model.errors import EditRefused
from index.model.merge_outcomes import MergeConflict
from index.model.text.item_lists import items_of, list_text
from index.model.text.margins import dedent, indent_like

OURS, THEIRS, BASE = "ours", "theirs", "base"


class CannotMerge(Exception):
    """The file cannot be merged by element."""


class MergePlace(NamedTuple):
    """The place of a value in a file."""

    entry: str
    """Id of the entry; the file's path outside of all."""
    field: str
    """Name of the field; empty for the entry itself."""


class _Content(NamedTuple):
    """The content between two tags."""

    raw: str
    text: str
    children: tuple[MergeValue, ...] = ()


class Merger:
    """One merge of a file; `ours` is the stem."""

    def __init__(
        self,
        base: MergeNode | None,
        ours: MergeNode,
        theirs: MergeNode,
        path: str,
        choices: Mapping[tuple[str, str], str],
        entries: int | None = None,
    ) -> None:
        self._files = (base, ours, theirs)
        self._known = tuple(known_entries(base, side) if base else {} for side in (ours, theirs))
        self._stem = ours.document
        self._path = path
        self._choices = choices
        self._counts = merge_values.Counts.of(base, ours, theirs, entries)
        self.conflicts: list[MergeConflict] = []
        """Conflicts that the choices do not settle; the file keeps our side of them."""
        self.value = ours.value
        """The value of the merged file."""

    @property
    def counted(self) -> bool:
        """Whether the file holds a count of its entries that both sides moved."""
        return self._counts.met

    def again(self, entries: int) -> Merger:
        """Return the same merge, knowing how many entries come of it."""
        base, ours, theirs = self._files
        return Merger(base, ours, theirs, self._path, self._choices, entries)

    def run(self) -> str:
        """Return the text of the merged file.

        Raises:
            CannotMerge: an element cannot be written so.
            EditRefused: a text that was chosen is not well-formed where it must be.
        """
        base, ours, theirs = self._files
        content = self._children(base, ours, theirs, MergePlace(self._path, ""))
        self.value = ours.value._replace(children=content.children)
        return self._head() + content.raw

    def _head(self) -> str:
        """Return the declaration and the DOCTYPE: ours, unless only the other side changed them."""
        base, ours, theirs = self._files
        mine, other = (side.document.source[: side.content_start] for side in (ours, theirs))
        same = base is not None and base.document.source[: base.content_start] == mine
        codecs = {side.document.encoding.codec for side in (ours, theirs)}
        return fitted(other, self._stem) if same and mine and other and len(codecs) == 1 else mine

    def _ask(self, place: MergePlace, base: str | None, ours: str | None, theirs: str | None) -> str | None:
        """Return the user's choice, None when there is none yet."""
        choice = self._choices.get(place)
        if choice is None:
            self.conflicts.append(MergeConflict(*place, base, ours, theirs))
        return choice

    # ---------------------------------------------------------------- one element

    def _node(self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace) -> Made:
        untouched = base is not None and theirs.value == base.value
        # What both sides changed alike is settled; but a count of entries may have to move further.
        if untouched or (theirs.value == ours.value and (base is None or not self._counts.moved)):
            return Made(ours.markup, ours.value)
        tag, attributes = self._attributes(base, ours, theirs, at)
        content = self._content(base, ours, theirs, at)
        value = MergeValue(ours.name, attributes, content.text, content.children)
        return Made(element(ours, tag, content.raw), value)

    def _attributes(
        self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace
    ) -> tuple[str, frozenset[tuple[str, str]]]:
        tag = ours.start_tag
        old = dict(base.value.attributes) if base else {}
        mine, other = dict(ours.value.attributes), dict(theirs.value.attributes)
        for name in sorted({*old, *mine, *other}):
            was, here, there = old.get(name), mine.get(name), other.get(name)
            if there in (here, was):
                continue
            field = MergePlace(at.entry, f"{at.field}@{name}")
            raw = None
            if here == was:
                text, raw = there, raw_attribute(theirs.start_tag, name)
            else:
                text = self._settled(field, was, here, there)
                text = text if text is not None else self._chosen(field, was, here, there)
            if text == here:
                continue
            if raw is None and text is not None:
                raw = f'{name}="{write_attribute(self._stem, text)}"'
            tag = set_raw_attribute(tag, name, fitted(raw or "", self._stem))
            if text is None:
                del mine[name]
            else:
                mine[name] = text
        return tag, frozenset(mine.items())

    def _settled(self, at: MergePlace, base: str | None, ours: str | None, theirs: str | None) -> str | None:
        if ours is None or theirs is None:
            return None
        outside = at.entry == self._path
        return merge_values.settle(at.field, base, ours, theirs, outside=outside, counts=self._counts)

    def _chosen(self, at: MergePlace, base: str | None, ours: str | None, theirs: str | None) -> str | None:
        """Return the text that the user chose, ours while there is no choice."""
        choice = self._ask(at, base, ours, theirs)
        sides = {None: ours, OURS: ours, THEIRS: theirs, BASE: base}
        return sides[choice] if choice in sides else dedent(choice or "")

    def _content(
        self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace
    ) -> _Content:
        sides = [side for side in (base, ours, theirs) if side is not None]
        if any(side.mixed for side in sides):
            return self._mixed(base, ours, theirs, at)
        if not any(side.children for side in sides):
            return self._text(base, ours, theirs, at)
        if any(side.text for side in sides):
            return self._mixed(base, ours, theirs, at)
        if at.field and all(side.is_list for side in sides if side.children or side is not base):
            return self._list(base, ours, theirs, at)
        return self._children(base, ours, theirs, at)

    # ---------------------------------------------------------------- text

    def _text(self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace) -> _Content:
        field = at._replace(field=at.field or ours.name)
        old = base.text if base else None
        same = base is not None and ours.content == base.content and ours.content_start < ours.end
        if same and ours.text == old != theirs.text:
            return _Content(fitted(theirs.content, self._stem), theirs.text)
        text = theirs.text
        if ours.text != old:
            settled = self._settled(field, old, ours.text, theirs.text) if theirs.text != old else ours.text
            text = settled if settled is not None else self._chosen(field, old, ours.text, text) or ""
        return _Content(self._written(ours, text), text)

    def _written(self, node: MergeNode, text: str) -> str:
        """Return the content of an element without children when it says `text`, changed where it must."""
        if text == node.text:
            return node.content
        try:
            alone = Document.parse(node.markup.encode("utf-8", "surrogateescape"))
            laid = text if keeps_space(alone, 0) else indent_like(alone.text(0), text)
            edited = set_text(alone, 0, laid)
        except (EditRefused, UnicodeEncodeError) as error:
            raise CannotMerge from error
        return fitted(edited.source[edited.content_starts[0] : edited.content_ends[0]], self._stem)

    def _mixed(self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace) -> _Content:
        """Take text with elements in it from one side, whole."""
        field = at._replace(field=at.field or ours.name)
        mine, other = _inner(ours), _inner(theirs)
        sides = (base, ours, theirs)
        if base and mine == _inner(base):
            choice: str | None = THEIRS
        elif mine == other or (base and other == _inner(base)):
            choice = OURS
        else:
            old, *new = (dedent(side.content) if side else None for side in sides)
            choice = self._ask(field, old, *new)
        if choice in (None, OURS):
            return _Content(ours.content, *mine)
        if choice in (THEIRS, BASE):
            side = theirs if choice == THEIRS else base
            if side is None:
                return _Content("", "")
            return _Content(adopt_content(side, self._stem, ours.margin()), *_inner(side))
        made = self._parsed(f"<{ours.name}>{choice}</{ours.name}>", field)
        return _Content(fitted(made.content, self._stem), *_inner(made))

    def _parsed(self, markup: str, at: MergePlace) -> MergeNode:
        """Return markup that the user gave as a node."""
        document = Document.parse(markup.encode("utf-8", "replace"), self._path)
        nodes = read_nodes(document, self._path).children
        if document.errors or len(nodes) != 1 or not nodes[0].name:
            what = at.field or at.entry
            raise EditRefused(f"What is chosen for {what} must be well-formed: one element.")
        return nodes[0]

    # ---------------------------------------------------------------- lists

    def _list(self, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, at: MergePlace) -> _Content:
        """Merge a list by its items; when one item was changed in two ways, the list is the conflict."""
        known = len(self.conflicts)
        field = at._replace(field=at.field or ours.name)
        content = self._children(base, ours, theirs, at, exact=merge_values.is_set(at.field))
        if len(self.conflicts) == known:
            return content
        del self.conflicts[known:]
        old = list_text(_items(base)) if base else None
        mine, other = list_text(_items(ours)), list_text(_items(theirs))
        chosen = self._chosen(field, old, mine, other) or ""
        items = items_of(chosen)
        if items == _items(ours):
            return _Content(ours.content, "", ours.value.children)
        gaps, tail = ours.gaps()
        gaps += [gaps[-1]] * (len(items) - len(gaps))
        rows = []
        for gap, item in zip(gaps, items, strict=False):
            name, margin = ours.children[0].name, margin_of(gap) or ""
            raw = write_text(self._stem, item.replace("\n", "\n" + margin))
            value = MergeValue(name, frozenset(), item, ())
            rows.append(LayoutRow(gap, Made(f"<{name}>{raw}</{name}>", value)))
        return _Content(join(rows, tail), "", tuple(row.made.value for row in rows))

    # ---------------------------------------------------------------- children

    def _children(
        self,
        base: MergeNode | None,
        ours: MergeNode,
        theirs: MergeNode,
        at: MergePlace,
        *,
        exact: bool = False,
    ) -> _Content:
        olds = base.children if base else ()
        to_ours, to_theirs = (
            pair(olds, side.children, known, exact=exact)
            for side, known in zip((ours, theirs), self._known, strict=True)
        )
        if not exact:
            mine = pair_doubtful(olds, ours.children, to_ours, to_theirs)
            to_theirs = pair_doubtful(olds, theirs.children, to_theirs, to_ours)
            to_ours = mine
        old_of_ours = {mine: old for old, mine in to_ours.items()}
        old_of_theirs = {other: old for old, other in to_theirs.items()}
        new_ours = [place for place in range(len(ours.children)) if place not in old_of_ours]
        new_theirs = [place for place in range(len(theirs.children)) if place not in old_of_theirs]
        added = pair_added(ours, theirs, new_ours, new_theirs, exact=exact)
        gaps, tail = ours.gaps()
        names = ours.field_names(at.field)
        rows: list[LayoutRow] = []
        for place, node in enumerate(ours.children):
            here = _inside(at, node, names[place])
            old = old_of_ours.get(place)
            before = None if old is None else olds[old]
            other = added.get(place) if old is None else to_theirs.get(old)
            gap = gaps[place] if rows else gaps[0]
            if other is not None:
                made: Made | None = self._node(before, node, theirs.children[other], here)
            elif before is None or exact:
                made = Made(node.markup, node.value) if before is None else None
            else:
                made = self._deleted_there(before, node, here)
            if made is not None:
                rows.append(LayoutRow(gap, made, place, other))
        rows = reordered(rows, old_of_ours, old_of_theirs)
        names = theirs.field_names(at.field)
        met = {*added.values(), *(row.theirs for row in rows)}
        for place, node in enumerate(theirs.children):
            old = old_of_theirs.get(place)
            if place in met or (old is not None and (exact or old in to_ours)):
                continue
            here = _inside(at, node, names[place])
            wanted = node if old is None else self._deleted_here(olds[old], node, here)
            if wanted is not None:
                if not rows and not ours.children:
                    tail = fitted(theirs.gaps()[1], self._stem)
                insert(rows, spot(rows, place, len(theirs.children), new_ours), wanted, place, ours, theirs)
        return _Content(join(rows, tail), "", tuple(row.made.value for row in rows))

    def _deleted_there(self, base: MergeNode, ours: MergeNode, at: MergePlace) -> Made | None:
        """Return the outcome for a node that the other side deleted."""
        if ours.value == base.value:
            return None
        choice = self._ask(at, _text_or_markup(base, at), _text_or_markup(ours, at), None)
        if choice in (None, OURS):
            return Made(ours.markup, ours.value)
        if choice == THEIRS:
            return None
        node = base if choice == BASE else self._given(ours, choice or "", at)
        return Made(adopt(node, self._stem, ours.margin()), node.value)

    def _deleted_here(self, base: MergeNode, theirs: MergeNode, at: MergePlace) -> MergeNode | None:
        """Return the outcome for a node of the other side that we deleted."""
        if theirs.value == base.value:
            return None
        choice = self._ask(at, _text_or_markup(base, at), None, _text_or_markup(theirs, at))
        if choice in (None, OURS):
            return None
        if choice in (THEIRS, BASE):
            return theirs if choice == THEIRS else base
        return self._given(theirs, choice or "", at)

    def _given(self, like: MergeNode, text: str, at: MergePlace) -> MergeNode:
        """Return the node that the user wrote: a field's text, or an element's markup."""
        if not (at.field and _is_plain(like)):
            return self._parsed(text, at)
        raw = self._written(like, dedent(text))
        return self._parsed(element(like, like.start_tag, raw), at)


def _inside(at: MergePlace, node: MergeNode, field: str) -> MergePlace:
    """Return the place of a child: an entry begins anew."""
    return MergePlace(node.entry.id, "") if node.entry else MergePlace(at.entry, field)


def _inner(node: MergeNode) -> tuple[str, tuple[MergeValue, ...]]:
    return node.text, node.value.children


def _is_plain(node: MergeNode) -> bool:
    return not (node.children or node.mixed)


def _text_or_markup(node: MergeNode, at: MergePlace) -> str:
    return node.text if at.field and _is_plain(node) else node.markup


def _items(node: MergeNode) -> list[str]:
    return [child.text for child in node.children]
