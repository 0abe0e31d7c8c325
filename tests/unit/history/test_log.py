"""The commits of the tree as a stream, whatever stands in their names and messages."""

from __future__ import annotations

import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from index.git import log
from index.git.repository import Refused
from index.git.runner import Runner
from index.model.commits import Revision
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def test_newest_first_and_only_the_tree(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1759500000 +0200")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Agent Ü")
    work.write("memories/sub/b.xml", NEW)
    work.write("src/main.py", b"print(2)\n")
    (work.tree / "a.xml").rename(work.tree / "moved.xml")
    work.git("add", "--all")
    work.git("commit", "-qm", "memory: several\n\nwith a body\n")
    work.commit("src/main.py", b"print(3)\n", "not of the tree")
    revisions = list(work.open().log())
    assert [revision.message for revision in revisions] == ["memory: several\n\nwith a body", "first memory"]
    assert revisions[0] == Revision(
        work.git("rev-parse", "HEAD^"),
        datetime(2025, 10, 3, 16, 0, tzinfo=timezone(timedelta(hours=2))),
        "Agent Ü",
        "memory: several\n\nwith a body",
        (("D", "a.xml"), ("A", "moved.xml"), ("A", "sub/b.xml")),
    )
    assert revisions[0].when.utcoffset() == timedelta(hours=2)


def test_one_file_and_one_folder(work: Work) -> None:
    work.commit("memories/sub/b.xml", ENTRY, "b")
    work.commit("memories/sub/c.xml", ENTRY, "c")
    work.commit("memories/a.xml", NEW, "a again")
    repository = work.open()
    assert [r.message for r in repository.log("a.xml")] == ["a again", "first memory"]
    assert [r.message for r in repository.log(work.tree / "sub")] == ["c", "b"]
    assert [r.message for r in repository.log("nowhere.xml")] == []
    assert [r.message for r in repository.log(limit=2)] == ["a again", "c"]
    assert list(repository.log(limit=0)) == []
    (work.tree / "sub/b.xml").unlink()
    work.git("commit", "-qam", "b goes")
    assert [r.files for r in repository.log("sub/b.xml")] == [(("D", "sub/b.xml"),), (("A", "sub/b.xml"),)]


@pytest.mark.parametrize(
    "message",
    [
        "",
        ":100644 100644 0 0 M",
        "\n:100644 000000 0 0 D\n\nx",
        "0123456789012345678901234567890123456789",
        "escape \x1b[31m and bell \x07",
        "%H %x00 %n",
        "ünï \u202e\U0001f600",
    ],
)
def test_odd_messages(work: Work, message: str) -> None:
    work.git(
        "commit", "-q", "--allow-empty-message", "--cleanup=verbatim", "-F", "-", "--amend", text=message
    )
    work.commit("memories/b.xml", ENTRY, "after")
    revisions = list(work.open().log())
    assert [(r.message, r.files) for r in revisions] == [
        ("after", (("A", "b.xml"),)),
        (message.rstrip("\n"), (("A", "a.xml"),)),
    ]


def test_odd_commits(work: Work) -> None:
    """Forged by hand: no author, an impossible zone, a date of the far future, bytes of another encoding."""
    tree, parent = work.git("rev-parse", "HEAD^{tree}"), work.head()
    dates = ["<> 99999999999999999 +0000", "<> 5 +9999", "<x@y> 1759500000 -0330", "garbage"]
    for i, date in enumerate(dates):
        blob = work.git("hash-object", "-w", "--stdin", text=f"<n>{i}</n>")
        inner = work.git("mktree", text=f"100644 blob {blob}\ta.xml\n")
        tree = work.git("mktree", text=f"040000 tree {inner}\tmemories\n")
        commit = f"tree {tree}\nparent {parent}\nauthor {date}\ncommitter {date}\n\nodd \udcff {i}\n"
        raw = os.fsencode(commit)
        file = work.write("raw", raw)
        parent = work.git("hash-object", "-t", "commit", "-w", "--literally", str(file)).strip()
        work.git("update-ref", "refs/heads/main", parent)
    found = list(work.open().log(limit=4))
    assert [revision.message for revision in found] == [f"odd \ufffd {i}" for i in (3, 2, 1, 0)]
    assert all(revision.when.tzinfo is not None for revision in found)
    assert all(revision.author == "" for revision in found)
    assert found[1].when == datetime.fromtimestamp(1759500000, UTC)
    assert found[1].when.utcoffset() == -timedelta(hours=3, minutes=30)


@pytest.mark.parametrize("date", ["", "x", "1 +", "-5 +0000", "9" * 30 + " -1200", "0 -1200", "1 +99999"])
def test_any_date_becomes_a_moment(date: str) -> None:
    assert log._moment(date).tzinfo is not None


def test_a_merge_stands_without_files(work: Work) -> None:
    work.git("switch", "-qc", "side")
    work.commit("memories/b.xml", ENTRY, "side")
    work.git("switch", "-q", "main")
    work.commit("memories/c.xml", ENTRY, "main")
    work.git("merge", "-q", "--no-edit", "-m", "merged", "side")
    assert {r.message: r.files for r in work.open().log(limit=3)} == {
        "merged": (),
        "main": (("A", "c.xml"),),
        "side": (("A", "b.xml"),),
    }


def test_the_users_settings_change_nothing(work: Work) -> None:
    work.commit("memories/b.xml", NEW, "second")
    repository = work.open()
    plain = list(repository.log())
    for name, value in {
        "log.follow": "true",
        "log.showRoot": "false",
        "log.date": "relative",
        "log.decorate": "full",
        "log.abbrevCommit": "true",
        "log.diffMerges": "separate",
        "format.pretty": "oneline",
        "diff.renames": "copies",
        "diff.orderFile": "/dev/zero",
        "diff.noprefix": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "i18n.logOutputEncoding": "latin1",
    }.items():
        work.git("config", name, value)
    assert list(repository.log()) == plain
    assert [r.message for r in repository.log("a.xml")] == ["first memory"]


def test_the_first_rows_come_early_and_closing_ends_git(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long history is not read to its end for its first rows."""
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@b> {1_700_000_000 + i} +0000\ndata 2\nx\n"
        f"M 100644 inline memories/a.xml\ndata {len(str(i))}\n{i}\n"
        for i in range(5000)
    )
    work.git("fast-import", "--quiet", "--force", text=stream)
    started: list[subprocess.Popen[bytes]] = []
    real = Runner._start

    def start(runner: Runner, *arguments: Any) -> subprocess.Popen[bytes]:
        started.append(real(runner, *arguments))
        return started[-1]

    repository = work.open()
    monkeypatch.setattr(Runner, "_start", start)
    revisions = repository.log()
    assert next(revisions).when == datetime.fromtimestamp(1_700_004_999, UTC)
    assert [process.poll() for process in started] == [None]
    revisions.close()
    assert [process.poll() for process in started] == [-signal.SIGTERM]
    assert sum(1 for _ in repository.log()) == 5000


def test_a_damaged_history_is_told(work: Work) -> None:
    for i in range(3):
        work.commit("memories/a.xml", f"<n>{i}</n>".encode())
    broken = work.git("rev-parse", "HEAD~2")
    repository = work.open()
    (work.root / ".git/objects" / broken[:2] / broken[2:]).unlink()
    with pytest.raises(Refused, match="git fsck names what is missing"):
        list(repository.log())


def test_an_author_goes_by_the_name_in_the_mailmap(work: Work) -> None:
    email = work.git("log", "-1", "--format=%ae").strip()
    (work.root / ".mailmap").write_text(f"Ana Kovač <{email}>\n")
    [revision] = work.open().log()
    assert revision.author == "Ana Kovač"
