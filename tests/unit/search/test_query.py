"""The query language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.model.text.letters import normal
from index.search.language.query import And, Filter, Node, Not, Or, Phrase, Range, Span, Word, parse
from index.search.language.syntax import FILTERS
from tests.support.entries import typed, whole

NOW = datetime(2025, 10, 8, 12, tzinfo=UTC)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def kind(value: str) -> Filter:
    return Filter("kind", "typed", value)


A, B, C = Word("a1"), Word("b2"), Word("c3")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("pool", Word("pool")),
        ("pool size", And((Word("pool"), Word("size")))),
        ('"pool size"', Phrase("pool size")),
        ('"pool size', Phrase("pool size")),
        ("-(pool)", Not(Word("pool"))),
        ('-"read replica"', Not(Phrase("read replica"))),
        ("a1 OR b2", Or((A, B))),
        ("a1 OR b2 c3", And((Or((A, B)), C))),
        ("a1 b2 OR c3", And((A, Or((B, C))))),
        ("a1 OR b2 OR c3", Or((A, B, C))),
        ("(a1 b2) OR c3", Or((And((A, B)), C))),
        ("a1 (b2 c3)", And((A, B, C))),
        ("-(a1 b2)", Not(And((A, B)))),
        ("-(-a1)", A),
        ("a1 OR -b2", Or((A, Not(B)))),
        ("a1 a1", A),
        ("pool~", Word("pool", fuzzy=True)),
        ("pre*", Word("pre", prefix=True)),
        ("pg-pool", Word("pg-pool")),
        ("--rebuild", Word("--rebuild")),
        ("http://x.io", Word("http://x.io")),
        ("foo:bar", Word("foo:bar")),
        ("or", Word("or")),
        ("OR", Word("OR")),
        ("池", Word("池")),
    ],
)
def test_words(text: str, node: Node) -> None:
    assert whole(text).node == node
    assert whole(text).hint == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-",
        "'",
        "/",
        ":",
        "[",
        "(",
        ")",
        "()",
        '"',
        '""',
        "~",
        "*",
        "- -",
        "kind:",
        "tag:*",
        '(("',
        "-()",
    ],
)
def test_what_asks_for_nothing_matches_everything(text: str) -> None:
    for query in (typed(text), whole(text)):
        assert query.is_empty
        assert query.hint == ""


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("OR pool", "pool"),
        ("pool OR", "pool"),
        ("pool OR OR size", "pool OR size"),
        ("(pool", "pool"),
        ("pool)", "pool"),
        ("pool ( ) size", "pool size"),
        ("pool [ size", "pool size"),
        ("pool()", "pool"),
        ("KIND:solution", "kind:solution"),
        ("kind:Solutions", "kind:solution"),
        ('project:"Data  Lake"', "project:data-lake"),
    ],
)
def test_what_does_not_parse_is_taken_as_words(text: str, same: str) -> None:
    assert whole(text).node == whole(same).node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("pool ex", And((Word("pool"), Word("ex", prefix=True)))),
        ("pool e", Word("pool")),
        ("pool ex ", And((Word("pool"), Word("ex")))),
        ("p", None),
        ("3", None),
        ("池", Word("池")),
        ("pg-p", Word("pg-", prefix=True)),
        ("utf-8", Word("utf-8", prefix=True)),
        ("pg-po", Word("pg-po", prefix=True)),
        ("don'", Word("don'", prefix=True)),
        ("한", Word("한", prefix=True)),
        ('"pool ex', Phrase("pool ex", prefix=True)),
        ('"pool e', Phrase("pool ")),
        ('"pool ', Phrase("pool ")),
        ('"pool"', Phrase("pool")),
        ("-ex", Not(Word("ex"))),
        ("me/app#", Word("me/app", prefix=True)),
        ("docs#", Word("docs", prefix=True)),
        ("docs# ", Word("docs#")),
        ("C#", Word("C#", prefix=True)),
        ("me/app++", Word("me/app++", prefix=True)),
        ("ex~", Word("ex", fuzzy=True)),
        ("(pool ex", And((Word("pool"), Word("ex", prefix=True)))),
        ("(pool ex)", And((Word("pool"), Word("ex")))),
        ("ex OR", Word("ex")),
        ("ex kind:api", And((Word("ex", prefix=True), kind("api")))),
        ("ex  kind:api", And((Word("ex"), kind("api")))),
        ("ex -kind:api", And((Word("ex", prefix=True), Not(kind("api"))))),
        ("project:sh", Filter("project", "typed", "sh")),
        ("project:sh ", Filter("project", "is", "sh")),
        ('project:"data la', Filter("project", "typed", "data-la")),
        ('project:"data lake"', Filter("project", "is", "data-lake")),
    ],
)
def test_the_last_word_goes_on_while_one_types(text: str, node: Node | None) -> None:
    assert typed(text).node == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("kind:api-patterns", kind("api-pattern")),
        ("kind:deb*", Filter("kind", "prefix", "deb")),
        ("project:shop-api", Filter("project", "is", "shop-api")),
        ("project:shop*", Filter("project", "prefix", "shop")),
        ('tag:"c*"', Filter("tag", "is", "c*")),
        ("tech:Node.js", Filter("tech", "is", "node.js")),
        ('status:"In Progress"', Filter("status", "prefix", "in-progress")),
        ("agent:shop-agent", Filter("agent", "is", "shop-agent")),
        ("file:Debug", Filter("file", "contains", "debug")),
        ("id:a.xml#DEBUG-1", Filter("id", "contains", "a.xml#debug-1")),
        ("is:malformed", Filter("is", "is", "malformed")),
        ("level:3", Filter("level", "range", Range(3, 3))),
        ("level:L3", Filter("level", "range", Range(3, 3))),
        ("level:>=3", Filter("level", "range", Range(3, None))),
        ("level:>3", Filter("level", "range", Range(4, None))),
        ("level:<3", Filter("level", "range", Range(None, 2))),
        ("level:2..4", Filter("level", "range", Range(2, 4))),
        ("level:..4", Filter("level", "range", Range(None, 4))),
        ("after:2025-10-03", Filter("after", "range", Range(day("2025-10-03"), None))),
        ("before:2025-10", Filter("before", "range", Range(None, day("2025-09-30")))),
        ("on:2025-10", Filter("on", "range", Range(day("2025-10-01"), day("2025-10-31")))),
        ('on:"last week"', Filter("on", "range", Range(day("2025-09-29"), day("2025-10-05")))),
        ("changed:7d", Filter("changed", "range", Range(day("2025-10-01"), day("2025-10-08")))),
        (
            "changed:2025-10-01..today",
            Filter("changed", "range", Range(day("2025-10-01"), day("2025-10-08"))),
        ),
        ("changed:>=2025-10", Filter("changed", "range", Range(day("2025-10-01"), None))),
    ],
)
def test_filters(text: str, node: Node) -> None:
    assert whole(text).node == node


def test_values_of_one_filter_widen_it_and_other_filters_narrow() -> None:
    node = whole("tag:a1 project:p1 tag:b2").node
    tags = Or((Filter("tag", "is", "a1"), Filter("tag", "is", "b2")))
    assert node == And((tags, Filter("project", "is", "p1")))


def test_limits_narrow_and_single_levels_widen() -> None:
    limits = And((Filter("level", "range", Range(2, None)), Filter("level", "range", Range(None, 4))))
    assert whole("level:>=2 level:<=4").node == limits
    singles = Or((Filter("level", "range", Range(2, 2)), Filter("level", "range", Range(4, 4))))
    assert whole("level:2 level:4").node == singles


@pytest.mark.parametrize(
    "text",
    [
        "after:20",
        "after:2025-1",
        "on:yest",
        'on:"last w',
        "level:>",
        "level:2..",
        "is:mal",
        "changed:7",
        "changed:2025-10..",
    ],
)
def test_what_is_being_typed_is_no_error_yet(text: str) -> None:
    assert typed(text).hint == ""


def test_a_hint_names_the_value_in_one_short_line() -> None:
    hint = whole('on:"' + "x\n" * 100 + '"').hint
    assert "\n" not in hint
    assert len(hint) < 130


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-Xmx2g", True),
        ("-a1 b2", False),
        ("NOT a1", False),
        ('-"a b"', False),
        ("docker run --rm -it", True),
        ("docker run --rm", False),
        ("a1 --rm NOT b2", False),
    ],
)
def test_a_word_after_a_dash_alone_is_told_to_be_left_out(text: str, told: bool) -> None:
    assert ("put it in quotes" in whole(text).hint) is told


def test_words_are_what_is_lit() -> None:
    query = typed('pool -size "read replica" (kind:api OR cache) pool exh')
    assert query.words == (Word("pool"), Phrase("read replica"), Word("cache"), Word("exh", prefix=True))


def test_chosen_are_the_values_that_narrow() -> None:
    query = whole('tag:A1 -tag:b2 tag:"c 3" (tag:d4) tag:e5 OR tag:f6')
    assert query.chosen("tag") == ("a1", "c-3")
    assert query.chosen("kind") == ()
    assert whole("kind:Solutions level:L3").chosen("kind") == ("solution",)


def test_spans_colour_every_part() -> None:
    text = 'pool -tag:x "a b" OR (level:>=3)'
    query = typed(text)
    assert [(text[s.start : s.end], s.role) for s in query.spans] == [
        ("pool", "word"),
        ("-", "operator"),
        ("tag:", "filter-name"),
        ("x", "filter-value"),
        ('"a b"', "phrase"),
        ("OR", "operator"),
        ("(", "operator"),
        ("level:", "filter-name"),
        (">=3", "filter-value"),
        (")", "operator"),
    ]
    assert query.spans[0] == Span(0, 4, "word")


@pytest.mark.parametrize(
    ("text", "name", "value", "toggled"),
    [
        ("", "kind", "solution", "kind:solution"),
        ("pool exh", "project", "shop-api", "pool exh project:shop-api"),
        ("pool", "project", "Data Lake", 'pool project:"Data Lake"'),
        ("pool project:shop-api exh", "project", "shop-api", "pool exh"),
        ("kind:solution", "kind", "solution", ""),
        ("tag:a tag:b tag:a", "tag", "A", "tag:b"),
        ("-tag:a", "tag", "a", "-tag:a tag:a"),
        ('"read repl', "tag", "a", 'tag:a "read repl'),
        ("(a1 OR b2", "tag", "a", "tag:a (a1 OR b2"),
        ("a1 OR", "tag", "a", "tag:a a1 OR"),
        ('OR "a', "tag", "a", 'OR tag:a "a'),
        ("pool ", "tag", "a", "pool  tag:a"),
        ("pool", "tag", "", "pool"),
        ("level:3", "level", "3", ""),
        ("level:L3", "level", "3", ""),
        ("kind:solutions", "kind", "solution", ""),
    ],
)
def test_toggled(text: str, name: str, value: str, toggled: str) -> None:
    assert typed(text).toggled(name, value) == toggled


def test_without_takes_a_part_out_and_keeps_the_rest_as_typed() -> None:
    query = typed("pool  -tag:x   exh kind:api")
    assert [query.without(part) for part in query.filters] == ["pool    exh kind:api", "pool  -tag:x   exh"]


def test_replaced_changes_words_in_their_place() -> None:
    query = typed('pol "a b" exhaustoin project:billing')
    pol, _, exhaustoin = ((term.start, term.end) for term in query.terms)
    assert query.replaced({pol: "pool", exhaustoin: "exhaustion"}) == 'pool "a b" exhaustion project:billing'


def test_a_query_knows_how_it_was_parsed() -> None:
    assert typed("pool").typing
    assert not whole("pool").typing


def test_now_is_the_default_for_today() -> None:
    today = datetime.now().astimezone().date().toordinal()
    node = parse("on:today").node
    assert isinstance(node, Filter)
    assert isinstance(node.value, Range)
    assert node.value.low in (today, today + 1)


# ── whatever is typed ─────────────────────────────────────────────────────────

PIECES = [
    *("pool", "a", "é", "池", "-", "--", "OR", "(", ")", '"', " ", "  ", "~", "*", ":", "/", "'", "[", "\n"),
    *("kind:", "kind:api", "tag:x", 'tag:"x y"', "level:>=3", "level:q", "after:2025", "is:", "is:template"),
    *("project:x", "\x1b[2J", "\ud800"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=40)


@given(texts, st.booleans())
@example("(" * 3000 + "a" + ")" * 3000, False)
@example("-(" * 3000 + "a OR", True)
def test_parse_never_fails(text: str, typing: bool) -> None:
    query = parse(text, typing=typing, now=NOW)
    assert query.text == text
    assert "\n" not in query.hint
    for before, after in zip(query.spans, query.spans[1:], strict=False):
        assert before.end <= after.start
    for span in query.spans:
        assert 0 <= span.start < span.end <= len(text)
    for part in query.filters:
        parse(query.without(part), now=NOW)


def meaning(node: Node | None) -> object:
    """What a node means, whatever the order of its parts."""
    match node:
        case And():
            return ("and", frozenset(map(meaning, node.nodes)))
        case Or():
            return ("or", frozenset(map(meaning, node.nodes)))
        case Not():
            return ("not", meaning(node.node))
    return node


@given(
    texts,
    st.sampled_from(["tag", "project", "kind", "file"]),
    st.sampled_from(["x", "x y", "api", 'q"(', "*", "<3"]),
)
@example('OR "a', "tag", "x")
@example("tag:x OR pool", "tag", "x")
@example("(pool tag:x", "tag", "x")
def test_toggled_twice_is_the_same_query(text: str, name: str, value: str) -> None:
    once = whole(text).toggled(name, value)
    twice = whole(once).toggled(name, value)
    assert meaning(whole(twice).node) == meaning(whole(text).node)


@given(texts, st.sampled_from(["tag", "project"]), st.sampled_from(["x", "x y", "api"]))
def test_toggled_in_narrows_to_the_value(text: str, name: str, value: str) -> None:
    query = whole(text)
    once = whole(query.toggled(name, value))
    assert (normal(value) in once.chosen(name)) != (normal(value) in query.chosen(name))


def test_every_filter_has_a_note() -> None:
    assert all(FILTERS.values())
