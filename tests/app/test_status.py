"""The status: edits in no commit, offered on start, shown by entry, committed or put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from index.storage.drafts import Drafts
from index.storage.user_folders import state_folder
from index.workspace import Workspace
from tests.support.git import git
from tests.support.leaving import leave_draft
from tests.support.pilot import (
    NARROW,
    SMALL,
    WIDE,
    Compare,
    open_app,
    opened,
    press,
    ready,
    said,
    settle,
    shown,
    until,
)
from tests.support.shop import FILES, PATTERNS, make_shop
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen
from tui.screens.status.status import StatusScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.status_line import StatusLine
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.history.compare_view import CompareView
from tui.widgets.problems.problem_list import ProblemList
from tui.widgets.status.status_list import StatusList

SOLUTIONS_FILE = "development-patterns/debugging-solutions.xml"
PATTERNS_FILE = "development-patterns/api-patterns.xml"
LESSON = "<lesson>\n    <title>A new one</title>\n    <date>2025-11-22</date>\n  </lesson>"
NEW = f"<lessons>\n  {LESSON}\n</lessons>\n"


def make_dirty(folder: Path) -> Path:
    """A shop in which an agent edited one entry, laid one file out anew, and wrote a new file."""
    root = make_shop(folder)
    text = (root / SOLUTIONS_FILE).read_text("utf-8")
    text = text.replace("Full jitter, three tries at most.", "Full jitter, at most three tries.")
    (root / SOLUTIONS_FILE).write_text(text.replace("<level>4", "<level>5"), "utf-8")
    (root / PATTERNS_FILE).write_text(PATTERNS.replace("\n  ", "\n    "), "utf-8")
    (root / "new.xml").write_text(NEW, "utf-8")
    return root


async def open_status(pilot: Pilot[None]) -> StatusScreen:
    """Open the screen with its key."""
    return await opened(pilot, "P", StatusScreen)


def listed(screen: StatusScreen, width: int = 90) -> list[list[str]]:
    rows = screen.query_one(StatusList)
    return [
        [" ".join(line.plain.split()) for line in rows.row(n, width, False, False)] for n in range(rows.count)
    ]


def page(screen: StatusScreen) -> list[str]:
    return [line.strip() for line in said(screen.query_one(CompareView)).split("\n")]


async def test_the_start_offers_what_was_left(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    leave_draft(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "unsaved draft" in said(app.screen.query_one(Toast)))
        assert said(app.screen.query_one(Toast)) == "! 1 unsaved draft, 3 files not committed   P status"
        await press(pilot, "escape")
        assert not app.screen.query_one(Toast).display


async def test_a_form_covers_all_of_the_note(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave_draft(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "! 1 unsaved" in shown(app))
        await press(pilot, "a", *"lesson", "enter")
        assert isinstance(app.screen, AddScreen)
        assert "! 1" not in shown(app)
        await press(pilot, "escape")
        assert "! 1 unsaved" in shown(app)
        await press(pilot, "P", "escape")
        assert "! 1 unsaved" not in shown(app)


async def test_one_draft_is_called_by_its_name_and_nothing_is_no_offer(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave_draft(root)
    app = open_app(root)
    async with app.run_test(size=SMALL) as pilot:
        await ready(pilot)
        await until(pilot, lambda: "unsaved draft" in said(app.screen.query_one(Toast)))
        assert said(app.screen.query_one(Toast)).startswith("! 1 unsaved draft: Database")
        assert said(app.screen.query_one(Toast)).endswith("P status")
    drafts = Drafts(state_folder(root) / "drafts")
    drafts.drop(drafts.left()[0])
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not app.screen.query_one(Toast).display


async def test_links_are_no_edits_and_are_named_where_nothing_else_is(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    (root / "a.xml").symlink_to("b.xml")
    (root / "b.xml").symlink_to("a.xml")
    (root / "copy.xml").symlink_to("client-context/approval-history.xml")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not app.screen.query_one(Toast).display
        await press(pilot, "P")
        assert isinstance(app.screen, StatusScreen)
        words = " ".join(said(app.screen.query_one("#nothing", Lines)).split())
        assert "Everything else is committed" in words
        assert "Left out: links, which are committed with git: a.xml, b.xml and copy.xml." in words
        await press(pilot, "escape", "p")
        found = [(p.file, p.code) for p in app.screen.query_one(ProblemList).items]
        assert ("a.xml", "circle") in found
        assert ("b.xml", "circle") in found
    assert list(Workspace.open(root).status.uncommitted()) == []


async def test_it_is_told_by_entry_in_words(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    leave_draft(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        assert listed(screen) == [
            ["! Database connection pool exhaustion", "draft: prevention 2 hours ago"],
            [f"± {PATTERNS_FILE}", "only white space changed"],
            [
                "± Retry storm drains the pool after a failover",
                f"level 4 → 5; solution reworded {SOLUTIONS_FILE}",
            ],
            ["+ A new one", "added new.xml"],
        ]
        assert listed(screen, 30)[1][0] == "± …/api-patterns.xml"
        assert listed(screen, 62)[2][1] == "level 4 → 5; solution reworded …/debugging-solutions.xml"
        assert listed(screen, 50)[2][1] == "level 4 → 5; solution reworded"
        assert screen.query_one(TitleLine).note.plain == "1 draft · 3 files"
        assert "Alert when few are idle" in " ".join(page(screen))
        await pilot.press("down")
        await settle(pilot)
        assert any("<api-patterns>" in line for line in page(screen))
        await pilot.press("down")
        await settle(pilot)
        assert page(screen)[0].startswith("committed  the last commit")
        assert "Solution  reworded" in page(screen)
        await pilot.press("x")
        await pilot.pause()
        assert any("<level>5</level>" in line for line in page(screen))
        await pilot.press("x", "j")
        await settle(pilot)
        assert "It is in no commit yet." in page(screen)


async def test_a_draft_is_discarded_after_a_question(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    leave_draft(root)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await press(pilot, "down", "d")
        assert app.screen is screen
        await press(pilot, "up", "d", "escape")
        assert len(listed(screen)) == 4
        await press(pilot, "d", "d")
        await until(pilot, lambda: len(listed(screen)) == 3)
        assert said(screen.query_one(Toast)) == "✓ Discarded the draft"
    drafts = Drafts(state_folder(root) / "drafts")
    assert drafts.left() == []
    drafts.close()


async def test_one_file_is_reviewed_and_committed_alone(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        review = app.screen
        assert isinstance(review, ReviewScreen)
        assert (
            review.query_one(TextArea).text
            == 'memory: edit 2 fields of "Retry storm drains the pool after a failover"'
        )
        assert "nothing else changed on disk" in said(review.query_one("#diff", Lines))
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is screen
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "✓ Committed debugging-solutions.xml" in said(screen.query_one(Toast))
        await until(pilot, lambda: len(listed(screen)) == 2)
    assert git(root, "show", "--name-only", "--format=", "HEAD") == f"memories/{SOLUTIONS_FILE}"
    assert git(root, "status", "--porcelain") == f" M memories/{PATTERNS_FILE}\n?? memories/new.xml"


@pytest.mark.parametrize(("key", "commits"), [("enter", 1), ("f", 3)])
async def test_all_at_once(tmp_path: Path, key: str, commits: int) -> None:
    root = make_dirty(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await pilot.press("A")
        await settle(pilot)
        assert said(app.screen.query_one(Words)).startswith("Commit 3 files?")
        await pilot.press("escape")
        await settle(pilot)
        assert git(root, "rev-list", "--count", "HEAD") == "5"
        await pilot.press("A", key)
        await settle(pilot)
        if key == "enter":
            assert isinstance(app.screen, ReviewScreen)
            await pilot.press("enter")
            await settle(pilot)
        await until(pilot, lambda: "Everything is committed" in said(screen.query_one("#nothing", Lines)))
        assert app.screen is screen
    assert git(root, "rev-list", "--count", "HEAD") == str(5 + commits)
    assert git(root, "status", "--porcelain") == ""


async def test_an_emptied_tree_is_asked_about_once_more(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    for file in root.rglob("*.xml"):
        file.unlink()
    head = git(root, "rev-parse", "HEAD")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.workspace is not None)
        screen = StatusScreen()
        await app.push_screen(screen)
        await settle(pilot)
        await pilot.press("A", "f")
        await settle(pilot)
        assert "looks like a folder that was emptied" in said(app.screen.query_one(Words)).replace("\n", " ")
        await pilot.press("escape")
        await settle(pilot)
        assert git(root, "rev-parse", "HEAD") == head
        await pilot.press("A", "f")
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert git(root, "ls-files", "*.xml") == ""


async def test_the_committed_version_comes_back_and_what_was_dropped_too(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    theirs = (root / SOLUTIONS_FILE).read_bytes()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await pilot.press("down", "V")
        await settle(pilot)
        question = app.screen
        assert isinstance(question, QuestionScreen)
        assert "Full jitter, three tries" in said(question.query_one("#theirs", Lines))
        await pilot.press("escape")
        await settle(pilot)
        assert (root / SOLUTIONS_FILE).read_bytes() == theirs
        await pilot.press("V")
        await settle(pilot)
        await pilot.press("V")
        await settle(pilot)
        assert said(screen.query_one(Toast)) == "✓ Restored debugging-solutions.xml   u undo"
        await until(pilot, lambda: len(listed(screen)) == 2)
        assert (root / SOLUTIONS_FILE).read_text("utf-8") == FILES[SOLUTIONS_FILE]
        await pilot.press("u")
        await settle(pilot)
        await until(pilot, lambda: len(listed(screen)) == 3)
        assert (root / SOLUTIONS_FILE).read_bytes() == theirs
    assert git(root, "rev-list", "--count", "HEAD") == "5"


async def test_what_changes_meanwhile_is_not_committed_unseen(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        later = (root / SOLUTIONS_FILE).read_text("utf-8").replace("<level>5", "<level>6")
        (root / SOLUTIONS_FILE).write_text(later, "utf-8")
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "was changed on disk since you looked at it" in said(screen.query_one(Toast))
        await until(pilot, lambda: "level 4 → 6" in listed(screen)[1][1])
    assert git(root, "rev-list", "--count", "HEAD") == "5"
    assert (root / SOLUTIONS_FILE).read_text("utf-8") == later


async def test_a_draft_of_an_entry_that_is_gone_can_be_copied(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    leave_draft(root, entry="gone.xml#1", title="Gone")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "y copies what is here" in said(screen.query_one(Toast))
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == "prevention:\nAlert when few are idle\n"


async def test_narrow_it_is_a_page_and_the_mouse_works(tmp_path: Path) -> None:
    root = make_dirty(tmp_path)
    app = open_app(root)
    async with app.run_test(size=NARROW) as pilot:
        screen = await open_status(pilot)
        rows, view = screen.query_one(StatusList), screen.query_one(CompareView)
        assert (rows.region.width, view.region.width) == (80, 0)
        assert "⏎ open" in said(screen.query_one(Footer))
        await pilot.click(rows, offset=(10, 2), times=2)
        await settle(pilot)
        assert (rows.region.width, view.region.width) == (0, 80)
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("commit"), 0))
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert rows.has_focus
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        line = app.screen.query_one(StatusLine)
        await pilot.click(line, offset=(said(line).index("±"), 0))
        await settle(pilot)
        assert isinstance(app.screen, StatusScreen)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, StatusScreen), "a file without an entry to edit"
        await pilot.press("down", "e")
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)


@pytest.mark.usefixtures("unversioned")
async def test_without_a_repository_only_drafts_are_there(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, versioned=False))
    async with app.run_test(size=WIDE) as pilot:
        screen = await open_status(pilot)
        assert "Nothing is versioned here" in said(screen.query_one("#nothing", Lines))
        await pilot.press("enter", "A", "V", "e", "x", "y")
        await settle(pilot)
        assert app.screen is screen


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), (SMALL, "memarium-dark"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "small", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    root = make_dirty(tmp_path)
    leave_draft(root)

    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await open_status(pilot)
        await pilot.press("down", "down")
        await settle(pilot)

    assert snap_compare(open_app(root), terminal_size=size, run_before=run)


async def test_all_is_committed(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        await open_status(pilot)
        assert "Everything is committed" in shown(pilot.app)
