"""Sessions, the calendar, the trends and the search count on the same days: the user's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from index.model.days import today
from index.rendering.brief_markdown import when_text
from index.search.language.query import parse
from index.trends.counting import count
from index.workspace import Workspace
from tests.support.diary import Diary, notes
from tui.data.day_counts import DayCount, counts

NOW = datetime(2026, 11, 29, 2, 22, tzinfo=UTC)
ZONES = ("Etc/GMT+12", "Pacific/Kiritimati", "Asia/Kolkata", "America/St_Johns", "UTC")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("offset", ["+0000", "+1400", "-0930"])
def test_one_minute_is_one_day_everywhere(
    zone: str, offset: str, diary: Diary, in_zone: Callable[[str], None]
) -> None:
    in_zone(zone)
    local = today(NOW)
    diary.commit(f"1795918860 {offset}", "work", lessons=notes("Now", when="2026-11-29T02:21:00Z"))
    workspace = Workspace.open(diary.tree)
    try:
        workspace.tree.load()
        workspace.search.update()
        entries = workspace.tree.entries()
        sessions = list(workspace.timeline.sessions(since=local, now=NOW))
        assert [(len(one.work), len(one.commits)) for one in sessions] == [(1, 1)]
        assert counts(sessions) == {local: DayCount(1, 1)}
        assert when_text(sessions[0]).startswith(local.isoformat())
        for text in ("on:today", "changed:today", f"on:{local}"):
            query = parse(text, typing=False, now=NOW)
            assert workspace.search.find(query, limit=9).total == 1, text
            assert len(list(workspace.timeline.sessions(query, now=NOW))) == 1, text
        counted = count(entries, local)
        assert (sum(counted.whole.counts), counted.outside, counted.undated) == (1, 0, 0)
    finally:
        workspace.close()


@pytest.mark.parametrize("zone", ZONES)
def test_what_has_no_clock_counts_on_its_date(
    zone: str, diary: Diary, in_zone: Callable[[str], None]
) -> None:
    in_zone(zone)
    for hour in ("01", "09", "20"):
        diary.commit(f"2026-11-2{hour[1]}T{hour}:00:00Z", f"at {hour}", **{f"a{hour}": notes("One", hour)})
    diary.commit("2026-11-25T12:00:00Z", "days", lessons=notes("Old", "Older", when="2026-11-24"))
    sessions = diary.sessions(now=NOW)
    assert sum(one.entries for one in counts(sessions).values()) == sum(len(one.work) for one in sessions)
    dated = [one for one in sessions if not one.end.has_clock]
    assert [(when_text(one), len(one.work)) for one in dated] == [("2026-11-24", 2)]
    days = [one.end.when.date() for one in sessions]
    assert days == sorted(days, reverse=True)
