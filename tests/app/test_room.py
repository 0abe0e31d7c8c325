"""The room of a screen is used: nothing is cut or hidden beside it, and nothing is offered without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from index.model.field import Field
from index.rendering.differences import file_lines
from tests.support.pilot import (
    FULL,
    NARROW,
    SMALL,
    WIDE,
    open_app,
    opened,
    press,
    ready,
    said,
    settle,
    shown,
    until,
)
from tests.support.shop import make_shop
from tests.support.shop_clones import make_conflict, sync
from tests.support.shop_past import make_gone
from tests.support.shop_sessions import make_diary
from tests.support.timeline import AT, drawn, session, timeline
from tui.data.typed_draft import TypedDraft
from tui.screens.sessions.brief import BriefScreen
from tui.screens.sessions.end_session import EndSession
from tui.screens.sessions.trends import Trends
from tui.screens.status.status_facts import StatusDetail, layout
from tui.screens.sync.conflicts import Conflicts
from tui.theme.drawing import BLANK, bar, t
from tui.theme.labels import path_label
from tui.widgets.base.footer import Footer
from tui.widgets.base.rule import Rule
from tui.widgets.base.title_line import TitleLine
from tui.widgets.browse.results import Results
from tui.widgets.editing.edit_lines import EditFoot
from tui.widgets.editing.field_editor import FieldEditor
from tui.widgets.editing.other_fields import FieldRows
from tui.widgets.history.compare_rows import Heads
from tui.widgets.history.deleted_list import DeletedList
from tui.widgets.sessions.brief_card import BriefCard
from tui.widgets.sessions.session_list import SessionList
from tui.widgets.sessions.trend_chart import Chart
from tui.widgets.sync.conflict_page import ConflictPage

LONG = "Build the index of all archived orders in production on Monday, after the replica has caught up"


def roles(pane: ConflictPage, text: str) -> set[object]:
    """Return the roles of the parts of its lines that hold a text."""
    return {
        span.style
        for line in pane.laid_out
        for span in line.spans
        if isinstance(span.style, str) and text in line.plain[span.start : span.end]
    }


async def test_a_long_project_name_runs_over_the_lanes_beside_it(tmp_path: Path) -> None:
    names = ["payments-gateway-europe", "shop", "order-export-for-merchants"]
    async with open_app(make_diary(tmp_path)).run_test(size=FULL) as pilot:
        screen = await timeline(pilot)
        rows = screen.query_one(SessionList)
        rows.fill([session(n, names[n % 3]) for n in range(9)], AT)
        await settle(pilot)
        for place, name in enumerate(names):
            above, below = drawn(screen, place + 3, 93)
            assert below.endswith(name) or f"{name}  " in below
            assert len(above) <= 93
            assert len(below) <= 93


async def test_the_card_beside_the_calendar_hides_no_line(tmp_path: Path) -> None:
    root = make_diary(tmp_path)
    state = root / "session-context" / "active-project.xml"
    blockers = "<blocker>replica lags</blocker>"
    text = (
        state.read_text("utf-8")
        .replace("Build the index", LONG)
        .replace(blockers, blockers + "<blocker>no numbers</blocker>")
    )
    state.write_text(text, "utf-8")
    (root / "session-context" / "pending-decisions.xml").write_text(
        "<pending-decisions>"
        + "".join(f"<decision><title>Which {n}?</title><status>pending</status></decision>" for n in range(2))
        + "</pending-decisions>",
        "utf-8",
    )
    async with open_app(root).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        card = screen.query(BriefCard).last()
        await until(pilot, lambda: card.brief is not None)
        await settle(pilot)
        assert "Which 1?" in shown(pilot.app)
        assert card.total == card.size.height


async def test_two_bars_are_as_wide_as_bars_are(tmp_path: Path) -> None:
    note = "<note><title>{0}</title><timestamp>2025-11-{0}T08:00:00Z</timestamp></note>"
    files = {"notes.xml": f"<notes>{note.format(12)}{note.format(20)}</notes>"}
    async with open_app(make_shop(tmp_path, versioned=False, files=files)).run_test(size=FULL) as pilot:
        await opened(pilot, "i", Trends)
        await settle(pilot)
        bars = [part for part in said(pilot.app.screen.query_one(Chart)).split() if "█" in part]
        assert bars == ["█" * 8] * 8


@pytest.mark.parametrize(("key", "kind"), [("i", Trends), ("w", BriefScreen)])
async def test_the_next_pane_is_offered_where_there_is_one(
    tmp_path: Path, key: str, kind: type[Trends | BriefScreen]
) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await opened(pilot, key, kind)

        def keys() -> str:
            return said(screen.query_one(Footer))

        await until(pilot, lambda: "tab next pane" in keys())
        await pilot.resize_terminal(89, 30)
        await until(pilot, lambda: "esc back" in keys() and "next pane" not in keys())
        await pilot.resize_terminal(*WIDE)
        await until(pilot, lambda: "tab next pane" in keys())


async def test_the_last_key_shows_the_end_of_the_brief(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=(60, 12)) as pilot:
        screen = await opened(pilot, "w", BriefScreen)
        card = screen.query_one(BriefCard)
        await until(pilot, lambda: card.brief is not None)
        await press(pilot, "G")
        assert "pending-decisions.xml:20" in shown(pilot.app)
        assert card.cursor == card.stops[-1]


@pytest.mark.parametrize("size", [FULL, NARROW, SMALL])
async def test_the_accent_goes_to_the_text_that_is_written(tmp_path: Path, size: tuple[int, int]) -> None:
    def heavy(pilot: Pilot[None], rule: str) -> bool:
        return "━" in said(pilot.app.screen.query_one(rule, Rule))

    async with open_app(make_conflict(tmp_path)[0]).run_test(size=size) as pilot:
        screen = (await sync(pilot)).screen
        assert isinstance(screen, Conflicts)
        sides, text = screen.query_one(ConflictPage), screen.query_one(TextArea)
        assert roles(sides, "━") == roles(sides, "▌") == {"accent"}
        assert heavy(pilot, "#rule")
        await press(pilot, "e")
        assert text.has_focus
        assert "accent" not in roles(sides, "━") | roles(sides, "▌")
        assert (heavy(pilot, "#rule"), heavy(pilot, "#rule-below")) == (False, True)
        await press(pilot, "escape")
        assert roles(sides, "━") == {"accent"}
        assert heavy(pilot, "#rule")


async def test_a_row_without_a_date_has_the_room_of_dates(tmp_path: Path) -> None:
    note = "<note><title>Note</title>{}<text>" + "all of it is said here " * 9 + "</text></note>"
    dated = "<timestamp>2025-11-12T08:00:00Z</timestamp>"
    files = {"notes.xml": f"<notes>{note.format(dated)}{note.format('')}</notes>"}
    async with open_app(make_shop(tmp_path, versioned=False, files=files)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        rows = pilot.app.screen.query_one("#results", Results)
        with_date, without = (rows.row(n, 79, False, False)[1].plain for n in range(2))
        assert with_date.rstrip().endswith("12 Nov")
        assert len(without.rstrip()) > with_date.index("…") + len("12 Nov")


def test_the_lines_of_a_field_are_counted_at_every_width() -> None:
    draft = TypedDraft([Field("text", "some words of a text " * 100)])
    for width in (40, 54, 80):
        more = FieldRows(draft).rows("text", width)[-2].plain
        assert re.fullmatch(r"↓ \d+ more lines", more.rstrip())


async def test_no_heading_of_a_form_is_the_last_line_in_view(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        await press(pilot, "slash", *"pool", "enter", "e")
        form = pilot.app.screen
        editor, foot = form.query_one(FieldEditor), form.query_one(EditFoot)
        labels = {path_label(name) for name in editor.names}
        whole = editor.virtual_size.height
        for height in range(13, 28):
            await pilot.resize_terminal(80, height)
            await settle(pilot)
            view = shown(pilot.app).splitlines()[editor.region.y : editor.region.bottom]
            hidden = view[-1].strip() == ""
            assert view[-1].strip() not in labels
            assert foot.below in {whole - editor.size.height, whole - editor.size.height + hidden}


async def test_a_wide_list_has_whole_titles_where_its_page_leaves_room(tmp_path: Path) -> None:
    async with open_app(make_gone(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        rows = pilot.app.screen.query_one(DeletedList)
        await until(pilot, lambda: rows.count == 2)
        title = "Database connection pool exhaustion under load"
        assert any(title in line[: rows.size.width] for line in shown(pilot.app).splitlines())


def test_the_rule_over_a_diff_is_as_wide_as_the_diff() -> None:
    heads, changed = Heads(BLANK, BLANK), file_lines(b"<a/>", b"<a />", "a.xml")
    lines = [
        line.plain for line in layout(StatusDetail(None, heads, "", changed), 120, beside=False, source=False)
    ]
    rules = [line for line in lines if "─" in line]
    assert [len(rule) for rule in rules] == [max(map(len, lines))] == [118]


async def test_the_whole_help_is_shown_where_the_screen_has_room(tmp_path: Path) -> None:
    last = "what is meant, in other words"
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        await press(pilot, "question_mark")
        await until(pilot, lambda: last in shown(pilot.app))
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: last not in shown(pilot.app))
        await pilot.resize_terminal(*FULL)
        await until(pilot, lambda: last in shown(pilot.app))
        assert not pilot.app.screen.query_one("#box").border_subtitle


def test_a_title_that_is_cut_keeps_apart_from_its_note() -> None:
    line = TitleLine()
    line.set_reactive(TitleLine.heading, t("Export timeouts on archived orders"))
    line.set_reactive(TitleLine.note, t("before 21 Nov"))
    assert "…  before 21 Nov" in line.draw(40, 1)[0].plain


def test_a_text_that_is_whole_has_no_ellipsis() -> None:
    assert [bar(width, t("whole   "), t("  x")).plain for width in (9, 7)] == ["whole   x", "who…  x"]


@pytest.mark.parametrize(("several", "width"), [(False, 70), (True, 94)])
async def test_sessions_have_columns_for_lanes_where_there_are_lanes(
    tmp_path: Path, several: bool, width: int
) -> None:
    note = "<note><title>A</title><project>{0}</project><timestamp>2025-11-{1}T08:00:00Z</timestamp></note>"
    text = note.format("shop", 12) + note.format("gateway" if several else "shop", 20)
    root = make_shop(tmp_path, versioned=False, files={"notes.xml": f"<notes>{text}</notes>"})
    async with open_app(root).run_test(size=FULL) as pilot:
        screen = await timeline(pilot)
        rows = screen.query_one(SessionList)
        assert rows.total
        await until(pilot, lambda: rows.size.width == width)


async def test_an_entry_without_an_id_of_its_own_is_called_by_its_title_alone(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        await opened(pilot, "W", EndSession)
        label = "│  Delete exports after 30 days?"
        await until(pilot, lambda: label in shown(pilot.app))


async def test_a_row_with_nothing_but_a_kind_has_room_for_its_text(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=FULL) as pilot:
        await ready(pilot)
        assert "pattern · Base64 encoded cursor" in shown(pilot.app)
        assert "  decision · pending  " in shown(pilot.app)
