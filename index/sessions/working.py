"""What a commit did to the entries, read once: commits never change."""

from __future__ import annotations

from index.history.comparing import compare, describe
from index.history.log import Step
from index.history.tree_log import StepReader
from index.memory.days import local
from index.memory.entries import Entry
from index.sessions.model import ADDED, EDITED, REMOVED, Work
from index.sessions.store import Store

_TOLD = 2
"""Fields of an edit that are told of; the history of the entry shows the others."""


def work_of(step: Step, reader: StepReader, store: Store) -> tuple[Work, ...]:
    """Return what a commit did to the entries of the tree; of a merge nothing, its commits tell it."""
    if step.files and len(step.files[0].olds) > 1:
        return ()
    known = store.work(step.rev)
    if known is None:
        known = _read(step, reader)
        store.keep(step.rev, known)
    return tuple(
        Work(entry, change, kind, group, title, local(step.when), project, step.rev, summary)
        for entry, change, kind, group, title, project, summary in known
    )


def _read(step: Step, reader: StepReader) -> list[list[str]]:
    done = reader.version(step).done
    rows = [_row(entry, ADDED) for entry in done.added]
    for before, after in done.edited:
        if after is not None:
            rows.append(_row(after, EDITED, describe(compare(before, after), _TOLD)))
    rows += [
        _row(after, EDITED, f"moved from {before.file}") for before, after in done.moved if before and after
    ]
    return rows + [_row(entry, REMOVED) for entry in done.removed]


def _row(entry: Entry, change: str, summary: str = "") -> list[str]:
    return [entry.id, change, entry.kind, entry.group, entry.title, entry.project, summary]
