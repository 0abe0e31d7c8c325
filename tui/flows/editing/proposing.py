"""The one way of a change: it is planned, reviewed, saved or in conflict, and told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.model.errors import Conflict, NotEnded
from tui.actions import key
from tui.data.tree_workers import Progress
from tui.requests import EndInterrupted
from tui.screens.base.frame import front
from tui.screens.editing.review import ReviewScreen
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.plan import Plan, Saved
    from tui.context import AppContext
    from tui.requests import Propose

_SLOW = 0.3
"""Seconds after which it is said that something is being planned: a tag may be in hundreds of files."""


def propose(app: AppContext, wanted: Propose) -> None:
    """Plan a change in a thread, show its review, save it, and tell the outcome."""
    asker = front(app.screen_stack)

    def planned(plan: Plan) -> None:
        app.post_message(Progress(""))
        if asker not in app.screen_stack:
            wanted.left(plan)
        elif not plan.changed:
            app.tell(t(("Already identical: nothing to change.", "muted")))
        else:
            shown = replace(plan, message=wanted.message or plan.message)
            review = ReviewScreen(shown, wanted.title, wanted.back, wanted.typed)
            app.push_screen(review, lambda outcome: reviewed(plan, outcome))

    def failed(error: Exception) -> None:
        app.post_message(Progress(""))
        if isinstance(error, Conflict) and wanted.conflict is not None:
            wanted.conflict(error)
        elif wanted.refused is not None:
            wanted.refused(error)
        else:
            app.refuse(error)
        if isinstance(error, NotEnded):
            app.ask(EndInterrupted())

    def reviewed(plan: Plan, outcome: Saved | Conflict | None) -> None:
        if outcome is None:
            wanted.left(plan)
        elif not isinstance(outcome, Conflict):
            wanted.then(outcome.anew or plan)
            tell_saved(app, outcome, wanted.what, wanted.done)
        elif wanted.conflict is not None:
            wanted.conflict(outcome)
        else:
            app.tell(t(("!", "warn"), " ", plain(str(outcome)), " Look at it as it is now."))
            propose(app, wanted)

    planning = app.look_up(
        "plan", lambda workspace: workspace.committer.check(wanted.make()), planned, failed
    )
    app.set_timer(_SLOW, lambda: planning.is_finished or app.post_message(Progress("planning")))


def tell_saved(app: AppContext, saved: Saved, what: str, done: str = "Saved") -> None:
    """Tell of a save, and read the tree again."""
    undo_key = (t("   ", (key("undo"), "strong"), (" undo", "muted")),) if saved.undoable else ()
    if saved.revision is None and app.workspace is not None and app.workspace.tree.repositories:
        app.tell(t(("!", "warn"), f" {done} ", plain(what), (f"  {saved.note}", "muted")), stay=True)
    elif saved.warning:
        told = f"{done} {(saved.revision or '')[:7]}. {saved.warning}"
        app.tell(t(("!", "warn"), " ", plain(told), *undo_key), stay=True)
    else:
        commit = f"  {saved.revision[:7]}" if saved.revision else "  not versioned"
        app.tell(t(("✓", "ok"), f" {done} ", plain(what), (commit, "muted"), *undo_key))
    app.action_reload()
