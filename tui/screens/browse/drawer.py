"""The sidebar on a screen too narrow for it: over the results, until `b` or `esc`."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.actions import bindings
from tui.screens.base.frame import Float
from tui.screens.browse.pane_widths import room
from tui.widgets.base.pane import Hair
from tui.widgets.browse.sidebar import Sidebar


class Drawer(Float[None]):
    """Facets to choose from; a choice narrows the results behind at once."""

    BINDINGS = bindings("sidebar") + bindings("search", priority=True)

    def __init__(
        self,
        show: Callable[[Sidebar], None],
        toggle: Callable[[str, str], None],
        search: Callable[[], None],
    ) -> None:
        """Let the screen behind `show` its counts here, `toggle` the filters chosen, and `search`."""
        super().__init__(classes="-left")
        self._show, self._toggle, self._search = show, toggle, search

    def compose(self) -> ComposeResult:
        """Yield the sidebar and its hairline."""
        sidebar = Sidebar(id="facets")
        with Horizontal(id="drawer"):
            yield sidebar
            yield Hair(sidebar)

    def on_mount(self) -> None:
        """Show the counts of the screen behind."""
        self._show(self.query_one(Sidebar))

    def on_resize(self) -> None:
        """Close where the sidebar has a pane of its own again."""
        if self.is_current and room(self.app.size.width, self.context.settings).sidebar_fits:
            self.dismiss()

    @on(Sidebar.Toggled)
    def _toggled(self, message: Sidebar.Toggled) -> None:
        self._toggle(message.name, message.value)

    def action_sidebar(self) -> None:
        """Close."""
        self.dismiss()

    def action_search(self) -> None:
        """Close, and go to the search."""
        self.dismiss()
        self._search()
