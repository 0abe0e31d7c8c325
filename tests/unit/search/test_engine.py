"""What the embedded engine finds, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.search.engine import SearchEngine
from index.search.language.query import parse
from tests.support.entries import EngineKind, entry, find, put


@pytest.fixture
def engine(kind: EngineKind, tmp_path: Path) -> Iterable[SearchEngine]:
    engine = kind(tmp_path / "index")
    yield engine
    engine.close()


# ── order ─────────────────────────────────────────────────────────────────────


def test_title_over_problem_and_solution_over_the_rest(engine: SearchEngine) -> None:
    put(
        engine,
        entry("rest", notes="the pool was full", when="2025-10-05"),
        entry("lead", solution="size the pool", when="2025-10-04"),
        entry("problem", problem="pool exhausted", when="2025-10-03"),
        entry("title pool", when="2025-10-02"),
    )
    assert find(engine, "pool") == ["title pool", "lead", "problem", "rest"]


def test_exact_over_longer_over_stemmed_over_typo(engine: SearchEngine) -> None:
    put(
        engine,
        entry("typo", notes="exhaustoin of the pool"),
        entry("stem", notes="exhausted the pool"),
        entry("exact", notes="exhaustion of the pool"),
    )
    assert find(engine, "exhaustion~") == ["exact", "stem", "typo"]
    assert find(engine, "exhaustion") == ["exact", "stem", "typo"]
    assert set(find(engine, "exhaust", typing=True)) == {"exact", "stem", "typo"}


def test_a_word_as_typed_over_one_that_goes_on(engine: SearchEngine) -> None:
    put(
        engine,
        entry("on", notes="pooling of conns", when="2025-10-05"),
        entry("as typed", notes="pool of conns"),
    )
    assert find(engine, "pool", typing=True) == ["as typed", "on"]


def test_equals_by_date_newest_first_and_undated_last(engine: SearchEngine) -> None:
    put(
        engine,
        entry("old", notes="pool", when="2025-09-01"),
        entry("none", notes="pool"),
        entry("new", notes="pool", when="2025-10-01"),
    )
    assert find(engine, "pool") == ["new", "old", "none"]
    assert find(engine, "kind:solution") == ["new", "old", "none"]
    assert find(engine, "") == ["new", "old", "none"]


def test_a_rare_word_says_more_than_a_common_one(engine: SearchEngine) -> None:
    put(
        engine,
        entry("rare", notes="error deadlock", when="2025-09-01"),
        *(entry(f"common {n}", notes="error timeout", when="2025-10-01") for n in range(5)),
        entry("both", notes="deadlock and timeout"),
    )
    assert find(engine, "deadlock OR timeout")[:2] == ["both", "rare"]


def test_limit_and_all_that_matched(engine: SearchEngine) -> None:
    put(engine, *(entry(f"e{n}", notes="pool", when=f"2025-10-{n + 1:02}") for n in range(9)))
    found = engine.search(parse("pool"), limit=3)
    assert [i.partition("#")[2] for i in found.ids] == ["e8", "e7", "e6"]
    assert found.total == 9
    assert len(engine.search(parse("pool"), limit=1 << 40).ids) == 9, "far beyond all there is"
    assert sorted(engine.matched(parse("pool"))) == [f"a.xml#e{n}" for n in range(9)]


# ── words ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pool size", {"both"}),
        ("pool OR size", {"both", "pool", "size"}),
        ("pool -size", {"pool"}),
        ("-size", {"pool", "other"}),
        ("-size -pool", {"other"}),
        ("-(pool size)", {"pool", "size", "other"}),
        ("size OR -pool", {"both", "size", "other"}),
        ("(pool OR size) -both", {"pool", "size"}),
        ("POOL", {"both", "pool"}),
        ("pool nothing", set()),
        ("nothing", set()),
        ("poo", set()),
        ("poo*", {"both", "pool"}),
        ("[ pool ]", {"both", "pool"}),
    ],
)
def test_words_combine(engine: SearchEngine, query: str, found: set[str]) -> None:
    put(
        engine,
        entry("both", notes="pool size"),
        entry("pool", notes="one"),
        entry("size", notes="one"),
        entry("other", notes="one"),
    )
    assert set(find(engine, query)) == found


def test_the_last_word_typed_is_a_prefix_from_two_letters(engine: SearchEngine) -> None:
    put(engine, entry("a", notes="pool exhaustion"), entry("b", notes="pool"))
    assert find(engine, "pool e", typing=True) == find(engine, "pool", typing=True)
    assert find(engine, "pool ex", typing=True) == ["a"]
    assert find(engine, "pool ex ", typing=True) == []
    assert find(engine, "po exhaustion", typing=True) == []


def test_no_prefix_finds_a_stem(engine: SearchEngine) -> None:
    put(engine, entry("a", notes="queries"))
    assert find(engine, "query") == ["a"]
    assert find(engine, "queri*") == ["a"]
    put(engine, entry("b", file="b.xml", notes="caching"))
    assert find(engine, "cach*") == ["b"]
    assert find(engine, "cachi*") == ["b"]
    assert find(engine, "caches") == ["b"]
    assert find(engine, "queryx*") == []


@pytest.mark.parametrize(
    "query",
    [
        "idle_in_transaction_session_timeout",
        "idle_in_tr*",
        "transaction",
        "idletimeoutmillis",
        "idleTimeoutMillis",
        "idleTimeoutM*",
        "millis",
        "pg-pool",
        "pg",
        "pool",
        '"pg pool"',
        "pgPool",
        "node.js",
        "postgresql",
        "postgreSQL",
        '"postgresql server"',
        '"sql server"',
        "server-side",
        "IOError",
        "2025-10-03",
        "path/to/file.py",
        "file.py:12",
        "kovac",
        "KOVAČ",
    ],
)
def test_identifiers_by_the_whole_and_by_their_parts(engine: SearchEngine, query: str) -> None:
    put(
        engine,
        entry(
            "it",
            date="2025-10-03T14:30:00Z",
            notes="idle_in_transaction_session_timeout and idleTimeoutMillis of pg-pool in Node.js",
            more="PostgreSQL server, connectionPool, server-side, IOError in path/to/file.py:12 by Kovač",
        ),
        entry("other", notes="nothing of the kind"),
    )
    assert find(engine, query) == ["it"]


@pytest.mark.parametrize(
    "query", ["pool-pg", '"transaction idle"', '"timeout and millis"', "ioerr", "file.rb"]
)
def test_identifiers_are_no_bags_of_words(engine: SearchEngine, query: str) -> None:
    put(
        engine,
        entry("it", notes="idle_in_transaction_timeout and idleTimeoutMillis of pg-pool, IOError in file.py"),
    )
    assert find(engine, query) == []


@pytest.mark.parametrize(
    "query", ["連接池", "接池", "池", "Пул", "исчерп*", "✅", "🚀", "データベース", "한국"]
)
def test_other_scripts(engine: SearchEngine, query: str) -> None:
    put(
        engine,
        entry("it", notes="数据库連接池耗尽 · пул соединений исчерпан ✅🚀 · データベース · 한국어"),
        entry("no", notes="pool"),
    )
    assert find(engine, query) == ["it"]


def test_characters_of_a_phrase_stand_in_order(engine: SearchEngine) -> None:
    put(engine, entry("it", notes="連接池"))
    assert find(engine, "池接") == []


# ── phrases and typos ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"read replica"', {"a"}),
        ('"replica read"', {"b"}),
        ('"a read replica lags"', {"a"}),
        ('"Read-Replica"', {"a"}),
        ('-"read replica"', {"b", "c"}),
        ('"read replic"', set()),
        ('"lags behind"', set()),
        ('"replica"', {"a", "b"}),
        ('"one one one"', {"c"}),
        ('"one one one one"', set()),
    ],
)
def test_phrases(engine: SearchEngine, query: str, found: set[str]) -> None:
    put(
        engine,
        entry("a", problem="a read replica lags", solution="behind nothing"),
        entry("b", notes="the replica read twice"),
        entry("c", notes="one one one"),
    )
    assert set(find(engine, query)) == found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"git push --force"', "never git push --force to main"),
        ('"git push --force to main"', "never git push --force to main"),
        ('"today we use C++ here"', "today we use C++ here"),
        ('"set $HOME and .env"', "set $HOME and .env now"),
        ('"run --rm --it', "docker run --rm --it"),
        ("1.1.1", "v1.1.1"),
        ("2.0.0-rc", "at v2.0.0-rc.1 now"),
        ("github.com/me/app#12", "see https://github.com/me/app#12"),
        ("https://x.io/a?b=c&d=e#f", "at https://x.io/a?b=c&d=e#f"),
        ("git@github.com:me/x.git", "clone git@github.com:me/x.git"),
        ("~/.config/nvim/init.lua", "edit ~/.config/nvim/init.lua"),
        ("path/to/.env", "in path/to/.env"),
        ("$HOME/.config/x", "in $HOME/.config/x"),
    ],
)
def test_words_with_signs_among_others(engine: SearchEngine, query: str, text: str) -> None:
    put(engine, entry("a", notes=text), entry("b", notes="see the app, force a main"))
    assert find(engine, query) == ["a"]
    assert find(engine, query, typing=True) == ["a"]


@pytest.mark.parametrize("query", ['"we use C++"', '"push --force"', '"see the #12"', '"the .env file"'])
def test_a_sign_in_a_phrase_counts(engine: SearchEngine, query: str) -> None:
    put(engine, entry("a", notes="we use C, push force, see the 12, the env file"))
    assert find(engine, query) == []


def test_an_open_phrase_goes_on(engine: SearchEngine) -> None:
    put(engine, entry("a", notes="the read replica lags"), entry("b", notes="read the replica"))
    assert find(engine, '"read repl', typing=True) == ["a"]
    assert find(engine, '"read ', typing=True) == ["a", "b"]


@pytest.mark.parametrize("typo", ["exhaution~", "exhaustoin~", "xhaustion~", "exhaustionn~"])
def test_typos(engine: SearchEngine, typo: str) -> None:
    put(engine, entry("a", notes="pool exhaustion"), entry("b", notes="pool"))
    assert find(engine, typo) == ["a"]
    assert find(engine, typo.rstrip("~")) == []


def test_suggest(engine: SearchEngine) -> None:
    put(engine, entry("a", notes="pool pool exhaustion poll"), entry("b", notes="pool Kovač"))
    assert engine.suggest("pol") == ["pool", "poll"]
    assert engine.suggest("exhaustoin") == ["exhaustion"]
    assert engine.suggest("Exhaustoin") == ["exhaustion"]
    assert engine.suggest("exhaustions") == []  # its stem is known
    assert engine.suggest("pool") == []
    assert engine.suggest("po") == []
    assert engine.suggest("poo", prefix=True) == []
    assert engine.suggest("kobac") == ["kovac"]
    assert engine.suggest("pg-pol") == []
    assert engine.suggest("") == []


# ── texts ─────────────────────────────────────────────────────────────────────


def test_what_is_searched_of_an_entry(engine: SearchEngine) -> None:
    put(engine, entry("title words", problem="title words", root_cause="attribute value", project="shop-api"))
    assert find(engine, "title value shop-api") == ["title words"]
    assert find(engine, "cause") == []  # the names of fields are not its words
    assert find(engine, '"words attribute"') == []  # no phrase runs from one field into the next


def test_a_tree_of_hostile_names(engine: SearchEngine) -> None:
    hostile = entry(
        "x", notes="\ud800 \x1b[2J 池\udc80pool", file="a\udcff/\n b.xml", tags=("\ud800",), when="0001-01-01"
    )
    put(engine, hostile, entry("y" * 5000, notes="z" * 100_000))
    assert find(engine, "pool") == ["x"]
    assert find(engine, "z" * 300) == ["y" * 5000]
    assert find(engine, "file:b.xml") == ["x"]
    assert find(engine, "before:0002") == ["x"]


def test_a_page_pasted_into_the_search_box(engine: SearchEngine) -> None:
    page = " ".join(f"word{n} OR -(x{n} [y{n}])" for n in range(1100))
    put(engine, entry("all", notes=page), entry("none", notes="pool"))
    assert find(engine, page + " pool", typing=True) == ["none"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("we must fix the connectionPool of billing", "fix the connection pool of billing"),
        ("connectionPool maxSize", "connection pool max size"),
        ("the maxPoolSize of utf8 files", "max pool size of utf 8 files"),
        ("one tsVector, two words on", "ts vector two words on"),
        ("maxSize connectionPool", "maxsize connection pool"),
        ("the maxSize of any connectionPool", "maxsize of any connection pool"),
        ("the maxSize of any connectionPool", "max size of any connectionpool"),
    ],
)
def test_a_phrase_finds_names_in_their_parts(engine: SearchEngine, text: str, asked: str) -> None:
    put(engine, entry("found", notes=text), entry("other", notes=" ".join(reversed(text.split()))))
    assert find(engine, f'"{asked}"') == ["found"]
