"""Planning what adds, removes and moves entries, or changes many at once: see `index.changes`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from index.edits import CannotEdit
from index.memory.files import Conflict, read, read_or_none
from index.memory.vocabulary import role

if TYPE_CHECKING:
    from index.changes.plan import Plan
    from index.changes.raw import Markup
    from index.shapes import KindShape
    from index.workspace import Workspace


class Blank(NamedTuple):
    """A new entry before anything is written in it."""

    kind: str
    group: str
    """As `Entry.group`."""
    file: str
    """Where it will stand; the file may be a new one."""
    shape: KindShape
    texts: dict[str, str]
    """The fields that are asked for, with what is known already: the time, the project."""


class Composer:
    """Plans changes of one tree; `Workspace.commit` saves them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def kinds(self) -> list[str]:
        """Return the kinds that can be added, the most used first."""
        from index.shapes import kinds_of

        return kinds_of(self._workspace.entries())

    def shape(self, kind: str, file: str = "") -> KindShape:
        """Return what entries of a kind hold, in `file` or anywhere."""
        from index.shapes import shape_of

        return shape_of(kind, self._workspace.entries(), file)

    def blank(self, kind: str, now: datetime, *, file: str = "", project: str = "") -> Blank:
        """Return a new entry of `kind` that nobody has filled in, to live in `file` or where its like do."""
        from index.changes.plan import is_about
        from index.shapes import file_for

        entries = self._workspace.entries()
        like = [entry for entry in entries if entry.kind == kind]
        place = file or file_for(kind, entries, project)
        shape = self.shape(kind, place)
        given = {"time": shape.stamp(now), "project": project}
        texts = {
            f.name: given.get(role(f.name), "") for f in shape.fields if f.usual and not is_about(f.name)
        }
        return Blank(kind, like[0].group if like else "other", place, shape, texts)

    def add(
        self, kind: str, texts: Mapping[str, str], now: datetime, *, file: str = "", project: str = ""
    ) -> Plan:
        """Plan a new entry, in `file` or where entries of its kind live.

        Raises:
            CannotEdit: nothing to add, an id that is taken, or no kind of this name.
        """
        from index.changes.adding import plan_add
        from index.shapes import file_for

        entries = self._workspace.entries()
        kind = self._kind(kind)
        place = file or file_for(kind, entries, project or texts.get("project", ""))
        data = read_or_none(self._workspace.real(place))
        like = next((e.file for e in entries if e.kind == kind and e.file != place), None)
        model = read_or_none(self._workspace.real(like)) if like else None
        return plan_add(data, place, kind, texts, entries=entries, now=now, like=model)

    def _kind(self, name: str) -> str:
        """Return the kind that `name` means: itself, or the only one that ends so."""
        kinds = self.kinds()
        ends = [kind for kind in kinds if kind.endswith(f"-{name}")]
        if name in kinds or not ends:
            return name
        if len(ends) > 1:
            raise CannotEdit(f"{name} may be {', '.join(ends[:-1])} or {ends[-1]}: name one of them.")
        return ends[0]

    def delete(self, entry_id: str) -> Plan:
        """Plan the end of an entry."""
        from index.changes.deleting import plan_delete

        entry = self._workspace.entry(entry_id)
        return plan_delete(read(self._workspace.real(entry.file)), entry.file, entry.id)

    def duplicate(self, entry_id: str, now: datetime) -> Plan:
        """Plan a copy of an entry right behind it."""
        from index.changes.moving import plan_duplicate

        entry = self._workspace.entry(entry_id)
        data = read(self._workspace.real(entry.file))
        return plan_duplicate(data, entry.file, entry.id, entries=self._workspace.entries(), now=now)

    def move(self, entry_id: str, file: str, now: datetime, *, project: str = "") -> Plan:
        """Plan an entry's move to another file of the tree."""
        from index.changes.moving import plan_move

        entry = self._workspace.entry(entry_id)
        return plan_move(
            read(self._workspace.real(entry.file)), entry.file, entry.id,
            read_or_none(self._workspace.real(file)), file,
            entries=self._workspace.entries(), now=now, project=project,
        )  # fmt: skip

    def rename_tag(self, old: str, new: str, only: Collection[str] | None = None) -> Plan:
        """Plan giving a tag another name wherever entries have it; an empty name takes it away."""
        from index.changes.bulk import plan_rename_tag

        entries = self._workspace.entries()
        files = self._files([entry.file for entry in entries if old in entry.tags])
        return plan_rename_tag(files, old, new, entries=entries, only=only)

    def set_field(self, ids: Sequence[str], name: str, text: str) -> Plan:
        """Plan setting one field in several entries."""
        from index.changes.bulk import plan_set_field

        held = [self._workspace.entry(entry_id) for entry_id in ids]
        files = self._files([entry.file for entry in held])
        return plan_set_field(files, [e.id for e in held], name, text, entries=self._workspace.entries())

    def markup(self, entry_id: str) -> Markup:
        """Return the XML of an entry as its file has it now."""
        from index.changes.raw import open_markup

        entry = self._workspace.entry(entry_id)
        return open_markup(read(self._workspace.real(entry.file)), entry.file, entry.id)

    def edit_markup(self, entry_id: str, markup: str, base: bytes | None = None) -> Plan:
        """Plan another XML text for an entry.

        Raises:
            BrokenMarkup: the text is not well-formed; it names every problem.
            Conflict: the file on disk is no longer `base`.
        """
        from index.changes.raw import plan_markup

        entry = self._workspace.entry(entry_id)
        data = read(self._workspace.real(entry.file))
        if base is not None and base != data:
            raise Conflict(f"{entry.file} was changed by someone else while you edited it.", data)
        return plan_markup(data, entry.file, entry.id, markup)

    def repairs(self) -> list[Plan]:
        """Plan all repairs of the tree that only escape."""
        from index.changes.repairing import plan_repairs

        broken = [p.file for p in self._workspace.problems() if p.level == "error" and p.repairable]
        return plan_repairs(self._files(broken))

    def _files(self, names: Sequence[str]) -> dict[str, bytes]:
        return {name: read(self._workspace.real(name)) for name in dict.fromkeys(names)}
