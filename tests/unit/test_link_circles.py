"""Links to a folder above them lead in a circle: each is told of, and the tree is read as without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.storage.scan import scan, sizes

LESSON = "<lessons><lesson id='L-1'><title>One</title></lesson></lessons>"


@pytest.mark.parametrize(
    ("link", "target"),
    [("dot", "."), ("own", "../memories"), ("a/up", ".."), ("a/me", "../a"), ("a/b/top", "../..")],
)
def test_a_link_to_a_folder_above_is_told_of(tmp_path: Path, link: str, target: str) -> None:
    tree = tmp_path / "memories"
    (tree / "a/b").mkdir(parents=True)
    (tree / "a/lessons.xml").write_text(LESSON)
    (tree / link).symlink_to(target)
    files, notes = scan(tree)
    assert [file.path for file in files] == ["a/lessons.xml"]
    assert [(note.file, note.code) for note in notes] == [(link, "circle")]
    assert [*sizes(tree)] == ["a/lessons.xml"]


@pytest.mark.parametrize(("target", "codes"), [("../a", []), ("../..", ["outside"])])
def test_other_links_to_folders_are_as_before(tmp_path: Path, target: str, codes: list[str]) -> None:
    tree = tmp_path / "memories"
    (tree / "a").mkdir(parents=True)
    (tree / "b").mkdir()
    (tree / "b/link").symlink_to(target)
    assert [note.code for note in scan(tree)[1]] == codes
