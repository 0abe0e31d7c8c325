"""Adding an entry to a file, or to a new one."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice

from index.editing.plan_checks import (
    EntryInFile,
    at_ref,
    others_unchanged,
    parse,
    subject,
    trimmed,
    warn,
    with_others,
)
from index.editing.templates import next_id, shape_of
from index.formats.base import FieldForm, MemoryFile, NewEntry
from index.formats.field_values import FieldValue, Text, given_for, value_of, values_of
from index.formats.opened import encloses, refusing
from index.formats.registry import format_of
from index.model.counts import kind_words, plural
from index.model.entry import Entry
from index.model.kind_shape import FieldShape, KindShape
from index.model.known_entries import NONE, KnownEntries
from index.model.plan import CannotEdit, Misread, Plan, of_file
from index.model.text.item_lists import read_as
from index.model.text.margins import within_edges
from index.model.vocabulary import fold, is_about, role, vocabulary

SERIES = re.compile(r"(?P<lead>(?:[A-Za-z]+[-_])?)(?P<number>\d{2,6})(?P<joint>[-_ ])(?!\d\d[-_]\d\d)")
"""The beginning of the name of a file in a numbered series: `0007-`, `adr-007-`; not of a date."""
_COUNTED = re.compile(r"(?P<number>\d+)(?P<joint>[.:)][ ]+|[ ]+[-–—][ ]+)(?=\S)")
"""The beginning of a title that has the number of its file: `7. Use a queue`."""
_SUFFIX = re.compile(r"(?<=.)(?:\.[A-Za-z]+)+\Z")
_NUMBER = re.compile(r"(?<=[^\W\d])[ _-][2-9]\Z")
"""The number of a copy: more than one digit is that of something else, a year or an issue."""

_LOOKS = 50
"""Other files at most that are asked for room."""


def free_file(
    file: str,
    kind: str,
    name: str,
    read: Callable[[str], bytes | None],
    others: Callable[[], Iterable[str]] = lambda: (),
) -> str:
    """Return the file, or a new one beside it where each entry of its place is a file.

    Args:
        file: where such entries go.
        name: what a file of its own is called after.
        others: returns the files that such entries are in: where they are numbered, it gets the next number.
    """
    data, form = read(file) or b"", format_of(file)
    own, other = (form.file_of_its_own(file, data, called, kind) for called in (name, f"2 {name}"))
    if own == other == file:
        return _with_room(file, kind, read, others)
    own = in_series(own, others())
    return own if read(own) is None else free_path(own, read)


def _with_room(
    file: str, kind: str, read: Callable[[str], bytes | None], others: Callable[[], Iterable[str]]
) -> str:
    """Return a file; where it is one entry itself, another one with its like, or a new one beside it."""
    if kind in vocabulary().whole or not _is_one_entry(read(file), file, kind):
        return file
    for other in islice(others(), _LOOKS):
        if not _is_one_entry(read(other), other, kind):
            return other
    new = posixpath.join(posixpath.dirname(file), plural(kind) + split_name(file)[1])
    return new if read(new) is None else free_path(new, read)


def no_room(data: bytes | None, file: str, kind: str) -> str:
    """Return why a file takes no second entry of a kind; empty where it does, or is not there yet."""
    words = f"{file} as a whole is one {kind_words(kind)}: edit that one, or name another file."
    return words if _is_one_entry(data, file, kind) else ""


def _is_one_entry(data: bytes | None, file: str, kind: str) -> bool:
    """Whether a file is one entry itself; an empty template is none, unless it is one of the `kind`."""
    document = parse(data, file) if data else None
    if document is None or len(document.entries) != 1:
        return False
    template = document.entries[0].template and kind not in vocabulary().whole
    return document.is_whole(document.entries[0]) and not template


def in_series(file: str, others: Iterable[str]) -> str:
    """Return the path of a new file, with the next number where those in its folder are numbered.

    >>> in_series("adr/use-a-queue.md", ["adr/0001-one.md", "adr/0007-two.md"])
    'adr/0008-use-a-queue.md'
    """
    folder, name = posixpath.split(file)
    names = [posixpath.basename(other) for other in others if posixpath.dirname(other) == folder]
    found = [match for other in names if (match := SERIES.match(other))]
    if not found or len(found) * 2 < len(names):
        return file
    own = SERIES.match(name)
    lead = own["lead"] if own else Counter(match["lead"] for match in found).most_common(1)[0][0]
    found = [match for match in found if match["lead"] == lead]
    if not found or not _counts_on(match["number"] for match in found):
        return file
    last = max(found, key=lambda match: int(match["number"]))
    number = f"{int(last['number']) + 1:0{len(last['number'])}}"
    rest = name[own.end() :] if own else re.sub(r"^\d+[-_ ]", "", name).removeprefix(lead)
    return posixpath.join(folder, f"{last['lead']}{number}{last['joint']}{rest}")


def _counts_on(numbers: Iterable[str]) -> bool:
    """Whether numbers count files, by zeros in front or by few gaps: those of issues are far apart."""
    told = set(numbers)
    values = {int(number) for number in told}
    return any(number.startswith("0") for number in told) or len(values) * 2 > max(values) - min(values)


def free_path(file: str, read: Callable[[str], bytes | None]) -> str:
    """Return the path beside a file with the next number that no file has: `style_2.md`."""
    folder, _, name = file.rpartition("/")
    stem, suffix = split_name(name)
    number = 2
    while read(path := posixpath.join(folder, numbered(stem, number) + suffix)) is not None:
        number += 1
    return path


def split_name(name: str) -> tuple[str, str]:
    """Return the name of a file without its suffix, and the suffix: `.md`, `.instructions.md`."""
    found = _SUFFIX.search(name)
    return (name[: found.start()], found[0]) if found else (name, "")


def numbered(name: str, number: int, joint: str = "-") -> str:
    """Return a name with a number behind it in place of the one that it has, joined as its words are.

    >>> numbered("retry_budget", 2), numbered("Retry budget 2", 3)
    ('retry_budget_2', 'Retry budget 3')
    """
    own = next((sign for sign in " _-" if sign in name), joint)
    return f"{_NUMBER.sub('', name)}{own}{number}"


def plan_add(
    data: bytes | None,
    file: str,
    kind: str,
    texts: Mapping[str, Text],
    *,
    entries: KnownEntries,
    now: datetime,
    like: bytes | None = None,
) -> Plan:
    """Plan a new entry; an id and a time are made when the kind has them and none is given.

    Args:
        data: the file's bytes; None: it is to be made.
        texts: field name → text, or the items of a list; as a text, a list is one item a line. Empty
            ones are left out.
        entries: those of the tree, the model for the new one; its id differs from theirs.
        like: a file of the same kind in another place, the model for a new file.

    Raises:
        CannotEdit: nothing to add, an id that is taken, or a file where it would not read as one entry.
    """
    document = parse(data, file)
    tree = with_others(entries, document)
    shape = shape_of(kind, tree, file)
    values = _completed(shape, values_of(shape, texts), tree, file, now)
    if format_of(file).texts_are_markdown:
        values = _with_name(shape, values)
    if data is None and like:
        values = _with_number(values, file, like)
    new = NewEntry(shape, now, tuple(values), like=like)
    typed = {value.name: _typed(value, texts) for value in values}
    expected = typed if format_of(file).texts_are_markdown else {value.name: value.text for value in values}
    added = place_entry(document, new, expected)
    return plan_of_new(data, added, tuple(value.name for value in values), trimmed(added.entry, typed))


def plan_of_new(data: bytes | None, added: EntryInFile, fields: tuple[str, ...], warning: str = "") -> Plan:
    """Return the plan that adds an entry to a file of these bytes."""
    document, entry = added
    warning = f"{warn(document)} {warning}".strip()
    after, message = document.to_bytes(), subject("add", entry)
    return of_file(document.path, data, after, message, entry.id, fields, warning)


def _typed(value: FieldValue, texts: Mapping[str, Text]) -> str:
    """Return the text of a field as it was typed, with the blank lines before it; a list as it is written."""
    typed = texts.get(value.name)
    return typed if isinstance(typed, str) and given_for(value.name, typed) == value.text else value.text


def _completed(
    shape: KindShape, values: list[FieldValue], tree: KnownEntries, file: str, now: datetime
) -> list[FieldValue]:
    """Add an id and a time where the kind mostly has them and nobody gave them."""
    if not values:
        raise CannotEdit(f"A new {kind_words(shape.kind)} needs a text in one field at least.")
    given = {value.name: value.text for value in values}
    made: dict[str, str] = {}
    rare = {field.name for field in shape.fields if not field.usual}
    if shape.time and shape.time not in rare and shape.time not in given and not is_about(shape.time):
        made[shape.time] = shape.stamp(now)
    own = given.get(shape.id, "")
    if own:
        check_id(own, shape.kind, tree, file, now)
    elif shape.id and shape.id not in rare:
        title = next((v.text for part in ("title", "problem") for v in values if role(v.name) == part), "")
        made[shape.id] = next_id(shape.kind, tree, now, file=file, title=title)
    values = values + [value_of(FieldShape(name), text) for name, text in made.items()]
    order = {field.name: place for place, field in enumerate(shape.fields)}
    return sorted(values, key=lambda value: order.get(value.name, len(order)))


def _with_name(shape: KindShape, values: list[FieldValue]) -> list[FieldValue]:
    """Return the values with the title as the name too, or in place of it, where that is usual."""
    usual = {field.name for field in shape.fields if field.usual}
    title = next((value for value in values if value.name == "title"), None)
    if title is None or "name" not in usual or any(value.name == "name" for value in values):
        return values
    rest = values if "title" in usual else [value for value in values if value is not title]
    return [title._replace(name="name"), *rest]


def _with_number(values: list[FieldValue], file: str, like: bytes) -> list[FieldValue]:
    """Return the values with the number of a new file of a series in the title, where its like has one."""
    entries, own = parse(like, file).entries, SERIES.match(posixpath.basename(file))
    told = _COUNTED.match(entries[0].title) if entries else None
    if not own or not told:
        return values
    number = f"{int(own['number']):0{len(told['number']) if told['number'].startswith('0') else 1}}"
    return [
        value._replace(text=f"{number}{told['joint']}{value.text}")
        if value.name == "title" and value.text and not value.text[0].isdigit()
        else value
        for value in values
    ]


def check_id(own: str, kind: str, tree: KnownEntries, file: str, now: datetime) -> None:
    """Check that no entry of the tree gives itself this id.

    Raises CannotEdit: one does; names the next free one.
    """
    twin = next((entry_id for one, entry_id in tree.own_ids(own) if one == own), None)
    if twin is not None:
        free = next_id(kind, tree, now, file=file)
        raise CannotEdit(f"{own} is the id of another entry, {twin}: the next free one is {free}.")


def place_entry(
    document: MemoryFile, new: NewEntry, expected: Mapping[str, str], *, moved: bool = False
) -> EntryInFile:
    """Return the file with an entry at the first place where it reads as one, with `expected` in it.

    Args:
        document: the file; one without a text is to be made.
        expected: texts by field name.
        moved: whether it comes from another file: it may be of another kind here, where the place tells.

    Raises:
        CannotEdit: there is none.
    """
    before, file, kind = document.entries, document.path, new.shape.kind
    any_kind = moved and format_of(file).texts_are_markdown
    whole = len(before) == 1 and document.is_whole(before[0])
    refused, error = "it is one memory itself" if whole else "nothing in it fits", CannotEdit
    with refusing(f"The {kind_words(kind)} cannot be added to {file}"):
        for edited, ref, replaced in document.insertions(new):
            after = edited.entries
            entry = next((entry for entry in after if entry.ref == ref), None)
            if entry is None or (entry.kind != kind and not any_kind):
                refused, error = "it would not read as one there", CannotEdit if entry else Misread
                continue
            around = {one.ref for one in (*before, *after) if encloses(edited, one.ref, ref)}
            wrong = _misread(entry, expected)
            if wrong == "title" and wrong not in expected:
                raise CannotEdit(f"A new {kind_words(kind)} in {file} needs a title.")
            if wrong:
                refused, error = f"its {wrong} would read as something else", Misread
            elif not others_unchanged(before, after, {replaced}, {ref}, around):
                refused, error = "the other entries would read differently then", Misread
            else:
                return EntryInFile(edited, entry)
    if moved:
        raise CannotEdit(
            f"The {kind_words(kind)} cannot be moved to {file}, for {refused}: name another file."
        )
    way = "put it in a code block" if error is Misread else "name another file"
    raise error(f"The {kind_words(kind)} cannot be added to {file}, for {refused}: {way}.")


def own_texts(entry: Entry, *, project: str = "", own: str = "", time: str = "") -> dict[str, str]:
    """Return the values to set in a copy, for those of its fields that it has."""
    wanted = {"project": project, "id": own, "time": time}
    texts: dict[str, str] = {}
    for field in entry.fields:
        part = role(field.name)
        if field.text and wanted.get(part):
            texts[field.name] = wanted.pop(part)
    return texts


def with_texts(added: EntryInFile, texts: dict[str, str]) -> EntryInFile:
    """Return the file with those fields of the new entry set."""
    document, entry = added
    shape = shape_of(entry.kind, NONE)
    for name, text in texts.items():
        with refusing(f"The field {name} cannot be set"):
            document = document.put_field(entry, name, text, FieldForm(shape))
        entry = at_ref(document, entry)
    return EntryInFile(document, entry)


def _misread(entry: Entry, expected: Mapping[str, str]) -> str:
    """Return the name of a field that is not as it was meant."""
    found, form = {field.name: field.text for field in entry.fields}, format_of(entry.file)
    told = [{name: text} if name in found else form.told_by(name, text) for name, text in expected.items()]
    expected = {name: text for fields in told for name, text in fields.items()}
    read = {name: read_as(found, name, text) for name, text in expected.items()}
    if form.texts_are_markdown:  # blanks at the end are kept, and part of no text
        bare = {name: within_edges(text) for name, text in found.items()}
        read = {
            name: said or read_as(bare, name, within_edges(expected[name])) for name, said in read.items()
        }
    wrong = [name for name, as_name in read.items() if not as_name]
    said = {*read.values(), *(name for name, text in found.items() if fold(text) == entry.kind)}
    more = [name for name in found if name not in said and not is_about(name)]
    return next(iter(wrong + more), "")
