"""The versions of an entry or a file, newest first, as they come out of git."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.content import Content

from tui.actions import Hint
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, plain, t
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.history.file_log import FileVersion
    from index.history.versions import Version

AnyVersion: TypeAlias = "Version | FileVersion"
Said = Callable[[Any, int], str]
"""Tells the changes of a version, in as many words as fit so many cells."""

UNCOMMITTED = "±"
"""Sign in place of a number: the version is on disk only."""
UNCOUNTED = "·"
"""Sign in place of a number until all versions are known: they are counted from the oldest."""

_BRIEF = 16
"""Characters of the words on one field where there is no room for more."""
_NAMED = 2
"""Entries of a file that are told by their titles."""
_NAME = re.compile(r"(\S+?(?: · \S+?)*):?(?: .*|$)", re.DOTALL)
"""A change, in words, with the name of the field first."""
_KIND = re.compile(r"([+−]?[\d,]*\d) (?:[^,;]*? )??(?:[^ ,;]+)( edited| moved)?(?=,|;|$)")
"""Matches the words about the entries of one kind, such as "2 solutions edited"."""


class VersionList(RowList[Any]):
    """Two lines a version: number, moment and author; the changes. The last lines tell of the time before."""

    HELP_TITLE = "Keys: history"
    FOOTER: Sequence[Hint] = (
        ("accept", "compare"),
        ("choose", "pick as base"),
        "restore",
        "side_by_side",
        "source",
        "copy",
        "back",
    )

    def __init__(self, said: Said) -> None:
        """Show the versions of an entry or a file, each in the words that `said` gives."""
        super().__init__(id="versions")
        self._said = said
        self.you = ""
        """The author to call "you"."""
        self.marked: str | None = None
        """Key of the version to compare from."""
        self.complete = False
        self._numbers: list[str] = []

    def fill(self, versions: Sequence[AnyVersion], *, complete: bool) -> None:
        """Show the versions read so far; the cursor stays on its version."""
        self.complete = complete
        left = sum(version.rev is not None for version in versions)
        self._numbers = []
        for version in versions:
            if version.rev is None:
                self._numbers.append(UNCOMMITTED)
            else:
                self._numbers.append(str(left) if complete else UNCOUNTED)
                left -= 1
        self.list_items(versions)

    def key(self, item: AnyVersion) -> str:
        """Return the key of a version of its entry or file."""
        return item.rev or ""

    def number(self, index: int) -> str:
        """Return the number of a version, 1 for the oldest."""
        return self._numbers[index]

    def author(self, version: AnyVersion) -> str:
        """Return who made a version, as this list calls them."""
        return "you" if self.you and version.author == self.you else version.author

    def head(self, version: AnyVersion, now: datetime) -> Content:
        """Return a version as the heading of its content."""
        if version.when is None:
            return t((UNCOMMITTED, "strong"), ("  on disk, not committed", "muted"))
        place = next((n for n, other in enumerate(self.items) if self.key(other) == self.key(version)), None)
        number = self._numbers[place] if place is not None else UNCOUNTED
        about = f"  {dates.short(version.when, now, clock=True)} · "
        return t((number, "strong"), (about, "muted"), plain(self.author(version), "muted"))

    # ── drawing ───────────────────────────────────────────────────────────────

    @property
    def indent(self) -> int:
        """Cells before the text: a bracket, the number, a bracket, a space."""
        return max(map(len, self._numbers), default=1) + 3

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a version."""
        version = self.items[index]
        marked = self.key(version) == self.marked
        role = "key" if marked or (current and focused) else "muted"
        number = self._numbers[index].rjust(self.indent - 3)
        number = f"[{number.strip()}]".rjust(self.indent - 1) if marked else f" {number} "
        when = dates.full(version.when, clock=True) if version.when else "not committed"
        left = t((number, role), " ", (when, "strong" if current else "text"))
        room = width - left.cell_length - 3
        right = plain(self.author(version), "muted").truncate(max(0, room), ellipsis=True)
        broken = ("▲ ", "err") if version.broken else ""
        said = t(" " * self.indent, broken, plain(self._said(version, width - self.indent - 1), "muted"))
        return [bar(width, left, t(right, " ")), t(said.truncate(width - 1, ellipsis=True))]

    def reveal(self, first: int, last: int) -> None:
        """Show the foot below the last version with it."""
        if last == self.count * self.row_height - 1 and last - first + len(self.tail()) < self.room:
            last += len(self.tail())
        super().reveal(first, last)

    def tail(self) -> Sequence[Content]:
        """Return the words on the time before the last version."""
        if not self.items:
            return [] if self.complete else [t("  ", ("loading …", "muted"))]
        lead = " " * (self.indent + 1)
        if not self.complete:
            return [BLANK, t(lead, ("loading older versions …", "muted"))]
        last = self.items[-1]
        if last.first:
            return []
        before = ["is not in this repository"]
        if last.cut:
            before = ["is not in this shallow clone:", "git fetch --unshallow gets it"]
        return [BLANK, t("  ", ("Before that", "head")), *(t(lead, (line, "muted")) for line in before)]


def said_of(version: Version, width: int) -> str:
    """Return the changes, in as many words as fit `width` cells: of long ones, the names alone."""
    if version.first and version.entry is not None:
        many = len(version.entry.fields)
        return "created with one field" if many == 1 else f"created with {many} fields"
    if version.cut:
        return version.summary
    parts = version.summary.split("; ")
    how = re.compile(r" (?:reworded|rewritten|extended|shortened)$")
    brief = [how.sub("", part) for part in parts]
    names = [part if len(part) <= _BRIEF else _NAME.sub(r"\1", part) for part in brief]
    said = [", ".join(words) for words in (parts, brief, names)]
    return next((words for words in said if len(words) <= width), said[-1]) or "moved only"


def said_of_file(version: FileVersion, width: int) -> str:
    """Return the subject of the commit, and the changes: the titles of a few entries, the number of many.

    First is said that the file came, went, or got another name.
    """
    subject = version.message.partition("\n")[0].strip()
    told = [words for words in _changes(version) if words]
    if subject and (version.first or version.deleted or version.renamed):
        return f"{told[0]} · {subject}"  # cut at its end
    if not subject:
        return next((words for words in told if len(words) <= width), told[-1])
    both = (f"{subject} · {words}" for words in told)
    return next((words for words in both if len(words) <= width), subject)


def _changes(version: FileVersion) -> Iterator[str]:
    """Yield ways to tell the changes of a file, the fullest first."""
    done = version.done
    parts = (("+", done.added), ("±", [new or old for old, new in done.edited]), ("−", done.removed))
    named = [f"{sign} {entry.title}" for sign, entries in parts for entry in entries if entry is not None]
    if len(named) in range(1, _NAMED + 1) and not version.first and not version.deleted:
        yield ", ".join(named)
    yield version.summary
    yield _KIND.sub(r"\1\2", version.summary)
