"""Entries as Markdown, to be pasted or read: in the form that `memarium add -` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.model.vocabulary import fold
from index.rendering.prose import blocks, is_preformatted, looks_like_code, words_around
from index.rendering.text import safe

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.field import Field

_LINE = 80
"""Characters of a value that is written on a line of the list below the title; a longer one is a section."""
_HEADING = re.compile(r"^(?=\\*#)", re.MULTILINE)
_FENCES = re.compile(r"^\s*(`{3,}|~{3,})", re.MULTILINE)


def entry_markdown(entry: Entry) -> str:
    """Return an entry as Markdown: its title, its short fields as a list, a section for each other one.

    Code and tables are fenced; what would be a heading in a text is escaped.
    Characters that drive a terminal are made visible.
    """
    short: list[str] = [f"- **kind:** {entry.kind}"]
    long: list[str] = []
    for field in entry.fields:
        if not field.text or _one_line(field.text) == entry.title:
            continue
        if "\n" in field.text or len(field.text) > _LINE:
            long += ["", f"## {_name(field)}", "", _body(field)]
        else:
            short.append(f"- **{_name(field)}:** {field.text}")
    return safe("\n".join([f"# {_one_line(entry.title)}", "", *short, *long]))


def code_blocks(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the blocks of code in an entry, each with the name of its field."""
    for field in entry.fields:
        if field.items:
            continue
        if _is_code(field):
            yield field.name, words_around(field.text)[1]
            continue
        for block in blocks(field.text):
            if block.kind == "code":
                yield field.name, block.text


def _body(field: Field) -> str:
    text = field.text
    if _FENCES.search(text):
        return _outside_fences(text)
    if not field.items and (_is_code(field) or is_preformatted([line for line in text.split("\n") if line])):
        before, code, behind = words_around(text) if _is_code(field) else ("", text, "")
        parts = [before, f"```\n{code}\n```" if code else "", behind]
        return "\n\n".join(part for part in parts if part)
    return _HEADING.sub(r"\\", text)


def _outside_fences(text: str) -> str:
    """Escape the headings of a text that has fences, outside of them."""
    fence, lines = "", []
    for line in text.split("\n"):
        mark = _FENCES.match(line)
        lines.append(line if fence else _HEADING.sub(r"\\", line))
        if mark is not None:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
    return "\n".join([*lines, fence] if fence else lines)


def _is_code(field: Field) -> bool:
    name = fold(field.path.last)
    return not _FENCES.search(field.text) and looks_like_code(name, field.text)


def _name(field: Field) -> str:
    return field.name if field.path.steps else field.path.attribute


def _one_line(text: str) -> str:
    return " ".join(text.split())
