"""Placeholder files: those that another tool left in the place of the content it keeps."""

from __future__ import annotations

from typing import NamedTuple


class StandIn(NamedTuple):
    """A placeholder that another tool left for a file's content, and how the content comes back."""

    where: str
    """The place of the content, in a few words: `stored with Git LFS`."""
    advice: str
    """One plain sentence for whoever opened the file."""


_LFS = StandIn(
    "stored with Git LFS", "This file is stored with Git LFS and is not downloaded: run git lfs pull."
)
_BEGINNINGS = (
    # https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md; the others are what it was called before.
    (b"version https://git-lfs.github.com/spec/", _LFS),
    (b"version https://hawser.github.com/spec/", _LFS),
    (b"version http://git-media.io/v/", _LFS),
    # https://git-annex.branchable.com/internals/pointer_file/
    (
        b"/annex/objects/",
        StandIn("kept by git-annex", "This file is kept by git-annex and is not here: run git annex get."),
    ),
    # https://github.com/AGWA/git-crypt/blob/master/commands.cpp
    (
        b"\0GITCRYPT\0",
        StandIn("encrypted with git-crypt", "This file is encrypted with git-crypt: run git-crypt unlock."),
    ),
    # `Salted__`, as OpenSSL writes it and transcrypt stores it.
    (
        b"U2FsdGVkX1",
        StandIn("encrypted", "This file is encrypted (with transcrypt or OpenSSL): decrypt it first."),
    ),
    (b"age-encryption.org/v1", StandIn("encrypted", "This file is encrypted with age: decrypt it first.")),
    (
        b"-----BEGIN AGE ENCRYPTED FILE-----",
        StandIn("encrypted", "This file is encrypted with age: decrypt it first."),
    ),
    (
        b"-----BEGIN PGP MESSAGE-----",
        StandIn("encrypted", "This file is encrypted with PGP: decrypt it first."),
    ),
)
_ALL = tuple(beginning for beginning, _ in _BEGINNINGS)


def stand_in(data: bytes) -> StandIn | None:
    """Return the placeholder that these bytes are, None when they are the content."""
    if not data.startswith(_ALL):
        return None
    return next(found for beginning, found in _BEGINNINGS if data.startswith(beginning))
