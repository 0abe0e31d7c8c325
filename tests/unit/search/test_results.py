"""Hits, and what to try when there are none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.rendering.json_encoder import encoded
from index.rendering.json_shapes import hit_shape
from index.search.engine import SearchEngine
from index.search.language.completions import Completion, completions
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from index.search.language.syntax import FILTERS
from index.search.nothing_found import omissions, respelled
from index.search.results import Hit, Omission, SearchResults
from tests.support.entries import EngineKind, entry

# ── hits ──────────────────────────────────────────────────────────────────────


def test_a_hit_as_json() -> None:
    found = entry(
        "Pool exhaustion",
        id="a.xml#1",
        line=12,
        solution="size the pool",
        when="2025-10-03",
        project="shop-api",
        tags=("pool",),
        level=3,
        status="done",
    )
    hit = Hit(found, 4.25678, Highlighter(parse("pool")))
    assert encoded(hit_shape(hit)) == {
        "id": "a.xml#1",
        "kind": "debugging-solution",
        "title": "Pool exhaustion",
        "file": "a.xml",
        "line": 12,
        "store": "",
        "timestamp": "2025-10-03",
        "project": "shop-api",
        "tags": ["pool"],
        "level": 3,
        "status": "done",
        "score": 4.257,
        "snippet": "size the pool",
    }
    assert hit.title_spans == [(0, 4)]
    assert hit.snippet_of(8) == ("…pool", [(1, 5)])


def test_a_hit_of_no_search() -> None:
    hit = Hit(entry("Pool", solution="size it"), 0.0)
    assert (hit.snippet_of(9), hit.title_spans) == (("size it", []), [])


def test_results_are_their_hits() -> None:
    hits = [Hit(entry("a"), 1.0), Hit(entry("b"), 0.5)]
    results = SearchResults(parse(""), hits, total=7)
    assert list(results) == hits
    assert len(results) == 2
    assert not SearchResults(parse(""), [], total=0)


# ── nothing found ─────────────────────────────────────────────────────────────


@pytest.fixture
def engine(kind: EngineKind, tmp_path: Path) -> Iterable[SearchEngine]:
    engine = kind(tmp_path / "index")
    engine.update(
        [],
        [
            entry("one", notes="pool exhaustion", project="shop", level=3, file="1.xml"),
            entry("two", notes="pool exhaustion", project="shop", level=2, file="2.xml"),
            entry("three", notes="queue", project="billing", level=3, file="3.xml"),
        ],
    )
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "typing", "better"),
    [
        ("pol exhaustoin project:billing", False, "pool exhaustion project:billing"),
        ("pol exhaustoi", True, "pool exhaustion"),
        ("pool queue", False, ""),
        ("pool -exhaustoin", False, ""),
        ("pool quxyz", False, ""),
        ("(pol OR queu)", False, "(pool OR queue)"),
        ("kidn:solution pool", False, "kind:solution pool"),
        ("date:>2025-10 pool", False, "on:>2025-10 pool"),
        ("date:>nonsense", False, ""),
        ("levle:high", False, ""),
        ("is:malfromed -tga:x", False, "is:malformed -tga:x"),
        ("std::queue http://x.io node:queue", False, ""),
    ],
)
def test_respelled(engine: SearchEngine, text: str, typing: bool, better: str) -> None:
    assert respelled(parse(text, typing=typing), engine.suggest) == better


def test_omissions(engine: SearchEngine) -> None:
    def count(text: str) -> int:
        return len(engine.matched(parse(text, typing=False)))

    query = parse('pool project:billing level:7 -tag:"x y"', typing=False)
    assert omissions(query, count) == []
    query = parse("pool project:billing level:>2")
    assert omissions(query, count) == [Omission("project:billing", "pool level:>2", 1)]
    query = parse("pool -project:shop level:2")
    assert omissions(query, count) == [Omission("-project:shop", "pool level:2", 1)]
    query = parse("exhaustion project:billing")
    assert omissions(query, count) == [Omission("project:billing", "exhaustion", 2)]
    assert omissions(parse("nothing kind:solution"), count) == []
    assert omissions(parse("kind:decision"), count) == []


# ── completion ────────────────────────────────────────────────────────────────

VALUES = {
    "project": ["shop-api", "billing", "Data Lake", "workshop"],
    "kind": ["solution", "decision"],
    "@": ["mine", "Open now"],
}


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("pro", ["project:"]),
        ("pool a|", ["agent:", "after:"]),
        (
            "-ta",
            [
                "tag:",
            ],
        ),
        ("(ki", ["kind:"]),
        ("project:sho", ["project:shop-api", "project:workshop"]),
        ("-project:sho", ["project:shop-api", "project:workshop"]),
        ("project:data", ['project:"Data Lake"']),
        ('project:"data l', ['project:"Data Lake"']),
        ("project:", ["project:shop-api", "project:billing", 'project:"Data Lake"', "project:workshop"]),
        (
            "project:| pool",
            ["project:shop-api", "project:billing", 'project:"Data Lake"', "project:workshop"],
        ),
        ("is:mal", ["is:malformed"]),
        ("level:", [*(f"level:{n}" for n in range(1, 8)), 'level:">=3"', "level:2..4"]),
        ("after:last", ['after:"last week"', 'after:"last month"', 'after:"last year"']),
        ("tag:x", []),
        ("nothing", []),
        ('"pro', []),
        ("pool)", []),
        ("pro|ject", ["project:"]),
        ("@", ["@mine", "@Open now"]),
        ("@op", ["@Open now"]),
        ("pool @op", []),
        ("@mine pool", []),
    ],
)
def test_completions(text: str, texts: list[str]) -> None:
    cursor = text.index("|") if "|" in text else len(text)
    assert [c.text for c in completions(text.replace("|", ""), cursor, VALUES)] == texts


@pytest.mark.parametrize("text", ["", "pool ", "-", "pool -", "("])
def test_where_nothing_is_typed_every_filter_is_offered(text: str) -> None:
    found = completions(text, len(text), VALUES)
    assert [c.text for c in found][:3] == ["kind:", "project:", "tag:"]
    assert len(found) == len(FILTERS)
    assert all(c.start == c.end == len(text) and c.note for c in found)


def test_a_completion_takes_the_place_of_what_was_typed() -> None:
    text = "pool -project:sho exh"
    first = completions(text, 17, VALUES)[0]
    assert first == Completion("project:shop-api", 6, 17, "project")
    done = text[: first.start] + first.text + text[first.end :]
    assert done == "pool -project:shop-api exh"
    assert parse(done).filters[0].value == "shop-api"
