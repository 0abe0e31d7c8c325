"""Changes of several files, and syncs, that a kill has interrupted: each finished or taken back as one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.editing.interrupted_elsewhere import InterruptedElsewhere, elsewhere, told_to_others
from index.git.saving.killed_save import removed_words
from index.history.half_sync import HalfSync, end_sync, ended_words, moved_files
from index.model.cached import once
from index.model.commits import without_prefix
from index.model.counts import listed
from index.model.errors import Conflict, HistoryError, NotEnded, Overlap, Refused, TreeError
from index.model.path_spelling import shown
from index.model.plan import PlannedChange, Saved
from index.storage.files import read_or_none
from index.storage.intents import Intent, Intents, TracedFile, traced
from index.storage.journal import JournalRecord, Sort
from index.storage.transaction import FileChange, write_together
from index.storage.user_folders import intents_folders

if TYPE_CHECKING:
    from index.editing.committer import Committer
    from index.library.tree import Tree
from index.editing.deeds import Deed


@dataclass(frozen=True)
class HalfDone:
    """One change, or one sync, that was interrupted."""

    intent: Intent
    title: str
    """Name of the change: `rename tag a to b`, `sync with origin/main`."""
    paths: tuple[str, ...]
    """The files that it has changed or was to change, relative to the tree."""
    written: int
    """Number of them that are as they were to be."""

    @property
    def is_sync(self) -> bool:
        """Whether it brings changes of others, and none of one's own."""
        return self.intent.kind == "sync"

    @property
    def words(self) -> str:
        """The progress it made, in one sentence."""
        if self.is_sync:
            return f"A {self.title} was interrupted while it wrote the files."
        what = f"{self.written} of {len(self.paths)} files written"
        return f"“{self.title}” was interrupted: {what}, nothing committed."


class Interrupted:
    """Writes down the changes that a tree is about to go through, and ends those that were interrupted."""

    def __init__(self, tree: Tree, saver: Callable[[], Committer]) -> None:
        self._tree = tree
        self._saver = saver
        self.told = ""
        """A plain sentence about the traces of a killed save that were cleared up; empty for none."""

    @once
    def _changes(self) -> Intents:
        return Intents(intents_folders(self._tree.home)[0])

    @once
    def _syncs(self) -> Intents:
        return Intents(intents_folders(Path(os.path.realpath(self._tree.root)))[1])

    # ── while it is done ──────────────────────────────────────────────────────

    @contextmanager
    def intend(self, files: Sequence[FileChange], paths: Sequence[str], deed: Deed) -> Iterator[None]:
        """Write down a change of several files until it is done; of one file, its file tells all.

        A change that ends with an error was taken back or told; otherwise it is left for the next start.
        """
        with ExitStack() as stack:
            intent = None
            if sum(before != after and read_or_none(real) != after for real, before, after in files) > 1:
                pairs = zip(paths, files, strict=True)
                told, pieces = traced([(path, before, after) for path, (_, before, after) in pairs])
                repository = self._tree.repository_of(*paths)
                head = repository.resolve("HEAD") if repository is not None else None
                about: dict[str, object] = {"head": head, "files": told, **deed._asdict()}
                about |= told_to_others(self._tree.home, [real for real, _, _ in files])
                with suppress(OSError):  # no state folder: that costs the way back, not the change
                    intent = stack.enter_context(self._changes.hold("change", about, pieces))
            try:
                yield
            except BaseException as error:
                if intent is not None and self._is_told(files, error):
                    self._changes.drop(intent)
                raise
            if intent is not None:
                self._changes.drop(intent)

    def _is_told(self, files: Sequence[FileChange], error: BaseException) -> bool:
        """Whether an error leaves nothing half done: all is as before, or written, and that was said."""
        with suppress(TreeError):
            now = [read_or_none(real) for real, _, _ in files]
            if now == [before for _, before, _ in files]:
                return True
            if isinstance(error, Conflict):  # what others wrote stays, and of this there is nothing
                return not any(
                    data == after != before for data, (_, before, after) in zip(now, files, strict=True)
                )
            return now == [after for _, _, after in files] and isinstance(error, HistoryError)
        return False

    def check_apart(self, paths: Sequence[str]) -> None:
        """Check that no change of these files is interrupted: with another one on top it is no longer one.

        Raises:
            NotEnded: one is, and has to be finished or taken back first.
            Busy, Refused: whether one is cannot be told now.
        """
        mine = set(paths)
        for other in self.elsewhere():
            if not mine.isdisjoint(other.paths):
                raise NotEnded(f"{other.words} Nothing was written.")
        if all(mine.isdisjoint(_paths(intent)) for intent in self._changes.left("change")):
            return
        with ExitStack() as stack:
            for repository in self._tree.repositories:  # a git that outlives the kill may bring it to its end
                stack.enter_context(repository.alone())
            halves = self.left()
        for half in halves:
            if not half.is_sync and (both := sorted(mine.intersection(half.paths))):
                name = shown(both[0])
                raise NotEnded(
                    f"“{half.title}” was interrupted, and {name} is one of its files: "
                    "finish it or take it back first. Nothing was written."
                )

    # ── on the next start ─────────────────────────────────────────────────────

    def left(self) -> list[HalfDone]:
        """Return the interrupted changes that can be finished or taken back, the newest first.

        A change that proves to be done is noted for `undo` and forgotten; one that still runs is left out.
        """
        intents = [*self._changes.left("change"), *self._syncs.left("sync")]
        repositories = self._tree.repositories
        if intents and any(repository.is_saving() for repository in repositories):
            return []
        if repositories:
            self.told = " ".join(filter(None, [repository.clear_up() for repository in repositories]))
        found = []
        for intent in intents:
            with suppress(HistoryError):
                half = self._sync(intent) if intent.kind == "sync" else self._change(intent)
                found += [] if half is None else [half]
        return found

    def elsewhere(self) -> list[InterruptedElsewhere]:
        """Return the changes of files of this tree that were interrupted in another tree, which ends them."""
        return list(elsewhere(self._tree.place))

    def _change(self, intent: Intent) -> HalfDone | None:
        paths, deed = _paths(intent), _deed(intent)
        sides = [self._side(intent, file) for file in intent.files]
        written = sides.count("after")
        try:
            over = self._is_committed(intent)
            if "other" in sides:  # where somebody has written since, it may be done all the same
                written = sum(read_or_none(real) == after for real, _, after in self._rest(intent)[0])
        except TreeError:  # what was kept of it is damaged: its files are listed one by one
            over = True
        if over:
            self._changes.drop(intent)
            return None
        return HalfDone(intent, without_prefix(deed.message), paths, written)

    def _side(self, intent: Intent, file: TracedFile) -> str:
        """Return the state of a file: `before`, `after`, or `other`."""
        try:
            disk = read_or_none(self._tree.real(file.path))
        except TreeError:
            return "other"
        for side, piece in (("after", file.after), ("before", file.before)):
            if intent.holds(piece, disk):
                return side
        return "other"

    def _is_committed(self, intent: Intent) -> bool:
        """Whether the commit was made all the same; it is noted then, so that it can be undone."""
        paths, deed = _paths(intent), _deed(intent)
        repository = self._tree.repository_of(*paths)
        since = intent.about.get("head")
        files = self._files(intent)
        if repository is None or repository.resolve("HEAD") == since:
            return False
        after = [(real, data) for real, before, data in files if before != data]
        revision = repository.find_saved(cast("str | None", since), deed.message, after)
        if revision is None:
            return False
        record = JournalRecord(revision, paths, deed.entries, deed.message, deed.sort, {}, deed.takes)
        self._saver().note(files, record)
        return True

    def _files(self, intent: Intent) -> list[FileChange]:
        return [(self._tree.real(path), before, after) for path, before, after in intent.contents()]

    def _sync(self, intent: Intent) -> HalfDone | None:
        half = HalfSync.of(intent)
        repository = self._tree.repository
        moved = moved_files(repository.checkout, half) if repository is not None else None
        if repository is None:
            return None
        if moved is None:
            end_sync(repository.checkout, half, forward=True)
            self._syncs.drop(intent)
            return None
        ours = [repository.tree_path(path) for path, state in moved.items() if state != "other"]
        return HalfDone(intent, f"sync with {half.name}", tuple(ours), len(ours))

    def files(self) -> frozenset[str]:
        """Return the files of all that is interrupted, written or not."""
        return frozenset(path for half in self.left() for path in half.paths)

    def covered(self) -> frozenset[str]:
        """Return the files whose change is a part of something interrupted, and nothing of its own."""
        found: set[str] = set()
        for half in self.left():
            if half.is_sync:
                found.update(half.paths)
            else:
                files = half.intent.files
                found.update(file.path for file in files if self._side(half.intent, file) == "after")
        return frozenset(found)

    # ── its end ───────────────────────────────────────────────────────────────

    def finish(self, half: HalfDone) -> Saved:
        """Do the rest of a change and commit it, or bring a sync to its end; changes of others stay.

        Raises Refused, Busy, HookFailed, TreeError: it cannot be done now, and can be tried again.
        """
        if half.is_sync:
            return self._end_sync(half, forward=True)
        with self._held(self._changes, half):
            files, paths, kept = self._rest(half.intent)
            if files:
                saved = self._saver().resume(files, paths, _deed(half.intent))
            else:
                saved = Saved(half.title, None, f"Nothing of “{half.title}” is left to do.")
            self._changes.drop(half.intent)
        return saved._replace(note=f"{saved.note} {_kept(kept)}".rstrip(), files=paths)

    def take_back(self, half: HalfDone) -> Saved:
        """Put all files back as they were before it; the errors are those of `finish`.

        Changes and commits that others made since stay. There is no commit.
        """
        if half.is_sync:
            return self._end_sync(half, forward=False)
        repository = self._tree.repository_of(*half.paths)
        with self._held(self._changes, half):
            files, paths, kept = self._rest(half.intent, back=True)
            written = [one for one in files if read_or_none(one[0]) == one[2] != one[1]]
            removed: tuple[Path, ...] = ()
            try:
                if repository is None and written:
                    back = [(real, after, before) for real, before, after in written]
                    write_together(back, self._tree.place.folder_of(*paths))
                elif repository is not None:
                    committed, removed = repository.take_back(written)
                    places = zip(paths, files, strict=True)
                    kept += [path for path, (real, _, _) in places if real in committed]
            finally:
                self._tree.reader.reread(paths)
            self._changes.drop(half.intent)
        note = f"Took back “{half.title}”: its files are as they were before. {_kept(kept)}".rstrip()
        return Saved(half.title, None, f"{note} {removed_words(removed)}".rstrip(), files=paths)

    def end_syncs(self) -> str:
        """Finish the syncs that were interrupted, before something is saved; says so, or nothing."""
        if not self._syncs.left("sync"):
            return ""
        return " ".join(self.finish(half).note for half in self.left() if half.is_sync)

    @contextmanager
    def _held(self, intents: Intents, half: HalfDone) -> Iterator[None]:
        with intents.adopt(half.intent) as held:
            if not held:
                raise Refused(f"Somebody else has just ended “{half.title}”, or is ending it now.")
            yield

    def _rest(
        self, intent: Intent, *, back: bool = False
    ) -> tuple[list[FileChange], tuple[str, ...], list[str]]:
        """Return the files that it is to be done in, or taken back, their paths, and the paths of the others.

        What somebody has changed since stays in both; the others are those where both changed the same.
        """
        found: list[FileChange] = []
        names, others = [], []
        for path, (real, before, after) in zip(_paths(intent), self._files(intent), strict=True):
            disk = read_or_none(real)
            try:
                if disk not in (before, after):
                    before, after = _on_disk(PlannedChange(path, before, after), disk, back=back)
            except Overlap:
                others.append(path)
            else:
                names.append(path)
                found.append((real, before, after))
        return found, tuple(names), others

    def _end_sync(self, half: HalfDone, *, forward: bool) -> Saved:
        repository = self._tree.repository
        if repository is None:
            raise Refused(f"There is nothing to sync with. {self._tree.unversioned}")
        with self._held(self._syncs, half):
            try:
                ended = end_sync(repository.checkout, HalfSync.of(half.intent), forward=forward)
            finally:
                self._tree.reader.renew()
            self._syncs.drop(half.intent)
        return Saved(half.title, None, ended_words(ended))


def _kept(paths: Sequence[str]) -> str:
    if not paths:
        return ""
    how = (
        "was changed since and stays as it is"
        if len(paths) == 1
        else "were changed since and stay as they are"
    )
    return f"{listed([*map(shown, paths)])} {how}."


def _on_disk(change: PlannedChange, disk: bytes | None, *, back: bool) -> tuple[bytes | None, bytes | None]:
    """Return a file before and after an interrupted change, with all that others have changed since.

    Raises Overlap: it cannot be done, or be taken back, without touching that.
    """
    from index.editing.replan import merged

    done = None if back else merged(change, disk).after
    try:
        undone = merged(PlannedChange(change.file, change.after, change.before), disk).after
    except Overlap:
        if back:
            raise
        undone = disk  # it is finished, and can be undone from there
    if back:
        return undone, disk
    return (undone if disk == done else disk), done


def _paths(intent: Intent) -> tuple[str, ...]:
    return tuple(file.path for file in intent.files)


def _deed(intent: Intent) -> Deed:
    about = cast("Mapping[str, Sequence[object]]", intent.about)
    entries = tuple(map(str, about["entries"]))
    return Deed(str(about["message"]), entries, cast("Sort", about["sort"]), str(about["takes"]))
