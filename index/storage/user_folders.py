"""Folders for memarium's own files about a tree: the user's, never in the tree."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


def cache_folder(root: Path) -> Path:
    """Return the private folder (0700) for the tree at `root`, named after its path.

    An index is only ever loaded from here: Whoosh pickles its schema, so an index that came with a
    repository would be code. Where the cache cannot be written, a temporary folder serves this run.
    """
    from platformdirs import user_cache_path

    folder = user_cache_path("memarium") / folder_name(root)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if not folder.is_symlink() and state.st_uid == os.getuid() and os.access(folder, os.W_OK | os.X_OK):
            folder.chmod(0o700)
            return folder
    except OSError:
        pass
    return temporary_folder()


def temporary_folder() -> Path:
    """Return a new private folder that serves this run."""
    folder = Path(tempfile.mkdtemp(prefix="memarium-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def state_folder(root: Path) -> Path:
    """Return the folder of a tree for files that must outlast the cache; made when it is written."""
    from platformdirs import user_state_path

    return user_state_path("memarium") / folder_name(root)


def state_file() -> Path:
    """Return the file that holds the user's state."""
    from platformdirs import user_state_path

    return user_state_path("memarium") / "state.sqlite"


def versions_folder() -> Path:
    """Return the folder of the versions that memarium keeps of stores in no git; made when it is written."""
    from platformdirs import user_data_path

    return user_data_path("memarium") / "versions"


def expanded(path: str | Path) -> Path:
    """Return a path with `~` as the user's folder; that of a user who is not known stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # pathlib's raises for such a user, and without a home


def homely(path: Path) -> str:
    """Return a path as people write it, the home folder as `~`."""
    with contextlib.suppress(ValueError, RuntimeError):
        return f"~/{path.relative_to(Path.home())}"
    return str(path)


def intents_folder(root: Path) -> Path:
    """Return the folder for notes on running changes of the files below `root`."""
    return state_folder(root) / "intents"


def intents_of_all() -> Iterator[Path]:
    """Yield the folders of those notes of all trees of the user in which something may have been left."""
    from platformdirs import user_state_path

    with contextlib.suppress(OSError):
        yield from sorted({path.parent for path in user_state_path("memarium").glob("*/intents/*.json")})


def intents_folders(root: Path) -> tuple[Path, Path]:
    """Return those of a tree and of the repository around it, which is looked for without git."""
    places = (folder for folder in (root, *root.parents) if (folder / ".git").exists())
    return intents_folder(root), intents_folder(next(places, root))


def has_intents(root: Path) -> bool:
    """Whether something may have been interrupted; nearly always nothing was, and this says so at once."""
    for folder in intents_folders(root):
        with contextlib.suppress(OSError):
            if any(path.suffix == ".json" for path in folder.iterdir()):  # without it nothing had begun
                return True
    return False


def folder_name(root: Path) -> str:
    """Return the name of the folders of a tree, made of its path."""
    return hashlib.blake2b(os.fsencode(root), digest_size=12).hexdigest()
