"""Scenario 20, with two clones of one bare repository: fetch, merge by entry, push, and every reason why not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.history import sync as syncing
from index.history.errors import Refused
from index.history.merge import Conflict
from index.history.sync import Outcome, sync
from tests.unit.history.conftest import Work

FILE = "memories/solutions.xml"
BASE = b"""<solutions>
  <solution id="1">
    <fix>one</fix>
    <level>1</level>
    <tags>a, b</tags>
  </solution>
  <solution id="2">
    <fix>two</fix>
    <level>2</level>
    <tags>b</tags>
  </solution>
</solutions>
"""
THIRD = b'  <solution id="3">\n    <fix>three</fix>\n  </solution>\n'
FOURTH = b'  <solution id="4">\n    <fix>four</fix>\n  </solution>\n'


def edited(*pairs: tuple[bytes, bytes], data: bytes = BASE) -> bytes:
    for old, new in pairs:
        assert data.count(old) == 1, old
        data = data.replace(old, new)
    return data


ONE, TWO = (b">one<", b">ONE<"), (b">two<", b">TWO<")
END = b"</solutions>\n"


@pytest.fixture
def pair(make_work: Callable[..., Work], tmp_path: Path) -> tuple[Work, Work]:
    """Two clones of one bare repository; the second has everything the first has."""
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "shared.git")], check=True)
    mine = make_work("mine")
    mine.git("remote", "add", "origin", str(tmp_path / "shared.git"))
    mine.commit("src/main.py", b"print(1)\n")
    mine.commit("memories/other.xml", b"<a><b>1</b></a>\n")
    mine.commit(FILE, BASE)
    mine.git("push", "-q", "--set-upstream", "origin", "main")
    subprocess.run(["git", "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "yours")], check=True)
    return mine, Work(tmp_path / "yours")


def run(work: Work, choose: syncing.Choose | None = None) -> Outcome:
    return sync(work.open()._checkout, choose)


def shared(work: Work) -> str:
    return work.git("ls-remote", "origin", "refs/heads/main").split("\t")[0]


def send(work: Work, path: str, data: bytes) -> str:
    """Commit in another clone, and push."""
    commit = work.commit(path, data, "theirs")
    work.git("push", "-q")
    return commit


def test_up_to_date(pair: tuple[Work, Work]) -> None:
    assert run(pair[0]) == Outcome(complete=True, words="Up to date with origin/main.")


def test_sending_and_getting(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    mine.commit(FILE, edited(ONE))
    head = mine.commit(FILE, edited(ONE, TWO))
    assert run(mine) == Outcome(pushed=2, complete=True, words="Sent 2 commits to origin/main.")
    assert shared(mine) == head
    assert run(yours) == Outcome(fetched=2, complete=True, words="Got 2 commits from origin/main.")
    assert (yours.head(), yours.status()) == (head, "")
    assert (yours.root / FILE).read_bytes() == edited(ONE, TWO)


def test_different_entries(pair: tuple[Work, Work]) -> None:
    """Both add an entry at the end, where git's own merge gives up, and edit one each."""
    mine, yours = pair
    theirs = send(yours, FILE, edited(TWO, (END, FOURTH + END)))
    ours = mine.commit(FILE, edited(ONE, (END, THIRD + END)))
    outcome = run(mine)
    words = "Got 1 commit from origin/main, 1 file by entry; sent 2 commits."
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
    conflict = Conflict("solutions.xml#1", "fix", "one", "ONE", "eins")
    words = "One entry was changed here and in origin/main, each in another way: nothing was merged or sent."
    asked: list[tuple[Conflict, ...]] = []

    def decline(conflicts: tuple[Conflict, ...]) -> Mapping[tuple[str, str], str] | None:
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

    def one_by_one(conflicts: tuple[Conflict, ...]) -> Mapping[tuple[str, str], str]:
        asked.append(len(conflicts))
        return {conflicts[0][:2]: "a text" if len(asked) == 1 else "base"}

    assert run(mine, one_by_one).complete
    assert asked == [2, 1]
    assert (mine.root / FILE).read_bytes() == edited((b">one<", b">a text<"))


def test_a_commit_made_while_the_user_chooses(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    send(yours, FILE, edited((b">one<", b">eins<")))
    mine.commit(FILE, edited(ONE))

    def choose(conflicts: tuple[Conflict, ...]) -> Mapping[tuple[str, str], str]:
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
    assert (
        mine.status()
        == before
        == " M memories/other.xml\nM  src/main.py\n?? memories/new.xml".replace(
            " M memories/other.xml\nM  src", " M memories/other.xml\nM  src"
        )
    )
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
    assert run(mine).conflicts == (Conflict("solutions.xml", "", BASE.decode(), text, None),)
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
    """One side unwraps the element, the other adds into it: lines apart, so git is content."""
    mine, yours = pair
    base = b"<notes>\n<all>\n<note id='1'>a</note>\n<x>1</x>\n<x>2</x>\n</all>\n</notes>\n"
    send(yours, FILE, base)
    assert run(mine).complete
    send(yours, FILE, base.replace(b"<all>", b"<!--").replace(b"</all>", b"-->"))
    mine.commit(FILE, base.replace(b"<x>1</x>", b"<x>1</x><!-- one -->"))
    before = mine.head()
    assert [c.field for c in run(mine).conflicts] == [""] or run(mine).conflicts
    assert mine.head() == before


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
    hook.write_text('#!/bin/sh\necho "only on\033[31m weekdays"\nexit 1\n')
    hook.chmod(0o755)
    outcome = run(mine)
    assert (outcome.fetched, outcome.pushed, outcome.complete) == (1, 0, False)
    assert outcome.words == (
        "origin rejected the push: pre-receive hook declined; only on weekdays. 2 commits wait here."
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
        f"cd {yours.root} && git commit -q --allow-empty -m x && git pull -q --no-rebase --no-edit && git push -q",
    )
    outcome = run(mine)
    assert not outcome.complete
    assert outcome.words.startswith("Others push to origin/main all the time: sync again in a moment.")


def test_a_hook_of_ours_that_stops_the_push(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.commit(FILE, edited(ONE))
    mine.hook("pre-push", "echo no tests >&2; exit 1")
    words = run(mine).words
    assert "a hook here, or git, stopped the push" in words
    assert "no tests" in words


def test_a_remote_that_is_empty(make_work: Callable[..., Work], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "shared.git")], check=True)
    subprocess.run(["git", "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "mine")], check=True)
    mine = Work(tmp_path / "mine")
    mine.tree.mkdir()
    assert run(mine).words == "Up to date with origin/main."
    mine.commit(FILE, BASE)
    assert run(mine).words == "Sent 1 commit to origin/main."
    subprocess.run(["git", "init", "-q", str(tmp_path / "late")], check=True)
    late = Work(tmp_path / "late")
    late.tree.mkdir()
    late.git("remote", "add", "origin", str(tmp_path / "shared.git"))
    late.git("config", "branch.main.remote", "origin")
    late.git("config", "branch.main.merge", "refs/heads/main")
    assert run(late).words == "Got 1 commit from origin/main."
    assert (late.root / FILE).read_bytes() == BASE


# ── why not ───────────────────────────────────────────────────────────────────


def refusal(work: Work) -> str:
    head, status = work.git("rev-parse", "HEAD", check=False), work.status()
    with pytest.raises(Refused) as caught:
        run(work)
    assert (work.git("rev-parse", "HEAD", check=False), work.status()) == (head, status)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_remote_and_no_upstream(work: Work, tmp_path: Path) -> None:
    assert refusal(work).startswith("This repository knows no other one to sync with: run git remote add")
    work.git("remote", "add", "backup", str(tmp_path))
    assert "run git push --set-upstream backup main once" in refusal(work)
    work.git("switch", "-qc", "a")
    work.git("branch", "-q", "--set-upstream-to", "main")
    assert "does not follow a branch of a remote by its name" in refusal(work)


def test_states_in_which_nothing_is_merged(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.git("switch", "-q", "--detach")
    assert "on no branch (detached HEAD)" in refusal(mine)
    mine.git("switch", "-q", "main")
    mine.write(".git/MERGE_HEAD", mine.head().encode())
    with pytest.raises(Refused, match="A merge is in progress"):
        run(mine)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("../nothing", "there is no repository at its address"),
        ("http://127.0.0.1:9/user:x@y", "the network, or the host, does not answer"),
        ("https://me:secret@host.invalid/x.git", "its host cannot be found"),
        ("git://127.0.0.1:9/x", "the network, or the host, does not answer"),
    ],
)
def test_a_remote_that_cannot_be_reached(pair: tuple[Work, Work], address: str, words: str) -> None:
    mine, _ = pair
    mine.git("remote", "set-url", "origin", address)
    said = refusal(mine)
    assert said == f"origin cannot be reached: {words}" + said[len(f"origin cannot be reached: {words}") :]
    assert "secret" not in said


def test_no_common_history(pair: tuple[Work, Work], make_work: Callable[..., Work]) -> None:
    mine, yours = pair
    yours.git("checkout", "-q", "--orphan", "new")
    yours.git("commit", "-qm", "a new start")
    yours.git("push", "-qf", "origin", "new:main")
    assert "no common history" in refusal(mine)


# ── hostile settings ──────────────────────────────────────────────────────────


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def program(tmp_path: Path, canary: Path) -> str:
    file = tmp_path / "evil"
    file.write_text(f"#!/bin/sh\necho x >> {canary}\nexit 1\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    "setting",
    [
        ("remote.origin.uploadpack", "{}"),
        ("remote.origin.receivepack", "{}"),
        ("remote.origin.vcs", "ext"),
        ("remote.origin.url", "ext::{} %S"),
        ("remote.origin.pushurl", "ext::{} %S"),
        ("core.sshCommand", "{}"),
        ("core.gitProxy", "{}"),
        ("core.askPass", "{}"),
        ("core.alternateRefsCommand", "{}"),
        ("credential.helper", "!{}"),
        ("credential.https://example.com.helper", "{}"),
    ],
    ids=lambda setting: setting[0],
)
def test_settings_that_name_a_program(
    pair: tuple[Work, Work], canary: Path, program: str, setting: tuple[str, str]
) -> None:
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    mine.git("config", setting[0], setting[1].format(program))
    assert "program" in refusal(mine)
    assert not canary.exists()


def test_an_included_setting_and_a_rewritten_address(
    pair: tuple[Work, Work], canary: Path, program: str
) -> None:
    mine, _ = pair
    mine.write(".git/more", f'[remote "origin"]\n uploadpack = {program}\n'.encode())
    mine.git("config", "include.path", "more")
    assert "remote.origin.uploadpack" in refusal(mine)
    mine.git("config", "--unset", "include.path")
    mine.git("config", f"url.ext::{program} .insteadOf", str(mine.root.parent) + "/")
    mine.git("config", "protocol.ext.allow", "always")
    assert "its address starts a program" in refusal(mine)
    assert not canary.exists()


def test_programs_for_merging_and_fetching(pair: tuple[Work, Work], canary: Path, program: str) -> None:
    """A merge driver, filters for renormalizing, fsmonitor, and the hooks that a fetch would start."""
    mine, yours = pair
    send(yours, FILE, edited(TWO, (END, FOURTH + END)))
    mine.commit(FILE, edited(ONE, (END, THIRD + END)))
    mine.write(".git/info/attributes", b"*.xml merge=evil filter=evil\n")
    for name, value in {
        "merge.evil.driver": program,
        "filter.evil.clean": program,
        "merge.renormalize": "true",
        "core.fsmonitor": program,
        "fetch.recurseSubmodules": "true",
        "remote.origin.fetch": "+refs/heads/*:refs/heads/*",
    }.items():
        mine.git("config", name, value)
    mine.hook("reference-transaction", f"test $1 = prepared && grep -q remotes && {program}\nexit 0")
    checkout = mine.open()._checkout
    canary.unlink(missing_ok=True)
    from index.history.merge_trees import plan_merge
    from index.history.remote import check_settings, fetch, find_upstream

    upstream = find_upstream(checkout, "main")
    check_settings(checkout, "origin")
    head = mine.head()
    assert fetch(checkout, upstream)
    plan = plan_merge(checkout, head, checkout.objects.id(upstream.tracking) or "", {})
    assert (list(plan.files), plan.conflicts) == (["solutions.xml"], ())
    assert not canary.exists()
    assert mine.git("-c", "core.fsmonitor=false", "rev-parse", "main").strip() == head


def test_a_remote_inside_the_repository(pair: tuple[Work, Work], canary: Path, program: str) -> None:
    """Its hooks would run on a push, and it came with the files."""
    mine, _ = pair
    subprocess.run(["git", "clone", "-q", "--bare", "..", "memories/.evil"], cwd=mine.tree, check=True)
    mine.git("remote", "set-url", "origin", "./memories/.evil")
    with pytest.raises(Refused, match="lies in this repository itself"):
        run(mine)


def test_helpers_of_the_user_work(
    pair: tuple[Work, Work], own_git_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own configuration names a program for ssh: it is the user's, so it runs."""
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    ssh = tmp_path / "my-ssh"
    ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    with own_git_settings.open("a") as config:
        config.write(f"[core]\n sshCommand = {ssh}\n[ssh]\n variant = simple\n")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")
    mine.git("config", "credential.helper", "store")
    mine.git("remote", "set-url", "origin", f"ssh://host{os.fspath(tmp_path)}/shared.git")
    assert run(mine).words == "Got 1 commit from origin/main."
