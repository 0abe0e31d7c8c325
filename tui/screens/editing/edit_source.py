"""Editing the source of one entry as text, its problems told while it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from index.model.draft import Draft, Typed
from index.model.errors import Conflict
from index.model.plan import Protected
from index.rendering.differences import file_lines
from tui.actions import bindings, key
from tui.data.typed_draft import difference
from tui.requests import Propose
from tui.screens.base.kept_text import KeptText
from tui.screens.editing.questions import ask_changed, ask_leave, offer
from tui.theme.drawing import BLANK, bar, bullet, hot, place, plain, t, wrap
from tui.theme.markdown_source import markdown_tones
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.rule import Rule
from tui.widgets.editing.wrapped_text import WrappedText

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.editing.raw import Markup
    from index.model.plan import Plan
    from index.model.problems import Problem
    from index.workspace import Workspace

_COLOURED = 500
"""Lines of a text that is highlighted: past it every key would take 50 ms."""
_LONGEST = 300_000
"""Letters of a source that is edited here: with more, keys wait longer than half a second."""
_TOLD = 3
"""Problems that are told at once."""


class EditSource(KeptText[None], inherit_bindings=False):
    """Edits the markup of an entry; a text that is not well-formed is not saved.

    Args:
        entry_id: the entry.
        title: what the entry is called.
    """

    CSS_PATH = "edit_source.tcss"
    BINDINGS = bindings("save", "back")
    FOOTER = ("save", "undo_text", ("back", "leave"))
    HELP_TITLE = "Keys: source"

    def __init__(self, entry_id: str, title: str) -> None:
        super().__init__()
        self._entry_id, self._title = entry_id, title
        self._by_now: Callable[[str], str] = str
        """From ids of the time when the entry was read to those that entries have by now."""
        self._markup: Markup | None = None
        """The entry as its file had it when the user began."""
        self._problems: tuple[Problem, ...] = ()
        self._reason = BLANK
        """Reason why the text was refused, until more is typed."""
        self._ahead = ""
        """Typed before the text was there."""

    def compose_body(self) -> ComposeResult:
        """Yield the text, and its problems below."""
        yield Rule(id="rule")
        area = WrappedText("source", source=True)
        area.read_only = True
        yield area
        with Vertical(id="below"):
            yield Paragraphs(id="outcome")

    def on_mount(self) -> None:
        """Read the entry's markup."""
        self.set_title(t(("Edit source", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted")))
        self.area.focus()
        self._read()

    @property
    def area(self) -> WrappedText:
        """The text."""
        return self.query_one("#source", WrappedText)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed."""
        return self._markup is not None and self.area.text != self._markup.text

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        entry_id = self._by_now(self._markup.entry.id if self._markup is not None else self._entry_id)
        self._by_now = self.workspace.tree.successors.from_now()

        def read(workspace: Workspace) -> tuple[Markup, Draft | None]:
            workspace.planner.check(workspace.tree.entry(entry_id).file)
            left = workspace.status.drafts.find(entry_id, "source")
            return workspace.planner.markup(entry_id), left

        self.look_up("read", read, self._take, self._fail)

    def _take(self, found: tuple[Markup, Draft | None]) -> None:
        markup, left = found
        if len(markup.text) > _LONGEST:
            self.dismiss()
            words = "The source is too long to be edited here"
            return self.context.refuse(f"{words}: {key('edit_file')} opens its file in your editor.")
        self._markup = markup
        area = self.area
        area.line_number_start = markup.line
        area.load_text(markup.text)
        if markup.text.count("\n") < _COLOURED:
            self._colour()
            self.app.theme_changed_signal.subscribe(self, lambda _: self._colour())
            if markup.format == "XML":
                area.language = "xml"
            else:
                area.tones = markdown_tones
        area.read_only = False
        area.insert(self._ahead)
        self._ahead = ""
        self._check(markup, area.text)
        self.keep(Draft(self._entry_id, self._title, 0.0, markup.text, sort="source"))
        if left is not None and "" in left.fields:
            self._offer(left, markup)

    def typed_since(self, blank: Draft) -> Draft | None:
        """Return the draft with the typed text; None when nothing is."""
        if not self.unsaved:
            return None
        typed = Typed(blank.markup, self.area.text)
        return replace(blank, fields={"": typed}, when=self.context.now().timestamp())

    def _offer(self, left: Draft, markup: Markup) -> None:
        """Ask for the fate of an earlier draft."""
        same = left.markup == markup.text
        changed = "" if same else "The entry was changed since: the difference shows what would be lost."

        def take() -> None:
            self.area.replace(left.fields[""].text, self.area.document.start, self.area.document.end)
            self.take_over(left)

        offer(
            self.context, left, difference(left, {"": markup.text}), changed=changed,
            take=take, drop=lambda: self.drop_left(left),
        )  # fmt: skip

    def _colour(self) -> None:
        colours = self._colours()
        self.area.register_theme(colours)
        self.area.theme = colours.name

    def _colours(self) -> TextAreaTheme:
        """Draw names bold, values in the accent and comments muted, as everywhere."""
        accent, muted = (
            self.app.stylesheet.parse_style(f"${name}").rich_style
            for name in ("text-accent", "foreground-muted")
        )
        bold = Style(bold=True)
        styles = {"tag": bold, "property": bold, "keyword": bold, "string": accent, "comment": muted}
        self.area.styles_of_tones = {"strong": bold, "string": accent, "name": accent, "muted": muted}
        name = f"memarium in {self.app.theme}"  # another name each time, else nothing is drawn anew
        return TextAreaTheme(name, syntax_styles=styles | {"punctuation.bracket": muted})

    # ── typing ────────────────────────────────────────────────────────────────

    def on_key(self, event: events.Key) -> None:
        """Hold keys typed while the entry is still being read."""
        if self._markup is None and (event.is_printable or event.key == "enter"):
            self._ahead += "\n" if event.key == "enter" else event.character or ""
            event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Hold a paste while the entry is still being read."""
        if self._markup is None:
            self._ahead += event.text
            event.stop()

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        message.stop()
        if self._markup is not None:
            self._check(self._markup, message.text_area.text)
        self.touch()

    def _check(self, markup: Markup, text: str) -> None:
        def check(workspace: Workspace) -> tuple[Problem, ...]:
            return markup.document.check_source(markup.entry.ref, text)

        self.look_up("check", check, self._show)

    def on_resize(self) -> None:
        """Lay the lines below the text out for the new width."""
        self.call_after_refresh(lambda: self._tell(self._reason))

    def _show(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        self._tell()

    def _tell(self, refused: Content = BLANK) -> None:
        """Tell the problems of the text, each line leading there, and whether it was refused."""
        markup, outcome = self._markup, self.query_one("#outcome", Paragraphs)
        self._reason = refused
        if markup is None:
            return
        width = outcome.content_size.width or self.app.size.width - 4
        state = t(("not saved yet", "warn") if self.unsaved else ("no changes", "muted"))
        state = refused if refused.plain else state
        where = place(markup.entry.file, f":{markup.line}", width - state.cell_length - 2)
        lines = [bar(width, where, state)]
        for number, problem in enumerate(self._problems[:_TOLD]):
            said = t((f"{problem.line}:{problem.column} ", "strong"), problem.message)
            lines += [hot(row, f"problem_{number}") for row in bullet(wrap(said, width - 2), "▲")]
        more = len(self._problems) - _TOLD
        if more > 0:
            lines.append(t((f"  and {more} more", "muted")))
        if not self._problems:
            good = "well-formed" if markup.format == "XML" else "reads as one entry"
            lines.append(t(("✓", "ok"), (f" {good}", "muted")))
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
        """Take back the last typing."""
        self.area.undo()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, Protected) and not self.unsaved:
            self.dismiss()
            self.context.refuse(error)
            return
        self.query_one("#outcome", Paragraphs).lines = [t(("▲ ", "err"), str(error))]

    # ── leaving and saving ────────────────────────────────────────────────────

    def action_back(self) -> None:
        """Leave; ask first when something would be lost."""
        if not self.unsaved:
            self.dismiss()
            return
        body = t(("The text has changed.", "muted"))
        ask_leave(
            self.context, body, drop=self.dismiss, review=self.action_save, drops="discard the change"
        )  # fmt: skip

    def action_save(self) -> None:
        """Plan the change and show it; a broken text is refused, and its first problem found."""
        if not self.unsaved:
            self.tell(t(("Nothing has changed yet.", "muted")))
        elif self._markup is not None:
            self._plan(self._markup, self.area.text)

    def _plan(self, markup: Markup, text: str, over: bytes | None = None) -> None:
        """Plan the text; `over` is the file that it goes into when others have changed it."""

        def make() -> Plan:
            _, found, _ = self.workspace.tree.found_again(markup.entry.id, self._by_now)
            base = markup.data if over is None else over
            if over is None and found.id != markup.entry.id:  # in the file as it was, it has another id
                now = self.workspace.planner.markup(found.id)
                base = now.data
                if now.text != markup.text:
                    raise Conflict("The entry was changed while you edited it.", base)
            return self.workspace.planner.edit_markup(found.id, text, base)

        def saved(plan: Plan) -> None:
            self.dismiss()

        self.context.ask(Propose(
            make, self._title, "the entry", then=saved, back="edit", conflict=self._changed,
            refused=self._refused,
        ))  # fmt: skip

    def _refused(self, error: Exception) -> None:
        from index.model.plan import BrokenMarkup

        if isinstance(error, BrokenMarkup):
            self._problems = error.problems
            first = self._problems[0]
            self._tell(t(("not saved: fix line ", "err"), (f"{first.line}, column {first.column}", "err")))
            self._go_to(0)
        else:
            self._fail(error)

    def _changed(self, conflict: Conflict) -> None:
        """Someone else changed the file: ask for a choice"""
        body = t(("In its place, what the other change did to this entry is lost.", "muted"))
        before, file = (
            (self._markup.document.to_bytes(), self._markup.document.path) if self._markup else (b"", "")
        )

        def mine() -> None:
            if conflict.disk is not None and self._markup is not None:
                self._plan(self._markup, self.area.text, conflict.disk)

        ask_changed(self.context, body, file_lines(before, conflict.disk, file), mine=mine, drop=self._read)
