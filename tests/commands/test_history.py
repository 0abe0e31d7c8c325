"""The commands that look back and those that add and take away, as processes on a real repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Run, printed
from tests.support.git import git, read_blob
from tests.support.shop import FILE

POOL = "debugging-solution-2025-10-03T14:30:00Z"


def test_history_tells_the_versions_of_an_entry_in_words(run: Run) -> None:
    shown = printed(run("history", POOL, "--json"))
    assert shown["id"] == POOL
    assert [v["summary"] for v in shown["versions"]] == [
        "prevention extended", "level 2 → 3; solution extended; tech stack +pg-pool", "added",
    ]  # fmt: skip
    assert set(shown["versions"][0]) >= {"rev", "date", "author", "message", "changes"}
    assert set(shown["versions"][1]["changes"][0]) == {"field", "before", "after"}
    assert len(run("history", POOL, "-n", "1").stdout.splitlines()) == 2


def test_the_log_of_the_tree_counts_entries(run: Run) -> None:
    commits = printed(run("history", "-n", "3", "--json"))["commits"]
    assert len(commits) == 3
    assert all(commit["summary"] for commit in commits)


def test_diff_is_by_field(run: Run) -> None:
    assert "+ Added connection pool monitoring and alerting" in run("diff", POOL).stdout
    first = printed(run("history", POOL, "--json"))["versions"][-1]["rev"]
    changed = printed(run("diff", POOL, first, "--json"))["changes"]
    assert [c["field"] for c in changed] == ["level", "solution", "tech-stack", "prevention"]


def test_restore_puts_one_field_back_as_a_new_commit_and_undo_is_refused_in_words(
    run: Run, demo: Path
) -> None:
    first = printed(run("history", POOL, "--json"))["versions"][-1]["rev"]
    assert "Nothing was written" in run("restore", POOL, first, "--field", "level", "--dry-run").stderr
    done = printed(run("restore", POOL, first, "--field", "level", "--json"))
    assert done["revision"]
    assert printed(run("show", POOL, "--json"))["level"] == 2
    assert git(demo, "log", "-1", "--format=%s").startswith("memory: restore level of")


def test_a_file_has_a_history_a_diff_and_a_way_back(run: Run, demo: Path) -> None:
    short = FILE.removesuffix(".xml")
    shown = printed(run("history", short, "--json"))
    versions = shown["versions"]
    assert shown["file"] == FILE
    assert all(version["summary"] for version in versions)
    assert versions[-1]["summary"].startswith("created with ")
    assert run("history", FILE, "-n", "1").stdout.splitlines()[1].strip() == versions[0]["summary"]
    first = versions[-1]["rev"]
    told = printed(run("diff", FILE, first, "--json"))
    assert told["before"] == first
    assert {entry["how"] for entry in told["entries"]} >= {"added"}
    last = run("diff", "debugging-solutions").stdout
    assert last.splitlines()[0].startswith(("added  ", "edited  ", "removed  "))
    run("diff", FILE, first, first, status=1)
    run("restore", FILE, first, "--field", "level", status=2)
    then = read_blob(demo, f"{first}:./{FILE}")
    before = (demo / FILE).read_bytes()
    assert printed(run("restore", short, first, "--json"))["revision"]
    assert (demo / FILE).read_bytes() == then
    run("undo")
    assert (demo / FILE).read_bytes() == before


def test_what_is_not_committed_is_said_and_never_written_over(run: Run, demo: Path) -> None:
    text = (demo / FILE).read_text("utf-8")
    first = printed(run("history", FILE, "--json"))["versions"][-1]["rev"]
    edited = text.replace("Added connection pool monitoring", "Added pool monitoring")
    (demo / FILE).write_text(edited, "utf-8")
    for name in (FILE, POOL):
        told = run("diff", name)
        assert "Not committed yet." in told.stderr
        assert "Added pool monitoring" in told.stdout
        assert printed(run("diff", name, "--json"))["committed"] is False
        assert run("history", name).stdout.startswith("not committed")
    refused = run("restore", FILE, first, status=3).stderr
    assert "commit them first. --force keeps them aside" in " ".join(refused.split())
    (demo / FILE).write_text(text, "utf-8")
    assert "Not committed" not in run("diff", FILE).stderr


def test_only_white_space_is_told_as_such(run: Run, demo: Path) -> None:
    path = demo / FILE
    before, committed = path.read_text(), run("diff", POOL).stdout
    start = before.index("Database connection pool exhaustion")
    try:
        path.write_text(f"{before[:start]}\n        {before[start:]}")
        said = run("diff", POOL)
        assert (said.stdout, said.stderr) == ("Only white space changed.\n", "Not committed yet.\n")
        shown = printed(run("diff", POOL, "--json"))
        assert (shown["only"], shown["committed"], shown["changes"]) == (
            "Only white space changed.",
            False,
            [],
        )
        assert f"± {FILE}  only white space changed" in run("status").stdout
        assert run("diff", POOL, "HEAD").stdout == "Only white space changed.\n"
        path.write_text(f"{before[:start]}<![CDATA[{before[start]}]]>{before[start + 1 :]}")
        said = run("diff", POOL)
        assert said.stdout == "Only how it is written changed, not what it says.\n"
    finally:
        path.write_text(before)
    assert run("diff", POOL).stdout == committed


def test_a_deleted_file_comes_back(run: Run, demo: Path) -> None:
    file = "development-patterns/api-patterns.xml"
    before = (demo / file).read_bytes()
    git(demo, "rm", "-q", file)
    git(demo, "commit", "-qm", "drop the patterns")
    versions = printed(run("history", file, "--json"))["versions"]
    assert versions[0]["summary"] == "deleted"
    run("restore", file, versions[1]["rev"])
    assert (demo / file).read_bytes() == before
    run("undo")
    assert not (demo / file).exists()
    run("undo", "--redo")


def test_an_id_goes_before_a_file_of_the_same_name(run: Run, demo: Path) -> None:
    (demo / "DEBUG-005.xml").write_text("<notes><note><id>n</id><text>x</text></note></notes>", "utf-8")
    assert "id" in printed(run("history", "DEBUG-005", "--json"))
    assert printed(run("history", "DEBUG-005.xml", "--json"))["file"] == "DEBUG-005.xml"
    assert printed(run("history", str(demo / "DEBUG-005"), "--json"))["file"] == "DEBUG-005.xml"
    (demo / "DEBUG-005.xml").unlink()
    assert "means the entry" in run("history", "--help").stdout.replace("\n", " ").replace("  ", " ")


def test_add_move_and_delete_and_back(run: Run) -> None:
    added = printed(
        run("add", "debugging-solution", "--set", "problem=Clock skew", "--set", "solution=chrony", "--json")
    )
    entry = added["entries"][0]
    assert added["revision"]
    assert entry.startswith(FILE)
    assert printed(run("show", entry, "--json"))["title"] == "Clock skew"
    copied = printed(run("duplicate", entry, "--json"))["entries"][0]
    assert copied != entry
    for doomed in (copied, entry):
        assert printed(run("delete", doomed, "--json"))["revision"]
        run("show", doomed, status=1)
    deleted = printed(run("history", "--deleted", "--json"))["deleted"]
    assert deleted[0]["id"] == entry
    found = printed(run("search", "is:deleted", "clock", "skew", "--json"))
    assert [hit["id"] for hit in found["hits"]] == [entry, copied]
    assert found["hits"][0]["deleted"]["rev"] == deleted[0]["rev"]
    assert "deleted 20" in run("search", "is:deleted clock").stdout
    assert entry not in run("search", "clock skew").stdout
    before = printed(run("history", entry, "--json"))["versions"][-1]["rev"]
    run("restore", entry, before)
    assert printed(run("show", entry, "--json"))["title"] == "Clock skew"


def test_what_was_deleted_comes_back_without_a_revision(demo: Path, run: Run) -> None:
    before = (demo / FILE).read_bytes()
    run("delete", POOL)
    told = run("show", POOL, status=1).stderr
    assert "was deleted on" in told
    assert f"memarium restore {POOL} brings it back" in told
    run("restore", POOL)
    assert (demo / FILE).read_bytes() == before
    assert "Say which version" in run("restore", POOL, status=2).stderr
    assert "No entry" in run("restore", "DEBUG-0055", status=1).stderr
    git(demo, "rm", "-q", FILE)
    run("restore", FILE)
    assert (demo / FILE).read_bytes() == before
    assert "Say which version" in run("restore", FILE, status=2).stderr


def test_a_tag_is_renamed_everywhere_in_one_commit(run: Run) -> None:
    count = printed(run("search", "tag:retries", "--json"))["total"]
    done = printed(run("rename-tag", "retries", "retry", "--json"))
    assert len(done["entries"]) == count
    assert done["revision"]
    assert run("search", "tag:retries", status=1).stdout == ""


def test_wrong_ids_and_revisions_are_one_plain_line(run: Run) -> None:
    assert "Did you mean" in run("history", "DEBUG-0055", status=1).stderr
    assert run("restore", POOL, "nothing", status=3).stderr.count("\n") == 1
    assert run("delete", "nothing", status=1).stderr.count("\n") == 1


def test_sync_says_what_is_missing_and_sends_what_is_there(run: Run, demo: Path, tmp_path: Path) -> None:
    assert run("sync", status=3).stderr.count("\n") == 1
    shared = tmp_path / "shared.git"
    git(demo, "init", "-q", "--bare", str(shared))
    git(demo, "remote", "add", "origin", str(shared))
    git(demo, "push", "-q", "-u", "origin", "main")
    run("edit", "DEBUG-005", "--set", "level=3")
    told = printed(run("sync", "--json"))
    assert told["complete"] is True
    assert told["pushed"] == 1
    git(demo, "remote", "remove", "origin")


def test_a_time_that_changed_is_written_like_every_other(run: Run) -> None:
    for hour in (15, 16):
        run("edit", POOL, "--set", f"prevention=2025-10-04T{hour}:30:00Z")
    assert "prevention 2025-10-04 15:30 → 2025-10-04 16:30" in run("history", POOL).stdout


@pytest.mark.parametrize("rev", ["HEAD~1..HEAD", "HEAD~1...HEAD", "^HEAD", "HEAD^!", "HEAD^@"])
def test_a_range_is_no_revision(run: Run, rev: str) -> None:
    for words in (("diff", POOL), ("restore", POOL)):
        done = run(*words, rev, status=3)
        assert done.stderr == f"memarium: There is no revision {rev} in this repository.\n"


def test_a_number_too_large_for_a_list_is_all_of_it(run: Run) -> None:
    for words in (("list",), ("history",), ("history", POOL), ("timeline",), ("similar", POOL), ("trends",)):
        all_of_it = run(*words, "-n", "9" * 5).stdout
        assert run(*words, "-n", "9" * 30).stdout == all_of_it


def test_where_there_is_nothing_a_sentence_says_so(tmp_path: Path, tree: Path, run: Run) -> None:
    git(tmp_path, "init", "-q")
    for option in ((), ("--deleted",)):
        assert run("history", *option, tree=tree, status=1).stderr == "Nothing found.\n"
    for name in (POOL, FILE):
        assert run("diff", name, "HEAD", "HEAD", status=1).stderr == "Nothing differs.\n"
