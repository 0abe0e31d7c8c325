"""Words that are nearly the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.language import spelling
from index.search.language.query import Word
from index.search.language.terms import says


@pytest.mark.parametrize(
    ("word", "other", "slips"),
    [
        ("exhaustoin", "exhaustion", 1),
        ("exhaution", "exhaustion", 1),
        ("exhuastoin", "exhaustion", 2),
        ("pol", "pool", 1),
        ("pool", "queue", None),
        ("ab", "ac", None),
        ("timeuot", "fimeout", None),
    ],
)
def test_slips(word: str, other: str, slips: int | None) -> None:
    assert spelling.slips(word, other) == slips


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_distance_stops_at_its_limit(a: str, b: str, limit: int) -> None:
    full = spelling.distance(a, b, 20)
    assert spelling.distance(a, b, limit) == min(full, limit + 1)
    assert spelling.distance(b, a, 20) == full
    assert (full == 0) == (a == b)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("indexing", "index"), ("caching", "cache"), ("paginated", "paginate"), ("logging", "log"),
        ("retries", "retry"), ("possibilities", "possible"), ("using", "use"),
        ("connections", "connect"),
        ("happiness", "happy"), ("stopped", "stop"), ("normalization", "normalize"),
        ("deploys", "deployed"),
        ("exhaustion", "exhausted"), ("policies", "policy"), ("running", "run"),
        ("paginate", "pagination"),
    ],
)  # fmt: skip
def test_a_word_is_found_by_each_beginning_of_another_of_its_stem(word: str, text: str) -> None:
    for length in range(2, len(word) + 1):
        assert says(Word(word[:length], prefix=True), text), word[:length]
    assert says(Word(word), text)


@pytest.mark.parametrize("word", ["indexing", "paginated", "cached", "connections", "exhausted"])
def test_a_finished_word_finds_what_its_stem_begins(word: str) -> None:
    stem = spelling.stem(word)
    for text in (stem, stem + "abc", stem + "er"):
        assert says(Word(stem, prefix=True), text)
        assert says(Word(word), text)
