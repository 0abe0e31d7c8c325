"""Sessions as text: the brief of a project in Markdown, and one session in plain lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from index.model.days import day_of, stamp, today, written
from index.model.display import shorten
from index.model.entry import id_key
from index.model.moments import Moment, span_text
from index.model.timestamps import reword
from index.sessions.brief import Brief, BriefLine, Section
from index.sessions.model import ADDED, EDITED, REMOVED, Session

LEAST = 200
"""Characters that a budget must have."""
_ROUND = 3
"""Lines that each section gets before any gets more."""
_TEXT, _DETAIL = 200, 240
"""Characters of a text, and of its details."""
_MEANT = re.compile(r"([\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])|!(?=\[))")
_FIRST = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+#>]))(.)")
"""A sign that would begin a list, a heading or a rule: it is escaped, the number before it is not."""
_SIGN = {"added": "+", "changed": "±", "removed": "−", "": ""}
_SAID = (
    ("Next step", "next_step"),
    ("Last action", "last_action"),
    ("Task", "task"),
    ("Phase", "phase"),
    ("Status", "status"),
    ("Feature", "feature"),
)
"""Labels and names of the fields of the session state, most useful first."""


class Fitted(NamedTuple):
    """As much of a brief as there is room for."""

    text: str
    sections: tuple[Section, ...]
    """With the lines that are told; none where there was no room for one."""


def fit(brief: Brief, limit: int, tree: str) -> Fitted:
    """Return the brief as Markdown of at most `limit` characters, most useful first.

    Each section first gets a few lines, then in their order as many as there is room for. What is left
    out is named at the end. `tree` is the name of the tree.
    """
    head = _head(brief, tree)
    while len("\n".join(head)) > limit - LEAST // 2 and len(head) > 3:
        head.pop()
    drawn = [[_line(line, brief.now) for line in section.lines] for section in brief.sections]
    room = limit - len("\n".join(head)) - 1 - len(_footer(brief.sections, [0] * len(drawn)))
    shown = _shares(brief.sections, drawn, room)
    parts = list(head)
    for section, lines, count in zip(brief.sections, drawn, shown, strict=True):
        if count:
            parts += [*_heading(section), *lines[:count]]
    text = "\n".join(parts) + "\n" + _footer(brief.sections, shown)
    kept = (s._replace(lines=s.lines[:count]) for s, count in zip(brief.sections, shown, strict=True))
    return Fitted(text if len(text) <= limit else shorten(text, limit - 1) + "\n", tuple(kept))


def _shares(sections: Sequence[Section], drawn: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how many lines of each section there is room for."""
    shown = [0] * len(sections)
    for most in (1, _ROUND, max(map(len, drawn), default=0)):
        for place, lines in enumerate(drawn):
            while shown[place] < min(most, len(lines)):
                cost = len(lines[shown[place]]) + 1
                if not shown[place]:
                    cost += sum(len(line) + 1 for line in _heading(sections[place]))
                if cost > room:
                    break
                room -= cost
                shown[place] += 1
    return shown


def _head(brief: Brief, tree: str) -> list[str]:
    state = brief.state
    lines = [f"# Brief: {inline(brief.project or tree, _TEXT)}", ""]
    if state.title and state.title != brief.project:
        lines.append(f"- Session: {inline(state.title, _TEXT)}")
    for label, name in _SAID:
        said = getattr(state, name)
        if said:
            lines.append(f"- {label}: {inline(said, _DETAIL)}")
    if state.when is not None:
        lines.append(f"- As of {_moment(state.when)}, {age(state.when.when, brief.now)}")
    if not state:
        lines.append("- No session state was written.")
    return lines


def _moment(when: Moment) -> str:
    """Return the day, with time and zone where the time is known."""
    return f"{stamp(when.when)} {when.when:%Z}".rstrip() if when.has_clock else written(when.when)


def _heading(section: Section) -> list[str]:
    return ["", f"## {section.title} ({section.total})"]


def _line(line: BriefLine, now: datetime) -> str:
    sign = f"{_SIGN[line.change]} " if line.change else ""
    text = f"- {sign}{inline(line.text, _TEXT)}"
    about = [inline(line.detail, _DETAIL)] if line.detail else []
    about += [age(line.when, now)] if line.when is not None else []
    about += [code(id_key(line.id))] if line.id else []
    return f"{text}: {' · '.join(about)}" if line.detail else " · ".join([text, *about])


def _footer(sections: Sequence[Section], shown: Sequence[int]) -> str:
    rest = [
        f"{section.title.lower()} {section.total - count}"
        for section, count in zip(sections, shown, strict=True)
        if section.total > count
    ]
    return f"\nLeft out: {', '.join(rest)}.\n" if rest else ""


def inline(text: str, most: int) -> str:
    """Return a text as one line of Markdown that shows it as it is: no structure, no control characters.

    >>> inline("# not\\n- a *list*", 99)
    '\\\\# not - a \\\\*list\\\\*'
    >>> inline("1. no list", 99), inline(".claude", 99)
    ('1\\\\. no list', '.claude')
    """
    plain = shorten(_plain(text[: 4 * most]), most)
    return _FIRST.sub(r"\1\\\2", _MEANT.sub(r"\\\1", plain))


def code(text: str) -> str:
    """Return a text as a code span that it cannot leave."""
    return "`" + _plain(text).replace("`", "'") + "`"


def _plain(text: str) -> str:
    """Return a text on one line, without characters that drive a terminal or are invisible."""
    kinds = [(c, unicodedata.category(c)) for c in text]
    seen = [" " if kind in ("Cc", "Zl", "Zp") else c for c, kind in kinds if kind not in ("Cf", "Cs")]
    return " ".join("".join(seen).split())


def age(when: datetime, now: datetime) -> str:
    """Say how long ago something was, in days: `3 days ago`."""
    days = (today(now) - day_of(when)).days
    if days < 0:
        return f"in {-days} days" if days < -1 else "tomorrow"
    if days < 2:
        return ("today", "yesterday")[days]
    return f"{days} days ago"


def session_text(session: Session) -> Iterator[str]:
    """Yield the lines that tell a session to a reader."""
    about = [when_text(session), session.project]
    if session.length:
        about.append(span_text(session.length.total_seconds()))
    yield session.title
    yield "    " + " · ".join(part for part in about if part)
    state = session.state
    for label, told in (
        ("phase", state.phase),
        ("status", state.status),
        ("next", state.next_step),
        ("blocked", "; ".join(state.blockers)),
        ("open", "; ".join(state.decisions)),
    ):
        if told:
            yield f"    {label + ':':9}{told}"
    if session.commits:
        yield f"    {'commits:':9}" + ", ".join(commit.rev[:7] for commit in session.commits)
    for work in session.work:
        sign = {ADDED: "+", EDITED: "±", REMOVED: "−"}[work.change]
        said = f"  ({reword(work.summary, stamp)})" if work.summary else ""
        yield f"    {sign} {work.kind:22} {work.title}{said}"
    for mark in session.marks:
        yield f"    ! {mark}"


def when_text(session: Session) -> str:
    """Say when a session was, by the clock of who reads it."""
    start, end = session.start, session.end
    if not end.has_clock:
        return written(end.when)
    first, last = stamp(start.when), stamp(end.when)
    if start.when == end.when:
        return last + _zone(end.when)
    if start.has_clock and start.when.utcoffset() != end.when.utcoffset():
        first += _zone(start.when)
    elif start.when.date() == end.when.date():
        last = last[-5:]
    return f"{first} to {last}{_zone(end.when)}"


def _zone(when: datetime) -> str:
    offset = f"{when:%z}"
    return " UTC" if offset == "+0000" else f" {offset[:3]}:{offset[3:5]}"
