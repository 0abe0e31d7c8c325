"""The sidebar by key and mouse: folders of files, a file by its name, the kinds below `Other`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.model.facets import Counts
from index.search.language.query import Query
from tests.support.garden import browsed
from tests.support.pilot import NARROW, WIDE, open_app, press, settle, until
from tui.app import Memarium
from tui.data import searching
from tui.screens.base.picker import Picker
from tui.screens.browse.browse import Browse
from tui.widgets.browse.sidebar import Sidebar


@pytest.fixture
def app(tmp_path: Path) -> Memarium:
    """Return the app on a tree with folders, and with kinds that are in no group."""
    for path, kind, count in (
        ("plans/gadgets.xml", "gadget", 4),
        ("plans/old/gadgets.xml", "gadget", 2),
        ("notes/widgets.xml", "widget", 3),
        ("notes/gizmos.xml", "gizmo", 1),
        ("debugging-solutions.xml", "debugging-solution", 2),
    ):
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        one = f"<{kind}><title>{kind} %d</title><note>pool</note></{kind}>"
        text = "".join(one % n for n in range(count))
        (tmp_path / "tree" / path).write_text(f"<{kind}s>{text}</{kind}s>")
    return open_app(tmp_path / "tree")


async def click(pilot: Pilot[None], sidebar: Sidebar, label: str) -> int | None:
    """Click on a line; returns its number."""
    line, row = next((n, row) for n, row in enumerate(sidebar._rows) if row.label == label)
    sidebar.scroll_lines(line - 3)
    await pilot.pause()
    await pilot.click(sidebar, offset=(8, line - sidebar.top))
    await settle(pilot)
    return row.number


def labels(sidebar: Sidebar) -> list[str]:
    return [row.label for row in sidebar._rows]


async def test_a_click_on_a_kind_below_other_shows_as_many_as_it_says(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        number = await click(pilot, browse.sidebar, "Other")
        assert browse.search.text == ""
        for label in ("Gadget", "Widget", "Gizmo"):
            number = await click(pilot, browse.sidebar, label)
            assert (label, browse.results.count) == (label, number)
            assert browse.search.text == f'kind:"{label.lower()}"'
            await click(pilot, browse.sidebar, label)
            assert browse.search.text == ""
        number = await click(pilot, browse.sidebar, "All of these")
        await until(pilot, lambda: browse.answered and browse.results.count == number == 10)
        await click(pilot, browse.sidebar, "Other")
        assert "Gadget" not in labels(browse.sidebar)
        assert "All of these" in labels(browse.sidebar)  # it is chosen


async def test_the_files_of_what_is_found_are_counted_too(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        for query, files in (("gadget", 2), ("pool", 5), ("widget", 1), ("", 5)):
            browse.search.text = query
            await until(pilot, partial(_tells, browse.sidebar, files))


async def test_the_files_are_counted_when_nobody_types_on(
    app: Memarium, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        assert app.workspace is not None
        count, asked = app.workspace.search.file_counts, list[str]()

        def noted(query: Query) -> Counts:
            asked.append(query.text)
            return count(query)

        monkeypatch.setattr(app.workspace.search, "file_counts", noted)
        monkeypatch.setattr(searching, "AT_REST", 60)
        browse.search.text = "widget"
        await until(pilot, lambda: _number(browse.sidebar, "Other") == 3)
        assert _tells(browse.sidebar, 5)
        monkeypatch.setattr(searching, "AT_REST", 0)
        browse.search.text = "gadget"
        await until(pilot, partial(_tells, browse.sidebar, 2))
        assert asked == ["gadget"]


def _number(sidebar: Sidebar, label: str) -> int | None:
    return next(row.number for row in sidebar._rows if row.label == label)


def _tells(sidebar: Sidebar, files: int) -> bool:
    """Return whether the sidebar says that so many files have entries."""
    told = [row.number for row in sidebar._rows if row.label == "Files with entries"]
    return told == [files]


async def test_files_are_folders_that_unfold(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "f")
        assert app.focused is browse.sidebar
        assert "plans/" in labels(browse.sidebar)
        assert "gadgets.xml" not in labels(browse.sidebar)
        await click(pilot, browse.sidebar, "plans/")
        number = await click(pilot, browse.sidebar, "gadgets.xml")
        await until(pilot, lambda: browse.answered and browse.results.count == number == 4)
        assert browse.search.text == "file:plans/gadgets.xml"


async def test_a_file_is_found_by_its_name_with_the_keys(app: Memarium) -> None:
    async with app.run_test(size=NARROW) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "f", "enter")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"old", "enter")
        assert not isinstance(app.screen, Picker)
        await until(pilot, lambda: browse.search.text == "file:plans/old/gadgets.xml")
        if not isinstance(app.screen, Browse):  # the drawer
            await press(pilot, "escape")
        await until(pilot, lambda: browse.answered and browse.results.count == 2)


async def test_the_results_have_the_focus_again_after_the_drawer(app: Memarium) -> None:
    async with app.run_test(size=NARROW) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "f")
        assert not isinstance(app.screen, Browse)
        await press(pilot, "escape", "down")
        assert app.focused is browse.results
        assert browse.results.cursor == 1


async def test_the_drawer_gives_way_to_the_sidebar_where_there_is_room(app: Memarium) -> None:
    async with app.run_test(size=NARROW) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "f")
        assert app.screen is not browse
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: app.screen is browse and browse.sidebar.display)


async def test_the_search_is_reached_from_the_drawer(app: Memarium) -> None:
    async with app.run_test(size=NARROW) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "b")
        await pilot.press("slash", *"bug")
        await until(pilot, lambda: browse.search.text == "bug")
        assert app.screen is browse
