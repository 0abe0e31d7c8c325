"""The target of `git push` for the current branch, as the user has set it, and how far it is."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from index.git.remotes.remote import Upstream, setting
from index.git.worktree import Worktree
from index.model.errors import Refused
from index.model.path_spelling import shown

_HEADS = "refs/heads/"


def find_destination(checkout: Worktree, branch: str, upstream: Upstream, remotes: Sequence[str]) -> Upstream:
    """Return the branch that a push of `branch` goes to; mostly its upstream.

    https://git-scm.com/docs/git-config#Documentation/git-config.txt-pushdefault

    Raises Refused: `git push` would send nothing, or something else than this branch; names the setting.
    """
    if checkout.settings.values().get("push.recursesubmodules", "").lower() == "only":
        raise Refused(
            "push.recurseSubmodules is only, so git pushes submodules and no branch of this repository: "
            "change that setting, or push with git."
        )
    remote, named_by = _remote(checkout, branch, upstream)
    if remote not in remotes:
        raise Refused(
            f"{named_by} names {shown(remote)}, which is not a remote of this repository: "
            "name one of those that git remote lists, then sync."
        )
    if setting(checkout, f"remote.{remote}.push") or setting(checkout, f"remote.{remote}.mirror") == "true":
        ref = _mapped(checkout, branch, remote)
    else:
        ref = _by_default(checkout, branch, remote, upstream)
    same = (remote, ref) == (upstream.remote, upstream.ref)
    return upstream if same else Upstream(remote, ref, f"refs/remotes/{remote}/{ref.removeprefix(_HEADS)}")


def _remote(checkout: Worktree, branch: str, upstream: Upstream) -> tuple[str, str]:
    """Return the remote that is pushed to, and the setting that names it."""
    for name in (f"branch.{branch}.pushRemote", "remote.pushDefault"):
        if remote := setting(checkout, name):
            return remote, shown(name)
    return upstream.remote, shown(f"branch.{branch}.remote")


def _mapped(checkout: Worktree, branch: str, remote: str) -> str:
    """Return where the remote's own push settings send the branch."""
    name, everything = f"remote.{remote}.push", f"remote.{remote}.mirror"
    if setting(checkout, everything) == "true":
        name = everything
    else:
        specs = os.fsdecode(checkout.runner.read("config", "-z", "--get-all", name).out).split("\0")
        for source, _, target in (spec.lstrip("+").partition(":") for spec in specs if spec):
            if source in ("", "HEAD", branch, _HEADS + branch):
                return _full(target or branch)
        # A pattern, such as refs/heads/*:refs/heads/me/*, is git's own to read.
        command = ("for-each-ref", "--format=%(push:remoteref)", _HEADS + branch)
        ref = os.fsdecode(checkout.runner.read(*command).out).strip()
        if ref.startswith(_HEADS):
            return ref
    raise Refused(
        f"{shown(name)} sends something else than the branch {shown(branch)}: "
        "push with git, or change that setting, then sync."
    )


def _full(ref: str) -> str:
    return ref if ref.startswith("refs/") else _HEADS + ref


def _by_default(checkout: Worktree, branch: str, remote: str, upstream: Upstream) -> str:
    """Return where `push.default` sends the branch."""
    how = setting(checkout, "push.default").lower() or "simple"
    elsewhere = remote != upstream.remote
    if how in ("current", "matching") or (how == "simple" and elsewhere):
        return _HEADS + branch
    if how in ("upstream", "tracking") and not elsewhere:
        return upstream.ref
    if how == "simple" and upstream.ref == _HEADS + branch:
        return upstream.ref
    raise Refused(_refusal(how, branch, remote, upstream))


def _refusal(how: str, branch: str, remote: str, upstream: Upstream) -> str:
    """Say why `git push` would send nothing."""
    if how == "nothing":
        return "push.default is nothing, so git sends no branch by itself: change that, or push with git."
    if how == "simple":
        return (
            f"The branch {shown(branch)} follows {upstream.name}, which has another name, and git does not "
            "push to that unless it is told: run git config push.default upstream, then sync."
        )
    if how in ("upstream", "tracking"):
        return (
            f"push.default is {how}, but pushes go to {shown(remote)} while {shown(branch)} follows "
            f"{upstream.name}, which git refuses: change one of the two, then sync."
        )
    return f"push.default is {shown(how)}, which git does not know: change that setting, then sync."


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
