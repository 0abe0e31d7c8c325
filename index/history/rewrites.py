"""Entries that went as their file was written anew: nobody deleted them, so nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from index.git.repository import Repository
from index.history.deleted import Loss, losses
from index.history.tree_log import StepReader
from index.model.commits import LogStep
from index.model.entry import Deleted, Entry
from index.model.text.text_merge import common_lines

_COMMITS = 200
"""Commits of the tree that are looked at, the last ones."""
_VERSIONS = 8
"""Versions of one file that are looked at: the rest is long ago."""
_BYTES = 32_000_000
"""Bytes of files that are read; the rest is not looked at."""
_NEW = 0.5
"""Share of the text from which on a file counts as written anew."""
_MANY = 3
"""Entries that go at once, and are most of those of the file: too many to have been meant one by one."""


class Rewrite(NamedTuple):
    """A commit that wrote a file anew, and the entries that went with it and are nowhere now."""

    path: str
    """The file, relative to the tree."""
    rev: str
    when: datetime
    gone: tuple[Entry, ...]


def rewrites(
    repository: Repository, now: Iterable[Entry], files: Collection[str], own: Mapping[str, Collection[str]]
) -> Iterator[Rewrite]:
    """Yield the last rewrites that dropped entries, newest first; those of a file up to its last correction.

    Args:
        files: its files; one that is gone as a whole was deleted, which is seen.
        own: the files that each commit which the user made with memarium is about: whoever corrects a file
            has looked at it.

    Raises:
        Refused: git could not read the history.
    """
    recent = _Recent(repository, files, own)
    with closing(repository.steps(limit=_COMMITS)) as steps:
        for loss in losses(repository, recent.read, now, recent.steps(steps), recent.wanted):
            if gone := recent.dropped(loss):
                yield Rewrite(gone[0].path, gone[0].rev, gone[0].when, tuple(one.entry for one in gone))


class _Recent:
    """The versions of files that are looked at."""

    def __init__(
        self, repository: Repository, files: Collection[str], own: Mapping[str, Collection[str]]
    ) -> None:
        self.read = StepReader(repository)
        self._files, self._own = files, own
        self._versions: Counter[str] = Counter()
        self._bytes = 0
        self._settled: set[str] = set()

    def steps(self, steps: Iterable[LogStep]) -> Iterator[LogStep]:
        """Yield commits until enough was read; a file that the user corrected is settled from there on."""
        for step in steps:
            if self._bytes > _BYTES:
                return
            if step.rev in self._own:
                self._settled.update(self._own[step.rev])
            else:
                yield step

    def wanted(self, path: str, old: bytes, new: bytes) -> bool:
        """Whether a version of a file is to be read: it is none of too many, and may be a rewrite."""
        if not old or path in self._settled or path not in self._files or self._versions[path] >= _VERSIONS:
            return False
        self._versions[path] += 1
        self._bytes += len(old) + len(new)
        return len(new) < len(old) / 2 or _share(old, new) < _NEW

    def dropped(self, loss: Loss) -> list[Deleted]:
        """Return the entries that went as the text became mostly new, or as most of them went at once.

        One whose heading is still there only reads as something else.
        """
        before = sum(one.before is not None for one in loss.pairs)
        went = sum(one.after is None for one in loss.pairs)
        path = loss.gone[0].path
        old, new = self.read.data(loss.file.olds[0], path), self.read.data(loss.file.new, path)
        many = went >= _MANY and 2 * went >= before
        if not loss.file.new or before < 2 or not (many or _share(old, new) < _NEW):
            return []
        lines, stay = old.splitlines(), set(new.splitlines())
        return [one for one in loss.gone if not _is_headed(one.entry, lines, stay)]


def _is_headed(entry: Entry, lines: Sequence[bytes], stay: Collection[bytes]) -> bool:
    """Whether the first line of an entry among these is its heading, and one of those that stay."""
    head = lines[entry.line - 1] if 0 < entry.line <= len(lines) else b""
    return head in stay and entry.title in head.decode("utf-8", "replace")


def _share(old: bytes, new: bytes) -> float:
    """Return how much of a new text is lines of the old one."""
    return common_lines(old, new) / len(new) if new else 1.0
