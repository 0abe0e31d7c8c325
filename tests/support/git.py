"""Git as tests use it: to make repositories, and to see what became of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SETTINGS = Path(__file__).with_name("gitconfig")
"""Git's settings in the tests, in place of those of whoever runs them."""


def git(folder: Path, *arguments: str, text: str = "", date: str = "", check: bool = True) -> str:
    """Run git in a folder and return what it writes, without the ends of the last lines.

    `text` is what it reads, `date` the time of what it commits. Unless it may fail (`check=False`), a
    failure is one of the test, with what git said.
    """
    when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | when,
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
    )
    assert not (check and done.returncode), f"git {arguments}: {done.stderr.decode('utf-8', 'replace')}"
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def read_blob(folder: Path, name: str) -> bytes:
    """Return the bytes of a file in git, by an object name such as `HEAD:memories/a.xml`."""
    command = ["git", "cat-file", "blob", name]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout


def make_repository(root: Path, name: str = "Ana Kovač", email: str = "ana@example.com") -> None:
    """Begin a repository on the branch `main` in a folder that exists, with who commits in its settings."""
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", name)
    git(root, "config", "user.email", email)


def commit_all(root: Path, message: str = "first", date: str = "") -> None:
    """Commit whatever is in a working copy."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", f"--message={message}", date=date)


def make_hook(folder: Path, name: str, script: str) -> Path:
    """Write a hook into the repository that a folder lies in; return its file."""
    hook = Path(git(folder, "rev-parse", "--absolute-git-dir")) / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)
    return hook
