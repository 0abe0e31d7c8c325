"""A second entry like one: behind it in its file, or in a file of its own where that is how they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from index.editing.adding import SERIES, free_path, in_series, numbered, own_texts, split_name, with_texts
from index.editing.plan_checks import EntryInFile, others_unchanged, signature, subject, with_others
from index.editing.templates import next_id, shape_of
from index.formats.base import MemoryFile
from index.formats.opened import entries_inside, refusing
from index.formats.registry import open_file
from index.library.tree_links import INDEX, own_names
from index.model.counts import count_words, kind_words
from index.model.entry import Entry
from index.model.known_entries import KnownEntries
from index.model.plan import CannotEdit, Plan, PlannedChange


def plan_duplicate(
    found: EntryInFile, *, entries: KnownEntries, now: datetime, read: Callable[[str], bytes | None]
) -> Plan:
    """Plan a copy of an entry right behind it, with a new id and the time `now`.

    An entry that is a file is copied to a file beside it, and its names get a number: links call it by them.

    Raises:
        CannotEdit: there can be no second one, or two of it would not read as two.
    """
    document, entry = found
    file, data = document.path, document.to_bytes()
    if inside := entries_inside(document, entry):
        held = count_words(len(inside), "other entry", "other entries")
        what = kind_words(entry.kind)
        raise CannotEdit(f"This {what} holds {held} of {file}: duplicate what is inside instead.")
    if document.is_whole(entry):
        if entry.kind == INDEX:
            raise CannotEdit(f"{file} lists the other files of its folder: there can be no second one.")
        if len(document.entries) > 1:
            raise CannotEdit(f"This is the text above the other entries of {file}: add an entry instead.")
        series = in_series(file, entries.files(entry.kind))
        path = series if series != file and read(series) is None else free_path(file, read)
        before, added, names = _in_a_file_of_its_own(document, data, entry, path)
    else:
        before, added, names = data, _behind(document, entry), {}
    tree = with_others(entries, document)
    shape = shape_of(entry.kind, tree, file)
    own = next_id(entry.kind, tree, now, file=file, title=entry.title) if entry.own_id else ""
    texts = own_texts(added.entry, own=own, time=shape.stamp(now)) | names
    added = with_texts(added, texts)
    change = PlannedChange(added.document.path, before, added.document.to_bytes())
    return Plan((change,), subject("duplicate", entry), (added.entry.id,))


def _behind(document: MemoryFile, entry: Entry) -> EntryInFile:
    """Return the file with a second one right behind an entry."""
    with refusing(f"{entry.title} cannot be copied"):
        edited, ref, _ = document.doubled(entry)
    copy = next((other for other in edited.entries if other.ref == ref), None)
    if copy is None or not others_unchanged(document.entries, edited.entries, new={ref}):
        raise CannotEdit(f"{entry.title} cannot be copied: the file would read differently then.")
    return EntryInFile(edited, copy)


def _in_a_file_of_its_own(
    document: MemoryFile, data: bytes, entry: Entry, path: str
) -> tuple[None, EntryInFile, dict[str, str]]:
    """Return a file at `path` with the same bytes as one that is an entry, and the names for it there."""
    file = document.path
    copy = open_file(data, path)
    if [signature(one) for one in copy.entries] != [signature(entry)]:
        raise CannotEdit(f"There can be no second {file}: {path} would read as something else.")
    return None, EntryInFile(copy, copy.entries[0]), _numbered_names(entry, file, path)


def _numbered_names(entry: Entry, file: str, path: str) -> dict[str, str]:
    """Return the fields by which links call an entry, each with the number of its new file."""
    (old, _), (new, _) = (split_name(name.rpartition("/")[2]) for name in (file, path))
    before, after = SERIES.match(old), SERIES.match(new)
    if before and after and before["number"] != after["number"]:
        told, next_one = re.compile(rf"(?<!\d)0*{int(before['number'])}(?!\d)"), int(after["number"])

        def named(text: str) -> str:
            return told.sub(lambda found: f"{next_one:0{len(found[0])}}", text, count=1)
    else:
        number = int(
            new[len(new.rstrip("0123456789")) :] or 2
        )  # one in front counts the files, not the names

        def named(text: str) -> str:
            return numbered(text, number, "-" if text.islower() else " ")

    names = own_names(entry).keys() - {"", "id"}
    called = [f for f in entry.fields if f.name in names and f.text and not f.items and "\n" not in f.text]
    return {field.name: new if field.text == old else named(field.text) for field in called}
