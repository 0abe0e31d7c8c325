"""The browse screen: rows, preview, layout, mouse, live reload."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from index.library.tree import Tree
from index.search.language.query import parse
from tests.support.garden import FILES, NOW, POOL, browsed, make_garden, open_garden
from tests.support.pilot import shown, until
from tui.app import Memarium
from tui.data.search_rows import EntryRow, SearchAnswered, SearchRequest
from tui.screens.browse.browse import Browse
from tui.screens.browse.drawer import Drawer
from tui.widgets.base.footer import Footer
from tui.widgets.base.pane import Hair
from tui.widgets.base.status_line import StatusLine

SOLUTIONS = "development-patterns/debugging-solutions.xml"


async def go_to(pilot: Pilot[None], title: str) -> Browse:
    """Put the cursor on the entry with a title."""
    browse = await browsed(pilot)
    names = [hit.entry.title for hit in browse.results.rows]
    browse.results.cursor = names.index(title)
    await until(pilot, lambda: browse.preview.entry is not None and browse.preview.entry.title == title)
    return browse


def text_of(browse: Browse) -> list[str]:
    """Return the lines of the preview."""
    preview = browse.preview
    return [
        "".join(part.text for part in preview.render_line(y)).rstrip() for y in range(preview.size.height)
    ]


async def test_rows_are_the_entries_newest_first_without_templates(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        titles = [hit.entry.title for hit in browse.results.rows]
        assert len(titles) == 14
        assert titles[:2] == ["Paginated resource listing", "Keep offset pagination for the admin pages?"]
        assert titles[-1] == "Database access layer"
        assert app.status.entries == 14
        assert app.status.problems == 1
        assert (app.status.branch, app.status.dirty) == ("main", False)


async def test_preview_follows_the_cursor_and_hides_nothing(app: Memarium) -> None:
    async with app.run_test(size=(120, 46)) as pilot:
        browse = await go_to(pilot, POOL)
        shown = "\n".join(text_of(browse))
        for text in (
            "Debugging solution",
            "L3 ■■■□□□□",
            "shop-api · 3 Oct 2025, 14:30 · 7 weeks ago",
            "Problem",
            "Solution",
            "const pool = new Pool({",
            "· Alert when fewer than 10 % are idle",
            "PostgreSQL   Node.js   pg-pool",
            "connection-pool   performance",
            "debugging-solutions.xml:21",
        ):
            assert text in shown
        assert shown.count(POOL) == 1, "the title is not repeated as a field"


async def test_keys_move_the_cursor(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        rows = browse.results
        for key, place in (
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("G", 13),
            ("up", 12),
            ("g", 0),
            ("end", 13),
            ("home", 0),
        ):
            await pilot.press(key)
            assert rows.cursor == place, key
        await pilot.press("ctrl+d")
        assert rows.cursor == rows.room // 2 // 2
        await pilot.press("ctrl+u")
        assert rows.cursor == 0


async def test_tab_and_arrows_go_from_pane_to_pane(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        assert app.focused is browse.results
        await pilot.press("l")
        assert app.focused is browse.preview
        await pilot.press("left")
        assert app.focused is browse.results
        await pilot.press("left")
        assert app.focused is browse.sidebar
        await pilot.press("right", "tab")
        await until(pilot, lambda: app.focused is browse.preview)
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is browse.results)


async def test_in_the_preview_shift_j_goes_to_the_next_entry_and_down_scrolls(app: Memarium) -> None:
    async with app.run_test(size=(120, 20)) as pilot:
        browse = await go_to(pilot, POOL)
        before = browse.results.cursor
        await pilot.press("enter", "down")
        assert (browse.preview.top, browse.results.cursor) == (1, before)
        await pilot.press("J")
        await until(pilot, lambda: browse.results.cursor == before + 1)
        assert app.focused is browse.preview
        assert browse.preview.top == 0


async def test_while_a_tree_is_first_read_the_cursor_stays_on_top_unless_it_was_moved(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        rows, last = list(browse.results.rows), browse._asker._number

        async def show(part: Sequence[EntryRow]) -> int:
            asked = SearchRequest(last, "", "relevance")
            browse.post_message(SearchAnswered(asked, parse(""), part, len(part), None, None))
            await pilot.pause()
            return browse.results.cursor

        browse._growing, app.read = True, False
        assert await show(rows[4:8]) == 0
        assert await show(rows[2:10]) == 0
        await pilot.press("down")
        assert await show(rows[1:]) == 2
        await pilot.press("home")
        app.read = True
        assert await show(rows) == 0
        assert await show(rows[1:]) == 0
        assert await show(rows) == 1, "from now on it stays on its entry"


async def test_a_narrow_screen_turns_pages(app: Memarium) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await browsed(pilot)
        assert browse.results.display
        assert not browse.preview.display
        assert not browse.sidebar.display
        await pilot.press("j", "enter")
        assert browse.preview.display
        assert not browse.results.display
        assert app.focused is browse.preview
        await until(
            pilot,
            lambda: "‹ Results   2 of 14" in "".join(part.text for part in browse.page_title.render_line(0)),
        )
        await pilot.press("escape")
        assert browse.results.display
        assert app.focused is browse.results
        await pilot.press("enter", "slash")
        await until(pilot, lambda: app.focused is browse.search.box)
        assert browse.search.display


async def test_the_drawer_narrows_the_results_behind_it(app: Memarium) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("b")
        assert isinstance(app.screen, Drawer)
        await pilot.press("j", "space")
        await until(pilot, lambda: browse.answered and browse.results.count == 3)
        assert browse.search.text == "kind:pattern"
        await pilot.press("b")
        assert app.screen is browse


@pytest.mark.parametrize(
    ("width", "panes"),
    [
        (150, [28, 45, 75]),
        (120, [25, 33, 60]),
        (110, [25, 33, 50]),
        (100, [0, 40, 59]),
        (89, [0, 89, 0]),
        (60, [0, 60, 0]),
    ],
)
async def test_panes_have_the_widths_of_the_design(app: Memarium, width: int, panes: list[int]) -> None:
    async with app.run_test(size=(width, 24)) as pilot:
        browse = await browsed(pilot)
        widths = [
            pane.size.width if pane.display else 0
            for pane in (browse.sidebar, browse.results, browse.preview)
        ]
        assert widths == panes


async def test_nothing_is_clipped_at_60_by_20(app: Memarium) -> None:
    async with app.run_test(size=(60, 20)) as pilot:
        browse = await browsed(pilot)
        status = "".join(part.text for part in browse.query_one(StatusLine).render_line(0))
        assert status.endswith("14 entries   ▲ 1 ")
        first = "".join(part.text for part in browse.results.render_line(2))
        assert first.endswith("21 Nov ")
        assert browse.query_one("#footer").region.bottom == 20
        assert browse.results.region.height == 16


async def test_mouse_clicks_rows_facets_footer_and_problems(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.click(browse.results, offset=(5, 10))
        assert browse.results.cursor == 4
        await pilot.click(browse.results, offset=(5, 10), times=2)
        assert app.focused is browse.preview
        await pilot.click(browse.sidebar, offset=(6, 2))
        await until(pilot, lambda: browse.answered and browse.results.count == 3)
        assert browse.search.text == "kind:pattern"
        await pilot.click(browse.sidebar, offset=(6, 2))
        await until(pilot, lambda: browse.answered and browse.results.count == 14)
        keys = "".join(part.text for part in browse.query_one("#footer", Footer).render_line(0))
        await pilot.click("#footer", offset=(keys.index("search"), 0))
        await until(pilot, lambda: app.focused is browse.search.box)
        await pilot.click("#status", offset=(110, 0))
        await until(pilot, lambda: type(app.screen).__name__ == "Problems")


async def test_the_wheel_scrolls_the_rows_under_it_and_leaves_the_cursor(app: Memarium) -> None:
    async with app.run_test(size=(120, 20)) as pilot:
        browse = await browsed(pilot)
        browse.results.on_mouse_scroll_down(_wheel(browse))
        assert browse.results.top == 3
        assert browse.results.cursor == 0


async def test_the_hairline_is_a_scrollbar(app: Memarium) -> None:
    async with app.run_test(size=(120, 20)) as pilot:
        browse = await browsed(pilot)
        hair = browse.query_one("#hair-results", Hair)
        drawn = [hair.render_line(y).text for y in range(hair.size.height)]
        assert drawn[0] == "┃"
        assert drawn[-1] == "│"
        bottom = (0, hair.size.height - 1)
        await pilot.mouse_down(hair, offset=bottom)
        await pilot.mouse_up(hair, offset=bottom)
        await pilot.pause()
        assert browse.results.top == browse.results.total - browse.results.room
        assert hair.render_line(hair.size.height - 1).text == "┃"


def _wheel(browse: Browse) -> MouseScrollDown:
    return MouseScrollDown(browse.results, 5, 5, 0, 1, 0, False, False, False)


async def test_a_long_list_loads_as_it_is_scrolled(tmp_path: Path) -> None:
    entry = "<lesson><date>2025-{m:02}-{d:02}</date><title>Lesson {n}</title><finding>Text</finding></lesson>"
    rows = "".join(entry.format(m=1 + n % 12, d=1 + n % 28, n=n) for n in range(700))
    root = make_garden(tmp_path, {"project-knowledge/shop/lessons.xml": f"<lessons>{rows}</lessons>"})
    app = open_garden(root)
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await browsed(pilot)
        assert browse.results.count == 700
        assert len(browse.results.rows) < 700
        await pilot.press("G")
        browse._tree_changed()  # before the rows have come
        await until(pilot, lambda: len(browse.results.rows) == 700)
        assert browse.results.cursor == 699
        assert browse.preview.entry == browse.results.rows[699].entry


async def test_live_reload_keeps_the_cursor_on_its_entry(app: Memarium, garden: Path) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await go_to(pilot, "Retry storm drains the pool after a failover")
        place = browse.results.cursor
        new = (
            "<debugging-solution><timestamp>2025-11-22T09:00:00Z</timestamp>"
            "<title>Brand new</title><problem>x</problem></debugging-solution>"
        )
        path = garden / SOLUTIONS
        path.write_text(
            path.read_text().replace("<debugging-solutions>", f"<debugging-solutions>{new}"), "utf-8"
        )
        await until(pilot, lambda: browse.results.count == 15)
        assert browse.results.rows[0].entry.title == "Brand new"
        assert browse.results.cursor == place + 1
        assert browse.entry is not None
        assert browse.entry.title == "Retry storm drains the pool after a failover"
        await until(pilot, lambda: app.status.dirty)


async def test_reload_reads_what_changed(app: Memarium, garden: Path) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        app._stop.set()  # no watching: only the key reads again
        (garden / "client-context/note.xml").write_text(
            "<note><title>Read again</title><text>words</text></note>"
        )
        await pilot.press("f5")
        await until(pilot, lambda: browse.results.count == 15)


async def test_the_second_start_shows_the_last_page_before_anything_is_read(
    garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_garden(garden).run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
    again = open_garden(garden)
    workspace = again.workspace
    assert workspace is not None
    seen: list[int] = []

    def load(progress: object = None, *, remember: bool = True) -> object:
        browse = again.screen
        assert isinstance(browse, Browse)
        seen.append(browse.results.count)
        return Tree.load(workspace.tree, remember=remember)

    monkeypatch.setattr(workspace.tree, "load", load)
    async with again.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
    assert seen == [14]


async def test_a_tree_without_files_offers_to_add_an_entry(tmp_path: Path) -> None:
    (tmp_path / "memories").mkdir()
    app = open_garden(tmp_path / "memories")
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        assert any(" ".join(line.plain.split()) == "a add an entry" for line in browse.results.empty)
        assert [hint for hint in browse.footer_keys(browse.results) if hint in ("add", "edit")] == ["add"]


async def test_an_empty_tree_says_so_and_offers_the_templates(tmp_path: Path) -> None:
    name = "client-context/approval-history.xml"
    app = open_garden(make_garden(tmp_path, {name: FILES[name]}))
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        assert browse.results.size.width == 120
        lines = [" ".join(line.plain.split()) for line in browse.results.empty]
        assert lines[0] == "This tree has no entries"
        assert lines[-2:] == ["a add an entry", "▌ ⏎ see the empty templates"]
        assert browse.footer_keys(browse.results)[0] == "add"
        await pilot.press("enter")
        await until(pilot, lambda: browse.results.count == 1)
        assert browse.search.text == "is:template"
        assert "1 · newest first" in shown(app), "it is none of the entries that are counted"


async def test_a_tree_without_a_file_that_can_be_read_offers_no_templates(tmp_path: Path) -> None:
    (tmp_path / "memories").mkdir()
    (tmp_path / "memories/lessons.xml").write_bytes(bytes(range(256)) * 9)
    app = open_garden(tmp_path / "memories")
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        lines = [" ".join(line.plain.split()) for line in browse.results.empty]
        assert lines[-2:] == ["a add an entry", "p see the problems"]


async def test_a_broken_file_is_marked_with_its_cause(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await go_to(pilot, "Invoice numbering must have no gaps")
        lines = text_of(browse)
        assert lines[-1].strip().startswith("project-knowledge/billing/lessons.xml:2")
        assert any(line.strip().startswith("▲ line 5: ") for line in lines[-3:])


async def test_x_shows_the_xml_and_the_page_again(app: Memarium) -> None:
    async with app.run_test(size=(150, 36)) as pilot:
        browse = await go_to(pilot, "Retry storm drains the pool after a failover")
        await pilot.press("x")
        await until(pilot, lambda: browse.preview.source is not None)
        assert "<solution>Full jitter, three tries at most.</solution>" in "\n".join(text_of(browse))
        await pilot.press("x")
        assert "Full jitter, three tries at most." in "\n".join(text_of(browse))
        assert "<solution>" not in "\n".join(text_of(browse))


async def test_o_takes_the_next_order(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("o", "o", "o", "o")
        await until(pilot, lambda: browse.answered and browse.results.rows[0].entry.level == 4)
        assert app.settings.sort == "level"


def test_the_clock_is_fixed(app: Memarium) -> None:
    assert app.now() == NOW
