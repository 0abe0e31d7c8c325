"""Copies that sync tools and editors leave beside a file: named, and never what an id means."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from index.library.conflict_copies import copies
from index.library.file_reader import read_record
from index.library.snapshot import Snapshot, find
from index.model.errors import UnknownEntry
from index.storage.scan import scan

LESSONS = (
    '<lessons><lesson id="L-1"><title>One</title></lesson>'
    '<lesson id="L-2"><title>Two</title></lesson></lessons>'
)


def snapshot(root: Path, files: dict[str, str]) -> Snapshot:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return Snapshot.of({file.path: read_record(file) for file in scan(root)[0]})


@pytest.mark.parametrize(
    "name",
    [
        "lessons.sync-conflict-20251003-120000-ABCDEFG.xml",
        "lessons~20251003-120000.xml",
        "lessons (conflicted copy 2025-10-03).xml",
        "lessons (conflicted copy 2025-10-03 120000).xml",
        "lessons (Ada's conflicted copy 2025-10-03).xml",
        "lessons (Ada’s conflicted copy 2025-10-03 (1)).xml",
        "lessons (In Konflikt stehende Kopie von Ada 2025-10-03).xml",
        "lessons (Copie en conflit de Ada 2025-10-03).xml",
        "lessons_conflict-20251003-120000.xml",
        "lessons (SFConflict ada@example.com 2025-10-03-12-00-00).xml",
        "lessons_PC_Oct-03-120000-2025_Conflict.xml",
        "lessons-DESKTOP-4F2A.xml",
        "lessons-Adas-MacBook-Pro.xml",
        "lessons-fedora-safeBackup-0001.xml",
        "lessons-my-old-laptop-safeBackup-0012.xml",
        "lessons [conflicted].xml",
        "lessons (conflicted).xml",
        "lessons (DESKTOP-QRI9EIH conflict 2023-04-02).xml",
        "lessons (Conflict a4ab3033).xml",
        "lessons Kopie 2.xml",
        "lessons - Kopie.xml",
        "lessons – Kopie (2).xml",
        "lessons — копия.xml",
        "lessons - コピー.xml",
        "lessons (Kopie).xml",
        "lessons (copy 2).xml",
        "lessons (3rd copy).xml",
        "Copie de lessons.xml",
        "lessons (1).xml",
        "lessons 2.xml",
        "lessons copy.xml",
        "lessons - Copy (2).xml",
        "Copy of lessons.xml",
        "lessons.orig.xml",
        "lessons~.xml",
        "lessons_LOCAL_1234.xml",
        "lessons (conflicted copy 2025-10-03) (1).xml",
        "lessons_conf(1).xml",
        "lessons.conflict1.xml",
        "lessons (# Name clash 2025-10-03 abc #).xml",
        "lessons (Conflicted copy Laptop 202510031200).xml",
        "lessons (ada@example.com).xml",
        "lessons (Ada の競合コピー 2025-10-03).xml",
        "lessons (Ada 的冲突副本 2025-10-03).xml",
        "lessons (Ada 的衝突複本 2025-10-03).xml",
        "lessons (Ada의 충돌된 복사본 2025-10-03).xml",
        "lessons (конфликтующая копия с компьютера Ada 2025-10-03).xml",
        "lessons (kopia powodująca konflikt użytkownika Ada 2025-10-03).xml",
        "lessons (Ada konfliktkopia 2025-10-03).xml",
        "lessons (modstridende kopi fra Ada).xml",
        "lessons (çakışan kopya Ada).xml",
        normalize("NFD", "lessons (cópia em conflito de Ada 2025-10-03).xml"),
        normalize("NFD", "lessons cópia.xml"),
        "lessons (weitere Kopie).xml",
        "lessons (3e copie).xml",
        "lessons (otra copia).xml",
        "lessons - kopi.xml",
        "lessonsのコピー.xml",
        "lessons のコピー2.xml",
        "Kopie (2) von lessons.xml",
        "Копия lessons.xml",
        "“lessons”的副本.xml",
        "lessons-Ada’s MacBook Pro.xml",
    ],
)
def test_a_copy_is_told_and_the_id_means_the_original(tmp_path: Path, name: str) -> None:
    tree = snapshot(tmp_path, {"sub/lessons.xml": LESSONS, f"sub/{name}": LESSONS.replace("Two", "Three")})
    (note,) = tree.problems()
    assert (note.file, note.level, note.code) == (f"sub/{name}", "note", "copy")
    assert "sub/lessons.xml" in note.message
    assert "L-2 says something else there" in note.message
    assert tree.broken == 0
    assert find(tree.by_id, "L-1").id == "sub/lessons.xml#L-1"
    assert find(tree.by_id, f"sub/{name}#L-1").file == f"sub/{name}"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_original_may_be_written_with_loose_marks(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    names = [normalize(form, name) for name in ("leçons.xml", "leçons (Copie en conflit de Zoé).xml")]
    (note,) = snapshot(tmp_path, dict.fromkeys(names, LESSONS)).problems()
    assert note.file == names[1]
    assert names[0] in note.message


@pytest.mark.parametrize(
    "name", ["lessons (conflicts).xml", "lessons (konfliktfrei).xml", "copy lessons.xml"]
)
def test_words_like_theirs_are_no_copy_by_themselves(tmp_path: Path, name: str) -> None:
    other = LESSONS.replace("L-", "M-")
    assert snapshot(tmp_path, {"lessons.xml": LESSONS, name: other}).problems() == []


def test_a_copy_that_says_the_same_can_be_deleted(tmp_path: Path) -> None:
    tree = snapshot(tmp_path, {"lessons.xml": LESSONS, "lessons 2.xml": LESSONS})
    assert [note.message.endswith("so it can be deleted.") for note in tree.problems()] == [True]


@pytest.mark.parametrize(
    "text", [LESSONS + "<!-- only here -->", "plain words, nothing marked up", "\0" * 50, "<lessons/>"]
)
def test_a_copy_with_anything_else_in_it_is_not_given_up(tmp_path: Path, text: str) -> None:
    tree = snapshot(tmp_path, {"lessons.xml": LESSONS, "lessons~.xml": text})
    (note,) = [problem for problem in tree.problems() if problem.code == "copy"]
    assert note.message.endswith("compare the two before deleting it.")


def test_several_copies_have_one_original(tmp_path: Path) -> None:
    names = ("lessons.xml", "lessons (1).xml", "lessons (1) (1).xml", "lessons.orig.xml")
    tree = snapshot(tmp_path, dict.fromkeys(names, LESSONS))
    assert {copy.original for copy in tree.copies.values()} == {"lessons.xml"}
    assert len(tree.copies) == 3
    assert find(tree.by_id, "L-2").file == "lessons.xml"


@pytest.mark.parametrize(
    "name",
    [
        "lessons 2.xml",
        "lessons-API.xml",
        "lessons (3).xml",
        "lessons copy.xml",
        "Copy of lessons.xml",
        "lessons-backup.xml",
        "lessons Kopie.xml",
        "Copie de lessons.xml",
    ],
)
def test_a_name_of_ones_own_choice_is_no_copy(tmp_path: Path, name: str) -> None:
    other = LESSONS.replace("L-", "M-")
    assert snapshot(tmp_path, {"lessons.xml": LESSONS, name: other}).problems() == []


def test_without_its_original_a_file_is_no_copy(tmp_path: Path) -> None:
    name = "lessons.sync-conflict-20251003-120000-ABCDEFG.xml"
    tree = snapshot(tmp_path, {f"a/{name}": LESSONS, "b/lessons.xml": LESSONS})
    assert not tree.copies
    with pytest.raises(UnknownEntry, match="2 entries share the id L-1"):
        find(tree.by_id, "L-1")


@pytest.mark.parametrize("name", ["L-1", "lessons.xml#L-1"])
def test_an_id_that_two_entries_of_one_file_share_names_both(tmp_path: Path, name: str) -> None:
    """As a merge leaves them where both sides gave the next number to another memory."""
    shared = LESSONS.replace("L-2", "L-1")
    tree = snapshot(tmp_path, {"lessons.xml": shared})
    with pytest.raises(
        UnknownEntry, match=r"^2 entries share the id L-1: take lessons\.xml#.* or lessons\.xml#"
    ):
        find(tree.by_id, name)


def test_the_files_are_looked_at_alone() -> None:
    assert copies({"phase.xml": [], "phase-Two.xml": [], "phase~": []}) == {}


STYLE = "---\nname: Style\ntype: feedback\n---\nUse tabs here.\nNo blanks at ends.\n"
SHORT = "Use tabs here.\n"


@pytest.mark.parametrize("text", [STYLE, SHORT, "# Style\n\n## How\n\nUse tabs here.\n"])
@pytest.mark.parametrize(
    "name", ["style (1).md", "style copy.md", "style 2.md", "style-Adas-Mac.md", "Copy of style.md"]
)
def test_a_memory_that_is_called_after_its_file_is_told_by_its_lines(
    tmp_path: Path, name: str, text: str
) -> None:
    tree = snapshot(tmp_path, {"memory/style.md": text, f"memory/{name}": text})
    assert {path: copy.original for path, copy in tree.copies.items()} == {
        f"memory/{name}": "memory/style.md"
    }
    assert "the very same" in tree.problems()[0].message
    changed = snapshot(tmp_path, {f"memory/{name}": text.rstrip() + "\n\n"})
    assert "outside of the entries" in changed.problems()[0].message


@pytest.mark.parametrize(
    "other", ["Use blanks, four of them.\n", STYLE.replace("tabs", "x").replace("ends", "x")]
)
def test_a_memory_of_its_own_with_a_name_like_a_copy(tmp_path: Path, other: str) -> None:
    assert not snapshot(tmp_path, {"memory/style.md": STYLE, "memory/style 2.md": other}).copies


def test_a_changed_memory_is_a_copy_while_most_lines_are_the_same(tmp_path: Path) -> None:
    files = {"memory/style.md": STYLE, "memory/style copy.md": STYLE + "Ask before a merge.\n"}
    assert "style copy says something else there" in snapshot(tmp_path, files).problems()[0].message
