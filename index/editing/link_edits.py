"""Links and lines of an index that go along with a change: one plan, one commit."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from index.formats.registry import format_of, open_file, read_file
from index.library.tree_links import INDEX, TreeLinks, folded, names_of, own_names
from index.model.errors import TreeError
from index.model.file_links import FileLink, link_from, path_of
from index.model.plan import Plan, PlannedChange
from index.model.problems import Splice, apply
from index.model.store_places import in_store
from index.model.text.letters import forms

if TYPE_CHECKING:
    from index.editing.staged_tree import Readable
    from index.formats.base import MemoryFile
    from index.formats.linking import IndexLine, Linking
    from index.model.entry import Entry

P = ParamSpec("P")
_SUMMARIES = ("description", "summary")


class OnTree(Protocol):
    """Plans changes of a tree."""

    _tree: Readable


Owner = TypeVar("Owner", bound=OnTree)


def linked(make: Callable[Concatenate[Owner, P], Plan]) -> Callable[Concatenate[Owner, P], Plan]:
    """Let the plans of a method take the links along."""

    @wraps(make)
    def planned(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> Plan:
        return with_links(make(owner, *args, **kwargs), owner._tree)

    return planned


Past = Callable[[str, str], bytes | None]
"""Returns the bytes of another file, an index, in the revision that a file comes back from; None for none."""


def with_links(plan: Plan, tree: Readable, past: Past = lambda file, other: None) -> Plan:
    """Return a plan with the changes of links that it asks for; itself where it asks for none.

    Links to a file that moves follow it, and so do its own; links to a name that changes get the new one.
    The index of a folder gets a line for a new file, that which it had where `past` knows one, and loses
    that of a file that goes.
    """
    moves = _moves_of(plan)
    if not moves:
        return plan
    changes = {change.file: change for change in plan.changes}
    texts = {file: _text(tree.data(file), file) for file in changes}
    links = TreeLinks(tree.entries(), lambda file: texts.get(file) or _text(_data(tree, file), file))
    edits = _LinkEdits(links, moves, changes, tree, past)
    linking = [*links.links, *moves.new] if moves.redirected else []
    for file in dict.fromkeys([*linking, *edits.indexes]):
        changed = edits.of_file(file)
        if changed is not None:
            changes[file] = changed
    return replace(plan, changes=tuple(changes.values()))


class _Moves(NamedTuple):
    """The files and names that a plan changes."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    into: str
    """The file that takes the content of one that goes; empty where nothing comes in its place."""
    names: Mapping[str, Mapping[str, str]]
    """Of each file, the new names by the old ones, as `folded`."""
    told: Mapping[str, tuple[Entry, Entry]]
    """Files that are one entry, before and after, where the index may say something else of it now."""

    @property
    def renamed(self) -> bool:
        """Whether a file goes by another path now."""
        return self.into in self.new

    @property
    def redirected(self) -> bool:
        """Whether a link may lead elsewhere now; else only an index may say something else."""
        return bool(self.new or self.gone or self.names)

    def __bool__(self) -> bool:
        return self.redirected or bool(self.told)


def _moves_of(plan: Plan) -> _Moves:
    linking = [change for change in plan.changes if format_of(change.file).linking is not None]
    new = tuple(change.file for change in linking if change.before is None and change.after is not None)
    gone = tuple(change.file for change in linking if change.before is not None and change.after is None)
    names: dict[str, dict[str, str]] = {}
    told: dict[str, tuple[Entry, Entry]] = {}
    for change in linking:
        if change.before is None or change.after is None:
            continue
        before, after = (read_file(data, change.file).entries for data in (change.before, change.after))
        if len(before) != len(after):
            continue
        for old, now in zip(before, after, strict=True):
            was, become = own_names(old), own_names(now)
            other = {folded(was[key]): become.get(key, "") for key in was if was[key] != become.get(key)}
            if any(other.values()):
                names.setdefault(change.file, {}).update(other)
        if len(before) == 1 and _told_by(before[0]) != _told_by(after[0]):
            told[change.file] = before[0], after[0]
    others = [change.file for change in linking if None not in (change.before, change.after)]
    into = new[0] if len(new) == 1 else others[0] if len(others) == 1 and not new else ""
    return _Moves(new, gone, into if len(gone) == 1 else "", names, told)


class _LinkEdits:
    """Finds the splices for each file."""

    def __init__(
        self,
        links: TreeLinks,
        moves: _Moves,
        changes: Mapping[str, PlannedChange],
        tree: Readable,
        past: Past,
    ) -> None:
        self._links, self._moves, self._changes = links, moves, changes
        self._tree, self._past = tree, past
        self._index_of = {file: self._index_for(file) for file in moves.new}
        self.indexes = {*links.indexes.values(), *filter(None, self._index_of.values())}
        """The files that list others."""

    def _index_for(self, file: str) -> str:
        """Return the index that is to list a new file: one that lost its last line was one once."""
        if index := self._links.index_above(file):
            return index
        folder = posixpath.dirname(file)
        for other in self._links.entries:
            if posixpath.dirname(other) == folder and format_of(other).load_limit(other) is not None:
                then = self._past(file, other)
                if then and any(entry.kind == INDEX for entry in read_file(then, other).entries):
                    return other
        return ""

    def of_file(self, file: str) -> PlannedChange | None:
        """Return the change of a file with its links in order; None where there is nothing to do in it."""
        planned = self._changes.get(file)
        data = planned.after if planned is not None else _data(self._tree, file)
        if data is None:
            return None
        document = open_file(data, file)
        if document.readonly or format_of(file).linking is None:
            return None
        text = document.source
        is_index = file in self.indexes
        edited = document.spliced(self._splices(file, text))
        if is_index and not self._moves.renamed:
            edited = self._with_lines(edited)
        if edited.source == text:
            return None
        if len(edited.errors) > len(document.errors):
            return None
        if not is_index and len(edited.entries) != len(document.entries):
            return None
        return PlannedChange(file, planned.before if planned is not None else data, edited.to_bytes())

    def _splices(self, file: str, text: str) -> Iterator[Splice]:
        linking = format_of(file).linking
        assert linking is not None
        is_index = file in self.indexes
        held = list(linking.links(text))
        dropped: set[tuple[int, int]] = set()
        for link in held:
            if is_index and (line := linking.line_of(text, link)) is not None:
                inside = [one for one in held if line.start <= one.start < line.end]
                if all(self._goes(file, one) for one in inside):
                    dropped.add((line.start, line.end))
                    continue
                yield from self._told_anew(file, link, text)
            target = self._target(file, link)
            if target is not None:
                said = linking.written(text, link, target)
                if said != text[link.start : link.end]:
                    yield Splice(link.start, link.end, said)
        yield from (Splice(start, end, "") for start, end in dropped)

    def _goes(self, file: str, link: FileLink) -> bool:
        """Whether a link leads to nothing but a file that goes, and nothing comes in its place."""
        targets = self._links.targets(file, link)
        return bool(targets) and targets <= set(self._moves.gone) and not self._moves.renamed

    def _target(self, file: str, link: FileLink) -> str | None:
        """Return the new target of a link; None where it stays."""
        moves = self._moves
        origin = moves.gone[0] if moves.renamed and file == moves.into else file
        targets = self._links.targets(origin, link)
        target = next(iter(targets)) if len(targets) == 1 else ""
        if moves.into and target in moves.gone:
            names = [name for entry in self._links.entries[target] for name in own_names(entry).values()]
            new = _renamed_target(file, link, target, moves.into, {*map(folded, names)})
            linking = format_of(file).linking
            if (
                new is None
                or not link.by_name
                or link.is_full
                or linking is None
                or linking.can_name(link, new)
            ):
                return new
            return next((name for name in names if linking.can_name(link, name)), None)
        if link.by_name:
            new = moves.names.get(target, {}).get(folded(link.target))
            if not new or _is_path(target, link):
                return None
            linking = format_of(file).linking
            return new if linking and linking.can_name(link, new) else posixpath.basename(target)
        return _from_there(origin, link, file) if origin != file else None  # the file itself has moved

    def _told_anew(self, file: str, link: FileLink, text: str) -> Iterator[Splice]:
        """Yield the lines of an index on an entry whose title or summary it repeats, and that changes."""
        linking = format_of(file).linking
        line = linking.line_of(text, link) if linking is not None else None
        told = [self._moves.told[one] for one in self._links.targets(file, link) if one in self._moves.told]
        if line is None or len(told) != 1:
            return
        [(old, now)] = told
        for span, was, become in (
            (line.title, old.title, now.title),
            (line.about, summary_of(old), summary_of(now)),
        ):
            same = (
                was and become and become != was and text[slice(*span)].strip() == was and "\n" not in become
            )
            if same and not (link.by_name and span == line.title):
                yield Splice(*span, become)

    def _with_lines(self, index: MemoryFile) -> MemoryFile:
        """Return an index with a line for each new file that belongs into it and is not in it."""
        for file in self._moves.new:
            if self._index_of[file] == index.path != file:
                entries = read_file(self._changes[file].after or b"", file).entries
                splice = self._new_line(index, entries[0]) if len(entries) == 1 else None
                index = index.spliced([splice]) if splice is not None else index
        return index

    def _new_line(self, index: MemoryFile, entry: Entry) -> Splice | None:
        """Return the splice that adds a line for an entry: the one that it had, else one like the others.

        An entry that comes back from a time when the index did not list it gets none.
        """
        linking = format_of(index.path).linking
        if linking is None or _line_for(index.source, index.path, entry) is not None:
            return None
        then = _text(self._past(entry.file, index.path), index.path)
        line = _line_for(then, index.path, entry)
        if then and line is None:
            return None
        back = linking.line_back(index.source, then, line) if line is not None else None
        target = link_from(index.path, entry.file)
        return back or linking.new_line(index.source, target, entry.title, summary_of(entry))


def links_anew(text: str, linking: Linking, origin: str, file: str) -> str:
    """Return a text of one file as it is in another, with its links to paths leading where they led."""
    splices = [
        Splice(link.start, link.end, linking.written(text, link, _from_there(origin, link, file)))
        for link in linking.links(text)
        if not link.by_name and _from_there(origin, link, file) != link.target
    ]
    return apply(text, splices)


def _from_there(origin: str, link: FileLink, file: str) -> str:
    """Return the target of a link to a path as another file has it."""
    path = path_of(origin, link.target) or posixpath.join(posixpath.dirname(origin), link.target)
    return link_from(file, path)


def _line_for(text: str, index: str, entry: Entry) -> IndexLine | None:
    """Return the line of an index's text that leads to an entry which is a file; None where none does."""
    linking = format_of(index).linking
    names = names_of([entry])
    for link in linking.links(text) if linking is not None else ():
        paths = {entry.file, entry.file.rpartition(".")[0]}
        path = path_of(index, link.target) or ""
        found = folded(link.target) in names if link.by_name else not paths.isdisjoint(forms(path))
        if found and linking is not None and (line := linking.line_of(text, link)) is not None:
            return line
    return None


def _renamed_target(file: str, link: FileLink, old: str, new: str, names: Container[str]) -> str | None:
    """Return the target of a link to a file that goes by another path now; None where it stays.

    `names` are those that its entries give themselves, as `folded`.
    """
    if not link.by_name:
        return link_from(file, new)
    if not _is_path(old, link):
        if folded(link.target) in names:
            return None
        before, now = (posixpath.basename(one).rpartition(".")[0] for one in (old, new))
        return now.removeprefix(before[: len(before) - len(link.target)])  # `tone` of `feedback_tone.md`
    steps = link.target.strip("/").count("/") + 1
    if link.is_full:
        return in_store(new)
    above = "/".join(old.split("/")[:-steps])
    if steps > 1 and new.startswith(f"{above}/" if above else ""):
        return new[len(above) + 1 if above else 0 :]
    return "/".join(new.split("/")[-steps:])


def _is_path(file: str, link: FileLink) -> bool:
    """Whether a link calls a file by its path, or the end of it, with or without its suffix."""
    steps = link.target.strip("/").count("/") + 1
    end = "/".join(file.split("/")[-steps:])
    return folded(link.target) in (folded(end), folded(end.rpartition(".")[0]))


def _told_by(entry: Entry) -> tuple[str, str]:
    return entry.title, summary_of(entry)


def summary_of(entry: Entry) -> str:
    """Return the text of the field that sums an entry up."""
    found = (field.text.strip() for field in entry.fields if field.name.lower() in _SUMMARIES)
    return next((text for text in found if text), "")


def _data(tree: Readable, file: str) -> bytes | None:
    try:
        return tree.data(file)
    except TreeError:
        return None


def _text(data: bytes | None, file: str) -> str:
    return format_of(file).text(data or b"")
