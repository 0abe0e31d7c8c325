"""A tree as it was last read: its entries, its problems, its files, and the repository it lies in."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.formats.registry import open_file
from index.library.bookmarks import Bookmarks
from index.library.catalogue import Catalogue
from index.library.known_references import KnownReferences
from index.library.read_marks import ReadMarks
from index.library.reader import Progress, Reader
from index.library.snapshot import Snapshot, TreeChanges
from index.library.successors import Successors
from index.library.tree_links import Destinations
from index.model.cached import once
from index.model.entry import Entry, id_file, id_key
from index.model.errors import TreeError, UnknownEntry
from index.model.file_record import FileProblem, TreeFile
from index.model.path_spelling import shown, unspelled
from index.model.store_places import BESIDE, WHOLE, Scope, is_beside
from index.storage.files import read, read_or_none, remove_leftovers
from index.storage.memory_stores import ProjectStores, TreeLocation, stores_around
from index.storage.scan import inside, is_hidden, meant, open_at, stat_file
from index.storage.user_folders import cache_folder, state_file, state_folder
from index.storage.user_state import UserState

if TYPE_CHECKING:
    from index.formats.base import MemoryFile
    from index.git.repository import Repository
    from index.git.sparse import LeftOut
    from index.library.versioning import Versioning
    from index.model.commits import State
    from index.model.known_entries import KnownEntries
    from index.storage.drafts import Drafts


_NAMED = 3
"""Stores that a sentence names."""


class Tree:
    """A folder of memory files, read and watched.

    Methods may be called from any thread; a reader sees the last complete `Snapshot`.
    """

    def __init__(self, root: Path, scope: Scope = WHOLE, beside: Path | None = None) -> None:
        self.root = root
        """The folder that paths of the tree begin at; for several stores that of the project."""
        self.scope = scope
        """The part of `root` that is the tree."""
        self.place = TreeLocation(root, scope, beside)
        """All of it, and where each file of it lies."""
        self.allowed: set[str] = set()
        """Refusals that the user has overruled: see `Refused.way`."""
        self.tell_waiting: Callable[[str], None] = lambda words: None
        """Called from any thread with a sentence: a save waits for another process, or there is no cache."""

    @classmethod
    def open(cls, place: TreeLocation | Path | str) -> Tree:
        """Open the tree at a place; nothing is read yet.

        Raises TreeError: it is missing, no folder, or not readable.
        """
        return cls(*(place if isinstance(place, TreeLocation) else open_at(Path(place))))

    @property
    def home(self) -> Path:
        """The place that the tree is known by: its one store, else its folder."""
        return self.place.home

    @property
    def name(self) -> str:
        """The last parts of the path, as the status line shows them: `shop/memories`; of a project one."""
        return "/".join(self.home.parts[-1 if len(self.scope.places) > 1 else -2 :]).lstrip("/")

    @once
    def folder(self) -> Path:
        """The private cache folder of this tree."""
        # What is kept of commits tells of these stores alone; what the user did stays when one more comes.
        stores = [*self.scope.places, *([BESIDE] if self.place.beside else [])]
        found, state = cache_folder(self.root.joinpath(*stores)), state_folder(self.home)
        remove_leftovers((found, state, state / "drafts"))
        return found

    @once
    def user_folder(self) -> Path:
        """The private folder of the user's work in this tree: for undo, drafts, restored entries."""
        from index.library.joined_state import take_over

        if self.place.is_joined:
            take_over(self._user_state, self.place)
        return state_folder(self.home)

    @once
    def _user_state(self) -> UserState:
        return UserState(state_file(), self._tell)

    @once
    def catalogue(self) -> Catalogue:
        """The tree as it was last read, kept in the user's cache."""
        return Catalogue(self.folder / "catalogue.sqlite", self._tell)

    @once
    def reader(self) -> Reader:
        """The one that reads the files, and keeps the entries."""
        return Reader(self.place, self.catalogue, Successors(self._renamed))

    def _renamed(self, ids: Mapping[str, str]) -> None:
        self.bookmarks.follow(ids)  # they are opened for it, and not before
        self.drafts.follow(ids)

    @property
    def successors(self) -> Successors:
        """The ids that entries have by now."""
        return self.reader.successors

    # ── reading ───────────────────────────────────────────────────────────────

    def load(self, progress: Progress | None = None, *, remember: bool = True) -> TreeChanges:
        """Read the tree: unchanged files from the catalogue, changed ones from the disk.

        While a long first reading goes on, `entries()` already shows the entries found so far. Without
        `remember`, the caller calls that when there is time.
        """
        return self.reader.load(progress, remember=remember)

    def refresh(self) -> TreeChanges:
        """Read the files that changed on disk since the last look."""
        return self.reader.refresh()

    @property
    def snapshot(self) -> Snapshot:
        """The tree as it was last read; empty before the first `load`."""
        return self.reader.snapshot

    def ready(self) -> Snapshot:
        """Return the snapshot, reading the tree first when nobody has or does."""
        return self.reader.ready()

    def entries(self) -> Sequence[Entry]:
        """Return all entries, newest first, templates included."""
        return self.ready().entries

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with this id; the part after `#` is enough where it is unique.

        Before it may be a path on the disk. Raises UnknownEntry: there is none; names the nearest ids.
        """
        asked = self.place.as_typed(entry_id)
        try:
            return self.reader.entry(asked)
        except UnknownEntry as error:
            if there := inside(self.place, id_file(asked)) if "#" in asked else "":
                with suppress(UnknownEntry):
                    return self.reader.entry(f"{there}#{id_key(asked)}")
            if not (hidden := self.left_out().words):
                raise
            raise UnknownEntry(f"{error} {hidden}", error.entry_id) from None

    def known(self) -> KnownEntries:
        """Return the entries for a change of one of them; reads no more of the tree than it has to."""
        return self.reader.known()

    def problems(self) -> list[FileProblem]:
        """Return every problem of the tree, the broken files first."""
        return self.ready().problems()

    def watch(
        self, stop: threading.Event, also: Callable[[], object] = lambda: None
    ) -> Iterator[TreeChanges]:
        """Yield changes until `stop` is set, and when `also` differs; see `index.library.watch.watch`."""
        from index.library.watch import watch

        repositories, places = self.repositories, [self.root / unspelled(one) for one in self.scope.places]
        folders = [place for place in places if place.is_dir()] if places else [self.root]
        files = [place for place in self.scope.places if self.root / unspelled(place) not in folders]
        if self.place.beside is not None and self.place.beside.is_dir():
            folders.append(self.place.beside)
        mark = lambda: [also(), *(repository.mark() for repository in repositories)]  # noqa: E731
        return watch(folders or places, self.refresh, mark, stop, lambda: self._stamps(files))

    def _stamps(self, files: Sequence[str]) -> list[TreeFile | None]:
        return [stat_file(self.place, file) for file in files]

    @once
    def seen(self) -> ReadMarks:
        """The entries that the user has seen, and so the ones that are new since."""
        records = lambda: self.snapshot.records if self.reader.loaded else None  # noqa: E731
        return ReadMarks(self._user_state, self.user_folder, records)

    @once
    def references(self) -> KnownReferences:
        """The ids that texts name, and who names an entry."""
        return KnownReferences(lambda: self.snapshot)

    @once
    def destinations(self) -> Destinations:
        """The places that addresses in texts lead to, in the project of the tree."""
        place = self.place._replace(root=Path(os.path.realpath(self.root)))
        return Destinations(
            lambda: self.snapshot, place, lambda: self.repository.root if self.repository else place.root
        )

    @once
    def bookmarks(self) -> Bookmarks:
        """Earlier queries, named searches, pinned entries and those read lately."""
        return Bookmarks(self._user_state, self.user_folder)

    @once
    def drafts(self) -> Drafts:
        """The edits that were typed and not saved."""
        from index.storage.drafts import Drafts

        return Drafts(self.user_folder / "drafts")

    def _tell(self, words: str) -> None:
        self.tell_waiting(words)  # whoever listens then

    def stores(self, start: Path) -> ProjectStores:
        """Return the stores of the project around the tree, else of that around the folder `start`."""
        return stores_around(self.place, start)

    # ── its files ─────────────────────────────────────────────────────────────

    def named(self, file: str) -> str:
        """Return a path as the folders of the tree spell it; see `index.storage.scan.meant`.

        Of several stores, one may be left out where a single one has the file.
        """
        file, beside = self.place.as_typed(file), self.place.beside
        if beside is not None and is_beside(file):
            return BESIDE + meant(beside, file.removeprefix(BESIDE))
        found = meant(self.root, file)
        inside = self.scope.rest(found) is not None
        if not file or (inside and (beside is None or os.path.exists(self.place.disk(found)))):
            return found
        paths = [meant(self.root, f"{place}/{file}") for place in self.scope.places]
        paths += [] if beside is None else [BESIDE + meant(beside, file)]
        there = [path for path in paths if os.path.isfile(self.place.disk(path))]
        return there[0] if len(there) == 1 else found

    def real(self, file: str) -> Path:
        """Return where a file of the tree lies on disk.

        Raises TreeError: outside of the tree, or where no file is read.
        """
        real = self.place.disk(file)
        if not self.place.holds(file, Path(os.path.realpath(real))):
            places = " or ".join(map(shown, self.scope.places[:_NAMED]))
            known = f": its stores are {places}" if places else ""
            raise TreeError(f"{shown(file)} lies outside the tree and is not touched{known}.")
        if is_hidden(file.removeprefix(BESIDE) if is_beside(file) else self.scope.rest(file) or ""):
            raise TreeError(
                f"{shown(file)} is not read, and so not touched: a name in its path begins with a dot."
            )
        return real

    def data(self, file: str) -> bytes | None:
        """Return the bytes of a file of the tree as it is on disk now, None when there is none."""
        return read_or_none(self.real(file))

    def document(self, file: str) -> MemoryFile:
        """Read one file of the tree as it is on disk now."""
        return open_file(read(self.real(file)), file)

    def located(self, entry: Entry) -> tuple[MemoryFile, Entry, str]:
        """Return the file of an entry as it is on disk now, the entry in it, and the entry's source there.

        Raises CannotEdit: the file no longer holds it.
        """
        from index.formats.opened import find_entry, source_of

        document = self.document(entry.file)
        found = find_entry(document, entry.id)
        return document, found, source_of(document, found)

    def found_again(self, entry_id: str, by_now: Callable[[str], str]) -> tuple[MemoryFile, Entry, str]:
        """Return as `located` an entry that had this id once; `by_now`: see `Successors.from_now`.

        Raises EntryGone: there is none, or none that is surely the same.
        """
        from index.model.plan import CannotEdit, EntryGone

        with suppress(CannotEdit, TreeError):
            return self.located(self.entry(by_now(entry_id)))
        self.refresh()
        try:
            return self.located(self.entry(by_now(entry_id)))
        except (CannotEdit, UnknownEntry) as error:
            raise EntryGone from error

    def markup(self, entry_id: str) -> str:
        """Return the source of an entry as it is on disk now."""
        return self.located(self.entry(entry_id))[2]

    def left_out(self) -> LeftOut:
        """Return the files of the tree, and of other stores of its project, that a sparse checkout hides."""
        from index.git.sparse import left_out, stores_wanted

        places = [self.root / unspelled(place) for place in self.scope.places] or [self.root]
        return left_out(*places, *stores_wanted(self.root))

    # ── its repository ────────────────────────────────────────────────────────

    @once
    def _own(self) -> Versioning:
        from index.library.versioning import find_repository

        return self._set_up(find_repository(self.root, self.scope))

    @once
    def _beside(self) -> Versioning:
        from index.library.versioning import find_beside

        return self._set_up(find_beside(self.place.beside)) if self.place.beside else self._own

    def _set_up(self, found: Versioning) -> Versioning:
        if found.repository is not None:
            found.repository.detached = "detached" in self.allowed
            found.repository.on_waiting(self._tell)
        return found

    @property
    def repository(self) -> Repository | None:
        """The git repository around the tree, or None; `unversioned` says why.

        The files of a store beside the tree are in another one: see `repository_of`.
        """
        return self._own.repository

    @property
    def unversioned(self) -> str:
        """The reason why edits are not versioned, when `repository` is None; one plain sentence."""
        return self._own.why_not

    def versioning(self, *files: str) -> Versioning:
        """Return the repository that holds the versions of these files, or why none does.

        That is the tree's own but for those that lie beside it; `check_changes` refuses to mix them.
        """
        return self._beside if self.place.beside is not None and any(map(is_beside, files)) else self._own

    def repository_of(self, *files: str) -> Repository | None:
        """Return the repository that holds the versions of these files."""
        return self.versioning(*files).repository

    @property
    def repositories(self) -> Sequence[Repository]:
        """All that hold versions of files of the tree: its own, and that of a store beside it."""
        every = (self._own, self._beside) if self.place.beside is not None else (self._own,)
        return [one.repository for one in every if one.repository is not None]

    def allow(self, way: str) -> None:
        """Let saves go on in a `way` that a refusal named: `detached` or `unversioned`."""
        self.allowed.add(way)
        if way == "detached":
            for repository in self.repositories:
                repository.detached = True

    def why_unversioned(self, files: Sequence[str]) -> str:
        """Say why a save of these files would be no commit, in one plain sentence; empty when it would.

        Raises Refused: git cannot tell.
        """
        repository, why, _ = self.versioning(*files)
        if repository is None:
            return why
        rule = repository.ignoring_rule([self.real(file) for file in files])
        return f"It is not versioned: git ignores it ({rule})." if rule else ""

    def state(self) -> State | None:
        """Return branch, cleanliness and identity, or None without a repository.

        Where a store lies beside it, `dirty` and `head` tell of that, too.
        """
        if self.repository is None:
            return None
        state = self.repository.state()
        for other in self.repositories[1:]:
            head = f"{state.head} {other.resolve('HEAD')}"
            state = replace(state, dirty=state.dirty or bool(other.uncommitted()), head=head)
        return state

    def close(self) -> None:
        """Write the records to the catalogue, and close the repository."""
        if "reader" in self.__dict__:
            self.reader.remember()
        for name in ("_own", "_beside"):
            found = self.__dict__.get(name)
            if found is not None and found.repository is not None:
                found.repository.close()
