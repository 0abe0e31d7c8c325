"""Requests: screens and actions that a screen asks the app for, without knowing who answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from index.model.addresses import Destination
    from index.model.commits import LogStep
    from index.model.draft import Draft
    from index.model.entry import Deleted, Entry
    from index.model.errors import Conflict
    from index.model.plan import Plan


# ── to be opened ──────────────────────────────────────────────────────────────


class EditEntry(NamedTuple):
    """Edit the fields of an entry."""

    entry_id: str


class EditMarkup(NamedTuple):
    """Edit the source of an entry."""

    entry_id: str
    title: str
    """The name of the entry, for the heading."""


class OpenHistory(NamedTuple):
    """Show the versions of an entry, also of one that is deleted."""

    entry_id: str
    title: str
    """The name of the entry, for the heading."""


class OpenFileHistory(NamedTuple):
    """Show the versions of a file of the tree, also of one that is deleted."""

    file: str


class FoundEntry(NamedTuple):
    """An entry as the first commit of an edit found it."""

    step: LogStep
    entry_id: str
    """Its id before that commit."""


class Spot(NamedTuple):
    """Target of a line of the story: an entry as it was, or a commit."""

    kind: Literal["entry", "commit"]
    title: str
    step: LogStep | None
    """The commit; None where git tells nothing of it."""
    entry_id: str = ""
    before: bool = False
    """The entry as the commit found it."""
    edited: FoundEntry | None = None
    """How the session found an entry that it edited; None for one that it did not edit."""


class OpenAtCommit(NamedTuple):
    """Show an entry, or a commit, as it was."""

    spot: Spot
    compare: bool = False
    """Beside how it is now."""


Place = EditEntry | EditMarkup | OpenHistory | OpenFileHistory | OpenAtCommit
"""A request for another screen."""


# ── to be done ────────────────────────────────────────────────────────────────


class EditInEditor(NamedTuple):
    """Open a file in `$EDITOR`, and review the edited text."""

    file: str
    line: int


class ChangeEntries(NamedTuple):
    """Delete entries, put a copy behind each, or ask for a file and move them there; after a look at it."""

    how: Literal["delete", "duplicate", "move"]
    entries: Sequence[Entry]
    warning: str = ""
    """A risk that the user should know before; one plain sentence."""


class CopyEntries(NamedTuple):
    """Copy entries, and offer other forms of them."""

    entries: Sequence[tuple[Entry, Deleted | None]]
    """Each with how it was deleted, None for one that is there."""
    shown: str = ""
    """The text to copy first, where something else is shown than a page."""
    field: str = ""
    """Name of the field that is in view, to be proposed; empty where the entry is."""
    code: int = 0
    """The mark of the block of code that is in view; 0 for the field as a whole."""


class RunCommand(NamedTuple):
    """Run a command of the user's own for an entry."""

    words: Sequence[str]
    """As they are in the settings: with the names of values."""
    entry: Entry


class ExportEntries(NamedTuple):
    """Ask for a format and a file, and write entries there."""

    entries: Sequence[Entry]
    """None of them: all that is found, or the one that is shown."""


class SetField(NamedTuple):
    """Ask for a field and its text, and set it in several entries."""

    ids: Sequence[str]


class FollowOne(NamedTuple):
    """Go to a place, or ask to which of several."""

    places: Sequence[Destination]


class Revive(NamedTuple):
    """Bring deleted entries back at their places."""

    gone: Sequence[Deleted]
    warning: str = ""
    """A risk that the user should know before; one plain sentence."""


class GoOn(NamedTuple):
    """Go on with a draft of no single entry."""

    left: Draft


class Propose(NamedTuple):
    """Plan a change in a thread, show its review, save it, and tell the outcome."""

    make: Callable[[], Plan]
    """Plans it; called again when others changed the same under the review."""
    title: str
    """Heading of the review."""
    what: str
    """The changed thing, as the toast calls it."""
    done: str = "Saved"
    """The verb of the toast: `Deleted`."""
    then: Callable[[Plan], object] = lambda plan: None
    """Called with the saved plan, before that is told."""
    back: str = "cancel"
    """The word for leaving the review without saving."""
    left: Callable[[Plan], object] = lambda plan: None
    """Called when the review is left so."""
    conflict: Callable[[Conflict], object] | None = None
    """Called when a file changed under the change; None: it is said, and planned anew."""
    refused: Callable[[Exception], object] | None = None
    """Called with why there is no plan; None: it is said."""
    message: str = ""
    """The commit message that the user wrote; empty: that of the plan."""
    typed: Callable[[str], None] | None = None
    """Called with the commit message whenever the user changes it, to keep it."""


class EndInterrupted(NamedTuple):
    """Ask for each interrupted change whether it is finished or taken back; nothing where there is none."""


Deed = (
    EditInEditor
    | RunCommand
    | ChangeEntries
    | CopyEntries
    | ExportEntries
    | SetField
    | FollowOne
    | Revive
    | GoOn
    | Propose
    | EndInterrupted
)
"""A request for a flow over several screens."""
Request = Place | Deed
