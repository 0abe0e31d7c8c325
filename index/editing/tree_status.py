"""The status of a tree: edits that are written and not committed, and drafts of edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.editing.protection import check_one_place
from index.editing.single import edit_message
from index.model.commits import proposed
from index.model.counts import count_words, listed
from index.model.errors import Refused
from index.model.path_spelling import shown
from index.model.plan import PlannedChange
from index.storage.user_folders import homely

if TYPE_CHECKING:
    from index.editing.interrupted import Interrupted
    from index.git.repository import Repository
    from index.history.uncommitted import UncommittedFile
    from index.library.tree import Tree
    from index.model.plan import Plan, Saved
    from index.storage.drafts import Drafts

_NAMED = 5
"""Files that a sentence names; of more it names these."""


class TreeStatus:
    """Finds edits that are not committed or were interrupted, and plans their end."""

    def __init__(
        self, tree: Tree, interrupted: Interrupted, put_back: Callable[[PlannedChange], Saved]
    ) -> None:
        self._tree = tree
        self._interrupted = interrupted
        self._put_back = put_back

    @property
    def drafts(self) -> Drafts:
        """The edits that were typed and not saved."""
        return self._tree.drafts

    def uncommitted(self) -> list[UncommittedFile]:
        """Return the memory files that are on disk and in no commit; none where nothing is versioned.

        Those of a change or a sync that was interrupted are a part of that, and left out. Temporary files
        that a kill has left beside them, which git names as new ones, are removed.

        Raises Refused: git could not read the repository.
        """
        from index.history.uncommitted import uncommitted_files
        from index.storage.scan import scan

        scan(*self._tree.place)

        repositories = self._tree.repositories
        covered = self._interrupted.covered() if repositories else ()
        items = (item for repository in repositories for item in uncommitted_files(repository))
        return [item for item in items if item.path not in covered]

    def count(self) -> int:
        """Return how many files `uncommitted` is about to compare; quickly, and seldom more than it finds.

        Raises Refused: git could not read the repository.
        """
        from index.history.uncommitted import files

        repositories = self._tree.repositories
        found = {path for repository in repositories for path in files(repository)}
        return len(found - self._interrupted.covered()) if repositories else 0

    def why_nothing(self) -> str:
        """Say why nothing of the tree can be pending; empty where it can."""
        repository = self._tree.repository
        if repository is None:
            return self._tree.unversioned
        ignored = repository.passed_over()
        why = self._tree.why_unversioned(ignored) if ignored else ""
        return why.replace("It is", "The tree is", 1).replace("ignores it", "ignores its files", 1)

    def all_done(self) -> str:
        """Say that nothing is pending; name the files that were left out, and the interrupted changes."""
        but = self.excepted()
        done = "is in a version" if self.kept_words() else "is committed"
        return self.why_nothing() or f"Everything on disk {done}{', but for ' if but else ''}{but}."

    def kept_words(self) -> Sequence[str]:
        """Say why memarium keeps the versions of the tree itself, and where; nothing where it does not."""
        kept = [repository for repository in self._tree.repositories if repository.kept]
        why = [f"memarium keeps the versions of {_store(one)} itself, because {one.kept}." for one in kept]
        places = " and ".join(shown(homely(repository.place)) for repository in kept)
        return (*why, f"They are in {places}") if kept else ()

    def record(self) -> str | None:
        """Make the edits of others a version, where memarium keeps them; return its id, None for nothing new.

        The files of a change that was interrupted are left for its end.

        Raises Busy, Refused: it cannot be made now.
        """
        from index.git.found_version import record_found

        made = None
        for repository in self._tree.repositories:
            if repository.kept:
                made = record_found(repository, without=self._interrupted.files()) or made
        return made

    def excepted(self) -> str:
        """Name the files that were left out, and the changes that were interrupted; empty for neither."""
        return "; and ".join(filter(None, (self.left_out(), self._half_done())))

    def _half_done(self) -> str:
        """Name the changes that were interrupted, whose files wait for their end; empty for none."""
        titles = [f"“{half.title}”" for half in self._interrupted.left()]
        return f"what was interrupted: {listed(titles, _NAMED)}" if titles else ""

    def left_out(self) -> str:
        """Name the files in no commit that were not judged: links, ignored files, and filtered ones."""
        named = {
            "links, which are committed with git": "links",
            "what git ignores": "ignored",
            "what goes through a filter and was not compared": "filtered",
            "what belongs to a repository of its own": "nested",
        }
        files = self.not_judged()
        return "; and ".join(
            f"{what}: {listed(files[how], _NAMED)}" for what, how in named.items() if files[how]
        )

    def not_judged(self) -> dict[str, Sequence[str]]:
        """Return the files of `left_out` by why they are: `links`, `ignored`, `filtered`, `nested`."""
        from index.history.uncommitted import links

        every = self._tree.repositories
        return {
            "links": [path for one in every for path in links(one)],
            "ignored": [path for one in every for path in one.passed_over()],
            "filtered": [path for one in every for path in one.not_compared()],
            "nested": [path for one in every for path in one.nested()],
        }

    def emptied(self, items: Sequence[UncommittedFile]) -> str:
        """Say that these are all or most files of the tree or a store, and nothing is in them; else empty."""
        from index.git.saving.bulk_deletion import emptied_words

        held = {path for repository in self._tree.repositories for path in repository.committed()}
        gone = [item.path for item in items if item.how != "new" and _lost_all(item)]
        new = [item.path for item in items if item.how == "new" and not _lost_all(item)]
        return emptied_words(held, gone, new, [item.path for item in items if item.after is not None])

    def plan(self, items: Sequence[UncommittedFile], message: str = "") -> Plan:
        """Plan one commit of files as they are on disk; nothing but the commit is missing."""
        from index.model.plan import Plan

        changes = tuple(PlannedChange(item.path, item.before, item.after) for item in items)
        check_one_place(changes)
        repository, why, _ = self._tree.versioning(*(item.path for item in items))
        if repository is None:
            raise Refused(f"There is nothing to commit to. {why}")
        entries = tuple(change.entry.id for item in items for change in item.entries)
        names = [field.field for item in items for change in item.entries for field in change.fields]
        edited = all(change.how == "edited" for item in items for change in item.entries)
        fields = tuple(dict.fromkeys(names)) if edited and len(entries) == 1 else ()
        return Plan(changes, message or propose(items), entries, fields, written=True)

    def put_back(self, item: UncommittedFile) -> Saved:
        """Put a file back as the last commit has it; its content is kept, and `undo` brings it back.

        Raises:
            Conflict: the file is no longer as it was listed.
            TreeError: the disk refused.
        """
        return self._put_back(PlannedChange(item.path, item.after, item.before))


def _store(repository: Repository) -> str:
    return repository.checkout.at.rstrip("/") or "this store"


def _lost_all(item: UncommittedFile) -> bool:
    """Whether a file is gone or blank, or of the entries that it held none is left."""
    from index.formats.registry import read_file
    from index.git.saving.bulk_deletion import is_blank

    if is_blank(item.after):
        return True
    if item.after is None or {change.how for change in item.entries} != {"deleted"}:
        return False
    return all(entry.template for entry in read_file(item.after, item.path).entries)


def propose(items: Sequence[UncommittedFile]) -> str:
    """Propose a commit message for files that others, or an interrupted save, have left."""
    from index.editing.plan_checks import subject

    changes = [change for item in items for change in item.entries]
    if len(changes) == 1 and len(items) == 1:
        change = changes[0]
        if change.how == "edited":
            return edit_message(change.entry, tuple(field.field for field in change.fields))
        return subject("add" if change.how == "added" else "delete", change.entry)
    if len(items) == 1 and (items[0].how != "changed" or not changes):
        verb = {"new": "add", "deleted": "delete"}.get(items[0].how, "edit")
        return proposed(f"{verb} {items[0].path}")
    said = proposed(", ".join(item.summary for item in items))
    if len(items) == 1 or (all(item.entries for item in items) and "\n" not in said):
        return said
    return proposed(f"changes in {count_words(len(items), 'file', 'files')}")
