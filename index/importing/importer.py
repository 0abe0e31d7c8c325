"""The reader of written records, which knows the kinds of a tree."""

from __future__ import annotations

from index.editing.planner import Planner
from index.editing.record import WrittenEntry
from index.editing.staged_tree import Readable
from index.importing.blank_form import blank_form
from index.importing.detect import read_records
from index.model.kind_shape import KindShape


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

        Raises:
            CannotEdit: no kind of this name.
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
