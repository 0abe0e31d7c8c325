"""The rows of the benchmark: one function each, its yardstick beside it."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.make_tree import make_tree
from benchmarks.pty_start import seconds_until
from index.library.file_reader import read_record
from index.model.entry import Entry
from index.storage.scan import scan
from index.workspace import Workspace

HERE = Path(__file__).parent


class Row(NamedTuple):
    """One line of the table."""

    what: str
    ours: float
    yardstick: float | None
    unit: str
    """`ms`, `s`, `/s` or `MB`."""
    bound: float | None = None
    """The largest allowed ratio; for rates the smallest; without a yardstick the largest value."""
    cap: float | None = None
    """The largest allowed value, whatever the yardstick takes."""

    @property
    def ratio(self) -> float:
        """Ours over the yardstick."""
        return self.ours / self.yardstick if self.yardstick else self.ours

    @property
    def missed(self) -> bool:
        """Whether the row is over its bound."""
        if self.cap is not None:
            return self.ours > self.cap
        if self.bound is None:
            return False
        return self.ratio < self.bound if self.unit == "/s" else self.ratio > self.bound

    def line(self) -> str:
        """Return the row as it is printed."""
        ours = f"{self.ours:,.1f} {self.unit}"
        yard = f"{self.yardstick:,.1f} {self.unit}" if self.yardstick else ""
        ratio = f"{self.ratio:.2f}" if self.yardstick else ""
        sign = "≥" if self.unit == "/s" else "≤"
        bound = "" if self.bound is None else f"{sign} {self.bound:g}" + ("" if ratio else f" {self.unit}")
        if self.cap is not None:
            bound = f"≤ {self.cap:g} {self.unit}"
        end = "  MISSED" if self.missed else ""
        return f"{self.what:38}  {ours:>12}  {yard:>12}  {ratio:>6}  {bound:>8}{end}"


def in_turn(runs: int, *sides: Callable[[], float]) -> list[float]:
    """Run the sides in turn, after one warm-up, and return the median of each."""
    for side in sides:
        side()
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(runs):
        for place, side in enumerate(sides):
            taken[place].append(side())
    return [statistics.median(times) for times in taken]


def clock(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def start(folder: Path, runs: int) -> list[Row]:
    """From the command to the first results on the screen, 3,000 entries, warm index, in a pty."""
    root = folder / "start" / "memories"
    make_tree(root, 3000)
    return [Row("start to painted results, 3,000", *start_of(root, runs), "ms", 1.4)]


def start_of(root: Path, runs: int) -> tuple[float, float]:
    """Return the milliseconds of a start on a tree, and those of a bare app with six widgets."""
    workspace = Workspace.open(root)
    workspace.tree.load()
    workspace.search.update()
    first = next(e for e in workspace.tree.entries() if not e.template)
    workspace.close()
    ours = [sys.executable, "-m", "tui", str(root)]
    yard = [sys.executable, str(HERE / "six_widgets.py")]
    app, bare = in_turn(
        runs, lambda: seconds_until(ours, first.title[:20].encode()), lambda: seconds_until(yard, b"PAINTED")
    )
    return app * 1000, bare * 1000


def _entries(folder: Path, count: int) -> list[Entry]:
    make_tree(folder, count)
    return [entry for file in scan(folder)[0] for entry in read_record(file).entries]


def index(folder: Path, runs: int) -> list[Row]:
    """Entries a second from files to a searchable index, beside Whoosh and FTS5 given the same texts."""
    root = folder / "index" / "memories"
    entries = _entries(root, 3000)
    count = len(entries)

    def ours() -> float:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        workspace = Workspace.open(root)
        taken = clock(workspace.search.update)
        workspace.close()
        return taken

    whoosh, fts = _whoosh_alone(folder, entries), _fts5(entries)
    app, bare, sqlite = in_turn(max(3, runs // 2), ours, whoosh, fts)
    return [
        Row("index build from files, 3,000", count / app, count / bare, "/s", 0.85),
        Row("  SQLite FTS5 on the same texts", count / app, count / sqlite, "/s"),
    ]


def _whoosh_alone(folder: Path, entries: Sequence[Entry]) -> Callable[[], float]:
    """Return the yardstick: Whoosh with the same schema and texts, and nothing around it."""
    from whoosh import index as whoosh_index

    from index.search.engines.schema import codec, document, schema

    def run() -> float:
        place = folder / "whoosh"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

        def build() -> None:
            writer = whoosh_index.create_in(str(place), schema()).writer(limitmb=128, codec=codec())
            for entry in entries:
                writer.add_document(**document(entry))
            writer.commit()

        return clock(build)

    return run


def _fts5(entries: Sequence[Entry]) -> Callable[[], float]:
    def run() -> float:
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE memories USING fts5(id UNINDEXED, title, body)")
        texts = [(e.id, e.title, "\n".join(f.text for f in e.fields)) for e in entries]

        def build() -> None:
            database.executemany("INSERT INTO memories VALUES (?, ?, ?)", texts)
            database.commit()

        taken = clock(build)
        database.close()
        return taken

    return run


def read(folder: Path, runs: int) -> list[Row]:
    """10,000 files and 100,000 entries, beside reading, parsing and visiting every element with lxml."""
    root = folder / "read" / "memories"
    make_tree(root, 100_000)
    repeats = max(1, min(runs, 3))
    ours, yard = in_turn(repeats, lambda: _process("entries", root)[0], lambda: _process("lxml", root)[0])
    (_, held, used), (_, held_by_lxml, used_by_lxml) = _process("entries", root), _process("lxml", root)
    return [
        Row("read 100,000 entries, 10,000 files", ours, yard, "s", 3.0),
        Row("  CPU seconds of all processes", used, used_by_lxml, "s", 3.0),
        Row("  memory it takes", held, held_by_lxml, "MB"),
    ]


def _process(how: str, root: Path) -> tuple[float, float, float]:
    """Read in a process of its own; return seconds, megabytes beyond the bare program, and CPU seconds."""
    out = subprocess.run(
        [sys.executable, str(HERE / "read_all.py"), how, str(root)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return float(out[0]), float(out[1]), float(out[2])


def repository(root: Path) -> Callable[..., None]:
    """Commit a folder in a repository of its own, and return what runs git there."""

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=root, check=True, stdout=subprocess.DEVNULL)

    for command in (
        ("init", "-q"), ("config", "user.name", "bench"), ("config", "user.email", "bench@example.org"),
        ("add", "."), ("commit", "-qm", "start"),
    ):  # fmt: skip
        git(*command)
    return git


def edit(folder: Path, runs: int) -> list[Row]:
    """One field set and committed, beside `git commit --only` of the same file."""
    root = folder / "edit" / "memories"
    make_tree(root, 500)

    git = repository(root)
    workspace = Workspace.open(root)
    entry = next(e for e in workspace.tree.entries() if e.kind == "debugging-solution" and not e.broken)
    assert workspace.tree.repository is not None
    number = iter(range(1_000_000))

    def ours() -> float:
        return clock(
            lambda: workspace.committer.commit(workspace.planner.edit(entry.id, {"level": str(next(number))}))
        )

    def plain() -> float:
        path = root / entry.file
        path.write_bytes(path.read_bytes().replace(b"<level>", b"<level>1", 1))
        return clock(lambda: git("commit", "-q", "--only", "-m", "edit", "--", entry.file))

    app, bare = in_turn(max(runs, 15), ours, plain)
    workspace.close()
    return [Row("one edit to commit", app * 1000, bare * 1000, "ms", 2.0)]


def megabytes() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
