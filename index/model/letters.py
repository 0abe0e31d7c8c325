"""Texts that read the same: accents composed or decomposed, capitals or small letters."""

from __future__ import annotations

import re
import unicodedata


def composed(text: str) -> str:
    """Return a text with every accent in one character with its letter: NFC, as most systems write it.

    >>> composed("cafe\N{COMBINING ACUTE ACCENT}") == "caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Return a text as it is compared where neither capitals nor the making of accents count."""
    return composed(composed(text).casefold())


def normal(value: str) -> str:
    """Return a filter's value in the one spelling that values are compared in.

    >>> normal("Data  Lake"), normal('5" disks')
    ('data-lake', '5-disks')
    """
    return "-".join(folded(value.replace('"', " ")).split())


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|\ufffe|\uffff")
