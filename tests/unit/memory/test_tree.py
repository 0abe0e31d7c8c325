"""A tree: where it lies, which files it holds, what each of them says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.library.file_reader import make_record, read_record
from index.model.errors import TreeError
from index.model.file_record import TreeFile
from index.model.path_spelling import shown
from index.storage.memory_stores import TreeLocation
from index.storage.scan import check_root, discover, scan
from tests.support.git import git


def write(path: Path, text: str = "<x/>") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def listed(root: Path) -> list[str]:
    return [file.path for file in scan(root)[0]]


@pytest.mark.parametrize("place", ["memories", ".memories", ".claude/memories"])
def test_the_nearest_tree_upward_is_found(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEMARIUM_TREE", raising=False)
    (tmp_path / place).mkdir(parents=True)
    deep = tmp_path / "src" / "deep"
    deep.mkdir(parents=True)
    assert discover(deep) == TreeLocation(tmp_path / place)


def test_the_environment_names_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memories").mkdir()
    monkeypatch.setenv("MEMARIUM_TREE", str(tmp_path / "other"))
    assert discover(tmp_path) == TreeLocation(tmp_path / "other")


def test_a_missing_tree_and_a_file_are_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="does not exist"):
        check_root(tmp_path / "none")
    with pytest.raises(TreeError, match="is a file, not a folder"):
        check_root(write(tmp_path / "a.xml"))


def test_the_folder_of_git_itself_is_no_tree(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    git(tmp_path, "init", "--quiet", "shop")
    for folder in ("bare.git", "shop/.git"):
        with pytest.raises(TreeError, match="is git's own folder: name that of a checkout"):
            check_root(tmp_path / folder)
    assert check_root(tmp_path / "shop") == (tmp_path / "shop").resolve()


def test_files_are_listed_by_path_and_hidden_folders_are_not(tmp_path: Path) -> None:
    for name in ("b.xml", "a/z.XML", "a/note.txt", "a/note.md", ".git/x.xml", ".hidden.xml"):
        write(tmp_path / name)
    assert listed(tmp_path) == ["a/note.md", "a/z.XML", "b.xml"]


def test_odd_names_are_files_like_any_other(tmp_path: Path) -> None:
    names = ["with space.xml", "new\nline.xml", "[bracket].xml", "rtl-\u202egnp.xml", "-rf.xml"]
    for name in names:
        write(tmp_path / name)
    (tmp_path / os.fsdecode(b"latin-\xe9.xml")).write_bytes(b"<x/>")
    assert sorted(listed(tmp_path)) == sorted([*names, "latin-\\xe9.xml"])
    assert all(read_record(file).digest for file in scan(tmp_path)[0])


def test_links_are_followed_inside_the_tree_only(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.xml")
    root = tmp_path / "memories"
    write(root / "real" / "a.xml")
    write(root / ".hidden" / "b.xml")
    (root / "alias.xml").symlink_to(root / "real" / "a.xml")
    (root / "b.xml").symlink_to(root / ".hidden" / "b.xml")
    (root / "leak.xml").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    (root / "dangling.xml").symlink_to(root / "nowhere.xml")
    files, notes = scan(root)
    assert [f.path for f in files] == ["b.xml", "real/a.xml"]  # what is listed anyway is not listed twice
    told = [("folder", "outside"), ("leak.xml", "outside"), ("loop", "circle")]
    assert sorted((n.file, n.code) for n in notes) == told


def test_a_file_that_is_gone_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    record = read_record(TreeFile("a.xml", tmp_path / "a.xml", 3, 0))
    assert record.entries == []
    assert [(p.code, p.level) for p in record.problems] == [("unreadable", "error")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"GIF89a\xff\xfe",
        b"plain text",
        b"<",
        "<ü>\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_any_bytes_make_a_record(data: bytes) -> None:
    record = make_record(TreeFile("a.xml", Path("a.xml"), len(data), 0), data)
    assert any(p.level == "error" for p in record.problems)


def test_ids_that_repeat_and_files_of_templates_are_worth_a_look() -> None:
    def codes(text: str) -> list[str]:
        data = text.encode()
        return [p.code for p in make_record(TreeFile("a.xml", Path("a.xml"), 0, 0), data).problems]

    assert codes("<xs><x id='1'><a>t</a></x><x id='1'><a>u</a></x></xs>") == ["duplicate-id"]
    assert codes("<xs><x><id/><created>TIMESTAMP</created></x></xs>") == ["template"]
    assert codes("<xs><x id='1'><a>t</a></x></xs>") == []


@pytest.mark.parametrize(
    "text",
    [
        "<r><x><id>1</id><a>t</a></x><x><id>1</id><b>u</b></x><x><id>2</id><b>u</b></x></r>",
        "<r><x id='1'><at>2025-01-02</at></x><x id='1'><at>2025-01-02</at></x></r>",
        "<r><ü·y id='1'><a>t</a></ü·y><ü·y id='1'><b>u</b></ü·y></r>",
        "<r id='1' k='2'><x id='1'><a>t</a></x><x id='2'><a>u</a></x><rest>of it</rest></r>",
        "<x id='1'><a>t</a></x><x id='1'><a>u</a></x>",
        "<r><LONG id='1'><a>t</a></LONG><LONG id='1'><b>u</b></LONG></r>".replace("LONG", "long-" * 30 + "x"),
    ],
)
def test_an_id_given_twice_is_seen_whatever_the_entries_are_called_by_then(text: str) -> None:
    data = text.encode()
    record = make_record(TreeFile("a.xml", Path("a.xml"), 0, 0), data)
    owns = [entry.own_id for entry in record.entries]
    assert owns.count("1") == 2
    assert [p.code for p in record.problems if p.level == "note"] == ["duplicate-id"]


def test_paths_are_shown_without_anything_a_terminal_would_obey() -> None:
    assert shown("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
