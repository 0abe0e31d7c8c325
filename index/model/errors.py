"""Errors of git and of the disk, in sentences that name the next step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from index.model.display import STEERING

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and cursor movement
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # titles, links and other strings
    r"|\x1b[ -/]*[0-~]"
    rf"|[{STEERING}]",
    re.DOTALL,
)
_SIGNING: Final = re.compile(r"failed to sign|signing failed|couldn't sign|write commit object", re.I)
_UNTOLD: Final = re.compile(r"error: gpg failed to sign the data:?\s*(\(no gpg output\)\s*)?fatal: .*")
"""All that git says where it keeps the words of the signing program to itself."""
_NO_TERMINAL: Final = re.compile(
    r"inappropriate ioctl|not a (?:tty|terminal)|/dev/tty|no tty|no terminal|GPG_TTY|SSH_TTY|no pinentry"
    r"|screen or window too small|ssh_askpass|incorrect passphrase supplied|device not configured"
    r"|no such device or address",
    re.I,
)
"""Messages of gpg, its pinentry and ssh-keygen where they cannot ask for the secret of a key."""
_WORDS_LIMIT = 4000
"""Characters of a program's words that are kept: the end, where the error is."""


class HistoryError(Exception):
    """git has not taken an edit, or cannot tell the history; the message can be shown as it is."""

    written = False
    """The edit is on disk, but not committed."""


class Refused(HistoryError):
    """git would not take the edit, found out before anything was written; one plain sentence."""

    way = ""
    """The permission that lets it go on all the same: `detached`, `unversioned`; empty for none."""


class OnNoBranch(Refused):
    """No branch would hold the commit."""

    way = "detached"


class Unreadable(Refused):
    """There is a repository, and git cannot use it: its history must not be passed over without a word."""

    way = "unversioned"


class NotEnded(Refused):
    """A change of the same files was interrupted, and neither finished nor taken back yet."""


class NotHere(Refused):
    """An object that a commit names is not in this repository: a partial clone, or a damaged one."""


class Busy(HistoryError):
    """Another process holds the repository."""

    def __init__(self, message: str, lock: Path, age: float | None, *, written: bool) -> None:
        super().__init__(message)
        self.lock = lock
        """The file that says so; never deleted here."""
        self.age = age
        """Seconds since the lock was made; None when it is gone by now."""
        self.written = written


class HookFailed(HistoryError):
    """A hook, the signing or git itself refused the commit: the edit is on disk, but not committed."""

    written = True

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words
        """The output of the hook, or of git; may be empty. Safe to print."""


def clean_words(*parts: bytes) -> str:
    """Return the output of programs as text that a terminal can show: no escapes, no control characters."""
    text = "\n".join(part.decode("utf-8", "replace").strip() for part in parts if part.strip())
    return _ESCAPES.sub("", text.replace("\r\n", "\n"))[-_WORDS_LIMIT:].strip()


def as_clause(*parts: bytes) -> str:
    """Return the output of programs as the end of a sentence: on one line, the full stop is yet to come."""
    lines = (line.strip().removeprefix("fatal: ").rstrip(".;") for line in clean_words(*parts).split("\n"))
    return "; ".join(filter(None, lines))


def signing_words(words: str) -> str:
    """Return advice for a commit that failed for want of a terminal to sign at; empty for other failures."""
    if _UNTOLD.fullmatch(words):
        return "The signing failed; if it wants a terminal, unlock the key first, then commit again."
    if _SIGNING.search(words) and _NO_TERMINAL.search(words):
        return "The signing program wants a terminal: unlock the key first, then commit again."
    return ""


class TreeError(Exception):
    """A file or tree cannot be read or written; the message is one plain sentence."""


class Missing(TreeError):
    """There is no such file."""


class Conflict(TreeError):
    """Another program changed the file since it was loaded; nothing was written."""

    def __init__(self, message: str, disk: bytes | None) -> None:
        super().__init__(message)
        self.disk = disk
        """The content of the file now; None when it is gone."""


class Overlap(Conflict):
    """Another program changed the same fields as the plan: to plan again would not help."""


class UnknownEntry(TreeError):
    """No entry has this id."""

    def __init__(self, message: str, entry_id: str = "") -> None:
        super().__init__(message)
        self.entry_id = entry_id
        """The id that was asked for; empty where several entries have it."""


class Emptied(Refused):
    """All or most memory files would go; wants to be said once more."""

    way = "deleted"


class IndexBusy(Exception):
    """Another process is writing the index."""


class EditorError(Exception):
    """There is no editor to open; one plain sentence with the way out."""


class MeaningUnusable(Exception):
    """Nothing can be found by meaning; one plain sentence."""


class EditRefused(ValueError):
    """An edit that cannot be made without touching something else; one plain sentence says why."""


class ReadsElse(EditRefused):
    """A text that would read as more than a text where it is to be; as a code block it would not."""


class CannotRepair(ValueError):
    """A file that no repair known here makes sound; one plain sentence says why."""
