"""The outcome of a save."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from index.model.plan import Plan


class Saved(NamedTuple):
    """The outcome of a save."""

    file: str
    revision: str | None
    """The commit, or None when the edit is on disk only."""
    note: str
    """One plain sentence."""
    warning: str = ""
    """A side effect that the user should know of; one plain sentence, part of the note too."""
    unversioned: bool = False
    """It was written where git holds nothing."""
    files: tuple[str, ...] = ()
    """Of the tree, those that an undo or a redo wrote."""
    entries: tuple[str, ...] = ()
    """Ids of the entries that an undo or a redo changed."""
    undoable: bool = True
    """Whether an undo can read the content from before."""
    anew: Plan | None = None
    """The plan that was saved, where others had written in between; else None, for the one given."""

    def warned(self, words: str) -> Saved:
        """Return it with one more sentence that the user should know."""
        return self._replace(note=f"{self.note} {words}".lstrip(), warning=f"{self.warning} {words}".lstrip())
