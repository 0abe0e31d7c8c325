"""Which repository a tree belongs to, what state it is in, and what is not committed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git import objects, worktree_status
from index.git.repository import Refused, Repository
from index.model.commits import State
from index.model.errors import NotHere
from index.storage import files
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def test_state(work: Work) -> None:
    repository = work.open()
    assert repository.state() == State("main", False, "", False, "Ana Kovač", work.head())
    assert (repository.root, repository.tree) == (work.root, work.tree)
    work.git("switch", "-qc", "agents/résumé")
    work.write("memories/b.xml", ENTRY)
    assert repository.state() == State("agents/résumé", False, "", True, "Ana Kovač", work.head())


def test_state_before_the_first_commit(make_work: Callable[..., Work]) -> None:
    work = make_work()
    repository = work.open()
    assert repository.state() == State("main", False, "", False, "Ana Kovač", None)
    assert list(repository.log()) == []
    assert repository.blob("HEAD", "a.xml") is None
    work.write("memories/a.xml", ENTRY)
    assert repository.uncommitted() == ["a.xml"]


def test_the_root_as_tree(make_work: Callable[..., Work]) -> None:
    work = make_work(tree=".")
    commit = work.save("a.xml", ENTRY)
    assert work.files_of("HEAD") == ["a.xml"]
    repository = work.open()
    assert repository.blob(commit.revision or "", "a.xml") == ENTRY
    assert [revision.files for revision in repository.log()] == [(("A", "a.xml"),)]
    for odd in (":(top)x.xml", "*.xml"):
        assert repository.save_all([(repository.snapshot(odd), NEW)], "odd").revision == work.head()
        assert work.files_of("HEAD") == [odd]
    work.write("a.xml", NEW)
    (work.root / "*.xml").unlink()
    work.write(":(literal)new.xml", NEW)
    assert repository.uncommitted() == ["*.xml", ":(literal)new.xml", "a.xml"]


def test_a_tree_behind_a_link(work: Work, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(work.tree)
    repository = work.open(tmp_path / "link")
    assert repository.tree == work.tree
    snapshot = repository.snapshot(tmp_path / "link" / "a.xml")
    assert snapshot.path == "a.xml"
    assert repository.save_all([(snapshot, NEW)], "through the link").revision == work.head()
    assert work.status() == ""


def test_a_file_names_its_folder(work: Work) -> None:
    assert work.open(work.tree / "a.xml").tree == work.tree


def test_a_worktree(work: Work, tmp_path: Path) -> None:
    """Scenario 17: its own HEAD and index, and the lock of the other does not matter."""
    work.git("worktree", "add", "-q", "-b", "second", str(tmp_path / "second"))
    work.write(".git/index.lock", b"")
    second = Work(tmp_path / "second")
    repository = second.open()
    assert repository.root == second.root
    assert repository.state().branch == "second"
    commit = repository.save_all([(repository.snapshot("a.xml"), NEW)], "in the worktree")
    repository.close()
    assert commit.revision == second.head()
    assert work.git("rev-parse", "second") == commit.revision != work.head()
    assert second.status() == ""


def test_a_submodule(work: Work, make_work: Callable[..., Work]) -> None:
    """Scenario 17: the commit goes to the submodule, once it is on a branch."""
    outer = make_work("outer")
    outer.git("submodule", "--quiet", "add", str(work.root), "inner")
    inner = Work(outer.root / "inner")
    repository = inner.open()
    assert repository.root == inner.root
    commit = repository.save_all([(repository.snapshot("a.xml"), NEW)], "in the submodule")
    repository.close()
    assert commit.revision == inner.head() != work.head()
    assert inner.files_of("HEAD") == ["memories/a.xml"]


def test_variables_of_another_repositorys_hook(
    work: Work, make_work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_work("other")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git/objects"))
    repository = work.open()
    monkeypatch.undo()
    # `undo` has also lifted the isolation from the user's settings; nothing here depends on those.
    assert repository.root == work.root
    assert repository.blob("HEAD", "a.xml") == ENTRY


def test_what_is_not_committed(work: Work) -> None:
    repository = work.open()
    assert repository.uncommitted() == []
    for path in ("b.xml", "sub/c.XML", "gone.xml", "link.xml"):
        work.commit(f"memories/{path}", ENTRY)
    work.commit(".gitignore", b"ignored*\n")
    work.write("memories/ignored.xml", ENTRY)
    work.write("memories/.hidden/x.xml", ENTRY)
    work.write("memories/notes.txt", b"no memory")
    work.write("src/other.xml", b"<not-in-the-tree/>")
    assert repository.uncommitted() == []

    work.write("memories/sub/c.XML", NEW)
    work.write("memories/new/d.xml", NEW)
    work.write("memories/staged.xml", NEW)
    work.git("add", "memories/staged.xml", "memories/sub/c.XML")
    (work.tree / "gone.xml").unlink()
    (work.tree / "link.xml").unlink()
    (work.tree / "link.xml").symlink_to("b.xml")
    os.mkfifo(work.tree / "pipe.xml")
    assert repository.uncommitted() == ["gone.xml", "link.xml", "new/d.xml", "staged.xml", "sub/c.XML"]
    assert repository.state().dirty
    work.git("add", "--all", "memories")
    work.git("commit", "-qm", "all")
    assert repository.uncommitted() == []
    assert not repository.state().dirty


def test_a_file_is_read_again_only_when_it_was_touched(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree_status, "_SETTLED", -(10**12))
    reads = []

    def count(path: Path) -> bytes:
        reads.append(path.name)
        return files.read(path)

    monkeypatch.setattr(worktree_status, "read", count)
    repository = work.open()
    assert repository.uncommitted() == repository.uncommitted() == []
    assert reads == ["a.xml"]
    work.write("memories/a.xml", NEW)
    assert repository.uncommitted() == ["a.xml"]
    work.git("commit", "-qam", "new")
    assert repository.uncommitted() == []
    assert work.commit("memories/b.xml", NEW)
    assert repository.uncommitted() == []
    assert reads == ["a.xml", "a.xml", "a.xml", "b.xml"]


def test_a_fresh_file_is_not_trusted_by_its_time(work: Work) -> None:
    """Two writes of the same size within one tick of the clock look alike from outside."""
    repository = work.open()
    file = work.tree / "a.xml"
    for data in (NEW, ENTRY, NEW):
        file.write_bytes(data)
        assert repository.uncommitted() == ([] if data == ENTRY else ["a.xml"])


def test_a_sparse_checkout_misses_nothing(work: Work) -> None:
    work.commit("memories/sub/b.xml", ENTRY)
    work.git("sparse-checkout", "set", "--no-cone", "/src/", "/memories/a.xml")
    assert not (work.tree / "sub").exists()
    assert work.open().uncommitted() == []


def test_a_repository_in_the_tree_is_named_where_it_holds_memories(work: Work) -> None:
    for name, file in (("nested", "deep/x.xml"), ("tool", "main.c")):
        work.git("init", "-q", f"memories/{name}")
        work.write(f"memories/{name}/{file}", b"<a/>")
    repository = work.open()
    repository.uncommitted()
    assert repository.nested() == ("nested/",)


def test_files_under_a_filter_are_not_judged(work: Work) -> None:
    work.commit(".gitattributes", b"secret.xml filter=crypt\nplain.xml -filter\n")
    work.git("config", "filter.crypt.clean", "tr a-z n-za-m")
    work.commit("memories/secret.xml", ENTRY)
    work.commit("memories/plain.xml", ENTRY)
    work.write("memories/plain.xml", NEW)
    work.write("memories/secret.xml", NEW)
    repository = work.open()
    assert repository.uncommitted() == ["plain.xml"]
    commit = repository.save_all([(repository.snapshot("secret.xml"), ENTRY)], "stored as the filter has it")
    assert commit.revision is None
    commit = repository.save_all([(repository.snapshot("secret.xml"), NEW)], "stored as the filter has it")
    assert (commit.revision, commit.changed_by_hook) == (work.head(), False)
    assert work.show("HEAD:memories/secret.xml") != NEW
    assert work.status() == " M memories/plain.xml"


def test_blobs_of_older_revisions(work: Work) -> None:
    first = work.head()
    work.commit("memories/a.xml", NEW)
    work.git("tag", "-m", "annotated", "v1", first)
    repository = work.open()
    assert repository.blob(first, "a.xml") == repository.blob("v1", "a.xml") == ENTRY
    assert repository.blob("HEAD", "a.xml") == repository.blob("main", "a.xml") == NEW
    assert repository.blob(first[:10], "a.xml") == ENTRY
    for rev, path in (
        ("HEAD", "gone.xml"),
        ("HEAD", ""),
        ("HEAD", ".."),
        ("nowhere", "a.xml"),
        ("--help", "a.xml"),
        ("HEAD\nHEAD", "a.xml"),
        ("", "a.xml"),
    ):
        assert repository.blob(rev, path) is None, (rev, path)
    assert repository.blob("HEAD", "a.xml") == NEW


def test_what_a_folder_held(make_work: Callable[..., Work]) -> None:
    for options in ((), ("--object-format=sha256",)):
        work = make_work(f"listing{len(options)}", *options)
        first = work.commit("memories/b/ä\n.xml", b"<a/>")
        work.commit("memories/b/new.xml", b"<a/>")
        repository = work.open()
        folder = repository.blob_id(first, "memories/b")
        assert repository.listing(folder) == {"ä\n.xml": repository.blob_id(first, "memories/b/ä\n.xml")}
        assert repository.listing(repository.blob_id("HEAD", "memories/b/new.xml")) == {}
        assert repository.listing("") == {}


def test_a_version_too_large_is_refused_and_the_next_one_read(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = work.commit("memories/a.xml", ENTRY.replace(b"one", b"x" * 3_000_000))
    small = work.commit("memories/a.xml", NEW)
    repository = work.open()
    monkeypatch.setattr(objects, "LIMIT", 1_000_000)
    for _ in range(2):
        with pytest.raises(Refused, match="larger than"):
            repository.blob(large, "a.xml")
        assert repository.blob(small, "a.xml") == NEW


def test_the_running_command_can_end_at_any_time(work: Work) -> None:
    repository = work.open()
    assert repository.blob("HEAD", "a.xml") == ENTRY
    command = repository.checkout.objects._cat_file
    for name in ("cat_file_header", "cat_file_all"):
        getattr(command, name).proc.kill()
        getattr(command, name).proc.wait()
        assert repository.blob("HEAD", "a.xml") == ENTRY
    assert repository.save_all([(repository.snapshot("a.xml"), NEW)], "after").revision == work.head()


def test_a_sha256_repository(make_work: Callable[..., Work]) -> None:
    work = make_work("project", "--object-format=sha256")
    repository = work.open()
    assert repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "one").revision == work.head()
    assert repository.save_all([(repository.snapshot("a.xml"), NEW)], "two").revision == work.head()
    assert repository.blob("HEAD^", "a.xml") == ENTRY
    assert repository.blob("HEAD", "a.xml") == NEW
    assert [revision.message for revision in repository.log()] == ["two", "one"]
    assert repository.uncommitted() == []


def test_a_shallow_clone(work: Work, tmp_path: Path) -> None:
    work.commit("memories/a.xml", NEW)
    work.git("clone", "-q", "--depth=1", f"file://{work.root}", str(tmp_path / "shallow"))
    clone = Work(tmp_path / "shallow")
    repository = clone.open()
    assert repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "shallow").revision == clone.head()
    assert [revision.message for revision in repository.log()] == ["shallow", "by hand"]
    repository.close()


def test_threads_get_the_right_objects(work: Work) -> None:
    versions = {}
    for i in range(20):
        data = f"<entry n='{i}'>{'x' * i * 500}</entry>".encode()
        versions[work.commit("memories/a.xml", data)] = data
    repository = work.open()
    wrong: list[str] = []

    def read() -> None:
        for _ in range(5):
            wrong.extend(rev for rev, data in versions.items() if repository.blob(rev, "a.xml") != data)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_close_leaves_no_process(work: Work) -> None:
    repository = work.open()
    repository.blob("HEAD", "a.xml")
    command = repository.checkout.objects._cat_file
    running = [getattr(command, name).proc for name in ("cat_file_header", "cat_file_all")]
    assert [process.poll() for process in running] == [None, None]
    repository.close()
    assert all(process.poll() is not None for process in running)


def test_git_is_imported_only_when_there_is_a_repository(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom index.git.repository import Repository\n"
        "assert 'git' not in sys.modules\n"
        "assert Repository.find(Path(sys.argv[1])) is None\n"
        "print('git' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "False\n"


def test_a_path_with_a_line_break(make_work: Callable[..., Work]) -> None:
    work = make_work("my\nproject", tree="mem\nories")
    repository = work.open()
    assert repository.root == work.root
    assert repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "one").revision == work.head()
    assert repository.uncommitted() == []
    assert isinstance(repository, Repository)
    assert [revision.files for revision in repository.log()] == [(("A", "a.xml"),)]


def test_the_last_commit_is_known_however_git_keeps_it(work: Work, tmp_path: Path) -> None:
    checkout = work.open().checkout
    first = work.commit("memories/b.xml", ENTRY)
    assert checkout.head() == first
    work.git("switch", "-q", "-c", "feature/one")
    second = work.commit("memories/b.xml", NEW)
    assert checkout.head() == second
    work.git("pack-refs", "--all", "--prune")
    assert checkout.head() == second
    work.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"), first)
    assert work.open(tmp_path / "other" / "memories").checkout.head() == first
    work.git("switch", "-q", "--detach", first)
    assert checkout.head() == first
    work.git("switch", "-q", "--orphan", "fresh")
    assert checkout.head() is None


@pytest.mark.parametrize("content", [b"ref: refs/heads/../../x\n", b"ref: \0\n", b"\xff", b"ref: refs/heads"])
def test_a_head_that_is_no_branch_leads_nowhere(work: Work, content: bytes) -> None:
    checkout = work.open().checkout
    work.write(".git/x", b"0" * 40)
    work.write(".git/HEAD", content)
    with contextlib.suppress(NotHere):  # where git finds no repository any more
        assert checkout.head() is None
