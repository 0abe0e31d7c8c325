"""The net change of each entry in a session, whatever its commits did on the way.

An entry that was removed and restored, or edited and edited back, has not changed. One that was removed from
one file and added to another was moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.model.entry import id_file, id_key
from index.sessions.model import ADDED, EDITED, REMOVED, Work


@dataclass(slots=True)
class Fate:
    """The changes of one entry, commit by commit."""

    works: list[Work]
    """The oldest first."""

    @property
    def is_new(self) -> bool:
        """Whether the session did not find it."""
        return not self.works[0].before

    @property
    def is_gone(self) -> bool:
        """Whether the session left it removed."""
        return not self.works[-1].after

    @property
    def edits(self) -> list[Work]:
        """The edits of it, without the changes that brought or removed it."""
        return [work for work in self.works if work.change == EDITED]

    def net_work(self) -> Work | None:
        """Return the session's change of it as one piece of work, None where it is as it was."""
        first, last = self.works[0], self.works[-1]
        if len(self.works) == 1 or (self.is_gone and not self.is_new):
            return last
        if self.is_gone:
            return None
        if self.is_new:
            return last._replace(change=ADDED, when=first.when, rev=first.rev, summary="")
        was = first.was or first.id
        file, now = (id_file(work_id) for work_id in (was, last.id))
        edited = last._replace(change=EDITED, was=was, since=first.rev)
        if first.before == last.after:
            return edited._replace(summary=f"moved from {file}") if file != now else None
        summary = "; ".join(dict.fromkeys(work.summary for work in self.edits if work.summary))
        return edited._replace(summary=summary or "removed and added again")


def fates(work: Iterable[Work]) -> list[Fate]:
    """Follow each entry through the work of commits, the oldest first."""
    found: list[Fate] = []
    by_id: dict[str, Fate] = {}
    gone: dict[str, Fate] = {}
    """Those of them that were removed last."""
    for one in work:
        before = one.was or one.id
        fate = by_id.pop(before, None)
        gone.pop(before, None)
        if fate is None and one.change == ADDED and (moved := _moved(gone, one)):
            fate = by_id.pop(moved)
            del gone[moved]
        if fate is None:
            fate = Fate([])
            found.append(fate)
        fate.works.append(one)
        by_id[one.id] = fate
        gone.pop(one.id, None)
        if one.change == REMOVED:
            gone[one.id] = fate
    return found


def _moved(gone: dict[str, Fate], added: Work) -> str:
    """Return the entry that was removed elsewhere and says the same, or bears the same id; empty for none."""
    key = id_key(added.id)
    for known, fate in gone.items():
        last = fate.works[-1]
        if last.kind == added.kind and (last.before == added.after or id_key(known) == key):
            return known
    return ""
