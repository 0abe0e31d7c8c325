"""The form that an editor opens for a new entry: Markdown with a heading for every field."""

from __future__ import annotations

from index.model.counts import kind_words
from index.model.field_path import field_path
from index.model.kind_shape import FieldShape, KindShape
from index.model.vocabulary import is_about


def blank_form(shape: KindShape, file: str) -> str:
    """Return a form for an entry of this kind; `read_markdown` reads it again.

    Args:
        shape: the fields of the kind.
        file: where the entry will go, in words of the tree.
    """
    asked = [field for field in shape.fields if _is_asked(shape, field)]
    usual = [field for field in asked if field.usual] or asked
    others = [_label(shape, field) for field in asked if field not in usual]
    lists = [_label(shape, field) for field in usual if field.item]
    place = f", for {file}" if file.isprintable() and "--" not in file else ""
    lines = ["<!--", f"A new {kind_words(shape.kind)}{place}."]
    lines.append("Write below the headings. What stays empty is left out, and so are these lines;")
    lines.append("when all of it is empty, nothing is added.")
    lines += [f"One a line: {', '.join(lists)}."] if lists else []
    lines += [f"Other headings you may add: {', '.join(others)}."] if others else []
    lines += ["-->", ""]
    for field in usual:
        lines += [f"# {_label(shape, field)}", "", "", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_asked(shape: KindShape, field: FieldShape) -> bool:
    """Whether a person fills it in: an id and a time are made."""
    return field.name not in (shape.id, shape.time) and not is_about(field.name)


def _label(shape: KindShape, field: FieldShape) -> str:
    """Return the name for a heading: without the `@` of an attribute, where that is clear."""
    path = field_path(field.name)
    bare = field.name if path.steps else path.attribute
    return bare if shape.field(bare) == field else field.name
