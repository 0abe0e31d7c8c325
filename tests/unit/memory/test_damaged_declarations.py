"""A damaged XML declaration takes nothing of the file with it, and what is not understood in it is kept."""

from __future__ import annotations

import pytest
from lxml import etree

from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.repair import repair_document

BODY = (
    '<lessons><lesson id="L-1"><title>One</title><?pi x?></lesson>'
    '<lesson id="L-2"><title>Two</title></lesson></lessons>'
)
PLAIN = '<?xml version="1.0" encoding="UTF-8"?>'
SURE = [
    *(
        "<?xml version=1.0?>",
        "<?xml version='1.0' encoding=UTF-8 ?>",
        '<?xml encoding="UTF-8" version="1.0"?>',
    ),
    *(
        "<?xml?>",
        '<?xml version="1.0"encoding="UTF-8"?>',
        '<?XML version="1.0"?>',
    ),
]
CUT = [
    *(
        '<?xml version="1.0">',
        '<?xml version="1.0"/>',
        '<?xml version="1.0"? >',
        '<?xml version="1.0"',
        "<?xml",
        "<?xml>",
    ),
    *('<?xml version="1.0" encoding="UTF-8">\n', '<?xml\n  version="1.0">\n'),
]
JUNK = [
    *(
        '<?xml <version="1.0"?>',
        '<?xml version="1.0"&amp;?>',
        '<?xml [version="1.0"]?>',
        '<?xml version="1.0" words -- kept?>',
    ),
    *(
        '<?xml version="1.0" encoding="UTF<a>"?>',
        "<?xml v?>",
        '<?xml version="2.0"?>',
        '<?xml version="1.0" note="&"?>',
    ),
    *('<?xml version="1.0" \x01?>', '<!-- c -->\n<?xml version="1.0" note="x"?>\n'),
]


def titles(data: bytes) -> list[str]:
    return [entry.title for entry in read_entries(read_content(data), "l.xml")]


@pytest.mark.parametrize("declaration", SURE)
def test_what_is_understood_is_written_plainly(declaration: str) -> None:
    document = Document.parse(f"{declaration}{BODY}".encode())
    assert [(problem.code, problem.guesses) for problem in document.errors] == [("declaration", False)]
    assert repair_document(document, guesses=False).source == PLAIN + BODY


@pytest.mark.parametrize("declaration", CUT)
def test_one_that_does_not_end_ends_where_the_file_begins(declaration: str) -> None:
    data = f"{declaration}{BODY}".encode()
    document = Document.parse(data)
    assert document.to_bytes() == data
    assert titles(data) == ["One", "Two"]
    assert [(problem.code, problem.guesses) for problem in document.errors] == [("declaration", True)]
    rest = BODY if not declaration.endswith("\n") else "\n" + BODY
    assert repair_document(document).source == PLAIN + rest
    assert repair_document(document, guesses=False) is document


@pytest.mark.parametrize("declaration", JUNK)
def test_what_is_not_understood_stays_as_a_comment(declaration: str) -> None:
    data = f"{declaration}{BODY}".encode()
    document = Document.parse(data)
    assert titles(data) == ["One", "Two"]
    assert all(problem.guesses for problem in document.errors if problem.code == "declaration")
    repaired = repair_document(document)
    etree.fromstring(repaired.to_bytes())
    assert repaired.source.startswith(PLAIN + "<!-- xml")
    assert repair_document(repaired) is repaired
    assert titles(repaired.to_bytes()) == ["One", "Two"]
    for word in ("words", "kept", "note", "<a>", "2.0"):
        assert word not in declaration or word in repaired.source


@pytest.mark.parametrize("damaged", [*CUT, "<?xml <version='1.0'?>"])
def test_a_second_one_takes_nothing_with_it_either(damaged: str) -> None:
    inner = BODY.replace('<lesson id="L-2">', f'{damaged}<lesson id="L-2">')
    assert "Two" in " ".join(titles(inner.encode()))
    behind = f"<log><a>1</a><b>2</b></log>\n{damaged}<log><a>3</a><b>4</b></log><?pi x?>"
    assert Document.parse(behind.encode()).names == ["log", "a", "b", "log", "a", "b"]


def test_the_encoding_that_a_damaged_one_names_is_believed() -> None:
    source = f'<?xml version="1.0" encoding="ISO-8859-1">{BODY}'.replace("One", "Één")
    document = Document.parse(source.encode("latin-1"))
    assert titles(document.to_bytes()) == ["Één", "Two"]
    repaired = repair_document(document)
    assert repaired.to_bytes() == source.replace('">', '"?>', 1).encode("latin-1")


def test_a_text_that_only_looks_like_one_stays_text() -> None:
    data = "<lesson id='L-1'><title>One</title><text>write &lt;?xml or <?xml first</text></lesson>"
    document = Document.parse(data.encode())
    assert document.text(document.names.index("text")) == "write <?xml or <?xml first"
