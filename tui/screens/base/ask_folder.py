"""Asks which folder of memories to open; an answer that is none is told where it was typed."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.suggester import Suggester
from textual.widgets import Input

from tui.actions import bindings, key
from tui.runtime.lanes import USUAL, Lane
from tui.screens.base.frame import Float
from tui.screens.base.picker import Bar
from tui.theme.drawing import BLANK, bar, plain, t, wrap
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.one_line import OneLine
from tui.widgets.base.paragraphs import Paragraphs

MOST = 2_000
"""Folders that are looked at for a name; in a longer list nothing is proposed."""


class Folders(Suggester):
    """Proposes the first folder whose name begins as the typed text."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        # The folder may be on a disk that does not answer: the end of the app does not wait for it.
        self._lane = Lane("folders", USUAL)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the path with its last name completed, if there is such a folder."""
        found: list[str | None] = []
        await asyncio.wrap_future(self._lane.submit(lambda: found.append(complete_folder(value))))
        return found[0]


def complete_folder(typed: str) -> str | None:
    """Return `typed` up to the end of the first folder's name that it begins, with a `/` at the end.

    Folders that begin with a dot are proposed once the dot is typed. None when there is no such folder.
    """
    folder, slash, name = typed.rpartition("/")
    try:
        with os.scandir(Path(folder + slash).expanduser() if slash else Path()) as found:
            names = [entry.name for _, entry in zip(range(MOST), found, strict=False) if entry.is_dir()]
    except (OSError, RuntimeError, ValueError):  # not there, no home of such a user, a NUL
        return None
    fitting = [one for one in sorted(names) if one.startswith(name) and (name or one[:1] != ".")]
    return f"{folder}{slash}{fitting[0]}/" if fitting else None


class FolderBox(OneLine):
    """The path as it is typed: selected at first, completed with tab."""

    BINDINGS = bindings("next")

    def __init__(self, path: str) -> None:
        super().__init__(path, id="folder", compact=True, suggester=Folders())

    def action_next(self) -> None:
        """Take the proposal; the cursor goes to its end."""
        self.action_end()
        self.action_cursor_right()


class FolderFoot(Drawn):
    """The keys below the path, or why it cannot be opened."""

    DEFAULT_CSS = "FolderFoot { height: auto; }"

    error: reactive[str] = reactive("", layout=True)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the error, if there is one, and the keys."""
        lines = wrap(plain(self.error), width - 2) if self.error else []
        rows = [t("  " if n else ("▲ ", "err"), line) for n, line in enumerate(lines)]
        keys = t(("⏎", "strong"), (" open   ", "muted"), ("tab", "strong"), (" complete", "muted"))
        return [*rows, BLANK, bar(width, keys, t((key("back"), "strong"), (" cancel", "muted")))]


class AskFolder(Float[Path]):
    """Returns the folder of a tree that can be opened; None when none was chosen."""

    CSS_PATH = "ask_folder.tcss"

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def compose(self) -> ComposeResult:
        """Yield the question, the line to type on, and the keys."""
        with Vertical(id="box"):
            yield Paragraphs(t(("Open a folder of memories", "strong")), BLANK)
            yield FolderBox(self._path)
            yield Bar()
            yield FolderFoot()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one(FolderFoot).error = ""

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        from index.model.errors import TreeError
        from index.storage.scan import open_at

        try:
            folder = Path(message.value.strip() or ".").expanduser()
            self.dismiss(open_at(folder).home)
        except (TreeError, RuntimeError, ValueError) as error:  # no home of such a user, a NUL
            self.query_one(FolderFoot).error = str(error)
