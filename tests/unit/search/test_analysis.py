"""How texts are read as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.language import analysis


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pg-pool", ["pg", "pool"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("Node.js 20", ["Node", "js", "20"]),
        ("don't", ["don", "t"]),
        ("Ошибка пула", ["Ошибка", "пула"]),
        ("連接池 exhausted", ["連", "接", "池", "exhausted"]),
        ("データ", ["デ", "ー", "タ"]),
        ("done ✅ 🚀", ["done", "✅", "🚀"]),
        ("cafe\u0301 au lait", ["cafe\u0301", "au", "lait"]),
        ("!? -- […]", []),
    ],
)
def test_runs(text: str, words: list[str]) -> None:
    assert analysis.runs(text) == words


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("pool", ["pool"]),
        ("Pool", ["pool"]),
        ("SQL", ["sql"]),
        ("idleTimeoutMillis", ["idletimeoutmillis", "idle", "timeout", "millis"]),
        ("PostgreSQL", ["postgresql", "postgre", "sql"]),
        ("HTTPServer2", ["httpserver2", "http", "server2"]),
        ("sha256", ["sha256"]),
        ("x" * 200, ["x" * analysis.MAX_WORD]),
    ],
)
def test_forms(run: str, words: list[str]) -> None:
    assert [form.word for form in analysis.forms(run)] == words


@pytest.mark.parametrize(
    ("run", "folded"), [("Kovač", "kovac"), ("ŠIŠ", "sis"), ("ﬁle", "file"), ("Й", "и"), ("가", "가")]
)
def test_fold(run: str, folded: str) -> None:
    assert analysis.fold(run) == folded


@given(st.text())
def test_runs_and_their_offsets_agree(text: str) -> None:
    spans = list(analysis.spans(text))
    assert [run for run, _ in spans] == analysis.runs(text)
    for run, start in spans:
        assert text[start : start + len(run)] == run
        for form in analysis.forms(run):
            assert form.word
            assert 0 <= form.start < form.end <= len(run)


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
    assert analysis.slips(word, other) == slips


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_distance_stops_at_its_limit(a: str, b: str, limit: int) -> None:
    full = analysis.distance(a, b, 20)
    assert analysis.distance(a, b, limit) == min(full, limit + 1)
    assert analysis.distance(b, a, 20) == full
    assert (full == 0) == (a == b)


@given(st.integers(0, 500), st.integers(0, 500))
def test_before_and_following_say_the_same(first: int, second: int) -> None:
    assert (first in analysis.before(second)) == (second in analysis.following({first}, [second]))
