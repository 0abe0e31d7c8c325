"""Several files as one: all are written, or those that were are put back."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from index.model.errors import TreeError
from index.storage import writes
from index.storage.files import remove, write_atomic

FileChange = tuple[Path, bytes | None, bytes | None]
"""Path, before, after; None before makes a file, None after deletes it."""


def write_together(files: Sequence[FileChange], root: Path) -> None:
    """Write files one after the other; when one fails, put the others back as they were.

    The errors are those of `write_atomic` and `remove`; nothing is written then.
    """
    begun: list[FileChange] = []
    try:
        for change in files:
            begun.append(change)
            exchange(change, root)
    except BaseException:
        for real, before, after in reversed(begun):
            with contextlib.suppress(TreeError):  # the one that failed, or that another program has changed
                exchange((real, after, before), root)
        raise


def exchange(change: FileChange, root: Path) -> None:
    """Write, make or delete one file; one that is to be as it is stays untouched."""
    real, before, after = change
    if before == after:
        return
    with writes.writing():
        if after is None:
            remove(real, before or b"", root)
        else:
            write_atomic(real, after, before, root)
