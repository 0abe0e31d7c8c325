"""Bytes to text and back, without losing a byte.

The text decoded here encodes to the same bytes again, whatever they were: a file's declared encoding when it
is one of those known here, else UTF-8, else UTF-8 with each wrong byte kept as a lone surrogate.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_DECLARED = re.compile(
    rb"""[ \t\r\n]*<\?xml[ \t\r\n][^<>]*?\bencoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]*)["'][^<>]*\?>"""
)
_KNOWN = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-(?:[1-9]|1[0134-6])|latin1|windows-125[0-8]|cp125[0-8]"
    r"|shift_jis|euc-jp|euc-kr|gbk|gb2312|gb18030|big5|koi8-[ru]",
    re.IGNORECASE,
)
_ALIASES = {"latin-1": "iso-8859-1", "latin_1": "iso-8859-1", "ansi": "windows-1252"}
"""Names seen in files that are no encoding's to an XML parser, and what they mean."""
_UTF_16 = re.compile(r"utf-?16(?:-?[lb]e)?|ucs-2", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROLS = bytes({*range(32), 0x7F} - {*b"\t\n\r", 0x7F})
_SNIFFED = 400
"""Bytes searched for a declared encoding; a declaration is well under 100."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes became text, and become bytes again."""

    codec: str
    bom: bytes = b""
    errors: str = "strict"
    """The codec's error handler; not ``strict`` when some bytes do not fit the encoding."""
    declared: str = ""
    """The encoding named in the XML declaration, as written, known or not."""

    @property
    def label(self) -> str:
        """The name an XML declaration gives this encoding."""
        return "UTF-16" if self.codec.startswith("utf-16") else self.codec.upper()

    @property
    def honest(self) -> bool:
        """Whether an XML parser that trusts the declaration reads the same text."""
        if not self.declared:
            return self.codec == "utf-8" or bool(self.bom) or self.codec.startswith("utf-16")
        if self.bom or self.codec.startswith("utf-16"):
            return _is_known(self.declared) or bool(_UTF_16.fullmatch(self.declared))
        return _is_known(self.declared) and _same(self.declared, self.codec)

    def encode(self, text: str) -> bytes:
        """The file's bytes; raises ``UnicodeEncodeError`` for a character the encoding lacks."""
        return self.bom + text.encode(self.codec, self.errors)

    def fit(self, text: str) -> str:
        """``text`` with every character that the encoding lacks written as a reference (``&#8212;``)."""
        if self.codec.startswith("utf"):
            return text
        return text.encode(self.codec, "xmlcharrefreplace").decode(self.codec)


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of ``data`` and how to get the bytes back; never fails, for it falls back to keeping bytes."""
    bom, codec = next(((bom, codec) for bom, codec in _BOMS if data.startswith(bom)), (b"", "utf-8"))
    if data.startswith(b"<\0?\0"):
        codec = "utf-16-le"
    elif data.startswith(b"\0<\0?"):
        codec = "utf-16-be"
    body = data[len(bom) :]
    if codec != "utf-8":
        declared = _declared(body[: 2 * _SNIFFED].replace(b"\0", b""))
        candidates = [(codec, "strict"), (codec, "surrogatepass")]
    else:
        declared = _declared(body[:_SNIFFED])
        candidates = [("utf-8", "strict"), ("utf-8", "surrogateescape")]
        # The file's word is looked up only when known: codecs.lookup imports modules by name.
        name = _ALIASES.get(declared.lower(), declared.lower())
        if not bom and _is_known(name) and not _same(name, "utf-8"):
            candidates.insert(0, (name, "strict"))
    for codec, errors in candidates:
        try:
            text = body.decode(codec, errors)
            if codec == "utf-8" or text.encode(codec, errors) == body:
                return text, Encoding(codec, bom, errors, declared)
        except UnicodeError:
            continue
    return data.decode("latin-1"), Encoding("latin-1", declared=declared)


def has_controls(data: bytes) -> bool:
    """Whether bytes of an ASCII-compatible encoding hold control characters that XML forbids."""
    return len(data.translate(None, _CONTROLS)) != len(data)


def _declared(head: bytes) -> str:
    match = _DECLARED.match(head) if b"encoding" in head else None
    return match[1].decode("latin-1") if match else ""


def _is_known(name: str) -> bool:
    return bool(_KNOWN.fullmatch(name))


def _same(name: str, codec: str) -> bool:
    return codecs.lookup(name).name == codecs.lookup(codec).name
