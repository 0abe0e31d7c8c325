"""The brief: all that someone needs to go on with a project, most useful first."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from math import inf
from typing import NamedTuple, Protocol

from index.model.days import seconds
from index.model.entry import Entry, EntryFilter
from index.model.file_record import FileProblem
from index.model.news import News
from index.model.vocabulary import fold, role, vocabulary
from index.sessions.state import SessionState, akin, read_state
from index.sessions.state_vocabulary import first_word, is_settled, state_kinds, words

SHOWN = 30
"""Lines of a section that are kept; its total counts them all."""
_READ = 300
"""Records of a kind that are looked at to find those that are open: the newest."""
_BREAK = re.compile(r"```|\n\s*\n")
"""The end of the first paragraph."""
_CODE = re.compile(r"[;{(]\s*(\n|$)")
"""The end of a line of code, which no line of prose has."""
_NEWEST = 10
"""Solutions, patterns and parts of the architecture that are kept."""


class BriefLine(NamedTuple):
    """One thing to know."""

    text: str
    detail: str = ""
    """Further details, on one line."""
    id: str = ""
    """Of the entry it is about; empty for a line on none."""
    group: str = ""
    """Of that entry."""
    when: datetime | None = None
    change: str = ""
    """Of a new entry: `added`, `changed` or `removed`."""


class Section(NamedTuple):
    """Things of one sort."""

    name: str
    """For programs: `decisions`."""
    title: str
    lines: tuple[BriefLine, ...]
    total: int
    """Number of them, shown or not."""


class Brief(NamedTuple):
    """A brief of a project."""

    project: str
    state: SessionState
    now: datetime
    sections: tuple[Section, ...]
    """The most useful first; none of them empty."""

    def __bool__(self) -> bool:
        return bool(self.state) or bool(self.sections)


class BriefSource(Protocol):
    """The source in which entries are looked up."""

    def pick(self, asked: EntryFilter, limit: int, *, oldest: bool = False) -> tuple[list[Entry], int]:
        """Return the newest entries that are asked for, or the oldest, and the number of all."""

    def projects(self) -> Collection[str]:
        """Return the names of the projects."""

    def errors(self, limit: int) -> tuple[list[FileProblem], int]:
        """Return the first error of each broken file, and the number of those files."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry with this id."""


def make_brief(source: BriefSource, news: News, project: str, now: datetime) -> Brief:
    """Return the brief of a project; where none is named, of the one in the session state.

    Names of one project may differ in what follows: `shop-api` is also `shop-api-phase-2`. What names no
    project counts as everybody's among what is open, and as nobody's among what was learned.
    """
    told, _ = source.pick(EntryFilter(state_kinds()), _READ)
    state = _state(told, project)
    project = project or state.project
    own = frozenset(name for name in source.projects() if name and akin(name, project)) if project else None
    shared = own | {""} if own is not None else None
    kinds = {what: frozenset(held) for what, held in words().records.items()}

    def open_of(what: str, is_open: Callable[[Entry], bool]) -> list[BriefLine]:
        found, _ = source.pick(EntryFilter(kinds[what], projects=shared), _READ)
        return [line_of(entry, entry.status) for entry in found if is_open(entry)]

    def newest(groups: set[str], kinds: frozenset[str] = frozenset()) -> tuple[list[BriefLine], int]:
        found, total = source.pick(EntryFilter(kinds, frozenset(groups), own), _NEWEST)
        return [line_of(entry, summary_of(entry)) for entry in found], total

    waiting, pending = source.pick(
        EntryFilter(groups=frozenset({"pending"}), projects=shared), SHOWN, oldest=True
    )
    decisions = [line_of(entry) for entry in waiting]
    asked_for = [BriefLine(text) for text in state.decisions if not any(_names(text, e) for e in waiting)]
    errors, broken = source.errors(_NEWEST)
    present, parts = source.pick(EntryFilter(vocabulary().current, projects=shared), SHOWN)
    present.sort(key=lambda entry: (entry.file, entry.line))
    sections = [
        _section("blockers", "Blocked", [BriefLine(text, id=state.entry) for text in state.blockers]),
        _section("current", "Current work", [line_of(entry, summary_of(entry)) for entry in present], parts),
        _section("decisions", "Pending decisions", decisions + asked_for, pending + len(asked_for)),
        _section("uncertainties", "Open uncertainties", open_of("problem", _is_uncertain)),
        _section("handoffs", "Hand-offs in progress", open_of("handoff", _is_under_way)),
        _section("gates", "Quality gates not passed", _gates(open_of("gate", _is_shut), source)),
        _section("news", "New since you last looked", *_news(source, news)),
        _section("solutions", "Newest solutions", *newest({"solution"})),
        _section("patterns", "Newest patterns", *newest({"pattern"})),
        _section("architecture", "Architecture", *newest(set(), kinds["architecture"])),
        _section(
            "problems", "Broken files", [BriefLine(f"{p.file}:{p.line}", p.message) for p in errors], broken
        ),
    ]
    return Brief(project, state, now, tuple(section for section in sections if section.lines))


def _state(entries: Iterable[Entry], project: str) -> SessionState:
    held = list(entries)
    state = read_state(held, project)
    if not state and project:
        first = read_state(held)
        return first if first.project and akin(first.project, project) else SessionState()
    return state


def _section(name: str, title: str, lines: list[BriefLine], total: int | None = None) -> Section:
    return Section(name, title, tuple(lines[:SHOWN]), len(lines) if total is None else total)


def line_of(entry: Entry, detail: str = "") -> BriefLine:
    """Return the line that names an entry."""
    return BriefLine(entry.title, " ".join(detail.split()), entry.id, entry.group, entry.when)


def summary_of(entry: Entry) -> str:
    """Return an entry's main text beyond its title, in prose: of a solution the solution."""
    parts = ("solution", "text", "problem") if entry.group == "solution" else ("text", "problem", "solution")
    for part in parts:
        for field in entry.fields:
            if role(field.name) == part:
                text = "; ".join(field.items) or _BREAK.split(field.text, maxsplit=1)[0]
                if text and " ".join(text.split()) != entry.title and not _CODE.search(text):
                    return text
    return ""


def _names(text: str, entry: Entry) -> bool:
    """Whether a question that the state asks is that entry."""
    return entry.title in text or entry.key in text


def _field(entry: Entry, names: Iterable[str]) -> str:
    """Return the text of the first of these fields."""
    texts = {fold(field.name): field.text for field in reversed(entry.fields) if field.text}
    return next((texts[name] for name in names if name in texts), "")


def _is_uncertain(entry: Entry) -> bool:
    return not is_settled(entry.status) and not (not entry.status and _field(entry, words().answer))


def _is_under_way(entry: Entry) -> bool:
    return first_word(entry.status) not in words().over and not entry.status.startswith("✅")


def _is_shut(entry: Entry) -> bool:
    return first_word(_field(entry, words().verdict)) not in words().passed


def _gates(lines: list[BriefLine], source: BriefSource) -> list[BriefLine]:
    """Return each gate with its verdict beside it."""
    entries = [source.entry(line.id) for line in lines]
    return [
        line._replace(detail=" ".join(_field(entry, words().verdict).split())) if entry else line
        for line, entry in zip(lines, entries, strict=True)
    ]


def _news(source: BriefSource, news: News) -> tuple[list[BriefLine], int]:
    """Return the new entries, of each sort in the order of ids; only those shown are looked up."""
    if news.files:
        return [BriefLine(f"Entries in {news.files:,} files")], 1
    total = len(news.added) + len(news.changed) + len(news.removed)
    lines: list[BriefLine] = []
    for change, ids in (("added", news.added), ("changed", news.changed)):
        for entry_id in sorted(ids)[: SHOWN - len(lines)]:
            entry = source.entry(entry_id)
            if entry is not None:
                lines.append(line_of(entry)._replace(change=change))
    lines.sort(key=lambda line: seconds(line.when) if line.when else -inf, reverse=True)
    rest = [BriefLine(entry_id, change="removed") for entry_id in news.removed]
    return (lines + rest)[:SHOWN], total
