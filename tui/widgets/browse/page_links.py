"""The places that the page of an entry leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from index.model.addresses import Destination, addresses

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.file_links import References
    from tui.widgets.browse.page_facts import Page

FOLLOWING = (("1", "follow the first link"), ("2 … 9", "follow the second, the third …"))
"""The keys of the links of a page, for the help."""


def linked(page: Page, references: References | None, by_id: Mapping[str, Entry]) -> list[Destination]:
    """Return the places that a page names: entries, files, URLs; and the entries that name its own.

    `references` is None while nobody has looked for them; `by_id` holds all entries that they lead to.
    """
    entry = page.entry
    found: list[Destination] = []
    for field in entry.fields:
        named = references.links(field.text) if references is not None else ()
        found += [Destination("", entry_id=target) for _, _, target in named]
        for one in addresses(field.text):
            place = page.place_of(one.target, url=one.form == "url")
            found += [place] if place is not None else []
    if references is not None:
        found += [Destination("", entry_id=one) for one in references.by.get(entry.id, ())]
    titled = [
        place._replace(name=_named(by_id[place.entry_id])) if place.entry_id in by_id else place
        for place in found
        if place.entry_id != entry.id
    ]
    return [place for place in dict.fromkeys(titled) if place.name]


def _named(entry: Entry) -> str:
    """Return the title of an entry, behind the id by which a text names it."""
    own = entry.own_id
    return entry.title if own in entry.title else f"{own} {entry.title}"
