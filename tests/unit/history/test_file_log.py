"""The history of a file: what every commit did to its entries, whatever the file was called."""

from __future__ import annotations

import pytest

from index.git.repository import Repository
from index.history.file_log import FileVersion, file_at, file_versions
from index.history.tree_log import tree_log
from index.model.errors import Refused
from tests.support.memories import FILE, SOLUTIONS, commit_all, page, reindented, solution
from tests.support.work import Work

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
POOL_3 = POOL.replace("<level>2", "<level>3")
LAYOUT = "no entry changed"


def told(work: Work, file: str = SOLUTIONS) -> list[FileVersion]:
    path = work.tree / file
    disk = path.read_bytes() if path.exists() else None
    repository = work.open()
    return list(file_versions(repository, file, disk, uncommitted=file in repository.uncommitted()))


def words(work: Work, file: str = SOLUTIONS) -> list[str]:
    return [version.summary for version in told(work, file)]


def test_every_commit_of_the_file_in_words(work: Work) -> None:
    broken = page(POOL_3, DNS).replace(b"measure", b"R&D")
    revs = commit_all(
        work,
        [page(POOL), page(POOL, CACHE, DNS), reindented(page(POOL, CACHE, DNS)), page(POOL_3, DNS), broken],
    )
    work.commit("memories/other.xml", page(CACHE), "not of this file")
    found = told(work)
    assert [version.rev for version in found] == revs[::-1]
    assert [(version.summary, version.broken, version.count) for version in found] == [
        ("2 debugging solutions edited", True, 2),
        ("1 debugging solution edited, −1 debugging solution", False, 2),
        (LAYOUT, False, 3),
        ("+2 debugging solutions", False, 3),
        ("created with 1 entry", False, 1),
    ]
    assert found[0].message == "number 4"
    assert found[0].when is not None
    assert found[0].when.tzinfo is not None
    assert found[-1].first


def test_a_file_is_followed_across_renames(work: Work) -> None:
    commit_all(work, [page(POOL), page(POOL, CACHE, DNS)])
    work.git("mv", FILE, "memories/old.xml")
    work.git("commit", "-qm", "renamed as it is")
    work.git("mv", "memories/old.xml", "memories/new.xml")
    work.write("memories/new.xml", page(POOL_3, CACHE, DNS))
    work.git("commit", "-qam", "renamed and edited")
    found = told(work, "new.xml")
    assert [(version.summary, version.path) for version in found] == [
        ("renamed from old.xml; 1 debugging solution edited", "new.xml"),
        ("renamed from solutions.xml", "old.xml"),
        ("+2 debugging solutions", SOLUTIONS),
        ("created with 1 entry", SOLUTIONS),
    ]
    first = file_at(work.open(), "new.xml", found[-1].rev or "")
    assert first is not None
    assert (first.path, first.rev) == (SOLUTIONS, found[-1].rev)


def test_a_file_that_only_takes_the_place_of_another_is_new(work: Work) -> None:
    commit_all(work, [page(POOL)])
    work.git("rm", "-q", FILE)
    work.write("memories/dns.xml", page(DNS))
    work.git("add", "--all")
    work.git("commit", "-qm", "another")
    assert words(work, "dns.xml") == ["created with 1 entry"]
    assert words(work) == ["deleted", "created with 1 entry"]


def test_what_is_not_committed_comes_first(work: Work) -> None:
    commit_all(work, [page(POOL)])
    work.write(FILE, page(POOL_3, CACHE))
    version = told(work)[0]
    assert (version.rev, version.when, version.blob) == (None, None, "")
    assert version.summary == "+1 debugging solution, 1 debugging solution edited"
    (work.root / FILE).unlink()
    assert told(work)[0].deleted
    work.write("memories/fresh.xml", page(DNS))
    assert words(work, "fresh.xml") == ["created with 1 entry"]


def test_at_any_revision_the_file_as_it_was_then(work: Work) -> None:
    revs = commit_all(work, [page(POOL), page(POOL, CACHE)])
    later = work.commit("memories/other.xml", page(DNS), "not of this file")
    repository = work.open()
    assert [getattr(file_at(repository, SOLUTIONS, rev), "rev", None) for rev in (*revs, later)] == [
        revs[0],
        revs[1],
        revs[1],
    ]
    assert file_at(repository, SOLUTIONS, f"{revs[0]}^") is None
    with pytest.raises(Refused, match="no revision"):
        file_at(repository, SOLUTIONS, "never")


def test_the_first_versions_come_early(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_all(work, [page(POOL), page(POOL, CACHE), page(POOL_3, CACHE)])
    repository = work.open()
    read: list[str] = []
    real = Repository.content

    def counted(self: Repository, blob: str, path: str) -> bytes | None:
        read.append(blob)
        return real(self, blob, path)

    monkeypatch.setattr(Repository, "content", counted)
    versions = file_versions(repository, SOLUTIONS, None)
    assert next(versions).summary == "1 debugging solution edited"
    assert len(set(read)) == 2
    versions.close()


@pytest.mark.parametrize("lost", [bytes(500), b"<a>" * 300, b"\x4c\x6f\xa7\x94\x93\x40"])
def test_a_version_that_cannot_be_read_deletes_nothing(work: Work, lost: bytes) -> None:
    commit_all(work, [page(POOL, CACHE), lost, page(POOL, CACHE, DNS)])
    found = told(work)
    assert [version.broken for version in found] == [False, True, False]
    assert [len(version.done.removed) + len(version.done.added) for version in found] == [0, 0, 2]
    assert all(not step.done.removed for step in tree_log(work.open()))
