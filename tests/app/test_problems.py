"""Problems: what is wrong, where, and its repair."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import NARROW, WIDE, Compare, open_app, opened, said, settle, shown
from tests.support.shop import FILES, PATTERNS, make_shop
from tui.screens.base.question import Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.problems.problems import Problems
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.problems.problem_list import ProblemList

LESSONS = "project-knowledge/billing/lessons.xml"
DECISIONS = "session-context/pending-decisions.xml"


async def problems(pilot: Pilot[None]) -> Problems:
    """Open the problems with their key."""
    return await opened(pilot, "p", Problems)


def page(screen: Problems) -> list[str]:
    return [line.strip() for line in said(screen.query_one("#problem", Lines)).split("\n")]


async def test_every_problem_stands_with_its_place_and_repair(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        assert screen.query_one(TitleLine).note.plain == "2 broken files · 1 warning"
        rows = screen.query_one(ProblemList)
        drawn = [[line.plain.split() for line in rows.row(n, 42, False, False)] for n in range(rows.count)]
        assert [what for what, _ in drawn] == [
            ["▲", "Bare", "&"],
            ["▲", "<rationale>", "has", "no", "end", "tag"],
            ["!", "The", "file", "is", "an", "empty", "template"],
        ]
        assert drawn[0][1] == ["…/billing/lessons.xml:5:37", "safe", "fix"]
        assert drawn[1][1] == ["…/pending-decisions.xml:20:5", "review"]
        assert f"{LESSONS}:5:37" in rows.row(0, 79, False, False)[1].plain
        lines = page(screen)
        assert lines[:2] == ["▲ Bare &", f"{LESSONS}:5:37"]
        own = next(n for n, line in enumerate(lines) if line.startswith("5  "))
        raw = said(screen.query_one("#problem", Lines)).split("\n")
        assert raw[own + 1].index("^") == raw[own].index("&")
        assert "5  +     <text>Take the number at commit &amp; not before.</text>" in lines
        assert "✓ r fixes it (2 entries)" in lines
        assert lines[-1].startswith("last changed 6 Nov by shop-agent · ")
        await pilot.press("down")
        await settle(pilot)
        lines = page(screen)
        assert any(line.endswith("needs review") for line in lines)
        assert "^" * len("<rationale>") in lines


async def test_a_repair_is_shown_first_and_then_one_commit(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "✓ the file becomes well-formed" in said(app.screen.query_one("#diff", Lines))
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert " & " in (root / LESSONS).read_text("utf-8")
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "✓ Repaired lessons.xml" in said(screen.query_one(Toast))
        assert screen.query_one(ProblemList).count == 2
        assert app.status.problems == 1
    assert "commit &amp; not before" in (root / LESSONS).read_text("utf-8")
    assert git(root, "log", "-1", "--format=%s") == f"memory: repair {LESSONS}"


async def test_a_guess_says_so_before_it_is_made(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await problems(pilot)
        await pilot.press("down", "r")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "! the fix needs review" in said(app.screen.query_one("#diff", Lines))


async def test_a_note_has_no_repair(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        await pilot.press("G", "r")
        await settle(pilot)
        assert app.screen is screen
        assert "is well-formed: there is nothing to repair" in said(screen.query_one(Toast))
        assert "Nothing is damaged; this is only worth a look." in page(screen)


async def test_all_that_need_no_guess_at_once(tmp_path: Path) -> None:
    broken = PATTERNS.replace("limit/next", "limit & next")
    root = make_shop(tmp_path, files=FILES | {"development-patterns/api-patterns.xml": broken})
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        assert "R repair all 2" in said(screen.query_one(Footer))
        await pilot.press("R")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        shown = said(app.screen.query_one("#diff", Lines))
        assert "development-patterns/api-patterns.xml" in shown
        assert LESSONS in shown
        assert DECISIONS not in shown
        await pilot.press("escape")
        await settle(pilot)
        assert git(root, "rev-list", "--count", "HEAD") == "5"
        await pilot.press("R")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "✓ Fixed all safe problems" in said(screen.query_one(Toast))
        assert [p.file for p in screen.query_one(ProblemList).items if p.level == "error"] == [DECISIONS]
        assert git(root, "log", "-1", "--format=%s") == "memory: repair 2 files"
        assert git(root, "rev-list", "--count", "HEAD") == "6"
        await pilot.press("R")
        await settle(pilot)
        assert "No file can be fixed without a review" in said(screen.query_one(Toast))
        await pilot.press("u")
        await settle(pilot)
    assert "limit & next" in (root / "development-patterns/api-patterns.xml").read_text("utf-8")


async def test_what_needs_no_guess_is_mended_beside_what_does(tmp_path: Path) -> None:
    mixed = FILES[DECISIONS].replace("Delete exports", "Delete exports & logs", 1)
    root = make_shop(tmp_path, files=FILES | {DECISIONS: mixed})
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await problems(pilot)
        await pilot.press("R")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "need review and stay" in " ".join(said(app.screen.query_one("#diff", Lines)).split())
        await pilot.press("enter")
        await settle(pilot)
    text = (root / DECISIONS).read_text("utf-8")
    assert "Delete exports &amp; logs" in text
    assert text == mixed.replace("exports & logs", "exports &amp; logs")


@pytest.mark.parametrize(("key", "stays"), [("1", ["Ours"]), ("2", ["Theirs"]), ("3", ["Ours", "Theirs"])])
async def test_a_side_of_a_merge_conflict_is_chosen_and_reviewed(
    tmp_path: Path, key: str, stays: list[str]
) -> None:
    first = "<name>Paginated resource listing</name>"
    ours, theirs = (f"<name>{side}</name>" for side in ("Ours", "Theirs"))
    marked = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other\n"
    file = "development-patterns/api-patterns.xml"
    root = make_shop(tmp_path, files={file: PATTERNS.replace(f"    {first}\n", marked)})
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        assert "! r asks which side stays; E opens the file at that line." in page(screen)
        await pilot.press("r")
        await settle(pilot)
        assert said(app.screen.query_one(Words)).startswith("Which side of the conflict?")
        await pilot.press("escape", "r")
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "<<<<<<<" in (root / file).read_text("utf-8")
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
    text = (root / file).read_text("utf-8")
    assert "<<<<<<<" not in text
    assert [side for side in ("Ours", "Theirs") if f"<name>{side}</name>" in text] == stays
    assert git(root, "log", "-1", "--format=%s") == f"memory: resolve the conflict in {file}"


async def test_open_shows_the_entry_with_the_problem(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await problems(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert app.screen.entry is not None
        assert app.screen.entry.title == "Delete exports after 30 days?"


async def test_copy_gives_one_line(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == f"{LESSONS}:5:37: Bare &; repair writes it as &amp;.\n"
        assert "✓ Copied the problem" in said(screen.query_one(Toast))


async def test_the_mouse_chooses_and_opens(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        await pilot.click(ProblemList, offset=(10, 2))
        await settle(pilot)
        assert page(screen)[0] == "▲ <rationale> has no end tag"
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("repair"), 0))
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_narrow_the_problem_is_a_page(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        screen = await problems(pilot)
        rows, shown = screen.query_one(ProblemList), screen.query_one("#problem", Lines)
        assert (rows.size.width, shown.display) == (80, False)
        assert "⏎ open" in said(screen.query_one(Footer))
        await pilot.press("enter")
        await pilot.pause()
        assert (rows.region.width, shown.size.width) == (0, 80)
        assert page(screen)[0] == "▲ Bare &"
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is rows
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_a_tree_without_problems(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, files={"development-patterns/api-patterns.xml": PATTERNS}))
    async with app.run_test(size=NARROW) as pilot:
        screen = await problems(pilot)
        told = said(screen.query_one("#nothing", Lines))
        assert "No problems" in told
        assert "none needs a look." in " ".join(told.split())
        await pilot.press("r", "R", "y", "enter", "E")
        await settle(pilot)
        assert app.screen is screen


async def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files={"development-patterns/api-patterns.xml": PATTERNS})
    (root / "folder.xml").symlink_to("/etc")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await problems(pilot)
        assert page(screen)[:2] == ["! The link leads out of the tree and is not followed", "folder.xml"]


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await problems(pilot)
        await pilot.press("down", *(["enter"] if size == NARROW else []))
        await settle(pilot)

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=size, run_before=run)


async def test_all_is_well(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files={"development-patterns/api-patterns.xml": PATTERNS})
    async with open_app(root).run_test(size=NARROW) as pilot:
        await problems(pilot)
        assert "No problems" in shown(pilot.app)
