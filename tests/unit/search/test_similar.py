"""`similar:ID`, and the entries like one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.entries import entry

OUTBOX = "development-patterns/debugging-solutions.xml#DEBUG-010"


@pytest.fixture(scope="module")
def sample(homes: Path) -> Iterator[Workspace]:
    """Yield the sample tree, indexed."""
    workspace = Workspace.open(sample_tree())
    workspace.search.update()
    yield workspace
    workspace.close()


def found(workspace: Workspace, text: str, limit: int = 50) -> list[str]:
    return [hit.id for hit in workspace.search.find(text, limit, wait=False)]


def test_the_nearest_come_first_and_the_entry_itself_never(sample: Workspace) -> None:
    hits = sample.search.similar(sample.tree.entry(OUTBOX))
    assert "outbox" in hits[0].entry.tags
    assert OUTBOX not in [hit.id for hit in hits]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert found(sample, f"similar:{OUTBOX}") == [hit.id for hit in hits]
    assert found(sample, f"similar:{OUTBOX}", 2) == [hit.id for hit in hits[:2]]


@pytest.mark.parametrize("spelled", [f'"{OUTBOX}"', "DEBUG-010", "debug-010", OUTBOX.upper()])
def test_an_id_is_enough_in_any_case(sample: Workspace, spelled: str) -> None:
    assert found(sample, f"similar:{spelled}") == found(sample, f"similar:{OUTBOX}")


def test_it_narrows_like_any_other_filter(sample: Workspace) -> None:
    alike = found(sample, "similar:DEBUG-010")
    decisions = found(sample, "similar:DEBUG-010 kind:decision")
    assert decisions
    assert decisions == [one for one in alike if sample.tree.entry(one).group in ("decision", "pending")]
    assert set(found(sample, "similar:DEBUG-010 relay")) < set(alike)
    assert not set(found(sample, "-similar:DEBUG-010")) & set(alike)
    facets = sample.search.facets(parse("similar:DEBUG-010"))
    assert sum(dict(facets.groups).values()) == len(alike)


def test_several_widen_it(sample: Workspace) -> None:
    both = found(sample, "similar:DEBUG-010 similar:DEBUG-014")
    assert set(both) == {*found(sample, "similar:DEBUG-010"), *found(sample, "similar:DEBUG-014")}


def test_an_id_of_no_entry_is_told(sample: Workspace) -> None:
    results = sample.search.find("similar:DEBUG-999", wait=False)
    assert results.total == 0
    assert results.hint == "similar: no entry has the id DEBUG-999"


@pytest.mark.parametrize("text", ["similar:", "similar:new", "similar:*", 'similar:""'])
def test_an_unfinished_one_breaks_nothing(sample: Workspace, text: str) -> None:
    assert parse(text).chosen("similar") in {(), ("new",), ("*",)}
    sample.search.find(text, wait=False)


def test_an_entry_that_is_in_no_tree_yet_has_similar_ones(sample: Workspace) -> None:
    new = entry("Relay publishes an event twice", problem="The outbox relay published one event twice.")
    assert sample.search.similar(new, 3)[0].id == OUTBOX
    assert sample.search.similar(entry("", notes="")) == []
