"""A tree of memory files: its folder, the files in it, and the content of one."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from index.formats.registry import is_listed, is_memory
from index.model.errors import TreeError
from index.model.file_record import FileProblem, TreeFile, whole_file
from index.model.path_spelling import shown, spelled, unspelled
from index.model.store_places import BESIDE, WHOLE, Scope
from index.model.text.letters import composed, folded
from index.storage.files import is_temporary, remove_leftover, remove_leftovers
from index.storage.memory_stores import TreeLocation, stores_left_out, tree_at, tree_of, tree_of_project
from index.storage.user_folders import expanded

NAMES = ("memories", ".memories", ".claude/memories")
"""Places of a tree in a project, looked for upward from the current folder."""
VARIABLE = "MEMARIUM_TREE"


def discover(start: Path | None = None) -> TreeLocation | None:
    """Return the tree that `$MEMARIUM_TREE` names, else that of all stores of the project around `start`.

    Where the project has none it is the nearest one from there upward. Without a start it is the current
    folder; one that is gone has nothing above it.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return tree_at(expanded(named))
    try:
        start = (start or Path.cwd()).absolute()
    except OSError:
        return None
    if (found := tree_of_project(start)) is not None:
        return found
    for folder in (start, *start.parents):
        for name in NAMES:
            if (folder / name).is_dir():
                return tree_of([folder])
    return None


def open_at(path: Path) -> TreeLocation:
    """Return the tree at a path that somebody names.

    Raises TreeError: there is none, or it cannot be listed.
    """
    found = tree_at(path)
    if path.is_file() and found.scope.is_one:
        return found  # a store that is one file
    check_root(path)
    return found


_IN_GIT_DIR = ("HEAD", "objects", "refs", "config")
"""Names in a bare repository, and in the `.git` of any other."""


def check_root(root: Path) -> Path:
    """Return the real folder behind `root`. Raises TreeError: there is none, or it cannot be listed."""
    try:
        if not root.is_dir():
            if _in_circle(root):
                raise TreeError(f"{shown(root)} cannot be opened: its links lead in a circle.")
            what = "is a file, not a folder" if root.exists() else "does not exist"
            raise TreeError(f"{shown(root)} {what}: name the folder that holds the memories.")
        if all((root / name).exists() for name in _IN_GIT_DIR):
            raise TreeError(f"{shown(root)} is git's own folder: name that of a checkout.")
        with os.scandir(root):
            return Path(os.path.realpath(root))
    except OSError as error:
        raise TreeError(
            f"{shown(root)} cannot be opened: {(error.strerror or str(error)).lower()}."
        ) from error


def _in_circle(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def inside(place: TreeLocation, name: str) -> str:
    """Return a path on the disk as the tree at a place spells it; empty where it lies elsewhere."""
    real = Path(os.path.realpath(expanded(name)))
    return place.path_of(real)


def meant(root: Path, path: str) -> str:
    """Return a path as the folders below `root` spell it, where they hold it in other letters for the same.

    That is an accent that is composed on one side and decomposed on the other, and a name that differs in
    case where the file system takes both for one. What is nowhere stays as it is given.
    """
    found = ""
    for part in path.split("/") if path else ():
        found += _spelling(root / unspelled(found), part) + "/"
    return found[:-1]


def _spelling(folder: Path, name: str) -> str:
    try:
        names = [spelled(one.name) for one in folder.iterdir()]
    except (OSError, ValueError):
        return name
    if name in names:
        return name
    alike = [one for one in names if folded(one) == folded(name)]
    same = [one for one in alike if composed(one) == composed(name)]
    with suppress(OSError, ValueError):
        same += [one for one in alike if (folder / unspelled(one)).samefile(folder / unspelled(name))]
    return same[0] if same else name


def scan(
    root: Path, scope: Scope = WHOLE, beside: Path | None = None
) -> tuple[list[TreeFile], list[FileProblem]]:
    """List the memory files of the tree at a place, sorted by path, and note those that could not be listed.

    Folders whose name starts with a dot are left out, unless they lead to a place of the scope; a link is
    followed only while it stays in the tree, so that a cloned repository cannot show files from elsewhere on
    the disk.
    """
    files: list[TreeFile] = []
    notes: list[FileProblem] = []
    place = TreeLocation(root, scope, beside)
    folders = _starts(place)
    files += _lone_files(root, scope)
    remove_leftovers({file.real.parent for file in files})
    notes += [_outside(path) for path in stores_left_out(place)]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as listing:
                found = list(listing)
        except OSError as error:
            notes.append(
                whole_file(prefix.rstrip("/") or ".", "unreadable", _cannot("listed", error), "error")
            )
            continue
        for item in found:
            if item.name.startswith("."):
                if is_temporary(item.name):  # seen here anyway, at no cost
                    remove_leftover(Path(item.path))
                continue
            path = prefix + spelled(item.name)
            try:
                if item.is_symlink():
                    _follow(place, item, path, files, notes)
                elif item.is_dir():
                    folders.append((item.path, path + "/"))
                elif is_memory(path):
                    stat = item.stat()
                    files.append(TreeFile(path, Path(item.path), stat.st_size, stamp(stat)))
            except OSError as error:
                notes.append(whole_file(path, "unreadable", _cannot("read", error), "error"))
    files.sort()
    return files, notes


def is_hidden(path: str) -> bool:
    """Whether `scan` passes over a path for a name in it that begins with a dot."""
    return any(part.startswith(".") and part not in (".", "..") for part in path.split("/"))


def _starts(tree: TreeLocation) -> list[tuple[str, str]]:
    """Return the folders to be listed, each with the beginning of the paths in it."""
    stores = [(tree.root / unspelled(place), place + "/") for place in tree.scope.places]
    stores += [] if tree.beside is None else [(tree.beside, BESIDE)]
    found = [(os.fspath(folder), prefix) for folder, prefix in stores if folder.is_dir() and _is_real(folder)]
    return found if tree.scope.places else [(os.fspath(tree.root), ""), *found]


def _lone_files(root: Path, scope: Scope) -> Iterator[TreeFile]:
    """Yield the places of a tree that are one file."""
    for place in scope.places:
        file = stat_file(TreeLocation(root), place)
        if file is not None and file.real.is_file() and _is_real(file.real):
            yield file


def _is_real(path: Path) -> bool:
    """Whether no link leads there: a store that was found may be a link out of the tree by now."""
    return os.path.realpath(path) == os.fspath(path)


def sizes(root: Path, scope: Scope = WHOLE, beside: Path | None = None) -> dict[str, tuple[int, int]]:
    """Return size and time (ns) of each file that `scan` lists, in half the time: to see changes."""
    found: dict[str, tuple[int, int]] = {}
    place = TreeLocation(root, scope, beside)
    folders = _starts(place)
    found.update((file.path, (file.size, file.stamp)) for file in _lone_files(root, scope))
    while folders:
        folder, prefix = folders.pop()
        with suppress(OSError), os.scandir(folder) as listing:
            for item in listing:
                name = item.name
                if name.startswith("."):
                    continue
                path = prefix + spelled(name)
                links: list[TreeFile] = []
                with suppress(OSError):
                    if item.is_symlink():
                        _follow(place, item, path, links, [])
                        found.update((link.path, (link.size, link.stamp)) for link in links)
                    elif item.is_dir():
                        folders.append((f"{folder}/{name}", path + "/"))
                    elif is_memory(path):
                        stat = item.stat()
                        found[path] = (stat.st_size, stamp(stat))
    return found


def stamp(found: os.stat_result) -> int:
    """Return a number that is another one once a file was written, put in place of another, or touched.

    The time of writing can be set back, as by rsync or `touch -r`, and may be coarse; that of the last change
    of its state cannot be set, and a file that came in its place has another number.
    """
    told = f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest()) >> 1


def stat_file(place: TreeLocation, path: str) -> TreeFile | None:
    """Return one file of the tree as `scan` lists it, None when there is none."""
    try:
        real = place.disk(path)
        found = real.stat()
    except OSError:
        return None
    return TreeFile(path, real, found.st_size, stamp(found))


def _follow(
    place: TreeLocation, item: os.DirEntry[str], path: str, files: list[TreeFile], notes: list[FileProblem]
) -> None:
    """Take a linked file of the tree that is not listed itself; others are met at their own place."""
    target = Path(os.path.realpath(item.path))  # `Path.resolve` raises at links in a circle
    above = target.is_dir() and Path(item.path).parent.is_relative_to(target)
    if target.is_symlink() or (above and place.holds(path, target)):
        notes.append(whole_file(path, "circle", "The link leads in a circle and is not followed.", "note"))
    elif not place.holds(path, target):
        notes.append(_outside(path))
    elif target.is_file() and is_memory(path) and not is_listed(place.path_of(target), place.scope):
        stat = target.stat()
        files.append(TreeFile(path, Path(item.path), stat.st_size, stamp(stat)))


def _outside(path: str) -> FileProblem:
    return whole_file(path, "outside", "The link leads out of the tree and is not followed.", "note")


def _cannot(verb: str, error: OSError) -> str:
    return f"It cannot be {verb}: {(error.strerror or str(error)).lower()}."
