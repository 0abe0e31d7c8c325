"""Keys that need entries and are pressed before these are read: they wait, and act once they are shown."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from index.library.tree import Tree
from index.model.file_record import FileProblem, TreeFile
from index.model.store_places import Scope
from index.storage.scan import scan
from tests.support.garden import browsed, open_garden
from tests.support.pilot import said, settle, until
from tui.app import Memarium
from tui.screens.base.copy_menu import CopyMenu
from tui.screens.base.picker import Picker
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.history import History
from tui.widgets.base.toast import Toast

WAIT = "The entries are still being read: your keys wait, esc drops them."
DROPPED = "The keys that waited are dropped."


class Held:
    """A tree that is being read until it may go on."""

    def __init__(self, pilot: Pilot[None], go_on: threading.Event) -> None:
        self.pilot, self.go_on = pilot, go_on
        app = pilot.app
        assert isinstance(app, Memarium)
        self.app = app
        browse = app.screen
        assert isinstance(browse, Browse)
        self.browse = browse

    async def read(self) -> None:
        """Let it be read, and the keys act."""
        self.go_on.set()
        await until(self.pilot, lambda: self.app.started and not self.app.held.waiting, 120)
        await settle(self.pilot)

    async def says(self, words: str) -> None:
        """Wait until the toast ends with these words."""
        await until(self.pilot, lambda: self.told().endswith(words))

    def told(self) -> str:
        toast = self.browse.query_one(Toast)
        return " ".join(said(toast).split()) if toast.display else ""


@pytest.fixture(params=["first visit", "page of last time"])
async def again(request: pytest.FixtureRequest, garden: Path) -> bool:
    """Open the tree once before, or not; return whether its page is shown at first."""
    page: bool = request.param != "first visit"
    if page:
        async with open_garden(garden).run_test(size=(120, 36)) as pilot:
            await browsed(pilot)
    return page


@asynccontextmanager
async def reading(
    garden: Path, monkeypatch: pytest.MonkeyPatch, page: bool, fault: Exception | None = None
) -> AsyncIterator[Held]:
    """Open the app on a tree that is not read before it is told to; `fault`: it cannot be."""
    go_on = threading.Event()

    def slowly(root: Path, scope: Scope, beside: Path | None) -> tuple[list[TreeFile], list[FileProblem]]:
        go_on.wait()
        return scan(root, scope, beside)

    def fail(*_: object, **__: object) -> None:
        go_on.wait()
        assert fault is not None
        raise fault

    monkeypatch.setattr("index.library.reader.scan", slowly)
    if fault is not None:
        monkeypatch.setattr(Tree, "load", fail)
    app = open_garden(garden)
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: (app.page is not None) == page)
            held = Held(pilot, go_on)
            if page:
                await until(pilot, lambda: held.browse.results.count == 14)
            yield held
    finally:
        go_on.set()


async def test_the_form_of_the_second_entry_opens_and_takes_the_letters(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("j", "e", "Z", "j", "d")
        assert held.app.screen is held.browse
        await held.says(WAIT)
        await held.read()
        screen = held.app.screen
        assert isinstance(screen, EditScreen)
        assert held.browse.results.cursor == 1
        assert screen.unsaved
        assert any("Zjd" in text for text in screen.draft.changes().values() if isinstance(text, str))
        assert held.told() == ""


@pytest.mark.parametrize(
    ("key", "kind"), [("H", History), ("d", ReviewScreen), ("M", Picker), ("y", CopyMenu)]
)
async def test_a_key_opens_what_it_opens_later(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool, key: str, kind: type
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press(key)
        await held.read()
        assert isinstance(held.app.screen, kind)


async def test_behind_a_key_that_needs_no_entries_one_that_does_waits(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        for key in ("f1", "escape", "e", "Z"):
            held.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await held.says(WAIT)
        assert held.app.screen is held.browse
        await held.read()
        screen = held.app.screen
        assert isinstance(screen, EditScreen)
        assert any("Z" in text for text in screen.draft.changes().values() if isinstance(text, str))


async def test_marks_are_made_and_taken(garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("space", "v", "j", "T", "n", "e", "w", "enter")
        await held.read()
        assert isinstance(held.app.screen, ReviewScreen)
        assert len(held.browse.marked) == 3


async def test_nothing_waits_once_the_tree_is_read(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("j", "space")
        await held.read()
        assert len(held.browse.marked) == 1
        place = held.browse.results.cursor
        await held.pilot.press("j", "space")
        await until(held.pilot, lambda: held.browse.results.cursor == place + 2)
        assert len(held.browse.marked) == 2
        assert not held.app.held.takes(events.Key("e", "e"))


async def test_what_is_searched_for_meanwhile_is_typed_at_once(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("slash", "p", "o", "o", "l")
        await until(held.pilot, lambda: held.browse.search.text == "pool")
        # An enter that is pressed before the terminal gives single keys arrives as the end of a line.
        await held.pilot.press(*(("down",) if again else ("ctrl+j",)), "e", "Z")
        await held.read()
        assert isinstance(held.app.screen, EditScreen)
        assert held.app.screen.unsaved
        assert held.browse.search.text == "pool"


async def test_escape_and_the_mouse_drop_what_waits(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("e", "x", "escape")
        await held.says(DROPPED)
        await held.pilot.press("d")
        await held.says(WAIT)
        await held.pilot.click("#rule")
        await held.read()
        assert held.app.screen is held.browse
        assert held.browse.marked == []


async def test_what_waits_is_dropped_when_the_tree_cannot_be_read(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again, OSError("The disk is gone.")) as held:
        await held.pilot.press("e", "x")
        held.go_on.set()
        await until(held.pilot, lambda: "The disk is gone." in held.told())
        await held.says(DROPPED)
        await held.pilot.press("p")
        await until(held.pilot, lambda: held.app.screen is not held.browse)


async def test_ctrl_q_quits_whatever_waits(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("e", "x", "ctrl+q")
        await until(held.pilot, lambda: not held.app.is_running)


async def test_an_entry_that_came_meanwhile_is_not_taken_for_the_one_in_sight(
    garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_garden(garden).run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
    later = "<lessons><lesson><date>2025-11-23</date><title>Later</title></lesson></lessons>"
    (garden / "later.xml").write_text(later)
    async with reading(garden, monkeypatch, True) as held:
        seen = held.browse.entry
        assert seen is not None
        await held.pilot.press("H")
        await held.read()
        assert isinstance(held.app.screen, History)
        assert held.browse.results.count == 15
        assert held.browse.entry is not None
        assert held.browse.entry.id == seen.id


async def test_a_letter_before_ctrl_q_is_not_lost_to_it(
    garden: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    async with reading(garden, monkeypatch, again) as held:
        await held.pilot.press("e")
        held.go_on.set()
        async with asyncio.timeout(120):
            while not isinstance(held.app.screen, EditScreen):  # noqa: ASYNC110 - the moment is what matters
                await asyncio.sleep(0)
        held.app.post_message(events.Key("Z", "Z"))
        held.app.post_message(events.Key("ctrl+q", None))
        await until(held.pilot, lambda: isinstance(held.app.screen, QuestionScreen))
