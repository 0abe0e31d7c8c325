"""Output of the commands: text that is safe on a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import IO

from index.model import days
from index.model.display import HALVES, STEERING
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.model.text.text_diff import DiffLine

UNSAFE = re.compile(f"[{STEERING}{HALVES}]")


def safe(text: str) -> str:
    """Return `text` with everything that could drive a terminal made visible and harmless.

    >>> safe("\\x1b[31mred")
    '␛[31mred'
    """
    return UNSAFE.sub(lambda m: chr(0x2400 + ord(m[0])) if m[0] < " " else "\ufffd", text)


def write(text: str, stream: IO[str] | None = None) -> None:
    """Print one safe line or block on standard output."""
    print(safe(text), file=stream or sys.stdout)


def entry_line(entry: Entry) -> str:
    """Return an entry on one line: date, kind, level, title, id."""
    date = days.written(entry.when) if entry.when else " " * 10
    level = f"L{entry.level}" if entry.level else "  "
    return f"{date}  {entry.kind:<20} {level}  {entry.title}  {shown(entry.id)}"


def entry_text(entry: Entry) -> str:
    """Return an entry as text to be read, all fields in the order of the file."""
    when = days.stamp(entry.when) if entry.when else ""
    level = f"level {entry.level}" if entry.level else ""
    about = " · ".join(part for part in (entry.kind, entry.project, when, level, entry.status) if part)
    lines = [entry.title, about, f"{shown(entry.file)}:{entry.line}", ""]
    for field in entry.fields:
        if "\n" in field.text:
            lines += [f"{field.name}:", *(f"  {line}".rstrip() for line in field.text.split("\n"))]
        else:
            lines.append(f"{field.name}: {field.text}".rstrip())
    return "\n".join(lines)


def problem_line(problem: FileProblem) -> str:
    """Return a problem on one line, as compilers print them."""
    return f"{place_of(problem)}: {problem.level}: {problem.message}{repair_of(problem)}"


def place_of(problem: FileProblem) -> str:
    """Return file, line and column of a problem; the file alone where all of it is meant."""
    file = shown(problem.file)
    return f"{file}:{problem.line}:{problem.column}" if problem.line else file


def repair_of(problem: FileProblem) -> str:
    """Say behind a problem whether a repair is known; empty for none."""
    return " [needs review]" if problem.guesses else " [safe fix]" if problem.repairable else ""


def diff_text(lines: Iterable[DiffLine]) -> str:
    """Return a diff with line numbers."""
    rows = []
    for line in lines:
        number = line.new if line.sign == "+" else line.old
        text = "".join(part for part, _ in line.parts)
        rows.append(f"{number or '':>5} {line.sign} {text}".rstrip())
    return "\n".join(rows)


_BARS = "▁▂▃▄▅▆▇"
"""None of them is full, so that lines below each other stay apart."""


def spark(counts: Iterable[int]) -> str:
    """Return counts as a line of bars; a dot is none.

    >>> spark([0, 1, 4, 8])
    '·▁▄▇'
    """
    held = list(counts)
    top = max(held, default=0)
    return "".join(_BARS[max(0, -(-count * len(_BARS) // top) - 1)] if count else "·" for count in held)
