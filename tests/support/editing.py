"""An entry's fields and its source changed in the app, up to the review."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import TextArea
from textual.widgets.text_area import Document

from tests.support.pilot import ready, said, settle
from tests.support.shop import SOLUTION
from tui.app import Memarium
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.edit_source import EditSource
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.editing.message_text import MessageText


async def edit(pilot: Pilot[None], field: str | None = "prevention", entry: str = SOLUTION) -> EditScreen:
    """Open the editor on a field."""
    await ready(pilot)
    screen = EditScreen(entry)
    await pilot.app.push_screen(screen)
    if field is not None:
        screen.editor.open(field)
    await settle(pilot)
    return screen


async def write(pilot: Pilot[None], text: str) -> None:
    """Replace what stands in the field, in one step, as a paste does."""
    area = pilot.app.screen.query_one(TextArea)
    area.replace(text, area.document.start, area.document.end)
    await pilot.pause()


NEW = "Alert when fewer than 10 % are idle for two minutes\nLoad test with twice the peak before a sale"


async def review(pilot: Pilot[None], text: str = NEW, message: str | None = None) -> ReviewScreen:
    """Bring an edit of the prevention to its review."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    assert app.workspace is not None
    edit = app.workspace.planner.edit(SOLUTION, {"prevention": text})
    screen = ReviewScreen(edit, "Database connection pool exhaustion under load")
    await app.push_screen(screen)
    await settle(pilot)
    if message is not None:
        screen.query_one(MessageText).text = message
        screen.query_one(MessageText).move_cursor(screen.query_one(MessageText).document.end)
    return screen


def outcome(screen: ReviewScreen) -> str:
    return said(screen.query_one("#outcome", Paragraphs))


async def edit_source(
    pilot: Pilot[None],
    entry: str = SOLUTION,
    title: str = "Database connection pool exhaustion under load",
) -> EditSource:
    """Open the source of an entry."""
    await ready(pilot)
    screen = EditSource(entry, title)
    await pilot.app.push_screen(screen)
    await settle(pilot)
    return screen


async def swap(pilot: Pilot[None], old: str, new: str) -> None:
    """Put one text in the place of another, in one step."""
    area = pilot.app.screen.query_one(TextArea)
    assert isinstance(area.document, Document)
    start = area.text.index(old)
    locate = area.document.get_location_from_index
    area.replace(new, locate(start), locate(start + len(old)))
    await settle(pilot)
