"""A text area whose text is wrapped to the width that it has."""

from __future__ import annotations

from textual.widgets import TextArea


class WrappedText(TextArea):
    """Textual wraps after it has painted the new size, and paints again only where the height changes."""

    def on_resize(self) -> None:
        """Paint once more, when the text is wrapped anew."""
        self.refresh()
