"""Files that git keeps in another form than they have on disk: encoding, line ends, `$Id$`, filter programs.

The encoding that a blob declares tells whether git must be asked for the attributes of its path at all. https://git-scm.com/docs/gitattributes
"""

from __future__ import annotations

import codecs
import contextlib
import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Set
from pathlib import Path

from index.formats.charsets import codec_of
from index.formats.registry import format_of, is_memory
from index.git.objects import raw_id
from index.git.worktree import Worktree
from index.model.errors import Refused, TreeError, as_clause
from index.model.path_spelling import shown, unspelled
from index.storage.files import read_or_none
from index.storage.user_folders import expanded

_WIDE = {
    "UTF-16": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16LE-BOM": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16LE": ("utf-16-le", b""),
    "UTF-16BE": ("utf-16-be", b""),
}
"""Codec, and the mark that git writes in front, of the encodings that it knows by these names."""
_NOTHING = ("unspecified", "unset", "")
"""The answers of `git check-attr` for an attribute that names nothing."""
_IDENT = re.compile(rb"\$Id:[^$\n]*\$")


class Forms:
    """Converts stored bytes to those that a checkout would write; runs no filter program."""

    def __init__(self, checkout: Worktree) -> None:
        self._checkout = checkout
        self._encodings: dict[str, str] = {}
        self._hidden: dict[str, bool] = {}
        self._mark: object = None
        """The state of the working copy that these are of: attributes change with it."""

    def may_filter(self, paths: Iterable[str]) -> bool:
        """Whether a filter program may come before one of these files, as far as a look without git tells."""
        files = (self._checkout.root / self._git_path(path) for path in paths)
        return bool(self._programs()) and any(may_have(self._checkout, file, b"filter") for file in files)

    def filtered(self, paths: Iterable[str]) -> set[str]:
        """Return the files that go through a filter program; all paths are as in the tree."""
        programs = self._programs()
        set_for = self._attributes(paths, "filter") if programs else {}
        return {path for path, name in set_for.items() if name in programs}

    def _programs(self) -> set[str]:
        """Return the names of the filters that are set up here: without a program git changes nothing."""
        named = self._checkout.settings.values().items()
        parts = [
            name.split(".", 1)[1].rpartition(".") for name, to in named if to and name.startswith("filter.")
        ]
        return {name for name, _, what in parts if what in ("clean", "smudge", "process")}

    def hidden(self, paths: Collection[str]) -> set[str]:
        """Return the files with a filter program: git stores other bytes than those on disk.

        One that is as git stores it, under a filter that only cleans, is none; of one that is gone nobody
        knows, so it is.
        """
        if not self._programs():
            return set()
        self._forget()
        known = self._hidden  # another thread may begin a new one meanwhile
        unknown = [path for path in paths if path not in known]
        if unknown:
            unknown += [] if known else self._at_head()
            found = dict.fromkeys(unknown, False)
            known |= found | {path: self._differs(path) for path in self.filtered(unknown)}
        return {path for path in paths if known[path]}

    def hiding(self) -> Callable[[Collection[str]], Set[str]]:
        """Return `hidden` for one reading of the history, which asks for the same files again and again."""
        if not self._programs():
            return lambda _: frozenset()
        known: dict[str, bool] = {}

        def hidden(paths: Collection[str]) -> Set[str]:
            if new := [path for path in paths if path not in known]:
                found = self.hidden(new)
                known.update((path, path in found) for path in new)
            return {path for path in paths if known[path]}

        return hidden

    def hidden_now(self) -> list[str]:
        """Return `hidden` of the memory files that the last commit holds, sorted."""
        return sorted(self.hidden(self._at_head())) if self._programs() else []

    def _at_head(self) -> list[str]:
        spell, folder = self._checkout.spell, self._checkout.prefix.rstrip("/")
        places = map(unspelled, self._checkout.scope.places)
        asked = "ls-tree", "-r", "-z", "--name-only", "--full-tree", f"HEAD:{folder}", *places
        names = self._checkout.runner.read(*asked).out
        return [spell(os.fsdecode(name)) for name in names.split(b"\0") if is_memory(os.fsdecode(name))]

    def _differs(self, path: str) -> bool:
        checkout = self._checkout
        try:
            blob = checkout.objects.blob_id(checkout.head(), checkout.in_git(path))
            disk = read_or_none(checkout.disk(path))
        except (TreeError, Refused):
            return True
        return blob is None or disk is None or raw_id(disk, blob) != blob

    def _forget(self) -> None:
        mark = self._checkout.mark()
        if mark != self._mark:
            self._encodings, self._hidden, self._mark = {}, {}, mark

    def encoding(self, path: str) -> str:
        """Return the encoding that git is told a file has on disk; empty where it is as git stores it."""
        self._forget()
        known = self._encodings
        if path not in known:
            known[path] = self._attributes([path], "working-tree-encoding").get(path, "")
        return known[path]

    def readable(self, data: bytes, blob: str, path: str) -> bytes:
        """Return the content of a blob in the encoding that it says it is in.

        Line ends and `$Id$`, which make no difference to a reader, stay as git stores them.
        """
        named = format_of(path).declared(data)
        if not named or codec_of(named) in ("utf-8", "ascii"):
            return data
        encoding = self.encoding(path)
        if not encoding or self.filtered([path]):
            return data
        plain = encoding.upper()
        codec, mark = _WIDE.get(plain.replace("UTF16", "UTF-16"), (codec_of(encoding), b""))
        try:
            text = data.decode("utf-8")
            return mark + text.encode(codec) if codec else self._by_git(path, blob)
        except (UnicodeError, Refused):  # stored before git was told so: a checkout leaves it as it is, too
            return data

    def checked_out(self, path: str, blob: str) -> bytes | None:
        """Return the bytes that a checkout would write to a file of the tree for a blob of any version of it.

        None when the id is empty, or no file's.

        Raises:
            Refused: only a filter program that the repository names could tell, or it is too large.
            NotHere: the repository does not have it.
        """
        if not blob:
            return None
        if self.filtered([path]):
            raise Refused(
                f"{shown(path)} goes through a filter, its past cannot be read here: "
                "git checkout REV -- FILE puts it back."
            )
        data = self._checkout.objects.blob(blob)
        return None if data is None else self._by_git(path, blob)

    def beside(self, disk: bytes | None, path: str, blob: str) -> bytes | None:
        """Return the content of a blob as it is to be compared, line by line, with the file on disk."""
        if blob and disk is not None and (b"\r" in disk or b"$Id" in disk) and not self.filtered([path]):
            return self.checked_out(path, blob)
        data = self._checkout.objects.blob(blob) if blob else None
        return None if data is None else self.readable(data, blob, path)

    def without_idents(self, disk: bytes, path: str) -> bytes:
        """Return the bytes on disk with each `$Id: … $` as git stores it, where git is set to write those."""
        if _IDENT.search(disk) and self._attributes([path], "ident"):
            return _IDENT.sub(b"$Id$", disk)
        return disk

    def _by_git(self, path: str, blob: str) -> bytes:
        name = f"--path={self._git_path(path)}"
        result = self._checkout.runner.read("cat-file", "--filters", name, blob)
        if result.code:
            raise Refused(f"git cannot check {shown(path)} out: {as_clause(result.err)}.")
        return result.out

    def _attributes(self, paths: Iterable[str], name: str) -> dict[str, str]:
        """Return the value of an attribute, for each file that has it."""
        asked = {self._git_path(path): path for path in paths}
        asked = {git_path: path for git_path, path in asked.items() if not git_path.startswith("../")}
        if not asked:
            return {}
        given = b"".join(os.fsencode(git_path) + b"\0" for git_path in asked)
        answer = self._checkout.runner.read("check-attr", "-z", "--stdin", name, stdin=given).out
        parts = list(map(os.fsdecode, answer.split(b"\0")))
        values = zip(parts[::3], parts[2::3], strict=False)
        return {asked[file]: value for file, value in values if file in asked and value not in _NOTHING}

    def _git_path(self, path: str) -> str:
        return posixpath.normpath(self._checkout.in_git(path))


def may_have(checkout: Worktree, real: Path, *attributes: bytes) -> bool:
    """Whether a file in which git would look for the attributes of this one names one of these."""
    own = f"{os.environ.get('XDG_CONFIG_HOME') or expanded('~/.config')}/git/attributes"
    named = checkout.settings.values().get("core.attributesfile")
    within = len(real.relative_to(checkout.root).parts)
    for file in (
        *(f"{folder}/.gitattributes" for folder in real.parents[:within]),
        f"{checkout.common_dir}/info/attributes",
        expanded(named) if named else own,
        "/etc/gitattributes",
    ):
        with contextlib.suppress(TreeError):
            text = read_or_none(Path(file)) or b""
            if any(attribute in text for attribute in attributes):
                return True
    return False
