"""The objects of a revision: names to object ids, and object ids to bytes, without a process for each."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterable, Iterator
from typing import Protocol

from index.git.runner import Runner
from index.model.errors import NotHere, Refused, as_clause
from index.model.path_spelling import shown
from index.storage.files import LIMIT

_SAID = re.compile(
    rb"promisor remote|unable to (?:read|parse)|bad object"
    rb"|(?:could not|cannot|failed to) (?:read|parse|traverse parents of) (?:\w+ )?[0-9a-f]{40}"
    rb"|missing (?:blob|tree|commit|object)|bad tree object|invalid object",
    re.I,
)
"""Messages of git where it cannot go on without an object."""
_ANY_REF = ("for-each-ref", "--count=1")
"""A command that fails only where git can read no name and no object at all."""
_PLAIN = re.compile(r"\w[\w./-]*")
"""The name of a remote that a shell takes for a word."""

_NOT_LENT = re.compile(rb"(?:unable to normalize alternate object path: |object directory )(/[^;\n]+)")
"""Messages of git about a folder of `objects/info/alternates` that is gone, or is no folder of objects."""


def is_missing(words: bytes) -> bool:
    """Whether git failed for want of an object, by its words."""
    return _SAID.search(words) is not None


def not_here(runner: Runner) -> NotHere:
    """Return the error for an object that is not here, with the way to get it."""
    if lost := _NOT_LENT.search(runner.read("count-objects", "-v").err):
        return NotHere(
            f"This repository borrows older versions from {shown(os.fsdecode(lost[1]))}, which is not there: "
            "put that folder back, or correct its path in objects/info/alternates of git's folder."
        )
    if (refs := runner.read(*_ANY_REF)).code and not is_missing(refs.err):
        return NotHere(f"git cannot read this repository: {as_clause(refs.err)}.")
    told = runner.read("config", "-z", "--get-regexp", r"^remote\..*\.(url|promisor)$").out
    values = dict(item.partition(b"\n")[::2] for item in told.split(b"\0") if item)
    names = {name.decode("utf-8", "replace").split(".", 1)[1].rpartition(".")[0] for name in values}
    partial = next((name for name in sorted(names) if f"remote.{name}.promisor".encode() in values), "")
    remote = partial or ("origin" if "origin" in names else next(iter(sorted(names)), ""))
    plain = f" {remote}" if _PLAIN.fullmatch(remote) else ""  # what a configuration says is not to be typed
    # While a fetch brings new branches, git passes over what the others lack.
    fetches = f"git fetch{plain} && git fetch --refetch --no-filter{plain}"
    if partial:
        return NotHere(
            f"This clone is partial, and an older version is not in it: {fetches} brings what is missing."
        )
    if remote:
        return NotHere(
            "An older version is missing, so the repository is damaged: "
            f"{fetches} brings what there is of it."
        )
    return NotHere(
        "An older version is missing in this repository, and no remote is configured to fetch it from: "
        "git fsck names what is missing."
    )


_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""In every SHA-1 repository, stored or not: the answer to it shows that the running command works."""


_LASTING = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})[\^:]")
"""A name that starts with a full id: it always means the same object, and a save asks for it repeatedly."""
_FULL = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_KEPT = 256
_SMALL = 1 << 20
"""Bytes of an object that is read together with others."""
_ABOUT = re.compile(rb"([0-9a-f]{40,64}) (\w+) (\d+)")
"""A header of `git cat-file --batch`: id, type and size of an object."""


class CatFile(Protocol):
    """A running `git cat-file`, as GitPython keeps one; used by one thread at a time."""

    def get_object_header(self, ref: str) -> tuple[str, str, int]: ...
    def get_object_data(self, ref: str) -> tuple[str, str, int, bytes]: ...
    def clear_cache(self) -> object: ...


class Objects:
    """Reads objects of one repository; safe to use from several threads.

    The running command answers in tens of microseconds. Where it cannot (a SHA-256 repository, a path with
    a line break, or it was ended from outside), a process of its own does.
    """

    def __init__(self, cat_file: CatFile, runner: Runner) -> None:
        self._cat_file = cat_file
        self._runner = runner
        self._lock = threading.Lock()
        self._lasting: dict[str, str] = {}

    def id(self, name: str) -> str | None:
        """Return the id of the object called so (`HEAD`, `ID^`, `ID:path`), None when there is none.

        Raises NotHere: git can read nothing in the repository.
        """
        if name in self._lasting:
            return self._lasting[name]
        found = self._find(name)
        if found is not None and _LASTING.match(name):
            if len(self._lasting) >= _KEPT:
                self._lasting.clear()
            self._lasting[name] = found
        return found

    def _find(self, name: str) -> str | None:
        with self._lock:
            found = self._header(name)
            if found or (_fits_a_line(name) and self._header(_EMPTY_TREE)):
                return found
            self._cat_file.clear_cache()
            result = self._runner.read("rev-parse", "--verify", "--quiet", "--end-of-options", name)
            if result.code > 1 and self._runner.read(*_ANY_REF).code:
                raise not_here(self._runner)
            return result.out.decode("ascii", "replace").strip() or None

    def _header(self, name: str) -> str | None:
        try:
            # Annotated as str, but bytes in GitPython 3.2.1: fsdecode takes either.
            return os.fsdecode(self._cat_file.get_object_header(name)[0])
        except (ValueError, OSError):
            return None

    def commit_id(self, revision: str) -> str | None:
        """Return the id of the commit that the user or another command calls so, None when there is none.

        Raises NotHere: there is, and it is not in the repository.
        """
        found = self.id(f"{revision}^{{commit}}")
        if found is None and not _FULL.fullmatch(revision):
            named = self._runner.read("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
            name = named.out.decode("ascii", "replace").strip()
            if _FULL.fullmatch(name) and not self.id(name):  # of a range it names several
                raise not_here(self._runner)
        return found

    def blob_id(self, revision: str | None, path: str) -> str | None:
        """Return the id of the object at a path of the repository in a revision, None when there is none.

        The object itself need not be in the repository.

        Raises NotHere: a folder on the way is not in the repository.
        """
        if revision is None:
            return None
        return self.id(f"{revision}:{path}") or self._looked_up(revision, path)

    def _looked_up(self, revision: str, path: str) -> str | None:
        """Return `blob_id` from the folders: git says missing for an absent path and object alike."""
        at = self.id(f"{revision}^{{tree}}")
        if at is None and self.id(revision):
            raise not_here(self._runner)
        for part in path.split("/"):
            at = self.listing(at).get(part) if at is not None else None
        return at

    def blob(self, object_id: str) -> bytes | None:
        """Return the bytes of a blob, None for any other object.

        Raises:
            NotHere: the repository does not have it.
            Refused: it is larger than a file that would be opened.
        """
        with self._lock:
            try:
                _, kind, size = self._cat_file.get_object_header(object_id)
                _check_size(size)
                return self._data(object_id)[1] if os.fsdecode(kind) == "blob" else None
            except (ValueError, OSError):
                self._cat_file.clear_cache()  # part of an answer may still be on its way
            about = self._runner.read("cat-file", "-s", object_id)
            if about.code:
                raise not_here(self._runner)
            _check_size(int(about.out))
            if self._runner.read("cat-file", "-t", object_id).out.strip() != b"blob":
                return None
            result = self._runner.read("cat-file", "blob", object_id)
            if result.code:
                raise not_here(self._runner)
            return result.out

    def _data(self, object_id: str) -> tuple[str, bytes]:
        _, kind, size, data = self._cat_file.get_object_data(object_id)
        if len(data) < size:
            raise ValueError(f"{object_id} is cut off")  # git tells the size, and ends on the way
        return os.fsdecode(kind), data

    def listing(self, object_id: str) -> dict[str, str]:
        """Return the members of a folder, name → id, without submodules; nothing for any other object.

        Raises NotHere: the repository does not have it.
        """
        with self._lock:
            try:
                kind, data = self._data(object_id)
                return names_in(data, len(object_id) // 2) if kind == "tree" else {}
            except (ValueError, OSError):
                self._cat_file.clear_cache()
            listed = self._runner.read("ls-tree", "-z", object_id)
            if listed.code and self._runner.read("cat-file", "-e", object_id).code:
                raise not_here(self._runner)
        found = listed.out
        parts = [line.partition(b"\t") for line in found.split(b"\0") if line]
        told = ((os.fsdecode(name), about.decode("ascii").split(" ")) for about, _, name in parts)
        return {name: object_id for name, (_, kind, object_id) in told if kind != "commit"}

    def many(self, names: Iterable[str]) -> Iterator[tuple[str, str, str, bytes | None]]:
        """Yield name, id, kind and, of a small one, content of each object.

        Without an id there is none, or it is not in the repository: `blob_id` tells which.

        Names that git could not be asked for do not come at all. For dozens of names: two processes cost less
        than the turns that a thread waits for, twice a name.
        """
        asked = [name for name in dict.fromkeys(names) if name and _fits_a_line(name)]
        if not asked:
            return
        found = []
        lines = self._runner.read("cat-file", "--batch-check", stdin=_lines(asked)).out.splitlines()
        # With another number of lines it cannot be told which is whose.
        for name, line in zip(asked, lines, strict=False) if len(lines) == len(asked) else ():
            about = _ABOUT.fullmatch(line)
            found.append((name, *_header_fields(about)) if about is not None else (name, "", "", 0))
        small = dict.fromkeys(object_id for _, object_id, _, size in found if object_id and size <= _SMALL)
        contents = self._contents(small)
        for name, object_id, kind, _ in found:
            yield name, object_id, kind, contents.get(object_id)

    def _contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        wanted = list(ids)
        data = self._runner.read("cat-file", "--batch", stdin=_lines(wanted)).out if wanted else b""
        found, at = {}, 0
        for object_id in wanted:
            end = data.find(b"\n", at)
            about = _ABOUT.fullmatch(data[at:end]) if end >= 0 else None
            if about is None or about[1].decode() != object_id:
                break  # git was ended, or something is damaged
            start, at = end + 1, end + 2 + int(about[3])
            if at > len(data):
                break  # the object is cut off
            found[object_id] = data[start : at - 1]
        return found

    def close(self) -> None:
        """End the running command."""
        with self._lock:
            self._cat_file.clear_cache()


def _header_fields(about: re.Match[bytes]) -> tuple[str, str, int]:
    return about[1].decode(), about[2].decode(), int(about[3])


def _lines(names: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(name) + b"\n" for name in names)


def _fits_a_line(name: str) -> bool:
    return "\n" not in name and name.encode("utf-8", "replace").decode("utf-8") == name


def names_in(data: bytes, width: int = 20) -> dict[str, str]:
    """Read a tree object: mode, space, name, NUL and the `width` bytes of an id, again and again.

    A commit in it, that of a submodule, is in another repository and left out.
    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    names, at = {}, 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        if data[at:space] != b"160000":
            names[os.fsdecode(data[space + 1 : end])] = data[end + 1 : end + 1 + width].hex()
        at = end + 1 + width
    return names


def _check_size(size: int) -> None:
    if size > LIMIT:
        raise Refused(f"That version is larger than {LIMIT / 2**20:.0f} MiB and is not opened.")


def raw_id(data: bytes, like: str) -> str:
    """Return the id git gives these bytes when it converts nothing, in the hash that `like` is of."""
    # https://git-scm.com/book/en/v2/Git-Internals-Git-Objects: type, size, NUL, content.
    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
