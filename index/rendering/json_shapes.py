"""Shapes of the model's objects in the JSON of every front end; `json_encoder` writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.model.path_spelling import spelled
from index.model.store_places import BESIDE

if TYPE_CHECKING:
    from index.editing.interrupted import HalfDone
    from index.history.field_diff import EntryChange
    from index.history.file_log import FileVersion
    from index.history.tree_log import TreeVersion
    from index.history.uncommitted import UncommittedFile
    from index.history.versions import Version
    from index.library.tree import Tree
    from index.library.versioning import Versioning
    from index.model.draft import Draft
    from index.model.entry import Deleted, Entry
    from index.model.merge_outcomes import Outcome
    from index.model.plan import Plan, Saved
    from index.model.trend_counts import Recurring, Reuse, Series, TrendCounts
    from index.search.results import Hit
    from index.sessions.brief import Brief, Section
    from index.sessions.end import Closing
    from index.sessions.model import Session
    from index.sessions.state import SessionState

Shape = dict[str, Any]
Diffs = Sequence[tuple[str, str]]
"""Each file, and its diff as text."""


# ── a tree and its entries ────────────────────────────────────────────────────


def tree_shape(tree: Tree) -> Shape:
    """Return which tree something is told of."""
    return {"tree": spelled(str(tree.home))}


def versions_shape(tree: Tree) -> Shape:
    """Return who keeps the versions of a tree: `git` of the user's, `memarium`, or nobody; where, and why."""
    beside = {"beside": _versioning_shape(tree.versioning(BESIDE))} if tree.place.beside else {}
    return _versioning_shape(tree.versioning()) | beside


def _versioning_shape(versioning: Versioning) -> Shape:
    repository = versioning.repository
    if repository is None:
        return {"by": "", "path": "", "why": versioning.why_not}
    by = "memarium" if repository.kept else "git"
    return {"by": by, "path": spelled(str(repository.place)), "why": repository.kept}


def _known_by(entry: Entry) -> Shape:
    """Return the facts by which an entry is known everywhere."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": entry.title,
        "file": entry.file,
        "line": entry.line,
        "store": entry.store,
        "timestamp": entry.timestamp,
        "project": entry.project,
        "tags": entry.tags,
    }


def entry_shape(entry: Entry) -> Shape:
    """Return an entry whole."""
    return _known_by(entry) | {
        "tech": entry.tech,
        "level": entry.level,
        "status": entry.status,
        "agent": entry.agent,
        "template": entry.template,
        "fields": [{"name": field.name, "text": field.text} for field in entry.fields],
    }


def hit_shape(hit: Hit) -> Shape:
    """Return an entry as a search has found it."""
    entry, gone = hit.entry, hit.deleted
    found: Shape = {
        "level": entry.level,
        "status": entry.status,
        "score": round(hit.score, 3),
        "snippet": hit.snippet,
    }
    if gone:
        found["deleted"] = {"rev": gone.rev, "date": gone.when, "author": gone.author}
    return _known_by(entry) | found


def _shape_of_one(entry: Entry) -> Shape:
    return {"id": entry.id, "title": entry.title}


def copies_shape(tree: Tree, files: Collection[str] | None = None) -> list[Shape]:
    """Return the copies of other files among these, or all."""
    made = tree.snapshot.copies
    found = [made[file] for file in sorted(made) if files is None or file in files]
    return [{"file": one.path, "original": one.original, "tool": one.tool} for one in found]


# ── changes ───────────────────────────────────────────────────────────────────


def plan_shape(plan: Plan, saved: Saved, message: str, diffs: Diffs, *, written: bool) -> Shape:
    """Return a change and its outcome."""
    files = [file for file, _ in diffs]
    return {
        "file": files[0],
        "files": files,
        "entry": plan.entries[0] if plan.entries else "",
        "entries": plan.entries,
        "fields": plan.fields,
        "written": written,
        "revision": saved.revision,
        "message": message,
        "note": saved.note,
        "warning": plan.warning,
        "diff": [line for _, diff in diffs for line in diff.split("\n")],
        "diffs": [{"file": file, "diff": diff.split("\n") if diff else []} for file, diff in diffs],
    }


def saved_shape(saved: Saved) -> Shape:
    """Return the outcome of a change that was taken back, done again or ended."""
    return {
        "change": saved.file,
        "files": saved.files,
        "entries": saved.entries,
        "revision": saved.revision,
        "note": saved.note,
        "warning": saved.warning,
    }


def half_shape(half: HalfDone) -> Shape:
    """Return a change that was interrupted."""
    return {
        "title": half.title,
        "sort": "sync" if half.is_sync else "change",
        "when": _second(half.intent.when),
        "files": half.paths,
        "written": half.written,
        "words": half.words,
    }


def pending_shape(item: UncommittedFile) -> Shape:
    """Return a file that is not as the last commit has it."""
    entries = [
        _shape_of_one(one.entry) | {"change": one.how, "summary": one.words, "changes": one.fields}
        for one in item.entries
    ]
    return {"file": item.path, "change": item.how, "summary": item.summary, "entries": entries}


def draft_shape(draft: Draft) -> Shape:
    """Return a draft."""
    fields = draft.fields.items()
    return {
        "id": draft.entry,
        "title": draft.title,
        "sort": draft.sort,
        "when": _second(draft.when),
        "changes": [{"field": name, "before": typed.base, "after": typed.text} for name, typed in fields],
        "message": draft.message,
    }


def _second(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def outcome_shape(outcome: Outcome) -> Shape:
    """Return the outcome of a sync."""
    return {
        "fetched": outcome.fetched,
        "merged": outcome.merged,
        "pushed": outcome.pushed,
        "complete": outcome.complete,
        "words": outcome.words,
        "conflicts": outcome.conflicts,
    }


# ── history ───────────────────────────────────────────────────────────────────


def _any_version(version: Version | FileVersion) -> Shape:
    return {
        "rev": version.rev,
        "date": version.when,
        "author": version.author,
        "message": version.message,
        "summary": version.summary,
        "broken": version.broken,
        "shallow": version.cut,
    }


def version_shape(version: Version) -> Shape:
    """Return a version of an entry."""
    return _any_version(version) | {"changes": version.changes}


def file_version_shape(version: FileVersion) -> Shape:
    """Return a version of a file, with the ids of the entries that it changed."""
    done = version.done
    edited = [after for _, after in done.edited if after is not None]
    named = (("added", done.added), ("edited", edited), ("removed", done.removed))
    ids = {how: [entry.id for entry in entries] for how, entries in named}
    return _any_version(version) | {"path": version.path} | ids


def tree_version_shape(version: TreeVersion) -> Shape:
    """Return a commit that changed the tree."""
    return {
        "rev": version.rev,
        "date": version.when,
        "author": version.author,
        "message": version.message.partition("\n")[0],
        "summary": version.summary,
        "shallow": version.cut,
    }


def deleted_shape(gone: Deleted) -> Shape:
    """Return an entry that is deleted, and the commit that did it."""
    return _shape_of_one(gone.entry) | {"rev": gone.rev, "date": gone.when, "author": gone.author}


def change_shape(change: EntryChange) -> Shape:
    """Return the change of an entry between two versions of its file."""
    return _shape_of_one(change.entry) | {"how": change.how, "changes": change.changes}


# ── sessions ──────────────────────────────────────────────────────────────────


def session_shape(session: Session) -> Shape:
    """Return a session of the timeline."""
    state = session.state
    work = [
        {"id": one.id, "change": one.change, "kind": one.kind, "title": one.title, "summary": one.summary}
        for one in session.work
    ]
    return {
        "start": session.start.when,
        "end": session.end.when,
        "seconds": round(session.length.total_seconds()) if session.length else None,
        "title": session.title,
        "project": session.project,
        "phase": state.phase,
        "status": state.status,
        "task": state.task,
        "next_step": state.next_step,
        "blockers": state.blockers,
        "decisions": state.decisions,
        "agents": session.agents,
        "entries": work,
        "commits": [commit.rev for commit in session.commits],
        "handoffs": [one.id for one in session.handoffs],
        "problems": [one.id for one in session.problems],
        "doubts": session.marks,
    }


def _state_words(state: SessionState) -> Shape:
    """Return the words of a session state, in their order."""
    return {
        "title": state.title,
        "project": state.project,
        "feature": state.feature,
        "phase": state.phase,
        "status": state.status,
        "task": state.task,
        "last_action": state.last_action,
        "next_step": state.next_step,
        "blockers": state.blockers,
    }


def closing_shape(found: Closing) -> Shape:
    """Return the running session, as it would be ended."""
    state = found.state
    return {
        "entry": state.entry,
        **_state_words(state),
        "learned": state.learned,
        "agents": state.agents,
        "started": state.started.when if state.started else None,
        "written": state.when.when if state.when else None,
        "fields": [{"name": one.name, "text": one.text, "list": one.listed} for one in found.asked],
        "pending": [_shape_of_one(entry) for entry in found.pending],
        "finished": [_shape_of_one(entry) for entry in found.finished],
        "work": found.fresh,
        "doubts": state.marks,
    }


def brief_shape(found: Brief, sections: Sequence[Section]) -> Shape:
    """Return a brief, with as much of its sections as there is room for."""
    state = found.state
    told = _state_words(state) | {"when": state.when.when if state.when else None, "id": state.entry}
    left = {one.name: one.total - len(one.lines) for one in sections if one.total > len(one.lines)}
    return {
        "project": found.project,
        "state": told if state else None,
        "sections": [_section(section) for section in sections],
        "left_out": left,
    }


def _section(section: Section) -> Shape:
    lines = [
        {"text": line.text, "detail": line.detail, "id": line.id, "when": line.when}
        | ({"change": line.change} if line.change else {})
        for line in section.lines
    ]
    return {"name": section.name, "title": section.title, "total": section.total, "lines": lines}


# ── trends ────────────────────────────────────────────────────────────────────


def trends_shape(counted: TrendCounts, again: Iterable[Recurring], used: Iterable[Reuse]) -> Shape:
    """Return the counts over time, the problems that came back, and the entries that are used again."""
    scale = counted.scale
    return {
        "entries": counted.entries,
        "undated": counted.undated,
        "outside": counted.outside,
        "unit": scale.unit,
        "periods": scale.starts,
        "last": scale.last if scale.starts else None,
        "counts": counted.whole.counts,
        "kinds": [_series(one, "kind") | {"group": one.group} for one in counted.kinds],
        "levels": [_series(one, "level") for one in counted.levels],
        "projects": [_series(one, "project") for one in counted.projects],
        "tags": [_series(one, "tag") | {"before": one.before, "recent": one.recent} for one in counted.tags],
        "growing": [one.value for one in counted.growing],
        "dying": [one.value for one in counted.dying],
        "recurring": [_recurring(one) for one in again],
        "reused": [_shape_of_one(one.entry) | {"references": one.by, "uses": one.uses} for one in used],
    }


def _series(one: Series, name: str) -> Shape:
    return {name: one.value, "total": one.total, "counts": one.counts}


def _recurring(one: Recurring) -> Shape:
    return {
        "title": one.entries[0].title,
        "count": len(one.entries),
        "similarity": round(one.similarity, 3),
        "ids": [entry.id for entry in one.entries],
    }
