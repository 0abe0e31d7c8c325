"""The commits that the current branch and its upstream have each for itself, as last fetched."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.git.worktree import Worktree

_TOLD = re.compile(r"(ahead|behind) (\d+)")


class AheadBehind(NamedTuple):
    """Distance of a branch from its upstream, in commits."""

    ahead: int = 0
    """Commits that the upstream has not."""
    behind: int = 0
    """Commits of the upstream that the branch has not."""


def ahead_behind(checkout: Worktree, branch: str) -> AheadBehind:
    """Return the distance of a branch from its upstream; none for one that follows none. Asks no network."""
    if not branch:
        return AheadBehind()
    result = checkout.runner.read(
        "for-each-ref", "--format=%(upstream:track,nobracket)", f"refs/heads/{branch}"
    )
    told = {name: int(count) for name, count in _TOLD.findall(result.out.decode("utf-8", "replace"))}
    return AheadBehind(told.get("ahead", 0), told.get("behind", 0))
