"""Writing an entry in a real terminal: the editor has it, and is offered again when a text is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git import git
from tests.support.home import Home
from tests.support.terminal import Terminal


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """An editor that asks for a line and puts it at the end of the file."""
    path = tmp_path / "editor"
    path.write_text('#!/bin/sh\nprintf "writing: "\nread -r line\nprintf "%s\\n" "$line" >> "$1"\n', "utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_editor_is_offered_again_until_the_text_can_be_read(shop: Path, editor: str) -> None:
    arguments = ("add", "lesson", "-t", str(shop))
    with Terminal(*arguments, columns=160, EDITOR=editor, VISUAL="") as terminal:
        terminal.wait("writing:")
        terminal.type("~~~\n")
        terminal.wait("this code block has no end: close it with ~~~.")
        terminal.wait("Open the editor again? [Y/n]:")
        terminal.type("\n")
        terminal.wait(lambda text: text.count("writing:") == 2)
        terminal.type("~~~\n")
        terminal.wait("Saved project-knowledge/")
        assert "project-knowledge/billing/lessons.xml#" in terminal.text
        assert terminal.wait_for_exit() == 0
    assert git(shop, "log", "-1", "--format=%s").startswith("memory: add lesson")


def test_a_text_that_is_given_up_is_kept(shop: Path, editor: str, tmp_path: Path, home: Home) -> None:
    arguments = ("add", "lesson", "-t", str(shop))
    with Terminal(*arguments, columns=200, EDITOR=editor, TMPDIR=str(tmp_path)) as terminal:
        terminal.wait("writing:")
        terminal.type("~~~\n")
        terminal.wait("Open the editor again? [Y/n]:")
        terminal.type("n\n")
        terminal.wait("memarium: Nothing was saved. Your text is kept in ")
        assert terminal.wait_for_exit() == 3
    (kept,) = home.state.glob("memarium/refused/*.md")
    assert kept.read_text("utf-8").endswith("~~~\n")
    assert git(shop, "status", "--porcelain") == ""
