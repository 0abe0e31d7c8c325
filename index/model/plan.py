"""A planned change of files, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import NamedTuple, ParamSpec

from index.model.path_spelling import shown
from index.model.problems import Problem

P = ParamSpec("P")


class CannotEdit(Exception):
    """The change cannot be made; one plain sentence with the way out next."""


class OnAnotherBranch(CannotEdit):
    """A change that is to be taken back is one of another branch, so that an earlier one is meant."""


class Protected(CannotEdit):
    """The file says that nobody is to change it, or a program keeps it for itself."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{shown(file)} is read-only: {why}. Nothing was written.")


@dataclass(frozen=True)
class PlannedChange:
    """The change of one file."""

    file: str
    """Path relative to the tree, with `/`."""
    before: bytes | None
    """The bytes that the plan was made from; None when there is no such file yet."""
    after: bytes | None
    """None deletes the file."""


@dataclass(frozen=True)
class Plan:
    """A change to be reviewed as a whole and saved as one commit."""

    changes: tuple[PlannedChange, ...]
    """In the order to write them: files that gain entries come before those that lose them, so that an
    entry on the move is never in no file."""
    message: str
    """The proposed commit message."""
    entries: tuple[str, ...] = ()
    """Ids of the entries concerned, as they are after it; those of deleted ones as they were."""
    fields: tuple[str, ...] = ()
    """Names of the fields that change."""
    warning: str = ""
    """A risk that the user should know before saving; one plain sentence."""
    written: bool = False
    """The files are so on disk already: only the commit is missing."""
    whole: bool = False
    """The content at the last commit was looked at, as where an earlier version is put back."""
    again: Callable[[], Plan] | None = field(default=None, compare=False, repr=False)
    """Makes the same change of the tree as it is then; None where only its bytes are known."""

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return any(change.before != change.after for change in self.changes)


def renewable(make: Callable[P, Plan]) -> Callable[P, Plan]:
    """Let a function's plans remember its arguments: `Plan.again` makes them on the tree as it is then."""

    @wraps(make)
    def planned(*args: P.args, **kwargs: P.kwargs) -> Plan:
        return replace(make(*args, **kwargs), again=lambda: planned(*args, **kwargs))

    return planned


def of_file(
    file: str,
    before: bytes | None,
    after: bytes | None,
    message: str,
    entry: str = "",
    fields: tuple[str, ...] = (),
    warning: str = "",
) -> Plan:
    """Return a plan of one file, about one entry or about none."""
    return Plan((PlannedChange(file, before, after),), message, (entry,) if entry else (), fields, warning)


def together(plans: Iterable[Plan], message: str) -> Plan:
    """Return plans for different files as one."""
    plans = list(plans)
    return Plan(
        tuple(change for plan in plans for change in plan.changes),
        message,
        tuple(entry for plan in plans for entry in plan.entries),
        tuple(dict.fromkeys(name for plan in plans for name in plan.fields)),
        " ".join(dict.fromkeys(plan.warning for plan in plans if plan.warning)),
    )


class Misread(CannotEdit):
    """A text would read as a heading or the like; as a code block it would not."""

    way = "fence"
    does = "does so"


class Doubtful(CannotEdit):
    """A value looks wrong, and nothing of the tree is like it."""

    way = "force"


class Unsaved(CannotEdit):
    """A file that would become a whole other one has edits that no commit holds."""

    way = "force"
    does = "keeps them aside and goes on"


class EntryGone(CannotEdit):
    """The entry that is edited is no longer there, or none is surely the same."""

    def __init__(self) -> None:
        super().__init__(
            "The entry is no longer in its file, and no other is surely the same. Your text stays here."
        )


class BrokenMarkup(CannotEdit):
    """The text is no well-formed element; it was not saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(f"Line {first.line}, column {first.column}: {first.message}")
        self.problems = problems
        """All of them, by position; lines, columns and offsets are those of the file with the text in it."""


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
