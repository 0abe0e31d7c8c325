"""The screen of every day: search, facets, results, and the entry under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from tui.actions import Hint, bindings
from tui.data import search_rows
from tui.data.search_rows import FIRST, NONE_RELATED, SearchAnswered
from tui.data.searching import Asker
from tui.screens.browse.entry_keys import EntryKeys
from tui.screens.browse.find_again import FindAgain
from tui.screens.browse.pane_widths import STEP, WORDS, PaneWidths
from tui.widgets.base.pane import Hair
from tui.widgets.base.search_line import Completions, SearchBox, SearchLine
from tui.widgets.base.title_line import TitleLine
from tui.widgets.browse.mark_list import MarkList
from tui.widgets.browse.nothing import about_related, no_rows
from tui.widgets.browse.preview import Preview
from tui.widgets.browse.results import Results
from tui.widgets.browse.sidebar import Sidebar
from tui.widgets.history.deleted_list import DeletedList

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry
    from index.model.facets import Facets


class Browse(EntryKeys):
    """Search line, sidebar, results, preview."""

    BINDINGS = bindings("order", "source", "sidebar", "files", "change_marked") + bindings(
        "zoom", "split_left", "split_right"
    )
    AUTO_FOCUS = "#results"

    def __init__(self) -> None:
        super().__init__()
        self._asker = Asker(self)
        self._widths = PaneWidths(self, self._arrange)
        self._again = FindAgain(self, self._show_kept, self.toggle_filter)
        self._answer: SearchAnswered | None = None  # the last good one, which is shown
        self._facets: Facets | None = None  # the counts of the finds, as last heard
        self._wanted_entry = ""  # the one to go to when the answer has come
        self._accepted: str | None = None
        """The query in which `⏎` was pressed before the answer came, or any hit: it is for that."""
        self._growing = True
        """The tree is read for the first time: the cursor, unless it was moved, stays on the newest entry."""
        self.stays = False
        """A key waits for the entry under the cursor, which then stays there."""
        self._reading = False
        """Narrow: the preview is a page in the place of the results."""

    def compose_title(self) -> Iterable[Widget]:
        """Yield the search, and the title of the preview as a page."""
        self.search, self.page_title = SearchLine(), TitleLine(id="title", classes="title")
        yield from (self.search, self.page_title, Completions())

    def make_panes(self) -> Widget:
        """Return sidebar, results and preview."""
        self.sidebar, self.results = Sidebar(id="sidebar"), Results(id="results")
        self.preview = Preview(id="preview")
        hairs = Hair(self.sidebar, id="hair-sidebar"), Hair(self.results, id="hair-results")
        return self.abreast(self.sidebar, hairs[0], self.results, hairs[1], self.preview)

    def on_mount(self) -> None:
        """Show the tree, now and whenever it changes."""
        self._arrange()
        if not self.search.text:  # else it was typed before there was a screen; or it is now, in its place
            self.search.text = self.context.config.filter
            self.search.box.select_all()
        self.watch(self.app, "generation", self._tree_changed)
        self.watch(self.app, "indexed", self._tree_changed, init=False)
        self.watch(self.app, "status", self._show_note, init=False)
        self.watch(self.app, "news", self.results.show_news)
        self.watch(self.app, "generation", self._again.read)

    def _show_kept(self) -> None:
        self.search.earlier, self.search.names = self._again.kept.queries, [*self._again.kept.searches]
        self._show_counts(self._facets)

    @property
    def answered(self) -> bool:
        """Whether the rows are the answer to the last question."""
        return self._answer is not None and self._asker.is_answered_by(self._answer.asked)

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor, unless it is deleted."""
        return None if self.gone else self.results.current

    @property
    def gone(self) -> Deleted | None:
        """The deleted entry under the cursor."""
        return self.results.gone

    @property
    def mark_list(self) -> MarkList[Any]:
        """The results."""
        return self.results

    # ── layout ────────────────────────────────────────────────────────────────

    def on_resize(self) -> None:
        """Place as many panes side by side as fit; the page being read stays on the screen."""
        self._reading = self._reading or self.focused is self.preview
        self._arrange()
        self._show_note()

    def _arrange(self) -> None:
        """Show the panes the width has room for; at once, so that each can be focused."""
        given = self._widths.room
        alone = not self.results.count and self._answer is not None and self._answer.is_everything
        page, reading = given.alone, given.alone and self._reading and not alone
        self.sidebar.display = given.sidebar > 0 and not alone
        self.sidebar.styles.width = given.sidebar
        there = max(given.results, 0 if self.results.count else WORDS)
        self.results.styles.width = "1fr" if page or alone else there
        self.results.display = not reading
        self.preview.display = reading or not (page or alone)
        self.query_one("#hair-sidebar").display = self.sidebar.display
        self.query_one("#hair-results").display = not page and self.preview.display
        self.search.display = not reading
        self.page_title.display = reading
        if reading:
            self.set_title(*self.results.way_back())
        self.set_class(alone, "-alone")
        self._widths.focus_shown(self.sidebar, self.preview if reading else self.results)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys of the focused pane; without hits the search has others."""
        if focused is self.results and self.context.status.entries == 0 and not self.results.count:
            return Results.NO_ENTRIES
        if not self.results.count and focused is self.search.box and self._answer is not None:
            return self.search.keys_without_hits(proposed=bool(self.results.proposals))
        if not self.results.count and self.results.proposals:
            return Results.NO_HITS
        if self.marks and focused is self.results:
            return DeletedList.MARKED if self.marked_gone else Results.MARKED
        return self.GONE if self.gone and focused is not self.search.box else super().footer_keys(focused)

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        return super().idle() | self._widths.idle()

    def action_zoom(self) -> None:
        """Show the focused pane alone, or all panes again."""
        self._reading = self.focused is self.preview
        self._widths.zoom()

    def action_split_left(self) -> None:
        """Give the page more room."""
        self._widths.move(-STEP)

    def action_split_right(self) -> None:
        """Give the results more room."""
        self._widths.move(STEP)

    # ── asking and answering ──────────────────────────────────────────────────

    def _tree_changed(self) -> None:
        """Show the tree as it is now; the cursor stays on its entry."""
        page = self.context.page
        if page is None:
            self._ask()
        elif not self.search.text:
            self._show(search_rows.first_answer(page, self.context.settings.sort))
            self.call_after_refresh(self.context.painted.set)

    def _ask(self, limit: int = FIRST, *, more: bool = False) -> None:
        """Run the query."""
        from index.search.language.query import parse

        query = parse(self.search.text, now=self.context.now())
        same = self._answer is not None and self._answer.asked.text == query.text
        held = max(len(self.results.rows), self.results.cursor + 1) if same else 0
        limit = search_rows.EVERYTHING if self._wanted_entry else max(limit, held)
        self._asker.ask(query, self.context.settings.sort, limit, more=more)

    @on(SearchAnswered)
    def _answered(self, message: SearchAnswered) -> None:
        if self._asker.is_last(message.asked):
            self._show(message)

    def _show(self, reply: SearchAnswered) -> None:
        rows, now = self.results, self.context.now()
        if reply.asked.more:
            rows.extend(reply.rows, reply.total)
            return
        before = self._answer
        same = before is not None and before.asked[1:3] == reply.asked[1:3]
        grows = self._growing or reply.related is not NONE_RELATED
        stays = same and not (grows and rows.on_top and not self.stays and self.focused is not self.preview)
        wanted = self._wanted_entry or (rows.current_id if stays else "")
        self._growing = not self.context.read
        self._wanted_entry = "" if reply.asked.limit == search_rows.EVERYTHING else self._wanted_entry
        self._answer, self.search.facets = reply, reply.everything
        related, ranked = reply.related, reply.is_ranked
        if reply.total or (rows.count if related is None else related.rows):
            order = search_rows.order_of(reply.asked.sort, ranked=ranked)
            rows.set_order(order, ranked=ranked, lit=reply.spans is not None)
            rows.fill(reply.rows, reply.total, now, current=wanted, stays=stays, related=related)
        else:
            empty, others = no_rows(None if reply.is_everything else reply.results, self.context.status)
            rows.clear([*empty, *about_related(related)], others)
        self._show_current()  # in one paint with the rows: a paint more is a tenth of the wait
        if reply.facets is not None:
            self._show_counts(reply.facets)
        elif reply.query is not None:
            self._asker.count(reply, self._facets, partial(self._show_counts, of=reply))
        self._arrange()
        self._show_note()
        if self._accepted == reply.asked.text:
            self._entered()
        if self.context.read and (rows.count or self.context.indexed or not self.search.text):
            self.stays = False
            self.post_message(self.Shown())

    def _show_counts(self, facets: Facets | None, of: SearchAnswered | None = None) -> None:
        """Show the counts, unless they are of another answer than the one that is shown."""
        if of not in (None, self._answer):
            return
        self._facets = facets
        for sidebar in {self.sidebar, *self.app.screen.query(Sidebar)}:
            self.show_facets(sidebar)

    def show_facets(self, sidebar: Sidebar) -> None:
        """Give the counts to a sidebar: the pane's, or the drawer's."""
        reply = self._answer
        if reply is not None:
            sidebar.show(self._facets, reply.everything, reply.chosen, self._again.kept)
            sidebar.unfold_as(self.sidebar)

    def _show_note(self) -> None:
        """Tell at the right of the search the number shown, and how the query was read."""
        order, width = self.context.settings.sort, self.app.size.width
        self.search.set_note(search_rows.answer_note(self._answer, self.context.status, order, width))
        self.refresh_keys()

    # ── the query ─────────────────────────────────────────────────────────────

    def action_search(self) -> None:
        """Go to the search box; the focus moves before this returns."""
        self._reading = False
        self._arrange()
        self.search.begin()

    def ask_for(self, text: str) -> None:
        """Put a query into the search box, which asks it."""
        self.search.text = text

    def toggle_filter(self, name: str, value: str) -> None:
        """Put a filter into the query, or take it out; go to a named search, or a pinned entry."""
        from index.search.language.query import parse

        if not self._again.lead(name, value):
            self.ask_for(parse(self.search.text).toggled(name, value))

    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        self._ask()

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        self._again.note_query(self.search.text)
        sure = self.answered and (self.results.count or not self.context.status.task)
        self._accepted = None if sure else self.search.text
        if sure:
            (self.action_right if self.results.count else self.results.action_accept)()

    @on(SearchBox.Named)
    def _name_search(self) -> None:
        self._again.ask_name(self.search.text)

    @on(EntryKeys.Pinned)
    def _pinned(self) -> None:
        self._again.read()

    @on(SearchBox.Leave)
    def to_rows(self) -> None:
        """Leave the page or the search, and go to the results."""
        self._again.note_query(self.search.text)
        self._reading = False
        self._arrange()
        self.set_focus(self.results)

    @on(Results.Tried)
    def _tried(self, message: Results.Tried) -> None:
        self.ask_for(message.query)

    @on(Sidebar.Toggled)
    def _toggled(self, message: Sidebar.Toggled) -> None:
        self.toggle_filter(message.name, message.value)

    # ── the results ───────────────────────────────────────────────────────────

    @on(Results.Moved)
    def _moved(self) -> None:
        self.results.when_painted(self._show_current)

    def _show_current(self) -> None:
        """Show the entry under the cursor; one that is shown already stays where it is scrolled."""
        reply, entry = self._answer, self.results.current
        if entry is None and self.results.count:
            return  # not loaded yet
        self.preview.show_entry(
            entry,
            self.context.now(),
            reply.spans if reply else None,
            text=reply.asked.text if reply else "",
            cause="" if self.gone else search_rows.cause_of(self.context.workspace, entry),
            gone=self.gone,
        )
        if self._reading:
            self.set_title(*self.results.way_back())

    @on(Results.Wanted)
    def _wanted(self, message: Results.Wanted) -> None:
        if self.context.page is None and self.answered:
            self._ask(max(2 * len(self.results.rows), message.count), more=True)

    @on(Results.Chosen)
    def action_right(self) -> None:
        """Go to the preview; on a narrow screen it opens as a page."""
        if self.focused is self.sidebar:
            self.set_focus(self.results)
        elif self.entry is not None:
            self._reading = self._widths.room.alone
            self._arrange()
            self.set_focus(self.preview)

    def action_left(self) -> None:
        """Go back to the results, or from them to the sidebar."""
        if self.focused is self.preview:
            self.to_rows()
        elif self.sidebar.display:
            self.set_focus(self.sidebar)

    @on(Preview.Step)
    def _step(self, message: Preview.Step) -> None:
        self.results.go(message.by)

    def action_order(self) -> None:
        """Take the next order."""
        ranked = self._answer is not None and self._answer.is_ranked
        order = search_rows.next_order(self.context.settings.sort, ranked=ranked)
        self.results.post_message(Results.Ordered(order))

    @on(Results.Ordered)
    def _ordered(self, message: Results.Ordered) -> None:
        self.context.remember(replace(self.context.settings, sort=message.order))
        self._ask()

    # ── the sidebar ───────────────────────────────────────────────────────────

    def action_sidebar(self) -> None:
        """Show or hide the sidebar; where there is no room for it, as a drawer."""
        if not self._widths.room.sidebar_fits:
            from tui.screens.browse.drawer import Drawer

            self.app.push_screen(Drawer(self.show_facets, self.toggle_filter, self.action_search))
            return
        self._widths.toggle_sidebar()

    def action_files(self) -> None:
        """Go to the files in the sidebar."""
        self.sidebar.open_files()
        if not self.sidebar.display:
            self.action_sidebar()
        if self.sidebar.display:
            self.sidebar.focus()

    @property
    def at_start(self) -> bool:
        """Whether leaving it leaves the app: the welcome behind it is no place to go back to."""
        return not self._reading

    def action_back(self) -> None:
        """Take marks away, clear the search, leave it; from a page or the sidebar go back to the results."""
        if self.focused is self.results and self.take_marks_back():
            return
        if self.focused in (self.search.box, self.results) and self.search.text:
            self.ask_for("")
        else:
            self.toast.put_away()
            self.to_rows()

    def show_entry(self, entry_id: str, query: str | None = None) -> None:
        """Put the cursor on an entry among the hits of a query; None: of any query that has it."""
        if query not in (None, self.search.text) or not self.results.go_to(entry_id):
            self._wanted_entry = entry_id
            self.ask_for(query or "")
            self._ask()
