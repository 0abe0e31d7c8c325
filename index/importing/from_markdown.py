"""Entries written as Markdown: the first heading is the title, those below it are the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.editing.record import Kinds, UnreadableInput, WrittenEntry, check_characters, field_name, same_kind
from index.formats.field_values import Text
from index.model.counts import kind_words
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.vocabulary import fold, role

_HEADING = re.compile(r"(#{1,6})(?=[ \t]|\Z)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ESCAPED = re.compile(r"\\+#")
_PAIR = re.compile(
    r"(?:[-*+] )?(?:\*\*|__)?(?P<key>[^\W\d][\w ./@\[\]-]{0,79}?)(?:\*\*|__)?\s*:(?:\*\*|__)?\s+"
    r"(?P<value>\S.*)"
)
"""`key: value`, also `- **Key:** value`, and `outer/inner: value` of a field in a field."""
_LEAD = re.compile(
    r"\[(?:(?P<id>[A-Z][A-Z\d]*-\d[\w-]*)|(?P<date>\d{4}-\d\d-\d\d[^\]]*))\](?:[ \t]+[-–—])?[ \t]+(?=\S)"
)
"""`[LRN-20260131-001] title`, `[2026-01-31] - title`: as sections of such kinds are headed."""
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)


class _Section(NamedTuple):
    """A heading and the text below it."""

    line: int
    """From 1."""
    level: int
    name: str
    text: str


def read_markdown(text: str, kinds: Kinds, kind: str) -> list[WrittenEntry]:
    """Read the entries of a Markdown text.

    Where the first heading names a field of the kind, all headings of its level are fields of one entry,
    as in the form; else it is a title, headings one level below it are fields, and the next of its own level
    begins another entry. `key: value` lines right below a title are fields too, and name its kind. Deeper
    headings and code blocks are text; `\\#` at the start of a line is a `#` that is no heading. Front matter
    between `---` gives fields of all entries, and their `kind`.

    Raises UnreadableInput: a text under no heading, or nothing to tell entries by.
    """
    check_characters(text)
    lines = text.split("\n")
    first = _skip_comments(text)
    shared, first = _front_matter(lines, first)
    found = shared.pop("kind", "") or _named_kind(lines, first, asked=not kind)
    if not isinstance(found, str):
        raise UnreadableInput("The kind in the front matter is one word.")
    shape = kinds.shape(same_kind(kinds, kind, found, "the input"))
    sections = list(_sections(lines, first, shape))
    entries = list(_entries(sections, shape)) if sections else []
    return [
        WrittenEntry(shape.kind, _texts(shape, shared, title, parts), place=f"line {line}")
        for line, title, parts in entries
    ]


def _skip_comments(text: str) -> int:
    """Return the number of lines that hold only comments, from the start."""
    end = 0
    while (found := _COMMENT.match(text, end)) is not None:
        end = found.end()
    return text.count("\n", 0, end) + bool(end)


# ── headings ──────────────────────────────────────────────────────────────────


def _sections(lines: list[str], first: int, shape: KindShape) -> Iterator[_Section]:
    """Yield the sections of a text; the first heading says how deep the others go.

    Those above its level, which belong to nothing, are refused.
    """
    top = deepest = opened = 0
    fence = ""
    section: _Section | None = None
    body: list[str] = []
    for number, text in enumerate(lines[first:], first + 1):
        mark = _FENCE.fullmatch(text)
        heading = None if fence else _HEADING.match(text)
        level = len(heading[1]) if heading is not None else 9
        if level <= (deepest or 6):
            if section is not None:
                yield section._replace(text="\n".join(body).strip("\n"))
            section, body = _Section(number, level, _heading_text(text), ""), []
            if level < top:
                raise UnreadableInput(
                    f"Line {number}: this heading is above the first one: give it {'#' * top}, or write "
                    "\\# where it is text."
                )
            if not top:
                top, deepest = level, level + (shape.field(section.name) is None)
            continue
        if fence and mark is not None and mark[1].startswith(fence) and not mark[2].strip():
            fence = ""
        elif not fence and mark is not None:
            fence, opened = mark[1], number
        elif not fence and section is None and text.strip():
            raise UnreadableInput(f"Line {number}: this text is under no heading: begin with # and a title.")
        elif not fence and _ESCAPED.match(text):
            text = text[1:]
        body.append(text)
    if fence:
        raise UnreadableInput(f"Line {opened}: this code block has no end: close it with {fence}.")
    if section is not None:
        yield section._replace(text="\n".join(body).strip("\n"))


def _heading_text(line: str) -> str:
    """Return the text of a heading, without the signs around it."""
    text = line.strip(" \t").lstrip("#").strip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else text


def _entries(
    sections: list[_Section], shape: KindShape
) -> Iterator[tuple[int, _Section | None, list[_Section]]]:
    """Yield the entries: where each begins, its title, its fields."""
    top = sections[0].level
    if shape.field(sections[0].name) is not None:
        yield sections[0].line, None, sections
        return
    starts = [place for place, section in enumerate(sections) if section.level == top]
    for place, after in zip(starts, [*starts[1:], len(sections)], strict=True):
        title, parts = sections[place], sections[place + 1 : after]
        if shape.field(title.name) is not None:
            below = "#" * (top + 1)
            raise UnreadableInput(
                f"Line {title.line}: {title.name} is a field of a {kind_words(shape.kind)}, in the place of "
                f"a title: write {below} {title.name}."
            )
        yield title.line, title, parts


def _texts(
    shape: KindShape, shared: dict[str, Text], title: _Section | None, parts: list[_Section]
) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    for part in parts:
        try:
            name = field_name(shape, part.name)
        except CannotEdit as error:
            raise UnreadableInput(f"Line {part.line}: {error}") from error
        if name in texts:
            raise UnreadableInput(f"Line {part.line}: {name} is given twice.")
        texts[name] = part.text
    for key, text in shared.items():
        try:
            texts.setdefault(field_name(shape, key), text)
        except CannotEdit as error:
            raise UnreadableInput(f"Front matter: {error}") from error
    if title is not None:
        lines, text = _line_fields(title, shape)
        for name, value in lines.items():
            if name in texts:
                raise UnreadableInput(f"Line {title.line}: {name} is given twice below {title.name}.")
            texts[name] = value
        said = title.name
        if lead := _LEAD.match(said):
            own = lead.lastgroup or ""
            if own not in texts and any(field.name == own for field in shape.fields):
                texts[own], said = lead[own], said[lead.end() :]
        if said:
            texts[_free(shape, texts, ("title", "problem"), "title")] = said
        if text:
            texts[_free(shape, texts, ("text",), "description")] = text
    return texts


def _line_fields(title: _Section, shape: KindShape) -> tuple[dict[str, str], str]:
    """Return the fields of the `key: value` lines below a title, and the text that is left.

    They are whole paragraphs, the first of which names a known field: `Note: ...` alone is prose. What is
    indented below a line goes on with its value.
    """
    fields: dict[str, str] = {}
    rest = title.text
    while rest:
        paragraph, _, after = rest.partition("\n\n")
        found = _pairs(paragraph)
        if not found or not (fields or any(_names_field(key, shape) for key, _ in found)):
            break
        for key, value in found:
            if fold(key) == "kind":
                continue
            try:
                name = field_name(shape, key)
            except CannotEdit as error:
                raise UnreadableInput(f"Line {title.line}: {error}") from error
            if name in fields:
                raise UnreadableInput(f"Line {title.line}: {name} is given twice below {title.name}.")
            fields[name] = value
        rest = after.strip("\n")
    return fields, rest


def _names_field(key: str, shape: KindShape) -> bool:
    return shape.field(key) is not None or fold(key) == "kind" or role(key) not in {"", "text"}


def _pairs(paragraph: str) -> list[tuple[str, str]]:
    """Return the keys and values of a paragraph of `key: value` lines; nothing when one line is none."""
    pairs: list[tuple[str, str]] = []
    for line in paragraph.split("\n"):
        if match := _PAIR.fullmatch(line):
            pairs.append((match["key"].strip(), match["value"].strip()))
        elif pairs and line[:1] in " \t":
            key, value = pairs[-1]
            pairs[-1] = key, f"{value}\n{line.strip()}"
        else:
            return []
    return pairs


def _named_kind(lines: list[str], first: int, *, asked: bool) -> str:
    """Return the kind that a line below the first heading names, or an empty string.

    Raises UnreadableInput: it is asked for, and a line names it that is read as text; says why it is.
    """
    start = next((n for n, line in enumerate(lines) if n >= first and _HEADING.match(line)), len(lines))
    below = "\n".join(lines[start + 1 :]).lstrip("\n").partition("\n\n")[0]
    found = next((value for key, value in _pairs(below) if fold(key) == "kind"), "")
    if asked and not found:
        _check_kind_is_read(lines, first, start)
    return found


def _check_kind_is_read(lines: list[str], first: int, start: int) -> None:
    """Check that no line before the first heading or right below it names a kind in vain."""
    before = [line for line in lines[first:start] if line.strip()]
    if any(_names_kind(line) for line in before):
        line = lines.index(before[0], first) + 1
        raise UnreadableInput(f"Line {line}: this text is under no heading: begin with # and a title.")
    head = next((n for n in range(start + 1, len(lines)) if lines[n].strip()), len(lines))
    end = next((n for n in range(head, len(lines)) if not lines[n].strip()), len(lines))
    other = next((n for n in range(head, end) if not _pairs("\n".join(lines[head : n + 1]))), end)
    if other < end and any(_names_kind(line) for line in lines[head:end]):
        raise UnreadableInput(
            f"Line {other + 1} is not written as key: value, so the lines around it are read as text, "
            "with the kind: put an empty line before and after it."
        )


def _names_kind(line: str) -> bool:
    match = _PAIR.fullmatch(line)
    return match is not None and fold(match["key"]) == "kind"


def _free(shape: KindShape, texts: dict[str, Text], parts: tuple[str, ...], else_: str) -> str:
    """Return the field that plays one of these roles, a usual one before the others, and is not given yet."""
    fields = [field for part in parts for field in shape.fields if role(field.name) == part]
    names = [field.name for field in sorted(fields, key=lambda field: not field.usual)]
    return next((name for name in [*names, else_] if name not in texts), "title")


# ── front matter ──────────────────────────────────────────────────────────────


def _front_matter(lines: list[str], first: int) -> tuple[dict[str, Text], int]:
    """Return the fields between `---` at the start, and the number of lines up to their end."""
    start = next((n for n in range(first, len(lines)) if lines[n].strip()), len(lines))
    if start == len(lines) or lines[start].rstrip() != "---":
        return {}, first
    end = next((n for n in range(start + 1, len(lines)) if lines[n].rstrip() == "---"), -1)
    if end < 0:
        raise UnreadableInput(f"Line {start + 1}: the front matter has no end: close it with ---.")
    found: dict[str, Text] = {}
    key = ""
    for number in range(start + 1, end):
        line = lines[number].strip()
        if not line or line.startswith("#"):
            continue
        name, colon, text = line.partition(":")
        items = found.get(key)
        if line.startswith("- ") and isinstance(items, tuple):
            found[key] = (*items, _bare(line[2:].strip()))
        elif colon and name[0] not in "-\"'[{":
            key = name.strip()
            if key in found:
                raise UnreadableInput(f"Line {number + 1}: {key} is given twice.")
            found[key] = _value(text.strip())
        else:
            raise UnreadableInput(f"Line {number + 1}: front matter is written as name: text, one a line.")
    return found, end + 1


def _value(text: str) -> Text:
    """Return one value: a text, or a list as `[a, b]`; nothing begins a list of `- item` lines."""
    if not text:
        return ()
    if text.startswith("[") and text.endswith("]"):
        return tuple(item for part in text[1:-1].split(",") if (item := _bare(part.strip())))
    return _bare(text)


def _bare(text: str) -> str:
    """Return a text without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
