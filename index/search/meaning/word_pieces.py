"""Text cut into the word pieces that BERT models were trained on, and their numbers.

`word_pieces.txt` is the vocabulary of Google's `bert-base-uncased`, under the Apache License 2.0; the line of
a piece, from 0, is its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_MAX_WORD = 100
"""Letters of a word; a longer one is unknown."""
_START, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_HAN = re.compile(
    "([\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81f"
    "\U0002b820-\U0002ceaf\uf900-\ufaff\U0002f800-\U0002fa1f])"
)
"""Characters that are words of their own."""


def numbers(text: str, limit: int) -> list[int]:
    """Return the numbers of a text's pieces between those of start and end, at most `limit` in all."""
    known = _vocabulary()
    found = [known[_START]]
    for word in _words(text):
        found += _pieces(word)
        if len(found) >= limit:
            break
    return [*found[: limit - 1], known[_END]]


@cache
def _vocabulary() -> dict[str, int]:
    lines = Path(__file__).with_name("word_pieces.txt").read_text(encoding="utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in small letters without accents, and each of its signs."""
    clean = "".join(" " if letter.isspace() else letter for letter in text if _is_printed(letter))
    plain = unicodedata.normalize("NFD", _HAN.sub(r" \1 ", clean)).lower()
    for run in "".join(c for c in plain if unicodedata.category(c) != "Mn").split():
        word = ""
        for letter in run:
            if _is_sign(letter):
                if word:
                    yield word
                yield letter
                word = ""
            else:
                word += letter
        if word:
            yield word


@lru_cache(maxsize=1 << 14)
def _pieces(word: str) -> tuple[int, ...]:
    """Return the longest pieces that a word is made of, from its start on."""
    known = _vocabulary()
    found: list[int] = []
    start = 0
    while start < len(word) <= _MAX_WORD:
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            if (number := known.get(mark + word[start:end])) is not None:
                found.append(number)
                start = end
                break
        else:
            break
    return tuple(found) if found and start == len(word) else (known[_UNKNOWN],)


@cache
def _is_printed(letter: str) -> bool:
    if letter in "\t\n\r":
        return True
    return letter not in "\0\ufffd" and unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs")


@cache
def _is_sign(letter: str) -> bool:
    return (letter.isascii() and not letter.isalnum()) or unicodedata.category(letter).startswith("P")
