"""An open tree and its parts, built here on first use and handed out; the settings that hold for all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.library.tree import Tree
from index.model.cached import once
from index.model.commits import begin_messages_with
from index.model.days import keep_time_of
from index.model.errors import TreeError
from index.storage.config_file import config_path, make_config, own_themes, read_config
from index.storage.user_folders import homely

if TYPE_CHECKING:
    from datetime import datetime

    from index.editing.committer import Committer
    from index.editing.interrupted import Interrupted
    from index.editing.link_edits import Past
    from index.editing.new_files import NewStore
    from index.editing.planner import Planner
    from index.editing.tree_status import TreeStatus
    from index.history.entry_history import EntryHistory
    from index.importing.importer import Importer
    from index.model.plan import Plan
    from index.model.user_config import UserConfig
    from index.notices.tree_notices import TreeNotices
    from index.search.tree_search import Search
    from index.sessions.brief import Brief
    from index.sessions.end import SessionEnd
    from index.sessions.timeline import TreeTimeline
    from index.storage.memory_stores import GrownTree, TreeLocation
    from index.trends.tree_trends import TreeTrends


__all__ = ["Workspace", "config_path", "homely", "make_config", "own_themes", "use_config"]


def use_config() -> UserConfig:
    """Read the user's settings, and keep to them from now on: time zone and commit messages.

    Those of the screen are for the front end; engine, editor and gap between sessions are asked for where
    they count. The environment goes before the file.
    """
    config = read_config()
    zone = None
    if config.time_zone and not os.environ.get("TZ"):
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(config.time_zone)
    keep_time_of(zone)
    begin_messages_with(config.commit_prefix)
    return config


class Workspace:
    """One tree, its search, its history, its changes."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._project: Path | None = None

    @classmethod
    def open(cls, place: TreeLocation | Path | str) -> Workspace:
        """Open the tree at a place; nothing is read yet.

        Raises TreeError: it is missing, no folder, or not readable.
        """
        try:
            return cls(Tree.open(place))
        except TreeError as error:
            from index.git.sparse import left_out

            if not isinstance(place, (str, Path)) or not (hidden := left_out(Path(place)).words):
                raise
            raise TreeError(hidden) from error

    @staticmethod
    def left_out(start: Path) -> str:
        """Say that a sparse checkout leaves out the stores of the project around a folder; or nothing."""
        from index.git.sparse import left_out, stores_wanted

        return left_out(*stores_wanted(start)).words

    @classmethod
    def around(cls, start: Path) -> Workspace | None:
        """Open the tree of the project around a folder, else the nearest one upward; None where is none."""
        from index.storage.scan import discover

        found = discover(start)
        return cls.open(found) if found is not None else None

    def follow(self, start: Path) -> None:
        """Look for new stores of the project around a folder from now on, where the tree is all of it."""
        from index.storage.memory_stores import tree_of_project

        self._project = start if tree_of_project(start) == self.tree.place else None

    def grown(self) -> GrownTree | None:
        """Return the tree with the stores that have come to its project since; None where none has."""
        from index.storage.memory_stores import grown_since

        return grown_since(self.tree.place, self._project) if self._project is not None else None

    @staticmethod
    def start(project: Path, store: str, now: datetime) -> NewStore:
        """Start a store of memories in a project's folder; see `start_store` for its errors."""
        from index.editing.new_files import start_store

        return start_store(project, store, now)

    @staticmethod
    def forget(root: Path) -> None:
        """Forget read marks, pins, drafts and changes of a user in a tree that is no longer there."""
        from index.storage.user_state import forget

        forget(root)

    @once
    def search(self) -> Search:
        """Finds entries, those that were deleted too."""
        from index.search.tree_search import Search

        return Search(self.tree, lambda wait: self.history.gone(wait=wait))

    @once
    def history(self) -> EntryHistory:
        """The versions of entries and files, and the deleted entries."""
        from index.history.entry_history import EntryHistory

        def complete(plan: Plan, past: Past) -> Plan:
            from index.editing.link_edits import with_links

            return with_links(plan, self.tree, past)

        return EntryHistory(self.tree, complete)

    @once
    def timeline(self) -> TreeTimeline:
        """The sessions of the tree."""
        from index.sessions.timeline import TreeTimeline

        return TreeTimeline(self.tree, lambda query, wait: self.search.matched(query, wait=wait))

    @once
    def planner(self) -> Planner:
        """Plans changes; nothing is written."""
        from index.editing.planner import Planner

        return Planner(self.tree)

    @once
    def importer(self) -> Importer:
        """Reads records written as XML, JSON or Markdown."""
        from index.importing.importer import Importer

        return Importer(self.tree, self.planner)

    @once
    def committer(self) -> Committer:
        """Writes plans, commits them, and takes them back."""
        from index.editing.committer import Committer

        return Committer(self.tree, lambda: self.interrupted)

    @once
    def interrupted(self) -> Interrupted:
        """Changes of several files, and syncs, that a kill has interrupted."""
        from index.editing.interrupted import Interrupted

        return Interrupted(self.tree, lambda: self.committer)

    @once
    def status(self) -> TreeStatus:
        """The edits that are written and not committed, and the drafts."""
        from index.editing.tree_status import TreeStatus

        return TreeStatus(self.tree, self.interrupted, self.committer.put_back)

    @once
    def trends(self) -> TreeTrends:
        """Counts over time, the problems that came back, the entries that are used again."""
        from index.trends.tree_trends import TreeTrends

        return TreeTrends(self.tree)

    @once
    def notices(self) -> TreeNotices:
        """Finds dead links, indexes over their limit, twins, and entries that are gone or grew old."""
        from index.notices.tree_notices import TreeNotices

        return TreeNotices(self.tree)

    @once
    def session_end(self) -> SessionEnd:
        """Plans the end of a session."""
        from index.sessions.end import SessionEnd

        return SessionEnd(self.tree, self.timeline)

    def brief(self, project: str, now: datetime) -> Brief:
        """Return the brief of a project; where none is named, of the one that was worked on last."""
        from index.sessions.brief import make_brief

        source = self.tree.reader.look()
        return make_brief(source, source.news(self.tree.seen), project, now)

    def close(self) -> None:
        """Close the tree, the index and all else that is open."""
        if "drafts" in self.tree.__dict__:
            self.tree.drafts.close()
        parts: list[Callable[[], None]] = [
            self.__dict__[name].close for name in ("search", "timeline") if name in self.__dict__
        ]
        for close in (*parts, self.tree.close):
            close()
