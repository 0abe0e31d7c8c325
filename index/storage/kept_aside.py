"""Copies of content that a change drops and no commit holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from index.model.errors import TreeError
from index.storage.files import make_private, write_private

_KEPT = 200
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
        for old in sorted(folder.iterdir())[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TreeError(f"{file} cannot be kept aside ({why}), so it stays as it is.") from error
    return path
