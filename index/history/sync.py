"""Sync with the repository that others share: fetch, merge by entry, push.

Nothing moves until every conflict is settled.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.formats.base import Choices
from index.git.conversions import Forms
from index.git.remotes.push_target import find_destination
from index.git.remotes.remote import (
    Upstream,
    check_settings,
    fetch,
    find_upstream,
    follows_tags,
    has_branches,
    push,
    remotes_of,
)
from index.git.saving.bulk_deletion import emptied_words
from index.git.saving.killed_save import removed_words
from index.git.saving.locks import own_lock, wait_for_index
from index.git.worktree import Worktree
from index.history.half_sync import HalfSync, HalfWay, end_interrupted, ended_words, intended
from index.history.merge_trees import make_commit, plan_merge
from index.model.counts import count_words, listed
from index.model.errors import Emptied, Refused, as_clause
from index.model.merge_outcomes import MergeConflict, Outcome
from index.model.path_spelling import shown
from index.storage.intents import Intents

Choose = Callable[[tuple[MergeConflict, ...]], Choices | None]
"""Asked for every conflict that is not resolved; None, or nothing, leaves everything as it was."""

Tell = Callable[[str], None]
"""Called with the current step, in two or three words."""

TRIES = 5
"""Number of times that a push is tried while others push too."""
PAUSE = 0.1
"""Seconds before the second try, doubled each time; each wait is a random part of it."""


@dataclass
class _Run:
    """One sync, while it runs."""

    checkout: Worktree
    upstream: Upstream
    choose: Choose | None
    tell: Tell
    intents: Intents | None = None
    before: Sequence[str] = ()
    """Sentences about the interrupted syncs that were finished first."""
    choices: dict[tuple[str, str], str] = field(default_factory=dict)
    fetched: int = 0
    merged: dict[str, None] = field(default_factory=dict)
    removed: tuple[Path, ...] = ()
    deleted: bool = False
    """That all or most memories go is meant."""

    def outcome(self, words: str, sent: int = 0, *, complete: bool = False) -> Outcome:
        words = " ".join(filter(None, [*self.before, words, removed_words(self.removed)]))
        return Outcome(self.fetched, tuple(self.merged), sent, (), complete, words)


def sync(
    checkout: Worktree,
    choose: Choose | None = None,
    tell: Tell = lambda _: None,
    intents: Intents | None = None,
    *,
    deleted: bool = False,
) -> Outcome:
    """Fetch the commits of others, merge them by entry, and push ours.

    Work that is not committed stays as it is. With conflicts that nobody settles, nothing is merged and
    nothing is sent. That all or most memories are gone is taken in and sent only with `deleted`.
    One that was interrupted is ended first; `intents` is where that is written down.

    Raises:
        Refused: it cannot be done now; one plain sentence says why, and what to do.
        Busy: another process holds the repository.
        EditRefused: a text that was chosen cannot be put there; nothing was merged.
    """
    before = [ended_words(ended) for ended in end_interrupted(checkout, intents)]
    branch = _check_ready(checkout)
    upstream = find_upstream(checkout, branch)
    target = find_destination(checkout, branch, upstream, remotes_of(checkout))
    for remote in dict.fromkeys((upstream.remote, target.remote)):
        check_settings(checkout, remote)
    run = _Run(checkout, upstream, choose, tell, intents, before, deleted=deleted)
    words = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(random.uniform(0, PAUSE * 2 ** (attempt - 1)))
        tell(f"fetching {upstream.name}")
        there = _fetch(run, branch)
        _check_not_rewritten(checkout, upstream)
        conflicts = _bring_in(run) if there else ()
        if conflicts:
            return replace(run.outcome(_asking(upstream, conflicts)), conflicts=conflicts)
        head = checkout.objects.id("HEAD")
        if target != upstream:
            there = fetch(checkout, target, "pushed")
        known = checkout.objects.id(target.tracking) if there else None
        waiting = _count(checkout, head, known) if head else 0
        if head is None or not (waiting or follows_tags(checkout)):
            return run.outcome(_done(run, target, 0), complete=True)
        if known and not deleted:
            _check_proportion(
                checkout, known, head, f"Nothing was pushed to {target.name}: compared with it,"
            )
        tell(f"sending {count_words(waiting, 'commit')}" if waiting else "sending tags")
        sent = push(checkout, target, head)
        if sent.sent:
            waiting = waiting if sent.new else 0
            return run.outcome(_done(run, target, waiting) + _along(sent.tags), waiting, complete=True)
        words = sent.words
        if not sent.behind or target != upstream:  # what came in between there is not merged from there
            break
    else:
        words = f"{upstream.name} keeps moving: sync again in a moment."
    kept = count_words(waiting, "commit waits", "commits wait")
    return run.outcome(f"{words} {kept} here.")


def _check_proportion(checkout: Worktree, old: str, new: str, words: str) -> None:
    """Raise Emptied, which begins with `words`, when all or most memories of a commit are gone in another."""
    from index.git.worktree_status import memories_of

    held, now = memories_of(checkout, old), memories_of(checkout, new)
    if emptied := emptied_words(held, held - now, now - held):
        raise Emptied(f"{words} {emptied}. memarium restore brings them back.")


def _fetch(run: _Run, branch: str) -> bool:
    """Fetch the upstream of the branch; False when the other repository is still empty.

    Raises Refused: it cannot be reached, or the branch is gone there: somebody meant that.
    """
    there = fetch(run.checkout, run.upstream)
    if not there and has_branches(run.checkout, run.upstream):
        remote, name = shown(run.upstream.remote), shown(run.upstream.ref.removeprefix("refs/heads/"))
        what = shown(branch) if branch == name else f"{shown(branch)}:{name}"
        raise Refused(
            f"{run.upstream.name} is gone: it was deleted there, or never pushed; "
            f"git push --set-upstream {remote} {what} brings it back."
        )
    return there


def _check_not_rewritten(checkout: Worktree, upstream: Upstream) -> None:
    """Refuse to send back commits that were taken out of the other repository, as far as the reflog tells.

    Raises Refused: commits that were there once are here, and are there no longer; with both ways on.
    """
    read, places = checkout.runner.read, (upstream.tracking, "HEAD")
    fork = read("merge-base", "--fork-point", *places).out.decode("ascii").strip()
    gone = _count(checkout, fork, upstream.tracking) if fork else 0
    # Not all that is there is known of a shallow clone; without a common commit there is no way to merge.
    if not gone or checkout.cut_off() or not read("merge-base", *places).out:
        return
    url = ("remote", "get-url", "--all")
    if read(*url, upstream.remote).out != read(*url, "--push", upstream.remote).out:
        return  # what was pushed was in another repository than the one that is fetched from
    there, them = shown(upstream.tracking.removeprefix("refs/remotes/")), "it" if gone == 1 else "them"
    name = shown(upstream.ref.removeprefix("refs/heads/"))
    had = count_words(gone, "commit that you have is", "commits that you have are")
    raise Refused(
        f"{upstream.name} was rewritten: {had} no longer there, so nothing was merged or pushed. To drop "
        f"{them} here too, run git rebase --onto {there} {fork[:10]}; to send {them} back, run git merge "
        f"{there}, then git push {shown(upstream.remote)} HEAD:{name}."
    )


def _check_ready(checkout: Worktree) -> str:
    """Return the current branch; raise Refused when nothing can be merged into it now."""
    if busy := checkout.busy():
        raise Refused(f"A {busy} is in progress in this repository: finish or abort it, then sync again.")
    branch = checkout.branch()
    if not branch:
        raise Refused(
            "The repository is on no branch (detached HEAD): run git switch with a branch, or git switch -c "
            "NAME to make one here, then sync again."
        )
    return branch


def _count(checkout: Worktree, of: str, without: str | None) -> int:
    """Count the commits that led to one commit and not to the other."""
    excluded = [f"^{without}"] if without else []
    return int(checkout.runner.read("rev-list", "--count", of, *excluded, "--").out or 0)


# ── what comes in ─────────────────────────────────────────────────────────────


def _bring_in(run: _Run) -> tuple[MergeConflict, ...]:
    """Bring the fetched commits into the current branch; return the conflicts that prevent it."""
    checkout, upstream = run.checkout, run.upstream
    while True:
        head, theirs = checkout.objects.id("HEAD"), checkout.objects.id(upstream.tracking)
        if theirs is None:
            return ()
        behind = _count(checkout, theirs, head)
        if not behind:
            return ()
        target, files = theirs, dict[str, None]()
        if head and _count(checkout, head, theirs):
            run.tell(f"merging {upstream.name}")
            plan = plan_merge(checkout, head, theirs, run.choices)
            if plan.conflicts:
                _check_untouched(checkout, plan.files)
                more = run.choose(plan.conflicts) if run.choose else None
                if not more or more.items() <= run.choices.items():  # asked once more for the same, for ever
                    return plan.conflicts
                run.choices.update(more)
                continue
            target, files = make_commit(checkout, upstream.name, plan, head, theirs), plan.files
        if head and not run.deleted:
            _check_proportion(checkout, head, target, f"Nothing was merged: after {upstream.name},")
        with own_lock(checkout) as removed:
            run.removed += removed
            wait_for_index(checkout)
            if checkout.objects.id("HEAD") != head:
                continue
            with intended(run.intents, HalfSync(head, target, upstream.name)):
                _move_to(checkout, target)
        run.fetched += behind
        run.merged.update(files)
        return ()


def _check_untouched(checkout: Worktree, files: Iterable[str]) -> None:
    """Refuse before the user is asked when the work tree would not take the answer."""
    from index.git.worktree_status import WorktreeStatus

    dirty = sorted(set(WorktreeStatus(checkout, Forms(checkout)).paths()) & set(files))
    if dirty:
        raise Refused(_in_the_way(dirty))


# ── what is written ───────────────────────────────────────────────────────────


def _move_to(checkout: Worktree, commit: str) -> None:
    """Move the branch, the index and the files to a commit ahead of HEAD; the user's own work stays.

    Raises Refused: a file that is not committed is in the way; nothing was moved.
    """
    result = checkout.runner.write(
        "merge", "--ff-only", "--quiet", "--no-autostash", "--no-squash", "--no-stat", commit
    )
    if checkout.objects.id("HEAD") == commit:
        return
    if result.timed_out:
        raise HalfWay("git took too long and was stopped half-way: sync again, which ends that first.")
    words = result.err.decode("utf-8", "replace")
    files = [line.strip() for line in words.split("\n") if line.startswith("\t")]
    if "would be overwritten" in words and files:
        raise Refused(_in_the_way(files))
    raise Refused(f"git could not merge: {as_clause(result.err, result.out)}. Nothing was merged.")


# ── words ─────────────────────────────────────────────────────────────────────


def _in_the_way(files: list[str]) -> str:
    one = len(files) == 1
    return (
        f"{listed([*map(shown, files)])} {'has' if one else 'have'} changes that are not committed, and "
        f"the others changed {'it' if one else 'them'} too: commit or undo yours, then sync again. "
        "Nothing was merged."
    )


def _asking(upstream: Upstream, conflicts: tuple[MergeConflict, ...]) -> str:
    entries = len({conflict.entry for conflict in conflicts})
    what = "One entry was" if entries == 1 else f"{entries} entries were"
    return f"{what} changed here and in {upstream.name}, each in another way: nothing was merged or pushed."


def _done(run: _Run, target: Upstream, sent: int) -> str:
    name = run.upstream.name
    if not run.fetched:
        return (
            f"Pushed {count_words(sent, 'commit')} to {target.name}." if sent else f"Up to date with {name}."
        )
    files = count_words(len(run.merged), "file")
    by_entry = f" ({files} merged by entry)" if run.merged else ""
    pulled = f"Pulled {count_words(run.fetched, 'commit')} from {name}{by_entry}"
    elsewhere = f" to {target.name}" if target != run.upstream else ""
    return f"{pulled}; pushed {count_words(sent, 'commit')}{elsewhere}." if sent else f"{pulled}."


def _along(tags: Sequence[str]) -> str:
    """Say which tags went along with a push; nothing where none did."""
    names = f"the tag {tags[0]}" if len(tags) == 1 else f"the tags {listed(tags)}" if tags else ""
    return f" Pushed {names} too, for push.followTags is set." if names else ""
