"""Values that two sides may change at once without asking anyone: sets, times, counts, lines of a text."""

from __future__ import annotations

from dataclasses import dataclass

from index.formats.xml.merging.merge_nodes import MergeNode
from index.model.field_path import field_path
from index.model.text.text_merge import figure, later, merge_lines, merge_values, newer, whole
from index.model.vocabulary import fold, role, vocabulary

_SETS = ("tags", "tech")
_TOUCHED = ("updated", "modified", "edited", "changed", "accessed")
"""Words in the names of those times that every change of an entry moves."""


@dataclass
class Counts:
    """The numbers of entries that each side added: values that moved alike count them."""

    ours: int
    theirs: int
    merged: int | None
    """None while it is not known."""
    met: bool = False
    """Whether there is such a number."""

    @classmethod
    def of(cls, base: MergeNode | None, ours: MergeNode, theirs: MergeNode, merged: int | None) -> Counts:
        """Count the entries of three files; `merged` are those that come of them, when that is known."""
        if base is None:
            return cls(0, 0, None)
        old, mine, other = (sum(1 for n in file.walk() if n.entry) for file in (base, ours, theirs))
        return cls(mine - old, other - old, None if merged is None else merged - old)

    @property
    def moved(self) -> bool:
        """Whether both sides hold another number of entries than before."""
        return bool(self.ours and self.theirs)

    def settle(self, base: str, ours: str, theirs: str) -> str | None:
        """Return a number that counts entries, as it is after the merge; None for any other text."""
        old, mine, other = whole(base), whole(ours), whole(theirs)
        if not self.moved or old is None or mine is None or other is None:
            return None
        if (mine - old, other - old) != (self.ours, self.theirs):
            return None
        self.met = True
        return str(old + (self.ours + self.theirs if self.merged is None else self.merged))


def settle(
    field: str, base: str | None, ours: str, theirs: str, *, outside: bool, counts: Counts
) -> str | None:
    """Return a text with both changes, None when the user has to choose.

    `outside` says that the field is in no entry: it tells of the file.
    """
    about = outside or _is_about(field)
    if base is not None and about and (number := counts.settle(base, ours, theirs)):
        return number
    if ours == theirs:
        return ours
    if is_set(field):
        return merge_values(base or "", ours, theirs)
    if base is None:
        return None
    if about or (role(field) == "time" and any(word in fold(field) for word in _TOUCHED)):
        time = later(ours, theirs)
        if time is not None:
            return time
    if about:
        version = newer(ours, theirs) if fold(field).endswith("version") else None
        return version if version is not None else figure(ours, base, theirs)
    return merge_lines(base, ours, theirs) if "\n" in base else None


def is_set(field: str) -> bool:
    """Whether the order of a field's values means nothing, by the role of the field."""
    return role(field) in _SETS


def _is_about(field: str) -> bool:
    """Whether a field is in the file's metadata or metrics."""
    words = vocabulary()
    names = [fold(step.name) for step in field_path(field).steps]
    return any(n in words.metadata or n in words.metrics or n.endswith("-metrics") for n in names)
