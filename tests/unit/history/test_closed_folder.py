"""A folder of the tree that may not be entered: told, and no hindrance for the rest."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import call
from tests.support.work import Work

LESSON = "<lessons><lesson id='{0}-1'><title>One of {0}</title></lesson></lessons>"


@pytest.fixture
def tree(work: Work, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tree with a file beside a closed folder that has one, too, as root cannot make it."""
    for name in ("a", "sub/s"):
        work.commit(f"memories/{name}.xml", LESSON.format(name[-1]).encode(), name)
    closed = str(work.tree / "sub")

    def refusing(real: Callable[..., Any], within: str) -> Callable[..., Any]:
        def refuse(path: Any = ".", *rest: Any, **more: Any) -> Any:
            if not isinstance(path, int) and os.fsdecode(path).startswith(within):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *rest, **more)

        return refuse

    for name in ("stat", "lstat", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), f"{closed}/"))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, closed))
    return work.tree


def test_it_is_told_and_the_rest_goes_on(tree: Path) -> None:
    assert "sub: error: It cannot be listed: permission denied." in call(tree, "check", status=1).output
    assert "One of a" in call(tree, "show", "a-1").output
    assert "Saved a.xml" in call(tree, "edit", "a-1", "--set", "title=Two").output
    assert "Undid" in call(tree, "undo").output
    call(tree, "status")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("show", "s-1"), 1, "No entry has the id s-1."),
        (("edit", "s-1", "--set", "title=Two"), 1, "No entry has the id s-1."),
        (("delete", "s-1"), 1, "No entry has the id s-1."),
        (("restore", "sub/s.xml", "HEAD"), 3, "permission denied"),
        (("repair", "sub/s.xml"), 3, "permission denied"),
        (("add", "lesson", "--set", "title=New", "--file", "sub/s.xml"), 3, "permission denied"),
        (("move", "a-1", "sub/s.xml"), 3, "permission denied"),
    ],
)
def test_what_is_in_it_is_refused_in_a_sentence(
    tree: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    assert told in call(tree, *words, status=status).output
