"""The repository that memarium keeps for a store in no git: in the user's data folder, nothing in the store.

It is a bare one, and the store is its work tree: git is told of both by its environment. What the user, the
machine or the store itself has set up for git (hooks, signing, filters, ignore rules) has no say in it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from index.git.discovery import FoundRepository, git_program
from index.git.objects import raw_id
from index.git.runner import Runner
from index.model.errors import Refused, TreeError, Unreadable, as_clause
from index.model.path_spelling import shown
from index.storage.files import read, remove_leftovers, temporary_name
from index.storage.user_folders import homely

_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.logAllRefUpdates=true",
    "core.protectNTFS=false",
    "core.splitIndex=false",
    "core.sparseCheckout=false",
    "commit.gpgSign=false",
    "user.useConfigOnly=false",
)
"""Said with each command: a setting of the user's own would change the stored bytes, or run a program."""
_FILES = {
    "HEAD": b"ref: refs/heads/main\n",
    "config": b"[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    # Above any .gitattributes of the store: https://git-scm.com/docs/gitattributes
    "info/attributes": b"* -text -ident !filter !working-tree-encoding\n",
}
_STORE = "store"
"""The file that holds the path of the store."""
_SUFFIX = ".git"
_NAME = 12
"""Letters of its name: enough for it to be the only one, few enough for it to be shown in one line."""
_COMPARED = 50
"""Files by which a store is known again that was moved."""


class NoPlace(Refused):
    """There is no place for the versions; words that follow on "and"."""


def find_kept(tree: Path, folder: Path) -> FoundRepository:
    """Return the repository that is kept of a tree, or of one around it; a new one where there is none.

    Raises:
        NoPlace: the folder cannot be written, or git is not installed.
        Unreadable: it is there, and git cannot read it.
    """
    program = git_program()
    if program is None:
        raise NoPlace("without git memarium keeps no versions: install git")
    around = (one for one in tree.parents if _holds(program, _place(folder, one), one, tree))
    root = tree if _place(folder, tree).is_dir() else next(around, tree)
    place = _place(folder, root)
    try:
        if not place.is_dir() and not _take_over(program, folder, tree):
            _make(folder, tree)
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError
    except OSError as error:
        raise NoPlace(
            f"{shown(homely(folder))}, where memarium would keep its versions, cannot be written"
        ) from error
    runner = _runner(program, place, root)
    last = ("HEAD^{tree}", "--") if _has_versions(place) else ()
    asked = runner.read("rev-parse", "--is-inside-work-tree", *last)
    if asked.code:
        raise Unreadable(
            f"git cannot read the versions that memarium keeps of {shown(root)}, in {shown(homely(place))}: "
            f"fix that repository, or move it away to begin anew. git said: {as_clause(asked.err)}."
        )
    return FoundRepository(root, place, tree, runner)


def _has_versions(place: Path) -> bool:
    """Whether there is a last version, or the rest of one: a torn file is not the same as none."""
    return (place / "refs" / "heads" / "main").exists() or (place / "packed-refs").exists()


def _holds(program: str, place: Path, root: Path, tree: Path) -> bool:
    """Whether the versions that are kept of a folder hold files of a tree in it: not all in it is its own."""
    if not place.is_dir():
        return False
    inside = tree.relative_to(root).as_posix()
    return bool(_runner(program, place, root).read("ls-tree", "-r", "-z", "HEAD", "--", f"{inside}/").out)


def _place(folder: Path, root: Path) -> Path:
    from index.storage.user_folders import folder_name

    return folder / f"{folder_name(root)[:_NAME]}{_SUFFIX}"


def _runner(program: str, place: Path, root: Path) -> Runner:
    return Runner(program, root, {"GIT_DIR": str(place), "GIT_WORK_TREE": str(root)}, _SETTINGS)


def _make(folder: Path, root: Path) -> None:
    """Make an empty repository: whole, or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_leftovers((folder,))
    new = folder / temporary_name()
    try:
        for name in ("objects", "refs/heads", "info"):
            (new / name).mkdir(mode=0o700, parents=True)
        new.chmod(0o700)
        for name, content in _FILES.items():
            (new / name).write_bytes(content)
        _note_store(new, root)
        place = _place(folder, root)
        try:
            new.rename(place)
        except OSError:
            if not place.is_dir():  # else another process was first
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _note_store(place: Path, root: Path) -> None:
    (place / _STORE).write_bytes(os.fsencode(root))
    words = b"Versions of " + os.fsencode(root) + b", which lies in no git; kept by memarium.\n"
    (place / "description").write_bytes(words)


def _take_over(program: str, folder: Path, root: Path) -> bool:
    """Take over the repository of a store that was moved here: its folder is gone, and its files are these.

    Half of its files, as the last version has them, must be here with the same bytes.
    """
    for place in _without_store(folder, root):
        if _has_files(_runner(program, place, root), root):
            _note_store(place, root)
            place.rename(_place(folder, root))
            return True
    return False


def _without_store(folder: Path, root: Path) -> Iterator[Path]:
    """Yield the repositories whose store is no longer where it was, the one last written to first."""
    found = []
    with suppress(OSError):
        for place in folder.glob(f"*{_SUFFIX}"):
            store = Path(os.fsdecode((place / _STORE).read_bytes()))
            if store == root or not store.exists():  # equal where a move was not ended
                found.append((place.stat().st_mtime_ns, place))
    yield from (place for _, place in sorted(found, reverse=True))


def _has_files(runner: Runner, root: Path) -> bool:
    listed = runner.read("ls-tree", "-r", "-z", "HEAD").out.split(b"\0")[:-1][:_COMPARED]
    same = 0
    for line in listed:
        about, _, name = line.partition(b"\t")
        blob = about.decode("ascii").split(" ")[2]
        with suppress(TreeError):
            same += raw_id(read(root / os.fsdecode(name)), blob) == blob
    return 2 * same >= len(listed) > 0
