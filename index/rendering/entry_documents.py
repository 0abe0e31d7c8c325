"""Entries as a document: Markdown, JSON, CSV or XML, piece by piece.

No piece has a character that drives a terminal: JSON and XML write it as a number, and lose nothing;
Markdown and CSV show a sign in its place.
"""

from __future__ import annotations

import csv
import os
import re
import stat
import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from index.formats.registry import is_listed
from index.model.errors import TreeError
from index.model.path_spelling import shown
from index.model.store_places import BESIDE, is_beside
from index.rendering.entry_markdown import entry_markdown
from index.rendering.entry_template import NAMES
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import entry_shape
from index.rendering.text import UNSAFE, safe
from index.storage.files import read_or_none, remove_leftovers, write_atomic
from index.storage.user_folders import expanded

if TYPE_CHECKING:
    from index.library.tree import Tree
    from index.model.entry import Entry

ENDINGS: Final = {"markdown": "md", "json": "json", "csv": "csv", "xml": "xml"}
"""The formats, and the end of the name of a file of each, behind a dot."""
_COLUMNS: Final = (
    *("id", "kind", "title", "project", "timestamp", "level", "status", "agent", "tags", "tech"),
    *("file", "line", "text"),
)
_FORMULA = re.compile(r"[=+\-@\t\r]")
"""Signs that let a spreadsheet compute a cell that begins with one."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document can hold, not even as a number."""


def exported(entries: Sequence[Entry], form: str, tree: str) -> Iterator[str]:
    """Yield the pieces of a document in one of the formats, one an entry and more around them.

    `tree` is the path of the tree, as it is told.
    """
    return _WRITERS[form](entries, tree)


class FileIsThere(TreeError):
    """An export would write over a file."""

    way = "force"


def write_document(path: Path, pieces: Iterable[str], tree: Tree, *, force: bool = False) -> None:
    """Write a document to a file, whole or not at all; over one that is there only by `force`.

    A pipe or a device, as `/dev/stdout`, gets it as it comes.

    Raises:
        FileIsThere: it is there.
        TreeError: it would be read as a file of the tree, or it cannot be written.
    """
    path = expanded(path)
    if _is_no_file(path):
        return _write_through(path, pieces)
    whole = Path(os.path.realpath(path))
    name = tree.place._replace(root=Path(os.path.realpath(tree.root))).path_of(whole)
    if is_listed(name, tree.scope) or (is_beside(name) and is_listed(name.removeprefix(BESIDE))):
        raise TreeError(f"{shown(str(path))} is in the tree: name a file outside of it.")
    before = read_or_none(whole, sys.maxsize)
    if before is not None and not force:
        raise FileIsThere(f"{shown(str(path))} exists already, and was not overwritten.")
    remove_leftovers((whole.parent,))  # no tree is opened there that would
    write_atomic(whole, "".join(pieces).encode("utf-8"), before, whole.parent)


def _is_no_file(path: Path) -> bool:
    """Whether something is there that is no file and no folder, and cannot be replaced."""
    with suppress(OSError):
        mode = path.stat().st_mode
        return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
    return False


def _write_through(path: Path, pieces: Iterable[str]) -> None:
    try:
        with path.open("wb") as out:
            out.writelines(piece.encode("utf-8") for piece in pieces)
    except BrokenPipeError:
        raise  # the reader has seen enough
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TreeError(f"{shown(str(path))} cannot be written: {why}.") from error


def _markdown(entries: Sequence[Entry], tree: str) -> Iterator[str]:
    for place, entry in enumerate(entries):
        yield ("\n" if place else "") + entry_markdown(entry) + "\n"


def _json(entries: Sequence[Entry], tree: str) -> Iterator[str]:
    head = to_json({"tree": tree, "total": len(entries), "entries": []})
    yield head.removesuffix("[]\n}") + "["
    for place, entry in enumerate(entries):
        shape = to_json(entry_shape(entry)).replace("\n", "\n    ")
        yield ("," if place else "") + "\n    " + shape
    yield "\n  ]\n}\n" if entries else "]\n}\n"


# ── CSV ───────────────────────────────────────────────────────────────────────


def _csv(entries: Sequence[Entry], tree: str) -> Iterator[str]:
    yield _row(_COLUMNS)
    for entry in entries:
        yield _row([_cell(NAMES[name](entry)) for name in _COLUMNS])


def _row(cells: Sequence[str]) -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(text: str) -> str:
    """Return the text of a cell; one that a spreadsheet would compute has an apostrophe before it."""
    return f"'{safe(text)}" if _FORMULA.match(text) else safe(text)


# ── XML ───────────────────────────────────────────────────────────────────────


def _xml(entries: Sequence[Entry], tree: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<memories tree={_attribute(tree)}>\n'
    for entry in entries:
        yield "".join(_entry(entry))
    yield "</memories>\n"


def _entry(entry: Entry) -> Iterator[str]:
    about = [("id", entry.id), ("kind", entry.kind), ("title", entry.title), ("file", entry.file)]
    told = "".join(f" {name}={_attribute(text)}" for name, text in about)
    yield f'  <entry{told} line="{entry.line}">\n'
    for field in entry.fields:
        name = _attribute(field.name)
        if _NO_XML.search(field.text):
            data = b64encode(field.text.encode("utf-8", "surrogatepass")).decode()
            yield f'    <field name={name} encoding="base64">{data}</field>\n'
        else:
            yield f'    <field name={name} xml:space="preserve">{_numbered(escape(field.text))}</field>\n'
    yield "  </entry>\n"


def _attribute(text: str) -> str:
    """Return the text as a quoted value; a letter that XML cannot hold is a sign, as a field has it whole."""
    return _numbered(quoteattr(_NO_XML.sub("\ufffd", text)))


def _numbered(text: str) -> str:
    """Return text in which a letter that drives a terminal, and a return, is written as a number."""
    return UNSAFE.sub(lambda match: f"&#{ord(match[0])};", text)


_WRITERS: Final[dict[str, Callable[[Sequence[Entry], str], Iterator[str]]]] = {
    "markdown": _markdown,
    "json": _json,
    "csv": _csv,
    "xml": _xml,
}
