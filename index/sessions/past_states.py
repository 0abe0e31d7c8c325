"""The session state as the commits of a tree left it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from index.formats.registry import is_memory, read_file
from index.git.objects import names_in
from index.git.repository import Repository
from index.model.commits import LogStep, TouchedFile
from index.model.entry import Entry, id_file
from index.model.errors import NotHere, Refused
from index.model.path_spelling import spelled
from index.model.store_places import is_documented
from index.model.vocabulary import vocabulary
from index.sessions.state import SessionState, finished, read_state
from index.sessions.state_vocabulary import words

_KEPT = 256
"""Versions of files and of states that are kept: one commit's result is the next one's start."""


class PastStates:
    """Reads the session state of any revision, each version of it once."""

    def __init__(self, repository: Repository, records: Iterable[Entry]) -> None:
        self._repository = repository
        folders = [folder for folder, group in vocabulary().folders.items() if group == "session"]
        roots = [f"{place}/" for place in repository.checkout.scope.places if is_documented(place)] or [""]
        self._folders = [root + folder for root in roots for folder in folders]
        kinds = words().records["state"]
        # A state that is elsewhere is followed where it is now.
        states = {entry.file for entry in records if entry.kind in kinds and entry.group == "session"}
        self._files = sorted(path for path in states if not self._inside(path))
        self._states: dict[tuple[str, ...], SessionState] = {}
        self._entries: dict[tuple[str, str], list[Entry]] = {}
        self._touched: dict[str, list[TouchedFile]] = {}
        """The session files of each commit that was read ahead; of most there are none."""
        self._unread: set[tuple[str, str]] = set()
        """Versions that cannot be read, by path and id."""
        self._hidden = repository.forms.hiding()
        self._ids: dict[str, str] = {}
        self._listings: dict[str, dict[str, str]] = {}
        self._contents: dict[str, bytes] = {}
        """Git objects that were read ahead: names to ids, folders by their ids to the ids in them, files."""

    def ahead(self, steps: Iterable[LogStep]) -> None:
        """Read at once the objects of these commits that will be asked for; earlier ones are let go."""
        self._touched = {step.rev: self._session_files(step) for step in steps}
        touching = [(rev, files) for rev, files in self._touched.items() if files]
        revs = [name for rev, _ in touching for name in (rev, f"{rev}^")]
        names = [self._name(rev, path) for rev in revs for path in (*self._folders, *self._files)]
        # What they wrote and replaced is most of what their folders hold, and is known before those are.
        blobs = [blob for _, files in touching for file in files for blob in (*file.olds, file.new)]
        self._ids, self._listings, self._contents = {}, {}, {}
        self._take(self._repository.many([*names, *blobs]))
        held = [blob for names in self._listings.values() for file, blob in names.items() if is_memory(file)]
        self._take(self._repository.many(blob for blob in held if blob not in self._contents))

    def _take(self, objects: Iterable[tuple[str, str, str, bytes | None]]) -> None:
        for name, found, kind, data in objects:
            if found:  # else it is nothing, or not here, which is told when it is asked for
                self._ids[name] = found
            if kind == "tree" and data is not None:
                self._listings[found] = names_in(data, len(found) // 2)
            elif data is not None:
                self._contents[found] = data

    def at(self, rev: str) -> SessionState:
        """Return the state that a revision holds; an empty one where it holds none.

        Of a file that cannot be read there, the last version before it that can be read is asked.
        """
        ids = self._ids_at(rev)
        if ids not in self._states:
            _make_room(self._states)
            self._states[ids] = read_state(self._read(ids, rev)) if any(ids) else SessionState()
        return self._states[ids]

    def is_told(self, state: SessionState, rev: str) -> bool:
        """Whether a revision holds that state: by the objects read before, or by reading it."""
        return state == self.at(rev) or state == read_state(self._read(self._ids_at(rev)))

    def before(self, step: LogStep) -> SessionState:
        """Return the state that a commit found."""
        return self.at(step.rev if step.cut else f"{step.rev}^")

    def written(self, step: LogStep) -> SessionState | None:
        """Return the state that a commit wrote; None where none can be read, and for a merge."""
        files = self._session_files(step)
        if not files or len(files[0].olds) > 1:
            return None
        state = self.at(step.rev)
        read = (file.path for file in files if file not in self._unread_files(step))
        paths = (self._repository.tree_path(path) for path in read)
        return state if state and id_file(state.entry) in paths else None

    def doubt(self, step: LogStep) -> str:
        """Say which session file of a commit cannot be read, in one sentence; empty where all can."""
        paths = [self._repository.tree_path(file.path) for file in self._unread_files(step)]
        return f"{' and '.join(paths)} cannot be read as commit {step.rev[:7]} left it." if paths else ""

    def _unread_files(self, step: LogStep) -> list[TouchedFile]:
        return [
            file
            for file in self._session_files(step)
            if self._is_unread(self._repository.tree_path(file.path), file.new)
        ]

    def recorded(self, step: LogStep) -> list[tuple[Entry, SessionState]]:
        """Return the finished sessions whose records a commit added."""
        found = []
        for file in self._session_files(step):
            path = self._repository.tree_path(file.path)
            if file.status == "A" and self._inside(path):
                entries = self._entries_of(path, file.new)
                by_id = {entry.id: entry for entry in entries}
                found += [(by_id[state.entry], state) for state in finished(entries)]
        return found

    def _session_files(self, step: LogStep) -> list[TouchedFile]:
        """Return the files that may hold the state among those that a commit changed."""
        if step.rev in self._touched:
            return self._touched[step.rev]
        paths = [(self._repository.tree_path(file.path), file) for file in step.files]
        return [file for path, file in paths if path in self._files or self._inside(path)]

    def _inside(self, path: str) -> bool:
        return is_memory(path) and any(path.startswith(f"{folder}/") for folder in self._folders)

    def _name(self, rev: str, path: str) -> str:
        return f"{rev}:{self._repository.in_git(path)}"

    def _id(self, rev: str, path: str) -> str:
        name = self._name(rev, path)
        if name in self._ids:
            return self._ids[name]
        return self._repository.blob_id(rev, name.partition(":")[2])

    def _ids_at(self, rev: str) -> tuple[str, ...]:
        return tuple(self._id(rev, path) for path in (*self._folders, *self._files))

    def _read(self, ids: tuple[str, ...], rev: str = "") -> list[Entry]:
        """Return the entries of the session files; with `rev`, earlier ones of those that cannot be read."""
        entries: list[Entry] = []
        for folder, tree in zip(self._folders, ids, strict=False):
            listing = self._listings.get(tree)
            if listing is None:
                listing = self._repository.listing(tree)
            for name, blob in listing.items():
                if is_memory(name):
                    path = f"{folder}/{spelled(name)}"
                    entries += self._entries_of(path, self._readable(path, blob, rev))
        for file, blob in zip(self._files, ids[len(self._folders) :], strict=True):
            entries += self._entries_of(file, self._readable(file, blob, rev))
        return entries

    def _readable(self, path: str, blob: str, rev: str) -> str:
        """Return the version itself, or the newest one before it that can be read; empty where none can."""
        if not rev or not self._is_unread(path, blob):
            return blob
        with closing(self._repository.steps(self._repository.in_git(path), rev)) as steps:
            olds = (file.olds[0] for step in steps for file in step.files)
            return next((old for old in olds if not self._is_unread(path, old)), "")

    def _is_unread(self, path: str, blob: str) -> bool:
        self._entries_of(path, blob)
        return (path, blob) in self._unread

    def _entries_of(self, path: str, blob: str) -> list[Entry]:
        if (path, blob) not in self._entries:
            _make_room(self._entries)
            if self._hidden([path]):
                return []
            try:
                data = self._contents.get(blob)
                if data is None:
                    data = self._repository.content(blob, path)
                else:
                    data = self._repository.forms.readable(data, blob, path)
            except NotHere:
                raise
            except Refused:
                data = None  # too large to be opened, then as now
            read = read_file(data or b"", path)
            if blob and (data is None or (data and not read.legible)):
                self._unread.add((path, blob))
            self._entries[path, blob] = read.entries if data else []
        return self._entries[path, blob]


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _KEPT:
        del kept[next(iter(kept))]
