"""A memory file, and what the tests of merging do to it."""

from __future__ import annotations

import re

from index.formats.base import Choices, Merged, Sides
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.xml_format import XmlFormat
from index.model.entry import Entry

FILE = "development-patterns/debugging-solutions.xml"

BASE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- what we fixed -->
<debugging-solutions>
  <metadata>
    <last-updated>2025-10-01</last-updated>
    <version>1.2</version>
    <total-solutions>2</total-solutions>
  </metadata>
  <solutions>
    <solution id="D-1" level="2">
      <timestamp>2025-10-01T10:00:00Z</timestamp>
      <problem>The pool runs dry &amp; requests wait</problem>
      <fix>Tune the pool</fix>
      <tags><tag>postgres</tag><tag>pool</tag></tags>
      <tech-stack>PostgreSQL, Node.js</tech-stack>
    </solution>
    <solution id='D-2'>
      <problem><![CDATA[Tokens <expire> early]]></problem>
      <fix>Refresh them</fix>
      <steps>
        <step>Measure</step>
        <step>Change the clock</step>
        <step>Measure again</step>
      </steps>
    </solution>
  </solutions>
</debugging-solutions>
"""
D1, D2 = f"{FILE}#D-1", f"{FILE}#D-2"
D3 = '    <solution id="D-3">\n      <problem>Ours</problem>\n      <fix>Mine</fix>\n    </solution>\n'
D4 = '    <solution id="D-4">\n      <problem>Theirs</problem>\n      <fix>Yours</fix>\n    </solution>\n'


def merge_file(
    base: bytes | None, ours: bytes | None, theirs: bytes | None, path: str, choices: Choices | None = None
) -> Merged:
    """Merge the versions of an XML file."""
    return XmlFormat().merge(Sides(base, ours, theirs), path, choices)


def changed(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def added(entry: str, text: str = BASE) -> str:
    return changed(("  </solutions>\n", entry + "  </solutions>\n"), text=text)


def merge(ours: str, theirs: str, base: str = BASE, **choices: str) -> Merged:
    """Merge texts; a choice is `D1__fix="theirs"`."""
    places = {}
    for name, choice in choices.items():
        entry, _, field = name.partition("__")
        places[{"D1": D1, "D2": D2, "D3": f"{FILE}#D-3"}.get(entry, FILE), field.replace("_", "-")] = choice
    return merge_file(base.encode(), ours.encode(), theirs.encode(), FILE, places)


def clean(ours: str, theirs: str, base: str = BASE, **choices: str) -> str:
    merged = merge(ours, theirs, base, **choices)
    assert merged.conflicts == ()
    assert merged.data is not None
    return merged.data.decode()


def entries(data: bytes) -> list[Entry]:
    return read_entries(read_content(data, FILE), FILE)


def entry(name: str, text: str = BASE) -> str:
    found = re.search(rf" *<solution id=.{name}.*?</solution>\n", text, re.DOTALL)
    assert found
    return found[0]
