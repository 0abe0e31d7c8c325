"""Bytes and text: nothing is lost, whatever the file says it is."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.xml.document import Document
from index.formats.xml.encoding import decode
from index.formats.xml.writing.editing import set_text
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair


@given(
    st.binary(max_size=64), st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
)
def test_any_bytes_come_back(data: bytes, bom: bytes) -> None:
    text, encoding = decode(bom + data)
    assert encoding.encode(text) == bom + data


@given(
    st.binary(max_size=64),
    st.sampled_from(["utf-16", "shift_jis", "big5", "koi8-r", "ascii", "hex", "x/../y"]),
)
def test_any_bytes_come_back_whatever_is_declared(data: bytes, name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?>'.encode() + data
    text, encoding = decode(data)
    assert encoding.encode(text) == data


@pytest.mark.parametrize("name", ["ISO-8859-1", "windows-1252", "latin1"])
def test_a_declared_encoding_is_honoured(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?><a>café</a>'.encode("cp1252")
    document = Document.parse(data)
    assert document.text(0) == "café"
    assert not document.problems
    edited = set_text(document, 0, "café — naïve ☃")
    assert edited.text(0) == "café — naïve ☃"
    assert edited.to_bytes().decode("cp1252").endswith("naïve &#9731;</a>")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(codec: str) -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode(codec)
    document = Document.parse(data)
    assert (document.text(0), document.problems) == ("é", ())
    edited = set_text(document, 0, "ü☃")
    assert edited.to_bytes().decode(codec) == data.decode(codec).replace("é", "ü☃")
    assert edited.encoding.bom == document.encoding.bom


def test_a_byte_order_mark_stays() -> None:
    data = codecs.BOM_UTF8 + b"<a>1</a>"
    document = Document.parse(data)
    assert document.source == "<a>1</a>"
    assert set_text(document, 0, "2").to_bytes() == codecs.BOM_UTF8 + b"<a>2</a>"


@pytest.mark.parametrize(
    ("declared", "proper"),
    [
        ("foo", "UTF-8"),
        ("us-ascii", "UTF-8"),
        ("UTF-16", "UTF-8"),
        ("latin-1", "ISO-8859-1"),
        ("hex", "UTF-8"),
    ],
)
def test_a_wrong_declaration_is_repaired_not_believed(declared: str, proper: str) -> None:
    codec = "latin-1" if proper == "ISO-8859-1" else "utf-8"
    data = f'<?xml version="1.0" encoding="{declared}"?><a>é</a>'.encode(codec)
    document = Document.parse(data)
    assert document.text(0) == "é"
    guesses = declared in {"foo", "hex"}  # what they are is not known here, so UTF-8 is a guess
    assert [(problem.code, problem.guesses) for problem in document.errors] == [("encoding", guesses)]
    assert repair_document(document).to_bytes() == data.replace(declared.encode(), proper.encode())


def test_half_a_character_of_utf_16_is_no_text() -> None:
    data = codecs.BOM_UTF16_LE + b"<\0a\0/\0>\0\n"
    document = Document.parse(data)
    assert document.to_bytes() == data
    assert document.errors
    with pytest.raises(CannotRepair):
        repair_document(document)


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, b""])
@pytest.mark.parametrize("declaration", ['<?xml version="1.0" encoding="UTF-16"?>', ""])
def test_utf_16_that_was_cut_off_is_said_to_be_so(bom: bytes, declaration: str) -> None:
    document = Document.parse(bom + f"{declaration}<a>接</a>".encode("utf-16-le")[:-1])
    assert "its last character is only half there" in document.problems[0].message
    with pytest.raises(CannotRepair, match="half there"):
        repair_document(document)
