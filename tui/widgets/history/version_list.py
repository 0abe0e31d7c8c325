"""The versions of an entry or a file, newest first, as they come out of git."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.content import Content

from index.history.field_diff import changes_in_words
from index.model.counts import count_words
from index.model.display import as_many_as_fit
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
_HOW = re.compile(r" (?:reworded|rewritten|extended|shortened)$")


class VersionList(RowList[Any]):
    """Three lines a version: number, moment and author; the subject of its commit; the changes.

    The last lines tell of the time before.
    """

    HELP_TITLE = "Keys: history"
    row_height = 3
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
        self.now = datetime.now(UTC)
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

    def head(self, version: AnyVersion) -> Content:
        """Return a version as the heading of its content."""
        if version.when is None:
            return t((UNCOMMITTED, "strong"), ("  on disk, not committed", "muted"))
        place = next((n for n, other in enumerate(self.items) if self.key(other) == self.key(version)), None)
        number = self._numbers[place] if place is not None else UNCOUNTED
        about = f"  {dates.short(version.when, self.now, clock=True)} · "
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
        when = dates.short(version.when, self.now, clock=True) if version.when else "not committed"
        left = t((number, role), " ", (when, "strong" if current else "text"))
        room = width - left.cell_length - 3
        right = plain(self.author(version), "muted").truncate(max(0, room), ellipsis=True)
        lead = t(" " * self.indent, ("▲ ", "err") if version.broken else "")
        subject = version.message.strip().partition("\n")[0]
        said = self._said(version, width - self.indent - 1 - 2 * version.broken)
        below = [plain(subject), plain(said, "muted")] if subject else [plain(said, "muted"), BLANK]
        lines = t(lead, below[0]), t(" " * self.indent, below[1])
        return [bar(width, left, t(right, " ")), *(line.truncate(width - 1, ellipsis=True) for line in lines)]

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
    """Return the changes, in as many words as fit `width` cells: where there is little room, the names."""
    if version.first and version.entry is not None:
        return f"created with {count_words(len(version.entry.fields), 'field')}"
    if version.first or version.deleted or version.cut:
        return version.summary
    changes = changes_in_words(version.changes)
    words, names = [dates.reword(words) for words, _ in changes], [name for _, name in changes]
    brief = [_HOW.sub("", each) for each in words]
    mixed = [each if len(each) <= _BRIEF else name for each, name in zip(brief, names, strict=True)]
    said = (", ".join(parts) for parts in (words, brief, mixed))
    return next((line for line in said if len(line) <= width), as_many_as_fit(names, width)) or "moved only"


def said_of_file(version: FileVersion, width: int) -> str:
    """Return the changes: that the file came, went or got another name, and the titles of its entries."""
    done = version.done
    parts = (("+", done.added), ("±", [new for _, new in done.edited]), ("−", done.removed))
    signs = (("" if version.first else f"{sign} ", entries) for sign, entries in parts)
    named = [f"{sign}{entry.title}" for sign, entries in signs for entry in entries if entry is not None]
    if not named or version.deleted or version.cut or version.elsewhere:
        return version.summary
    lead = "created: " if version.first else ""
    renamed = [f"renamed from {version.renamed}"] if version.renamed else []
    return lead + as_many_as_fit([*renamed, *named], width - len(lead))
