"""What goes through all entries or files of a tree, which may be very many, does so in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content

from index.library.snapshot import Snapshot
from index.library.tree import Tree
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.workspace import Workspace
from tests.support.pilot import NOW, WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import SOLUTION, make_shop
from tui.app import Memarium
from tui.screens.base.picker import Choices, Item, Picker
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.bulk import SetFieldScreen
from tui.screens.problems.problems import Problems
from tui.widgets.base.toast import Toast
from tui.widgets.browse.preview import Preview
from tui.widgets.problems.problem_list import ProblemList

WALKED: list[str] = []
"""What was gone through in the app's own thread."""


def _note(what: str) -> None:
    if threading.current_thread() is threading.main_thread():
        WALKED.append(what)


class Entries(tuple[Entry, ...]):
    """Entries that note who goes through all of them."""

    def __iter__(self) -> Iterator[Entry]:
        _note("entries")
        return super().__iter__()


class Records(dict[str, Any]):
    """Files that note who goes through all of them."""

    def values(self) -> Any:
        _note("files")
        return super().values()


class Large(Tree):
    """A tree whose snapshots note who goes through them."""

    _watched: tuple[Snapshot, Snapshot] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The tree as it was last read."""
        now = super().snapshot
        if self._watched is None or self._watched[0] is not now:
            self._watched = now, replace(now, entries=Entries(now.entries), records=Records(now.records))
        return self._watched[1]

    def problems(self) -> list[FileProblem]:
        """Return every problem of the tree."""
        return self.snapshot.problems()


@pytest.fixture
def large(tmp_path: Path) -> Memarium:
    """Return the app on a tree that notes who goes through it."""
    root = make_shop(tmp_path)
    return Memarium(Workspace(Large.open(root)), now=lambda: NOW, settings_file=root.parent / "app.json")


def test_who_goes_through_the_tree_is_noted(tmp_path: Path) -> None:
    workspace = Workspace(Large.open(make_shop(tmp_path)))
    workspace.tree.load()
    WALKED.clear()
    assert list(workspace.tree.snapshot.entries)
    assert workspace.tree.snapshot.records.values()
    assert WALKED == ["entries", "files"]
    workspace.close()


async def test_reading_is_counted_in_the_thread_that_reads(large: Memarium) -> None:
    async with large.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        WALKED.clear()
        await press(pilot, "f5")
        assert (large.status.entries, large.status.files, large.status.problems) == (9, 5, 2)
        await press(pilot, "p")
        assert isinstance(large.screen, Problems)
        assert large.screen.query_one(ProblemList).current is not None
        await press(pilot, "enter")
        assert isinstance(large.screen, Browse)
    assert WALKED == []


@pytest.mark.parametrize(
    ("keys", "first", "then"),
    [
        (("a",), "Debugging solution", AddScreen),
        (("M",), "project-knowledge/billing/lessons.xml", None),
        (("T",), "performance", Picker),
        (("s",), "timestamp", SetFieldScreen),
        (("a", "enter", "ctrl+t"), "development-patterns/debugging-solutions.xml", AddScreen),
    ],
)  # fmt: skip
async def test_lists_to_choose_from_are_made_in_a_thread(
    large: Memarium, keys: tuple[str, ...], first: str, then: type[object] | None
) -> None:
    async with large.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        browse = large.screen
        assert isinstance(browse, Browse)
        await until(pilot, lambda: browse.results.go_to(SOLUTION))
        await settle(pilot)
        WALKED.clear()
        await press(pilot, *keys)
        titles = [item.title.lower() for item, _ in large.screen.query_one(Choices).found]
        assert first.lower() in titles
        if then is not None:
            await press(pilot, "enter")
            assert isinstance(large.screen, then)
    assert WALKED == []


async def test_keys_typed_before_the_list_is_there_count_for_it(large: Memarium) -> None:
    known, come = threading.Event(), threading.Event()

    def late() -> list[Item]:
        come.set()
        known.wait(20)
        return [Item(name, name) for name in ("alpha", "beta one", "beta two")]

    chosen: list[str | None] = []
    async with large.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        large.push_screen(Picker(late, "Which?", "words", free="a new word"), chosen.append)
        await until(pilot, come.is_set)
        await pilot.press(*"beta", "down", "enter")
        assert isinstance(large.screen, Picker)
        assert chosen == []
        known.set()
        await until(pilot, lambda: chosen)
    assert chosen == ["beta two"]


async def test_a_list_without_anything_says_so_and_asks_nothing(large: Memarium) -> None:
    chosen: list[str | None] = []
    async with large.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        picker = Picker(list, "Which?", "tags", none="There are no tags.")
        large.push_screen(picker, chosen.append)
        await settle(pilot)
        assert isinstance(large.screen, Browse)
        assert "There are no tags." in said(large.screen.query_one(Toast))
    assert chosen == [None]


async def test_what_is_below_the_view_of_a_page_is_laid_out_between_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.base.lines.SLICE", 0)
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        page = pilot.app.screen.query_one(Preview)
        page.show(lambda width: map(Content, map(str, range(300))))
        assert len(page.laid_out) < page.room + 10
        page.scroll_lines(200)
        assert page.top == 200
        page.scroll_lines(0)
        await until(pilot, lambda: page.complete)
        assert page.extent.total == page.total == 300


async def test_the_end_of_a_page_is_gone_to_once_it_is_laid_out_between_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.base.lines.SLICE", 0)
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        page = pilot.app.screen.query_one(Preview)
        rows = [Content(str(number)) for number in range(300)]
        page.show(lambda width: rows)
        page.action_last()
        assert (page.top, page.complete) == (0, False)
        page.show(lambda width: rows, keep=True)
        await until(pilot, lambda: page.top)
        assert page.top == 300 - page.room
        page.show(lambda width: rows)
        page.action_last()
        page.action_down()
        await until(pilot, lambda: page.complete)
        assert page.top == 1
