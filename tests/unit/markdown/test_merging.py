"""Three versions of a Markdown file, merged by entry and field."""

from __future__ import annotations

import pytest

from index.formats.base import Choices, Merged, Sides
from index.formats.markdown.markdown_format import MarkdownFormat
from tests.support.markdown import CLAUDE, DECISIONS, LEARNINGS

PATH = ".learnings/LEARNINGS.md"
ENTRY = "\n## [LRN-20260503-003] insight\n\n**Status**: pending\n\n### Summary\nNew\n\n---\n"
FIRST = f"{PATH}#LRN-20260501-001"


def merge(base: str, ours: str, theirs: str, choices: Choices | None = None) -> Merged:
    sides = Sides(base.encode(), ours.encode(), theirs.encode())
    return MarkdownFormat().merge(sides, PATH, choices)


def text(merged: Merged) -> str:
    assert merged.data is not None, merged.conflicts
    return merged.data.decode()


def test_two_fields_of_one_entry() -> None:
    ours = LEARNINGS.replace("**Status**: pending", "**Status**: resolved")
    theirs = LEARNINGS.replace("The pool is per worker, not per host", "The pool is per process")
    wanted = ours.replace("The pool is per worker, not per host", "The pool is per process")
    assert text(merge(LEARNINGS, ours, theirs)) == wanted


def test_one_field_changed_in_two_ways_asks_and_takes_what_is_chosen() -> None:
    ours = LEARNINGS.replace("**Status**: pending", "**Status**: resolved")
    theirs = LEARNINGS.replace("**Status**: pending", "**Status**: promoted")
    asked = merge(LEARNINGS, ours, theirs)
    assert asked.data is None
    [conflict] = asked.conflicts
    assert (conflict.entry, conflict.field) == (FIRST, "Status")
    assert (conflict.base, conflict.ours, conflict.theirs) == ("pending", "resolved", "promoted")
    for choice, wanted in (("ours", ours), ("theirs", theirs), ("base", LEARNINGS)):
        assert text(merge(LEARNINGS, ours, theirs, {(FIRST, "Status"): choice})) == wanted
    written = merge(LEARNINGS, ours, theirs, {(FIRST, "Status"): "both"})
    assert "**Status**: both" in text(written)


def test_entries_that_both_sides_add_stay() -> None:
    ours = LEARNINGS.rstrip("\n") + "\n" + ENTRY
    theirs = LEARNINGS.rstrip("\n") + "\n" + ENTRY.replace("003", "004").replace("New", "Newer")
    merged = text(merge(LEARNINGS, ours, theirs))
    assert [merged.count(f"-{number}]") for number in ("001", "002", "003", "004")] == [1, 1, 1, 1]


def test_a_delete_meets_an_edit_and_asks() -> None:
    begin, end = LEARNINGS.index("## [LRN-20260501"), LEARNINGS.index("## [LRN-20260502")
    ours = LEARNINGS[:begin] + LEARNINGS[end:]
    theirs = LEARNINGS.replace("**Status**: pending", "**Status**: promoted")
    [conflict] = merge(LEARNINGS, ours, theirs).conflicts
    assert (conflict.entry, conflict.field, conflict.ours) == (FIRST, "", None)
    assert "promoted" in text(merge(LEARNINGS, ours, theirs, {(FIRST, ""): "theirs"}))
    assert text(merge(LEARNINGS, ours, theirs, {(FIRST, ""): "ours"})) == ours
    [other] = merge(LEARNINGS, theirs, ours).conflicts
    assert other.theirs is None


def test_a_delete_of_what_nobody_touched_is_taken() -> None:
    begin, end = LEARNINGS.index("## [LRN-20260501"), LEARNINGS.index("## [LRN-20260502")
    without = LEARNINGS[:begin] + LEARNINGS[end:]
    changed = LEARNINGS.replace("**Status**: resolved", "**Status**: promoted")
    for ours, theirs in ((without, changed), (changed, without)):
        merged = text(merge(LEARNINGS, ours, theirs))
        assert "LRN-20260501-001" not in merged
        assert "promoted" in merged


def test_front_matter_and_body_of_one_memory() -> None:
    ours = CLAUDE.replace("  type: feedback", "  type: user")
    theirs = CLAUDE.replace("- then the fault", "- then the fault\n- and the mend")
    merged = text(merge(CLAUDE, ours, theirs))
    assert "  type: user" in merged
    assert "- and the mend" in merged


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_side_alone_changed_is_taken_byte_for_byte(side: int) -> None:
    changed = LEARNINGS.replace("# Learnings", "# What we learned") + "\ntrailing text"
    ours, theirs = (changed, LEARNINGS) if side else (LEARNINGS, changed)
    assert text(merge(LEARNINGS, ours, theirs)) == changed


def test_an_entry_that_one_side_named_anew_keeps_what_the_other_edited() -> None:
    theirs = DECISIONS.replace("Partition orders by month", "Partition orders by week")
    ours = DECISIONS.replace("The table grew by 40 GB", "The table grew by 60 GB")
    wanted = ours.replace("by month", "by week")
    assert text(merge(DECISIONS, ours, theirs)) == wanted
    assert text(merge(DECISIONS, theirs, ours)) == wanted


def test_an_edit_follows_an_entry_whose_number_changed() -> None:
    new = ENTRY.replace("003", "001").replace("\n## ", "## ") + "\n"
    theirs = LEARNINGS.replace("0502-002", "0503-003").replace("0501-001", "0502-002")
    theirs = theirs.replace("## [LRN-20260502-002]", new + "## [LRN-20260502-002]")
    ours = LEARNINGS.replace("**Status**: pending", "**Status**: promoted")
    wanted = theirs.replace("high\n**Status**: pending", "high\n**Status**: promoted")
    assert text(merge(LEARNINGS, ours, theirs)) == wanted
    assert text(merge(LEARNINGS, theirs, ours)) == wanted


def test_entries_that_one_side_put_in_another_order_stay_so() -> None:
    begin, end = LEARNINGS.index("## [LRN-20260501"), LEARNINGS.index("## [LRN-20260502")
    theirs = (
        LEARNINGS[:begin] + LEARNINGS[end:].rstrip("\n") + "\n\n" + LEARNINGS[begin:end].rstrip("\n") + "\n"
    )
    ours = LEARNINGS.replace("**Status**: pending", "**Status**: promoted")
    wanted = theirs.replace("**Status**: pending", "**Status**: promoted")
    assert text(merge(LEARNINGS, ours, theirs)) == wanted
    assert text(merge(LEARNINGS, theirs, ours)) == wanted


@pytest.mark.parametrize(
    ("choice", "there"),
    [("base", "**Status**: pending"), ("## [LRN-20260501-001] both\n\n### Summary\nMine", "both")],
)
def test_an_entry_that_we_deleted_comes_back_as_is_chosen(choice: str, there: str) -> None:
    begin, end = LEARNINGS.index("## [LRN-20260501"), LEARNINGS.index("## [LRN-20260502")
    ours = LEARNINGS[:begin] + LEARNINGS[end:]
    theirs = LEARNINGS.replace("**Status**: pending", "**Status**: promoted")
    merged = text(merge(LEARNINGS, ours, theirs, {(FIRST, ""): choice}))
    assert there in merged
    assert "promoted" not in merged
    assert merged.index("0501-001") < merged.index("0502-002")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("front", "meta"),
    [
        ("name: pool\n", "metadata:\n  node_type: memory\n  type: project\n"),
        ("name: pool\n", "limits:\n  reader: Claude\n"),
        ("name: pool\nmetadata:\n  type: user\n", "metadata:\n  type: user\n  node_type: memory\n"),
    ],
)
def test_keys_below_a_key_that_one_side_gave_stay_below_it(newline: str, front: str, meta: str) -> None:
    body = "\nKeep it small.\n\nAnd warm.\n"
    texts = (
        f"---\n{front}---\n{body}",
        f"---\n{front}---\n{body.replace('warm', 'cold')}",
        f"---\nname: pool\n{meta}---\n{body}",
    )
    sides = Sides(*(text.replace("\n", newline).encode() for text in texts))
    for one in (sides, Sides(sides.base, sides.theirs, sides.ours)):
        merged = MarkdownFormat().merge(one, ".claude/memory/pool.md")
        wanted = f"---\nname: pool\n{meta}---\n{body.replace('warm', 'cold')}"
        assert merged.data == wanted.replace("\n", newline).encode()


FRONT = "---\nname: pool\ntype: note\n---\n\n# Pool\n\nIt is small.\n\n**Why:** It is slow.\n"
POOL = "pool.md#pool"


def merge_pool(base: str, ours: str, theirs: str, choices: Choices | None = None) -> Merged:
    sides = Sides(base.encode(), ours.encode(), theirs.encode())
    return MarkdownFormat().merge(sides, "pool.md", choices)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_comment_in_a_front_matter_stays(swapped: bool) -> None:
    remark = FRONT.replace("type: note\n", "# kept by hand\ntype: note\n")
    other = FRONT.replace("small", "large").replace("name: pool\n", "name: pool\nlevel: high\n")
    sides = (other, remark) if swapped else (remark, other)
    merged = merge_pool(FRONT, *sides)
    assert merged.data is None or b"# kept by hand" in merged.data  # beside each other: both, or a question
    ours, theirs = (side.replace("level: high\n", "") for side in sides)
    apart = merge_pool(FRONT, ours, theirs)
    assert text(apart) == remark.replace("small", "large")


def test_before_both_sides_a_field_was_not_there() -> None:
    ours, theirs = (FRONT + f"\n**Status:** {word}\n" for word in ("open", "closed"))
    [conflict] = merge_pool(FRONT, ours, theirs).conflicts
    assert (conflict.entry, conflict.field, conflict.base) == (POOL, "Status", None)
    assert text(merge_pool(FRONT, ours, theirs, {(POOL, "Status"): "base"})).rstrip() == FRONT.rstrip()


LEAD = "# Log\n\nIt is about pools.\n\n## Pool\n\nSmall.\n\n## Clock\n\nLate.\n"


@pytest.mark.parametrize(
    ("base", "gone", "path"),
    [(FRONT, "", "pool.md"), (LEAD, LEAD.partition("\n\n")[2].partition("\n\n")[2], "AGENTS.md")],
)
def test_what_one_side_took_out_whole_goes_where_that_is_chosen(base: str, gone: str, path: str) -> None:
    ours = base.replace("It is", "It was")
    sides = Sides(base.encode(), ours.encode(), gone.encode())
    merged = MarkdownFormat().merge(sides, path)
    assert merged.conflicts
    for choice, wanted in (("ours", ours), ("theirs", gone)):
        settled = MarkdownFormat().merge(sides, path, {one[:2]: choice for one in merged.conflicts})
        assert text(settled) == wanted


def test_sections_that_both_sides_begin_do_not_double_what_follows() -> None:
    one = FRONT.replace("**Why:**", "## First\n\n**Why:**") + "\n**How:** slowly\n"
    base = FRONT + "\n**How:** slowly\n"
    other = base.replace("**How:**", "## Second\n**How:**")
    for sides in ((one, other), (other, one)):
        merged = merge_pool(base, *sides)
        assert merged.data is None or merged.data.count(b"slowly") == 1


@pytest.mark.parametrize("number", [0, 1])
def test_what_both_sides_add_at_different_places_is_in_one_order(number: int) -> None:
    base = (FRONT.replace("It is slow.", "It is slow.\n\nMore text.\n\n**How:** slowly"), LEARNINGS)[number]
    ours = base.replace("It is small.\n", "It is small.\n\n**Status:** open\n").replace(
        "## [LRN-20260501", ENTRY.strip("\n") + "\n\n## [LRN-20260501"
    )
    theirs = base + "\n**Level:** high\n"
    assert ours != base
    merged = [merge_pool(base, *sides).data for sides in ((ours, theirs), (theirs, ours))]
    assert merged[0] == merged[1] != None  # noqa: E711


NEW = "\n## [LRN-2026-%s] new\n\n### Summary\nNew\n"


@pytest.mark.parametrize("swapped", [False, True])
def test_a_heading_that_one_side_adds_is_not_overwritten_by_that_of_the_other(swapped: bool) -> None:
    base = FRONT.replace("# Pool\n\n", "").replace(
        "It is small", "It is small " + "and kept warm by hand " * 20
    )
    ours, theirs = (
        base.replace("\n\n**Why", f"\n{NEW % 163}\n**Why"),
        base.replace("\n\nIt", f"\n{NEW % 250}\nIt"),
    )
    merged = merge_pool(base, *((theirs, ours) if swapped else (ours, theirs)))
    assert merged.data is None or all(number in merged.data for number in (b"163", b"250"))


@pytest.mark.parametrize("line", ["<custom-tag>", "# kept by hand", "metadata:"])
def test_a_line_of_a_front_matter_is_not_lost_where_the_other_side_breaks_its_end(line: str) -> None:
    base = FRONT.replace("# Pool\n\n", "")
    ours = base.replace("---\n\n", "--- alpha\n\n").replace("type: note", "type: note beta")
    theirs = base.replace("---\nname", f"---\n{line}\nname").replace("slow", "late")
    for sides in ((ours, theirs), (theirs, ours)):
        merged = merge_pool(base, *sides)
        assert merged.data is None or line.encode() in merged.data


def test_a_file_that_is_chosen_whole_is_not_asked_for_by_field() -> None:
    ours, theirs = (FRONT.replace("small", word) for word in ("large", "wide"))
    assert [one[:2] for one in merge_pool(FRONT, ours, theirs).conflicts] == [(POOL, "text")]
    assert text(merge_pool(FRONT, ours, theirs, {("pool.md", ""): "theirs"})) == theirs


@pytest.mark.parametrize("end", ["\n", "\n\n"])
def test_an_entry_that_comes_back_is_one_blank_line_below_the_one_before(end: str) -> None:
    """A person who takes out the last entry may leave the blank line above it."""
    base = "# A\n\n## One\n\nText.\n\n## Two\n\nWords.\n"
    ours, theirs = f"# A\n\n## One\n\nText.{end}", base.replace("Words", "More words")
    [conflict] = merge(base, ours, theirs).conflicts
    assert text(merge(base, ours, theirs, {conflict[:2]: "theirs"})) == theirs
