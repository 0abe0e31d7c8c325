"""Damage wild files at random: nothing is lost on reading, and repairs end in a file that is well-formed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from index.editing.single import set_fields
from index.formats.field_values import WORD_LISTS
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, read_content
from index.formats.xml.entries import Content, read_entries
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.white_space import keeps_space
from index.formats.xml.xml_file import XmlFile, inner
from index.model.entry import Entry
from index.model.errors import CannotRepair
from index.model.field import Field
from index.model.field_path import field_path
from index.model.plan import CannotEdit
from index.model.text.item_lists import items_of, list_text, read_as
from index.model.text.margins import given, line_ends
from index.model.vocabulary import role
from tests.support.promises import broken_promise
from tests.support.trial import Trial

SAMPLES = Path(__file__).parents[2] / "sample_memories"
_TAG = re.compile(rb"<[^<>]*>")
_BITS = [
    *(
        b"&",
        b"<",
        b">",
        b"&amp;",
        b"&nbsp;",
        b"&#0;",
        b"&#xD800;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"--",
    ),
    *(
        b"\0",
        b"\x1b",
        b"\xff",
        b"\xc3",
        "接".encode(),
        b"\r",
        b"\r\n",
        b"\x85",
        b"\xef\xbb\xbf",
        b'"',
        b"'",
        b"=",
    ),
    *(
        b"</a>",
        b"<a>",
        b"<50>",
        b"a < b && c",
        b" x=1",
        b"</invoke>",
        b"<?",
        b"?>",
        b"<!DOCTYPE a>",
        b"```xml",
    ),
    *(
        b"\n<<<<<<< HEAD\n",
        b"\n=======\n",
        b"\n>>>>>>> x\n",
        b'<?xml version="1.0"?>',
        b"Map<string, Thread>",
    ),
]
_DECLARATIONS = [
    *(b'<?xml version="1.0" encoding="ISO-8859-1"?>', b'<?xml version="1.0" encoding="koi8-r"?>'),
    *(b'<?xml version="1.0" encoding="UTF-16"?>', b'<?xml version="1.0" encoding="us-ascii"?>'),
    *(b"<?xml version='1.0' encoding='x-foo'?>", b'<?xml version="1.0" encoding="shift_jis"?>'),
    *(b"<?xml", b"<?xml <version='1.0'?>", b'<?xml version="1.0"&amp;?>'),
    *(b"<?xml version=1.0>", b"<xml?>"),
]
_WILD = [
    b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\r\n<a>\r'
    b'\n  <b c="1 &amp; 2">x<![CDATA[<y>]]></b>\r\n</a>\r\n',
    "<?xml version='1.0' encoding='utf-16'?><a><b>接</b><c>→ &#10; é</c></a>".encode("utf-16"),
    '<?xml version="1.0" encoding="ISO-8859-1"?><a><!-- é --><b>é</b><c/></a>'.encode("latin-1"),
    '<?xml version="1.0" encoding="Shift_JIS"?><a><b>接続</b><c>x</c></a>'.encode("shift_jis"),
    b'<!DOCTYPE a [<!ENTITY e "x">]><a xmlns:p="u" p:x="1"><p:b>&e;</p:b><?pi x?></a>',
    b"// memories/x.xml\n<solution><id>1</id>\n<code>if a < b && c:"
    b"\n    pass</code></solution>\n<solution/>\n",
]


def sources() -> list[bytes]:
    return [*_WILD, *(path.read_bytes() for path in sorted(SAMPLES.rglob("*.xml")))]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to four random damages."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_DAMAGES)(data, chance)
    return data


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(_BITS) + data[at:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + data[at + chance.randint(1, 12) :]


def _twice(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    end = at + chance.randint(1, 60)
    return data[:end] + data[at:]


def _tags(data: bytes, chance: random.Random) -> bytes:
    """Swap two tags, or take one out."""
    found = list(_TAG.finditer(data))
    if len(found) < 2:
        return data
    one, other = sorted(chance.sample(found, 2), key=lambda tag: tag.start())
    new = chance.choice([other[0], b"", one[0] + other[0]])
    return data[: one.start()] + new + data[one.end() : other.start()] + one[0] + data[other.end() :]


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _declare(data: bytes, chance: random.Random) -> bytes:
    """Put another declaration, perhaps a damaged one, in front or in place of the one that is there."""
    rest = data[data.find(b"?>") + 2 :] if data.startswith(b"<?xml") and chance.random() < 0.7 else data
    return chance.choice(_DECLARATIONS) + rest


def _break_declaration(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, min(len(data), 45))
    return data[:at] + chance.choice(_BITS) + data[at + chance.randint(0, 3) :]


def _recode(data: bytes, chance: random.Random) -> bytes:
    """Write the file, or one half of it, in another encoding."""
    text = data.decode("utf-8", "replace")
    codec = chance.choice(["utf-16", "utf-16-le", "utf-16-be", "cp1251", "shift_jis", "latin-1", "utf-32"])
    at = chance.choice([0, chance.randint(0, len(text))])
    return text[:at].encode() + text[at:].encode(codec, "replace")


def _half_a_pair(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data)) // 2 * 2
    return data[:at] + chance.choice([b"\x00\xd8", b"\xd8\x00", b"\x00\xdc", b"\0"]) + data[at:]


_DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [
    *(_insert, _insert, _cut, _twice, _tags, _truncate),
    *(_declare, _break_declaration, _recode, _half_a_pair),
]


def rows(content: Content) -> list[tuple[str, str]]:
    """Return the name and text of every element, by either reader."""
    return [
        (str(node.tag), node.text or "")
        for root in content.roots
        for node in root.iter()
        if isinstance(node.tag, str)
    ]


def words(document: Document) -> list[str]:
    """Return the texts of the elements in order."""
    return ["".join(document.text(element).split()) for element in range(len(document.names))]


def test_damaged_files_are_kept_and_repaired(trial: Callable[..., Trial]) -> None:
    made, files = trial("damaged files read and repaired", short=150, long=10_000), sources()
    for number in range(made.rounds):
        data = damaged(made.random.choice(files), made.random)
        try:
            made.counts[_judge(data)] += 1
        except Exception as error:
            error.add_note(f"round {number}: {data!r}")
            raise


def _judge(data: bytes) -> str:
    """Check one file; return what it was."""
    document = Document.parse(data, "m.xml")
    assert document.to_bytes() == data
    assert document.encoding.refusal or document.encoding.encode(document.source) == data
    assert rows(read_content(data, "m.xml")) == rows(content_of(document))
    read_entries(content_of(document), "m.xml")
    if not document.errors:
        return "well-formed"
    for guesses in (False, True):
        assert not broken_promise(document, guesses=guesses)
    try:
        sure = repair_document(document, guesses=False)
        assert words(sure) == words(document)
        assert sure.names == document.names
    except CannotRepair:
        pass
    try:
        repaired = repair_document(document)
    except CannotRepair:
        return "refused"
    again = Document.parse(repaired.to_bytes(), "m.xml")
    assert not again.errors
    again.view()
    return "repaired"


_NASTY = [
    *(
        "]]>",
        "a < b && c > d",
        "&amp;",
        "&#0;",
        "→ 接 😀 é",
        "\ttab\n  line\n",
        "  ends  ",
        "<!-- x -->",
        "\"'",
    ),
    *(
        "<![CDATA[x]]>",
        "",
        "\r\nx\ry",
        "x\n\n\ny",
        "\u2028\x85\xa0",
        "- a\n- b",
        "\0",
        "\ud800",
        "\ufffe",
        "{}%",
    ),
]


def test_nasty_values_change_nothing_else(trial: Callable[..., Trial]) -> None:
    made, files = trial("nasty values set", short=60, long=3_600), sources()
    for number in range(made.rounds):
        data = made.random.choice(files)
        if made.random.random() < 0.3:
            data = damaged(data, made.random)
        text = "".join(made.random.sample(_NASTY, made.random.randint(1, 3)))
        try:
            made.counts[_set(data, text, made.random)] += 1
        except Exception as error:
            error.add_note(f"round {number}: {text!r} in {data!r}")
            raise


def _set(data: bytes, text: str, chance: random.Random) -> str:
    """Set one field; return what became of it."""
    document = Document.parse(data, "m.xml")
    entries = [entry for entry in read_entries(content_of(document), "m.xml") if entry.fields]
    if not entries:
        return "nothing to set"
    entry = chance.choice(entries)
    field = chance.choice(entry.fields)
    try:
        edited, names = set_fields(XmlFile(document), entry.id, {field.name: text})
    except CannotEdit:
        return "refused"
    if not names:
        return "equal"
    element = entry.ref + field.ref
    start, end = document.starts[element], document.ends[element]
    assert edited.source.startswith(document.source[:start])
    assert edited.source.endswith(document.source[end:])
    assert len(edited.errors) <= len(document.errors)
    kept = "@" in field.name or keeps_space(document, element)
    _reads(inner(edited), entry, field, line_ends(text) if kept else given(text))
    return "list" if field.items else "set"


def _reads(edited: Document, before: Entry, field: Field, text: str) -> None:
    """Check that a field reads as the value that was given, and all others as they did."""
    after = next(e for e in read_entries(content_of(edited), "m.xml") if e.ref == before.ref)
    if field.items:
        text = list_text(items_of(given(text), commas=role(field.name) in WORD_LISTS))
    said = [{f.name: f.text for f in entry.fields} for entry in (before, after)]
    name = read_as(said[1], field.name, text)  # a nested field without others is a list of one
    assert name
    around = [k for k in said[1] if field.path.is_inside(field_path(k))]  # it may be in a line of their text
    others = [{k: v for k, v in texts.items() if k not in (field.name, name, *around)} for texts in said]
    assert others[0] == others[1]
