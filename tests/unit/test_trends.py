"""What becomes of the memories over time."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.entry import Entry
from index.model.facets import count_facets
from index.model.field import Field
from index.model.trend_counts import Scale
from index.rendering.text import spark
from index.search.language.spelling import Words, similarity
from index.storage.helper_process import Helper
from index.trends.counting import LIMIT, count, reused, scale_of
from index.trends.recurring import ALIKE, begin_recurring, groups, recurring
from tests.support.entries import entry

TODAY = date(2025, 11, 23)
DAYS = st.dates(date(1, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("first", "unit", "periods", "query"),
    [
        (date(2025, 11, 1), "day", 23, "on:2025-11-01"),
        (date(2025, 9, 15), "week", 10, "on:2025-09-15..2025-09-21"),
        (date(2024, 2, 29), "month", 22, "on:2024-02"),
        (date(2019, 5, 5), "year", 7, "on:2019"),
        (date(1970, 1, 1), "year", LIMIT, "on:1996"),
    ],
)
def test_the_finest_unit_that_fits(first: date, unit: str, periods: int, query: str) -> None:
    scale = scale_of([TODAY, first, TODAY], TODAY)
    assert (scale.unit, len(scale.starts), scale.query(0)) == (unit, periods, query)
    assert scale.place(TODAY) == periods - 1


def test_one_clock_that_ran_wrong_does_not_stretch_the_scale() -> None:
    days = [date(1970, 1, 1), *[date(2025, 11, day) for day in range(1, 21)] * 5, date(2099, 1, 1)]
    scale = scale_of(days, TODAY)
    assert scale.starts[0] == date(2025, 11, 1)
    assert scale.place(date(1970, 1, 1)) is None
    assert scale.place(date(2099, 1, 1)) is None
    assert scale_of([], TODAY) == Scale()
    assert Scale().place(TODAY) is None


@given(st.lists(DAYS, min_size=1, max_size=40))
def test_a_scale_has_no_gap_and_holds_its_days(days: list[date]) -> None:
    scale = scale_of(days, TODAY)
    assert 1 <= len(scale.starts) <= LIMIT
    spans = [scale.days(place) for place in range(len(scale.starts))]
    assert all(first <= last for first, last in spans)
    assert all(spans[n][1].toordinal() + 1 == spans[n + 1][0].toordinal() for n in range(len(spans) - 1))
    for day in days:
        place = scale.place(day)
        if place is not None:
            assert spans[place][0] <= day <= spans[place][1]
    assert scale.place(max(days)) == len(scale.starts) - 1


def test_bars() -> None:
    assert spark([]) == ""
    assert spark([0, 0]) == "··"
    assert spark([1, 100]) == "▁▇"
    assert spark(range(9)) == "·▁▂▃▄▅▆▇▇"


def dated(day: str, **values: object) -> Entry:
    return entry("Pool", when=day, **values)


def test_entries_are_counted_over_time_without_templates() -> None:
    counted = count(
        [
            dated("2025-11-20", kind="decision", group="decision", project="shop", level=3),
            dated("2025-11-21", project="shop", level=9),
            dated("2025-11-23", project="billing", tags=("redis",)),
            entry("undated", project="billing", tags=("redis",)),
            dated("2026-01-01"),
            dated("2025-11-22", template=True),
        ],
        TODAY,
    )
    assert (counted.entries, counted.undated, counted.outside) == (5, 1, 1)
    assert counted.whole.counts == (1, 1, 0, 1)
    assert [(s.value, s.total, s.counts, s.group) for s in counted.kinds] == [
        ("debugging-solution", 4, (0, 1, 0, 1), "solution"),
        ("decision", 1, (1, 0, 0, 0), "decision"),
    ]
    assert [s.total for s in counted.levels] == [0, 0, 1, 0, 0, 0, 0]
    assert [(s.value, s.total) for s in counted.projects] == [("billing", 2), ("shop", 2)]
    assert [(s.value, s.total, s.counts) for s in counted.tags] == [("redis", 2, (0, 0, 0, 1))]


def test_nothing_to_count() -> None:
    counted = count([], TODAY)
    assert counted.entries == 0
    assert counted.growing == counted.dying == []


def test_tags_grow_and_die() -> None:
    def on(day: int, *tags: str) -> Entry:
        return dated(f"2025-11-{day:02}", tags=tags)

    counted = count(
        [
            on(1, "old", "steady"),
            on(2, "old", "once"),
            on(5, "steady", "up"),
            on(7, "up", "steady"),
            on(8, "up", "new"),
        ],
        TODAY,
    )
    assert {tag.value for tag in counted.growing} == {"new", "up"}
    assert [tag.value for tag in counted.dying] == ["old"]


# ── what came back ────────────────────────────────────────────────────────────

SETS = st.lists(st.frozensets(st.sampled_from("abcdefghij"), min_size=1), max_size=12)


@given(SETS)
def test_a_group_is_held_together_by_pairs_that_are_alike(sets: list[Words]) -> None:
    for group in groups(sets):
        assert group == sorted(group)
        for place in group:
            assert any(similarity(sets[place], sets[o]) >= ALIKE for o in group if o != place)


@given(SETS)
def test_those_with_the_same_words_are_always_together(sets: list[Words]) -> None:
    found = {place: n for n, group in enumerate(groups(sets)) for place in group}
    for one, words in enumerate(sets):
        for other in range(one):
            if sets[other] == words:
                assert found[one] == found[other]


def test_nearly_all_near_duplicates_are_met_among_many_others() -> None:
    chance = Random(3)
    vocabulary = [f"word{n}" for n in range(3000)]
    sets = [frozenset(chance.sample(vocabulary, 40)) for _ in range(400)]
    twins = [frozenset([*sorted(words)[:32], *chance.sample(vocabulary, 8)]) for words in sets[:200]]
    found = groups([*sets, *twins])
    met = sum(1 for group in found if len(group) == 2 and group[1] - group[0] == 400)
    assert len(found) == met, "nothing but twins is alike"
    assert met >= 195


def test_the_same_text_many_times_over_is_one_group() -> None:
    texts = [
        entry("The deploy hangs", problem="migration waits for a lock", solution=f"kill worker {n % 3}")
        for n in range(3000)
    ]
    found = recurring(texts)
    assert len(found) == 1
    assert len(found[0].entries) == 3000


@pytest.mark.parametrize("processors", [1, 2])
def test_another_process_finds_the_same(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    texts = [
        entry(f"Case {n}", problem=f"case{n} hangs in part{n}", solution=f"fix{n} of step{n} and \udc80{n}")
        for n in [*range(20), *range(20)]
    ]
    monkeypatch.setattr("index.trends.recurring.WORTH_IT", 1)
    monkeypatch.setattr("index.trends.recurring.cores", lambda: processors)
    found = begin_recurring(texts)()
    assert found == recurring(texts)
    assert len(found) == 20


def test_where_that_process_ends_early_they_are_found_here(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [entry("Deploy hangs", problem="migration waits for a lock") for _ in range(3)]

    def dying(module: str) -> Helper:
        helper = Helper(module)
        helper._process.kill()
        return helper

    monkeypatch.setattr("index.trends.recurring.WORTH_IT", 1)
    monkeypatch.setattr("index.trends.recurring.cores", lambda: 2)
    monkeypatch.setattr("index.trends.recurring.Helper", dying)
    assert begin_recurring(texts)() == recurring(texts)


def test_problems_that_came_back_and_those_that_did_not() -> None:
    def solution(title: str, problem: str, fix: str, **more: object) -> Entry:
        return entry(title, problem=problem, solution=fix, **more)

    newest = solution(
        "Connection pool exhausted at peak",
        "checkout waits for a free connection",
        "limit the pool for each worker",
    )
    held = [
        newest,
        solution("Certificate expired", "handshake fails on the gateway", "renew it a week earlier"),
        solution(
            "Pool exhausted again",
            "checkout waits for a free connection at peak",
            "limit the pool for every worker",
        ),
        solution(
            "Connection pool exhausted at peak", "checkout waits for a free connection", "", template=True
        ),
        entry("Connection pool exhausted at peak", group="pattern", kind="api-pattern"),
        entry("No"),
        entry("No"),
    ]
    (found,) = recurring(held)
    assert [one.title for one in found.entries] == [
        "Connection pool exhausted at peak",
        "Pool exhausted again",
    ]
    assert found.entries[0] is newest
    assert ALIKE <= found.similarity < 1


# ── what is used again ────────────────────────────────────────────────────────


def own(own_id: str, **fields: str) -> Entry:
    made = entry(own_id, **fields)
    made.id = f"a.xml#{own_id}"
    made.fields = (Field("@id", own_id), *made.fields)
    return made


def test_references_and_counters() -> None:
    used = reused(
        [
            own("DEBUG-014", text="see DEBUG-014 itself"),
            own("API-2", text="as in DEBUG-014, twice: DEBUG-014."),
            own("DEC-3", related="(DEBUG-014)/API-2", text="not API-22, xAPI-2 or API-2x"),
            own("plain", text="a plain word"),
            own("TPL-1", reuse_count="7"),
            own("TPL-2", reuse_count="often"),
        ]
    )
    assert [(one.entry.id, one.total, one.uses) for one in used] == [
        ("a.xml#TPL-1", 7, 7),
        ("a.xml#DEBUG-014", 2, 0),
        ("a.xml#API-2", 1, 0),
    ]
    assert used[1].by == ("a.xml#API-2", "a.xml#DEC-3")


def test_an_id_that_two_share_refers_to_neither() -> None:
    assert reused([own("D-1"), own("D-1"), own("D-2", text="D-1")]) == []


def test_each_refers_to_the_one_before() -> None:
    many = [own(f"D-{n}", text=f"as D-{n - 1} says") for n in range(5000)]
    assert len(reused(many)) == 5000 - 1


def test_each_line_tells_what_its_bars_leave_out() -> None:
    held = [
        entry("old", when="0001-01-01", tags=("pool",)),
        *(entry(f"now {n}", when=f"2025-11-{n + 1:02}", tags=("pool", "redis")) for n in range(20)),
        entry("never", tags=("pool",)),
        entry("later", when="2026-11-01"),
    ]
    counted = count(held, TODAY)
    for one in (counted.whole, *counted.kinds, *counted.tags):
        assert sum(one.counts) + one.outside + one.undated == one.total
    told = {one.value: (one.outside, one.undated) for one in counted.tags}
    assert told["redis"] == (0, 0)
    assert told["pool"][1] == 1
    assert (counted.whole.outside, counted.whole.undated) == (counted.outside, counted.undated)


def test_spellings_of_one_value_are_counted_together_as_in_the_sidebar() -> None:
    """The usual spelling stands for all; an entry that has two of them counts once."""
    composed, apart = "caf\u00e9", "cafe\u0301"
    held = [
        entry("a#1", tags=("Bug", composed), project="Data Lake", kind="API Pattern"),
        entry("a#2", tags=("bug", "Bug", apart), project="data-lake", kind="api-pattern"),
        entry("a#3", tags=("bug", composed), project="data lake", kind="api-patterns"),
        entry("a#4", tags=("bug",), project="Data Lake", kind="api-pattern"),
    ]
    counted = count(held, TODAY)
    assert [(one.value, one.total) for one in counted.tags] == [("bug", 4), (composed, 3)]
    assert [(one.value, one.total) for one in counted.projects] == [("Data Lake", 4)]
    assert [(one.value, one.total) for one in counted.kinds] == [("api-pattern", 4)]
    facets = count_facets(held)
    assert list(facets.tags) == [(one.value, one.total) for one in counted.tags]
    assert list(facets.projects) == [(one.value, one.total) for one in counted.projects]
