"""The history of one entry: its versions, the changes of each, and the way back to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from index.model.entry import id_file
from tui.actions import bindings
from tui.data.entry_text import as_text
from tui.requests import OpenFileHistory, OpenHistory
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.screens.history.versions import Versions
from tui.theme.drawing import t
from tui.theme.labels import path_label
from tui.widgets.history.compare_view import Comparison, compare_versions
from tui.widgets.history.version_list import said_of

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.history.versions import Version
    from index.model.plan import Plan
    from index.workspace import Workspace

_ASKED = 9
"""Fields that a question offers, a digit each."""


class History(Versions):
    """The versions of an entry, compared by field."""

    BINDINGS = bindings("file_history")
    SAID = staticmethod(said_of)

    def __init__(self, entry_id: str, title: str) -> None:
        """Show the history of an entry, also of one that is deleted; `title` is its name."""
        super().__init__(title, id_file(entry_id))
        self._entry_id = entry_id

    @property
    def opener(self) -> OpenHistory:
        """The request that opens it again."""
        return OpenHistory(self._entry_id, self._title)

    def versions(self, history: EntryHistory) -> Iterator[Version]:
        """Yield the versions."""
        return history.versions(self._entry_id)

    def compare(self, workspace: Workspace, before: Any, after: Any) -> Comparison:
        """Compare two versions by field."""
        return compare_versions(before, after)

    def action_copy(self) -> None:
        """Copy the version under the cursor as text, or as source while that is shown."""
        version: Version | None = self._list.current
        if version is not None and version.entry is None:
            self.warn("The entry was deleted here: there is nothing to copy.")
        elif version is not None and version.entry is not None:
            self.copy_version(version.markup + "\n" if self.compared.source else as_text(version.entry))

    def action_file_history(self) -> None:
        """Show the history of the file that the entry is in."""
        self.context.ask(OpenFileHistory(self._file))

    # ── restoring ─────────────────────────────────────────────────────────────

    def action_restore(self) -> None:
        """Put back the version under the cursor, or one field of it, after a last look."""
        version: Version | None = self._list.current
        if version is not None:
            self.look_up("plan", partial(self._differing, version), partial(self._ask, version))

    def _differing(self, version: Version, workspace: Workspace) -> Sequence[str] | None:
        """Return the fields that differ between a version and the entry now; None when that is deleted."""
        from index.model.errors import UnknownEntry
        from index.rendering.differences import compare_entry

        try:
            now = workspace.tree.entry(self._entry_id)
        except UnknownEntry:
            return None
        return [change.field for change in compare_entry(now, version.entry).changes]

    def _ask(self, version: Version, fields: Sequence[str] | None) -> None:
        """Ask for the part to put back: all of it, or one of the fields that differ."""
        if version.entry is None:
            self.warn("The entry was deleted here: choose an older version to restore.")
        elif fields is None or len(fields) == 1:
            self._restore(version, None)
        elif not fields:
            self.warn("Already identical.")
        else:
            when = self._list.head(version)
            sure = ". You see the changes before they are committed."
            body = [t(("Version ", "muted"), when, (sure, "muted"))]
            answers = [
                Answer("escape", "cancel"),
                Answer("enter", f"whole entry, {len(fields)} fields", partial(self._restore, version, None)),
                *(
                    Answer(str(n), f"only {path_label(name)}", partial(self._restore, version, name))
                    for n, name in enumerate(fields[:_ASKED], 1)
                ),
            ]
            ask(self.context, QuestionScreen("Restore this version?", body, answers))

    def _restore(self, version: Version, field: str | None) -> None:
        workspace = self.workspace

        def saved(plan: Plan) -> None:
            self._entry_id = restored_id(plan)  # an older version of it may bring an older id

        make = partial(workspace.history.plan_restore, self._entry_id, version, field)
        self.propose(make, self._title, saved)


def restored_id(plan: Plan) -> str:
    """Return the id that an entry has after it was put back."""
    from index.formats.registry import read_file

    change, known = plan.changes[0], plan.entries[0]
    before, after = (
        {entry.id for entry in read_file(data or b"", change.file).entries}
        for data in (change.before, change.after)
    )
    come = after - before
    return come.pop() if known not in after and len(come) == 1 else known
