"""Commit messages that are proposed: a short first line, and the whole below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import index
import tui
from index.model.commits import SUBJECT_WIDTH, begin_messages_with, proposed, whole_words, without_prefix
from index.model.display import cells, shorten_at_word

CHINESE = "连接池在高负载下耗尽"
TITLE = "Database connection pool exhaustion under load when every health check opens a connection of its own"


@pytest.fixture(autouse=True)
def usual_prefix() -> Iterator[None]:
    yield
    begin_messages_with("memory: ")


def test_a_short_message_is_one_line() -> None:
    assert proposed("move lesson", "Retry storm", "to lessons.xml") == (
        'memory: move lesson "Retry storm" to lessons.xml'
    )


@pytest.mark.parametrize(
    ("words", "title", "more", "subject"),
    [
        (
            "edit solution of",
            TITLE,
            "",
            'memory: edit solution of "Database connection pool exhaustion under…"',
        ),
        (
            "move lesson",
            TITLE,
            "to a.xml",
            'memory: move lesson "Database connection pool exhaustion…" to a.xml',
        ),
        (
            "restore",
            TITLE,
            "as of 1234567",
            'memory: restore "Database connection pool exhaustion…" as of 1234567',
        ),
        ("repair " + "folder/" * 12 + "a.xml", "", "", "memory: repair " + "folder/" * 8 + "…"),
        ("add decision", CHINESE * 8, "", f'memory: add decision "{CHINESE * 2}连接池在…"'),
        ("edit " + "long-field-name-" * 4 + " of", TITLE, "", None),
        ("move note", TITLE, "to " + "long-folder-name/" * 4 + "a.xml", None),
        ("set note of 3 entries " + "and more " * 9, "", "", None),
    ],
)
def test_a_long_one_is_cut_at_a_word_and_stands_whole_below(
    words: str, title: str, more: str, subject: str | None
) -> None:
    message = proposed(words, title, more)
    first, blank, *body = message.split("\n")
    assert blank == ""
    assert cells(first) <= 72
    assert subject is None or first == subject
    assert "…" not in "".join(body)
    assert all(cells(line) <= 72 or " " not in line for line in body)
    quoted = f'{words} "{title}" {more}' if title else words
    assert " ".join(body) == " ".join(quoted.split())
    assert whole_words(message) == " ".join(quoted.split())


def test_the_undo_of_a_long_message_tells_all_of_it() -> None:
    undone = proposed(f"undo {whole_words(proposed('edit note of', TITLE))}")
    assert whole_words(undone) == f'undo edit note of "{TITLE}"'
    assert len(undone.partition("\n")[0]) <= 72


@pytest.mark.parametrize(
    "message",
    [
        "memory: wait for it…\n\nSomething else.",
        "memory: all of it…",
        "fix: a…b\n\na and c",
        "memory: short\n\nshort it is",
    ],
)
def test_a_message_that_somebody_wrote_is_its_first_line(message: str) -> None:
    assert whole_words(message) == without_prefix(message)


def test_a_prefix_of_the_user_counts_in_the_width() -> None:
    begin_messages_with("docs(name of a scope): ")
    message = proposed("edit note of", TITLE)
    assert message.startswith(
        'docs(name of a scope): edit note of "Database connection pool…"\n\nedit note of'
    )
    assert whole_words(message) == f'edit note of "{TITLE}"'


def test_no_module_writes_the_prefix_itself() -> None:
    """Where it is known: its default, the settings, and the demo, whose commits are somebody's."""
    written = []
    for package in (index, tui):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            strings = (n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant))
            if any(isinstance(value, str) and value.startswith("memory: ") for value in strings):
                written.append(path.name)
    assert written == ["demo.py", "commits.py", "user_config.py"]


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("as it is", 8, "as it is"),
        ("Health check, opens", 14, "Health check…"),
        ("cafe\N{COMBINING ACUTE ACCENT} terrace", 5, "cafe\N{COMBINING ACUTE ACCENT}…"),
        ("连接池", 4, "连…"),
        ("a verylongwordthatgoeson", 10, "a verylon…"),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, most: int, short: str) -> None:
    assert shorten_at_word(text, most) == short


@pytest.mark.parametrize(
    "words", ['undo edit description of "{}"', 'redo undo edit title of "{}"', "undo {}"]
)
def test_a_title_that_is_cut_keeps_its_closing_quote(words: str) -> None:
    title = "A quite long title of an entry about connection pools and their limits"
    subject = proposed(words.format(title)).partition("\n")[0]
    assert subject.count('"') % 2 == 0
    assert subject.endswith('…"' if '"' in words else "…")
    assert len(subject) <= SUBJECT_WIDTH


def test_a_quote_that_was_odd_before_is_no_reason_to_be_longer() -> None:
    subject = proposed('undo edit title of "5" pipes ' + "and more " * 20).partition("\n")[0]
    assert len(subject) <= SUBJECT_WIDTH
