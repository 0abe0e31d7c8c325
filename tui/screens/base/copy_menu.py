"""The menu that follows a copy: other forms of the same, one key each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import events

from tui.actions import bindings
from tui.screens.base.question import Answer, QuestionScreen
from tui.theme.drawing import plain


class CopyMenu(QuestionScreen, inherit_bindings=False):
    """Tells of a copy, and offers to copy it in another form.

    A key that is none of these closes it, and does what it does on the screen below: a copy that was all
    that was wanted costs one key.
    """

    ASKS = False
    BINDINGS = bindings("back")  # a q is for the screen below

    def __init__(self, what: str, forms: Sequence[Answer]) -> None:
        """Tell of a copy; `forms` are the answers that copy it otherwise."""
        super().__init__(
            f"Copied {what}", [plain("Or copy it as:", "muted")], [Answer("escape", "close"), *forms]
        )

    def on_key(self, event: events.Key) -> None:
        """Close on a key that is not of the menu; the others are answers."""
        if all(event.key != form.key for form in self.answers):
            event.stop()
            event.prevent_default()
            self.give(Answer(event.key, "", partial(self.context.simulate_key, event.key)))
