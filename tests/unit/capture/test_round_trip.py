"""What is captured reads back as the same texts, however it was written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from index.editing.planner import Planner
from index.importing.importer import Importer, read_records
from index.model.kind_shape import KindShape
from index.model.text.item_lists import list_text
from index.model.text.margins import dedent
from index.model.text.margins import given as as_given
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import entry_shape
from tests.support.trees import EMPTY, SAMPLE, Files

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
KINDS = ("debugging-solution", "api-pattern", "decision", "lesson", "finding")
_signs = st.text(st.sampled_from("ab &<>]\"'\\\n\t#`-=:|*é😀{}["), min_size=1, max_size=30)
TEXTS = _signs.filter(lambda text: bool(text.strip()))
ITEMS = st.lists(TEXTS.map(lambda text: text.strip()), min_size=2, max_size=4)


def shape_in(tree: Files, kind: str) -> KindShape:
    return Planner(tree).shape(kind)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Files, str, dict[str, str], dict[str, list[str]]]:
    """A tree, a kind, and what to write into fields of it that are texts, and lists."""
    tree, kind = draw(st.sampled_from([SAMPLE, EMPTY])), draw(st.sampled_from(KINDS))
    fields = [f for f in shape_in(tree, kind).fields if "@" not in f.name and "/" not in f.name]
    texts = [f.name for f in fields if not f.item and f.name not in ("id", "project", "tags", "tech-stack")]
    lists = [f.name for f in fields if f.item and f.name != "tags"] or ["steps"]
    given_texts = draw(st.dictionaries(st.sampled_from(texts), TEXTS, min_size=1, max_size=4))
    given_lists = draw(st.dictionaries(st.sampled_from(lists), ITEMS, max_size=1))
    return tree, kind, given_texts, given_lists


def read_back(tree: Files, kind: str, source: str) -> dict[str, str]:
    composer = Planner(tree)
    plan = composer.add_records(read_records(source.encode(), composer, kind), NOW)
    (entry,) = plan.entries
    after = tree.after(plan.changes)
    assert after.entry(entry).kind == kind
    known = {other.id for other in after.entries()}
    assert all(other.id in known for other in tree.entries() if not other.template)
    return {field.name: field.text for field in after.entry(entry).fields}


def as_read(texts: dict[str, str], lists: dict[str, list[str]]) -> dict[str, str]:
    """What a tree reads of these: the blank lines around them are layout."""
    said = {name: as_given(text) for name, text in texts.items()}
    return said | {name: list_text([as_given(item) for item in items]) for name, items in lists.items()}


@settings(max_examples=60)
@given(entries())
def test_json(entry: tuple[Files, str, dict[str, str], dict[str, list[str]]]) -> None:
    tree, kind, texts, lists = entry
    fields = read_back(tree, kind, json.dumps({**texts, **lists}))
    assert as_read(texts, lists).items() <= fields.items()


def test_json_as_it_is_printed() -> None:
    for entry in (entry for entry in SAMPLE.entries() if not entry.template):
        for printed in (entry_shape(entry), {"total": 1, "entries": [entry_shape(entry)]}):
            fields = read_back(EMPTY, entry.kind, to_json(printed))
            in_line = {"", *map(", ".join, (entry.tags, entry.tech))}  # which become lists there
            assert {field.text for field in entry.fields} - in_line <= {*fields.values()}


@settings(max_examples=60)
@given(entries())
def test_xml(entry: tuple[Files, str, dict[str, str], dict[str, list[str]]]) -> None:
    tree, kind, texts, lists = entry
    inside = [f"<{name}>{escape(text)}</{name}>" for name, text in texts.items()]
    for name, items in lists.items():
        inside.append(f"<{name}>{''.join(f'<item>{escape(item)}</item>' for item in items)}</{name}>")
    fields = read_back(tree, kind, f"<{kind}>{''.join(inside)}</{kind}>")
    # In XML the indentation of what stands behind a tag is layout too.
    said = {name: dedent(text) for name, text in texts.items()}
    listed = {name: [dedent(item) for item in items] for name, items in lists.items()}
    assert as_read(said, listed).items() <= fields.items()


@settings(max_examples=60)
@given(entries())
def test_markdown(entry: tuple[Files, str, dict[str, str], dict[str, list[str]]]) -> None:
    tree, kind, texts, _ = entry
    texts = {name: text.replace("`", "'").strip() for name, text in texts.items()}  # no code block is opened
    lines = [f"# {name}\n{_guarded(text)}\n" for name, text in texts.items()]
    fields = read_back(tree, kind, "\n".join(lines))
    assert as_read(texts, {}).items() <= fields.items()


@settings(max_examples=60)
@given(st.sampled_from(KINDS), st.data())
def test_the_form(kind: str, data: st.DataObject) -> None:
    form = Importer(SAMPLE, Planner(SAMPLE)).form(kind)
    names = [line.removeprefix("# ") for line in form.split("\n") if line.startswith("# ")]
    lists = [field.name.removeprefix("@") for field in shape_in(SAMPLE, kind).fields if field.item]
    plain = [name for name in names if name not in ("tags", "tech-stack", "project", *lists)]
    name, text = data.draw(st.sampled_from(plain)), data.draw(TEXTS).replace("`", "'").strip()
    filled = form.replace(f"# {name}\n", f"# {name}\n{_guarded(text)}\n")
    fields = read_back(SAMPLE, kind, filled)
    assert {text, dedent("\n" + text)} & {fields.get(name), fields.get(f"@{name}")}


def _guarded(text: str) -> str:
    """Write a text so that none of its lines is a heading."""
    lines = text.split("\n")
    return "\n".join("\\" + line if line.lstrip("\\").startswith("#") else line for line in lines)
