"""Notices about a tree: faults of content in files that read well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from index.history.rewrites import Rewrite, rewrites
from index.library.snapshot import Snapshot
from index.library.tree import Tree
from index.library.tree_links import TreeLinks
from index.model.entry import id_file
from index.model.errors import Refused
from index.model.file_record import FileProblem, Gauge
from index.notices.dead_links import dead_ids, dead_links, unlinked
from index.notices.sources import Sources, file_notice, gauges, over_limit, too_long
from index.notices.stale_entries import dropped, names_gone_files, out_of_date, twins, vanished, waiting_long
from index.storage.journal import JOURNAL, Journal
from index.storage.memory_stores import project_folders

_FIRST = frozenset({"left-out", "vanished", "over-limit"})


class TreeNotices:
    """Finds the notices, each time anew: it goes through all texts, so in a thread."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def found(self, now: datetime) -> list[FileProblem]:
        """Return the notices, those of a loss first, then by file and line; all are of the level `note`."""
        snapshot, sources = self._tree.ready(), Sources(self._tree.data)
        links = TreeLinks(snapshot.entries, sources.text)
        project = project_folders(self._tree.root)[-1]
        hidden = self._tree.left_out()
        elsewhere = {self._tree.place.path_of(hidden.root / file) for file in hidden.files}
        removed = [one for one in self._removed() if id_file(one) not in elsewhere]
        found = [
            *([file_notice(".", "left-out", hidden.words)] if hidden.files else []),
            *vanished(removed),
            *dropped(self._rewrites(snapshot), set(removed)),
            *over_limit(gauges(snapshot, sources), sources),
            *too_long(snapshot.records.values(), sources),
            *dead_links(links, self._tree.place, sources),
            *unlinked(links, snapshot.copies),
            *dead_ids(snapshot.entries, sources),
            *twins(snapshot.entries, snapshot.copies, sources),
            *names_gone_files(snapshot.entries, project, sources),
            *waiting_long(snapshot.entries, now, sources),
            *out_of_date(snapshot.entries, self._changed, now, sources),
        ]
        return sorted(found, key=lambda one: (one.code not in _FIRST, one.file, one.line, one.column))

    def gauges(self) -> list[Gauge]:
        """Return the extents of the files of which an agent reads only the beginning, the fullest first."""
        return gauges(self._tree.ready(), Sources(self._tree.data))

    def _removed(self) -> tuple[str, ...]:
        """Return the ids of the entries that are gone since the user last looked; a look is no visit."""
        records = self._tree.ready().records
        digests = {path: record.digest for path, record in records.items()}
        return self._tree.seen.peek(
            digests, lambda path: records[path].entries, len(records) + 1_000_000
        ).removed

    def _rewrites(self, snapshot: Snapshot) -> Iterator[Rewrite]:
        """Yield the rewrites that dropped entries, but for those before the user called everything seen."""
        own = Journal(self._tree.user_folder / JOURNAL).subjects()
        looked = self._tree.seen.looked()
        for repository in self._tree.repositories:
            with suppress(Refused, OSError):
                for one in rewrites(repository, snapshot.entries, snapshot.records, own):
                    if one.when.timestamp() > looked:
                        yield one

    def _changed(self, file: str) -> datetime | None:
        """Return the time of the last commit of a file; None without one."""
        try:
            repository = self._tree.repository_of(file)
            last = next(iter(repository.log(file, 1)), None) if repository is not None else None
        except (Refused, OSError):
            return None
        return last.when if last is not None else None
