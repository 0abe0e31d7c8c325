"""The way to a place that a page names: an entry, a file of the project, a web page."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from index.model.errors import EditorError
from index.storage.external_editor import editor_command
from tui.runtime.clipboard import copy
from tui.runtime.web_browser import open_in_browser
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.addresses import Destination
    from tui.context import AppContext


def follow_one(app: AppContext, places: Sequence[Destination]) -> None:
    """Go to a place; ask to which where there are several, and say so where there is none."""
    if not places:
        app.tell(t(("There is no link on this page.", "muted")))
        return
    if len(places) == 1:
        _follow(app, places[0])
        return

    items = [Item(str(n), place.name, note=_note(place)) for n, place in enumerate(places)]
    pick(app, Picker(items, "Follow which link?", "links"), lambda number: _follow(app, places[int(number)]))


def _note(place: Destination) -> str:
    return "web" if place.url else "file" if place.path else ""


def _follow(app: AppContext, place: Destination) -> None:
    if place.url:
        _ask_web(app, place.url)
    elif place.path:
        _open_file(app, place)
    else:
        app.show_entry(place.entry_id)


def _ask_web(app: AppContext, url: str) -> None:
    """Show the whole address, and ask for an action."""

    def copy_url() -> None:
        app.look_up(
            "copy",
            lambda _: copy(url, partial(app.call_from_thread, app.copy_to_clipboard)),
            lambda _: app.tell(t(("✓", "ok"), " Copied the address")),
        )

    def open_url() -> None:
        app.look_up("browser", lambda _: open_in_browser(url), partial(_tell_opened, app))

    answers = [
        Answer("escape", "cancel"),
        Answer("y", "copy", copy_url),
        Answer("enter", "open in the browser", open_url),
    ]
    ask(app, QuestionScreen("Open this address?", [t((url, "text"))], answers))


def _tell_opened(app: AppContext, opened: bool) -> None:
    if opened:
        app.tell(t(("✓", "ok"), " Opened in the browser"))
    else:
        app.refuse("No browser could be opened. Copy the address and open it elsewhere.")


def _open_file(app: AppContext, place: Destination) -> None:
    """Hand the terminal to the user's editor, at the line of the file."""
    try:
        command = editor_command(Path(place.path), place.line)
        with app.suspend():
            subprocess.run(command, check=False)
    except (EditorError, OSError) as error:
        app.refuse(str(error))
    except SuspendNotSupported:
        app.refuse(f"This terminal cannot be handed to an editor. The file is {place.path}.")
    else:
        app.refresh(layout=True)
        app.tell(t(("✓", "ok"), " Closed ", plain(place.name)))
