"""The history of one file: its versions, newest first, under whatever name, and the changes of each."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from index.formats.registry import format_of, is_memory, read_file
from index.formats.stand_ins import stand_in
from index.git.repository import Repository
from index.history.tree_log import LogChange, StepReader, what_was_done
from index.history.versions import find_commit
from index.model.commits import BEGINS, LogStep, TouchedFile
from index.model.counts import count_words
from index.model.entry import Entry
from index.model.entry_matching import content, pair
from index.model.text.text_merge import ALIKE

_AROUND = "no entry changed"


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file after one change of it."""

    rev: str | None
    """The commit; None for a change on disk that is not committed."""
    when: datetime | None
    """Aware; None when not committed."""
    author: str
    message: str
    path: str
    """As seen from the tree, then."""
    git_path: str
    """As seen from the root of the repository."""
    blob: str
    """Id of its content, for `Repository.content`; empty when the file is gone, or not committed."""
    done: LogChange
    """The changes of its entries."""
    count: int = 0
    """Number of its entries, without templates."""
    renamed: str = ""
    """Its name before this change, when it was renamed."""
    broken: bool = False
    """It was not well-formed."""
    first: bool = False
    """The file came with this change."""
    deleted: bool = False
    """The file went with this change."""
    cut: bool = False
    """A shallow clone begins with it: its changes are not known."""
    elsewhere: str = ""
    """The place of content that git has not, in a few words: then its entries are not known."""

    @property
    def summary(self) -> str:
        """The change, in words."""
        if self.deleted or self.elsewhere:
            return "deleted" if self.deleted else self.elsewhere
        if self.cut:
            return BEGINS
        entries = count_words(self.count, "entry", "entries")
        if self.first:
            return f"created with {entries}" if self.count else "created without entries"
        renamed = f"renamed from {self.renamed}" if self.renamed else ""
        said = self.done.summary or ("" if renamed else _AROUND)
        return "; ".join(part for part in (renamed, said) if part)


def file_versions(
    repository: Repository, file: str, disk: bytes | None, *, uncommitted: bool = False
) -> Generator[FileVersion]:
    """Yield the versions of a file, newest first, as they come out of git.

    Args:
        file: path relative to the tree; of a file that is deleted, where it last was.
        disk: its bytes now, None when there is none.
        uncommitted: that is not what the last commit has: begin with it.

    Raises:
        Refused: git could not read the history, or the file lies outside the tree.
    """
    read = StepReader(repository)
    path = repository.git_path(file)
    if uncommitted:
        held = repository.blob_id(repository.resolve("HEAD"), path)
        before = read.entries(held, file)
        now = read_file(disk or b"", file)
        after = now.entries if now.legible else before
        yield _version(None, file, path, "", before, after, disk, first=not held)
    start: str | None = None
    while True:
        origin: TouchedFile | None = None
        with closing(repository.steps(path, start)) as steps:
            for step in steps:
                touched = next((one for one in step.files if one.path == path), None)
                if touched is None:
                    continue  # a merge of what its parents had
                origin = _origin(repository, read, step, touched) if not any(touched.olds) else None
                yield _committed(repository, read, step, touched, origin)
                if origin is not None:
                    start = repository.resolve(f"{step.rev}^")
                    break
        if origin is None or start is None:
            return
        path = origin.path


def file_at(repository: Repository, file: str, rev: str) -> FileVersion | None:
    """Return a file as it was at any revision, whatever it was called; None when it was not there.

    Raises Refused: there is no such revision, or git could not read the history.
    """
    commit = find_commit(repository, rev)
    held: dict[str, str] = {}
    with closing(file_versions(repository, file, None)) as found:
        for version in found:
            path = version.git_path
            if path not in held:
                held[path] = repository.blob_id(commit, path)
            if version.blob and held[path] == version.blob:
                return version
    return None


def _committed(
    repository: Repository, read: StepReader, step: LogStep, touched: TouchedFile, origin: TouchedFile | None
) -> FileVersion:
    path = repository.tree_path(touched.path)
    was = repository.tree_path(origin.path) if origin else path
    old = origin.olds[0] if origin else touched.olds[0]
    before, after = read.both(old, was, touched.new, path)
    data = read.data(touched.new, path) if touched.new else None
    place = path, touched.path, touched.new
    return _version(step, *place, before, after, data, first=not old, renamed=was if origin else "")


def _version(
    step: LogStep | None,
    path: str,
    git_path: str,
    blob: str,
    before: Sequence[Entry],
    after: Sequence[Entry],
    data: bytes | None,
    *,
    first: bool,
    renamed: str = "",
) -> FileVersion:
    left = stand_in(data or b"")
    return FileVersion(
        step.rev if step else None,
        step.when if step else None,
        step.author if step else "",
        step.message if step else "",
        path,
        git_path,
        blob,
        what_was_done([pair(before, after)]),
        count=sum(not entry.template for entry in after),
        renamed=renamed,
        broken=data is not None and not left and format_of(path).is_broken(data),
        elsewhere=left.where if left else "",
        first=first,
        deleted=data is None,
        cut=step is not None and step.cut,
    )


def _origin(
    repository: Repository, read: StepReader, step: LogStep, touched: TouchedFile
) -> TouchedFile | None:
    """Find the file that went in the same commit and says the same: it was renamed."""
    if repository.resolve(f"{step.rev}^") is None:
        return None
    with closing(repository.steps(".", step.rev, limit=1)) as steps:
        files = next(steps).files
    gone = [file for file in files if not file.new and file.olds[0] and is_memory(file.path)]
    same = next((file for file in gone if file.olds[0] == touched.new), None)
    if same is not None or not gone:
        return same
    mine = read.entries(touched.new, repository.tree_path(touched.path))
    others = [read.entries(file.olds[0], repository.tree_path(file.path)) for file in gone]
    shares = [_share(entries, mine) for entries in others]
    best = max(shares)
    return gone[shares.index(best)] if best >= ALIKE else None


def _share(one: Sequence[Entry], other: Sequence[Entry]) -> float:
    """Return how much of two files is the same entry: those that were edited count half."""
    found = [(a, b) for a, b in pair(one, other) if a is not None and b is not None]
    alike = sum(1.0 if content(a) == content(b) else 0.5 for a, b in found)
    return alike / max(len(one), len(other), 1)
