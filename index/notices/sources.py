"""Texts of the files of a tree as they are on disk, read once each, and the places in them."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.formats.registry import format_of
from index.model.errors import TreeError
from index.model.file_record import FileProblem, whole_file
from index.model.text.line_index import LineIndex


class Sources:
    """The texts of files; that of a file which cannot be read is empty."""

    def __init__(self, data: Callable[[str], bytes | None]) -> None:
        """Read with `data`, as `Tree.data` does."""
        self._data = data
        self._texts: dict[str, tuple[str, LineIndex]] = {}

    def text(self, file: str) -> str:
        """Return the text of a file."""
        return self._read(file)[0]

    def size(self, file: str) -> int:
        """Return the length of a file in bytes."""
        try:
            return len(self._data(file) or b"")
        except TreeError:
            return 0

    def notice(self, file: str, offset: int, code: str, message: str) -> FileProblem:
        """Return a notice about a place in a file."""
        line, column = self._read(file)[1].locate(offset)
        return FileProblem(file, line, column, code, message, "note", repairable=False, guesses=False)

    def notice_at(self, file: str, line: int, words: str, code: str, message: str) -> FileProblem:
        """Return a notice about words of an entry that begins at a line; about the line without any."""
        text, index = self._read(file)
        start = index.offset(line) if line else 0
        found = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)").search(text, start) if words else None
        return self.notice(file, found.start() if found else start, code, message)

    def _read(self, file: str) -> tuple[str, LineIndex]:
        if file not in self._texts:
            try:
                data = self._data(file) or b""
            except TreeError:
                data = b""
            text = format_of(file).text(data)
            self._texts[file] = text, LineIndex(text)
        return self._texts[file]


def file_notice(file: str, code: str, message: str) -> FileProblem:
    """Return a notice about a whole file."""
    return whole_file(file, code, message, "note")
