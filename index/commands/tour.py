"""The demo without a terminal: a short tour of a tree, each step beside the command that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from index.model.display import shorten
from index.rendering.text import entry_line, entry_text, problem_line
from index.workspace import Workspace

QUERY = "connection pool"
_WIDTH = 110


def tour(root: Path) -> Iterator[str]:
    """Yield the lines of a tour through the tree at `root`."""
    workspace = Workspace.open(root)
    workspace.tree.load()
    workspace.search.update()
    snapshot = workspace.tree.snapshot
    groups = ", ".join(f"{count} {name}" for name, count in _groups(workspace) if count)
    yield f"{root}"
    yield f"{snapshot.total} entries in {len(snapshot.records)} files: {groups}"
    yield ""
    yield f"$ memarium search {QUERY!r} -n 4"
    results = workspace.search.find(QUERY, limit=4)
    for hit in results:
        yield "  " + shorten(entry_line(hit.entry), _WIDTH)
    yield f"  {len(results)} of {results.total}, {results.took_ms:.0f} ms"
    yield ""
    best = results.hits[0].entry
    yield f"$ memarium show {best.key}"
    yield indent(entry_text(best), "  ")
    yield ""
    yield "$ memarium check"
    problems = [problem for problem in workspace.tree.problems() if problem.level == "error"]
    for problem in problems[:4]:
        yield "  " + shorten(problem_line(problem), _WIDTH)
    yield f"  {len(problems)} errors in {snapshot.broken} files; memarium repair FILE fixes one"
    yield ""
    yield "In a terminal, memarium demo opens this tree in the app. memarium --help lists the commands."
    workspace.close()


def _groups(workspace: Workspace) -> tuple[tuple[str, int], ...]:
    from index.model.facets import count_facets

    return count_facets(entry for entry in workspace.tree.entries() if not entry.template).groups
