"""A planned change of any number of files, and the checks that every plan passes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from index.formats.base import MemoryFile
from index.formats.opened import find_entry
from index.formats.registry import format_of, open_file
from index.model.commits import proposed
from index.model.counts import count_words, kind_words, listed
from index.model.entry import Entry
from index.model.field import Field
from index.model.known_entries import KnownEntries, WithFiles
from index.model.plan import CannotEdit
from index.model.text.margins import line_ends
from index.model.vocabulary import is_about

Signature = tuple[str, tuple[tuple[str, str], ...]]


class EntryInFile(NamedTuple):
    """One of the entries of a file."""

    document: MemoryFile
    entry: Entry


def entry_in(data: bytes, file: str, entry_id: str) -> EntryInFile:
    """Read a file of which an entry is to be changed. Raises CannotEdit: as `parse`, or it is not there."""
    document = parse(data, file)
    return EntryInFile(document, find_entry(document, entry_id))


def subject(what: str, entry: Entry, more: str = "") -> str:
    """Propose a commit message: `memory: add debugging solution "Health check opens…"`."""
    return proposed(f"{what} {kind_words(entry.kind)}", entry.title, more)


def parse(data: bytes | None, file: str) -> MemoryFile:
    """Read a file that is to be changed by its elements. Raises CannotEdit: it is past the bounds."""
    document = open_file(data, file)
    if document.readonly:
        raise CannotEdit(f"{file} cannot be changed by entry: {document.problems[0].message}")
    return document


def warn(document: MemoryFile) -> str:
    """Return a warning about a file that is broken elsewhere; empty if it is not."""
    errors = len(document.errors)
    stay = "it stays" if errors == 1 else "they stay"
    return f"The file has {count_words(errors, 'problem')} elsewhere; {stay}." if errors else ""


def trimmed(entry: Entry, texts: Mapping[str, str]) -> str:
    """Return a warning about the blanks around texts as they were typed that an entry lacks; else empty."""
    if not format_of(entry.file).texts_are_markdown:
        return ""
    read = {field.name: field for field in entry.fields}
    names = [name for name, text in texts.items() if name in read and _is_trimmed(read[name], text)]
    return f"Markdown keeps no blanks around {listed(names)}: they are left out." if names else ""


def _is_trimmed(field: Field, typed: str) -> bool:
    text = line_ends(typed).rstrip("\n")
    if field.items:  # each row is one, and a mark may be in front of it
        bare = [row for row in text.split("\n") if not row.lstrip().startswith("- ")]
        return "\n" in text and any(row != row.strip() for row in bare)
    return field.text.rstrip("\n") != text and field.text.strip() == text.strip()


def with_others(entries: KnownEntries, document: MemoryFile) -> KnownEntries:
    """Return the entries of a tree, those of one file as `document` has them now."""
    return WithFiles(entries, {document.path: document.entries})


def at_ref(document: MemoryFile, entry: Entry) -> Entry:
    """Return an entry after a change inside it: its id may be another one, its place is not.

    Raises CannotEdit: it reads as no entry any more.
    """
    for found in document.entries:
        if found.ref == entry.ref:
            return found
    raise CannotEdit(f"{entry.id} would no longer be an entry after this change.")


def signature(entry: Entry) -> Signature:
    """Return an entry's kind and fields, without its place."""
    return entry.kind, names_and_texts(entry.fields)


def names_and_texts(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    """Return the names and texts of fields."""
    return tuple((field.name, field.text) for field in fields)


def others_unchanged(
    before: Iterable[Entry],
    after: Iterable[Entry],
    gone: Collection[int] = (),
    new: Collection[int] = (),
    outer: Collection[int] = (),
) -> bool:
    """Whether all entries read as before but those at `gone`, and at `new` after.

    Placeholders do not count, nor does one at `outer`, around the change, that says nothing but what the
    file is about: a file without entries is read as one, until something is added to it.
    """
    old = [signature(e) for e in before if e.ref not in gone and not _is_nothing(e, outer)]
    now = [signature(e) for e in after if e.ref not in new and not _is_nothing(e, outer)]
    return old == now


def _is_nothing(entry: Entry, outer: Collection[int]) -> bool:
    if entry.template:
        return True
    about = (not field.text or not field.path.steps or is_about(field.name) for field in entry.fields)
    return entry.ref in outer and all(about)
