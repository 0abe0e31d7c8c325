"""Taking changes back as new commits, whatever came in between; refused where that would lose something."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from index.history.undo import Refusal, Undo, UndoResult, plan_undo, take_back
from index.storage.journal import Journal, JournalRecord, Sort
from index.storage.locking import Lock
from tests.support.memories import FILE, SOLUTIONS, entries, page, reindented, solution
from tests.support.work import Work

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
POOL_3, POOL_4 = (POOL.replace("<level>2", f"<level>{n}") for n in (3, 4))


def back(base: bytes | None, theirs: bytes | None, now: bytes | None) -> bytes | None:
    found = take_back(base, theirs, now, SOLUTIONS)
    assert isinstance(found, UndoResult), found
    return found.data


def refused(base: bytes | None, theirs: bytes | None, now: bytes | None) -> str:
    found = take_back(base, theirs, now, SOLUTIONS)
    assert isinstance(found, Refusal), found
    return found.reason


def test_nothing_came_in_between() -> None:
    assert back(page(POOL_3), page(POOL), page(POOL_3)) == page(POOL)
    assert back(page(POOL), None, page(POOL)) is None
    assert back(None, page(POOL), None) == page(POOL)
    assert back(page(POOL_3), page(POOL), page(POOL)) == page(POOL)


def test_other_entries_stay_as_they_are_now() -> None:
    cache = CACHE.replace("measure", "warm it")
    assert back(page(POOL_3, CACHE), page(POOL, CACHE), page(POOL_3, cache, DNS)) == page(POOL, cache, DNS)
    assert back(page(POOL, CACHE), page(CACHE), page(POOL, cache)) == page(cache)
    assert back(page(CACHE), page(POOL, CACHE), page(cache, DNS)) == page(POOL, cache, DNS)


def test_a_new_layout_is_no_later_edit() -> None:
    found = back(page(POOL_3, CACHE), page(POOL, CACHE), reindented(page(POOL_3, CACHE)))
    assert found is not None
    assert entries(found)[0].level == 2
    assert found.split(b"\n")[-5:] == reindented(page(POOL, CACHE)).split(b"\n")[-5:]


def test_a_later_edit_of_the_same_entry_stands_in_the_way() -> None:
    assert refused(page(POOL_3), page(POOL), page(POOL_4, DNS)) == (
        "“Pool runs dry” was edited again since: undo that first, or restore it."
    )
    assert "edited since it was added" in refused(page(POOL, DNS), page(DNS), page(POOL_4, DNS))
    assert "was deleted since" in refused(page(POOL_3, DNS), page(POOL, DNS), page(DNS))
    assert "was deleted since" in refused(page(POOL_3), page(POOL), None)
    assert "was edited since it was made" in refused(page(POOL), None, page(POOL, DNS))
    assert "was written again since" in refused(None, page(POOL), page(DNS))


def test_what_is_back_already_is_left() -> None:
    assert back(page(POOL_3, CACHE), page(POOL, CACHE), page(POOL, CACHE, DNS)) == page(POOL, CACHE, DNS)
    assert back(page(CACHE), page(POOL, CACHE), page(CACHE, POOL)) == page(CACHE, POOL)
    assert back(page(POOL, CACHE), page(CACHE), page(CACHE, DNS)) == page(CACHE, DNS)


def test_a_change_around_the_entries_is_only_taken_back_whole() -> None:
    other = page(POOL).replace(b"<reads>3", b"<reads>4")
    assert back(other, page(POOL), other) == page(POOL)
    assert "not only in the memories" in refused(other, page(POOL), page(POOL, DNS))


def test_several_entries_of_one_commit() -> None:
    base, theirs = page(POOL_3, DNS), page(POOL, CACHE)
    found = back(base, theirs, base.replace(b"<version>1.0", b"<version>2.0"))
    assert found == theirs.replace(b"<version>1.0", b"<version>2.0")


# ── with git and the journal ──────────────────────────────────────────────────


def save(work: Work, data: bytes | None, message: str) -> str:
    revision = work.save(SOLUTIONS, data, message).revision
    assert revision is not None
    return revision


def read(work: Work) -> bytes | None:
    file = work.root / FILE
    return file.read_bytes() if file.exists() else None


def step(work: Work, journal: Journal, record: JournalRecord | None) -> Undo | Refusal:
    """Undo or redo what the journal offers, as a commit."""
    assert record is not None
    plan = plan_undo(work.open(), record, lambda path: read(work))
    if isinstance(plan, Undo):
        revision = save(work, plan.files[SOLUTIONS], plan.message)
        sort: Sort = "redo" if record.sort == "undo" else "undo"
        journal.record(
            JournalRecord(revision, record.paths, record.entries, plan.message, sort, takes=record.rev)
        )
    return plan


def test_undo_and_redo_are_commits(work: Work, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state" / "journal.jsonl")
    assert (journal.next_undo(), journal.next_redo()) == (None, None)
    work.commit(FILE, page(POOL, CACHE), "base")
    for data, message in ((page(POOL_3, CACHE), "memory: level"), (page(POOL_3, CACHE, DNS), "memory: add")):
        journal.record(JournalRecord(save(work, data, message), (SOLUTIONS,), (), message))
    step(work, journal, journal.next_undo())
    step(work, journal, journal.next_undo())
    assert read(work) == page(POOL, CACHE)
    assert journal.next_undo() is None
    subjects = work.git("log", "--format=%s", "-4").split("\n")[:4]
    assert subjects == ["memory: undo level", "memory: undo add", "memory: add", "memory: level"]
    step(work, journal, journal.next_redo())
    assert read(work) == page(POOL_3, CACHE)
    assert work.git("log", "-1", "--format=%s") == "memory: redo level"
    step(work, journal, journal.next_redo())
    assert read(work) == page(POOL_3, CACHE, DNS)
    assert journal.next_redo() is None
    step(work, journal, journal.next_undo())
    assert read(work) == page(POOL_3, CACHE)
    assert work.git("log", "-1", "--format=%s") == "memory: undo add"
    journal.record(JournalRecord(save(work, page(POOL_4, CACHE), "memory: level 4"), (SOLUTIONS,)))
    assert journal.next_redo() is None


def test_an_edit_by_others_is_kept_or_in_the_way(work: Work, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    work.commit(FILE, page(POOL, CACHE), "base")
    journal.record(
        JournalRecord(save(work, page(POOL_3, CACHE), "memory: level"), (SOLUTIONS,), (), "memory: level")
    )
    work.commit(FILE, page(POOL_3, CACHE, DNS), "an agent")
    work.write(FILE, page(POOL_3, DNS))
    step(work, journal, journal.next_undo())
    assert read(work) == page(POOL, DNS)
    journal.record(JournalRecord(save(work, page(POOL_3, DNS), "memory: level"), (SOLUTIONS,)))
    work.commit(FILE, page(POOL_4, DNS), "an agent again")
    plan = step(work, journal, journal.next_undo())
    assert isinstance(plan, Refusal)
    assert entries(page(POOL_4, DNS))[0].id == plan.entry
    assert read(work) == page(POOL_4, DNS)


def test_a_new_file_and_a_deleted_one(work: Work, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record(JournalRecord(save(work, page(POOL), "memory: add"), (SOLUTIONS,)))
    step(work, journal, journal.next_undo())
    assert read(work) is None
    step(work, journal, journal.next_redo())
    assert read(work) == page(POOL)


def test_commits_that_are_gone_are_passed(work: Work, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    kept, lost = JournalRecord("a" * 40, (SOLUTIONS,)), JournalRecord("b" * 40, (SOLUTIONS,))
    journal.record(kept)
    journal.record(lost)
    assert journal.next_undo(lambda rev: rev != lost.rev) == kept
    plan = plan_undo(work.open(), lost, lambda path: None)
    assert isinstance(plan, Refusal)
    assert "no longer in this repository" in plan.reason
    journal.forget(lost.rev)
    assert journal.next_undo() == kept


def test_an_undo_below_a_lost_commit_goes_on_downwards(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    first, second, lost = (JournalRecord(letter * 40, (SOLUTIONS,)) for letter in "abc")
    for record in (first, second, lost):
        journal.record(record)
    journal.record(JournalRecord("d" * 40, (SOLUTIONS,), sort="undo", takes=second.rev))
    assert journal.next_undo(lambda rev: rev != lost.rev) == first
    assert journal.next_redo() == JournalRecord("d" * 40, (SOLUTIONS,), sort="undo", takes=second.rev)


def test_a_long_journal_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    records = [JournalRecord(f"{number:040x}", (SOLUTIONS,), message="x" * 20_000) for number in range(30)]
    sizes = []
    for record in records:
        journal.record(record)
        sizes.append(path.stat().st_size)
    shrunk = [now for before, now in pairwise(sizes) if now < before]
    assert len(shrunk) == 3
    assert max(shrunk) <= 1 << 17
    undone = JournalRecord("f" * 40, (SOLUTIONS,), sort="undo", takes=records[-1].rev)
    journal.record(undone)
    for record in records[-2:-5:-1]:
        assert journal.next_undo() == record
        journal.forget(record.rev)
    assert journal.next_redo() == undone


def test_one_change_larger_than_the_journal_can_be_undone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record(JournalRecord("a" * 40, (SOLUTIONS,)))
    large = JournalRecord("b" * 40, (SOLUTIONS,), tuple(f"{SOLUTIONS}#{n}" for n in range(9_000)))
    journal.record(large)
    assert journal.next_undo() == large


DAMAGE = [
    "",
    "[]",
    "{",
    '{"done": 3, "undone": []}',
    '{"rev": 5}',
    '7\n{"rev": "b", "sort": "other"}',
    "\xff",
]


@pytest.mark.parametrize("text", DAMAGE)
def test_a_damaged_journal_is_an_empty_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(text, "latin-1")
    journal = Journal(path)
    assert journal.next_undo() is None
    journal.record(JournalRecord("a" * 40, (SOLUTIONS,)))
    assert journal.next_undo() == JournalRecord("a" * 40, (SOLUTIONS,))


def test_a_line_that_was_cut_short_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.record(JournalRecord("a" * 40, (SOLUTIONS,)))
    journal.record(JournalRecord("b" * 40, (SOLUTIONS,)))
    path.write_bytes(path.read_bytes()[:-20])
    journal.record(JournalRecord("c" * 40, (SOLUTIONS,)))
    assert journal.next_undo() == JournalRecord("c" * 40, (SOLUTIONS,))
    journal.forget("c" * 40)
    assert journal.next_undo() == JournalRecord("a" * 40, (SOLUTIONS,))


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    os.mkfifo(path)
    journal = Journal(path)
    assert journal.next_undo() is None
    with pytest.raises(OSError, match="No such device"):
        journal.record(JournalRecord("a" * 40, (SOLUTIONS,)))


def test_who_is_waited_for_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    held = Lock(path.with_name("journal.jsonl.lock"))
    assert held.take_now()
    told: list[str] = []

    def hear(words: str) -> None:
        told.append(words)
        held.close()

    Journal(path, hear).record(JournalRecord("a" * 40, (SOLUTIONS,)))
    assert told == ["Waiting for another memarium that is saving here…"]
