"""A list at the left, the page of its current row at the right; narrow, one in the place of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from tui.actions import Hint, bindings, key
from tui.context import context_of
from tui.theme.drawing import BLANK, empty_state, t, wrap
from tui.widgets.base.lines import ItemPage, Lines
from tui.widgets.base.pane import Hair, Pane

MEASURE = 50
"""Columns of the words in the place of a list."""


class ListAndPage(Horizontal):
    """The panes of a screen that lists something; where nothing is listed, words say why.

    Args:
        rows: the list.
        page: what the current row leads to.
        left: the container of the list; None: it is alone.
        right: the same of the page.
    """

    BINDINGS = bindings("back", "zoom")

    def __init__(
        self, rows: Pane, page: Pane, *, left: Widget | None = None, right: Widget | None = None
    ) -> None:
        super().__init__(id="panes")
        self._nothing: Sequence[Content] = ()
        self.rows, self.page = rows, page
        self._left, self._right = left or rows, right or page
        self._left.add_class("left")
        self._right.add_class("right")

    def compose(self) -> ComposeResult:
        """Yield list and page, a hairline between, and a text in their place."""
        yield self._left
        yield Hair(self.rows, id="hair")
        yield self._right
        words = Lines(id="nothing")
        words.can_focus = False
        yield words

    @on(ItemPage.Step)
    def _step(self, message: ItemPage.Step) -> None:
        message.stop()
        self.rows.go(message.by)

    @property
    def reading(self) -> bool:
        """Whether the page is in the place of the list."""
        return self.has_class("-reading") and (self.screen.has_class("-page") or self.has_class("-zoomed"))

    def read(self) -> None:
        """Go to the page; on a narrow screen, and where one is zoomed, it takes the place of the list."""
        self.add_class("-reading")
        self.page.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep the one that has the focus where there is no more room for both."""
        self.set_class(self._right in event.widget.ancestors_with_self, "-reading")

    def return_to(self, cursor: int, place: int | None) -> None:
        """Put the cursor of the list where it was once, also while the rows are still being read."""
        self.rows.place = place
        if self.rows.total:
            self.rows.cursor = cursor
        else:
            self.rows.set_reactive(Pane.cursor, cursor)

    def keys(self, hints: Sequence[Hint]) -> list[Hint]:
        """Return keys for a list whose rows return acts on: where the page takes its place, it opens that."""
        opens = self.screen.focused is self.rows and self.screen.has_class("-page")
        return ["accept" if opens and hint[0] == "accept" else hint for hint in hints]

    def show_list(self) -> None:
        """Be where a change leaves one: at the list, where there is room for one of both."""
        self.remove_class("-reading")

    def show_nothing(self, words: Sequence[Content]) -> None:
        """Say that nothing is listed, and why; no words: there are rows."""
        self._nothing = words
        self.set_class(bool(words), "-empty")
        if words:
            self.show_list()
            self._draw_nothing()

    def on_mount(self) -> None:
        """Show one of both alone, where the user left such a screen so."""
        self.set_class(context_of(self).settings.zoom_lists, "-zoomed")

    def on_resize(self) -> None:
        """Put the text where it belongs in the new height."""
        self._draw_nothing()

    def _draw_nothing(self) -> None:
        words = self._nothing
        if words:
            height = self.size.height or self.app.size.height - 6
            page = self.query_one("#nothing", Lines)
            page.show(lambda width: empty_state(words, width, height, MEASURE))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the way back to the screen while the list is there."""
        return action != "back" or self.reading

    def action_zoom(self) -> None:
        """Show the focused one of list and page alone from now on, or both again."""
        self.toggle_class("-zoomed")
        context = context_of(self)
        context.remember(replace(context.settings, zoom_lists=self.has_class("-zoomed")))

    def action_back(self) -> None:
        """Go back from the page to the list."""
        self.show_list()
        self.rows.focus()


def nothing(head: str, *why: str) -> list[Content]:
    """Return the words in the place of a list: the fact, the reasons, and the way back."""
    paragraphs = [line for reason in why if reason for line in (*wrap(reason, MEASURE, "muted"), BLANK)]
    return [t((head, "strong")), BLANK, *paragraphs, t((key("back"), "strong"), (" back", "muted"))]
