"""Links between files that lead nowhere, and files that no link leads to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator

from index.formats.registry import format_of
from index.library.tree_links import TreeLinks
from index.model.file_links import FileLink, path_of
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.notices.sources import Sources, file_notice
from index.storage.memory_stores import TreeLocation


def dead_links(links: TreeLinks, place: TreeLocation, sources: Sources) -> Iterator[FileProblem]:
    """Yield the links of the tree at a place that lead nowhere."""
    called: dict[str, list[str]] = {}
    for path in links.entries:
        called.setdefault(posixpath.basename(path), []).append(path)
    for file, held in links.links.items():
        for link in held:
            if not links.targets(file, link) and not _is_elsewhere(place, file, link):
                same = called.get(posixpath.basename(link.target), [])
                there = _from(file, same[0]) if len(same) == 1 and not link.by_name else ""
                code, words = _words(link, there, in_index=file in links.indexes.values())
                yield sources.notice(file, link.start, code, words)


def _is_elsewhere(place: TreeLocation, file: str, link: FileLink) -> bool:
    """Whether a link leads out of the tree, or to a file in it that holds no memories."""
    if link.by_name:
        has_suffix = "." in posixpath.basename(link.target)
        return has_suffix and _is_there(place, posixpath.join(posixpath.dirname(file), link.target))
    path = path_of(file, link.target)
    return path is None or _is_there(place, path)


def _is_there(place: TreeLocation, path: str) -> bool:
    try:
        return os.path.lexists(place.disk(path))
    except ValueError:
        return False


def _from(file: str, path: str) -> str:
    """Return a path as a link in a file writes it."""
    return posixpath.relpath(path, posixpath.dirname(file) or ".")


def _words(link: FileLink, there: str, *, in_index: bool) -> tuple[str, str]:
    """Return the code and the words for a dead link; `there` is the one file of that name elsewhere."""
    target = shown(link.target)[:120]
    if there:
        where = f"{target}, which is at {shown(there)[:120]}: correct it."
        return (
            ("dead-line", f"Dead link in the index to {where}")
            if in_index
            else ("dead-link", f"Dead link to {where}")
        )
    if in_index:
        return "dead-line", f"Dead link in the index to {target}: take the line out, or restore the file."
    if link.by_name:
        return "dead-link", f"No memory is called {target}: correct the link, or add the memory."
    return "dead-link", f"Dead link to {target}: correct it, or restore the file."


def unlinked(links: TreeLinks) -> Iterator[FileProblem]:
    """Yield the files beside an index that neither it nor another file leads to."""
    if not links.indexes:
        return
    led = {
        path
        for file, held in links.links.items()
        for link in held
        for path in links.targets(file, link)
        if path != file
    }
    for file in links.entries.keys() - led - set(links.indexes.values()):
        index = links.index_above(file)
        if index and format_of(index) is format_of(file):
            name = shown(posixpath.basename(index))
            yield file_notice(
                file, "unlinked", f"Not in {name}, and nothing links here: add a line to {name}."
            )
