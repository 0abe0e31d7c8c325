"""SIGKILL at random moments: every change is whole or not there, after the next start has ended it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.storage.user_folders import has_intents
from tests.support.git import commit_all, git, make_repository
from tests.support.trial import Trial

FILES, ENTRIES = 8, 6
_WORDS = ("retry", "pool", "cache", "queue", "index")


def make_tree(root: Path, padding: int = 0) -> Path:
    """Make a repository of files that all hold the tag `old`, and a bare one that it follows."""
    tree = root / "work" / "memories"
    tree.mkdir(parents=True)
    for n in range(FILES):
        entries = "".join(
            f"  <solution>\n    <id>s{n}-{k}</id>\n    <title>{_WORDS[k % 5]} {n} {k}</title>\n"
            f"    <fix>wait{' and wait' * padding}</fix>\n    <tags>old, t{n}</tags>\n  </solution>\n"
            for k in range(ENTRIES)
        )
        (tree / f"f{n}.xml").write_text(f"<solutions>\n{entries}</solutions>\n", "utf-8")
    make_repository(tree.parent)
    commit_all(tree.parent)
    git(root, "init", "-q", "--bare", "-b", "main", "shared.git")
    git(tree, "remote", "add", "origin", str(root / "shared.git"))
    git(tree, "push", "-qu", "origin", "main")
    return tree


def start(tree: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tui", *arguments, "-t", str(tree)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", *arguments, "-t", str(tree)]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def children(process: int) -> Iterator[int]:
    """Yield what a process has started, and what that has."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
            yield int(child)
            yield from children(int(child))


def kill_all(process: subprocess.Popen[bytes]) -> bool:
    """Kill a process and the git that it has started; False when it had ended."""
    alive = process.poll() is None
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGSTOP)
        theirs = list(children(process.pid))
        for one in (process.pid, *theirs):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
    process.wait()
    return alive


def wait_for(process: subprocess.Popen[bytes], seen: Callable[[], bool], delay: float) -> None:
    """Wait until something begins to happen, or it ends; then a random moment more."""
    while process.poll() is None and not seen():
        time.sleep(0.0005)  # as often as it takes to hit the middle of it; nothing is asserted of the time
    time.sleep(delay)


def contents(tree: Path) -> dict[str, bytes]:
    return {str(file.relative_to(tree)): file.read_bytes() for file in sorted(tree.rglob("*.xml"))}


def leftovers(tree: Path) -> list[str]:
    """Return what must not be left in the tree and in the git directory."""
    found = [str(file) for file in tree.rglob(".memarium-*.tmp")]
    return found + [
        str(file) for file in (tree.parent / ".git").rglob("*.lock") if file.name != "memarium.lock"
    ]


class Beginning:
    """Whether a change has begun: it is written down, or one of the files is another."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self._stamps = {file: file.stat().st_mtime_ns for file in tree.glob("*.xml")}

    def __call__(self) -> bool:
        with contextlib.suppress(OSError):
            now = {file: file.stat().st_mtime_ns for file in self._tree.glob("*.xml")}
            return has_intents(self._tree) or now != self._stamps
        return True


COMMANDS = (
    ("rename-tag", "old", "new"),
    ("edit", "s1-1", "--set", "title=Another title"),
    ("delete", "s2-1"),
    ("move", "s5-1", "f6.xml"),
    ("undo",),
    ("add", "solution", "--file", "new.xml", "--set", "title=New", "--set", "fix=wait"),
    ("restore", "s3-2", "HEAD~1"),
)


def test_kills_of_changes(trial: Callable[..., Trial], tmp_path: Path) -> None:
    """Each round: a change begins, is killed with its git, and the next start finishes or takes back."""
    kills = trial("SIGKILL in a change, of seven kinds", short=7, long=210)
    tree = make_tree(tmp_path)
    for number in range(kills.rounds):
        git(tree, "reset", "-q", "--hard", "origin/main")
        (tree.parent / ".git/index.lock").unlink(missing_ok=True)
        before = contents(tree)
        command = COMMANDS[number % len(COMMANDS)]
        if command[0] in ("undo", "restore"):
            assert run(tree, *COMMANDS[0]).returncode == 0
            before = contents(tree)
        head = git(tree, "rev-parse", "HEAD")
        process = start(tree, *command)
        wait_for(process, Beginning(tree), kills.random.uniform(0, 0.03))
        kills.counts["killed in time"] += kill_all(process)
        end = kills.random.choice(["--finish", "--take-back"])
        ended = run(tree, "status", end)
        kills.counts["ended as one"] += ended.returncode == 0
        assert ended.returncode in (0, 1), ended.stderr
        run(tree, "commit", "--all")
        assert not has_intents(tree)
        after = contents(tree)
        made = git(tree, "rev-list", "--count", f"{head.strip()}..HEAD").strip()
        assert made in ("0", "1"), (command, made)
        assert (after == before) == (made == "0"), command
        left = git(tree, "status", "--porcelain").splitlines()
        locks = [name for name in leftovers(tree) if not name.endswith(".tmp")]
        assert not locks, (command, end, ended.stderr)
        # What a killed process was writing is cleaned by age, and counted.
        assert all(".memarium-" in line for line in left), (command, left, end, ended.stderr)
        assert git(tree, "fsck", "--strict", "--no-dangling") == ""
        assert all(data.endswith(b"</solutions>\n") for data in after.values())
        assert sum(data.count(b"<solution>") for data in after.values()) >= FILES * ENTRIES - 3
        kills.counts["done"] += made == "1"
        kills.counts["temporary files for the next cleaning"] += len(list(tree.rglob(".memarium-*.tmp")))
        for file in tree.rglob(".memarium-*.tmp"):
            file.unlink()


def test_kills_of_a_sync(trial: Callable[..., Trial], tmp_path: Path) -> None:
    """Each round: git moves the files to what came in and is killed; the next start ends that."""
    kills = trial("SIGKILL in a sync that moves large files", short=4, long=50)
    tree = make_tree(tmp_path, padding=4000)
    old = git(tree, "rev-parse", "HEAD")
    before = contents(tree)
    for file in tree.glob("*.xml"):
        file.write_text(file.read_text("utf-8").replace("old,", "new,"), "utf-8")
    (tree / "added.xml").write_text("<solutions/>\n", "utf-8")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "theirs")
    git(tree, "push", "-q")
    target = git(tree, "rev-parse", "HEAD")
    after = contents(tree)
    for _ in range(kills.rounds):
        git(tree, "reset", "-q", "--hard", old)
        process = start(tree, "sync")
        wait_for(process, lambda: has_intents(tree), kills.random.uniform(0, 0.05))
        kills.counts["killed in time"] += kill_all(process)
        if has_intents(tree):
            kills.counts["torn files"] += sum(
                data not in (before.get(name), after[name]) for name, data in contents(tree).items()
            )
            listed = run(tree, "status").stdout
            assert "f0.xml" not in listed.replace("“", ""), listed
        end = kills.random.choice([("status", "--finish"), ("status", "--take-back"), ("sync",)])
        ended = run(tree, *end)
        assert ended.returncode in (0, 1), ended.stderr
        kills.counts["ended as one"] += "sync that was interrupted" in ended.stderr
        kills.counts["locks removed"] += "Removed index.lock" in ended.stderr
        assert not has_intents(tree)
        head = git(tree, "rev-parse", "HEAD")
        assert contents(tree) == {old: before, target: after}[head]
        assert not git(tree, "status", "--porcelain")
        assert run(tree, "sync").returncode == 0
        assert contents(tree) == after
        assert git(tree, "fsck", "--strict", "--no-dangling") == ""
        assert not leftovers(tree)
