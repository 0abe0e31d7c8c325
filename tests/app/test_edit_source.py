"""Editing an entry's source as text."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from index.editing.planner import Planner
from index.editing.raw import Markup
from tests.support.editing import edit_source, swap
from tests.support.git import git
from tests.support.pilot import NARROW, SMALL, WIDE, open_app, ready, said, settle, until
from tests.support.shop import FILE, LATER, make_shop
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.editing.edit_source import EditSource
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.toast import Toast

LEVEL = "<level>3</level>"
MORE = "<level>3</level><!-- was 2 -->\n    <root-cause>none</root-cause>"


async def test_only_the_entry_changes(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_text("utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        assert screen.area.text.startswith("  <debugging-solution>")
        assert screen.area.line_number_start == 6
        await swap(
            pilot, "<level>3</level>", "<level>3</level><!-- was 2 -->\n    <root-cause>none</root-cause>"
        )
        below = screen.query_one(Paragraphs)
        assert "well-formed" in said(below)
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: said(below).split("\n")[0].endswith("not saved yet"))
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    after = (root / FILE).read_text("utf-8")
    assert after == before.replace(LEVEL, MORE, 1)
    assert git(root, "status", "--porcelain") == ""


async def test_a_source_too_long_for_the_app_is_left_to_an_editor(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    file = root / FILE
    file.write_text(
        file.read_text("utf-8").replace(LEVEL, f"{LEVEL}<log>{'line of a log ' * 30_000}</log>", 1)
    )
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit_source(pilot)
        assert isinstance(app.screen, Browse)
        told = " ".join(said(app.screen.query_one(Toast)).split())
        assert "The source is too long to be edited here: E opens its file in your editor." in told


async def test_what_is_typed_before_the_text_is_there_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, go_on = Planner.markup, threading.Event()

    def slow(self: Planner, entry_id: str) -> Markup:
        assert go_on.wait(60)
        return read(self, entry_id)

    monkeypatch.setattr(Planner, "markup", slow)
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, EditSource))
        screen = app.screen
        assert isinstance(screen, EditSource)
        await pilot.press("q", "?", "enter")
        screen.area.post_message(Paste("pasted\n"))
        await pilot.pause()
        go_on.set()
        await settle(pilot)
        assert screen.area.text.startswith("q?\npasted\n  <")
        assert screen.unsaved


async def test_problems_are_told_while_typing_and_refused_with_their_place(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_bytes()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        await swap(pilot, "Size the pool", "Size & time the pool")
        line = 1 + next(n for n, text in enumerate(before.splitlines()) if b"Size the pool" in text)
        assert f"{line}:20" in said(screen.query_one(Paragraphs))
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen is screen
        assert f"not saved: fix line {line}, column 20" in said(screen.query_one(Paragraphs))
        assert screen.area.cursor_location == (line - 6, 19)
        assert "Size & time the pool" in screen.area.text
        await swap(pilot, "Size & time", "Size &amp; time")
        assert "well-formed" in said(screen.query_one(Paragraphs))
    assert (root / FILE).read_bytes() == before


async def test_a_problem_is_gone_to_with_the_mouse(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        await swap(pilot, "<level>3</level>", "<level>3</levl>")
        screen.area.move_cursor((0, 0))
        await pilot.click(Paragraphs, offset=(4, 1))
        await settle(pilot)
        assert screen.area.cursor_location[0] > 0


async def test_leaving_asks_and_drops_only_then(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        screen = await edit_source(pilot)
        await swap(pilot, "Full" if "Full" in screen.area.text else "Size", "Half")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen
        assert "Half" in screen.area.text
        await pilot.press("escape", "d")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
    assert git(root, "status", "--porcelain") == ""


async def test_what_someone_else_changed_elsewhere_stays(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit_source(pilot)
        await swap(pilot, "<level>3</level>", "<level>4</level>")
        text = (root / FILE).read_text("utf-8").replace("Full jitter", "Half jitter")
        (root / FILE).write_text(text, "utf-8")
        git(root, "commit", "--quiet", "--all", "--message=theirs", date=LATER)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
    text = (root / FILE).read_text("utf-8")
    assert "Half jitter" in text
    assert "<level>4</level>" in text
    assert "<level>3</level>" not in text


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL], ids=lambda size: f"{size[0]}x{size[1]}")
def test_looks(snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await edit_source(pilot)
        await swap(pilot, "Size the pool", "Size & time the pool")

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=size, run_before=run)


async def test_its_colours_follow_the_theme(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        area = (await edit_source(pilot)).area
        await swap(pilot, LEVEL, '<level of="7">3</level>')

        def tones() -> set[object]:
            rows = (area.render_line(y) for y in range(area.size.height))
            return {part.style.color for row in rows for part in row if part.style and "7" in part.text}

        before = tones()
        app.theme = "memarium-light"
        await until(pilot, lambda: tones() and not tones() & before)


async def test_a_problem_is_as_far_in_on_its_second_line(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        screen = await edit_source(pilot)
        await swap(pilot, "<debugging-solution>", "<a<debugging-solution>")
        _, *problems = said(screen.query_one(Paragraphs)).splitlines()
        assert len(problems) > 2
        assert {line[:2] for line in problems} == {"▲ ", "  "}
