"""A question that floats over its subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from index.model.text.text_diff import DiffLine
from tui.actions import shown
from tui.screens.base.frame import Float
from tui.theme.drawing import BLANK, hot, t, wrap
from tui.widgets.base.drawn import Drawn, Run
from tui.widgets.base.lines import Lines, words_below
from tui.widgets.base.pane import Extent
from tui.widgets.editing.diff_view import diff_rows

if TYPE_CHECKING:
    from tui.context import AppContext

WIDE: Final = 114
"""Width of the box, its margins too, while it shows a diff."""


def show_diff() -> None:
    """Do nothing: an answer with this shows or hides the diff, and the question goes on."""


def stay() -> None:
    """Do nothing."""


class Answer(NamedTuple):
    """One way to answer."""

    key: str
    """In Textual's spelling; a question's letters are its own."""
    label: str
    act: Callable[[], object] = stay
    """Called with the question gone."""


def ask(app: AppContext, question: QuestionScreen) -> None:
    """Ask a question, and do as answered."""

    def answered(answer: Answer | None) -> None:
        if answer is not None:
            answer.act()

    app.push_screen(question, answered)


class Words(Drawn):
    """The question and its answers; a click on an answer gives it."""

    def __init__(
        self, title: str, body: Sequence[Content], answers: Sequence[Answer], *, listed: bool = False
    ) -> None:
        super().__init__(id="words")
        self._hang = "  " if listed else ""
        self._title = title
        self._body = body
        self._answers = answers

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw title, body and answers."""
        body = [row for line in self._body for row in self._broken(line, width)]
        return [t((self._title, "strong")), BLANK, *body, *([BLANK] if body else []), *self._keys(width)]

    def _broken(self, line: Content, width: int) -> list[Content]:
        first, *more = wrap(line, width - len(self._hang))
        return [first, *(t(self._hang, row) for row in more)]

    def _keys(self, width: int) -> list[Content]:
        rows = [BLANK]
        for answer in self._answers:
            item = hot(t((shown(answer.key), "strong"), " ", (answer.label, "muted")), answer.key)
            if not rows[-1].plain:
                rows[-1] = item
            elif rows[-1].cell_length + 3 + item.cell_length > width:
                rows.append(item)
            else:
                rows[-1] += t("   ", item)
        return rows


class QuestionScreen(Float[Answer]):
    """Asks; the result is the answer. `esc` and `q` give the first, which must be harmless.

    Args:
        title: the question.
        body: what there is to know before answering.
        answers: the harmless one first.
        diff: what the answer `show_diff` shows below the words.
        shown: whether it shows from the start.
        listed: whether the body is a list, so that long lines of it hang.
    """

    CSS_PATH = "question.tcss"
    ASKS = True

    def __init__(
        self,
        title: str,
        body: Sequence[Content],
        answers: Sequence[Answer],
        diff: Sequence[DiffLine] = (),
        *,
        shown: bool = False,
        listed: bool = False,
    ) -> None:
        super().__init__()
        self.title = title
        self._shown = shown
        self.answers, self._diff = answers, diff
        self._words = Words(title, body, answers, listed=listed)

    def compose(self) -> ComposeResult:
        """Yield the words, the diff hidden below."""
        with Vertical(id="box"):
            yield self._words
            yield Lines(lambda width: diff_rows(self._diff, width, margin=0), id="theirs")

    def on_mount(self) -> None:
        """Show the diff at once, if it is to be seen before answering."""
        self.watch(self.query_one("#theirs", Lines), "extent", self._say_rest)
        if self._shown:
            self._toggle_diff()

    def on_key(self, event: events.Key) -> None:
        """Give the answer of a key."""
        answer = next((a for a in self.answers if a.key in (event.key, event.character)), None)
        if answer is not None:
            event.stop()
            event.prevent_default()
            self.give(answer)

    def action_back(self) -> None:
        """Give the harmless answer."""
        self.give(self.answers[0])

    async def on_run(self, message: Run) -> None:
        """Give the answer that was clicked."""
        message.stop()
        self.give(next(answer for answer in self.answers if answer.key == message.action))

    def give(self, answer: Answer) -> None:
        """Close with an answer, and show or hide the diff with that for it."""
        if answer.act is show_diff:
            self._toggle_diff()
        else:
            self.dismiss(answer)

    def on_resize(self) -> None:
        """Give the diff the lines there is room for."""
        width, height = self.app.size
        room = min(width, WIDE) - 10
        rows = sum(1 for _ in islice(diff_rows(self._diff, room, margin=0), height))
        self.query_one("#theirs", Lines).styles.height = max(3, min(rows, height - 12))

    def _say_rest(self, extent: Extent) -> None:
        """Say on the border how much of the diff is below, while it shows."""
        box = self.query_one("#box")
        box.border_subtitle = words_below(extent) if box.has_class("-diff") else ""

    def _toggle_diff(self) -> None:
        theirs, box = self.query_one("#theirs", Lines), self.query_one("#box")
        self.on_resize()
        box.toggle_class("-diff")
        self._say_rest(theirs.extent)
        if box.has_class("-diff"):
            theirs.focus()
