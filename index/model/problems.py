"""The problems of a file: their places, and the splices that would mend them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from index.model.text.line_index import LineIndex

MAX_PROBLEMS = 2_000
"""Errors a file; past it the file is shown as plain text, for it hardly is of that format."""

Level = Literal["error", "note"]

_BEYOND_REPAIR = frozenset(
    {
        "conflict",
        "doctype-broken",
        "too-deep",
        "too-broken",
        "too-large",
        "empty",
        "leftovers",
        "no-text",
        "zeros",
        "unmarked",
        "unknown-bytes",
        "unreadable",
    }
)
_KEEPS_AS_IT_IS = {
    "conflict": "choose a side of its merge conflict first",
    "doctype-broken": "fix its DOCTYPE by hand first",
    "unknown-bytes": "save the file as UTF-8 first",
    "unmarked": "save the file as UTF-8 first",
    "zeros": "put an earlier version of the file back first",
}
"""Errors that keep a whole file from being repaired, and the step in place of it."""
_PROMISE = re.compile(r"(?:;|, and) repair .*")


class Splice(NamedTuple):
    """Replace ``source[start:end]`` by ``text``; ``start == end`` inserts."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One diagnosis: its repair is part of it, but reading never applies it to the file."""

    code: str
    """A stable word for the kind of problem, such as ``bare-amp`` or ``missing-end``."""
    start: int
    """Offset of the first character concerned, into the document's source."""
    end: int
    line: int
    """Line and column of ``start``, from 1."""
    column: int
    message: str
    """One plain sentence: the fault and, where there is one, the proposed repair."""
    guesses: bool = False
    """True when the repair balances, removes or makes up something; False: it only escapes or quotes."""
    level: Level = "error"
    """``error``: not well-formed; ``note``: legal, but worth knowing."""
    splices: tuple[Splice, ...] = ()
    kept: bool = False
    """Whether another problem keeps its file from being repaired; its splices are for the view alone."""

    @property
    def repairable(self) -> bool:
        """Whether the repair of its file has an answer to it."""
        return self.level == "error" and self.code not in _BEYOND_REPAIR and not self.kept


class GiveUp(Exception):
    """The text is past a bound (its ``code``) at ``offset``: reading stops, the file stays as it is."""

    def __init__(self, code: str, offset: int, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.offset = offset
        self.message = message
        """One plain sentence, where it is not the same for all of this code."""


class Report:
    """Collects the problems of one text, in the order they are found.

    That order matters to the splices: of two inserted at one offset, the one found first comes first, so
    inner elements must be closed before outer ones.
    """

    def __init__(self, source: str) -> None:
        self.problems: list[Problem] = []
        self._errors = 0
        self.lines = LineIndex(source)

    def add(
        self,
        code: str,
        start: int,
        end: int,
        message: str,
        *splices: Splice,
        guesses: bool = False,
        level: Level = "error",
    ) -> None:
        """Add one problem; raises ``GiveUp`` when there are too many."""
        if level == "error":
            self._errors += 1
            if self._errors > MAX_PROBLEMS:
                raise GiveUp("too-broken", start)
        line, column = self.lines.locate(start)
        self.problems.append(Problem(code, start, end, line, column, message, guesses, level, splices))

    def withdraw(self, start: int, end: int) -> None:
        """Drop the problems in ``[start, end)``: the text turned out to be something else."""
        self.problems = [problem for problem in self.problems if not start <= problem.start < end]
        self._errors = sum(problem.level == "error" for problem in self.problems)


def without_broken_promises(problems: Sequence[Problem]) -> list[Problem]:
    """Return a file's problems; where one keeps the file from being repaired, the others promise nothing."""
    codes = {problem.code for problem in problems if problem.level == "error"}
    if codes.isdisjoint(_KEEPS_AS_IT_IS):
        return list(problems)
    return [_unpromised(problem) for problem in problems]


def first_step(problems: Iterable[Problem]) -> str:
    """Return the step that makes a broken file one that can be edited, to end a refusal with.

    >>> first_step([])
    'repair the file first'
    """
    steps = (_KEEPS_AS_IT_IS.get(problem.code) for problem in problems if problem.level == "error")
    return next(filter(None, steps), "repair the file first")


def _unpromised(problem: Problem) -> Problem:
    if not problem.repairable:
        return problem
    return replace(problem, message=_PROMISE.sub(".", problem.message), guesses=False, kept=True)


def apply(source: str, splices: Iterable[Splice]) -> str:
    """The text after ``splices``: inserts at one offset in the order given, before a replacement there.

    A splice inside a wider one is dropped: text that is replaced as a whole needs no mending in its parts.
    """
    pieces: list[str] = []
    position = 0
    for start, end, text in sorted(splices, key=lambda splice: (splice.start, _reach(splice))):
        if start < position:
            continue
        pieces += (source[position:start], text)
        position = end
    pieces.append(source[position:])
    return "".join(pieces)


def _reach(splice: Splice) -> int:
    """Sorts inserts first, then the widest replacement."""
    return -(1 << 62) if splice.start == splice.end else -splice.end
