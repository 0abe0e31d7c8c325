"""Pages of entries, as the app draws them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from tui.widgets.browse.entry_page import lines
from tui.widgets.browse.page_facts import Page

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)


def entry_of(xml: str, file: str = "development-patterns/x.xml") -> Entry:
    """Return the first entry of a file."""
    return read_entries(read_content(xml.encode(), file), file)[0]


def page(xml: str, width: int = 60, **options: Any) -> list[str]:
    """Return the lines of the page of the first entry, without the margin."""
    drawn = lines(Page(entry_of(xml), NOW)._replace(**options), width)
    return [line.plain.rstrip()[2:] for line in drawn]
