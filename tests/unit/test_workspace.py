"""The one door: reading, searching and changing a tree."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from index.model.errors import Conflict, TreeError, UnknownEntry
from index.model.plan import CannotEdit
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository

SOLUTIONS = """\
<?xml version="1.0" encoding="UTF-8"?>
<debugging-solutions>
  <solutions>
    <solution id="D-1">
      <created>2025-10-03T14:30:00Z</created>
      <project>shop-api</project>
      <problem>Database connection pool exhaustion under load</problem>
      <level>3</level>
      <solution>
        Size the pool &amp; give every query a timeout.
        Then measure.
      </solution>
      <tags><tag>postgresql</tag><tag>pool</tag></tags>
    </solution>
    <solution id="D-2">
      <created>2025-10-05</created>
      <project>billing</project>
      <problem>Retry storm drains the pool</problem>
      <level>4</level>
      <solution>Full jitter.</solution>
    </solution>
    <solution><id></id><created>TIMESTAMP</created></solution>
  </solutions>
</debugging-solutions>
"""
BROKEN = "<lessons><lesson id='L-1'><name>R&D</name><text>p95 < 5 ms</text></lesson></lessons>\n"
FILE = "development-patterns/debugging-solutions.xml"
ONE = f"{FILE}#D-1"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    for path, text in ((FILE, SOLUTIONS), ("project-knowledge/billing/lessons.xml", BROKEN)):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def repository(tree: Path) -> Path:
    make_repository(tree.parent, email="ana@example.org")
    commit_all(tree.parent, "start")
    return tree


def test_entries_are_newest_first_and_templates_are_told_apart(tree: Path) -> None:
    entries = Workspace.open(tree).tree.entries()
    assert [e.title for e in entries if not e.template] == [
        "Retry storm drains the pool",
        "Database connection pool exhaustion under load",
        "R&D",
    ]
    assert sum(e.template for e in entries) == 1


def test_the_second_visit_paints_from_the_catalogue(tree: Path) -> None:
    assert Workspace.open(tree).tree.reader.first_page() is None
    Workspace.open(tree).tree.load()
    page = Workspace.open(tree).tree.reader.first_page(2)
    assert page is not None
    assert [e.id for e in page.entries] == [f"{FILE}#D-2", ONE]
    assert (page.total, page.files) == (3, 2)
    assert dict(page.facets.projects) == {"billing": 2, "shop-api": 1}


def test_what_was_read_can_be_noted_later(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load(remember=False)
    assert Workspace.open(tree).tree.reader.first_page() is None
    told: list[tuple[int, int]] = []
    workspace.tree.reader.remember(lambda done, total: told.append((done, total)))
    assert told == [(0, 2)]
    page = Workspace.open(tree).tree.reader.first_page()
    assert page is not None
    assert page.total == 3


def test_what_was_saved_is_found_before_the_next_first_page_is_counted(tree: Path) -> None:
    with closing(Workspace.open(tree)) as workspace:
        workspace.tree.load()
        workspace.search.update()
        (tree / "new.xml").write_text("<x><id>1</id><note>brandnew</note></x>", encoding="utf-8")
        workspace.tree.refresh()
        workspace.search.update()
        assert workspace.search.find("brandnew", wait=False).total == 1
        assert workspace.tree.catalogue.page_is_old()
    page = Workspace.open(tree).tree.reader.first_page()
    assert page is not None
    assert (page.total, page.files) == (4, 3)


def test_only_what_changed_is_read_again(tree: Path) -> None:
    Workspace.open(tree).tree.load()
    workspace = Workspace.open(tree)
    assert not workspace.tree.load()
    (tree / FILE).write_text(SOLUTIONS.replace("Full jitter", "Full jitter, three tries"), encoding="utf-8")
    (tree / "new.xml").write_text("<x><id>1</id></x>", encoding="utf-8")
    (tree / "project-knowledge/billing/lessons.xml").unlink()
    changes = workspace.tree.refresh()
    assert (changes.added, changes.changed, changes.removed) == (
        ("new.xml",), (FILE,), ("project-knowledge/billing/lessons.xml",),
    )  # fmt: skip
    assert workspace.tree.entry("D-2").fields[-1].text == "Full jitter, three tries."


def test_two_threads_that_need_the_tree_read_it_once(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    (workspace.tree.folder / "catalogue.sqlite").unlink()
    assert not workspace.tree.load()  # as where a search read the tree while the app waited to do so


def test_a_look_that_finds_nothing_new_keeps_what_was_made_of_the_last(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    before = workspace.tree.snapshot
    assert not workspace.tree.refresh()
    assert workspace.tree.snapshot is before
    (tree / "link.xml").symlink_to("/etc/passwd")
    assert not workspace.tree.refresh()
    assert [problem.file for problem in workspace.tree.problems()] != [p.file for p in before.problems()]


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\x00 and then nothing of it"])
def test_a_damaged_catalogue_is_written_anew(tree: Path, damage: bytes) -> None:
    first = Workspace.open(tree)
    first.tree.load()
    first.tree.catalogue.forget()
    (first.tree.folder / "catalogue.sqlite").write_bytes(damage)
    again = Workspace.open(tree)
    assert len(again.tree.entries()) == 4
    assert Workspace.open(tree).tree.reader.first_page() is not None


def test_an_entry_is_found_by_its_key_and_a_wrong_id_names_near_ones(tree: Path) -> None:
    workspace = Workspace.open(tree)
    assert workspace.tree.entry("D-1").id == ONE
    with pytest.raises(UnknownEntry, match=r"Did you mean D-\d or D-\d\?"):
        workspace.tree.entry(f"{FILE}#D-3")


@pytest.mark.parametrize("nothing", ["", "#", f"{FILE}#"])
def test_an_empty_id_is_that_of_no_entry(tree: Path, nothing: str) -> None:
    with pytest.raises(UnknownEntry, match="The id is empty"):
        Workspace.open(tree).tree.entry(nothing)


def test_search_finds_filters_and_counts(tree: Path) -> None:
    workspace = Workspace.open(tree)
    results = workspace.search.find("pool")
    assert [hit.id for hit in results] == [ONE, f"{FILE}#D-2"]
    assert dict(workspace.search.facets(results.query).projects) == {"billing": 1, "shop-api": 1}
    assert [hit.id for hit in workspace.search.find("pool project:shop-api")] == [ONE]
    narrowed = workspace.search.facets(parse("project:shop-api"))
    assert dict(narrowed.projects) == {"billing": 2, "shop-api": 1}
    assert workspace.search.find("").total == 3
    assert workspace.search.find("is:template").total == 1


def test_search_follows_the_files(tree: Path) -> None:
    workspace = Workspace.open(tree)
    assert workspace.search.find("jitter").total == 1
    (tree / FILE).write_text(SOLUTIONS.replace("jitter", "backoff"), encoding="utf-8")
    workspace.tree.refresh()
    assert (workspace.search.find("jitter").total, workspace.search.find("backoff").total) == (0, 1)
    workspace.search.rebuild()
    assert workspace.search.find("backoff").total == 1


def test_an_edit_changes_only_its_field_and_is_one_commit(repository: Path) -> None:
    workspace = Workspace.open(repository)
    (repository / "other.xml").write_text("<x/>", encoding="utf-8")
    saved = workspace.committer.commit(
        workspace.planner.edit(ONE, {"solution": "Size the pool < 20.\nThen rest."})
    )
    assert saved.revision
    assert (repository / FILE).read_text(encoding="utf-8") == SOLUTIONS.replace(
        "Size the pool &amp; give every query a timeout.\n        Then measure.",
        "Size the pool &lt; 20.\n        Then rest.",
    )
    author, subject, path = git(repository, "show", "--name-only", "--format=%an%n%s", "HEAD").split("\n", 2)
    assert author == "Ana Kovač"
    assert subject.startswith('memory: edit solution of "Database connection pool exhaustion')
    assert len(subject) <= 72
    assert path.strip() == f"memories/{FILE}"
    assert "?? other.xml" in git(repository, "status", "--short")
    assert workspace.tree.entry(ONE).fields[5].text == "Size the pool < 20.\nThen rest."


def test_attributes_lists_and_tags_can_be_set(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.committer.commit(workspace.planner.edit(ONE, {"tags": "pool\nnode & co\nnew", "@id": "D-9"}))
    assert workspace.tree.entry("D-9").tags == ("pool", "node & co", "new")
    workspace.committer.commit(workspace.planner.edit("D-9", {"tags": "one"}))
    assert "<tags><tag>one</tag></tags>" in (tree / FILE).read_text(encoding="utf-8")


def test_a_broken_file_can_be_edited_and_stays_as_broken_as_it_was(tree: Path) -> None:
    workspace = Workspace.open(tree)
    plan = workspace.planner.edit("L-1", {"name": "Research"})
    assert plan.changes[0].after == BROKEN.replace("R&D", "Research").encode()
    assert "2 problems" in plan.warning or "1 problem" in plan.warning


@pytest.mark.usefixtures("unversioned")
def test_without_git_the_edit_is_saved_and_said_to_be_unversioned(tree: Path) -> None:
    saved = Workspace.open(tree).committer.commit(Workspace.open(tree).planner.edit(ONE, {"level": "5"}))
    assert saved.revision is None
    assert "not versioned" in saved.note
    assert "<level>5</level>" in (tree / FILE).read_text(encoding="utf-8")


def test_an_unknown_field_is_refused_and_names_the_fields(tree: Path) -> None:
    with pytest.raises(CannotEdit, match="it has @id, created, project"):
        Workspace.open(tree).planner.edit(ONE, {"nothing": "x"})


def test_a_file_that_changed_meanwhile_is_a_conflict_and_stands(tree: Path) -> None:
    workspace = Workspace.open(tree)
    plan = workspace.planner.edit(ONE, {"level": "5"})
    theirs = SOLUTIONS.replace("<level>3<", "<level>1<").replace("<level>4<", "<level>1<")
    assert theirs != SOLUTIONS
    (tree / FILE).write_text(theirs, encoding="utf-8")
    with pytest.raises(Conflict, match="level of"):
        workspace.committer.commit(plan)
    with pytest.raises(Conflict, match="level of"):
        workspace.planner.edit(ONE, {"level": "5"}, base=SOLUTIONS.encode())
    assert (tree / FILE).read_text(encoding="utf-8") == theirs


def test_undo_and_redo_are_new_commits_and_outlast_the_session(repository: Path) -> None:
    with pytest.raises(CannotEdit, match="nothing to undo"):
        Workspace.open(repository).committer.undo()
    Workspace.open(repository).committer.commit(Workspace.open(repository).planner.edit(ONE, {"level": "5"}))
    assert Workspace.open(repository).committer.undo().revision
    assert (repository / FILE).read_text(encoding="utf-8") == SOLUTIONS
    assert git(repository, "log", "--format=%s").splitlines()[0].startswith("memory: undo edit level")
    assert Workspace.open(repository).committer.redo().revision
    assert "<level>5</level>" in (repository / FILE).read_text(encoding="utf-8")
    with pytest.raises(CannotEdit, match="nothing to redo"):
        Workspace.open(repository).committer.redo()


def test_what_git_took_back_does_not_bar_the_undo_of_what_was_before(repository: Path) -> None:
    workspace = Workspace.open(repository)
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "5"}))
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "6"}))
    git(repository, "revert", "--no-edit", "HEAD")
    with pytest.raises(CannotEdit, match="gone already"):
        workspace.committer.undo()
    workspace.committer.undo()
    assert (repository / FILE).read_text(encoding="utf-8") == SOLUTIONS


def test_undo_leaves_later_edits_of_others_and_refuses_those_of_the_same_entry(repository: Path) -> None:
    workspace = Workspace.open(repository)
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "5"}))
    text = (repository / FILE).read_text(encoding="utf-8")
    (repository / FILE).write_text(text.replace("Full jitter", "Half jitter"), encoding="utf-8")
    git(repository, "commit", "-qam", "another entry")
    workspace.committer.undo()
    assert (repository / FILE).read_text(encoding="utf-8") == SOLUTIONS.replace("Full jitter", "Half jitter")
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "6"}))
    text = (repository / FILE).read_text(encoding="utf-8")
    (repository / FILE).write_text(text.replace("<level>6<", "<level>7<"), encoding="utf-8")
    with pytest.raises(CannotEdit, match="edited again since"):
        workspace.committer.undo()


def test_undo_leaves_what_somebody_wrote_before_the_edit_and_did_not_commit(repository: Path) -> None:
    theirs = SOLUTIONS.replace("Full jitter", "Half jitter")
    (repository / FILE).write_text(theirs, encoding="utf-8")
    workspace = Workspace.open(repository)
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "5"}))
    Workspace.open(repository).committer.undo()
    assert (repository / FILE).read_text(encoding="utf-8") == theirs
    Workspace.open(repository).committer.redo()
    after = (repository / FILE).read_text(encoding="utf-8")
    assert "Half jitter" in after
    assert "<level>5</level>" in after


def test_problems_and_their_repair(repository: Path) -> None:
    workspace = Workspace.open(repository)
    errors = [p for p in workspace.tree.problems() if p.level == "error"]
    assert {p.file for p in errors} == {"project-knowledge/billing/lessons.xml"}
    assert all(p.repairable and not p.guesses for p in errors)
    saved = workspace.committer.commit(workspace.planner.repair("project-knowledge/billing/lessons.xml"))
    assert saved.revision
    assert not [p for p in workspace.tree.problems() if p.level == "error"]
    with pytest.raises(CannotEdit, match="nothing to repair"):
        workspace.planner.repair(FILE)


def test_nothing_outside_the_tree_is_touched(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<x/>", encoding="utf-8")
    with pytest.raises(TreeError, match="outside the tree"):
        Workspace.open(tree).planner.replace("../../secret.xml", b"<y/>")


def test_a_catalogue_is_json_and_nothing_else(tree: Path) -> None:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    page = workspace.tree.catalogue.page()
    assert page == json.loads(json.dumps(page))


def test_an_undo_passes_over_what_only_another_branch_has_and_leaves_it_to_that(repository: Path) -> None:
    workspace = Workspace.open(repository)
    workspace.committer.commit(workspace.planner.edit(ONE, {"level": "5"}))
    git(repository, "switch", "-qc", "other")
    two = f"{FILE}#D-2"
    workspace.committer.commit(workspace.planner.edit(two, {"level": "1"}))
    workspace.committer.commit(workspace.planner.delete(two))
    there = (repository / FILE).read_text(encoding="utf-8")
    git(repository, "switch", "-q", "main")
    Workspace.open(repository).committer.undo()
    assert (repository / FILE).read_text(encoding="utf-8") == SOLUTIONS
    with pytest.raises(CannotEdit, match="nothing to undo"):
        Workspace.open(repository).committer.undo()
    git(repository, "switch", "-q", "other")
    Workspace.open(repository).committer.undo()
    assert (repository / FILE).read_text(encoding="utf-8") != there
    assert '<solution id="D-2">' in (repository / FILE).read_text(encoding="utf-8")


def test_before_the_key_of_an_id_may_be_a_path_on_the_disk(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(tree)
    monkeypatch.chdir(tree.parent)
    for typed in (f"memories/{ONE}", f"./memories/{ONE}", f"{tree}/{ONE}"):
        assert workspace.tree.entry(typed).id == ONE
    monkeypatch.chdir(tree / "project-knowledge")
    assert workspace.tree.entry("./billing/lessons.xml#L-1").key == "L-1"
    with pytest.raises(UnknownEntry, match="memories/nowhere"):
        workspace.tree.entry("memories/nowhere.xml#D-1")
    monkeypatch.chdir("/")
    with pytest.raises(UnknownEntry):
        workspace.tree.entry(f"memories/{ONE}")


def test_an_id_with_a_hash_sign_is_found_by_itself(tree: Path) -> None:
    (tree / "issues.xml").write_text(
        '<issues><issue id="shop#12"><title>One</title><note>x</note></issue>'
        '<issue id="#13"><title>Two</title><note>y</note></issue></issues>',
        encoding="utf-8",
    )
    workspace = Workspace.open(tree)
    for typed in ("shop#12", "issues.xml#shop#12", "#13", "issues.xml##13"):
        assert workspace.tree.entry(typed).title == ("One" if "12" in typed else "Two")
    with pytest.raises(UnknownEntry):
        workspace.tree.entry("pop#12")
