"""The history of one entry: its versions, what each changed, and how to get one back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from index.memory.files import TreeError
from tui import dates
from tui.actions import Hint, bindings
from tui.look import BLANK, empty_state, plain, t, wrap
from tui.screens.question import Answer, QuestionScreen
from tui.screens.restoring import Restoring, restored_id
from tui.widgets.compare_view import (
    BESIDE,
    CompareView,
    Comparison,
    Foot,
    Heads,
    compare_versions,
    foot_lines,
    name_of,
    rows,
)
from tui.widgets.pane import Hair
from tui.widgets.row_list import RowList
from tui.widgets.version_list import VersionList, key

if TYPE_CHECKING:
    from index.edits import Edit
    from index.history.versions import Version
    from index.memory.entries import Entry

_FRESH = 0.05
"""Seconds between two looks at what was read so far; the first version is shown at once."""
_ASKED = 9
"""Fields that a question offers, a digit each."""


class Read(Message):
    """The versions read so far."""

    def __init__(
        self, number: int, versions: Sequence[Version], you: str, *, done: bool = False, error: str = ""
    ) -> None:
        super().__init__()
        self.number, self.versions, self.you, self.done, self.error = number, versions, you, done, error

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, Read) and message.number == self.number


class Compared(Message):
    """Two versions are compared."""

    def __init__(self, number: int, shown: Comparison) -> None:
        super().__init__()
        self.number, self.shown = number, shown


class Asked(Message):
    """A version is to come back; `fields` are those that differ now, None when the entry is deleted."""

    def __init__(self, version: Version, fields: Sequence[str] | None) -> None:
        super().__init__()
        self.version, self.fields = version, fields


class History(Restoring):
    """The versions at the left, the one under the cursor against the one before it at the right."""

    CSS_PATH = "history.tcss"
    BINDINGS = bindings("accept", "choose", "mark", "restore", "side_by_side", "xml", "copy")
    HELP_TITLE = "Keys in the history"
    AUTO_FOCUS = "#versions"
    BACK = "back to the history"

    def __init__(self, entry_id: str, title: str) -> None:
        """Show the history of an entry, also of one that is deleted; `title` is what to call it."""
        super().__init__()
        self._entry_id = entry_id
        self._title = title
        self._comes_back_as = entry_id
        """The entry's id once the restore under review is saved."""
        self._number = 0
        """Of the last reading."""
        self._asked = 0
        """Of the last comparison that was asked for."""
        self._pair: tuple[Version | None, Version] | None = None
        """What is compared, or about to be."""
        self._shown: Comparison | None = None
        self._numbered = False
        """Whether the numbers of the versions were known when they were shown."""
        self._xml = False
        self._beside: bool | None = None
        """Side by side or not, when the user chose; None: by the width."""

    def compose_panes(self) -> Iterable[Widget]:
        """Yield versions and comparison."""
        self._list, self._page, self._foot = VersionList(), CompareView(id="compare"), Foot(id="foot")
        yield self._list
        yield Hair(self._list, id="hair")
        yield Vertical(self._page, self._foot, id="right")

    def on_mount(self) -> None:
        """Read the versions, now and whenever the tree changes."""
        self.set_title(self._heading())
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys; without versions there is only the way back."""
        return super().footer_keys(focused) if self._list.count else ["back"]

    def _heading(self) -> Content:
        return t(("History", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted"))

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self._number += 1
        self._stream(self._number, self._entry_id)

    @work(thread=True, exclusive=True, exit_on_error=False, group="versions")
    def _stream(self, number: int, entry_id: str) -> None:
        """Read the versions; those known so far are shown while git goes on."""
        from index.edits import CannotEdit
        from index.history.errors import Refused

        worker, workspace = get_current_worker(), self.app.workspace
        if workspace is None:
            return
        found: list[Version] = []
        you = ""
        shown_at = 0.0
        try:
            chronicle = workspace.chronicle
            if not chronicle.available:
                self.post_message(Read(number, (), "", done=True, error=chronicle.reason))
                return
            for version in chronicle.versions(entry_id):
                if worker.is_cancelled:
                    return
                if not found:
                    state = workspace.state()
                    you = state.identity if state else ""
                found.append(version)
                if time.monotonic() - shown_at > _FRESH:
                    self.post_message(Read(number, tuple(found), you))
                    shown_at = time.monotonic()
        except (Refused, TreeError, CannotEdit, OSError) as error:
            self.post_message(Read(number, tuple(found), you, done=True, error=str(error)))
        else:
            self.post_message(Read(number, tuple(found), you, done=True))

    @on(Read)
    def _show_versions(self, message: Read) -> None:
        if message.number != self._number:
            return
        versions = message.versions
        self._list.you = message.you
        self._list.fill(versions, complete=message.done)
        self.set_class(message.done and not versions, "-empty")
        self.set_title(self._heading(), t("  ", self._note(message)))
        if message.done and not versions:
            self._show_nothing(message.error)
        elif message.error:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
        self.refresh_keys()

    def _note(self, message: Read) -> Content:
        committed = [version for version in message.versions if version.when is not None]
        count = len(committed)
        if not message.done:
            return t((f"{count:,}", "strong"), (" versions so far · reading …", "muted"))
        if not committed:
            return t(("not committed yet", "muted")) if message.versions else BLANK
        note = t((f"{count:,}", "strong"), (" version" if count == 1 else " versions", "muted"))
        if self.app.size.width >= 70:
            first, last = committed[-1].when, committed[0].when
            assert first is not None
            assert last is not None
            note += t((f" · {dates.span(first, last)}", "muted"))
        return note

    def _show_nothing(self, reason: str) -> None:
        """Say why there is no history."""
        height = self.query_one("#panes").size.height or self.app.size.height - 6
        why = reason or "It was never committed: its history begins with the next commit."
        words = [t(("This entry has no history", "strong")), BLANK, *wrap(why, 50, "muted"), BLANK]
        words.append(t(("esc", "strong"), (" back", "muted")))
        self._foot.lines = ()
        self._page.show(lambda width: empty_state(words, width, height, 50))

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        pair = self._wanted()
        if pair is not None and pair != self._pair:
            self._pair = pair
            self._asked += 1
            self._compare(self._asked, *pair)
        elif self._numbered != self._list.complete:
            self._lay_out(keep=True)

    def _wanted(self) -> tuple[Version | None, Version] | None:
        """Return the older and the newer version to compare; None while they are not read."""
        versions, place = self._list.versions, self._list.cursor
        if place >= len(versions):
            return None
        marked = self._marked
        if marked is not None and marked != place:
            return versions[max(marked, place)], versions[min(marked, place)]
        if versions[place].first:
            return None, versions[place]
        if place + 1 < len(versions):
            return versions[place + 1], versions[place]
        return (None, versions[place]) if self._list.complete else None

    @property
    def _marked(self) -> int | None:
        return next((n for n, v in enumerate(self._list.versions) if key(v) == self._list.marked), None)

    @work(thread=True, exclusive=True, exit_on_error=False, group="compare")
    def _compare(self, number: int, before: Version | None, after: Version) -> None:
        shown = compare_versions(before, after)
        if not get_current_worker().is_cancelled:
            self.post_message(Compared(number, shown))

    @on(Compared)
    def _compared(self, message: Compared) -> None:
        if message.number == self._asked:
            self._shown = message.shown
            self._lay_out(keep=False)

    def _lay_out(self, *, keep: bool) -> None:
        shown = self._shown
        if shown is None:
            return
        self._numbered = self._list.complete
        heads, xml = self._heads(shown), self._xml

        def layout(width: int) -> Iterable[Content]:
            beside = width >= BESIDE if self._beside is None else self._beside
            return rows(shown, heads, width, beside=beside, xml=xml)

        self._page.show(layout, keep=keep)
        self._foot.lines = list(foot_lines(shown, self._entry_id.rpartition("#")[0]))

    def _heads(self, shown: Comparison) -> Heads:
        now = self.app.now()
        before = self._list.head(shown.before, now) if shown.before is not None else BLANK
        after, note = self._list.head(shown.after, now), ""
        if shown.after.entry is None:
            note = "Deleted here. This is how it last was."
        elif shown.after.rev is None and self._list.complete and self._list.count == 1:
            note = "Not committed yet: its history begins with the next commit."
        elif shown.after.first:
            note = "Created here."
            if self._list.complete and self._list.count == 1:
                note += " It has not been changed since."
        return Heads(before, after, note)

    # ── moving, and other ways to look ────────────────────────────────────────

    @on(CompareView.Step)
    def _step(self, message: CompareView.Step) -> None:
        self._list.go(message.by)

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Go to the comparison; on a narrow screen it opens as a page."""
        if self._list.count:
            self.set_class(True, "-reading")
            self._page.focus()

    def action_back(self) -> None:
        """Go back from the page to the versions, or to the screen before."""
        if self.has_class("-reading") and self.has_class("-page"):
            self.set_class(False, "-reading")
            self._list.focus()
        else:
            self.dismiss()

    def action_mark(self) -> None:
        """Compare from this version on, or no longer."""
        version = self._list.current
        if version is not None:
            self._list.marked = None if self._list.marked == key(version) else key(version)
            self._list.refresh()
            self._moved()

    def action_choose(self) -> None:
        """Compare from this version on, or no longer."""
        self.action_mark()

    def action_xml(self) -> None:
        """Compare the source, or the fields again."""
        self._xml = not self._xml
        self._lay_out(keep=False)

    def action_side_by_side(self) -> None:
        """Compare side by side, or below each other."""
        beside = self._page.size.width >= BESIDE if self._beside is None else self._beside
        self._beside = not beside
        self._lay_out(keep=True)

    def action_copy(self) -> None:
        """Copy the version under the cursor as text, or as XML while that is shown."""
        from tui.screens.entry_keys import as_text

        version = self._list.current
        if version is None:
            return
        if version.entry is None:
            self.tell(t(("!", "warn"), " The entry was deleted here: there is nothing to copy."))
        else:
            text = version.markup + "\n" if self._xml else as_text(version.entry)
            number = self._list.number(self._list.cursor)
            self.copy_text(text, f"version {number}" if number.isdigit() else "this version")

    # ── restoring ─────────────────────────────────────────────────────────────

    def action_restore(self) -> None:
        """Put back the version under the cursor, or one field of it, after a last look."""
        version = self._list.current
        if version is not None:
            self._look(version)

    @work(thread=True, exclusive=True, exit_on_error=False, group="plan")
    def _look(self, version: Version) -> None:
        """Find out what differs between a version and the entry as it is now."""
        from index.history.comparing import compare

        now = self._now()
        fields = None if now is None else [change.field for change in compare(now, version.entry)]
        self.post_message(Asked(version, fields))

    def _now(self) -> Entry | None:
        from index.snapshot import UnknownEntry

        try:
            return self.app.workspace.entry(self._entry_id) if self.app.workspace is not None else None
        except UnknownEntry:
            return None

    @on(Asked)
    def _ask(self, message: Asked) -> None:
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
            when = self._list.head(version, self.app.now())
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
        workspace = self.app.workspace
        assert workspace is not None

        def make() -> Edit:
            edit = workspace.chronicle.plan_restore(self._entry_id, version, field)
            self._comes_back_as = restored_id(edit)
            return edit

        self.plan(make, self._title)

    def restored(self, edit: Edit) -> None:
        """Follow the entry: an older version of it may bring an older id."""
        self._entry_id = self._comes_back_as
