"""Links and ids that lead nowhere."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from index.formats.registry import format_of
from index.library.tree_links import TreeLinks
from index.model.entry import Entry
from index.model.file_links import FileLink, path_of
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.model.text.letters import composed, forms
from index.notices.sources import Sources, file_notice
from index.storage.memory_stores import TreeLocation


def dead_links(links: TreeLinks, place: TreeLocation, sources: Sources) -> Iterator[FileProblem]:
    """Yield the links of the tree at a place that lead nowhere."""
    called: dict[str, list[str]] = {}
    for path in links.entries:
        called.setdefault(posixpath.basename(path), []).append(path)
    kept = cache(lambda: _names_of_files(place))
    for file, held in links.links.items():
        for link in held:
            if not links.targets(file, link) and not _is_elsewhere(place, file, link, kept):
                same = called.get(posixpath.basename(link.target), [])
                there = _from(file, same[0]) if len(same) == 1 and not link.by_name else ""
                code, words = _words(link, there, in_index=file in links.indexes.values())
                yield sources.notice(file, link.start, code, words)


def _is_elsewhere(place: TreeLocation, file: str, link: FileLink, kept: Callable[[], frozenset[str]]) -> bool:
    """Whether a link leads out of the tree, or to a file in it that holds no memories."""
    if link.by_name:
        name = posixpath.basename(link.target)
        beside = posixpath.join(posixpath.dirname(file), link.target)
        return "." in name and (_is_there(place, beside) or composed(name) in kept())
    path = path_of(file, link.target)
    return path is None or _is_there(place, path)


def _names_of_files(place: TreeLocation) -> frozenset[str]:
    """Return the names of the files in the stores at a place; a link by name finds one wherever it lies."""
    found: set[str] = set()
    for store in place.stores():
        for _, folders, files in os.walk(store):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found.update(map(composed, files))
    return frozenset(found)


def _is_there(place: TreeLocation, path: str) -> bool:
    try:
        return any(os.path.lexists(place.disk(form)) for form in forms(path))
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


def unlinked(links: TreeLinks, copies: Collection[str]) -> Iterator[FileProblem]:
    """Yield the files beside an index that neither it nor another file leads to.

    Args:
        copies: files that a sync tool made of others, which are told as such.
    """
    if not links.indexes:
        return
    led = {
        path
        for file, held in links.links.items()
        for link in held
        for path in links.targets(file, link)
        if path != file
    }
    for file in links.entries.keys() - led - set(copies) - set(links.indexes.values()):
        index = links.index_above(file)
        if index and format_of(index) is format_of(file):
            name = shown(posixpath.basename(index))
            yield file_notice(
                file, "unlinked", f"Not in {name}, and nothing links here: add a line to {name}."
            )


_OWN = re.compile(r"(?=[^\d]*\d)[A-Za-z][A-Za-z0-9_]*[-_][A-Za-z0-9_-]{1,70}")
_DIGIT = re.compile(r"\d")
_HABIT = 3
"""Ids of one form from which on another one of that form is meant for an entry of the tree."""


def dead_ids(entries: Sequence[Entry], sources: Sources) -> Iterator[FileProblem]:
    """Yield the ids in texts that have the form of a tree's own ids and that no entry has, once an entry.

    `DEBUG-021` is one where DEBUG-014, DEBUG-015 and DEBUG-016 are entries.
    """
    own = {entry.own_id for entry in entries if _OWN.fullmatch(entry.own_id)}
    forms = Counter(map(_form, own))
    known = {form for form, number in forms.items() if number >= _HABIT}
    if not known:
        return
    starts = {_DIGIT.split(form, maxsplit=1)[0] for form in known}
    pattern = re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, sorted(starts)))})\d[\w-]*(?![\w/]|\.\w)")
    own |= _in_names(entries, pattern)
    for entry in entries:
        if entry.template:
            continue
        told = "\n".join([field.text for field in entry.fields])
        for word in dict.fromkeys(pattern.findall(told)):
            if word not in own and _form(word) in known:
                message = f"No entry has the id {word}: correct it, or restore that entry."
                yield sources.notice_at(entry.file, entry.line, word, "dead-id", message)


def _in_names(entries: Iterable[Entry], pattern: re.Pattern[str]) -> set[str]:
    """Return the ids that titles, headings and the names of files begin with: `adr-017-pool.md`."""
    names = {name for entry in entries for name in (entry.title, *[field.name for field in entry.fields])}
    names |= {re.sub(r"(-\d+)\D.*", r"\1", posixpath.basename(entry.file)).upper() for entry in entries}
    return {found[0] for name in names if (found := pattern.match(name))}


def _form(own: str) -> str:
    """Return an id with `0` for each digit."""
    return _DIGIT.sub("0", own)
