"""Dates as the app and the files have them, of years that need no four digits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from index.model.kind_shape import iso
from tui.theme.dates import DateStyle, full_day, reading, reword, short_day, write_as


@pytest.fixture(autouse=True)
def usual_style() -> Iterator[None]:
    yield
    write_as(DateStyle())


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("%Y-%m-%d", "0001-02-03"),
        ("%F", "0001-02-03"),
        ("%d.%m.%Y", "03.02.0001"),
        ("%G", "0001"),
        ("%%Y %Y", "%Y 0001"),
        ("%d %b", "03 Feb"),
    ],
)
def test_a_year_has_four_digits(pattern: str, said: str) -> None:
    write_as(DateStyle(day=pattern))
    assert full_day(date(1, 2, 3)) == said
    assert short_day(date(1, 2, 3), date(2025, 1, 1)) == said
    assert short_day(date(2025, 2, 3), date(2025, 1, 1)) == said.replace("0001", "2025")


def test_a_day_of_another_year_that_is_to_come_is_written_with_its_year() -> None:
    now = date(2025, 11, 23)
    days = [date(2026, 7, 22), date(2025, 12, 3), date(2025, 3, 3), date(2024, 12, 30)]
    assert [short_day(day, now) for day in days] == ["22 Jul 26", "3 Dec", "3 Mar", "30 Dec 24"]


def test_a_time_in_a_file_has_four_digits_too() -> None:
    assert iso(datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)) == "0001-02-03T04:05:06Z"
    assert iso(datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2025-02-03T04:05:06Z"


def test_a_time_that_a_program_wrote_reads_like_every_other() -> None:
    assert reading("2025-10-03T14:30:00+00:00") == reading("2025-10-03T14:30:00Z") != ""
    assert reading("2025-10-03") == reading("at 2025-10-03T14:30Z") == ""
    assert reword("level 2 → 3, x 2025-10-03T14:30Z, y").startswith("level 2 → 3, x 3 Oct 2025, ")
