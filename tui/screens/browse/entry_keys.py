"""Base of the screens that show an entry: every action on it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.message import Message

from index.model.counts import count_words
from tui.actions import Hint, bindings
from tui.data.entry_text import as_text
from tui.requests import (
    DeleteEntries,
    DuplicateEntries,
    EditEntry,
    EditInEditor,
    EditMarkup,
    MoveEntries,
    OpenFileHistory,
    OpenHistory,
    Revive,
)
from tui.runtime.threads import threaded
from tui.screens.base.frame import Frame
from tui.theme.dates import short
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.deleted_entry import Deleted
    from index.model.entry import Entry
    from tui.widgets.browse.preview import Preview


class Source(Message):
    """The XML of an entry was read."""

    def __init__(self, entry_id: str, text: str) -> None:
        super().__init__()
        self.entry_id = entry_id
        self.text = text


class Blamed(Message):
    """Who last changed each field of an entry, and when, in words; or why that is not known."""

    def __init__(self, entry_id: str, origins: Mapping[str, str], error: str = "") -> None:
        super().__init__()
        self.entry_id, self.origins, self.error = entry_id, origins, error


class EntryKeys(Frame[None]):
    """A screen with a current entry that can be edited and copied."""

    BINDINGS = bindings(
        "edit", "edit_file", "edit_xml", "copy", "history", "file_history", "blame", "similar"
    ) + bindings("delete", "duplicate", "move", "restore")
    GONE: Sequence[Hint] = ("restore", "history", "file_history", "copy", "search")
    """The keys of a deleted entry."""

    @property
    @abstractmethod
    def entry(self) -> Entry | None:
        """The current entry."""

    @property
    def marked(self) -> Sequence[str]:
        """Ids of the marked entries that are there."""
        return ()

    def unmark(self) -> None:
        """Take all marks away."""

    @property
    def gone(self) -> Deleted | None:
        """The deleted entry in the place of the current one."""
        return None

    @property
    def shown_entry(self) -> Entry | None:
        """The entry that is shown, deleted or not."""
        return self.gone.entry if self.gone is not None else self.entry

    def _editable(self) -> Entry | None:
        """Return the current entry when it can be changed, and say why when it cannot."""
        if self.gone is not None:
            self.tell(t(("!", "warn"), " It is deleted: v brings it back."))
        return self.entry if self.context.page is None else None

    def action_restore(self) -> None:
        """Bring a deleted entry back at its place, after a last look."""
        if self.gone is not None:
            self.context.ask(Revive(self.gone))
        elif self.entry is not None:
            self.tell(t(("!", "warn"), " This entry is not deleted. Press h to pick an older version."))

    @property
    def shown_source(self) -> str | None:
        """The entry's XML while that is what is shown."""
        return None

    def action_edit(self) -> None:
        """Edit the entry."""
        entry = self._editable()
        if entry is not None:
            self.context.ask(EditEntry(entry.id))

    def action_edit_file(self) -> None:
        """Edit the entry's file in `$EDITOR`, at its line."""
        entry = self._editable()
        if entry is not None:
            self.context.ask(EditInEditor(entry.file, entry.line))

    def action_edit_xml(self) -> None:
        """Edit the entry's markup."""
        entry = self._editable()
        if entry is not None:
            self.context.ask(EditMarkup(entry.id, entry.title))

    def action_delete(self) -> None:
        """Delete the entry, after a look at what goes."""
        if entries := self.chosen:
            self.context.ask(DeleteEntries(entries))

    def action_duplicate(self) -> None:
        """Put a copy of the entry behind it."""
        if entries := self.chosen:
            self.context.ask(DuplicateEntries(entries))

    def action_move(self) -> None:
        """Move the entry to another file."""
        if entries := self.chosen:
            self.context.ask(MoveEntries(entries))

    @property
    def chosen(self) -> Sequence[Entry]:
        """The entries that a change takes: those that are marked, else the current one."""
        workspace, marked = self.context.workspace, self.marked
        if marked and workspace is not None:
            return [workspace.tree.snapshot.by_id[entry_id] for entry_id in marked]
        entry = self._editable()
        return [] if entry is None else [entry]

    def action_history(self) -> None:
        """Show how the entry came to be what it is."""
        entry = self.shown_entry
        if entry is not None and self.context.page is None:
            self.context.ask(OpenHistory(entry.id, entry.title))

    def action_file_history(self) -> None:
        """Show what became of the entry's file."""
        entry = self.shown_entry
        if entry is not None and self.context.page is None:
            self.context.ask(OpenFileHistory(entry.file))

    def action_similar(self) -> None:
        """Show the entries that say nearly the same."""
        from index.search.language.syntax import written

        entry = self.entry
        if entry is not None and self.context.page is None:
            self.context.search_for(written("similar", entry.id))

    def action_blame(self) -> None:
        """Say beside each field who last changed it, and when, or no longer."""
        from tui.widgets.browse.preview import Preview

        preview = self.query_one(Preview)
        if self.entry is not None and self.context.page is None:
            if not preview.display:
                self.action_right()
            preview.toggle_blame()

    def on_preview_read(self, message: Preview.Read) -> None:
        """Count an entry that was opened as seen."""
        self.context.see(message.entry.id)

    def on_preview_blame_wanted(self, message: Preview.BlameWanted) -> None:
        """Find it out."""
        self._blame(message.entry.id)

    @threaded("blame")
    def _blame(self, entry_id: str) -> None:
        from index.model.errors import Refused, TreeError
        from index.model.plan import CannotEdit

        workspace, now = self.context.workspace, self.context.now()
        if workspace is None:
            return
        try:
            origins = workspace.history.blame(entry_id)
        except (Refused, TreeError, CannotEdit, OSError) as error:
            self.post_message(Blamed(entry_id, {}, str(error)))
        else:
            words = {
                name: f"{short(origin.when, now)} · {origin.author}" if origin.when else "not committed"
                for name, origin in origins.items()
            }
            self.post_message(Blamed(entry_id, words))

    def on_blamed(self, message: Blamed) -> None:
        """Show it beside the fields."""
        from tui.widgets.browse.preview import Preview

        self.query_one(Preview).show_blame(message.entry_id, message.origins)
        if message.error:
            self.tell(t(("!", "warn"), " ", plain(message.error)))

    def action_copy(self) -> None:
        """Copy the marked entries as text; else the current one, as XML while that is shown."""
        entry = self.shown_entry
        if self.marked:
            entries = self.chosen
            self.copy_text("\n".join(map(as_text, entries)), count_words(len(entries), "entry", "entries"))
        elif entry is not None:
            self.copy_text(self.shown_source or as_text(entry), "the entry")

    @threaded("source")
    def read_source(self, entry: Entry) -> None:
        """Read the source of an entry and post it as `Source`."""
        from index.model.errors import TreeError
        from index.model.plan import CannotEdit

        workspace = self.context.workspace
        if workspace is None:
            return
        try:
            text = workspace.tree.markup(entry.id)
        except (TreeError, CannotEdit, OSError) as error:
            text = f"<!-- {error} -->"
        self.post_message(Source(entry.id, text))
