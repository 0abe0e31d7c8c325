"""Bytes that are no UTF-8: read by a damaged declaration that still names them, else never made up."""

from __future__ import annotations

import pytest

from index.formats.charsets import half_a_letter, is_in_another_encoding, may_be_pasted
from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.writing.editing import set_text
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair

JAPANESE = "接続プールの修正"
ROW = '<lessons><lesson id="L-1"><title>{}</title><text>d</text></lesson></lessons>\n'
TEXTS = [
    ("cp932", JAPANESE),
    ("gb18030", "连接池耗尽的问题"),
    ("big5", "連接池用盡的問題"),
    ("euc_kr", "연결 풀 문제"),
    ("cp1251", "Пул соединений"),
    ("koi8_r", "Пул соединений"),
    ("cp1253", "Η σύνδεση"),
    ("cp1255", "חיבור מסד"),
]


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" enc>oding="{}">',
        '<?xml version="1.0" encoding={}?>',
        '<?xml version="1.0" encodin="{}"?>',
        '<?xml version="1.0" "{}"?>',
        '<?xml version="1.0" encoding="{}?>',
        '<?xml version="1.0" encoding="{}',
        '<?xml version="1.0"\n  enc>oding="{}">',
        '<!-- a note -->\n<?xml version=1.0 encoding "{}">',
    ],
)
@pytest.mark.parametrize(("codec", "text"), TEXTS[:6])
def test_the_name_in_a_damaged_declaration_is_believed(declaration: str, codec: str, text: str) -> None:
    data = f"{declaration.format(codec)}\n{ROW.format(text)}".encode(codec)
    document = Document.parse(data)
    assert document.to_bytes() == data
    assert content_of(document).roots[0][0][0].text == text
    assert [problem.code for problem in document.errors] == ["declaration"]
    repaired = repair_document(document)
    assert f'encoding="{codec}"?>' in repaired.source
    assert ROW.format(text).encode(codec) in repaired.to_bytes()
    assert not repaired.errors


@pytest.mark.parametrize("name", ["cp9>32", "c<p932", "cp932?!"])
def test_a_name_that_is_damaged_itself_is_made_out(name: str) -> None:
    document = Document.parse(
        f'<?xml version="1.0" encoding="{name}"?>\n{ROW.format(JAPANESE)}'.encode("cp932")
    )
    assert document.text(2) == JAPANESE
    assert [(problem.code, problem.guesses) for problem in document.errors] == [("declaration", True)]


def test_of_two_names_neither_is_believed() -> None:
    document = Document.parse(b'<?xml version="1.0" cp932 or "big5"?><a>x</a>')
    assert document.encoding.declared == ""


@pytest.mark.parametrize(("codec", "text"), TEXTS)
@pytest.mark.parametrize(
    "declaration", ["", '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="UTF-8"?>\n']
)
def test_an_encoding_that_nothing_tells_is_not_guessed(codec: str, text: str, declaration: str) -> None:
    data = f"{declaration}{ROW.format(text)}".encode(codec)
    document = Document.parse(data, "u.xml")
    (problem,) = document.errors
    assert (problem.code, problem.guesses, problem.repairable) == ("unknown-bytes", False, False)
    assert problem.message.endswith(
        "are not UTF-8, and nothing tells their encoding: save the file as UTF-8."
    )
    for guesses in (False, True):
        with pytest.raises(CannotRepair, match="save the file as UTF-8"):
            repair_document(document, guesses=guesses)
    assert document.text(3) == "d"
    edited = set_text(document, 3, "ключ 5 €")
    assert edited.text(3) == "ключ 5 €"
    assert edited.to_bytes() == data.replace(b">d<", b">&#1082;&#1083;&#1102;&#1095; 5 &#8364;<")


@pytest.mark.parametrize(("codec", "text"), TEXTS)
def test_nor_is_that_of_markdown(codec: str, text: str) -> None:
    data = f"# {text}\n\ntext\n".encode(codec)
    file = MarkdownFile.parse(data, "a.md")
    assert [(problem.code, problem.repairable) for problem in file.errors] == [("unknown-bytes", False)]
    assert file.to_bytes() == data
    with pytest.raises(CannotRepair, match="save the file as UTF-8"):
        file.repaired()


@pytest.mark.parametrize("text", ["Größe der Fußnote", "“naïve” façade’s café…", "créée", "l’été"])
def test_letters_of_a_paste_are_proposed_as_before(text: str) -> None:
    document = Document.parse(ROW.format(text).encode("cp1252"))
    assert {problem.code for problem in document.errors} == {"wrong-byte"}
    assert repair_document(document).text(2) == text
    assert may_be_pasted(text.encode("cp1252").decode("utf-8", "surrogateescape"))


def test_letters_of_utf_8_stay_readable_beside_a_paste_that_is_not_understood() -> None:
    data = ROW.format(f"{JAPANESE} @").encode().replace(b"@", b"\x90\xda\x91\xb1")
    document = Document.parse(data)
    assert document.text(2).startswith(JAPANESE)
    assert [problem.code for problem in document.errors] == ["unknown-bytes"]
    assert not is_in_another_encoding(document.source)


@pytest.mark.parametrize("cut", [1, 2])
def test_half_a_letter_at_the_end_becomes_no_other_letter(cut: int) -> None:
    data = f'<lessons><lesson id="L-1"><title>{JAPANESE}'.encode()[:-cut]
    document = Document.parse(data)
    assert [problem.code for problem in document.errors] == [*["missing-end"] * 3, "half-letter"]
    kept = f"{JAPANESE[:-1]}\ufffd"
    assert document.text(2) == content_of(document).roots[0][0][0].text == kept
    assert repair_document(document).source.endswith(f"{kept}</title></lesson></lessons>")
    file = MarkdownFile.parse(data, "a.md")
    assert [problem.code for problem in file.errors] == ["half-letter"]
    assert file.repaired().source.endswith(kept)


def test_half_a_letter_of_a_declared_encoding() -> None:
    data = f'<?xml version="1.0" encoding="cp932"?><a><b>{JAPANESE}'.encode("cp932")[:-1]
    document = Document.parse(data)
    assert document.errors[-1].code == "half-letter"
    assert repair_document(document).to_bytes().endswith("続プールの修&#65533;</b></a>".encode("cp932"))


@pytest.mark.parametrize(
    ("data", "half"),
    [
        (b"caf\xe9", 0),
        ("é caf".encode() + b"\xe9", 1),
        (b"x\xe6\x8e", 2),
        (b"x\xf0\x9f\x98", 3),
        (b"\xe9 x\xe6\x8e", 0),
        ("é".encode(), 0),
        (b"", 0),
    ],
)
def test_the_letters_that_are_half_there(data: bytes, half: int) -> None:
    assert half_a_letter(data.decode("utf-8", "surrogateescape")) == half
