"""What random damage has found: each file once."""

from __future__ import annotations

import pytest

from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, read_content
from index.formats.xml.writing.repair import repair_document


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("root", ["<a>&e;</a>", "<a><b>x &e;</b></a>"])
def test_both_readers_keep_an_entity_in_every_encoding(codec: str, root: str) -> None:
    data = f'<!DOCTYPE a [<!ENTITY e "x">]>{root}'.encode(codec)
    for content in (read_content(data), content_of(Document.parse(data))):
        assert "".join(map(str, content.roots[0].itertext())).endswith("&e;")


@pytest.mark.parametrize("end", ["<l", "<", "< "])
def test_a_repair_that_does_not_guess_turns_no_tag_into_text(end: str) -> None:
    document = Document.parse(f"<proto>ol-status>\n  <metadata>\n    {end}".encode())
    assert repair_document(document, guesses=False).names == document.names
