"""What is on disk and in no commit: found without running anything, told by entry, committed or put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.history.uncommitted import UncommittedFile, uncommitted_files
from index.model.errors import Conflict, Refused
from index.model.plan import CannotEdit
from index.workspace import Workspace
from tests.support.home import Home
from tests.support.memories import FILE, SOLUTIONS, page, reindented, solution
from tests.support.work import Work

POOL, STORM, NEW = (solution(title) for title in ("Pool exhausted", "Retry storm", "A new one"))


@pytest.fixture
def open_tree(work: Work) -> Workspace:
    work.commit(FILE, page(POOL, STORM))
    return Workspace.open(work.tree)


def found(work: Work) -> list[UncommittedFile]:
    return list(uncommitted_files(work.open()))


def test_nothing_is_pending(work: Work, open_tree: Workspace) -> None:
    assert found(work) == []
    assert open_tree.status.uncommitted() == []


def test_it_is_told_by_entry_and_field(work: Work, open_tree: Workspace) -> None:
    edited = STORM.replace("<level>2", "<level>3").replace("measure, then act", "measure first, then act")
    work.write(FILE, page(edited, NEW))
    (item,) = found(work)
    assert (item.path, item.how) == (SOLUTIONS, "changed")
    assert {(change.entry.title, change.how, change.words) for change in item.entries} == {
        ("Pool exhausted", "deleted", "deleted"),
        ("Retry storm", "edited", "level 2 → 3; solution reworded"),
        ("A new one", "added", "added"),
    }
    assert item.summary == "+1 debugging solution, 1 debugging solution edited, −1 debugging solution"
    change = next(change for change in item.entries if change.how == "edited")
    assert "<level>2" in change.old_markup
    assert "<level>3" in change.new_markup


def test_new_and_deleted_files_and_a_new_layout(work: Work, open_tree: Workspace) -> None:
    work.write(FILE, reindented(page(POOL, STORM)))
    work.write("memories/new/b.xml", page(NEW))
    (work.tree / "a.xml").unlink()
    items = {item.path: item for item in found(work)}
    assert {path: item.how for path, item in items.items()} == {
        "a.xml": "deleted",
        "new/b.xml": "new",
        SOLUTIONS: "changed",
    }
    assert (items[SOLUTIONS].entries, items["a.xml"].after, items["new/b.xml"].before) == ((), None, None)
    assert items[SOLUTIONS].summary == "only white space changed"


def test_a_file_whose_place_something_else_took_is_gone(work: Work, open_tree: Workspace) -> None:
    work.commit("memories/sub/b.xml", page(NEW))
    for path in (work.tree / "a.xml", work.tree / "sub/b.xml"):
        path.unlink()
    (work.tree / "a.xml").mkdir()
    (work.tree / "sub").rmdir()
    (work.tree / "sub").write_text("a file")
    assert {item.path: item.how for item in found(work)} == {"a.xml": "deleted", "sub/b.xml": "deleted"}


@pytest.mark.parametrize("now", [b"\0" * 64, b"<memory>" + b"<a>" * 300, b"\xff\xfe\0\0<\0\0\0"])
def test_a_file_that_cannot_be_read_is_no_deletion(work: Work, open_tree: Workspace, now: bytes) -> None:
    work.write(FILE, now)
    (item,) = found(work)
    assert (item.how, item.entries, item.summary) == ("changed", (), "its entries cannot be read")
    version = next(open_tree.history.file_versions(SOLUTIONS))
    assert (version.rev, version.done.removed) == (None, ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"        measure", b"          measure", "only white space changed"),
        (b"<level>2</level>", b"<level>\t2 </level>", "only white space changed"),
        (b"</memory>\n", b"</memory>\n\n\n", "only white space changed"),
        (b"\n", b"\r\n", "only line ends changed"),
        (b"<?xml", b"\xef\xbb\xbf<?xml", "only its encoding changed"),
        (b"<reads>3", b"<reads>4", "only its layout, or what is around the entries"),
        (
            b"<level>2</level>",
            b"<level><![CDATA[2]]></level>",
            "only its layout, or what is around the entries",
        ),
    ],
)
def test_what_says_the_same_is_told_in_a_sentence(
    work: Work, open_tree: Workspace, old: bytes, new: bytes, words: str
) -> None:
    work.write(FILE, page(POOL, STORM).replace(old, new))
    (item,) = found(work)
    assert item.entries == ()
    assert item.summary == words


def test_line_endings_that_git_converts_are_no_change(work: Work, open_tree: Workspace) -> None:
    work.git("config", "core.autocrlf", "true")
    windows = page(POOL, STORM).replace(b"\n", b"\r\n")
    work.write(FILE, windows)
    assert found(work) == []
    work.write(FILE, windows.replace(b"<level>2", b"<level>3", 1))
    (item,) = found(work)
    assert item.before == windows
    open_tree.status.put_back(item)
    assert (work.root / FILE).read_bytes() == windows
    assert found(work) == []


def test_links_and_files_under_a_filter_are_left_out(work: Work, open_tree: Workspace) -> None:
    work.commit(".gitattributes", b"filtered.xml filter=x\n")
    work.git("config", "filter.x.clean", "cat")
    work.commit("memories/filtered.xml", page(POOL))
    work.write("memories/filtered.xml", page(STORM))
    (work.tree / "link.xml").symlink_to("a.xml")
    assert found(work) == []


def test_a_broken_file_is_listed(work: Work, open_tree: Workspace) -> None:
    work.write(FILE, page(POOL, STORM.replace("measure, then", "measure & then")))
    (item,) = found(work)
    assert [change.entry.title for change in item.entries] == ["Retry storm"]


# ── committing ────────────────────────────────────────────────────────────────


def test_one_file_is_committed_and_nothing_else(work: Work, open_tree: Workspace) -> None:
    work.write(FILE, page(POOL, STORM.replace("<level>2", "<level>3")))
    work.write("memories/new.xml", page(NEW))
    work.write("src/main.py", b"print(2)\n")
    work.git("add", "src/main.py")
    items = open_tree.status.uncommitted()
    plan = open_tree.status.plan([item for item in items if item.path == SOLUTIONS])
    assert plan.message == 'memory: edit level of "Retry storm"'
    saved = open_tree.committer.commit(plan)
    assert saved.revision == work.head()
    assert work.files_of("HEAD") == [FILE]
    assert work.status() == "M  src/main.py\n?? memories/new.xml"
    open_tree.committer.undo()
    assert (work.root / FILE).read_bytes() == page(POOL, STORM)


def test_all_in_one_commit(work: Work, open_tree: Workspace) -> None:
    work.write(FILE, page(POOL))
    work.write("memories/new.xml", page(NEW))
    (work.tree / "a.xml").unlink()
    plan = open_tree.status.plan(open_tree.status.uncommitted(), "agents' work")
    open_tree.committer.commit(plan)
    assert sorted(work.files_of("HEAD")) == ["memories/a.xml", "memories/new.xml", FILE]
    assert (work.status(), open_tree.status.uncommitted()) == ("", [])


@pytest.mark.parametrize("where", ["on disk", "in git"])
def test_what_changed_since_it_was_looked_at_is_not_committed(
    work: Work, open_tree: Workspace, where: str
) -> None:
    mine = page(POOL, STORM.replace("<level>2", "<level>3"))
    work.write(FILE, mine)
    plan = open_tree.status.plan(open_tree.status.uncommitted())
    other = page(POOL, STORM.replace("<level>2", "<level>5"))
    if where == "in git":
        work.commit(FILE, other)
        work.write(FILE, mine)
    else:
        work.write(FILE, other)
    head, disk = work.head(), (work.root / FILE).read_bytes()
    with pytest.raises(Conflict, match=f"was changed {where} since you looked at it"):
        open_tree.committer.commit(plan)
    assert (work.head(), (work.root / FILE).read_bytes()) == (head, disk)


def test_messages_say_what_it_is(work: Work, open_tree: Workspace) -> None:
    def proposed() -> str:
        return open_tree.status.plan(open_tree.status.uncommitted()).message

    work.write(FILE, page(POOL))
    assert proposed() == 'memory: delete debugging solution "Retry storm"'
    work.write(FILE, page(POOL, STORM, NEW, solution("Another", 9)))
    assert proposed() == "memory: +2 debugging solutions"
    work.write(FILE, reindented(page(POOL, STORM)))
    assert proposed() == f"memory: edit {SOLUTIONS}"
    (work.tree / "a.xml").unlink()
    assert proposed() == "memory: changes in 2 files"


@pytest.mark.usefixtures("unversioned")
def test_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    workspace = Workspace.open(tmp_path / "tree")
    assert workspace.status.uncommitted() == []
    with pytest.raises(Refused, match="nothing to commit to"):
        workspace.status.plan([])


# ── putting back ──────────────────────────────────────────────────────────────


def test_put_back_keeps_what_it_drops(work: Work, open_tree: Workspace, home: Home) -> None:
    mine = page(POOL, STORM.replace("<level>2", "<level>3"))
    work.write(FILE, mine)
    (item,) = open_tree.status.uncommitted()
    saved = open_tree.status.put_back(item)
    assert work.status() == ""
    copies = list(home.state.rglob("kept/*"))
    assert [copy.read_bytes() for copy in copies] == [mine]
    assert copies[0].stat().st_mode & 0o777 == 0o600
    assert str(copies[0]) in saved.note
    head = work.head()
    assert open_tree.committer.undo().note.startswith(f"Undid: restore {SOLUTIONS}")
    assert ((work.root / FILE).read_bytes(), work.head()) == (mine, head)
    assert work.status() == f" M {FILE}"


def test_put_back_of_a_new_and_of_a_deleted_file(work: Work, open_tree: Workspace) -> None:
    work.write("memories/new.xml", page(NEW))
    (work.root / FILE).unlink()
    for item in open_tree.status.uncommitted():
        open_tree.status.put_back(item)
    assert work.status() == ""
    open_tree.committer.undo()
    open_tree.committer.undo()
    assert work.status() == f" D {FILE}\n?? memories/new.xml"


def test_put_back_refuses_what_it_has_not_seen(work: Work, open_tree: Workspace) -> None:
    work.write(FILE, page(POOL))
    (item,) = open_tree.status.uncommitted()
    work.write(FILE, page(NEW))
    with pytest.raises(Conflict):
        open_tree.status.put_back(item)
    assert (work.root / FILE).read_bytes() == page(NEW)
    (item,) = open_tree.status.uncommitted()
    open_tree.status.put_back(item)
    work.write(FILE, page(STORM))
    with pytest.raises(CannotEdit, match="kept aside"):
        open_tree.committer.undo()
    assert (work.root / FILE).read_bytes() == page(STORM)
