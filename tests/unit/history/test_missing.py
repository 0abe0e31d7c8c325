"""What a clone leaves out is told, and never taken for empty; a version comes back as git would write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.history.deleted import deleted
from index.history.entry_history import EntryHistory
from index.history.tree_log import tree_log
from index.history.versions import at_revision, versions
from index.model.errors import NotHere, Refused
from index.workspace import Workspace
from tests.support.partial_clones import FILE, TEXT, clone, past
from tests.support.work import Work


def entry_history(work: Work) -> EntryHistory:
    return Workspace.open(work.tree).history


def damage(work: Work, revision: str, left: float | None) -> None:
    """Cut the object that holds the file in a revision to a share of its bytes; None takes it away."""
    blob = work.git("rev-parse", f"{revision}:{FILE}")
    held = work.root / ".git/objects" / blob[:2] / blob[2:]
    data = held.read_bytes()
    held.unlink()
    if left is not None:
        held.write_bytes(data[: int(len(data) * left)])


@pytest.mark.parametrize("left_out", ["blob:none", "blob:limit=10"])
def test_a_partial_clone_invents_nothing(make_work: Callable[..., Work], left_out: str) -> None:
    work = clone(past(make_work), f"--filter={left_out}")
    repository = work.open()
    with pytest.raises(NotHere, match="&& git fetch --refetch --no-filter origin brings"):
        list(tree_log(repository))
    with pytest.raises(NotHere):
        list(versions(repository, "lessons.xml", "lessons.xml#L-1"))
    with pytest.raises(NotHere):
        list(deleted(repository, []))
    assert work.status() == ""
    work.close()


def test_a_whole_file_is_not_emptied_by_what_is_not_here(make_work: Callable[..., Work]) -> None:
    work = clone(past(make_work), "--filter=blob:none")
    found = entry_history(work)
    with pytest.raises(NotHere):
        found.file_at("lessons.xml", "HEAD~1")
    assert work.status() == ""


def test_a_damaged_repository_invents_nothing(make_work: Callable[..., Work]) -> None:
    work = past(make_work)
    damage(work, "HEAD~1", None)
    with pytest.raises(NotHere):
        list(tree_log(work.open()))


@pytest.mark.parametrize("damaged", ["packed-refs", "objects/pack/multi-pack-index"])
def test_a_file_of_gits_own_that_is_damaged_is_named(make_work: Callable[..., Work], damaged: str) -> None:
    work = past(make_work)
    work.git("gc", "-q")
    work.git("multi-pack-index", "write")
    file = work.root / ".git" / damaged
    file.chmod(0o644)
    file.write_bytes(b"nonsense\n" + file.read_bytes())
    with pytest.raises(NotHere, match=Path(damaged).name):
        list(tree_log(work.open()))


@pytest.mark.parametrize("left", [0.2, 0.5, 0.8, 0.95])
def test_an_object_that_is_cut_off_is_not_taken_for_a_shorter_one(
    make_work: Callable[..., Work], left: float
) -> None:
    work = past(make_work)
    damage(work, "HEAD~1", left)
    repository = work.open()
    for read in (tree_log(repository), versions(repository, "lessons.xml", "lessons.xml#L-1")):
        with pytest.raises(NotHere):
            list(read)
    with pytest.raises(NotHere):
        repository.blob("HEAD~1", "lessons.xml")


@pytest.mark.parametrize("left", [None, 0.0, 0.5])
def test_an_edit_of_a_file_whose_last_version_is_damaged_is_not_called_committed(
    make_work: Callable[..., Work], left: float | None
) -> None:
    work = past(make_work)
    damage(work, "HEAD", left)
    status = Workspace.open(work.tree).status
    assert status.uncommitted() == []
    work.write(FILE, TEXT.format("new", "new").encode())
    with pytest.raises(NotHere):
        status.uncommitted()


@pytest.mark.parametrize("through", ["", "between"])
def test_the_folder_that_versions_are_borrowed_from_is_gone(
    make_work: Callable[..., Work], through: str
) -> None:
    origin = past(make_work)
    work = Work(origin.root.with_name("borrower"))
    origin.git("clone", "-q", "--shared", str(origin.root), str(work.root))
    lent = origin.root / ".git/objects"
    if through:
        between = work.root.parent / through
        (between / "info").mkdir(parents=True)
        (between / "info/alternates").write_text(f"{lent}\n")
        (work.root / ".git/objects/info/alternates").write_text(f"{between}\n")
    origin.root.rename(origin.root.with_name("moved"))
    for found in (work.open(), work.open(work.root)):
        with pytest.raises(NotHere, match=f"borrows older versions from {lent}, which is not there: "):
            list(tree_log(found))
    work.close()


@pytest.mark.parametrize("depth", [1, 2])
def test_the_end_of_a_shallow_clone_is_no_beginning(make_work: Callable[..., Work], depth: int) -> None:
    work = clone(past(make_work), f"--depth={depth}")
    repository = work.open()
    done = [version.done for version in tree_log(repository)]
    assert len(done) == depth
    assert not any(one.added or one.removed for one in done)
    assert [len(one.edited) for one in done] == [2] * (depth - 1) + [0]
    oldest = at_revision(repository, "lessons.xml", "lessons.xml#L-1", f"HEAD~{depth - 1}")
    assert oldest is not None
    assert oldest.entry.title == "One"
    work.close()


def test_a_filtered_file_is_not_restored(make_work: Callable[..., Work]) -> None:
    work = make_work()
    work.git("config", "filter.rot.clean", "tr a-z n-za-m")
    work.git("config", "filter.rot.smudge", "touch ../ran; tr a-z n-za-m")
    work.commit(".gitattributes", b"*.xml filter=rot\n")
    for word in ("alpha", "beta"):
        work.commit(FILE, TEXT.format(word, word).encode())
    found = entry_history(work)
    for read in (
        lambda: list(found.file_versions("lessons.xml")),
        lambda: found.file_at("lessons.xml", "HEAD"),
        lambda: list(found.versions("L-1")),
        lambda: found.blame("L-1"),
        lambda: found.at("L-1", "HEAD~1"),
    ):
        with pytest.raises(Refused, match="goes through a filter"):
            read()
    repository = work.open()
    assert repository.uncommitted() == []
    assert repository.not_compared() == ("lessons.xml",)
    assert b"beta" in (work.root / FILE).read_bytes()
    assert not (work.root.parent / "ran").exists()


@pytest.mark.parametrize(
    ("attributes", "form", "encoding"),
    [
        ("text working-tree-encoding=UTF-16LE-BOM", '<?xml version="1.0" encoding="UTF-16"?>\n', "utf-16"),
        ("text working-tree-encoding=ISO-8859-1", '<?xml version="1.0" encoding="ISO-8859-1"?>\n', "latin-1"),
        ("text eol=crlf", "", "utf-8"),
        ("ident", "<!-- $Id$ -->", "utf-8"),
    ],
)
def test_a_version_comes_back_as_git_writes_it(
    make_work: Callable[..., Work], attributes: str, form: str, encoding: str
) -> None:
    work = make_work()
    work.commit(".gitattributes", f"*.xml {attributes}\n".encode())
    for word in ("grün", "beta"):
        work.commit(FILE, (form + TEXT.format(word, word)).encode(encoding))
    found = entry_history(work)
    plan = found.plan_restore_file("lessons.xml", list(found.file_versions("lessons.xml"))[-1])
    work.git("checkout", "HEAD~1", "--", FILE)
    assert plan.changes[0].after == (work.root / FILE).read_bytes()


def test_what_is_not_here_is_an_error_of_its_own(make_work: Callable[..., Work], tmp_path: Path) -> None:
    repository = past(make_work).open(tmp_path / "origin" / "memories")
    assert repository.content("", "a.xml") is None
    assert repository.content(repository.resolve("HEAD") or "", "a.xml") is None
    with pytest.raises(NotHere):
        repository.content("1" * 40, "a.xml")
    repository.close()
