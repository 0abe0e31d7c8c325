"""The changes that a commit made to the entries, read once: commits never change."""

from __future__ import annotations

from hashlib import blake2b

from index.history.field_diff import compare, describe, shape_of
from index.history.tree_log import StepReader
from index.model.commits import LogStep
from index.model.days import local
from index.model.entry import Entry
from index.sessions.commit_cache import Store
from index.sessions.model import ADDED, EDITED, REMOVED, Work

_TOLD = 2
"""Fields of an edit that are told of; the history of the entry shows the others."""


def work_of(step: LogStep, reader: StepReader, store: Store) -> tuple[Work, ...]:
    """Return the changes that a commit made to the entries; none of a merge, its commits have them."""
    if is_merge(step):
        return ()
    known = store.work(step.rev)
    if known is None:
        known = rows_of(step, reader)
        if not step.cut:  # a fetch may bring what it did
            store.keep(step.rev, known)
    when = local(step.when)
    return tuple(
        Work(entry, change, kind, group, title, when, project, step.rev, summary, was, before, after)
        for entry, change, kind, group, title, project, summary, was, before, after in known
    )


def is_merge(step: LogStep) -> bool:
    """Whether a commit brings others together."""
    return bool(step.files) and len(step.files[0].olds) > 1


def rows_of(step: LogStep, reader: StepReader) -> list[list[str]]:
    """Return the changes as `Store` keeps them."""
    done = reader.version(step).done
    rows = [_row(ADDED, None, entry) for entry in done.added]
    for before, after in done.edited:
        if after is not None:
            rows.append(_row(EDITED, before, after, describe(compare(before, after), _TOLD)))
    rows += [
        _row(EDITED, before, after, f"moved from {before.file}")
        for before, after in done.moved
        if before and after
    ]
    return rows + [_row(REMOVED, entry, None) for entry in done.removed]


def _row(change: str, before: Entry | None, after: Entry | None, summary: str = "") -> list[str]:
    entry = after or before
    assert entry is not None
    was = before.id if before is not None and before.id != entry.id else ""
    about = [entry.id, change, entry.kind, entry.group, entry.title, entry.project, summary]
    return [*about, was, _mark(before), _mark(after)]


def _mark(entry: Entry | None) -> str:
    """Return a mark that two versions share when nothing differs between them but their layout."""
    if entry is None:
        return ""
    said = {name: shape_of(text) if "\n" in text else text for name, text, _, _ in entry.fields}
    return blake2b(repr(sorted(said.items())).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
