"""The rows of the search: both engines side by side, in a small tree and in a large one.

What a key costs is counted in CPU time of the thread that answers it, which says the same on a machine that
does other things too. What is painted is waited for.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from benchmarks.make_tree import SUBJECTS, make_tree
from benchmarks.rows import HERE, Row
from index.workspace import Workspace

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.facets import Facets
    from index.search.engine import SearchEngine
    from index.search.language.query import Query

ENGINES = ("whoosh", "tantivy")
SMALL, LARGE = 3_000, 100_000
VOCABULARIES = ("narrow", "wide")
_BETWEEN_KEYS = 0.1
"""Seconds from the paint of one key to the next key: 100 words a minute are one each 0.12 s."""
_REST = 1.0
"""Seconds in which the program hardly works, after which its start is over."""
_KEYS_SAMPLE, _FTS_SAMPLE = 5, 20
"""Of so many typed prefixes one is searched for in a large tree."""
_KEY_CAP = {SMALL: 60.0, LARGE: 50.0}
_WORDS = ("pool retry", "cursor index", "webhook token", "ledger refund", "limiter secret")


def search(folder: Path, runs: int) -> list[Row]:
    """Every prefix of 200 typed queries at 3,000 entries, and from a key to painted rows and counts."""
    root = folder / "search" / "memories"
    make_tree(root, SMALL)
    return search_of(root, "3,000")


def search_of(root: Path, what: str) -> list[Row]:
    """Measure both engines on a tree of about 3,000 entries, whose rows are called `what`."""
    found = []
    for name in ENGINES:
        with chosen(name):
            workspace = Workspace.open(root)
            workspace.search.update()
            key, _ = _keys(workspace, _prefixes())
            workspace.close()
            found += [*_both(f"{name}, {what}: key to rows and counts", key, SMALL)]
            waited, worked = asyncio.run(keystrokes(root))
            found += [*_both(f"{name}, {what}: key to painted", waited, SMALL)]
            found += [*_both("  the same, CPU", worked, SMALL)]
    return found


def search_index(folder: Path, runs: int) -> Iterator[Row]:
    """The first index of 100,000 entries, with a narrow vocabulary and a wide one."""
    for vocabulary in VOCABULARIES:
        _, entries = _large(folder, vocabulary)
        whoosh, tantivy = (_first_index(folder / vocabulary / name, name, entries) for name in ENGINES)
        yield Row(f"{vocabulary}: first index, tantivy by whoosh", tantivy[0], whoosh[0], "/s", 4.0)
        yield Row("  its size", tantivy[1], whoosh[1], "MB", cap=70)


def search_large(folder: Path, runs: int) -> Iterator[Row]:
    """Tantivy at 100,000 entries, with a narrow vocabulary and a wide one; and a save."""
    for vocabulary in VOCABULARIES:
        root, entries = _large(folder, vocabulary)
        place = folder / vocabulary / "index"
        rate, _ = _first_index(place, "tantivy", entries)
        yield Row(f"{vocabulary}: first index with tantivy", rate, None, "/s")
        yield from _one_index(place, _fts5(entries))
        yield from _one_tree(root)


def _large(folder: Path, vocabulary: str) -> tuple[Path, list[Entry]]:
    root = folder / vocabulary / "memories"
    make_tree(root, LARGE, wide=vocabulary == "wide")
    workspace = Workspace.open(root)
    workspace.tree.load()
    entries = list(workspace.tree.snapshot.entries)
    workspace.close()
    return root, entries


def _one_index(place: Path, fts: sqlite3.Connection) -> Iterator[Row]:
    """Measure an index of Tantivy that was made, beside FTS5 with the same words."""
    from index.search.engine import FACETS

    engine = _engine("tantivy")(place)
    keys = []
    prefixes = _prefixes()
    for text in prefixes[::_KEYS_SAMPLE]:
        query = _parsed(text)
        started = time.thread_time()
        engine.search(query, limit=50)
        engine.facets(query, FACETS)
        keys.append(time.thread_time() - started)
    theirs = [_fts_seconds(fts, text) for text in prefixes[::_FTS_SAMPLE]]
    yield Row("  key to rows and counts, median", statistics.median(keys) * 1000, None, "ms")
    yield Row("  the same, p95; FTS5, rows", _p95(keys), _p95(theirs), "ms", cap=_KEY_CAP[LARGE])
    query = _of_share(engine, 0.45)
    engine.search(query, limit=50)
    wide = statistics.median(_cpu(lambda: engine.facets(query, FACETS)) for _ in range(9))
    engine.close()
    yield Row("  counts of 45 %", wide * 1000, None, "ms", cap=30)


def _one_tree(root: Path) -> Iterator[Row]:
    """Measure one file that is saved, and the app."""
    with chosen("tantivy"):
        workspace = Workspace.open(root)
        workspace.search.update()
        saved = [_save(workspace, root, number) for number in range(5)]
        workspace.close()
        yield Row("  one file saved to found, CPU", statistics.median(saved) * 1000, None, "ms", cap=150)
        code = "from benchmarks.search_rows import open_app; open_app()"
        command = [sys.executable, "-c", code, str(root)]
        told = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    opened = json.loads(told.stdout.splitlines()[-1])
    yield from _both("  key to painted", opened["waited"], LARGE)
    yield from _both("  the same, CPU", opened["worked"], LARGE)
    yield Row("  memory of the open app", opened["megabytes"], None, "MB", cap=300)


def _save(workspace: Workspace, root: Path, number: int) -> float:
    path = sorted(root.rglob("*.xml"))[number * 7]
    text = path.read_text("utf-8")
    path.write_text(text.replace("<project>", f"<note>savedword{number}</note><project>", 1), "utf-8")
    started = time.process_time()
    workspace.tree.reader.reread([path.relative_to(root).as_posix()])
    workspace.search.update()
    taken = time.process_time() - started
    assert workspace.search.find(f"savedword{number}", wait=False).total == 1
    return taken


def open_app() -> None:
    """Open the app on the tree that the command line names; print the memory it takes, and what keys take."""
    waited, worked = asyncio.run(keystrokes(Path(sys.argv[1])))
    status = Path("/proc/self/status").read_text("utf-8")
    kilobytes = int(status.partition("VmRSS:")[2].split()[0])
    print(json.dumps({"megabytes": kilobytes / 1024, "waited": waited, "worked": worked}))


# ── how ───────────────────────────────────────────────────────────────────────


@contextmanager
def chosen(name: str) -> Iterator[None]:
    """Let an engine search."""
    before = os.environ.get("MEMARIUM_ENGINE", "")
    os.environ["MEMARIUM_ENGINE"] = name
    yield
    os.environ["MEMARIUM_ENGINE"] = before


def _engine(name: str) -> Callable[[Path], SearchEngine]:
    from index.search.engines.tantivy_engine import TantivyEngine
    from index.search.engines.whoosh_engine import WhooshEngine

    return TantivyEngine if name == "tantivy" else WhooshEngine


def _first_index(place: Path, name: str, entries: Sequence[Entry]) -> tuple[float, float]:
    """Return entries a CPU second, and the megabytes that the index takes."""
    from index.library.reader import without_collection

    engine = _engine(name)(place)
    step = engine.steps[1]

    def fill() -> None:
        for at in range(0, len(entries), step):
            engine.update([], entries[at : at + step])

    with without_collection():
        taken = _cpu(fill, time.process_time)
    engine.close()
    return len(entries) / taken, sum(path.stat().st_size for path in place.iterdir()) / 1e6


def _keys(workspace: Workspace, prefixes: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the seconds that the rows and counts of each text take, and those of the rows alone."""
    both, rows = [], []
    for text in prefixes:
        query = _parsed(text)
        started = time.thread_time()
        found = workspace.search.find(query, 50, wait=False)
        rows.append(time.thread_time() - started)
        workspace.search.facets(found.query)
        both.append(time.thread_time() - started)
    return both, rows


def _both(what: str, seconds: Sequence[float], size: int) -> Iterator[Row]:
    yield Row(f"{what}, median", statistics.median(seconds) * 1000, None, "ms")
    yield Row(f"{what}, p95", _p95(seconds), None, "ms", cap=_KEY_CAP[size])


def _p95(seconds: Sequence[float]) -> float:
    """Return it in milliseconds."""
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


def _cpu(work: Callable[[], object], clock: Callable[[], float] = time.thread_time) -> float:
    started = clock()
    work()
    return clock() - started


def _of_share(engine: SearchEngine, share: float) -> Query:
    """Return a query of one word that finds about this share of all entries."""
    total = engine.search(_parsed(""), limit=1).total
    return min(
        (_parsed(f"{word} ") for word in (*SUBJECTS, "staging", "tenant", "the")),
        key=lambda query: abs(engine.search(query, limit=1).total - share * total),
    )


def _parsed(text: str) -> Query:
    from index.search.language.query import parse

    return parse(text)


def _prefixes() -> list[str]:
    return [query[:end] for query in _typed() for end in range(1, len(query) + 1)]


def _typed() -> list[str]:
    """Return 200 queries as people type them: one to three words, some with a filter."""
    rng = random.Random(11)
    filters = ("", "", "", " kind:solution", " project:billing", " level:>=3", " tag:redis", " after:2025")
    return [" ".join(rng.sample(SUBJECTS, rng.randint(1, 3))) + rng.choice(filters) for _ in range(200)]


def _fts5(entries: Sequence[Entry]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE memories USING fts5(id UNINDEXED, title, body)")
    texts = ((e.id, e.title, "\n".join(f.text for f in e.fields)) for e in entries)
    database.executemany("INSERT INTO memories VALUES (?, ?, ?)", texts)
    database.commit()
    return database


def _fts_seconds(database: sqlite3.Connection, text: str) -> float:
    words = [word for word in text.split() if word.isalpha()]
    if not words:
        return 0.0
    asked = " ".join(words) + "*"
    query = "SELECT id FROM memories WHERE memories MATCH ? ORDER BY rank LIMIT 50"
    return _cpu(lambda: database.execute(query, (asked,)).fetchall())


async def keystrokes(root: Path) -> tuple[list[float], list[float]]:
    """Type words into the app under Pilot; return the seconds from each key to its painted rows and counts.

    The first are those of the clock, the others those that the whole program works in between.

    The keys come as those of somebody who types fast, not on top of each other.
    """
    from textual.events import Key

    from tui.app import Memarium
    from tui.data.search_rows import SearchAnswered

    workspace = Workspace.open(root)
    loop, facets = asyncio.get_running_loop(), workspace.search.facets
    answered, counted, ready = asyncio.Event(), asyncio.Event(), asyncio.Event()
    waited: list[float] = []
    worked: list[float] = []
    app = Memarium(workspace, settings_file=root.parent / "settings.json")

    def hook(message: object) -> None:
        if isinstance(message, SearchAnswered):
            answered.set()
            if message.facets is not None:
                counted.set()
        if app.read and app.status.entries and not app.status.task:
            ready.set()  # before, the first page is there, and keys share the time with the reading

    def counting(query: Query | None = None, *, files: bool = True) -> Facets:
        found = facets(query, files=files)
        if query is not None:
            loop.call_soon_threadsafe(counted.set)
        return found

    async with app.run_test(size=(120, 36), message_hook=hook) as pilot:
        await ready.wait()
        await _start_over()
        patch.object(workspace.search, "facets", counting).start()
        await pilot.press("slash")
        for word in _WORDS:
            for letter in word:
                answered.clear()
                counted.clear()
                painted = asyncio.Event()
                await asyncio.sleep(_BETWEEN_KEYS)
                started, before = time.perf_counter(), time.process_time()
                app.post_message(Key("space" if letter == " " else letter, letter))
                await answered.wait()
                await counted.wait()
                app.screen.call_after_refresh(painted.set)
                await painted.wait()
                waited.append(time.perf_counter() - started)
                worked.append(time.process_time() - before)
            await pilot.press("escape", "slash")
    return waited, worked


async def _start_over() -> None:
    """Wait until the program rests: what it looks at after the first page shares the time with the keys."""
    worked = _REST
    while worked > _REST / 10:
        before = time.process_time()
        await asyncio.sleep(_REST)
        worked = time.process_time() - before
