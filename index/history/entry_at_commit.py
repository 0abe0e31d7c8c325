"""An entry in one version of its file: found there without reading the unchanged parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from index.formats.base import MemoryFile
from index.formats.entry_making import reworded
from index.formats.opened import entries_inside, loosely, source_of
from index.formats.registry import format_of, open_file, read_file
from index.git.repository import Repository
from index.model.entry import Entry, id_key
from index.model.entry_matching import find, is_called, pair
from index.model.errors import NotHere, Refused
from index.model.text.text_merge import common_share
from index.model.timestamps import has_clock

_KEPT = 64
"""Versions of a file whose answer is kept: the one before a commit is the one after its parent."""
_OPEN = 4
"""Versions of a file whose bytes are kept: those around one commit."""
_TELLING = 6
"""Characters from which a text is worth looking for in a file to see whether an entry may be in it."""


class EntryAtCommit(NamedTuple):
    """An entry as one version of a file has it."""

    entry: Entry
    document: MemoryFile
    """The whole file; `entry.ref` counts in it."""

    @property
    def markup(self) -> str:
        """The entry's source."""
        return source_of(self.document, self.entry)


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """An entry, and the bytes that it is in a file."""

    entry: Entry
    markup: str
    raw: bytes
    times: int = 1
    """Number of times that these very bytes are in the file."""
    alone: bool = False
    """The file is UTF-8 and holds more, but nothing inside of this entry: its bytes can be read alone."""
    name: str = ""
    """The name that its source has for an entry like it, where it can be read by itself."""
    rule: str = ""
    """That of its file: older versions are read by it, though they may look like another kind of file."""
    whole: bool = True
    """False when only the entry's own bytes were read: only the fields of `entry` are of that version."""

    def is_in(self, data: bytes, file: str) -> bool:
        """Whether a file holds the entry's very bytes: then nothing more need be read."""
        if data.count(self.raw) != self.times:
            return False
        start, rule = data.find(self.raw), self.rule if file == self.entry.file else ""
        return format_of(file).is_all(data, start, start + len(self.raw), rule)

    def edited_in(self, newer: bytes, data: bytes, file: str) -> KnownVersion | None:
        """Return the entry in `data` when nothing but it differs from `newer`, and it is still itself.

        Most commits change one entry: then the rest of the file need not be read again.
        """
        start = newer.find(self.raw)
        end = start + len(self.raw) - len(newer)
        stop = len(data) + end
        if not self.alone or self.times > 1 or stop <= start or start < 0:
            return None
        if data[:start] != newer[:start] or data[stop:] != newer[len(newer) + end :]:
            return None
        read = format_of(file).lone(data[start:stop].decode("utf-8", "surrogateescape"))
        if read is None or read.document.problems or read.name != self.name:
            return None
        if source_of(read.document, read.entry) != read.document.source:
            return None  # with blank lines around it, which are not the entry's
        fields = read.entry.fields
        told = reworded(self.entry, read.name, fields) if self.entry.file == file else None
        entry = told or replace(self.entry, fields=fields)
        texts = {field.text for field in entry.fields}
        named = self.entry.title in texts or (
            has_clock(self.entry.timestamp) and self.entry.timestamp in texts
        )
        if not named or entry.own_id != self.entry.own_id:
            return None
        whole, source = told is not None and self.whole, read.document.source
        return KnownVersion(entry, source, data[start:stop], 1, True, read.name, self.rule, whole)

    def may_be_in(self, data: bytes) -> bool:
        """Whether a file names the entry at all: by its id, or by the start of its title."""
        entry = self.entry
        words = [entry.own_id, entry.title[:40].rpartition(" ")[0] or entry.title]
        telling = [word for word in words if len(word) >= _TELLING]
        return not telling or any(_raw(word) in data for word in telling)


def _raw(word: str) -> bytes:
    """Return the longest stretch of a text that any file would spell the same way."""
    plain = "".join(c if c.isascii() and c not in "&<>\"'" else "\0" for c in word)
    return max(plain.split("\0"), key=len).encode("ascii")


def read_past(data: bytes, file: str, rule: str = "") -> list[EntryAtCommit]:
    """Return the entries of one version of a file; `file` is its path in the tree, `rule` of a newer one."""
    return _entries_of(open_file(data, file, rule))


def _entries_of(document: MemoryFile) -> list[EntryAtCommit]:
    return [EntryAtCommit(entry, document) for entry in document.entries]


class EntryFinder:
    """Finds one entry in the versions of its file, by the version last seen."""

    def __init__(self, repository: Repository, entry_id: str) -> None:
        self._repository = repository
        self._key = id_key(entry_id)
        self._answers: dict[tuple[str, str], KnownVersion | None] = {}
        self._data: dict[tuple[str, str], bytes | None] = {}
        self._open = lru_cache(_OPEN)(open_file)  # each version is after one commit and before the next
        self.last: KnownVersion | None = None
        """The entry where it was last found; None while only its id is known."""
        self.names: set[str] = set()
        """Other names of the file in which the entry was last found."""

    def read(self, blob: str, file: str) -> bytes | None:
        """Return the bytes of a version; None where there is none that can be opened.

        Raises NotHere: the repository does not have them.
        """
        if (blob, file) not in self._data:
            if len(self._data) >= _OPEN:
                del self._data[next(iter(self._data))]
            try:
                self._data[blob, file] = self._repository.content(blob, file)
            except NotHere:
                raise
            except Refused:
                self._data[blob, file] = None
        return self._data[blob, file]

    def is_unread(self, blob: str, file: str) -> bool:
        """Whether the content of a version of a file is unknown: its entries cannot be read."""
        if not blob:
            return False
        data = self.read(blob, file)
        return data is None or (data != b"" and not read_file(data, file).legible)

    def at(
        self, blob: str, file: str, newer: bytes | None = None, *, present: bool = True
    ) -> KnownVersion | None:
        """Return the entry in a version of its file, None when it is not there.

        `newer` is a later version that holds `last`, or what is known of it; without `present`, the entry
        was not in the version just above, and is searched only where its name occurs.
        """
        place = (blob, file)
        if place not in self._answers:
            data = self.read(blob, file)
            if len(self._answers) >= _KEPT:
                del self._answers[next(iter(self._answers))]
            self._answers[place] = None if data is None else self.within(data, file, newer, present=present)
        return self._answers[place]

    def within(
        self, data: bytes, file: str, newer: bytes | None, *, present: bool = True
    ) -> KnownVersion | None:
        """As `at`, in bytes at hand."""
        like = self.last
        if like is not None and like.is_in(data, file):
            return like
        if like is not None and not present and not like.may_be_in(data):
            return None
        if like is not None and newer is not None:
            edited = like.edited_in(newer, data, file)
            if edited is not None:
                return edited
            like = self.complete(like, newer, file)
        document = self._open(data, file, self._rule(like, file))
        if like is None:
            past = self._by_key(_entries_of(document))
        else:
            past = self._again(_entries_of(document), like, newer, file)
            if (rule := loosely(document.rule)) != document.rule:
                past = self._likelier(past, self._open(data, file, rule), document.rule, like, newer)
        return _seen(past, data) if past is not None else None

    def _likelier(
        self, past: EntryAtCommit | None, own: MemoryFile, rule: str, like: KnownVersion, newer: bytes | None
    ) -> EntryAtCommit | None:
        """Return the entry as it is found by the detail that the version has, where that is more like it.

        Its headings may have had another level then. `past` was found by the rule of the newer version.
        """
        if own.rule == rule:
            return past
        other = self._again(_entries_of(own), like, newer, own.path)
        ways = [one for one in (past, other) if one is not None]
        return max(ways, key=lambda one: _similarity(one, like), default=None)

    def complete(self, seen: KnownVersion, data: bytes | None, file: str) -> KnownVersion:
        """Return an entry that was read from its bytes alone as it is in its file."""
        if seen.whole or data is None:
            return seen
        found = _entries_of(self._open(data, file, self._rule(seen, file)))
        past = next((past for past in found if past.markup == seen.markup), None)
        return _seen(past, data) if past is not None else seen

    def _rule(self, like: KnownVersion | None, file: str) -> str:
        """Return the rule by which to read a version of a file: that of its newer version, if it is known."""
        return like.rule if like is not None and file in (like.entry.file, *self.names) else ""

    def _by_key(self, found: list[EntryAtCommit]) -> EntryAtCommit | None:
        return next((past for past in found if past.entry.key == self._key), None)

    def _again(
        self, found: list[EntryAtCommit], like: KnownVersion, newer: bytes | None, file: str
    ) -> EntryAtCommit | None:
        """Find an entry of a later version; where its id and time do not settle it, by pairing them all."""
        entries = [past.entry for past in found]
        entry = find(entries, like.entry)
        if entry is None:
            others = [like.entry]
            if newer is not None:
                after = _entries_of(self._open(newer, file, self._rule(like, file)))
                same = [past for past in after if past.markup == like.markup]
                chosen = next(
                    (past for past in same if past.entry.id == like.entry.id), same[0] if same else None
                )
                others = [like.entry if past is chosen else past.entry for past in after] or others
            pairs = pair(entries, others)
            entry = next((before for before, after_ in pairs if after_ is like.entry), None)
        return next((past for past in found if past.entry is entry), None)


def _similarity(past: EntryAtCommit, like: KnownVersion) -> tuple[bool, float]:
    """Return how much an entry of one version is one of another: by its name, then by its lines."""
    source = past.document.encoded(past.markup)
    return is_called(past.entry, like.entry), common_share(source, like.raw)


def _seen(past: EntryAtCommit, data: bytes) -> KnownVersion:
    document, markup = past.document, past.markup
    raw = document.encoded(markup)
    whole = raw.strip() == data.strip()  # then a part of the file is no quicker to read than the file
    alone = not whole and document.codec == "utf-8" and not entries_inside(document, past.entry)
    read = format_of(document.path).lone(markup) if alone else None
    name = read.name if read is not None else ""
    return KnownVersion(
        past.entry, markup, raw, max(data.count(raw), 1), read is not None, name, document.rule
    )


def locate(
    data: bytes | None, file: str, markup: str, entry: Entry | None = None, rule: str = ""
) -> EntryAtCommit | None:
    """Find an entry in a version of its file by its source; among twins by its id.

    `rule` is as in `read_past`; a file that the entry left for another one may be read by its own instead.
    """
    for by in dict.fromkeys((rule, "")):
        found = [past for past in read_past(data or b"", file, by) if past.markup == markup]
        named = (past for past in found if entry is not None and past.entry.id == entry.id)
        if found:
            return next(named, found[0])
    return None
