"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.language import day_spans

TODAY = date(2025, 10, 8)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-10-03", "2025-10-03", "2025-10-03"),
        ("2025-10-03T14:30:00Z", "2025-10-03", "2025-10-03"),
        ("2025-10", "2025-10-01", "2025-10-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("today", "2025-10-08", "2025-10-08"),
        ("Yesterday", "2025-10-07", "2025-10-07"),
        ("this week", "2025-10-06", "2025-10-12"),
        ("last week", "2025-09-29", "2025-10-05"),
        ("last-week", "2025-09-29", "2025-10-05"),
        ("last month", "2025-09-01", "2025-09-30"),
        ("this month", "2025-10-01", "2025-10-31"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("7d", "2025-10-01", "2025-10-08"),
        ("2w", "2025-09-24", "2025-10-08"),
        ("1m", "2025-09-08", "2025-10-08"),
        ("1y", "2024-10-08", "2025-10-08"),
        ("3 days ago", "2025-10-05", "2025-10-05"),
        ("friday", "2025-10-03", "2025-10-03"),
        ("wed", "2025-10-08", "2025-10-08"),
        ("october", "2025-10-01", "2025-10-31"),
        ("nov", "2024-11-01", "2024-11-30"),
        ("nov 2025", "2025-11-01", "2025-11-30"),
        ("3.10.2025", "2025-10-03", "2025-10-03"),
        ("3 October 2025", "2025-10-03", "2025-10-03"),
        ("Oct 3rd, 2025", "2025-10-03", "2025-10-03"),
        ("2025-W40-5", "2025-10-03", "2025-10-03"),
    ],
)
def test_parse(text: str, first: str, last: str) -> None:
    assert day_spans.parse(text, TODAY) == day_spans.DaySpan(
        date.fromisoformat(first), date.fromisoformat(last)
    )


@pytest.mark.parametrize(
    "text",
    ["", "banana", "2025-13", "2025-02-30", "0000", "20", "9999y", "to", "7x", "²", "nov 25", "3/10/2025"],
)
def test_no_date(text: str) -> None:
    assert day_spans.parse(text, TODAY) is None


@pytest.mark.parametrize(
    "text", ["2", "202", "2025-", "2025-1", "2025-10-", "yes", "las", "last w", "3 da", "7 d", "oc"]
)
def test_unfinished(text: str) -> None:
    assert day_spans.unfinished(text)


@pytest.mark.parametrize("text", ["banana", "20251", "2025-100", "last week of"])
def test_never_a_date(text: str) -> None:
    assert not day_spans.unfinished(text)


def test_last_day_of_a_month_goes_back_to_the_last_of_a_shorter_one() -> None:
    assert day_spans.parse("1m", date(2025, 3, 31)) == day_spans.DaySpan(date(2025, 2, 28), date(2025, 3, 31))


@given(st.text(max_size=20), st.dates())
def test_never_fails(text: str, today: date) -> None:
    span = day_spans.parse(text, today)
    assert span is None or span.first <= span.last
    day_spans.unfinished(text)
