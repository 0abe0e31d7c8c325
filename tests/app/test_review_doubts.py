"""What the review doubts: values that look like a mistake, and files that others write meanwhile."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support.editing import outcome
from tests.support.git import git
from tests.support.pilot import WIDE, open_app, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.lines import Lines


async def review(pilot: Pilot[None], **texts: str) -> ReviewScreen:
    """Bring an edit of the solution to its review."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    assert app.workspace is not None
    screen = ReviewScreen(app.workspace.planner.edit(SOLUTION, texts), "Pool")
    await app.push_screen(screen)
    await settle(pilot)
    return screen


async def press(pilot: Pilot[None], key: str) -> None:
    """Press a key and wait for what it leads to."""
    await pilot.press(key)
    await settle(pilot)


async def test_a_date_that_is_none_is_asked_about_once(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_bytes()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot, timestamp="31.2.2025")
        await press(pilot, "enter")
        assert isinstance(app.screen, QuestionScreen)
        assert "timestamp 31.2.2025 is not a date" in said(app.screen.query_one(Words))
        await press(pilot, "escape")
        assert app.screen is screen
        assert "is not a date" in outcome(screen)
        assert (root / FILE).read_bytes() == before
        await press(pilot, "enter")
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
    assert git(root, "show", "--format=").count("31.2.2025") == 1


async def test_a_level_that_is_none_is_asked_about_too(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await review(pilot, level="99")
        await press(pilot, "enter")
        assert isinstance(app.screen, QuestionScreen)
        assert "is not a level" in said(app.screen.query_one(Words))


async def test_where_others_of_the_tree_are_like_it_nothing_is_asked(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    file = root / FILE
    text = file.read_text()
    at = text.index("<timestamp>")
    at = text.index("<timestamp>", at + 1) if "<timestamp>" in text[at + 1 :] else at
    file.write_text(text[:at] + "<timestamp>before the sale" + text[text.index("</timestamp>", at) :])
    git(root, "commit", "--quiet", "--all", "--message=a habit")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await review(pilot, timestamp="31.2.2025")
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)


async def test_a_file_that_others_write_meanwhile_is_told_while_the_review_is_open(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot, prevention="Measure first.")
        diff = screen.query_one("#diff", Lines)
        assert "✓ nothing else changed on disk" in said(diff)
        (root / FILE).write_bytes((root / FILE).read_bytes() + b"<!-- by another program -->\n")
        await until(pilot, lambda: "! the file changed meanwhile; this goes on top of that" in said(diff))
        assert outcome(screen) == "to main as Ana Kovač · 1 file · not pushed"
        await press(pilot, "enter")
        assert (root / FILE).read_bytes().endswith(b"<!-- by another program -->\n")
        assert "Measure first." in git(root, "show", f"HEAD:memories/{FILE}")
