"""The stores of memories that agents keep for a project, and the tree that they make together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.formats.registry import is_memory
from index.model.path_spelling import spelled, unspelled
from index.model.store_places import (
    BESIDE,
    PLACES,
    WHOLE,
    Scope,
    StorePlace,
    is_beside,
    is_documented,
    store_of,
)

_FOLDER = "CLAUDE_CONFIG_DIR"
_OWN = re.compile(r".*/projects/[^/]+/memory")
_CODEX_FOLDER = "CODEX_HOME"
_OF_A_BANK = frozenset({"activeContext.md", "projectbrief.md"})
_HIDDEN = [one.path for one in PLACES if one.path.startswith(".") and not is_memory(one.path)]
"""Folders that are a store and nothing else."""


class MemoryStore(NamedTuple):
    """A folder, or a file, of memories."""

    path: Path
    keeper: str
    """The tool that keeps it, or the name of its convention."""
    name: str
    """As a query names it: `store:serena`."""
    inside: bool = True
    """Whether it lies in the project."""


class TreeLocation(NamedTuple):
    """The folder of a tree, and the part of it that is the tree."""

    root: Path
    scope: Scope = WHOLE
    beside: Path | None = None
    """The store that Claude Code keeps of the project outside of it: in the tree, too, below `BESIDE`."""

    @property
    def is_joined(self) -> bool:
        """Whether it is several stores."""
        return len(self.scope.places) > 1 or self.beside is not None

    def disk(self, path: str) -> Path:
        """Return where a file of the tree lies; links are not followed."""
        if self.beside is not None and is_beside(path):
            return self.beside / unspelled(path.removeprefix(BESIDE))
        return self.root / unspelled(path)

    def folder_of(self, *paths: str) -> Path:
        """Return the folder below which files of the tree lie: its own, or that of the store beside it."""
        return self.beside if self.beside is not None and any(map(is_beside, paths)) else self.root

    def path_of(self, real: Path) -> str:
        """Return the path of a real file, no link in it, as the tree spells it; empty where it has none."""
        if self.beside is not None and real.is_relative_to(self.beside):
            return BESIDE + spelled(real.relative_to(self.beside).as_posix())
        return spelled(real.relative_to(self.root).as_posix()) if real.is_relative_to(self.root) else ""

    def as_typed(self, name: str) -> str:
        """Return a path or an id as the tree has it, where somebody typed the real place of a file beside it.

        A shell, too, writes the home folder in the place of the `~` that such a path begins with.
        """
        starts = (os.path.expanduser(BESIDE), f"{self.beside}/") if self.beside else ()  # noqa: PTH111  # as below
        start = next((one for one in starts if name.startswith(one)), None)
        return name if start is None else BESIDE + name.removeprefix(start)

    def holds(self, path: str, real: Path) -> bool:
        """Whether a real file, no link in it, that a path of the tree leads to lies in the tree itself."""
        if is_beside(path):  # perhaps one that was noted when that store was there
            return self.beside is not None and real.is_relative_to(self.beside)
        return self.scope.holds(self.root, real)

    @property
    def home(self) -> Path:
        """The place that the tree is known by: its one store, else its folder."""
        return self.root / self.scope.places[0] if self.scope.is_one else self.root

    def stores(self) -> dict[Path, str]:
        """Return the names of its stores by the places where they really lie."""
        places = [self.root / unspelled(place) for place in self.scope.places] or [self.root]
        places += [] if self.beside is None else [self.beside]
        return {Path(os.path.realpath(place)): store_of(self.path_of(place)) for place in places}


class GrownTree(NamedTuple):
    """The tree of a project to which stores have come."""

    place: TreeLocation
    new: tuple[str, ...]
    """The names of those stores."""


class ProjectStores(NamedTuple):
    """The stores around a tree."""

    stores: tuple[MemoryStore, ...]
    together: TreeLocation | None
    """The tree of those that lie in the project, where there are several."""
    here: bool
    """Whether that is the tree itself."""


def stores_around(tree: TreeLocation, start: Path) -> ProjectStores:
    """Return the stores of the project around a tree, else of that around the folder `start`."""
    # What Claude Code keeps is in no project by its place, but would be taken for one of its own.
    folders = (start, tree.root) if _OWN.fullmatch(tree.home.as_posix()) else (tree.root, start)
    folder = next((one for one in folders if next(stores_of(one), None)), start)
    project = tree_of_project(folder)
    together = project if project is not None and project.is_joined else None
    return ProjectStores(tuple(stores_of(folder)), together, together == tree)


def grown_since(tree: TreeLocation, start: Path) -> GrownTree | None:
    """Return the tree of the project around a folder where it has stores that a tree lacks; else None."""
    now, known = tree_of_project(start), tree.stores()
    new = tuple(name for real, name in now.stores().items() if real not in known) if now is not None else ()
    return GrownTree(now, new) if now is not None and new else None


def stores_of(start: Path) -> Iterator[MemoryStore]:
    """Yield the stores of the project that a folder lies in, the nearest first, then those of the user.

    A project is as far upward as its repository; without one it is the folder alone.
    """
    folders, seen = project_folders(start), set()
    for folder in folders:
        for place in _places_in(folder):
            real = os.path.realpath(folder / place.path)
            if real in seen:
                continue  # CLAUDE.md is often a link to AGENTS.md
            seen.add(real)
            path = (folder / place.path).relative_to(folders[-1]).as_posix()
            yield MemoryStore(folder / place.path, place.keeper, store_of(path))
    own = claude_memory(folders[-1])
    if own.is_dir():
        yield MemoryStore(own, "Claude Code, yours", "yours", inside=False)


def tree_of_project(start: Path) -> TreeLocation | None:
    """Return the tree of all stores of the project that a folder lies in; None where it has none.

    What Claude Code keeps of the project by itself, outside of it, is in the tree, too; it is the tree where
    there is no other store, and where the folder lies in it. A folder in a store in no repository, or in that
    of Codex, has the store, or its part of it, for the tree: not the index there alone.
    """
    for folder in (start, *start.parents):
        if str(folder) == _codex_memories():
            return tree_at(folder)
        if _OWN.fullmatch(folder.as_posix()) and folder.parent.parent == claude_memory(start).parents[1]:
            return tree_at(folder)
    if (store := lone_store(start)) is not None:
        return store
    folders = project_folders(start)
    own = claude_memory(folders[-1])
    return _with_beside(tree_of(folders), folders[-1]) or (tree_at(own) if own.is_dir() else None)


def lone_store(folder: Path) -> TreeLocation | None:
    """Return the tree of a store that a folder is, or lies in, where no other repository is around it."""
    with suppress(OSError):  # it may not be entered
        project = Path(os.path.realpath(project_folders(folder)[-1]))
        if (project / ".git").exists():
            return TreeLocation(project) if _is_repository_of_store(project) else None
        tree, real = tree_at(folder), os.path.realpath(folder)
        return tree if tree.scope.is_one and Path(real).is_relative_to(tree.home) else None
    return None


def _is_repository_of_store(real: Path) -> bool:
    """Whether a repository is a store or in one, by its path, else by its files: `memory` may hold code."""
    if real.match("docs/adr") or any(one.match(place) for one in (real, *real.parents) for place in _HIDDEN):
        return True
    names = {path.name for path in real.iterdir() if path.is_file() and not path.name.startswith(".")}
    if real.name == "memory-bank":
        return not names.isdisjoint(_OF_A_BANK)
    return real.name == "memory" and "MEMORY.md" in names and len(names) > 1 and all(map(is_memory, names))


def _with_beside(tree: TreeLocation | None, project: Path) -> TreeLocation | None:
    """Return a tree of a project's stores with Claude Code's memory of the project, outside of it."""
    own = claude_memory(project)
    if tree is None or not own.is_dir():
        return tree
    real = Path(os.path.realpath(own))
    return tree if tree.holds("", real) else tree._replace(beside=real)


def tree_at(path: Path) -> TreeLocation:
    """Return the tree at a path that somebody names: one store, the stores of a project, or all of a folder.

    The place of a store tells how its files are read, so its tree begins at the project; those of XML, and
    folders that are no store, begin where they are. A file such as MEMORY.md does not make a folder a
    project: stores have one, too.
    """
    real = Path(os.path.realpath(path))
    if (store := _store_at(real)) is not None:
        return store
    if any(not is_memory(place.path) for place in _places_in(real)):
        return _with_beside(tree_of([real]), real) or TreeLocation(real)
    return _part_of_store(real) or TreeLocation(real)


def tree_of(folders: Sequence[Path]) -> TreeLocation | None:
    """Return the tree of the stores in these folders, of which the last is around the others."""
    root = Path(os.path.realpath(folders[-1]))
    found = [folder / place.path for folder in folders for place in _places_in(folder)]
    inside = [place for path in found if (place := _inside(root, path))]
    places = _without_nested(list(dict.fromkeys(inside)))
    if len(places) > 1:
        return TreeLocation(root, Scope(tuple(map(spelled, places))))
    only = [root / place for place in places] or found[:1]  # or a link that leads out of the project
    if not only:
        return None
    real = Path(os.path.realpath(only[0]))
    return _store_at(real) or TreeLocation(real)


def _store_at(real: Path) -> TreeLocation | None:
    """Return the tree of a single store, by the end of its path; None for another folder.

    One that is a repository of its own begins there: git knows nothing above it.
    """
    if (real / ".git").exists():
        return None
    for place in sorted(PLACES, key=lambda place: -place.path.count("/")):
        parts = Path(place.path).parts
        root = real.parents[len(parts) - 1] if len(real.parents) >= len(parts) else real
        if real.parts[-len(parts) :] == parts and _is_there(root, place):
            return (
                TreeLocation(real) if is_documented(place.path) else TreeLocation(root, Scope((place.path,)))
            )
    return TreeLocation(real.parent, Scope(("memory",))) if _OWN.fullmatch(real.as_posix()) else None


def _part_of_store(real: Path) -> TreeLocation | None:
    """Return the tree of a folder in a store, as `~/.serena/memories/global` is; None for any other.

    Only a store with a hidden folder in its path is taken for one: `memory-bank` may be above anything.
    """
    with suppress(OSError):
        for folder in (real, *real.parents):
            if (folder / ".git").exists():
                return None
            store = _store_at(folder)
            if store is not None and store.scope.is_one and store.scope.places[0].startswith("."):
                return TreeLocation(store.root, Scope((spelled(real.relative_to(store.root).as_posix()),)))
    return None


def project_folders(start: Path) -> list[Path]:
    """Return a folder and those above it up to the root of its repository; itself alone outside of one."""
    above = [start, *start.parents]
    for place, folder in enumerate(above):
        with suppress(OSError):
            if (folder / ".git").exists():
                return above[: place + 1]
    return [start]


def claude_memory(project: Path) -> Path:
    """Return the folder in which Claude Code keeps its memory of a project by itself."""
    base = os.environ.get(_FOLDER) or os.path.expanduser("~/.claude")  # noqa: PTH111  # pathlib's raises
    return Path(base, "projects", re.sub(r"[^a-zA-Z0-9]", "-", str(project)), "memory")


def _places_in(folder: Path) -> Iterator[StorePlace]:
    """Yield the stores that are in a folder; each costs one look, whatever the folder holds."""
    return (place for place in PLACES if _is_there(folder, place))


def _is_there(folder: Path, place: StorePlace) -> bool:
    try:
        there = folder / place.path
        found = there.is_file() if is_memory(place.path) else there.is_dir()
        return found and (not place.sign or any((folder / sign).is_file() for sign in place.sign))
    except OSError:
        return False  # a folder that may not be entered keeps nothing for this user


def _inside(root: Path, path: Path) -> str:
    """Return where a store really lies below a folder, with `/`; empty where a link leads out of it."""
    real = Path(os.path.realpath(path))
    return real.relative_to(root).as_posix() if real.is_relative_to(root) and real != root else ""


def stores_left_out(tree: TreeLocation) -> Iterator[str]:
    """Yield the places in the folders of a project's tree from which a link leads out of the project."""
    starts = {place.removesuffix(in_place) for place in tree.scope.places if (in_place := _ending(place))}
    for start in sorted(starts):
        for place in _places_in(tree.root / unspelled(start)):
            path = start + place.path
            real = Path(os.path.realpath(tree.root / unspelled(path)))
            if not real.is_relative_to(tree.root) and real != tree.beside:
                yield path


def _ending(place: str) -> str:
    """Return the part of a store's path that its kind has everywhere; empty where a link led to it."""
    return max((one.path for one in PLACES if f"/{place}".endswith(f"/{one.path}")), key=len, default="")


def _without_nested(places: Sequence[str]) -> list[str]:
    """Leave out those that lie in another one."""
    return [place for place in places if not any(place.startswith(f"{other}/") for other in places if other)]


def generated_by(file: Path) -> str:
    """Return the program that writes a file anew by itself; empty where people may change it."""
    return "Codex" if file.name == "raw_memories.md" and _is_in_codex(file) else ""


def _codex_memories() -> str:
    base = os.environ.get(_CODEX_FOLDER) or os.path.expanduser("~/.codex")  # noqa: PTH111  # as above
    return os.path.realpath(os.path.join(base, "memories"))  # noqa: PTH118  # may be relative


def _is_in_codex(path: Path) -> bool:
    return path.is_relative_to(_codex_memories())


def manager_of(tree: Path) -> str:
    """Say that another program manages the repository of a store, a clause; empty where none does.

    Codex takes what it finds uncommitted in its own for the user's corrections; Letta commits by its rules.
    """
    if _is_in_codex(tree):
        return "Codex commits to its repository itself, and takes what is uncommitted for your corrections"
    for folder in project_folders(tree):
        if (folder / ".letta" / "config.json").is_file() and (folder / "system").is_dir():
            return "Letta commits to its repository itself, by rules of its own"
    return ""
