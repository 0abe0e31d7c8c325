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
