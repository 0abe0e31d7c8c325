"""What both sides seem to have deleted may have become something else: without ids that is asked."""

from __future__ import annotations

import pytest

from index.model.text.text_merge import merge_lines
from tests.support.random_lists import Item, broken, merged, with_ids, without_ids

TEXTS = {
    "a": "pool exhausted under load",
    "b": "clock drifts in containers",
    "c": "token renewal races",
    "d": "shards rebalance at night",
    "A": "every queue keeps its own retry budget",
    "B": "48 % faster since Tuesday",
    "C": "Quux!",
    "D": "ask Ludmila first",
}


def items(names: str) -> list[Item]:
    """Return entries by their letters; a capital is its small letter written anew, with nothing in common."""
    return [Item(name.lower(), TEXTS[name]) for name in names]


DOUBTFUL = [
    ("abc", "aC", "ab"),  # c edited here and deleted there; or b edited here, and c deleted by both
    ("abc", "ab", "BC"),
    ("abc", "acB", "ac"),
    ("abcd", "dac", "Bcd"),
    ("abcd", "bc", "acD"),
]


@pytest.mark.parametrize(("base", "ours", "theirs"), DOUBTFUL)
@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
def test_entries_without_ids(base: str, ours: str, theirs: str, turned: bool) -> None:
    mine, others = (theirs, ours) if turned else (ours, theirs)
    sides = [without_ids(items(names)).encode() for names in (base, mine, others)]
    assert merged(sides).conflicts


@pytest.mark.parametrize(("base", "ours", "theirs"), DOUBTFUL)
def test_entries_with_ids_are_told_apart(base: str, ours: str, theirs: str) -> None:
    """A conflict names the entry that one side deleted and the other edited."""
    sides = [with_ids(items(names)).encode() for names in (base, ours, theirs)]
    asked = {one.entry for one in merged(sides).conflicts}
    edited = {name.lower() for name in ours + theirs if name.isupper()}
    gone = {name for name in base if name not in ours.lower() or name not in theirs.lower()}
    assert asked == {f"notes.xml#{name}" for name in edited & gone}


@pytest.mark.parametrize("field", ["id", "key", "uid"])
def test_parts_of_an_entry_with_ids_are_told_apart(field: str) -> None:
    """By every name that an id has: the third was edited there and is gone here, not the second."""
    lists = [with_ids(items(names)).replace("note", "option") for names in ("abc", "ab", "BC")]
    files = [f'<notes><note id="1"><text>a</text>{options}</note></notes>' for options in lists]
    [conflict] = merged([file.replace(" id=", f" {field}=").encode() for file in files]).conflicts
    assert conflict.ours is None
    assert conflict.theirs is not None
    assert f'{field}="c"' in conflict.theirs


@pytest.mark.parametrize(
    ("base", "ours", "theirs"), [("abc", "bAc", "bc"), ("abc", "ac", "acB"), ("abcd", "Adc", "dc")]
)
def test_lines(base: str, ours: str, theirs: str) -> None:
    sides = [broken(items(names)).encode() for names in (base, ours, theirs)]
    assert merged(sides).conflicts


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("a\nb\nc", "a\nc", "a\nc", "a\nc"),
        ("a\nb\nc\nd", "a\nX\nc\nd", "a\nX\nc\nd\ne", "a\nX\nc\nd\ne"),
        ("a\n\nb\nc", "a\nb\nc", "a\nb\nc\nd", "a\nb\nc\nd"),
        ("a\nb\nc\nd", "a\nc\nd\ne", "a\nb\nc\nd", "a\nc\nd\ne"),
    ],
    ids=["both dropped alone", "both replaced alike", "both dropped an empty line", "one dropped and added"],
)
def test_what_is_sure_is_merged(base: str, ours: str, theirs: str, merged: str) -> None:
    assert merge_lines(base, ours, theirs) == merged


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "left"),
    [
        ("abc", "ab", "ab", "ab"),
        ("abc", "aB", "abc", "aB"),
        ("abc", "ab", "abc", "ab"),
        ("abc", "Abc", "abC", "AbC"),
    ],
)
def test_entries_that_nobody_doubts(base: str, ours: str, theirs: str, left: str) -> None:
    sides = [without_ids(items(names)).encode() for names in (base, ours, theirs)]
    assert merged(sides).data == without_ids(items(left)).encode()
