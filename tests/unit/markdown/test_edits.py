"""Edits of Markdown entries: splices that change what was meant, and no byte else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.editing.bulk import plan_set_field
from index.formats.base import EditRefused, FieldForm, NewEntry
from index.formats.field_values import FieldValue
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.entry import Entry
from index.model.kind_shape import KindShape
from index.model.known_entries import EntryList
from tests.support.markdown import CLAUDE, DECISIONS, FILES, LEARNINGS, SERENA

FORMAT = MarkdownFormat()


def opened(text: str, path: str) -> MarkdownFile:
    return FORMAT.open(text.encode(), path)


def put(file: MarkdownFile, entry: Entry, name: str, text: str) -> MarkdownFile:
    return file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))


def without(file: MarkdownFile, entry: Entry, name: str) -> MarkdownFile:
    """The file with an entry as it was before it had a field."""
    fields = [field for field in entry.fields if field.name != name]
    return file.put_field_back(entry, name, file, replace(entry, fields=fields))


def said(file: MarkdownFile) -> list[dict[str, str]]:
    return [{field.name: field.text for field in entry.fields} for entry in file.entries]


MEMORY, STYLE = ".claude/memory/feedback_review_shape.md", ".serena/memories/suggested_commands.md"
LEARNT, DECIDED = ".learnings/LEARNINGS.md", "memory-bank/decisionLog.md"
WHY = "A reviewer reads twenty of them a day.\nThey want the file and the line first."
PROGRESS = "memory-bank/progress.md"
ABOUT = "All that is done, and all that is not."
SUMMARY = '"Review comments live in a skill: see #281"'


@pytest.mark.parametrize(
    ("path", "place", "name", "text", "before", "after"),
    [
        (MEMORY, 0, "name", "a: b", "name: review-shape", 'name: "a: b"'),
        (MEMORY, 0, "description", 'say "x"', SUMMARY, '"say \\"x\\""'),
        (MEMORY, 0, "metadata/type", "user", "  type: feedback", "  type: user"),
        (MEMORY, 0, "Why", "x\ny", WHY, "x\ny"),
        (STYLE, 0, "title", "Commands", "# Suggested Commands", "# Commands"),
        (STYLE, 0, "Style", "- black", "- ruff\n- mypy", "- black"),
        (LEARNT, 1, "Status", "done", "**Status**: pending", "**Status**: done"),
        (LEARNT, 1, "title", "mistake", "001] correction", "001] mistake"),
        (LEARNT, 1, "Tags", "a, b", "- Tags: postgres, pool", "- Tags: a, b"),
        (DECIDED, 0, "Rationale", "x", "The table grew by 40 GB a quarter.", "x"),
    ],
)
def test_an_edit_is_a_splice(path: str, place: int, name: str, text: str, before: str, after: str) -> None:
    file = opened(FILES[path], path)
    assert FILES[path].count(before) == 1
    assert put(file, file.entries[place], name, text).source == FILES[path].replace(before, after)


@pytest.mark.parametrize(
    ("path", "place", "name", "text", "added"),
    [
        (".claude/memory/feedback_review_shape.md", 0, "Status", "open", "**Status:** open"),
        (".serena/memories/suggested_commands.md", 0, "Notes", "one\ntwo", "## Notes\n\none\ntwo"),
        (".learnings/LEARNINGS.md", 1, "Owner", "ana", "**Owner**: ana"),
        (".learnings/LEARNINGS.md", 2, "Details", "a\n\nb", "### Details\n\na\n\nb"),
        (PROGRESS, 0, "Status", "open", f"{ABOUT}\n\n### Status\n\nopen\n\n## Done"),
    ],
)
def test_a_new_field_is_written_as_its_neighbours_are(
    path: str, place: int, name: str, text: str, added: str
) -> None:
    file = opened(FILES.get(path, f"# Progress\n\n{ABOUT}\n\n## Done\n\n- a\n\n## Left\n\n- b\n"), path)
    entry = file.entries[place]
    edited = put(file, entry, name, text)
    assert added in edited.source
    plan = plan_set_field({path: file.to_bytes()}, [entry.id], name, text, entries=EntryList(file.entries))
    assert plan.changes[0].after == edited.to_bytes()
    assert said(edited)[place][name] == text
    assert [entry.id for entry in edited.entries] == [entry.id for entry in file.entries]


def test_tags_of_a_file_with_front_matter_are_no_section() -> None:
    source = "---\nname: Pool\n---\n\n## Size\n\nTen.\n\n## Fix\n\nMore.\n"
    file = opened(source, ".claude/memory/pool.md")
    assert put(file, file.entries[0], "tags", "db, pool").source == source.replace(
        "Pool\n", "Pool\ntags: db, pool\n"
    )
    assert put(file, file.entries[0], "Limit", "Ten").source == f"{source}\n## Limit\n\nTen\n"


@pytest.mark.parametrize("name", ["title"])
@pytest.mark.parametrize("text", ["two\nlines", "", " "])
def test_a_heading_is_one_line(name: str, text: str) -> None:
    file = opened(SERENA, "a.md")
    with pytest.raises(EditRefused, match="one line"):
        put(file, file.entries[0], name, text)


def test_an_entry_is_taken_out_with_its_rule_and_put_back() -> None:
    file = opened(LEARNINGS, ".learnings/LEARNINGS.md")
    for ref in (1, 2):
        without = file.without(ref)
        assert [entry.id for entry in without.entries] == [
            entry.id for entry in file.entries if entry.ref != ref
        ]
        twins: dict[int, int | None] = {
            entry.ref: n for n, entry in enumerate(e for e in file.entries if e.ref != ref)
        }
        back = next(without.insert_back(file, ref, {ref: None} | twins))
        assert said(back) == said(file), ref
        assert back.source.rstrip() == LEARNINGS.rstrip()


def test_a_duplicate_stands_right_behind() -> None:
    file = opened(DECISIONS, "memory-bank/decisionLog.md")
    made = file.doubled(file.entries[1])
    assert said(opened(made.document.source, file.path))[2] == said(file)[1]
    whole = opened(CLAUDE, "a.md")
    with pytest.raises(EditRefused, match="all of its file"):
        whole.doubled(whole.entries[0])


def test_the_source_of_an_entry_must_stay_one() -> None:
    file = opened(LEARNINGS, ".learnings/LEARNINGS.md")
    start, end = file.span(1)
    text = file.source[start:end]
    assert file.check_source(1, text) == ()
    assert file.check_source(1, f"{text}\n\n## another one\nx")
    (problem,) = file.check_source(1, f"no {text}")
    assert "it has to begin with its heading" in problem.message
    assert file.with_source(1, text).source == LEARNINGS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Summary", "## another"),
        ("Summary", "# title"),
        ("Summary", "a\n\n## b"),
        ("Summary", "```\nopen"),
        ("Summary", "<!-- open"),
        ("Summary", "### Metadata\n- Tags: x"),
        ("Status", "a\n## b"),
        ("Status", "a\n\nb"),
    ],
)
def test_a_text_that_reads_as_something_else_is_refused(name: str, text: str) -> None:
    file = opened(LEARNINGS, LEARNT)
    with pytest.raises(EditRefused):
        put(file, file.entries[1], name, text)


def test_a_heading_in_a_code_block_is_text() -> None:
    file = opened(LEARNINGS, LEARNT)
    edited = put(file, file.entries[1], "Summary", "```\n## no heading\n```")
    assert said(edited)[1]["Summary"] == "```\n## no heading\n```"
    assert said(edited)[2] == said(file)[2]


def test_a_text_that_would_make_an_index_sections_is_refused() -> None:
    text = "# Memory\n\n## A\n- [x](x.md)\n\n## B\n- [y](y.md)\n- [z](z.md)\n"
    file = FORMAT.open(text.encode(), "MEMORY.md")
    [entry] = file.entries
    form = FieldForm(KindShape(entry.kind, ()))
    assert file.put_field(entry, "B", "plain", form).source.endswith("## B\nplain\n")
    with pytest.raises(EditRefused, match="would read as other entries"):
        file.put_field(entry, "B", "- a\n- b", form)


def test_an_id_that_tells_how_a_file_is_read_is_not_taken_away() -> None:
    text = "## [LRN-001] One\n\nA.\n\n## [LRN-002] Two\n\nB.\n\n## Three\n\nC.\n"
    file = FORMAT.open(text.encode(), "notes.md")
    with pytest.raises(EditRefused, match="would read as other entries"):
        without(file, file.entries[0], "id")


def test_one_entry_that_cannot_take_a_field_leaves_the_others_to_it() -> None:
    text = "_What it is._\n\n## One\n\na\n\n## Two\n\n- b: **c**\n"
    file = "memory-bank/productContext.md"
    entries = opened(text, file).entries
    assert len(entries) == 3
    ids = [entry.id for entry in entries]
    plan = plan_set_field({file: text.encode()}, ids, "Status", "done", entries=EntryList(entries))
    assert plan.entries == tuple(ids[1:])
    assert plan.warning.startswith("1 entry stays as before: ")
    after = (plan.changes[0].after or b"").decode()
    assert after.count("done") == 2


@pytest.mark.parametrize("end", ["\n---\n", ""])
def test_a_new_entry_ends_with_a_rule_where_the_last_one_does(end: str) -> None:
    shape = KindShape("learning", ())
    values = (FieldValue("title", "New"), FieldValue("Status", "pending"))
    draft = NewEntry(shape, datetime(2026, 5, 2, tzinfo=UTC), values)
    entries = [f"\n## [LRN-20260501-00{key}] Old\n\n**Status**: done\n" for key in (1, 2)]
    for text in (f"# Learnings\n\n---\n{entries[0]}{end}", "# Learnings\n" + "\n---\n".join(entries) + end):
        file = opened(text, LEARNT)
        made = next(file.insertions(draft))
        added = made.document.source
        assert added.startswith(text.removesuffix(end))
        assert added.rstrip().endswith("---") == bool(end)
        assert made.document.without(made.ref).source == text
