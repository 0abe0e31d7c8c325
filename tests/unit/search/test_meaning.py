"""Entries that are related by meaning, with the model itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.commands.demo import sample_tree
from index.library.snapshot import Snapshot
from index.model.errors import MeaningUnusable
from index.model.file_record import FileRecord
from index.search.language.query import parse
from index.search.meaning import related
from index.search.meaning.related import EntryDigests, Meaning, digest_of, text_of
from index.workspace import Workspace
from tests.support.entries import entry
from tests.support.questions import QUESTIONS


def nobody(done: int, total: int) -> None:
    """Hear how far it is."""


@pytest.fixture(scope="module")
def sample(homes: Path) -> Iterator[Workspace]:
    """Yield the sample tree, once the meaning of its entries is read."""
    workspace = Workspace.open(sample_tree())
    told: list[tuple[int, int]] = []
    workspace.search.learn(lambda done, total: told.append((done, total)), helpers=2)
    total = workspace.tree.snapshot.total
    assert told[0] == (0, total)
    assert told[-1] == (total, total)
    yield workspace
    workspace.close()


def titles(workspace: Workspace, text: str, limit: int = 5) -> list[str]:
    return [hit.entry.title for hit in workspace.search.related(parse(text), limit=limit)]


def test_a_paraphrase_finds_what_shares_no_word_with_it(sample: Workspace) -> None:
    assert titles(sample, "~ too many database connections")[0].startswith("Database connection pool exh")
    assert 'A flag set to "false" is on' in titles(sample, "~ boolean environment variable parsed wrong")


def test_most_questions_are_answered_within_five(sample: Workspace) -> None:
    missed = []
    for asked, keys in QUESTIONS.items():
        found = sample.search.related(parse(f"~ {asked}"), limit=5)
        if not any(hit.id.partition("#")[2] in keys.split() for hit in found):
            missed.append(asked)
    assert len(missed) <= 0.15 * len(QUESTIONS), missed


def test_filters_hold_for_what_is_related_too(sample: Workspace) -> None:
    found = sample.search.related(parse("~ customers charged twice kind:decision"))
    assert found
    assert {hit.entry.group for hit in found} <= {"decision", "pending"}
    assert sample.search.related(parse("~ customers charged twice project:nowhere")) == []


def test_what_was_found_by_words_is_not_found_twice(sample: Workspace) -> None:
    first, *others = sample.search.related(parse("~ slow checkout"), limit=4)
    assert first.id not in [hit.id for hit in sample.search.related(parse("~ slow checkout"), {first.id})]
    assert len(others) == 3
    assert first.score >= others[0].score >= others[1].score >= related.FLOOR


def test_nothing_is_asked_where_there_are_no_words(sample: Workspace) -> None:
    assert sample.search.related(parse("~ kind:decision")) == []
    assert sample.search.related(parse("~")) == []


def test_what_is_read_once_is_not_read_again(sample: Workspace) -> None:
    again = Meaning(sample.tree.folder / "meaning.sqlite")
    again.learn(sample.tree.snapshot, lambda done, total: pytest.fail("it was read again"), 1)


def test_a_process_that_ended_is_told_and_started_anew(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = Meaning(sample.tree.folder / "meaning.sqlite")
    with monkeypatch.context() as patch:
        patch.setattr(related, "_MODULE", "index.search.meaning.sentence_model")  # it ends at once
        with pytest.raises(MeaningUnusable, match="ended"):
            meaning.find("slow checkout", sample.tree.snapshot, 1)
    assert meaning.find("slow checkout", sample.tree.snapshot, 1)
    meaning.close()


def test_without_the_extra_one_line_says_how_to_have_it(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(related, "find_spec", lambda name: None)
    meaning = Meaning(tmp_path / "meaning.sqlite")
    for ask in _ways_to_ask(meaning, sample.tree.snapshot):
        with pytest.raises(MeaningUnusable, match=r"memarium\[semantic\]"):
            ask()


def _ways_to_ask(meaning: Meaning, snapshot: Snapshot) -> list[Callable[[], object]]:
    return [
        lambda: meaning.find("pool", snapshot, 1),
        lambda: meaning.learn(snapshot, nobody, 1, behind=True),
    ]


def test_a_cache_that_cannot_be_written_is_told(sample: Workspace, tmp_path: Path) -> None:
    meaning = Meaning(tmp_path / "no folder" / "meaning.sqlite")
    with pytest.raises(MeaningUnusable, match="cache"):
        meaning.learn(sample.tree.snapshot, nobody, 1)


def test_learning_that_is_stopped_keeps_what_it_has(tmp_path: Path) -> None:
    snapshot = _snapshot(*(f"entry {number}" for number in range(40)))
    meaning = Meaning(tmp_path / "meaning.sqlite")

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        meaning.learn(snapshot, stop, 1)
    with sqlite3.connect(tmp_path / "meaning.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert 0 < database.execute("SELECT count(*) FROM vectors").fetchone()[0] < 40


# ── what of an entry counts ───────────────────────────────────────────────────


def _snapshot(*words: str) -> Snapshot:
    entries = [entry(title, solution="restart it") for title in words]
    return Snapshot.of({"a.xml": FileRecord("a.xml", 1, 1, "digest", entries, [])})


def test_the_title_comes_first_then_problem_and_solution() -> None:
    one = entry(
        "Pool", notes="Later.", solution="Restart.", problem="It hangs.", timestamp="2025-10-03", id="x"
    )
    assert text_of(one) == "Pool\nRestart.\nIt hangs.\nLater."


def test_entries_that_say_the_same_share_a_vector() -> None:
    one, other = entry("Pool", solution="Restart.", id="a"), entry("Pool", solution="Restart.", id="b")
    assert digest_of(text_of(one)) == digest_of(text_of(other))


def test_templates_mean_nothing_and_unchanged_files_are_not_looked_at_again() -> None:
    digests, before = EntryDigests(), _snapshot("one", "two")
    before.records["a.xml"].entries[1].template = True
    held = digests.entries(before)
    assert [[one.title for one in same] for same in held.values()] == [["one"]]
    more = FileRecord("b.xml", 1, 1, "other", [entry("three")], [])
    before.records["a.xml"].entries[0].title = "changed, and nobody said so"
    after = digests.entries(Snapshot.of({**before.records, "b.xml": more}))
    assert len(after) == 2
    assert set(held) < set(after)
