"""Commits, as the history and the status line tell of them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from index.model.display import cells, shorten_at_word

SUBJECT_WIDTH: Final = 72
"""Columns after which git's own tools cut the first line of a commit message."""
_LEAST: Final = 12
"""Columns of a title that are kept, however much else is said of the change."""
_prefix = "memory: "


def begin_messages_with(prefix: str) -> None:
    """Begin the commit messages that are proposed from now on with the words that the user chose."""
    global _prefix  # noqa: PLW0603  # one user, one prefix
    _prefix = prefix


def proposed(words: str, title: str = "", more: str = "") -> str:
    """Return a commit message: `memory: repair api-patterns.xml`.

    What is too long for its first line is cut there, within the title where there is one, and told whole
    below.

    Args:
        words: the change; with a title, what comes before it.
        title: of the entry that it is about, to be quoted.
        more: what comes after the title.
    """
    whole = " ".join(f'{words} "{title}" {more}'.split() if title else words.split())
    subject = f"{_prefix}{whole}"
    if cells(subject) <= SUBJECT_WIDTH:
        return subject
    if title:
        room = SUBJECT_WIDTH - cells(f'{_prefix}{words} "" {more}'.rstrip())
        subject = f'{_prefix}{words} "{shorten_at_word(title, max(room, _LEAST))}" {more}'.rstrip()
    body = textwrap.fill(whole, SUBJECT_WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{_cut(subject)}\n\n{body}"


def _cut(subject: str) -> str:
    """Fit a subject to its line; a title that is cut in an undo keeps its closing quote."""
    short = shorten_at_word(subject, SUBJECT_WIDTH)
    closed = f'{shorten_at_word(subject, SUBJECT_WIDTH - 1)}"'
    return closed if short.count('"') % 2 and not closed.count('"') % 2 else short


def whole_words(message: str) -> str:
    """Return the words of a message that was proposed, without its prefix, whole where its first line is cut.

    >>> whole_words('memory: edit "Health…"\\n\\nedit "Health check\\nopens"')
    'edit "Health check opens"'
    """
    subject = without_prefix(message)
    kept = subject.split("…")
    below = " ".join(message.strip().partition("\n")[2].strip().partition("\n\n")[0].split())
    whole = len(kept) > 1 and below.startswith(kept[0]) and below.endswith(kept[-1])
    return below if whole else subject


def without_prefix(message: str) -> str:
    """Return the first line of a message without the words that every proposed one begins with."""
    return message.strip().partition("\n")[0].removeprefix(_prefix).removeprefix("memory: ")


class Revision(NamedTuple):
    """One commit."""

    rev: str
    """Full id."""
    when: datetime
    """Time at which the author made it, in the author's time zone."""
    author: str
    message: str
    """Whole, without the line break at its end."""
    files: tuple[tuple[str, str], ...]
    """Status (`A` added, `M` modified, `D` deleted, `T` type changed) and path relative to the tree, as
    `os.fsdecode` gives it. A rename is a `D` and an `A`. A merge names none: its changes are in the
    commits it merged."""


class TouchedFile(NamedTuple):
    """A file that a commit changed."""

    status: str
    """As in `Revision.files`; of a merge, one letter for each parent."""
    path: str
    """From the root of the repository, as `os.fsdecode` gives it."""
    olds: tuple[str, ...]
    """Id of its content in each parent, empty where it was not there; one, empty, in a root commit."""
    new: str
    """Id of its content after the commit; empty when it is gone."""


class LogStep(NamedTuple):
    """One commit, and the contents it put in place of others."""

    rev: str
    when: datetime
    author: str
    message: str
    files: tuple[TouchedFile, ...]
    cut: bool = False
    """A shallow clone begins with it: its parents are not here, so it seems to change nothing."""
    at: str = ""
    """The beginning of the paths, in the tree, of all files that lie in its repository: see `BESIDE`."""


SHALLOW = "The history ends here because this clone is shallow: git fetch --unshallow gets the rest."


BEGINS = "where this shallow clone begins"


@dataclass(frozen=True)
class State:
    """The state of the repository, for a status line."""

    branch: str
    """Name of the current branch; empty when detached."""
    detached: bool
    busy: str
    """`merge`, `rebase`, `cherry-pick`, `revert`, `bisect`, or empty."""
    dirty: bool
    """Memory files on disk are not as the last commit has them."""
    identity: str
    """Name that commits will carry; empty when git knows none."""
    head: str | None
    """Id of the last commit; None before the first."""
    kept: bool = False
    """memarium keeps the versions itself: the tree is in no repository of the user's."""
    ahead: int = 0
    """Commits of the branch that its upstream has not, as last fetched."""
    behind: int = 0
    """Commits of the upstream that the branch has not."""
