"""One edit is one commit of one path, and everything else stays as it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git.repository import Refused
from index.git.saving import commit_files
from index.git.saving.commit_files import save_changes
from index.history.undo import can_undo
from index.model.errors import Conflict, TreeError
from index.model.path_spelling import spelled
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def test_the_rest_stays_as_it_was(work: Work) -> None:
    """Scenario 1: staged, changed, half-staged, deleted and untracked work elsewhere."""
    for name in ("staged", "changed", "half", "gone"):
        work.commit(f"src/{name}.py", b"1\n")
    work.write("src/staged.py", b"2\n")
    work.write("src/half.py", b"2\n")
    work.write("memories/new.xml", b"<staged/>\n")
    work.git("add", "src/staged.py", "src/half.py", "memories/new.xml")
    work.write("src/half.py", b"3\n")
    work.write("src/changed.py", b"2\n")
    work.write("src/untracked.py", b"1\n")
    (work.root / "src/gone.py").unlink()
    status, index, before = work.status(), work.git("ls-files", "-s", "src", "memories/new.xml"), work.head()

    commit = work.save("a.xml", NEW, "memory: edit title\n\n# not a comment")

    assert commit == commit_files.Commit(work.head())
    assert work.files_of("HEAD") == ["memories/a.xml"]
    assert work.git("rev-parse", "HEAD^") == before
    assert work.git("log", "-1", "--format=%B%cn") == ("memory: edit title\n\n# not a comment\nAna Kovač")
    assert work.show("HEAD:memories/a.xml") == NEW
    assert work.status() == status
    assert work.git("ls-files", "-s", "src", "memories/new.xml") == index


def test_a_new_file_in_a_new_folder(work: Work) -> None:
    """Scenario 2."""
    work.write("memories/other.xml", b"<untracked/>\n")
    commit = work.save("project-knowledge/shop/lessons.xml", NEW)
    assert work.files_of(commit.revision or "") == ["memories/project-knowledge/shop/lessons.xml"]
    assert work.show("HEAD:memories/project-knowledge/shop/lessons.xml") == NEW
    assert work.status() == "?? memories/other.xml"


def test_a_new_file_that_the_user_has_staged(work: Work) -> None:
    work.write("memories/b.xml", b"<staged/>\n")
    work.git("add", "memories/b.xml")
    assert work.save("b.xml", NEW).revision == work.head()
    assert work.status() == ""


def test_a_deletion_is_a_commit(work: Work) -> None:
    """Scenario 3: deletion."""
    commit = work.save("a.xml", None)
    assert work.git("diff-tree", "--no-commit-id", "--name-status", "-r", commit.revision or "") == (
        "D\tmemories/a.xml"
    )
    assert not (work.tree / "a.xml").exists()
    assert work.status() == ""


def test_deleting_an_untracked_file_commits_nothing(work: Work) -> None:
    work.write("memories/b.xml", b"<b/>\n")
    before = work.head()
    assert work.save("b.xml", None).revision is None
    assert not (work.tree / "b.xml").exists()
    assert work.head() == before


def test_two_files_are_one_commit(work: Work) -> None:
    repository = work.open()
    a, b = repository.snapshot("a.xml"), repository.snapshot("b.xml")
    commit = save_changes(repository.checkout, [(a, None), (b, ENTRY)], "memory: move")
    assert commit.revision == work.head()
    assert work.files_of("HEAD") == ["memories/a.xml", "memories/b.xml"]
    assert work.status() == ""


def test_the_first_commit_has_only_ours(make_work: Callable[..., Work]) -> None:
    """Scenario 4: unborn branch, another file staged."""
    work = make_work()
    work.write("README", b"staged\n")
    work.git("add", "README")
    commit = work.save("a.xml", NEW)
    assert commit == commit_files.Commit(work.head())
    assert work.git("rev-list", "--count", "HEAD") == "1"
    assert work.files_of("HEAD") == ["memories/a.xml"]
    assert work.status() == "A  README"


def test_changed_on_disk(work: Work) -> None:
    """Scenario 9: Conflict, the disk untouched; also when the file is gone, or has come."""
    repository = work.open()
    known, unknown = repository.snapshot("a.xml"), repository.snapshot("b.xml")
    before = work.head()
    work.write("memories/a.xml", b"<theirs/>\n")
    work.write("memories/b.xml", b"<theirs/>\n")
    for snapshot in (known, unknown):
        with pytest.raises(
            Conflict, match=r"was changed by another program .* Nothing was written\."
        ) as caught:
            repository.save_all([(snapshot, NEW)], "mine")
        assert caught.value.disk == b"<theirs/>\n"
    (work.tree / "a.xml").unlink()
    with pytest.raises(Conflict, match="was deleted by another program") as caught:
        repository.save_all([(known, NEW)], "mine")
    assert caught.value.disk is None
    assert work.head() == before
    assert work.status() == " D memories/a.xml\n?? memories/b.xml"


def test_changed_at_head(work: Work) -> None:
    """Scenario 10: the disk is as it was loaded, but another process committed something else."""
    repository = work.open()
    snapshot = repository.snapshot("a.xml")
    work.commit("memories/a.xml", b"<theirs/>\n")
    work.write("memories/a.xml", ENTRY)
    with pytest.raises(
        Conflict, match=r"was changed in git since it was opened\. Nothing was written\."
    ) as caught:
        repository.save_all([(snapshot, NEW)], "mine")
    assert caught.value.disk == ENTRY
    assert (work.tree / "a.xml").read_bytes() == ENTRY


def test_another_commit_of_what_was_loaded_is_no_conflict(work: Work) -> None:
    """An agent wrote, the file was opened, the agent committed: HEAD now holds the bytes that were loaded."""
    work.write("memories/a.xml", b"<agent/>\n")
    repository = work.open()
    snapshot = repository.snapshot("a.xml")
    agents = work.commit("memories/a.xml", b"<agent/>\n", "the agent's")
    work.commit("src/main.py", b"print(2)\n")
    commit = repository.save_all([(snapshot, NEW)], "mine")
    assert (commit.revision, commit.raced) == (work.head(), False)
    assert work.git("log", "--format=%H", "-2", "--", "memories").split() == [commit.revision, agents]


@pytest.mark.parametrize("setting", ["autocrlf", "attributes"])
def test_line_endings(work: Work, setting: str) -> None:
    """Scenario 13: LF in git, CRLF on disk, and git sees a clean file."""
    if setting == "autocrlf":
        work.git("config", "core.autocrlf", "true")
    else:
        work.commit(".gitattributes", b"*.xml text eol=crlf\n")
    crlf = NEW.replace(b"\n", b"\r\n")
    assert work.save("a.xml", crlf) == commit_files.Commit(work.head())
    assert work.show("HEAD:memories/a.xml") == NEW
    assert (work.tree / "a.xml").read_bytes() == crlf
    assert work.status() == ""
    assert work.open().uncommitted() == []
    assert work.save("a.xml", crlf).revision is None


ODD = ["[ab].xml", ":(top)x.xml", "-rf.xml", "*", "a\nb.xml", "ü \u202e.xml", '"q".xml', "\\.xml", "$(x).xml"]


@pytest.mark.parametrize("name", [*ODD, os.fsdecode(b"\xff.xml")])
@pytest.mark.parametrize("known", [True, False])
def test_odd_names_are_exactly_that_file(work: Work, name: str, known: bool) -> None:
    """Scenario 14."""
    for other in ("b.xml", "x.xml"):
        work.commit(f"memories/{other}", b"<other/>\n")
    if known:
        work.commit(f"memories/{name}", ENTRY)
    for other in ("b.xml", "x.xml"):
        work.write(f"memories/{other}", b"<changed/>\n")
    repository = work.open()
    commit = repository.save_all([(repository.snapshot(name), NEW)], "odd")
    assert commit == commit_files.Commit(work.head())
    assert work.files_of("HEAD") == [f"memories/{name}"]
    assert repository.blob("HEAD", name) == NEW
    assert [r.files for r in repository.log(name, limit=1)] == [(("M" if known else "A", spelled(name)),)]
    assert repository.uncommitted() == ["b.xml", "x.xml"]
    assert repository.save_all([(repository.snapshot(name), None)], "and away").revision == work.head()


@pytest.mark.parametrize("message", ["--output=x", "-F/etc/passwd", "nul\0 in it", "# all comment", "\ud800"])
def test_odd_messages(work: Work, message: str) -> None:
    work.save("a.xml", NEW, message)
    expected = message.replace("\0", "").replace("\ud800", "?")
    assert work.git("log", "-1", "--format=%B") == expected
    assert work.status() == ""


def test_a_message_there_must_be(work: Work) -> None:
    with pytest.raises(Refused, match=r"has no message: .* Nothing was written\."):
        work.save("a.xml", NEW, " \n\0")
    assert work.status() == ""


def test_a_link_is_kept_and_its_target_committed(work: Work) -> None:
    """Scenario 15: inside the tree."""
    (work.tree / "link.xml").symlink_to("a.xml")
    work.git("add", "memories")
    work.git("commit", "-qm", "a link")
    commit = work.save("link.xml", NEW)
    assert work.files_of(commit.revision or "") == ["memories/a.xml"]
    assert (work.tree / "link.xml").is_symlink()
    assert work.status() == ""


def test_a_link_out_of_the_tree_is_refused(work: Work, tmp_path: Path) -> None:
    """Scenario 15: outside the repository, and outside the tree but in the repository."""
    (tmp_path / "outside.xml").write_bytes(ENTRY)
    (work.tree / "out.xml").symlink_to(tmp_path / "outside.xml")
    (work.tree / "main.xml").symlink_to("../src/main.py")
    (work.tree / "up").symlink_to("..")
    repository = work.open()
    for path in ("out.xml", "main.xml", "up/src/main.py", "../src/main.py", tmp_path / "outside.xml"):
        with pytest.raises(Refused, match="leads out of the tree"):
            repository.snapshot(path)
    assert (tmp_path / "outside.xml").read_bytes() == ENTRY


def test_the_same_bytes_commit_nothing(work: Work) -> None:
    work.hook("pre-commit", "touch .git/ran")
    before = work.head()
    assert work.save("a.xml", ENTRY) == commit_files.Commit(None)
    assert work.head() == before
    assert not (work.root / ".git/ran").exists()


def test_going_back_to_what_head_holds_commits_nothing(work: Work) -> None:
    work.write("memories/a.xml", b"<not committed/>\n")
    assert work.save("a.xml", ENTRY) == commit_files.Commit(None)
    assert work.status() == ""
    crlf = ENTRY.replace(b"\n", b"\r\n")
    work.git("config", "core.autocrlf", "true")
    assert work.save("a.xml", crlf) == commit_files.Commit(None)
    assert work.git("diff") == ""
    assert work.open().uncommitted() == []


def test_the_disk_refuses(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = work.head()
    for path in ("a.xml", "new/b.xml"):
        with pytest.raises(TreeError, match=r"cannot be saved: the disk is full\.$"):
            work.save(path, NEW)
    assert work.head() == before
    assert work.status() == ""
    assert (work.tree / "a.xml").read_bytes() == ENTRY


def test_a_save_starts_few_processes(work: Work) -> None:
    """The commit alone: the identity is known, and the one that keeps running tells HEAD."""
    repository = work.open()
    repository.save_all([(repository.snapshot("a.xml"), NEW)], "warm")
    before = repository.checkout.runner.started
    repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "measured")
    assert repository.checkout.runner.started - before == 1


@pytest.mark.parametrize("form", ["--index-version=4", "--split-index"])
def test_it_asks_git_about_an_index_that_only_git_can_read(work: Work, form: str) -> None:
    repository = work.open()
    repository.save_all([(repository.snapshot("a.xml"), NEW)], "warm")
    work.git("update-index", form)
    before = repository.checkout.runner.started
    repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "measured")
    assert repository.checkout.runner.started - before == 2


def test_it_starts_no_more_to_see_whether_it_can_be_undone(work: Work) -> None:
    """A filter program may be set up for the whole machine, and be that of no file here."""
    work.git("config", "filter.upper.clean", "cat")
    repository = work.open()
    repository.checkout.settings.values()
    before = repository.checkout.runner.started
    assert can_undo(repository, ["a.xml"])
    assert repository.checkout.runner.started == before


@pytest.mark.parametrize("place", [".gitattributes", "memories/.gitattributes", ".git/info/attributes"])
def test_behind_a_filter_program_it_cannot_be_undone(work: Work, place: str) -> None:
    work.git("config", "filter.upper.clean", "tr a-z A-Z")
    work.git("config", "filter.upper.smudge", "cat")
    file = work.root / place
    file.parent.mkdir(exist_ok=True)
    file.write_text("*.xml filter=upper\n")
    work.git("add", "--renormalize", ".")
    work.git("commit", "-qm", "in capitals")
    assert not can_undo(work.open(), ["a.xml"])


def test_find_is_not_needed_twice(work: Work) -> None:
    repository = work.open()
    repository.save_all([(repository.snapshot("a.xml"), NEW)], "one")
    repository.close()
    assert repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "two").revision == work.head()
