"""Every problem of the tree, its repair shown before it is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerState, get_current_worker

from index.formats.xml.repair import resolve_conflicts
from index.model.errors import Conflict, TreeError
from index.model.file_record import FileProblem
from index.model.plan import CannotEdit
from tui.actions import Hint, bindings
from tui.requests import EditInEditor, OpenFileHistory, Propose, ReviewPlan
from tui.runtime.threads import threaded
from tui.screens.base.frame import Frame
from tui.screens.base.question import Answer, QuestionScreen
from tui.theme.drawing import BLANK, empty_state, plain, t
from tui.widgets.base.lines import Lines
from tui.widgets.base.pane import Hair
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.row_list import RowList
from tui.widgets.problems.problem_list import ProblemDetail, ProblemList, detail_rows, look, where

if TYPE_CHECKING:
    from index.formats.xml.recovery.conflict_markers import Side
    from index.model.plan import Plan
    from index.model.saved import Saved
    from index.workspace import Workspace

LEGEND = (
    t("  ", ("▲", "err"), (" broken: read as far as it goes", "muted")),
    t("  ", ("!", "warn"), (" readable, but look at it", "muted")),
)
EMPTY = (
    t(("Every file is well-formed", "strong")),
    BLANK,
    t(("Nothing to repair, nothing to look at.", "muted")),
    BLANK,
    t(("esc", "strong"), (" back", "muted")),
)

SIDES: Final[tuple[Side, ...]] = ("ours", "theirs", "both")


class ProblemDetailRead(Message):
    """The details of a problem were read."""

    def __init__(self, number: int, detail: ProblemDetail | None, error: str = "") -> None:
        super().__init__()
        self.number, self.detail, self.error = number, detail, error


class RepairPlanned(Message):
    """The repair of a file, or why there is none."""

    def __init__(self, plan: Plan | None, error: str = "") -> None:
        super().__init__()
        self.plan, self.error = plan, error


def only_escapes(problems: Iterable[FileProblem]) -> list[str]:
    """Return the files of which a repair mends something without a guess, in the order of the list."""
    sure = (p.file for p in problems if p.level == "error" and p.repairable and not p.guesses)
    return list(dict.fromkeys(sure))


class Problems(Frame[None]):
    """The list at the left, the problem under the cursor at the right; narrow, one after the other."""

    CSS_PATH = "problems.tcss"
    BINDINGS = bindings("repair", "repair_all", "edit_file", "file_history", "copy", "accept")
    HELP_TITLE = "Keys: problems"
    AUTO_FOCUS = "#problems"

    def __init__(self) -> None:
        super().__init__()
        self._problems: list[FileProblem] = []
        self._number = 0
        self._reading = False
        """Narrow: the problem stands in the place of the list."""

    @property
    def workspace(self) -> Workspace:
        """The open tree."""
        assert self.context.workspace is not None
        return self.context.workspace

    def compose_panes(self) -> Iterable[Widget]:
        """Yield list and problem."""
        self._list, self._page = ProblemList(), Lines(id="problem")
        yield Vertical(self._list, Paragraphs(id="legend"), id="left")
        yield Hair(self._list, id="hair")
        yield self._page

    def on_mount(self) -> None:
        """Show the problems, now and whenever the tree changes."""
        self.query_one("#legend", Paragraphs).lines = LEGEND
        self.watch(self.app, "generation", self._show_problems)

    def footer_keys(self, focused: Widget | None) -> list[Hint]:
        """Return the keys; how many can be repaired at once is said with the key."""
        if not self._problems:
            return ["back"]
        mendable = len(only_escapes(self._problems))
        every: list[Hint] = [("repair_all", f"repair all {mendable:,}")] if mendable > 1 else []
        return [
            "repair",
            *every,
            ("edit_file", "open in $EDITOR"),
            ("accept", "its entries"),
            "copy",
            "back",
        ]

    # ── what is shown ─────────────────────────────────────────────────────────

    def _show_problems(self) -> None:
        before = self.current
        self._problems = problems = self.workspace.tree.problems()
        self._list.problems = problems
        place = problems.index(before) if before in problems else min(self._list.cursor, len(problems) - 1)
        self._list.show(len(problems), max(0, place), keep=True)
        broken = len({p.file for p in problems if p.level == "error"})
        notes = sum(p.level != "error" for p in problems)
        files = (" broken file" if broken == 1 else " broken files", "muted")
        note = t(
            (f"{broken:,}", "strong"),
            files,
            (" · ", "muted"),
            (f"{notes:,}", "strong"),
            (" to look at", "muted"),
        )
        self.set_title(t(("Problems", "strong")), note if problems else BLANK)
        self.set_class(not problems, "-empty")
        if not problems:
            height = self.query_one("#panes").size.height or self.app.size.height - 6
            self._page.show(lambda width: empty_state(EMPTY, width, height, 40))
        self.refresh_keys()

    @property
    def current(self) -> FileProblem | None:
        """The problem under the cursor."""
        place = self._list.cursor
        return self._problems[place] if place < len(self._problems) else None

    @on(RowList.Moved)
    def _moved(self) -> None:
        problem = self.current
        if problem is not None:
            self._number += 1
            self._look(problem, self._number)

    @threaded("look")
    def _look(self, problem: FileProblem, number: int) -> None:
        try:
            detail = look(self.workspace, problem)
        except TreeError as error:
            detail = ProblemDetail(problem._replace(message=str(error), line=0))
        if not get_current_worker().is_cancelled:
            self.post_message(ProblemDetailRead(number, detail))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong."""
        if event.state is WorkerState.ERROR:
            self.tell(t(("▲", "err"), f" This did not work: {event.worker.error}"), stay=True)

    @on(ProblemDetailRead)
    def _looked(self, message: ProblemDetailRead) -> None:
        detail = message.detail
        if detail is not None and message.number == self._number and self._problems:
            self._page.show(lambda width: detail_rows(detail, width, self.context.now()))

    # ── narrow: a page each ───────────────────────────────────────────────────

    @on(RowList.Chosen)
    def _chosen(self) -> None:
        if self.has_class("-page"):
            self._read(True)
        else:
            self.action_accept()

    def _read(self, reading: bool) -> None:
        self._reading = reading
        self.set_class(reading, "-reading")
        (self._page if reading else self._list).focus()

    def action_back(self) -> None:
        """Go back to the list, or to the screen before."""
        if self._reading and self.has_class("-page"):
            self._read(False)
        else:
            self.dismiss()

    # ── what can be done ──────────────────────────────────────────────────────

    def action_accept(self) -> None:
        """Show the first entry of the file."""
        problem = self.current
        if problem is None:
            return
        record = self.workspace.tree.snapshot.records.get(problem.file)
        entries = sorted(record.entries if record is not None else (), key=lambda e: e.line)
        at = [e for e in entries if e.line <= problem.line] or entries
        if at:
            self.context.show_entry(at[-1].id)
        else:
            self.tell(t(("!", "warn"), " There is no entry in ", plain(problem.file)))

    def action_edit_file(self) -> None:
        """Open the file in `$EDITOR`, at the problem."""
        if self.current is not None:
            self.context.ask(EditInEditor(self.current.file, self.current.line))

    def action_file_history(self) -> None:
        """Show what became of the file, and when it broke."""
        if self.current is not None:
            self.context.ask(OpenFileHistory(self.current.file))

    def action_copy(self) -> None:
        """Copy the problem as one line."""
        problem = self.current
        if problem is not None:
            self.copy_text(f"{problem.file}{where(problem)}: {problem.message}\n", "the problem")

    # ── repair ────────────────────────────────────────────────────────────────

    def action_repair(self) -> None:
        """Plan the repair of the file and show it; of a merge conflict, ask for a side first."""
        problem = self.current
        if problem is not None and problem.code == "conflict":
            self._ask_side(problem.file)
        elif problem is not None:
            self._plan(problem)

    def _ask_side(self, file: str) -> None:
        words = "The markers of every conflict go, and one side of each stays. You see what changes first."
        body = t(plain(file), (f"  {words}", "muted"))
        answers = [
            Answer("stay", "escape", "leave them"),
            Answer("ours", "1", "ours"),
            Answer("theirs", "2", "theirs"),
            Answer("both", "3", "both, one after the other"),
        ]

        def answered(answer: str | None) -> None:
            side: Side | None = next((one for one in SIDES if one == answer), None)
            if side is not None:
                self._resolve(file, side)

        self.app.push_screen(QuestionScreen("Which side of the conflict?", [body], answers), answered)

    @threaded("plan")
    def _resolve(self, file: str, side: Side) -> None:
        try:
            document = self.workspace.tree.document(file)
            after = resolve_conflicts(document, side).to_bytes()
            message = f"memory: settle the conflict in {file}"
            plan = self.workspace.planner.replace(file, after, base=document.to_bytes(), message=message)
        except (CannotEdit, TreeError, OSError) as error:
            self.post_message(RepairPlanned(None, str(error)))
        else:
            self.post_message(RepairPlanned(plan))

    @threaded("plan")
    def _plan(self, problem: FileProblem) -> None:
        try:
            self.post_message(RepairPlanned(self.workspace.planner.repair(problem.file)))
        except (CannotEdit, TreeError) as error:
            self.post_message(RepairPlanned(None, str(error)))

    @on(RepairPlanned)
    def _review(self, message: RepairPlanned) -> None:
        if message.plan is None:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
            return
        file = message.plan.changes[0].file

        def reviewed(outcome: Saved | Conflict | None) -> None:
            if isinstance(outcome, Conflict):
                self.tell(t(("!", "warn"), f" {outcome}"), stay=True)
                self.context.action_reload()
            elif outcome is not None:
                self.context.tell_saved(outcome, file.rpartition("/")[2], "Repaired")

        title, back = f"Repair of {file}", "back to the problems"
        self.context.ask(ReviewPlan(message.plan, title, reviewed, back))

    def action_repair_all(self) -> None:
        """Show what mends without a guess in all files; saved, it is one commit."""
        workspace = self.workspace

        def make() -> Plan:
            from index.model.plan import together

            plans = workspace.planner.repairs()
            if not plans:
                raise CannotEdit("No file can be repaired without a guess: r shows the repair of one.")
            return together(plans, f"memory: repair {len(plans)} files" if plans[1:] else plans[0].message)

        what = "all that needs no guess"
        self.context.ask(Propose(make, f"Repair of {what}", what, "Repaired"))
