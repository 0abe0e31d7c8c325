"""The search: a prompt, the query being typed, and the number found at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.actions import Hint, bindings
from tui.context import context_of
from tui.data.query_examples import EXAMPLES, hint
from tui.data.search_rows import shorter
from tui.theme.drawing import BLANK, bar, both_ends, over, plain, t, tones
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.one_line import OneLine
from tui.widgets.base.pane import Pane

if TYPE_CHECKING:
    from index.model.facets import Facets
    from index.search.language.completions import Completion

LONG = 60
"""Columns by which the room for the query grows."""
USUAL = ((110, 50), (90, 30), (0, 20))
"""From so many columns on, the note at the right has so many: the words for most queries find room."""
STEP = 10
"""Columns by which it grows for longer words."""
MOST = 10_000
"""Characters of a query: a whole page fits, and each key is still answered at once."""
_NUMBERS = 10
"""Cells at the right of a pane that its numbers and dates take."""
PROPOSED = 6
"""Proposals that are shown at once."""
_ROLES = {"word": "strong", "phrase": "strong", "operator": "muted"}
_ROLES |= {"filter-name": "muted", "filter-value": "accent"}


class SearchBox(OneLine):
    """The query as it is typed; names and values of filters are coloured."""

    HELP_TITLE = "Keys: search"
    HELP_EXAMPLES = EXAMPLES
    PROPOSING = (("next", "complete"), ("down", "next"), ("accept", "open"), "order", ("back", "clear"))
    BINDINGS = bindings("next", "down", "up", "name_search")

    value = reactive("", init=False)
    """As in `Input`, but its width is given: a letter more does not lay the screen out anew."""

    class Leave(Message):
        """Go on to the results."""

    class Named(Message):
        """The query is to be saved under a name."""

    class TooLong(Message):
        """A text was typed or pasted that no query can hold; nothing of it was taken."""

    def __init__(self) -> None:
        super().__init__(id="query", compact=True, select_on_focus=False, max_length=MOST)

    @property
    def footer(self) -> Sequence[Hint]:
        """The keys; while there are proposals, down goes to the next of them."""
        if self.line.proposals.display:
            return self.PROPOSING
        return (("down", "to results"), ("accept", "open"), self.line.tab, "order", ("back", "clear"))

    @property
    def content_width(self) -> int:
        """Grow in steps: this lays the screen out anew."""
        return -(-super().content_width // LONG) * LONG

    def restricted(self) -> None:
        """Say that the query would be too long, instead of ringing a bell."""
        self.post_message(self.TooLong())

    def render_line(self, y: int) -> Strip:
        """Paint the query with its colours, cursor and selection."""
        look, base = tones(self.app), self.visual_style
        width = self.content_size.width
        if not self.value:
            line = t((self.line.hint, "muted"))
            return look.strip(over(line[:1], "input") + line[1:] if self.has_focus else line, width, base)
        line = Content.styled(self.value, "text")
        for start, end, role in self._spans():
            line = line.stylize(_ROLES[role], start, end)
        if not self.has_focus:
            return look.strip(line, width, base)
        line += Content(" ")
        start, end = sorted(self.selection)
        if start != end:
            line = line.stylize("lit", start, end)
        line = line.stylize("input", self.cursor_position, self.cursor_position + 1)
        before = cell_len(self.value[: self.cursor_position])
        skip = min(int(self.scroll_offset.x), max(0, cell_len(self.value) + 1 - width))
        if not skip <= before < skip + width:
            skip = max(0, before - width + 1)
        whole = look.strip(line, max(width + skip, line.cell_length), base)
        return whole.crop(skip, skip + width)

    def _spans(self) -> Sequence[tuple[int, int, str]]:
        from index.search.language.query import parse

        return parse(self.value).spans

    @property
    def line(self) -> SearchLine:
        """The line that it is in."""
        return self.query_ancestor(SearchLine)

    async def action_accept(self) -> None:
        """Do as return does, at a click on its name in the footer."""
        await self.action_submit()

    def action_next(self) -> None:
        """Complete the word at the cursor; where there is nothing to complete, go on to the next pane."""
        if not self.line.complete():
            self.screen.focus_next()

    def action_down(self) -> None:
        """Go to the next proposal, or a query forward, or on to the results."""
        if not self.line.step(1):
            self.post_message(self.Leave())

    def action_up(self) -> None:
        """Go to the proposal before, or bring the query before back."""
        self.line.step(-1)

    async def action_submit(self) -> None:
        """Take the proposal that was gone to, else do as asked."""
        if not (self.line.proposals.place and self.line.complete()):
            await super().action_submit()

    def action_name_search(self) -> None:
        """Save the query under a name."""
        self.post_message(self.Named())


class Note(Drawn):
    """Summary of the search at its right: `7 of 412 · by relevance · 6 ms`."""

    DEFAULT_CSS = "Note { width: 20; height: 1; max-width: 70%; }"

    text: reactive[Content] = reactive(BLANK)

    def watch_text(self) -> None:
        """Take the room of the text."""
        self.fit()

    def fit(self) -> None:
        """Take the room that such texts need and the query leaves: a new layout costs as much as a search."""
        whole, query = self.app.size.width, self.query_ancestor(SearchLine).text
        usual = next(columns for least, columns in USUAL if whole >= least)
        needed = min(-(-(self.text.cell_length + 3) // STEP), (whole - 5 - cell_len(query)) // STEP)
        self.styles.width = max(usual, needed * STEP, shorter(self.text, usual + 2 * STEP).cell_length + 3)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the text at the right, one cell from the edge."""
        return [bar(width, BLANK, t(shorter(self.text, max(0, width - 2)), " "))]


class SearchPrompt(Drawn):
    """The `/` before the query."""

    DEFAULT_CSS = "SearchPrompt { width: 3; height: 1; }"

    lit: reactive[bool] = reactive(False)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw it; in the accent while the search has the focus."""
        return [t(" ", ("/", "key" if self.lit else "muted"))]


class SearchLine(Horizontal):
    """The search as one line, with proposals for the word being typed below it."""

    def __init__(self, words: str = "") -> None:
        """Show the search; while it is empty it says `words`, or without them names filters."""
        super().__init__(id="search", classes="title")
        self._words = words
        self.facets: Facets | None = None
        """Facets of the tree: the values that filters are completed from."""
        self._listed: tuple[Facets | None, dict[str, list[str]]] = (None, {})
        self.earlier: Sequence[str] = ()
        """Queries that were asked before, the last one first."""
        self.names: Sequence[str] = ()
        """The named searches, which complete an `@`."""
        self._recalled = -1
        """Which of them is shown; -1: the typed query."""
        self._typed = ""
        """The query that was typed before an earlier one was brought back."""
        self._proposed_at = 0  # where in the query the word begins that there are proposals for

    def on_mount(self) -> None:
        """Follow the layout."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._place_proposals)

    def compose(self) -> ComposeResult:
        """Yield its parts."""
        yield SearchPrompt()
        yield SearchBox()
        yield Note()

    @property
    def box(self) -> SearchBox:
        """Where the query is typed."""
        return self.query_one(SearchBox)

    @property
    def hint(self) -> str:
        """The words of an empty search."""
        return self._words or hint(self.facets, self.box.content_size.width, context_of(self).status.problems)

    @property
    def text(self) -> str:
        """The query."""
        return self.box.value

    @text.setter
    def text(self, text: str) -> None:
        self.box.value = text
        self.box.cursor_position = len(text)

    def set_note(self, note: Content) -> None:
        """Write the note at the right, and the hint anew."""
        self.query_one(Note).text = note
        self.box.refresh()

    def on_resize(self) -> None:
        """Share the new width."""
        self.query_one(Note).fit()

    def on_descendant_focus(self) -> None:
        """Light the prompt."""
        self.query_one(SearchPrompt).lit = True

    def on_descendant_blur(self) -> None:
        """Put the prompt out, and the proposals away."""
        self.query_one(SearchPrompt).lit = False
        self.screen.query_one(Completions).hide()

    def begin(self) -> None:
        """Go to the query; the first letter that is typed takes its place."""
        self.screen.set_focus(self.box)
        self.box.action_select_all()

    @property
    def proposals(self) -> Completions:
        """The proposals for the word being typed."""
        return self.screen.query_one(Completions)

    def step(self, by: int) -> bool:
        """Go to another proposal; where there is none, to an earlier query (-1), or back; whether it did."""
        if self.proposals.display and (by > 0 or self.proposals.place):
            self.proposals.place = (self.proposals.place + by) % self.proposals.count
            return True
        if self._recalled >= 0 and self.text != self.earlier[self._recalled]:
            self._recalled = -1  # it was changed since
        place = self._recalled - by
        if not -1 <= place < len(self.earlier) or (by > 0 and self._recalled < 0):
            return False
        if self._recalled < 0:
            self._typed = self.text
        self._recalled = place
        self.text = self.earlier[place] if place >= 0 else self._typed
        return True

    def on_input_changed(self) -> None:
        """Propose values for the filter being typed."""
        box = self.box
        self.query_one(Note).fit()
        recalled = self._recalled >= 0 and self.text == self.earlier[self._recalled]
        found = self._found() if box.has_focus and not recalled else []
        named = box.value.startswith("@")
        asked = [item for item in found if named or ":" in box.value[item.start : box.cursor_position]]
        self._proposed_at = asked[0].start if asked else 0
        self.proposals.show(asked[:PROPOSED])
        self._place_proposals()

    def _place_proposals(self, _: object = None) -> None:
        """Keep them below the word that they are for, where the screen is laid out anew, too."""
        box = self.box.region
        if self.proposals.display:
            self.proposals.move(box.x + cell_len(self.text[: self._proposed_at]) - 2, box.bottom + 1)

    @property
    def tab(self) -> Hint:
        """The use of tab now: it completes, or goes to the next pane where nothing can be completed."""
        return ("next", "complete") if self.box.value and self._found() else "next"

    def keys_without_hits(self, *, proposed: bool) -> Sequence[Hint]:
        """Return the keys while nothing is found, and other queries are `proposed` or not."""
        first: list[Hint] = [("accept", "use first")] if proposed else []
        return [*first, self.tab, ("back", "clear")]

    def complete(self, place: int | None = None) -> bool:
        """Take a proposal, by default that under the cursor; False when there is none."""
        box = self.box
        found = self._found() if box.value else []
        if not found:
            return False
        first = found[self.proposals.place if place is None else place]
        text = first.text if first.text.endswith(":") else first.text + " "
        box.value = box.value[: first.start] + text + box.value[first.end :].lstrip()
        box.cursor_position = first.start + len(text)
        return True

    def _found(self) -> list[Completion]:
        from index.search.language.completions import completions

        text, cursor = self.box.value, self.box.cursor_position
        found = completions(text, cursor, {**self._values(), "@": self.names})
        return [item for item in found if item.text != text[item.start : item.end]]

    def _values(self) -> dict[str, list[str]]:
        """Return the values that filters are completed from; they are listed once, not at every key."""
        if (facets := self.facets) is None:
            return {}
        if self._listed[0] is not facets:
            self._listed = facets, self._list(facets)
        return self._listed[1]

    @staticmethod
    def _list(facets: Facets) -> dict[str, list[str]]:
        kinds = [group for group, count in facets.groups if count]
        lists = {
            "store": facets.stores,
            "project": facets.projects,
            "tag": facets.tags,
            "tech": facets.tech,
            "file": facets.files,
        }
        kinds += [kind for kind, _ in facets.kinds]
        return {"kind": kinds} | {name: [value for value, _ in counts] for name, counts in lists.items()}


class Completions(Drawn):
    """Completions by tab of the word being typed, below the search."""

    DEFAULT_CSS = "Completions { layer: over; display: none; width: auto; height: auto; padding: 0 1; }"

    place: reactive[int] = reactive(0)
    """Which of them is taken by tab."""

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[Completion] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    async def on_click(self, event: events.Click) -> None:
        """Take the proposal under the mouse."""
        event.stop()
        place = event.y - self.gutter.top
        if 0 <= place < self.count:
            line = self.screen.query_one(SearchLine)
            line.complete(place)
            line.screen.set_focus(line.box)

    def hide(self) -> None:
        """Put the proposals away."""
        self.display, self.place = False, 0

    def show(self, items: Sequence[Completion]) -> None:
        """Show proposals; none: hide."""
        self._items, self.place, self.display = items, 0, bool(items)
        if items:
            self.styles.height = len(items) + 2
            self.refresh(layout=True)

    def move(self, column: int, row: int) -> None:
        """Lie at a place of the screen, moved to the left where there is no room; cover numbers whole."""
        width = min(48, max(cell_len(item.text) for item in self._items) + 11)
        column = max(0, min(column, self.app.size.width - width))
        under = (pane.region for pane in self.screen.query(Pane))
        left = next((at.right - column - width for at in under if at.x < column + width < at.right), 0)
        self.styles.width = width + (left if left < _NUMBERS else 0)
        self.styles.offset = (column, row)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the proposals; tab takes the first."""
        lines = []
        for n, item in enumerate(self._items):
            here = n == self.place
            edge, hint = (t(("▌", "accent")), t((" tab ", "muted"))) if here else (t(" "), BLANK)
            text = both_ends(item.text, width - 2 - hint.cell_length)
            line = bar(width, t(edge, " ", plain(text, "strong" if here else "text")), hint)
            lines.append(over(line, "cursor") if here else line)
        return lines
