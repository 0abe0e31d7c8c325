"""Taking an entry out of its file: deleted, or moved to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.editing.adding import own_texts, place_entry, with_texts
from index.editing.link_edits import links_anew
from index.editing.plan_checks import EntryInFile, others_unchanged, parse, subject, with_others
from index.editing.templates import next_id, shape_of
from index.formats.base import Excerpt, MemoryFile, NewEntry
from index.formats.field_values import values_of
from index.formats.opened import entries_inside, refusing
from index.formats.registry import format_of, open_file
from index.formats.retelling import TITLES, texts_in
from index.git.saving.bulk_deletion import looks_emptied
from index.library.tree_links import INDEX
from index.model.counts import count_words, kind_words
from index.model.entry import Entry
from index.model.known_entries import KnownEntries
from index.model.plan import CannotEdit, Plan, PlannedChange, of_file


def plan_delete(found: EntryInFile) -> Plan:
    """Plan the end of an entry: its markup goes, and the line it was in; comments above it stay.

    A file that holds nothing else goes with it.

    Raises CannotEdit: it has other entries inside.
    """
    document, entry = found
    rest, warning = without(document, entry)
    after = None if rest is None else rest.to_bytes()
    message = subject("delete", entry)
    return of_file(document.path, document.to_bytes(), after, message, entry.id, warning=warning)


def without(document: MemoryFile, entry: Entry, done: str = "deleted") -> tuple[MemoryFile | None, str]:
    """Return the file without an entry, None when nothing is left, and a warning, mostly empty.

    `done` is said of an entry that cannot go. Raises CannotEdit: it has other entries inside.
    """
    if inside := entries_inside(document, entry):
        held = count_words(len(inside), "entry", "entries")
        raise CannotEdit(
            f"This is what {document.path} says besides the {held} in it: "
            "delete what is inside, or edit its fields."
        )
    if document.holds_only(entry.ref):
        return None, f"{document.path} holds nothing else and goes with it."
    with refusing(f"{entry.title} cannot be {done}"):
        rest = document.without(entry.ref)
    left = [other for other in document.entries if other.ref != entry.ref]
    if left and not others_unchanged(left, open_file(rest.to_bytes(), document.path).entries):
        return rest, f"What is left of {document.path} will read as other entries then."
    return rest, ""


def losses(held: Sequence[Entry], gone: Sequence[Entry]) -> str:
    """Say that all or most entries of a tree go; empty where they do not."""
    all_ids = [entry.id for entry in held if not entry.template]
    if not looks_emptied(all_ids, [entry.id for entry in gone if not entry.template], ()):
        return ""
    return f"These are {len(gone):,} of the {len(all_ids):,} entries of the tree."


def leaving(source: MemoryFile, entry: Entry) -> tuple[MemoryFile | None, str]:
    """Return the file that an entry moves out of, as `without` does.

    Raises CannotEdit: it can be moved nowhere.
    """
    if entry.kind == INDEX:
        raise CannotEdit(f"{source.path} lists the other files of its folder and stays with them.")
    if not source.is_whole(entry):
        return without(source, entry, "moved")
    if not source.holds_only(entry.ref) or len(source.entries) > 1:
        raise CannotEdit(f"{source.path} holds other entries: move those.")
    return None, ""


def plan_move(
    found: EntryInFile,
    target: bytes | None,
    target_file: str,
    *,
    entries: KnownEntries,
    now: datetime,
    project: str = "",
    like: bytes | None = None,
) -> Plan:
    """Plan an entry's move to another file: two files, one commit.

    Its text goes along as it is written, in the layout of its like there: as a section or a file of its own,
    under their level of heading or name of element; into a file of another format goes what it says. Links
    in it lead where they led. Comments above it stay behind. Where the target has an entry with its id, it
    gets a new one.

    Args:
        target: the bytes of the other file; None: it is to be made.
        project: written into the entry's own project field, if it has one.
        like: the model for a new file of another format.

    Raises:
        CannotEdit: the entry would not read there as it does here.
    """
    source, entry = found
    file, data = source.path, source.to_bytes()
    if file == target_file:
        raise CannotEdit(f"The entry is in {file} already.")
    there = parse(target, target_file)
    form = format_of(target_file)
    same, whole = format_of(file) is form, source.is_whole(entry)
    rest, warning = leaving(source, entry)
    tree, excerpt = with_others(entries, there), None
    new = NewEntry(shape_of(entry.kind, tree, target_file), now, like=like)
    if same:
        with refusing(f"This {kind_words(entry.kind)} cannot be moved to {target_file}"):
            excerpt = source.excerpt(entry, there, new)
        if target is None and excerpt.said is None and source.holds_only(entry.ref):
            return _rename(file, entry, data, target_file)
    if whole and same and not form.texts_are_markdown:
        raise CannotEdit(
            f"This {kind_words(entry.kind)} is the whole of {file}: name a file that does not exist yet."
        )
    if excerpt is not None:
        excerpt, said = _from_there(excerpt, source, entry, target_file)
        new = new._replace(excerpt=excerpt, like=data)
    else:
        mates = parse(like, target_file).entries if like else []
        names = [field.name for mate in mates[:1] for field in mate.fields if field.name in TITLES]
        values = values_of(new.shape, texts_in(form, entry, names or TITLES[:1]))
        new = new._replace(values=tuple(values))
        said = {value.name: value.text for value in new.values}
    added = place_entry(there, new, said, moved=True)
    if added.entry.kind != entry.kind:
        warning = f"{warning} Its kind there is {kind_words(added.entry.kind)}.".strip()
    clash = [other.own_id for other in there.entries]
    fresh = entry.own_id in clash
    texts = own_texts(
        added.entry, project=project, own=next_id(entry.kind, tree, now, file=target_file) if fresh else ""
    )
    added = with_texts(added, texts)
    changes = (
        PlannedChange(target_file, target, added.document.to_bytes()),
        PlannedChange(file, data, None if rest is None else rest.to_bytes()),
    )
    return Plan(changes, _subject(entry, target_file), (added.entry.id,), tuple(texts), warning)


def _from_there(
    excerpt: Excerpt, source: MemoryFile, entry: Entry, target_file: str
) -> tuple[Excerpt, dict[str, str]]:
    """Return the source of an entry with its links as another file has them, and its texts by field then."""
    said = {field.name: field.text for field in entry.fields} if excerpt.said is None else excerpt.said
    linking = format_of(target_file).linking
    if linking is None:
        return excerpt, dict(said)

    def anew(text: str) -> str:
        return links_anew(text, linking, source.path, target_file)

    return excerpt._replace(text=anew(excerpt.text)), {name: anew(text) for name, text in said.items()}


def _rename(file: str, entry: Entry, data: bytes, target_file: str) -> Plan:
    """Plan the move of a file that is one entry."""
    moved = open_file(data, target_file).entries[0]
    changes = (PlannedChange(target_file, None, data), PlannedChange(file, data, None))
    return Plan(changes, _subject(entry, target_file), (moved.id,))


def _subject(entry: Entry, target_file: str) -> str:
    return subject("move", entry, f"to {target_file.rpartition('/')[2]}")
