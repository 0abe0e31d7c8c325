"""Fields of one entry: set, added at their usual place, taken away; items and tags one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from index.changes.adding import with_others
from index.changes.composing import WORD_LISTS, Style, Value, composed, fill_inline, find, value_of
from index.changes.items import add_word, items_of, list_text, read_as, set_items, swap_word
from index.changes.plan import (
    Plan,
    PlannedChange,
    entries_of,
    others_unchanged,
    parse,
    refusing,
    said,
    warn,
)
from index.edits import CannotEdit, edit_message, find_entry, set_fields
from index.memory.document import Document
from index.memory.entries import Entry
from index.memory.fields import Field
from index.memory.problems import Splice
from index.memory.recovery.tags import loose_attributes, tag_inside
from index.memory.vocabulary import role, shape
from index.shapes import FieldShape, KindShape, shape_of


def plan_fields(
    data: bytes,
    file: str,
    entry_id: str,
    texts: Mapping[str, str] = {},
    *,
    remove: Sequence[str] = (),
    entries: Sequence[Entry] = (),
) -> Plan:
    """Plan setting, adding and removing fields of an entry in one change.

    Args:
        data: the file's bytes.
        file: its path in the tree.
        entry_id: as `Entry.id`.
        texts: field name → new text; a field the entry lacks is added at its usual place.
        remove: names of fields to take away with their elements.
        entries: those of the tree, which show what place is usual.

    Raises:
        CannotEdit: no such entry or field, or a text that XML cannot hold there.
    """
    document = before = parse(data, file)
    entry = first = find_entry(document, file, entry_id)
    known = shape_of(entry.kind, with_others(entries, document, file), file)
    changed: list[str] = []
    for name, text in texts.items():
        name = spelled(entry, name, known)
        edited = put_field(document, file, entry, name, text, known)
        if edited is not document:
            document, entry = edited, at_element(edited, file, entry)
            changed.append(name)
    for name in remove:
        document = drop_field(document, file, entry, name)
        entry = at_element(document, file, entry)
        changed.append(name)
    _check_others(before, document, file, entry)
    change = PlannedChange(file, data, document.to_bytes())
    message = edit_message(first, tuple(changed) or tuple(texts))
    return Plan((change,), message, (entry.id,), tuple(changed), warn(document))


def plan_tags(
    data: bytes,
    file: str,
    entry_id: str,
    *,
    add: Sequence[str] = (),
    remove: Collection[str] = (),
    entries: Sequence[Entry] = (),
) -> Plan:
    """Plan adding and removing tags of an entry, however it writes them: elements, a text, an attribute.

    Raises:
        CannotEdit: no such entry, or the tags are not its own but those of the file.
    """
    before = parse(data, file)
    entry = find_entry(before, file, entry_id)
    known = shape_of(entry.kind, with_others(entries, before, file), file)
    document = change_tags(before, file, entry, dict.fromkeys(remove, ""), add, known)
    _check_others(before, document, file, entry)
    words = [f"+{tag}" for tag in add] + [f"-{tag}" for tag in remove]
    message = edit_message(entry, (f"tags {' '.join(words)}" if len(words) < 4 else "tags",))
    field = tags_field(entry)
    change = PlannedChange(file, data, document.to_bytes())
    return Plan((change,), message, (entry.id,), (field.name if field else "tags",), warn(document))


def at_element(document: Document, file: str, entry: Entry) -> Entry:
    """Return an entry after a change inside it: its id may be another one, its element is not.

    Raises:
        CannotEdit: it reads as no entry any more.
    """
    for found in entries_of(document, file):
        if found.element == entry.element:
            return found
    raise CannotEdit(f"{entry.id} would be no entry any more after this change.")


def _check_others(before: Document, after: Document, file: str, entry: Entry) -> None:
    old, new = entries_of(before, file), entries_of(after, file)
    if not others_unchanged(old, new, {entry.element}, {entry.element}):
        raise CannotEdit("Other entries would read differently after this change: repair the file first.")


# ── setting and adding ────────────────────────────────────────────────────────


def spelled(entry: Entry, name: str, known: KindShape) -> str:
    """Return the name that a field has in an entry: `level` is `@level` where its like write it so."""
    own = [field.name for field in entry.fields]
    usual = known.field(name)
    likely = usual.name if usual is not None else name
    return next((same for same in (name, f"@{name}", likely) if same in own), likely)


def put_field(
    document: Document,
    file: str,
    entry: Entry,
    name: str,
    text: str,
    known: KindShape,
    like: FieldShape | None = None,
) -> Document:
    """Return the document with one field of an entry set; added at its usual place when it is not there.

    `like` says what it is where `known` does not.

    Raises:
        CannotEdit: a text that XML cannot hold there.
    """
    field = next((field for field in entry.fields if field.name == name), None)
    if field is not None and not field.items:
        if field.text == text.strip(" \t\r\n"):
            return document
        return set_fields(document, file, entry.id, {name: text})[0]
    value = value_of((known.field(name) or like or FieldShape(name))._replace(name=name), text)
    with refusing(f"{name} cannot be set"):
        if field is not None:
            items = items_of(text, commas=role(name) in WORD_LISTS)
            element = entry.element + field.element
            return document if items == [*field.items] else set_items(document, element, items)
        if not text.strip():
            return document
        edited = _added(document, entry, value, known)
    was, now = dict(said(entry.fields)), dict(said(at_element(edited, file, entry).fields))
    new = {read_as(now, name, value.read)}
    new |= {other for other, text in now.items() if read_as(was, other, text)}
    lost = [n for n, text in was.items() if text and now.get(n) != text and not _split(n, text, now)]
    if "" in new or lost or now.keys() - was.keys() - new:
        raise CannotEdit(f"{name} cannot be added: it would read as something else.")
    return edited


def _split(name: str, text: str, now: Mapping[str, str]) -> bool:
    """Whether a list of one turned out to be a nested field, now that it is not alone."""
    return any(other.rpartition("/")[0] == name and text == list_text([t]) for other, t in now.items())


def _added(document: Document, entry: Entry, value: Value, known: KindShape) -> Document:
    path, at, attribute = value.name.partition("@")
    if at:
        element = find(document, entry.element, path)
        if element is None:
            raise CannotEdit(f"The entry has no field {path} that could have an attribute.")
        return document.set_attribute(element, attribute, value.text)
    steps = path.split("/")
    there = next(n for n in range(len(steps), -1, -1) if _at(document, entry, steps[:n]) is not None)
    parent = _at(document, entry, steps[:there])
    assert parent is not None  # no steps: the entry itself
    mates = [e.element for e in entries_of(document, entry.file) if e.kind == entry.kind and not e.template]
    style = Style(document, [mate for mate in mates if mate != entry.element])
    if there == len(steps):
        if not value.item:
            raise CannotEdit(f"{value.name} holds fields of its own: set those.")
        return set_items(document, parent, list(value.items), style.item(value))
    top = composed("x", [value], style)
    for _ in range(there):
        top = top.children[0]
    node = top.children[0]
    place = _place(document, parent, path, known) if not there else len(list(document.children(parent)))
    document = document.insert(parent, place, node.new())
    return fill_inline(document, list(document.children(parent))[place], node)


def _at(document: Document, entry: Entry, steps: Sequence[str]) -> int | None:
    return find(document, entry.element, "/".join(steps))


def _place(document: Document, element: int, path: str, known: KindShape) -> int:
    """Return the number among the children of an entry where a field of this name usually stands."""
    heads = list(dict.fromkeys(field.name.partition("/")[0].partition("@")[0] for field in known.fields))
    children = [document.names[child] for child in document.children(element)]
    head = path.partition("/")[0]
    if head not in heads:
        return len(children)
    before = set(heads[: heads.index(head)])
    return max((place + 1 for place, name in enumerate(children) if name in before), default=0)


# ── removing ──────────────────────────────────────────────────────────────────


def drop_field(document: Document, file: str, entry: Entry, name: str) -> Document:
    """Return the document without a field of an entry, and without elements that are empty then.

    Raises:
        CannotEdit: no such field, or one that holds others.
    """
    above = name.rpartition("/")[0]
    lone = [field for field in entry.fields if field.name == above and len(field.items) == 1]
    field = next((field for field in entry.fields if field.name == name), next(iter(lone), None))
    if field is None:
        names = ", ".join(dict.fromkeys(f.name for f in entry.fields))
        raise CannotEdit(f"The entry has no field {name}: it has {names}.")
    name = field.name
    element = entry.element + field.element
    with refusing(f"{name} cannot be removed"):
        if "@" in name:
            return _without_attribute(document, element, name.rpartition("@")[2])
        held = [f.name for f in entry.fields if f.name != name and not f.name.startswith(f"{name}@")]
        places = {f.name: entry.element + f.element for f in entry.fields}
        if element == entry.element or any(element <= places[n] <= document.last[element] for n in held):
            raise CannotEdit(f"{name} holds other fields: set its text instead.")
        while True:
            parent = document.parents[element]
            document = document.remove(element)
            if parent == entry.element or document.attributes(parent) or document.full_text(parent).strip():
                return document
            if document.last[parent] > parent:
                return document
            element = parent


def _without_attribute(document: Document, element: int, name: str) -> Document:
    start, end = document.starts[element], document.content_starts[element]
    inside = tag_inside(document.source, start, end, document.names[element])
    found = next((a for a in loose_attributes(document.source, *inside) if a.name == name), None)
    if found is None:
        raise CannotEdit(f"The attribute {name} cannot be removed: repair the file first.")
    stop = found.name_end if found.value_start < 0 else found.value_end + len(found.quote)
    space = len(document.source[: found.start].rstrip(" \t\r\n"))
    edited = document.spliced([Splice(space, stop, "")])
    left = {key: value for key, value in document.attributes(element).items() if key != name}
    if edited.names != document.names or edited.attributes(element) != left:
        raise CannotEdit(f"The attribute {name} cannot be removed: repair the file first.")
    return edited


# ── tags ──────────────────────────────────────────────────────────────────────


def tags_field(entry: Entry) -> Field | None:
    """Return the field that holds an entry's own tags: the preferred of those that hold any."""
    places = dict(shape(tuple(field.name for field in entry.fields)).roles).get("tags", ())
    found = [entry.fields[place] for place in places]
    return next((field for field in found if field.text), next(iter(found), None))


def change_tags(
    document: Document,
    file: str,
    entry: Entry,
    swap: Mapping[str, str],
    add: Iterable[str],
    known: KindShape,
) -> Document:
    """Return the document with tags of an entry renamed (to nothing: removed) and added.

    Raises:
        CannotEdit: the tags to change are not the entry's own.
    """
    field = tags_field(entry)
    own = entry.tags if field is not None and field.text else ()
    missing = [tag for tag in swap if tag not in own]
    if missing:
        where = "only in what the file says of all its entries" if missing[0] in entry.tags else "not there"
        raise CannotEdit(f"The tag {missing[0]} cannot be changed in {entry.id}: it is {where}.")
    wanted = [swap.get(tag, tag) for tag in own] + list(add)
    wanted = list(dict.fromkeys(tag.strip() for tag in wanted if tag.strip()))
    if wanted == list(own):
        return document
    if field is None or (not field.text and not field.items):
        usual = next((f.name for f in known.fields if role(f.name) == "tags"), "tags")
        own_way = known.field(usual) or FieldShape(usual, item="tag")
        text = list_text(wanted) if own_way.item else ", ".join(wanted)
        name = field.name if field is not None else usual
        edited = put_field(document, file, entry, name, text, known, own_way)
    elif field.items:
        edited = put_field(document, file, entry, field.name, list_text(wanted), known)
    else:
        text = field.text
        for tag in map(str.strip, add):  # first, while there is a separator to go by
            text = text if tag in own else add_word(text, tag)
        for old, new in swap.items():
            text = swap_word(text, old, new.strip())
        edited = set_fields(document, file, entry.id, {field.name: text})[0]
    if wanted and set(at_element(edited, file, entry).tags) != set(wanted):
        raise CannotEdit(f"The tags of {entry.id} cannot be written so: they would read as others.")
    return edited
