"""Lines of the commands: safe, in columns and, on a terminal, in colour."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from index.model.days import written
from index.model.display import cells, shorten_at_word
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.rendering.text import place_of, repair_of, safe

Part = tuple[str, str]
"""A text and its style, a name of `_CODES`; an empty one for none."""
_CODES = {"strong": "1", "muted": "2", "bad": "31", "good": "32", "warn": "33", "name": "36"}
_GAP = "  "
_WIDEST = 60
"""Cells of the longest title that moves the ids of the others to the right."""
_LEAST = 24
"""Cells of a title below which its id gets a line of its own."""
INDENT = " " * 12
COMMIT: tuple[Part, ...] = (("{date}  ", "muted"), ("{rev:.7}", "warn"), ("  {author}  ", "muted"))
"""Date, revision and author of a commit, as the forms of the parts of a line."""
_HIGH = 4
"""The level from which a problem was hard."""


def coloured(stream: IO[str] | None = None) -> bool:
    """Return whether colours may be written: to a terminal that has them, unless NO_COLOR is set."""
    isatty = (stream or sys.stdout).isatty()
    return isatty and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write_parts(*parts: Part, stream: IO[str] | None = None) -> None:
    """Print one line or block of safe parts, without the spaces at its end."""
    painted = coloured(stream)
    told = [(safe(text), _CODES.get(style, "") if painted else "") for text, style in parts]
    while told and not told[-1][0].rstrip():
        told.pop()
    if told:
        told[-1] = (told[-1][0].rstrip(), told[-1][1])
    line = "".join(f"\x1b[{code}m{text}\x1b[0m" if code and text else text for text, code in told)
    print(line, file=stream or sys.stdout)


class EntryTable:
    """Entries as lines whose columns are aligned: date, kind, level, title, id.

    On a terminal a title is shortened to the width, and an id that has no room goes below it.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._kind = max((cells(entry.kind) for entry in entries), default=0)
        self._title = min(_WIDEST, max((cells(entry.title) for entry in entries), default=0))
        self._ids = max((cells(shown(entry.id)) for entry in entries), default=0)
        self._width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0

    def write(self, entry: Entry) -> None:
        """Print an entry on one line; on a narrow terminal on two."""
        before = 10 + self._kind + 2 + 4 * len(_GAP)
        room = self._width - before - self._ids if self._width else self._title
        below = self._width and room < min(self._title, _LEAST)
        if below:
            room = max(_LEAST, self._width - before + len(_GAP))
        title = shorten_at_word(entry.title, room) if self._width else entry.title
        level = f"L{entry.level}" if entry.level else ""
        parts = [
            (written(entry.when).ljust(10) if entry.when else " " * 10, "muted"),
            (entry.kind + " " * (self._kind - cells(entry.kind)), "name"),
            (level.ljust(2), "bad" if (entry.level or 0) >= _HIGH else "warn"),
        ]
        line = [part for each in parts for part in (each, (_GAP, ""))]
        line.append((title, "strong"))
        if not below:
            line += [(" " * max(0, min(room, self._title) - cells(title)) + _GAP, ""), _id(entry)]
        write_parts(*line)
        if below:
            write_parts((INDENT, ""), _id(entry))

    def write_below(self, text: str) -> None:
        """Print more of an entry, indented below it; on a terminal as much as one line holds."""
        room = max(20, self._width - len(INDENT))
        write_parts((INDENT + (shorten_at_word(text, room) if self._width else text), "muted"))


def _id(entry: Entry) -> Part:
    return shown(entry.id), "muted"


def write_entries(entries: Iterable[Entry]) -> None:
    """Print entries, aligned among themselves."""
    every = list(entries)
    table = EntryTable(every)
    for entry in every:
        table.write(entry)


def write_problem(problem: FileProblem) -> None:
    """Print a problem as compilers do."""
    level = "bad" if problem.level == "error" else "warn"
    message = f": {problem.message}"
    write_parts(
        (place_of(problem), "strong"),
        (": ", ""),
        (problem.level, level),
        (message, ""),
        (repair_of(problem), "muted"),
    )


def write_diff(text: str) -> None:
    """Print a diff as `diff_text` makes it: added lines in green, removed ones in red."""
    for line in text.split("\n"):
        sign = line[6:7]
        write_parts((line, {"+": "good", "-": "bad", "−": "bad"}.get(sign, "")))
