"""What is typed survives the app: it is kept while it is typed, and offered when it was left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from index.model.draft import Draft, Typed
from index.storage.drafts import Drafts
from index.storage.user_folders import state_folder
from tests.support.editing import edit, edit_source, swap, write
from tests.support.git import git
from tests.support.pilot import NOW, WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.runtime import autosave
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.lines import Lines
from tui.widgets.editing.edit_lines import EditFoot, EditHead

PREVENTION = "Added connection pool monitoring and alerting"
TITLE = "Database connection pool exhaustion under load"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave, "DELAY", 0.01)


def drafts_of(root: Path) -> list[Path]:
    return sorted(state_folder(root).glob("drafts/*.json"))


def leave(root: Path, base: str = PREVENTION, text: str = "Typed before", **more: Any) -> None:
    """Leave what a killed session would have left."""
    drafts = Drafts(state_folder(root) / "drafts")
    markup = (root / FILE).read_text("utf-8")
    start = markup.index("<debugging-solution>")
    entry = markup[start : markup.index("</debugging-solution>") + len("</debugging-solution>")]
    drafts.keep(
        Draft(SOLUTION, TITLE, NOW.timestamp() - 7200, entry, {"prevention": Typed(base, text)}, **more)
    )
    drafts.close()


async def until_kept(pilot: Pilot[None], root: Path, text: str) -> None:
    await until(pilot, lambda: any(text in path.read_text("utf-8") for path in drafts_of(root)))


# ── keeping ───────────────────────────────────────────────────────────────────


async def test_what_is_typed_before_the_file_is_read_is_kept_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, go_on, read = make_shop(tmp_path), threading.Event(), EditScreen._read
    monkeypatch.setattr(EditScreen, "_read", lambda *given: go_on.wait(60) and read(*given))
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await app.push_screen(form := EditScreen(SOLUTION))
        form.editor.open("prevention")
        await write(pilot, "Mine, as yet unread")
        await until_kept(pilot, root, "Mine, as yet unread")
        go_on.set()
        await until(pilot, lambda: "<debugging-solution>" in drafts_of(root)[0].read_text("utf-8"))
        assert "Mine, as yet unread" in drafts_of(root)[0].read_text("utf-8")


async def test_what_is_typed_is_kept_until_it_is_saved(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        assert drafts_of(root) == []
        await write(pilot, "Mine, all of it")
        await until_kept(pilot, root, "Mine, all of it")
        assert drafts_of(root)[0].stat().st_mode & 0o777 == 0o600
        await press(pilot, "ctrl+s")
        app.screen.query_one(TextArea).text = "why I did it"
        await until_kept(pilot, root, "why I did it")
        await pilot.press("escape")
        await press(pilot, "ctrl+s")
        assert app.screen.query_one(TextArea).text == "why I did it"
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
        assert drafts_of(root) == []
    assert git(root, "log", "-1", "--format=%s") == "why I did it"


async def test_what_is_dropped_or_taken_back_is_not_kept(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await until_kept(pilot, root, "Mine")
        await write(pilot, PREVENTION)
        await until(pilot, lambda: not drafts_of(root))
        await write(pilot, "Mine again")
        await until_kept(pilot, root, "Mine again")
        await press(pilot, "escape", "d")
        assert drafts_of(root) == []


async def test_a_state_folder_that_cannot_be_written_stops_no_edit(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    folder = state_folder(root)
    folder.parent.mkdir(parents=True)
    folder.write_text("a file")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await settle(pilot)
        await press(pilot, "ctrl+s", "enter")
        assert isinstance(app.screen, Browse)
    assert "<prevention>Mine</prevention>" in (root / FILE).read_text("utf-8")


# ── offering ──────────────────────────────────────────────────────────────────


async def test_it_is_offered_with_the_difference_and_taken_up(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave(root, message="the reason")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        question = app.screen
        assert isinstance(question, QuestionScreen)
        words = " ".join(said(question.query_one(Words)).split())
        assert "Typed 2 hours ago and never saved: Prevention" in words
        await pilot.press("space")
        await pilot.pause()
        assert "Typed before" in said(question.query_one("#theirs", Lines))
        await press(pilot, "enter")
        assert app.screen is screen
        assert screen.query_one(TextArea).text == "Typed before"
        assert "1 field" in said(screen.query_one(EditHead))
        assert len(drafts_of(root)) == 1, "the old one went over into the new one"
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.query_one(TextArea).text == "the reason"
        await press(pilot, "enter")
        assert drafts_of(root) == []
    assert "<prevention>Typed before</prevention>" in (root / FILE).read_text("utf-8")


async def test_it_can_be_dropped(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await press(pilot, "delete")
        assert screen.query_one(TextArea).text == PREVENTION
        assert drafts_of(root) == []
        await press(pilot, "escape")
        await edit(pilot)
        assert isinstance(app.screen, EditScreen)


async def test_what_was_saved_after_all_is_no_draft(tmp_path: Path) -> None:
    """Killed between the commit and the end of the draft: there is nothing to ask."""
    root = make_shop(tmp_path)
    leave(root, text="Saved after all")
    path = root / FILE
    path.write_text(path.read_text("utf-8").replace(PREVENTION, "Saved after all"), "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        assert app.screen is screen
        assert drafts_of(root) == []


async def test_letters_that_follow_in_a_burst_answer_nothing(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await pilot.press(*"a word or two")
        await pilot.pause()
        assert len(drafts_of(root)) == 1
        await press(pilot, "escape")
        assert screen.query_one(TextArea).text == "Typed before"


async def test_the_field_was_changed_since(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave(root)
    path = root / FILE
    path.write_text(path.read_text("utf-8").replace(PREVENTION, "Theirs"), "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        assert "Prevention changed since" in said(app.screen.query_one(Words))
        await press(pilot, "enter")
        assert screen.query_one(TextArea).text == "Typed before"
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, QuestionScreen)
        assert "Prevention changed both here and in the file" in said(app.screen.query_one(Words))
        await pilot.press("space")
        await pilot.pause()
        assert "Theirs" in said(app.screen.query_one("#theirs", Lines))
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
    assert "<prevention>Typed before</prevention>" in path.read_text("utf-8")


async def test_another_memarium_that_still_runs_keeps_its_own(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    with running_elsewhere(root):
        app = open_app(root)
        async with app.run_test(size=WIDE) as pilot:
            await edit(pilot)
            assert isinstance(app.screen, EditScreen), "no question: it is not left"
            await write(pilot, "Mine")
            await until_kept(pilot, root, "Mine")
            assert len(drafts_of(root)) == 2
            await press(pilot, "escape", "d")
        assert len(drafts_of(root)) == 1


@contextmanager
def running_elsewhere(root: Path) -> Iterator[None]:
    drafts = Drafts(state_folder(root) / "drafts")
    drafts.keep(Draft(SOLUTION, TITLE, 0.0, "", {"prevention": Typed(PREVENTION, "Theirs")}))
    yield
    drafts.close()


async def test_the_status_leads_to_it(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "P", "enter")
        assert isinstance(app.screen, QuestionScreen)
        await press(pilot, "enter")
        assert isinstance(app.screen, EditScreen)
        assert app.screen.draft.changes() == {"prevention": "Typed before"}


# ── a new entry, and source ──────────────────────────────────────────────────────


async def test_a_new_entry_that_was_never_saved(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    drafts = Drafts(state_folder(root) / "drafts")
    fields = {"title": Typed("", "Cache stampede"), "solution": Typed("", "One lock")}
    kind = "debugging-solution"
    drafts.keep(Draft(kind, "New debugging solution", 0.0, fields=fields, sort="add", file="new/cache.xml"))
    drafts.close()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "P", "enter")
        assert isinstance(app.screen, QuestionScreen)
        await press(pilot, "enter")
        screen = app.screen
        assert isinstance(screen, AddScreen)
        assert screen.draft.changes() == {"title": "Cache stampede", "solution": "One lock"}
        assert "new/cache.xml" in said(screen.query_one(EditFoot))
        assert len(drafts_of(root)) == 1
        await press(pilot, "ctrl+s", "enter")
        assert drafts_of(root) == []
    assert "<title>Cache stampede</title>" in (root / "new/cache.xml").read_text("utf-8")


async def test_a_form_that_is_filled_in_is_kept(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "a", "enter")
        await pilot.press(*"Cache stampede")
        await until_kept(pilot, root, "Cache stampede")
        assert '"sort": "add"' in drafts_of(root)[0].read_text("utf-8")
        await press(pilot, "escape", "d")
        assert drafts_of(root) == []


async def test_xml_that_was_never_saved(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        await swap(pilot, "<level>3", "<level>7 & broken")
        await until_kept(pilot, root, "<level>7 & broken")
        typed = screen.area.text
    assert app.workspace is not None
    app.workspace.close()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        assert "Typed just now and never saved." in said(app.screen.query_one(Words))
        await press(pilot, "enter")
        assert screen.area.text == typed
        await press(pilot, "escape", "d")
        assert drafts_of(root) == []
