"""Random edits of made stores of every kind: nothing but what was meant changes, and all of it comes back."""

from __future__ import annotations

import random
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.formats.base import EditRefused, FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.entry import Entry
from index.model.field import Field
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit, Plan
from index.model.text.margins import within_edges
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository
from tests.support.made_markdown import PLACES, made
from tests.support.pages import NOW

ROUNDS = 120
"""Edits of fields of files of a kind and a line end; with 9 kinds and 2 line ends, 2,160 in all."""
SECTIONS = {"title", "text", "label", "section"}
FRONT = SECTIONS - {"title"} | {"value"}
FORMS = {"claude": FRONT, "agent": FRONT, "index": {"title", "section"}}
"""Kind of file → forms of fields that are edited in it, where those are not `SECTIONS`."""
TEXTS = (
    *(
        "a plain text",
        "two\nlines of it",
        "- one\n- two",
        "a: b # c",
        "日本語",
        "`code` & <b>",
        "12",
        "'quoted'",
    ),
    *(
        "[a, b]",
        "*star",
        "| a | b |",
        "1. one\n2. two",
        "yes",
        "2026-01-01",
        "ends with:",
        "x\n\ny\n\n```\nz\n```",
    ),
    *("## a heading", "---", "```\nopen", "<!-- open", "**Why:** x", "", "[[link]]", "> quote"),
)


def opened(kind: str, newline: str, chance: random.Random) -> MarkdownFile:
    mark = BOM_UTF8 if chance.random() < 0.2 else b""
    data = mark + made(kind, chance).replace("\n", newline).encode()
    file = MarkdownFormat().open(data, PLACES[kind])
    assert file.to_bytes() == data
    assert not file.errors
    assert file.entries
    return file


def others(file: MarkdownFile, *left_out: int) -> list[tuple[str, Sequence[Field]]]:
    return [(entry.title, entry.fields) for entry in file.entries if entry.ref not in left_out]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("kind", PLACES)
def test_an_edit_changes_one_field_of_one_entry(kind: str, newline: str) -> None:
    chance = random.Random(f"{kind}{newline}")
    forms = set()
    done = tried = 0
    while done < ROUNDS:
        tried += 1
        assert tried < 3 * ROUNDS  # most texts can be put into most fields
        file = opened(kind, newline, chance)
        entry = chance.choice([entry for entry in file.entries if entry.fields])
        name, text = chance.choice([*(field.name for field in entry.fields), "Owner"]), chance.choice(TEXTS)
        try:
            edited = changed(file, entry, name, text)
        except EditRefused:
            continue
        block = file.block(entry.ref)
        before, after = file.to_bytes(), edited.to_bytes()
        assert after.startswith(before[: len(before) - len(file.encoded(file.source[block.start :]))])
        assert after.endswith(file.encoded(file.source[block.end :])), (name, text)
        assert others(edited, entry.ref) == others(file, entry.ref), (name, text)
        forms |= {part.form for part in block.parts if part.name == name}
        done += 1
    assert forms >= FORMS.get(kind, SECTIONS)


def changed(file: MarkdownFile, entry: Entry, name: str, text: str) -> MarkdownFile:
    """Set a field, and check the fields of the entry."""
    before = {field.name: field.text for field in entry.fields} | {name: text}
    edited = file.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
    if not any(name.endswith("]") for name in before):  # those of one name are numbered anew
        now = {field.name: within_edges(field.text) for field in edited.entries[entry.ref].fields}
        items = {field.name for field in edited.entries[entry.ref].fields if field.items}
        assert now.keys() == before.keys()
        for other in before.keys() - items - {"title", "name"}:
            assert now[other] == within_edges(before[other]), (name, text, other)
    return edited


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("kind", ["bank", "log", "learnings", "rules"])
def test_an_entry_that_goes_or_comes_leaves_the_others(kind: str, newline: str) -> None:
    chance = random.Random(f"{newline}{kind}")
    for _ in range(ROUNDS // 4):
        file = opened(kind, newline, chance)
        ref = chance.choice([entry.ref for entry in file.entries if not file.is_whole(entry)])
        try:
            rest = file.without(ref)
        except EditRefused:
            continue
        if file.entries[1:]:  # what is left of the last one is a title, which is an entry then
            assert others(rest) == others(file, ref)
        copy, place, _ = file.doubled(file.entries[ref])
        assert isinstance(copy, MarkdownFile)
        assert others(copy, place) == others(file)
        twins = {old: None if old == ref else old - (old > ref) for old in range(len(file.entries))}
        assert others(next(rest.insert_back(file, ref, twins))) == others(file)


@pytest.mark.parametrize("seed", range(3))
def test_a_store_is_as_it_was_when_every_change_was_undone(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for kind, place in PLACES.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(made(kind, chance), "utf-8")
    make_repository(tmp_path)
    commit_all(tmp_path)
    tree, done = git(tmp_path, "rev-parse", "HEAD^{tree}"), 0
    with closing(Workspace.open(tmp_path)) as workspace:
        planner = workspace.planner
        for _ in range(10):
            entry = chance.choice([entry for entry in workspace.tree.entries() if entry.fields])
            target = chance.choice([*PLACES.values(), "memory-bank/new.md", ".serena/memories/new.md"])
            changes: list[Callable[[str, str], Plan]] = [
                lambda id_, _: planner.add_tag(id_, "new tag"),
                lambda id_, _: planner.delete(id_),
                lambda id_, _: planner.duplicate(id_, NOW),
                lambda id_, file: planner.move(id_, file, NOW),
                lambda id_, _: planner.edit(id_, {workspace.tree.entry(id_).fields[-1].name: "set"}),
            ]
            try:
                plan = chance.choice(changes)(entry.id, target)
            except CannotEdit:
                continue
            if plan.changed:
                workspace.committer.commit(plan)
                workspace.tree.refresh()
                done += 1
        for _ in range(done):
            workspace.committer.undo()
            workspace.tree.refresh()
    assert done
    assert git(tmp_path, "rev-parse", "HEAD^{tree}") == tree
    assert git(tmp_path, "status", "--porcelain") == ""
