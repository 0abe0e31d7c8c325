"""An entry told from its new fields alone is the entry that its whole file gives."""

from __future__ import annotations

import pytest

from index.commands.demo import sample_tree
from index.formats.entry_making import reworded
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.editing import set_text
from index.model.entry import Entry
from index.model.errors import EditRefused

TREE = sample_tree()
FILES = sorted(path.relative_to(TREE).as_posix() for path in TREE.rglob("*.xml") if path.is_file())
TEXTS = ("2025-01-02T03:04:05Z", "new, words; here", "", "A longer text\n  of two lines")


def entries(document: Document, file: str) -> dict[int, Entry]:
    return {entry.ref: entry for entry in read_entries(content_of(document), file)}


def edits(document: Document, entry: Entry) -> list[Document]:
    """The file with each leaf of an entry set to each of the texts."""
    made = []
    for element in range(entry.ref + 1, document.last[entry.ref] + 1):
        for text in TEXTS:
            try:
                made.append(set_text(document, element, text))
            except EditRefused:
                continue
    return made


@pytest.mark.parametrize("file", FILES)
def test_what_the_fields_tell_is_what_the_file_tells(file: str) -> None:
    document = Document.parse((TREE / file).read_bytes(), file)
    for element, entry in list(entries(document, file).items())[:3]:
        for edited in edits(document, entry):
            after = entries(edited, file).get(element)
            told = reworded(entry, document.names[element], after.fields) if after else None
            assert told is None or told == after


def entry_of(text: str) -> Entry:
    (entry,) = entries(Document.parse(text.encode()), "a.xml").values()
    return entry


def test_most_edits_need_no_file() -> None:
    one = entry_of('<notes><note id="n-1"><title>A</title><tags>x, y</tags><level>2</level></note></notes>')
    two = entry_of('<notes><note id="n-1"><title>B</title><tags>z</tags><status>done</status></note></notes>')
    assert reworded(one, "note", two.fields) == two


@pytest.mark.parametrize(
    "text",
    [
        '<notes><note id="n-2"><title>A</title><tags>x</tags></note></notes>',
        "<notes><note><title>A</title><tags>x</tags></note></notes>",
        '<notes><note id="n-1"><title>A</title></note></notes>',
        '<notes><note id="n-1"><title>A</title><tags>x</tags><project>p</project></note></notes>',
        '<notes><note id="n-1"><title>A</title><tags>x</tags><date>2025-01-01</date></note></notes>',
    ],
)
def test_what_the_file_decides_is_not_guessed(text: str) -> None:
    one = entry_of('<notes><note id="n-1"><title>A</title><tags>x</tags></note></notes>')
    assert reworded(one, "note", entry_of(text).fields) is None
