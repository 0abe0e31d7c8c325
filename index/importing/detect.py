"""Reading written records: XML, JSON and Markdown are told apart by how they begin."""

from __future__ import annotations

import codecs
import re

from index.editing.record import Kinds, UnreadableInput, WrittenEntry

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
        kinds: those there are.
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
            f"Line {line}, column {column}: the byte 0x{data[error.start]:02X} is no UTF-8: save it as UTF-8."
        ) from error
