"""The error for objects that a commit names and that are not in the repository, with the way to get them."""

from __future__ import annotations

import os
import re

from index.git.runner import Runner
from index.model.errors import NotHere
from index.model.path_spelling import shown

_SAID = re.compile(
    rb"promisor remote|unable to (?:read|parse)|bad object"
    rb"|(?:could not|cannot|failed to) (?:read|parse|traverse parents of) (?:\w+ )?[0-9a-f]{40}"
    rb"|missing (?:blob|tree|commit|object)|bad tree object|invalid object",
    re.I,
)
"""Messages of git where it cannot go on without an object."""
_PLAIN = re.compile(r"\w[\w./-]*")
"""The name of a remote that a shell takes for a word."""

_NOT_LENT = re.compile(rb"(?:unable to normalize alternate object path: |object directory )(/[^;\n]+)")
"""Messages of git about a folder of `objects/info/alternates` that is gone, or is no folder of objects."""


def is_missing(words: bytes) -> bool:
    """Whether git failed for want of an object, by its words."""
    return _SAID.search(words) is not None


def not_here(runner: Runner) -> NotHere:
    """Return the error for an object that is not here, with the way to get it."""
    if lost := _NOT_LENT.search(runner.read("count-objects", "-v").err):
        return NotHere(
            f"This repository borrows older versions from {shown(os.fsdecode(lost[1]))}, which is not there: "
            "put that folder back, or correct its path in objects/info/alternates of git's folder."
        )
    told = runner.read("config", "-z", "--get-regexp", r"^remote\..*\.(url|promisor)$").out
    values = dict(item.partition(b"\n")[::2] for item in told.split(b"\0") if item)
    names = {name.decode("utf-8", "replace").split(".", 1)[1].rpartition(".")[0] for name in values}
    partial = next((name for name in sorted(names) if f"remote.{name}.promisor".encode() in values), "")
    remote = partial or ("origin" if "origin" in names else next(iter(sorted(names)), ""))
    plain = f" {remote}" if _PLAIN.fullmatch(remote) else ""  # what a configuration says is not to be typed
    # While a fetch brings new branches, git passes over what the others lack.
    fetches = f"git fetch{plain} && git fetch --refetch --no-filter{plain}"
    if partial:
        return NotHere(
            f"This clone is partial, and an older version is not in it: {fetches} brings what is missing."
        )
    if remote:
        return NotHere(
            "An older version is missing, so the repository is damaged: "
            f"{fetches} brings what there is of it."
        )
    return NotHere(
        "An older version is missing in this repository, and no remote is configured to fetch it from: "
        "git fsck names what is missing."
    )
