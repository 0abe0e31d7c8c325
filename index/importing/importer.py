"""What people and agents write down, read with the kinds that a tree knows."""

from __future__ import annotations

from index.editing.planner import Composer
from index.editing.record import Record
from index.editing.staged_tree import Readable
from index.importing.detect import read_records
from index.importing.form import blank_form


class Importer:
    """Reads new entries for one tree; the planner adds them."""

    def __init__(self, tree: Readable, planner: Composer) -> None:
        self._tree = tree
        self._planner = planner

    def read(self, data: bytes, kind: str = "") -> list[Record]:
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
