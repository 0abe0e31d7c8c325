"""What Markdown memories cost, beside a parser of Markdown."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from benchmarks.make_markdown import make_markdown
from benchmarks.rows import Row, clock, in_turn, repository, start_of
from benchmarks.search_rows import search_of
from index.formats.markdown.markdown_format import MarkdownFormat
from index.workspace import Workspace

FILES = 4_700


def markdown(folder: Path, runs: int) -> list[Row]:
    """Files read to entries, beside a parser of them; a start, keys, one field set and committed."""
    root = folder / "markdown" / "memories"
    make_markdown(root, FILES)
    files = sorted(root.rglob("*.md"))
    reader, parser = MarkdownFormat(), MarkdownIt("commonmark")

    def entries() -> None:
        for file in files:
            assert reader.read(file.read_bytes(), file.relative_to(root).as_posix()).entries

    def tokens() -> None:
        for file in files:
            assert parser.parse(file.read_text("utf-8"))

    ours, yard = in_turn(max(1, min(runs, 3)), lambda: _cpu(entries), lambda: _cpu(tokens))
    return [
        Row(f"read {FILES:,} Markdown files", ours, yard, "s", 1.0),
        Row("  start to painted results", *start_of(root, runs), "ms", 1.4),
        *search_of(root, "Markdown"),
        _edit(root, runs),
    ]


def _cpu(work: Callable[[], None]) -> float:
    """Return the seconds of processor time that something takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def _edit(root: Path, runs: int) -> Row:
    git = repository(root)
    workspace = Workspace.open(root)
    entry = next(entry for entry in workspace.tree.entries() if entry.file.startswith("claude/"))
    number = iter(range(1_000_000))

    def ours() -> float:
        words = {"description": f"number {next(number)}"}
        return clock(lambda: workspace.committer.commit(workspace.planner.edit(entry.id, words)))

    def yard() -> float:
        path = root / entry.file
        path.write_text(path.read_text("utf-8").replace("number", "number 1", 1), "utf-8")
        return clock(lambda: git("commit", "-qm", "x", "--only", entry.file))

    app, bare = in_turn(max(runs, 15), ours, yard)
    workspace.close()
    return Row("one Markdown edit to commit", app * 1000, bare * 1000, "ms", 2.0)
