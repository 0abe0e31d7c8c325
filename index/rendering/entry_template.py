"""Entries written as a template says: `{{ id }} {{ title }}`.

A template has names and no logic, and what is put in is not looked at again: neither a template nor a
memory can run anything or take long, so no engine for templates is needed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from index.model.days import written
from index.model.field_path import short_names
from index.model.path_spelling import shown
from index.rendering.entry_markdown import entry_markdown
from index.rendering.text import entry_text

if TYPE_CHECKING:
    from index.model.entry import Entry

_PLACE = re.compile(r"\{\{\s*(?P<name>[^{}|]*?)\s*(?:\|\s*(?P<form>[^{}|]*?)\s*)?\}\}")
_ESCAPES: Final = {r"\n": "\n", r"\t": "\t", r"\\": "\\"}
_ESCAPE = re.compile(r"\\[nt\\]")

NAMES: Final[dict[str, Callable[[Entry], str]]] = {
    "id": lambda entry: shown(entry.id),  # as the commands print it, and take it
    "key": lambda entry: shown(entry.key),
    "kind": lambda entry: entry.kind,
    "title": lambda entry: entry.title,
    "file": lambda entry: shown(entry.file),
    "line": lambda entry: str(entry.line),
    "timestamp": lambda entry: entry.timestamp,
    "date": lambda entry: written(entry.when) if entry.when else "",
    "project": lambda entry: entry.project,
    "tags": lambda entry: ", ".join(entry.tags),
    "tech": lambda entry: ", ".join(entry.tech),
    "level": lambda entry: "" if entry.level is None else str(entry.level),
    "status": lambda entry: entry.status,
    "agent": lambda entry: entry.agent,
    "text": entry_text,
    "markdown": entry_markdown,
}
"""The names that every entry has, beside those of its fields."""
FORMS: Final[dict[str, Callable[[str], str]]] = {
    "line": lambda text: " ".join(text.split()),
    "json": lambda text: json.dumps(text, ensure_ascii=False),
}
"""The forms that a text can be put in: on one line, as a JSON string."""


class TemplateError(ValueError):
    """The template cannot be used; one plain sentence."""


class EntryTemplate:
    """A template whose places are filled in for one entry after the other."""

    def __init__(self, text: str) -> None:
        """Read it.

        Raises:
            TemplateError: a brace too many, or a form that there is none of.
        """
        self._parts: list[tuple[str, str, str]] = []
        """The text before a place, its name and its form; a name is empty at the end."""
        end = 0
        for place in _PLACE.finditer(text):
            self._parts.append((_plain(text[end : place.start()]), place["name"], place["form"] or ""))
            end = place.end()
        self._parts.append((_plain(text[end:]), "", ""))
        for _, name, form in self._parts[:-1]:
            if not name:
                raise TemplateError("{{ }} names nothing: write {{ title }}.")
            if form and form not in FORMS:
                raise TemplateError(f"There is no form {form} in a template: use {' or '.join(FORMS)}.")

    def check(self, fields: Collection[str]) -> None:
        """Check that each name is one of every entry or one of these fields.

        Raises:
            TemplateError: one is neither; says what it may be.
        """
        for _, name, _ in self._parts[:-1]:
            if name not in NAMES and name not in fields:
                near = get_close_matches(name, dict.fromkeys((*NAMES, *fields)), 3, 0.6)
                hint = f"did you mean {' or '.join(near)}?" if near else f"use {', '.join(NAMES)} or a field."
                raise TemplateError(f"No entry here has {name}; {hint}")

    def fill(self, entry: Entry) -> str:
        """Return the text for an entry; nothing in the place of a field that it lacks."""
        return "".join(_filled(entry, *part) for part in self._parts)


def field_names(entries: Iterable[Entry]) -> set[str]:
    """Return the names of all fields that any of these entries has, and their last parts that do for one."""
    return {name for entry in entries for name in short_names(field.name for field in entry.fields)}


def _filled(entry: Entry, before: str, name: str, form: str) -> str:
    if not name:
        return before
    known = NAMES.get(name)
    if known:
        text = known(entry)
    else:
        own = short_names(field.name for field in entry.fields).get(name)
        text = next((one.text for one in entry.fields if one.name == own), "")
    return before + (FORMS[form](text) if form else text)


def _plain(text: str) -> str:
    r"""Return text between places: `\n` and `\t` mean the same as in most languages.

    Raises:
        TemplateError: it has braces that are no place.
    """
    if "{{" in text or "}}" in text:
        raise TemplateError("A place in a template is written {{ name }}, or {{ name | form }}.")
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)
