"""Adding, deleting, copying, moving entries, and changing many, up to the commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.support.git import git
from tests.support.pilot import (
    NARROW,
    SMALL,
    WIDE,
    Compare,
    kept,
    leave_behind,
    open_app,
    press,
    ready,
    said,
    settle,
    until,
)
from tests.support.shop import FILE, LATER, SOLUTION, make_shop
from tui.app import Memarium
from tui.screens.base.picker import Choices, Picker
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.bulk import SetFieldScreen
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.base.toast import Toast
from tui.widgets.editing.edit_lines import EditFoot, EditHead
from tui.widgets.editing.field_editor import FieldEditor

PATTERNS = "development-patterns/api-patterns.xml"


async def at(pilot: Pilot[None], entry_id: str = SOLUTION) -> Browse:
    """Put the cursor on an entry."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    await until(pilot, lambda: browse.results.go_to(entry_id))
    await settle(pilot)
    return browse


async def commit(pilot: Pilot[None]) -> str:
    """Take the review; return what the toast says."""
    assert isinstance(pilot.app.screen, ReviewScreen)
    await press(pilot, "enter")
    return " ".join(said(pilot.app.screen.query_one(Toast)).split())


def picked(app: Memarium) -> list[str]:
    """Return the titles of what is offered."""
    return [item.title for item, _ in app.screen.query_one(Choices).found]


async def test_a_new_entry_is_one_commit_beside_its_like(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "a")
        assert picked(app)[0] == "Debugging solution"
        await press(pilot, "enter")
        assert isinstance(app.screen, AddScreen)
        assert app.screen.draft.text("timestamp") == "2025-11-23T10:00:00Z"
        await press(pilot, *"Cache", "tab", *"Stale", "tab", *"TTL", "tab", "tab", "2", "ctrl+s")
        toast = await commit(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        await until(pilot, lambda: browse.entry is not None and browse.entry.title == "Cache")
    text = (root / FILE).read_text("utf-8")
    assert (
        """
  <debugging-solution>
    <timestamp>2025-11-23T10:00:00Z</timestamp>
    <title>Cache</title>
    <problem>Stale</problem>
    <level>2</level>
    <solution>TTL</solution>
  </debugging-solution>
</debugging-solutions>
"""
        in text
    )
    assert git(root, "log", "-1", "--format=%s") == 'memory: add debugging solution "Cache"'
    assert git(root, "show", "--name-only", "--format=", "HEAD") == f"memories/{FILE}"
    assert toast.startswith("✓ Added debugging solution")


async def test_a_new_entry_goes_into_a_new_file(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "a", *"less")
        assert picked(app)[0] == "Lesson"
        await press(pilot, "enter", *"Measure", "ctrl+t")
        assert picked(app)[0] == "project-knowledge/billing/lessons.xml"
        await press(pilot, *"project-knowledge/gateway/lessons")
        await press(pilot, "enter")
        assert said(app.screen.query_one(EditFoot)).startswith("project-knowledge/gateway/lessons.xml")
        await press(pilot, "ctrl+s")
        assert "a new file" in said(app.screen.query_one("#diff", Lines))
        await commit(pilot)
    text = (root / "project-knowledge/gateway/lessons.xml").read_text("utf-8")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<lessons>\n  <metadata>')
    assert "<title>Measure</title>" in text
    assert git(root, "status", "--porcelain") == ""


async def test_a_form_refuses_what_cannot_be_added_and_keeps_it(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "a", *"my kind!", "enter", *"A title", "ctrl+s")
        form = app.screen
        assert isinstance(form, AddScreen)
        assert "▲" in said(form.query_one(EditFoot))
        assert form.query_one(TextArea).text == "A title"
        await press(pilot, "escape")
        assert "Discard changes?" in str(app.screen.title)
        await press(pilot, "d")
        assert isinstance(app.screen, Browse)


async def test_a_field_that_is_not_there_is_added_to_the_form(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "a", "enter", *"Cache", "ctrl+n", *"root-cause", "enter", *"No TTL", "ctrl+s")
        await commit(pilot)
    assert "<root-cause>No TTL</root-cause>" in (root / FILE).read_text("utf-8")


async def test_a_deletion_shows_what_goes_and_is_undone(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_text("utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at(pilot)
        await press(pilot, "d")
        shown = said(app.screen.query_one("#diff", Lines))
        assert "Added connection pool monitoring" in shown
        await press(pilot, "escape")
        assert app.screen is browse
        assert git(root, "status", "--porcelain") == ""
        place, (_, following, *_) = browse.results.cursor, browse.results.rows[browse.results.cursor :]
        await press(pilot, "d")
        toast = await commit(pilot)
        assert browse.results.cursor == place > 0
        assert browse.results.current is not None
        assert browse.results.current.id == following.id
        assert "✓ Deleted Database connection pool exhaustion und…" in toast
        assert "Database connection pool" not in (root / FILE).read_text("utf-8")
        await press(pilot, "u")
    assert (root / FILE).read_text("utf-8") == before
    assert git(root, "rev-list", "--count", "HEAD") == "7"


async def test_a_copy_stands_behind_it(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at(pilot)
        await press(pilot, "C")
        await commit(pilot)
        await until(pilot, lambda: browse.entry is not None and browse.entry.timestamp[:10] == "2025-11-23")
    assert (root / FILE).read_text("utf-8").count("<problem>At 400 requests") == 2


async def test_a_move_is_one_commit_of_both_files(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "M")
        assert isinstance(app.screen, Picker)
        assert FILE not in picked(app)
        await press(pilot, *"api-pat", "enter")
        await press(pilot, "tab")
        assert "2 files" in said(app.screen.query_one("#outcome", Paragraphs))
        await press(pilot, "tab")
        await commit(pilot)
    assert "At 400 requests" in (root / PATTERNS).read_text("utf-8")
    assert "At 400 requests" not in (root / FILE).read_text("utf-8")
    assert git(root, "show", "--name-only", "--format=", "HEAD").split() == [
        f"memories/{PATTERNS}",
        f"memories/{FILE}",
    ]


async def test_what_others_write_under_the_review_stays_and_is_told(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "d")
        theirs = (root / FILE).read_text("utf-8").replace("Full jitter", "Half jitter")
        (root / FILE).write_text(theirs, "utf-8")
        git(root, "commit", "--quiet", "--all", "--message=theirs", date=LATER)
        toast = await commit(pilot)
        assert isinstance(app.screen, Browse)
        assert "Another program had written there too, which stays: edited" in toast
    text = (root / FILE).read_text("utf-8")
    assert "Half jitter" in text
    assert "At 400 requests" not in text


async def test_an_entry_that_others_change_under_the_review_is_shown_again(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "d")
        review = app.screen
        theirs = (root / FILE).read_text("utf-8").replace("At 400 requests", "At 500 requests")
        (root / FILE).write_text(theirs, "utf-8")
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is not review and isinstance(app.screen, ReviewScreen))
        assert (root / FILE).read_text("utf-8") == theirs
        await settle(pilot)
        assert "At 500 requests" in said(app.screen.query_one("#diff", Lines))
        await commit(pilot)
    assert "requests" not in (root / FILE).read_text("utf-8")


async def test_an_entry_is_followed_to_the_id_that_it_was_saved_under(tmp_path: Path) -> None:
    """Another program takes the same id while it is reviewed."""
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at(pilot)
        await press(pilot, "C")
        assert isinstance(app.screen, ReviewScreen)
        (change,) = app.screen.plan.changes
        assert change.after is not None
        (root / FILE).write_bytes(change.after.replace(b"Every client", b"Each client"))
        await commit(pilot)
        await until(pilot, lambda: app.screen is browse)
        await settle(pilot)
        assert app.workspace is not None
        title = app.workspace.tree.entry(SOLUTION).title
        alike = [one for one in app.workspace.tree.entries() if one.title == title]
        assert len(alike) == 3
        now = browse.results.current
        assert now is not None
        assert now.id == sorted(alike, key=lambda one: one.line)[1].id


async def test_a_field_of_all_marked_entries_is_one_commit(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await at(pilot)
        await press(pilot, "space", "space")
        assert len(browse.marked) == 2
        assert said(browse.query_one(Footer)).startswith(" 2 marked   d delete")
        await press(pilot, "s", *"level", "enter")
        assert isinstance(app.screen, SetFieldScreen)
        await press(pilot, "7", "ctrl+s")
        toast = await commit(pilot)
        assert app.screen is browse
        assert not browse.marked
    assert toast.startswith("✓ Set level of 2 entries")
    assert (root / FILE).read_text("utf-8").count("<level>7</level>") == 2
    assert git(root, "log", "-1", "--format=%s") == "memory: set level of 2 entries"


async def test_of_entries_of_several_kinds_none_is_named(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "space", "space", "s", *"status", "enter")
        assert isinstance(app.screen, SetFieldScreen)
        assert said(app.screen.query_one(EditHead)).strip() == "· Several kinds"


async def test_what_was_typed_for_several_outlives_a_crash(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "space", "space", "s", *"prevention", "enter", *"Ask first")
        form = app.screen
        assert isinstance(form, SetFieldScreen)
        await kept(pilot, form.keeper)
    leave_behind(app)
    again = open_app(root)
    async with again.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "P", "enter")
        assert isinstance(again.screen, SetFieldScreen)
        await press(pilot, "ctrl+s")
        assert (await commit(pilot)).startswith("✓ Set prevention of 2 entries")
        assert again.workspace is not None
        again.workspace.status.drafts.close()
        assert again.workspace.status.drafts.left() == []
    assert (root / FILE).read_text("utf-8").count("<prevention>Ask first</prevention>") == 2


async def test_marks_go_before_anything_else_does(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await at(pilot)
        await press(pilot, "space")
        assert browse.marked == [SOLUTION]
        browse.results.go_to(SOLUTION)
        await press(pilot, "space")
        assert browse.marked == []
        await press(pilot, "space", "escape")
        assert browse.marked == []


@pytest.mark.parametrize(("keys", "gone", "come"), [
    (("down", "enter", *"speed", "enter"), "performance", "speed"),
    (("down", "enter", "enter"), "performance", "connection-pool</tags>"),
])  # fmt: skip
async def test_a_tag_is_renamed_everywhere_or_taken_away(
    tmp_path: Path, keys: tuple[str, ...], gone: str, come: str
) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "T")
        place = picked(app).index("performance")
        await press(pilot, *["down"] * place, *keys[1:])
        await commit(pilot)
    text = (root / FILE).read_text("utf-8")
    assert gone not in text
    assert come in text


async def test_nothing_is_added_over_a_text_that_is_not_saved(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "a", "enter", *"nd")
        assert app.screen.query_one(FieldEditor).draft.changes() == {"title": "nd"}
        assert app.screen.query_one(TextArea).text == "nd"


async def test_a_field_typed_as_it_is_shown_is_no_new_one(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await at(pilot)
        await press(pilot, "space", "s", *"Solution")
        assert picked(app) == ["Solution"]
        await press(pilot, *"s")
        assert picked(app) == ["Solutions"]
        await press(pilot, "escape", "a", "enter", "ctrl+n", *"Title", "enter")
        editor = app.screen.query_one(FieldEditor)
        assert (editor.current, editor.names.count("Title")) == ("title", 0)


def _steps(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def run(pilot: Pilot[None]) -> None:
        await at(pilot)
        await press(pilot, *keys)

    return run


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "keys",
    [("a",), ("a", "enter", *"Cache"), ("space", "space", "s", *"level", "enter", "5")],
    ids=["kinds", "form", "bulk"],
)
def test_looks(snap_compare: Compare, tmp_path: Path, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app: App[None] = open_app(make_shop(tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=_steps(*keys))
