"""The source of a new Markdown entry: written as its like are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from index.formats.base import NewEntry
from index.formats.field_values import FieldValue
from index.formats.markdown.entry_splices import levelled
from index.formats.markdown.field_splices import LABEL_STYLE, is_block, plain_values, unpadded
from index.formats.markdown.front_matter import written
from index.formats.markdown.layouts import layout_of
from index.formats.markdown.outline import BLANK_LINE, line_start
from index.formats.markdown.reading import FORMS, EntryBlock, MarkdownReading
from index.model.field_path import field_path
from index.model.kind_shape import iso

_SHORT = 120
"""Characters of a value that goes into a line of its own, where no entry shows how it is written."""
_HEADING = ("id", "date", "title")
FRONT_KEYS = ("name", "description", "type", "globs", "paths", "applyTo")
"""Keys of a front matter, as Claude Code, Cursor and Copilot write them."""


def compose_section(draft: NewEntry, source: str, like: EntryBlock | None, level: int) -> str:
    """Return a section: heading, labels, text, sections, in the form of an entry like it."""
    values = {value.name: value for value in draft.values}
    forms = {part.name: part.form for part in like.parts} if like else {}
    told = [value for value in draft.values if not _is_of_heading(value)]
    texts = [value for value in told if value.name == "text"]
    documented = (
        bool(draft.shape.id or draft.shape.day) and not draft.shape.learned and not draft.shape.called
    )
    if like is None and documented:
        forms = {field.name: "section" if field.long else "label" for field in draft.shape.fields}
    labels = [value for value in told if value not in texts and _form(value, forms) == "label"]
    sections = [value for value in told if value not in labels and value not in texts]
    lines = [_heading(values, source, like, level)]
    if labels:
        lines += ["", *(_label(value, source, like) for value in labels)]
    for value in texts:
        lines += ["", value.text]
    gap = [""] if like is None or not _closely(source, like) else []
    for value in sections:
        lines += ["", f"{'#' * (level + 1)} {value.name}", *gap, value.text]
    return "\n".join(lines) + "\n"


def compose_file(draft: NewEntry, path: str, like: tuple[str, MarkdownReading] | None) -> str:
    """Return a file that is one entry: front matter where its like have one, a title, text and sections."""
    keys = front_keys(draft.shape.kind, path, like[1] if like else None)
    said = {value.name: value.text for value in draft.values}
    if keys and not {"name", "title"} & said.keys():
        said = {"name": said.get("title", PurePosixPath(path).stem)} | said
    out = front_matter(keys, said | kind_told(keys, draft.shape.kind, path), draft, like)
    block = like[1].blocks[0] if like and like[1].blocks else None
    forms = {part.name: part.form for part in block.parts} if block else {}
    told = {
        *keys,
        "title",
        *(v.name for v in draft.values if forms.get(v.name) == v.name and _is_of_heading(v)),
    }
    values = {value.name: value for value in draft.values}
    if like and block and block.heading and values.keys() & told - {*keys, "title"}:
        out += [_heading(values, like[0], block, block.heading.level), ""]
    elif said.get("title") and "title" not in keys:
        out += [f"# {unpadded('title', said['title'])}", ""]
    for value in draft.values:
        if value.name in told:
            continue
        if value.name == "text":
            out += [value.text, ""]
        elif _form_in_file(value, forms, by_label=bool(keys)) == "label":
            out += [_label(value, like[0] if like else "", block, "**{}:**"), ""]
        else:
            gap = [""] if like is None or block is None or not _closely(like[0], block) else []
            out += [f"## {value.name}", *gap, value.text, ""]
    return "\n".join(out).rstrip("\n") + "\n"


def front_keys(kind: str, path: str, like: MarkdownReading | None) -> list[str]:
    """Return the keys of the front matter of a new file, as its like have them; none where it has none."""
    keys = [value.name for value in like.front.values] if like and like.front else []
    usual = layout_of(path).kind
    told_by_place = {usual, *(entry.kind for entry in like.entries)} if like else {usual}
    if kind not in told_by_place:
        return keys if {"type", "metadata/type"} & set(keys) else list(dict.fromkeys((*keys, *FRONT_KEYS)))
    return list(FRONT_KEYS) if like is None and has_front_matter(path) else keys


def kind_told(keys: Sequence[str], kind: str, path: str) -> dict[str, str]:
    """Return the kind by the key that tells it, where the place of the file does not."""
    told = kind != layout_of(path).kind
    return {key: kind for key in ("type", "metadata/type") if told and key in keys}


def front_matter(
    keys: Sequence[str], said: dict[str, str], draft: NewEntry, like: tuple[str, MarkdownReading] | None
) -> list[str]:
    """Return the lines of a front matter with these texts, and with those that all of its like have."""
    usual = {"metadata/modified": iso(draft.now), "metadata/node_type": "memory"}
    said = {key: text for key, text in usual.items() if key in keys} | said
    known = [key for key in keys if said.get(key)] or ([*keys][:1] and ["name"])
    likes = plain_values(like[0], like[1].front) if like else ()
    return ["---", *_keys(known, said, likes), "---", ""] if known else []


def _form_in_file(value: FieldValue, forms: dict[str, str], *, by_label: bool) -> str:
    """Return the form of a field of a file that is one entry: as its like has it, else by its length."""
    if by_label and value.name not in forms:
        return "section" if "\n\n" in value.text else "label"
    return _form(value, forms)


def compose_collection(draft: NewEntry, path: str) -> str:
    """Return a new file of sections with its first one."""
    title = re.sub(r"[-_]+|(?<=[a-z])(?=[A-Z])", " ", PurePosixPath(path).stem).strip().capitalize()
    section = levelled(draft.excerpt.text, 2) if draft.excerpt else compose_section(draft, "", None, 2)
    return f"# {title}\n\n{section}"


def is_collection(path: str) -> bool:
    """Whether the file at a path keeps its entries as sections."""
    return layout_of(path).unit in ("sections", "index")


def _is_of_heading(value: FieldValue) -> bool:
    """Whether a value goes into the heading: a title, and an id or a date in their own forms."""
    return value.name == "title" or (value.name in FORMS and bool(FORMS[value.name].fullmatch(value.text)))


def has_front_matter(path: str) -> bool:
    """Whether files of a place that are one entry begin with a front matter."""
    return layout_of(path).kind in ("memory", "rule") and ".serena" not in path.split("/")


def _keys(keys: Sequence[str], said: dict[str, str], likes: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for key in keys:
        path = field_path(key)
        above = str(path.above)
        if above and f"{above}:" not in lines:
            lines.append(f"{above}:")
        lines.append(f"{'  ' if above else ''}{path.own}: {written(said.get(key, ''), likes)}")
    return lines


def _form(value: FieldValue, forms: dict[str, str]) -> str:
    known = forms.get(value.name)
    if known in ("label", "section"):
        return "section" if "\n\n" in value.text else known
    return "label" if "\n" not in value.text and len(value.text) <= _SHORT else "section"


def _heading(values: dict[str, FieldValue], source: str, like: EntryBlock | None, level: int) -> str:
    """Return the heading, with id, date and title where an entry like it has them."""
    own = [value for value in values.values() if _is_of_heading(value)]
    said = {value.name: unpadded(value.name, value.text.replace("\n", " ")) for value in own}
    said.setdefault("title", next((unpadded("title", v.text.split("\n")[0]) for v in values.values()), ""))
    parts = [part for part in like.parts if part.form in _HEADING] if like and like.heading else []
    if {part.form for part in parts} == said.keys():
        text, at = "", like.heading.title_start if like and like.heading else 0
        for part in parts:
            if part.form in said:
                text += source[at : part.start] + said[part.form]
            at = part.end
        return f"{'#' * level} {text}"
    lead = f"[{said['id']}] " if "id" in said else ""
    day = f"{said['date'] if lead or like else '[' + said['date'] + ']'} - " if "date" in said else ""
    return f"{'#' * level} {lead}{day}{said['title']}"


def _label(value: FieldValue, source: str, like: EntryBlock | None, usual: str = "**{}**:") -> str:
    """Return a labelled line, written as one of an entry like it, else as is usual."""
    text = unpadded("label", value.text)
    text = f"\n{text}" if is_block(text) else f" {text}"
    shown = next((part for part in like.parts if part.form == "label"), None) if like else None
    if shown is not None:
        found = LABEL_STYLE.match(source[line_start(source, shown.start) : shown.start])
        if found:
            margin = " " * len(found[1]) if found[1].strip() else ""
            text = text.replace("\n", f"\n{margin}")
            return f"{found[1]}{found[2]}{value.name}{found[3]}{text}"
    return usual.format(value.name) + text


def _closely(source: str, like: EntryBlock) -> bool:
    """Whether the text of a section follows its heading without a blank line."""
    part = next((part for part in like.parts if part.form == "section" and part.end > part.start), None)
    return part is not None and not re.search(rf"{BLANK_LINE.pattern}[ \t]*\Z", source[: part.start])
