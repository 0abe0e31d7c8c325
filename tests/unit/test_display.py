"""Text on its way to a screen."""

from __future__ import annotations

import pytest

from index.model.display import shorten, whole
from index.model.errors import clean_words
from index.rendering.json_encoder import to_json
from index.rendering.text import safe
from index.search.language.highlight import one_line
from tui.theme.sanitize import CONTROLS, copyable

STEERING = [
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\x9b",
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202e",
    "\u2066",
    "\u2069",
]


@pytest.mark.parametrize("sign", STEERING)
def test_every_way_to_a_screen_takes_the_same_signs_for_dangerous(sign: str) -> None:
    text = f"one{sign} two"
    shown = (safe(text), to_json(text), one_line(text), CONTROLS.sub("", text), copyable(text))
    assert [way for way in shown if sign in way] == []
    assert clean_words(text.encode()) in ("one two", "onetwo", "onewo")


@pytest.mark.parametrize("text", ["a\u200db", "é", "🏳️\u200d🌈", "a\tb", "نص"])
def test_what_a_text_is_made_of_stays(text: str) -> None:
    assert safe(text) == copyable(text) == text
    assert one_line(text) == text.replace("\t", " ")


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [("one", 3, "one"), ("one two", 5, "one…"), ("", 3, ""), ("語語語語", 3, "語語…")],
)
def test_a_long_text_is_shortened(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


def test_stray_bytes_are_no_text() -> None:
    assert whole("a\udce9b\ud800") == "a\ufffdb\ufffd"
