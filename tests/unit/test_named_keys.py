"""Sentences of the app that name a key: it is the one that the user gave the action."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tui.actions import use_keys
from tui.screens.base.help import Help

NAMED = re.compile(
    r"(?:^|[ :,;(])(?:[b-zB-HJ-Z]|esc|ctrl\+[a-z]|f\d+)(?: and \S+)? "
    r"(?:edits|copies|shows|stops|lists|undoes|unmarks|closes|opens|brings|goes|reviews|repairs|fixes|marks)\b"
    r"|\b(?:press|with) (?:[b-zB-HJ-Z]|esc|ctrl\+[a-z])\b"
)
"""A key in a sentence: `P lists it`, `cannot be undone with u`."""


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are no docstrings, each with its line."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("an unsaved draft: P lists it.", True),
        ("   esc stops it", True),
        ("cannot be undone with u: the file goes", True),
        ("ctrl+s shows it", True),
        ("Nothing shows a list", False),
        ("a line shows it", False),
        ("cut with a knife", False),
    ],
)
def test_a_named_key_is_seen(text: str, names: bool) -> None:
    assert bool(NAMED.search(text)) is names


def test_no_sentence_names_a_key_by_itself() -> None:
    files = sorted(Path(str(tui.__file__)).parent.rglob("*.py"))
    found = [
        (file.name, line, text)
        for file in files
        for line, text in sentences(file.read_text("utf-8"))
        if NAMED.search(text)
    ]
    assert len(files) > 100
    assert found == []


def test_a_sentence_names_the_key_of_the_user() -> None:
    use_keys({"back": ("f9",), "search": ("f8",)})
    try:
        assert "f8 filter   f9 closes" in "\n".join(line.plain for line in Help(["undo"], "Keys")._lines(66))
    finally:
        use_keys({})
