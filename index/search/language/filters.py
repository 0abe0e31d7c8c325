"""A filter's value as typed → a condition, or one plain line that says why it is none."""

from __future__ import annotations

import re
from datetime import date

from index.model.display import shorten
from index.model.path_spelling import as_typed
from index.model.text.letters import bare, normal
from index.model.vocabulary import kind_key
from index.search.language import day_spans
from index.search.language.syntax import DATES, STATES, Filter, Range, Token

OPEN = frozenset({"kind", "project", "store", "tag", "tech", "agent", "status", "file", "id"})
"""Filters that take any value."""

_LEVEL = re.compile(r"l?(\d{1,4})")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.+)", re.DOTALL)


class UnusableValue(ValueError):
    """A value that the filter cannot use; one plain line."""


def read(token: Token, after: str, *, live: bool, unfinished: bool, today: date) -> Filter | None:
    """Return the condition that `name:value` is, None when there is no value yet.

    Args:
        after: the role of the token after it; a word makes `status: 200` one of YAML.
        live: the value is the last that was typed, so that it may go on.
        unfinished: it is being typed, so that one that may become a value is no mistake.
        today: the day that `yesterday` is counted from.

    Raises:
        UnusableValue: the filter cannot use the value.
    """
    name, value, quoted = token.name, token.text.strip(), token.quoted
    if not value:
        if after in ("word", "phrase") and not quoted:
            raise UnusableValue(f"{name}: has no value")
        return None
    try:
        if name in DATES:
            return Filter(name, "range", _days(name, value, today))
        if name == "level":
            return Filter(name, "range", _levels(value))
        if name == "is":
            return Filter(name, "is", _state(value))
        if name == "similar":
            return Filter(name, "is", f"{name}:{as_typed(value)}")
    except UnusableValue:
        if unfinished and _unfinished(name, value):
            return None
        raise
    return _open(name, value, quoted=quoted, live=live)


def key(name: str, value: str) -> str:
    """Return a value in the one spelling that the filter's values are compared in.

    >>> key("kind", "API Patterns"), key("project", "Data Lake"), key("level", "L3")
    ('api-pattern', 'data-lake', '3')
    """
    if name == "kind":
        return kind_key(value)
    return normal(value).removeprefix("l") if name == "level" else normal(value)


def _open(name: str, value: str, *, quoted: bool, live: bool) -> Filter | None:
    starred = value.endswith("*") and not quoted
    plain = value.rstrip("*") if starred else value
    if name in ("file", "id"):
        text = bare(as_typed(plain))
        text = text if quoted else text.strip("*")
        return Filter(name, "contains", text) if text else None
    compared = key(name, plain)
    if not compared:
        return None
    if starred or name == "status":
        return Filter(name, "prefix", compared)
    if name == "kind":
        return Filter(name, "is" if quoted else "typed", compared)
    return Filter(name, "typed" if live else "is", compared)


def _days(name: str, value: str, today: date) -> Range:
    if name in ("after", "before"):
        span = _span(name, value, today)
        day = span.first.toordinal()
        return Range(day, None) if name == "after" else Range(None, day - 1)
    start, dots, end = value.partition("..")
    if dots and (start or end):
        return Range(
            _span(name, start, today).first.toordinal() if start else None,
            _span(name, end, today).last.toordinal() if end else None,
        )
    sign, rest = _compared(value)
    span = _span(name, rest, today)
    return _bounded(sign, span.first.toordinal(), span.last.toordinal())


def _span(name: str, value: str, today: date) -> day_spans.DaySpan:
    span = day_spans.parse(value, today)
    if span is None:
        raise UnusableValue(
            f"{name}: “{_short(value)}” is not a date; try 2025-10-03, 2025-10, yesterday or 7d"
        )
    return span


def _levels(value: str) -> Range:
    first, dots, last = value.partition("..")
    if dots and (first or last):
        return Range(_level(first) if first else None, _level(last) if last else None)
    sign, rest = _compared(value)
    number = _level(rest)
    return _bounded(sign, number, number)


def _level(value: str) -> int:
    found = _LEVEL.fullmatch(value.strip().lower())
    if found is None:
        raise UnusableValue(f"level: “{_short(value)}” is not a level; try 3, >=3 or 2..4")
    return int(found[1])


def _compared(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    return (found[1] or "=", found[2]) if found else ("=", value)


def _bounded(sign: str, low: int, high: int) -> Range:
    match sign:
        case ">=":
            return Range(low, None)
        case ">":
            return Range(high + 1, None)
        case "<=":
            return Range(None, high)
        case "<":
            return Range(None, low - 1)
    return Range(low, high)


def _state(value: str) -> str:
    state = normal(value)
    if state not in STATES:
        raise UnusableValue(f"is: “{_short(value)}” is not known; there is {', '.join(STATES)}")
    return state


def _unfinished(name: str, value: str) -> bool:
    if name == "is":
        return any(state.startswith(normal(value)) for state in STATES)
    if name == "level":
        return re.fullmatch(r"[<>=lL]*|l?\d+\.", value) is not None
    return day_spans.unfinished(re.split(r"\.\.?", value)[-1].lstrip("<>="))


def _short(value: str) -> str:
    return shorten(" ".join(value.split()), 30)
