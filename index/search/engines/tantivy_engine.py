"""The native search engine: Tantivy keeps the index and finds, with our words and our weights."""

from __future__ import annotations

import json
import os
import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy.tantivy import __version__

from index.model.entry import Entry
from index.model.errors import IndexBusy
from index.search.engine import Counts, Found, IndexUnusable, States
from index.search.engines import index_folder
from index.search.engines.entry_terms import rare_words
from index.search.engines.tantivy_document import FORMAT, document, schema, term
from index.search.engines.tantivy_query import LATE, Compiler, Tally, all_of, any_of, without
from index.search.language import analysis
from index.search.language.query import Phrase, Query, Word

_FORMAT = f"{FORMAT}, tantivy {__version__}"
_HEAP = 60_000_000
"""Bytes of memory in which a segment is gathered."""
_TELL_EVERY = 100
"""Entries between two words on progress."""
_MAX_VALUES = 60_000
"""Values of a property that are counted, the most frequent ones; Tantivy makes no more than 65,000."""
_MAX_NEAR = 5
_EQUALS = 10
"""Times as many hits as are wanted are asked for at first: see `_room`."""
_SEGMENT_FILE = re.compile(r"([0-9a-f]{32})\.")

Hits = list[tuple[float, Any]]
"""Score and address of documents."""


class _State(NamedTuple):
    """A state of the index, open for reading."""

    seal: index_folder.Seal
    version: index_folder.State
    index: Any
    searcher: Any
    tallies: dict[Word | Phrase, Tally]
    """Words that were searched for → the entries that have them: see `Compiler`."""


class TantivyEngine:
    """A Tantivy index in a private folder; see `SearchEngine` for its duties.

    Any thread may search while one updates. The folder is sealed as that of the other engine, so that no
    damaged file is read: Tantivy would say so by a panic.
    """

    name = "tantivy"
    """See `SearchEngine.name`."""
    steps = (8_000, 32_000)
    """See `SearchEngine.steps`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`; where there is nothing yet, begin one.

        The arguments and errors are those of `WhooshEngine`.
        """
        index_folder.prepare(folder)
        self._folder = folder
        self._lock = threading.Lock()
        if index_folder.is_empty(folder):
            index_folder.begin(folder, _make, _FORMAT, again=False)
        self._state: _State | None = self._read(*index_folder.wait_for_seal(folder, _FORMAT))

    @classmethod
    def create(cls, folder: Path) -> TantivyEngine:
        """Put an empty index in the place of whatever is in `folder`; errors as of `WhooshEngine.create`."""
        index_folder.prepare(folder)
        index_folder.begin(folder, _make, _FORMAT, again=True)
        return cls(folder)

    @property
    def stamp(self) -> str:
        return self._current.seal.stamp

    def update(
        self, remove: Iterable[str], add: Iterable[Entry], progress: Callable[[float], None] | None = None
    ) -> None:
        with index_folder.writing(self._folder):
            seal = index_folder.check_seal(self._folder, _FORMAT, self._current.seal)
            self._take(seal, index_folder.seal_state(self._folder))  # what another process wrote before
            with _usable():
                self._write(remove, add, progress or (lambda done: None))
            _sweep(self._folder)
            seal = index_folder.write_seal(self._folder, _FORMAT, seal)
            self._take(seal, index_folder.seal_state(self._folder))

    def _write(self, remove: Iterable[str], add: Iterable[Entry], progress: Callable[[float], None]) -> None:
        # An index that was opened before another process wrote knows nothing of those files, and would
        # leave them behind for good.
        writer = tantivy.Index.open(os.fspath(self._folder)).writer(_HEAP, 1)
        try:
            self._fill(writer, remove, add, progress)
            writer.commit()
        except BaseException:
            with suppress(ValueError):  # as on a full disk, where nothing works
                writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _fill(
        self, writer: Any, remove: Iterable[str], add: Iterable[Entry], progress: Callable[[float], None]
    ) -> None:
        gone: set[str] = set()
        searcher = self._current.searcher

        def drop(file: str) -> None:
            if file not in gone:
                gone.add(file)
                if searcher.doc_freq("file", term(file)):
                    writer.delete_documents_by_term("file", term(file))

        for file in remove:
            drop(file)
        done = 0
        for done, entry in enumerate(add, 1):
            drop(entry.file)
            writer.add_document(document(entry))
            if done % _TELL_EVERY == 0:
                progress(done)
        progress(done)

    def refresh(self) -> bool:
        held = self._current
        version = index_folder.seal_state(self._folder)
        if version == held.version:
            return False
        try:
            seal = index_folder.check_seal(self._folder, _FORMAT, held.seal)
        except IndexUnusable:
            if index_folder.is_written(self._folder):
                return False  # between a commit and its seal; soon it is whole again
            seal = index_folder.check_seal(self._folder, _FORMAT, held.seal)
        self._take(seal, version)
        return True

    def _take(self, seal: index_folder.Seal, version: index_folder.State) -> None:
        """Read the files in the folder now; the caller checked them."""
        state = self._read(seal, version)
        with self._lock:
            if self._state is not None:  # else it was closed meanwhile
                self._state = state

    def _read(self, seal: index_folder.Seal, version: index_folder.State) -> _State:
        with _usable():
            index = tantivy.Index.open(os.fspath(self._folder))
            index.config_reader("manual")  # else a thread would look for changes
            return _State(seal, version, index, index.searcher(), {})

    # ── answers ───────────────────────────────────────────────────────────────

    def search(self, query: Query, *, limit: int, states: States | None = None) -> Found:
        with self._searching(states) as (searcher, compiler):
            return _best(searcher, compiler, compiler.query(query), limit)

    def matched(self, query: Query, *, states: States | None = None) -> list[str]:
        with self._searching(states) as (searcher, compiler):
            return _best(searcher, compiler, compiler.query(query), searcher.num_docs).ids

    def facets(self, query: Query, names: Collection[str], *, states: States | None = None) -> Counts:
        asked = {name: {"terms": {"field": name, "size": _MAX_VALUES}} for name in names}
        with self._searching(states, scored=False) as (searcher, compiler):
            told = searcher.aggregate(compiler.query(query), asked)
        return {
            name: {_label(bucket["key"]): bucket["doc_count"] for bucket in told[name]["buckets"]}
            for name in names
        }

    def similar(self, entry: Entry, limit: int) -> Found:
        with self._searching() as (searcher, compiler):
            words = rare_words(entry, lambda word: int(searcher.doc_freq("words", word)))
            found = any_of(compiler.holding(word, rarity) for word, rarity in words)
            others = without(without(found, compiler.templates), compiler.named(entry.id))
            return _best(searcher, compiler, others, limit)

    def suggest(self, word: str, *, prefix: bool = False) -> list[str]:
        runs = analysis.runs(word)
        if len(runs) != 1:
            return []
        with self._searching() as (_, compiler):
            if compiler.finds(Word(word, prefix)):
                return []
            return list(compiler.near(runs[0].word))[:_MAX_NEAR]

    def close(self) -> None:
        with self._lock:
            self._state = None

    @property
    def _current(self) -> _State:
        state = self._state
        if state is None:
            raise IndexUnusable("The search index is closed.")
        return state

    @contextmanager
    def _searching(
        self, states: States | None = None, *, scored: bool = True
    ) -> Iterator[tuple[Any, Compiler]]:
        with _usable():
            now = self._current
            yield now.searcher, Compiler(now.searcher, states or {}, now.tallies, scored=scored)


def _sweep(folder: Path) -> None:
    """Remove the files that killed writers have left: of those files Tantivy itself knows not all."""
    segments = json.loads((folder / "meta.json").read_text("utf-8"))["segments"]
    kept = {segment["segment_id"].replace("-", "") for segment in segments}
    for path in folder.iterdir():
        left = _SEGMENT_FILE.match(path.name)
        if path.name.startswith(".tmp") or (left and left[1] not in kept):
            path.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    with _usable():
        tantivy.Index(schema(), os.fspath(folder), reuse=False)


@contextmanager
def _usable() -> Iterator[None]:
    """Take an index that Tantivy cannot read for an unusable one.

    It says so by a ValueError, and by a panic where it did not expect it, which is no `Exception`.
    """
    try:
        yield
    except (ValueError, SystemError) as error:
        if "LockBusy" in str(error):
            raise IndexBusy("Another program is writing the search index.") from error
        raise IndexUnusable("The search index cannot be read.") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise IndexUnusable("The search index is damaged.") from error
        raise


def _label(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


# ── order ─────────────────────────────────────────────────────────────────────


def _best(searcher: Any, compiler: Compiler, query: Any, limit: int) -> Found:
    """Return the best hits; equals by time, newest first, and those of one time by their ids.

    Tantivy orders equals as they were written. So where some of them would be cut off, more are asked for.
    """
    answer = searcher.search(query, _room(searcher, limit))
    total, hits = int(answer.count), answer.hits
    if limit < 1:
        return Found([], [], total)
    if total > len(hits) and not hits[0][0]:  # nothing scores
        newest = searcher.search(query, limit, count=False, order_by_field="time").hits
        return _in_order(searcher, [(0.0, address) for _, address in newest], total)
    if total > len(hits) and hits[limit - 1][0] == hits[-1][0]:
        hits = _with_newest_equals(searcher, compiler, query, hits, limit)
    if len(hits) > limit:
        least = -hits[limit - 1][0]
        better = bisect_left(hits, least, key=_falling)
        equal = hits[better : bisect_right(hits, least, lo=limit, key=_falling)]
        hits = hits[:better] + _newest(searcher, equal, limit - better)
    return _in_order(searcher, hits, total)


def _with_newest_equals(searcher: Any, compiler: Compiler, query: Any, hits: Hits, limit: int) -> Hits:
    """Return the hits that score more than the last one wanted, and its equals, at least the newest of them.

    The newest are looked for among the newest hits of any score, and among more of them while those are too
    few. All equals would be as many objects as there are hits, which cost more than to find them: this serves
    the rows `key to rows and counts` of the benchmark.
    """
    least = hits[-1][0]
    better = hits[: bisect_left(hits, -least, key=_falling)]
    for since, room in _times(searcher, compiler, query, len(hits)):
        late = searcher.search(all_of([query, compiler.since(since)]), room)
        equal = [hit for hit in late.hits if hit[0] == least]
        if late.count <= room and len(better) + len(equal) >= limit:
            return better + equal
    every: Hits = searcher.search(query, int(searcher.num_docs), count=False).hits
    return every


def _times(searcher: Any, compiler: Compiler, query: Any, room: int) -> Iterator[tuple[int, int]]:
    """Yield times, each with the room for the hits since then; each time there are more of them."""
    if compiler.late is not None:
        yield compiler.late, LATE
    while room < searcher.num_docs:
        newest = searcher.search(query, room, count=False, order_by_field="time").hits
        yield newest[-1][0], room
        room = _room(searcher, room)


def _room(searcher: Any, limit: int) -> int:
    """Return how many hits to ask for so that most often the equals of the last one wanted are among them.

    Tantivy makes room for all that it is asked for, and dies of too much.
    """
    return max(1, min(limit * _EQUALS, int(searcher.num_docs)))


def _falling(hit: tuple[float, Any]) -> float:
    return -hit[0]


def _newest(searcher: Any, hits: Hits, limit: int) -> Hits:
    times = searcher.fast_field_values("time", [address for _, address in hits])
    newest = sorted(range(len(hits)), key=lambda place: -times[place])[:limit]
    return [hits[place] for place in newest]


def _in_order(searcher: Any, hits: Sequence[tuple[float, Any]], total: int) -> Found:
    addresses = [address for _, address in hits]
    times = searcher.fast_field_values("time", addresses) if addresses else []
    names = [
        searcher.doc(address).get_first("name").decode("utf-8", "surrogatepass") for address in addresses
    ]
    rows = sorted(
        (-round(score, 5), -time, name) for (score, _), time, name in zip(hits, times, names, strict=True)
    )
    return Found([name for _, _, name in rows], [-score for score, _, _ in rows], total)
