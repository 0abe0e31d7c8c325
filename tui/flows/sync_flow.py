"""Sync from its key to its end: in a thread, with the conflicts chosen in between, nothing held up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tui.actions import key, keys_of
from tui.context import opened
from tui.data.tree_workers import Progress, look_at_git
from tui.screens.base.frame import Frame, is_typing
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.draft import Draft
    from index.model.merge_outcomes import ConflictSides, MergeConflict, Outcome
    from index.workspace import Workspace
    from tui.context import AppContext
    from tui.screens.sync.conflicts import ConflictChoice, Key

_GROUP = "sync"


class SyncAnswers(NamedTuple):
    """The user's choices and the conflicts they are for; they hold for no others."""

    conflicts: Sequence[MergeConflict]
    source: str
    """Name of the other side."""
    choices: Mapping[Key, ConflictChoice]
    sides: Mapping[str, ConflictSides] = {}
    """Who changed each entry last, here and there, by its id."""

    def choose(self, conflicts: Sequence[MergeConflict]) -> dict[Key, str] | None:
        """Give the choices when nothing changed meanwhile; None: nothing is merged."""
        if not set(self.conflicts).issuperset(conflicts):
            return None
        return {(one.entry, one.field): self.choices[one.entry, one.field].text for one in conflicts}

    def and_more(self, conflicts: Sequence[MergeConflict], sides: Mapping[str, ConflictSides]) -> SyncAnswers:
        """Return them with conflicts that these choices led to."""
        return self._replace(conflicts=(*self.conflicts, *conflicts), sides={**self.sides, **sides})


def _stops() -> str:
    return f"   {key('sync')} stops it"


def sync(app: AppContext, answers: SyncAnswers | None = None) -> None:
    """Fetch, merge by entry, push, and tell the outcome."""
    from tui.screens.sync.conflicts import Conflicts

    workspace = opened(app)
    if answers is None and any(isinstance(screen, Conflicts) for screen in app.screen_stack):
        return  # it is being chosen
    if is_syncing(app):
        _ask_to_stop(app, workspace)
        return
    app.in_thread(lambda: _run(app, workspace, answers), _GROUP, exclusive=False)


def is_syncing(app: AppContext) -> bool:
    """Return whether a sync goes on."""
    return any(worker.group == _GROUP and not worker.is_finished for worker in app.workers)


def _ask_to_stop(app: AppContext, workspace: Workspace) -> None:
    """Ask whether the sync is to be stopped: its fetch, or the hook that it waits for."""

    def stop() -> None:
        if workspace.tree.repository is not None and is_syncing(app):
            workspace.tree.repository.watcher.stop.set()

    answers = [Answer("escape", "keep syncing"), Answer(keys_of("sync")[0], "stop it", stop)]
    body = [plain(app.status.task.removesuffix(_stops()), "muted")]
    ask(app, QuestionScreen("The sync is still going on", body, answers))


def _run(app: AppContext, workspace: Workspace, answers: SyncAnswers | None) -> None:
    """Do it; runs in a thread."""
    from index.model.errors import EditRefused, Emptied, HistoryError, TreeError
    from tui.screens.sync.conflicts import drop_typed

    def tell(step: str) -> None:
        app.post_message(Progress(step))

    taken: list[Mapping[Key, str]] = []

    def choose(conflicts: Sequence[MergeConflict]) -> Mapping[Key, str] | None:
        chosen = answers.choose(conflicts) if answers is not None else None
        taken.extend([chosen] if chosen else [])
        return chosen

    tell("syncing")
    repository = workspace.tree.repository
    try:
        if repository is not None:
            repository.watcher.stop.clear()
            repository.watcher.tell = lambda line: tell(f"{line}{_stops()}" if line else "syncing")
        outcome = workspace.history.sync(choose if answers else None, tell)
        source = repository.upstream() if repository is not None and outcome.conflicts else ""
        sides = workspace.history.conflict_sides(outcome.conflicts) if source else {}
        left = workspace.status.drafts.find(source, "merge") if source and answers is None else None
    except EditRefused as error:
        why = f"A text that you wrote does not fit there: {error} Nothing was merged."
        app.call_from_thread(_refused, app, why, answers)
    except Emptied as error:
        app.call_from_thread(_ask_deleted, app, str(error), answers)
    except (HistoryError, TreeError, OSError) as error:
        app.call_from_thread(_refused, app, str(error), answers)
    else:
        if outcome.conflicts:
            look_at_git(workspace, app.post_message)  # what was fetched is ahead of the branch by now
            asked = SyncAnswers(outcome.conflicts, source, {}, sides)
            if answers is not None and taken:
                asked = answers.and_more(outcome.conflicts, sides)
            app.call_from_thread(_ask_again, app, asked, answers, left)
        else:
            app.call_from_thread(_done, app, outcome)
            if answers is not None:
                drop_typed(workspace.status.drafts, answers.source)
    finally:
        tell("")


def _ask_again(app: AppContext, asked: SyncAnswers, answers: SyncAnswers | None, left: Draft | None) -> None:
    """Let the user choose; earlier choices for the very same conflicts still hold."""
    given = asked.choices
    note = ""
    if given:
        note = "What was chosen leaves more to choose: nothing was merged yet."
    elif answers is not None:
        known = {(one.entry, one.field) for one in set(answers.conflicts).intersection(asked.conflicts)}
        given = {key: choice for key, choice in answers.choices.items() if key in known}
        note = "It was changed again meanwhile: nothing was merged."
    elif _is_busy(app):
        later = f"{key('sync')} shows it when you are done here"
        words = f" Both sides changed the same. Nothing was merged: {later}."
        app.tell(t(("!", "warn"), words), stay=True)
        return
    _ask(app, asked._replace(choices=given), note, left)


def _ask(app: AppContext, asked: SyncAnswers, note: str = "", left: Draft | None = None) -> None:
    """Let the user choose, from the choices there are; then sync again with the answers."""
    from tui.screens.sync.conflicts import Conflicts

    conflicts, source, given, sides = asked
    there = opened(app).tree.snapshot.by_id
    titles = {entry_id: known.title for entry_id, known in sides.items() if known.title}
    titles |= {one.entry: there[one.entry].title for one in conflicts if one.entry in there}

    def chosen(choices: dict[Key, ConflictChoice] | None) -> None:
        if choices is None:
            app.tell(t(("Nothing was merged or pushed.", "muted")))
        else:
            sync(app, asked._replace(choices=choices))

    app.push_screen(Conflicts(conflicts, source, titles, given, note, left, sides), chosen)


def _refused(app: AppContext, sentence: str, answers: SyncAnswers | None) -> None:
    """Say why not; the choices are not lost."""
    if answers is None and _is_busy(app):
        app.tell(t(("▲ ", "err"), plain(sentence)), stay=True)
        return
    answer = Answer("enter", "close")
    if answers is not None:
        answer = Answer("enter", "back to the choice", partial(_ask, app, answers))
    ask(app, QuestionScreen("Not synced", [plain(sentence)], [answer]))


def _ask_deleted(app: AppContext, sentence: str, answers: SyncAnswers | None) -> None:
    """Ask whether it is meant that all or most memories go."""
    if answers is None and _is_busy(app):
        app.tell(t(("▲ ", "err"), plain(sentence)), stay=True)
        return

    def send() -> None:
        opened(app).tree.allow("deleted")
        sync(app, answers)

    choices = [Answer("escape", "cancel"), Answer("d", "sync the deletions", send)]
    ask(app, QuestionScreen("Sync the deletions?", [plain(sentence)], choices))


def _is_busy(app: AppContext) -> bool:
    """Whether the user is typing, or answering, by now: then nothing may float over that."""
    return not isinstance(app.screen, Frame) or app.screen.unsaved or is_typing(app.focused)


def _done(app: AppContext, outcome: Outcome) -> None:
    if outcome.complete:
        app.tell(t(("✓", "ok"), " ", plain(outcome.words)))
    elif _is_busy(app):
        app.tell(t(("!", "warn"), " ", plain(outcome.words)), stay=True)
    else:
        ask(app, QuestionScreen("Not pushed", [plain(outcome.words)], [Answer("enter", "close")]))
    if outcome.fetched:
        app.action_reload()
