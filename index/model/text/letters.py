"""Texts that read the same: accents, capitals, wide and narrow letters, the points of Hebrew and Arabic."""

from __future__ import annotations

import re
import unicodedata

# Marks that change how a letter sounds and not which word it is in: accents of Latin, Greek and Cyrillic (й
# and ў are letters of their own), points of Hebrew, Arabic. Those of kana and of scripts of India stay, but
# for the point of sounds from Persian, which many leave out: क़लम is कलम.
_POINTS = re.compile(
    "(?<![\u0438\u0443])\u0306|(?<=[\u0915-\u0917\u091c\u092b\u0a16\u0a17\u0a1c\u0a2b])[\u093c\u0a3c]|[\u0300-\u0305\u0307-\u036f\u0483-\u0489"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufb1e\ufe20-\ufe2f]"
)
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_ALIKE = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n",
        "ı": "i", "ȷ": "j", "ſ": "s", "ƒ": "f", "ɨ": "i", "ʼ": "'", "’": "'", "‘": "'",
        "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0671": "\u0627", "\u0629": "\u0647",
    }
)  # fmt: skip
"""Letters that no decomposition has, as those without them are typed: Łukasz, smørrebrød, œuvre; Arabic and
Persian forms of one letter."""
_USUAL = str.maketrans({"\u02bb": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-"})
"""Apostrophes that Unicode has among the letters, as in Ukrainian, and hyphens where no line may break."""
_KEPT = "™℠"
"""Signs that are no letters, though Unicode would spell them out: foo™ is not footm."""


def composed(text: str) -> str:
    """Return a text with every accent in one character with its letter: NFC, as most systems write it.

    >>> composed("cafe\N{COMBINING ACUTE ACCENT}") == "caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def forms(name: str) -> tuple[str, ...]:
    """Return a name, and as systems may keep it: its accents in one character with their letters, or apart.

    >>> len(forms("caf\N{LATIN SMALL LETTER E WITH ACUTE}")), forms("cafe")
    (2, ('cafe',))
    """
    return tuple(dict.fromkeys([name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))]))


def folded(text: str) -> str:
    """Return a text as it is compared where neither capitals nor the making of accents count."""
    return composed(composed(text).casefold())


def in_usual_form(text: str) -> str:
    """Return a text with each character in its usual form: wide, narrow, ligature or sign for a word (㎏).

    What is not seen is left out: soft hyphens, joiners, variants of a picture.
    """
    text = _IGNORED.sub("", text)
    if any(sign in text for sign in _KEPT):
        usual = "".join(c if c in _KEPT else unicodedata.normalize("NFKC", c) for c in text)
    else:
        usual = unicodedata.normalize("NFKC", text)
    return usual.translate(_USUAL)


def bare(text: str) -> str:
    """Return a text as it is searched for: no capitals, no accents, no points, letters in their usual form.

    >>> bare("Kovač"), bare("Łódź"), bare("Straße"), bare("ＡＰＩ")
    ('kovac', 'lodz', 'strasse', 'api')
    """
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFD", in_usual_form(in_usual_form(text).casefold()))
    letters = _POINTS.sub("", letters).translate(_ALIKE)
    if not letters.isascii():
        letters = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in letters)
    return unicodedata.normalize("NFC", letters) or text


def normal(value: str) -> str:
    """Return a filter's value in the one spelling that values are compared in.

    >>> normal("Data  Lake"), normal('5" disks'), normal("Überblick")
    ('data-lake', '5-disks', 'uberblick')
    """
    return "-".join(bare(value.replace('"', " ")).split())


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|\ufffe|\uffff")
