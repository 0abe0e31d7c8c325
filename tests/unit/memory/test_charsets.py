"""Encodings by whatever name: read as declared, or not read at all; never taken for another one."""

from __future__ import annotations

import codecs

import pytest
from lxml import etree

from index.editing.single import set_fields
from index.formats.xml.document import Document
from index.formats.xml.elements import is_broken, read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.editing import set_text
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.structure import insert_element
from index.formats.xml.xml_file import XmlFile, inner
from index.model.errors import CannotRepair, EditRefused

JAPANESE = "接続プール"
ROW = '<lessons><lesson id="J-1"><title>{}</title><description>d</description></lesson></lessons>'


def declared(name: str, text: str, codec: str, quote: str = '"') -> bytes:
    head = f"<?xml version='1.0' encoding={quote}{name}{quote}?>\n"
    return (head + ROW.format(text)).encode(codec)


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [
        ("windows-31j", "cp932", JAPANESE),
        ("Windows-31J", "cp932", JAPANESE + "①"),
        ("cp932", "cp932", JAPANESE),
        ("MS932", "cp932", JAPANESE),
        ("x-sjis", "shift_jis", JAPANESE),
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
        ("ISO-2022-KR", "iso2022_kr", "연결"),
        ("ibm850", "cp850", "Größe"),
        ("IBM-850", "cp850", "Größe"),
        ("cp437", "cp437", "Größe"),
        ("windows-874", "cp874", "การเชื่อมต่อ"),
        ("TIS-620", "tis_620", "การเชื่อมต่อ"),
        ("Big5-HKSCS", "big5hkscs", "連接池"),
        ("x-mac-cyrillic", "mac_cyrillic", "пул"),
        ("hz-gb-2312", "hz", "连接池"),
        ("csISOLatin2", "iso8859_2", "połączenie"),
        ("ISO_8859-15", "iso8859_15", "5 €"),
        ("utf8", "utf-8", JAPANESE),
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_known_encoding_is_read_and_written_as_declared(
    name: str, codec: str, text: str, quote: str
) -> None:
    data = declared(name, text, codec, quote)
    document = Document.parse(data, "j.xml")
    assert not document.problems
    assert document.text(2) == text
    (entry,) = read_entries(read_content(data), "j.xml")
    assert entry.title == text
    changed, _ = set_fields(XmlFile(document), entry.id, {"description": f"{text} ⌘"})
    edited = inner(changed)
    after = edited.to_bytes()
    assert not edited.problems
    assert after.decode(codec).endswith(
        ROW[26:].format(text).replace(">d<", f">{edited.encoding.fit(text)} &#8984;<")
        if codec != "utf-8"
        else ROW[26:].format(text).replace(">d<", f">{text} ⌘<")
    )
    assert after[: data.index(b"<description>")] == data[: data.index(b"<description>")]
    assert edited.text(3) == f"{text} ⌘"


@pytest.mark.parametrize(
    ("name", "bytes_"),
    [
        ("viscii", ROW.format("k\xd5t").encode("latin-1")),
        ("x-foo", ROW.format("caf\xe9").encode("latin-1")),
        ("utf-7", ROW.format("caf+AOk-").encode()),
        ("iso-2022-cn", ROW.format("\x1b$)A\x0eAB\x0f").encode()),
        ("UTF-32", ROW.format("x").encode()),
        ("cp037", ROW.format("x").encode()),
        ("scsu", ROW.format("x").encode()),
    ],
)
def test_an_encoding_that_is_not_known_is_one_line_and_nothing_is_changed(name: str, bytes_: bytes) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?>'.encode() + bytes_
    document = Document.parse(data)
    (problem,) = document.problems
    assert "not known here" in problem.message
    assert name in problem.message
    assert document.readonly
    assert not problem.repairable
    for guesses in (True, False):
        with pytest.raises(CannotRepair, match="not known here"):
            repair_document(document, guesses=guesses)
    with pytest.raises(EditRefused, match="not known here"):
        insert_element(document, -1, 0, "<a/>")
    assert read_content(data).problems == document.problems
    assert document.to_bytes() == data


def test_what_reads_as_utf8_under_a_name_nobody_knows_is_read_but_not_edited() -> None:
    data = declared("x-foo", "café", "utf-8")
    document = Document.parse(data)
    assert document.text(2) == "café"
    assert [(p.code, p.guesses) for p in document.errors] == [("encoding", True)]
    with pytest.raises(EditRefused, match="not known here"):
        set_text(document, 3, "→")
    assert repair_document(document, guesses=False).to_bytes() == data


def test_one_wrong_byte_of_a_known_encoding_is_a_guess_and_the_rest_is_read() -> None:
    data = declared("Shift_JIS", JAPANESE, "shift_jis").replace(b">d<", b">d\xff<")
    document = Document.parse(data)
    assert document.text(2) == JAPANESE
    assert [(p.code, p.guesses) for p in document.errors] == [("wrong-byte", True)]
    assert repair_document(document, guesses=False).to_bytes() == data
    edited = set_text(document, 2, JAPANESE + "→☃")
    assert edited.to_bytes() == data.replace(
        JAPANESE.encode("shift_jis"), (JAPANESE + "→").encode("shift_jis") + b"&#9731;"
    )


def test_a_character_whose_bytes_mean_another_one_is_a_reference() -> None:
    document = Document.parse(declared("shift_jis", "x", "shift_jis"))
    edited = set_text(document, 2, "5 ¥ ‾")
    assert edited.text(2) == "5 ¥ ‾"
    assert b"&#165;" in edited.to_bytes()


@pytest.mark.parametrize("data", [b"<a>caf\xe9</a>", b"<a>\x1b[0m</a>", b"<a>\xef\xbf\xbf</a>"])
def test_what_makes_letters_up_is_a_guess(data: bytes) -> None:
    document = Document.parse(data)
    assert all(problem.guesses for problem in document.errors)
    assert document.errors
    assert repair_document(document, guesses=False).to_bytes() == data
    assert not repair_document(document).errors


# ── zeros, and wide characters without a mark ─────────────────────────────────


@pytest.mark.parametrize("size", [1, 300, 4_000, 100_000])
def test_only_zeros(size: int) -> None:
    document = Document.parse(bytes(size))
    (problem,) = document.problems
    assert "only zeros" in problem.message
    for guesses in (True, False):
        with pytest.raises(CannotRepair, match="only zeros"):
            repair_document(document, guesses=guesses)


@pytest.mark.parametrize("row", ["{}\0\0\0", "\0\0{}", "{}" + "\0" * 5_000])
def test_zeros_in_a_file_are_one_problem_a_run_and_never_repaired(row: str) -> None:
    data = row.format(ROW.format("one")).encode()
    document = Document.parse(data)
    assert len(read_entries(read_content(data), "z.xml")) == 1
    assert [p.code for p in document.errors].count("zeros") == 1
    assert is_broken(data)
    for guesses in (True, False):
        with pytest.raises(CannotRepair, match="zero bytes"):
            repair_document(document, guesses=guesses)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("lead", ["", "\n "])
def test_utf_16_without_a_mark_is_read_but_never_repaired(codec: str, lead: str) -> None:
    data = (lead + ROW.format(JAPANESE)).encode(codec)
    document = Document.parse(data)
    assert document.text(2) == JAPANESE
    assert [p.code for p in document.errors] == ["unmarked"]
    with pytest.raises(CannotRepair, match="byte order mark"):
        repair_document(document, guesses=False)
    assert set_text(document, 3, "é").to_bytes() == data.replace("d</d".encode(codec), "é</d".encode(codec))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(data)


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be", "cp500"])
@pytest.mark.parametrize("mark", [True, False])
def test_wide_or_foreign_bytes_are_refused(codec: str, mark: bool) -> None:
    boms = {"utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}
    head = "<?xml version='1.0'?>" if codec == "cp500" else ""
    data = (boms.get(codec, b"") if mark else b"") + (head + ROW.format("t")).encode(codec)
    document = Document.parse(data)
    (problem,) = document.problems
    assert "not known here" in problem.message
    assert read_content(data).problems == document.problems
    with pytest.raises(CannotRepair):
        repair_document(document)


def test_half_a_utf_16_file_without_a_mark_is_refused() -> None:
    data = ROW.format("one").encode("utf-16-le")[:-1]
    document = Document.parse(data)
    assert document.readonly
    with pytest.raises(CannotRepair, match="half there"):
        repair_document(document, guesses=False)
