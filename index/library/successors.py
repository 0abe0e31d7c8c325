"""Entries that have another id than before: their file was renamed, they were moved, or called otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.model.entry import Entry
from index.model.file_record import FileRecord

Records = Mapping[str, FileRecord]


@dataclass(frozen=True)
class _Later:
    """The ids that those of one moment became; equal to another of the same moment."""

    steps: Sequence[Mapping[str, str]]
    begun: int

    def __call__(self, entry_id: str) -> str:
        for step in self.steps[self.begun :]:
            entry_id = step.get(entry_id, entry_id)
        return entry_id


class Successors:
    """Follows the entries of a tree from one reading to the next; any thread may ask."""

    def __init__(self, tell: Callable[[Mapping[str, str]], object] = lambda renamed: None) -> None:
        """Begin; `tell` is called with the old ids of each step, and the new ones."""
        self._tell = tell
        self._steps: list[Mapping[str, str]] = []
        self._lost: dict[str, Entry] = {}
        """Entries that went, and may come back in another file."""

    def from_now(self) -> Callable[[str], str]:
        """Return a function from the ids of this moment to those of the moment when it is called."""
        return _Later(self._steps, len(self._steps))

    def take(self, before: Records, after: Records, paths: Iterable[str]) -> None:
        """Look which entry is which, in those of the files that were read anew."""
        from index.model.entry_matching import is_doubtful, moves, pair

        step: dict[str, str] = {}
        came: list[Entry] = []
        for path in paths:
            old, new = _entries(before, path), _entries(after, path)
            if {entry.id for entry in old} == {entry.id for entry in new}:
                continue
            for was, now in pair(old, new):
                if was is not None and now is not None:
                    step[was.id] = now.id
                elif was is not None:
                    self._lost[was.id] = was
                elif now is not None and self._lost.pop(now.id, None) is None:
                    came.append(now)
        lost = [*self._lost.values()] if came else []
        for place, there in moves(lost, came).items():
            if not is_doubtful(lost[place], came[there]):
                step[lost[place].id] = came[there].id
                del self._lost[lost[place].id]
        renamed = {old: new for old, new in step.items() if old != new}
        if renamed:
            self._steps.append(renamed)
            self._tell(renamed)


def _entries(records: Records, path: str) -> Sequence[Entry]:
    return records[path].entries if path in records else ()
