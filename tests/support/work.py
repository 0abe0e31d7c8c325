"""A working copy with a tree of memories, driven by plain git."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.git.repository import Commit, Refused, Repository
from index.git.saving.preflight import check_files, check_ready
from tests.support.git import git, read_blob

ENTRY = b"<entry>\n  <title>one</title>\n</entry>\n"


class Work:
    """A working copy with a tree in `memories/`, driven by plain git."""

    def __init__(self, root: Path, tree: str = "memories") -> None:
        self.root = root
        self.tree = root / tree
        self._open: list[Repository] = []

    def git(self, *arguments: str, check: bool = True, text: str = "") -> str:
        return git(self.root, *arguments, check=check, text=text)

    def write(self, path: str, data: bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def commit(self, path: str, data: bytes, message: str = "by hand") -> str:
        self.write(path, data)
        self.git("add", "--all", "--", f":(literal){path}")
        self.git("commit", "--quiet", "--message", message)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def show(self, name: str) -> bytes:
        return read_blob(self.root, name)

    def status(self) -> str:
        return (
            self.git("status", "--porcelain=v1", "-z", "--untracked-files=all")
            .replace("\0", "\n")
            .strip("\n")
        )

    def files_of(self, revision: str) -> list[str]:
        out = self.git("diff-tree", "--root", "-r", "-z", "--name-only", "--no-commit-id", revision)
        return [name for name in out.split("\0") if name]

    def hook(self, name: str, script: str) -> None:
        file = self.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n".encode())
        file.chmod(0o755)

    def open(self, path: Path | None = None) -> Repository:
        repository = Repository.find(path or self.tree)
        assert repository is not None
        self._open.append(repository)
        return repository

    def save(self, path: str, data: bytes | None, message: str = "memory: edit") -> Commit:
        """Load a file of the tree and save it at once."""
        repository = self.open()
        return repository.save_all([(repository.snapshot(path), data)], message)

    def close(self) -> None:
        for repository in self._open:
            repository.close()


NEW = ENTRY.replace(b"one", b"two")


def refusal(work: Work, path: str, data: bytes | None = NEW) -> str:
    """Return why a save was refused; nothing was written, nothing staged."""
    file = work.tree / path
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(Refused) as caught:
        work.save(path, data)
    assert (file.read_bytes() if file.exists() else None) == before
    assert str(caught.value).endswith("Nothing was written.")
    return str(caught.value)


def preflight(repository: Repository, path: str) -> None:
    """Check that a save of this file could be committed, as a save begins with it."""
    real = repository.checkout.locate(path)
    check_ready(repository.checkout, detached=repository.detached)
    new = repository.checkout.objects.blob_id("HEAD", repository.checkout.git_path(real)) is None
    check_files(repository.checkout, [] if new else [real], [real] if new else [])
