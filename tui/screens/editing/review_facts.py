"""Facts about a plan before it is saved, and the sentences that tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from index.editing.doubts import doubts
from index.model.counts import count_words
from index.model.errors import Refused
from index.model.text_diff import DiffLine, diff_lines, stats
from tui.theme.drawing import BLANK, plain, t, wrap

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
    """The file is no longer as the app last read it: the change lies on top of what came in between."""
    new: bool
    gone: bool


class Facts(NamedTuple):
    """Facts about a plan, gathered in a worker."""

    files: list[FileFacts]
    state: State | None
    warning: str
    """The plan's warning; empty without one."""
    unversioned: str
    """Why nothing will be committed; empty when it will."""
    mixed: int = 0
    """How many of the files hold other changes too that no commit has: those go into this one."""
    doubtful: str = ""
    """Doubt about the values it writes, such as a date that is none; empty without one."""
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
    """Yield what is known: the files compared, then all of it, with a look at the repository."""
    from index.history.undo import can_undo

    written = change.written
    files = [_file(workspace, planned, written=written) for planned in change.changes]
    doubtful = " ".join(doubt.words for doubt in doubts(change, workspace.tree.known()))
    facts = Facts(files, None, change.warning, "", complete=False, doubtful=doubtful)
    yield facts
    state = None
    unversioned = ""
    mixed = 0
    final = False
    try:
        state = workspace.tree.state()
        unversioned = workspace.tree.why_unversioned([one.file for one in files])
        final = not unversioned and not can_undo(workspace.tree.repository, [one.file for one in files])
        if workspace.tree.repository is None or unversioned:
            state = None
        elif state is not None and state.dirty and not written:
            mixed = len({one.file for one in files}.intersection(workspace.tree.repository.uncommitted()))
    except (Refused, OSError) as error:
        unversioned = str(error)
    yield facts._replace(state=state, unversioned=unversioned, mixed=mixed, final=final, complete=True)


def _file(workspace: Workspace, planned: PlannedChange, *, written: bool) -> FileFacts:
    from index.formats.xml.document import Document
    from index.library.file_reader import digest

    before, after = (Document.parse(data or b"", planned.file) for data in (planned.before, planned.after))
    record = workspace.tree.snapshot.records.get(planned.file)
    now = (planned.after if written else planned.before) or b""
    moved = record is not None and bool(record.digest) and record.digest != digest(now)
    new, gone = planned.before is None, planned.after is None
    errors = 0 if new else len(before.errors), 0 if gone else len(after.errors)
    return FileFacts(planned.file, diff_lines(before.source, after.source), *errors, moved, new, gone)


def in_words(facts: FileFacts, fields: int = 0) -> str:
    """Say what happens to the lines of a file: `one field, 2 lines become 1`."""
    added, removed = stats(facts.lines)
    if facts.new:
        return f"a new file, {count_words(added, 'line')}"
    if facts.gone:
        return f"the file goes, {count_words(removed, 'line')}"
    what = "" if not fields else "one field, " if fields == 1 else f"{fields} fields, "
    if added and removed:
        return f"{what}{count_words(removed, 'line')} become{'s' if removed == 1 else ''} {added:,}"
    return f"{what}{count_words(added or removed, 'line')} {'added' if added else 'removed'}"


def verdicts(facts: Facts) -> Iterator[Content]:
    """Yield what is sure about the change, and what is worth a look."""
    sure, look = ("✓", "ok"), ("!", "warn")
    kept = [one for one in facts.files if not one.gone]
    alone = len(kept) == 1
    if kept and not any(one.errors_after for one in kept):
        mended = any(one.errors_before for one in kept)
        stays = ("becomes" if mended else "stays") if alone else ("become" if mended else "stay")
        yield t(sure, (f" the file{'' if alone else 's'} {stays} well-formed", "muted"))
    for one in kept:
        name = "the file" if alone else one.file.rpartition("/")[2]
        if one.errors_after > one.errors_before:
            yield t(look, (f" {name} will not be well-formed", "muted"))
        elif one.errors_after:
            yield t(look, (f" {name} has {_elsewhere(one.errors_after)}", "muted"))
    if any(one.moved for one in facts.files):
        yield t(look, (" the file changed meanwhile, this lies on top of it", "muted"))
    else:
        yield t(sure, (" nothing else changed on disk", "muted"))
    if facts.mixed:
        what = (
            "the file holds" if facts.mixed == len(facts.files) == 1 else f"{facts.mixed} of the files hold"
        )
        yield t(
            look,
            (f" {what} other changes that no commit has: they go with it, esc and P shows them", "muted"),
        )
    told = alone and 0 < kept[0].errors_after <= kept[0].errors_before
    if facts.warning and not told:
        yield t(look, " ", plain(facts.warning.rstrip("."), "muted"))
    if facts.doubtful:
        yield t(look, " ", plain(facts.doubtful.rstrip("."), "warn"))
    if facts.final:
        whose = "the file goes" if alone else "its files go"
        yield t(look, (f" cannot be undone with u: {whose} through a filter", "warn"))
    else:
        yield t(sure, (" can be undone with u", "muted"))


def _elsewhere(errors: int) -> str:
    return "a problem elsewhere, it stays" if errors == 1 else f"{errors} problems elsewhere, they stay"


def flow(items: Sequence[Content], width: int) -> Iterator[Content]:
    """Set items side by side with five cells between, as many as fit a line."""
    row = BLANK
    for item in items:
        if row.plain and row.cell_length + 5 + item.cell_length > width:
            yield row
            row = BLANK
        if item.cell_length > width:
            yield from wrap(item, width)
        else:
            row = t(row, "     ", item) if row.plain else item
    if row.plain:
        yield row
