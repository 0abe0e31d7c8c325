"""Facts about a plan before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from index.editing.doubts import doubts
from index.editing.protection import check_one_place
from index.model.counts import count_words, listed
from index.model.errors import Refused, TreeError
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.model.text.text_diff import DiffLine, diff_lines, stats

if TYPE_CHECKING:
    from index.model.commits import State
    from index.model.plan import Plan, PlannedChange
    from index.workspace import Workspace


class FileFacts(NamedTuple):
    """The change of one file."""

    file: str
    lines: list[DiffLine]
    errors_before: int
    errors_after: int
    moved: bool
    """The file is no longer as the app last read it: the change lies on top of the edits in between."""
    new: bool
    gone: bool


class Facts(NamedTuple):
    """Facts about a plan, gathered in a worker."""

    files: list[FileFacts]
    state: State | None
    warning: str
    """The plan's warning; empty without one."""
    unversioned: str
    """The reason why nothing will be committed; empty when it will."""
    mixed: int = 0
    """Number of the files that hold other changes too, in no commit: those go into this one."""
    doubtful: str = ""
    """Doubt about the values it writes, such as a date that is none; empty without one."""
    mistaken: bool = False
    """Whether one of them is like none in the tree, and so rather a mistake than a habit."""
    final: bool = False
    """Whether it cannot be undone here: a file goes through a filter, so its past cannot be read."""
    complete: bool = True
    """Whether the repository was looked at; before, `state`, `unversioned` and `mixed` say nothing."""

    @property
    def stats(self) -> tuple[int, int]:
        """Lines added and removed."""
        counts = [stats(one.lines) for one in self.files]
        return sum(added for added, _ in counts), sum(removed for _, removed in counts)


def gather(workspace: Workspace, change: Plan) -> Iterator[Facts]:
    """Yield the facts: the files compared, then all of it, with a look at the repository."""
    from index.history.undo import can_undo

    written = change.written
    files = [_file(workspace, planned, written=written) for planned in change.changes]
    found = doubts(change, workspace.tree.known())
    doubtful, mistaken = " ".join(doubt.words for doubt in found), any(doubt.firm for doubt in found)
    facts = Facts(files, None, change.warning, "", complete=False, doubtful=doubtful, mistaken=mistaken)
    yield facts
    state = None
    unversioned = ""
    mixed = 0
    final = False
    try:
        check_one_place(change.changes)
        repository = workspace.tree.repository_of(*(one.file for one in files))
        state = repository.state() if repository is not None else None
        unversioned = workspace.tree.why_unversioned([one.file for one in files])
        final = not unversioned and not can_undo(repository, [one.file for one in files])
        if repository is None or unversioned:
            state = None
        elif state is not None and state.dirty and not written:
            mixed = len({one.file for one in files}.intersection(repository.uncommitted()))
    except (CannotEdit, Refused, OSError) as error:
        unversioned = str(error)
    yield facts._replace(state=state, unversioned=unversioned, mixed=mixed, final=final, complete=True)


def going_along(workspace: Workspace, plan: Plan) -> str:
    """Tell which edits of somebody else a commit of a plan takes along; empty where it takes none."""
    from index.history.uncommitted import edits_between

    said = []
    for one in () if plan.written or plan.whole else plan.changes:
        repository = workspace.tree.repository_of(one.file)
        if one.before in (None, one.after) or repository is None or repository.kept:
            continue
        with suppress(Refused, TreeError):  # a file that goes through a filter cannot be compared
            head = repository.checked_out(one.file, like=one.before)
            if head not in (None, one.before) and one.file in repository.uncommitted():
                repository.check_past(one.file, one.before)
                titles = [f"“{edit.entry.title}”" for edit in edits_between(one.file, head, one.before)]
                which = f": {listed(titles)}" if titles else ""
                said.append(f"{shown(one.file)} also has edits that are not committed{which}; they go along.")
    return " ".join(said)


def _file(workspace: Workspace, planned: PlannedChange, *, written: bool) -> FileFacts:
    from index.formats.registry import open_file
    from index.storage.files import digest

    before, after = (open_file(data, planned.file) for data in (planned.before, planned.after))
    record = workspace.tree.snapshot.records.get(planned.file)
    now = (planned.after if written else planned.before) or b""
    moved = record is not None and bool(record.digest) and record.digest != digest(now)
    new, gone = planned.before is None, planned.after is None
    errors = 0 if new else len(before.errors), 0 if gone else len(after.errors)
    return FileFacts(planned.file, diff_lines(before.source, after.source), *errors, moved, new, gone)


def in_words(facts: FileFacts, fields: int = 0) -> str:
    """Tell the change of the lines of a file: `1 field · 2 lines changed`."""
    added, removed = stats(facts.lines)
    if facts.new:
        return f"a new file, {count_words(added, 'line')}"
    if facts.gone:
        return f"the file is deleted, {count_words(removed, 'line')}"
    if not (added or removed):
        return "only its encoding changes"
    what = "" if not fields else f"{count_words(fields, 'field')} · "
    if added and removed:
        return f"{what}{count_words(max(added, removed), 'line')} changed"
    return f"{what}{count_words(added or removed, 'line')} {'added' if added else 'removed'}"
