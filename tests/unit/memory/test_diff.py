"""What changed between two texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model.text.text_diff import DiffLine, diff_lines, stats

BEFORE = """<debugging-solution>
  <problem>Pool exhaustion</problem>
  <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>
  <prevention>Added connection pool monitoring and alerting</prevention>
</debugging-solution>

<debugging-solution>
  <problem>Another</problem>
</debugging-solution>
"""


def drawn(lines: list[DiffLine]) -> list[str]:
    """Draw a diff as text, with what changed in brackets."""
    return [line.sign + "".join(f"[{t}]" if lit else t for t, lit in line.parts) for line in lines]


def test_one_line_becomes_two() -> None:
    after = BEFORE.replace(
        "Added connection pool monitoring and alerting",
        "Alert when fewer than 10 % are idle\n    Load test with twice the peak",
    )
    lines = diff_lines(BEFORE, after)
    assert drawn(lines) == [
        " <debugging-solution>",
        "   <problem>Pool exhaustion</problem>",
        "   <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>",
        "-  <prevention>[Added connection pool monitoring and alerting]</prevention>",
        "+  <prevention>[Alert when fewer than 10 % are idle]",
        "+    [Load test with twice the peak]</prevention>",
        " </debugging-solution>",
        " ",
        " <debugging-solution>",
    ]
    assert [(line.old, line.new) for line in lines] == [
        (1, 1), (2, 2), (3, 3), (4, None), (None, 4), (None, 5), (5, 6), (6, 7), (7, 8),
    ]  # fmt: skip
    assert stats(lines) == (2, 1)


def test_only_the_words_that_changed_are_lit() -> None:
    lines = diff_lines("  <a>Size the pool per worker.</a>\n", "  <a>Size the cache per worker now.</a>\n")
    assert drawn(lines) == [
        "-  <a>Size the [pool] per worker.</a>",
        "+  <a>Size the [cache] per worker[ now].</a>",
    ]


def test_an_inserted_end_tag_is_lit_alone() -> None:
    lines = diff_lines("<r>Storage grows by 4 GB\n<s/>\n", "<r>Storage grows by 4 GB</r>\n<s/>\n")
    assert drawn(lines) == ["-<r>Storage grows by 4 GB", "+<r>Storage grows by 4 GB[</r>]", " <s/>"]


def test_a_sentence_written_anew_is_lit_as_one() -> None:
    """Words that two sentences share by chance do not break it into confetti."""
    lines = diff_lines("<a>the cache is warm for a day</a>", "<a>check out with a token for every tenant</a>")
    assert drawn(lines) == [
        "-<a>[the cache is warm for a day]</a>",
        "+<a>[check out with a token for every tenant]</a>",
    ]


def test_new_lines_have_no_words_to_light() -> None:
    assert drawn(diff_lines("a\nb\n", "a\nnew line\nb\n")) == [" a", "+new line", " b"]


def test_equal_stretches_are_left_out_between_changes_only() -> None:
    before = "".join(f"line {n}\n" for n in range(1, 101))
    after = before.replace("line 20\n", "line twenty\n").replace("line 60\n", "line sixty\n")
    lines = diff_lines(before, after, context=2)
    assert drawn(lines) == [
        " line 18", " line 19", "-line [20]", "+line [twenty]", " line 21", " line 22",
        "…35 lines",
        " line 58", " line 59", "-line [60]", "+line [sixty]", " line 61", " line 62",
    ]  # fmt: skip
    assert lines[6].old == 23
    assert lines[6].new == 23


def test_one_line_between_two_changes_is_shown_not_skipped() -> None:
    lines = diff_lines("a\n1\n2\n3\nb\n", "A\n1\n2\n3\nB\n", context=1)
    assert [line.sign for line in lines] == ["-", "+", " ", " ", " ", "-", "+"]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a\r\n", "a\n", ["-a[␍␊]", "+a[␊]"]),
        ("a", "a\n", ["-a", "+a[␊]"]),
        ("a", "a\nb", [" a", "+b"]),
        ("a\nb", "a", [" a", "-b"]),
        ("a\nb", "A\nb\n", ["-[a]", "-b", "+[A]", "+b[␊]"]),
        ("", "a\n", ["+a"]),
        ("a\n", "", ["-a"]),
        ("  a\n", "    a\n", ["-[  ]a", "+[    ]a"]),
        ("same\n", "same\n", []),
    ],
)
def test_ends_and_edges(before: str, after: str, shown: list[str]) -> None:
    assert [row.replace("[]", "") for row in drawn(diff_lines(before, after))] == shown


@given(st.lists(st.sampled_from("abcd\r "), max_size=30), st.lists(st.sampled_from("abcd\r "), max_size=30))
@settings(max_examples=200)
def test_both_texts_can_be_read_off_the_diff(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    lines = diff_lines(before, after, context=1000)
    if before == after:
        assert lines == []
        return

    def body(text: str) -> list[str]:
        rows = text.split("\n")
        return [row.removesuffix("\r") for row in (rows[:-1] if rows[-1] == "" else rows)]

    def read(signs: str) -> list[str]:
        return [line.text.rstrip("␍␊") for line in lines if line.sign in signs]

    assert read(" -") == body(before)
    assert read(" +") == body(after)
    assert [x.old for x in lines if x.sign in " -"] == list(range(1, len(body(before)) + 1))
    assert [x.new for x in lines if x.sign in " +"] == list(range(1, len(body(after)) + 1))


def _shuffled(size: int, step: int) -> str:
    return "".join(f"line {n * step % size}\n" for n in range(size))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_shuffled(50_000, 1), _shuffled(50_000, 7)),
        ("x\n" * 20_000, "x\ny\n" * 10_000),
        ("<a>" + "word " * 100_000 + "</a>", "<a>" + "drow " * 100_000 + "</a>"),
        ("<a>" + "one two " * 50_000 + "</a>", "<a>" + "two one " * 50_000 + "</a>"),
        ("".join(f"a{n}\nsame\n" for n in range(9_000)), "".join(f"b{n}\nsame\n" for n in range(9_000))),
        ("\n".join("a b c d " * 40 for _ in range(79)), "\n".join("b a d c " * 40 for _ in range(80))),
    ],
    ids=["shuffled", "alike", "one long line", "one long line of the same words", "no anchors", "many words"],
)
def test_cost_stays_bounded(before: str, after: str) -> None:
    """Inputs on which difflib alone takes minutes."""
    start = time.process_time()
    assert diff_lines(before, after)
    assert time.process_time() - start < 3


ENTRIES = "".join(f"  <lesson>\n    <title>{n}</title>\n    <date>2025</date>\n  </lesson>\n" for n in "abcd")


@pytest.mark.parametrize("gap", ["", "\n"], ids=["dense", "spaced"])
@pytest.mark.parametrize("gone", "abcd")
def test_an_entry_that_goes_or_comes_is_shown_from_start_tag_to_end_tag(gone: str, gap: str) -> None:
    entry = f"  <lesson>\n    <title>{gone}</title>\n    <date>2025</date>\n  </lesson>\n"
    whole = f"<lessons>\n{ENTRIES.replace('</lesson>', '</lesson>' + gap)}</lessons>\n"
    rest = whole.replace(entry.replace("</lesson>", "</lesson>" + gap), "")
    assert rest != whole
    for sign, lines in (("-", diff_lines(whole, rest)), ("+", diff_lines(rest, whole))):
        changed = [line.text for line in lines if line.sign == sign]
        assert [text for text in changed if text] == entry.splitlines()
        assert changed[0] == "  <lesson>"


def test_sliding_keeps_the_numbers_of_the_lines() -> None:
    before = "<r>\n <a/>\n</r>\n<r>\n <b/>\n</r>\n<r>\n <c/>\n</r>\n"
    after = before.replace("<r>\n <b/>\n</r>\n", "")
    numbers = [(line.old, line.new, line.sign) for line in diff_lines(before, after)]
    assert numbers[3:] == [
        (4, None, "-"),
        (5, None, "-"),
        (6, None, "-"),
        (7, 4, " "),
        (8, 5, " "),
        (9, 6, " "),
    ]
