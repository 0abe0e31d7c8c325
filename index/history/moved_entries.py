"""Entries that one side moved to another file, followed there by the changes of the other side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.base import Choices, EditRefused, MemoryFile, MergeConflict, Sides
from index.formats.opened import source_of
from index.formats.registry import format_of, open_file
from index.formats.retelling import rendition
from index.history.file_versions import BASE, OURS, SIDES, THEIRS, FileVersions
from index.history.merge_files import merge_in_order
from index.model.entry import Entry, EntryRef
from index.model.entry_matching import content, is_doubtful, moves, successors
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.model.problems import Splice
from index.model.text.text_merge import common_share

FILE = "file"
"""The field of a conflict about the file that an entry is in."""


class _EntryPlace(NamedTuple):
    """An entry in one version of a file."""

    file: FileVersions
    side: int
    entry: Entry

    @property
    def document(self) -> MemoryFile:
        return self.file.opened(self.side)

    @property
    def source(self) -> str:
        return source_of(self.document, self.entry)


class _Gone(NamedTuple):
    """An entry that a side took out of its file, while the other one took it out, too, or edited it."""

    was: _EntryPlace
    stays: dict[int, _EntryPlace]
    """Its place in a side that has it in its file still, by the side."""


def follow_moves(files: Sequence[FileVersions], choices: Choices) -> tuple[MergeConflict, ...]:
    """Merge each entry that a side moved where it went, and take it out of the file where it was.

    The versions in `files` become those that are to be merged file by file.

    Raises EditRefused: a text of `choices` cannot be put into its place.
    """
    gone = [one for file in files if len(file.changed) == 2 for one in _gone(file)]
    if not gone:
        return ()
    went = {side: _went(files, gone, side) for side in (OURS, THEIRS)}
    follower = _Follower(choices)
    for number, one in enumerate(gone):
        places = {side: one.stays.get(side) or went[side].get(number) for side in (OURS, THEIRS)}
        if any(place is not None and place.file is not one.was.file for place in places.values()):
            follower.follow(one.was, places[OURS], places[THEIRS])
    follower.write()
    return tuple(follower.conflicts)


def _gone(file: FileVersions) -> Iterator[_Gone]:
    """Yield the entries that a side took out of a file and the other one did not leave as they were."""
    if not file.names[BASE] or not all(_reads(file, side) for side in range(3)):
        return
    before = file.opened(BASE).entries
    now = {
        side: {was.ref: entry for was, entry in successors(before, file.opened(side).entries)}
        for side in (OURS, THEIRS)
    }
    for entry in before:
        was = _EntryPlace(file, BASE, entry)
        stays = {
            side: _EntryPlace(file, side, there[entry.ref])
            for side, there in now.items()
            if entry.ref in there
        }
        if not stays or (len(stays) == 1 and next(iter(stays.values())).source != was.source):
            yield _Gone(was, stays)


def _reads(file: FileVersions, side: int) -> bool:
    """Whether the entries of a version are sure."""
    return not file.names[side] or (file.opened(side).legible and not file.opened(side).errors)


def _went(files: Sequence[FileVersions], gone: Sequence[_Gone], side: int) -> dict[int, _EntryPlace]:
    """Return the places that a side moved entries to, by their number in `gone`."""
    left = [number for number, one in enumerate(gone) if side not in one.stays]
    if not left:
        return {}
    came = [
        _EntryPlace(file, side, entry)
        for file in files
        if side in file.changed and file.names[side] and _reads(file, BASE) and _reads(file, side)
        for entry in _new(file, side)
    ]
    found = moves([gone[number].was.entry for number in left], [place.entry for place in came])
    pairs = ((left[old], came[new]) for old, new in found.items())
    return {number: place for number, place in pairs if place.file is not gone[number].was.file}


def _new(file: FileVersions, side: int) -> list[Entry]:
    """Return the entries of a version that the base has neither by their id nor by their text."""
    known = file.opened(BASE).entries
    ids, texts = {entry.own_id for entry in known} - {""}, {content(entry) for entry in known}
    entries = file.opened(side).entries
    return [entry for entry in entries if entry.own_id not in ids and content(entry) not in texts]


class _CannotFollow(Exception):
    """The source of an entry does not read as one in the other file."""


class _Follower:
    """Merges entries that moved, one by one; `write` puts them into the files in the end."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._sources: dict[tuple[FileVersions, int], dict[EntryRef, str | None]] = {}
        """Another source of an entry, None for one that goes, by file and side."""
        self._back: list[tuple[_EntryPlace, int, str]] = []
        """Entries that go back into their file on a side, with their source there."""
        self.conflicts: list[MergeConflict] = []

    def follow(self, was: _EntryPlace, ours: _EntryPlace | None, theirs: _EntryPlace | None) -> None:
        """Merge an entry of which at least one side is in another file."""
        for way in (self._met, self._either):
            known = len(self.conflicts)
            try:
                return way(was, ours, theirs)
            except _CannotFollow:  # in the end its file asks for it
                del self.conflicts[known:]

    def _met(self, was: _EntryPlace, ours: _EntryPlace | None, theirs: _EntryPlace | None) -> None:
        """Merge an entry that both sides have, and put it into one file."""
        if ours is None or theirs is None:
            return self._deleted(was, ours, theirs)
        sides = (was, ours, theirs)
        moved = [place for place in (ours, theirs) if place.file is not was.file]
        apart = len(moved) == 2 and ours.file is not theirs.file
        target = self._choose_file(*sides) if apart else moved[0]
        source = self._merged(target, sides)
        if len(moved) == 1:
            self._let_go(was, ours if moved == [theirs] else theirs)
        for place in moved:
            self._put(place, source if place.file is target.file else None)
        if target is was:
            self._back += [(was, side, source) for side in (OURS, THEIRS)]

    def _let_go(self, was: _EntryPlace, stays: _EntryPlace) -> None:
        """Have an entry in its file on one side as it was, so that the move of the other side holds."""
        if was.file.names[OURS] and was.file.names[THEIRS]:
            self._put(stays, _spelled(stays, was))
        else:
            self._put(stays, None)
            self._put(was, None)  # the file went with it: what is left in it was not deleted

    def _deleted(self, was: _EntryPlace, ours: _EntryPlace | None, theirs: _EntryPlace | None) -> None:
        """Ask for an entry that one side moved and the other one deleted."""
        place = ours or theirs
        assert place is not None
        choice = self._ask_whole(was, ours, theirs)
        if choice in SIDES:
            chosen = (was, ours, theirs)[SIDES.index(choice)]
            self._put(place, _spelled(place, chosen) if chosen else None)
        elif choice is not None:
            self._put(place, _checked(place, choice))

    def _either(self, was: _EntryPlace, ours: _EntryPlace | None, theirs: _EntryPlace | None) -> None:
        """Ask for an entry as a whole that each side can only have where it is: the other place goes."""
        sides = {side: place for side, place in ((OURS, ours), (THEIRS, theirs)) if place}
        choice = self._ask_whole(was, ours, theirs)
        typed = "" if choice is None or choice in SIDES else choice
        chosen: _EntryPlace | None
        if typed:  # a text that began as that of one of them
            chosen = max(sides.values(), key=lambda place: _share(place.source, typed))
            self._put(chosen, _checked(chosen, typed))
        elif choice:
            chosen = (was, ours, theirs)[SIDES.index(choice)]
        else:
            chosen = next(place for place in sides.values() if place.file is not was.file)
        whole = was.file.names[OURS] and was.file.names[THEIRS]
        if chosen is was and not whole:
            raise EditRefused(f"{shown(was.file.name)} is gone: take the entry from another file.")
        for side, place in sides.items():
            if place.file is was.file and place is not chosen:
                self._let_go(was, place)
            elif place is not chosen:
                self._put(place, None)
                if chosen and chosen.file is was.file and whole:
                    self._back.append((was, side, typed or _spelled(was, chosen)))

    def _choose_file(self, was: _EntryPlace, ours: _EntryPlace, theirs: _EntryPlace) -> _EntryPlace:
        """Return the place of an entry that both sides moved, to two files; ours until one is chosen."""
        places = {place.file.name: place for place in (was, ours, theirs)}
        choice = self._ask(ours.entry.id, FILE, [*places], theirs.file.name)
        if choice is None:
            return ours
        name = [*places][SIDES.index(choice)] if choice in SIDES else choice.strip()
        if name not in places:
            raise EditRefused(f"{shown(name)} is none of the files that the entry was moved to: name one.")
        if places[name] is was and not (was.file.names[OURS] and was.file.names[THEIRS]):
            raise EditRefused(f"{shown(name)} is gone: take the entry into another file.")
        return places[name]

    def _merged(self, target: _EntryPlace, sides: tuple[_EntryPlace, _EntryPlace, _EntryPlace]) -> str:
        """Return the source of an entry in the file where it goes; as it is there while it is asked for.

        It is merged there as any other, by field; where that cannot be, it is asked for as a whole.
        """
        was, ours, theirs = sides
        path, there, ref = target.file.name, theirs.file.name, target.entry.ref
        files = _files(target, sides)
        names = {_at(file, ref).id for file in files}
        given = {
            (name, at[1]): to for at, to in self._choices.items() if at[0] == ours.entry.id for name in names
        }
        if not any(
            is_doubtful(was.entry, place.entry) for place in (ours, theirs) if place.file is not was.file
        ):
            merged = merge_in_order(Sides(*(file.to_bytes() for file in files)), path, given)
            if all(one.entry in names and one.field for one in merged.conflicts):
                self.conflicts += [one._replace(entry=ours.entry.id, there=there) for one in merged.conflicts]
                if merged.conflicts:
                    return target.source
                made = open_file(merged.data, path, target.document.rule)
                return source_of(made, _at(made, ref))
        choice = self._ask(ours.entry.id, "", [place.source for place in sides], there)
        if choice is None:
            return target.source
        if choice not in SIDES:
            return _checked(target, choice)
        file = files[SIDES.index(choice)]
        return source_of(file, _at(file, ref))

    def _ask_whole(
        self, was: _EntryPlace, ours: _EntryPlace | None, theirs: _EntryPlace | None
    ) -> str | None:
        """Return the user's choice of one of the sources of an entry, None when there is none yet."""
        texts = [place.source if place else None for place in (was, ours, theirs)]
        return self._ask((ours or was).entry.id, "", texts, (theirs or was).file.name)

    def _ask(self, name: str, field: str, texts: Sequence[str | None], there: str) -> str | None:
        """Return the user's choice, None when there is none yet."""
        choice = self._choices.get((name, field))
        if choice is None:
            base, ours, theirs = texts
            self.conflicts.append(MergeConflict(name, field, base, ours, theirs, there))
        return choice

    def _put(self, place: _EntryPlace, source: str | None) -> None:
        self._sources.setdefault((place.file, place.side), {})[place.entry.ref] = source

    def write(self) -> None:
        """Give the versions of the files their new sources, from the last to the first, so each is found."""
        for (file, side), sources in self._sources.items():
            document: MemoryFile | None = file.opened(side)
            for ref, source in sorted(sources.items(), reverse=True):
                if document is None:
                    break
                document = _without(document, ref) if source is None else document.with_source(ref, source)
            file.put(side, document.to_bytes() if document is not None else None)
        for was, side, source in self._back:
            _put_back(was, side, source)


def _without(document: MemoryFile, ref: EntryRef) -> MemoryFile | None:
    """Take an entry out, even the text above the others; None where nothing else is in the file."""
    if document.holds_only(ref):
        return None
    try:
        return document.without(ref)
    except EditRefused:
        return document.spliced([Splice(*document.span(ref), "")])


def _put_back(was: _EntryPlace, side: int, source: str) -> None:
    """Put an entry that a side took out of its file back there."""
    then, now = was.document.with_source(was.entry.ref, source), was.file.opened(side)
    twins: dict[EntryRef, EntryRef | None] = {
        old.ref: new.ref for old, new in successors(then.entries, now.entries)
    }
    was.file.put(side, next(now.insert_back(then, was.entry.ref, twins)).to_bytes())


def _files(target: _EntryPlace, sides: tuple[_EntryPlace, _EntryPlace, _EntryPlace]) -> list[MemoryFile]:
    """Return the file of an entry with the source that it has in each version."""
    was, *both = sides
    foreign = [place for place in sides if not _fits(target, place)]
    if not foreign:
        return [_with_source(target, place) for place in sides]
    if was not in foreign:
        raise _CannotFollow
    base = _rendition(target.document, target.entry.ref, was.entry)
    files = (
        _rendition(base, target.entry.ref, place.entry, was.entry)
        if place in foreign
        else _with_source(target, place)
        for place in both
    )
    return [base, *files]


def _alike(one: _EntryPlace, other: _EntryPlace) -> bool:
    """Whether the files of two places have one format."""
    return format_of(one.file.name) is format_of(other.file.name)


def _fits(target: _EntryPlace, place: _EntryPlace) -> bool:
    """Whether the source of an entry can be put where it goes: that of a file may be none of a section."""
    if not _alike(place, target):
        return False
    if place.document.is_whole(place.entry) is target.document.is_whole(target.entry):
        return True
    try:
        return content(_at(_with_source(target, place), target.entry.ref)) == content(place.entry)
    except _CannotFollow:
        return False


def _share(one: str, other: str) -> float:
    return common_share(*(text.encode("utf-8", "replace") for text in (one, other)))


def _rendition(file: MemoryFile, ref: EntryRef, entry: Entry, before: Entry | None = None) -> MemoryFile:
    try:
        return rendition(file, ref, entry, before)
    except (EditRefused, CannotEdit, UnicodeEncodeError) as error:
        raise _CannotFollow from error


def _with_source(target: _EntryPlace, place: _EntryPlace) -> MemoryFile:
    """Return the file of an entry with the source that it has elsewhere, so that it reads the same."""
    if place is target:
        return target.document
    if not _alike(place, target):
        return _rendition(target.document, target.entry.ref, place.entry)
    ref, wanted = target.entry.ref, content(place.entry)
    try:
        made = [*target.document.put_back(ref, place.document, place.entry.ref)]
        return next((file for file in made if content(_at(file, ref)) == wanted), made[0])
    except (EditRefused, UnicodeEncodeError) as error:
        raise _CannotFollow from error


def _spelled(target: _EntryPlace, place: _EntryPlace) -> str:
    """Return the source of an entry as it is written in the file of another version of it."""
    made = _with_source(target, place)
    return source_of(made, _at(made, target.entry.ref))


def _checked(place: _EntryPlace, text: str) -> str:
    """Return a source that was given for an entry; raises EditRefused where it is not one."""
    for problem in place.document.check_source(place.entry.ref, text):
        raise EditRefused(problem.message)
    return text


def _at(file: MemoryFile, ref: EntryRef) -> Entry:
    """Return the entry at a place; raises _CannotFollow where there is none."""
    for entry in file.entries:
        if entry.ref == ref:
            return entry
    raise _CannotFollow
