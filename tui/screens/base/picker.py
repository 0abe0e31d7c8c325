"""A list to choose from by typing: it floats, and narrows with every letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from index.model.counts import count_words
from index.model.vocabulary import singular
from tui.actions import bindings
from tui.runtime.threads import look_up
from tui.screens.base.frame import Float
from tui.theme.drawing import bar, t
from tui.theme.lighting import lit
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.one_line import OneLine
from tui.widgets.base.pane import Extent
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from tui.context import AppContext

ROWS = 12
"""The longest list that is shown without scrolling."""
_NARROW, _WIDE = 66, 100
"""Columns of the box: as many as the longest title needs, and no more or fewer than these."""
_MEASURED = 500
"""Items whose titles are measured for that."""
_AROUND = 13
"""Columns around a title: border, padding and margins, and the gap before its note."""


class Item(NamedTuple):
    """Something to choose."""

    id: str
    """Result of the picker when this item is chosen."""
    title: str
    key: str = ""
    """The key that does the same."""
    possible: bool = True
    note: str = ""
    """Remark at the right, such as a count."""


Found = tuple[Item, list[tuple[int, int]]]
"""An item, and where its title holds the typed text."""


def matching(all_items: Sequence[Item], typed: str) -> list[Found]:
    """Return the items that hold every word typed, and where; those whose words start so come first."""
    words = typed.lower().split()
    found = []
    for item in all_items:
        title = item.title.lower()
        places = [title.find(word) for word in words]
        if -1 not in places:
            starts = sum(1 for place in places if place == 0 or title[place - 1] in " :-/")
            spans = [(place, place + len(word)) for place, word in zip(places, words, strict=True)]
            found.append((-starts, not item.possible, item, spans))
    found.sort(key=lambda match: match[:2])
    return [(item, spans) for _, _, item, spans in found]


class Choices(RowList[Any]):
    """The items that match the typed text."""

    row_height = 1
    can_focus = False

    def __init__(self) -> None:
        super().__init__(id="choices")
        self.found: list[Found] = []

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw the title, and key or note."""
        item, spans = self.found[index]
        title = lit(t((item.title, "strong" if current else "text" if item.possible else "muted")), spans)
        sign = t((item.note, "muted"), (item.key, "strong" if item.possible else "muted"))
        right = t("  ", sign, "  ") if sign.plain else t(" ")
        if not item.key and title.cell_length + right.cell_length >= width:
            right = t(" ")  # the title names it
        return [bar(width, t(" ", title), right)]

    @property
    def active(self) -> bool:
        """The cursor is in the accent although the focus is in the text."""
        return True


class Bar(Drawn):
    """The rule below the text: it has the focus."""

    DEFAULT_CSS = "Bar { height: 1; }"

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw it in the accent."""
        return [t(("━" * width, "accent"))]


def pick(app: AppContext, picker: Picker, then: Callable[[str], object]) -> None:
    """Let something be chosen; `then` gets its id."""

    def chosen(item: str | None) -> None:
        if item:
            then(item)

    app.push_screen(picker, chosen)


class Picker(Float[str]):
    """Returns the id of the chosen item; None when nothing was chosen.

    Args:
        items: what there is, the likeliest first; a function is called in a thread: to count in all entries
            takes a while, and what is typed meanwhile is for this list already.
        question: what is asked; it is where the text will be.
        what: the plural of an item, for the count.
        free: what a text is that is no item, such as `a new tag`; empty: it cannot be chosen.
        shown: tells how an item is shown: a text that looks like one is no other.
        none: what is said, and all that happens, when there is no item; empty: an empty list is shown.
    """

    CSS_PATH = "picker.tcss"
    BINDINGS = bindings("up", "down")

    def __init__(
        self,
        items: Sequence[Item] | Callable[[], Sequence[Item]],
        question: str,
        what: str,
        *,
        free: str = "",
        none: str = "",
        shown: Callable[[str], str] = str,
    ) -> None:
        super().__init__(classes="-top")
        self._count = items if callable(items) else None
        self.items: Sequence[Item] = () if callable(items) else items
        self._question, self._what, self._free, self._none = question, what, free, none
        self._shown = shown
        self._text = ""
        """The text that the items match."""
        self._early: list[Callable[[], object]] = []
        """Keys that were pressed before the items were known: they count when they are."""

    def compose(self) -> ComposeResult:
        """Yield text, count and list."""
        with Vertical(id="box"):
            with Horizontal(id="line"):
                yield Paragraphs(t(("›", "key")), id="prompt")
                yield OneLine(id="typed", compact=True, select_on_focus=False, placeholder=self._question)
                yield Paragraphs(id="count")
            yield Bar()
            yield Choices()

    def on_mount(self) -> None:
        """Show everything."""
        self._fit()
        self._find("")
        self.watch(self.query_one(Choices), "extent", self._say_rest)
        if self._count is not None:
            look_up(self, "plan", self._count, self._listed, self._refused)

    def _refused(self, error: Exception) -> None:
        self.dismiss()
        self.context.refuse(error)

    def _listed(self, items: Sequence[Item]) -> None:
        if not items and self._none:
            self.dismiss()
            self.context.tell(t(("!", "warn"), f" {self._none}"))
            return
        self._count, self.items = None, items
        self._fit()
        self._find(self._text)
        early, self._early = self._early, []
        for act in early:
            act()

    def _fit(self) -> None:
        """Be wide enough for the titles; on a screen that is not they are cut."""
        measured = (Content(item.title + item.note + item.key) for item in self.items[:_MEASURED])
        longest = max((title.cell_length for title in measured), default=0)
        self.query_one("#box").styles.width = max(_NARROW, min(longest + _AROUND, _WIDE))

    def on_resize(self) -> None:
        """Show as many items as there is room for."""
        choices = self.query_one(Choices)
        choices.styles.height = max(1, min(len(choices.found), ROWS, self.app.size.height - 9))

    def _say_rest(self, extent: Extent) -> None:
        """Say on the border how many are below."""
        rest = extent.total - extent.top - extent.height
        self.query_one("#box").border_subtitle = f"↓ {rest:,} more" if rest > 0 else ""

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        if self._choose not in self._early:  # else it is chosen, by what was typed before
            self._early.clear()  # the cursor is at the first item again
            self._find(message.value)

    def _find(self, typed: str) -> None:
        self._text = typed
        choices = self.query_one(Choices)
        found = matching(self.items, typed)
        self._say(len(found), len(self.items))
        text = typed.strip()
        known = {one for item, _ in found for one in (item.id, item.title)}
        if self._free and text and known.isdisjoint((text, self._shown(text))):
            found.append((Item(text, text, note=self._free), []))
        choices.found = found
        self.on_resize()
        choices.show(len(found))

    def _say(self, shown: int, total: int) -> None:
        """Say how many match, or that nothing does and nothing else can be chosen."""
        things = count_words(total, singular(self._what), self._what)
        words = f"{shown:,} of {things}" if shown or self._free or not total else "nothing matches"
        none = "type its name" if self._free else f"no {self._what} yet"
        words = words if total else none
        count = self.query_one("#count", Paragraphs)
        count.lines = [t((" " if self._count is not None else f" {words}", "muted"))]
        count.styles.width = count.lines[0].cell_length

    @on(Input.Submitted)
    @on(RowList.Chosen)
    def _choose(self) -> None:
        choices = self.query_one(Choices)
        if self._count is not None:
            self._early.append(self._choose)
        elif choices.found:
            self.dismiss(choices.found[choices.cursor][0].id)

    def action_up(self) -> None:
        """Go to the item above; from the first to the last."""
        self._go(-1)

    def action_down(self) -> None:
        """Go to the item below; from the last to the first."""
        self._go(1)

    def _go(self, step: int) -> None:
        """Go on; from the last item to the first, and back."""
        choices = self.query_one(Choices)
        if self._count is not None:
            self._early.append(partial(self._go, step))
        elif choices.found:
            choices.cursor = (choices.cursor + step) % len(choices.found)
