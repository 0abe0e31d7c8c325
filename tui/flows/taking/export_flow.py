"""Exporting: the marked entries, or all that are found, to a file in one of the formats."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.model.counts import count_words
from index.rendering.entry_documents import ENDINGS, FileIsThere, exported, write_document
from tui.context import opened
from tui.screens.base.frame import front
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.screens.browse.browse import Browse
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.workspace import Workspace
    from tui.context import AppContext

_TITLES: Final = {"markdown": "Markdown", "json": "JSON", "csv": "CSV", "xml": "XML"}
_ALL: Final = 1 << 30
"""As a limit of hits: all of them."""


def export(app: AppContext, marked: Sequence[Entry]) -> None:
    """Ask for a format and a file, and write the marked entries there; without any all that is found."""
    screen = front(app.screen_stack)
    if marked:
        _ask(app, marked)
    elif isinstance(screen, Browse):
        text, order = screen.search.text, app.settings.sort
        app.look_up(
            "plan", lambda workspace: _found(app, workspace, text, order), lambda all_: _ask(app, all_)
        )
    elif isinstance(screen, EntryKeys) and screen.shown_entry is not None:
        _ask(app, [screen.shown_entry])


def _found(app: AppContext, workspace: Workspace, text: str, order: str) -> list[Entry]:
    """Return all that a query finds; in a thread."""
    from index.search.language.query import parse

    query = parse(text, now=app.now())
    return [hit.entry for hit in workspace.search.find(query, limit=_ALL, sort=order, wait=False)]


def _ask(app: AppContext, entries: Sequence[Entry]) -> None:
    workspace, what = opened(app), count_words(len(entries), "entry", "entries")
    if not entries:
        app.refuse("There is nothing to export: no entry is found.")
        return

    def chosen(form: str) -> None:
        name = f"{workspace.tree.home.name}-{app.now():%Y-%m-%d}.{ENDINGS[form]}"
        near = [Item(str(app.start / name), str(app.start / name))]
        pick(app, Picker(near, "Write to which file?", "files", free="this file"), partial(named, form))

    def named(form: str, file: str) -> None:
        _write(app, entries, form, app.start / os.path.expanduser(file))  # noqa: PTH111  # see `expanded`

    items = [Item(form, title) for form, title in _TITLES.items()]
    pick(app, Picker(items, f"Export {what} as", "formats"), chosen)


def _write(app: AppContext, entries: Sequence[Entry], form: str, path: Path, *, force: bool = False) -> None:
    def write(workspace: Workspace) -> None:
        pieces = exported(entries, form, str(workspace.tree.home))
        write_document(path, pieces, workspace.tree, force=force)

    def failed(error: Exception) -> None:
        if isinstance(error, FileIsThere):
            over = Answer("o", "overwrite it", lambda: _write(app, entries, form, path, force=True))
            question = QuestionScreen(
                "The file exists already", [plain(str(path))], [Answer("c", "cancel"), over]
            )
            ask(app, question)
        else:
            app.refuse(error)

    def told(_: None) -> None:
        what = count_words(len(entries), "entry", "entries")
        app.tell(t(("✓", "ok"), f" Exported {what} to ", plain(str(path))))

    app.look_up("export", write, told, failed)
