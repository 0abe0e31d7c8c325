"""What is deleted: an entry that is gone by its identity, however many others say the same."""

from __future__ import annotations

from index.history.deleted import deleted, past_of_deleted
from tests.support.memories import FILE, SOLUTIONS, commit_all, entries, page, solution
from tests.support.work import Work

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
OTHER = "other.xml"


def gone(work: Work) -> list[tuple[str, str]]:
    """Return what is deleted now: title and the message of the commit that did it."""
    files = sorted(work.tree.glob("*.xml"))
    now = [entry for file in files for entry in entries(file.read_bytes(), file.name)]
    found = [one for one in deleted(work.open(), now) if one.path in (SOLUTIONS, OTHER, "new.xml")]
    for one in found:
        past = past_of_deleted(work.open(), one)
        assert past is not None
        assert past.entry.title == one.entry.title
    return [(one.entry.title, one.message) for one in found]


def test_an_exact_twin_of_an_entry_that_is_there_is_deleted_all_the_same(work: Work) -> None:
    commit_all(work, [page(POOL, POOL, CACHE), page(POOL, CACHE)])
    assert gone(work) == [("Pool runs dry", "number 1")]


def test_both_of_two_twins_are_deleted(work: Work) -> None:
    commit_all(work, [page(POOL, POOL, CACHE), page(CACHE)])
    assert gone(work) == [("Pool runs dry", "number 1")] * 2
    commit_all(work, [page(POOL, POOL, CACHE), page(POOL, CACHE), page(CACHE)])
    assert gone(work) == [("Pool runs dry", "number 2"), ("Pool runs dry", "number 1")]


def test_a_twin_in_another_file_is_another_entry(work: Work) -> None:
    work.commit(f"memories/{OTHER}", page(POOL), "a copy")
    commit_all(work, [page(POOL, CACHE), page(CACHE)])
    assert gone(work) == [("Pool runs dry", "number 1")]


def test_what_was_moved_or_renamed_is_not_deleted(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE)])
    work.write(FILE, page(CACHE))
    work.write(f"memories/{OTHER}", page(POOL))
    work.git("add", "--all")
    work.git("commit", "-qm", "moved")
    assert gone(work) == []
    work.git("mv", FILE, "memories/new.xml")
    work.git("commit", "-qam", "renamed")
    assert gone(work) == []


def test_what_came_back_is_not_deleted_and_is_told_once_when_it_goes_again(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE), page(CACHE), page(CACHE, POOL)])
    assert gone(work) == []
    commit_all(work, [page(CACHE)])
    assert gone(work) == [("Pool runs dry", "number 0")]
    work.write(FILE, page(POOL, CACHE))  # back on disk, not committed
    assert gone(work) == []


def test_a_twin_that_went_stays_deleted_when_the_file_of_the_other_is_renamed(work: Work) -> None:
    commit_all(work, [page(POOL, POOL, DNS), page(POOL, DNS)])
    work.git("mv", FILE, "memories/new.xml")
    work.git("commit", "-qam", "renamed")
    assert gone(work) == [("Pool runs dry", "number 1")]
