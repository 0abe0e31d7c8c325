"""The sides of a conflict about a whole entry, each as its fields."""

from __future__ import annotations

from functools import lru_cache

from tui.theme.labels import label

MOST = 50_000
"""Characters of a side that is read as an entry; a longer one is shown as it is."""


@lru_cache(maxsize=16)  # drawn again at every key
def sides_by_field(place: str, sources: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the sides of a conflict as they are read: fields, each with its label.

    They stay source where one of them reads as no entry, or where they differ in what no field tells.

    Args:
        place: id of the entry, or path of a file, which stays source.
        sources: the source of each side; None where there is none.
    """
    file, mark, _ = place.rpartition("#")
    held = [source for source in sources if source is not None]
    if not mark or max(map(len, held), default=0) > MOST:
        return sources
    told = {source: _by_field(file, source) for source in held}
    if not all(told.values()) or len({*told.values()}) < len(told):
        return sources
    return tuple(None if source is None else told[source] for source in sources)


def _by_field(file: str, source: str) -> str:
    """Return the fields of an entry, one below the other; empty where it reads as none."""
    from index.formats.registry import read_file

    entries = read_file(source.encode("utf-8", "replace"), file).entries
    return "\n".join(_field(field.name, field.text) for field in entries[0].fields) if entries else ""


def _field(name: str, text: str) -> str:
    """Return a field in one line, or as many as it has, below its label."""
    return f"{label(name)}:\n{text}" if "\n" in text else f"{label(name)}: {text}"
