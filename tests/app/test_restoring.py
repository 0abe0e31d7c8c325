"""Getting an older version or a deleted entry back; who wrote what."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import git, make_hook
from tests.support.pilot import NARROW, WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tests.support.shop_past import BILLING, SECOND, THIRD, commit, drawn, history, make_past, page
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.deleted import DeletedEntries
from tui.screens.history.history import History
from tui.screens.sessions.timeline import Timeline
from tui.widgets.base.lines import Lines
from tui.widgets.base.list_and_page import ListAndPage
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.browse.preview import Preview
from tui.widgets.history.deleted_list import DeletedList
from tui.widgets.history.version_list import VersionList

# ── restoring ─────────────────────────────────────────────────────────────────


async def test_restore_is_shown_first_and_then_one_commit(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    before = git(root, "rev-list", "--count", "HEAD")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await press(pilot, "down", "V")
        assert isinstance(app.screen, QuestionScreen)
        words = said(app.screen.query_one(Words))
        assert words.startswith("Restore this version?")
        assert "1 only Solution 2 only Prevention 3 only Tags" in " ".join(words.split())
        await press(pilot, "escape")
        assert app.screen is screen
        await press(pilot, "V")
        await press(pilot, "enter")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        assert app.screen is screen
        assert "✓ Restored Database connection pool" in said(screen.query_one(Toast))
        assert screen.query_one(VersionList).count == 4
        assert screen.query_one(TitleLine).note.plain.strip().startswith("4 versions")
    assert (root / FILE).read_text("utf-8") == SECOND
    assert git(root, "rev-list", "--count", "HEAD") == str(int(before) + 1)
    assert git(root, "status", "--porcelain") == ""


async def test_one_field_comes_back_alone(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await history(pilot)
        await press(pilot, "G", "V")
        await press(pilot, "1")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
    assert (root / FILE).read_text("utf-8") == THIRD.replace("<level>3<", "<level>2<", 1)


async def test_restoring_what_is_there_says_so(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await press(pilot, "V")
        assert app.screen is screen
        assert "Already identical." in said(screen.query_one(Toast))


async def test_the_history_follows_an_entry_to_an_older_id(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    text = THIRD.replace("2025-10-03T14:30:00Z", "2025-10-03T14:31:00Z")
    commit(root, FILE, text, "memory: correct the time", "2025-10-07T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot, SOLUTION.replace("14:30", "14:31"))
        assert screen.query_one(VersionList).count == 4
        await press(pilot, "down", "V")
        await press(pilot, "enter")
        assert app.screen is screen
        assert screen.query_one(VersionList).count == 5
    assert (root / FILE).read_text("utf-8") == THIRD


async def test_a_hook_that_rewrites_the_file_is_told(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    make_hook(
        root.parent, "pre-commit", f"sed -i 's/load test/rehearse/' memories/{FILE}\ngit add memories/{FILE}"
    )
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        for keys in (("down", "V"), ("enter",), ("enter",)):
            await press(pilot, *keys)
        rev = git(root, "rev-parse", "HEAD")[:7]
        told = said(screen.query_one(Toast))
        assert told.startswith(f"! Restored {rev}. A hook of the repository rewrote it: look at it again.")
    assert (root / FILE).read_text("utf-8") == SECOND.replace("load test", "rehearse")
    assert git(root, "status", "--porcelain") == ""


# ── what is deleted ───────────────────────────────────────────────────────────


async def test_a_deleted_entry_is_found_and_comes_back(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "t", "D")
        screen = app.screen
        assert isinstance(screen, DeletedEntries)
        rows = screen.query_one(DeletedList)
        assert [line.plain.split() for line in rows.row(0, 41, False, False)] == [
            ["§", "Warm", "the", "cache", "before", "the", "sale"],
            ["knowledge", "·", "by", "shop-agent", "3", "Oct"],
        ]
        preview = screen.query_one(Preview)
        assert "The first minute of traffic" in said(preview)
        foot = [preview.render_line(y).text.strip() for y in range(preview.room, preview.size.height)]
        assert foot[1:] == [
            f"{BILLING}:12",
            f"deleted 3 Oct 2025, 18:00 by shop-agent  {git(root, 'rev-parse', 'HEAD^')[:7]}",
        ]
        await press(pilot, "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        assert app.screen is screen
        await until(pilot, lambda: screen.query_one(ListAndPage).has_class("-empty"))
        await press(pilot, "escape")
        assert isinstance(app.screen, Timeline)
    text = (root / BILLING).read_text("utf-8")
    assert text.index("Probes are not free") < text.index("Warm the cache before the sale")
    assert git(root, "log", "-1", "--format=%s").startswith('memory: restore "Warm the cache')


async def test_a_deleted_entry_has_its_history_too(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D", "H")
        screen = app.screen
        assert isinstance(screen, History)
        assert [row[1][:2] for row in drawn(screen)] == ["▲ ", "▲ "]
        assert [row[2] for row in drawn(screen)] == ["deleted", "created with 3 fields"]
        assert "Deleted here. This is how it last was." in page(screen)
        await press(pilot, "V")
        assert "choose an older version" in said(screen.query_one(Toast))
        await press(pilot, "down", "V")
        assert isinstance(app.screen, ReviewScreen)


async def test_nothing_was_deleted(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        assert "Nothing deleted" in said(app.screen.query_one("#nothing", Lines))
        await press(pilot, "V", "H", "y", "enter", "escape")
        assert isinstance(app.screen, Browse)


# ── who and when ──────────────────────────────────────────────────────────────


async def test_blame_stands_beside_each_field(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        app.show_entry(SOLUTION)
        await settle(pilot)
        await press(pilot, "B")
        preview = app.screen.query_one(Preview)
        assert app.focused is preview

        def lines() -> list[list[str]]:
            return [line.split("  ") for line in said(preview).split("\n")]

        ends = {parts[1]: parts[-1].strip() for parts in lines() if len(parts) > 2}
        assert ends["Problem"] == "3 Oct · shop-agent"
        assert ends["Prevention"] == "4 Oct · Ana Kovač"
        assert ends["Tech"] == "3 Oct · shop-agent"
        await press(pilot, "J")
        assert "shop-agent" in said(preview)
        assert "Prevention" not in said(preview)
        await press(pilot, "B")
        assert "shop-agent" not in said(preview)
