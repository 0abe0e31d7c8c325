"""The history of one entry: its versions, what each changed, and how to get one back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.message import Message

from tui.actions import bindings
from tui.data.entry_text import as_text
from tui.requests import OpenFileHistory
from tui.runtime.threads import threaded
from tui.screens.base.question import Answer, QuestionScreen
from tui.screens.history.restoring import restored_id
from tui.screens.history.versions import Versions
from tui.theme.drawing import t
from tui.widgets.history.compare_rows import name_of
from tui.widgets.history.compare_view import Comparison, compare_versions
from tui.widgets.history.version_list import said_of

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.history.versions import Version
    from index.model.entry import Entry
    from index.model.plan import Plan
    from index.workspace import Workspace

_ASKED = 9
"""Fields that a question offers, a digit each."""


class RestoreAsked(Message):
    """A version is to come back; `fields` are those that differ now, None when the entry is deleted."""

    def __init__(self, version: Version, fields: Sequence[str] | None) -> None:
        super().__init__()
        self.version, self.fields = version, fields


class History(Versions):
    """The versions of an entry, compared by field."""

    BINDINGS = bindings("file_history")
    SAID = staticmethod(said_of)

    def __init__(self, entry_id: str, title: str) -> None:
        """Show the history of an entry, also of one that is deleted; `title` is what to call it."""
        super().__init__(title, entry_id.rpartition("#")[0])
        self._entry_id = entry_id
        self._comes_back_as = entry_id
        """The entry's id once the restore under review is saved."""

    def read_rows(self, history: EntryHistory) -> Iterator[Version]:
        """Yield the versions."""
        return history.versions(self._entry_id)

    def compare(self, workspace: Workspace, before: Any, after: Any) -> Comparison:
        """Compare two versions by field."""
        return compare_versions(before, after)

    def action_copy(self) -> None:
        """Copy the version under the cursor as text, or as XML while that is shown."""
        version: Version | None = self._list.current
        if version is not None and version.entry is None:
            self.tell(t(("!", "warn"), " The entry was deleted here: there is nothing to copy."))
        elif version is not None and version.entry is not None:
            self.copy_version(version.markup + "\n" if self._xml else as_text(version.entry))

    def action_file_history(self) -> None:
        """Show the history of the file that the entry stands in."""
        self.context.ask(OpenFileHistory(self._file))

    # ── restoring ─────────────────────────────────────────────────────────────

    def action_restore(self) -> None:
        """Put back the version under the cursor, or one field of it, after a last look."""
        version = self._list.current
        if version is not None:
            self._look(version)

    @threaded("plan")
    def _look(self, version: Version) -> None:
        """Find out what differs between a version and the entry as it is now."""
        from index.history.field_diff import compare

        now = self._now()
        fields = None if now is None else [change.field for change in compare(now, version.entry)]
        self.post_message(RestoreAsked(version, fields))

    def _now(self) -> Entry | None:
        from index.model.errors import UnknownEntry

        workspace = self.context.workspace
        try:
            return workspace.tree.entry(self._entry_id) if workspace is not None else None
        except UnknownEntry:
            return None

    @on(RestoreAsked)
    def _ask(self, message: RestoreAsked) -> None:
        """Ask what to put back: all of it, or one of the fields that differ."""
        version, fields = message.version, message.fields
        if version.entry is None:
            self.tell(t(("!", "warn"), " The entry was deleted here: choose an older version to restore."))
        elif fields is None or len(fields) == 1:
            self._restore(version, None)
        elif not fields:
            self.tell(t(("!", "warn"), " The entry is like this version already."))
        else:
            offered = fields[:_ASKED]
            when = self._list.head(version, self.context.now())
            sure = ". You see what changes before it is saved, as one new commit."
            body = [t(("As it was at ", "muted"), when, (sure, "muted"))]
            answers = [
                Answer("stay", "escape", "leave it"),
                Answer("all", "enter", f"the whole entry, {len(fields)} fields"),
                *(Answer(f"#{n}", str(n + 1), f"only {name_of(name)}") for n, name in enumerate(offered)),
            ]

            def answered(answer: str | None) -> None:
                if answer == "all":
                    self._restore(version, None)
                elif answer and answer.startswith("#"):
                    self._restore(version, offered[int(answer[1:])])

            self.app.push_screen(QuestionScreen("Restore this version?", body, answers), answered)

    def _restore(self, version: Version, field: str | None) -> None:
        workspace = self.context.workspace
        assert workspace is not None

        def make() -> Plan:
            plan = workspace.history.plan_restore(self._entry_id, version, field)
            self._comes_back_as = restored_id(plan)
            return plan

        self.plan(make, self._title)

    def restored(self, plan: Plan) -> None:
        """Follow the entry: an older version of it may bring an older id."""
        self._entry_id = self._comes_back_as
