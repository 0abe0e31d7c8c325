"""Editing in a real terminal: the user's own editor takes it over, and keys typed in a burst arrive."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import git
from tests.support.terminal import Terminal

FILE = "development-patterns/api-patterns.xml"


def test_the_editor_has_the_terminal_and_gives_it_back(shop: Path, tmp_path: Path) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nprintf "editing: "\nread word\nsed -i "s/Base64/$word/" "$1"\n')
    editor.chmod(0o755)
    with Terminal(str(shop), EDITOR=f"'{editor}'") as terminal:
        terminal.wait("Base64 encoded cursor")
        terminal.type("E")
        terminal.wait("editing:")
        terminal.type("Opaque\n")
        terminal.wait("Commit message")
        terminal.wait("Opaque encoded cursor")
        terminal.type("\r")
        terminal.wait("✓ Saved api-patterns.xml")
        terminal.type("u")
        terminal.wait("✓ Undid: edit development-patterns/api-patterns.xml")
    assert git(shop, "log", "-2", "--format=%s").split("\n") == [
        f"memory: undo edit {FILE}",
        f"memory: edit {FILE}",
    ]
    assert "Base64 encoded" in (shop / FILE).read_text("utf-8")


def test_ctrl_c_ends_the_editor_alone(shop: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho waiting\nexec sleep 600\n")
    editor.chmod(0o755)
    with Terminal(str(shop), EDITOR=str(editor)) as terminal:
        terminal.wait("Base64 encoded cursor")
        terminal.type("E")
        terminal.wait("waiting")
        terminal.type("\x03")
        terminal.wait("The editor ended with status -2, so nothing was changed")


def test_a_burst_of_keys_edits_reviews_and_commits(shop: Path) -> None:
    with Terminal(str(shop)) as terminal:
        terminal.wait("Base64 encoded cursor")
        terminal.type("e")
        terminal.wait("tab next field")
        terminal.type(" (v2)\t-new\x13")  # tab, then ctrl+s
        terminal.wait("Commit message")
        terminal.wait("to main as Ana Kovač")
        terminal.type("\r")
        terminal.wait("✓ Saved 2 fields")
    text = (shop / FILE).read_text("utf-8")
    assert "<name>Paginated resource listing (v2)</name>" in text
    assert "<pattern>cursor-based-pagination-new</pattern>" in text


def test_leaving_a_changed_entry_asks_even_when_the_app_is_closed(shop: Path) -> None:
    with Terminal(str(shop)) as terminal:
        terminal.wait("Base64 encoded cursor")
        terminal.type("e")
        terminal.wait("tab next field")
        terminal.type("x\x11")  # ctrl+q
        terminal.wait("Discard changes?")
        terminal.type("d")
        terminal.wait(lambda text: "Discard changes?" not in text and "⏎ open" in text)
        terminal.type("\x11")
        assert terminal.wait_for_exit() == 0
    assert git(shop, "status", "--porcelain") == ""
