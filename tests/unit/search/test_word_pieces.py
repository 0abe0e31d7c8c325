"""Word pieces, as the tokenizer that the model was trained with cuts them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.meaning import sentence_model
from index.search.meaning.sentence_model import numbers

TEXTS: tuple[tuple[str, list[int]], ...] = (
    ("Database connection pool exhaustion under load", [7809, 4434, 4770, 15575, 2104, 7170]),
    ("Größe ÉCOLE naïve İ", [24665, 2080, 17499, 12431, 15743, 1045]),
    (
        "日本語 ハス パス 한국어",
        [1864, 1876, 1950, 1718, 30233, 1718, 30233, 1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008],
    ),
    (
        "don't: C++ .NET $HOME => a_b!",
        [2123, 1005, 1056, 1024, 1039, 1009, 1009, 1012, 5658, 1002, 2188, 1027, 1028, 1037, 1035, 1038, 999],
    ),
    (
        "camelCase\tutf-8\n3.11.2",
        [19130, 18382, 21183, 2546, 1011, 1022, 1017, 1012, 2340, 1012, 1016],
    ),
    ("a\u200bb\x00c\ufffd\xad", [5925]),
    ("x" * 101 + " ok", [100, 7929]),
    ("שָׁלוֹם हिन्दी ไทย", [1266, 29799, 29792, 29800, 1339, 29877, 29863, 29861, 29878, 100]),
    ("\U0001f600 ok", [100, 7929]),
    ("", []),
)
"""Texts, and what Hugging Face's `tokenizers` makes of them."""


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_is_cut_as_the_model_knows_it(text: str, expected: list[int]) -> None:
    assert numbers(text, 512) == [101, *expected, 102]


def test_a_long_text_is_cut_short_and_ends_all_the_same() -> None:
    assert numbers("pool " * 1000, 128) == [101, *[4770] * 126, 102]


def test_signs_of_the_model_in_a_text_are_text() -> None:
    assert 102 not in numbers("[SEP] [CLS]", 512)[1:-1]


def test_the_vocabulary_is_that_of_the_model() -> None:
    data = Path(sentence_model.__file__).with_name("word_pieces.txt").read_bytes()
    assert (
        hashlib.sha256(data).hexdigest() == "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    )


@given(st.text(max_size=60), st.integers(2, 40))
def test_any_text_has_numbers(text: str, limit: int) -> None:
    found = numbers(text, limit)
    assert found[0] == 101
    assert found[-1] == 102
    assert len(found) <= limit
    assert all(0 <= number < 30_522 for number in found)
