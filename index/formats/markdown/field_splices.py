"""Fields of Markdown entries, set, added and taken away, each as splices of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.formats.base import EditRefused, ReadsElse
from index.formats.markdown.front_matter import NO_YAML, FrontMatter, has_marks, written
from index.formats.markdown.named_parts import Part, label_name, margin_of, told_by
from index.formats.markdown.outline import BLANK_LINE, line_start, outline
from index.formats.markdown.reading import FORMS, EntryBlock, MarkdownReading
from index.model.entry import Entry, EntryRef
from index.model.field_path import field_path, typed_path
from index.model.problems import Splice
from index.model.text.item_lists import items_of
from index.model.vocabulary import role

_ONE_LINE = {"title": "A heading", "id": "An id", "date": "A date", "value": "This value"}
_EXAMPLES = {"id": "LRN-20260131-001", "date": "2026-01-31 or 2026-01-31 10:00"}
_TOML = "Its front matter is TOML: edit the source of the entry."
LABEL_STYLE = re.compile(r"(\s{0,3}(?:[-*+][ \t]+)?)(\*\*|__|)[^*_:]*(:(?:\*\*|__)|(?:\*\*|__)[ \t]*:|:)")
"""The lead and the marks of a label in front of its value."""
_LISTED = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")
_FLOW_UNSAFE = re.compile(r"[,\[\]{}]")
_FACTS = ("tags", "tech", "level", "severity", "status", "time", "agent", "project")
"""Roles of fields that a front matter holds, and no section."""


def newline_of(source: str) -> str:
    """Return the line end that most lines of a text have; LF for one without lines."""
    crlf = source.count("\r\n")
    ends = {"\r\n": crlf, "\n": source.count("\n") - crlf, "\r": source.count("\r") - crlf}
    return max(ends, key=lambda end: (ends[end], end == "\n"))


def set_field(
    source: str, reading: MarkdownReading, entry: Entry, name: str, text: str
) -> list[Splice] | None:
    """Return the splices that give a field this text; None where the entry has no such field."""
    block = reading.blocks[entry.ref]
    field = next((field for field in entry.fields if field.name == name), None)
    if field is None:
        return None
    part, newline = block.parts[field.ref], newline_of(source)
    if part.form in _ONE_LINE and part.form != "value" and ("\n" in text or not text.strip()):
        raise EditRefused(f"{_ONE_LINE[part.form]} is one line with something in it.")
    text = unpadded(part.form, text)
    if part.form in FORMS and not FORMS[part.form].fullmatch(text):
        raise EditRefused(f"{_ONE_LINE[part.form]} of a heading is written like {_EXAMPLES[part.form]}.")
    if part.form == "value":
        _refuse_marks(source, reading.front, part)
        return [Splice(part.start, part.end, _value(source, reading.front, part, text, items=field.items))]
    if part.start == part.end:
        return [_into_empty(source, part, text, newline)]
    if part.form == "label":
        text = _below_label(source, part, text)
        if is_block(text) and source[line_start(source, part.start) : part.start].strip():
            start = len(source[: part.start].rstrip(" \t"))
            return [Splice(start, part.end, _on_its_own(source, part, text).replace("\n", newline))]
    return [Splice(part.start, part.end, text.replace("\n", newline))]


def unpadded(form: str, text: str) -> str:
    """Return a text as it is written in a part of a form: blanks around a title or a label mean nothing."""
    return text.strip() if form in ("title", "id", "date", "label") else text


def is_title(reading: MarkdownReading, ref: EntryRef) -> bool:
    """Whether the heading of an entry is the title of others: it is above them."""
    heading = reading.blocks[ref].heading
    return heading is not None and any(
        block.heading is not None and block.heading.level > heading.level for block in reading.blocks
    )


def add_field(
    source: str, reading: MarkdownReading, entry: Entry, name: str, text: str, like: str
) -> list[Splice]:
    """Return the splices that add a field, in the form that the entry and those like it have.

    `like` is the form of this field in entries like it, empty where none has it.
    """
    if field_path(name).number:
        raise EditRefused(f"{name} is a second field of one name: edit the source of the entry.")
    block, newline = reading.blocks[entry.ref], newline_of(source)
    form = "text" if name == "text" else like or _usual_form(block, name, text, reading.front)
    if form == "value" and reading.front is not None:
        if reading.front.is_toml:
            raise EditRefused(_TOML)
        if any(written(step) != step for step in name.split("/")):
            raise EditRefused(f"{name} cannot be a key of a front matter: begin it with a letter.")
        return [_new_value(source, reading.front, name, text, newline)]
    if name == "title" and reading.unit == "file" and "\n" not in text and _may_be_headed(source, block):
        return [_on_top(source, reading, block, f"# {text}", newline)]
    if form in ("title", "id", "date"):
        raise EditRefused(f"{name} is part of a heading: edit the source of the entry.")
    if form == "label" and "\n\n" not in text:
        if (bare := label_name(name)) != name:
            raise EditRefused(f"No label has a sign of *_:`| in its name: call it {bare}.")
        return [_new_label(source, block, name, unpadded(form, text), newline)]
    if told_by(name, text).keys() != {name}:
        raise EditRefused("Its lines are fields of their own: set those one by one.")
    if form == "text":
        return [_on_top(source, reading, block, text, newline)]
    if block.heading is None and reading.unit == "sections":
        raise EditRefused("A section here would be an entry of its own: add one instead.")
    return [_new_section(source, block, name, text, newline, level=reading.level)]


def remove_field(source: str, reading: MarkdownReading, entry: Entry, name: str) -> list[Splice]:
    """Return the splices that take a field away, its key, label or heading with it."""
    block = reading.blocks[entry.ref]
    field = next((field for field in entry.fields if field.name == name), None)
    if field is None:
        return []
    part = block.parts[field.ref]
    others = [other for other in block.parts if other.form not in ("title", "id", "date")]
    if part.form == "title" or len(block.parts) == 1 or (others == [part] and is_title(reading, entry.ref)):
        raise EditRefused("Without it there is no entry: change it, or delete the entry.")
    if part.form in ("id", "date"):
        stop = next(other.start for other in block.parts if other.start > part.start)
        start = part.start - (source[part.start - 1 : part.start] == "[")
        return [Splice(start, stop, "")]
    start = line_start(source, part.start)
    if part.form == "section":
        start = _heading_start(source, part.start)
    elif part.form == "value":
        _refuse_marks(source, reading.front, part)
        start = _key_start(source, part.start)
    elif part.form == "label" and not _LEADS.match(source[start : part.start]):
        raise EditRefused("It shares its line with another field: edit the source of the entry.")
    stop = line_end(source, part.end)
    if part.form in ("text", "section"):
        stop = _blank_end(source, stop, block.end)
    return [Splice(start, stop, "")]


_LEADS = re.compile(r"\s{0,3}(?:[-*+][ \t]+)?(?:\*\*|__)?[^*_|]*(?:\*\*|__)?:?(?:\*\*|__)?:?[ \t]*\Z")


# ── front matter ──────────────────────────────────────────────────────────────


def _refuse_marks(source: str, front: FrontMatter | None, part: Part) -> None:
    """Refuse to change a value of TOML, or one that others may refer to, or that refers to another."""
    if front and front.is_toml:
        raise EditRefused(_TOML)
    if has_marks(source[part.start : part.end]):
        raise EditRefused("It has an anchor, an alias or a tag of YAML: edit the source of the entry.")


def plain_values(source: str, front: FrontMatter | None) -> list[str]:
    """Return the scalars of a front matter as they are written, and the words for yes and no."""
    values = front.values if front else ()
    return [*(source[one.start : one.end] for one in values if one.plain), "true"]


def _value(source: str, front: FrontMatter | None, part: Part, text: str, *, items: Sequence[str]) -> str:
    """Return a text as the value of a key, in the form that the old one has; `items` are those of a list."""
    old = source[part.start : part.end]
    if not old:
        gap = " " if source[part.start - 1 : part.start] == ":" else ""
        return text and gap + _new(text, plain_values(source, front))
    if items:
        likes = () if re.search("[\"']", old) else items
        now = items_of(text, commas="\n" not in text)
        if old.lstrip().startswith("["):
            return _flow(now, likes)
        lead = re.match(r"([ \t\r\n]*-[ \t]+)", old)
        between = newline_of(source) + (re.sub(r"^[\r\n]+", "", lead[1].lstrip(" ")) if lead else "  - ")
        return (lead[1] if lead else between) + between.join(written(i, likes) for i in now)
    if old[:1] == "'" and not NO_YAML.search(text):
        return "'" + text.replace("'", "''") + "'"
    return _quoted(text) if old[:1] == '"' else _new(text, [old])


def _new(text: str, likes: Sequence[str]) -> str:
    """Return a text as a value where none was; one that is written as a list is a list."""
    rows = text.split("\n")
    is_list = len(rows) > 1 and all(row.startswith("- ") for row in rows)
    return _flow([row[2:].strip() for row in rows], likes) if is_list else written(text, likes)


def _flow(items: Sequence[str], likes: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(i) if _FLOW_UNSAFE.search(i) else written(i, likes) for i in items)}]"


def _quoted(text: str) -> str:
    bare = written(text)
    return bare if bare.startswith('"') else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _new_value(source: str, front: FrontMatter, name: str, text: str, newline: str) -> Splice:
    path = typed_path(name)
    above, key = str(path.above), str(path.own)
    beside = [value for value in front.values if above and typed_path(value.name).is_inside(path.above)]
    value = _new(text, plain_values(source, front))
    if beside:
        last = beside[-1]
        indent = re.match(r"[ \t]*", source[line_start(source, last.start) :])
        at = line_end(source, last.end)
        return Splice(at, at, f"{indent[0] if indent else ''}{key}: {value}{newline}")
    if above and not path.above.is_nested and all(value.name != above for value in front.values):
        return Splice(front.close, front.close, f"{above}:{newline}  {key}: {value}{newline}")
    return Splice(front.close, front.close, f"{name.replace('/', '-')}: {value}{newline}")


# ── the text ──────────────────────────────────────────────────────────────────


def _usual_form(block: EntryBlock, name: str, text: str, front: FrontMatter | None) -> str:
    forms = [part.form for part in block.parts]
    if "\n" not in text and "label" in forms:
        return "label"
    told = "section" not in forms or role(name) in _FACTS
    return "value" if told and "\n" not in text and front is not None and "value" in forms else "section"


def _below_label(source: str, part: Part, text: str) -> str:
    """Return the text of a label with its later lines as far in as those of an item are."""
    if re.search(r"\n[ \t]*\n", text) and not _is_code(text):
        raise ReadsElse("A blank line would end this field: leave it out, or put the text in a code block.")
    return text.replace("\n", "\n" + " " * margin_of(source, part))


def _on_its_own(source: str, part: Part, text: str) -> str:
    """Return a list or a code block for a label in its line, as it is below the line."""
    return "\n" + " " * margin_of(source, part) + text


def _is_code(text: str) -> bool:
    """Whether a text is a code block."""
    fences = outline(text).fences
    return len(fences) == 1 and (fences[0].start, fences[0].closed) == (0, True)


def is_block(text: str) -> bool:
    """Whether a text is a code block or a list, which begins in a line of its own."""
    return _is_code(text) or bool(_LISTED.match(text))


def _into_empty(source: str, part: Part, text: str, newline: str) -> Splice:
    """Return the splice that gives a part without a text one."""
    if part.form == "label":
        text = _below_label(source, part, text)
        gap = "" if source[part.start - 1 : part.start] in (" ", "\t") else " "
        told = _on_its_own(source, part, text) if is_block(text) else gap + text
        return Splice(part.start, part.end, told.replace("\n", newline))
    body = text.replace("\n", newline)
    begin = "" if source[: part.start].endswith(("\n", "\r")) or not part.start else newline
    behind = newline if part.start < len(source) else ""
    return Splice(part.start, part.end, f"{begin}{newline}{body}{newline}{behind}")


def _new_label(source: str, block: EntryBlock, name: str, text: str, newline: str) -> Splice:
    """Return the splice that adds a label behind the last one, written as that is."""
    first = min((part.start for part in block.parts if part.form == "section"), default=block.end)
    labels = [part for part in block.parts if part.form == "label" and part.start < first]
    labels = [part for part in labels if not _is_listed(source, part)] or labels
    lead, marks, gap = "", ("**", ":**"), newline
    if labels:
        last = labels[-1]
        found = LABEL_STYLE.match(source[line_start(source, last.start) : last.start])
        if found:
            lead, marks = found[1], (found[2], found[3])
        at = line_end(source, last.end)
        gap = newline if not lead.strip() and len(labels) > 1 and _blank_between(source, labels) else ""
    else:
        at = line_end(source, block.heading.end - 1) if block.heading else block.start
    end = "" if source[:at].endswith(("\n", "\r")) or not at else newline
    margin = newline + " " * len(lead)
    body = (margin if is_block(text) else " ") + text.replace("\n", margin)
    behind = "" if labels or BLANK_LINE.match(source, at - 1) else newline
    return Splice(at, at, f"{end}{gap}{lead}{marks[0]}{name}{marks[1]}{body}{newline}{behind}")


def _is_listed(source: str, part: Part) -> bool:
    return bool(re.match(r" {0,3}[-*+][ \t]", source[line_start(source, part.start) :]))


def _blank_between(source: str, labels: Sequence[Part]) -> bool:
    return BLANK_LINE.search(source, labels[-2].end, labels[-1].start) is not None


def _may_be_headed(source: str, block: EntryBlock) -> bool:
    """Whether a heading of the first level on top of a file would be its title: it has none of that level."""
    return not any(
        re.match(r" {0,3}#[ \t]", source[_heading_start(source, part.start) :])
        for part in block.parts
        if part.form in ("title", "section")
    )


def _on_top(source: str, reading: MarkdownReading, block: EntryBlock, text: str, newline: str) -> Splice:
    """Return the splice that puts a text above all else in an entry but for its heading and front matter."""
    front = reading.front.end if reading.front else 0
    at = line_end(source, block.heading.end - 1) if block.heading else max(block.start, front)
    begin = "" if source[:at].endswith(("\n", "\r")) or not at else newline
    behind = newline if source[at : at + 1] not in ("", "\n", "\r") else ""
    gap = newline if at else ""
    return Splice(at, at, f"{begin}{gap}{text.replace(chr(10), newline)}{newline}{behind}")


def _new_section(source: str, block: EntryBlock, name: str, text: str, newline: str, *, level: int) -> Splice:
    """Return the splice that adds a section at the end of an entry, one level below its heading.

    `level` is that of the headings which begin entries, 0 without: below the title of them it goes deeper.
    """
    if "\n" in name or not name.strip():
        raise EditRefused("A section has a name of one line.")
    sections = [part for part in block.parts if part.form == "section"]
    if sections:
        hashes = re.match(r" {0,3}(#+)", source[_heading_start(source, sections[-1].start) :])
        level = len(hashes[1]) if hashes else 2
    else:
        level = max(level, block.heading.level if block.heading else 1) + 1
    last = max((part.end for part in block.parts), default=block.start)
    at = line_end(source, max(last, block.heading.end - 1 if block.heading else 0))
    begin = "" if source[:at].endswith(("\n", "\r")) or not at else newline
    body = text.replace("\n", newline)
    return Splice(at, at, f"{begin}{newline}{'#' * level} {name}{newline}{newline}{body}{newline}")


# ── lines ─────────────────────────────────────────────────────────────────────


def line_end(source: str, at: int) -> int:
    """Return the offset behind the line end at or behind an offset."""
    found = re.compile(r"\r\n?|\n").search(source, at)
    return found.end() if found else len(source)


def _blank_end(source: str, at: int, end: int) -> int:
    """Return the offset behind the blank lines from an offset on."""
    found = re.compile(r"(?:[ \t]*(?:\r\n?|\n))*").match(source, at, end)
    return found.end() if found else at


def _heading_start(source: str, at: int) -> int:
    """Return the offset of the heading of a section whose text begins at an offset, or would."""
    place = line_start(source, at)
    return place if place < at else line_start(source, len(source[:at].rstrip()))


def _key_start(source: str, at: int) -> int:
    """Return the offset of the line with the key of a value."""
    place = line_start(source, at)
    while place and not re.match(r"[ \t]*[^\s#-][^\r\n]*?:", source[place:]):
        place = line_start(source, place - 1 - (source[place - 2 : place] == "\r\n"))
    return place
