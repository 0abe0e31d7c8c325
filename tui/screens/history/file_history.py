"""The history of one file: the changes by each commit, and the way back to any version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from tui.requests import OpenFileHistory
from tui.screens.history.versions import Versions
from tui.theme.drawing import BLANK, t
from tui.widgets.history.file_compare import FileComparison, compare_files
from tui.widgets.history.version_list import said_of_file

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.history.file_log import FileVersion
    from index.workspace import Workspace


class FileHistory(Versions):
    """The versions of a file, compared by entry."""

    WHAT = "file"
    SAID = staticmethod(said_of_file)

    def __init__(self, file: str) -> None:
        """Show the history of a file of the tree, also of one that is deleted."""
        super().__init__(file, file)

    @property
    def opener(self) -> OpenFileHistory:
        """The request that opens it again."""
        return OpenFileHistory(self._file)

    def write_title(self, note: Content = BLANK) -> None:
        """Name the file; where there is little room, without its folders."""
        self.set_title(t(("History", "strong"), ("  ‹  ", "muted")), note, " ".join(self._file.split()))

    def versions(self, history: EntryHistory) -> Iterator[FileVersion]:
        """Yield the versions."""
        return history.file_versions(self._file)

    def compare(self, workspace: Workspace, before: Any, after: Any) -> FileComparison:
        """Compare two versions by entry."""
        history = workspace.history
        texts = [history.file_text(version, self._file) for version in (before, after)]
        return compare_files(before, after, texts[0], texts[1])

    def action_copy(self) -> None:
        """Copy the version under the cursor as it was written."""
        version: FileVersion | None = self._list.current
        if version is not None and version.deleted:
            self.warn("The file was deleted here: there is nothing to copy.")
        elif version is not None:
            self.look_up("source", partial(self._text, version), self.copy_version)

    def _text(self, version: FileVersion, workspace: Workspace) -> str:
        from index.formats.registry import text_of

        return text_of(workspace.history.file_text(version, self._file), self._file)

    def action_restore(self) -> None:
        """Put the file back as it was in the version under the cursor, after a last look."""
        version: FileVersion | None = self._list.current
        if version is not None:
            self.propose(partial(self.workspace.history.plan_restore_file, self._file, version), self._file)
