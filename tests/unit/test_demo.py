"""The demo: its history is one that could have been, and it ends in the sample tree."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from index.commands import demo
from index.library.tree import Tree
from index.model.errors import TreeError
from index.model.news import NOTHING
from index.workspace import Workspace
from tests.support.git import git, read_blob
from tests.support.home import Home
from tests.support.sample import FILES, REFERENCE, entries_of

TREE = demo.sample_tree()
BARE = "project-knowledge/billing/lessons.xml"
TRUNCATED = "agent-coordination/context-packages.xml"
SESSION = "session-context/active-project.xml"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.make_demo(tmp_path_factory.mktemp("demo")).parent


class Step(NamedTuple):
    """A commit, and the files it wrote."""

    when: datetime
    author: str
    message: str
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def steps(shop: Path) -> list[Step]:
    """The commits, oldest first."""
    found = []
    for line in git(shop, "log", "--reverse", "--format=%H%x00%aI%x00%an%x00%s").splitlines():
        revision, when, author, message = line.split("\0")
        names = git(shop, "show", "--format=", "--name-only", "-z", revision).split("\0")
        files = {
            name.removeprefix("memories/"): read_blob(shop, f"{revision}:{name}")
            for name in filter(None, names)
        }
        found.append(Step(datetime.fromisoformat(when), author, message, files))
    return found


@pytest.fixture(scope="module")
def trees(steps: list[Step]) -> list[dict[str, bytes]]:
    """The whole tree after each commit."""
    whole: list[dict[str, bytes]] = []
    for step in steps:
        whole.append((whole[-1] if whole else {}) | step.files)
    return whole


@pytest.fixture
def stranger(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user whom git knows nothing of; the folder of their settings."""
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    home.folder.mkdir()
    return home.folder


# ── the repository ────────────────────────────────────────────────────────────


def test_the_last_state_is_the_sample_tree(shop: Path) -> None:
    assert contents(shop / "memories") == contents(TREE)
    assert not (shop / "memories" / demo.HISTORY).exists()
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(shop, "ls-tree", "--name-only", "HEAD").split() == ["memories"]


def test_git_finds_no_fault(shop: Path) -> None:
    assert git(shop, "fsck", "--strict") == ""


def test_the_log_has_many_hands_and_zones(shop: Path, steps: list[Step]) -> None:
    assert len(steps) == 97
    assert len({step.author for step in steps}) == 6
    assert any(step.when.utcoffset() == timedelta(hours=2) for step in steps)
    for line in git(shop, "log", "--format=%an%x00%cn%x00%ae%x00%ce%x00%aI%x00%cI").splitlines():
        name, committer, address, other, written, committed = line.split("\0")
        assert (name, address, written) == (committer, other, committed)


def test_time_only_goes_forward(steps: list[Step]) -> None:
    assert all(one.when < next_.when for one, next_ in pairwise(steps))
    assert steps[0].when.date().isoformat() == "2025-09-15"
    assert steps[-1].when.date().isoformat() == "2025-11-21"


def test_a_stranger_can_commit_an_edit(tmp_path: Path, stranger: Path) -> None:
    memories = demo.make_demo(tmp_path)
    (memories / SESSION).write_text("<active-project/>\n", encoding="utf-8")
    git(memories, "commit", "--all", "--message=memory: mine")
    assert git(memories, "log", "-1", "--format=%an <%ae>") == "you <you@localhost>"


def test_the_user_keeps_their_name_and_not_their_hooks_and_keys(tmp_path: Path, stranger: Path) -> None:
    hooks = stranger / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (hooks / "pre-commit").chmod(0o755)
    (stranger / ".gitconfig").write_text(
        f"[user]\nname = Zoë\nemail = zoe@example.org\n[core]\nhooksPath = {hooks}\nautocrlf = true\n"
        "[commit]\ngpgsign = true\n[init]\ndefaultBranch = trunk\ndefaultObjectFormat = sha256\n",
        encoding="utf-8",
    )
    memories = demo.make_demo(tmp_path)
    assert contents(memories) == contents(TREE)
    git(memories, "commit", "--allow-empty", "--message=memory: mine")
    assert git(memories, "log", "-1", "--format=%an <%ae>") == "Zoë <zoe@example.org>"
    assert git(memories, "branch", "--show-current") == "main"


def test_a_surrounding_repository_stays_as_it_was(
    tmp_path: Path, stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    demo.make_demo(tmp_path / "inside")
    monkeypatch.delenv("GIT_DIR")
    assert not any((tmp_path / ".git" / "refs" / "heads").iterdir())
    assert git(tmp_path / "inside" / "shop", "rev-parse", "--show-toplevel").strip().endswith("inside/shop")


def test_without_git_the_files_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    memories = demo.make_demo(tmp_path)
    assert memories == tmp_path / "shop" / "memories"
    assert contents(memories) == contents(TREE)
    assert not (tmp_path / "shop" / ".git").exists()


def test_a_git_that_fails_leaves_no_half_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which("git")
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\n[ "$1" = fetch ] && exit 1\nexec {real} "$@"\n', encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    memories = demo.make_demo(tmp_path)
    assert contents(memories) == contents(TREE)
    assert not (tmp_path / "shop" / ".git").exists()


def test_a_demo_is_not_made_over_another(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    with pytest.raises(TreeError, match="exists already"):
        demo.make_demo(tmp_path)
    assert not any((tmp_path / "shop").iterdir())


def test_the_target_is_the_same_folder_and_empty_each_time(home: Home) -> None:
    first = demo.demo_target()
    (first / "shop").mkdir()
    (first / "shop" / "mine.txt").write_text("edited", encoding="utf-8")
    second = demo.demo_target()
    assert first == second
    assert first.is_relative_to(home.cache)
    assert not any(second.iterdir())
    assert [path.name for path in second.parent.iterdir()] == ["demo"]


def test_a_demo_without_a_target_is_in_the_cache(home: Home) -> None:
    for _ in range(2):
        memories = demo.make_demo()
        assert memories == home.cache / "memarium" / "demo" / "shop" / "memories"
        assert contents(memories) == contents(TREE)
        (memories / SESSION).unlink()


@pytest.mark.parametrize("inner", [".", "memories"], ids=["project", "store"])
def test_a_demo_knows_nothing_of_the_one_before(home: Home, inner: str) -> None:
    def begin() -> Tree:
        tree = Workspace.open(demo.make_demo_project().joinpath(inner)).tree
        tree.ready()
        return tree

    tree = begin()
    assert tree.seen.news() == NOTHING
    path = next(tree.root.rglob("debugging-solutions.xml"))
    path.write_bytes(path.read_bytes().replace(b"onnection pool", b"onnection-pool"))
    tree.refresh()
    assert tree.seen.news().ids
    tree.seen.see_all()
    tree.bookmarks.note_query("pool")
    tree.user_folder.mkdir(parents=True, exist_ok=True)
    (tree.user_folder / "journal.jsonl").write_text("{}", "utf-8")
    again = begin()
    assert again.seen.news() == NOTHING
    assert again.bookmarks.queries() == []
    assert not (again.user_folder / "journal.jsonl").exists()


def test_the_target_is_never_behind_a_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years", encoding="utf-8")
    folder = demo.demo_target()
    folder.rmdir()
    folder.symlink_to(precious)
    assert not demo.demo_target().is_symlink()
    assert (precious / "thesis.txt").read_text(encoding="utf-8") == "years"


def test_without_a_cache_the_target_is_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    home.spoil(home.cache)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    target = demo.demo_target()
    assert target.parent == tmp_path
    assert not any(target.iterdir())


# ── the store beside it ───────────────────────────────────────────────────────


def test_the_project_has_two_stores_in_one_tree(tmp_path: Path) -> None:
    shop = demo.make_demo_project(tmp_path)
    assert contents(shop / "memories") == contents(TREE)
    assert git(shop, "status", "--porcelain") == ""
    assert git(shop, "log", "-1", "--format=%an %aI") == "claude 2025-11-21T17:50:00+00:00"
    workspace = Workspace.open(shop)
    stores = Counter(entry.store for entry in workspace.tree.entries() if not entry.template)
    assert stores["claude"] == 6
    assert stores["memories"] > 100
    notices = [
        one for one in workspace.notices.found(datetime(2025, 11, 22, tzinfo=UTC)) if ".md" in one.file
    ]
    assert [(one.code, one.file.rpartition("/")[2]) for one in notices] == [
        ("dead-link", "project_order_export.md")
    ]
    named = {word for entry in workspace.tree.entries() if entry.store == "claude"
             for field in entry.fields for word in REFERENCE.findall(field.text)}  # fmt: skip
    assert named == {"API-008", "APR-002", "DEBUG-006", "DEBUG-020", "DEC-012", "DEC-013"}
    assert named <= {entry.own_id for entry in workspace.tree.entries()}
    workspace.close()


def test_the_project_is_there_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    shop = demo.make_demo_project(tmp_path, date(2026, 11, 29))
    assert contents(shop / "memories").keys() == contents(TREE).keys()
    assert "modified: 2026-11-27T" in (shop / ".claude/memory/project_order_export.md").read_text("utf-8")


# ── what the history says ─────────────────────────────────────────────────────


def test_every_entry_arrives_once_and_at_its_time(steps: list[Step]) -> None:
    present: dict[str, datetime] = {}
    for step in steps:
        for file, data in step.files.items():
            if file.startswith("session-context/") and "decisions" not in file:
                continue
            for entry in entries_of(data, file):
                if entry.id in present or entry.template:
                    continue
                present[entry.id] = step.when
                if entry.when and entry.timestamp and file != "protocol-compliance/protocol-status.xml":
                    late = step.when - entry.when
                    assert timedelta(0) <= late < timedelta(hours=24), entry.id
    last = {e.id for file in FILES for e in entries_of((TREE / file).read_bytes(), file) if not e.template}
    states = {f"{SESSION}#active-project", "session-context/phase-status.xml#protocol-status"}
    assert last - set(present) == states


def test_no_entry_knows_of_a_later_one(steps: list[Step], trees: list[dict[str, bytes]]) -> None:
    for step, tree in zip(steps, trees, strict=True):
        text = b"\n".join(tree.values()).decode()
        defined = re.findall(r'<[\w-]+ id="([A-Z]+-\w+)"', text) + re.findall(r"<id>(\S+)</id>", text)
        assert set(REFERENCE.findall(text)) - set(defined) == set(), step.message


def test_files_break_on_the_day_they_broke(steps: list[Step]) -> None:
    broken: dict[str, str] = {}
    for step in steps:
        for file, data in step.files.items():
            text = re.sub(rb"^<\?xml.*?\?>", b"", data)
            try:
                etree.fromstring(b"<memory>" + text + b"</memory>")
            except etree.XMLSyntaxError:
                broken.setdefault(file, step.when.date().isoformat())
    assert broken == {BARE: "2025-10-23", TRUNCATED: "2025-11-19"}


def test_versions_are_tidy(steps: list[Step]) -> None:
    for step in steps:
        for file, data in step.files.items():
            assert b"\n\n\n" not in data, (file, step.when)
            assert b"\r" not in data
            assert data.endswith(b"\n") or file == TRUNCATED


def test_metadata_follows_the_commits(steps: list[Step]) -> None:
    checked = 0
    for step in steps:
        for file, data in step.files.items():
            found = re.search(rb"<last-updated>(\d[^<]*)</last-updated>", data)
            if found:
                stamp = datetime.fromisoformat(found[1].decode())
                assert timedelta(0) <= step.when - stamp < timedelta(hours=1), (file, step.when)
                checked += 1
    assert checked > 100


def test_sessions_leave_their_states_behind(shop: Path) -> None:
    revisions = git(shop, "log", "--reverse", "--format=%H", "--", f"memories/{SESSION}").split()
    titles = []
    for revision in revisions:
        root = etree.fromstring(read_blob(shop, f"{revision}:memories/{SESSION}"))
        for name in ("title", "project", "phase", "next-step", "timestamp"):
            assert root.findtext(name), (revision, name)
        titles.append(root.findtext("title"))
    assert len(titles) == len(set(titles)) == 18
    assert titles[-2:] == ["Export timeouts on archived orders", "Cursor pagination for the order export"]
    phases = git(shop, "log", "--format=%H", "--", "memories/session-context/phase-status.xml").split()
    assert len(phases) == 9


def test_decisions_are_opened_and_then_decided(trees: list[dict[str, bytes]]) -> None:
    states: dict[str, list[str]] = {}
    for tree in trees:
        data = tree.get("session-context/pending-decisions.xml")
        for decision in [] if data is None else etree.fromstring(data).iter("decision"):
            if decision.get("id"):
                told = states.setdefault(str(decision.get("id")), [])
                status = str(decision.findtext("status"))
                if told[-1:] != [status]:
                    told.append(status)
    assert len(states) == 13
    decided = [told for told in states.values() if len(told) == 2]
    assert len(decided) == 10
    assert all("pending" in told[0].lower() or told[0] == "open" for told in decided)
    assert [key for key, told in states.items() if told == ["pending"]] == ["DEC-011", "DEC-013"]


def test_the_documented_solution_was_corrected_twice(trees: list[dict[str, bytes]]) -> None:
    versions: list[dict[str, str]] = []
    for tree in trees:
        data = tree.get("development-patterns/debugging-solutions.xml")
        for record in [] if data is None else etree.fromstring(data).iter("debugging-solution"):
            if record.findtext("timestamp") == "2025-10-03T14:30:00Z":
                fields = {str(field.tag): field.text or "" for field in record}
                if versions[-1:] != [fields]:
                    versions.append(fields)
    assert [version["level"] for version in versions] == ["2", "3", "3"]
    assert versions[0]["tech-stack"] == "PostgreSQL, Node.js"
    assert versions[1]["prevention"] == "Added connection pool monitoring"


def test_every_commit_changes_something(steps: list[Step]) -> None:
    now: dict[str, bytes] = {}
    for step in steps:
        assert step.files, step.message
        for file, data in step.files.items():
            assert now.get(file) != data, (file, step.message)
            now[file] = data


def test_nothing_looks_like_a_secret(steps: list[Step]) -> None:
    for step in steps:
        for file, data in [*step.files.items(), ("its message", step.message.encode())]:
            text = data.decode()
            found = re.search(r"AKIA\w{8}|BEGIN [A-Z ]*PRIVATE|://[^/\s]+:[^@\s]+@|\bgh[po]_\w{8}", text)
            assert not found, (file, step.when)
            found = re.search(r"(?i)(password|secret|token)\s*[:=]\s*[\"'][^\"']+", text)
            assert not found, (file, step.when)
