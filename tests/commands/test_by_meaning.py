"""`memarium search --meaning`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.search.meaning import related
from tests.support.commands import call


@pytest.mark.parametrize("words", [("--meaning", "the pool was used up"), ("~ the pool was used up",)])
def test_what_is_related_comes_below_what_has_the_words(tree: Path, words: tuple[str, ...]) -> None:
    done = call(tree, "search", *words, status=0)
    assert "One é" in done.stdout
    assert "Related by meaning:" in done.stderr


def test_what_is_related_as_json(tree: Path) -> None:
    found = json.loads(call(tree, "search", "--json", "--meaning", "pool exhausted", status=0).stdout)
    assert [hit["title"] for hit in found["hits"]] == ["One é"]
    assert "One é" not in [hit["title"] for hit in found["related"]]
    found = json.loads(call(tree, "search", "--json", "~ the pool was used up", status=0).stdout)
    assert found["hits"] == []
    assert [hit["title"] for hit in found["related"]] == ["One é"]
    assert 0.25 <= found["related"][0]["score"] <= 1
    assert "related" not in json.loads(call(tree, "search", "--json", "pool", status=0).stdout)


def test_nothing_related_is_nothing_found(tree: Path) -> None:
    call(tree, "search", "--meaning", "zebra crossing kind:decision", status=1)


def test_without_the_extra_the_words_are_searched_for(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(related, "find_spec", lambda name: None)
    done = call(tree, "search", "--meaning", "pool", status=0)
    assert "One é" in done.stdout
    assert done.stderr.splitlines() == [related.LACKING]
    call(tree, "search", "--meaning", "the pool was used up", status=1)
