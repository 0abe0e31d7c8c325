"""What the calendar writes beside its squares."""

from __future__ import annotations

from datetime import date

import pytest

from index.model.counts import count_words, plural
from tui.data.day_counts import DayCount
from tui.widgets.sessions.calendar import Calendar, _months


@pytest.mark.parametrize(
    ("start", "weeks", "months"),
    [
        (date(2025, 9, 1), 9, "Sep ’25   Oct"),
        (date(2024, 11, 4), 14, "Nov ’24 Dec       Jan ’25"),
        (date(2023, 12, 4), 14, "Dec ’23 Jan ’24   Feb"),
        (date(2026, 7, 13), 21, "Jul   Aug ’26   Sep     Oct     Nov"),
    ],
)
def test_the_first_month_of_a_year_says_which(start: date, weeks: int, months: str) -> None:
    assert _months(start, weeks).rstrip() == months


@pytest.mark.parametrize(
    ("day", "today", "label"),
    [
        (date(2024, 3, 5), date(2026, 1, 2), "Tue 5 Mar 2024 · 2 entries"),
        (date(2025, 11, 21), date(2025, 11, 23), "Fri 21 Nov 2025 · 2 entries"),
        (date(2025, 12, 31), date(2026, 1, 2), "Wed 31 Dec 2025 · 2 entries"),
    ],
)
def test_the_day_under_the_cursor_names_its_year(day: date, today: date, label: str) -> None:
    """Also where nothing is newer than it: the year that goes without saying is the user's."""
    calendar = Calendar()
    calendar.show({day: DayCount(entries=2)}, today)
    calendar.set_reactive(Calendar.day, day)
    assert calendar._foot(100).plain.strip().startswith(label)


def test_numbers_and_plurals() -> None:
    assert [count_words(n, "entry", "entries") for n in (0, 1, 2, 1234)] == [
        "0 entries",
        "1 entry",
        "2 entries",
        "1,234 entries",
    ]
    assert [plural(name) for name in ("y", "key", "box", "batch", "test-strategy")] == [
        "ies",
        "keys",
        "boxes",
        "batches",
        "test-strategies",
    ]
