"""What another tool left in the place of a file is named, and never read, mended or merged as the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from index.formats.xml.document import Document
from index.formats.xml.writing.repair import repair_document
from index.git import objects
from index.history.tree_log import tree_log
from index.model.errors import CannotRepair, EditRefused
from index.model.plan import CannotEdit
from index.workspace import Workspace
from tests.support.merging import merge_file
from tests.support.work import Work

FILE = "memories/lessons.xml"
NOW = datetime(2025, 10, 3, 14, 30, tzinfo=UTC)
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n"
STAND_INS = {
    "lfs": (POINTER % (b"4d" * 32), "is stored with Git LFS and is not downloaded: run git lfs pull"),
    "lfs-crlf": ((POINTER % (b"4d" * 32)).replace(b"\n", b"\r\n"), "stored with Git LFS"),
    "lfs-old": (b"version https://hawser.github.com/spec/v1\noid sha256:4d\nsize 1\n", "Git LFS"),
    "annex": (b"/annex/objects/SHA256E-s12--4d7a.xml\n", "is kept by git-annex"),
    "git-crypt": (b"\0GITCRYPT\0\x8a\x01\xffz\0<\n", "is encrypted with git-crypt: run git-crypt unlock"),
    "transcrypt": (b"U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y=\n", "is encrypted"),
    "age": (b"age-encryption.org/v1\n-> X25519 abc\n\x8a\xff", "is encrypted with age"),
    "pgp": (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "is encrypted with PGP"),
}
EVERY = pytest.mark.parametrize(("data", "words"), STAND_INS.values(), ids=STAND_INS)


def page(*texts: str) -> bytes:
    entries = (
        f'<lesson id="L-{n}"><title>T{n}</title><fix>{text}</fix></lesson>\n' for n, text in enumerate(texts)
    )
    return f"<lessons>\n{''.join(entries)}</lessons>\n".encode()


@EVERY
def test_it_is_one_problem_that_says_what_to_do(data: bytes, words: str) -> None:
    document = Document.parse(data, "lessons.xml")
    (problem,) = document.problems
    assert words in problem.message
    assert not problem.repairable
    assert document.readonly
    assert document.to_bytes() == data
    with pytest.raises(CannotRepair, match=words):
        repair_document(document)


def test_a_file_that_speaks_of_one_is_none() -> None:
    assert not Document.parse(b"<a>version https://git-lfs.github.com/spec/v1</a>").problems


@EVERY
def test_nothing_is_written_into_it(make_work: Callable[..., Work], data: bytes, words: str) -> None:
    work = make_work()
    work.commit("memories/other.xml", page("one").replace(b"L-", b"O-"))
    work.commit(FILE, data)
    workspace = Workspace.open(work.tree)
    with pytest.raises(CannotEdit, match=words):
        workspace.planner.move("O-0", "lessons.xml", NOW)
    assert workspace.planner.repairs() == []
    assert (work.root / FILE).read_bytes() == data


@EVERY
def test_two_of_them_are_a_conflict_of_whole_files(data: bytes, words: str) -> None:
    base, ours, theirs = (data + b"\n" * count for count in range(3))
    merged = merge_file(base, ours, theirs, "lessons.xml")
    assert merged.data is None
    (conflict,) = merged.conflicts
    assert conflict.field == ""
    for mixed in (
        merge_file(page("one"), ours, page("two"), "a.xml"),
        merge_file(None, page(), theirs, "a.xml"),
    ):
        assert len(mixed.conflicts) == 1
    assert merge_file(base, ours, theirs, "a.xml", {("a.xml", ""): "theirs"}).data == theirs
    with pytest.raises(EditRefused, match=words):
        merge_file(base, ours, theirs, "a.xml", {("a.xml", ""): "<written/>"})


GAPS = {name: data for name, (data, _) in STAND_INS.items()} | {
    "zeros": bytes(40),
    "large": page("too large to be opened", *["x"] * 40),
}


@pytest.mark.parametrize("data", GAPS.values(), ids=GAPS)
def test_a_version_that_is_one_is_no_change_of_the_entries(
    make_work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr(objects, "LIMIT", 1000)
    work = make_work()
    work.commit(FILE, page("one", "two"))
    work.commit(FILE, data)
    work.commit(FILE, data + data[-1:])
    work.commit(FILE, page("one", "TWO"))
    found = Workspace.open(work.tree).history
    assert [(version.summary, version.message) for version in found.versions("L-1")] == [
        ("fix two → TWO", "by hand"),
        ("added", "by hand"),
    ]
    newest, oldest = found.versions("L-1")
    assert newest.rev == work.head()
    assert oldest.rev == work.git("rev-parse", "HEAD~3")
    assert [version.summary for version in found.versions("L-0")] == ["added"]
    assert found.blame("L-1")["fix"].rev == work.head()
    assert list(found.deleted()) == []
    done = [version.done for version in tree_log(work.open())]
    assert not any(one.removed for one in done)
    assert [len(one.added) for one in done] == [0, 0, 0, 2]


def test_a_version_of_a_file_says_where_its_content_is(make_work: Callable[..., Work]) -> None:
    work = make_work()
    work.commit(FILE, page("one"))
    work.commit(FILE, STAND_INS["lfs"][0])
    work.commit(FILE, page("one"))
    work.commit(FILE, STAND_INS["git-crypt"][0])
    versions = list(Workspace.open(work.tree).history.file_versions("lessons.xml"))
    assert [(version.summary, version.broken) for version in versions] == [
        ("encrypted with git-crypt", False),
        ("no entry changed", False),
        ("stored with Git LFS", False),
        ("created with 1 entry", False),
    ]
