"""Taking one commit of memarium back, as a new change: by entry, whatever else was done since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from index.formats.base import MemoryFile
from index.formats.opened import entries_inside, source_of
from index.formats.registry import open_file
from index.git.objects import raw_id
from index.git.repository import Repository
from index.history.entry_at_commit import EntryAtCommit
from index.history.field_diff import compare
from index.history.restore import insert_entry, remove_entry, replace_entry
from index.model.commits import proposed, whole_words
from index.model.entry import Entry
from index.model.entry_matching import Pair, content, pair
from index.model.errors import EditRefused, HistoryError
from index.model.plan import OnAnotherBranch
from index.storage.journal import JournalRecord


class Undo(NamedTuple):
    """The files as an undo will write them; nothing is written yet."""

    files: Mapping[str, bytes | None]
    """By path in the tree; None deletes the file. Only those that differ from the files now: none where
    somebody else took it back."""
    message: str
    """The proposed commit message."""
    record: JournalRecord
    """The change that it takes back."""


class Refusal(NamedTuple):
    """The reason why a commit cannot be taken back."""

    reason: str
    """One plain sentence."""
    entry: str = ""
    """Id of the entry in the way, as it is now; empty when it is none."""
    path: str = ""
    """Its file, relative to the tree."""


def can_undo(repository: Repository | None, paths: Sequence[str]) -> bool:
    """Whether the earlier content of these files can be read: no filter program comes before them."""
    try:
        if repository is None or not repository.forms.may_filter(paths):
            return True  # as most have none, which takes no process to see: every save comes by here
        return not (repository.forms.filtered(paths) and repository.forms.hidden(paths))
    except (HistoryError, OSError):
        return True  # git does not answer now; the undo will say why


def plan_undo(
    repository: Repository, record: JournalRecord, read: Callable[[str], bytes | None]
) -> Undo | Refusal:
    """Plan taking a commit back; to redo, take the undo back.

    Raises:
        OnAnotherBranch: only other branches have it, and nothing of it can be taken back here.
        HistoryError: git could not read the commit.
        TreeError: a file cannot be read now.
    """
    planned = _plan(repository, record, read)
    if (isinstance(planned, Refusal) or not planned.files) and repository.only_elsewhere(record.rev):
        raise OnAnotherBranch(record.rev)
    return planned


def _plan(
    repository: Repository, record: JournalRecord, read: Callable[[str], bytes | None]
) -> Undo | Refusal:
    commit = repository.resolve(record.rev)
    if commit is None:
        return Refusal(f"The commit {record.rev[:7]} is no longer in this repository.")
    parent = repository.resolve(f"{commit}^")
    if parent is None and commit in repository.cut_off():
        return Refusal("What was before is not in this shallow clone: git fetch --unshallow gets it.")
    files: dict[str, bytes | None] = {}
    for path in record.paths:
        now = read(path)
        base, theirs = _sides(repository, commit, parent, path, now)
        if path in record.stood:
            # Somebody else's change was committed along with ours: only ours is taken back.
            try:
                theirs = Path(record.stood[path]).read_bytes()
            except OSError:
                return Refusal(f"What {path} held before is not kept any more: restore it from its history.")
        result = take_back(base, theirs, now, path)
        if isinstance(result, Refusal):
            return result
        if result.data != now:
            files[path] = result.data
    return Undo(files, _message(record), record)


def _sides(
    repository: Repository, commit: str, parent: str | None, path: str, now: bytes | None
) -> tuple[bytes | None, bytes | None]:
    """Return the bytes of a file after and before a commit, in the form that it has on disk."""
    ids = [repository.tree_blob_id(rev, path) if rev else "" for rev in (commit, parent)]
    if now is not None and ids[0] and raw_id(now, ids[0]) == ids[0]:
        return now, repository.content(ids[1], path)
    after, before = (repository.forms.checked_out(path, blob) for blob in ids)
    return after, before


class UndoResult(NamedTuple):
    """A file after a change was taken back; None: it is deleted."""

    data: bytes | None


def take_back(base: bytes | None, theirs: bytes | None, now: bytes | None, path: str) -> UndoResult | Refusal:
    """Undo base → `theirs` backwards in `now`: fields changed in `base` become again as in `theirs`.

    Entries that were not part of the change stay as they are now.
    """
    if theirs in (base, now):
        return UndoResult(now)
    if now == base:
        return UndoResult(theirs)
    if now is None or base is None:
        what = "was deleted" if now is None else "was written again"
        return Refusal(f"{path} {what} since, so the change in it cannot be undone.", path=path)
    if theirs is None:
        return Refusal(f"{path} was edited since it was made, so that cannot be undone.", path=path)
    three = [open_file(data, path) for data in (base, theirs, now)]
    if refusal := next((one.refusal for one in three if one.refusal), ""):
        return Refusal(f"{path} cannot be undone in part: {refusal}", path=path)
    if any(document.readonly for document in three):
        return Refusal(f"{path} is too broken or too large to undo one change in it.", path=path)
    try:
        return _by_entry(*three)
    except EditRefused as error:
        return Refusal(f"The change cannot be undone: {error}", path=path)


def _by_entry(base: MemoryFile, theirs: MemoryFile, now: MemoryFile) -> UndoResult | Refusal:
    if _around(base) != _around(theirs):
        path = base.path
        reason = f"The change was not only in the memories of {path}, and the file was edited since."
        return Refusal(reason, path=path)
    changed = [one for one in pair(base.entries, theirs.entries) if _differ(base, theirs, one)]
    for then, was in changed:
        mine = now.entries
        if then is None:
            assert was is not None
            if _same_as(was, mine) is None:
                now = insert_entry(now, EntryAtCommit(was, theirs))
            continue
        here = _now(base, then, mine)
        if here is None:
            if was is None:
                continue  # it was added, and is gone already
            return Refusal(f"“{then.title}” was deleted since, so its edit cannot be undone.", path=base.path)
        if was is not None and not compare(here, was):
            continue
        if compare(here, then):
            what = "edited again since" if was is not None else "edited since it was added"
            return Refusal(f"“{here.title}” was {what}: undo that first, or restore it.", here.id, base.path)
        now = remove_entry(now, here) if was is None else replace_entry(now, here, EntryAtCommit(was, theirs))
    return UndoResult(now.to_bytes())


def _differ(base: MemoryFile, theirs: MemoryFile, one: Pair) -> bool:
    if one.before is None or one.after is None:
        return True
    return source_of(base, one.before) != source_of(theirs, one.after)


def _now(base: MemoryFile, then: Entry, mine: list[Entry]) -> Entry | None:
    """Find an entry of the commit in the file as it is now."""
    pairs = pair(base.entries, mine)
    return next((after for old, after in pairs if old is not None and old.ref == then.ref), None)


def _same_as(was: Entry, mine: list[Entry]) -> Entry | None:
    return next((entry for entry in mine if content(entry) == content(was)), None)


def _around(document: MemoryFile) -> list[str]:
    """Return the text of a file outside its entries, without the white space."""
    pieces: list[str] = []
    position = 0
    for entry in sorted(document.entries, key=lambda entry: entry.ref):
        if entries_inside(document, entry):
            continue  # it is around others: its own parts stay in the text that is compared
        start, end = document.span(entry.ref)
        pieces.append(document.source[position:start])
        position = end
    pieces.append(document.source[position:])
    return "".join(pieces).split()


def _message(record: JournalRecord) -> str:
    verb = "redo" if record.sort == "undo" else "undo"
    what = whole_words(record.message)
    for done in ("undo ", "redo "):
        what = what.removeprefix(done)
    return proposed(f"{verb} {what or record.rev[:7]}")
