"""What was broken when it was deleted comes back to the byte; an earlier form breaks no sound file."""

from __future__ import annotations

import pytest

from index.formats.registry import open_file
from index.history.entry_at_commit import EntryAtCommit
from index.history.restore import remove_entry, restore_entry, restore_field
from tests.support.memories import SOLUTIONS, page, solution

POOL, CACHE, DNS = solution("Pool runs dry", 1), solution("Cache is cold", 2), solution("DNS is slow", 3)
END = "    </debugging-solution>"
DAMAGED = [
    "      <note>a & b</note>\n",
    "      <note>n <= 540 & a <-> b</note>\n",
    '      <note who="a & b < c">text</note>\n',
    "      <note>&nbsp;and <50> more</note>\n",
    "      <note who=me open>text</note>\n",
    "      <note><i>never closed</note>\n",
    "      <note>a Map<string, Thread></note>\n",
    "      <note>one</other>\n",
]
BROKEN = [POOL.replace(END, f"{text}{END}") for text in DAMAGED]
MARKDOWN = {
    ".serena/memories/tone.md": b"---\nname: tone\ndescription: BMAD: x\nglobs: *.ts\n---\n\nText.\n",
    "memory-bank/progress.md": b"# Progress\n\n## One\n\ntext\n\n## Two\n\n```\nnever closed\n",
}


def past(data: bytes, file: str, at: int) -> EntryAtCommit:
    then = open_file(data, file)
    assert then.errors
    return EntryAtCommit(then.entries[at], then)


def back_again(data: bytes, file: str, at: int) -> bytes:
    """Delete an entry and restore it."""
    then = past(data, file, at)
    if then.document.holds_only(then.entry.ref):
        return restore_entry(None, "", then).to_bytes()
    without = remove_entry(then.document, then.entry).to_bytes()
    return restore_entry(open_file(without, file), "", then).to_bytes()


@pytest.mark.parametrize("broken", BROKEN)
def test_an_entry_that_was_deleted(broken: str) -> None:
    for data in (page(broken, CACHE), page(broken), page(broken, BROKEN[0])):
        assert back_again(data, SOLUTIONS, 0) == data


@pytest.mark.parametrize("file", MARKDOWN)
def test_an_entry_of_markdown_that_was_deleted(file: str) -> None:
    data = MARKDOWN[file]
    for at in range(len(open_file(data, file).entries)):
        assert back_again(data, file, at) == data


def test_a_file_that_was_one_broken_entry() -> None:
    data = b'<session-context>\n  <phase name="Completion & more">a < b</phase>\n</session-context>\n'
    assert back_again(data, SOLUTIONS, 0) == data


def test_a_file_that_comes_back_with_one_of_its_entries() -> None:
    then = past(page(BROKEN[0], CACHE), SOLUTIONS, 0)
    assert restore_entry(None, "", then).to_bytes() == page(BROKEN[0])


@pytest.mark.parametrize("broken", BROKEN)
def test_an_earlier_form_of_an_entry_that_is_as_broken_now(broken: str) -> None:
    now = open_file(page(broken.replace("measure", "look"), CACHE), SOLUTIONS)
    then = past(page(broken), SOLUTIONS, 0)
    assert restore_entry(now, now.entries[0].id, then).to_bytes() == page(broken, CACHE)


def test_a_sound_file_is_not_broken_by_an_earlier_form() -> None:
    now = open_file(page(POOL, CACHE), SOLUTIONS)
    mended = POOL.replace(END, f"      <note>a &amp; b</note>\n{END}")
    then = past(page(BROKEN[0]), SOLUTIONS, 0)
    assert restore_entry(now, now.entries[0].id, then).to_bytes() == page(mended, CACHE)


def test_a_field_that_was_deleted() -> None:
    now = open_file(page(POOL, CACHE), SOLUTIONS)
    for broken in BROKEN[:3]:
        then = past(page(broken), SOLUTIONS, 0)
        found = restore_field(now, now.entries[0].id, then, "note").to_bytes()
        assert found == page(broken, CACHE)


def test_a_fence_that_is_open_comes_back_where_it_takes_in_no_other_entry() -> None:
    file = "memory-bank/progress.md"
    then = past(MARKDOWN[file], file, 1)
    now = open_file(b"# Progress\n\n## One\n\ntext\n\n## Three\n\nmore\n", file)
    assert restore_entry(now, "", then).source == now.source + "\n## Two\n\n```\nnever closed\n"
