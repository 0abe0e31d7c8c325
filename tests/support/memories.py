"""Memory files for the tests of history, written the way agents write them."""

from __future__ import annotations

from collections.abc import Sequence

from index.formats.base import MemoryFile
from index.formats.registry import open_file
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from tests.support.work import Work

FILE = "memories/solutions.xml"
SOLUTIONS = "solutions.xml"


def solution(title: str, day: int = 1, *, id_: str = "", **fields: str) -> str:
    """One debugging solution, at the depth it has in `page`."""
    attribute = f' id="{id_}"' if id_ else ""
    values = {
        "timestamp": f"2025-10-{day:02}T08:00:00Z",
        "problem": title,
        "level": "2",
        "solution": f"What helped against {title.lower()}:\n        measure, then act.",
        **fields,
    }
    lines = [f"      <{name}>{text}</{name}>" for name, text in values.items()]
    return "\n".join([f"    <debugging-solution{attribute}>", *lines, "    </debugging-solution>"])


def page(*entries: str) -> bytes:
    """A file of solutions, with the metadata and metrics around them."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<memory>",
            "  <metadata><version>1.0</version></metadata>",
            "  <debugging-solutions>",
            *entries,
            "  </debugging-solutions>",
            "  <usage-metrics><reads>3</reads></usage-metrics>",
            "</memory>",
            "",
        ]
    ).encode()


def reindented(data: bytes) -> bytes:
    """The same file, with four spaces or tabs where two were."""
    lines = data.decode().split("\n")
    depths = [(len(line) - len(line.lstrip(" "))) // 2 for line in lines]
    return "\n".join(
        "\t" * depth + line.lstrip(" ") for depth, line in zip(depths, lines, strict=True)
    ).encode()


def ids(data: bytes) -> list[str]:
    return [entry.id for entry in entries(data)]


def entries(data: bytes, file: str = SOLUTIONS) -> list[Entry]:
    return read_entries(read_content(data), file)


def entry(data: bytes, title: str) -> Entry:
    return next(one for one in entries(data) if one.title == title)


def titles(data: bytes) -> list[str]:
    return [one.title for one in entries(data)]


def document(data: bytes, file: str = SOLUTIONS) -> MemoryFile:
    return open_file(data, file)


def commit_all(work: Work, pages: Sequence[bytes], path: str = FILE) -> list[str]:
    """Commit each of these as the next version of a file; returns their revisions, oldest first."""
    return [work.commit(path, data, f"number {number}") for number, data in enumerate(pages)]
