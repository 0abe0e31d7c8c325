"""What both sides changed: chosen field by field, then merged and sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from index.model.counts import count_words
from index.model.merge_outcomes import MergeConflict
from tests.support.git import git
from tests.support.pilot import (
    NARROW,
    SMALL,
    WIDE,
    Compare,
    kept,
    leave_behind,
    open_app,
    ready,
    said,
    settle,
    until,
)
from tests.support.shop import FILE
from tests.support.shop_clones import OURS, PREVENTION, THEIRS, change, make_clones, make_conflict, send, sync
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.sync.conflicts import Conflicts
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.rule import Rule
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.sync.conflict_page import ConflictPage, Picture


async def conflicts(pilot: Pilot[None]) -> Conflicts:
    """Sync up to the choice."""
    screen = (await sync(pilot)).screen
    assert isinstance(screen, Conflicts)
    return screen


@pytest.mark.parametrize(
    "words", ["A load test before each sale", "A load test before each sale. " * 12], ids=["short", "long"]
)
async def test_the_last_side_is_in_view_or_the_lines_below_are_counted(tmp_path: Path, words: str) -> None:
    first, second = make_clones(tmp_path)
    send(second, (PREVENTION, words))
    change(first, (PREVENTION, "An alert"))
    async with open_app(first).run_test(size=SMALL) as pilot:
        screen = await conflicts(pilot)
        sides, below = screen.query_one(ConflictPage), screen.query_one("#rule-below", Rule)
        await until(pilot, lambda: below.display == (len(words) > 40))
        assert below.display == (sides.total > sides.room)
        if below.display:
            assert f"↓ {count_words(sides.total - sides.room, 'more line')}" in said(below)


def settled(screen: Conflicts) -> str:
    return screen.query_one(TitleLine).note.plain.strip()


def page(screen: Conflicts) -> str:
    return said(screen.query_one(ConflictPage))


def state(root: Path) -> tuple[str, str, bytes]:
    """What must not move while nothing is settled: HEAD, the index and the file, the remote."""
    remote = git(root, "ls-remote", "origin", "refs/heads/main")
    return (
        git(root, "rev-parse", "HEAD") + git(root, "status", "--porcelain"),
        remote,
        (root / FILE).read_bytes(),
    )


@pytest.mark.parametrize(
    ("author", "width", "told"),
    [
        ("Ben", 120, ["Ben · 21 Nov, 12:00"] * 2),
        ("Ben", 130, ["Ben · 21 Nov, 12:00 · abc1234", "Ben · 21 Nov, 12:00"]),
        ("Seed 57274deb maintainers", 120, ["Seed 57274deb m… · 21 Nov", "Seed 57274deb… · 21 Nov"]),
        ("Seed 57274deb maintainers", 60, ["Seed 57274deb maintainers · 21 Nov, 12:00"] * 2),
    ],
)
@pytest.mark.parametrize("field", ["fix", ""], ids=["a field", "an entry"])
def test_a_side_tells_its_day_whatever_its_author_is_called(
    author: str, width: int, told: list[str], field: str
) -> None:
    by = dict.fromkeys(("ours", "theirs"), (author, ["21 Nov, 12:00 · abc1234", "21 Nov, 12:00", "21 Nov"]))
    conflict = MergeConflict("a.xml#b", field, "<a>1</a>", "<a>2</a>", "<a>3</a>")
    lines = ConflictPage()._lay_out(Picture(conflict, "A", field, "ours", "", None, by), width)
    heads = [part for line in lines for part in re.split(r"\s{3,}", line.plain) if "21 Nov" in part]
    assert [re.sub(r".*(ours|theirs)  ", "", head).strip() for head in heads] == told


async def test_a_choice_by_field_then_merged_and_sent(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    before = state(mine)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        assert settled(screen) == "conflict 1 of 2, 0 resolved"
        lines = page(screen).split("\n")
        title = "Database connection pool exhaustion under load"
        assert [line.strip() for line in lines[:2]] == [f"▌ ○ {title} · Solution", f"○ {title} · Prevention"]
        sides = re.split(r"\s{3,}", lines[6].strip())
        assert sides[0].startswith("▌ 1  ours  Ana Kovač · 21 Nov, 12")
        assert sides[1] == "2  base"
        assert sides[2].startswith("3  theirs  Ben · 21 Nov, 12")
        words = [line for line in screen.query_one(ConflictPage).laid_out if "host" in line.plain]
        lit = [words[0].plain[s.start : s.end] for s in words[0].spans if s.style == "addword"]
        assert "host" in lit
        await pilot.press("right", "right", "enter")
        await pilot.pause()
        assert settled(screen) == "conflict 2 of 2, 1 resolved"
        assert "Prevention" in page(screen)
        assert state(mine) == before
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        asked = " ".join(said(app.screen.query_one(Words)).split())
        assert asked.startswith("All 2 resolved. Merge and push?")
        assert f"theirs Solution {title}" in asked
        assert f"ours Prevention {title}" in asked
        assert state(mine) == before
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert said(app.screen.query_one(Toast)).startswith(
            "✓ Pulled 1 commit from origin/main (1 file merged by entry); pushed 2"
        )
    text = (mine / FILE).read_text("utf-8")
    assert THEIRS in text
    assert "An alert when fewer than 10 % are idle" in text
    assert git(mine, "rev-parse", "HEAD") == git(mine, "ls-remote", "origin", "refs/heads/main").split()[0]
    assert git(mine, "status", "--porcelain") == ""


async def test_esc_leaves_everything_as_it_was(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    before = state(mine)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        heads = [line for line in said(screen.query_one(ConflictPage)).splitlines() if "ours  Ana" in line]
        assert heads
        assert "…" not in heads[0]  # a commit stands there whole, or not at all
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert "Nothing was merged" in said(app.screen.query_one(Toast))
        screen = await conflicts(pilot)
        await pilot.press("3", "escape")
        await settle(pilot)
        assert said(app.screen.query_one(Words)).startswith("Leave without merging?")
        await pilot.press("escape")
        await settle(pilot)
        assert app.screen is screen
        await pilot.press("escape", "d")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert state(mine) == before


async def test_a_text_written_by_hand(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        await pilot.press("2", "K", "right", "right", "e", *" & more", "escape")
        await pilot.pause()
        assert "4  by hand" in page(screen)
        assert "1 resolved" in settled(screen), "left for now, not taken"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "1 is not resolved yet" in said(screen.query_one(Toast))
        await pilot.press("e")
        assert screen.query_one(TextArea).text.endswith("& more")
        assert "accept" not in app.possible(), "return is a line of the text"
        await pilot.press("ctrl+s", "K")
        await pilot.pause()
        assert "4  by hand  ✓ taken" in page(screen)
        await pilot.press("J", "1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
    text = (mine / FILE).read_text("utf-8")
    assert f"<solution>{OURS} &amp; more</solution>" in text


async def test_a_text_that_reads_like_a_side_is_a_text(tmp_path: Path) -> None:
    mine, theirs = make_clones(tmp_path)
    send(theirs, (PREVENTION, "One"))
    change(mine, (PREVENTION, "Two"))
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        await pilot.press("e")
        screen.query_one(TextArea).text = "theirs"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert said(app.screen.query_one(Words)).startswith("Resolved. Merge and push?")
        await pilot.press("enter")
        await settle(pilot)
    assert "<prevention>theirs</prevention>" in (mine / FILE).read_text("utf-8")


async def test_what_changes_while_the_user_chooses_is_asked_again(tmp_path: Path) -> None:
    mine, theirs = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await conflicts(pilot)
        await pilot.press("3", "1")
        await settle(pilot)
        send(theirs, (THEIRS, "Another text."))
        before = state(mine)
        await pilot.press("enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, Conflicts)
        assert settled(screen) == "conflict 1 of 2, 1 resolved"
        assert "Another text." in page(screen)
        assert "! It was changed again meanwhile" in said(screen.query_one(Toast))
        await pilot.press("S")
        await settle(pilot)
        assert app.screen is screen
        assert state(mine) == before
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert "Another text." in (mine / FILE).read_text("utf-8")


async def test_a_refusal_keeps_what_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await conflicts(pilot)
        await pilot.press("3", "1")
        await settle(pilot)
        (tmp_path / "shared.git").rename(tmp_path / "away.git")
        await pilot.press("enter")
        await settle(pilot)
        assert said(app.screen.query_one(Words)).startswith("Not synced")
        (tmp_path / "away.git").rename(tmp_path / "shared.git")
        await pilot.press("enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, Conflicts)
        assert settled(screen).endswith("2 resolved")
        await pilot.press("ctrl+s", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert THEIRS in (mine / FILE).read_text("utf-8")


async def test_an_entry_that_one_side_deleted(tmp_path: Path) -> None:
    mine, theirs = make_clones(tmp_path)
    text = (theirs / FILE).read_text("utf-8")
    start = text.index("  <debugging-solution>", text.index("Retry") - 200)
    send(theirs, (text[start : text.index("</debugging-solutions>")], ""))
    change(mine, ("Every client retries at once.", "All of them retry."))
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        assert "Entire entry" in page(screen)
        assert "deleted" in page(screen)
        assert "Problem: All of them retry." in page(screen)
        assert "<" not in page(screen)
        await pilot.press("?")
        await settle(pilot)
        told = said(app.screen.query_one(Lines))
        assert [" ".join(line.split()) for line in told.split("\n") if line[:1].isdigit()] == [
            "1 use ours", "2 use base", "3 use theirs", "4 use what you wrote by hand",
        ]  # fmt: skip
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
    assert "All of them retry." in (mine / FILE).read_text("utf-8")


def test_a_long_side_is_cut_and_laid_out_at_once() -> None:
    long = "\n".join(f"<line number='{n}'>text of it</line>" for n in range(60_000))
    conflict = MergeConflict("a.xml", "", long, long.replace("text", "Text"), None)
    page = ConflictPage()
    lines = list(page._lay_out(Picture(conflict, "a.xml", "", "ours", "", None), 120))
    assert len(lines) < 250
    assert sum("… of 2," in line.plain for line in lines) == 1
    assert "deleted" in lines[5].plain
    one_line = MergeConflict("a.xml", "fix", "word " * 9_000, "Word " * 9_000, "other " * 9_000)
    rows = [line.plain for line in page._lay_out(Picture(one_line, "a", "Fix", "ours", "", None), 120)]
    assert sum("Word Word" in row for row in rows) == 200


async def test_the_mouse_goes_to_a_side_and_takes_it(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        await pilot.click(ConflictPage, offset=(90, 8))
        await pilot.pause()
        assert screen.picture.at == "theirs"
        await pilot.click(ConflictPage, offset=(50, 8), times=2)
        await pilot.pause()
        assert settled(screen).endswith("1 resolved")
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("use"), 0))
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
    assert OURS in (mine / FILE).read_text("utf-8")


async def test_a_click_in_the_list_goes_to_that_conflict(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=NARROW) as pilot:
        screen = await conflicts(pilot)
        assert screen.picture.place == 0
        await pilot.click(ConflictPage, offset=(20, 1))
        await settle(pilot)
        assert screen.picture.place == 1
        await pilot.press("1")
        await settle(pilot)
        assert "✓" in page(screen).split("\n")[1]


async def test_what_was_written_by_hand_outlives_a_crash(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        screen = await conflicts(pilot)
        await pilot.press("e", *" & more")
        await pilot.pause()
        assert app.screen.query_one(ConflictPage).size.width == app.size.width, "as wide as without the text"
        await kept(pilot, screen.keeper)
    leave_behind(app)
    again = open_app(mine)
    async with again.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("P")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(again.screen, Conflicts))
        assert isinstance(again.screen, Conflicts)
        await settle(pilot)
        assert "What you wrote is here still" in said(again.screen.query_one(Toast))
        await pilot.press("4", "1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert again.workspace is not None
        await until(pilot, lambda: git(mine, "status", "--porcelain", "--branch").endswith("origin/main"))
        again.workspace.status.drafts.close()
        assert again.workspace.status.drafts.left() == []
    assert f"<solution>{OURS} &amp; more</solution>" in (mine / FILE).read_text("utf-8")


async def test_what_was_written_and_dropped_is_not_kept(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await conflicts(pilot)
        await pilot.press("e", *" & more", "escape")
        await settle(pilot)
        await pilot.press("escape", "d")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert app.workspace is not None
        app.workspace.status.drafts.close()
        assert app.workspace.status.drafts.left() == []


# ── pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), (SMALL, "memarium-dark"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "small", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await conflicts(pilot)
        await pilot.press("right", "right")
        await settle(pilot)

    assert snap_compare(open_app(make_conflict(tmp_path)[0]), terminal_size=size, run_before=run)
