"""Three versions of a Markdown file into one: by entry and field, outside of entries by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from index.formats.base import Choices, EditRefused, FieldForm, MergeConflict, Merged, Sides
from index.formats.markdown.index_merging import merge_index
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.outline import lines
from index.model.entry import Entry, EntryRef
from index.model.entry_matching import Matching, content, successors
from index.model.kind_shape import KindShape
from index.model.merge_outcomes import turned
from index.model.plan import CannotEdit
from index.model.problems import Splice
from index.model.text.text_merge import merge_lines


def merge_file(sides: Sides, path: str, choices: Choices) -> Merged | None:
    """Merge two versions of a file; None where one is to be taken whole. See `Format.merge`."""
    if sides.ours is None or sides.theirs is None:
        return None
    files = [MarkdownFile.parse(data or b"", path) for data in sides]
    if (path, "") in choices or any(file.readonly for file in files):
        return None
    there = files if sides.base is not None else files[1:]
    rule = _rule(there)
    files = [MarkdownFile(file.source, file.encoding, path, rule) for file in files]
    if rule == "index" and all(file.entries for file in there):
        texts, name = [file.source for file in files], files[1].entries[0].id
        by_item = merge_index(texts, name, choices)
        if isinstance(by_item, str):
            return Merged(MarkdownFile(by_item, files[1].encoding, path).to_bytes())
        if by_item:
            return Merged(None, by_item)
    if sides.base is None:
        return None
    by_line = _by_line(files, path, rule)
    for stem, other in ((files[1], files[2]), (files[2], files[1])):
        if _outside(files[0]) == _outside(other) and not _reordered(files[0], other):
            swapped = stem is files[2]
            merger = _Merger((files[0], stem, other), turned(choices) if swapped else choices)
            merged = merger.by_entry()
            if merger.conflicts:
                if not all(_settles(merger, files, choice) for choice in Sides._fields):
                    by_line = None
                    continue
                return Merged(None, tuple(one.turned() if swapped else one for one in merger.conflicts))
            if merged is not None and by_line is not None and not choices:
                merged = by_line if _is_better(by_line, merged, files) else merged
            if merged is not None and _is_sound(merged, files, merger.gone, choices):
                return Merged(merged.to_bytes())
    return Merged(by_line.to_bytes()) if by_line else None


def _settles(asked: _Merger, files: Sequence[MarkdownFile], choice: str) -> bool:
    """Whether one choice for all that is asked ends a merge: else the file is asked for, and at once.

    A field that goes may take another one along, as the heading of a section above it.
    """
    more = {(one.entry, one.field): choice for one in asked.conflicts}
    merger = _Merger(asked.files, {**asked.choices, **more})
    merged = merger.by_entry()
    return merged is not None and _is_sound(merged, files, merger.gone, merger.choices)


def _rule(files: Sequence[MarkdownFile]) -> str:
    """Return the way in which entries are found in all versions: as before, by the level of the most."""
    unit = files[0].reading.unit
    alike = [file for file in files if file.reading.unit == unit]
    return max(alike, key=lambda file: len(file.entries)).rule


def _by_line(files: Sequence[MarkdownFile], path: str, rule: str) -> MarkdownFile | None:
    """Return the versions merged by line, None where that cannot be, or doubles an addition of both."""
    text = merge_lines(*(file.source for file in files))
    if text is None:
        return None
    merged = MarkdownFile(text, files[1].encoding, path, rule)
    most = Counter[Hashable]()
    for file in files:
        most |= Counter(map(content, file.entries))
    found = Counter(map(content, merged.entries))
    return merged if all(count <= most.get(one, count) for one, count in found.items()) else None


def _is_better(by_line: MarkdownFile, merged: MarkdownFile, files: Sequence[MarkdownFile]) -> bool:
    """Whether lines merge to the same entries, and so tell their order too; or keep more than fields."""
    # Fields are added behind the others, so their order says nothing.
    here, there = (Counter(frozenset(content(one)) for one in file.entries) for file in (by_line, merged))
    if here == there:
        return True
    base, ours, theirs = (_lines(file.source) for file in files)
    now = _lines(merged.source)
    least = {line: min(ours[line], theirs[line], ours[line] + theirs[line] - base[line]) for line in ours}
    return any(number > 0 and not now[line] for line, number in least.items())


def _is_sound(
    merged: MarkdownFile, files: Sequence[MarkdownFile], gone: Sequence[str], choices: Choices
) -> bool:
    """Whether no line is there twice that is to be there once, and no line of a front matter is lost.

    `gone` are the entries that both sides deleted.
    """
    base, ours, theirs = map(_remarks, files)
    if ((ours - base) | (theirs - base)) - _lines(merged.source):
        return False
    base, ours, theirs = (_lines(file.source) for file in files)
    base -= _lines("\n".join(gone))
    most = ours | theirs | Counter({line: ours[line] + theirs[line] - base[line] for line in ours})
    return bool(choices) or not _lines(merged.source) - most


def _lines(text: str) -> Counter[str]:
    return Counter(filter(None, map(str.strip, text.splitlines())))


def _remarks(file: MarkdownFile) -> Counter[str]:
    """Return the lines of a front matter that are in no field: comments, and those that nothing can read."""
    front = file.reading.front
    found: Counter[str] = Counter()
    for start, end in lines(file.source[: front.close]) if front else ():
        line = file.source[start:end].strip()
        inside = front and any(start < value.end and value.start < end for value in front.values)
        if line and (line.startswith("#") or not inside):
            found[line] += 1
    return found


def _outside(file: MarkdownFile) -> list[str]:
    """Return the texts outside of all entries, without the blank lines around them, which an entry brings."""
    blocks = file.reading.blocks
    starts, ends = [block.start for block in blocks], [block.end for block in blocks]
    texts = (file.source[at:to].strip() for at, to in zip([0, *ends], [*starts, None], strict=True))
    return [text for text in texts if text]


def _reordered(base: MarkdownFile, side: MarkdownFile) -> bool:
    """Whether entries follow each other in another order than before."""
    refs = [was.ref for was, _ in successors(base.entries, side.entries)]
    return refs != sorted(refs)


class _Merger:
    """Puts the other side's changes into one, the stem: fields, then whole entries, then additions.

    Fields move no entry, and whole ones are put in from the last to the first, so each is found where the
    stem has it.
    """

    def __init__(self, files: Sequence[MarkdownFile], choices: Choices) -> None:
        self.files, self.choices = files, choices
        self._base, self._ours, self._theirs = files
        self._file = self._ours
        self._sources: dict[EntryRef, str | None] = {}
        """Another source for an entry as a whole, None for one that goes."""
        self._come: list[tuple[MarkdownFile, EntryRef]] = []
        self._wanted: list[Entry] = []
        """Entries that have to be in the merged file as one side has them."""
        self.gone: list[str] = []
        """The entries that both sides deleted, with the rules behind them."""
        self.conflicts: list[MergeConflict] = []

    def by_entry(self) -> MarkdownFile | None:
        """Return the merged file; None where entries cannot be told apart in one version."""
        mine, others = (
            {was.ref: now for was, now in successors(self._base.entries, side.entries)}
            for side in (self._ours, self._theirs)
        )
        try:
            for was in self._base.entries:
                here, there = mine.get(was.ref), others.get(was.ref)
                if there is not None:
                    self._changed(was, here, there)
                elif here is not None:
                    self._deleted(was, here)
                else:
                    block = self._base.block(was.ref)
                    self.gone.append(self._base.source[block.start : block.end])
            self._additions(_unmet(self._ours, mine), _unmet(self._theirs, others))
            if not self.conflicts:
                self._put_whole()
        except _NoEntries:
            self.conflicts.clear()
            return None
        return self._file if not self.conflicts and self._is_whole() else None

    def _put_whole(self) -> None:
        """Put in the entries that change, go or come as a whole."""
        for ref, source in sorted(self._sources.items(), reverse=True):
            if ref >= len(self._file.entries):
                raise _NoEntries
            self._file = self._without(ref) if source is None else self._file.with_source(ref, source)
        for then, ref in self._come:
            twins: dict[EntryRef, EntryRef | None] = {
                there.ref: here.ref for there, here in successors(then.entries, self._file.entries)
            }
            self._file = next(self._file.insert_back(then, ref, twins))

    def _without(self, ref: EntryRef) -> MarkdownFile:
        """Take an entry out as one side did, even the text above the others or the title of some."""
        try:
            return self._file.without(ref)
        except EditRefused:
            block = self._file.block(ref)
            return self._file.spliced([Splice(block.start, block.end, "")])

    def _is_whole(self) -> bool:
        """Whether the merged file reads as the entries that it was made of."""
        if any(not field for _, field in self.choices):
            return True  # a source that the user gave may be anything
        gone = sum(source is None for source in self._sources.values())
        number = len(self._ours.entries) - gone + len(self._come)
        missing = Counter(map(content, self._wanted)) - Counter(map(content, self._file.entries))
        return len(self._file.entries) == number and not missing

    def _changed(self, was: Entry, mine: Entry | None, theirs: Entry) -> None:
        old, new = _source(self._base, was), _source(self._theirs, theirs)
        own = _source(self._ours, mine) if mine else None
        if mine is None:
            if old != new:
                self._edited_there(was, theirs)
        elif new in (old, own):
            self._wanted.append(mine)
        elif own == old:
            self._sources[mine.ref] = new
            self._wanted.append(theirs)
        else:
            self._by_field(was, mine, theirs)

    def _by_field(self, was: Entry, mine: Entry, theirs: Entry) -> None:
        old, own, new = ({field.name: field.text for field in entry.fields} for entry in (was, mine, theirs))
        wanted: dict[str, str | None] = {**own}
        for name in {**old, **own, **new}:
            before, ours, then = old.get(name), own.get(name), new.get(name)
            if then in (before, ours):
                continue
            if ours == before:
                self._put(mine, name, self._theirs, theirs)
                wanted[name] = then
                continue
            merged = None
            if before is not None and ours is not None and then is not None:
                merged = merge_lines(before, ours, then)
            if merged is not None:
                self._merged(mine, name, merged)
                wanted[name] = merged
                continue
            choice = self.choices.get((mine.id, name))
            if choice is None:
                self.conflicts.append(MergeConflict(mine.id, name, before, ours, then))
            elif choice == "theirs":
                self._put(mine, name, self._theirs, theirs)
                wanted[name] = then
            elif choice == "base":
                self._put(mine, name, self._base, was)
                wanted[name] = before
            elif choice != "ours":
                self._set(mine, name, choice)
                wanted[name] = choice
        now = {field.name: field.text for field in self._file.entries[mine.ref].fields}
        # A field that goes can make another of the next one: a section without a text above it is the title.
        if _words_by_field(wanted) != _words_by_field(now) and (
            not self.choices or _words(wanted) - _words(now)
        ):
            raise _NoEntries

    def _deleted(self, was: Entry, mine: Entry) -> None:
        old, own = _source(self._base, was), _source(self._ours, mine)
        if own == old:
            self._sources[mine.ref] = None
        else:
            self._choose(mine, old, own, None)

    def _edited_there(self, was: Entry, theirs: Entry) -> None:
        """Ask for an entry that we deleted and the other side edited."""
        choice = self.choices.get((was.id, ""))
        if choice is None:
            sides = _source(self._base, was), None, _source(self._theirs, theirs)
            self.conflicts.append(MergeConflict(was.id, "", *sides))
        elif choice == "base":
            self._come.append((self._base, was.ref))
        elif choice != "ours":
            given = self._theirs if choice == "theirs" else _given(self._theirs, theirs.ref, choice)
            self._come.append((given, theirs.ref))

    def _additions(self, ours: list[Entry], theirs: list[Entry]) -> None:
        """Take the additions of theirs, once: two of one id that say two things are asked for."""
        matching = Matching(ours, theirs)
        matching.in_order(content)
        matching.by(lambda entry: entry.id)
        met = {new: ours[old] for old, new in matching.found.items()}
        for place, entry in enumerate(theirs):
            mine, new = met.get(place), _source(self._theirs, entry)
            if mine is None:
                self._come.append((self._theirs, entry.ref))
                self._wanted.append(entry)
            elif (own := _source(self._ours, mine)) != new and content(mine) != content(entry):
                self._choose(mine, None, own, new)

    def _choose(self, mine: Entry, old: str | None, own: str, new: str | None) -> None:
        """Ask for an entry as a whole: its source before, here, and there; None where there is none."""
        choice = self.choices.get((mine.id, ""))
        text = {"base": old, "theirs": new}.get(choice or "", choice)
        if choice is None:
            self.conflicts.append(MergeConflict(mine.id, "", old, own, new))
        elif choice != "ours" and (choice != "base" or old is not None):
            self._sources[mine.ref] = text

    def _put(self, mine: Entry, name: str, side: MarkdownFile, other: Entry) -> None:
        """Take a field as another version writes it; gone where it has none."""
        entry = self._file.entries[mine.ref]
        try:
            edited = self._file.put_field_back(entry, name, side, other)
        except (CannotEdit, EditRefused) as error:
            raise _NoEntries from error
        if len(edited.entries) != len(self._file.entries):
            raise _NoEntries
        self._file = edited

    def _merged(self, mine: Entry, name: str, text: str) -> None:
        try:
            self._set(mine, name, text)
        except EditRefused as error:
            raise _NoEntries from error

    def _set(self, mine: Entry, name: str, text: str) -> None:
        entry = self._file.entries[mine.ref]
        try:
            self._file = self._file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
        except CannotEdit as error:
            raise EditRefused(str(error)) from error


class _NoEntries(Exception):
    """The file cannot be merged by entry."""


def _words_by_field(fields: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Return the words of each field: line ends and margins are those of its form."""
    return {name: text.split() for name, text in fields.items() if text is not None}


def _words(fields: Mapping[str, str | None]) -> set[str]:
    """Return all words of the names and texts of fields."""
    there = ((name, text) for name, text in fields.items() if text is not None)
    return {word for pair in there for part in pair for word in re.findall(r"\w+", part)}


def _given(file: MarkdownFile, ref: EntryRef, text: str) -> MarkdownFile:
    """Return a file with the text that was given for an entry; raises EditRefused where it is not one."""
    for problem in file.check_source(ref, text):
        raise EditRefused(problem.message)
    return file.with_source(ref, text)


def _unmet(side: MarkdownFile, known: Mapping[EntryRef, Entry]) -> list[Entry]:
    """Return the entries of a side that came of none before."""
    met = {entry.ref for entry in known.values()}
    return [entry for entry in side.entries if entry.ref not in met]


def _source(file: MarkdownFile, entry: Entry) -> str:
    start, end = file.span(entry.ref)
    return file.source[start:end].replace("\r\n", "\n").rstrip()
