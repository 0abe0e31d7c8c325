"""The names that files give their encodings, and the codec for each that is known here."""

from __future__ import annotations

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

_NO_CHARSETS = frozenset(
    [
        "base64_codec",
        "bz2_codec",
        "hex_codec",
        "quopri_codec",
        "rot_13",
        "uu_codec",
        "zlib_codec",
        "mbcs",
        "tactis",
        "utf_7",
        "utf_16",
        "utf_16_be",
        "utf_16_le",
        "utf_32",
        "utf_32_be",
        "utf_32_le",
    ]
)
"""Codecs of Python that are no encoding of a file, or one that its byte order mark must tell."""
CUT_OFF = (
    "The file is UTF-16, and its last character is only half there, as if it was cut off: nothing in it is "
    "changed; put an earlier version back."
)
ONLY_ZEROS = (
    "The file holds only zeros, as after a crash or a full disk: put an earlier version back "
    "(memarium restore FILE COMMIT, or the file's history in the app)."
)
ENDS_IN_ZEROS = "The file ends in zero bytes, as after a crash: put an earlier version of it back."
"""Reasons why the bytes of a file are not read."""
_EBCDIC = frozenset(["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"])
_CODECS = (
    frozenset(aliases.values())
    | frozenset(
        [
            "cp720",
            "cp737",
            "cp856",
            "cp874",
            "cp1006",
            "koi8_t",
            "koi8_u",
            "mac_croatian",
            "mac_farsi",
            "mac_romanian",
        ]
    )
) - (_NO_CHARSETS | _EBCDIC)
_SPELLINGS = {
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8",
    "iso_8859_6_i": "iso8859_6",
    "ks_c_5601_1989": "euc_kr",
    "ms_kanji": "cp932",
    "windows_31j": "cp932",
    "cswindows31j": "cp932",
    "macintosh": "mac_roman",
    "utf8": "utf_8",
    "utf_8n": "utf_8",
}
"""Names that XML parsers and editors know and Python does not."""
_WRONG = {"latin_1": "iso8859_1", "ansi": "cp1252"}
"""Names seen in files that are no encoding's to an XML parser, and the encodings meant."""
_NUMBERED = re.compile(r"(?:x_)?(?:windows|ibm|cp|dos|ms|csibm|cp_ibm)_?0*(\d{3,5})")
_FOREIGN = re.compile(
    r"utf_?(?:7|32|1|ebcdic)|ucs_?4|iso_10646|iso_?2022|hz|scsu|bocu|ebcdic|ibm_?0?(?:37|1[01]\d\d|2\d\d|4\d\d|500)"
    r"|cp_?0?(?:37|2\d\d|4\d\d|500|875|1026|1140)|cp_?65000|unicode_1_1_utf_7|csunicode11utf7|imap"
)
"""Encodings in which bytes below 128 need not be ASCII."""


@lru_cache(maxsize=256)
def codec_of(name: str) -> str:
    """Return the codec for the encoding that a file calls ``name``; nothing for one not known here.

    ``codecs.lookup`` imports modules by name, so it is asked for nothing but the names in the lists above.

    >>> codec_of("windows-31j"), codec_of("IBM850"), codec_of("x-sjis"), codec_of("hex"), codec_of("latin-1")
    ('cp932', 'cp850', 'shift_jis', '', '')
    """
    plain = normalize_encoding(name.strip().lower()).lower() if name.isascii() else ""
    if not plain or plain in _WRONG:
        return ""
    numbered = _NUMBERED.fullmatch(plain)
    shorter = plain.removeprefix("x_")
    for spelled in (
        *(plain, plain.replace("_", ""), shorter, shorter.replace("_", "")),
        *([f"cp{numbered[1]}"] if numbered else []),
    ):
        found = _SPELLINGS.get(spelled) or aliases.get(spelled, spelled)
        if found in _CODECS:
            return codecs.lookup(found).name
    return ""


def letter_of(byte: int) -> str:
    """Return the letter that a byte which is no UTF-8 most often is: that of Windows-1252, pasted."""
    return bytes([byte]).decode("cp1252", "replace")


def meant_by(name: str) -> str:
    """Return the codec that a wrong name is taken for (``ansi``), or nothing."""
    plain = _WRONG.get(normalize_encoding(name.strip().lower()), "") if name.isascii() else ""
    return codecs.lookup(plain).name if plain else ""


def is_foreign(name: str) -> bool:
    """Whether even the ASCII letters of a file that says it is ``name`` may mean something else."""
    plain = normalize_encoding(name.strip().lower()) if name.isascii() else name
    return _FOREIGN.match(plain.removeprefix("x_")) is not None
