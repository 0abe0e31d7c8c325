"""The engines find the same entries in the same order.

What differs, and why:
- A typo (`word~`) finds more on Tantivy, which takes a swap and one more slip for two, as the index in memory
  does; Whoosh counts a swap as two by itself.
- Of a word that goes on in more than 400 ways Whoosh, which reads each of them, takes those in most entries;
  Tantivy takes all.
- The unfinished last word of a phrase is tried in 50 ways on Tantivy, in 400 on Whoosh.
- A phrase over several names of which some are cut in parts and others not, or in some of their parts, is
  found by Whoosh alone where more than one is otherwise than the words beside it, or further apart than three
  words: Tantivy holds a text whole, all in parts, and each name in its other form between three whole words.
- Of entries that match alike and have one time, those that were written first are kept by Tantivy where not
  all are shown, and those whose ids come first by Whoosh.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.library.file_reader import read_record
from index.model.entry import Entry
from index.search.engine import FACETS, SearchEngine
from index.search.language.query import parse
from index.storage.scan import scan
from tests.support.entries import KINDS

NOW = datetime(2025, 11, 20, tzinfo=UTC)
QUERIES = (
    "", "pool", "pool exh", "exhausted", "indexi", "cachi", "paginate", "the", "re", '"connection pool"',
    '"idle in transaction"', '"read repl', "conn*", "pool -redis", "retry OR jitter", "-pool",
    "kind:solution", "kind:api-pattern cursor", "tag:postgresql", "project:shop-api level:>=3",
    "level:2..3", "level:<2", "after:2025-10", "on:2025-11", "before:2025-10-05", "file:lessons",
    "id:DEBUG-005", "id:debug", "status:accepted", "agent:billing", "is:session", "is:malformed",
    "is:template", "-is:template", "tech:node*", "connectionTimeoutMillis", "timeouts", "node.js",
    "utf-8", "3.11.2", "C++", "=>", "$HOME", "path/to/file.py", "(pool OR queue) -kind:decision",
    "kind:pat", 'kind:"pattern"', "project:none", "連接池",
)  # fmt: skip


@cache
def sample() -> list[Entry]:
    return [entry for file in scan(sample_tree().resolve())[0] for entry in read_record(file).entries]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SearchEngine]]:
    engines = [kind.create(tmp_path_factory.mktemp(kind.name)) for kind in KINDS]
    for engine in engines:
        engine.update([], sample())
    yield list(engines)
    for engine in engines:
        engine.close()


def assert_alike(engines: list[SearchEngine], text: str, limit: int) -> None:
    """Check the best, the scores, all that match and their counts."""
    query = parse(text, now=NOW)
    first, other = (engine.search(query, limit=limit) for engine in engines)
    assert other.ids == first.ids, text
    assert other.scores == pytest.approx(first.scores, abs=0.0001), text
    assert other.total == first.total, text
    matched = [sorted(engine.matched(query)) for engine in engines]
    assert matched[0] == matched[1], text
    counts = [engine.facets(query, FACETS) for engine in engines]
    assert counts[0] == counts[1], text


@pytest.mark.parametrize("text", QUERIES)
def test_the_same_hits_in_the_same_order(both: list[SearchEngine], text: str) -> None:
    for limit in (999, 3):
        assert_alike(both, text, limit)


WORDS = sorted({word for entry in sample() for word in entry.title.split()})


@settings(max_examples=150)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    cut=st.integers(0, 6),
    rest=st.sampled_from(("", " kind:solution", " -pool", " level:>=3", " OR queue")),
)
def test_words_of_the_tree_as_they_are_typed(
    both: list[SearchEngine], words: list[str], cut: int, rest: str
) -> None:
    text = " ".join(words)
    assert_alike(both, (text[: len(text) - cut] if cut < len(text) else text) + rest, 20)


@pytest.mark.parametrize("number", range(0, 120, 12))
def test_the_same_similar_entries(both: list[SearchEngine], number: int) -> None:
    first, other = (engine.similar(sample()[number], 5) for engine in both)
    assert (other.ids, other.total) == (first.ids, first.total)
