"""Scenario 20, with two clones of one bare repository: fetch, merge by entry, push."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.formats.xml.document import Document
from index.git import runner
from index.history import sync as syncing
from index.history.sync import sync
from index.model.errors import Refused
from index.model.merge_outcomes import MergeConflict, Outcome
from tests.support.clones import (
    BASE,
    END,
    FILE,
    FOURTH,
    ONE,
    THIRD,
    TWO,
    edited,
    run,
    send,
    shared,
)
from tests.support.git import git
from tests.support.work import Work


def test_up_to_date(pair: tuple[Work, Work]) -> None:
    assert run(pair[0]) == Outcome(complete=True, words="Up to date with origin/main.")


def test_sending_and_getting(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    mine.commit(FILE, edited(ONE))
    head = mine.commit(FILE, edited(ONE, TWO))
    assert run(mine) == Outcome(pushed=2, complete=True, words="Pushed 2 commits to origin/main.")
    assert shared(mine) == head
    assert run(yours) == Outcome(fetched=2, complete=True, words="Pulled 2 commits from origin/main.")
    assert (yours.head(), yours.status()) == (head, "")
    assert (yours.root / FILE).read_bytes() == edited(ONE, TWO)


def test_different_entries(pair: tuple[Work, Work]) -> None:
    """Both add an entry at the end, where git's own merge gives up, and edit one each."""
    mine, yours = pair
    theirs = send(yours, FILE, edited(TWO, (END, FOURTH + END)))
    ours = mine.commit(FILE, edited(ONE, (END, THIRD + END)))
    outcome = run(mine)
    words = "Pulled 1 commit from origin/main (1 file merged by entry); pushed 2 commits."
    assert outcome == Outcome(1, ("solutions.xml",), 2, (), True, words)
    assert (mine.root / FILE).read_bytes() == edited(ONE, TWO, (END, THIRD + FOURTH + END))
    assert mine.git("rev-parse", "HEAD^1", "HEAD^2").split() == [ours, theirs]
    assert mine.git("log", "-1", "--format=%an%n%B").startswith("Ana Kovač\nmemory: merge origin/main\n")
    assert (mine.status(), shared(mine)) == ("", mine.head())
    assert not list((mine.root / ".git").glob("memarium-*"))
    assert run(yours).fetched == 2


def test_tags_as_sets(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, FILE, edited((b"a, b", b"b, c")))
    mine.commit(FILE, edited((b"a, b", b"a, b, d")))
    assert run(mine).complete
    assert (mine.root / FILE).read_bytes() == edited((b"a, b", b"b, d, c"))


def test_the_same_field(pair: tuple[Work, Work]) -> None:
    """Nothing moves until it is settled: not the files, not the index, not the branch, not the remote."""
    mine, yours = pair
    theirs = send(yours, FILE, edited((b">one<", b">eins<"), TWO))
    ours = mine.commit(FILE, edited(ONE))
    mine.write("src/main.py", b"print(2)\n")
    conflict = MergeConflict("solutions.xml#1", "fix", "one", "ONE", "eins")
    words = (
        "One entry was changed here and in origin/main, each in another way: nothing was merged or pushed."
    )
    asked: list[tuple[MergeConflict, ...]] = []

    def decline(conflicts: tuple[MergeConflict, ...]) -> Mapping[tuple[str, str], str] | None:
        asked.append(conflicts)
        return None

    for choose in (None, decline):
        assert run(mine, choose) == Outcome(conflicts=(conflict,), words=words)
        assert (mine.head(), shared(mine), mine.status()) == (ours, theirs, " M src/main.py")
        assert (mine.root / FILE).read_bytes() == edited(ONE)
    assert asked == [(conflict,)]
    outcome = run(mine, lambda conflicts: {(c.entry, c.field): "theirs" for c in conflicts})
    assert (outcome.complete, outcome.conflicts) == (True, ())
    assert (mine.root / FILE).read_bytes() == edited((b">one<", b">eins<"), TWO)
    assert mine.status() == " M src/main.py"


def test_a_choice_for_some(pair: tuple[Work, Work]) -> None:
    """Asked again for what is left; what was chosen holds."""
    mine, yours = pair
    send(yours, FILE, edited((b">one<", b">eins<"), (b">two<", b">zwei<")))
    mine.commit(FILE, edited(ONE, TWO))
    asked: list[int] = []

    def one_by_one(conflicts: tuple[MergeConflict, ...]) -> Mapping[tuple[str, str], str]:
        asked.append(len(conflicts))
        return {conflicts[0][:2]: "a text" if len(asked) == 1 else "base"}

    assert run(mine, one_by_one).complete
    assert asked == [2, 1]
    assert (mine.root / FILE).read_bytes() == edited((b">one<", b">a text<"))


def test_a_commit_made_while_the_user_chooses(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, FILE, edited((b">one<", b">eins<")))
    mine.commit(FILE, edited(ONE))

    def choose(conflicts: tuple[MergeConflict, ...]) -> Mapping[tuple[str, str], str]:
        mine.commit(FILE, edited(ONE, TWO), "meanwhile")
        return {(c.entry, c.field): "theirs" for c in conflicts}

    assert run(mine, choose).complete
    assert (mine.root / FILE).read_bytes() == edited((b">one<", b">eins<"), TWO)


def test_work_that_is_not_committed(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    mine.write("memories/other.xml", b"<a><b>2</b></a>\n")
    mine.write("memories/new.xml", b"<a/>\n")
    mine.write("src/main.py", b"print(2)\n")
    mine.git("add", "src/main.py")
    before = mine.status()
    assert run(mine).complete
    assert mine.status() == before == " M memories/other.xml\nM  src/main.py\n?? memories/new.xml"
    assert (mine.root / FILE).read_bytes() == edited(ONE, TWO)


@pytest.mark.parametrize("conflict", [False, True])
def test_a_file_in_the_way(pair: tuple[Work, Work], conflict: bool) -> None:
    mine, yours = pair
    send(yours, FILE, edited((b">one<", b">eins<")))
    ours = mine.commit(FILE, edited(ONE if conflict else TWO))
    mine.write(FILE, edited((b"<level>2", b"<level>5"), data=(mine.root / FILE).read_bytes()))
    data = (mine.root / FILE).read_bytes()
    asked: list[object] = []

    def choose(conflicts: object) -> None:
        asked.append(conflicts)

    with pytest.raises(
        Refused, match=r"solutions\.xml has changes that are not committed.*Nothing was merged"
    ):
        run(mine, choose)
    assert asked == [], "asked in vain"
    assert (mine.head(), (mine.root / FILE).read_bytes()) == (ours, data)


def test_a_new_file_in_the_way(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, "memories/new.xml", b"<theirs/>\n")
    mine.write("memories/new.xml", b"<ours/>\n")
    with pytest.raises(Refused, match=r"^memories/new\.xml has changes that are not committed"):
        run(mine)
    assert (mine.root / "memories/new.xml").read_bytes() == b"<ours/>\n"


def test_other_files_in_conflict(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, "src/main.py", b"print(2)\n")
    ours = mine.commit("src/main.py", b"print(3)\n")
    with pytest.raises(
        Refused, match=r"^src/main\.py changed on both sides.*run git pull.*Nothing was merged"
    ):
        run(mine)
    assert (mine.head(), mine.status()) == (ours, "")


def test_a_deleted_file(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    (yours.root / FILE).unlink()
    yours.git("commit", "-qam", "gone")
    yours.git("push", "-q")
    mine.commit(FILE, edited(ONE))
    text = edited(ONE).decode()
    assert run(mine).conflicts == (MergeConflict("solutions.xml", "", BASE.decode(), text, None),)
    assert run(mine, lambda _: {("solutions.xml", ""): "theirs"}).complete
    assert not (mine.root / FILE).exists()
    assert mine.status() == ""


def test_a_file_that_moved(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    yours.git("mv", FILE, "memories/moved.xml")
    yours.git("commit", "-qm", "moved")
    send(yours, "memories/moved.xml", edited(TWO, (END, FOURTH + END)))
    mine.commit(FILE, edited(ONE, (END, THIRD + END)))
    assert run(mine).merged == ("moved.xml",)
    assert (mine.root / "memories/moved.xml").read_bytes() == edited(ONE, TWO, (END, THIRD + FOURTH + END))
    assert not (mine.root / FILE).exists()


def test_lines_that_git_merges_into_broken_xml(pair: tuple[Work, Work]) -> None:
    """Each side puts other entries into a group: as lines they do not meet, as elements they cross."""
    mine, yours = pair
    lines = [f"<note id='{number}'>text</note>" for number in range(8)]

    def notes(*inside: str) -> bytes:
        return "\n".join(["<notes>", *inside, "</notes>", ""]).encode()

    send(yours, FILE, notes(*lines))
    assert run(mine).complete
    send(yours, FILE, notes(*lines[:3], "<h>", *lines[3:7], "</h>", lines[7]))
    mine.commit(FILE, notes(lines[0], "<g>", *lines[1:5], "</g>", *lines[5:]))
    assert run(mine).merged == ("solutions.xml",)
    result = Document.parse((mine.root / FILE).read_bytes())
    assert result.errors == ()
    assert [result.names[element] for element in result.children(0)] == ["note", "g", "h", "note"]


@pytest.mark.parametrize("moment", ["post-merge", "pre-push"])
def test_a_push_that_comes_second(
    pair: tuple[Work, Work], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another push lands between our fetch and our push, or within our push: fetch, merge and push again."""
    mine, yours = pair
    monkeypatch.setattr(syncing, "PAUSE", 0.001)
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    flag = tmp_path / "flag"
    yours.commit("memories/other.xml", b"<a><b>3</b></a>\n")
    mine.hook(
        moment,
        f"test -e {flag} && exit 0\ntouch {flag}\nunset $(git rev-parse --local-env-vars)\n"
        f"git -C {yours.root} push -q",
    )
    outcome = run(mine)
    assert flag.exists()
    assert (outcome.fetched, outcome.complete) == (2, True)
    assert shared(mine) == mine.head()
    assert (mine.root / "memories/other.xml").read_bytes() == b"<a><b>3</b></a>\n"


def test_a_push_that_is_rejected(pair: tuple[Work, Work], tmp_path: Path) -> None:
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    hook = tmp_path / "shared.git/hooks/pre-receive"
    hook.write_text('#!/bin/sh\necho "only on\033[31m weekdays."; echo "Ask Ann."\nexit 1\n')
    hook.chmod(0o755)
    outcome = run(mine)
    assert (outcome.fetched, outcome.pushed, outcome.complete) == (1, 0, False)
    assert outcome.words == (
        "origin rejected the push: pre-receive hook declined; only on weekdays; Ask Ann. 2 commits wait here."
    )
    hook.unlink()
    assert run(mine).pushed == 2


def test_pushes_that_never_get_through(pair: tuple[Work, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    mine, yours = pair
    monkeypatch.setattr(syncing, "PAUSE", 0.001)
    monkeypatch.setattr(syncing, "TRIES", 2)
    mine.commit(FILE, edited(ONE))
    mine.hook(
        "pre-push",
        "unset $(git rev-parse --local-env-vars)\n"
        f"cd {yours.root}\ngit commit -q --allow-empty -m x && git pull -q --no-rebase && git push -q",
    )
    outcome = run(mine)
    assert not outcome.complete
    assert outcome.words.startswith("origin/main keeps moving: sync again in a moment.")


def test_a_hook_of_ours_that_stops_the_push(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.commit(FILE, edited(ONE))
    mine.hook("pre-push", "echo no tests >&2; exit 1")
    words = run(mine).words
    assert (
        words
        == "The pre-push hook stopped the push: no tests; error: failed to push some refs to "
        + (words.partition("refs to ")[2])
    )


def test_a_push_that_git_stops_is_not_taken_for_a_missing_connection(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.commit(FILE, edited(ONE))
    mine.git("config", "push.gpgSign", "true")
    assert run(mine).words.startswith("The push to origin failed: the receiving end does not support")


def test_a_hook_of_ours_that_takes_long(pair: tuple[Work, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, unlike a repository that does not answer; and stopped when the user wants it."""
    mine, _ = pair
    monkeypatch.setattr(runner, "TIME_LIMIT", 2.0)
    mine.commit(FILE, edited(ONE))
    mine.hook("pre-push", "cat > /dev/null; echo testing >&2; sleep 3")
    assert run(mine).complete
    mine.commit(FILE, edited(ONE, TWO))
    mine.hook("pre-push", "cat > /dev/null; exec sleep 60")
    repository = mine.open()
    repository.watcher.tell = lambda line: repository.watcher.stop.set() if "pre-push" in line else None
    outcome = sync(repository.checkout)
    assert outcome.words == "The pre-push hook was stopped. 1 commit waits here."


def test_a_remote_that_is_empty(make_work: Callable[..., Work], tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "shared.git"))
    git(tmp_path, "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "mine"))
    mine = Work(tmp_path / "mine")
    mine.tree.mkdir()
    assert run(mine).words == "Up to date with origin/main."
    mine.commit(FILE, BASE)
    assert run(mine).words == "Pushed 1 commit to origin/main."
    git(tmp_path, "init", "-q", str(tmp_path / "late"))
    late = Work(tmp_path / "late")
    late.tree.mkdir()
    late.git("remote", "add", "origin", str(tmp_path / "shared.git"))
    late.git("config", "branch.main.remote", "origin")
    late.git("config", "branch.main.merge", "refs/heads/main")
    assert run(late).words == "Pulled 1 commit from origin/main."
    assert (late.root / FILE).read_bytes() == BASE
