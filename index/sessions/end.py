"""The end of a session: the steps of the protocol, planned as one change of all the files it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from index.editing.new_files import check_folder
from index.editing.planner import Planner
from index.editing.staged_tree import StagedTree
from index.editing.templates import shape_of
from index.formats.registry import with_known_suffix
from index.model.commits import proposed
from index.model.counts import plural
from index.model.days import written
from index.model.entry import Entry, id_key
from index.model.field import Field
from index.model.kind_shape import KNOWLEDGE, iso, project_of
from index.model.plan import CannotEdit, Plan, renewable
from index.model.store_places import in_store, start_of_store
from index.model.timestamps import has_clock
from index.model.vocabulary import fold, role
from index.sessions.state import SessionState, is_session_file
from index.sessions.state_vocabulary import is_settled, name_of, words

if TYPE_CHECKING:
    from index.library.tree import Tree
    from index.sessions.timeline import TreeTimeline

ASKED = ("status", "last-action", "next-step", "blockers")
"""Roles of the fields of a session state that are asked for at the end; its time is written by itself."""
_COORDINATION = "agent-coordination"
_DECIDED = "accepted"


class AskedField(NamedTuple):
    """A field of the session state, with its present text."""

    name: str
    """As the entry calls it; where it has none yet, as it will be called."""
    text: str
    listed: bool = False
    """Whether it is a list, one item a line."""


@dataclass(frozen=True)
class Closing:
    """The matters to be settled when a session ends."""

    state: SessionState
    """As it is now; empty where the tree holds none."""
    project: str
    asked: tuple[AskedField, ...] = ()
    """Fields of the state; none where there is no state."""
    pending: tuple[Entry, ...] = ()
    """Decisions that wait, of this project first."""
    finished: tuple[Entry, ...] = ()
    """Settled work of the project that may be archived, that of this session first."""
    fresh: frozenset[str] = frozenset()
    """Ids of the entries that this session added or edited."""


@dataclass(frozen=True)
class SessionAnswers:
    """The user's answers at the end of a session."""

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Field of the session state → its text; a list is one item a line."""
    decided: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Id of a pending decision → the decision made."""
    questions: tuple[str, ...] = ()
    """Decisions that are to be made, to be logged as pending."""
    archived: tuple[str, ...] = ()
    """Ids of finished entries that go to the knowledge of the project."""
    lessons: tuple[str, ...] = ()
    """Lessons learned: a line each, or a title and the text below it."""


class SessionEnd:
    """Ends the sessions of one tree."""

    def __init__(self, tree: Tree, timeline: TreeTimeline) -> None:
        self._tree = tree
        self._timeline = timeline

    def closing(self, project: str = "") -> Closing:
        """Return the matters to be settled in the session of `project` or the one worked on last."""
        state = self._timeline.state(project)
        project = project or state.project
        entries = [entry for entry in self._tree.entries() if not entry.template]
        fresh = self._fresh()
        pending = [entry for entry in entries if entry.group == "pending"]
        pending.sort(key=lambda entry: entry.project.casefold() != project.casefold())
        own = ("", project.casefold())
        finished = [e for e in entries if _may_be_archived(e) and e.project.casefold() in own]
        finished.sort(key=lambda entry: entry.id not in fresh)
        asked = tuple(_asked_fields(self._tree.entry(state.entry))) if state else ()
        return Closing(state, project, asked, tuple(pending), tuple(finished), fresh)

    def _fresh(self) -> frozenset[str]:
        """Return the entries that the running session added or edited."""
        timeline = self._timeline
        with closing(timeline.outlines()) as outlines:
            session = next(outlines, None)
        if session is None:
            return frozenset()
        work = timeline.complete(session).work
        return frozenset(one.id for one in work if one.change != "removed")

    @renewable
    def plan(self, answers: SessionAnswers, now: datetime, project: str = "") -> Plan:
        """Plan the end of the session: all that was said as one change, with the time of the state set.

        Raises:
            CannotEdit: one of the answers cannot be written; says which.
            UnknownEntry: an id that no entry has.
        """
        state = self._timeline.state(project)
        project = project or state.project
        if answers.texts and not state:
            raise CannotEdit(
                "The tree holds no session state: memarium add session-context --set project=… makes one."
            )
        ahead = StagedTree(self._tree)
        composer = Planner(ahead)
        for entry_id, text in answers.decided.items():
            ahead.take(self._decide(ahead, entry_id, text, now))
        asked = [_logged(ahead, composer, question, project, now) for question in answers.questions]
        for lesson in answers.lessons:
            ahead.take(composer.add("lesson", _lesson(lesson), now, project=project))
        for entry_id in answers.archived:
            _archive(ahead, composer, entry_id, project, now)
        if state:
            decided = [id_key(ahead_id) for ahead_id in answers.decided]
            texts = _state_texts(ahead.entry(state.entry), answers.texts, decided, asked, now)
            ahead.take(composer.fields(state.entry, texts))
        plan = ahead.plan(_message(project))
        if not plan.changed:
            raise CannotEdit("There is nothing to write: give an answer, or add a session state first.")
        return plan

    def _decide(self, ahead: StagedTree, entry_id: str, text: str, now: datetime) -> Plan:
        entry = ahead.entry(entry_id)
        if not text.strip():
            raise CannotEdit(f"What was decided in {entry.id}? Give a text.")
        shape = shape_of(entry.kind, ahead.known(), entry.file)
        names = [known.name for known in shape.fields] + [known.name for known in entry.fields]
        texts = {
            _field_name(names, "decision"): text,
            _field_name(names, "status"): self._decided_word(entry),
        }
        if (at := next((name for name in names if fold(name) == "decided-at"), "")) != "":
            texts[at] = shape.stamp(now)
        return Planner(ahead).fields(entry.id, texts)

    def _decided_word(self, entry: Entry) -> str:
        """Return the status that decided ones of its kind have."""
        found = Counter(
            other.status.lower()
            for other in self._tree.entries()
            if other.kind == entry.kind and other.group == "decision" and " " not in other.status
        )
        return next((word for word, _ in found.most_common() if word and word != "rejected"), _DECIDED)


# ── the session state ─────────────────────────────────────────────────────────


def _asked_fields(entry: Entry) -> Iterator[AskedField]:
    for part in ASKED:
        found = _playing(entry, part)
        if found is not None:
            yield AskedField(found.name, "\n".join(found.items) or found.text, bool(found.items))
        elif not any(name_of(other.name).parts[0] == part for other in entry.fields):
            yield AskedField(part, "")


def _playing(entry: Entry, part: str) -> Field | None:
    """Return the field of a session state that plays a role, the preferred one."""
    known = words().fields
    found = [
        (place, other)
        for other in entry.fields
        for name, place in known.get("/".join(name_of(other.name).parts), ())
        if name == part
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def _state_texts(
    entry: Entry, said: Mapping[str, str], decided: Sequence[str], asked: Sequence[Entry], now: datetime
) -> dict[str, str]:
    """Return the fields of a session state to set: the answers, the open decisions, the times."""
    texts: dict[str, str] = {}
    for name, text in said.items():
        own = any(other.name == name for other in entry.fields)
        found = None if own else _playing(entry, fold(name))
        texts[found.name if found is not None else name] = text
    listed = _playing(entry, "decisions")
    if listed is not None and listed.items and listed.name not in texts:
        left = [item for item in listed.items if item.split(" ")[0] not in decided]
        left += [f"{new.key} {new.title}" for new in asked]
        if left != [*listed.items]:
            texts[listed.name] = "\n".join(left)
    known = words().fields
    for other in entry.fields:
        roles = {name for name, _ in known.get("/".join(name_of(other.name).parts), ())}
        if roles == {"updated"} and other.name not in texts and fold(other.name).endswith(_WRITTEN):
            clock = has_clock(other.text) or not other.text[:1].isdigit()
            texts[other.name] = iso(now) if clock else written(now)
    if not any(fold(name).endswith(_WRITTEN) for name in texts):
        texts["last-updated"] = iso(now)
    return texts


_WRITTEN = ("last-updated", "timestamp", "updated", "updated-at", "last-modified", "saved-at", "last-saved")
"""Names of the time at which a state was written."""


# ── decisions, lessons, the archive ───────────────────────────────────────────


def _field_name(names: Sequence[str], part: str) -> str:
    """Return the field that is called so, else one that plays the role."""
    return next((n for n in names if fold(n) == part), next((n for n in names if role(n) == part), part))


def _logged(ahead: StagedTree, composer: Planner, question: str, project: str, now: datetime) -> Entry:
    """Add a pending decision and return it."""
    shape = composer.shape("decision")
    names = [known.name for known in shape.fields if known.usual]
    title, _, rest = question.strip().partition("\n")
    texts = {_field_name(names, "title"): title, _field_name(names, "status"): "pending"}
    if rest.strip():
        texts[_field_name(names, "text") if any(role(n) == "text" for n in names) else "context"] = rest
    if project:
        texts[_field_name(names, "project")] = project
    plan = composer.add("decision", texts, now)
    ahead.take(plan)
    return ahead.entry(plan.entries[0])


def _lesson(text: str) -> dict[str, str]:
    """Return the fields of a lesson: one line is the lesson, more of them have a title above."""
    title, _, rest = text.strip().partition("\n")
    return {"title": title, "lesson": rest} if rest.strip() else {"lesson": title}


def _may_be_archived(entry: Entry) -> bool:
    """Whether an entry is settled work among the entries of a session."""
    if not (is_session_file(entry.file) or in_store(entry.file).startswith(f"{_COORDINATION}/")):
        return False
    if entry.kind in words().records["state"] + words().records["beside"]:
        return False
    if entry.group == "decision":
        return True
    # What was only accepted is about to be done, such as a hand-off.
    return is_settled(entry.status) and not entry.status.lower().startswith(_DECIDED)


def archive_file(entry: Entry, entries: Sequence[Entry], project: str) -> str:
    """Return the file of a project's knowledge where an entry is archived; it may be a new one.

    Raises CannotEdit: it is there already, or no project is named.
    """
    if project_of(entry.file):
        raise CannotEdit(f"{entry.id} is in the knowledge of {project_of(entry.file)} already.")
    if not project:
        raise CannotEdit(f"{entry.id} names no project to archive it for: give --project.")
    files = [e.file for e in entries if e.kind == entry.kind and project_of(e.file) == project]
    held = {e.file for e in entries}
    folder = f"{start_of_store(entry.file)}{KNOWLEDGE}/{project}"
    single = with_known_suffix(folder, held.__contains__)
    if files or single in held:
        return files[0] if files else single
    return with_known_suffix(f"{folder}/{plural(entry.kind)}", held.__contains__)


def _archive(ahead: StagedTree, composer: Planner, entry_id: str, project: str, now: datetime) -> None:
    from index.formats.registry import format_of
    from index.model.kind_shape import KindShape
    from index.model.plan import PlannedChange

    entry = ahead.entry(entry_id)
    project = entry.project or project
    file = archive_file(entry, ahead.entries(), project)
    check_folder(project)
    if ahead.data(file) is None:  # a file of its own, not one like that of the pending decisions
        blank = format_of(file).blank(file, KindShape(entry.kind, ()), now)
        ahead.take(Plan((PlannedChange(file, None, blank),), ""))
    ahead.take(composer.move(entry.id, file, now))


def _message(project: str) -> str:
    return proposed(f"end session of {project}" if project else "end session")
