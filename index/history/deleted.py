"""The entries that were in the tree once and are not now, and how to find them in their last file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

from index.formats.registry import format_of
from index.git.repository import Repository
from index.history.entry_at_commit import EntryAtCommit, read_past
from index.history.tree_log import StepReader
from index.history.uncommitted import lost_on_disk
from index.model.commits import LogStep, TouchedFile
from index.model.entry import Deleted, Entry
from index.model.entry_matching import Pair
from index.model.errors import Refused

_Sign = tuple[object, ...]


def deleted(repository: Repository, now: Iterable[Entry]) -> Generator[Deleted]:
    """Yield the entries that existed once and are not among those of `now`, the last deleted first.

    Raises Refused: git could not read the history.
    """
    with closing(repository.steps()) as steps:
        for loss in losses(repository, StepReader(repository), now, steps, may_lose):
            yield from loss.gone


class Loss(NamedTuple):
    """A file that lost entries in a commit."""

    file: TouchedFile
    pairs: Sequence[Pair]
    """All of its entries, before and after."""
    gone: tuple[Deleted, ...]
    """Those that went and are nowhere now."""


def losses(
    repository: Repository,
    read: StepReader,
    now: Iterable[Entry],
    steps: Iterable[LogStep],
    wanted: Callable[[str, bytes, bytes], bool],
) -> Iterator[Loss]:
    """Yield the files that lost entries in commits, newest first, which are not among those of `now`.

    Args:
        steps: the commits, newest first, none left out.
        wanted: whether a file may have lost one; takes its path, and its content before and after.

    Raises:
        Refused: git could not read the history.
    """
    known: dict[_Sign, list[str]] = {}
    """The files of those that are there now or went later, by the signs they are known by."""
    for entry in now:
        _add(known, entry)
    for step in steps:
        before_it = _Before(repository, read, step)
        for file, pairs in read.pairs(step, wanted):
            path = repository.tree_path(file.path)
            gone = []
            for before, after in pairs:
                if before is None or after is not None or before.template:
                    continue
                if not any(before_it.came_back(sign, known, path) for sign in _signs(before)):
                    gone.append(Deleted(before, *step[:4], path, file.olds[0]))
                    _add(known, before)
            if gone:
                yield Loss(file, pairs, tuple(gone))


class LastPlace(NamedTuple):
    """The place of an entry that is not there any more, in the last version that has it."""

    file: str
    """Relative to the tree."""
    id: str
    disk: bytes | None = None
    """The bytes of its file now, where the last commit has the entry still."""


def last_place(
    repositories: Iterable[Repository], name: str, deleted: Callable[[], Iterable[Deleted]]
) -> LastPlace | None:
    """Return the place of an entry by its id or its key, lost on disk or among those that were `deleted`."""
    for repository in repositories:
        for entry, disk in lost_on_disk(repository):
            if name in (entry.id, entry.key):
                return LastPlace(entry.file, entry.id, disk)
    gone = (one for one in deleted() if name in (one.entry.id, one.entry.key))
    return next((LastPlace(one.path, one.entry.id) for one in gone), None)


def past_of_deleted(repository: Repository, gone: Deleted) -> EntryAtCommit | None:
    """Return the file that a deleted entry last was in, and the entry in it."""
    data = repository.content(gone.blob, gone.path)
    found = read_past(data, gone.path) if data is not None else []
    return next((past for past in found if past.entry.id == gone.entry.id), None)


class _Before:
    """The entries of the tree just before a commit, as far as they are asked for."""

    def __init__(self, repository: Repository, read: StepReader, step: LogStep) -> None:
        self._repository, self._read = repository, read
        self._old = {repository.tree_path(file.path): file.olds[0] for file in step.files}
        self._rev = step.rev

    def came_back(self, sign: _Sign, known: dict[_Sign, list[str]], path: str) -> bool:
        """Whether an entry that a commit removed is one of those known from later.

        Each of them may be a twin that was beside it already. Only when there are more of them than
        there were others then, one is this entry: moved, or brought back.
        """
        files = known.get(sign)
        if not files:
            return False
        there = sum(sign in _signs(entry) for file in {path, *files} for entry in self._entries(file))
        return len(files) > there - 1

    def _entries(self, path: str) -> list[Entry]:
        if path not in self._old:
            parent = self._repository.resolve(f"{self._rev}^")
            try:
                self._old[path] = self._repository.blob_id(parent, self._repository.git_path(path))
            except Refused:
                self._old[path] = ""  # a name that leads out of the tree by now
        return self._read.entries(self._old[path], path)


def may_lose(path: str, old: bytes, new: bytes) -> bool:
    """Whether an entry may have gone, by the bytes that differ alone."""
    if not old or not new:
        return bool(old)
    size = min(len(old), len(new))
    start = _common(old, new, size)
    end = _common(old[::-1], new[::-1], size - start)
    return format_of(path).may_lose(old[start : len(old) - end], new[start : len(new) - end])


def _common(one: bytes, other: bytes, size: int) -> int:
    """Return the length of the common start, at most `size`; by bisection, as comparing slices is fast."""
    low, high = 0, size
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _signs(entry: Entry) -> tuple[_Sign, ...]:
    """Return the keys that identify an entry in another file, or after an edit."""
    named = entry.own_id
    told = (entry.kind, entry.timestamp, entry.title.casefold())
    return (told, (entry.file, "id", named)) if named else (told,)


def _add(known: dict[_Sign, list[str]], entry: Entry) -> None:
    for sign in _signs(entry):
        known.setdefault(sign, []).append(entry.file)
