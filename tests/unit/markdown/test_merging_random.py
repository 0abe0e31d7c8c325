"""Random edits of both sides of a Markdown file: a merge is done, asked for, or refused in words."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress

import pytest

from index.formats.base import MergeConflict, Sides
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.errors import EditRefused
from tests.support.markdown import FILES, PIECES


def edited(chance: random.Random, text: str) -> str:
    """Return a text with some lines and entries changed, gone, moved and added."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        heads = [place for place, line in enumerate(lines) if line.startswith("## ")]
        match chance.randrange(6):
            case 0 | 1:
                lines[at] += chance.choice((" alpha", " beta", " gamma"))
            case 2 | 3 if heads:
                begin = chance.choice(heads)
                end = next((place for place in heads if place > begin), len(lines))
                moved = lines[begin:end] if chance.random() < 0.5 else [""]
                lines = lines[:begin] + lines[end:] + moved
            case 4:
                lines[at:at] = [f"## [LRN-2026-{chance.randint(100, 999)}] new", "", "### Summary", "New", ""]
            case _:
                lines.insert(at, chance.choice(PIECES))
    return "\n".join(lines)


def chosen(chance: random.Random, conflict: MergeConflict) -> tuple[tuple[str, str], str]:
    return conflict[:2], chance.choice(("ours", "theirs", "base", "typed text"))


def made(seed: int) -> tuple[str, Sides]:
    """Return a file with random edits of both sides."""
    chance = random.Random(seed)
    path, base = chance.choice(list(FILES.items()))
    return path, Sides(*(text.encode() for text in (base, edited(chance, base), edited(chance, base))))


@pytest.mark.parametrize("seed", range(4))
def test_one_side_for_all_that_is_asked_ends_it(seed: int) -> None:
    """What is chosen by field is never asked for once more, as a whole file."""
    merges = MarkdownFormat()
    for number in range(25):
        path, sides = made(1_000 * seed + number)
        conflicts = merges.merge(sides, path).conflicts
        for choice in sides._fields if conflicts else ():
            merged = merges.merge(sides, path, {conflict[:2]: choice for conflict in conflicts})
            assert not merged.conflicts


@pytest.mark.parametrize("seed", range(4))
def test_both_sides_merge_alike(seed: int) -> None:
    """They are asked about the same fields, or get the same lines: in their own order, with rules between."""
    merges = MarkdownFormat()
    for number in range(25):
        path, sides = made(1_000 * seed + number)
        here, there = (
            merges.merge(one, path) for one in (sides, Sides(sides.base, sides.theirs, sides.ours))
        )
        assert [one.field for one in here.conflicts] == [one.field for one in there.conflicts]
        lines = [Counter((merged.data or b"").split(b"\n")) for merged in (here, there)]
        assert {*(lines[0] - lines[1]), *(lines[1] - lines[0])} <= {b"", b"---"}


@pytest.mark.parametrize("seed", range(8))
def test_a_merge_is_done_asked_for_or_refused(seed: int) -> None:
    merges, outcomes = MarkdownFormat(), set[str]()
    for number in range(25):
        chance = random.Random(number)
        path, sides = made(1_000 * seed + number)
        merged = merges.merge(sides, path)
        assert (merged.data is None) == bool(merged.conflicts)
        outcomes.add("asked" if merged.conflicts else "done")
        if not merged.conflicts:
            continue
        choices = dict(chosen(chance, conflict) for conflict in merged.conflicts)
        with suppress(EditRefused):  # for a text that was typed
            outcomes.add("settled" if merges.merge(sides, path, choices).data is not None else "asked")
    assert outcomes == {"asked", "done", "settled"}
