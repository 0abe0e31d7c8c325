"""The history of a file: its versions, what each did to its entries and lines, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import NARROW, SMALL, WIDE, Compare, open_app, press, ready, said, settle
from tests.support.shop import FILE, FILES, SOLUTION, make_shop
from tests.support.shop_past import BILLING, FIRST, LESSON, THIRD, commit, drawn, make_past, page
from tui.app import Memarium
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.deleted import DeletedEntries
from tui.screens.history.file_history import FileHistory
from tui.screens.history.history import History
from tui.screens.problems.problems import Problems
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.history.compare_view import CompareView, Foot
from tui.widgets.history.version_list import VersionList


async def file_history(pilot: Pilot[None], entry: str = SOLUTION) -> FileHistory:
    """Open the history of an entry's file with its key."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    app.show_entry(entry)
    await settle(pilot)
    await press(pilot, "F")
    assert isinstance(app.screen, FileHistory)
    return app.screen


def with_two_more(text: str) -> str:
    """Return a file with one entry edited and a second one added and its first line moved."""
    one = text.replace("<level>3<", "<level>5<", 1)
    return one.replace(
        "</debugging-solutions>",
        "  <debugging-solution><title>Clock skew</title><level>1</level></debugging-solution>\n"
        "</debugging-solutions>",
    )


# ── what is shown ─────────────────────────────────────────────────────────────


async def test_row_and_head_of_a_version_give_the_year_where_it_matters(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path), now=lambda: datetime(2027, 11, 23, tzinfo=UTC))
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        assert drawn(screen)[0][0].startswith("3  4 Oct 25, 09:12")
        assert "3  4 Oct 25, 09:12 · you" in " ".join(page(screen))


async def test_every_commit_of_the_file_in_words(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    commit(root, FILE, with_two_more(THIRD), "memory: two at once", "2025-10-05T08:00:00Z")
    commit(root, FILE, with_two_more(THIRD) + "\n\n", "layout", "2025-10-06T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        title = screen.query_one(TitleLine)
        assert title.heading.plain + title.path == f"History  ‹  {FILE}"
        assert title.note.plain.strip() == "5 versions · 3 to 6 Oct 2025"
        assert [row[1:] for row in drawn(screen, 90)] == [
            ["layout", "no entry changed"],
            ["memory: two at once", "+ Clock skew, ± Database connection pool exhaustion under load"],
            [
                'memory: edit 3 fields of "Database connection pool exhaustion under load"',
                "± Database connection pool exhaustion under load",
            ],
            ["memory: edit 2 fields", "± Database connection pool exhaustion under load"],
            ["memory: record a solution", "created: Database connection pool exhaustion under load, 1 more"],
        ]
        assert [row[1:] for row in drawn(screen, 32)][1:3] == [
            ["memory: two at once", "+ Clock skew, 1 more"],
            ['memory: edit 3 fields of "…', "± Database connection pool…"],
        ]
        assert "3 entries unchanged" in page(screen)
        await press(pilot, "down")
        lines = page(screen)
        assert lines[0].startswith("3  4 Oct, 09:12 · you")
        assert lines[0].endswith("4  5 Oct, 08:00 · you")
        assert lines[3].startswith("◆ Database connection pool exhaustion under load  Debugging")
        assert "Level" in lines
        assert lines[lines.index("Added  1") + 1] == "◆ Clock skew  Debugging solution"
        assert lines[-1] == "1 entry unchanged"
        assert "memory: two at once" in said(screen.query_one(Foot))
        await press(pilot, "G")
        assert "Created here." in page(screen)
        assert "◆ Database connection pool exhaustion under load  Debugging solution" in page(screen)


async def test_any_two_versions_by_entry_and_line(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        await press(pilot, "G", "space", "g")
        assert drawn(screen)[2][0].startswith("[1] 3 Oct")
        assert page(screen)[0].startswith("1  3 Oct, 14:30")
        assert {"Level", "Tech  2 added, 1 removed", "Tags  1 added"} <= set(page(screen))
        await press(pilot, "x")
        view = screen.query_one(CompareView)
        assert any(line.endswith("+     <tags>connection-pool, performance</tags>") for line in page(screen))
        tags = next(line for line in view.laid_out if "connection-pool, performance" in line.plain)
        assert "addword" in {span.style for span in tags.spans}
        await press(pilot, "y")
        assert app.clipboard == THIRD
        assert "✓ Copied version 3" in said(screen.query_one(Toast))


async def test_what_is_not_committed_stands_first_and_is_kept(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    edited = THIRD.replace("<level>3<", "<level>5<", 1)
    (root / FILE).write_text(edited, "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        assert drawn(screen)[0] == ["±  not committed", "± Database connection pool…", ""]
        assert page(screen)[0].endswith("±  on disk, not committed")
        assert "Level" in page(screen)
        await press(pilot, "G", "V")
        assert app.screen is screen
        assert "commit them first" in " ".join(said(screen.query_one(Toast)).split())
    assert (root / FILE).read_text("utf-8") == edited


async def test_a_renamed_file_keeps_its_history(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    (root / FILE).rename(root / "solutions.xml")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=move it", date="2025-10-08T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot, SOLUTION.replace(FILE, "solutions.xml"))
        assert drawn(screen, 90)[0][1:] == ["move it", f"renamed from {FILE}"]
        assert len(drawn(screen)) == 4
        await press(pilot, "down")
        assert f"in {FILE}" in said(screen.query_one(Foot))


# ── the way back ──────────────────────────────────────────────────────────────


async def test_a_version_comes_back_as_one_commit_after_a_look(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    before = git(root, "rev-list", "--count", "HEAD")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        await press(pilot, "V")
        assert "Already identical" in said(screen.query_one(Toast))
        await press(pilot, "G", "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "escape")
        assert app.screen is screen
        await press(pilot, "V")
        await press(pilot, "enter")
        assert app.screen is screen
        assert f"✓ Restored {FILE}" in said(screen.query_one(Toast))
        assert screen.query_one(VersionList).count == 4
    assert (root / FILE).read_text("utf-8") == FIRST
    assert git(root, "rev-list", "--count", "HEAD") == str(int(before) + 1)
    assert git(root, "log", "-1", "--format=%s").startswith("memory: restore debugging-solutions.xml as of ")


async def test_a_deleted_file_comes_back_with_all_its_entries(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    commit(root, FILE, None, "memory: drop them", "2025-10-08T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        assert isinstance(app.screen, DeletedEntries)
        await press(pilot, "F")
        screen = app.screen
        assert isinstance(screen, FileHistory)
        assert drawn(screen)[0][1:] == ["memory: drop them", "deleted"]
        assert "Deleted here. This is how it last was." in page(screen)
        await press(pilot, "V")
        assert "choose an older one" in said(screen.query_one(Toast))
        await press(pilot, "down", "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        assert app.screen is screen
        assert screen.query_one(VersionList).count == 5
    assert (root / FILE).read_text("utf-8") == THIRD


# ── from everywhere ───────────────────────────────────────────────────────────


async def test_it_opens_from_the_problems_the_timeline_and_the_history_of_an_entry(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "p", "F")
        screen = app.screen
        assert isinstance(screen, FileHistory)
        assert screen.query_one(TitleLine).path.endswith("lessons.xml")
        assert drawn(screen)[0][1:] == ["▲ memory: record lessons.xml", "created: Invoice numbering…, 1 more"]
        await press(pilot, "escape")
        assert isinstance(app.screen, Problems)
        await press(pilot, "escape", "t", "F")
        assert isinstance(app.screen, FileHistory)
        await press(pilot, "escape", "escape", "H")
        assert isinstance(app.screen, History)
        await press(pilot, "F")
        assert isinstance(app.screen, FileHistory)


async def test_it_is_in_the_palette(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "ctrl+p", *"entry's file", "enter")
        assert isinstance(app.screen, FileHistory)


async def test_the_mouse_chooses_a_version_and_the_footer_restores_it(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await file_history(pilot)
        await pilot.click(VersionList, offset=(10, 7))
        await settle(pilot)
        assert screen.query_one(VersionList).cursor == 2
        assert "Created here." in page(screen)
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("restore"), 0))
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)


@pytest.mark.usefixtures("unversioned")
async def test_without_a_repository_the_reason_is_said(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, versioned=False))
    async with app.run_test(size=NARROW) as pilot:
        screen = await file_history(pilot)
        assert "This file has no history" in said(screen.query_one("#nothing", Lines))
        await press(pilot, "V", "space", "x", "vertical_line", "y", "enter")
        assert app.screen is screen


async def test_hostile_words_stay_words(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files={BILLING: FILES[BILLING]})
    bad = LESSON.replace("Warm the", "[/x] [@click=app.quit]Warm[/] the \x85")
    commit(root, BILLING, f"<lessons>{bad}</lessons>", "[/nope]", "2025-10-06T08:00:00Z", "[/x] Eve <e@x>")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "F")
        screen = app.screen
        assert isinstance(screen, FileHistory)
        assert any("[/x] [@click=app.quit]Warm[/] the" in line for line in page(screen))


# ── pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [
        (WIDE, "memarium-dark", ()),
        (NARROW, "memarium-light", ("enter",)),
        (SMALL, "memarium-dark", ()),
    ],
    ids=["wide", "narrow-page", "small"],
)
def test_looks(
    tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str, keys: tuple[str, ...]
) -> None:
    root = make_past(tmp_path)
    commit(root, FILE, with_two_more(THIRD), "memory: two at once", "2025-10-05T08:00:00Z")

    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await file_history(pilot)
        await press(pilot, *keys)

    assert snap_compare(open_app(root), terminal_size=size, run_before=run)
