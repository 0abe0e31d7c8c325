"""Who commits are by: asked of git as often as it may have changed, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.git.repository import Repository
from index.model.errors import Refused
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def name_of(repository: Repository) -> str:
    return repository.state().identity


def asked(repository: Repository) -> int:
    """How many processes it takes to learn the name once more."""
    checkout = repository.checkout
    before = checkout.runner.started
    checkout.identity()
    return checkout.runner.started - before


def test_git_is_asked_once(work: Work) -> None:
    repository = work.open()
    assert name_of(repository) == "Ana Kovač"
    assert asked(repository) == 0


def test_a_change_of_the_repositorys_settings_counts(work: Work) -> None:
    repository = work.open()
    name_of(repository)
    work.git("config", "user.name", "Bo")
    assert name_of(repository) == "Bo"


def test_a_change_of_the_users_settings_counts(work: Work, own_git_settings: Path) -> None:
    repository = work.open()
    name_of(repository)
    with own_git_settings.open("a") as file:
        file.write("[user]\n\tname = Cy\n")
    assert name_of(repository) == "Cy"


def test_a_variable_counts(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = work.open()
    name_of(repository)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Di")
    assert name_of(repository) == "Di"


def test_settings_that_include_others_are_asked_for_each_time(work: Work, tmp_path: Path) -> None:
    included = tmp_path / "included"
    included.write_text("[user]\n\tname = Ed\n")
    work.git("config", "include.path", str(included))
    repository = work.open()
    assert name_of(repository) == "Ed"
    included.write_text("[user]\n\tname = Flo\n")
    assert name_of(repository) == "Flo"


def test_in_a_worktree_the_settings_are_the_repositorys(work: Work, tmp_path: Path) -> None:
    work.git("worktree", "add", "-q", str(tmp_path / "other"))
    repository = work.open(tmp_path / "other" / "memories")
    assert (name_of(repository), asked(repository)) == ("Ana Kovač", 0)
    work.git("config", "user.name", "Gil")
    assert name_of(repository) == "Gil"


def test_an_identity_that_went_is_missed_before_anything_is_written(
    work: Work, own_git_settings: Path
) -> None:
    repository = work.open()
    repository.save_all([(repository.snapshot("a.xml"), NEW)], "one")
    own_git_settings.write_text("[user]\n\tuseConfigOnly = true\n")
    work.git("config", "--unset", "user.name", check=False)
    with pytest.raises(Refused, match="does not know who you are"):
        repository.save_all([(repository.snapshot("a.xml"), ENTRY)], "two")
    assert (work.tree / "a.xml").read_bytes() == NEW


@pytest.mark.parametrize(
    ("name", "value"),
    [("GIT_AUTHOR_DATE", "nonsense"), ("GIT_COMMITTER_DATE", "2025-99-99"), ("GIT_AUTHOR_DATE", "é")],
)
def test_a_date_that_git_refuses_is_not_taken_for_a_missing_name(
    work: Work, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=f"^git does not read {value} as a date: unset GIT_AUTHOR_DATE"):
        work.save("a.xml", NEW)
