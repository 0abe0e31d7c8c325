"""The yardstick of a start: a Textual app with six widgets and nothing to do."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Footer, Header, Input, OptionList, Static, Tree


class SixWidgets(App[None]):
    """Header, input, tree, list, text and footer."""

    CSS = "Tree { width: 25; } OptionList { width: 42; } Static { width: 1fr; }"

    def compose(self) -> ComposeResult:
        """Yield the widgets."""
        yield Header()
        yield Input(placeholder="search")
        with Horizontal():
            yield Tree("facets")
            yield OptionList(*(f"row {n}" for n in range(30)))
            yield Static("PAINTED")
        yield Footer()


if __name__ == "__main__":
    SixWidgets().run()
