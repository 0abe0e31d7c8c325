"""The reader of written records, which knows the kinds of a tree."""

from __future__ import annotations

from index.editing.planner import Planner
from index.editing.record import WrittenEntry
from index.editing.staged_tree import Readable
from index.importing.blank_form import blank_form
from index.importing.detect import read_records


class Importer:
    """Reads new entries for one tree; the planner adds them."""

    def __init__(self, tree: Readable, planner: Planner) -> None:
        self._tree = tree
        self._planner = planner

    def read(self, data: bytes, kind: str = "") -> list[WrittenEntry]:
        """Read entries that were written down as XML, JSON or Markdown; see `read_records`."""
        return read_records(data, self._planner, kind)

    def form(self, kind: str, file: str = "") -> str:
        """Return an empty form for an entry of a kind, to be filled in with an editor; `read` reads it.

        Raises:
            CannotEdit: no kind of this name.
        """
        file = self._tree.named(file)
        shape = self._planner.shape(kind, file)
        return blank_form(shape, file or self._planner.file_for(shape.kind))
