"""Damage in front of the root, at random: the repair is the one that is promised, and it loses nothing."""

from __future__ import annotations

import random

import pytest

from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair
from tests.support.promises import broken_promise

BODY = '<lessons>\n<lesson id="L-1"><title>One é</title></lesson>\n</lessons>\n'
PLAIN = '<?xml version="1.0" encoding="UTF-8"?>'
_PARTS = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='ISO-8859-1' standalone='yes'?>",
    "<!DOCTYPE lessons>",
    '<!DOCTYPE lessons [<!ENTITY e "x">]>',
    '<!DOCTYPE lessons SYSTEM "a.dtd">',
    '<?xml-stylesheet type="text/xsl" href="a.xsl"?>',
    "<!-- a note -->",
    "<!-- → b > c -->",
]
_BETWEEN = ["", "\n", "\r\n", "\n\n", " "]
_MARKS = "?>\"'<-[]!"
_BITS = [
    *_MARKS,
    "\ufeff",
    "--",
    "&",
    "\n",
    "\n\n",
    " ",
    "?>",
    "<?",
    "=",
    "x",
    "-->",
    "<!--",
    "<?xml ?>",
    "\x01",
]
_CODECS = [*["utf-8"] * 6, "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]


def prologue(chance: random.Random) -> str:
    """Return one to three parts of a prologue, in their order or not."""
    parts = chance.sample(_PARTS, chance.randint(1, 3))
    if chance.random() < 0.7:
        parts.sort(key=lambda part: not part.startswith("<?xml "))
    in_front = chance.choice(_BETWEEN) if chance.random() < 0.2 else ""
    return in_front + "".join(part + chance.choice(_BETWEEN) for part in parts)


def damaged(text: str, chance: random.Random) -> str:
    """Return a text with a sign too many, too few, or another one."""
    at = chance.randint(0, len(text))
    marks = [place for place, sign in enumerate(text) if sign in _MARKS] or [at]
    mark = chance.choice(marks)
    ways: list[str] = [
        text[:at] + chance.choice(_BITS) + text[at:],
        text[:at] + text[at + chance.choice([1, 1, 2, 5]) :],
        text[:at] + chance.choice(_BITS) + text[at + 1 :],
        text[: mark + 1] + text[mark:],
        text[:mark] + text[mark + 1 :],
    ]
    return chance.choice(ways)


@pytest.mark.parametrize("guesses", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_a_repair_does_what_is_promised(seed: int, *, guesses: bool) -> None:
    chance = random.Random(seed)
    for _ in range(200):
        text = prologue(chance)
        for _ in range(chance.randint(1, 2)):
            text = damaged(text, chance)
        data = (text + BODY).encode(chance.choice(_CODECS), "replace")
        document = Document.parse(data)
        assert document.to_bytes() == data
        assert not broken_promise(document, guesses=guesses), repr(data)


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" enc>oding="utf-8">',
        '<?xml version="1.0" "utf-8">',
        '<?xml version="1.0" encoding="utf-8"">',
        '<?xml version="1.0" encoding="utf-8',
        '<?xml version="1.0" enc<oding="utf-8"?>',
        "<?xml version='1.0' <?encoding='utf-8'?>",
        '<?xml version="1.0"\n  enc>oding="utf-8">',
        '<?xml version="1.0" encoding="utf-8"??>',
        '<?xml version="1.0" encoding="u?tf-8" note?>',
    ],
)
def test_a_declaration_with_signs_in_it_becomes_a_comment(declaration: str) -> None:
    document = Document.parse(f"{declaration}\n{BODY}".encode())
    assert [problem.message for problem in document.errors] == [
        "The XML declaration is malformed; repair writes a plain one, and this as a comment."
    ]
    inside = declaration.removeprefix("<?").removesuffix(">").removesuffix("?")
    assert repair_document(document).source == f"{PLAIN}<!-- {inside} -->\n{BODY}"


@pytest.mark.parametrize("opening", ["<xml", "<!xml", "<? xml", "<??xml", "< xml"])
def test_a_misspelt_declaration_is_one(opening: str) -> None:
    data = f'{opening} version="1.0" encoding="ISO-8859-1"?>\n{BODY}'.encode("latin-1")
    document = Document.parse(data)
    assert [problem.message for problem in document.errors] == [
        "The XML declaration is malformed; repair writes a plain one."
    ]
    repaired = repair_document(document)
    assert repaired.to_bytes() == f'<?xml version="1.0" encoding="ISO-8859-1"?>\n{BODY}'.encode("latin-1")
    assert [entry.title for entry in read_entries(read_content(repaired.to_bytes()), "l.xml")] == ["One é"]


def test_a_root_called_xml_is_a_root() -> None:
    assert not Document.parse(b'<xml encoding="ISO-8859-1">\xc3\xa9</xml>').problems
    assert Document.parse(b'<xml encoding="ISO-8859-1">\xc3\xa9</xml>').text(0) == "é"


@pytest.mark.parametrize("codec", ["iso-8859-1", "shift_jis", "koi8-r"])
def test_a_declaration_behind_a_comment_is_believed_and_moved_as_it_is(codec: str) -> None:
    word = {"iso-8859-1": "é", "shift_jis": "接続", "koi8-r": "слово"}[codec]
    declaration = f'<?xml version="1.0" encoding="{codec}" standalone="yes"?>'
    document = Document.parse(f"<!-- {word} -->\n{declaration}\n<a>{word}</a>".encode(codec))
    assert document.text(0) == word
    assert [problem.message for problem in document.errors] == [
        "The XML declaration must be the first thing in the file; repair moves it there."
    ]
    assert repair_document(document).to_bytes() == (
        f"{declaration}\n<!-- {word} -->\n<a>{word}</a>".encode(codec)
    )


def test_one_that_names_another_encoding_says_the_right_one_in_front() -> None:
    document = Document.parse(f'<!-- → -->\n<?xml version="1.0" encoding="ascii"?>\n{BODY}'.encode())
    assert "where it says that it is UTF-8" in document.errors[0].message
    assert repair_document(document).source == f"{PLAIN}\n<!-- → -->\n{BODY}"


@pytest.mark.parametrize("front", ["\ufeff", "\n\ufeff", " \ufeff\n"])
def test_a_second_byte_order_mark_goes(front: str) -> None:
    document = Document.parse(f"\ufeff{front}{PLAIN}\n{BODY}".encode())
    assert "This byte order mark is not the first thing in the file; repair removes it." in {
        problem.message for problem in document.errors
    }
    assert all(problem.guesses for problem in document.errors if problem.code == "mark")
    assert repair_document(document).to_bytes() == f"\ufeff{PLAIN}\n{BODY}".encode()


def test_one_between_two_files_that_were_joined_goes_too() -> None:
    document = Document.parse(f"<a>1</a>\n\ufeff{PLAIN}\n<a>2</a>".encode())
    assert repair_document(document).source == "<a>1</a>\n<a>2</a>"


@pytest.mark.parametrize("left", ["```", "</invoke>\n", "\ufeff</a>"])
def test_a_file_of_what_a_tool_left_promises_no_repair(left: str) -> None:
    document = Document.parse(left.encode())
    assert [problem.repairable for problem in document.errors] == [False]
    assert document.view().tag == "fragment"
    with pytest.raises(CannotRepair, match="earlier version"):
        repair_document(document)


def test_a_word_behind_a_fence_stays_whatever_its_letters() -> None:
    document = Document.parse(b"<a>1</a>```xml\xe9")
    assert repair_document(document).source == "<memory>\n<a>1</a>```xmlé\n</memory>\n"
