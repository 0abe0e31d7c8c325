"""Which screen, or which flow, answers a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from tui import requests

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.context import AppContext


def answer(app: AppContext, request: requests.Request) -> None:
    """Open the screen asked for, or do the action."""
    if isinstance(request, requests.Place):
        app.push_screen(_screen(request))
    else:
        _do(app, request)


def _screen(place: requests.Place) -> Screen[None]:
    """Return the screen that shows a place; its module is loaded by then."""
    match place:
        case requests.EditEntry(entry_id):
            from tui.screens.editing.edit import EditScreen

            return EditScreen(entry_id)
        case requests.EditMarkup(entry_id, title):
            from tui.screens.editing.edit_source import EditSource

            return EditSource(entry_id, title)
        case requests.OpenHistory(entry_id, title):
            from tui.screens.history.history import History

            return History(entry_id, title)
        case requests.OpenFileHistory(file):
            from tui.screens.history.file_history import FileHistory

            return FileHistory(file)
        case requests.OpenAtCommit(spot, compare):
            from tui.screens.browse.entry_at_commit import AtCommitScreen

            return AtCommitScreen(spot, compare=compare)
        case _:
            assert_never(place)


def _do(app: AppContext, deed: requests.Deed) -> None:
    from tui.flows.editing import change_flow, edit_flow, interrupted_changes
    from tui.flows.editing.proposing import propose
    from tui.flows.moving import following
    from tui.flows.running import user_commands
    from tui.flows.taking import copying, export_flow

    match deed:
        case requests.EditInEditor(file, line):
            edit_flow.edit_in_editor(app, file, line)
        case requests.RunCommand(words, entry):
            user_commands.run_command(app, words, entry)
        case requests.ChangeEntries(how, entries, warning):
            change_flow.CHANGES[how](app, entries, warning)
        case requests.CopyEntries():
            copying.copy_entries(app, deed)
        case requests.ExportEntries(entries):
            export_flow.export(app, entries)
        case requests.SetField(ids):
            change_flow.set_field(app, ids)
        case requests.FollowOne(places):
            following.follow_one(app, places)
        case requests.Revive(gone, warning):
            change_flow.revive(app, gone, warning)
        case requests.GoOn(left):
            change_flow.go_on(app, left)
        case requests.Propose():
            propose(app, deed)
        case requests.EndInterrupted():
            interrupted_changes.ask(app)
        case _:
            assert_never(deed)
