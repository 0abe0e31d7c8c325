"""Entries of Markdown files: units by place and by structure, fields, keys, problems."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.formats.conflict_markers import resolutions
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.entry import Entry, id_file
from index.model.errors import CannotRepair
from index.model.problems import Splice
from tests.support.markdown import DECISIONS, FILES, PIECES

FORMAT = MarkdownFormat()


def read(text: str, path: str) -> list[Entry]:
    return FORMAT.open(text.encode(), path).entries


def fields(entry: Entry) -> dict[str, str]:
    return {field.name: field.text for field in entry.fields}


@pytest.mark.parametrize("data", [bytes(300), "# Üt\n".encode("utf-16-le"), "# T\n".encode("utf-32")])
@pytest.mark.parametrize("guesses", [True, False])
def test_a_file_that_is_not_read_has_no_repair(data: bytes, guesses: bool) -> None:
    file = FORMAT.open(data, "a.md")
    with pytest.raises(CannotRepair) as caught:
        file.repaired(guesses=guesses)
    assert str(caught.value) == file.errors[0].message


@pytest.mark.parametrize("path", FILES)
def test_bytes_come_back_and_nothing_is_said_of_a_sound_file(path: str) -> None:
    file = FORMAT.open(FILES[path].encode(), path)
    assert file.to_bytes() == FILES[path].encode()
    assert file.problems == ()
    assert all(entry.id.startswith(f"{path}#") for entry in file.entries)


def test_a_memory_of_claude_is_its_file() -> None:
    path = ".claude/memory/feedback_review_shape.md"
    [entry] = read(FILES[path], path)
    assert (entry.id, entry.title, entry.kind) == (
        f"{path}#feedback_review_shape",
        "review-shape",
        "feedback",
    )
    assert entry.when == datetime(2026, 7, 29, 13, 16, 34, 420_000, tzinfo=UTC)
    said = fields(entry)
    assert said["description"] == "Review comments live in a skill: see #281"
    assert said["Why"] == "A reviewer reads twenty of them a day.\nThey want the file and the line first."
    assert said["How to apply"] == "- name the file\n- then the fault"
    assert said["text"] == "Write review comments as the skill says, one a finding."
    assert said["text[2]"] == "See [[retry-budget]]."


def test_an_index_is_one_entry() -> None:
    path = ".claude/memory/MEMORY.md"
    [entry] = read(FILES[path], path)
    assert (entry.kind, entry.title) == ("index", "Memory")
    assert fields(entry)["Feedback"].startswith("- [Review shape](feedback_review_shape.md)")


@pytest.mark.parametrize(
    ("links", "others", "unit", "told"),
    [(3, 2, "index", False), (1, 1, "sections", True), (3, 7, "sections", True), (2, 8, "sections", False)],
)
def test_an_index_that_is_read_as_sections_says_so(links: int, others: int, unit: str, told: bool) -> None:
    text = "# Memory\n\n" + "- [a](a.md)\n" * links + "- note\n" * others
    file = FORMAT.open(text.encode(), ".claude/memory/MEMORY.md")
    assert file.reading.unit == unit
    assert [(one.code, one.line, one.level) for one in file.problems] == [
        ("half-index", 3 + links, "note")
    ] * told
    edited = file.spliced([Splice(len(text), len(text), "- note\n" * 9)])
    assert edited.problems == ()


@pytest.mark.parametrize("line", ["- [Build](build.md) — how", "* one", "See [[build]]", "See [it](b.md)"])
def test_a_section_about_projects_names_none(line: str) -> None:
    [entry] = read(f"---\nname: a\n---\n\n## Project\n{line}\n\n## More\nx\n", ".claude/memory/a.md")
    assert (entry.project, fields(entry)["Project"]) == ("", line)
    [entry] = read("---\nname: a\n---\n\n## Project\nshop\n\n## More\nx\n", ".claude/memory/a.md")
    assert entry.project == "shop"


def test_a_memory_of_serena_is_its_file_and_a_comment_in_code_no_heading() -> None:
    path = ".serena/memories/suggested_commands.md"
    [entry] = read(FILES[path], path)
    assert entry.title == "Suggested Commands"
    assert fields(entry)["Tests"] == "```bash\n# all of them\nmake test\n```"
    assert [field.items for field in entry.fields if field.name == "Style"] == [("ruff", "mypy")]


def test_learnings_are_sections_with_ids() -> None:
    path = ".learnings/LEARNINGS.md"
    head, first, second = read(FILES[path], path)
    assert head.title == "Learnings"
    assert (first.id, first.title, first.kind) == (f"{path}#LRN-20260501-001", "correction", "learning")
    assert (first.status, first.tags) == ("pending", ("postgres", "pool"))
    assert first.when == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert fields(second)["Summary"] == "Freeze the clock in every test"


def test_decisions_have_the_date_of_their_heading() -> None:
    first, second = (entry for entry in read(DECISIONS, "memory-bank/decisionLog.md") if entry.when)
    assert (first.title, first.kind) == ("Partition orders by month", "decision")
    assert first.when is not None
    assert second.when is not None
    assert first.when > second.when


@pytest.mark.parametrize(
    ("text", "path", "ids"),
    [
        ("", "a.md", []),
        ("\n\n", "a.md", []),
        ("only text\n", "a.md", ["a.md#a"]),
        ("# A\n\n## B\nx\n\n## C\ny\n", "a.md", ["a.md#a"]),
        ("# A\n\n## ADR-1 B\nx\n\n## ADR-2 C\ny\n", "a.md", ["a.md#ADR-1", "a.md#ADR-2"]),
        (
            "# A\n\n## B\nx\n\n## B\ny\n",
            "CLAUDE.md",
            ["CLAUDE.md#instruction-b", "CLAUDE.md#instruction-b~2"],
        ),
        ("# A\ntext\n\n## B\nx\n", "AGENTS.md", ["AGENTS.md#a", "AGENTS.md#b"]),
        ("---\nname: a\n---\n# T\n\n## ADR-1 x\ny\n\n## ADR-2 y\nz\n", "x.md", ["x.md#x"]),
    ],
)
def test_ids(text: str, path: str, ids: list[str]) -> None:
    assert [entry.id for entry in read(text, path)] == ids


def test_a_date_in_the_name_is_the_time() -> None:
    [entry] = read("what was done\n", "memory/2026-03-04-notes.md")
    assert entry.day is not None
    assert entry.day.isoformat() == "2026-03-04"


def test_the_agent_is_the_folder() -> None:
    [entry] = read("---\nname: x\ntype: project\n---\ny\n", ".claude/agent-memory/reviewer/x.md")
    assert (entry.agent, entry.kind) == ("reviewer", "project")


@pytest.mark.parametrize(
    ("text", "code", "repaired"),
    [
        ("# A\n```\ncode\n\n## B\ntext\n", "open-fence", "# A\n```\ncode\n```\n\n## B\ntext\n"),
        ("---\ntitle: a: b\n---\nx\n", "yaml-value", '---\ntitle: "a: b"\n---\nx\n'),
    ],
)
def test_problems_and_their_repair(text: str, code: str, repaired: str) -> None:
    file = FORMAT.open(text.encode(), "a.md")
    assert [problem.code for problem in file.errors] == [code]
    mended = file.repaired()
    assert mended.source == repaired
    assert mended.errors == ()


def test_a_conflict_of_git_is_an_error_and_a_side_can_be_taken() -> None:
    text = "# A\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\nend\n"
    file = FORMAT.open(text.encode(), "a.md")
    assert [problem.code for problem in file.errors] == ["conflict"]
    assert file.spliced(resolutions(file.source, "theirs")).source == "# A\ntheirs\nend\n"


MARKED = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (f"# A\n\n```\n{MARKED}```\n\nend\n", ["note"]),
        (f"# A\n\n~~~diff\n{MARKED}{MARKED}~~~\n", ["note", "note"]),
        (f"# A\n\n```\n{MARKED}```\n\n{MARKED}", ["note", "error"]),
        ("# A\n\n<<<<<<< HEAD\n```\nours\n=======\n```\ntheirs\n>>>>>>> other\n```\n", ["error"]),
        ("# A\n\n```\nthe code\n<<<<<<< HEAD\nours\n```\n=======\ntheirs\n```\n>>>>>>> other\n", ["error"]),
    ],
)
def test_a_conflict_within_a_closed_code_block_is_an_example(text: str, levels: list[str]) -> None:
    file = FORMAT.open(text.encode(), "a.md")
    assert [problem.level for problem in file.problems if problem.code == "conflict"] == levels


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf# a\r\n\r\ntext\r\n",
        "# a\n\ntext\n".encode("utf-16"),
        b"# caf\xe9\nlatin\n",
        "# Заметки\n\nТекст без UTF-8.\n".encode("cp1251"),
        b"# a\rtext\r",
        b"# a\nmixed\r\nends\r",
        b"nul \0 in it, and enough of other bytes around it to be a text\n",
        b"\x1b[31mred\x1b[0m <script>alert(1)</script>\n",
    ],
)
def test_any_bytes_come_back(data: bytes) -> None:
    file = FORMAT.open(data, "a.md")
    assert file.to_bytes() == data
    assert file.legible
    assert len(file.entries) == 1


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n"


@pytest.mark.parametrize("data", [b"\0" * 100, b"ab\0c" * 40, bytes(range(256)) * 9, POINTER])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    file = FORMAT.open(data, "a.md")
    assert file.to_bytes() == data
    assert file.readonly
    assert file.refusal
    assert not file.entries


def test_a_text_past_the_bound_is_only_a_text() -> None:
    data = b"# a\n" + b"x" * 9_000_000
    file = FORMAT.open(data, "a.md")
    assert file.readonly
    assert not file.entries
    assert "too large" in file.problems[0].message
    assert file.to_bytes() == data


def test_all_of_a_file_is_in_its_entries() -> None:
    text = "\n".join(PIECES) + "\n"
    for path in ("a.md", "CLAUDE.md", "MEMORY.md"):
        file = FORMAT.open(text.encode(), path)
        shown = "\n".join(f"{field.name}\n{field.text}" for entry in file.entries for field in entry.fields)
        for word in ("one", "two", "three", "code", "seven", "closed", "text", "bold", "because", "Ana"):
            assert word in shown, (path, word)


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("# Memory\n\n## Project\n- [Pool](pool.md) — ours\n- [Retry](retry.md) — three\n", ""),
        ("# Pool\n\n## Project\n\nshop-api\n\n## Why\n\nBoth.\n", "shop-api"),
        ("---\nname: Pool\nproject: shop-api\n---\n\nText.\n", "shop-api"),
    ],
)
def test_a_section_about_projects_is_no_name_of_one(text: str, project: str) -> None:
    [entry] = read(text, ".claude/memory/MEMORY.md" if "[" in text else "pool.md")
    assert entry.project == project


@pytest.mark.parametrize(
    "front", ["---\n---\n", "---\nno key here\n---\n", "---\n  below: 1\n---\n", "---\n\n---\r\n"]
)
def test_a_front_matter_without_keys_is_read(front: str) -> None:
    for path in FILES:
        file = MarkdownFile.parse(f"{front}## One\n\n### Summary\nText\n".encode(), path)
        assert file.to_bytes().decode().startswith(front)
        assert "Text" in "".join(field.text for entry in file.entries for field in entry.fields)


def test_the_key_of_a_file_with_a_number_sign_has_none() -> None:
    [entry] = read("---\nname: ci\n---\nAll.\n", ".claude/memory/c#.md")
    assert (entry.id, entry.key, id_file(entry.id)) == (f"{entry.file}#c-", "c-", entry.file)
