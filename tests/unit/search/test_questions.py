"""Questions in other words than those of the entries that answer them, asked without a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.workspace import Workspace
from tests.support.questions import QUESTIONS


@pytest.fixture(scope="module")
def sample(homes: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(sample_tree())
    yield workspace
    workspace.close()


def answered(workspace: Workspace, question: str, keys: str) -> bool:
    """Whether one of the first five entries found has one of the keys."""
    hits = workspace.search.find(question, limit=5).hits
    return any(hit.id.partition("#")[2] in keys.split() for hit in hits)


def test_half_of_the_questions_are_answered_within_five(sample: Workspace) -> None:
    assert len(QUESTIONS) >= 30
    missed = [question for question, keys in QUESTIONS.items() if not answered(sample, question, keys)]
    assert len(missed) <= len(QUESTIONS) // 2, missed


def test_every_key_is_there(sample: Workspace) -> None:
    there = {entry.id.partition("#")[2] for entry in sample.tree.entries()}
    assert {key for keys in QUESTIONS.values() for key in keys.split()} <= there


@pytest.mark.parametrize(
    ("text", "line", "suggestion"),
    [
        ("deadlock zebra stock", "No entry has all 3 words; the best have 2", ""),
        ("zebra deadlock", "No entry has both words; these have one", ""),
        ('"stock deadlock reservation"', "No entry has these words together", ""),
        ("✅🎉", "No entry has both characters; these have one", ""),
        ("exhaustoin zebra", "No entry has both words; these have one", "exhaustion zebra"),
        ("title:deadlock", "No entry has both words; these have one", ""),
        ("in:title deadlock", "No entry has both words; these have one", ""),
        ("title:deadlock*", "No entry has both words; these have one", ""),
        ("titel:zebra deadlock stock", "No entry has all 3 words; the best have 2", ""),
        ("from:deadlock", "No entry has these words together; these have one", ""),
        ("/deadlock/i", "No entry has these words together; these have one", ""),
    ],
)
def test_the_best_entries_stand_under_a_line_that_says_so(
    sample: Workspace, text: str, line: str, suggestion: str
) -> None:
    results = sample.search.find(text)
    assert results.hits
    assert results.some_words
    assert line in results.hint
    assert results.suggestion == suggestion
    assert results.total == len(results.hits) <= 20


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("exhaustoin", "exhaustion"),
        ("kidn:solution", "kind:solution"),
        ("tag:postgress", "tag:postgresql"),
        ("project:shopapi", "project:shop-api"),
        ("kind:desicion", "kind:decision"),
        ("is:malfromed", "is:malformed"),
        ("kind:soluton zebraxq", ""),
    ],
)
def test_the_nearest_spelling_comes_first(sample: Workspace, text: str, suggestion: str) -> None:
    results = sample.search.find(text)
    assert results.suggestion == suggestion
    assert not (suggestion and results.hits)


def test_then_the_filter_to_leave_out(sample: Workspace) -> None:
    results = sample.search.find("deadlock kind:pattern")
    assert not results.hits
    assert [(one.text, one.query) for one in results.omissions] == [("kind:pattern", "deadlock")]


def test_filters_hold_for_what_has_most_of_the_words(sample: Workspace) -> None:
    results = sample.search.find("deadlock stock zebra kind:solution -redis")
    assert results.hits
    assert {hit.entry.group for hit in results} == {"solution"}


def test_nothing_is_made_up(sample: Workspace) -> None:
    results = sample.search.find("zebraxq quokkaxq")
    assert (results.total, results.hint, results.suggestion) == (0, "", "")
