"""The look in small: the style of each role of text, and the parts that every screen draws.

A drawing function returns `Content` whose spans name a role ("muted", "lit"). `Tones` turns a role into a
style of the theme in use when the line is painted, so a drawing never knows the theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from index.model.counts import count_words
from tui.theme.line_breaks import broken, has_letters
from tui.theme.themes import OWN_TINTS

if TYPE_CHECKING:
    from textual.app import App

TONES: Final = {
    "text": "$foreground",
    "strong": "bold $foreground",
    "muted": "$foreground-muted",
    "head": "bold $foreground-muted",
    "faint": "$foreground-disabled",
    "line": "$foreground 18%",
    "accent": "$text-accent",
    "key": "bold $text-accent",
    "lit": "bold $text-accent on $accent-muted",
    "link": "underline",
    "note": "$foreground-muted",
    "warn": "$text-warning",
    "err": "$text-error",
    "warm": "$warm",
    "solution": "$kind-solution",
    "pattern": "$kind-pattern",
    "decision": "$kind-decision",
    "session": "$kind-session",
    "knowledge": "$kind-knowledge",
    "ok": "$text-success",
    "addline": "on $success-muted 50%",
    "delline": "on $error-muted 50%",
    "addword": "bold underline $text-success on $success-muted",
    "delword": "strike $text-error on $error-muted",
    "chip": "$foreground on $surface",
    "code": "on $surface",
    "em": "italic",
    "strike": "strike",
    "inline": "on $surface",
    "name": "$text-accent",
    "string": "$text-success",
    "number": "$text-warning",
    "cursor": "on $accent 14%",
    "blur": "on $foreground 6%",
    "input": "$background on $accent",
    "thumb": "$foreground-muted",
    "choice": "bold $background on $accent",
    "heat0": "$foreground-disabled",
    "heat1": "$accent 60%",
    "heat2": "$accent 80%",
    "heat3": "$accent",
}
"""Role → style, in the words of Textual's markup; a theme that lacks a variable has `OWN_TINTS` for it."""

PLAIN: Final = TONES | {
    "text": "",
    "strong": "bold",
    "muted": "dim",
    "head": "bold",
    "faint": "dim",
    "line": "ansi_bright_black",
    "accent": "ansi_cyan",
    "key": "bold ansi_cyan",
    "lit": "bold underline not dim ansi_cyan",
    "link": "underline",
    "note": "not bold not underline dim",
    "warn": "ansi_yellow",
    "err": "ansi_red",
    "warm": "ansi_yellow",
    "solution": "ansi_green",
    "pattern": "ansi_blue",
    "decision": "ansi_yellow",
    "session": "ansi_magenta",
    "knowledge": "ansi_red",
    "ok": "ansi_green",
    "addline": "",
    "delline": "",
    "addword": "bold underline ansi_green",
    "delword": "strike ansi_red",
    "chip": "",
    "code": "",
    "inline": "ansi_cyan",
    "name": "ansi_cyan",
    "string": "ansi_green",
    "number": "ansi_yellow",
    "cursor": "",
    "blur": "",
    "input": "reverse",
    "thumb": "",
    "choice": "bold reverse",
    "heat0": "dim",
    "heat1": "ansi_cyan",
    "heat2": "ansi_cyan",
    "heat3": "ansi_cyan",
}
"""The same for ansi themes: no grounds, weight instead of tone."""

GREY: Final = {"lit": "bold underline $text-accent on $accent-muted"}
"""Styles added under NO_COLOR, where a match must not be told by colour alone."""


class Tones(dict[str, Style]):
    """The styles of one app in its current theme, by role; parsed when first asked for."""

    def __init__(self, app: App[Any]) -> None:
        super().__init__()
        self.app = app
        self.theme = app.theme
        self.variables = app.theme_variables
        """Replaced by the app whenever its colours change, a moment after the name of the theme."""
        self.ansi = app.current_theme.ansi
        """Draw without grounds: chips joined by dots, code behind a bar."""
        self._table = PLAIN if self.ansi else TONES | GREY if app.no_color else TONES

    def __missing__(self, role: str) -> Style:
        style = self[role] = self.app.stylesheet.parse_style(self._in_theme(self._table.get(role, role)))
        return style

    def _in_theme(self, style: str) -> str:
        """Return a style in variables that the theme has."""
        own = style.removeprefix("$")
        return OWN_TINTS[own] if own in OWN_TINTS and own not in self.variables else style

    def strip(self, line: Content, width: int, base: Style) -> Strip:
        """Paint one line, cut or padded to `width` cells, on `base`."""
        runs: list[tuple[str, Style]] = []
        for text, style in cut(line, width).render(base, end="", parse_style=self._style):
            before, held = runs[-1] if runs else ("", style)
            if style is held or ((text.isspace() or before.isspace()) and _blank_alike(style, held)):
                runs[-1:] = [(before + text, style if before.isspace() else held)]
            else:
                runs.append((text, style))
        return Strip([Segment(text, style.rich_style) for text, style in runs], width)

    def _style(self, role: str | Style) -> Style:
        return self[role] if isinstance(role, str) else role


@lru_cache(maxsize=1 << 10)
def _blank_alike(one: Style, other: Style) -> bool:
    """Whether spaces look the same in two styles, and do the same when they are clicked."""
    lines = ("background", "underline", "underline2", "reverse", "strike", "link", "meta")
    return all(getattr(one, name) == getattr(other, name) for name in lines)


_TONES: WeakKeyDictionary[App[Any], Tones] = WeakKeyDictionary()


def tones(app: App[Any]) -> Tones:
    """Return the styles of the theme that `app` has on."""
    held = _TONES.get(app)
    if held is None or held.theme != app.theme or held.variables is not app.theme_variables:
        held = _TONES[app] = Tones(app)
    return held


# ── lines ─────────────────────────────────────────────────────────────────────

BLANK: Final = Content("")
Part = str | Content | tuple[str, str]


def t(*parts: Part) -> Content:
    """Join texts and contents; a tuple is (text, role). Text is never read as markup."""
    return Content.assemble(*parts)


def plain(text: str, role: str = "text") -> Content:
    """Return text of a file as one line: tabs and line ends become spaces."""
    return Content.styled(" ".join(text.split()), role) if text else BLANK


def cut(line: Content, width: int) -> Content:
    """Fit a line to `width` cells: `…` where it is too long, spaces where it is too short."""
    return line.truncate(max(0, width), ellipsis=True, pad=True)


def is_heading(line: Content, role: str = "head") -> bool:
    """Whether a line is nothing but headings, those in a role, with words about them perhaps.

    >>> is_heading(t("  ", ("Tags", "head"))), is_heading(t(("Tags", "head"), "  none")), is_heading(BLANK)
    (True, False, False)
    """
    rest, spans = line.plain, [span for span in line.spans if span.style in (role, "muted")]
    for start, end, _ in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return not rest.strip() and [span.style for span in spans[:1]] == [role]


def bar(width: int, left: Content, right: Content) -> Content:
    """Return one line with both ends filled and apart; the left gives way, spaces at its end first."""
    room = width - right.cell_length
    left = left.rstrip() if left.cell_length > room else left
    if left.rstrip().cell_length >= room > 1 and right.plain[:1].strip():
        return cut(left, room - 1) + t(" ") + right
    return cut(left, room) + right if room > 0 else cut(right, width)


def over(line: Content, role: str) -> Content:
    """Put a whole line on the ground of a role."""
    return line.stylize_before(role)


def inset(lines: Iterable[Content]) -> Iterator[Content]:
    """Set lines two cells in."""
    return (t("  ", line) if line.plain else BLANK for line in lines)


def hot(line: Content, run: str) -> Content:
    """Make a part of a line clickable: it runs the action with this id."""
    return line.stylize(Style.from_meta({"run": run}))


def wrap(text: str | Content, width: int, role: str = "text") -> list[Content]:
    """Break a paragraph at words; an empty one is one empty line."""
    content = Content.styled(text, role) if isinstance(text, str) else text
    if not content.plain:
        return [BLANK]
    content, width = content.expand_tabs(4), max(1, width)
    if not has_letters(content.plain):
        return [line.rstrip() for line in content.wrap(width)]
    whole = content.split("\n", allow_blank=True)
    return [line.rstrip() for one in whole for line in (broken(one, width) if one.plain else [BLANK])]


def at_most(rows: list[Content], most: int, width: int) -> list[Content]:
    """Return the first lines of a paragraph of `width` cells, with `…` at the end where there are more."""
    if len(rows) <= most:
        return rows
    return [*rows[: most - 1], t(rows[most - 1], (" …", "muted")).truncate(width, ellipsis=True)]


# ── parts ─────────────────────────────────────────────────────────────────────

MARK: Final = {
    "solution": "◆",
    "pattern": "◇",
    "decision": "●",
    "pending": "○",
    "session": "◐",
    "knowledge": "§",
    "other": "·",
}
"""Group of an entry → its glyph."""

CHANGE: Final = {
    **dict.fromkeys(("added", "new", "A"), ("+", "ok")),
    **dict.fromkeys(("edited", "changed", "M", "T"), ("±", "accent")),
    **dict.fromkeys(("removed", "deleted", "D"), ("−", "err")),
}
"""Way in which something differs, in a word or in git's letter → its sign."""

_TINT: Final = {"pending": "decision", "other": "muted"}
"""Groups whose glyph is not drawn in the role of their name."""
_END: Final = 8
"""Letters of the end of a name that is too long for its line, at most."""
HIGH: Final = 4
"""Level from which a level is drawn warm."""

WORD: Final = {group: "decision" if group == "pending" else group for group in MARK if group != "other"}
"""Group of an entry → the word in its row; the others are called by their kind."""

MEASURE: Final = 84
"""The longest line of running text, in cells."""

COLUMN: Final = 12
"""Labels of short values are in a column of this width."""


def kind_mark(group: str, role: str = "") -> tuple[str, str]:
    """Return the glyph of a group, in the tint of its kind unless another role is given."""
    return MARK[group], role or _TINT.get(group, group)


def tinted(mark: str, role: str = "") -> tuple[str, str]:
    """Return a glyph in the tint of the kind that has it, unless another role is given; others are muted."""
    group = next((group for group, glyph in MARK.items() if glyph == mark), "other")
    return mark, role or _TINT.get(group, group)


def level_role(level: int) -> str:
    """Return the role in which a level is drawn: the high ones are warm."""
    return "warm" if level >= HIGH else "muted"


def meter(level: int) -> Content:
    """Draw a level: `L3 ■■■□□□□`."""
    full = max(0, min(level, 7))
    return t((f"L{level} ", level_role(level)), ("■" * full, "text"), ("□" * (7 - full), "faint"))


def progress(done: int, total: int, width: int) -> Content:
    """Draw `━━━━───` of `width` cells, without the numbers."""
    full = min(width, done * width // total) if total > 0 else 0
    return t(("━" * full, "accent"), ("─" * (width - full), "line"))


def tally(number: int, one: str, many: str = "", *, of: int | None = None) -> Content:
    """Draw how many there are, the number strong; `of` how many in all, where that is asked for."""
    _, _, thing = count_words(number if of is None else of, one, many).partition(" ")
    return t((f"{number:,}" if of is None else f"{number:,} of {of:,}", "strong"), (f" {thing}", "muted"))


def chips(words: Iterable[Content], width: int, ansi: bool) -> list[Content]:
    """Set short values side by side: on a raised ground, or with a dot between where there is none."""
    lines: list[Content] = []
    line = BLANK
    for word in words:
        chip = word if ansi else over(t(" ", word, " "), "chip")
        gap = t((" · ", "muted")) if ansi else Content(" ")
        if not line.plain:
            line = chip
        elif line.cell_length + gap.cell_length + chip.cell_length > width:
            lines.append(line)
            line = chip
        else:
            line = line + gap + chip
    return [*lines, line]


def column(label: str, rows: Sequence[Content], width: int = COLUMN) -> list[Content]:
    """Set rows beside a label in a column of `width`."""
    first = cut(t((label, "head")), width - 1) + t(" ")
    return [(first if n == 0 else Content(" " * width)) + row for n, row in enumerate(rows)]


def bullet(rows: Sequence[Content], mark: str = "") -> list[Content]:
    """Put a dot, or the sign of a state, before the first of the rows of a list's item."""
    sign = t((f"{mark or '·'} ", {"✓": "ok", "▲": "err"}.get(mark, "muted")))
    return [(sign if n == 0 else Content(" " * sign.cell_length)) + row for n, row in enumerate(rows)]


def code_lines(line: Content, width: int, ansi: bool) -> Iterator[Content]:
    """Draw a line of code: on the raised ground, or behind a bar where there is none.

    What is too long for the ground goes on below, two cells deeper than the line starts.
    """
    text = line.plain
    deeper = Content(" " * min(len(text) - len(text.lstrip()) + 2, width // 2))
    room = max(8, width - 4)
    rest: Content | None = line
    while rest is not None:
        head, rest = (rest, None) if rest.cell_length <= room else _split(rest, room)
        yield t(("▏ ", "faint")) + head if ansi else over(cut(t("  ") + head, width), "code")
        rest = deeper + rest if rest is not None else None


def _split(line: Content, room: int) -> tuple[Content, Content]:
    """Break a line after at most `room` cells: after a space or a sign, if its last third has one.

    A tag that begins in the last half is not broken.
    """
    end = len(line[:room].fold(room)[0].plain)
    text = line.plain
    begin = len(text) - len(text.lstrip())  # the margin alone is no part to break off: it would come again
    at = max(text.rfind(sign, max(begin, end * 2 // 3), end) for sign in " ,;({[&")
    tag = text.rfind("<", max(begin + 1, end // 2), end) if ">" not in text[:end].rpartition("<")[2] else -1
    end = max(at + 1, tag) if at > 0 or tag > 0 else end
    return line[:end], line[end:]


def both_ends(name: str, room: int) -> str:
    """Cut a name in its middle, so that names which begin alike are told apart."""
    end = min(_END, room // 3)
    return name if len(name) <= room or end < 2 else f"{name[: room - end - 1]}…{name[-end:]}"


def place(path: str, at: str, width: int) -> Content:
    """Draw a file and the line in it; folders give way, the highest first, name and line never.

    >>> place("lessons/billing/api.xml", ":12", 22).plain
    '…/billing/api.xml:12'
    """
    while len(path) + len(at) > width and "/" in (rest := path.removeprefix("…/")):
        path = "…/" + rest.partition("/")[2]
    return cut(t((path, "muted")), max(0, min(Content(path).cell_length, width - len(at)))) + t((at, "text"))


def empty_state(lines: Sequence[Content], width: int, height: int, measure: int = 54) -> list[Content]:
    """Draw a narrow column a third of the way down, left aligned in itself."""
    room = min(measure, width - 4)
    left = max(2, (width - room) // 2)
    top = max(1, (height - len(lines)) // 3)
    return [BLANK] * top + [Content(" " * left) + cut(line, room) for line in lines]
