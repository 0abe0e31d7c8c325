"""A tree whose sessions are known: made commit by commit, each at a time of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from index.sessions.model import Session
from index.workspace import Workspace
from tests.support.git import git

NOW = datetime(2025, 12, 1, tzinfo=UTC)


class Diary:
    """A tree in a repository, where every commit has its own time."""

    def __init__(self, root: Path, *, versioned: bool = True) -> None:
        self.root = root
        self.tree = root / "memories"
        self.tree.mkdir(parents=True)
        if versioned:
            self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, when: str = "2025-10-01T12:00:00Z") -> str:
        names = ("-c", "user.name=agent", "-c", "user.email=agent@localhost")
        return git(self.root, *names, *arguments, date=when)

    def write(self, path: str, text: str) -> None:
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, when: str, message: str = "work", **files: str) -> str:
        """Write files, by their paths with `__` for `/`, and commit them at a time of their own."""
        for name, text in files.items():
            self.write(name.replace("__", "/").replace("_", "-") + ".xml", text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}", when=when)
        return self.git("rev-parse", "HEAD")

    def sessions(self, query: str = "", now: datetime = NOW) -> list[Session]:
        workspace = Workspace.open(self.tree)
        try:
            return list(workspace.timeline.sessions(query, now=now))
        finally:
            workspace.close()


def state(**fields: str) -> str:
    """Return a session state of these fields."""
    inside = "".join(
        f"<{name.replace('_', '-')}>{text}</{name.replace('_', '-')}>" for name, text in fields.items()
    )
    return f"<active-project>{inside}</active-project>"


def notes(*titles: str, when: str = "") -> str:
    """Return a file of notes, with a time of their own or without."""
    time = f"<timestamp>{when}</timestamp>" if when else ""
    inside = "".join(
        f"<note>{time}<title>{title}</title><text>what it says</text></note>" for title in titles
    )
    return f"<notes>{inside}</notes>"
