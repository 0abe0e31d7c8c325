"""Copying entries: as text at once, then in another form if that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from index.model.counts import count_words
from index.model.display import shorten, unfenced
from tui.data.entry_text import as_text, markup_of
from tui.requests import CopyEntries
from tui.screens.base.copy_menu import CopyMenu
from tui.screens.base.frame import front
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.base.question import Answer, ask
from tui.theme.labels import path_label
from tui.widgets.browse.page_facts import code_mark

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.workspace import Workspace
    from tui.context import AppContext

_SHOWN = 40
"""Characters of a field or a block of code that say which one it is."""


def copy_entries(app: AppContext, wanted: CopyEntries) -> None:
    """Copy entries in the form that is shown, and offer the other forms; first the part that is in view."""
    entries = [one for one, _ in wanted.entries]
    screen, several = front(app.screen_stack), len(entries) > 1
    what = count_words(len(entries), "entry", "entries") if several else "the entry"
    screen.copy_text(wanted.shown or "\n".join(map(as_text, entries)), what, told=True)
    fields, code = _fields(entries), [] if several else _code(entries[0])
    field = next((part for part in fields if part.field == wanted.field), None)
    seen = (part for part in code if wanted.code and part.is_block(wanted.field, wanted.code))
    block = next(seen, None)
    proposed = "this code block" if block is not None else f"this field: {field.name}" if field else ""
    view = block or field

    def as_source() -> None:
        app.look_up("copy", lambda workspace: _source(workspace, wanted), _copier(app, f"{what} as source"))

    def in_form(form: str) -> None:
        words = {"text": what, "markdown": f"{what} as Markdown"}
        _copier(app, words.get(form) or _named(form, entries))(_in_form(entries, form))

    forms = [
        *([Answer("enter", proposed, partial(_pick, app, [view], "parts"))] if view else []),
        Answer("t", "text", partial(in_form, "text")),
        Answer("m", "Markdown", partial(in_form, "markdown")),
        Answer("f", "one field", partial(_pick, app, fields, "fields", field)),
        *([Answer("c", "code block", partial(_pick, app, code, "blocks of code", block))] if code else []),
        Answer("i", "id", partial(in_form, "id")),
        Answer("p", "path:line", partial(in_form, "place")),
        Answer("x", "source", as_source),
    ]
    ask(app, CopyMenu(what, forms))


def _copier(app: AppContext, what: str) -> Callable[[str], object]:
    return lambda text: front(app.screen_stack).copy_text(text, what)


def _named(form: str, entries: Sequence[Entry]) -> str:
    """Return the words that tell of a copied id or place: of a single one which."""
    first, *more = entries
    if form == "id":
        return "the ids" if more else f"the id {first.key}"
    return "the places" if more else f"the place {PurePath(first.file).name}:{first.line}"


def _in_form(entries: Sequence[Entry], form: str) -> str:
    if form == "text":
        return "\n".join(map(as_text, entries))
    if form == "markdown":
        from index.rendering.entry_markdown import entry_markdown

        return "\n\n".join(map(entry_markdown, entries)) + "\n"
    if form == "id":
        return "\n".join(entry.id for entry in entries)
    return "\n".join(f"{entry.file}:{entry.line}" for entry in entries)


def _source(workspace: Workspace, wanted: CopyEntries) -> str:
    """Return the source of the entries as their files have them, or had; in a thread."""
    return "\n".join(
        markup_of(workspace, entry) if gone is None else workspace.history.source_of_deleted(gone)
        for entry, gone in wanted.entries
    )


class _Part(NamedTuple):
    """A part of entries that can be copied alone."""

    name: str
    """Its name in the list to choose from."""
    note: str
    text: str
    field: str
    """Name of its field."""

    def is_block(self, field: str, code: int) -> bool:
        """Whether it is the block of code of this mark in a field."""
        return self.field == field and code_mark(self.text) == code


def _code(entry: Entry) -> list[_Part]:
    from index.rendering.entry_markdown import code_blocks

    return [_Part(_start(text), path_label(name), text, name) for name, text in code_blocks(entry)]


def _fields(entries: Sequence[Entry]) -> list[_Part]:
    """Return the fields; that of several entries is all its texts, an empty line between."""
    texts: dict[str, list[str]] = {}
    for entry in entries:
        for field in entry.fields:
            if field.text:
                texts.setdefault(field.name, []).append(field.text)
    return [_Part(path_label(name), _start(held[0]), "\n\n".join(held), name) for name, held in texts.items()]


def _start(text: str) -> str:
    return shorten(" ".join(unfenced(text).split()), _SHOWN)


def _pick(app: AppContext, parts: Sequence[_Part], things: str, likeliest: _Part | None = None) -> None:
    """Copy one of several parts, or ask which, the likeliest first."""
    parts = sorted(parts, key=lambda part: part is not likeliest)

    def chosen(place: str) -> None:
        part = parts[int(place)]
        _copier(app, part.name)(part.text)

    if len(parts) == 1:
        chosen("0")
    else:
        items = [Item(str(n), part.name, note=part.note) for n, part in enumerate(parts)]
        pick(app, Picker(items, f"Copy which of the {things}?", things), chosen)
