"""Entries written as JSON: an object, or an array of objects."""

from __future__ import annotations

import json
import re
from typing import Any

from index.editing.record import Kinds, UnreadableInput, WrittenEntry, field_name, refuse_at, same_kind
from index.formats.field_values import Text
from index.model.plan import CannotEdit
from index.model.text.letters import FORBIDDEN

MAX_DEPTH = 16
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]|NaN|-?Infinity', re.DOTALL)
_COLON = re.compile(r"[ \t\r\n]*:")
_LETTER = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u([0-9a-fA-F]{4})|\\(.)|(.)", re.DOTALL)
"""A letter in a JSON string: a pair, a number, an escape, or itself."""


class _Object(dict[str, Any]):
    """An object of the text, whose keys differ."""

    def __init__(self, text: str, pairs: list[tuple[str, Any]], places: list[int]) -> None:
        super().__init__()
        self.places: dict[str, int] = {}
        """The offset of each key in the text."""
        for (key, value), place in zip(pairs, places, strict=True):
            if key in self:
                refuse_at(text, place, f"the key {key[:60]!r} is given twice in one JSON object.")
            self[key], self.places[key] = value, place


def read_json(text: str, kinds: Kinds, kind: str) -> list[WrittenEntry]:
    """Read the entries of a JSON text: a field is a text, a number or a list; an object holds inner fields.

    The JSON of `show` and `export`, with the `fields` of each entry, is read too.

    Raises UnreadableInput: it is no JSON, or a value in it is no entry.
    """
    places = iter(_check_signs(text))

    def read_object(pairs: list[tuple[str, Any]]) -> _Object:
        return _Object(text, pairs, next(places))

    try:
        value = json.loads(text, object_pairs_hook=read_object, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:]
        raise UnreadableInput(
            f"Line {error.lineno}, column {error.colno}: this is not valid JSON: {why}."
        ) from error
    held = value.get("entries") if isinstance(value, _Object) else value
    objects = held if isinstance(held, list) else [value]
    several = len(objects) > 1
    return [
        _record(text, item, f"entry {number}" if several else "the entry", kinds, kind)
        for number, item in enumerate(objects, 1)
    ]


def _record(source: str, value: Any, place: str, kinds: Kinds, kind: str) -> WrittenEntry:
    if not isinstance(value, _Object):
        raise UnreadableInput(
            f'{place.capitalize()} is not a JSON object: write its fields as {{"name": "text"}}.'
        )
    found = value.pop("kind", "")
    if not isinstance(found, str):
        raise UnreadableInput(f"{place.capitalize()} has a kind that is not text.")
    try:
        shape = kinds.shape(same_kind(kinds, kind, found, place))
        texts: dict[str, Text] = {}
        for name, text, at in _flat(value, "", place) if (held := _printed(value)) is None else held:
            known = field_name(shape, name)
            if known in texts:
                refuse_at(source, at, f"{place} gives {known} twice.")
            texts[known] = text
    except UnreadableInput:
        raise
    except CannotEdit as error:
        raise UnreadableInput(f"{place.capitalize()}: {error}") from error
    return WrittenEntry(shape.kind, texts, place=place)


def _printed(value: _Object) -> list[tuple[str, Text, int]] | None:
    """Return the fields of an entry as memarium prints it; None for one that was written otherwise."""
    fields = value.get("fields")
    if not isinstance(fields, list) or not all(isinstance(one, _Object) for one in fields):
        return None
    read = [(one.get("name"), one.get("text"), value.places["fields"]) for one in fields]
    written = all(isinstance(name, str) and isinstance(text, str) for name, text, _ in read)
    return read if written else None


def _flat(value: _Object, above: str, place: str) -> list[tuple[str, Text, int]]:
    """Return the fields of an object, those of inner objects as `outer/inner`; null is no field.

    With each comes the offset of its key.
    """
    found: list[tuple[str, Text, int]] = []
    for key, inner in value.items():
        name, at = f"{above}{key}", value.places[key]
        if isinstance(inner, _Object):
            found += _flat(inner, f"{name}/", place)
        elif isinstance(inner, list):
            found.append((name, tuple(_text(item, name, place) for item in inner if item is not None), at))
        elif inner is not None:
            found.append((name, _text(inner, name, place), at))
    return found


def _text(value: Any, name: str, place: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise UnreadableInput(f"{place.capitalize()}: a list such as {name} holds texts, nothing else.")
    return value


def _check_signs(text: str) -> list[list[int]]:
    """Refuse a value that no entry holds, and name its place; return the places of the keys of each object.

    That is a nesting deeper than any entry's, before a parser that counts on the stack reads it; numbers that
    are none; and characters that no memory can hold. The objects come in the order in which they end.
    """
    open_ones: list[list[int]] = []
    ended = []
    for sign in _SIGN.finditer(text):
        if sign[0] in "[{":
            open_ones.append([])
            if len(open_ones) > MAX_DEPTH:
                refuse_at(text, sign.start(), f"this is nested deeper than {MAX_DEPTH} levels.")
        elif sign[0] in "]}":
            keys = open_ones.pop() if open_ones else []
            if sign[0] == "}":
                ended.append(keys)
        elif sign[0][0] == '"':
            _check_letters(text, sign.start(), sign[0])
            if open_ones and _COLON.match(text, sign.end()):
                open_ones[-1].append(sign.start())
        else:
            refuse_at(text, sign.start(), f"{sign[0]} is not valid JSON: write it as a text.")
    return ended


def _check_letters(text: str, start: int, string: str) -> None:
    if "\\" not in string and not FORBIDDEN.search(string):
        return
    for letter in _LETTER.finditer(string):
        number, escape, plain = letter.groups()
        meant = (
            chr(int(number, 16)) if number else {"b": "\b", "f": "\f"}.get(escape, "") if escape else plain
        )
        if meant and FORBIDDEN.search(meant):
            why = f"U+{ord(meant):04X} is a character that no memory can hold."
            refuse_at(text, start + letter.start(), why)
