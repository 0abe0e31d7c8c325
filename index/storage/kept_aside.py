"""Copies of content that a change drops and no commit holds."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from index.model.errors import TreeError
from index.storage.files import sync_file

_KEPT = 200
"""Files kept aside; of more the oldest go."""


def keep_aside(folder: Path, file: str, data: bytes) -> Path:
    """Write bytes to a new file of the user's own (0600), and return its path.

    Raises TreeError: it cannot be written.
    """
    try:
        for private in (folder.parent, folder):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{file.rpartition('/')[2]}"
        path = folder / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as copy:
            copy.write(data)
            copy.flush()
            sync_file(descriptor)
        for old in sorted(folder.iterdir())[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TreeError(f"{file} cannot be kept aside ({why}), so it stays as it is.") from error
    return path
