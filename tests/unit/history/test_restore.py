"""Putting back an entry, a field, what is deleted: only that, laid out as the file is now."""

from __future__ import annotations

import pytest

from index.history.deleted import deleted, past_of_deleted
from index.history.entry_at_commit import EntryAtCommit
from index.history.restore import entry_of, restore_entry, restore_field
from index.history.versions import past_of, versions
from index.model.entry_matching import content
from index.model.errors import EditRefused
from tests.support.memories import (
    SOLUTIONS,
    commit_all,
    document,
    entries,
    page,
    reindented,
    solution,
    titles,
)
from tests.support.work import Work

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
POOL_3 = POOL.replace("<level>2", "<level>3").replace("measure", "look")
END = "    </debugging-solution>"


def past(data: bytes, title: str) -> EntryAtCommit:
    found = document(data)
    return EntryAtCommit(next(entry for entry in found.entries if entry.title == title), found)


def restored(now: bytes, then: bytes, title: str = "Pool runs dry", now_title: str = "") -> bytes:
    here = [entry.id for entry in document(now).entries if entry.title == (now_title or title)]
    return restore_entry(document(now), here[0] if here else "", past(then, title)).to_bytes()


def field(now: bytes, then: bytes, name: str) -> bytes:
    here = next(entry.id for entry in document(now).entries if entry.title == "Pool runs dry")
    return restore_field(document(now), here, past(then, "Pool runs dry"), name).to_bytes()


def test_an_entry_in_place_of_what_it_is() -> None:
    assert restored(page(CACHE, POOL_3, DNS), page(POOL, CACHE)) == page(CACHE, POOL, DNS)


@pytest.mark.parametrize("then", [page(POOL), reindented(page(POOL)), page(POOL).replace(b"\n", b"\r\n")])
def test_in_the_layout_of_the_file_now(then: bytes) -> None:
    now = page(CACHE, POOL_3, DNS).replace(b"\n", b"\r\n")
    found = restored(now, then)
    assert b"\n" not in found.replace(b"\r\n", b"")
    assert content(entries(found)[1]) == content(entries(page(POOL))[0])
    assert found == page(CACHE, POOL, DNS).replace(b"\n", b"\r\n")


@pytest.mark.parametrize("place", [0, 1])
def test_a_deleted_twin_comes_back_beside_the_other(place: int) -> None:
    then = document(page(POOL, CACHE, POOL))
    gone = [entry for entry in then.entries if entry.title == "Pool runs dry"][place]
    left = page(CACHE, POOL) if place == 0 else page(POOL, CACHE)
    assert restore_entry(document(left), "", EntryAtCommit(gone, then)).to_bytes() == page(POOL, CACHE, POOL)
    with pytest.raises(EditRefused, match="in the file already"):
        restore_entry(document(page(POOL, CACHE, POOL)), "", EntryAtCommit(gone, then))


def test_a_deeper_file_gets_a_deeper_entry() -> None:
    now = (
        page(CACHE, DNS)
        .replace(b"\n    ", b"\n        ")
        .replace(b"  </debugging-solutions>", b"    </debugging-solutions>")
    )
    found = restored(now, page(CACHE, POOL, DNS))
    line = next(line for line in found.decode().split("\n") if "Pool runs dry</problem>" in line)
    assert line.startswith(" " * 10 + "<problem>")
    assert titles(found) == ["Cache is cold", "Pool runs dry", "DNS is slow"]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (page(POOL, CACHE, DNS), page(CACHE, DNS)),
        (page(CACHE, POOL, DNS), page(CACHE, DNS)),
        (page(CACHE, DNS, POOL), page(CACHE, DNS)),
        (page(POOL), page()),
    ],
)
def test_a_deleted_entry_comes_back_at_its_place(then: bytes, now: bytes) -> None:
    found = restored(now, then)
    assert titles(found) == titles(then)
    assert (
        entries(found)[titles(then).index("Pool runs dry")].fields == past(then, "Pool runs dry").entry.fields
    )
    if b"    <debugging" in now:
        assert found == then


def test_between_neighbours_that_moved_or_went() -> None:
    assert titles(restored(page(DNS, CACHE), page(CACHE, POOL, DNS))) == [
        "DNS is slow",
        "Cache is cold",
        "Pool runs dry",
    ]
    mail = solution("Mail bounces", 7)
    assert titles(restored(page(DNS, mail), page(CACHE, POOL, DNS))) == [
        "Pool runs dry",
        "DNS is slow",
        "Mail bounces",
    ]


def test_its_wrapper_comes_back_with_it() -> None:
    then = page(POOL, CACHE)
    start, end = then.index(b"  <debugging-solutions>"), then.index(b"  <usage-metrics>")
    now = then[:start] + then[end:]
    found = restored(now, then)
    assert titles(found)[0] == "Pool runs dry"
    assert found == page(POOL)


def test_a_deleted_file_comes_back_with_the_entry_alone() -> None:
    assert restore_entry(None, "", past(page(CACHE, POOL, DNS), "Pool runs dry")).to_bytes() == page(POOL)


def test_one_that_is_there_is_not_put_back_twice() -> None:
    with pytest.raises(EditRefused, match="is in the file already"):
        restore_entry(document(page(POOL_3)), "", past(page(POOL), "Pool runs dry"))


def test_fragments_without_a_root() -> None:
    then = f"{POOL}\n\n{CACHE}\n\n{DNS}\n".encode()
    now = f"{CACHE}\n\n{DNS}\n".encode()
    found = restored(now, then)
    assert titles(found) == ["Pool runs dry", "Cache is cold", "DNS is slow"]


def test_an_encoding_without_the_letter() -> None:
    latin = page(CACHE, POOL_3).replace(b"UTF-8", b"ISO-8859-1")
    found = restored(latin, page(POOL.replace("measure", "measure → act")))
    assert b"measure &#8594; act" in found
    assert "measure → act" in entries(found)[1].fields[-1].text


def test_one_field() -> None:
    assert field(page(POOL_3, CACHE), page(POOL), "level") == page(
        POOL_3.replace("<level>3", "<level>2"), CACHE
    )
    assert field(page(POOL_3, CACHE), page(POOL), "solution") == page(
        POOL_3.replace("look", "measure"), CACHE
    )


def test_a_field_is_added_back_between_its_neighbours_or_removed() -> None:
    without = POOL.replace("      <level>2</level>\n", "")
    assert field(page(without, CACHE), page(POOL), "level") == page(POOL, CACHE)
    assert field(page(POOL, CACHE), page(without), "level") == page(without, CACHE)


def test_lists_attributes_and_nested_fields() -> None:
    def more(inner: str, attribute: str = "") -> str:
        return POOL.replace("<debugging-solution>", f"<debugging-solution{attribute}>").replace(
            END, f"{inner}{END}"
        )

    tags = "      <tags><tag>a</tag><tag>b</tag></tags>\n"
    other = "      <tags>\n        <tag>c</tag>\n      </tags>\n"
    assert field(page(more(other)), page(more(tags)), "tags") == page(more(tags))
    assert field(page(POOL), page(more("", ' status="open"')), "@status") == page(more("", ' status="open"'))
    assert field(page(more("", ' status="open"')), page(POOL), "@status") == page(POOL)
    assert field(page(more("", ' status="x"')), page(more("", ' status="y"')), "@status") == page(
        more("", ' status="y"')
    )
    deep = "      <check>\n        <by>Ana</by>\n        <day>2025-10-01</day>\n      </check>\n"
    alone = "      <check>\n        <by>Ana</by>\n      </check>\n"
    assert field(page(POOL), page(more(deep)), "check/by") == page(more(alone))
    assert field(page(more(alone)), page(more(deep)), "check/day") == page(more(deep))
    assert field(page(more(alone)), page(POOL), "check") == page(POOL)


def test_no_such_field_and_no_such_entry() -> None:
    with pytest.raises(EditRefused, match="has no field colour"):
        field(page(POOL), page(POOL_3), "colour")
    with pytest.raises(EditRefused, match="is not in this version"):
        entry_of(document(page(POOL)), "solutions.xml#nothing")


def test_the_rest_of_a_file_around_its_entries() -> None:
    """What stands beside the entries is one as well; restoring it leaves them alone."""

    def state(words: str, *records: str) -> bytes:
        return "\n".join(
            ["<project>", f"  <goal>{words}</goal>", "  <phases>", *records, "  </phases>", "</project>"]
        ).encode()

    one, two = (f"    <phase>\n      <name>{n}</name>\n      <state>open</state>\n    </phase>" for n in "ab")
    now, then = document(state("new", one, two)), document(state("old", one))
    around = next(entry for entry in then.entries if entry.ref == 0)
    here = next(entry for entry in now.entries if entry.ref == 0)
    assert restore_entry(now, here.id, EntryAtCommit(around, then)).to_bytes() == state("old", one, two)


def test_from_git_and_back(work: Work) -> None:
    commit_all(work, [page(POOL, CACHE), page(POOL_3, CACHE), page(CACHE)])
    repository = work.open()
    now = document(page(CACHE))
    gone = next(one for one in deleted(repository, now.entries) if one.path == SOLUTIONS)
    last = past_of_deleted(repository, gone)
    assert last is not None
    assert restore_entry(now, "", last).to_bytes() == page(POOL_3, CACHE)
    *_, oldest = versions(repository, SOLUTIONS, gone.entry.id)
    first = past_of(repository, oldest)
    assert first is not None
    assert restore_entry(now, "", first).to_bytes() == page(POOL, CACHE)
