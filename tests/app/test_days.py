"""The app shows and counts the user's days, at the ends of all years and when midnight passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.diary import Diary
from tests.support.pilot import open_app, press, ready, said, settle
from tui.app import Memarium
from tui.screens.browse.browse import Browse
from tui.screens.sessions.timeline import Timeline
from tui.screens.sessions.trends import Trends
from tui.widgets.browse.preview import Preview
from tui.widgets.sessions.calendar import Calendar

Move = Callable[[str], None]
NOW = datetime(2026, 11, 29, 2, 21, tzinfo=UTC)


def _lesson(title: str, when: str) -> str:
    return f"<lesson><timestamp>{when}</timestamp><title>{title}</title><text>words</text></lesson>"


def _tree(folder: Path, *lessons: str) -> Path:
    diary = Diary(folder / "days")
    diary.commit("2026-11-29T02:20:00Z", "work", lessons=f"<lessons>{''.join(lessons)}</lessons>")
    return diary.tree


def _browse(app: Memarium) -> Browse:
    assert isinstance(app.screen, Browse)
    return app.screen


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_the_ends_of_all_years_are_shown(zone: str, tmp_path: Path, in_zone: Move) -> None:
    in_zone(zone)
    root = _tree(tmp_path, _lesson("Zero", "0001-01-01T00:00:00Z"), _lesson("Never", "9999-12-31T23:59:59Z"))
    app = open_app(root, lambda: NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        for key in ("g", "G"):
            await press(pilot, key, "enter")
            shown = said(app.screen.query_one(Preview))
            assert ("31 Dec 9999" if key == "g" else "1 Jan 0001") in shown
            await press(pilot, "escape")
        await press(pilot, "t", "c")
        assert app.screen.query_one(Calendar)
        await press(pilot, "up", "g", "G", "escape", "escape", "i")
        assert isinstance(app.screen, Trends)


@pytest.mark.parametrize(
    ("zone", "day"), [("Etc/GMT+12", "2026-11-28"), ("Pacific/Kiritimati", "2026-11-29")]
)
async def test_today_is_the_users(zone: str, day: str, tmp_path: Path, in_zone: Move) -> None:
    in_zone(zone)
    app = open_app(_tree(tmp_path, _lesson("Now", "2026-11-29T02:20:00Z"), _lesson("Day", day)), lambda: NOW)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        _browse(app).search.box.value = "on:today"
        await settle(pilot)
        assert _browse(app).results.count == 2
        await press(pilot, "escape", "t")
        assert isinstance(app.screen, Timeline)
        calendar = app.screen.query_one(Calendar)
        assert calendar.day is not None
        assert str(calendar.day) == day
        assert "· 2 entries" in "\n".join(line.plain for line in calendar.draw(80, 10))


async def test_today_moves_when_midnight_passes(tmp_path: Path, in_zone: Move) -> None:
    in_zone("Asia/Kolkata")
    now = [datetime(2026, 11, 28, 18, 29, tzinfo=UTC)]  # 23:59 there
    app = open_app(_tree(tmp_path, _lesson("Late", "2026-11-28")), lambda: now[0])
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        _browse(app).search.box.value = "on:today"
        await settle(pilot)
        assert _browse(app).results.count == 1
        assert "· today" in said(app.screen.query_one(Preview))
        now[0] += timedelta(minutes=2)
        app.check_day()
        await settle(pilot)
        assert _browse(app).results.count == 0
        _browse(app).search.box.value = "on:yesterday"
        await settle(pilot)
        assert _browse(app).results.count == 1
        assert "· yesterday" in said(app.screen.query_one(Preview))
        in_zone("America/New_York")  # where it is still that day
        app.check_day()
        _browse(app).search.box.value = "on:today"
        await settle(pilot)
        assert _browse(app).results.count == 1
