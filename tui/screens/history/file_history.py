"""The history of one file: what each commit did to its entries and lines, and the way back to any version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textual.content import Content

from index.model.errors import TreeError
from tui.runtime.threads import threaded
from tui.screens.history.versions import Versions
from tui.theme.drawing import plain, t
from tui.widgets.history.file_compare import FileComparison, compare_files
from tui.widgets.history.version_list import said_of_file

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.history.file_log import FileVersion
    from index.model.plan import Plan
    from index.workspace import Workspace


class FileHistory(Versions):
    """The versions of a file, compared by entry."""

    WHAT = "file"
    SAID = staticmethod(said_of_file)

    def __init__(self, file: str) -> None:
        """Show the history of a file of the tree, also of one that is deleted."""
        super().__init__(file, file)

    def heading(self) -> Content:
        """Return what stands in the title: where there is little room, without the folders."""
        name = self._file if self.app.size.width >= 90 else self._file.rpartition("/")[2]
        return t(("History", "strong"), ("  ‹  ", "muted"), plain(name, "muted"))

    def read_rows(self, history: EntryHistory) -> Iterator[FileVersion]:
        """Yield the versions."""
        return history.file_versions(self._file)

    def compare(self, workspace: Workspace, before: Any, after: Any) -> FileComparison:
        """Compare two versions by entry."""
        history = workspace.history
        texts = [history.file_text(version, self._file) for version in (before, after)]
        return compare_files(before, after, texts[0], texts[1])

    @threaded("source")
    def _copy(self, version: FileVersion) -> None:
        from index.formats.xml.document import Document
        from index.model.errors import Refused

        workspace = self.context.workspace
        assert workspace is not None
        try:
            text = Document.parse(workspace.history.file_text(version, self._file)).source
        except (Refused, TreeError, OSError) as error:
            self.app.call_from_thread(self.tell, t(("▲ ", "err"), str(error)), stay=True)
        else:
            self.app.call_from_thread(self.copy_version, text)

    def action_copy(self) -> None:
        """Copy the version under the cursor as it was written."""
        version: FileVersion | None = self._list.current
        if version is not None and version.deleted:
            self.tell(t(("!", "warn"), " The file was deleted here: there is nothing to copy."))
        elif version is not None:
            self._copy(version)

    def action_restore(self) -> None:
        """Put the file back as it was in the version under the cursor, after a last look."""
        version, workspace = self._list.current, self.context.workspace
        if version is None or workspace is None:
            return
        history, wanted = workspace.history, version

        def make() -> Plan:
            return history.plan_restore_file(self._file, wanted)

        self.plan(make, self._file)
