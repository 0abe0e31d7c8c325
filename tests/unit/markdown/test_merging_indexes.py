"""Three versions of an index, merged by item: each is known by the file that it leads to."""

from __future__ import annotations

import random

import pytest

from index.formats.base import Choices, EditRefused, Merged, Sides
from index.formats.markdown.markdown_format import MarkdownFormat

PATH = ".claude/memory/MEMORY.md"
ENTRY = f"{PATH}#MEMORY"
SHAPE = "- [Review shape](feedback_shape.md) — comments live in a skill\n"
RETRY = "- [Retry budget](project_retry.md) — three tries\n"
CLOCK = "- [Clock](project_clock.md) — frozen in tests\n"
OURS, THEIRS = "- [Ours](ours.md) — new here\n", "- [Theirs](theirs.md) — new there\n"
INDEX = f"# Memory\n\n## Feedback\n\n{SHAPE}{RETRY}{CLOCK}\n## Reference\n\n- [Board](reference_board.md)\n"
RETRIED, SHAPED = RETRY.replace("three", "four"), SHAPE.replace("comments", "remarks")


def merge(ours: str, theirs: str, choices: Choices | None = None, base: str | None = INDEX) -> Merged:
    sides = Sides(base if base is None else base.encode(), ours.encode(), theirs.encode())
    return MarkdownFormat().merge(sides, PATH, choices)


def text(merged: Merged) -> str:
    assert merged.data is not None, merged.conflicts
    return merged.data.decode()


def test_items_that_both_sides_add_at_one_place_follow_each_other() -> None:
    for at in (SHAPE, RETRY, CLOCK):
        ours, theirs = (INDEX.replace(at, at + new) for new in (OURS, THEIRS))
        assert text(merge(ours, theirs)) == INDEX.replace(at, at + OURS + THEIRS)


def test_an_index_that_both_sides_began_is_merged_by_item() -> None:
    ours, theirs = f"# Memory\n\n{OURS}{SHAPE}", f"# Memory\n\n{THEIRS}{SHAPE}"
    assert text(merge(ours, theirs, base=None)) == f"# Memory\n\n{OURS}{THEIRS}{SHAPE}"
    [asked] = merge(ours, theirs.replace(SHAPE, SHAPED), base=None).conflicts
    assert asked[:5] == (ENTRY, "Review shape", None, SHAPE.strip(), SHAPED.strip())
    [asked] = merge(ours, "# Memory\n\nNone yet.\n", base=None).conflicts
    assert asked[:2] == (PATH, "")


def test_neighbours_that_each_side_changed_are_taken_from_it() -> None:
    ours, theirs = INDEX.replace(RETRY, RETRIED), INDEX.replace(SHAPE, SHAPED)
    wanted = ours.replace(SHAPE, SHAPED)
    assert text(merge(ours, theirs)) == text(merge(theirs, ours)) == wanted


def test_an_item_that_goes_beside_one_that_changes_is_gone() -> None:
    ours, theirs = INDEX.replace(RETRY, ""), INDEX.replace(SHAPE, SHAPED).replace(CLOCK, CLOCK + THEIRS)
    wanted = theirs.replace(RETRY, "")
    assert text(merge(ours, theirs)) == text(merge(theirs, ours)) == wanted


def test_an_item_that_moves_takes_the_change_of_the_other_side_along() -> None:
    ours, theirs = INDEX.replace(CLOCK, "") + CLOCK, INDEX.replace("frozen", "still")
    wanted = ours.replace("frozen", "still")
    assert text(merge(ours, theirs)) == text(merge(theirs, ours)) == wanted


def test_an_item_that_both_sides_changed_is_asked_about_by_its_name() -> None:
    ours = INDEX.replace(RETRY, RETRIED).replace(SHAPE, SHAPE + OURS)
    theirs = INDEX.replace(RETRY, RETRY.replace("three", "five")).replace(SHAPE, SHAPED + THEIRS)
    [asked] = merge(ours, theirs).conflicts
    assert asked[:2] == (ENTRY, "Retry budget")
    assert asked[2:5] == tuple(
        f"- [Retry budget](project_retry.md) — {word} tries" for word in ("three", "four", "five")
    )
    for choice, word in (("ours", "four"), ("theirs", "five"), ("base", "three")):
        wanted = INDEX.replace("three", word).replace(SHAPE, SHAPED + OURS + THEIRS)
        assert text(merge(ours, theirs, {asked[:2]: choice})) == wanted
    own = "- [Retry budget](project_retry.md) — nine tries"
    assert own in text(merge(ours, theirs, {asked[:2]: own}))
    with pytest.raises(EditRefused, match="an item"):
        merge(ours, theirs, {asked[:2]: "nine"})


@pytest.mark.parametrize(("choice", "there"), [("ours", ""), ("theirs", RETRIED), ("base", RETRY)])
def test_an_item_that_one_side_took_out_and_the_other_changed_is_asked_about(choice: str, there: str) -> None:
    ours, theirs = INDEX.replace(RETRY, OURS), INDEX.replace(RETRY, RETRIED)
    [asked] = merge(ours, theirs).conflicts
    assert (asked.field, asked.ours) == ("Retry budget", None)
    assert text(merge(ours, theirs, {asked[:2]: choice})) == INDEX.replace(RETRY, OURS + there)


def test_what_both_sides_add_alike_is_there_once() -> None:
    ours, theirs = INDEX.replace(SHAPE, SHAPE + OURS), INDEX.replace(CLOCK, CLOCK + OURS + THEIRS)
    assert text(merge(ours, theirs)) == ours.replace(CLOCK, CLOCK + THEIRS)
    [asked] = merge(ours, theirs.replace("new here", "elsewhere")).conflicts
    assert asked.field == "Ours"


def test_sections_that_both_sides_add_stay_apart() -> None:
    ours, theirs = INDEX + f"\n## One\n\n{OURS}", INDEX + f"\n## Two\n\n{THEIRS}"
    assert text(merge(ours, theirs)) == ours + f"\n## Two\n\n{THEIRS}"
    theirs = INDEX + f"\n## One\n\n{THEIRS}"
    assert text(merge(ours, theirs)) == ours + THEIRS


def test_items_without_a_link_go_by_their_text() -> None:
    base = INDEX + "- The board is read only\n"
    ours, theirs = base + "- Ask first\n", base + "- Ask last\n"
    assert text(merge(ours, theirs, base=base)) == ours + "- Ask last\n"
    ours, theirs = (base.replace("read only", word) for word in ("closed", "open"))
    assert merge(ours, theirs, base=base).conflicts


def test_lines_below_an_item_belong_to_it() -> None:
    base = INDEX.replace(RETRY, RETRY + "  then the queue\n")
    ours, theirs = base.replace("the queue", "a pause"), base.replace(CLOCK, CLOCK + THEIRS)
    theirs = theirs.replace(SHAPE, SHAPED)
    assert text(merge(ours, theirs, base=base)) == theirs.replace("the queue", "a pause")


@pytest.mark.parametrize("words", [("Kept by Ana.", "Kept by Bo."), ("", "Kept by Bo.")])
def test_prose_that_both_sides_changed_is_asked_about(words: tuple[str, str]) -> None:
    base = INDEX.replace("# Memory\n", "# Memory\n\nKept by all.\n")
    ours, theirs = (base.replace("Kept by all.", word) for word in words)
    assert merge(ours, theirs, base=base).conflicts


def test_an_item_that_both_sides_led_to_two_files_is_not_doubled() -> None:
    ours, theirs = (INDEX.replace("project_retry.md", name) for name in ("retry.md", "retries.md"))
    assert merge(ours, theirs).conflicts


def random_side(chance: random.Random, base: list[str], who: str) -> list[str]:
    """Return the items of an index with some changed, gone, moved and added."""
    items = list(base)
    for number in range(chance.randint(1, 5)):
        at = chance.randrange(len(items))
        match chance.randrange(4):
            case 0:
                items[at] = items[at].partition(" — ")[0] + f" — {who} {number}"
            case 1 if len(items) > 3:
                del items[at]
            case 2:
                items.insert(chance.randrange(len(items)), items.pop(at))
            case _:
                items.insert(at, f"- [New {who} {number}]({who}{number}.md) — new")
    return items


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_what_both_sides_changed_is_asked_about(newline: str) -> None:
    outcomes = set()
    for seed in range(300):
        chance = random.Random(seed)
        base = [f"- [File {number}](file{number}.md) — as it was" for number in range(8)]
        lists = (base, random_side(chance, base, "ours"), random_side(chance, base, "theirs"))
        old, mine, other = ({line.partition(" — ")[0]: line for line in items} for items in lists)
        wanted = {
            name: here if there in (was, here) else there if here == was else ""
            for name in {**old, **mine, **other}
            for was, here, there in [(old.get(name), mine.get(name), other.get(name))]
        }
        texts = ["# Memory\n\n" + "\n".join(items) + "\n\n## Later\n" for items in lists]
        sides = Sides(*(one.replace("\n", newline).encode() for one in texts))
        for swapped in (sides, Sides(sides.base, sides.theirs, sides.ours)):
            merged = MarkdownFormat().merge(swapped, PATH)
            if merged.data is not None:
                found = [line for line in merged.data.decode().split(newline) if line.startswith("- ")]
                assert sorted(found) == sorted(filter(None, wanted.values()))
            else:
                asked = {f"- [{one.field}](" for one in merged.conflicts}
                assert asked == {name.rpartition("(")[0] + "(" for name, line in wanted.items() if line == ""}
            outcomes.add(merged.data is None)
    assert outcomes == {True, False}
