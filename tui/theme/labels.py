"""Names of elements as people write them."""

from __future__ import annotations

import re
from functools import cache

from index.model.vocabulary import fold, role

_ACRONYMS = {
    w: w.upper() for w in ("id", "api", "url", "uri", "sql", "ui", "xml", "json", "http", "css", "adr")
}
_PLACE = re.compile(r"\[(\d+)\]$")
_BY_ROLE = {"tech": "Tech", "tags": "Tags"}


@cache
def label(name: str) -> str:
    """Return the label of a field, or of the last part of a nested one.

    >>> label("use-case"), label("tech-stack"), label("options/option[2]"), label("@id"), label("On the API")
    ('Use case', 'Tech', 'Option 2', 'ID', 'On the API')
    """
    known = _BY_ROLE.get(role(name))
    if known:
        return known
    if " " in name or name[:1].isdigit():  # a heading, as it is written
        return _PLACE.sub(r" \1", name)
    last = name.rpartition("/")[2].rpartition("@")[2] or name
    place = _PLACE.search(last)
    words = fold(_PLACE.sub("", last)).split("-")
    text = " ".join(_ACRONYMS.get(word, word) for word in words)
    return text[:1].upper() + text[1:] + (f" {place[1]}" if place else "")


def kind_label(kind: str) -> str:
    """Return the name of a kind.

    >>> kind_label("api-pattern")
    'API pattern'
    """
    return label(kind)
