"""Bytes of a Markdown file to text and back, without losing a byte."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from index.formats.charsets import (
    BOMS,
    CUT_OFF,
    ENDS_IN_ZEROS,
    NO_TEXT,
    ONLY_ZEROS,
    UTF_32,
    is_in_another_encoding,
)
from index.formats.stand_ins import stand_in

_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\x1b"))
_SHARE = 16
"""One byte in so many that no text holds makes a file no text: a picture, an archive, a program."""


class TextEncoding(NamedTuple):
    """The way from a file's bytes to its text, and back."""

    codec: str
    bom: bytes = b""
    errors: str = "strict"
    """Not `strict` where some bytes do not fit: they stay as they are."""
    refusal: str = ""
    """The reason why the bytes are not read, one plain sentence; the text then only represents them."""

    def encode(self, text: str) -> bytes:
        """Return the file's bytes; raises `UnicodeEncodeError`."""
        return self.bom + text.encode(self.codec, self.errors)


def decode(data: bytes) -> tuple[str, TextEncoding]:
    """Return the text of a file, and how to get the bytes back; never fails."""
    if left := stand_in(data):
        return data.decode("latin-1"), TextEncoding("latin-1", refusal=left.advice)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("latin-1"), TextEncoding("latin-1", refusal=UTF_32)
    bom, codec = next(((bom, codec) for bom, codec in BOMS if data.startswith(bom)), (b"", "utf-8"))
    body = data[len(bom) :]
    zeros = data.count(0)
    if codec == "utf-8" and zeros * _SHARE > len(data) and (zeros > 1 or len(data) == 1):
        return data.decode("latin-1"), TextEncoding("latin-1", refusal=_of_zeros(data))
    for errors in ("strict", "surrogateescape" if codec == "utf-8" else "surrogatepass"):
        try:
            text = body.decode(codec, errors)
            if codec == "utf-8" and errors != "strict" and not bom and is_in_another_encoding(text):
                return body.decode("ascii", errors), TextEncoding("ascii", bom, errors)
            return text, TextEncoding(codec, bom, errors)
        except UnicodeError:
            if codec == "utf-8" and (len(body) - len(body.translate(None, _CONTROLS))) * _SHARE > len(body):
                break
    refusal = NO_TEXT if codec == "utf-8" else CUT_OFF
    return data.decode("latin-1"), TextEncoding("latin-1", refusal=refusal)


def _of_zeros(data: bytes) -> str:
    """Return the reason why bytes with many zeros among them are not read."""
    text = data.rstrip(b"\0")
    if not text:
        return ONLY_ZEROS
    return NO_TEXT if b"\0" in text else ENDS_IN_ZEROS
