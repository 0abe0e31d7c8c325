"""Changes that no commit holds: kept as they were made, so that they can be undone all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from index.model.errors import TreeError
from index.storage.files import make_private, read_or_none, write_private
from index.storage.intents import Intent, Intents, traced
from index.storage.transaction import FileChange

_COPIES = 200
"""Files kept aside; of more the oldest go."""


def keep_aside(folder: Path, file: str, data: bytes) -> Path:
    """Write bytes to a new file of the user's own (0600), and return its path.

    Raises TreeError: it cannot be written.
    """
    try:
        make_private(folder)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{file.rpartition('/')[2]}"
        path = folder / name
        write_private(path, [data])
        for old in sorted(folder.iterdir())[:-_COPIES]:
            old.unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TreeError(f"{file} cannot be kept aside ({why}), so it stays as it is.") from error
    return path


_MOST = 50
"""Changes that are kept; of more the oldest go."""


class Unversioned(NamedTuple):
    """A change that was saved without git."""

    files: Sequence[FileChange]
    paths: tuple[str, ...]
    message: str

    def changed_since(self) -> str:
        """Return the first of its files that is no longer as it left it; empty for none."""
        pairs = zip(self.paths, self.files, strict=True)
        return next((path for path, (real, _, after) in pairs if read_or_none(real) != after), "")


class UnversionedChanges:
    """The unversioned changes of a tree since its last commit, in a folder of the user's own.

    Args:
        folder: made when the first of them is kept.
        real: gives the place on the disk of a path of the tree.
    """

    def __init__(self, folder: Path, real: Callable[[str], Path]) -> None:
        self._kept = Intents(folder)
        self._real = real
        self._session: list[Unversioned] = []
        """Those that could not be kept: they can be undone as long as this process runs."""

    def add(self, change: Unversioned) -> None:
        """Keep a change that was just made."""
        pairs = zip(change.paths, change.files, strict=True)
        files, pieces = traced([(path, before, after) for path, (_, before, after) in pairs])
        try:
            with self._kept.hold("unversioned", {"files": files, "message": change.message}, pieces):
                pass
        except OSError:
            self._session.append(change)
        for old in self._left()[_MOST:]:
            self._kept.drop(old)

    def last(self) -> Unversioned | None:
        """Return the newest change; None when there is none."""
        if self._session:
            return self._session[-1]
        for intent in self._left():
            try:
                contents = intent.contents()
                files = [(self._real(path), before, after) for path, before, after in contents]
            except TreeError:  # what was kept of it is damaged
                self._kept.drop(intent)
            else:
                paths = tuple(path for path, _, _ in contents)
                return Unversioned(files, paths, str(intent.about["message"]))
        return None

    def drop_last(self) -> None:
        """Forget the newest change: it is undone."""
        if self._session:
            self._session.pop()
        else:
            for intent in self._left()[:1]:
                self._kept.drop(intent)

    def clear(self) -> None:
        """Forget all: something was committed since."""
        self._session.clear()
        for intent in self._left():
            self._kept.drop(intent)

    def _left(self) -> list[Intent]:
        return self._kept.left("unversioned")
