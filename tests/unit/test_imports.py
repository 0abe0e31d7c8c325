"""What loads when: the import contracts, proved at run time."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "lxml",
    "git",
    "whoosh",
    "watchfiles",
    "tree_sitter",
    "textual.widgets._text_area",
    "click",
    "sqlite3",
)


def loaded(code: str, *names: str) -> set[str]:
    """Return which of `names` are loaded after `code` has run in a fresh interpreter."""
    code += f"\nimport sys; print(*[name for name in {names!r} if name in sys.modules])"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        ).stdout.split()
    )


def test_the_app_starts_without_the_heavy_libraries() -> None:
    code = "import tui.__main__, tui.app, tui.screens.browse.browse, index.workspace"
    assert loaded(code, *HEAVY) <= {"sqlite3"}


@pytest.mark.parametrize(
    "module",
    ["index.workspace", "index.commands", "index.git.repository", "index.search.engines.index_update"],
)
def test_the_library_never_loads_textual(module: str) -> None:
    assert loaded(f"import {module}", "textual") == set()


def test_a_query_is_parsed_without_whoosh() -> None:
    assert loaded("from index.search.language.query import parse; parse('a kind:b')", "whoosh") == set()
