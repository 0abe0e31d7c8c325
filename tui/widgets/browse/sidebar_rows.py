"""The lines of the sidebar: values to narrow by, each with the number of entries that a click on it shows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from posixpath import commonpath, dirname
from typing import TYPE_CHECKING, NamedTuple

from tui.theme.drawing import MARK
from tui.theme.labels import kind_label

if TYPE_CHECKING:
    from index.model.facets import Facets

SHOWN = 4
"""Values of a group that are shown until it is opened."""
_MANY = 12
"""Kinds that are shown below `Other` until all of them are asked for."""
_IN_FOLDER = 200
"""Files of one folder that have a line; the others are found by their name."""
_KINDS = (
    ("solution", "Solutions"),
    ("pattern", "Patterns"),
    ("decision", "Decisions"),
    ("pending", "Pending"),
    ("session", "Sessions"),
    ("knowledge", "Knowledge"),
    ("other", "Other"),
)
"""Group of entries, which is the value of the filter too, and its label."""
NAMED, PINNED, FILES = "search", "entry", "files"
"""Names, in the place of a filter's, of the rows that lead to a named search, a pinned entry, any file."""
_BEYOND = "\U0010ffff"
"""Sorts behind everything that a path goes on with."""


class SidebarRow(NamedTuple):
    """A line of the sidebar."""

    kind: str
    """`heading`, `value`, `more`, `find`, `levels`, `numbers` or `blank`."""
    label: str = ""
    name: str = ""
    """The filter, or the group that `more` opens."""
    value: str = ""
    number: int | None = None
    mark: str = " "
    levels: tuple[int, ...] = ()
    indent: int = 0
    """Steps to the right."""
    short: str = ""
    """The label where there is no room for the other; empty: that is cut."""


Counts = Sequence[tuple[str, int]]
"""Value and number of entries, most first."""
Chosen = dict[str, frozenset[str]]
"""Filter → the values the query narrows to, in the spelling of the query."""


class Kept(NamedTuple):
    """The bookmarks of a tree."""

    queries: Sequence[str] = ()
    searches: Mapping[str, str] = {}
    pins: Sequence[tuple[str, str]] = ()
    """Id and title of each pinned entry that is there."""


def spelled(value: str) -> str:
    """Return a value in the spelling of the query."""
    from index.model.text.letters import normal

    return normal(value)


def kept_rows(kept: Kept) -> Iterator[SidebarRow]:
    """Yield the lines of named searches and pinned entries."""
    parts = (("Searches", NAMED, kept.searches.items()), ("Pinned", PINNED, [(b, a) for a, b in kept.pins]))
    for heading, name, rows in parts:
        if rows:
            yield SidebarRow("heading", heading)
            yield from (SidebarRow("value", label, name, value) for label, value in rows)
            yield SidebarRow("blank")


def rows_of(facets: Facets, everything: Facets, chosen: Chosen, opened: set[str]) -> list[SidebarRow]:
    """Return the lines of the sidebar: each value with the number of entries that its filter finds."""

    def group(heading: str, name: str, here: Counts, there: Counts, most: int = SHOWN) -> list[SidebarRow]:
        return _group(heading, name, here, there, chosen.get(name, frozenset()), name in opened, most)

    rows = [SidebarRow("heading", "Kinds"), *_kinds(facets, everything, chosen, opened)]
    if len(everything.stores) > 1:
        rows += group("Stores", "store", facets.stores, everything.stores, _MANY)
    rows += group("Projects", "project", facets.projects, everything.projects)
    rows += group("Tags", "tag", facets.tags, everything.tags)
    if any(everything.levels):
        rows += [SidebarRow("blank"), SidebarRow("heading", "Level")]
        rows += [SidebarRow(kind, name="level", levels=facets.levels) for kind in ("levels", "numbers")]
    rows += group("Tech", "tech", facets.tech, everything.tech)
    if everything.files:
        rows.append(SidebarRow("blank"))
        rows += _files(facets.files, chosen.get("file", frozenset()), opened)
    return rows


def _kinds(facets: Facets, everything: Facets, chosen: Chosen, opened: set[str]) -> Iterator[SidebarRow]:
    """Yield the groups of kinds; the last unfolds into the kinds that are in no other."""
    counts, picked = dict(facets.groups), chosen.get("kind", frozenset())
    unfolds = bool(everything.kinds)
    for value, label in _KINDS[: -1 if unfolds else None]:
        yield SidebarRow("value", label, "kind", value, counts.get(value, 0), MARK[value])
    if not unfolds:
        return
    value, label = _KINDS[-1]
    others, is_open = counts.get(value, 0), "other" in opened
    yield SidebarRow("more", label, "other", number=others, mark=_fold(is_open))
    if is_open or value in picked:
        yield SidebarRow("value", "All of these", "kind", value, others, indent=1)
    known = dict(facets.kinds)
    whole = [*facets.kinds, *((kind, 0) for kind, _ in everything.kinds if kind not in known)]
    most = len(whole) if "kinds" in opened else _MANY
    for place, (kind, count) in enumerate(whole):
        if (is_open and place < most) or kind in picked:
            yield SidebarRow("value", kind_label(kind), "kind", kind, count, indent=1)
    if is_open and len(whole) > _MANY:
        words = "fewer" if "kinds" in opened else f"{len(whole) - _MANY:,} more"
        yield SidebarRow("more", words, "kinds", indent=1)


def _group(
    heading: str,
    name: str,
    here: Counts,
    there: Counts,
    chosen: frozenset[str],
    opened: bool,
    most: int,
) -> list[SidebarRow]:
    """Return a group: the values that match first, then others of the tree until there are `most`."""
    known = {value for value, _ in here}
    whole = [*here, *((value, 0) for value, _ in there if value not in known)]
    shown = [
        item
        for place, item in enumerate(whole)
        if place < most or (opened and place < len(here)) or (chosen and spelled(item[0]) in chosen)
    ]
    if not shown:
        return []
    rows = [SidebarRow("blank"), SidebarRow("heading", heading)]
    rows += [SidebarRow("value", value, name, value, count) for value, count in shown]
    rest = len(here) - sum(1 for _, count in shown if count)
    if opened and len(here) > most:
        rows.append(SidebarRow("more", "fewer", name))
    elif rest > 0:
        rows.append(SidebarRow("more", f"{rest:,} more", name))
    return rows


# ── files ─────────────────────────────────────────────────────────────────────


def _files(files: Counts, picked: frozenset[str], opened: set[str]) -> Iterator[SidebarRow]:
    """Yield the files as folders; those that are chosen are shown even while the group is shut."""
    is_open = "file" in opened
    number, mark = len(files), _fold(is_open)
    yield SidebarRow("more", "Files with entries", "file", number=number, mark=mark, short="Files")
    if is_open:
        if len(files) > SHOWN:
            yield SidebarRow("find", "find a file …", FILES, mark="›", indent=1)
        yield from _folder(files, "", 0, len(files), 1, picked, opened)
    elif picked:
        named = ((path, count) for path, count in files if spelled(path) in picked)
        yield from (SidebarRow("value", _name(path), "file", path, count, indent=1) for path, count in named)


def _folder(
    files: Counts, prefix: str, start: int, end: int, depth: int, picked: frozenset[str], opened: set[str]
) -> Iterator[SidebarRow]:
    """Yield the rows of a folder, of which the files from `start` to `end` are: folders, then files.

    Folders have the number of the files in them. The files are in order, so that a folder is passed over
    in one step, whatever it holds.
    """
    own: list[SidebarRow] = []
    more = 0
    while start < end:
        path, count = files[start]
        inside, slash, _ = path[len(prefix) :].partition("/")
        if not slash:
            if len(own) < _IN_FOLDER or spelled(path) in picked:
                own.append(SidebarRow("value", _name(path), "file", path, count, indent=depth))
            else:
                more += 1
            start += 1
            continue
        behind = bisect_left(files, (f"{prefix}{inside}/{_BEYOND}",), start, end)
        below = commonpath([dirname(path), dirname(files[behind - 1][0])]) + "/"
        is_open = f"file:{below}" in opened or any(one.startswith(spelled(below)) for one in picked)
        label = below[len(prefix) :]
        yield SidebarRow(
            "more", label, f"file:{below}", number=behind - start, mark=_fold(is_open), indent=depth
        )
        if is_open:
            yield from _folder(files, below, start, behind, depth + 1, picked, opened)
        start = behind
    yield from own
    if more:
        yield SidebarRow("find", f"{more:,} more …", FILES, mark="/", indent=depth)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _fold(is_open: bool) -> str:
    return "▾" if is_open else "▸"
