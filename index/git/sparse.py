"""Memory files that git holds and a sparse checkout leaves out, and the command that brings them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from index.formats.registry import is_listed
from index.git.discovery import find_place
from index.git.runner import Runner
from index.model.counts import listed
from index.model.errors import Unreadable
from index.model.path_spelling import shown, spelled
from index.model.store_places import PLACES, Scope
from index.storage.memory_stores import project_folders


class LeftOut(NamedTuple):
    """Files of a repository that a sparse checkout leaves out; perhaps none."""

    root: Path
    """The top folder of the working copy."""
    files: tuple[str, ...]
    """As git names them, from the root on."""

    @property
    def words(self) -> str:
        """Say so in a sentence, with the command that brings them; empty for none."""
        if not self.files:
            return ""
        names = _wanted(self.files)
        here = Path(os.path.realpath(os.curdir)) == self.root
        command = ["git", *([] if here else ["-C", str(self.root)]), "sparse-checkout", "add", *names]
        return (
            f"A sparse checkout leaves out memory files in {listed([shown(name) for name in names])}: "
            f"run {shown(shlex.join(command))} to have them here."
        )


_NONE = LeftOut(Path(), ())


def is_sparse(git_dir: Path) -> bool:
    """Whether a sparse checkout was ever made here: https://git-scm.com/docs/git-sparse-checkout."""
    return (git_dir / "info" / "sparse-checkout").exists()


def passed_over(runner: Runner, places: Sequence[str]) -> list[str]:
    """Return the files at these places of the repository that the index tells git not to check out."""
    lines = runner.read("ls-files", "-t", "-z", "--", *places).out.split(b"\0")
    return [os.fsdecode(line[2:]) for line in lines if line.startswith(b"S ")]


def left_out(*places: Path) -> LeftOut:
    """Return the memory files at these places that a sparse checkout leaves out.

    They need not be there; the first leads to the repository.
    """
    found = None
    with suppress(Unreadable):  # told where it counts: by a save, by a history
        found = find_place(_nearest(places[0]))
    if found is None or not is_sparse(found.git_dir):
        return _NONE
    reals = [Path(os.path.realpath(place)) for place in places]
    inside = [real.relative_to(found.root).as_posix() for real in reals if real.is_relative_to(found.root)]
    scope = Scope(() if "." in inside else tuple(map(spelled, inside)))
    files = passed_over(found.runner, inside) if inside else ()
    absent = [one for one in files if is_listed(spelled(one), scope) and not os.path.exists(found.root / one)]
    return LeftOut(found.root, tuple(absent))


def stores_wanted(start: Path) -> list[Path]:
    """Return the places where the project around a folder may have stores."""
    folders = project_folders(start)
    return [folder / path for folder in folders for one in PLACES for path in one.sign or (one.path,)]


def _nearest(path: Path) -> Path:
    """Return the nearest folder upward that is there."""
    return next((folder for folder in (path, *path.absolute().parents) if folder.is_dir()), path)


def _wanted(files: Sequence[str]) -> list[str]:
    """Return the outermost folders of files, and a pattern for those that lie in none."""
    folders = {PurePosixPath(file).parent for file in files if "/" in file}
    outermost = [str(one) for one in folders if folders.isdisjoint(one.parents)]
    patterns = {f"/*{PurePosixPath(file).suffix}" for file in files if "/" not in file}
    return [*sorted(outermost), *sorted(patterns)]
