"""Names of elements as people write them."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from index.model.field_path import field_path, is_heading
from index.model.vocabulary import fold, is_item, role, vocabulary

_ACRONYMS = {
    w: w.upper() for w in ("id", "api", "url", "uri", "sql", "ui", "xml", "json", "http", "css", "adr")
}
_BY_ROLE = {"tech": "Tech", "tags": "Tags"}
_OF_CODE = re.compile(r"[A-Z]\w*[a-z][A-Z]|.*(?:::|[()])")
"""How names begin that are those of functions and types: `GetPool`, `Pool::get`, `get()`."""


@cache
def label(name: str) -> str:
    """Return the label of a field, or of the last part of a nested one.

    A label of Markdown says itself what it is called, and one entry may have several of a role.

    >>> label("use-case"), label("tech-stack"), label("options/option[2]"), label("@id"), label("On the API")
    ('Use case', 'Tech', 'Option 2', 'ID', 'On the API')
    >>> label("keywords"), label("Tags"), label("Area")
    ('Tags', 'Tags', 'Area')
    >>> label("rootCause"), label("GetPool"), label("Pool::get: never waits")
    ('Root cause', 'GetPool', 'Pool::get: never waits')
    """
    known = "" if name[:1].isupper() else _BY_ROLE.get(role(name))
    if known:
        return known
    path = field_path(name)
    text = path.last
    if not _is_written(name):
        text = " ".join(_ACRONYMS.get(word, word) for word in fold(text).split("-"))
        text = text[:1].upper() + text[1:]
    return f"{text} {path.number}" if path.number else text


def _is_written(name: str) -> bool:
    """Whether a name is shown as it is written."""
    return is_heading(name) or _OF_CODE.match(name) is not None


def label_inside(name: str) -> str:
    """Return the label of a field inside a sentence.

    >>> label_inside("tech-stack"), label_inside("Root Cause"), label_inside("Pool::get")
    ('tech', 'Root Cause', 'Pool::get')
    """
    text = path_label(name)
    return text if _is_written(name) else text.lower()


def path_label(name: str, above: int = 0) -> str:
    """Return the label of a field with those of the elements it is in, below `above` of them.

    An item that is called like its list says both.

    >>> path_label("options/option[2]/name"), path_label("step@id"), path_label("tech-stack")
    ('Option 2 · Name', 'Step · ID', 'Tech')
    >>> path_label("goals/main-goal"), path_label("options/item[2]")
    ('Main goal', 'Options · Item 2')
    """
    parts = field_path(name).parts
    parts = parts[above:] or parts[-1:]
    said = [part for part, inner in pairwise(parts) if not _says(inner, part)]
    return " · ".join(map(label, [*said, parts[-1]]))


def _says(item: str, of: str) -> bool:
    """Whether the name of an item says the name of its list."""
    name = fold(field_path(item).last)
    return is_item(name, of) and name not in vocabulary().generic


def kind_label(kind: str) -> str:
    """Return the name of a kind.

    >>> kind_label("api-pattern")
    'API pattern'
    """
    return label(kind)
