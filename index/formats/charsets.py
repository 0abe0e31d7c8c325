"""The names that files give their encodings, and the codec for each that is known here."""

from __future__ import annotations

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

from index.model.counts import count_words

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NO_CHARSETS = frozenset(
    """
    base64_codec bz2_codec hex_codec quopri_codec rot_13 uu_codec zlib_codec mbcs tactis
    utf_7 utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le
    """.split()  # noqa: SIM905  # one a line would be a page
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
NO_TEXT = "The bytes of this file are not text in any known encoding; nothing in it is changed."
UTF_32 = "The file is UTF-32, and this encoding is not known here: save it as UTF-8."
ENDS_IN_ZEROS = "The file ends in zero bytes, as after a crash: put an earlier version of it back."
"""Reasons why the bytes of a file are not read."""
HALF_A_LETTER = "The file ends in the middle of a letter, as if it was cut off; repair writes \ufffd for it."
_EBCDIC = frozenset(["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"])
_MORE = frozenset(
    """
    cp720 cp737 cp856 cp874 cp1006 koi8_t koi8_u mac_croatian mac_farsi mac_romanian
    """.split()  # noqa: SIM905
)
"""Codecs of Python without another name."""
_CODECS = (frozenset(aliases.values()) | _MORE) - (_NO_CHARSETS | _EBCDIC)
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
_WRONG_BYTES = re.compile(r"[\udc80-\udcff]+")
_NO_LETTERS = "\udc81\udc8d\udc8f\udc90\udc9d"
"""Bytes without a letter in Windows-1252."""
_IN_A_ROW = 3
"""Wrong bytes side by side that hardly are letters of Western words."""
_HALF_A_LETTER = re.compile(
    r"(?:[\udcc2-\udcdf]|[\udce0-\udcef][\udc80-\udcbf]?|[\udcf0-\udcf4][\udc80-\udcbf]{0,2})\Z"
)
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


def unknown_bytes(count: int, label: str) -> str:
    """Return the sentence for bytes that are in another encoding than ``label``, which nothing tells."""
    return (
        f"From here on {count_words(count, 'byte')} are not {label}, and nothing tells their encoding: "
        "save the file as UTF-8."
    )


def may_be_pasted(text: str) -> bool:
    """Whether the bytes of a text that are no UTF-8 may be letters of Windows-1252, from a paste.

    Not one that has no letter there, nor many in a row: these are a text in another encoding, of which nobody
    knows which. The bytes are lone surrogates of ``text``, as ``surrogateescape`` makes them.
    """
    runs = _WRONG_BYTES.findall(text)
    if not runs or any(byte in run for run in runs for byte in _NO_LETTERS):
        return not runs
    return 2 * sum(len(run) for run in runs if len(run) >= _IN_A_ROW) <= sum(map(len, runs))


def is_in_another_encoding(text: str) -> bool:
    """Whether a text that was decoded as UTF-8 is one in another encoding: then only its ASCII is known."""
    if half_a_letter(text) or may_be_pasted(text):
        return False
    signs = [sign for sign in text if sign > "\x7f"]
    return 2 * sum("\udc80" <= sign <= "\udcff" for sign in signs) > len(signs)


def half_a_letter(text: str, codec: str = "utf-8") -> int:
    """Return the characters at the end of a text that are the begin of one letter; 0 for none.

    A file that was cut off ends so. The bytes are lone surrogates of ``text``; none but these may be wrong.
    """
    if not "\udc80" <= text[-1:] <= "\udcff":
        return 0
    if codec == "utf-8":
        cut = _HALF_A_LETTER.search(text, max(0, len(text) - 3))
        half = len(cut[0]) if cut else 0
    else:
        half = int(_is_multibyte(codec))
    rest = text[: len(text) - half]
    if not half or _WRONG_BYTES.search(rest) or (half == 1 and rest.isascii()):
        return 0
    return half


def _is_multibyte(codec: str) -> bool:
    try:
        return len("\u4e00".encode(codec)) > 1
    except UnicodeError:
        return False


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
