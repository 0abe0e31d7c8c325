"""Base of the screens that show an entry: every action on it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from textual import events, on
from textual.message import Message

from index.model.counts import count_words
from tui.actions import Hint, bindings, key
from tui.data.entry_text import links_of, markup_of, origins_of, why_no_form
from tui.requests import (
    ChangeEntries,
    CopyEntries,
    EditEntry,
    EditInEditor,
    EditMarkup,
    ExportEntries,
    FollowOne,
    OpenFileHistory,
    OpenHistory,
    Revive,
    RunCommand,
    SetField,
)
from tui.screens.base.frame import Frame, is_typing
from tui.screens.browse.idle import idle_actions
from tui.theme.drawing import plain, t
from tui.widgets.browse.mark_list import Mark, MarkList
from tui.widgets.browse.page_facts import InView
from tui.widgets.browse.preview import Preview

if TYPE_CHECKING:
    from index.model.addresses import Destination
    from index.model.entry import Deleted, Entry
    from index.model.file_links import References

_PLACES = frozenset("123456789")
_OF_A_PAGE = ("blame", "next_match", "previous_match")
"""Actions on the page of an entry."""


class EntryKeys(Frame[None]):
    """A screen with a current entry that can be edited and copied."""

    BINDINGS = bindings(
        "edit", "edit_file", "edit_source", "copy", "history", "file_history", "blame", "similar", "pin"
    ) + bindings("export", "delete", "duplicate", "move", "restore", "next_match", "previous_match")
    GONE: Sequence[Hint] = ("restore", "history", "file_history", "copy", "search")
    """The keys of a deleted entry."""

    class Pinned(Message):
        """An entry was pinned, or is no longer."""

    class Shown(Message):
        """Entries of a tree that is read are shown."""

    @property
    @abstractmethod
    def entry(self) -> Entry | None:
        """The current entry."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out keys for the page of an entry where the screen has none."""
        here = action not in _OF_A_PAGE or bool(self.query(Preview))
        return here and super().check_action(action, parameters)

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        gone, shown = self.gone is not None or bool(self.marked_gone), self.shown_entry is not None
        idle = idle_actions(self.query(Preview), gone=gone, shown=shown, marked=bool(self.marks))
        rows = self.mark_list
        return super().idle() | idle | ({"choose", "range"} if rows and not rows.count else set())

    # ── what is marked ────────────────────────────────────────────────────────

    @property
    def mark_list(self) -> MarkList[Any] | None:
        """The list whose rows can be marked; None where there is none."""
        return None

    @property
    def marks(self) -> list[Mark]:
        """The marked entries, without those that went meanwhile."""
        marks, there = self.mark_list.marks() if self.mark_list else [], self.workspace.tree.snapshot.by_id
        return [mark for mark in marks if mark.gone is not None or mark.id in there]

    @property
    def marked(self) -> list[str]:
        """Ids of the marked entries that are there."""
        return [mark.id for mark in self.marks if mark.gone is None]

    @property
    def marked_gone(self) -> list[Deleted]:
        """The marked entries that are deleted."""
        return [mark.gone for mark in self.marks if mark.gone is not None]

    def unmark(self) -> None:
        """Take all marks away."""
        if self.mark_list is not None:
            self.mark_list.unmark()

    def take_marks_back(self) -> bool:
        """End the range that is drawn, else take all marks away; False where there is neither."""
        rows = self.mark_list
        if rows is None or not (rows.ranging or self.marks):
            return False
        if rows.ranging:
            rows.end_range()
        else:
            rows.unmark()
        return True

    @on(MarkList.Marked)
    def _marks_changed(self) -> None:
        self.refresh_keys()

    def footer_lead(self) -> str:
        """Return how many entries are marked, and how many of them are not among the rows."""
        marks = self.marks
        hidden = sum(not mark.shown for mark in marks)
        words = f"{len(marks):,} marked" + (f", {hidden:,} not shown" if hidden else "")
        return words if marks else ""

    @property
    def chosen(self) -> Sequence[Entry]:
        """The entries that an action takes: those that are marked, else the current one."""
        if self.marks and not self._all_loaded():
            return []
        if marked := self.marked:
            return [self.workspace.tree.snapshot.by_id[entry_id] for entry_id in marked]
        if self.marks:
            self.warn(f"What is marked is deleted: {key('restore')} restores it.")
            return []
        entry = self._editable()
        return [] if entry is None else [entry]

    def _all_loaded(self) -> bool:
        """Whether all rows of the range are loaded; says so if not."""
        loaded = self.mark_list is None or self.mark_list.range_is_loaded
        if not loaded:
            self.warn("The rows of the range are still being read. Try again.")
        return loaded

    def _hidden(self) -> str:
        """Say how many marked entries are not among the rows; empty if none."""
        hidden = sum(not mark.shown for mark in self.marks)
        words = count_words(hidden, "marked entry is", "marked entries are")
        return f"{words} not in the list." if hidden else ""

    def _single(self, does: str, way: str = "") -> Entry | None:
        """Return the entry for an action that takes one only; says so when several are marked."""
        marks, way = self.marks, f"{way}{key('back')} unmarks them"
        if len(marks) > 1:
            self.warn(f"{does} takes one entry, and {len(marks):,} are marked: {way}.")
            return None
        return next(iter(self.chosen), None)

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
            self.warn(f"It is deleted: {key('restore')} restores it.")
        return self.entry if self._are_read() else None

    def _are_read(self) -> bool:
        """Whether the entries are read, not only remembered; says so if not."""
        if self.context.page is not None:
            self.warn("The entries are not read yet.")
        return self.context.page is None

    def action_restore(self) -> None:
        """Bring the marked deleted entries back at their places, else the current one, after a last look."""
        if self.marks and not self._all_loaded():
            return
        if gone := self.marked_gone:
            self.context.ask(Revive(gone, self._hidden()))
        elif self.marks:
            self.warn("None of the marked entries is deleted.")
        elif self.gone is not None:
            self.context.ask(Revive([self.gone]))
        elif self.entry is not None:
            self.warn(f"This entry is not deleted. Press {key('history')} to pick an older version.")

    def action_edit(self) -> None:
        """Edit the entry."""
        entry = self._single("The form", f"{key('change_marked')} sets a field in all, ")
        if entry is not None and (why := why_no_form(entry)):
            self.warn(f"This entry has {why}: {key('edit_source')} edits its source.")
        elif entry is not None:
            self.context.ask(EditEntry(entry.id))

    def action_edit_file(self) -> None:
        """Edit the entry's file in `$EDITOR`, at its line."""
        entry = self._single("$EDITOR")
        if entry is not None:
            self.context.ask(EditInEditor(entry.file, entry.line))

    def action_edit_source(self) -> None:
        """Edit the entry's markup."""
        entry = self._single("The source editor")
        if entry is not None:
            self.context.ask(EditMarkup(entry.id, entry.title))

    def action_delete(self) -> None:
        """Delete the entry, after a look at it."""
        self._change("delete")

    def action_duplicate(self) -> None:
        """Put a copy of the entry behind it."""
        self._change("duplicate")

    def action_move(self) -> None:
        """Move the entry to another file."""
        self._change("move")

    def _change(self, how: Literal["delete", "duplicate", "move"]) -> None:
        if entries := self.chosen:
            self.context.ask(ChangeEntries(how, entries, self._hidden()))

    def action_change_marked(self) -> None:
        """Set a field of all marked entries; of the current one when none is marked."""
        if entries := self.chosen:
            self.context.ask(SetField([entry.id for entry in entries]))

    def action_history(self) -> None:
        """Show the history of the entry."""
        entry = self.shown_entry
        if entry is not None and self._are_read():
            self.context.ask(OpenHistory(entry.id, entry.title))

    def action_file_history(self) -> None:
        """Show the history of the entry's file."""
        entry = self.shown_entry
        if entry is not None and self._are_read():
            self.context.ask(OpenFileHistory(entry.file))

    def action_pin(self) -> None:
        """Pin the entry, or no longer, and say so."""
        entry = self.entry
        if entry is None or not self._are_read():
            return

        def told(pinned: bool) -> None:
            words = " Pinned " if pinned else " Unpinned "
            more = (f"   {key('lately')}", "strong"), (" read recently", "muted")
            self.tell(t(("✓", "ok"), words, plain(entry.title), *more))
            self.post_message(self.Pinned())

        self.look_up("pin", lambda workspace: workspace.tree.bookmarks.toggle_pin(entry.id), told)

    def action_similar(self) -> None:
        """Show the entries that say nearly the same."""
        from index.search.language.syntax import written

        entry = self.entry
        if entry is not None and self._are_read():
            self.context.search_for(written("similar", entry.id))

    def action_blame(self) -> None:
        """Say beside each field who last changed it, and when, or no longer."""
        preview = self.query_one(Preview)
        if self.entry is not None and self._are_read():
            if not preview.display:
                self.action_right()
            preview.toggle_blame()

    def action_source(self) -> None:
        """Show the entry's source, or its page again."""
        preview = self.query_one(Preview)
        if preview.source is not None:
            preview.show_source(None)
        elif self.entry is not None:
            if not preview.display:
                self.action_right()
            entry = self.entry
            show = partial(self._show_source, entry.id)
            self.look_up("source", lambda workspace: markup_of(workspace, entry), show)

    def _show_source(self, entry_id: str, text: str) -> None:
        if self.entry is not None and self.entry.id == entry_id:
            self.query_one(Preview).show_source(text)

    def on_preview_read(self, message: Preview.Read) -> None:
        """Count an entry that was opened as seen, and as read."""
        entry_id = message.entry.id
        self.context.see(entry_id)
        if self.gone is None:
            self.look_up(
                "read", lambda workspace: workspace.tree.bookmarks.note_read(entry_id), lambda _: None
            )
        self.look_up("links", lambda workspace: workspace.tree.references.now(), self._show_references)
        self.look_up(
            "places",
            lambda workspace: workspace.tree.destinations.of(message.entry),
            partial(self._show_places, entry_id),
        )

    def _show_places(self, entry_id: str, places: Mapping[str, Destination]) -> None:
        for preview in self.query(Preview):
            preview.show_places(entry_id, places)

    def _show_references(self, references: References) -> None:
        for preview in self.query(Preview):
            preview.show_references(references, self.workspace.tree.snapshot.by_id)

    def on_key(self, event: events.Key) -> None:
        """Run a command of the user's own, or follow a link of the page by its number."""
        place, own = event.character or "", self.context.config.commands.get(event.key)
        if own and not is_typing(self.focused):
            event.stop()
            if entry := self._single("A command"):
                self.context.ask(RunCommand(own, entry))
            return
        page = next(iter(self.query(Preview)), None)
        if place in _PLACES and page is not None and page.entry is not None and not is_typing(self.focused):
            event.stop()
            self.look_up(
                "follow", partial(links_of, page.entry), partial(self._follow, page.entry, int(place))
            )

    def _follow(self, entry: Entry, number: int, found: tuple[References, Mapping[str, Destination]]) -> None:
        """Follow a link by its number, unless another entry is shown by now."""
        references, places = found
        self._show_references(references)
        self._show_places(entry.id, places)
        links = next((page.linked() for page in self.query(Preview) if page.entry == entry), [])
        if links and number > len(links):
            self.warn(f"This page has {count_words(len(links), 'link')}")
        elif self.shown_entry == entry:
            self.context.ask(FollowOne(links[number - 1 : number]))

    def on_preview_followed(self, message: Preview.Followed) -> None:
        """Go to the place, or ask to which."""
        self.context.ask(FollowOne(message.places))

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

        self.look_up(
            "blame",
            partial(origins_of, entry_id, self.context.now()),
            partial(preview.show_blame, entry_id),
            failed,
        )

    def action_copy(self) -> None:
        """Copy the marked entries as text, else the current one as it is shown; and offer other forms."""
        entry = self.shown_entry
        if self.marks:
            if self._all_loaded():
                self.context.ask(CopyEntries(self._marked()))
        elif entry is not None:
            page = next((page for page in self.query(Preview) if page.display and page.entry == entry), None)
            source, view = (page.source, page.in_view) if page is not None else (None, InView())
            self.context.ask(CopyEntries([(entry, self.gone)], source or "", *view))

    def action_export(self) -> None:
        """Write the marked entries to a file, else all that is found."""
        if not self.marks or self._all_loaded():
            self.context.ask(ExportEntries([entry for entry, _ in self._marked()]))

    def _marked(self) -> list[tuple[Entry, Deleted | None]]:
        """Return the marked entries, each with how it was deleted if it was."""
        there = self.workspace.tree.snapshot.by_id
        return [(m.gone.entry if m.gone else there[m.id], m.gone) for m in self.marks]
