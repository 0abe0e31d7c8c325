"""Details of one row of the status, read in a worker, and their layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from index.model.text.text_diff import DiffLine
from index.rendering.differences import file_lines
from tui.data.entry_text import as_text
from tui.theme.drawing import BLANK, plain, t
from tui.widgets.editing.diff_view import diff_rows
from tui.widgets.history.compare_rows import Heads, one_head
from tui.widgets.history.compare_view import Comparison, compare_versions, field_diffs
from tui.widgets.status.status_list import StatusRow, rows_of

if TYPE_CHECKING:
    from index.history.uncommitted import UncommittedChange, UncommittedFile
    from index.history.versions import Version
    from index.model.draft import Draft
    from index.model.entry import Entry
    from index.workspace import Workspace


class StatusDetail(NamedTuple):
    """The changes behind one row."""

    shown: Comparison | None
    """By field; None for a file in which no entry differs."""
    heads: Heads
    file: str
    """Of an entry."""
    lines: Sequence[DiffLine]
    """Of a file, line by line."""


def find(workspace: Workspace) -> list[StatusRow]:
    """Return all that is not finished.

    Raises:
        Refused: git could not read the repository.
    """
    return list(rows_of(workspace.status.drafts.left(), workspace.status.uncommitted()))


def copied(row: StatusRow) -> tuple[str, str]:
    """Return the text to copy of a row, and its name."""
    if row.draft is not None:
        typed = row.draft.fields.items()
        texts = [f"{name}:\n{one.text}\n" if name else one.text for name, one in typed]
        return "\n".join([*texts, row.draft.message]).strip() + "\n", "what was typed"
    if row.change is not None:
        return as_text(row.change.entry), "the entry"
    assert row.item is not None
    return row.item.path + "\n", "the path"


def detail_of(row: StatusRow) -> StatusDetail:
    """Compare the entry or file of a row with its last version; of a large file this takes a while."""
    if row.draft is not None:
        return StatusDetail(_typed(row.draft), Heads(BLANK, plain(row.title, "strong")), "", ())
    item, change = row.item, row.change
    assert item is not None
    if change is None:
        words = "No entry changed: only the layout, or what is around the entries."
        heads = Heads(BLANK, plain(item.path, "strong"), words)
        return StatusDetail(None, heads, "", file_lines(item.before, item.after, item.path))
    return StatusDetail(_compared(item, change), _heads(change), item.path, ())


def _heads(change: UncommittedChange) -> Heads:
    before = t(("committed", "strong"), ("  the last commit", "muted"))
    after = t(("±", "strong"), ("  on disk, not committed", "muted"))
    note = {"added": "It is in no commit yet.", "deleted": "Deleted on disk. This is how it last was."}
    return Heads(before, after, note.get(change.how, ""))


def _version(item: UncommittedFile, entry: Entry | None, markup: str) -> Version:
    from index.history.versions import Version

    return Version(None, None, "", "", (), item.path, "", entry, markup)


def _compared(item: UncommittedFile, change: UncommittedChange) -> Comparison:
    before = _version(item, change.before, change.old_markup) if change.before is not None else None
    return compare_versions(before, _version(item, change.after, change.new_markup))


def _typed(draft: Draft) -> Comparison:
    """Compare the typed text with the file's text then."""
    from index.history.versions import Version
    from index.model.field import Field, FieldChange
    from tui.data.typed_draft import written

    changes = [
        FieldChange(name or "source", typed.base, written(Field(name, typed.base, typed.items), typed.text))
        for name, typed in draft.fields.items()
    ]
    if draft.message:
        changes.append(FieldChange("commit message", None, draft.message))
    nothing = Version(None, None, "", "", (), "", "", None)
    return Comparison(None, nothing, field_diffs(changes), (), ())


def layout(detail: StatusDetail, width: int, *, beside: bool, source: bool) -> Iterable[Content]:
    """Lay it out for a pane of `width` cells; side by side where `beside`."""
    if detail.shown is not None:
        yield from detail.shown.rows(detail.heads, width, beside=beside, source=source)
        return
    yield from one_head(detail.heads, width)
    yield from diff_rows(detail.lines, width)
