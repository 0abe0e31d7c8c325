"""An entry of one format as a file of another one says it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from index.formats.base import EditRefused, FieldForm, Format, MemoryFile
from index.formats.field_values import WORD_LISTS
from index.formats.registry import format_of
from index.model.entry import Entry, EntryRef
from index.model.kind_shape import KindShape
from index.model.vocabulary import fold, role

TITLES = ("title", "name")
"""Fields that call a file which is one entry."""
_LAYOUT = re.compile(r"(?:^|[\s,]+)(?:[-*+](?=\s|$))?")
"""White space, and the marks and commas of lists."""


def texts_in(form: Format, entry: Entry, titles: Iterable[str]) -> dict[str, str]:
    """Return the texts of an entry by the names that another format can write; `titles` are those there."""
    said = dict.fromkeys(titles, entry.title) if form.texts_are_markdown else {}
    own = {*said}
    for field in entry.fields:
        if field.text:
            name = form.field_name(field.name)
            words = role(field.name) in WORD_LISTS and field.items
            text = ", ".join(field.items) if words else field.text
            said[name] = f"{said[name]}\n\n{text}" if name in said and name not in own else text
    return said


def rendition(document: MemoryFile, ref: EntryRef, entry: Entry, before: Entry | None = None) -> MemoryFile:
    """Return a file whose entry at `ref` says the same as one of another format, in its own layout.

    Only where that differs from `before`, another version of it, or, without one, in more than layout.

    Raises EditRefused, CannotEdit: a text cannot be there.
    """
    form = format_of(document.path)
    titles = [field.name for field in _at(document, ref).fields if field.name in TITLES]
    wanted = texts_in(form, entry, titles)
    known = texts_in(form, before, titles) if before else {}
    for name in {**wanted, **known}:
        text = wanted.get(name, "")
        mine = _at(document, ref)
        here = next((field for field in mine.fields if fold(field.name) == fold(name)), None)
        if (
            text == known.get(name, "")
            if before
            else _word_list(here.text if here else "") == _word_list(text)
        ):
            continue
        if text:
            form_of_it = FieldForm(KindShape(mine.kind, ()))
            document = document.put_field(mine, here.name if here else name, text, form_of_it)
        elif here:
            document = document.put_field_back(mine, here.name, document, replace(mine, fields=()))
    return document


def _at(document: MemoryFile, ref: EntryRef) -> Entry:
    for entry in document.entries:
        if entry.ref == ref:
            return entry
    raise EditRefused("It would no longer be an entry.")


def _word_list(text: str) -> list[str]:
    """Return the words of a text, however it is laid out."""
    return [word for word in _LAYOUT.split(text) if word]
