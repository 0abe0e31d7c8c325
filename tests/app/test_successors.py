"""An entry that gets another id stays the one that is shown, marked, pinned, left behind or typed in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from textual.pilot import Pilot

from index.model.draft import Draft, Typed
from index.storage.drafts import Drafts
from index.storage.user_folders import state_folder
from tests.support.editing import edit, edit_source, write
from tests.support.pilot import WIDE, kept, leave_behind, open_app, press, ready, settle
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.history.history import History

LOG = "# Log\n\n## Retry twice\n\nThe first call wakes it.\n\n## Cache\n\nKeep an hour.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "memory-bank"
    folder.mkdir()
    (folder / "activeContext.md").write_text(LOG, encoding="utf-8")
    (folder / "progress.md").write_text("# Done\n\n## Search\n\ntext\n\n## Sync\n\ntext\n", encoding="utf-8")
    return folder


async def shown_cache(pilot: Pilot[None]) -> Browse:
    """Put the cursor on the entry in the middle, pinned and marked."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    browse.results.go_to("memory-bank/activeContext.md#cache")
    await press(pilot, "asterisk")
    browse.results.action_choose()
    browse.results.go_to("memory-bank/activeContext.md#cache")
    await settle(pilot)
    return browse


def held(browse: Browse) -> tuple[str, list[str], list[str]]:
    assert browse.entry is not None
    workspace = browse.context.workspace
    assert workspace is not None
    return browse.entry.id, list(browse.marked), workspace.tree.bookmarks.pins()


async def test_the_file_is_renamed_by_another_program(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await shown_cache(pilot)
        (root / "activeContext.md").rename(root / "zz.md")
        await press(pilot, "f5")
        there = "memory-bank/zz.md#cache"
        assert held(browse) == (there, [there], [there])


async def test_it_gets_a_twin(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await shown_cache(pilot)
        (root / "activeContext.md").write_text(f"{LOG}\n## Cache\n\nKeep a day.\n", encoding="utf-8")
        await press(pilot, "f5")
        first = browse.entry
        assert first is not None
        assert first.fields[-1].text == "Keep an hour."
        assert held(browse) == (first.id, [first.id], [first.id])


async def test_the_way_back_leads_to_it(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await shown_cache(pilot)
        await press(pilot, "H")
        app.show_entry("memory-bank/progress.md#sync")
        await settle(pilot)
        (root / "activeContext.md").rename(root / "zz.md")
        await press(pilot, "f5", "left_square_bracket")
        assert isinstance(app.screen, History)
        assert app.screen.opener.entry_id == "memory-bank/zz.md#cache"
        await press(pilot, "escape")
        assert browse.entry is not None
        assert browse.entry.id == "memory-bank/zz.md#cache"


@pytest.mark.parametrize("sort", ["edit", "source"])
async def test_a_draft_of_it_is_offered(root: Path, sort: Literal["edit", "source"]) -> None:
    drafts = Drafts(state_folder(root) / "drafts")
    typed = Typed("Keep an hour.", "Keep a week.")
    fields = {"text" if sort == "edit" else "": typed}
    drafts.keep(Draft("memory-bank/activeContext.md#cache", "Cache", 1.0, fields=fields, sort=sort))
    drafts.close()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        (root / "activeContext.md").rename(root / "zz.md")
        await press(pilot, "f5")
        if sort == "edit":
            await edit(pilot, None, "memory-bank/zz.md#cache")
        else:
            await edit_source(pilot, "memory-bank/zz.md#cache")
        assert isinstance(app.screen, QuestionScreen)


async def test_what_is_typed_for_it_is_kept_for_it(root: Path) -> None:
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        form = await edit(pilot, "text", "memory-bank/activeContext.md#cache")
        await write(pilot, "Keep a week.")
        await kept(pilot, form.keeper)
        (root / "activeContext.md").rename(root / "zz.md")
        await press(pilot, "f5")
        await write(pilot, "Keep a month.")
        await kept(pilot, form.keeper)
        leave_behind(app)
        (draft,) = Drafts(state_folder(root) / "drafts").left()
        assert draft.entry == "memory-bank/zz.md#cache"
        assert [typed.text for typed in draft.fields.values()] == ["Keep a month."]
