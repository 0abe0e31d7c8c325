"""Fields of one entry: their names, the check that a change reads as it was meant; its tags one by one."""

from __future__ import annotations

from collections.abc import Mapping

from index.editing.plan_checks import at_ref, names_and_texts
from index.formats.base import FieldForm, MemoryFile, Samples
from index.formats.field_values import WORD_LISTS, Text, given_for, value_of
from index.formats.registry import format_of
from index.model.entry import Entry
from index.model.field import Field
from index.model.field_path import attribute, field_path
from index.model.kind_shape import FieldShape, KindShape
from index.model.plan import CannotEdit, Misread
from index.model.text.item_lists import items_of, list_text, read_as, swap_word
from index.model.text.margins import line_ends, within_edges
from index.model.vocabulary import players, role


def spelled(entry: Entry, name: str, known: KindShape) -> str:
    """Return the name that a field has in an entry: `level` is `@level` where its like write it so."""
    own = [field.name for field in entry.fields]
    usual = known.field(name)
    likely = usual.name if usual is not None else name
    return next((same for same in (name, attribute(name), likely) if same in own), likely)


def check(before: Entry, after: Entry, name: str, text: str, known: KindShape) -> None:
    """Check that a field reads as it was meant, and that it is the only one that changed.

    Raises CannotEdit: it does not.
    """
    was, now = dict(names_and_texts(before.fields)), dict(names_and_texts(after.fields))
    whole, text = line_ends(text), given_for(name, text)
    value = value_of((known.field(name) or FieldShape(name))._replace(name=name), text)
    meant = {value.text, text, whole, list_text(items_of(text, commas=role(name) in WORD_LISTS))}
    if format_of(after.file).texts_are_markdown:
        meant.add(within_edges(whole))
    own = {read for text in meant if (read := read_as(now, name, text))}
    path = field_path(name)
    if not text and not any(
        now[other] for other in now if other == name or field_path(other).is_inside(path)
    ):
        own.add(name)
    # A list of one turns out to be a nested field when it is no longer alone.
    split = {other for other in was if any(str(field_path(inner).above) == other for inner in now)}
    lost = [n for n, same in was.items() if same and now.get(n) != same and n not in {name, *split}]
    around = [n for n in was if path.is_inside(field_path(n))]  # whose text is also that in a line of it
    more = [n for n, same in now.items() if same and not read_as(was, n, same) and n not in (*own, *around)]
    if not own or lost or more:
        raise Misread(f"The field {name} cannot be set like this: it would read as something else.")


# ── tags ──────────────────────────────────────────────────────────────────────


def tags_fields(entry: Entry) -> list[Field]:
    """Return the field that holds an entry's own tags, the preferred of those that hold any; or its row."""
    found = [entry.fields[place] for place in players("tags", [field.name for field in entry.fields])]
    first = next((field for field in found if field.text), None)
    return [one for one in found if first is not None and one.path.unnumbered == first.path.unnumbered]


def tags_after(entry: Entry, swap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags of an entry after some are renamed, to nothing: removed.

    Raises CannotEdit: the tags to change are not the entry's own.
    """
    own = entry.tags if tags_fields(entry) else ()
    for tag in swap:
        if tag not in own:
            where = "only in what the file says of all its entries" if tag in entry.tags else "not there"
            raise CannotEdit(f"The tag {tag} cannot be changed in {entry.id}: it is {where}.")
    wanted = (swap.get(tag, tag).strip() for tag in own)
    return tuple(dict.fromkeys(tag for tag in wanted if tag))


def change_tags(
    document: MemoryFile, entry: Entry, swap: Mapping[str, str], known: KindShape, samples: Samples
) -> MemoryFile:
    """Return the document with the tags of `tags_after`, written as the entry writes them.

    Raises CannotEdit: as `tags_after`.
    """
    wanted, edited = tags_after(entry, swap), document
    for field in tags_fields(entry):
        text = list_text([*wanted]) if field.items else field.text
        for old, new in swap.items() if not field.items else ():
            text = swap_word(text, old, new.strip())
        if text != field.text:
            at = entry if edited is document else at_ref(edited, entry)
            form = FieldForm(known, samples, FieldShape(field.name, item="tag"))
            edited = edited.put_field(at, field.name, text, form)
    return edited


def check_tags(before: Entry, after: Entry, swap: Mapping[str, str]) -> None:
    """Check that an entry has the tags it was meant to have, and that nothing else changed in it.

    Raises CannotEdit: it has not.
    """
    wanted = tags_after(before, swap)
    fields = [_without_tags(entry) for entry in (before, after)]
    if (wanted and set(after.tags) != set(wanted)) or fields[0] != fields[1]:
        raise CannotEdit(
            f"The tags of {before.id} cannot be written like this: they would read as other tags."
        )


def _without_tags(entry: Entry) -> list[tuple[str, str]]:
    fields = (f for f in entry.fields if role(f.path.head) != "tags")
    return [(field.name, field.text) for field in fields]


def text_of_role(part: str, texts: Mapping[str, Text]) -> str:
    """Return the text that an entry's own fields have for a role; empty where none plays it."""
    found = (text for name, text in texts.items() if role(name) == part)
    return next((text.strip() for text in found if isinstance(text, str)), "")
