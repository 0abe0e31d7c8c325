"""Source of an entry for a file of another unit: a section for one of sections, else a file of its own."""

from __future__ import annotations

from index.formats.base import EditRefused, Excerpt
from index.formats.markdown.entry_splices import levelled
from index.formats.markdown.field_splices import newline_of, remove_field
from index.formats.markdown.front_matter import written
from index.formats.markdown.layouts import layout_of
from index.formats.markdown.named_parts import label_name
from index.formats.markdown.new_source import FRONT_KEYS, has_front_matter
from index.formats.markdown.outline import outline
from index.formats.markdown.reading import read_markdown
from index.model.counts import listed
from index.model.entry import Entry
from index.model.field_path import field_path
from index.model.problems import Splice, apply

_NAMES = ("name", "title")
"""Keys of a front matter that call the file, as a heading does."""


def reshaped(source: str, entry: Entry, unit: str, path: str, *, section: bool) -> Excerpt:
    """Return the source of an entry as a section, or as that of a file of its own.

    Args:
        unit: that of the file which it is from.
        path: of the file which it is for.
        section: whether it is to be a section.

    Raises:
        EditRefused: it would say something else then.
    """
    if section == (unit == "sections"):
        return Excerpt(source)
    text = _as_section(source, entry) if section else _as_file(source, entry, path)
    told = read_markdown(text, path, "sections:1" if section else "file").entries
    fields = told[0].fields if len(told) == 1 else ()
    kept = {"", *(field.text.strip() for field in fields)}
    if lost := [field.name for field in entry.fields if field.text.strip() not in kept]:
        raise EditRefused(f"Its {listed(lost)} would read as something else there.")
    return Excerpt(text, said={field.name: field.text for field in fields})


def _as_section(source: str, entry: Entry) -> str:
    """Return a file that is one entry as a section of the first level: its front matter as labels."""
    reading = read_markdown(source, "", "file")
    [block], front, newline = reading.blocks, reading.front, newline_of(source)
    heading = block.heading
    body = source[heading.end if heading else front.end if front else 0 :].strip("\r\n")
    inside = outline(body).headings
    if inside:
        by = 2 - min(one.level for one in inside)
        body = levelled(body, inside[0].level + by)
    values = {field.name: field.text for field in entry.fields[: len(front.values) if front else 0]}
    title = source[heading.title_start : heading.title_end] if heading else ""
    title = title or next((values[name] for name in _NAMES if values.get(name)), entry.title)
    labels = [
        f"**{label_name(field_path(name).last)}:** {text}"
        for name, text in values.items()
        if text.strip() not in ("", title, entry.title)
    ]
    return newline.join([f"# {title}", "", *labels, *[""][: len(labels)], body]).rstrip("\r\n") + newline


def _as_file(source: str, entry: Entry, path: str) -> str:
    """Return a section as a file of its own, labels that a front matter has there in one."""
    text = levelled(source, 1)
    if not has_front_matter(path):
        return text
    reading = read_markdown(text, path, "file")
    [one], [block], newline = reading.entries, reading.blocks, newline_of(text)
    said = {"name": one.title, "type": entry.kind if entry.kind != layout_of(path).kind else ""}
    splices = []
    if (heading := block.heading) and text[heading.title_start : heading.title_end] == one.title:
        splices.append(Splice(heading.start, heading.end, ""))
    for field, part in zip(one.fields, block.parts, strict=True):
        key = field.name.lower()
        if part.form == "label" and key in FRONT_KEYS and "\n" not in field.text:
            said[key] = field.text
            splices += remove_field(text, reading, one, field.name)
    body = apply(text, splices).lstrip("\r\n")
    front = [f"{key}: {written(said[key])}" for key in FRONT_KEYS if said.get(key)]
    return newline.join(["---", *front, "---", "", body])
