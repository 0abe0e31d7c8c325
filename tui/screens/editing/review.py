"""The last look before a change is saved: the diff of its files, the sure facts, the commit message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea
from textual.worker import Worker, WorkerState

from index.model.commits import SUBJECT_WIDTH
from index.model.counts import count_words
from index.model.display import cells
from index.model.errors import Conflict
from index.rendering.review_facts import Facts, FileFacts, gather, in_words
from tui.actions import Hint, bindings, key
from tui.screens.base.frame import Frame
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.screens.editing.verdicts import flow, verdicts
from tui.theme.drawing import BLANK, bar, place, plain, t
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.lines import Lines
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.rule import Rule
from tui.widgets.editing.diff_view import MINUS, diff_rows
from tui.widgets.editing.message_text import MessageText

if TYPE_CHECKING:
    from index.git.hooks import Watcher
    from index.model.plan import Plan, Saved
    from index.workspace import Workspace

_COLUMNS = 4
"""Cells beside the text of the page: two on each side."""

_ALL_THE_SAME = {
    "detached": ("Commit on no branch?", "commit anyway"),
    "unversioned": ("Save without git?", "save anyway"),
}
"""Question and answer where the user may insist on a refused save, by `Refused.way`."""


class ReviewScreen(Frame["Saved | Conflict | None"]):
    """Shows a change and saves it.

    The result is what was saved; the conflict, when a file changed under the change, for the asker to
    resolve; or None: edit, nothing written.

    Args:
        plan: validated, of one file or of several.
        title: what the change is about.
        back: the word for leaving without saving.
        typed: told the message whenever the user changes it, to keep it.
    """

    CSS_PATH = "review.tcss"
    BINDINGS = bindings("accept")
    HELP_TITLE = "Keys: review"
    ASKS = True

    def __init__(
        self, plan: Plan, title: str, back: str = "edit", typed: Callable[[str], None] | None = None
    ) -> None:
        super().__init__()
        self._typed = typed
        self.plan = plan
        self._title = title
        self._back = back
        self._facts: Facts | None = None
        self._committing = self._stopping = False
        self._sure = False
        """The user was asked about a value that looks like a mistake, and means it."""
        self._written = False
        """The edit is on disk, but could not be committed."""

    def compose_body(self) -> ComposeResult:
        """Yield the diff above, the message below, a rule over each."""
        yield Rule(id="rule")
        yield Lines(self._page, id="diff")
        yield Rule(below="#diff", id="rule-below")
        with Vertical(id="message"):
            yield MessageLabel(id="label")
            yield MessageText(self.plan.message)
            yield Paragraphs(id="outcome")

    def on_mount(self) -> None:
        """Find the facts to show."""
        self.set_title(t(("Review", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted")))
        self.query_one(MessageText).focus()
        self._show_length()
        self.watch(self.app, "generation", self._look)

    def footer_keys(self, focused: Widget | None) -> list[Hint]:
        """Return the keys; tab leads to the other half."""
        typing = isinstance(focused, MessageText)
        self.query_one(MessageLabel).active = typing
        if self._committing:
            return [("back", "stop the commit")] if self._watcher is not None else []
        if self._facts is not None and self._facts.unversioned:
            return [("accept", "save"), ("back", self._back)]
        other = "diff" if typing else "message"
        if self._written:
            return [("accept", "commit again"), ("next", other), ("back", "leave it on disk")]
        return [("accept", "commit"), ("next", other), ("back", self._back)]

    @property
    def unsaved(self) -> bool:
        """Leaving asks first: the edit is only planned."""
        return True

    # ── what is shown ─────────────────────────────────────────────────────────

    def _look(self) -> None:
        """Find the facts: at first, and again when another program wrote."""
        if not self._committing and not self._written:
            self.look_up_all("gather", self._gather, self._show)

    def _gather(self, workspace: Workspace) -> Iterator[Facts]:
        return gather(workspace, self.plan)

    def _show(self, facts: Facts) -> None:
        again = self._facts is not None and self._facts.complete
        if again and not facts.complete:
            return
        self._facts = facts
        added, removed = facts.stats
        heading = t(("Review", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted"))
        self.set_title(heading, t((f"+{added:,}", "ok"), "  ", (f"{MINUS}{removed:,}", "err")))
        self.query_one("#diff", Lines).show(self._page, keep=True)
        if again:  # below, something else may be said by now
            return
        self._outcome(self._where_to())
        if facts.unversioned:  # a message would go nowhere
            self.query_one("#diff", Lines).focus()
            self.query_one("#label").display = self.query_one("#subject").display = False
        self.refresh_keys()

    def _outcome(self, *lines: Content) -> None:
        self.query_one("#outcome", Paragraphs).lines = lines

    def _page(self, width: int) -> Iterator[Content]:
        """Lay out the upper half: the sure facts, which decide, then each file with its diff."""
        room = width - _COLUMNS
        if not self.has_class("-short"):
            yield BLANK
        if self._facts is None:
            yield t("  ", (self.plan.changes[0].file, "text"), ("   comparing …", "muted"))
            return
        told = flow([*verdicts(self._facts)], room) if self._facts.complete else [t(("checking …", "muted"))]
        yield from (t("  ", row) for row in told)
        for one in self._facts.files:
            yield BLANK
            yield from self._file(one, width)

    def _file(self, one: FileFacts, width: int) -> Iterator[Content]:
        alone = self._facts is not None and len(self._facts.files) == 1
        said = in_words(one, len(self.plan.fields) if alone else 0)
        file = place(one.file, "", max(8, width - _COLUMNS - len(said) - 3))
        yield t("  ", Content.styled(file.plain.rstrip(), "text"), (f"   {said}", "muted"))
        yield BLANK
        yield from diff_rows(one.lines, width)

    def _where_to(self) -> Content:
        facts = self._facts
        if facts is None or not facts.complete:
            return t(("checking the repository …", "muted"))
        if facts.unversioned or facts.state is None:
            return t(("!", "warn"), (f" {facts.unversioned}", "muted"))
        branch, sent = facts.state.branch or "no branch", " · not pushed"
        if facts.state.kept:
            branch, sent = "the versions kept by memarium", ""
        who = t((" as ", "muted"), plain(facts.state.identity)) if facts.state.identity else BLANK
        count = count_words(len(facts.files), "file")
        return t(("to ", "muted"), plain(branch), who, (f" · {count}{sent}", "muted"))

    # ── saving ────────────────────────────────────────────────────────────────

    @on(MessageText.Entered)
    def _entered(self) -> None:
        self.action_accept()

    @on(MessageText.TooLong)
    def _too_long(self) -> None:
        self._fail("The pasted text is too long for a commit message: none of it was taken.")

    @on(TextArea.Changed)
    def _count(self, message: TextArea.Changed) -> None:
        message.stop()
        self._show_length()
        text = message.text_area.text
        if self._typed is not None and text != self.plan.message:
            self._typed(text)

    def _show_length(self) -> None:
        self.query_one(MessageLabel).lines = self.query_one(MessageText).text.rstrip().split("\n")

    def action_accept(self) -> None:
        """Write the file and commit it."""
        if self._committing:
            return
        if self._facts is None or not self._facts.complete:
            self._outcome(t(("this is still being compared: have a look, then ⏎ once more", "muted")))
            return
        message = self.query_one(MessageText).text.strip()
        if not message and not self._facts.unversioned:
            self._fail("The commit has no message: write one line about the change.")
            return
        if self._facts.mistaken and not self._sure:
            self._ask("Save it anyway?", "save anyway", self._facts.doubtful, self._mean_it)
            return
        self._hold(True)
        self._outcome(t(("saving…", "muted")))
        if (watcher := self._watcher) is not None:
            watcher.tell = lambda line: self.call_later(self._show_hook, line)
        commit = lambda workspace: workspace.committer.commit(self.plan, message)  # noqa: E731
        self.look_up("commit", commit, self._done, self._refused)

    def _hold(self, held: bool) -> None:
        """Take no keys while the commit runs, and let the message go afterwards."""
        self._committing = self.query_one(MessageText).held = held
        self._stopping = False
        if self._watcher is not None:
            self._watcher.stop.clear()
        self.refresh_keys()

    @property
    def _watcher(self) -> Watcher | None:
        """Return the means to stop a commit; None where nothing is versioned."""
        held = self.workspace.tree.repository_of(*(one.file for one in self.plan.changes))
        return held.watcher if held is not None else None

    def action_back(self) -> None:
        """Go edit; while a commit runs, stop it."""
        if self._committing:
            if self._watcher is not None:
                self._stopping = True
                self._watcher.stop.set()
                self._outcome(t(("stopping…", "muted")))
        elif self._written:
            from index.model.plan import Saved

            self.dismiss(Saved(self.plan.changes[0].file, None, "It is on disk, but not committed."))
        else:
            self.dismiss(None)

    def _show_hook(self, line: str) -> None:
        if self._committing and line and not self._stopping:
            stops = (f"   {key('back', typing=True)} stops it", "key")
            self._outcome(t(plain(line, "muted"), stops))

    def _done(self, saved: Saved) -> None:
        self._hold(False)
        self.dismiss(saved)

    def _refused(self, error: Exception) -> None:
        self._hold(False)
        if isinstance(error, Conflict):
            self.dismiss(error)
        elif way := getattr(error, "way", ""):
            self._ask(*_ALL_THE_SAME[way], str(error), partial(self._allow, way))
        else:
            self._written = getattr(error, "written", False)
            self._fail(str(error))
            self.refresh_keys()

    def _ask(self, title: str, label: str, sentence: str, go_on: Callable[[], None]) -> None:
        """Ask whether it is to go on all the same; without it, the reason stays below the message."""
        answers = [Answer("escape", "cancel", partial(self._fail, sentence)), Answer("enter", label, go_on)]
        ask(self.context, QuestionScreen(title, [plain(sentence)], answers))

    def _allow(self, way: str) -> None:
        """Allow a way of saving while the tree is open, and go on."""
        self.workspace.tree.allow(way)
        self.action_accept()

    def _mean_it(self) -> None:
        self._sure = True
        self.action_accept()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell of an error; the typed text stays."""
        if event.state is WorkerState.ERROR:
            self._hold(False)
            self._fail(f"This did not work: {event.worker.error}")

    def _fail(self, sentence: str) -> None:
        first, *rest = sentence.strip().split("\n")
        self._outcome(t(("▲ ", "err"), first), *(t(("  " + line, "muted")) for line in rest[-8:]))


class MessageLabel(Drawn):
    """The heading over the message, with the length of its subject and the lines below."""

    DEFAULT_CSS = "MessageLabel { width: 1fr; height: 1; }"

    lines: reactive[Sequence[str]] = reactive(("",))
    """The message: the subject, then the lines below it."""
    active: reactive[bool] = reactive(True)
    """Whether the message has the focus."""

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line."""
        subject, *body = self.lines
        more = f" · +{count_words(len(body), 'line', 'lines')}" if body else ""
        length = cells(subject)
        tone = "warn" if length > SUBJECT_WIDTH else "muted"
        count = t((f"{length} of {SUBJECT_WIDTH}", tone), (more, "muted"))
        return [bar(width, t(("Commit message", "key" if self.active else "head")), count)]
