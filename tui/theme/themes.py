"""The three themes of the house, beside the 21 that come with Textual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.color import Color
from textual.theme import Theme

DARK: Final = {
    "ground": "#13171b", "raised": "#1d2329", "float": "#1a1f25", "line": "#323a43", "faint": "#5f6b78",
    "muted": "#929daa", "text": "#dde2e8", "accent": "#74cdbd", "lit": "#1f4642", "cursor": "#213033",
    "warning": "#e2b569", "error": "#ee8f86", "success": "#a3c882",
    "warning-tint": "#3b311d", "error-tint": "#48272a", "success-tint": "#273724",
    "kind-solution": "#82ac83", "kind-pattern": "#7da5ce", "kind-decision": "#b89f6b",
    "kind-session": "#b297c7", "kind-knowledge": "#cf9195", "warm": "#e09865",
}  # fmt: skip
LIGHT: Final = {
    "ground": "#fbfaf6", "raised": "#f0eee7", "float": "#ffffff", "line": "#d8d4c8", "faint": "#8f8b80",
    "muted": "#5f656d", "text": "#23282e", "accent": "#0b6a60", "lit": "#c9e8e1", "cursor": "#d9e6e1",
    "warning": "#835600", "error": "#ad2a22", "success": "#3a6a1c",
    "warning-tint": "#f8e9c8", "error-tint": "#f9dcd7", "success-tint": "#dfeecf",
    "kind-solution": "#3f6d41", "kind-pattern": "#3a6591", "kind-decision": "#795f22",
    "kind-session": "#745789", "kind-knowledge": "#8f5056", "warm": "#914900",
}  # fmt: skip


OWN_TINTS: Final = {
    "kind-solution": "$text-success",
    "kind-pattern": "$text-secondary",
    "kind-decision": "$text-warning",
    "kind-session": "$text-primary",
    "kind-knowledge": "$text-accent",
    "warm": "$text-warning",
}
"""Variables of the themes of the house alone → the standard ones in their place in any other theme."""


def _theme(name: str, dark: bool, colour: dict[str, str]) -> Theme:
    """Spell a short palette out in every variable that Textual's own widgets read."""
    ground, raised, text, muted = colour["ground"], colour["raised"], colour["text"], colour["muted"]
    accent, lit = colour["accent"], colour["lit"]
    return Theme(
        name=name,
        dark=dark,
        luminosity_spread=0.10,
        text_alpha=1.0,
        primary=accent,
        secondary=muted,
        accent=accent,
        warning=colour["warning"],
        error=colour["error"],
        success=colour["success"],
        foreground=text,
        background=ground,
        surface=raised,
        panel=colour["float"],
        boost=raised,
        variables={
            "text": text, "text-muted": muted, "text-disabled": colour["faint"],
            "text-primary": accent, "text-secondary": muted, "text-accent": accent,
            "text-warning": colour["warning"], "text-error": colour["error"],
            "text-success": colour["success"],
            "primary-muted": lit, "secondary-muted": raised, "accent-muted": lit,
            "warning-muted": colour["warning-tint"], "error-muted": colour["error-tint"],
            "success-muted": colour["success-tint"],
            "foreground-muted": muted, "foreground-disabled": colour["faint"], "surface-active": raised,
            "block-cursor-background": colour["cursor"], "block-cursor-foreground": text,
            "block-cursor-text-style": "bold", "block-cursor-blurred-background": raised,
            "block-cursor-blurred-foreground": text, "block-cursor-blurred-text-style": "none",
            "block-hover-background": raised, "border": accent, "border-blurred": colour["line"],
            "scrollbar": colour["faint"], "scrollbar-hover": muted, "scrollbar-active": accent,
            "scrollbar-background": ground, "scrollbar-background-hover": ground,
            "scrollbar-background-active": ground, "scrollbar-corner-color": ground,
            "link-color": accent, "link-style": "underline", "link-background": "initial",
            "link-color-hover": ground, "link-background-hover": accent,
            "link-style-hover": "bold not underline",
            "footer-background": ground, "footer-foreground": muted, "footer-item-background": "transparent",
            "footer-key-foreground": text, "footer-key-background": "transparent",
            "footer-description-foreground": muted, "footer-description-background": "transparent",
            "input-cursor-background": accent, "input-cursor-foreground": ground,
            "input-cursor-text-style": "none", "input-selection-background": lit,
            "input-selection-foreground": text, "screen-selection-background": lit,
            "screen-selection-foreground": text, "button-foreground": text,
            "button-color-foreground": ground, "button-focus-text-style": "bold",
            **{name: value for name, value in colour.items() if name in OWN_TINTS},
        },
    )  # fmt: skip


_OWN: Final = "ansi_default"
SIXTEEN: Final = "memarium-16"
"""The theme of terminals with 16 colours: their own ground, weight instead of tone."""


def _sixteen() -> Theme:
    own = (
        "text-muted", "text-disabled", "block-cursor-background", "block-cursor-foreground",
        "block-cursor-blurred-background", "block-cursor-blurred-foreground", "block-hover-background",
        "scrollbar", "scrollbar-hover", "scrollbar-background", "scrollbar-background-hover",
        "scrollbar-background-active", "scrollbar-corner-color", "input-cursor-background",
        "input-cursor-foreground", "footer-background", "footer-key-foreground",
        "footer-description-foreground",
    )  # fmt: skip
    return Theme(
        name=SIXTEEN,
        ansi=True,
        dark=True,
        primary="ansi_cyan",
        secondary=_OWN,
        accent="ansi_cyan",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground=_OWN,
        background=_OWN,
        surface=_OWN,
        panel=_OWN,
        boost=_OWN,
        variables={
            **dict.fromkeys(own, _OWN),
            "ansi-background": "ansi_black", "ansi-foreground": "ansi_white",
            "border": "ansi_cyan", "border-blurred": "ansi_bright_black", "scrollbar-active": "ansi_cyan",
            "input-cursor-text-style": "reverse",
            "input-selection-background": "ansi_cyan", "input-selection-foreground": "ansi_black",
            "screen-selection-background": "ansi_cyan", "screen-selection-foreground": "ansi_black",
            "link-color": "ansi_cyan",
        },
    )  # fmt: skip


LEGIBLE: Final = 3.0
"""The least contrast of muted words to their ground."""


def legible(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of a theme, the muted one nearer to that of the text where it is too faint."""
    ground, text, muted = (
        Color.parse(colours[name]) for name in ("background", "foreground", "foreground-muted")
    )
    if contrast(muted, ground) >= LEGIBLE:
        return {**colours}
    tones = (ground.blend(muted, muted.a, 1).blend(text, step / 10) for step in range(1, 11))
    near = next((one for one in tones if contrast(one, ground) >= LEGIBLE), text)
    return {**colours, "foreground-muted": near.hex}


def contrast(one: Color, ground: Color) -> float:
    """Return the contrast of a colour to its ground, from 1 to 21, as WCAG counts it."""
    lights = sorted(_light(colour) for colour in (ground.blend(one, one.a, 1), ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


DEFAULT: Final = "memarium-dark"
THEMES: Final = (_theme(DEFAULT, True, DARK), _theme("memarium-light", False, LIGHT), _sixteen())


def choose(wanted: str, available: dict[str, Theme], *, colours: str | None, no_color: bool) -> str:
    """Return the theme to start with: the remembered one, unless this terminal cannot show it.

    `colours` is rich's name of the terminal's colour system, None when it has none. Under NO_COLOR an
    ansi theme would draw black on black.
    """
    theme = available.get(wanted)
    if no_color:
        return DEFAULT if theme is None or theme.ansi else wanted
    if colours not in ("256", "truecolor"):
        return SIXTEEN
    return DEFAULT if theme is None else wanted
