"""Planning changes: entries added, removed or moved, or many changed at once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from index.editing.adding import free_file, no_room
from index.editing.link_edits import linked, with_links
from index.editing.plan_checks import EntryInFile, entry_in
from index.editing.staged_tree import StagedTree, bytes_of
from index.formats.entry_making import group_of
from index.formats.registry import format_of, is_memory, suffixes, with_suffix
from index.model.commits import proposed
from index.model.counts import count_kinds
from index.model.entry import id_file
from index.model.field_path import told_apart
from index.model.kind_shape import Blank
from index.model.plan import CannotEdit, Misread, renewable
from index.model.vocabulary import is_about, role

if TYPE_CHECKING:
    from index.editing.raw import Markup
    from index.editing.record import WrittenEntry
    from index.editing.staged_tree import Readable
    from index.formats.field_values import Text
    from index.model.entry import Entry
    from index.model.kind_shape import KindShape
    from index.model.plan import Plan


class Planner:
    """Plans changes of one tree; `Committer.commit` saves them."""

    def __init__(self, tree: Readable) -> None:
        self._tree = tree

    def edit(
        self, entry_id: str, changes: Mapping[str, str], *, base: bytes | None = None, add: bool = False
    ) -> Plan:
        """Plan setting fields of an entry."""
        from index.editing.file_planner import plan_edit

        plan = with_links(plan_edit(self._tree, entry_id, changes, base, add=add), self._tree)
        return replace(plan, again=lambda: self.edit(entry_id, changes, add=add))

    def wrapped(self, file: str, texts: Mapping[str, str], *, indent: bool = False) -> dict[str, str]:
        """Return texts for a file, those that would read as headings or the like as code blocks."""
        form = format_of(file)
        rows = [name for name, text in texts.items() if "\n" in text.strip()]
        wrong = [name for name, text in texts.items() if form.misleads(text)]
        names = {*wrong, *(name for name in rows if texts[name][0].isspace())} if wrong else rows
        return {**texts, **{name: form.wrapped(texts[name], indent=indent) for name in names}}

    def replace(self, file: str, after: bytes, *, base: bytes | None = None, message: str = "") -> Plan:
        """Plan replacing a whole file, as an editor does."""
        from index.editing.file_planner import plan_text

        return plan_text(self._tree, file, after, base, message)

    def repair(self, file: str, *, guesses: bool = True) -> Plan:
        """Plan the repair of a broken file."""
        from index.editing.file_planner import plan_repair

        return plan_repair(self._tree, file, guesses=guesses)

    def kinds(self) -> list[str]:
        """Return the kinds that can be added, the most used first."""
        from index.editing.templates import kinds_of

        return kinds_of(self._tree.known(), self._tree.scope.places)

    def __contains__(self, kind: object) -> bool:
        """Whether a kind is called exactly so."""
        return kind in self.kinds()

    def shape(self, kind: str, file: str = "") -> KindShape:
        """Return the shape of a kind's entries, as those in `file` where it has some.

        Raises CannotEdit: no kind of this name.
        """
        from index.editing.templates import shape_of

        kind = self._kind(kind, file)
        return shape_of(kind, self._tree.known(), file or self.file_for(kind))

    def file_for(self, kind: str, project: str = "") -> str:
        """Return the file where a new entry of a kind belongs.

        Raises CannotEdit: the project is no name for a folder.
        """
        from index.editing.new_files import check_folder, new_file, start_of_new
        from index.editing.templates import file_for
        from index.model.kind_shape import KNOWLEDGE
        from index.model.store_places import in_store

        start = start_of_new(self._tree.scope)
        path = file_for(kind, self._tree.known(), project, start, self._tree.scope.places)
        if project and in_store(path).startswith(f"{KNOWLEDGE}/"):
            check_folder(project)
        return path if self._tree.known().in_file(path) else new_file(self._tree.scope, path)

    def blank(self, kind: str, now: datetime, *, file: str = "", project: str = "") -> Blank:
        """Return a new entry of `kind` that nobody has filled in, to live in `file` or where its like do."""
        like = self._tree.known().newest(kind, 1)
        home = self._tree.named(file) or self.file_for(kind, project)
        place = home if file else self._free(home, kind, kind)
        shape = self.shape(kind, place)
        given = {"time": shape.stamp(now), "project": project}
        asked = [f for f in shape.fields if not is_about(f.name)]
        roles = {f.name: role(f.name) for f in asked}
        told = any(
            f.usual and roles[f.name] != "title" and (f.long or roles[f.name] == "text") for f in asked
        )
        usual = [f for f in asked if f.usual or (not told and roles[f.name] == "text")] or asked
        texts = {f.name: given.get(role(f.name), "") for f in usual}
        group = like[0].group if like else group_of(kind, place, "", solved=True)
        full = no_room(self._tree.data(place), place, kind)
        return Blank(kind, group, place, shape, texts, place != home, full)

    @renewable
    @linked
    def add(
        self, kind: str, texts: Mapping[str, Text], now: datetime, *, file: str = "", project: str = ""
    ) -> Plan:
        """Plan a new entry, in `file` or where entries of its kind live.

        Raises CannotEdit: nothing to add, an id that is taken, or no kind of this name.
        """
        from index.editing.adding import plan_add

        kind, place, data, like = self._place(kind, file, project, texts)
        return plan_add(data, place, kind, texts, entries=self._tree.known(), now=now, like=like)

    @renewable
    @linked
    def add_markup(self, kind: str, markup: str, now: datetime, *, file: str = "") -> Plan:
        """Plan a new entry from its own source; the errors are those of `add`."""
        from index.editing.raw import fields_in, plan_paste

        texts = {field.name: field.text for field in fields_in(markup)}
        kind, place, data, like = self._place(kind, file, "", texts)
        return plan_paste(data, place, kind, markup, entries=self._tree.known(), now=now, like=like)

    def _free(self, home: str, kind: str, name: str) -> str:
        return free_file(home, kind, name, self._tree.data, lambda: self._tree.known().files(kind))

    def _place(
        self, kind: str, file: str, project: str, texts: Mapping[str, Text]
    ) -> tuple[str, str, bytes | None, bytes | None]:
        """Return the kind, the file for it and its bytes, and those of another one with its like."""
        from index.editing.field_edits import text_of_role

        kind = self._kind(kind, file)
        if file and not is_memory(file):
            raise CannotEdit(f"{file} is not a memory file: name one that ends in {' or '.join(suffixes())}.")
        name = text_of_role("title", texts) or text_of_role("problem", texts) or kind
        home = self._tree.named(file) or self.file_for(kind, project or text_of_role("project", texts))
        place = home if file else self._free(home, kind, name)
        data = self._tree.data(place)
        return kind, place, data, self._like(kind, place) if data is None else None

    def _like(self, kind: str, place: str) -> bytes | None:
        """Return a file as the model for a new one: beside it, of its kind first; else one of its kind."""
        from index.library.tree_links import INDEX

        known, folder, form = self._tree.known(), posixpath.dirname(place), format_of(place)
        mates = (kind, *sorted(known.kinds().keys() - {kind, INDEX})) if form.texts_are_markdown else ()
        beside = (file for one in mates for file in known.files(one) if posixpath.dirname(file) == folder)
        files = (file for file in chain(beside, known.files(kind)) if format_of(file) is form)
        like = next((file for file in files if file != place), None)
        return self._tree.data(like) if like else None

    @renewable
    @linked
    def fields(self, entry_id: str, texts: Mapping[str, str]) -> Plan:
        """Plan setting fields of an entry; one that it lacks is added at its usual place."""
        from index.editing.single import plan_fields

        return plan_fields(self._open(entry_id), texts, entries=self._tree.known())

    # ── what was written down ─────────────────────────────────────────────────

    @renewable
    def add_records(
        self, records: Sequence[WrittenEntry], now: datetime, *, file: str = "", fence: bool = False
    ) -> Plan:
        """Plan adding written records, all as one change; with `fence`, misleading texts as code blocks.

        Raises CannotEdit: one of them cannot be added; says which.
        """
        ahead = StagedTree(self._tree)
        composer = Planner(ahead)
        for record in records:
            try:
                if record.markup:
                    plan = composer.add_markup(record.kind, record.markup, now, file=file)
                else:
                    plan = composer._added(record, now, file, fence=fence)
            except CannotEdit as error:
                if len(records) == 1:
                    raise
                refused = Misread if isinstance(error, Misread) else CannotEdit
                raise refused(f"{record.place.capitalize()}: {error}") from error
            ahead.take(plan)
        if len(records) == 1:
            return plan
        return ahead.plan(proposed(f"add {count_kinds([record.kind for record in records])}"))

    def _added(self, record: WrittenEntry, now: datetime, file: str, *, fence: bool) -> Plan:
        try:
            return self.add(record.kind, record.texts, now, file=file)
        except Misread:
            if not fence:
                raise
        texts = {name: text for name, text in record.texts.items() if isinstance(text, str)}
        fenced = self.wrapped(file or self.file_for(record.kind), texts)
        return self.add(record.kind, {**record.texts, **fenced}, now, file=file)

    def _kind(self, name: str, file: str = "") -> str:
        """Return the kind that `name` means; a new one has to be put into a file of the user's choice."""
        from index.editing.templates import kind_meant

        return kind_meant(name, self.kinds(), new=bool(file))

    @renewable
    @linked
    def delete(self, entry_id: str) -> Plan:
        """Plan the end of an entry."""
        from index.editing.moving import plan_delete

        return plan_delete(self._open(entry_id))

    @renewable
    @linked
    def duplicate(self, entry_id: str, now: datetime) -> Plan:
        """Plan a copy of an entry right behind it, or beside the file that it is."""
        from index.editing.copying import plan_duplicate

        known, read = self._tree.known(), self._tree.data
        return plan_duplicate(self._open(entry_id), entries=known, now=now, read=read)

    def target(self, entry: Entry, name: str) -> str:
        """Return the path of the file that somebody names to move an entry to, there or not."""
        path = with_suffix(name, entry.file)
        own = self._tree.named(self._tree.scope.beside(path, entry.file))
        found = own if self._tree.data(own) is not None else self._tree.named(path)
        return found if self._tree.scope.rest(found) is not None else own

    def check_leaves(self, entry_id: str) -> None:
        """Check that an entry can be moved out of its file; raises CannotEdit."""
        from index.editing.moving import leaving

        leaving(*self._open(entry_id))

    @renewable
    @linked
    def move(self, entry_id: str, file: str, now: datetime, *, project: str = "") -> Plan:
        """Plan an entry's move to another file of the tree; one that names no store is one of its own."""
        from index.editing.moving import plan_move

        entry = self._tree.entry(entry_id)
        file = self.target(entry, file)
        target, known = self._tree.data(file), self._tree.known()
        like = self._like(entry.kind, file) if target is None else None
        found = self._open(entry.id)
        return plan_move(found, target, file, entries=known, now=now, project=project, like=like)

    @renewable
    def several(self, ids: Sequence[str], change: Callable[[Planner, str], Plan], verb: str) -> Plan:
        """Plan the same change of several entries as one change; all of them, or none.

        Args:
            change: plans it for one of them, on the tree as it will be after those before.
            verb: of the commit message: `delete`.

        Raises:
            CannotEdit: one of them cannot be changed; says which.
        """
        if len(ids) == 1:
            return change(self, ids[0])
        entries = [self._tree.entry(entry_id) for entry_id in ids]
        ahead = StagedTree(self._tree)
        composer = Planner(ahead)
        # From the end of each file on: what is before it keeps its id.
        for entry in sorted(entries, key=lambda entry: (entry.file, -entry.line)):
            try:
                ahead.take(change(composer, entry.id))
            except CannotEdit as error:
                raise CannotEdit(f"{entry.title}: {error}") from error
        plan = ahead.plan(proposed(f"{verb} {count_kinds([entry.kind for entry in entries])}"))
        if verb != "delete":
            return plan
        from index.editing.moving import losses

        return replace(plan, warning=losses(self._tree.entries(), entries))

    @renewable
    def rename_tag(self, old: str, new: str, only: Collection[str] | None = None) -> Plan:
        """Plan giving a tag another name wherever entries have it; an empty name takes it away."""
        from index.editing.bulk import has_tag, plan_rename_tag

        files = self._files([entry.file for entry in self._tree.entries() if has_tag(entry, old)])
        return plan_rename_tag(files, old, new, entries=self._tree.known(), only=only)

    @renewable
    def add_tag(self, entry_id: str, tag: str) -> Plan:
        """Plan one more tag of an entry; a plan that changes nothing for one that has it."""
        from index.editing.bulk import has_tag
        from index.editing.field_edits import tags_fields

        entry = self._tree.entry(entry_id)
        fields = tags_fields(entry)
        name, text = (fields[0].name, fields[0].text) if fields else ("tags", "")
        if len(fields) > 1 and not has_tag(entry, tag):
            name, text = told_apart([str(fields[0].path.unnumbered)] * (len(fields) + 1))[-1], tag
        elif not has_tag(entry, tag):
            text = ", ".join((*entry.tags, tag))
        return self.fields(entry.id, {name: text})

    def set_field(self, ids: Sequence[str], name: str, text: str, *, indent: bool | None = None) -> Plan:
        """Plan setting one field in several entries; with `indent` or without, a text that misleads as code.

        Raises Misread: it misleads, and `indent` is None: neither to indent nor to fence it.
        """
        return self._set_field([self._tree.entry(one).id for one in ids], name, text, indent)

    @renewable
    def _set_field(self, ids: Sequence[str], name: str, text: str, indent: bool | None) -> Plan:
        """Plan it for those that are there; made again, some may be gone."""
        from index.editing.bulk import plan_set_field

        def wrapped(file: str) -> str:
            return self.wrapped(file, {name: text}, indent=bool(indent))[name]

        files, way = self._files(map(id_file, ids)), None if indent is None else wrapped
        return plan_set_field(files, ids, name, text, entries=self._tree.known(), wrapped=way)

    def check(self, file: str) -> None:
        """Check that a file may be changed; raises Protected."""
        from index.editing.protection import check_changeable

        check_changeable(file, self._tree.data(file), self._tree.real(file))

    def markup(self, entry_id: str) -> Markup:
        """Return the source of an entry as its file has it now."""
        from index.editing.raw import open_markup

        return open_markup(self._open(entry_id))

    def edit_markup(self, entry_id: str, markup: str, base: bytes | None = None) -> Plan:
        """Plan another source for an entry; `base` is the file's content that the text was made from.

        Raises:
            BrokenMarkup: the text is not well-formed; it names every problem.
            Conflict: another program has changed the same field since.
        """
        from index.editing.raw import plan_markup
        from index.editing.replan import plan_anew

        entry = self._tree.entry(entry_id)
        data = bytes_of(self._tree, entry.file)
        plan = plan_markup(entry_in(data if base is None else base, entry.file, entry.id), markup)
        return with_links(plan_anew(plan, lambda _: data), self._tree)

    def repairs(self) -> list[Plan]:
        """Plan all repairs of the tree that only escape."""
        from index.editing.file_planner import plan_repairs
        from index.editing.protection import protection_of

        files = self._files([p.file for p in self._tree.problems() if p.level == "error" and p.repairable])
        return plan_repairs({f: d for f, d in files.items() if not protection_of(f, d, self._tree.real(f))})

    def _files(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the content of those files that are still there."""
        return {one: data for one in dict.fromkeys(names) if (data := self._tree.data(one)) is not None}

    def _open(self, entry_id: str) -> EntryInFile:
        entry = self._tree.entry(entry_id)
        return entry_in(bytes_of(self._tree, entry.file), entry.file, entry.id)
