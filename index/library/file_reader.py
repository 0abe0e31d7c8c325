"""The reader of one file: bytes to a record with its entries and problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.formats.entry_making import key_of
from index.formats.registry import read_file
from index.model.entry import Entry
from index.model.errors import TreeError
from index.model.file_record import FileProblem, FileRecord, TreeFile, whole_file
from index.storage.files import digest
from index.storage.files import read as read_bytes


def read_record(file: TreeFile) -> FileRecord:
    """Read one file; a file that cannot be read is a record with a problem and no entries."""
    try:
        data = read_bytes(file.real)
    except TreeError as error:
        return FileRecord(
            file.path,
            file.size,
            file.stamp,
            "",
            [],
            [whole_file(file.path, "unreadable", str(error), "error")],
        )
    return make_record(file, data)


def make_record(file: TreeFile, data: bytes) -> FileRecord:
    """Read the entries and the problems of a file's content."""
    parsed = read_file(data, file.path)
    entries = parsed.entries
    problems = [
        FileProblem(file.path, p.line, p.column, p.code, p.message, p.level, p.repairable, p.guesses)
        for p in parsed.problems
        if p.code != "fragment"  # a documented form, not a problem
    ]
    problems += file_notes(file.path, entries, empty=not data.strip())
    return FileRecord(file.path, len(data), file.stamp, digest(data), entries, problems)


def file_notes(path: str, entries: list[Entry], *, empty: bool) -> Iterator[FileProblem]:
    """Yield notes on well-formed files that are worth a look: an id given twice, a file of templates."""
    seen: dict[str, int] = {}
    for entry in entries if _is_called_by_kind(path, entries) else ():
        own = entry.own_id
        if not own:
            continue
        if own in seen:
            message = f"Two entries share the id {own}: the other one is in line {seen[own]}."
            yield FileProblem(path, entry.line, 1, "duplicate-id", message, "note", False, False)
        seen.setdefault(own, entry.line)
    if not empty and entries and all(entry.template for entry in entries):
        yield whole_file(
            path, "template", "The file is an empty template: nothing has been recorded yet.", "note"
        )


def _is_called_by_kind(path: str, entries: Sequence[Entry]) -> bool:
    """Whether an id seems to be made of its entry's kind, as the ids of those that share their own are.

    It takes a tenth of the time to see this, and spares nearly every file of a tree the rest.
    """
    made = tuple(f"{path}#{key_of(kind)}" for kind in {entry.kind for entry in entries})
    return any(entry.id.startswith(made) for entry in entries)
