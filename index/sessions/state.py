"""The session state: the present of a project, as its files tell it at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

from index.model.days import local, seconds
from index.model.entry import Entry
from index.model.field import Field
from index.model.moments import Moment, is_placeholder, read_moment
from index.model.vocabulary import vocabulary
from index.sessions.state_vocabulary import is_settled, name_of, says_nothing, state_kinds, words

_SAID = ("project", "feature", "phase", "status", "task", "last_action", "next_step")
FIELDS = ("title", *_SAID, "blockers", "decisions", "objectives", "learned", "agents")
"""Names of the fields about the work, in reading order."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """The session state at one moment; a field is empty where the file has none."""

    title: str = ""
    project: str = ""
    feature: str = ""
    phase: str = ""
    status: str = ""
    task: str = ""
    last_action: str = ""
    next_step: str = ""
    blockers: tuple[str, ...] = ()
    """Those that are not resolved; one that says `none` is none."""
    decisions: tuple[str, ...] = ()
    """The questions it names as open."""
    agents: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    id: str = ""
    """Of the session, as the file gives it."""
    date: Moment | None = None
    """The day that the session is said to be of."""
    when: Moment | None = None
    """Time at which the state was written, by its own text."""
    started: Moment | None = None
    """Time at which its session, or its phase, is said to have begun."""
    entry: str = ""
    """Id of the entry it was read from; empty for no state."""
    marks: tuple[str, ...] = ()
    """Doubts about its times; plain sentences."""

    def __bool__(self) -> bool:
        return bool(self.entry)


class StateChange(NamedTuple):
    """A field of the session state before and after; empty where nothing was said."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def read_state(entries: Iterable[Entry], project: str = "") -> SessionState:
    """Return the state that the entries of a tree tell; an empty one when none of them is a session state.

    The newest of the kind to be believed first is asked; what it does not say, the files beside it may.

    Args:
        entries: of a tree, or of its session files alone.
        project: return the state of this project; of a tree that holds several.
    """
    states = read_states(entries)
    if project:
        states = [state for state in states if state.project.casefold() == project.casefold()]
    return states[0] if states else SessionState()


def read_states(entries: Iterable[Entry]) -> list[SessionState]:
    """Return every session state of a tree, the one that holds now first."""
    kinds = words().records
    told = state_records(entries)
    mains = [entry for entry in told if entry.kind in kinds["state"] and entry.group == "session"]
    beside = [entry for entry in told if entry.kind in kinds["beside"] and is_session_file(entry.file)]
    rank = {kind: place for place, kind in enumerate(kinds["state"])}
    mains.sort(key=lambda entry: seconds(entry.when) if entry.when else -inf, reverse=True)
    mains.sort(key=lambda entry: rank[entry.kind])
    if not mains:
        return [_read(entry) for entry in beside[:1]]
    first, *others = map(_read, mains)
    return [_completed(first, beside), *others]


def state_records(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that tell of sessions: their states, the files beside those, and summaries."""
    kinds = state_kinds()
    return [entry for entry in entries if entry.kind in kinds and not entry.template]


def finished(entries: Iterable[Entry]) -> list[SessionState]:
    """Return the sessions that have a record of their own, written when they ended."""
    kinds = words().records["finished"]
    return [_read(entry) for entry in entries if entry.kind in kinds and not entry.template]


def is_session_file(path: str) -> bool:
    """Whether a file lies in a folder whose name says that it holds the session state."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    return vocabulary().folders.get(folder) == "session"


def changes(before: SessionState, after: SessionState) -> list[StateChange]:
    """Return the fields that differ between two states, in reading order; times and ids are no news."""
    found = []
    for name in FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(StateChange(name, _many(old), _many(new)))
    return found


def _many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


# ── reading one record ────────────────────────────────────────────────────────


def _read(entry: Entry) -> SessionState:
    told = _Told(entry)
    state = SessionState(
        title=told.text("title"),
        project=told.text("project") or entry.project,
        feature=told.text("feature"),
        phase=told.text("phase"),
        status=told.text("status"),
        task=told.text("task"),
        last_action=told.text("last-action"),
        next_step=told.text("next-step"),
        blockers=() if told.text("no-blockers") else told.items("blockers"),
        decisions=told.items("decisions"),
        agents=told.items("agents") or _many(entry.agent),
        learned=told.items("learned"),
        objectives=told.items("objectives"),
        id=told.text("id"),
        date=told.moment("date"),
        when=told.moment("updated"),
        started=told.moment("started"),
        entry=entry.id,
    )
    when = state.when or state.date
    if when is None and entry.when is not None:
        when = read_moment(entry.timestamp) or Moment(local(entry.when), "file", entry.timestamp)
    marks = [*told.marks, *(moment.note for moment in (when, state.started) if moment and moment.note)]
    return replace(state, when=when, marks=tuple(dict.fromkeys(marks)))


def _completed(state: SessionState, beside: Sequence[Entry]) -> SessionState:
    """Fill the empty fields of a state from the files beside it that are about the same project."""
    for entry in beside:
        other = _read(entry)
        if other.project and state.project and not akin(other.project, state.project):
            continue
        more = {name: getattr(other, name) for name in _SAID if not getattr(state, name)}
        if not state.blockers and other.blockers:
            more["blockers"] = other.blockers
        state = replace(state, **more)
    return state


def akin(one: str, other: str) -> bool:
    """Whether two names mean one project: `shop-api`, and `shop-api-phase-2-complete`."""
    one, other = one.casefold(), other.casefold()
    return one.startswith(other) or other.startswith(one)


class _Told:
    """The fields of a record, by role."""

    def __init__(self, entry: Entry) -> None:
        self.marks: list[str] = []
        self._by_role: dict[str, list[tuple[int, Field]]] = {}
        self._inside: dict[str, dict[str, dict[str, str]]] = {}
        known = words().fields
        for field in entry.fields:
            parts, numbered = name_of(field.name)
            for role, place in known.get("/".join(parts), ()):
                self._by_role.setdefault(role, []).append((place, field))
            for depth in range(1, len(parts)):
                for role, _ in known.get("/".join(parts[:depth]), ()):
                    if not parts[depth].startswith("@"):
                        item = self._inside.setdefault(role, {}).setdefault(numbered[depth], {})
                        item.setdefault("/".join(parts[depth + 1 :]), field.text)

    def fields(self, role: str) -> Iterator[Field]:
        """Yield the fields of a role that say something, the preferred first."""
        for _, field in sorted(self._by_role.get(role, ()), key=lambda one: one[0]):
            if field.text:
                yield field

    def text(self, role: str) -> str:
        """Return the value of a role, on one line; a list as its items, one after the other."""
        for field in self.fields(role):
            said = "; ".join(field.items) if field.items else field.text
            if not is_placeholder(said):
                return _line(said)
        return "; ".join(self._items(role)) if role == "next-step" else ""

    def items(self, role: str) -> tuple[str, ...]:
        """Return the items of a list, without those that are settled and those that say nothing."""
        found = [text for field in self.fields(role) for text in field.items or (field.text,)]
        found = [_line(text.removeprefix("- ")) for text in (*found, *self._items(role))]
        return tuple(dict.fromkeys([t for t in found if not is_placeholder(t) and not says_nothing(t)]))

    def _items(self, role: str) -> list[str]:
        found = []
        for item in self._inside.get(role, {}).values():
            status = item.get("@status") or item.get("status") or ""
            if role in ("blockers", "decisions") and is_settled(status):
                continue
            text = item.get("") or next((item[word] for word in words().text if item.get(word)), "")
            if text:
                found.append(_line(text))
        return found

    def moment(self, role: str) -> Moment | None:
        """Return the first valid time of a role; other texts there are marked."""
        for field in self.fields(role):
            moment = read_moment(field.text)
            if moment is not None:
                return moment
            if is_placeholder(field.text):
                self.marks.append(f"{field.name} still holds the placeholder {field.text}.")
            elif role != "date":
                self.marks.append(f"{field.name} names no time: {_line(field.text)[:60]}")
        return None


def _line(text: str) -> str:
    return " ".join(text.split())
