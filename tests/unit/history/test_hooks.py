"""The user's hooks and signing run on a save, and what they do is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git import hooks
from index.git.repository import HookFailed
from index.git.saving import commit_files
from index.model.errors import Refused, signing_words
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def test_a_failing_hook_on_a_new_file(work: Work) -> None:
    """Scenario 5: HEAD and index as before, the text kept, the hook's words without their escapes."""
    work.hook("pre-commit", r"printf '\033[31mno secrets\033[0m, \033]0;title\007please\r\n' >&2; exit 1")
    before, index = work.head(), work.git("ls-files", "-s")
    with pytest.raises(HookFailed) as caught:
        work.save("b.xml", NEW)
    assert caught.value.words == "no secrets, please"
    assert str(caught.value).endswith(
        "the edit is saved on disk, but not committed. It said: no secrets, please"
    )
    assert (work.tree / "b.xml").read_bytes() == NEW
    assert (work.head(), work.git("ls-files", "-s")) == (before, index)
    assert work.status() == "?? memories/b.xml"
    assert work.open().uncommitted() == ["b.xml"]


def test_a_failing_hook_on_a_known_file(work: Work) -> None:
    work.hook("commit-msg", "echo the message names no issue; exit 3")
    before, index = work.head(), work.git("ls-files", "-s")
    with pytest.raises(HookFailed, match="names no issue"):
        work.save("a.xml", NEW)
    assert (work.head(), work.git("ls-files", "-s")) == (before, index)
    assert work.status() == " M memories/a.xml"


def test_what_was_written_can_be_committed_later(work: Work) -> None:
    work.hook("pre-commit", "exit 1")
    with pytest.raises(HookFailed):
        work.save("a.xml", NEW)
    (work.root / ".git/hooks/pre-commit").unlink()
    assert work.save("a.xml", NEW).revision == work.head()
    assert work.status() == ""


@pytest.mark.parametrize("path", ["a.xml", "b.xml"])
def test_a_hook_that_formats(work: Work, path: str) -> None:
    """Scenario 6: the index follows the commit, and the caller is told to load again."""
    work.hook(
        "pre-commit",
        f"tr a-z A-Z < memories/{path} > .git/x && cp .git/x memories/{path} && git add memories/{path}",
    )
    commit = work.save(path, NEW)
    assert commit == commit_files.Commit(work.head(), changed_by_hook=True)
    assert work.show(f"HEAD:memories/{path}") == NEW.upper() == (work.tree / path).read_bytes()
    assert work.status() == ""


def test_a_hook_that_formats_but_does_not_add(work: Work) -> None:
    work.hook("pre-commit", "echo '<late/>' >> memories/a.xml")
    commit = work.save("a.xml", NEW)
    assert commit.changed_by_hook
    assert work.show("HEAD:memories/a.xml") == NEW
    assert work.status() == " M memories/a.xml"


def test_a_hook_that_commits_more_is_told_and_the_index_follows(work: Work) -> None:
    work.commit("listed.txt", b"1\n")
    work.write("listed.txt", b"2\n")
    work.write("new.txt", b"new\n")
    work.write("staged.txt", b"mine\n")
    work.git("add", "staged.txt")
    work.hook("pre-commit", "git add listed.txt new.txt")
    commit = work.save("a.xml", NEW)
    assert commit.more == ("listed.txt", "new.txt")
    assert set(work.git("show", "--format=", "--name-only").split()) == {"memories/a.xml", *commit.more}
    assert work.status() == "A  staged.txt"


def test_a_hook_that_looks_on_puts_nothing_into_the_commit(work: Work) -> None:
    work.hook("pre-commit", "git diff --cached --check")
    assert work.save("a.xml", NEW).more == ()


def test_a_hook_that_commits_by_itself_leaves_the_index_in_order(work: Work) -> None:
    work.hook("pre-commit", '[ "$INNER" ] || INNER=1 git commit --quiet --allow-empty --message=inner')
    commit = work.save("a.xml", NEW)
    assert commit.raced
    assert work.git("log", "--format=%s", "-1") == "inner"
    assert work.status() == ""


def test_hooks_get_the_users_own_environment(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """No literal pathspecs, no other locale, no transport forbidden: their commands work as always."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    work.hook("pre-commit", "git diff --cached --name-only -- '*.xml' > .git/seen; env > .git/env")
    work.save("a.xml", NEW)
    assert (work.root / ".git/seen").read_text() == "memories/a.xml\n"
    environment = (work.root / ".git/env").read_text()
    assert "LC_ALL=C.UTF-8\n" in environment
    assert "GIT_ALLOW_PROTOCOL" not in environment
    assert "PATHSPECS" not in environment


def test_a_hooks_background_child_is_not_waited_for(work: Work) -> None:
    work.hook("post-commit", "sleep 300 & echo $! > .git/child")
    started = time.monotonic()
    assert work.save("a.xml", NEW).revision == work.head()
    assert time.monotonic() - started < 60
    os.kill(int((work.root / ".git/child").read_text()), 9)


def test_a_hook_that_hangs_is_stopped(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "HOOK_LIMIT", 1.0)
    work.hook("pre-commit", "exec sleep 60")
    with pytest.raises(HookFailed, match=r"^The pre-commit hook took too long and was stopped: the edit"):
        work.save("a.xml", NEW)
    assert not (work.root / ".git/index.lock").exists()
    assert work.status() == " M memories/a.xml"


def test_what_a_hook_says_is_told_while_it_runs_and_it_can_be_stopped(work: Work) -> None:
    """It goes on for long, and nothing of it is left when the user has had enough."""
    work.hook("pre-commit", "echo 3 checks passed; git status > /dev/null; exec sleep 60")
    repository = work.open()
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        if "checks passed" in line:
            repository.watcher.stop.set()

    repository.watcher.tell = tell
    before = work.head()
    with pytest.raises(HookFailed, match=r"^The pre-commit hook was stopped: the edit is saved on disk, but"):
        repository.save_all([(repository.snapshot("b.xml"), NEW)], "memory: new")
    assert said[-2:] == ["pre-commit hook: 3 checks passed", ""]
    assert not (work.root / ".git/index.lock").exists()
    assert (work.head(), work.status()) == (before, "?? memories/b.xml")


def test_an_interrupt_stops_a_hook_and_is_told(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.hook("commit-msg", "exec sleep 60")
    repository = work.open()

    def interrupt(line: str) -> None:
        if line:
            raise KeyboardInterrupt

    repository.watcher.tell = interrupt
    with pytest.raises(HookFailed, match=r"^The commit-msg hook was stopped: the edit is saved on disk"):
        repository.save_all([(repository.snapshot("a.xml"), NEW)], "memory: edit")
    assert not (work.root / ".git/index.lock").exists()


@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_the_hook_that_refuses_is_named(work: Work, name: str) -> None:
    work.hook(name, "git config --get no.such.thing; echo no; exit 128")
    with pytest.raises(HookFailed, match=rf"^The {name} hook refused the commit: the edit is saved"):
        work.save("a.xml", NEW)


@pytest.mark.parametrize("end", ["exit 1", "exit 0"])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_hook_that_puts_work_away_is_told_of(work: Work, end: str, earlier: bool) -> None:
    if earlier:
        work.write("src/main.py", b"stashed before\n")
        work.git("stash", "push", "-q")
    work.write("src/main.py", b"not committed\n")
    work.hook("pre-commit", f"git stash push -q -- src; {end}")
    if end == "exit 0":
        assert work.save("a.xml", NEW).stashed
    else:
        with pytest.raises(
            HookFailed, match=r"saved on disk.*, and a hook put other work into the stash: git "
        ):
            work.save("a.xml", NEW)
    assert work.show("stash@{0}:src/main.py") == b"not committed\n"
    assert (work.tree / "a.xml").read_bytes() == NEW


def test_a_hook_that_puts_the_edit_away_too(work: Work) -> None:
    work.hook("pre-commit", "git stash push -q; exit 1")
    with pytest.raises(
        HookFailed, match=r": the edit is not committed, and a hook put it into the stash: git "
    ):
        work.save("a.xml", NEW)
    assert (work.tree / "a.xml").read_bytes() == ENTRY
    work.git("stash", "pop", "-q")
    assert (work.tree / "a.xml").read_bytes() == NEW


def test_a_hook_that_takes_its_stash_back_is_not_told_of(work: Work) -> None:
    work.commit("src/main.py", b"1\n2\n3\n")
    work.write("src/main.py", b"0\n1\n2\n3\n")
    work.git("add", "src/main.py")
    work.write("src/main.py", b"0\n1\n2\n3\n4\n")
    before = work.git("diff"), work.git("diff", "--cached")
    work.hook("pre-commit", "git stash push -q --keep-index && git stash pop -q")
    made = work.save("a.xml", NEW)
    assert (made.stashed, made.revision) == (False, work.head())
    assert work.files_of("HEAD") == ["memories/a.xml"]
    assert (work.git("diff"), work.git("diff", "--cached"), work.git("stash", "list")) == (*before, "")


def test_git_itself_is_named(work: Work) -> None:
    """A ref in the way of the branch: neither a hook nor the signing is to blame."""
    work.hook("pre-commit", "exit 0")
    work.git("symbolic-ref", "HEAD", "refs/heads/main/deeper")
    with pytest.raises(HookFailed, match=r"^git refused the commit: the edit is saved"):
        work.save("new.xml", NEW)


def signing_script(work: Work, home: Path) -> None:
    """A stand-in for gpg: signs like it while its key file is there, and fails like it when not."""
    script = home / "sign"
    script.write_text(
        f"#!/bin/sh\n[ -e {home}/key ] || {{ echo 'gpg: no secret key' >&2; exit 2; }}\ncat > /dev/null\n"
        "echo '[GNUPG:] SIG_CREATED D 1 8 00 0 0' >&2\n"
        "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n"
    )
    script.chmod(0o755)
    (home / "key").touch()
    work.git("config", "gpg.program", str(script))


def signing_ssh(work: Work, home: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / "key"], check=True)
    work.git("config", "gpg.format", "ssh")
    work.git("config", "user.signingKey", str(home / "key"))


@pytest.mark.parametrize("sign", [signing_script, *([signing_ssh] if shutil.which("ssh-keygen") else [])])
def test_commits_are_signed(work: Work, tmp_path: Path, sign: Callable[[Work, Path], None]) -> None:
    """Scenario 7: signed; and without the key nothing is committed, and it is said."""
    home = tmp_path / "keys"
    home.mkdir()
    sign(work, home)
    work.git("config", "commit.gpgSign", "true")
    commit = work.save("a.xml", NEW)
    assert "\ngpgsig -----BEGIN " in work.git("cat-file", "commit", commit.revision or "")

    for key in home.glob("key*"):
        key.unlink()
    before = work.head()
    with pytest.raises((HookFailed, Refused), match=r"not committed|there is no key") as caught:
        work.save("a.xml", ENTRY)
    assert work.head() == before
    # Where a key is can be seen before anything is written; what a program of its own says, only after.
    assert (work.tree / "a.xml").read_bytes() == (ENTRY if isinstance(caught.value, HookFailed) else NEW)
    assert isinstance(caught.value, HookFailed) == (sign is signing_script)


@pytest.mark.parametrize(
    "words",
    [
        "gpg: signing failed: Inappropriate ioctl for device",
        "gpg: cannot open '/dev/tty': No such device or address",
        "gpg: signing failed: No pinentry",
        "GPG_TTY is not set",
    ],
)
def test_signing_that_wants_a_terminal_is_told_in_one_sentence(
    work: Work, tmp_path: Path, words: str
) -> None:
    script = tmp_path / "pin"
    script.write_text(f'#!/bin/sh\necho "{words}" >&2\nexit 2\n')
    script.chmod(0o755)
    work.git("config", "gpg.program", str(script))
    work.git("config", "commit.gpgSign", "true")
    with pytest.raises(HookFailed) as caught:
        work.save("a.xml", NEW)
    assert "unlock the key first, then commit again." in str(caught.value)
    told = f"error: gpg failed to sign the data:\n{words}\n\nfatal: failed to write commit object"
    assert signing_words(told).startswith("The signing program wants a terminal: unlock the key first")


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh to sign with")
def test_a_key_with_a_passphrase_wants_a_terminal(work: Work, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", key], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key)), ("commit.gpgSign", "true")):
        work.git("config", name, value)
    with pytest.raises(HookFailed, match="The signing program wants a terminal"):
        work.save("a.xml", NEW)


def test_a_hook_that_wants_a_terminal_is_no_signing(work: Work) -> None:
    work.hook("pre-commit", "echo 'cannot open /dev/tty' >&2; exit 1")
    with pytest.raises(HookFailed, match="cannot open /dev/tty"):
        work.save("a.xml", NEW)


def test_git_packs_loose_objects_once_there_are_many(work: Work) -> None:
    work.hook("pre-auto-gc", "echo asked >> asked; exit 1")  # and not now
    work.save("a.xml", NEW)
    assert not (work.root / "asked").exists()
    for number in range(28):
        work.write(f".git/objects/17/{number:038x}", b"")
    work.save("a.xml", ENTRY)
    assert (work.root / "asked").read_text() == "asked\n"
