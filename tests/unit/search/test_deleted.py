"""Deleted entries are found as the others are, from an index in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.history.history_streams import Shared
from index.library.file_reader import read_record
from index.model.entry import Deleted
from index.search.engine import SearchEngine
from index.search.engines.evaluate import evaluate
from index.search.engines.memory_index import DeletedSearch, MemoryIndex
from index.search.language.query import parse
from index.storage.scan import scan
from tests.support.entries import KINDS

ENTRIES = [entry for file in scan(sample_tree().resolve())[0] for entry in read_record(file).entries]
WHEN = datetime(2025, 11, 20, tzinfo=UTC)
GONE = [Deleted(entry, "a" * 40, WHEN, "Ana", "drop it", entry.file, "b" * 40) for entry in ENTRIES]
QUERIES = [
    "pool", "pool exh", "exhaustoin~", '"connection pool"', "conn*", "pool -redis", "retry OR jitter",
    "kind:solution", "kind:api-pattern cursor", "tag:postgresql", "project:shop-api level:>=3", "level:2..3",
    "after:2025-10", "on:2025-11", "file:lessons", "id:DEBUG-005", "status:accepted", "agent:billing",
    "is:session", "is:malformed", "tech:node*", "connectionTimeoutMillis", "timeouts",
    "(pool OR queue) -kind:decision",
]  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    made: SearchEngine = request.param.create(tmp_path_factory.mktemp("index"))
    made.update([], ENTRIES)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole() -> MemoryIndex:
    """Return an index in memory with all entries."""
    made = MemoryIndex("deleted")
    for entry in ENTRIES:
        made.add(entry)
    return made


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_in_memory_answers_as_the_one_on_disk(
    engine: SearchEngine, whole: MemoryIndex, text: str
) -> None:
    query = parse(text, now=WHEN)
    assert query.node is not None
    mine = {whole.ids[at]: score for at, score in evaluate(query.node, whole, {}).items()}
    theirs = engine.search(query, limit=999)
    templates = {entry.id for entry in ENTRIES if entry.template}
    mine = {key: score for key, score in mine.items() if key not in templates}
    assert set(mine) == set(engine.matched(query))
    for key, score in zip(theirs.ids, theirs.scores, strict=True):
        assert mine[key] == pytest.approx(score, rel=0.2)


def test_only_is_deleted_looks_at_them() -> None:
    assert parse("is:deleted pool").asks_deleted
    assert not parse("pool").asks_deleted
    assert not parse("is:del").asks_deleted
    found = DeletedSearch().find(parse("is:deleted pool"), GONE)
    assert found
    assert [one for one, _ in found] == [one for one, _ in DeletedSearch().find(parse("pool"), GONE)]


def test_more_of_them_are_taken_in_and_others_put_in_their_place() -> None:
    search, query = DeletedSearch(), parse("is:deleted")
    assert [one for one, _ in search.find(query, GONE[:3])] == GONE[:3]
    assert [one for one, _ in search.find(query, GONE)] == GONE
    assert [one for one, _ in search.find(query, GONE[5:7])] == GONE[5:7]


@given(st.lists(st.integers()), st.lists(st.sampled_from([0, 1]), max_size=20))
def test_a_shared_stream_is_read_once_by_all(items: list[int], turns: list[int]) -> None:
    read: list[int] = []

    def source() -> Generator[int, None, None]:
        for item in items:
            read.append(item)
            yield item

    shared = Shared(source())
    readers = [iter(shared), iter(shared)]
    seen: list[list[int]] = [[], []]
    for turn in turns:
        seen[turn].extend([item for item in [next(readers[turn], None)] if item is not None])
    assert seen == [items[: len(one)] for one in seen]
    assert [list(shared), list(shared)] == [items, items]
    assert read == items
    assert shared.so_far() == (tuple(items), True)


def test_an_error_in_a_shared_stream_is_told_to_every_reader() -> None:
    def source() -> Generator[int, None, None]:
        yield 1
        raise ValueError("no more")

    shared = Shared(source())
    for _ in range(2):
        with pytest.raises(ValueError, match="no more"):
            list(shared)
    assert shared.so_far() == ((1,), True)
