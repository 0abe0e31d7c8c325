"""The reader of written records, which knows the kinds of a tree."""

from __future__ import annotations

import codecs
import re

from index.editing.planner import Planner
from index.editing.record import Kinds, UnreadableInput, WrittenEntry
from index.editing.staged_tree import Readable
from index.model.counts import kind_words
from index.model.field_path import field_path
from index.model.kind_shape import FieldShape, KindShape
from index.model.vocabulary import is_about


class Importer:
    """Reads new entries for one tree; the planner adds them."""

    def __init__(self, tree: Readable, planner: Planner) -> None:
        self._tree = tree
        self._planner = planner

    def read(self, data: bytes, kind: str = "", file: str = "") -> list[WrittenEntry]:
        """Read entries that were written down as XML, JSON or Markdown; see `read_records`.

        With a `file` for them, they may be of a kind that the tree does not have.
        """
        return read_records(data, _KindsInFile(self._planner, file) if file else self._planner, kind)

    def form(self, kind: str, file: str = "") -> str:
        """Return an empty form for an entry of a kind, to be filled in with an editor; `read` reads it.

        Raises CannotEdit: no kind of this name.
        """
        file = self._tree.named(file)
        shape = self._planner.shape(kind, file)
        return blank_form(shape, file or self._planner.file_for(shape.kind))


class _KindsInFile:
    """The kinds that entries in a file of the user's choice may be of: any."""

    def __init__(self, planner: Planner, file: str) -> None:
        self._planner = planner
        self._file = file

    def __contains__(self, name: object) -> bool:
        """Whether the tree has a kind that is called exactly so."""
        return name in self._planner

    def shape(self, name: str) -> KindShape:
        """Return the shape of a kind's entries in the file."""
        return self._planner.shape(name, self._file)


MAX_BYTES = 1 << 20
"""Of one input; a note is well under a hundredth of it."""
MAX_ENTRIES = 100
"""Of one input: all of them are one commit, which somebody may have to read."""
_LEADING = re.compile(r"(?:\s|<!--.*?-->)*+", re.DOTALL)
_MARKS = (b"<?xml", codecs.BOM_UTF8 + b"<?xml", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_records(data: bytes, kinds: Kinds, kind: str = "") -> list[WrittenEntry]:
    """Read the entries of one input.

    Args:
        data: its bytes: elements, a JSON object or array of objects, or Markdown.
        kind: the kind of the entries; empty: the input names it.

    Raises:
        UnreadableInput: nothing can be made of it; one plain sentence, with line and column where there are.
        CannotEdit: a kind or a name of a field that cannot be.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableInput(f"The input is larger than {MAX_BYTES >> 20} MiB: split it.")
    records = _read(data, kinds, kind)
    if not records:
        raise UnreadableInput("There is nothing to add: the input holds no entry.")
    if len(records) > MAX_ENTRIES:
        raise UnreadableInput(
            f"The input holds {len(records)} entries: at most {MAX_ENTRIES} are added at once."
        )
    return records


def _read(data: bytes, kinds: Kinds, kind: str) -> list[WrittenEntry]:
    data = _from_utf16(data)
    if data.lstrip().startswith(_MARKS):  # it may name an encoding of its own
        from index.importing.from_source import read_source

        return read_source(data, kinds, kind)
    text = _decoded(data)
    start = _LEADING.sub("", text, count=1)[:1]
    if not start:
        raise UnreadableInput("There is nothing to add: the input is empty.")
    if start == "<":
        from index.importing.from_source import read_source

        return read_source(data, kinds, kind)
    if start in "{[":
        from index.importing.from_json import read_json

        return read_json(text, kinds, kind)
    from index.importing.from_markdown import read_markdown

    return read_markdown(text, kinds, kind)


def _from_utf16(data: bytes) -> bytes:
    """Return UTF-16, as PowerShell pipes it, with a mark or without, as UTF-8; XML that names it as it is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif len(data) > 1 and len(data) % 2 == 0 and (data[0] == 0) != (data[1] == 0):
        name = "utf-16-be" if data[0] == 0 else "utf-16-le"
    else:
        return data
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return data
    return data if text.lstrip().startswith("<?xml") else text.encode("utf-8")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise UnreadableInput(
            f"Line {line}, column {column}: byte 0x{data[error.start]:02X} is not UTF-8: save it as UTF-8."
        ) from error


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
