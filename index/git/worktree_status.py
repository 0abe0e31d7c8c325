"""Memory files on disk that differ from the last commit, found without running anything."""

from __future__ import annotations

import codecs
import os
import stat
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.formats.charsets import codec_of
from index.formats.registry import format_of
from index.git.conversions import Forms
from index.git.objects import not_here, raw_id
from index.git.sparse import passed_over
from index.git.worktree import Worktree
from index.model.errors import TreeError
from index.model.path_spelling import unspelled
from index.storage.files import read

_SETTLED = 2 * 10**9
"""Nanoseconds after which a file's time stamp is trusted: the coarsest file system counts in 2 s."""
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COMMITTED = frozenset({stat.S_IFREG, stat.S_IFLNK})
"""Kinds of files that git commits: files of their own, and links."""
_LINK = "120000"
"""The mode git records for a symbolic link: https://git-scm.com/docs/git-fast-import#_filemodify."""


class _Stamp(NamedTuple):
    """A file that still has this stamp still has the same bytes."""

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    link: bool


class _Committed(NamedTuple):
    mode: str
    blob: str


class WorktreeStatus:
    """Compares disk and HEAD; a file found unchanged is not read again until it is touched.

    Inside, paths are as disk and git have them, relative to the tree; outside as the tree spells them.
    """

    def __init__(self, checkout: Worktree, forms: Forms) -> None:
        self._checkout, self._forms = checkout, forms
        self._unchanged: dict[str, tuple[_Stamp, _Committed]] = {}
        self._head: str | None = None
        self._committed: dict[str, _Committed] = {}
        self._lock = threading.Lock()
        self.passed_over: tuple[str, ...] = ()
        """Files that the last look left out though no commit holds them as they are: git ignores them."""
        self.not_compared: tuple[str, ...] = ()
        """Files that the last look left out: only a filter program could tell git's bytes."""
        self.nested: tuple[str, ...] = ()
        """Folders that the last look left out: repositories of their own, with memory files in them."""

    def paths(self) -> list[str]:
        """Return changed, new and deleted memory files, relative to the tree, sorted.

        `git status` would start the repository's own fsmonitor and filter programs. Here the bytes are
        hashed and compared with HEAD's; where they differ and no filter is set for the file, git's
        built-in conversions (line endings, encoding) get a word. A file under a filter program cannot
        be judged and is left out; so are ignored files, nested repositories, and files that a sparse
        checkout leaves out.
        """
        with self._lock:
            committed = self._read_head()
            found = self._walk()
            differing = {path for path in found if path in committed and not self._same(path, found[path])}
            new = found.keys() - committed
            gone = committed.keys() - found
            spell, within = self._checkout.spell, self._checkout.within
            filtered = set(map(within, self._forms.filtered(map(spell, differing))))
            self.not_compared = self._spelled(filtered)
            differing -= filtered
            differing -= self._same_after_conversion(differing, found)
            ignored = self._ignored(new)
            self.passed_over = self._spelled(new & ignored)
            return list(self._spelled(differing | (new - ignored) | (gone - self._left_out(gone))))

    def _spelled(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return paths of git as the tree spells them, sorted."""
        return tuple(sorted(map(self._checkout.spell, paths)))

    @property
    def committed(self) -> frozenset[str]:
        """The memory files that the last commit held when it was last looked at."""
        return frozenset(map(self._checkout.spell, self._committed))

    def checked_out(self, path: str, like: bytes | None) -> bytes | None:
        """Return the bytes that a checkout of HEAD would write to a file; see `Repository.checked_out`."""
        checkout = self._checkout
        blob = checkout.objects.blob_id(checkout.objects.id("HEAD"), checkout.in_git(path))
        data = None if blob is None else checkout.objects.blob(blob)
        if data is None or (like is not None and _is_unconverted(like, path)):
            return data
        return self._forms.checked_out(path, blob or "")

    def is_beyond_reading(self, path: str, disk: bytes) -> bool:
        """Whether git does not store a file as it is on disk, but as a filter program makes it."""
        checkout = self._checkout
        blob = checkout.objects.blob_id(checkout.objects.id("HEAD"), checkout.in_git(path))
        return blob is not None and raw_id(disk, blob) != blob and bool(self._forms.filtered([path]))

    def _read_head(self) -> dict[str, _Committed]:
        """Return HEAD's blob of every memory file of the tree."""
        head = self._checkout.objects.commit_id("HEAD")
        if head != self._head:
            self._committed = _memories(self._checkout, head) if head else {}
            self._head = head
        return self._committed

    def _walk(self) -> dict[str, _Stamp]:
        """Return the memory files on disk; links are files of their own here, as git sees them."""
        files = self._lone_files()
        folders = self._starts()
        nested = []
        while folders:
            prefix = folders.pop()
            folder = self._checkout.tree / prefix
            if prefix and self._is_of_another(prefix):
                nested += [prefix] if self._has_memories(prefix) else []
                continue
            try:
                with os.scandir(folder) as listing:
                    found = [(prefix + item.name, item.stat(follow_symlinks=False)) for item in listing]
            except OSError:
                continue  # a folder that cannot be listed, or is gone again, holds nothing to commit
            for path, about in found:
                if stat.S_ISDIR(about.st_mode):
                    if not Path(path).name.startswith("."):
                        folders.append(path + "/")
                elif self._checkout.lists(path) and stat.S_IFMT(about.st_mode) in _COMMITTED:
                    files[path] = _stamp(about)
        self.nested = self._spelled(nested)
        return files

    def _has_memories(self, prefix: str) -> bool:
        """Whether a folder that is not walked through holds a file of the tree."""
        for folder, folders, names in os.walk(self._checkout.tree / prefix):
            folders[:] = [name for name in folders if not name.startswith(".")]
            within = Path(folder).relative_to(self._checkout.tree)
            if any(self._checkout.lists((within / name).as_posix()) for name in names):
                return True
        return False

    def _is_of_another(self, prefix: str) -> bool:
        """Whether a folder is a repository of its own, which holds its files.

        Where memarium keeps the versions, they are its own as soon as one was changed with it.
        """
        if not os.path.lexists(self._checkout.tree / prefix / ".git"):
            return False
        return not (self._checkout.kept and any(path.startswith(prefix) for path in self._committed))

    def _starts(self) -> list[str]:
        """Return the folders to walk through, with a closing `/`."""
        return [f"{unspelled(place)}/" for place in self._checkout.scope.places] or [""]

    def _lone_files(self) -> dict[str, _Stamp]:
        """Return the places of the tree that are one file."""
        found = {}
        for place in map(unspelled, self._checkout.scope.places):
            with suppress(OSError):
                about = (self._checkout.tree / place).lstat()
                if stat.S_IFMT(about.st_mode) in _COMMITTED:
                    found[place] = _stamp(about)
        return found

    def _same(self, path: str, stamp: _Stamp) -> bool:
        """Whether the bytes on disk are the very bytes at HEAD."""
        committed = self._committed[path]
        if self._unchanged.get(path) == (stamp, committed):
            return True
        file = self._checkout.tree / path
        if stamp.link != (committed.mode == _LINK):
            return False
        try:
            data = os.fsencode(file.readlink()) if stamp.link else read(file)
        except (OSError, TreeError):
            return False
        if raw_id(data, committed.blob) != committed.blob:
            return False
        self._remember(path, stamp)
        return True

    def _remember(self, path: str, stamp: _Stamp) -> None:
        if time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) > _SETTLED:
            self._unchanged[path] = (stamp, self._committed[path])

    def _same_after_conversion(self, paths: Iterable[str], found: dict[str, _Stamp]) -> set[str]:
        """Return the files that git would store as they are at HEAD; none has a filter program."""
        plain = [path for path in paths if not found[path].link]
        lines = b"".join(quoted(self._checkout.prefix + path) + b"\n" for path in plain)
        answer = self._checkout.runner.read("hash-object", "--stdin-paths", stdin=lines).out if plain else b""
        hashes = answer.decode("ascii").split()
        same = {p for p, hash_ in zip(plain, hashes, strict=False) if hash_ == self._committed[p].blob}
        for path in same:
            self._remember(path, found[path])
        return same

    def _ignored(self, paths: Iterable[str]) -> set[str]:
        if self._checkout.kept:
            return set()
        prefix = self._checkout.prefix
        asked = [prefix + path for path in paths]
        answer = self._checkout.runner.ignored(asked).out if asked else b""
        return {os.fsdecode(part).removeprefix("./" + prefix) for part in answer.split(b"\0")}

    def _left_out(self, paths: set[str]) -> set[str]:
        """Return the files that a sparse checkout does not put on the disk."""
        found = passed_over(self._checkout.runner, self._checkout.places) if paths else ()
        return {path.removeprefix(self._checkout.prefix) for path in found}


def _stamp(about: os.stat_result) -> _Stamp:
    link = stat.S_ISLNK(about.st_mode)
    return _Stamp(about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino, link)


def _memories(checkout: Worktree, commit: str) -> dict[str, _Committed]:
    held = {}
    folder = checkout.prefix.rstrip("/")
    places = map(unspelled, checkout.scope.places)
    listed = checkout.runner.read("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{folder}", *places)
    if listed.code and (not folder or checkout.objects.blob_id(commit, folder)):
        raise not_here(checkout.runner)
    for line in listed.out.split(b"\0"):
        about, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        if checkout.lists(path):
            mode, kind, blob = about.decode("ascii").split(" ")
            if kind == "blob":
                held[path] = _Committed(mode, blob)
    return held


def memories_of(checkout: Worktree, commit: str) -> set[str]:
    """Return the memory files that a commit holds, relative to the tree."""
    return set(map(checkout.spell, _memories(checkout, commit)))


def quoted(path: str) -> bytes:
    """Return a path as git reads it from a line, whatever it is made of."""
    return b'"' + b"".join(b"\\%03o" % byte for byte in os.fsencode(path)) + b'"'


def _is_unconverted(data: bytes, path: str) -> bool:
    """Whether git is sure to store the bytes on disk unchanged: UTF-8 without carriage returns."""
    if b"\r" in data or b"\0" in data or b"$Id" in data:
        return False
    return codec_of(format_of(path).declared(data) or "utf-8") == "utf-8" and not data.startswith(_MARKS)
