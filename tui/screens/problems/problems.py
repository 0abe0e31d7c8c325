"""Every problem of the tree, its repair shown before it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from index.formats.conflict_markers import Side, resolutions
from index.model.commits import proposed
from index.model.errors import TreeError
from index.model.file_record import NOTICES, FileProblem
from index.model.plan import CannotEdit
from tui.actions import Hint, bindings, key
from tui.requests import EditInEditor, OpenFileHistory, Propose
from tui.screens.base.frame import Frame
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.theme.drawing import BLANK, plain, t, tally
from tui.widgets.base.lines import Lines
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.row_list import RowList
from tui.widgets.problems.limit_gauges import TreeLook, gauge_lines, look_on
from tui.widgets.problems.problem_list import ProblemDetail, ProblemList, detail_rows, look, where

if TYPE_CHECKING:
    from index.model.plan import Plan
    from index.workspace import Workspace

LEGEND = (t("  ", ("▲", "err"), (" broken", "muted")), t("  ", ("!", "warn"), (" warning", "muted")))
EMPTY = nothing("No problems", "Every file can be read, and none needs a look.")
LOOKING = nothing("All files can be read", "Looking for dead links and the like …")


def only_escapes(problems: Iterable[FileProblem]) -> list[str]:
    """Return the files of which a repair mends something without a guess, in the order of the list."""
    sure = (p.file for p in problems if p.level == "error" and p.repairable and not p.guesses)
    return list(dict.fromkeys(sure))


class Problems(Frame[None]):
    """The list at the left, the problem under the cursor at the right; narrow, one after the other."""

    CSS_PATH = "problems.tcss"
    BINDINGS = bindings("repair", "repair_all", "edit_file", "file_history", "copy", "accept")
    HELP_TITLE = "Keys: problems"
    PLACE = "problems"
    AUTO_FOCUS = "#problems"

    def make_panes(self) -> ListAndPage:
        """Return list and problem."""
        self._list, self._page = ProblemList(), Lines(id="problem")
        self._notices: list[FileProblem] | None = None
        """Notices of the tree; None until they are found."""
        left = Vertical(self._list, Paragraphs(*LEGEND, id="legend"))
        self._panes = ListAndPage(self._list, self._page, left=left)
        return self._panes

    def on_mount(self) -> None:
        """Show the problems, now and whenever the tree changes."""
        self.watch(self.app, "generation", self._renew)

    def footer_keys(self, focused: Widget | None) -> list[Hint]:
        """Return the keys; how many can be repaired at once is said with the key."""
        current = self._list.current
        if current is not None and current.code in NOTICES:
            first: Hint = ("deleted", "restore") if current.code == "vanished" else ("accept", "the entry")
            return self._panes.keys([first, ("edit_file", "open in $EDITOR"), "copy", "back"])
        mendable = len(only_escapes(self._list.items))
        every: list[Hint] = [("repair_all", f"repair all {mendable:,}")] if mendable > 1 else []
        rest: list[Hint] = [("edit_file", "open in $EDITOR"), ("accept", "its entries"), "copy", "back"]
        return self._panes.keys(["repair", *every, *rest])

    # ── what is shown ─────────────────────────────────────────────────────────

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        current, idle = self._list.current, super().idle()
        file = current.file if current is not None else ""
        if not only_escapes(self._list.items):
            idle.add("repair_all")
        if not any(p.repairable or p.code == "conflict" for p in self._list.items if p.file == file):
            idle.add("repair")
        if current is None or not current.is_of_file:
            idle |= {"accept", "edit_file", "file_history"}
        return idle | (set() if current is not None else {"copy"})

    def _renew(self) -> None:
        """Show the problems that reading has found, and look for notices."""
        self._show_problems()
        now = self.context.now()
        self.look_up("notices", lambda workspace: look_on(workspace, now), self._add_notices)

    def _add_notices(self, found: TreeLook) -> None:
        self._notices = found.notices
        self.query_one("#legend", Paragraphs).lines = (*LEGEND, *gauge_lines(found.gauges))
        self._show_problems()

    def _show_problems(self) -> None:
        problems = self.workspace.tree.problems() + (self._notices or [])
        self._list.list_items(problems)
        broken = len({p.file for p in problems if p.level == "error"})
        counts = (broken, "broken file"), (sum(p.level != "error" for p in problems), "warning")
        facts = [tally(count, one) for count, one in counts if count]
        facts += [t(("still checking …", "muted"))] if self._notices is None else []
        note = t((" · ", "muted")).join(facts)
        self.set_title(t(("Problems", "strong")), note if problems else BLANK)
        self._panes.show_nothing(() if problems else EMPTY if self._notices is not None else LOOKING)
        self.refresh_keys()

    @on(RowList.Moved)
    def _moved(self) -> None:
        problem = self._list.current
        if problem is not None:
            self.look_up("look", partial(self._look, problem), self._looked)
        self.refresh_keys()

    def _look(self, problem: FileProblem, workspace: Workspace) -> ProblemDetail:
        try:
            return look(workspace, problem)
        except TreeError as error:
            return ProblemDetail(problem._replace(message=str(error), line=0))

    def _looked(self, detail: ProblemDetail) -> None:
        if self._list.items:
            self._page.show(lambda width: detail_rows(detail, width, self.context.now()))

    @on(RowList.Chosen)
    async def _chosen(self) -> None:
        if self.has_class("-page"):
            self._panes.read()
        else:
            await self.action_accept()

    # ── what can be done ──────────────────────────────────────────────────────

    @property
    def _file_problem(self) -> FileProblem | None:
        """The problem under the cursor, where it is about one file."""
        problem = self._list.current
        return problem if problem is not None and problem.is_of_file else None

    async def action_accept(self) -> None:
        """Show the entry of the problem; for entries that are gone, those that were deleted."""
        problem = self._file_problem
        if problem is None:
            return
        if problem.code == "vanished":
            await self.context.perform("deleted")
            return
        record = self.workspace.tree.snapshot.records.get(problem.file)
        entries = sorted(record.entries if record is not None else (), key=lambda e: e.line)
        at = [e for e in entries if e.line <= problem.line] or entries[:1]
        if at:
            self.context.show_entry(at[-1].id)
        else:
            self.warn(f"There is no entry in {problem.file}")

    def action_edit_file(self) -> None:
        """Open the file in `$EDITOR`, at the problem."""
        problem = self._file_problem
        if problem is not None:
            self.context.ask(EditInEditor(problem.file, problem.line))

    def action_file_history(self) -> None:
        """Show the history of the file, and when it broke."""
        problem = self._file_problem
        if problem is not None:
            self.context.ask(OpenFileHistory(problem.file))

    def action_copy(self) -> None:
        """Copy the problem as one line."""
        problem = self._list.current
        if problem is not None:
            self.copy_text(f"{problem.file}{where(problem)}: {problem.message}\n", "the problem")

    # ── repair ────────────────────────────────────────────────────────────────

    def action_repair(self) -> None:
        """Plan the repair of the file and show it; of a merge conflict, ask for a side first."""
        problem = self._list.current
        if problem is not None and problem.code in NOTICES:
            self.warn("There is nothing to repair: the file is well-formed")
        elif problem is not None and problem.code == "conflict":
            self._ask_side(problem.file)
        elif problem is not None:
            self._repair(problem.file, partial(self.workspace.planner.repair, problem.file))

    def _ask_side(self, file: str) -> None:
        words = "The conflict markers go, and one side of each conflict stays. You see what changes first."
        body = t(plain(file), (f"  {words}", "muted"))

        def keep(side: Side) -> None:
            self._repair(file, partial(_settled, self.workspace, file, side))

        answers = [
            Answer("escape", "cancel"),
            Answer("1", "ours", partial(keep, "ours")),
            Answer("2", "theirs", partial(keep, "theirs")),
            Answer("3", "both, one after the other", partial(keep, "both")),
        ]
        ask(self.context, QuestionScreen("Which side of the conflict?", [body], answers))

    def _repair(self, file: str, make: Callable[[], Plan]) -> None:
        what, back = file.rpartition("/")[2], "cancel"
        self.context.ask(Propose(make, f"Repair of {file}", what, "Repaired", back=back))

    def action_repair_all(self) -> None:
        """Show the repairs without a guess in all files; saved, it is one commit."""
        what = "all safe problems"
        self.context.ask(Propose(partial(_mended, self.workspace), f"Fix {what}", what, "Fixed"))


def _settled(workspace: Workspace, file: str, side: Side) -> Plan:
    """Plan to keep one side of every conflict of a file."""
    document = workspace.tree.document(file)
    after = document.spliced(resolutions(document.source, side)).to_bytes()
    message = proposed(f"resolve the conflict in {file}")
    return workspace.planner.replace(file, after, base=document.to_bytes(), message=message)


def _mended(workspace: Workspace) -> Plan:
    """Plan the repair of every file that needs no guess."""
    from index.model.plan import together

    plans = workspace.planner.repairs()
    if not plans:
        raise CannotEdit(f"No file can be fixed without a review: {key('repair')} shows the fix of one.")
    return together(plans, proposed(f"repair {len(plans)} files") if plans[1:] else plans[0].message)
