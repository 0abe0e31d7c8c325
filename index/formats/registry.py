"""The formats that files of memories may have, and the one of each file, by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.formats.markdown.markdown_format import MarkdownFormat
from index.formats.xml.xml_format import XmlFormat
from index.model.entry import id_file
from index.model.store_places import WHOLE, Scope

if TYPE_CHECKING:
    from index.formats.base import Format, MemoryFile, Parsed

WRITTEN = XmlFormat()
"""The format of entries that are written down as source, outside of any file, and of new files."""
NOTES = MarkdownFormat()
"""The format of new files in the stores that agents keep by themselves."""
_FORMATS: list[Format] = [WRITTEN, NOTES]
"""In the order in which they are asked; the first is that of a file which none of them knows."""


@contextmanager
def registered(more: Format) -> Iterator[None]:
    """Let files be of one more format while the context lasts."""
    _FORMATS.append(more)
    try:
        yield
    finally:
        _FORMATS.remove(more)


def is_memory(path: str) -> bool:
    """Whether a file of this name or path may hold memories."""
    return any(one.matches(path) for one in _FORMATS)


def file_at(place: str) -> str:
    """Return the file of a place: an entry's id, or the path of a file, which may have a `#` of its own."""
    file = id_file(place)
    return file if is_memory(file) else place


def is_listed(path: str, scope: Scope = WHOLE) -> bool:
    """Whether the listing of a tree shows this path: a memory file, no folder of it hidden.

    Those on the way to a place of its scope may be.
    """
    rest = scope.rest(path) if is_memory(path) else None
    return rest is not None and not any(part.startswith(".") for part in rest.split("/"))


def format_of(path: str) -> Format:
    """Return the format of a file, by its path; the first for a file that is of none."""
    return next((one for one in _FORMATS if one.matches(path)), _FORMATS[0])


def read_file(data: bytes, path: str) -> Parsed:
    """Read a file's bytes to be shown; never raises."""
    return format_of(path).read(data, path)


def open_file(data: bytes | None, path: str, rule: str = "") -> MemoryFile:
    """Open a file's bytes, None or none for one that is not there, as `Format.open` does; never raises."""
    return format_of(path).open(data or b"", path, rule)


def text_of(data: bytes | None, path: str) -> str:
    """Return a file's bytes as text, to be compared; empty for one that is not there."""
    return format_of(path).text(data or b"")


def with_suffix(name: str, like: str) -> str:
    """Return the path of a memory file that a person named, without its suffix in the format of another."""
    return name if is_memory(name) else name + format_of(like).suffix


def with_known_suffix(stem: str, is_known: Callable[[str], object]) -> str:
    """Return the known file of this path, which lacks its suffix; a new one where none is known."""
    return next((path for end in suffixes() if is_known(path := stem + end)), stem + WRITTEN.suffix)


def suffixes() -> tuple[str, ...]:
    """Return the ends of names that new files may have, with their dots."""
    return tuple(one.suffix for one in _FORMATS)
