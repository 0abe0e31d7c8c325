"""The history of an entry: its versions, and what each changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.history.entry_history import EntryHistory
from index.history.versions import Version
from tests.support.git import git
from tests.support.pilot import NARROW, SMALL, WIDE, Compare, open_app, press, ready, said, settle, until
from tests.support.shop import FILE, FILES, SOLUTION, make_shop
from tests.support.shop_past import (
    AGENT,
    BILLING,
    FIRST,
    SECOND,
    THIRD,
    commit,
    drawn,
    history,
    make_past,
    page,
)
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.history.history import History
from tui.theme import dates
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.history.compare_view import CompareView, Foot
from tui.widgets.history.version_list import VersionList


def below(screen: History) -> str:
    """Return what stands below the last version."""
    rows = screen.query_one(VersionList)
    lines = [rows.paint(y, 60).text.strip() for y in range(rows.count * rows.row_height, rows.total)]
    return " ".join(line for line in lines if line)


# ── what is shown ─────────────────────────────────────────────────────────────


async def test_versions_stand_newest_first_and_in_words(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        title = screen.query_one(TitleLine)
        assert title.heading.plain == "History  ‹  Database connection pool exhaustion under load"
        assert title.note.plain.strip() == "3 versions · 3 to 4 Oct 2025"
        assert [" ".join(row[0].split()) for row in drawn(screen, 90)] == [
            "3 4 Oct, 09:12 you",
            "2 3 Oct, 17:05 shop-agent",
            "1 3 Oct, 14:30 shop-agent",
        ]
        assert [row[1:] for row in drawn(screen, 90)] == [
            [
                'memory: edit 3 fields of "Database connection pool exhaustion under load"',
                "solution reworded, prevention rewritten, tag +performance",
            ],
            ["memory: edit 2 fields", "level 2 → 3, tech stack +PostgreSQL +pg-pool −Postgres"],
            ["memory: record a solution", "created with 8 fields"],
        ]


async def test_a_narrow_row_names_whole_fields_and_counts_the_others(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        said = {width: [row[2] for row in drawn(screen, width)][:2] for width in (42, 26, 20)}
        assert said[42] == ["solution, prevention, tags", "level 2 → 3, tech stack"]
        assert said[26] == ["solution, 2 more", "level, tech stack"]
        assert said[20] == ["soluti…, 2 more", "level, 1 more"]
        assert below(screen) == ""


async def test_the_version_under_the_cursor_against_the_one_before(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        lines = page(screen)
        assert lines[0].split("   ")[0] == "2  3 Oct, 17:05 · shop-agent"
        assert lines[0].endswith("3  4 Oct, 09:12 · you")
        assert "Prevention  rewritten" in lines
        assert "Tags  1 added" in lines
        assert lines[-2:] == ["5 fields unchanged", "Timestamp, Title, Problem, Level, Tech"]
        view = screen.query_one(CompareView)
        tags = next(line for line in view.laid_out if "connection-pool, performance" in line.plain)
        lit = [tags.plain[span.start : span.end] for span in tags.spans if span.style == "addword"]
        assert lit == ["performance"]
        rev = git(root, "rev-parse", "HEAD")[:7]
        assert f"+3 −3  {rev}  memory: edit 3 fields of" in said(screen.query_one(Foot))
        await press(pilot, "down")
        assert page(screen)[0].startswith("1  3 Oct, 14:30 · shop-agent")
        assert "Level" in page(screen)
        await press(pilot, "down")
        assert page(screen)[0] == "1  3 Oct, 14:30 · shop-agent"
        assert "Created here." in page(screen)


async def test_times_in_versions_are_written_like_every_other(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    later = THIRD.replace("2025-10-03T14:30:00Z", "2025-10-03T16:30:20Z")
    for text, day in ((later, 5), (later.replace(":20Z", ":50Z"), 6)):
        commit(root, FILE, text, "memory: correct the time", f"2025-10-0{day}T08:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot, SOLUTION.replace("14:30:00Z", "16:30:50Z"))
        assert drawn(screen)[1][2] == "timestamp"
        assert drawn(screen, 90)[1][2] == "timestamp 3 Oct 2025, 14:30 → 3 Oct 2025, 16:30"
        assert "− 2025-10-03T16:30:20Z" in " ".join(page(screen)), "they are the same but for the seconds"
        await press(pilot, "down")
        assert "− 3 Oct 2025, 14:30" in " ".join(page(screen))


async def test_a_marked_version_is_what_the_others_are_compared_with(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await press(pilot, "G", "space", "g")
        assert drawn(screen)[2][0].startswith("[1] 3 Oct")
        assert page(screen)[0].startswith("1  3 Oct, 14:30")
        assert {"Level", "Tech  2 added, 1 removed", "Tags  1 added"} <= set(page(screen))
        await press(pilot, "G", "space", "g")
        assert page(screen)[0].startswith("2  3 Oct, 17:05")


async def test_below_each_other_and_as_xml(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await press(pilot, "vertical_line")
        lines = page(screen)
        assert lines[:2] == ["− 2  3 Oct, 17:05 · shop-agent", "+ 3  4 Oct, 09:12 · you"]
        assert "− connection-pool" not in lines  # it is in what came
        assert "+ connection-pool, performance" in lines
        await press(pilot, "x")
        assert any(line.endswith("+     <tags>connection-pool, performance</tags>") for line in page(screen))
        await press(pilot, "y")
        assert app.clipboard.startswith("<debugging-solution>")
        await press(pilot, "x", "vertical_line", "y")
        assert "Prevention: Alert when fewer than 10 %" in app.clipboard
        assert "✓ Copied version 3" in said(screen.query_one(Toast))


@pytest.mark.parametrize(
    ("then", "only"),
    [
        (SECOND.replace("<level>3</level>", "<level>3  </level>", 1), "Only white space changed"),
        (SECOND.replace("<level>3</level>", "<level>&#51;</level>", 1), "Only how it is written changed"),
        (SECOND.replace("\n", "\r\n"), ""),
        (SECOND, ""),
    ],
)
async def test_how_versions_differ_that_say_the_same(tmp_path: Path, then: str, only: str) -> None:
    root = make_past(tmp_path)
    commit(root, FILE, then, "memory: back again", "2025-10-05T09:12:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await press(pilot, "down", "down", "space", "g")
        lines = page(screen)
        at = lines.index("Every field unchanged")
        assert " ".join(lines[at + 1 :]).startswith(only)
        assert bool(lines[at + 1 :]) == bool(only)


async def test_an_edit_that_is_not_committed_comes_first(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    (root / FILE).write_text(THIRD.replace("<level>3<", "<level>5<", 1), "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        assert drawn(screen)[0] == ["±  not committed", "level 3 → 5", ""]
        assert screen.query_one(TitleLine).note.plain.strip() == "3 versions · 3 to 4 Oct 2025"
        assert page(screen)[0].endswith("±  on disk, not committed")
        assert "not committed yet" in said(screen.query_one(Foot))


async def test_a_version_that_did_not_parse_is_there_and_marked(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    broken = THIRD.replace("10 % are idle", "10 % & less are idle")
    commit(root, FILE, broken, "memory: by hand", "2025-10-05T08:00:00Z")
    commit(root, FILE, THIRD, "memory: mend", "2025-10-05T09:00:00Z")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        assert [row[1].startswith("▲ ") for row in drawn(screen)] == [False, True, False, False, False]
        await press(pilot, "down")
        assert "was not well-formed then" in said(screen.query_one(Foot))


async def test_versions_are_shown_while_git_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, go_on = EntryHistory.versions, threading.Event()

    def slowly(self: EntryHistory, entry_id: str) -> Iterator[Version]:
        for place, version in enumerate(whole(self, entry_id)):
            if place == 2:
                assert go_on.wait(20)
            yield version

    monkeypatch.setattr(EntryHistory, "versions", slowly)
    monkeypatch.setattr("tui.data.history_rows.FRESH", 0.0)
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.show_entry(SOLUTION)
        await settle(pilot)
        await pilot.press("H")
        screen = app.screen
        assert isinstance(screen, History)
        rows = screen.query_one(VersionList)
        try:
            await until(pilot, lambda: rows.count == 2 and any(page(screen)))
            assert drawn(screen)[0][0].startswith("·  4 Oct")
            assert below(screen) == "loading older versions …"
            assert screen.query_one(TitleLine).note.plain.strip() == "2 versions so far · reading …"
            assert "Tags  1 added" in page(screen)
            await pilot.press("down")
        finally:
            go_on.set()
        await settle(pilot)
        assert (rows.count, rows.cursor, rows.complete) == (3, 1, True)
        assert page(screen)[0].startswith("1  3 Oct, 14:30")


async def test_the_end_of_a_long_list_says_what_was_before(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    for level in range(12):
        text = THIRD.replace("<level>3<", f"<level>{level % 7}<", 1)
        commit(root, FILE, text, f"memory: level {level}", f"2025-10-06T08:{level:02}:00Z", AGENT)
    app = open_app(root)
    async with app.run_test(size=NARROW) as pilot:
        screen = await history(pilot)
        rows = screen.query_one(VersionList)
        assert rows.count == 15
        assert drawn(screen)[0][0].startswith("15  6 Oct, 08:11")
        await press(pilot, "G")
        assert rows.top + rows.room == rows.total


# ── layout, mouse, nothing to show ────────────────────────────────────────────


async def test_narrow_the_comparison_is_a_page(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        screen = await history(pilot)
        rows, shown = screen.query_one(VersionList), screen.query_one(CompareView)
        assert rows.size.width == 60
        await press(pilot, "enter")
        assert (rows.region.width, shown.size.width) == (0, 60)
        assert page(screen)[1] == "+ 3  4 Oct, 09:12 · you"
        await press(pilot, "J")
        assert page(screen)[1] == "+ 2  3 Oct, 17:05 · shop-agent"
        await press(pilot, "escape")
        assert app.focused is rows
        await press(pilot, "escape")
        assert isinstance(app.screen, Browse)


async def test_the_mouse_chooses_and_the_footer_restores(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        await pilot.click(VersionList, offset=(10, 4))
        await settle(pilot)
        assert page(screen)[0].startswith("1  3 Oct, 14:30")
        await pilot.click(VersionList, offset=(10, 12))
        await settle(pilot)
        assert screen.query_one(VersionList).cursor == 1
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("restore"), 0))
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)


@pytest.mark.usefixtures("unversioned")
async def test_without_a_repository_the_reason_is_said(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, versioned=False))
    async with app.run_test(size=NARROW) as pilot:
        screen = await history(pilot)
        assert "This entry has no history" in said(screen.query_one("#nothing", Lines))
        assert "It is not versioned: the tree is in no git" in said(screen.query_one("#nothing", Lines))
        await press(pilot, "V", "space", "x", "vertical_line", "y", "enter")
        assert app.screen is screen
        await press(pilot, "escape", "D")
        assert "There is no history" in said(app.screen.query_one("#nothing", Lines))


async def test_an_entry_that_was_never_committed(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files={BILLING: FILES[BILLING]})
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_text(FIRST, "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        assert drawn(screen) == [["±  not committed", "created with 8 fields", ""]]
        assert screen.query_one(TitleLine).note.plain.strip() == "not committed yet"
        assert "Not committed yet: its history begins with the next commit." in page(screen)


async def test_an_entry_with_one_version(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        assert screen.query_one(TitleLine).note.plain.strip() == "1 version · 3 Nov 2025"
        assert "First version, unchanged since." in page(screen)
        footer = screen.query_one(Footer)
        assert " ".join(said(footer).split("?")[0].split()) == "⏎ open x source y copy esc back"
        await press(pilot, "enter")
        assert " ".join(said(footer).split("?")[0].split()) == "esc back x source y copy"


async def test_the_help_calls_a_key_as_the_footer_does(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await history(pilot)
        await press(pilot, "question_mark")
        rows = [" ".join(line.plain.split()) for line in app.screen.query_one(Lines).laid_out]
        for words in ("⏎ compare", "space pick as base", "J K next, previous", "← → pane left, right"):
            assert any(row.startswith(words) for row in rows)


async def test_hostile_words_stay_words(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    text = THIRD.replace("Full jitter, three tries", "[/b] [bold]Full[/] jitter, three tries")
    text = text.replace("Size the pool", "[/x] [@click=app.quit]Size[/] the pool")
    commit(root, FILE, text, "[/nope] [red]memory", "2025-10-06T08:00:00Z", "[/x] Eve <e@example.com>")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        assert "[/x] Eve" in drawn(screen)[0][0]
        assert "[/nope] [red]memory" in said(screen.query_one(Foot))
        assert any("[/x] [@click=app.quit]Size[/]" in line for line in page(screen))


def test_a_span_of_days_says_nothing_twice() -> None:
    from datetime import UTC, datetime

    one = datetime(2025, 10, 3, 14, tzinfo=UTC)
    assert dates.span(one, one.replace(hour=20)) == "3 Oct 2025"
    assert dates.span(one, one.replace(day=4)) == "3 to 4 Oct 2025"
    assert dates.span(one, one.replace(month=11)) == "3 Oct to 3 Nov 2025"
    assert dates.span(one.replace(year=2024), one) == "3 Oct 2024 to 3 Oct 2025"


# ── pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [
        (WIDE, "memarium-dark", ()),
        (NARROW, "memarium-dark", ("enter",)),
        (NARROW, "memarium-light", ("G", "space", "g")),
        (SMALL, "memarium-light", ("enter",)),
        (WIDE, "memarium-16", ("x",)),
    ],
    ids=["wide", "narrow-page", "narrow-light", "small-light", "16-colours"],
)
def test_looks(
    tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str, keys: tuple[str, ...]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await history(pilot)
        await press(pilot, *keys)

    assert snap_compare(open_app(make_past(tmp_path)), terminal_size=size, run_before=run)


async def test_the_foot_of_a_page_says_how_much_is_below(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        screen = await history(pilot)
        await press(pilot, "end", "enter")
        view, foot = screen.query_one(CompareView), screen.query_one(Foot)
        rest = view.total - view.room
        assert rest > 1
        assert said(foot).endswith(f"↓ {rest} more lines")
        await press(pilot, "end")
        assert "more line" not in said(foot)
