"""Editing the XML of one entry as text, its problems told while it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme
from textual.worker import Worker, WorkerState

from index.model.draft import Draft, Typed
from index.model.errors import Conflict, TreeError
from index.model.plan import CannotEdit
from index.model.text_diff import DiffLine, diff_lines
from tui.actions import bindings
from tui.data.typed_draft import difference
from tui.requests import ReviewPlan
from tui.runtime.autosave import Keeper
from tui.runtime.threads import threaded
from tui.screens.base.frame import Frame
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.screens.editing.draft_offer import offer
from tui.theme.drawing import BLANK, bar, hot, place, plain, t, wrap
from tui.widgets.base.footer import Footer
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.rule import Rule
from tui.widgets.base.status_line import StatusLine
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast

if TYPE_CHECKING:
    from index.editing.raw import Markup
    from index.model.plan import Plan
    from index.model.problems import Problem
    from index.model.saved import Saved
    from index.workspace import Workspace

_COLOURED = 500
"""Lines of a text that is highlighted: past it every key would take 50 ms."""
_TOLD = 3
"""Problems that are told at once."""


class EditXml(Frame[None], inherit_bindings=False):
    """Edits the markup of an entry; a text that is not well-formed is not saved.

    Args:
        entry_id: the entry.
        title: what the entry is called.
    """

    CSS_PATH = "edit_xml.tcss"
    BINDINGS = bindings("save", "back")
    FOOTER = ("save", "undo_text", ("back", "leave"))
    HELP_TITLE = "Keys: XML"

    class Read(Message):
        """The file was read, or why it cannot be."""

        def __init__(self, markup: Markup | None, error: str = "", left: Draft | None = None) -> None:
            super().__init__()
            self.markup, self.error, self.left = markup, error, left

    class Checked(Message):
        """The typed text was checked for problems."""

        def __init__(self, text: str, problems: tuple[Problem, ...]) -> None:
            super().__init__()
            self.text, self.problems = text, problems

    class Planned(Message):
        """The change is valid, or why it is not."""

        def __init__(self, plan: Plan | None, error: Exception | None = None) -> None:
            super().__init__()
            self.plan, self.error = plan, error

    def __init__(self, entry_id: str, title: str) -> None:
        super().__init__()
        self._entry_id, self._title = entry_id, title
        self._markup: Markup | None = None
        """The entry as its file had it when the user began."""
        self._problems: tuple[Problem, ...] = ()
        self._keeper: Keeper | None = None

    def compose(self) -> ComposeResult:
        """Yield the text, and its problems below."""
        yield StatusLine(id="status")
        yield TitleLine(id="title", classes="title")
        yield Rule(id="rule")
        area = TextArea(id="xml", compact=True, soft_wrap=True, show_line_numbers=True, read_only=True)
        area.cursor_blink = False
        yield area
        with Vertical(id="below"):
            yield Paragraphs(id="outcome")
        yield Footer(id="footer")
        yield Toast()

    def on_mount(self) -> None:
        """Read the entry's markup."""
        self.set_title(t(("Edit XML", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted")))
        self.area.focus()
        self._read()

    @property
    def area(self) -> TextArea:
        """The text."""
        return self.query_one("#xml", TextArea)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self._markup is not None and self.area.text != self._markup.text

    @property
    def workspace(self) -> Workspace:
        """The open tree."""
        assert self.context.workspace is not None
        return self.context.workspace

    # ── reading ───────────────────────────────────────────────────────────────

    @threaded("read")
    def _read(self) -> None:
        try:
            left = self.workspace.status.drafts.find(self._entry_id, "xml")
            self.post_message(self.Read(self.workspace.planner.markup(self._entry_id), left=left))
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Read(None, str(error)))

    @on(Read)
    def _take(self, message: Read) -> None:
        markup = self._markup = message.markup
        if markup is None:
            self._fail(message.error)
            return
        area = self.area
        area.line_number_start = markup.line
        area.load_text(markup.text)
        if markup.text.count("\n") < _COLOURED:
            area.register_theme(self._colours())
            area.theme = "memarium"
            area.language = "xml"
        area.read_only = False
        self._check(markup, area.text)
        blank = Draft(self._entry_id, self._title, 0.0, markup.text, sort="xml")
        if self._keeper is None:
            self._keeper = Keeper(self, self.workspace.status.drafts, blank, self._kept)
        self._keeper.blank = blank
        if message.left is not None and "" in message.left.fields:
            self._offer(message.left, markup, self._keeper)

    def _kept(self) -> Draft | None:
        """Return what is typed, to keep it; None when nothing is."""
        if self._keeper is None or not self.unsaved:
            return None
        blank = self._keeper.blank
        typed = Typed(blank.markup, self.area.text)
        return replace(blank, fields={"": typed}, when=self.context.now().timestamp())

    def _offer(self, left: Draft, markup: Markup, keeper: Keeper) -> None:
        """Ask what becomes of a text that an earlier session left."""
        same = left.markup == markup.text
        changed = "" if same else "The entry was changed since: the difference shows what would be lost."

        def take() -> None:
            self.area.replace(left.fields[""].text, self.area.document.start, self.area.document.end)
            keeper.take_over(left)

        def drop() -> None:
            self.context.in_thread(lambda: drafts.drop(left), "draft", exclusive=False)

        drafts = self.workspace.status.drafts
        offer(self.context, left, difference(left, {"": markup.text}), take=take, drop=drop, changed=changed)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave for good: what was typed is saved, or dropped."""
        if self._keeper is not None:
            self._keeper.end()
        return super().dismiss(result)

    def _colours(self) -> TextAreaTheme:
        """Draw names bold, values in the accent and comments muted, as everywhere."""
        accent, muted = (
            self.app.stylesheet.parse_style(f"${name}").rich_style
            for name in ("text-accent", "foreground-muted")
        )
        bold = Style(bold=True)
        styles = {"tag": bold, "property": bold, "keyword": bold, "string": accent, "comment": muted}
        return TextAreaTheme("memarium", syntax_styles=styles | {"punctuation.bracket": muted})

    # ── typing ────────────────────────────────────────────────────────────────

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        if self._markup is not None:
            self._check(self._markup, message.text_area.text)
        if self._keeper is not None:
            self._keeper.touch()

    @threaded("check")
    def _check(self, markup: Markup, text: str) -> None:
        from index.editing.raw import check_markup

        self.post_message(self.Checked(text, check_markup(markup.document, markup.entry, text)))

    @on(Checked)
    def _show(self, message: Checked) -> None:
        if message.text == self.area.text:
            self._problems = message.problems
            self._tell()

    def _tell(self, refused: Content = BLANK) -> None:
        """Say what is wrong with the text, each line leading there, and whether it was refused."""
        markup, outcome = self._markup, self.query_one("#outcome", Paragraphs)
        if markup is None:
            return
        width = outcome.content_size.width or self.app.size.width - 4
        state = t(("not saved yet", "warn") if self.unsaved else ("no changes", "muted"))
        state = refused if refused.plain else state
        where = place(markup.entry.file, f":{markup.line}", width - state.cell_length - 2)
        lines = [bar(width, where, state)]
        for number, problem in enumerate(self._problems[:_TOLD]):
            said = t(("▲ ", "err"), (f"{problem.line}:{problem.column} ", "strong"), problem.message)
            lines += [hot(row, f"problem_{number}") for row in wrap(said, width)]
        more = len(self._problems) - _TOLD
        if more > 0:
            lines.append(t((f"  and {more} more", "muted")))
        if not self._problems:
            lines.append(t(("✓", "ok"), (" well-formed", "muted")))
        outcome.lines = lines

    def action_problem_0(self) -> None:
        """Go to the first problem."""
        self._go_to(0)

    def action_problem_1(self) -> None:
        """Go to the second problem."""
        self._go_to(1)

    def action_problem_2(self) -> None:
        """Go to the third problem."""
        self._go_to(2)

    def _go_to(self, number: int) -> None:
        if number < len(self._problems) and self._markup is not None:
            problem = self._problems[number]
            self.area.move_cursor((problem.line - self._markup.line, problem.column - 1), center=True)
            self.area.focus()

    def action_undo_text(self) -> None:
        """Take back what was typed last."""
        self.area.undo()

    def _fail(self, sentence: str) -> None:
        self.query_one("#outcome", Paragraphs).lines = [t(("▲ ", "err"), sentence)]

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong; what was typed stays."""
        if event.state is WorkerState.ERROR:
            self._fail(f"This did not work: {event.worker.error}")

    # ── leaving and saving ────────────────────────────────────────────────────

    def action_back(self) -> None:
        """Leave; ask first when something would be lost."""
        if not self.unsaved:
            self.dismiss()
            return
        answers = [
            Answer("stay", "enter", "keep editing"),
            Answer("drop", "d", "drop the change"),
            Answer("save", "ctrl+s", "review"),
        ]
        body = t(("The XML has changed.", "muted"))
        self.app.push_screen(QuestionScreen("Leave without saving?", [body], answers), self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "drop":
            self.dismiss()
        elif answer == "save":
            self.action_save()

    def action_save(self) -> None:
        """Plan the change and show it; a broken text is refused, and its first problem found."""
        if not self.unsaved:
            self.tell(t(("Nothing has changed yet.", "muted")))
        elif self._markup is not None:
            self._plan(self.area.text, self._markup.data)

    @threaded("plan")
    def _plan(self, text: str, base: bytes) -> None:
        try:
            plan = self.workspace.planner.edit_markup(self._entry_id, text, base)
        except (CannotEdit, TreeError) as error:
            self.post_message(self.Planned(None, error))
        else:
            self.post_message(self.Planned(plan))

    @on(Planned)
    def _planned(self, message: Planned) -> None:
        from index.editing.raw import BrokenMarkup

        if message.plan is not None:
            self.context.ask(ReviewPlan(message.plan, self._title, self._reviewed))
        elif isinstance(message.error, BrokenMarkup):
            self._problems = message.error.problems
            first = self._problems[0]
            self._tell(t(("not saved: mend line ", "err"), (f"{first.line}, column {first.column}", "err")))
            self._go_to(0)
        elif isinstance(message.error, Conflict):
            self._ask(message.error)
        else:
            self._fail(str(message.error))

    def _reviewed(self, outcome: Saved | Conflict | None) -> None:
        if isinstance(outcome, Conflict):
            self._ask(outcome)
        elif outcome is not None:
            app = self.context
            self.dismiss()
            app.tell_saved(outcome, "the entry")

    def _ask(self, conflict: Conflict) -> None:
        """Someone else changed the file: what now?"""
        answers = [
            Answer("stay", "enter", "keep editing"),
            Answer(SHOW, "d", "show what changed"),
            Answer("mine", "m", "put mine in its place"),
            Answer("theirs", "r", "reload and drop mine"),
        ]
        title = "The file was changed while you edited it"
        body = t(("In its place, what the other change did to this entry is lost.", "muted"))
        theirs = self._theirs(conflict)

        def answered(answer: str | None) -> None:
            if answer == "mine" and conflict.disk is not None:
                self._plan(self.area.text, conflict.disk)
            elif answer == "theirs":
                self._read()

        self.app.push_screen(QuestionScreen(title, [body], answers, theirs), answered)

    def _theirs(self, conflict: Conflict) -> list[DiffLine]:
        from index.formats.xml.document import Document

        before = self._markup.document.source if self._markup is not None else ""
        return diff_lines(before, Document.parse(conflict.disk or b"").source)
