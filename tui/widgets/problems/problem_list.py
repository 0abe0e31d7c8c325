"""Problems of files: the list, and the facts about one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from index.model.counts import count_words
from index.model.file_record import FileProblem
from index.model.text.text_diff import DiffLine, diff_lines, stats
from tui.actions import bindings, key
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, inset, place, plain, t, wrap
from tui.widgets.base.row_list import RowList
from tui.widgets.editing.diff_view import diff_rows

if TYPE_CHECKING:
    from index.formats.base import MemoryFile
    from index.model.problems import Problem
    from index.workspace import Workspace

MARKS = {"error": ("▲", "err"), "note": ("!", "warn")}
_CAUSE = re.compile(r"[;:] |\.$")
_AROUND = 2
"""Lines shown before and after the one with the problem."""
_LONG = 400
"""Characters of an excerpt's line, around the problem."""


def cause(problem: FileProblem) -> str:
    """Return the fault without the way out.

    >>> cause(FileProblem("a", 1, 1, "x", "<a> has no end tag; repair adds </a>.", "error", True, True))
    '<a> has no end tag'
    """
    return _CAUSE.split(problem.message)[0]


def where(problem: FileProblem) -> str:
    """Return `:line:column`, nothing for a problem of the whole file."""
    return f":{problem.line}:{problem.column}" if problem.line else ""


def _file(problem: FileProblem) -> str:
    """Return the path of its file, or words for the folder that the tree is in."""
    return problem.file if problem.is_of_file else "the whole tree"


class ProblemList(RowList[FileProblem]):
    """Two lines a problem: its message, and its place."""

    HELP_TITLE = "Keys: problems"
    BINDINGS = bindings("accept")

    def __init__(self) -> None:
        super().__init__(id="problems")

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a row."""
        problem = self.items[index]
        what = plain(cause(problem), "strong" if current else "text")
        note = "review" if problem.guesses else "safe fix" if problem.repairable else ""
        note = "choose a side" if problem.code == "conflict" else note
        at, right = where(problem), t((f"  {note}" if note else "", "muted"), " ")
        path = place(_file(problem), at, max(8, width - 3 - right.cell_length))
        title = t(" ", MARKS[problem.level], " ", what)
        return [bar(width, title, t(" ")), bar(width, t("   ", path), right)]


class ProblemDetail(NamedTuple):
    """Details of one problem, read in a worker."""

    problem: FileProblem
    excerpt: tuple[tuple[int, str], ...] = ()
    """Line numbers and texts around the problem."""
    caret: tuple[int, int] = (0, 0)
    """Columns (from 0) of the first and behind the last character concerned, in the excerpt's own line."""
    repair: tuple[DiffLine, ...] = ()
    """Lines that mending this one problem changes."""
    errors: int = 0
    """Problems of the file, this one among them."""
    entries: int = 0
    """Entries of the file as it is read now."""
    after: int | None = None
    """Entries once the file is repaired; None when it cannot be."""
    changed: tuple[datetime, str, str] | None = None
    """When, by whom and in which commit the file was last changed."""


def look(workspace: Workspace, problem: FileProblem) -> ProblemDetail:
    """Find the facts about a problem.

    Raises:
        TreeError: its file cannot be read.
    """
    from index.model.errors import CannotRepair
    from index.model.problems import apply

    if not problem.line:
        return ProblemDetail(problem)
    document = workspace.tree.document(problem.file)
    entries = len(document.entries)
    found = _find(document, problem)
    after = None
    repair: list[DiffLine] = []
    try:
        if document.errors:
            after = len(document.repaired().entries)
    except CannotRepair:
        after = None
    if found is not None and found.splices:
        repair = diff_lines(document.source, apply(document.source, found.splices), context=0)
    excerpt, caret = _excerpt(document, problem.line, problem.column, found)
    changed = _last_change(workspace, problem.file)
    return ProblemDetail(
        problem, excerpt, caret, tuple(repair), len(document.errors), entries, after, changed
    )


def _find(document: MemoryFile, problem: FileProblem) -> Problem | None:
    wanted = (problem.line, problem.column, problem.code)
    return next((p for p in document.problems if (p.line, p.column, p.code) == wanted), None)


def _excerpt(
    document: MemoryFile, line: int, column: int, found: Problem | None
) -> tuple[tuple[tuple[int, str], ...], tuple[int, int]]:
    lines = document.source.split("\n")
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    start = column - 1
    size = found.end - found.start if found is not None else 0
    own = lines[line - 1] if line <= len(lines) else ""
    end = max(start + 1, min(start + size, len(own)))
    cut_off = max(0, start - _LONG // 2)
    rows = []
    for number in range(first, last + 1):
        text = lines[number - 1].rstrip("\r").replace("\t", " ")
        rows.append((number, text[cut_off : cut_off + _LONG] if number == line else text[:_LONG]))
    return tuple(rows), (start - cut_off, min(end - cut_off, _LONG))


def _last_change(workspace: Workspace, file: str) -> tuple[datetime, str, str] | None:
    from index.model.errors import Refused

    try:
        repository = workspace.tree.repository_of(file)
        if repository is None:
            return None
        revision = next(iter(repository.log(file, 1)), None)
    except (Refused, OSError):
        return None
    return (revision.when, revision.author, revision.rev) if revision is not None else None


def detail_rows(detail: ProblemDetail, width: int, now: datetime) -> Iterator[Content]:
    """Lay a problem out for a pane of `width` cells."""
    return inset(_detail(detail, max(8, width - 4), now))


def _detail(detail: ProblemDetail, width: int, now: datetime) -> Iterator[Content]:
    problem = detail.problem
    mark = t(MARKS[problem.level], " ")
    for number, line in enumerate(wrap(cause(problem), width - 2, "strong")):
        yield (t("  ") if number else mark) + line
    yield place(_file(problem), where(problem), width)
    rest = problem.message[len(cause(problem)) :].lstrip(";:. ")
    if rest:
        yield BLANK
        yield from wrap(rest[:1].upper() + rest[1:], width)
    if detail.excerpt:
        yield BLANK
        yield t(("Where", "head"))
        yield from _where(detail, width)
    if detail.repair:
        yield BLANK
        lines = count_words(max(stats(detail.repair)), "line")
        note = ("needs review", "warn") if problem.guesses else (f"{lines}, nothing is lost", "muted")
        yield bar(width, t(("Repair", "head")), t(note))
        yield from diff_rows(detail.repair, width, margin=0, both=False)
    yield BLANK
    yield from wrap(_then(detail), width)
    if detail.changed is not None:
        when, author, revision = detail.changed
        yield BLANK
        said = (f"last changed {dates.short(when, now)} by ", "muted")
        yield t(said, plain(author, "muted"), (" · ", "muted"), (revision[:7], "text"))


def _where(detail: ProblemDetail, width: int) -> Iterator[Content]:
    digits = max(4, len(str(detail.excerpt[-1][0])))
    start, end = detail.caret
    room = width - digits - 2
    shift = max(0, end - room + 8) if end > room else 0
    for number, text in detail.excerpt:
        own = number == detail.problem.line
        begun = f"…{text[shift + 1 :]}" if own and shift else text
        shown = Content.styled(begun, "text" if own else "muted")
        if own:
            shown = shown.stylize("err", start - shift, end - shift)
        yield t((f"{number:>{digits}}  ", "muted"), shown.truncate(room, ellipsis=True))
        if own:
            yield t(" " * (digits + 2 + start - shift), ("^" * (end - start), "err"))


def _then(detail: ProblemDetail) -> Content:
    """Return the result of a repair, or why there is none."""
    if detail.problem.code == "vanished":
        deleted, seen = key("deleted"), key("seen")
        words = f"{deleted} lists what was deleted, and restores it. {seen} marks everything read."
        return t((words, "muted"))
    if detail.problem.level == "note":
        return t(("Nothing is damaged; this is only worth a look.", "muted"))
    if detail.problem.code == "conflict":
        words = f" {key('repair')} asks which side stays; {key('edit_file')} opens the file at that line."
        return t(("!", "warn"), (words, "muted"))
    if detail.after is None:
        there = " at that line" if detail.problem.line else ""
        words = f" Only a person can fix this: {key('edit_file')} opens the file{there}."
        return t(("!", "warn"), (words, "muted"))
    gained = detail.after - detail.entries
    many = count_words(detail.after, "entry", "entries")
    told = many if not gained else f"{many} instead of {detail.entries:,}"
    what = "it" if detail.errors == 1 else f"all {detail.errors:,} problems in this file"
    return t(("✓", "ok"), (f" {key('repair')} fixes {what} ({told})", "muted"))
