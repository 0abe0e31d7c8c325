"""The sample tree, read."""

from __future__ import annotations

import re

from index.commands.demo import sample_tree
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.model.entry import Entry

TREE = sample_tree()


FILES = sorted(p.relative_to(TREE).as_posix() for p in TREE.rglob("*.xml"))


REFERENCE = re.compile(
    r"\b(?:DEBUG|API|SEC|TEST|TPL|ARC|TD|LES|AUD|DEC|UNC|SPEC|EFF|HO|PKG|QG|COM|APR)-[A-Z]?\d+\b"
)


def entries_of(data: bytes, file: str) -> list[Entry]:
    return read_entries(content_of(Document.parse(data, file)), file)
