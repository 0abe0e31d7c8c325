"""git is asked before a byte is written whether it would take the edit."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.git.repository import Refused
from index.model.errors import OnNoBranch
from tests.support.work import ENTRY, NEW, Work, preflight, refusal


@pytest.mark.parametrize("data", [NEW, None], ids=["edit", "delete"])
@pytest.mark.parametrize("more", [(), ("--assume-unchanged",), ("--split-index",)])
def test_a_file_that_git_passes_over(work: Work, data: bytes | None, more: tuple[str, ...]) -> None:
    work.git("update-index", "--skip-worktree", "memories/a.xml")
    for option in more:
        work.git("update-index", option, "memories/a.xml")
    said = refusal(work, "a.xml", data)
    assert "git update-index --no-skip-worktree memories/a.xml" in said
    assert work.save("b.xml", NEW).revision == work.head()
    work.git("update-index", "--no-skip-worktree", "memories/a.xml")
    assert work.save("a.xml", data).revision == work.head()


def test_a_bit_that_is_set_between_two_saves(work: Work) -> None:
    """The index is looked at again whenever somebody else has written it."""
    repository = work.open()
    repository.save_all([(repository.snapshot("a.xml"), NEW)], "one")
    work.git("update-index", "--skip-worktree", "memories/a.xml")
    with pytest.raises(Refused, match="--no-skip-worktree"):
        repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "two")
    repository.save_all([(repository.snapshot("b.xml"), NEW)], "beside it")
    with pytest.raises(Refused, match="--no-skip-worktree"):
        repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "two")


def test_a_file_assumed_unchanged_is_committed(work: Work) -> None:
    work.git("update-index", "--assume-unchanged", "memories/a.xml")
    assert work.save("a.xml", NEW).revision == work.head()
    assert work.show("HEAD:memories/a.xml") == NEW


@pytest.mark.parametrize("index", ["--sparse-index", "--no-sparse-index"])
def test_files_that_a_sparse_checkout_leaves_out(work: Work, index: str) -> None:
    """A new one there, one that is brought back, and one beside them."""
    work.commit("memories/far/c.xml", ENTRY)
    work.git("sparse-checkout", "set", "--cone", index, "src")
    assert not work.tree.exists()
    work.tree.mkdir()
    for path in ("new.xml", "a.xml", "far/d.xml", "far/c.xml"):
        (work.tree / path).parent.mkdir(exist_ok=True)
        assert work.save(path, NEW).revision == work.head()
        assert work.files_of("HEAD") == [f"memories/{path}"]
        assert work.show(f"HEAD:memories/{path}") == NEW
    assert work.status() == ""


@pytest.mark.parametrize(("at", "data"), [(0, b"DIRX"), (4, b"\0\0\0\x63")], ids=["sign", "version"])
def test_an_index_that_git_cannot_read(work: Work, at: int, data: bytes) -> None:
    file = work.root / ".git/index"
    held = bytearray(file.read_bytes())
    held[at : at + len(data)] = data
    file.write_bytes(held)
    for path in ("a.xml", "b.xml"):
        said = refusal(work, path)
        assert said.startswith("git cannot read its index: ")
        assert f"Remove {file} and run git reset, " in said
        assert "\n" not in said
    assert file.read_bytes() == held


def test_an_index_with_an_extension_that_git_does_not_know(work: Work) -> None:
    file = work.root / ".git/index"
    held = file.read_bytes()[:-20] + b"zzzz\0\0\0\0"  # a small letter: it must be understood
    file.write_bytes(held + hashlib.sha1(held).digest())
    assert "zzzz" in refusal(work, "a.xml")


@pytest.mark.parametrize(
    "settings",
    [
        "[user]\n name = \n email = a@example.com\n",
        "[user]\n name = A\n useConfigOnly = true\n",
        "[user]\n useConfigOnly = true\n[committer]\n name = A\n email = a@example.com\n",
        "[user]\n useConfigOnly = true\n[author]\n name = A\n email = a@example.com\n",
    ],
)
def test_half_an_identity(work: Work, own_git_settings: Path, settings: str) -> None:
    own_git_settings.write_text(settings)
    assert refusal(work, "a.xml").startswith("git does not know who you are")


@pytest.mark.parametrize(
    "setting",
    [
        ("commit.template", "/nowhere/template"),
        ("commit.cleanup", "scissors"),
        ("commit.verbose", "2"),
        ("commit.status", "true"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("core.commentChar", "m"),
        ("core.hooksPath", "/nowhere/hooks"),
        ("core.editor", "false"),
        ("index.version", "4"),
        ("core.splitIndex", "true"),
        ("status.showUntrackedFiles", "no"),
        ("advice.addIgnoredFile", "false"),
    ],
    ids=lambda setting: setting[0],
)
def test_settings_that_stop_no_commit(work: Work, setting: tuple[str, str]) -> None:
    work.git("config", *setting)
    for path in ("a.xml", "b.xml"):
        assert work.save(path, NEW, "memory: ü → x\n\n# kept").revision == work.head()
    assert work.git("-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--format=%B").rstrip("\n") == (
        "memory: ü → x\n\n# kept"
    )


def test_a_file_in_a_submodule_that_is_not_there(work: Work) -> None:
    work.git("update-index", "--add", "--cacheinfo", f"160000,{work.head()},memories/sub")
    work.git("commit", "-qm", "sub")
    (work.tree / "sub").mkdir()
    assert "sub" in refusal(work, "sub/x.xml")


def test_on_no_branch_when_the_user_wants_it(work: Work) -> None:
    work.git("switch", "-q", "--detach")
    repository = work.open()
    with pytest.raises(OnNoBranch, match="git switch -c NAME") as caught:
        preflight(repository, "a.xml")
    assert caught.value.way == "detached"
    repository.detached = True
    before = work.head()
    commit = repository.save_all([(repository.snapshot("a.xml"), NEW)], "memory: edit")
    assert commit.revision == work.head() != before
    assert not repository.on_branch()
    assert work.git("rev-parse", "main") == before
