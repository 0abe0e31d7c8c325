"""The words of an empty search: every filter that they name finds something in this tree."""

from __future__ import annotations

from index.model.entry import Entry
from index.model.facets import count_facets
from tui.data.query_examples import hint


def entry(number: int, kind: str = "memory", group: str = "other", tags: tuple[str, ...] = ()) -> Entry:
    return Entry(f"a.md#{number}", kind, group, "Title", "a.md", number, (), tags=tags)


def test_the_commonest_kind_and_tag_are_named() -> None:
    entries = [
        entry(1, "pattern", "pattern", ("retries", "two words")),
        entry(2, "solution", "solution", ("two words",)),
        entry(3, "solution", "solution"),
        *(entry(number) for number in range(4, 9)),
    ]
    facets = count_facets(entries)
    assert hint(facets, 120, 0) == 'search, or  kind:solution  tag:"two words"'
    assert hint(facets, 120, 1) == 'search, or  kind:solution  tag:"two words"  is:malformed'
    assert hint(facets, 57, 1) == 'search, or  kind:solution  tag:"two words"  is:malformed'
    assert hint(facets, 50, 1) == 'search, or  kind:solution  tag:"two words"'
    assert hint(facets, 26, 1) == "search, or  kind:solution"
    assert hint(facets, 20, 1) == "search"


def test_a_tree_without_tags_has_none_in_it() -> None:
    assert hint(count_facets([entry(1)]), 120, 0) == 'search, or  kind:"memory"'
    assert hint(None, 120, 0) == hint(count_facets([]), 120, 0) == "search"
