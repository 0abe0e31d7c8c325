"""The net change of each entry in a session, whatever its commits did on the way.

An entry that was removed and restored, or edited and edited back, has not changed. One that was removed from
one file and added to another was moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
        file, now = (work_id.rpartition("#")[0] for work_id in (first.was or first.id, last.id))
        if first.before == last.after:
            return last._replace(change=EDITED, summary=f"moved from {file}") if file != now else None
        summary = "; ".join(dict.fromkeys(work.summary for work in self.edits if work.summary))
        return last._replace(change=EDITED, summary=summary or "removed and added again")


def fates(work: Iterable[Work]) -> list[Fate]:
    """Follow each entry through the work of commits, the oldest first."""
    found: list[Fate] = []
    by_id: dict[str, Fate] = {}
    for one in work:
        fate = by_id.pop(one.was or one.id, None)
        if fate is None and one.change == ADDED:
            fate = _moved(by_id, one)
        if fate is None:
            fate = Fate([])
            found.append(fate)
        fate.works.append(one)
        by_id[one.id] = fate
    return found


def _moved(by_id: dict[str, Fate], added: Work) -> Fate | None:
    """Take out the entry that was removed elsewhere and says the same, or bears the same id."""
    key = added.id.rpartition("#")[2]
    for known, fate in by_id.items():
        last = fate.works[-1]
        same = last.before == added.after or known.rpartition("#")[2] == key
        if last.change == REMOVED and last.kind == added.kind and same:
            return by_id.pop(known)
    return None
