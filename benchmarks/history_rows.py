"""The rows about history: on a repository of 10,000 commits over 200 files, git itself as the yardstick."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.make_history import git, make_history
from benchmarks.pty_start import seconds_until
from benchmarks.rows import Row, clock, in_turn
from index.model.entry import Entry
from index.workspace import Workspace

COMMITS = 10_000


class Chosen(NamedTuple):
    """An entry to look at, and the file it is in."""

    what: str
    entry: Entry
    path: str
    """From the root of the repository."""


def history(folder: Path, runs: int) -> list[Row]:
    """Versions and blame of an entry, a save, and a start, with 10,000 commits behind them."""
    return _rows(folder / "history", runs, markdown=False)


def markdown_history(folder: Path, runs: int) -> list[Row]:
    """The same of Markdown memories."""
    return _rows(folder / "markdown-history", runs, markdown=True)


def _rows(root: Path, runs: int, *, markdown: bool) -> list[Row]:
    make_history(root, COMMITS, markdown=markdown)
    workspace = Workspace.open(root / "memories")
    workspace.tree.load()
    workspace.search.update()
    rows = []
    for chosen in _entries(root, workspace):
        rows += _entry_rows(root, workspace, chosen, runs)
    rows.append(_start(root, workspace, runs))
    rows.append(_save(root, workspace, max(runs, 15), markdown=markdown))
    workspace.close()
    return [row._replace(what=f"{row.what}, Markdown") for row in rows] if markdown else rows


def _entries(root: Path, workspace: Workspace) -> list[Chosen]:
    """Return the first entries of the file that was changed most, and of one in the middle."""
    changed = Counter(git(root, "log", "--name-only", "--format=").decode().split())
    paths = [path for path, _ in changed.most_common()]
    chosen = []
    for what, path in (("busiest file", paths[0]), ("median file", paths[len(paths) // 2])):
        inside = [entry for entry in workspace.tree.entries() if f"memories/{entry.file}" == path]
        chosen.append(Chosen(what, min(inside, key=lambda entry: entry.line), path))
    return chosen


def _entry_rows(root: Path, workspace: Workspace, chosen: Chosen, runs: int) -> list[Row]:
    what, entry, path = chosen
    past = workspace.history

    def plain(*command: str) -> Callable[[], float]:
        return lambda: clock(lambda: git(root, *command, "--", path))

    first, every, listed, blamed, plain_blame = in_turn(
        runs,
        lambda: clock(lambda: list(islice(past.versions(entry.id), 5))),
        lambda: clock(lambda: list(past.versions(entry.id))),
        plain("log", "--raw"),
        lambda: clock(lambda: past.blame(entry.id)),
        plain("blame"),
    )
    count = sum(1 for _ in past.versions(entry.id))
    # Five versions of an entry that hardly ever changed are all it has, and take what all of them take.
    bound = 60 if what == "busiest file" else None
    return [
        Row(f"first five versions, {what}", first * 1000, None, "ms", bound),
        Row(f"all {count} versions, {what}", every * 1000, listed * 1000, "ms", 2.0),
        Row(f"blame of an entry, {what}", blamed * 1000, plain_blame * 1000, "ms", 1.0),
    ]


def _start(root: Path, workspace: Workspace, runs: int) -> Row:
    """From the command to the first results, beside the same tree in a repository of one commit."""
    single = root.with_name(f"{root.name}-single")
    shutil.copytree(root / "memories", single / "memories")
    for command in (
        ("init", "-q"), ("config", "user.name", "bench"), ("config", "user.email", "bench@example.org"),
        ("add", "."), ("commit", "-qm", "start"),
    ):  # fmt: skip
        git(single, *command)
    other = Workspace.open(single / "memories")
    other.tree.load()
    other.search.update()
    other.close()
    shown = next(entry for entry in workspace.tree.entries() if not entry.template).title[:20].encode()

    def start(tree: Path) -> Callable[[], float]:
        return lambda: seconds_until([sys.executable, "-m", "tui", str(tree / "memories")], shown)

    many, one = in_turn(runs, start(root), start(single))
    return Row("start, 10,000 commits beside one", many * 1000, one * 1000, "ms", 1.1)


def _save(root: Path, workspace: Workspace, runs: int, *, markdown: bool) -> Row:
    """One field set and committed, beside `git commit --only` of the same file."""
    field, mark = ("description", b"description: ") if markdown else ("level", b"<level>")
    held = (e for e in workspace.tree.entries() if not e.broken and field in {f.name for f in e.fields})
    entry = next(held)
    number = iter(range(1_000_000))

    def ours() -> float:
        words = {field: str(next(number))}
        return clock(lambda: workspace.committer.commit(workspace.planner.edit(entry.id, words)))

    def plain() -> float:
        path = workspace.tree.root / entry.file
        path.write_bytes(path.read_bytes().replace(mark, mark + b"1", 1))
        command = ["git", "commit", "-q", "--only", "-m", "edit", "--", f"memories/{entry.file}"]
        return clock(lambda: subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL))

    saved, bare = in_turn(runs, ours, plain)
    return Row("one edit to commit, 10,000 commits", saved * 1000, bare * 1000, "ms", 2.0)
