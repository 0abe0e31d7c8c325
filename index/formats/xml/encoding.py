"""Bytes to text and back, without losing a byte.

The text decoded here encodes to the same bytes again, whatever they were: a file's declared encoding when it
is known here and gives the same bytes back, else UTF-8, else either with each wrong byte kept as a lone
surrogate. A file in none of these is not read at all: taking it for UTF-8 would invent letters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from index.formats.charsets import (
    BOMS,
    CUT_OFF,
    NO_TEXT,
    ONLY_ZEROS,
    UTF_32,
    codec_of,
    half_a_letter,
    is_foreign,
    is_in_another_encoding,
    may_be_pasted,
    meant_by,
)
from index.formats.stand_ins import stand_in

_DECLARED = re.compile(
    rb"""(?:[ \t\r\n]|<!--(?:(?!-->)[^\0])*+-->)*+<(?:\?|(?=[?! \t]*xml[^<>]*\?>)[?! \t]*)xml[ \t\r\n]"""
    rb"""[^<>]*?\bencoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]*)["']"""
)
"""The encoding that a declaration names, a damaged one, too: its end must not decide how a file is read."""
_DAMAGED = re.compile(
    rb"(?:[ \t\r\n]|<!--(?:(?!-->)[^\0])*+-->)*+<\?xml(?=[ \t\r\n?/<>\[])(.*?)(?:\?>|>[ \t\r\n]*(?:<|\Z)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""A declaration that is damaged so that the name of its encoding is not in its place."""
_STRAY = re.compile(rb"[<>?!&;]")
_NAMES = re.compile(rb"[A-Za-z][\w.-]+")
_IS_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9._\-]*")
_UTF_16 = re.compile(r"utf-?16(?:-?[lb]e)?|ucs-2|unicode|iso-10646-ucs-2", re.IGNORECASE)
_BOMS_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\0\0\0", b"\0\0\0<")
_EBCDIC = b"\x4c\x6f\xa7\x94\x93"
"""``<?xml`` in it."""
_UNMARKED = (
    (re.compile(rb"(?:[ \t\r\n]\0)*+<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[ \t\r\n])*+\0<\0[^\0]"), "utf-16-be"),
)
"""Beginnings of UTF-16 without a byte order mark."""
_MARKUP = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\][^>]*)?>|(?P<section><!\[CDATA\[.*?\]\]>)"""
    r"""|(?P<tag></?[^\x00-@\[-^`{-\x7f](?:[^<>"']|"[^"<]*"|'[^'<]*')*>)|(?P<text>[^<]+|<)""",
    re.DOTALL,
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_CONTROLS = bytes({*range(32), 0x7F} - {*b"\t\n\r", 0x7F})
_ZEROS = re.compile(rb"\0+")
_RARE = 16
"""Other bytes to a run of zeros, at least, in a text with zeros in it: else it is no text of 8-bit units."""
_SNIFFED = 400
"""Bytes searched for a declared encoding; a declaration is well under 100."""

_IS_EBCDIC = "The file is EBCDIC, and this encoding is not known here: save it as UTF-8."


@dataclass(frozen=True, slots=True)
class Encoding:
    """The way from a file's bytes to its text, and back."""

    codec: str
    bom: bytes = b""
    errors: str = "strict"
    """The codec's error handler; not ``strict`` when some bytes do not fit the encoding."""
    declared: str = ""
    """The encoding named in the XML declaration, as written, known or not."""
    refusal: str = ""
    """The reason why the bytes are not read, one plain sentence; the text then only represents them."""

    @property
    def label(self) -> str:
        """The name an XML declaration gives this encoding."""
        if _IS_LABEL.fullmatch(self.declared) and self.honest and self.codec != "utf-8":
            return self.declared
        if self.codec.startswith("utf-16"):
            return "UTF-16"
        return self.codec.upper().replace("ISO8859-", "ISO-8859-")

    @property
    def honest(self) -> bool:
        """Whether an XML parser that trusts the declaration reads the same text."""
        if not self.declared:
            return self.codec == "utf-8" or bool(self.bom) or self.codec.startswith("utf-16")
        if self.bom or self.codec.startswith("utf-16"):
            return bool(codec_of(self.declared) or _UTF_16.fullmatch(self.declared))
        return codec_of(self.declared) == codecs.lookup(self.codec).name

    @property
    def unknown(self) -> bool:
        """Whether the declared encoding is none that is known here, so that the encoding is a guess."""
        sure = not self.declared or codec_of(self.declared) or _UTF_16.fullmatch(self.declared)
        return not sure and self.codec != "iso8859-1"  # "latin-1" is no name of it, but can mean nothing else

    @property
    def unmarked(self) -> bool:
        """Whether it is UTF-16 that neither a mark nor a declaration tells."""
        return self.codec.startswith("utf-16") and not self.bom and not self.declared

    def is_untold(self, text: str) -> bool:
        """Whether bytes of ``text`` that do not fit are of another encoding, which nothing tells."""
        return self.errors == "surrogateescape" and not self.half(text) and not may_be_pasted(text)

    def half(self, text: str) -> int:
        """Return the characters at the end of ``text`` that are half a letter, where the file was cut off."""
        return half_a_letter(text, self.codec) if self.errors == "surrogateescape" else 0

    def encode(self, text: str) -> bytes:
        """The file's bytes; raises ``UnicodeEncodeError`` for a character the encoding lacks."""
        return self.bom + text.encode(self.codec, self.errors)

    def fit(self, text: str) -> str:
        """``text`` with every character that the encoding lacks written as a reference (``&#8212;``)."""
        return text.translate({ord(sign): f"&#{ord(sign)};" for sign in self.lacking(text)})

    def fit_markup(self, markup: str) -> str:
        """``markup`` with references for characters the encoding lacks, where a reference is read as one.

        A CDATA section is ended for it and begun again. In names and comments nothing helps: they stay, and
        ``encode`` raises.
        """
        return _MARKUP.sub(self._fit_part, markup) if self.lacking(markup) else markup

    def misfit(self, markup: str) -> int:
        """The offset of the first character that ``fit_markup`` cannot help (in names, comments), else -1."""
        lacking = self.lacking(markup)
        for part in _MARKUP.finditer(markup) if lacking else ():
            if part["section"] or part["text"]:
                continue
            bare = _QUOTED.sub(lambda value: " " * len(value[0]), part[0]) if part["tag"] else part[0]
            at = next((at for at, sign in enumerate(bare) if sign in lacking), -1)
            if at >= 0:
                return part.start() + at
        return -1

    def _fit_part(self, part: re.Match[str]) -> str:
        if part["section"]:
            return self.fit_section(part[0])
        if part["tag"]:
            return _QUOTED.sub(lambda value: self.fit(value[0]), part[0])
        return self.fit(part[0]) if part["text"] else part[0]

    def fit_section(self, text: str) -> str:
        """The text of a CDATA section, which is ended and begun again around each reference."""
        return text.translate({ord(sign): f"]]>&#{ord(sign)};<![CDATA[" for sign in self.lacking(text)})

    def lacking(self, text: str) -> set[str]:
        """The characters of ``text`` that the encoding has no bytes for, or bytes that mean another one."""
        if self.codec.startswith("utf") or text.isascii():
            return set()
        return {sign for sign in set(text) if sign > "\x7f" and not _holds(self.codec, sign)}


@lru_cache(maxsize=4096)
def _holds(codec: str, sign: str) -> bool:
    try:
        return sign.encode(codec).decode(codec) == sign
    except UnicodeError:
        return "\udc80" <= sign <= "\udcff"  # a byte of the file that is no character: it stays one


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of ``data`` and how to get the bytes back; never fails, for it falls back to keeping bytes."""
    bom, codec = next(((bom, codec) for bom, codec in BOMS if data.startswith(bom)), (b"", "utf-8"))
    refusal = _refusal(data, bom)
    if refusal:
        return data.decode("latin-1"), Encoding("latin-1", refusal=refusal)
    if not bom and b"\0" in data[:_SNIFFED]:
        codec = next((codec for begins, codec in _UNMARKED if begins.match(data)), codec)
    body = data[len(bom) :]
    wide = codec != "utf-8"
    declared = (
        _declared(body[: 2 * _SNIFFED].replace(b"\0", b"")) if wide else _named_encoding(body[:_SNIFFED])
    )
    for tried, errors in _candidates(codec, declared, bom):
        try:
            text = body.decode(tried, errors)
            if tried == "utf-8" and errors != "strict" and not bom and is_in_another_encoding(text):
                tried = "ascii"
                text = body.decode(tried, errors)
            if tried == "utf-8" or (text.encode(tried, errors) == body and (wide or _says(text, declared))):
                return text, Encoding(tried, bom, errors, declared)
        except UnicodeError:
            continue
    return data.decode("latin-1"), Encoding(
        "latin-1", declared=declared, refusal=CUT_OFF if wide else _unread(declared)
    )


def _refusal(data: bytes, bom: bytes) -> str:
    """Return the reason why bytes are not to be read whatever they declare, or nothing."""
    if left := stand_in(data):
        return left.advice
    if data.startswith(_EBCDIC):
        return _IS_EBCDIC
    if data.startswith(_BOMS_32):
        return UTF_32
    if b"\0" not in data or (bom and bom != codecs.BOM_UTF8):
        return ""
    zeros = data.count(0)
    if zeros == len(data):
        return ONLY_ZEROS
    if any(begins.match(data) for begins, _ in _UNMARKED):
        return ""
    runs = len(_ZEROS.findall(data))
    return NO_TEXT if runs > 1 and runs * _RARE > len(data) - zeros else ""


def _candidates(codec: str, declared: str, bom: bytes) -> list[tuple[str, str]]:
    """The codecs to try, with their error handlers; none is left where all would be a guess."""
    if codec != "utf-8":
        return [(codec, "strict"), (codec, "surrogatepass")]
    known = codec_of(declared)
    if bom or not declared or known == "utf-8" or _UTF_16.fullmatch(declared):
        return [("utf-8", "strict"), ("utf-8", "surrogateescape")]
    if known:
        # The codec's own wrong bytes come before UTF-8's: fewer of them, and what is written stays in it.
        return [(known, "strict"), ("utf-8", "strict"), (known, "surrogateescape")]
    if meant := meant_by(declared):
        return [(meant, "strict")]
    return [] if is_foreign(declared) else [("utf-8", "strict")]


def _says(text: str, declared: str) -> bool:
    """Whether text that was decoded with the declared encoding says so itself: EBCDIC does not."""
    return _named_encoding(text[:_SNIFFED].encode("utf-8", "replace")) == declared


def _unread(declared: str) -> str:
    if not declared:
        return NO_TEXT
    if codec_of(declared):
        return f"The file says it is {declared[:40]!r}, but its bytes are not; nothing in it is changed."
    return f"The file says it is {declared[:40]!r}, and this encoding is not known here: save it as UTF-8."


def lacking_words(sign: str) -> str:
    """Return the refusal of a sign that the encoding lacks, in a place that takes no reference."""
    return (
        f"The file's encoding has no character {sign!r}, and no reference can stand for it in a name or a "
        "comment: write it in another way."
    )


def has_controls(data: bytes) -> bool:
    """Whether bytes of an ASCII-compatible encoding hold control characters that XML forbids."""
    return len(data.translate(None, _CONTROLS)) != len(data)


def declared_in(data: bytes) -> str:
    """Return the encoding that the XML declaration of an ASCII-compatible text names, or nothing."""
    return _named_encoding(data[:_SNIFFED].removeprefix(codecs.BOM_UTF8))


def _declared(head: bytes) -> str:
    match = _DECLARED.match(head) if b"encoding" in head else None
    return match[1].decode("latin-1") if match else ""


def _named_encoding(head: bytes) -> str:
    """Return the encoding that a declaration names; in a damaged one, the one that it names anywhere."""
    if declared := _declared(head):
        return declared
    match = _DAMAGED.match(head)
    if match is None:
        return ""
    names = {
        codec_of(name): name
        for text in (_STRAY.sub(b"", match[1]), match[1])
        for name in (found.decode("latin-1") for found in _NAMES.findall(text))
        if codec_of(name)
    }
    return names.popitem()[1] if len(names) == 1 else ""
