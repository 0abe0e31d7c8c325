"""Traces of git that the user asked for: where git prints its answer, they would be part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.support.git import commit_all, make_repository


@pytest.mark.parametrize("name", ["GIT_TRACE", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE_SETUP"])
@pytest.mark.parametrize("place", ["/dev/stdout", "1"])
def test_a_trace_is_no_part_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    (tmp_path / "note.md").write_text("# One\n")
    make_repository(tmp_path)
    commit_all(tmp_path, "a first note")
    monkeypatch.setenv(name, place)
    workspace = Workspace.open(tmp_path)
    try:
        [version] = workspace.history.versions("note.md#note")
        assert version.message.strip() == "a first note"
    finally:
        workspace.close()
