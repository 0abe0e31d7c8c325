"""The text of an entry that its meaning is taken from, and the digest that the vector is kept by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from index.library.snapshot import Snapshot
from index.model.entry import Entry
from index.model.file_record import FileRecord
from index.model.vocabulary import role

_LEAD = ("problem", "solution")
_ABOUT = frozenset({"id", "time", "level", "uses", "agent"})
"""Roles of fields that say nothing of the subject of an entry."""
_LETTERS = 2_000
"""Letters of a text that count; the model reads fewer."""


def text_of(entry: Entry) -> str:
    """Return the text of an entry: the title, the problem and its solution, then the rest."""
    lead: list[str] = []
    rest: list[str] = []
    for field in entry.fields:
        meaning = role(field.name)
        if field.text and field.text != entry.title and meaning not in _ABOUT:
            (lead if meaning in _LEAD else rest).append(field.text)
    return "\n".join([entry.title, *lead, *rest])[:_LETTERS]


def digest_of(text: str) -> bytes:
    """Return the digest of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class EntryDigests:
    """The digests of all entries of a tree; those of a file are made once until it changes."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[FileRecord, list[tuple[bytes, Entry]]]] = {}
        self._found: tuple[Snapshot, Mapping[bytes, Sequence[Entry]]] = Snapshot(), {}

    def entries(self, snapshot: Snapshot) -> Mapping[bytes, Sequence[Entry]]:
        """Return the entries by the digests of their texts, without the templates."""
        if self._found[0] is not snapshot:
            found: dict[bytes, list[Entry]] = {}
            held = dict(self._of_files(snapshot))
            for _, pairs in held.values():
                for digest, entry in pairs:
                    found.setdefault(digest, []).append(entry)
            self._held, self._found = held, (snapshot, found)
        return self._found[1]

    def _of_files(
        self, snapshot: Snapshot
    ) -> Iterator[tuple[str, tuple[FileRecord, list[tuple[bytes, Entry]]]]]:
        for path, record in snapshot.records.items():
            held = self._held.get(path)
            if held is None or held[0] is not record:
                pairs = [(digest_of(text_of(entry)), entry) for entry in record.entries if not entry.template]
                held = record, pairs
            yield path, held
