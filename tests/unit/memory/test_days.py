"""One calendar: an instant counts on the day of the user's clock, a date without a clock on that date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from index.library.packing import pack_entry, unpack_entry
from index.library.snapshot import order
from index.model import days
from index.model.entry import Entry
from index.model.timestamps import parse
from index.rendering.brief_markdown import age
from index.rendering.text import entry_line, entry_text
from tests.support.entries import entry
from tui.theme import dates

ZONES = (
    "UTC", "Etc/GMT+12", "Pacific/Kiritimati", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns",
    "America/New_York", "Asia/Tokyo",
)  # fmt: skip
Move = Callable[[str], None]


def dated(text: str, title: str = "One") -> Entry:
    return entry(title, when=parse(text), timestamp=text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-10-03T14:30:00Z", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03T14:30", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03 14:30 UTC", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03 14:30:00 EST", "2025-10-03T19:30:00+00:00"),
        ("2025-10-03 14:30 CEST", "2025-10-03T12:30:00+00:00"),
        ("2025-10-03 02:30 PM", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03 2:30:05 p.m. PDT", "2025-10-03T21:30:05+00:00"),
        ("2025-10-03 12:05 am", "2025-10-03T00:05:00+00:00"),
        ("Fri Oct  3 14:30:00 UTC 2025", "2025-10-03T14:30:00+00:00"),
        ("Fri Oct 3 16:30:00 CEST 2025", "2025-10-03T14:30:00+00:00"),
        ("Fri Oct 3 14:30:00 2025 +0200", "2025-10-03T12:30:00+00:00"),
        ("Fri, 03 Oct 2025 14:30:00 +0200", "2025-10-03T12:30:00+00:00"),
        ("Fri, 3 Oct 2025 02:30:00 PM GMT", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03t14:30:00z", "2025-10-03T14:30:00+00:00"),
        ("2025-10-03T14:30:00+14:00", "2025-10-03T14:30:00+14:00"),
        ("2025-10-03T14:30:00+0545", "2025-10-03T14:30:00+05:45"),
        ("2025-10-03T14:30:00.123456789Z", "2025-10-03T14:30:00.123456+00:00"),
        ("2025-10-03T14:30:00,5Z", "2025-10-03T14:30:00.500000+00:00"),
        ("20251003T143000+0200", "2025-10-03T12:30:00+00:00"),
        ("2025-10-03T24:00:00Z", "2025-10-04T00:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("2025-W40-5T10:00Z", "2025-10-03T10:00:00+00:00"),
        ("1759501800", "2025-10-03T14:30:00+00:00"),
        ("1759501800123", "2025-10-03T14:30:00.123000+00:00"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_instants(text: str, iso: str) -> None:
    when = parse(text)
    assert when == datetime.fromisoformat(iso)
    assert when is not None
    assert days.has_clock(when)


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-03",
        "2025-W40-5",
        "3 October 2025",
        "Oct 3, 2025",
        "2025/10/03",
        "3.10.2025",
        "Oct 3rd, 2025",
        "3. October 2025",
        "3rd Oct 2025",
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_date_without_a_clock_is_that_date_everywhere(text: str, zone: str, in_zone: Move) -> None:
    in_zone(zone)
    when = parse(text)
    assert when is not None
    assert not days.has_clock(when)
    assert days.day_of(when) == date(2025, 10, 3)
    assert days.written(when) == days.stamp(when) == "2025-10-03"
    assert datetime.fromtimestamp(days.seconds(when)) == datetime(2025, 10, 3)  # noqa: DTZ001, DTZ006  # the user's
    now = datetime(2025, 10, 3, 13, 45).astimezone()  # on the user's clock
    assert age(when, now) == dates.ago(when, now, clock=True) == "today"
    assert age(when, now + timedelta(days=1)) == "yesterday"


@pytest.mark.parametrize(
    "text", ["2025-13-01", "2025-10-03T25:00Z", "2025-10-03T14:30:00+9999", "9999-12-31T24:00Z",
             "2025-10T10:00", "2025-10-03abc", "2025-10-03T14", "2025-02-30", "2025-W60-1", "TIMESTAMP", ""]
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", "2025-10-03 02:30"),
        ("Etc/GMT+12", "2025-10-02 14:30"),
        ("Pacific/Kiritimati", "2025-10-03 16:30"),
        ("America/St_Johns", "2025-10-03 00:00"),
        ("No/Such_Zone", "2025-10-03 02:30"),
    ],
)
def test_an_instant_counts_on_the_day_of_the_users_clock(zone: str, day: str, in_zone: Move) -> None:
    in_zone(zone)
    held = dated("2025-10-03T02:30:00Z")
    assert held.when is not None
    assert str(held.day) == day[:10]
    assert days.stamp(held.when) == day
    assert entry_line(held).startswith(day[:10])
    assert day in entry_text(held)
    assert days.ordinal_at(days.seconds(held.when)) == held.when.astimezone().date().toordinal()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("text", "day"), [("0001-01-01T00:00:00Z", "0001-01-01"), ("9999-12-31T23:59:59Z", "9999-12-31"),
                      ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31")]
)  # fmt: skip
def test_the_first_and_the_last_day_of_all_years(zone: str, text: str, day: str, in_zone: Move) -> None:
    in_zone(zone)
    held = dated(text)
    assert held.when is not None
    now = datetime(2026, 11, 29, 2, 21, tzinfo=UTC)
    assert entry_line(held).startswith(day)
    assert day in entry_text(held)
    assert age(held.when, now).endswith("days ago" if day < "2" else "days") or age(
        held.when, now
    ).startswith("in")
    assert dates.ago(held.when, now, clock=True)
    assert dates.short(held.when, now) == f"{'1 Jan' if day < '2' else '31 Dec'} {day[:4]}"
    assert day[:4] in dates.full(held.when, clock=True)
    assert order([held, dated("2025-10-03")], "date")[0].when == max(held.when, parse("2025-10-03") or now)
    assert days.ordinal_at(days.seconds(held.when)) in range(1, date.max.toordinal() + 1)


def test_the_hour_that_comes_twice_and_the_one_that_never_comes(in_zone: Move) -> None:
    in_zone("America/Havana")  # at one in the night the clock goes back to midnight
    twice = [datetime(2025, 11, 2, hour, 30, tzinfo=UTC) for hour in (3, 4, 5)]
    assert [days.stamp(when) for when in twice] == [
        "2025-11-01 23:30", "2025-11-02 00:30", "2025-11-02 00:30",
    ]  # fmt: skip
    day = days.as_day(date(2025, 11, 2))
    assert days.seconds(twice[0]) < days.seconds(day) <= days.seconds(twice[1])
    in_zone("Africa/Cairo")  # there is no midnight on the last Friday of April
    after = datetime(2025, 4, 24, 22, 0, tzinfo=UTC)
    assert days.stamp(after) == "2025-04-25 01:00"
    assert days.seconds(days.as_day(date(2025, 4, 25))) == days.seconds(after)


def test_in_order_the_days_never_run_backwards(in_zone: Move) -> None:
    for zone in ZONES:
        in_zone(zone)
        texts = [f"2025-10-0{d}T{h:02}:15:00Z" for d in (2, 3, 4) for h in range(0, 24, 3)]
        texts += ["2025-10-02", "2025-10-03", "2025-10-04"]
        held = [one.day for one in order(map(dated, texts), "date")]
        assert held == sorted(held, key=lambda day: day or date.min, reverse=True), zone


def test_what_is_kept_of_an_entry_is_true_in_another_zone(in_zone: Move) -> None:
    in_zone("Pacific/Kiritimati")
    kept = [pack_entry(dated(text)) for text in ("2025-10-03", "2025-10-03T02:30:00Z")]
    in_zone("Etc/GMT+12")
    assert [str(unpack_entry(one).day) for one in kept] == ["2025-10-03", "2025-10-02"]


@pytest.fixture
def chosen() -> Iterator[None]:
    """Put the style of dates and the clock back as they were."""
    yield
    dates.write_as(dates.DateStyle())
    days.keep_time_of(None)


@pytest.mark.usefixtures("chosen")
def test_dates_are_written_in_the_style_that_was_chosen() -> None:
    when, now = datetime(2025, 10, 3, 14, 30, tzinfo=UTC), datetime(2025, 11, 23, tzinfo=UTC)
    dates.write_as(dates.DateStyle("%Y-%m-%d", "%I:%M %p"))
    assert dates.short(when, now) == "2025-10-03"
    assert dates.short(when, now, clock=True) == "2025-10-03, 02:30 PM"
    assert dates.full(when, clock=True) == "2025-10-03, 02:30 PM"
    assert dates.span(when, now) == "2025-10-03 to 2025-11-23"


@pytest.mark.usefixtures("chosen")
def test_days_are_counted_in_the_zone_that_was_chosen() -> None:
    when = datetime(2025, 10, 3, 23, 30, tzinfo=UTC)
    days.keep_time_of(ZoneInfo("Asia/Tokyo"))
    assert days.day_of(when) == date(2025, 10, 4)
    assert dates.full(when, clock=True) == "4 Oct 2025, 08:30"
    assert days.stamp(when) == "2025-10-04 08:30"
    assert days.seconds(days.as_day(date(2025, 10, 4))) == datetime(2025, 10, 3, 15, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("zone", ["XXX25", "UTC+99", "ABC-30"])
def test_a_clock_that_no_zone_has_is_that_of_utc(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        now = datetime.now(UTC)
        assert days.local(now) == now
        assert days.today(now) == now.date()
    finally:
        monkeypatch.undo()
        time.tzset()
