"""Base of the screens that show an entry: every action on it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
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
    FollowOne,
    MoveEntries,
    OpenFileHistory,
    OpenHistory,
    Revive,
    SetField,
)
from tui.screens.base.frame import Frame
from tui.theme.dates import short
from tui.theme.drawing import plain, t
from tui.widgets.browse.preview import Preview

if TYPE_CHECKING:
    from index.model.deleted_entry import Deleted
    from index.model.entry import Entry
    from index.model.references import References
    from index.workspace import Workspace


class EntryKeys(Frame[None]):
    """A screen with a current entry that can be edited and copied."""

    BINDINGS = bindings(
        "edit", "edit_file", "edit_xml", "copy", "history", "file_history", "blame", "similar", "pin"
    ) + bindings("delete", "duplicate", "move", "restore", "next_match", "previous_match")
    GONE: Sequence[Hint] = ("restore", "history", "file_history", "copy", "search")
    """The keys of a deleted entry."""

    class Pinned(Message):
        """An entry was pinned, or is no longer."""

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

    def action_change_marked(self) -> None:
        """Set a field of all marked entries; of the current one when none is marked."""
        if entries := self.chosen:
            self.context.ask(SetField([entry.id for entry in entries]))

    @property
    def chosen(self) -> Sequence[Entry]:
        """The entries that a change takes: those that are marked, else the current one."""
        if marked := self.marked:
            return [self.workspace.tree.snapshot.by_id[entry_id] for entry_id in marked]
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

    def action_pin(self) -> None:
        """Pin the entry, or no longer, and say so."""
        entry = self.entry
        if entry is None or self.context.page is not None:
            return

        def told(pinned: bool) -> None:
            words = " Pinned " if pinned else " Unpinned "
            self.tell(
                t(("✓", "ok"), words, plain(entry.title), ("   '", "strong"), (" read lately", "muted"))
            )
            self.post_message(self.Pinned())

        self.look_up("pin", lambda workspace: workspace.tree.bookmarks.toggle_pin(entry.id), told)

    def action_similar(self) -> None:
        """Show the entries that say nearly the same."""
        from index.search.language.syntax import written

        entry = self.entry
        if entry is not None and self.context.page is None:
            self.context.search_for(written("similar", entry.id))

    def action_blame(self) -> None:
        """Say beside each field who last changed it, and when, or no longer."""
        preview = self.query_one(Preview)
        if self.entry is not None and self.context.page is None:
            if not preview.display:
                self.action_right()
            preview.toggle_blame()

    def on_preview_read(self, message: Preview.Read) -> None:
        """Count an entry that was opened as seen, and as read."""
        entry_id = message.entry.id
        self.context.see(entry_id)
        if self.gone is None:
            self.look_up(
                "read", lambda workspace: workspace.tree.bookmarks.note_read(entry_id), lambda _: None
            )
        self.look_up("links", lambda workspace: workspace.tree.references.now(), self._show_references)

    def _show_references(self, references: References) -> None:
        entries = self.workspace.tree.snapshot.by_id
        for preview in self.query(Preview):
            preview.show_references(references, entries)

    def on_preview_followed(self, message: Preview.Followed) -> None:
        """Go to the entry, or ask to which."""
        if len(message.ids) == 1:
            self.context.show_entry(message.ids[0])
        else:
            self.context.ask(FollowOne(message.ids))

    def action_next_match(self) -> None:
        """Go on to the next match of the query on the page."""
        self._step_match(1)

    def action_previous_match(self) -> None:
        """Go back to the match before."""
        self._step_match(-1)

    def _step_match(self, by: int) -> None:
        preview = self.query_one(Preview)
        if self.entry is not None and not preview.display:
            self.action_right()
        if not preview.step_match(by):
            self.warn("No match on this page.")

    def on_preview_blame_wanted(self, message: Preview.BlameWanted) -> None:
        """Find it out."""
        entry_id, preview = message.entry.id, self.query_one(Preview)

        def failed(error: Exception) -> None:
            preview.show_blame(entry_id, {})
            self.warn(str(error))

        self.look_up("blame", partial(self._origins, entry_id), partial(preview.show_blame, entry_id), failed)

    def _origins(self, entry_id: str, workspace: Workspace) -> Mapping[str, str]:
        """Return who last changed each field of an entry, and when, in words."""
        now = self.context.now()
        return {
            name: f"{short(origin.when, now)} · {origin.author}" if origin.when else "not committed"
            for name, origin in workspace.history.blame(entry_id).items()
        }

    def action_copy(self) -> None:
        """Copy the marked entries as text; else the current one, as XML while that is shown."""
        entry = self.shown_entry
        if self.marked:
            entries = self.chosen
            self.copy_text("\n".join(map(as_text, entries)), count_words(len(entries), "entry", "entries"))
        elif entry is not None:
            source = next((preview.source for preview in self.query(Preview)), None)
            self.copy_text(source or as_text(entry), "the entry")
