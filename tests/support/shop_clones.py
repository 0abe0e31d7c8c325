"""The shop's tree shared with another clone, through a bare repository."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import ready, settle
from tests.support.shop import FILE, LATER, make_shop
from tui.app import Memarium


def make_clones(folder: Path) -> tuple[Path, Path]:
    """Return our tree and that of another clone; both hold the same, and follow origin/main."""
    root = make_shop(folder)
    shop = root.parent
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "shared.git")
    git(shop, "remote", "add", "origin", str(folder / "shared.git"))
    git(shop, "push", "--quiet", "--set-upstream", "origin", "main")
    git(folder, "clone", "--quiet", str(folder / "shared.git"), "theirs")
    theirs = folder / "theirs"
    git(theirs, "config", "user.name", "Ben")
    git(theirs, "config", "user.email", "ben@example.com")
    return root, theirs / "memories"


def change(root: Path, *pairs: tuple[str, str], message: str = "memory: edit", file: str = FILE) -> str:
    """Replace texts in a file of a clone, commit that, and return the commit."""
    path = root / file
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    git(root, "commit", "--quiet", f"--message={message}", "--", file, date=LATER)
    return git(root, "rev-parse", "HEAD")


def send(root: Path, *pairs: tuple[str, str]) -> str:
    """Change another clone, and push that."""
    commit = change(root, *pairs, message="memory: theirs")
    git(root, "push", "--quiet")
    return commit


SOLUTION_TEXT = "Size the pool for each worker and give every query a timeout."
OURS = "Size the pool for each worker, give every query a timeout, and alert on waits longer than a second."
THEIRS = "Size the pool for each host and give every query a timeout of 5 s."
PREVENTION = "Added connection pool monitoring and alerting"


def make_conflict(folder: Path) -> tuple[Path, Path]:
    """Return two clones that changed two fields of one entry, each in its own way."""
    mine, theirs = make_clones(folder)
    send(theirs, (SOLUTION_TEXT, THEIRS), (PREVENTION, "A load test before each sale"))
    change(mine, (SOLUTION_TEXT, OURS), (PREVENTION, "An alert when fewer than 10 % are idle"))
    return mine, theirs


async def sync(pilot: Pilot[None]) -> Memarium:
    """Press the key, and let it come to its end."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    await pilot.press("S")
    await settle(pilot)
    return app
