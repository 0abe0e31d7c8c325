"""Where what memarium knows of a tree is kept: the user's cache folder, never the tree."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def cache_folder(root: Path) -> Path:
    """Return the private folder (0700) for the tree at `root`, named after its path.

    An index is only ever loaded from here: Whoosh pickles its schema, so an index that came with a
    repository would be code. Where the cache cannot be written, a temporary folder serves this run.
    """
    from platformdirs import user_cache_path

    name = hashlib.blake2b(os.fsencode(root), digest_size=12).hexdigest()
    folder = user_cache_path("memarium") / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if not folder.is_symlink() and state.st_uid == os.getuid() and os.access(folder, os.W_OK | os.X_OK):
            folder.chmod(0o700)
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="memarium-"))
