"""The other repository: fetches from it, pushes to it, and the reasons why not, in sentences."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from index.git.runner import (
    READ_CONFIG,
    READ_ENVIRONMENT,
    TIME_LIMIT,
    WRITE_CONFIG,
    WRITE_ENVIRONMENT,
    GitResult,
    Runner,
)
from index.git.worktree import Worktree
from index.model.errors import Refused, as_clause, clean_words
from index.model.path_spelling import shown

_UNASKED = {
    # Nobody is there to answer: what the user's own credential helpers do not know fails at once.
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "GIT_EDITOR": ":",
}
_PROGRAM = re.compile(
    # Settings by which a connection starts a program: https://git-scm.com/docs/git-config
    r"core\.(?:sshcommand|gitproxy|askpass|alternaterefscommand)"
    r"|credential\.(?:.*\.)?helper"
    r"|remote\..*\.(?:uploadpack|receivepack|vcs)"
)
_PLAIN_HELPER = re.compile(r"[A-Za-z][\w-]*|")
"""A credential helper by its bare name, one of those installed beside git."""
_HELPER_ADDRESS = re.compile(r"([A-Za-z][\w+.-]*)::")
_SECRET = re.compile(r"(?<=://)[^/@\s']+@")
_MOVED = ("fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref")
"""Reasons of a rejected push where another one came first."""
_REASONS = (
    # What git and ssh say, and what that means; the first that fits.
    ("transport 'ext'", "its address starts a program, which memarium never does: change it with git remote"),
    ("transport '", "your setting protocol.allow, or GIT_ALLOW_PROTOCOL, forbids addresses of that kind"),
    ("dubious ownership", "another user owns that repository: see safe.directory in git's manual"),
    ("terminal prompts disabled", "it asks for a name and a password, and no credential helper knows them"),
    ("Authentication failed", "it does not take the password or token that git has for it"),
    ("Permission denied", "it does not let you in: check your SSH key, or your rights there"),
    ("Host key verification failed", "its host key is not known: connect to it once with ssh"),
    ("Repository not found", "there is no such repository, or you may not see it"),
    ("does not appear to be a git repository", "there is no repository at its address"),
    ("not found", "there is no such repository, or you may not see it"),
    ("Could not resolve host", "its host cannot be found: is there a network?"),
    ("unable to access", "the network, or the host, does not answer"),
    ("Connection", "the network, or the host, does not answer"),
    ("Network is unreachable", "there is no network"),
    ("unable to connect", "the network, or the host, does not answer"),
)


_TAGS = "refs/tags/"
_UNSENT = "not be found on any remote"
"""Part of the message of a push that would send a commit without those of its submodules."""


@dataclass(frozen=True)
class Upstream:
    """The branch of another repository that the current branch follows."""

    remote: str
    """Name of the other repository: `origin`."""
    ref: str
    """Full name of the branch there."""
    tracking: str
    """Full name of the local ref that tracks it."""

    @property
    def name(self) -> str:
        """Name to show: `origin/main`."""
        return shown(f"{self.remote}/{self.ref.removeprefix('refs/heads/')}")


@dataclass(frozen=True)
class Push:
    """The outcome of a push."""

    sent: bool
    behind: bool = False
    """Somebody else was first: fetch and merge, then try again."""
    words: str = ""
    """The reason why it was not sent: one plain sentence."""
    new: bool = True
    """It was not there before, as it may be where a setting sends pushes to another address."""
    tags: tuple[str, ...] = ()
    """Tags that went along: git's setting push.followTags asks for that."""


class Wire(Runner):
    """git with a network, and with an index of its own."""

    def fetch(self, *arguments: str) -> GitResult:
        """Run a command that reads from another repository; no hook runs, and it can be stopped."""
        allowed = {name: READ_ENVIRONMENT[name] for name in ("GIT_NO_LAZY_FETCH", "LC_ALL", "LANGUAGE")}
        return self._watched(self._command(READ_CONFIG, arguments), allowed | _UNASKED)

    def push(self, *arguments: str) -> GitResult:
        """Run a command that writes to another repository, with the user's hooks."""
        return self._watched(self._command(WRITE_CONFIG, arguments), WRITE_ENVIRONMENT | _UNASKED)

    def indexed(self, index: Path, *arguments: str, stdin: bytes = b"") -> GitResult:
        """Run a plumbing command on another index than the user's."""
        command = self._command((*READ_CONFIG, "core.splitIndex=false"), arguments)
        return self._run(command, READ_ENVIRONMENT | {"GIT_INDEX_FILE": os.fspath(index)}, stdin)


def wire(checkout: Worktree) -> Wire:
    """Return git for the network, in the same folder."""
    made = Wire(checkout.runner.program, checkout.root, checkout.runner.own)
    made.watcher = checkout.runner.watcher
    return made


def find_upstream(checkout: Worktree, branch: str) -> Upstream:
    """Return the upstream of a branch.

    Raises Refused: it follows nothing, or nothing of another repository; with what to do.
    """
    read = checkout.runner.read
    remotes = remotes_of(checkout)
    if not remotes:
        raise Refused(
            "No remote is configured: run git remote add origin with its address, "
            f"then git push --set-upstream origin {shown(branch)}."
        )
    remote = setting(checkout, f"branch.{branch}.remote")
    ref = setting(checkout, f"branch.{branch}.merge")
    if not remote or not ref.startswith("refs/heads/"):
        proposed = "origin" if "origin" in remotes else remotes[0]
        raise Refused(
            f"The branch {shown(branch)} follows no branch of another repository: run "
            f"git push --set-upstream {shown(proposed)} {shown(branch)} once, then sync."
        )
    listed = read("for-each-ref", "--format=%(upstream)", f"refs/heads/{branch}").out.decode().strip()
    usual = f"refs/remotes/{remote}/{ref.removeprefix('refs/heads/')}"
    if remote not in remotes:
        raise Refused(
            f"The branch {shown(branch)} does not follow a branch of a remote by its name: run "
            "git branch --set-upstream-to with one, then sync."
        )
    return Upstream(remote, ref, listed if listed.startswith("refs/remotes/") else usual)


def remotes_of(checkout: Worktree) -> list[str]:
    """Return the names of the other repositories that this one knows."""
    return [name for name in clean_words(checkout.runner.read("remote").out).split("\n") if name]


def setting(checkout: Worktree, name: str) -> str:
    """Return the value of a setting, the last where there are several; empty for none."""
    return os.fsdecode(checkout.runner.read("config", "-z", "--get", name).out).rstrip("\0")


def check_settings(checkout: Worktree, remote: str) -> None:
    """Make sure that connecting runs no program that the repository itself names.

    The user's own settings may name helpers and proxies: they are the user's.

    Raises Refused: the repository's own configuration names one, or its remote is one.
    """
    listing = checkout.runner.read("config", "--list", "--show-scope", "--includes", "-z").out
    parts = [os.fsdecode(part) for part in listing.split(b"\0")]
    for scope, pair in zip(parts[::2], parts[1::2], strict=False):
        name, _, value = pair.partition("\n")
        if scope in ("local", "worktree") and _PROGRAM.fullmatch(name):
            if name.endswith("helper") and _PLAIN_HELPER.fullmatch(value):
                continue
            raise Refused(
                f"This repository's own settings name a program for the connection ({shown(name)}), and "
                "memarium runs none of those: move it to your own settings (git config --global), or "
                "pull and push with git."
            )
        if name in (f"remote.{remote}.url", f"remote.{remote}.pushurl"):
            _check_address(checkout, remote, value)


def _check_address(checkout: Worktree, remote: str, address: str) -> None:
    if _HELPER_ADDRESS.match(address):
        raise Refused(
            f"The address of {shown(remote)} starts a program ({shown(address.partition('::')[0])}::), which "
            "memarium never does: change it with git remote set-url."
        )
    local = address.removeprefix("file://")
    if "://" not in local and ":" not in local.partition("/")[0]:
        place = Path(os.path.realpath(checkout.root / local))
        # A push runs the hooks of the repository it goes to: one that lies in this one came with it.
        if place.is_relative_to(checkout.root):
            raise Refused(
                f"The address of {shown(remote)} lies in this repository itself: nothing was synced."
            )


def fetch(checkout: Worktree, upstream: Upstream, yet: str = "merged or pushed") -> bool:
    """Fetch the upstream branch into this repository; False when there is no such branch.

    `yet`: of this nothing is done so far, to be told where the user stops it.

    Raises Refused: it cannot be reached, or does not let us in.
    """
    result = wire(checkout).fetch(
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-prune",
        "--no-recurse-submodules",
        "--no-auto-maintenance",
        "--no-write-fetch-head",
        "--refmap=",
        "--end-of-options",
        upstream.remote,
        f"+{upstream.ref}:{upstream.tracking}",
    )
    if result.code == 0:
        return True
    if result.stopped:
        raise Refused(f"The sync was stopped. Nothing was {yet}.")
    if b"couldn't find remote ref" in result.err:
        return False
    raise Refused(f"{_why(upstream, result)} Your memories stay as they are.")


def has_branches(checkout: Worktree, upstream: Upstream) -> bool:
    """Whether there is any branch in the other repository; a new one has none.

    Raises Refused: it cannot be reached, or does not let us in.
    """
    command = ("ls-remote", "--quiet", "--heads", "--end-of-options", upstream.remote)
    result = wire(checkout).fetch(*command)
    if result.stopped:
        raise Refused("The sync was stopped. Nothing was merged or pushed.")
    if result.code:
        raise Refused(f"{_why(upstream, result)} Your memories stay as they are.")
    return bool(result.out.strip())


def push(checkout: Worktree, upstream: Upstream, commit: str) -> Push:
    """Send a commit and its ancestors, and make the upstream branch point to it.

    Tags go along as push.followTags says. No submodule is pushed: its own settings may name programs.
    """
    result = wire(checkout).push(
        "push",
        "--porcelain",
        f"--recurse-submodules={'check' if _minds_submodules(checkout) else 'no'}",
        "--end-of-options",
        upstream.remote,
        f"{commit}:{upstream.ref}",
    )
    # A line is a sign, `from:to`, and what became of it: https://git-scm.com/docs/git-push#_output
    lines = [line.split("\t") for line in result.out.decode("utf-8", "replace").split("\n") if "\t" in line]
    became = {names.rpartition(":")[2]: (sign, said) for sign, names, said in lines}
    sign, said = became.pop(upstream.ref, ("", ""))
    if result.code == 0 or sign not in ("", "!"):  # a tag may be refused, and the branch taken
        tags = tuple(shown(ref.removeprefix(_TAGS)) for ref, (sent, _) in became.items() if sent == "*")
        return Push(True, new=sign != "=", tags=tags)
    if sign != "!":
        return Push(
            False, False, _why(upstream, result, failed=f"The push to {shown(upstream.remote)} failed")
        )
    behind = any(reason in said for reason in _MOVED)
    reason = said.partition("(")[2].rstrip(")") or said
    more = [
        line.removeprefix("remote: ") for line in clean_words(result.err).split("\n") if "remote:" in line
    ]
    reason = as_clause("\n".join([reason, *filter(str.strip, more[:3])]).encode())
    return Push(False, behind, f"{shown(upstream.remote)} rejected the push: {reason}.")


def follows_tags(checkout: Worktree) -> bool:
    """Whether a push is to send the annotated tags that the other repository lacks."""
    return checkout.settings.is_true("push.followtags") is True


def _minds_submodules(checkout: Worktree) -> bool:
    """Whether git is set to push nothing before the commits of submodules are pushed."""
    how = checkout.settings.values().get("push.recursesubmodules", "").lower()
    by_default = not how and checkout.settings.is_true("submodule.recurse")
    return how in ("check", "on-demand") or by_default is True


def _why(upstream: Upstream, result: GitResult, failed: str = "") -> str:
    """Say in one sentence why there is no connection; `failed` is said where another cause is as likely."""
    name = shown(upstream.remote)
    if result.stopped:
        return f"The {result.child or 'push'} was stopped."
    if result.timed_out and result.child:
        return f"The {result.child} took too long and was stopped."
    if result.child:
        words = as_clause(result.err)
        return f"The {result.child} stopped the push{': ' if words else ''}{words}."
    if result.timed_out:
        return f"{name} did not answer within {TIME_LIMIT:.0f} s."
    words = _SECRET.sub("", clean_words(result.err))
    if _UNSENT in words:
        return (
            "A submodule has commits that are on no remote yet, and git's setting push.recurseSubmodules "
            "minds that: run git push --recurse-submodules=on-demand, then sync."
        )
    for sign, meaning in _REASONS:
        if sign in words:
            return f"{name} cannot be reached: {meaning}."
    return f"{failed or f'{name} cannot be reached'}: {as_clause(words.encode())}."
