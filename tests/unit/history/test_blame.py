"""Who last changed each field of an entry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.history.versions import blame
from tests.support.memories import FILE, SOLUTIONS, commit_all, page, reindented, solution
from tests.support.work import Work

POOL, CACHE = solution("Pool runs dry", 1), solution("Cache is cold", 2)
POOL_3 = POOL.replace("<level>2", "<level>3")
ID = f"{SOLUTIONS}#debugging-solution-2025-10-01T08:00:00Z"


def messages(work: Work, disk: bytes | None = None) -> dict[str, str]:
    return {name: origin.message for name, origin in blame(work.open(), SOLUTIONS, ID, disk=disk).items()}


def test_each_field_has_its_last_change(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    reworded = POOL_3.replace("measure", "look")
    with_more = reworded.replace(
        "    </debugging-solution>", "      <prevention>x</prevention>\n    </debugging-solution>"
    )
    pages = [page(POOL, CACHE), page(POOL_3, CACHE), page(reworded, CACHE), page(with_more, CACHE)]
    commit_all(work, [*pages, reindented(pages[-1])])
    assert messages(work) == {
        "timestamp": "number 0",
        "problem": "number 0",
        "level": "number 1",
        "solution": "number 2",
        "prevention": "number 3",
    }
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1759500000 +0200")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Agent Ü")
    rev = work.commit(FILE, page(with_more.replace("<level>3", "<level>4"), CACHE), "by the agent")
    level = blame(work.open(), SOLUTIONS, ID)["level"]
    assert level == (rev, datetime.fromtimestamp(1759500000, UTC), "Agent Ü", "by the agent")


def test_what_is_not_committed_has_no_author(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE)])
    found = blame(work.open(), SOLUTIONS, ID, disk=page(POOL_3, CACHE))
    assert found["level"] == (None, None, "", "")
    assert found["problem"].message == "number 0"


def test_an_entry_that_came_back_is_of_who_brought_it(work: Work) -> None:
    commit_all(work, [page(POOL), page(CACHE), page(POOL_3, CACHE)])
    assert set(messages(work).values()) == {"number 2"}


def test_what_is_not_there_has_no_blame(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE), page(CACHE)])
    assert messages(work) == {}
    assert blame(work.open(), SOLUTIONS, f"{SOLUTIONS}#nothing") == {}


def test_it_stops_when_every_field_is_told(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = [POOL.replace("<level>2", f"<level>{n}") for n in range(20)]
    other = solution("Cache is icy", 9, solution="warm it", level="7")
    commit_all(work, [page(one) for one in edits] + [page(edits[-1], other)])
    repository = work.open()
    read: list[str] = []
    content = repository.content

    def counted(blob: str, path: str) -> bytes | None:
        read.append(blob)
        return content(blob, path)

    monkeypatch.setattr(repository, "content", counted)
    newest = blame(repository, SOLUTIONS, f"{SOLUTIONS}#debugging-solution-2025-10-09T08:00:00Z")
    assert {origin.message for origin in newest.values()} == {"number 20"}
    assert len(read) < 6
