"""The one door to a tree: the app and the commands know nothing below it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.cache import cache_folder, state_folder
from index.finding import Finder
from index.memory.entries import Entry
from index.memory.files import TreeError, read, read_or_none, shown
from index.memory.leftovers import remove_leftovers
from index.memory.once import once
from index.memory.spelling import unspelled
from index.memory.tree import FileProblem, check_root, meant
from index.reading import Page, Progress, Reader
from index.search.catalogue import Catalogue
from index.search.query import Query, parse
from index.search.results import Results
from index.seen import Seen
from index.snapshot import Changes, Day, Saved, Snapshot, UnknownEntry, find

if TYPE_CHECKING:
    from datetime import datetime

    from index.changes.plan import Plan
    from index.chronicle import Chronicle
    from index.composer import Composer
    from index.edits import PlannedChange
    from index.ending import Ending
    from index.history.errors import Refused
    from index.history.repository import Repository, Revision, State
    from index.interrupted import Interrupted
    from index.memory.document import Document
    from index.saver import Saver
    from index.search.facets import Facets
    from index.sessions.brief import Brief
    from index.timeline import Timeline
    from index.unfinished import Unfinished

__all__ = ["Page", "Saved", "UnknownEntry", "Workspace"]


class Workspace:
    """A tree of memories: its entries, its search, its problems, its edits.

    Methods may be called from any thread; a reader sees the last complete `Snapshot`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unversioned = ""
        """Why edits are not versioned, when `repository` is None; one plain sentence."""
        self.unreadable: Refused | None = None
        """Why the repository that is there cannot be used."""
        self.allowed: set[str] = set()
        """What the user lets go on though it was refused: see `Refused.way`."""
        self.tell_waiting: Callable[[str], None] = lambda words: None
        """Called from any thread with a sentence: a save waits for another process, or there is no cache."""
        self.tell_damaged: Callable[[], object] = lambda: None
        """Called from any thread when the index turned out to be damaged: `update_index` writes it anew."""

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """Open the tree at `path`; nothing is read yet.

        Raises:
            TreeError: it is missing, no folder, or not readable.
        """
        return cls(check_root(Path(path)))

    @property
    def name(self) -> str:
        """The last two parts of the path, as the status line shows them: `shop/memories`."""
        return "/".join(self.root.parts[-2:]).lstrip("/")

    @once
    def folder(self) -> Path:
        """The private cache folder of this tree."""
        found, state = cache_folder(self.root), state_folder(self.root)
        remove_leftovers((found, state, state / "drafts"))
        return found

    @once
    def _catalogue(self) -> Catalogue:
        return Catalogue(self.folder / "catalogue.sqlite", lambda words: self.tell_waiting(words))  # noqa: PLW0108  # whoever listens then

    @once
    def _reader(self) -> Reader:
        return Reader(self.root, self._catalogue)

    @once
    def _finder(self) -> Finder:
        finder = Finder(self.folder, self._catalogue, lambda: {"new": self.seen.news().ids})
        finder.on_damage = lambda: self.tell_damaged()  # noqa: PLW0108  # whoever listens then
        return finder

    # ── reading ───────────────────────────────────────────────────────────────

    def first_page(self, limit: int = 60) -> Page | None:
        """Return the newest entries as they were last seen, or None on the first visit."""
        return self._reader.first_page(limit)

    def remembered(self) -> Iterator[Entry]:
        """Yield the entries as they were last seen, without a look at the files."""
        return self._reader.remembered()

    def load(self, progress: Progress | None = None, *, remember: bool = True) -> Changes:
        """Read the tree: from the catalogue what did not change, from the files what did.

        While a long first reading goes on, `entries()` already shows what it has found. Without `remember`,
        the caller calls that when there is time.
        """
        return self._reader.load(progress, remember=remember)

    def remember(self, progress: Progress | None = None) -> None:
        """Note what was read, so that the next visit need not read it again."""
        self._reader.remember(progress)

    def refresh(self) -> Changes:
        """Read what changed on disk since the last look."""
        return self._reader.refresh()

    def reread(self, paths: Sequence[str]) -> None:
        """Read these files again; one whose name is no UTF-8 is found by a full refresh."""
        if any("\\x" in path for path in paths):
            self.refresh()
        else:
            self._reader.reread(paths)

    @property
    def snapshot(self) -> Snapshot:
        """The tree as it was last read; empty before the first `load`."""
        return self._reader.snapshot

    def entries(self) -> Sequence[Entry]:
        """Return all entries, newest first, templates included."""
        return self._reader.ready().entries

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with this id; the part after `#` is enough where it is unique.

        Raises:
            UnknownEntry: there is none; names the nearest ids.
        """
        return find(self._reader.ready().by_id, entry_id)

    def problems(self) -> list[FileProblem]:
        """Return every problem of the tree, the broken files first."""
        return self._reader.ready().problems()

    def document(self, file: str) -> Document:
        """Read one file of the tree as it is on disk now."""
        from index.memory.document import Document

        return Document.parse(read(self.real(file)), file)

    def markup(self, entry_id: str) -> str:
        """Return the source of an entry as it is on disk now."""
        from index.edits import find_entry

        entry = self.entry(entry_id)
        document = self.document(entry.file)
        return document.markup(find_entry(document, entry.file, entry.id).element)

    def data(self, file: str) -> bytes | None:
        """Return the bytes of a file of the tree as it is on disk now, None when there is none."""
        return read_or_none(self.real(file))

    def days(self) -> list[Day]:
        """Group the entries by day, newest first."""
        return self._reader.ready().days()

    def named(self, file: str) -> str:
        """Return a path as the folders of the tree spell it; see `index.memory.tree.meant`."""
        return meant(self.root, file)

    def real(self, file: str) -> Path:
        """Return where a file of the tree lies on disk.

        Raises:
            TreeError: outside of the tree.
        """
        real = self.root / unspelled(file)
        if not Path(os.path.realpath(real)).is_relative_to(self.root):
            raise TreeError(f"{shown(file)} lies outside the tree and is not touched.")
        return real

    # ── searching ─────────────────────────────────────────────────────────────

    def update_index(self, progress: Progress | None = None) -> int:
        """Bring the search index up to date; returns the number of entries written.

        Raises:
            IndexBusy: another memarium is writing it; search goes on with what there is.
        """
        snapshot = self._reader.ready()
        self._reader.remember()
        return self._finder.update(snapshot, progress)

    def rebuild_index(self, progress: Progress | None = None) -> int:
        """Read every file again and write the index anew."""
        self._catalogue.forget()
        self._reader.load()
        return self._finder.rebuild(self.snapshot, progress)

    def search(
        self,
        query: str | Query,
        limit: int = 50,
        sort: str = "relevance",
        *,
        wait: bool = True,
        facets: bool = False,
    ) -> Results:
        """Find entries; an empty query finds all of them, newest first.

        Args:
            query: what people type, or a parsed query.
            limit: how many hits to return; `Results.total` counts them all.
            sort: `relevance`, `date`, `level` or `file`.
            wait: bring the index up to date first; the app passes False and searches what is indexed.
            facets: count kinds, projects, tags … of all that matched.
        """
        asked = parse(query, typing=False) if isinstance(query, str) else query
        gone, complete = self.chronicle.gone(wait=wait) if asked.asks_deleted else ((), True)
        results = self._finder.search(
            asked, self._reader.ready(), limit, sort, wait=wait, facets=facets, gone=gone
        )
        results.partial = not complete
        return results

    def facets(self) -> Facets:
        """Count kinds, projects, tags … of the whole tree; counted once for as long as nothing changes."""
        return self._finder.whole(self._reader.ready())

    # ── changing ──────────────────────────────────────────────────────────────

    def plan_edit(
        self, entry_id: str, changes: Mapping[str, str], *, base: bytes | None = None, add: bool = False
    ) -> Plan:
        """Plan setting fields of an entry; nothing is written. See `planning.plan_edit`."""
        from index.planning import plan_edit

        return plan_edit(self, entry_id, changes, base, add=add)

    def plan_text(self, file: str, after: bytes, *, base: bytes | None = None, message: str = "") -> Plan:
        """Plan replacing a whole file, as an editor does. See `planning.plan_text`."""
        from index.planning import plan_text

        return plan_text(self, file, after, base, message)

    def plan_repair(self, file: str, *, guesses: bool = True) -> Plan:
        """Plan the repair of a broken file. See `planning.plan_repair`."""
        from index.planning import plan_repair

        return plan_repair(self, file, guesses=guesses)

    @once
    def _saver(self) -> Saver:
        from index.saver import Saver

        return Saver(self)

    def commit(self, change: Plan, message: str | None = None) -> Saved:
        """Write a planned change and make it one commit of the paths it names; see `Saver.commit`."""
        return self._saver.commit(change, message)

    def edit(self, entry_id: str, changes: Mapping[str, str], message: str | None = None) -> Saved:
        """Set fields of an entry and commit: `plan_edit` and `commit` in one."""
        return self.commit(self.plan_edit(entry_id, changes), message)

    def put_back(self, change: PlannedChange) -> Saved:
        """Write what the last commit has over what is not committed; see `Saver.put_back`."""
        return self._saver.put_back(change)

    def next_undo(self) -> str:
        """Return what `undo` would take back, in words; empty when there is nothing."""
        return self._saver.next_undo()

    def undo(self) -> Saved:
        """Take back the last change made with memarium, as a new commit; see `Saver.undo`."""
        return self._saver.undo()

    def redo(self) -> Saved:
        """Do again what was undone last, as a new commit."""
        return self._saver.redo()

    # ── history ───────────────────────────────────────────────────────────────

    @once
    def repository(self) -> Repository | None:
        """The git repository around the tree, or None; `unversioned` says why."""
        from index.versioning import find_repository

        found = find_repository(self)
        if found is not None:
            found.on_waiting(lambda words: self.tell_waiting(words))  # noqa: PLW0108  # whoever listens then
        return found

    def allow(self, way: str) -> None:
        """Let saves go on in a `way` that a refusal named: `detached` or `unversioned`."""
        self.allowed.add(way)
        if way == "detached" and self.repository is not None:
            self.repository.detached = True

    def why_unversioned(self, files: Sequence[str]) -> str:
        """Say why a save of these files would be no commit, in one plain sentence; empty when it would.

        Raises:
            Refused: git cannot tell.
        """
        repository = self.repository
        if repository is None:
            return self.unversioned
        rule = repository.ignoring_rule([self.real(file) for file in files])
        return f"It is not versioned: git ignores it ({rule})." if rule else ""

    @once
    def seen(self) -> Seen:
        """What the user has seen of the tree, and what is new since."""
        path = state_folder(self.root) / "seen.sqlite"
        return Seen(path, lambda: self.snapshot.records if self._reader.loaded else None)

    @once
    def composer(self) -> Composer:
        """Plans what adds, removes and moves entries."""
        from index.composer import Composer

        return Composer(self)

    @once
    def ending(self) -> Ending:
        """Plans the end of a session."""
        from index.ending import Ending

        return Ending(self)

    @once
    def chronicle(self) -> Chronicle:
        """The history of the entries."""
        from index.chronicle import Chronicle

        return Chronicle(self)

    @once
    def timeline(self) -> Timeline:
        """The sessions of the tree."""
        from index.timeline import Timeline

        return Timeline(self)

    @once
    def unfinished(self) -> Unfinished:
        """What is written and not committed, or typed and not saved."""
        from index.unfinished import Unfinished

        return Unfinished(self)

    @once
    def interrupted(self) -> Interrupted:
        """Changes of several files, and syncs, that a kill has interrupted."""
        from index.interrupted import Interrupted

        return Interrupted(self, lambda: self._saver)

    def brief(self, project: str, now: datetime) -> Brief:
        """Return where a project stands; where none is named, the one that was worked on last."""
        from index.sessions.brief import make_brief

        source = self._reader.look()
        return make_brief(source, source.news(self.seen), project, now)

    def state(self) -> State | None:
        """Return branch, cleanliness and identity, or None without a repository."""
        return self.repository.state() if self.repository is not None else None

    def commits(self, limit: int | None = None) -> Iterator[Revision]:
        """Yield the commits that touched the tree, newest first."""
        return self.repository.log(self.root, limit) if self.repository is not None else iter(())

    def watch(self, stop: threading.Event) -> Iterator[Changes]:
        """Yield what changes until `stop` is set; see `index.watching.watch`."""
        from index.watching import watch

        repository = self.repository
        return watch(self.root, self.refresh, repository.mark if repository else lambda: None, stop)

    def close(self) -> None:
        """Close the index and the repository."""
        if "_reader" in self.__dict__:
            self._reader.remember()
        if "unfinished" in self.__dict__:
            self.unfinished.drafts.close()
        for part in map(self.__dict__.get, ("_finder", "timeline", "repository")):
            if part is not None:
                part.close()
