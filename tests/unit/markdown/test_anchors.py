"""Anchors, aliases and tags of a front matter: read as they are written, and never written over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.formats.base import EditRefused, FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.model.entry import Entry
from index.model.kind_shape import KindShape

PATH = "rules/a.md"
VALUES = [
    ("&a [x]", "&a [x]"),
    ('&a "x # y" # a note', '&a "x # y"'),
    ("&a x  # a note", "&a x"),
    ("!!str 2026-01-31", "!!str 2026-01-31"),
    ("*known", "*known"),
    ("*known # a note", "*known"),
    ("!local {k: v}", "!local {k: v}"),
    ("[&x y, *x]", "[&x y, *x]"),
    ("&a\n  - x\n  - y", "&a\n  - x\n  - y"),
    ("&a |\n  two\n  lines # of text", "&a |\n  two\n  lines # of text"),
    ("!!seq\n  - &x y\n  - *x", "!!seq\n  - &x y\n  - *x"),
]


def opened(value: str, newline: str = "\n") -> tuple[MarkdownFile, Entry]:
    text = f"---\nname: &known one\nglobs: {value}\nother: z\n---\n\nText\n"
    file = MarkdownFile.parse(text.replace("\n", newline).encode(), PATH)
    return file, file.entries[0]


@pytest.mark.parametrize(("value", "shown"), VALUES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_they_are_shown_as_written_and_are_no_error(value: str, shown: str, newline: str) -> None:
    file, entry = opened(value, newline)
    alias = next((one for one in ("*known", "*x") if one in value), "")
    notes = [(one.level, one.start, one.message) for one in file.problems]
    words = f"YAML aliases are not expanded: {alias} is shown as it is written."
    assert notes == ([("note", file.source.index(alias), words)] if alias else [])
    assert file.repaired().source == file.source
    said = {field.name: field.text for field in entry.fields}
    assert (said["globs"], said["other"]) == (shown, "z")


@pytest.mark.parametrize(("value", "shown"), VALUES)
def test_they_are_refused_an_edit_and_left_alone_by_those_of_others(value: str, shown: str) -> None:
    file, entry = opened(value)
    with pytest.raises(EditRefused, match="an anchor, an alias or a tag of YAML"):
        file.put_field(entry, "globs", "new", FieldForm(KindShape(entry.kind, ())))
    with pytest.raises(EditRefused, match="an anchor, an alias or a tag of YAML"):
        file.put_field_back(entry, "globs", file, replace(entry, fields=()))
    edited = file.put_field(entry, "other", "new", FieldForm(KindShape(entry.kind, ())))
    assert edited.source == file.source.replace("other: z", "other: new")


@pytest.mark.parametrize(
    "value", ["*unknown", "*.ts", "&a *known", "&a b: c", "!no!handle x", "& x", "*know"]
)
def test_what_only_looks_like_one_is_put_in_quotes(value: str) -> None:
    file, _ = opened(value)
    [problem] = file.problems
    assert problem.message == "This value of globs is not valid YAML; repair puts it in quotes."
    assert f'globs: "{value}"\n' in file.repaired(guesses=False).source


def test_text_with_their_signs_is_edited() -> None:
    file, entry = opened("R &D, a *b* !c")
    edited = file.put_field(entry, "globs", "new", FieldForm(KindShape(entry.kind, ())))
    assert "globs: new\n" in edited.source


def test_aliases_of_aliases_are_never_followed() -> None:
    """Followed, they would be more letters than a machine holds."""
    rows = ["a0: &a0 [x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    text = "---\nname: one\n" + "\n".join(rows) + "\n---\n\nText\n"
    file = MarkdownFile.parse(text.encode(), PATH)
    assert [(one.code, one.line, one.column) for one in file.problems] == [("yaml-alias", 4, 10)]
    said = {field.name: field.text for field in file.entries[0].fields}
    assert said["a59"] == rows[59].partition(": ")[2]
