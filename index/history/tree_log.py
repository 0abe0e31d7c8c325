"""The whole tree's history, entry by entry: the entries that every commit added, edited, removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from index.formats.registry import open_file, read_file
from index.git.repository import Repository
from index.history.field_diff import compare
from index.model.commits import BEGINS, LogStep, TouchedFile
from index.model.counts import count_kinds
from index.model.entry import Entry
from index.model.entry_matching import Pair, content, pair
from index.model.errors import NotHere, Refused
from index.model.text.text_merge import ALIKE, common_lines

_KEPT = 256
"""Versions of files whose entries are kept: one commit's result is compared with the next."""


class LogChange(NamedTuple):
    """The entries that were changed; none, when only their layout was."""

    added: tuple[Entry, ...] = ()
    edited: tuple[Pair, ...] = ()
    removed: tuple[Entry, ...] = ()
    moved: tuple[Pair, ...] = ()
    """From one file to another, unchanged; those that were changed as well are among the edited."""

    @property
    def summary(self) -> str:
        """The change, in words: `+3 debugging solutions, 1 decision edited`."""
        edited = [new for _, new in self.edited if new]
        return in_words(self.added, edited, self.removed, [new for _, new in self.moved if new])


class TreeVersion(NamedTuple):
    """The changes that one commit made to the entries of the tree."""

    rev: str
    when: datetime
    author: str
    message: str
    done: LogChange
    cut: bool = False
    """A shallow clone begins with it: its changes are not known."""

    @property
    def summary(self) -> str:
        """The changes, in words."""
        return BEGINS if self.cut else self.done.summary


def tree_log(repository: Repository) -> Generator[TreeVersion]:
    """Yield every commit that touched the tree, newest first, with its changes of entries.

    Templates are not counted. Raises Refused: git could not read the history.
    """
    read = StepReader(repository)
    with closing(repository.steps()) as steps:
        for step in steps:
            yield read.version(step)


class StepReader:
    """Reads the entries on both sides of a commit, each version of a file once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._kept: dict[str, list[Entry]] = {}
        self._contents: dict[str, bytes] = {}
        """Contents that were read ahead, by their ids."""
        self._illegible: set[str] = set()
        self._rules: dict[str, str] = {}
        self._hidden = repository.forms.hiding()
        self._lists = repository.checkout.holds
        self.check: Callable[[], None] = lambda: None
        """Called before each file of a commit, of which there may be thousands; an error of it ends that."""

    def ahead(self, steps: Iterable[LogStep]) -> None:
        """Read at once the contents that these commits will be asked for; earlier ones are let go."""
        every = [(file, self._repository.tree_path(file.path)) for step in steps for file in step.files]
        files = [(file, path) for file, path in every if self._lists(path)]
        hidden = self._hidden([path for _, path in files])
        blobs = (blob for file, path in files if path not in hidden for blob in (file.olds[0], file.new))
        found = self._repository.many(blobs)
        self._contents = {blob: data for _, blob, kind, data in found if kind == "blob" and data is not None}

    def version(self, step: LogStep) -> TreeVersion:
        """Return the changes that a commit made to the entries of the tree."""
        done = what_was_done([pairs for _, pairs in self.pairs(step)])
        return TreeVersion(*step[:4], done, step.cut)

    def pairs(
        self, step: LogStep, wanted: Callable[[str, bytes, bytes], bool] | None = None
    ) -> Iterable[tuple[TouchedFile, list[Pair]]]:
        """Yield the memory files of a commit, with their entries; only those of which `wanted` is true.

        Those behind a filter program are left out: what git stores of them is not what is read.
        """
        paths = [self._repository.tree_path(file.path) for file in step.files]
        paths = [path for path in paths if self._lists(path)]
        hidden = self._hidden(paths)
        for file in step.files:
            self.check()
            path = self._repository.tree_path(file.path)
            if not self._lists(path) or path in hidden:
                continue
            old = file.olds[0]
            if wanted is None or wanted(path, self.data(old, path), self.data(file.new, path)):
                yield file, pair(*self.both(old, path, file.new, path))

    def both(self, old: str, was: str, new: str, path: str) -> tuple[list[Entry], list[Entry]]:
        """Return the entries of two versions of a file, to be compared.

        Where one of them cannot be read, nobody knows what changed: then both are those of the other one.
        """
        before, after = self.entries(old, was), self.entries(new, path)
        if f"{old}:{was}" in self._illegible:
            return after, after
        if f"{new}:{path}" in self._illegible:
            return before, before
        rule = self._rules.get(f"{new}:{path}", "")
        if before and after and rule != self._rules.get(f"{old}:{was}", ""):
            before = self._alike(before, after, self.data(old, was), self.data(new, path), was, rule)
        return before, after

    def _alike(
        self, before: list[Entry], after: list[Entry], old: bytes, new: bytes, was: str, rule: str
    ) -> list[Entry]:
        """Return the entries before a commit that only changed the way in which they are found, found alike.

        Where little of the text stayed, it was written anew: then they are those that were there.
        """
        if common_lines(old, new) < ALIKE * len(old):
            return before
        other = open_file(old, was, rule).entries
        return other if _unmet(other, after) < _unmet(before, after) else before

    def entries(self, blob: str, path: str) -> list[Entry]:
        """Return the entries of a file's content; none when the id is empty."""
        if not blob:
            return []
        # The path is part of every id; one content under two names is read for each.
        key = f"{blob}:{path}"
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            data = self._opened(blob, path)
            read = read_file(data or b"", path)
            if data is None or (data and not read.legible):
                self._illegible.add(key)
            self._rules[key] = read.rule
            self._kept[key] = read.entries if data else []
        return self._kept[key]

    def data(self, blob: str, path: str) -> bytes:
        """Return a file's content; empty when its id is, or when it is too large to be opened.

        Raises NotHere: the repository does not have it; what a commit did to it cannot be told.
        """
        return self._opened(blob, path) or b""

    def _opened(self, blob: str, path: str) -> bytes | None:
        data = self._contents.get(blob)
        if data is not None:
            return self._repository.forms.readable(data, blob, path)
        try:
            return self._repository.content(blob, path)
        except NotHere:
            raise
        except Refused:
            return None  # too large to be opened, then as now


def _unmet(before: Sequence[Entry], after: Sequence[Entry]) -> int:
    """Return the number of entries without a counterpart on the other side."""
    return sum(old is None or new is None for old, new in pair(before, after))


def what_was_done(files: Sequence[list[Pair]]) -> LogChange:
    """Sort the pairs of one commit's files into changes; templates are not counted."""
    every = [one for pairs in files for one in pairs]
    come = [new for old, new in every if old is None and new is not None]
    gone = [old for old, new in every if new is None and old is not None]
    both = [one for one in every if one.before and one.after]
    crossed = pair(gone, come) if come and gone and len(files) > 1 else []
    moved = [one for one in crossed if one.before and one.after]
    if crossed:
        come = [new for old, new in crossed if old is None and new is not None]
        gone = [old for old, new in crossed if new is None and old is not None]
    changed = [one for one in moved if compare(*one)]
    return LogChange(
        tuple(entry for entry in come if not entry.template),
        tuple([one for one in both if _differ(*one)] + changed),
        tuple(entry for entry in gone if not entry.template),
        tuple(one for one in moved if one not in changed),
    )


def _differ(before: Entry | None, after: Entry | None) -> bool:
    if before is after or (before and after and content(before) == content(after)):
        return False
    return bool(compare(before, after))


# ── words ─────────────────────────────────────────────────────────────────────


def in_words(
    added: Iterable[Entry], edited: Iterable[Entry], removed: Iterable[Entry], moved: Iterable[Entry] = ()
) -> str:
    """Say how many entries changed, and how: `+3 debugging solutions, 1 decision edited`."""
    parts = _counted(added, "+{}") + _counted(edited, "{} edited")
    return ", ".join(parts + _counted(removed, "−{}") + _counted(moved, "{} moved"))


def _counted(entries: Iterable[Entry], words: str) -> list[str]:
    kinds = Counter(entry.kind for entry in entries)
    return [words.format(count_kinds([kind] * count)) for kind, count in kinds.most_common()]
