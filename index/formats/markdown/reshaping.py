"""Source of an entry for a file of another unit: a section for one of sections, else a file of its own."""

from __future__ import annotations

from index.formats.base import EditRefused, Excerpt, NewEntry
from index.formats.markdown.entry_splices import DEEPEST, levelled
from index.formats.markdown.field_splices import newline_of, remove_field
from index.formats.markdown.named_parts import label_name
from index.formats.markdown.new_source import front_keys, front_matter, has_front_matter, kind_told
from index.formats.markdown.outline import outline
from index.formats.markdown.reading import read_markdown
from index.formats.markdown.text_encoding import decode
from index.model.counts import listed
from index.model.entry import Entry
from index.model.field_path import field_path
from index.model.problems import Splice, apply

_NAMES = ("name", "title")
"""Keys of a front matter that call the file, as a heading does."""


def reshaped(source: str, entry: Entry, unit: str, path: str, new: NewEntry, level: int) -> Excerpt:
    """Return the source of an entry as a section, or as that of a file of its own.

    Args:
        unit: that of the file which it is from.
        path: of the file which it is for.
        new: the new entry there, with the model for a new file.
        level: of its heading as a section; 0: it is to be a file of its own.

    Raises:
        EditRefused: it would say something else then.
    """
    if not level and unit != "sections":
        return Excerpt(source)
    if level:
        text = _at_level(source if unit == "sections" else _as_section(source, entry), level)
    else:
        text = _as_file(source, path, new)
    if text == source:
        return Excerpt(source)
    told = read_markdown(text, path, f"sections:{level}" if level else "file").entries
    fields = told[0].fields if len(told) == 1 else ()
    kept = {"", *(_at_top(field.text) for field in fields)}
    if lost := [field.name for field in entry.fields if _at_top(field.text) not in kept]:
        raise EditRefused(f"Its {listed(lost)} would read as something else there.")
    return Excerpt(text, said={field.name: field.text for field in fields})


def _at_level(section: str, level: int) -> str:
    """Return a section with its heading at a level. Raises EditRefused: one in it would be too deep."""
    levels = [heading.level for heading in outline(section).headings]
    deepest = max(levels) - levels[0] + level
    if deepest > DEEPEST:
        raise EditRefused(
            f"A heading in it would be {deepest} levels deep there, and Markdown knows {DEEPEST}. "
            "Raise that first, or take another file."
        )
    return levelled(section, level)


def _at_top(text: str) -> str:
    """Return a text with the highest of its headings at the first level."""
    levels = [heading.level for heading in outline(text).headings]
    return levelled(text, 1 + levels[0] - min(levels)).strip() if levels else text.strip()


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


def _as_file(source: str, path: str, new: NewEntry) -> str:
    """Return a section as a file of its own, labels that a front matter has there in one."""
    text = levelled(source, 1)
    like = decode(new.like)[0] if new.like else ""
    model = read_markdown(like, path, "file")
    known = (like, model) if model.front else None
    if not known and not has_front_matter(path):
        return text
    keys = front_keys(new.shape.kind, path, model if known else None)
    reading = read_markdown(text, path, "file")
    [one], [block], newline = reading.entries, reading.blocks, newline_of(text)
    name = next((key for key in keys if key in _NAMES), "")
    said = {name: one.title} | kind_told(keys, new.shape.kind, path)
    splices = []
    if (heading := block.heading) and name and text[heading.title_start : heading.title_end] == one.title:
        splices.append(Splice(heading.start, heading.end, ""))
    named = {field_path(key).last.lower(): key for key in keys}
    for field, part in zip(one.fields, block.parts, strict=True):
        key = named.get(field.name.lower())
        if part.form == "label" and key and "\n" not in field.text:
            said[key] = field.text
            splices += remove_field(text, reading, one, field.name)
    body = apply(text, splices).lstrip("\r\n")
    front = front_matter(keys, said, new, known)
    return newline.join([*front, body])
