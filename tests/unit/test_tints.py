"""The tints of kinds and high levels: as easy to read as the muted text beside them, on every ground."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color

from tui.theme.drawing import MARK, kind_mark, level_role, tinted
from tui.theme.themes import DARK, LIGHT, OWN_TINTS


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, by the formula of WCAG."""
    shares = Color.parse(colour).normalized
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", ["ground", "raised", "cursor"])
@pytest.mark.parametrize("tint", OWN_TINTS)
def test_tints_are_readable(palette: dict[str, str], ground: str, tint: str) -> None:
    lighter, darker = sorted((luminance(palette[tint]), luminance(palette[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_tints_are_told_apart(palette: dict[str, str]) -> None:
    tints = [Color.parse(palette[name]) for name in OWN_TINTS]
    for one, other in combinations(tints, 2):
        assert sum(abs(a - b) for a, b in zip(one.rgb, other.rgb, strict=True)) > 30


def test_a_glyph_and_its_group_have_the_same_tint() -> None:
    assert {group: tinted(glyph) for group, glyph in MARK.items()} == {
        group: kind_mark(group) for group in MARK
    }
    assert kind_mark("pending") == ("○", "decision")
    assert kind_mark("other") == ("·", "muted")
    assert tinted("▸") == ("▸", "muted")


def test_levels_from_four_on_are_warm() -> None:
    assert [level_role(level) for level in (1, 3, 4, 7)] == ["muted", "muted", "warm", "warm"]
