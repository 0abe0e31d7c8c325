"""The menu that follows a copy: other forms of the same, one key each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events

from tui.screens.base.question import Answer, QuestionScreen
from tui.theme.drawing import plain

PASSED: Final = "key:"
"""Begins the result when a key was pressed that is none of the menu's: it is for the screen below."""
_FORMS: Final = (
    Answer("close", "escape", "close"),
    Answer("text", "t", "text"),
    Answer("markdown", "m", "Markdown"),
    Answer("field", "f", "one field"),
    Answer("code", "c", "code block"),
    Answer("id", "i", "id"),
    Answer("place", "p", "path:line"),
    Answer("source", "x", "source"),
)


class CopyMenu(QuestionScreen):
    """Tells of a copy, and offers to copy it in another form.

    A key that is none of these closes it, and does what it does on the screen below: a copy that was all
    that was wanted costs one key. The result is the form, or `PASSED` and that key.
    """

    def __init__(self, what: str, without: Sequence[str] = (), proposed: str = "") -> None:
        """Tell of a copy.

        Args:
            what: that was copied.
            without: the forms that there is nothing to copy of.
            proposed: the part in view, which enter copies as the form `view`; empty for none.
        """
        close, *others = (form for form in _FORMS if form.id not in without)
        forms = [close, *([Answer("view", "enter", proposed)] if proposed else []), *others]
        super().__init__(f"Copied {what}", [plain("Or copy it as:", "muted")], forms)

    def on_key(self, event: events.Key) -> None:
        """Close on a key that is not of the menu; the others are answers."""
        if event.key != "escape" and all(event.key != form.key for form in self._words.answers):
            event.stop()
            event.prevent_default()
            self._give(PASSED + event.key)

    def on_click(self, event: events.Click) -> None:
        """Close on a click beside the menu."""
        if event.widget is self:
            self._give("close")
