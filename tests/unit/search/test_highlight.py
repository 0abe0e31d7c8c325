"""What lights up, and the line that shows it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.language.highlight import Highlighter, one_line, snippet
from index.search.language.query import parse
from tests.support.entries import entry


def lit(query: str, text: str, *, typing: bool = False) -> list[str]:
    return [text[a:b] for a, b in Highlighter(parse(query, typing=typing)).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("pool", "Pool, pools and POOL", ["Pool", "pools", "POOL"]),
        ("pool", "carpool", []),
        ("exh*", "exhaustion of the Exhaust", ["exh", "Exh"]),
        ("exhaustion", "exhausted", ["exhausted"]),
        ("pool", "connectionPool pg-pool POOL_SIZE", ["Pool", "pool", "POOL"]),
        ("connectionpool", "a connectionPool", ["connectionPool"]),
        ("conn*", "connectionPool", ["conn"]),
        ("pg-pool", "pg-pool and pool pg", ["pg-pool"]),
        ("pg-po*", "pg pool", ["pg po"]),
        ("connectionPool", "connection pool, connectionPool", ["connection pool", "connectionPool"]),
        ('"connection pool"', "connectionPool and connection  pool", ["connectionPool", "connection  pool"]),
        ('"read replica"', "replica read replica read", ["read replica"]),
        ('"one one"', "one one one", ["one one one"]),
        ('"exhausted pool"', "exhausting pool", []),
        ("exhaustoin~", "pool exhaustion", ["exhaustion"]),
        ("-pool", "pool", []),
        ("kind:pool tag:pool", "pool", []),
        ("pool OR size", "pool size", ["pool", "size"]),
        ("connect connection", "connection", ["connection"]),
        ("池", "連接池", ["池"]),
        ("接池", "連接池", ["接池"]),
        ("kovac", "by Kovač", ["Kovač"]),
        ("kov*", "by Kovač", ["Kov"]),
        ("strass*", "Straße", ["Straße"]),
        ("✅", "done ✅", ["✅"]),
        ("", "pool", []),
    ],
)
def test_spans(query: str, text: str, parts: list[str]) -> None:
    assert lit(query, text) == parts


@pytest.mark.parametrize(
    ("query", "parts"),
    [("pool exh", ["pool", "exh"]), ("pool exh ", ["pool"]), ('"pool exh', ["pool exh"]), ("p", [])],
)
def test_what_is_being_typed(query: str, parts: list[str]) -> None:
    assert lit(query, "pool exhaustion", typing=True) == parts


texts = st.text("aB池 .-_\n", max_size=30)


@given(st.text('ab池 "-*~:', max_size=12), texts)
def test_spans_are_in_order_and_apart(query: str, text: str) -> None:
    end = -1
    for a, b in Highlighter(parse(query)).spans(text):
        assert end < a < b <= len(text)
        end = b


def test_a_long_text_is_quick() -> None:
    text = "the pool of the pool and " * 10_000
    start = time.perf_counter()
    assert Highlighter(parse('"the pool of" pool~ the*')).spans(text)
    assert time.perf_counter() - start < 60  # a guard against quadratic time, no measurement


# ── one line ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n   b\tc", "a b c"),
        ("- one\n- two\n  * three", "one · two · three"),
        ("a - b", "a - b"),
        ("\x1b[2Jx\x07\x9b\u202ey\u2066", "[2Jxy"),
        ("\ud800x", "\ufffdx"),
        ("👩‍💻", "👩‍💻"),
        ("", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


LONG = "word " * 60


def shown(query: str, width: int = 60, /, **fields: str) -> tuple[str, list[str]]:
    text, spans = snippet(entry("the title", **fields), Highlighter(parse(query, typing=False)), width)
    assert len(text) <= width
    assert all(0 <= a < b <= len(text) for a, b in spans)
    return text, [text[a:b] for a, b in spans]


def test_the_field_with_most_words_is_shown() -> None:
    fields = {"problem": "the pool", "solution": "size the pool per worker", "notes": "worker"}
    assert shown("pool worker", **fields) == ("size the pool per worker", ["pool", "worker"])


def test_it_starts_at_a_word_a_little_before_the_match() -> None:
    text, parts = shown("pool", notes=LONG + "before the pool exhausts " + LONG)
    assert text == "…before the pool exhausts word word word word word word wor…"
    assert parts == ["pool"]


def test_it_shows_the_place_where_the_words_stand_together() -> None:
    text, parts = shown("pool worker", notes="pool " + LONG + "a pool per worker " + LONG)
    assert "a pool per worker" in text
    assert parts == ["pool", "worker"]


def test_what_a_list_shows_anyway_is_shown_only_where_it_was_searched_for() -> None:
    fields = {"created": "2025-10-03", "key": "L-1", "service": "shop"}
    assert shown("", **fields) == ("", [])
    assert shown("", **fields, notes="Ask.") == ("Ask.", [])
    assert shown("shop", **fields) == ("shop", ["shop"])


def test_a_short_field_is_shown_whole() -> None:
    assert shown("pool", notes="one\n  pool") == ("one pool", ["pool"])


def test_the_beginning_is_not_cut_when_the_match_is_near_it() -> None:
    text, _ = shown("pool", notes="a pool " + LONG)
    assert text.startswith("a pool word")
    assert text.endswith("…")


def test_a_match_at_the_very_end_is_lit() -> None:
    text, parts = shown("pool", notes=LONG + "pool")
    assert text.startswith("…word")
    assert text.endswith(" pool")
    assert parts == ["pool"]


def test_a_word_longer_than_the_line() -> None:
    text, parts = shown("pool", 20, notes=f"{LONG} {'x' * 90}pool")
    assert (text, parts) == ("word word word word…", [])
    text, parts = shown("xx*", 20, notes=LONG + "x" * 90)
    assert text.startswith("…")
    assert parts == ["xx"]


def test_without_words_it_says_what_says_most() -> None:
    fields = {
        "date": "2025-10-03",
        "problem": "the title",
        "root_cause": "why",
        "solution": "how",
    }
    assert shown("kind:solution", **fields) == ("how", [])
    assert shown("", size="3") == ("3", [])
    assert shown("") == ("", [])


def test_the_title_is_not_said_twice() -> None:
    assert shown("title", problem="the title", notes="other") == ("other", [])


@given(st.text(max_size=200), st.integers(2, 40))
def test_snippets_of_anything(text: str, width: int) -> None:
    line, _ = shown("a OR b OR 池", width, notes=text)
    assert "\n" not in line
    assert "\x1b" not in line
