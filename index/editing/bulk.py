"""One change to many entries: reviewed together, saved as one commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.editing.field_edits import change_tags, check, check_tags, spelled
from index.editing.plan_checks import signature, trimmed, with_others
from index.editing.single import samples_of
from index.editing.templates import shape_of
from index.formats.base import FieldForm, MemoryFile, Samples
from index.formats.opened import refusing
from index.formats.registry import format_of, open_file, read_file
from index.model.commits import proposed
from index.model.counts import count_words
from index.model.entry import NOWHERE, Entry, EntryRef
from index.model.field_path import name_among
from index.model.kind_shape import KindShape
from index.model.known_entries import NONE, KnownEntries
from index.model.plan import CannotEdit, Misread, Plan, PlannedChange
from index.model.problems import first_step
from index.model.text.letters import composed


class _Job(NamedTuple):
    """The change that is made to every chosen entry."""

    field: str
    """Name of the field that it sets."""
    chosen: Callable[[Entry], bool]
    change: Callable[[MemoryFile, Entry, KindShape, Samples], MemoryFile]
    check: Callable[[Entry, Entry, KindShape], None]
    """Given the entry before and after; raises CannotEdit when it does not read as meant."""


def has_tag(entry: Entry, tag: str) -> bool:
    """Whether an entry has a tag, in whichever of the two forms of Unicode it is written."""
    return composed(tag) in map(composed, entry.tags)


def plan_rename_tag(
    files: Mapping[str, bytes],
    old: str,
    new: str,
    *,
    entries: KnownEntries = NONE,
    only: Collection[str] | None = None,
) -> Plan:
    """Plan giving a tag another name wherever entries have it; an empty name takes it away.

    Args:
        old: the tag as it is written.
        new: its new name; an entry that has both keeps one.
        only: ids of the entries to change; None: all.

    Raises:
        CannotEdit: no entry has the tag, or none of them can be changed.
    """

    def swap(entry: Entry) -> dict[str, str]:
        return {tag: new for tag in entry.tags if composed(tag) == composed(old)}

    job = _Job(
        "tags",
        lambda entry: bool(swap(entry)) and (only is None or entry.id in only),
        lambda document, entry, known, like: change_tags(document, entry, swap(entry), known, like),
        lambda before, after, known: check_tags(before, after, swap(before)),
    )
    plan = _each(files, entries, job, f"No entry has the tag {old}.")
    what = f"rename tag {old} to {new}" if new else f"remove tag {old}"
    return replace(plan, message=proposed(f"{what} in {count_words(len(plan.entries), 'entry', 'entries')}"))


def plan_set_field(
    files: Mapping[str, bytes],
    ids: Collection[str],
    name: str,
    text: str,
    *,
    entries: KnownEntries = NONE,
    wrapped: Callable[[str], str] | None = None,
) -> Plan:
    """Plan setting one field in several entries; those that lack it get it at its usual place.

    Args:
        files: path in the tree → bytes; those that hold the entries.
        name: as `Field.name`; `tags` means `@tags` where an entry writes it so.
        entries: those of the tree, which show the usual place.
        wrapped: returns the text for a file, where one that misleads is to be a code block.

    Raises:
        Misread: the text would read as something else in some of them; not with `wrapped`.
        CannotEdit: none of them can be changed.
    """
    wanted = frozenset(ids)
    texts = {file: text if wrapped is None else wrapped(file) for file in files}
    job = _Job(
        name,
        lambda entry: entry.id in wanted,
        lambda document, entry, known, like: document.put_field(
            entry, _called(entry, name, known), texts.get(document.path, text), FieldForm(known, like)
        ),
        lambda before, after, known: check(
            before, after, _called(before, name, known), texts[before.file], known
        ),
    )
    nothing = "None of these entries is there any more."
    told = wrapped is None and ("\n" in text or any(format_of(file).misleads(text) for file in files))
    plan = _each(files, entries, job, nothing, all_of_them=told)
    if text != text.strip():
        now = (one for made in plan.changes for one in read_file(made.after or b"", made.file).entries)
        blanks = {trimmed(one, {name: text}): None for one in now if one.id in plan.entries}
        plan = replace(plan, warning=" ".join(filter(None, (plan.warning, *blanks))))
    plan = replace(plan, fields=(name,))
    return replace(
        plan, message=proposed(f"set {name} of {count_words(len(plan.entries), 'entry', 'entries')}")
    )


def _called(entry: Entry, name: str, known: KindShape) -> str:
    """Return the name of a field as an entry has it: its last part will do where its kind has none so."""
    own = spelled(entry, name, known)
    return own if known.field(name) else name_among((field.name for field in entry.fields), own)


def _each(
    files: Mapping[str, bytes], entries: KnownEntries, job: _Job, nothing: str, *, all_of_them: bool = False
) -> Plan:
    """Plan a job for all files; the warning counts the entries that refuse it and stay as they are.

    With `all_of_them`, those that would misread it are told of instead.
    """
    changes: list[PlannedChange] = []
    done: list[str] = []
    refused: list[CannotEdit] = []
    for file, data in files.items():
        document = open_file(data, file)
        edited, changed = _file(document, entries, job, refused)
        if changed:
            changes.append(PlannedChange(file, data, edited.to_bytes()))
            done += changed
    misread = sum(isinstance(error, Misread) for error in refused)
    if all_of_them and misread:
        where = f"{misread:,} of {count_words(len(done) + len(refused), 'entry', 'entries')}"
        why = "the text would read as something else there: put it in a code block."
        raise Misread(f"The field {job.field} cannot be set in {where}: {why}")
    if not changes:
        raise CannotEdit(str(refused[0]) if refused else nothing)
    left = count_words(len(refused), "entry stays", "entries stay")
    return Plan(tuple(changes), "", tuple(done), warning=f"{left} as before: {refused[0]}" if refused else "")


def _file(
    document: MemoryFile, entries: KnownEntries, job: _Job, refused: list[CannotEdit]
) -> tuple[MemoryFile, list[str]]:
    """Return the document with the job done, and the ids of the entries that changed.

    Each entry is changed in a document of its own, and all are put into the file at once: reading the
    file after each would take the square of their number.
    """
    before, file = document.entries, document.path
    chosen = [entry for entry in before if job.chosen(entry)]
    if not chosen:
        return document, []
    tree = with_others(entries, document)
    kinds = {entry.kind for entry in chosen}
    shapes = {kind: shape_of(kind, tree, file) for kind in kinds}
    samples = {kind: samples_of(document, kind) for kind in kinds}
    parts: dict[EntryRef, MemoryFile] = {}
    for entry in chosen:
        try:
            alone = document.alone(entry)
            with refusing(f"The field {_called(entry, job.field, shapes[entry.kind])} cannot be set"):
                changed = job.change(alone.document, alone.entry, shapes[entry.kind], samples[entry.kind])
        except CannotEdit as error:
            refused.append(error)
        else:
            if changed is not alone.document:
                parts[entry.ref] = changed
    while parts:
        with refusing(f"{file} cannot be changed"):
            edited = document.with_parts(parts)
        after = edited.entries
        wrong = dict(_wrong(before, after, parts, job, shapes))
        if not wrong and len(edited.errors) <= len(document.errors):
            pairs = zip(before, after, strict=True)
            return edited, [now.id for was, now in pairs if was.ref in parts]
        refused += [why for ref, why in wrong.items() if ref in parts]
        left = {ref: part for ref, part in parts.items() if ref not in wrong}
        if len(left) == len(parts):
            left = {ref: part for ref, part in parts.items() if _harmless(document, ref, part)}
            harm = Misread(f"Other entries of {file} would read differently then.")
            refused += [harm] * (len(parts) - len(left))
        if len(left) == len(parts):
            raise CannotEdit(
                f"Entries of {file} would read differently after this: {first_step(document.errors)}."
            )
        parts = left
    return document, []


def _harmless(document: MemoryFile, ref: EntryRef, part: MemoryFile) -> bool:
    """Whether all other entries of a file read as before when this one alone is changed."""
    edited = document.with_parts({ref: part})
    others, after = ([signature(one) for one in two.entries if one.ref != ref] for two in (document, edited))
    return others == after and len(edited.errors) <= len(document.errors)


def _wrong(
    before: Sequence[Entry],
    after: Sequence[Entry],
    parts: Collection[EntryRef],
    job: _Job,
    shapes: Mapping[str, KindShape],
) -> Iterator[tuple[EntryRef, CannotEdit]]:
    """Yield the places of the entries that do not read as they should, and why."""
    if len(before) != len(after):
        yield NOWHERE, CannotEdit("The file would hold other entries then.")
        return
    for was, now in zip(before, after, strict=True):
        try:
            if was.ref in parts:
                job.check(was, now, shapes[was.kind])
            elif signature(was) != signature(now):
                raise CannotEdit(f"{was.id} would read differently.")
        except CannotEdit as error:
            yield was.ref, error
