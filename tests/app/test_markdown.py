"""Markdown memories in the app, from the list to the commit and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editing import edit, edit_source, swap, write
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import FILES, make_stores
from tests.support.pilot import WIDE, open_app, press, ready, said, settle, shown, until
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.lines import Lines
from tui.widgets.base.paragraphs import Paragraphs


@pytest.mark.parametrize(
    ("store", "file", "title", "field", "before", "after"),
    [
        (".learnings", "LEARNINGS.md", "correction", "Summary",
         "The pool is per worker, not per host", "The pool is per process"),
        (".claude/memory", "feedback_review_shape.md", "review-shape", "description",
         '"Review comments live in a skill: see #281"', '"One finding, one comment: always"'),
        ("memory-bank", "decisionLog.md", "Partition orders by month", "Rationale",
         "The table grew by 40 GB a quarter.", "It grew."),
    ],
)  # fmt: skip
async def test_a_field_is_edited_reviewed_committed_and_taken_back(
    tmp_path: Path, store: str, file: str, title: str, field: str, before: str, after: str
) -> None:
    root = make_stores(tmp_path / "project") / store
    make_repository(tmp_path / "project")
    commit_all(tmp_path / "project")
    text = FILES[f"{store}/{file}"]
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        [found] = [one.id for one in browse.workspace.tree.entries() if one.title == title]
        await edit(pilot, field, found)
        await write(pilot, after.strip('"'))
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        assert after.strip('"') in said(app.screen.query_one("#diff", Lines))
        await press(pilot, "enter")
        assert (root / file).read_text("utf-8") == text.replace(before, after)
        assert git(root, "log", "-1", "--format=%s").startswith(f"memory: edit {field} of")
        await until(pilot, lambda: app.screen is browse)
        await press(pilot, "u")
        await settle(pilot)
        assert (root / file).read_text("utf-8") == text


async def test_a_new_memory_gets_a_file_called_after_the_title_that_is_typed(tmp_path: Path) -> None:
    root = make_stores(tmp_path / "project") / ".claude" / "memory"
    make_repository(tmp_path / "project")
    commit_all(tmp_path / "project")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "a")
        await press(pilot, *"feedback", "enter")
        await until(pilot, lambda: isinstance(app.screen, AddScreen))
        assert ".claude/memory/<title>.md" in shown(app)
        await write(pilot, "Never push on Friday")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        assert ".claude/memory/feedback_never_push_on_friday.md" in shown(app)


async def test_the_source_of_an_entry_is_not_taken_for_xml(tmp_path: Path) -> None:
    root = make_stores(tmp_path / "project") / ".learnings"
    make_repository(tmp_path / "project")
    commit_all(tmp_path / "project")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit_source(pilot, "LEARNINGS.md#LRN-20260501-001", "correction")
        assert screen.area.text.startswith("## [LRN-")
        assert screen.area.language is None
        [heading] = screen.area.get_line(0).spans
        assert (heading.start, heading.end) == (0, len(screen.area.document.get_line(0)))
        assert "reads as one entry" in said(screen.query_one(Paragraphs))
        await swap(pilot, "## [LRN-", "[LRN-")
        assert "it has to begin with its heading" in said(screen.query_one(Paragraphs))
