"""An entry is followed by what it is, through all that git and agents do to its file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from index.history.deleted import deleted
from index.history.field_diff import describe, same_text
from index.history.tree_log import tree_log
from index.history.versions import Version, at_revision, past_of, versions
from index.model.entry_matching import pair
from index.model.errors import Refused
from index.model.field import FieldChange
from tests.support.memories import (
    FILE,
    SOLUTIONS,
    commit_all,
    entries,
    entry,
    page,
    reindented,
    solution,
)
from tests.support.work import Work

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
POOL_3 = POOL.replace("<level>2", "<level>3")
KEY = "debugging-solution-2025-10-01T08:00:00Z"


def told(work: Work, key: str = KEY, disk: bytes | None = None, file: str = SOLUTIONS) -> list[Version]:
    return list(versions(work.open(), file, f"{file}#{key}", disk=disk))


def said(found: list[Version]) -> list[tuple[str, str]]:
    return [(version.message, version.summary) for version in found]


def test_versions_newest_first_with_all_that_is_told(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1759500000 +0200")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Agent Ü")
    first, _, second = commit_all(work, [page(POOL, CACHE), page(POOL, CACHE, DNS), page(POOL_3, CACHE, DNS)])
    newest, oldest = told(work)
    assert (newest.rev, oldest.rev) == (second, first)
    assert newest.author == "Agent Ü"
    assert newest.when == datetime.fromtimestamp(1759500000, UTC)
    assert newest.when.utcoffset() == timedelta(hours=2)
    assert newest.changes == (FieldChange("level", "2", "3"),)
    assert (newest.summary, newest.message, newest.path) == ("level 2 → 3", "number 2", SOLUTIONS)
    assert (newest.first, oldest.first, newest.broken, newest.deleted) == (False, True, False, False)
    assert {change.before for change in oldest.changes} == {None}
    assert newest.entry is not None
    assert newest.entry.level == 3
    assert newest.markup == POOL_3.strip()


def test_layout_order_and_neighbours_make_no_version(work: Work) -> None:
    named = solution("Pool runs dry", 1, id_="D-1"), solution("Cache is cold", 2, id_="D-2")
    renumbered = [text.replace('"D-2"', '"D-3"').replace('"D-1"', '"D-2"') for text in named]
    commit_all(
        work,
        [
            page(*named),
            reindented(page(*named)),
            page(*reversed(named)),
            page(*named).replace(b"\n", b"\r\n"),
            page(solution("DNS is slow", 3, id_="D-1"), *renumbered),
        ],
    )
    assert said(told(work, "D-2")) == [("number 4", "id D-1 → D-2"), ("number 0", "added")]
    assert said(told(work, "D-3")) == [("number 4", "id D-2 → D-3"), ("number 0", "added")]
    assert said(told(work, "D-1")) == [("number 4", "added")]


def test_renamed_files_and_moved_entries(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE), page(POOL_3, CACHE)])
    work.git("mv", FILE, "memories/debugging.xml")
    work.git("commit", "-qm", "renamed")
    work.write("memories/debugging.xml", page(CACHE))
    edited = POOL_3.replace("measure", "look")
    work.write("memories/sub/pool.xml", page(edited, DNS))
    work.git("add", "--all")
    work.git("commit", "-qm", "moved and edited")
    found = told(work, file="sub/pool.xml")
    assert said(found) == [
        ("moved and edited", "solution reworded"),
        ("number 1", "level 2 → 3"),
        ("number 0", "added"),
    ]
    assert [version.path for version in found] == ["sub/pool.xml", SOLUTIONS, SOLUTIONS]
    *_, log = [version for version in tree_log(work.open()) if version.message == "renamed"]
    assert log.summary == "2 debugging solutions moved"
    now = entries(page(CACHE), "debugging.xml") + entries(page(edited, DNS), "sub/pool.xml")
    assert [one.path for one in deleted(work.open(), now)] == []


def test_a_tree_that_was_called_otherwise(work: Work) -> None:
    work.commit("notes/solutions.xml", page(POOL), "in notes")
    work.write("notes/solutions.xml", page(POOL_3))
    work.git("commit", "-qam", "edited in notes")
    work.git("mv", "notes/solutions.xml", FILE)
    work.git("commit", "-qm", "moved")
    found = told(work)
    assert [(version.message, version.path) for version in found] == [
        ("edited in notes", "../notes/solutions.xml"),
        ("in notes", "../notes/solutions.xml"),
    ]
    past = past_of(work.open(), found[1])
    assert past is not None
    assert past.entry.level == 2


def test_broken_versions_are_read_and_marked(work: Work) -> None:
    broken = POOL_3.replace("measure", "measure & compare <= 5")
    commit_all(work, [page(POOL, CACHE), page(POOL, CACHE)[:-30], page(broken, CACHE), page(POOL_3, CACHE)])
    found = told(work)
    assert [(version.message, version.broken) for version in found] == [
        ("number 3", False),
        ("number 2", True),
        ("number 0", False),
    ]
    assert found[1].summary == "level 2 → 3; solution reworded"
    assert "measure & compare <= 5" in next(c.after or "" for c in found[1].changes if c.field == "solution")


def test_an_entry_in_a_comment_is_none(work: Work) -> None:
    hidden = f"<!--\n{POOL}\n-->"
    commit_all(work, [page(POOL, CACHE), page(hidden, CACHE), page(POOL, CACHE)])
    assert said(told(work)) == [("number 2", "added"), ("number 1", "deleted"), ("number 0", "added")]


def test_deleted_and_brought_back(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE), page(CACHE), page(CACHE, DNS), page(POOL_3, CACHE)])
    assert said(told(work)) == [("number 3", "added"), ("number 1", "deleted"), ("number 0", "added")]
    work.commit(FILE, page(CACHE), "gone for good")
    found = told(work)
    assert [version.message for version in found][:2] == ["gone for good", "number 3"]
    assert found[0].deleted
    assert found[0].entry is None
    assert {change.after for change in found[0].changes} == {None}


def test_two_of_one_title(work: Work) -> None:
    one, two = (solution("Pool runs dry", 1, timestamp="", solution=text) for text in ("restart", "wait"))
    two_3 = two.replace("<level>2", "<level>3")
    commit_all(work, [page(one, two), page(CACHE, one, two), page(CACHE, one, two_3), page(CACHE, two_3)])
    keys = [found.id.rpartition("#")[2] for found in entries(page(CACHE, one, two_3))]
    repository = work.open()
    past = [at_revision(repository, SOLUTIONS, keys[1], rev) for rev in ("HEAD", "HEAD~3")]
    assert [p and p.entry.fields[-1].text for p in past] == ["wait", "wait"]
    assert said(told(work, keys[1])) == [("number 2", "level 2 → 3"), ("number 0", "added")]


def test_another_entry_in_its_place_is_another(work: Work) -> None:
    same_time = solution("Mail bounces", 1, level="2", solution="Warm it up.")
    commit_all(work, [page(CACHE), page(POOL), page(POOL_3), page(same_time)])
    assert said(told(work))[1:] == [("number 2", "level 2 → 3"), ("number 1", "added")]
    assert said(told(work, KEY.replace("10-01", "10-02"))) == [("number 1", "deleted"), ("number 0", "added")]


def test_what_is_told_of_an_entry_is_of_its_version(work: Work) -> None:
    """Title, tags and line are those of the version, also where only the entry itself was read."""
    tagged = POOL.replace("    </debug", "      <tags>a, b</tags>\n    </debug")
    retitled = tagged.replace("<problem>Pool runs dry", "<problem>Pool ran dry")
    commit_all(work, [page(CACHE, POOL), page(CACHE, tagged), page(CACHE, retitled)])
    found = [version.entry for version in told(work)]
    assert [e and (e.title, e.tags, e.line) for e in found] == [
        ("Pool ran dry", ("a", "b"), 12),
        ("Pool runs dry", ("a", "b"), 12),
        ("Pool runs dry", (), 12),
    ]


def test_crlf_in_both_directions(work: Work) -> None:
    crlf = page(POOL, CACHE).replace(b"\n", b"\r\n")
    commit_all(work, [crlf, page(POOL, CACHE), page(POOL_3, CACHE).replace(b"\n", b"\r\n")])
    assert said(told(work)) == [("number 2", "level 2 → 3"), ("number 0", "added")]
    assert said(told(work, disk=page(POOL_3, CACHE))) == said(told(work))


def test_what_is_not_committed_comes_first(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE)])
    first, second = told(work, disk=page(POOL_3, CACHE, DNS))
    assert (first.rev, first.when, first.summary, second.summary) == (None, None, "level 2 → 3", "added")
    assert [v.summary for v in told(work, disk=b"")] == ["deleted", "added"]
    assert [v.summary for v in told(work, "debugging-solution-2025-10-03T08:00:00Z", page(POOL, DNS))] == [
        "added"
    ]
    assert len(told(work, disk=reindented(page(POOL, CACHE)))) == 1


def test_merges(work: Work) -> None:
    """What a merge took from its parents is theirs; what it made itself is its own."""
    commit_all(work, [page(POOL, CACHE, DNS)])
    work.git("switch", "-qc", "side")
    work.commit(FILE, page(POOL, CACHE, DNS.replace("<level>2", "<level>5")), "side")
    work.git("switch", "-q", "main")
    work.commit(FILE, page(POOL_3, CACHE, DNS), "main")
    work.git("merge", "-q", "--no-commit", "side")
    merged = work.show("HEAD:" + FILE).replace(b"<problem>Cache is cold", b"<problem>Cache is icy")
    work.write(FILE, merged.replace(DNS.encode(), DNS.replace("<level>2", "<level>5").encode()))
    work.git("commit", "-qam", "merged by hand")
    assert said(told(work)) == [("main", "level 2 → 3"), ("number 0", "added")]
    assert said(told(work, "debugging-solution-2025-10-03T08:00:00Z"))[0] == ("side", "level 2 → 5")
    assert said(told(work, "debugging-solution-2025-10-02T08:00:00Z"))[0] == (
        "merged by hand",
        "problem Cache is cold → Cache is icy",
    )


def test_an_entry_at_any_revision(work: Work) -> None:
    first, second = commit_all(work, [page(POOL), page(POOL_3)])
    between = work.commit("src/main.py", b"print(2)\n", "code")
    work.commit(FILE, page(CACHE), "gone")
    repository = work.open()

    def level(rev: str) -> int | None:
        past = at_revision(repository, SOLUTIONS, KEY, rev)
        return past.entry.level if past else None

    assert [level(rev) for rev in (first, second, between, "HEAD", f"{first}^")] == [2, 3, 3, None, None]
    with pytest.raises(Refused, match="no revision nowhere"):
        level("nowhere")


def test_the_first_come_before_the_last_are_read(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_all(work, [page(POOL.replace("<level>2", f"<level>{n}")) for n in range(9)])
    repository = work.open()
    read: list[str] = []
    content = repository.content

    def counted(blob: str, path: str) -> bytes | None:
        read.append(blob)
        return content(blob, path)

    monkeypatch.setattr(repository, "content", counted)
    found = versions(repository, SOLUTIONS, KEY)
    assert [v.summary for v in islice(found, 2)] == ["level 7 → 8", "level 6 → 7"]
    assert len(read) == len(set(read)) == 3
    found.close()


def test_the_tree_entry_by_entry(work: Work) -> None:
    decision = "<decisions><decision><date>2025-10-01</date><title>Keep it</title></decision></decisions>"
    commit_all(
        work, [page(POOL), page(POOL, CACHE, DNS), reindented(page(POOL, CACHE, DNS)), page(POOL_3, DNS)]
    )
    work.commit("memories/decisions.xml", decision.encode(), "decided")
    log = {version.message: version for version in tree_log(work.open())}
    assert {message: version.summary for message, version in log.items()} == {
        "decided": "+1 decision",
        "number 3": "1 debugging solution edited, −1 debugging solution",
        "number 2": "",
        "number 1": "+2 debugging solutions",
        "number 0": "+1 debugging solution",
        "first memory": "+1 entry",
    }
    assert [one.title for one in log["number 1"].done.added] == ["Cache is cold", "DNS is slow"]
    now = entries(page(POOL_3, DNS)) + entries(decision.encode(), "decisions.xml")
    gone = [one for one in deleted(work.open(), now) if one.path == SOLUTIONS]
    assert [(one.entry.title, one.rev) for one in gone] == [("Cache is cold", log["number 3"].rev)]


def test_a_state_file_is_one_entry_whatever_it_says(work: Work) -> None:
    def state(words: str) -> bytes:
        return f"<active-project><name>{words}</name><phase>{words} one</phase></active-project>".encode()

    commit_all(work, [state("shop"), state("billing")], "memories/active-project.xml")
    found = told(work, "active-project", file="active-project.xml")
    assert [version.summary for version in found] == [
        "name shop → billing; phase shop one → billing one",
        "added",
    ]
    assert [v.summary for v in islice(tree_log(work.open()), 1)] == ["1 session context edited"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "a long text that is more than thirty characters",
            "a long text that is less than thirty characters",
            "reworded",
        ),
        (
            "a long text that is more than thirty characters",
            "nothing of it is left in here, not one thing",
            "rewritten",
        ),
        ("a", "a, which is the start of this sentence", "extended"),
        ("a, which is the start of this sentence", "a", "shortened"),
        ("", "b", "filled"),
        ("b", "", "emptied"),
        ("b", None, "removed"),
        (None, "b", "added"),
        ("1", "2", "1 → 2"),
    ],
)
def test_words_for_a_text(before: str | None, after: str | None, words: str) -> None:
    assert describe([FieldChange("x", before, after)]) == f"x {words}"


def test_words_for_lists() -> None:
    def words(before: str, after: str, name: str = "tags") -> str:
        return describe([FieldChange(name, before, after)])

    assert words("- a\n- b", "- a\n- redis") == "tag +redis −b"
    assert words("a, b", "b, a") == "tags reordered"
    assert words("a|b", "a|b|c|d|e|f") == "tags: 4 items added"
    assert words("- " + "long " * 9, "- " + "other " * 9, "steps") == "steps: 1 item reworded"
    assert words("pg", "pg, redis", "tech-stack") == "tech stack +redis"


def test_metadata_is_told_last_and_the_rest_counted() -> None:
    changes = [FieldChange(name, "1", "2") for name in ("metadata/version", "level", "status")]
    assert describe(changes) == "level 1 → 2; status 1 → 2; metadata · version 1 → 2"
    assert describe(changes, 1) == "level 1 → 2; 2 more"


def test_depth_is_layout_but_not_its_order() -> None:
    assert same_text("if a:\n  b\nc", "if a:\n\tb\nc")
    assert not same_text("if a:\n  b\n  c", "if a:\n  b\nc")


def test_pairs_by_the_surest_sign(work: Work) -> None:
    def pairs(old: bytes, new: bytes) -> list[tuple[str, str]]:
        found = pair(entries(old), entries(new))
        return [(a.title if a else "", b.title if b else "") for a, b in found]

    retitled = POOL.replace("<problem>Pool runs dry", "<problem>Connections run out")
    assert pairs(page(POOL, CACHE), page(CACHE, retitled)) == [
        ("Cache is cold", "Cache is cold"),
        ("Pool runs dry", "Connections run out"),
    ]
    undated = [text.replace("T08:00:00Z", "") for text in (POOL, solution("Mail bounces", 1))]
    assert pairs(page(undated[0]), page(undated[1])) == [("", "Mail bounces"), ("Pool runs dry", "")]
    assert entry(page(POOL), "Pool runs dry").id == f"{SOLUTIONS}#{KEY}"


def test_an_unborn_branch_has_no_versions(make_work: Callable[..., Work]) -> None:
    work = make_work("new")
    assert told(work) == []
    assert [version.summary for version in told(work, disk=page(POOL))] == ["added"]
    assert list(tree_log(work.open())) == []
