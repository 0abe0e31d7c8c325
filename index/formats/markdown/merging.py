"""Three versions of a Markdown file into one: by entry and field, outside of entries by line."""

from __future__ import annotations

from collections.abc import Sequence

from index.formats.base import Choices, EditRefused, FieldForm, MergeConflict, Merged, Sides
from index.formats.markdown.markdown_file import MarkdownFile
from index.model.entry import Entry, EntryRef
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.text.text_merge import merge_lines

_BY_SIDE = {"ours": 1, "base": 0, "theirs": 2}


def merge_file(sides: Sides, path: str, choices: Choices) -> Merged:
    """Merge two versions of a file; see `Format.merge`."""
    base, ours, theirs = sides
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    if base is None or ours is None or theirs is None:
        return _whole(base, ours, theirs, path, choices)
    files = [MarkdownFile.parse(data, path) for data in (base, ours, theirs)]
    if any(file.readonly for file in files):
        return _whole(base, ours, theirs, path, choices)
    unit = files[1].reading.unit
    files = [MarkdownFile(file.source, file.encoding, path, unit) for file in files]
    merger = _Merger(files, choices)
    if _outside(files[0]) == _outside(files[2]):
        merged = merger.by_entry()
        if merged is not None and not merger.conflicts:
            return Merged(merged.to_bytes())
        if merged is not None:
            return Merged(None, tuple(merger.conflicts))
    text = merge_lines(*(file.source for file in files))
    if text is not None:
        return Merged(files[1].encoding.encode(text))
    return _whole(base, ours, theirs, path, choices)


def _outside(file: MarkdownFile) -> str:
    """Return the text outside of all entries."""
    at, out = 0, ""
    for block in file.reading.blocks:
        out += file.source[at : block.start]
        at = block.end
    return out + file.source[at:]


def _whole(
    base: bytes | None, ours: bytes | None, theirs: bytes | None, path: str, choices: Choices
) -> Merged:
    """Take the whole of one side, as was chosen, else ask."""
    versions = (base, ours, theirs)
    choice = choices.get((path, ""))
    if choice in _BY_SIDE:
        return Merged(versions[_BY_SIDE[choice]])
    if choice is not None:
        return Merged(choice.encode("utf-8", "surrogateescape"))
    texts = [data.decode("utf-8", "replace") if data is not None else None for data in versions]
    return Merged(None, (MergeConflict(path, "", *texts),))


class _Merger:
    """Puts what theirs changed into ours, entry by entry."""

    def __init__(self, files: Sequence[MarkdownFile], choices: Choices) -> None:
        self._base, self._ours, self._theirs = files
        self._choices = choices
        self._file = self._ours
        self.conflicts: list[MergeConflict] = []

    def by_entry(self) -> MarkdownFile | None:
        """Return the merged file; None where entries cannot be told apart in one version."""
        base, ours, theirs = (_by_id(file) for file in (self._base, self._ours, self._theirs))
        for entry_id in base:
            if entry_id in theirs:
                self._changed(entry_id, base[entry_id], ours.get(entry_id), theirs[entry_id])
            elif entry_id in ours:
                self._deleted(entry_id, base[entry_id], ours[entry_id])
        for entry_id, entry in theirs.items():
            if entry_id not in base:
                self._added(entry_id, ours.get(entry_id), entry)
        wanted = {*ours, *theirs} - {one for one in base if one not in ours or one not in theirs}
        if not self.conflicts and not wanted <= {*_by_id(self._file)} | self._chosen_whole():
            return None
        return self._file

    def _chosen_whole(self) -> set[str]:
        return {entry_id for entry_id, field in self._choices if not field}

    def _changed(self, entry_id: str, was: Entry, mine: Entry | None, theirs: Entry) -> None:
        old, new = _source(self._base, was), _source(self._theirs, theirs)
        if old == new:
            return
        if mine is None:
            self._choose(entry_id, old, None, new, lambda: self._insert(theirs))
            return
        own = _source(self._ours, mine)
        if own == new:
            return
        if own == old:
            self._replace(entry_id, new)
            return
        self._by_field(entry_id, was, mine, theirs)

    def _by_field(self, entry_id: str, was: Entry, mine: Entry, theirs: Entry) -> None:
        old, own, new = ({field.name: field.text for field in entry.fields} for entry in (was, mine, theirs))
        for name in {**old, **own, **new}:
            before, ours, then = old.get(name), own.get(name), new.get(name)
            if then in (before, ours):
                continue
            if ours == before:
                self._put(entry_id, name, theirs)
                continue
            merged = None
            if before is not None and ours is not None and then is not None:
                merged = merge_lines(before, ours, then)
            if merged is not None:
                self._set(entry_id, name, merged)
                continue
            choice = self._choices.get((entry_id, name))
            if choice is None:
                self.conflicts.append(MergeConflict(entry_id, name, before, ours, then))
            elif choice == "theirs":
                self._put(entry_id, name, theirs)
            elif choice == "base":
                self._set(entry_id, name, before or "")
            elif choice != "ours":
                self._set(entry_id, name, choice)

    def _deleted(self, entry_id: str, was: Entry, mine: Entry) -> None:
        old, own = _source(self._base, was), _source(self._ours, mine)
        if own == old:
            self._remove(entry_id)
        else:
            self._choose(entry_id, old, own, None, lambda: self._remove(entry_id))

    def _added(self, entry_id: str, mine: Entry | None, theirs: Entry) -> None:
        new = _source(self._theirs, theirs)
        if mine is None:
            self._insert(theirs)
        elif (own := _source(self._ours, mine)) != new:
            self._choose(entry_id, None, own, new, lambda: self._replace(entry_id, new))

    def _choose(self, entry_id: str, old: str | None, own: str | None, new: str | None, take: object) -> None:
        choice = self._choices.get((entry_id, ""))
        if choice is None:
            self.conflicts.append(MergeConflict(entry_id, "", old, own, new))
        elif choice == "theirs" and callable(take):
            take()
        elif choice == "base" and old is not None and own is not None:
            self._replace(entry_id, old)
        elif choice not in ("ours", "base") and own is not None:
            self._replace(entry_id, choice)

    def _replace(self, entry_id: str, text: str) -> None:
        entry = _by_id(self._file).get(entry_id)
        if entry is None:
            raise EditRefused(f"{entry_id} cannot be told from the others.")
        self._file = self._file.with_source(entry.ref, text)

    def _remove(self, entry_id: str) -> None:
        self._file = self._file.without(_by_id(self._file)[entry_id].ref)

    def _put(self, entry_id: str, name: str, theirs: Entry) -> None:
        self._file = self._file.put_field_back(_by_id(self._file)[entry_id], name, self._theirs, theirs)

    def _set(self, entry_id: str, name: str, text: str) -> None:
        entry = _by_id(self._file)[entry_id]
        try:
            self._file = self._file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
        except CannotEdit as error:
            raise EditRefused(str(error)) from error

    def _insert(self, theirs: Entry) -> None:
        here = _by_id(self._file)
        twins: dict[EntryRef, EntryRef | None] = {
            entry.ref: here[entry.id].ref if entry.id in here else None for entry in self._theirs.entries
        }
        self._file = next(self._file.insert_back(self._theirs, theirs.ref, twins))


def _by_id(file: MarkdownFile) -> dict[str, Entry]:
    return {entry.id: entry for entry in file.entries}


def _source(file: MarkdownFile, entry: Entry) -> str:
    start, end = file.span(entry.ref)
    return file.source[start:end].replace("\r\n", "\n").rstrip()
