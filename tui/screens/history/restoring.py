"""Base of the screens that restore: a restore that is reviewed first, and copying."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.worker import Worker, WorkerState

from index.model.errors import Conflict
from tui.requests import ReviewPlan
from tui.runtime.threads import threaded
from tui.screens.base.frame import Frame
from tui.theme.drawing import t

if TYPE_CHECKING:
    from index.model.plan import Plan
    from index.model.saved import Saved


class RestorePlanned(Message):
    """A restore is planned, or why there is none."""

    def __init__(self, plan: Plan | None, title: str, error: str = "") -> None:
        super().__init__()
        self.plan, self.title, self.error = plan, title, error


class Restoring(Frame[None]):
    """A screen from which something comes back."""

    BACK = "back"
    """Words of the review for leaving without a restore."""

    def plan(self, make: Callable[[], Plan], title: str) -> None:
        """Plan a restore in a worker, then show its review."""
        self._plan(make, title)

    @threaded("plan")
    def _plan(self, make: Callable[[], Plan], title: str) -> None:
        from index.model.errors import Refused, TreeError
        from index.model.plan import CannotEdit

        try:
            self.post_message(RestorePlanned(make(), title))
        except (CannotEdit, Refused, TreeError, OSError) as error:
            self.post_message(RestorePlanned(None, title, str(error)))

    @on(RestorePlanned)
    def _review(self, message: RestorePlanned) -> None:
        plan = message.plan
        if plan is None:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
            return
        if not plan.changed:
            self.tell(t(("!", "warn"), " It is like that already: there is nothing to restore."))
            return

        def reviewed(outcome: Saved | Conflict | None) -> None:
            if isinstance(outcome, Conflict):
                self.tell(t(("!", "warn"), f" {outcome}"), stay=True)
                self.context.action_reload()
            elif outcome is not None:
                self.restored(outcome.anew or plan)
                self.context.tell_saved(outcome, message.title, "Restored")

        self.context.ask(ReviewPlan(plan, message.title, reviewed, self.BACK))

    def restored(self, plan: Plan) -> None:
        """Know that a restore is saved."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong."""
        if event.state is WorkerState.ERROR:
            self.tell(t(("▲", "err"), f" This did not work: {event.worker.error}"), stay=True)


def restored_id(plan: Plan) -> str:
    """Return the id that an entry has after it was put back."""
    from index.formats.xml.document import Document
    from index.formats.xml.document_entries import entries_of

    change, known = plan.changes[0], plan.entries[0]
    before, after = (
        {entry.id for entry in entries_of(Document.parse(data or b"", change.file), change.file)}
        for data in (change.before, change.after)
    )
    come = after - before
    return come.pop() if known not in after and len(come) == 1 else known
