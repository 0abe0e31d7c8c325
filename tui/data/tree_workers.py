"""Workers behind the screens: they read the tree, index it and watch it.

It runs in a thread and only posts messages; the app decides what to show.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from textual.message import Message

from index.model.errors import TreeError
from index.storage.failure_log import report
from tui.data.session_rows import Stopped, read_ahead
from tui.runtime.background import begin
from tui.runtime.idle_gc import give_back
from tui.runtime.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from index.editing.interrupted import HalfDone
    from index.library.snapshot import Snapshot
    from index.model.commits import State
    from index.model.news import News
    from index.model.remembered_page import RememberedPage
    from index.workspace import Workspace
    from tui.runtime.prefetch import Prefetch

SEARCH_EVERY = 2.0
"""Seconds after which a search is asked again while the index grows."""
SHOW_EVERY = 0.1
"""Seconds between two reports of progress."""
LOOK_AGAIN = 2.0
"""Seconds after which a tree that could not be watched is looked at again."""
ASK_AGAIN = 3.0
"""Seconds after which an index that another process writes is asked for again."""
PAINT_SECONDS = 1.0
"""The longest that reading waits for the first page to be painted."""
_IN_STEPS = ("indexing", "reading the meaning")
"""Tasks after whose parts the search finds more."""
_MARKING = threading.Lock()
"""Held while entries are counted as seen, so that the last count told is the true one."""


class FirstPage(Message):
    """The tree as it was left last time."""

    def __init__(self, page: RememberedPage) -> None:
        super().__init__()
        self.page = page


class Progress(Message):
    """How far a long task is; an empty task: it is done."""

    def __init__(self, task: str, done: int = 0, total: int = 0) -> None:
        super().__init__()
        self.task, self.done, self.total = task, done, total

    def can_replace(self, message: Message) -> bool:
        """Only the last report counts."""
        return isinstance(message, Progress)


class Waiting(Message):
    """A save waits for another process; one plain sentence."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class TreeRead(Message):
    """The tree was read, or read again.

    It is made in the thread that read: what it counts goes through all entries and problems.
    """

    def __init__(self, snapshot: Snapshot, *, complete: bool = True) -> None:
        super().__init__()
        if complete:
            snapshot.problems()  # once they are found they are at hand for every screen
        self.entries, self.files, self.broken = snapshot.total, len(snapshot.records), snapshot.broken
        """How many entries and files there are, and how many of the files have an error."""
        self.complete = complete
        """False while a first reading goes on."""


class Marks(Message):
    """The marks of new entries have changed; `told` counts the entries that were just marked as seen."""

    def __init__(self, news: News, told: int | None = None) -> None:
        super().__init__()
        self.news = news
        self.told = told


class Indexed(Message):
    """The search covers all entries read."""


class Damaged(Message):
    """The index cannot be used, and is to be written anew."""


class StoresJoined(Message):
    """The project has stores that the tree lacks."""

    def __init__(self, names: Sequence[str], *, asked: bool) -> None:
        super().__init__()
        self.names, self.asked = names, asked
        """Whether somebody asked for new stores."""


class GitState(Message):
    """Branch and cleanliness, None without a repository."""

    def __init__(self, state: State | None) -> None:
        super().__init__()
        self.state = state


class LeftOver(Message):
    """The end of the start: titles of the drafts that were left, how many files no commit holds, the
    interrupted changes, and sentences about those of other trees and about memories that git hides."""

    def __init__(
        self, drafts: Sequence[str], files: int, halves: Sequence[HalfDone], told: Sequence[str]
    ) -> None:
        super().__init__()
        self.drafts, self.files, self.halves, self.told = drafts, files, halves, told


EXPECTED: Final = (TreeError, OSError)
"""Errors whose words are a sentence for the user."""
Post = Callable[[Message], object]


def until_stopped(post: Post, stop: threading.Event) -> Post:
    """Let messages pass until `stop` is set: another tree is open by then."""
    return lambda message: None if stop.is_set() else post(message)


class Reporter:
    """Turns a flood of progress calls into a few messages, and tells when there is more to show."""

    def __init__(self, workspace: Workspace, post: Post, task: str, stop: threading.Event) -> None:
        self._workspace, self._post, self._task, self._stop = workspace, post, task, stop
        self._last = time.monotonic()
        self._shown = workspace.tree.snapshot
        self._searched = self._last

    def __call__(self, done: int, total: int) -> None:
        """Tell how far it is. Raises Stopped when that is to be all."""
        if self._stop.is_set():
            raise Stopped
        now = time.monotonic()
        if now - self._last >= SHOW_EVERY:
            self._last = now
            self._post(Progress(self._task, done, total))
            if self._workspace.tree.snapshot is not self._shown:
                self._shown = self._workspace.tree.snapshot
                self._post(TreeRead(self._shown, complete=False))
            if self._task in _IN_STEPS and now - self._searched >= SEARCH_EVERY:
                self._searched = now
                self._post(Indexed())


class Indexer:
    """Keeps the search up to date, one update after the other, in a thread: nothing waits for a long one."""

    def __init__(self, workspace: Workspace, post: Post, stop: threading.Event) -> None:
        self._workspace, self._post, self._stop = workspace, post, stop
        self._lock = threading.Lock()
        self._asked = self._working = False
        self.updates = 0
        """How many updates have ended."""

    @property
    def busy(self) -> bool:
        """Whether it works, or is about to."""
        return self._working

    def ask(self) -> None:
        """Index the changes, now or after those being indexed."""
        with self._lock:
            self._asked = True
            if not self._working:
                self._working = True
                begin(self._work, "indexer")

    def _work(self) -> None:
        while True:
            with self._lock:
                self._working = self._asked and not self._stop.is_set()
                if not self._working:
                    return
                self._asked = False
            busy = self._update()
            self.updates += 1
            if busy:  # another memarium is writing, of this very tree; what it leaves is written then
                self._stop.wait(ASK_AGAIN)
                self._asked = True

    def _update(self) -> bool:
        """Bring the search up to date; when it cannot be, browsing goes on without. Whether another does."""
        from index.model.errors import IndexBusy

        workspace, post, stop = self._workspace, self._post, self._stop
        if not self.updates:
            post(Progress("indexing"))  # before its first step: until then a search may find too little
        try:
            try:
                workspace.tree.reader.remember(Reporter(workspace, post, "indexing", stop), page=False)
                workspace.search.update(Reporter(workspace, post, "indexing", stop))
            finally:
                post(Progress(""))
                post(Indexed())
            workspace.tree.reader.remember()  # its page counts all entries: nobody waits for it
            give_back()
        except IndexBusy:
            post(Progress("indexing"))
            return True
        except Stopped:
            pass
        except EXPECTED as error:
            post(Trouble(f"The search is not up to date: {error}"))
        except Exception as error:  # whatever it is, a later change is indexed nevertheless
            post(Trouble(f"The search is not up to date. {report(error)}"))
        return False


def read_tree(
    workspace: Workspace,
    post: Post,
    first: Prefetch,
    indexer: Indexer,
    painted: threading.Event,
    stop: threading.Event,
    ahead: Callable[[Callable[[], bool]], None],
    start: Path,
) -> None:
    """Show the last page, read the tree, have it indexed, then watch it until `stop` is set.

    `painted` says that the last page is on the screen: until then nothing else asks for the processor.
    `ahead` loads what is likely to be opened next, unless the function that it is given says to stop. New
    stores of the project around `start` are told.
    """
    try:
        page = first.wait()
        if first.error is not None:
            post(Trouble(report(first.error)))
        if page is not None:
            post(FirstPage(page))
            painted.wait(PAINT_SECONDS)
        workspace.follow(start)
        workspace.search.tell_damaged = lambda: post(Damaged())  # from the thread that searches
        gc.enable()  # off since the start, see `open_app`
        workspace.tree.load(Reporter(workspace, post, "reading", stop), remember=False)
        _show(workspace, post, indexer)
        for step in (record_found, look_at_git, look_for_left_over):
            try:
                step(workspace, post)
            except Exception as error:  # what cannot be told of git keeps nobody from reading
                post(Trouble(report(error)))
        ahead(stop.is_set)
        read_ahead(workspace)
        give_back()
        _watch(workspace, post, indexer, stop)
    except Stopped:
        pass
    except EXPECTED as error:
        post(Trouble(str(error)))
    finally:
        post(Progress(""))


def _watch(workspace: Workspace, post: Post, indexer: Indexer, stop: threading.Event) -> None:
    """Show changes of others until `stop` is set; an error is told once, and later changes are seen."""
    told, grown = "", None
    while not stop.is_set():
        try:
            for changes in workspace.tree.watch(stop, workspace.grown):
                if changes:
                    _show(workspace, post, indexer)
                    record_found(workspace, post)
                look_at_git(workspace, post)
                if grown != (grown := workspace.grown()):
                    look_for_stores(workspace, post)
                told = ""
        except Exception as error:  # whatever it is, what is written later is to be seen
            if str(error) != told:
                told = str(error)
                post(Trouble(told if isinstance(error, EXPECTED) else report(error)))
            stop.wait(LOOK_AGAIN)


def read_again(workspace: Workspace, post: Post, indexer: Indexer) -> None:
    """Read the changes, on request."""
    try:
        workspace.tree.refresh()
        _show(workspace, post, indexer)
        record_found(workspace, post)
        look_at_git(workspace, post)
        look_for_stores(workspace, post, asked=True)
    except EXPECTED as error:
        post(Trouble(str(error)))


def _show(workspace: Workspace, post: Post, indexer: Indexer) -> None:
    """Show the tree as it was just read, with its marks, and have it indexed."""
    post(TreeRead(workspace.tree.snapshot))
    post(Marks(workspace.tree.seen.news()))
    indexer.ask()


def mark_seen(workspace: Workspace, post: Post, entry_id: str | None) -> None:
    """Count an entry as seen if it is new, or everything when none is named; one after the other."""
    with _MARKING:
        if entry_id is None:
            told = workspace.tree.seen.see_all()
            post(Marks(workspace.tree.seen.news(), told))
        elif entry_id in workspace.tree.seen.news().ids:
            workspace.tree.seen.see([entry_id])
            post(Marks(workspace.tree.seen.news()))


def look_for_stores(workspace: Workspace, post: Post, *, asked: bool = False) -> None:
    """Report the stores that have come to the project since the tree was opened."""
    grown = workspace.grown()
    if grown is not None:
        post(StoresJoined(grown.new, asked=asked))


def record_found(workspace: Workspace, post: Post) -> None:
    """Make the edits of others a version, where memarium keeps the versions of the tree."""
    from index.model.errors import HistoryError

    try:
        workspace.status.record()
    except HistoryError as error:
        post(Trouble(str(error)))


def look_at_git(workspace: Workspace, post: Post) -> None:
    """Report branch and cleanliness."""
    from index.model.errors import Refused

    try:
        post(GitState(workspace.tree.state()))
    except (Refused, OSError):
        post(GitState(None))


def look_for_left_over(workspace: Workspace, post: Post) -> None:
    """Report the drafts, uncommitted files and interrupted changes that are left."""
    from index.model.errors import Refused

    drafts = [draft.title for draft in workspace.status.drafts.left()]
    halves: Sequence[HalfDone] = ()
    files = 0
    told: list[str] = []
    with suppress(Refused, OSError):
        halves = workspace.interrupted.left()
        told = [other.words for other in workspace.interrupted.elsewhere()]
        files = workspace.status.count()
        if not workspace.tree.snapshot.records and (hidden := workspace.tree.left_out().words):
            told.append(hidden)
    post(LeftOver(drafts, files, halves, told))
