"""New entries that the tree holds already, or nearly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.editing.adding import plan_add
from index.editing.doubts import Doubt, duplicates
from index.model.entry import Entry
from index.model.known_entries import EntryList
from index.model.plan import Plan
from index.search import tree_search
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.entries import NOW, entry

LONG = "All workers hammered the queue at once after the outage, so each retry waits a random while."
FILE = (
    f"<lessons><lesson id='L-1'><title>Retry with jitter</title><description>{LONG}</description></lesson>"
    "<lesson id='L-2'><title>Two</title><description>Other.</description></lesson></lessons>"
)


def planned(title: str, description: str) -> Plan:
    return plan_add(
        FILE.encode(),
        "lessons.xml",
        "lesson",
        {"title": title, "description": description},
        entries=EntryList(()),
        now=NOW,
    )


def found(plan: Plan, *near: Entry) -> list[Doubt]:
    return duplicates(plan, lambda new: near)


@pytest.mark.parametrize("description", [LONG, LONG.replace(" at ", "\n  at\t ")])
def test_an_exact_duplicate_is_firm(description: str) -> None:
    words = "lessons.xml#L-1 says exactly this already: Retry with jitter."
    assert found(planned("Retry with jitter", description)) == [Doubt(words, firm=True)]


@pytest.mark.parametrize(("title", "description"), [
    ("Retry with jitter", LONG.replace("random", "randomly chosen")),
    ("Retries with a jitter", LONG),
    ("Retry with jitter", "Something shorter."),
])  # fmt: skip
def test_one_that_is_nearly_equal_is_told(title: str, description: str) -> None:
    words = "lessons.xml#L-1 says nearly the same: Retry with jitter."
    assert found(planned(title, description)) == [Doubt(words, firm=False)]


@pytest.mark.parametrize(("title", "description"), [
    ("Two", "Quite another thing."),
    ("Queues", "Workers take a message from the queue and acknowledge it."),
    ("Retry", "Never twice."),
])  # fmt: skip
def test_what_shares_little_is_not_told(title: str, description: str) -> None:
    assert found(planned(title, description)) == []


def test_entries_of_other_files_count_and_of_another_kind_never_as_the_same() -> None:
    text = "The pool was exhausted since every request held two connections for its time."
    plan, other = planned("Pool", text), entry("Pool", id="b.xml#1", kind="lesson", description=text)
    assert [doubt.firm for doubt in found(plan, other)] == [True]
    other.kind = "decision"
    assert [doubt.firm for doubt in found(plan, other)] == [False]
    other.template = True
    assert found(plan, other) == []


def lessons(root: Path) -> Sequence[str]:
    workspace = Workspace.open(root)
    ids = [one.id for one in workspace.tree.entries()]
    workspace.close()
    return ids


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a tree of one file in no repository."""
    folder = tmp_path / "memories"
    folder.mkdir()
    (folder / "lessons.xml").write_text(FILE, encoding="utf-8")
    return folder


ADD = ("add", "lesson", "--set", "title=Retry with jitter", "--set", f"description={LONG}")


def test_the_command_refuses_an_exact_duplicate_unless_it_is_told_to(root: Path) -> None:
    refused = call(root, *ADD, status=3)
    assert "lessons.xml#L-1 says exactly this already" in refused.stderr
    assert "--force does it anyway." in refused.stderr
    assert len(lessons(root)) == 2
    assert "exactly this already" in call(root, *ADD, "--dry-run", status=0).stderr
    assert len(lessons(root)) == 2
    call(root, *ADD, "--force", status=0)
    assert len(lessons(root)) == 3


def test_the_command_finds_it_in_another_file(root: Path) -> None:
    refused = call(root, *ADD, "--file", "sub/more.xml", status=3)
    assert "lessons.xml#L-1 says exactly this already" in refused.stderr
    told = call(root, *ADD[:-1], f"description={LONG} Mostly.", "--file", "sub/more.xml", status=0)
    assert "lessons.xml#L-1 says nearly the same: Retry with jitter." in told.stderr


def test_the_command_finds_what_was_just_added_to_a_large_tree(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_search, "_SMALL", 0)
    call(root, *ADD[:-1], "description=Said for the first time", status=0)
    again = call(root, *ADD[:-1], "description=Said for the first time", "--file", "sub/more.xml", status=3)
    assert "says exactly this already" in again.stderr


def test_one_input_may_not_say_the_same_twice(root: Path) -> None:
    twice = b'[{"title": "One thing", "description": "said"}, {"title": "One thing", "description": "said"}]'
    refused = call(root, "add", "lesson", "-", data=twice, status=3)
    assert "Two of the new entries say exactly the same: One thing." in refused.stderr
    assert len(lessons(root)) == 2


def test_a_copy_that_is_asked_for_is_made(root: Path) -> None:
    call(root, "duplicate", "L-1", status=0)
    assert len(lessons(root)) == 3
