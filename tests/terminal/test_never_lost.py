"""Nothing is lost, whatever befalls the process, the repository or the file: in a real terminal, with git."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tests.support.git import git
from tests.support.home import Home
from tests.support.shop import FILES, PATTERNS
from tests.support.terminal import PATIENCE, Terminal

FILE = "development-patterns/api-patterns.xml"
NAME = "Paginated resource listing"


def until_kept(path: Path, text: str) -> None:
    """Wait until a file below `path` holds a text."""
    end = time.monotonic() + PATIENCE
    while not any(text in file.read_text("utf-8", "replace") for file in path.rglob("*.json")):
        assert time.monotonic() < end, f"{text!r} was never kept"
        time.sleep(0.02)


def until_none_is_kept(home: Home) -> None:
    """Wait until no draft is left: one that is saved is dropped in a thread."""
    end = time.monotonic() + PATIENCE
    while left := list(home.state.rglob("drafts/*")):
        assert time.monotonic() < end, f"{left} stays"
        time.sleep(0.02)


def hook(shop: Path, name: str, script: str) -> Path:
    file = shop.parent / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def type_an_edit(terminal: Terminal, text: str) -> None:
    """Open the newest entry and type at the end of its name."""
    terminal.wait("Base64 encoded cursor")
    terminal.type("e")
    terminal.wait("tab next field")
    terminal.type(text)


def to_the_review(terminal: Terminal) -> None:
    terminal.type("\x13")  # ctrl+s
    terminal.wait("to main as Ana Kovač")


# ── the process ends ──────────────────────────────────────────────────────────


def test_killed_while_typing(shop: Path, home: Home) -> None:
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, " that nobody saved")
        until_kept(home.state, "that nobody saved")
        terminal.kill()
    assert git(shop, "status", "--porcelain") == ""
    with Terminal(str(shop)) as terminal:
        terminal.wait(f"! 1 unsaved draft: {NAME}")
        terminal.type("P")
        terminal.wait("that nobody saved")
        terminal.type("\r")
        terminal.wait("and never saved")
        terminal.type("\r")
        terminal.wait("± 1 field changed")
        to_the_review(terminal)
        terminal.type("\r")
        terminal.wait("✓ Saved")
        until_none_is_kept(home)
    assert f"<name>{NAME} that nobody saved</name>" in (shop / FILE).read_text("utf-8")


def test_killed_with_the_commit_message_typed(shop: Path, home: Home) -> None:
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, "!")
        to_the_review(terminal)
        terminal.type(" for a reason")
        until_kept(home.state, "for a reason")
        terminal.kill()
    with Terminal(str(shop)) as terminal:
        terminal.wait("1 unsaved draft")
        terminal.type("e")
        terminal.wait("and never saved")
        terminal.type("\r")
        terminal.wait("± 1 field changed")
        to_the_review(terminal)
        terminal.wait("for a reason")


def test_killed_between_the_write_and_the_commit(shop: Path, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    waiting = hook(shop, "pre-commit", f"touch {flag}\nexec sleep 60")
    before = git(shop, "rev-parse", "HEAD")
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, " v2")
        to_the_review(terminal)
        terminal.type("\r")
        end = time.monotonic() + PATIENCE
        while not flag.exists():
            assert time.monotonic() < end
            time.sleep(0.02)
        terminal.kill()
    stop_children(shop.parent)
    waiting.unlink()
    assert f"<name>{NAME} v2</name>" in (shop / FILE).read_text("utf-8")
    assert git(shop, "rev-parse", "HEAD") == before
    (shop.parent / ".git/index.lock").unlink(missing_ok=True)
    with Terminal(str(shop)) as terminal:
        terminal.wait("1 file not committed")
        terminal.type("P")
        # The draft may have been dropped as the file was written: it says nothing else.
        keys = ("⏎ resume", "⏎ commit")
        shown = terminal.wait(lambda text: "Status" in text and any(key in text for key in keys))
        terminal.type("j\r" if "⏎ resume" in shown else "\r")
        terminal.wait("Commit message")
        terminal.wait("to main as Ana Kovač")
        terminal.type("\r")
        terminal.wait("✓ Committed api-patterns.xml")
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "log", "-1", "--format=%s") == f'memory: edit name of "{NAME} v2"'


def stop_children(repository: Path) -> None:
    """End the git, and the hook, that a killed app left behind: those whose folder is this repository."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                inside = (entry / "cwd").resolve() == repository
            except OSError:
                continue
            if inside and int(entry.name) != os.getpid():
                os.kill(int(entry.name), signal.SIGKILL)


# ── git refuses ───────────────────────────────────────────────────────────────


def test_a_hook_that_rejects(shop: Path) -> None:
    rejecting = hook(shop, "pre-commit", "echo 'no commits on Fridays'; exit 1")
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, " v2")
        to_the_review(terminal)
        terminal.type("\r")
        terminal.wait("no commits on")
        terminal.wait("⏎ commit again")
        assert f"<name>{NAME} v2</name>" in (shop / FILE).read_text("utf-8")
        rejecting.unlink()
        terminal.type("\r")
        terminal.wait("✓ Saved name")
    assert git(shop, "status", "--porcelain") == ""


def test_a_lock_that_stays(shop: Path) -> None:
    lock = shop.parent / ".git/index.lock"
    lock.touch()
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, " v2")
        to_the_review(terminal)
        terminal.type("\r")
        terminal.wait("Another git command holds")
        terminal.wait("Nothing was written.")
        assert (shop / FILE).read_text("utf-8") == PATTERNS
        assert lock.exists()
        lock.unlink()
        terminal.type("\r")
        terminal.wait("✓ Saved name")


# ── others write ──────────────────────────────────────────────────────────────


def test_two_memarium_edit_one_file(shop: Path, tmp_path: Path) -> None:
    """The second puts its edit on what the first has saved, and both stay."""
    with (
        Terminal(str(shop)) as one,
        Terminal(str(shop), home=Home(tmp_path / "two")) as two,
    ):
        type_an_edit(two, " of two")
        two.wait("± 1 field changed")
        one.wait("Base64 encoded cursor")
        one.type("/idempotency")
        one.wait("1 of")
        one.type("\r")
        one.type("e")
        one.wait("tab next field")
        one.type(" of one")
        to_the_review(one)
        one.type("\r")
        one.wait("✓ Saved")
        two.type("\x13")
        two.wait("to main as Ana Kovač")
        two.type("\r")
        two.wait("✓ Saved")
    text = (shop / FILE).read_text("utf-8")
    assert f"<name>{NAME} of two</name>" in text
    assert "Idempotency key on every POST of one" in text
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "rev-list", "--count", "HEAD") == str(len(FILES) + 2)


def test_an_agent_writes_the_same_field(shop: Path) -> None:
    """Neither is lost unasked: the user sees what the agent wrote, and what is typed stays."""
    with Terminal(str(shop)) as terminal:
        type_an_edit(terminal, " of mine")
        terminal.wait("± 1 field changed")
        (shop / FILE).write_text(PATTERNS.replace(NAME, f"{NAME} of the agent"), "utf-8")
        terminal.type("\x13")
        terminal.wait("Name changed both here and in the file")
        terminal.type(" ")
        terminal.wait("of the agent")
        terminal.type("\r")
        terminal.wait(lambda text: "of mine" in text and "The file was changed" not in text)
    assert f"{NAME} of the agent" in (shop / FILE).read_text("utf-8")


def test_a_checkout_under_the_open_app(shop: Path) -> None:
    """The app follows to the other branch; an edit begun on the first is not put over the second unasked."""
    git(shop, "switch", "--quiet", "--create", "other")
    (shop / FILE).write_text(PATTERNS.replace(NAME, "Listing of the other branch"), "utf-8")
    git(shop, "commit", "--quiet", "--all", "--message=other")
    git(shop, "switch", "--quiet", "main")
    with Terminal(str(shop)) as terminal:
        terminal.wait("main ✓")
        git(shop, "switch", "--quiet", "other")
        terminal.wait(lambda text: "other ✓" in text and "Listing of the other branch" in text)
        git(shop, "switch", "--quiet", "main")
        terminal.wait(lambda text: "main ✓" in text and NAME in text)
        type_an_edit(terminal, " of mine")
        terminal.wait("± 1 field changed")
        git(shop, "switch", "--quiet", "other")
        terminal.type("\x13")
        terminal.wait("The file was changed while you edited it")
        terminal.type("\r")
        terminal.wait(lambda text: "of mine" in text and "The file was changed" not in text)
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "show", f"main:memories/{FILE}") == PATTERNS.rstrip("\n")
