"""One conflict of a merge: ours, the text before, theirs, and a text written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from index.model.text.text_diff import DiffLine, diff_lines
from index.rendering.differences import sides_by_field
from tui.theme.drawing import BLANK, MEASURE, cut, over, plain, t, wrap
from tui.theme.labels import label
from tui.widgets.base.lines import ItemPage
from tui.widgets.editing.diff_view import fold

if TYPE_CHECKING:
    from index.model.merge_outcomes import MergeConflict

OURS, BASE, THEIRS, HAND = "ours", "base", "theirs", "hand"
SIDES: Final = (OURS, BASE, THEIRS)
NAMES: Final = {OURS: "ours", BASE: "base", THEIRS: "theirs", HAND: "by hand"}
ABREAST: Final = 106
"""Cells from which the three sides are beside each other."""
_LISTED = 6
"""Conflicts that are listed at a time."""
_NAME = 4
"""Cells that the name of an author keeps beside the day."""
_GAP = 3
"""Cells between two of them."""
_WHOLE = 1 << 30
"""Equal lines around a change that are shown: all."""
_LONG = 4_000
"""Characters of a side whose changed words are lit; a longer one, a whole file, is shown as it is."""
_MOST = 200
"""Rows of such a side that are shown."""


class Picture(NamedTuple):
    """One conflict as the page draws it."""

    conflict: MergeConflict
    title: str
    """Title of the entry."""
    field: str
    """Label of the field; empty for the whole entry or file."""
    at: str
    """The side under the cursor."""
    chosen: str
    """The side that was chosen; empty while none is."""
    hand: str | None
    """Text written by hand; None when none was."""
    by: Mapping[str, tuple[str, Sequence[str]]] = {}
    """Side → who changed it last; and when, in fewer and fewer words."""
    others: Sequence[tuple[str, str, bool]] = ()
    """All conflicts, this one too, where there are several: title, field, and whether it is settled."""
    place: int = 0
    """Number of this conflict among them, from 0."""
    lit: bool = True
    """Whether the page has the focus."""

    @property
    def accent(self) -> str:
        """The role of the marks at the side, and at the conflict, under the cursor."""
        return "accent" if self.lit else "muted"

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides there are, in order."""
        return SIDES if self.hand is None else (*SIDES, HAND)

    def text(self, side: str) -> str | None:
        """Return the text of a side; None where there is none."""
        conflict = self.conflict
        texts = {OURS: conflict.ours, BASE: conflict.base, THEIRS: conflict.theirs, HAND: self.hand}
        return texts[side]

    def shown(self, side: str) -> str | None:
        """Return the text of a side as it is read: of a whole entry, its fields."""
        conflict = self.conflict
        if conflict.field or side == HAND:
            return self.text(side)
        told = sides_by_field(conflict.entry, (conflict.ours, conflict.base, conflict.theirs), label)
        return told[SIDES.index(side)]


class ConflictPage(ItemPage):
    """A page of three sides; a click goes to one, a second one takes it."""

    HELP_TITLE = "Keys: conflicts"
    HELP_EXAMPLES = (
        *((str(number), f"use {side}") for number, side in enumerate(SIDES, 1)),
        ("4", "use what you wrote by hand"),
    )

    class Picked(Message):
        """A side was clicked; twice: it is taken."""

        def __init__(self, side: str, *, taken: bool) -> None:
            super().__init__()
            self.side, self.taken = side, taken

    class Went(Message):
        """Another conflict of the list was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(id="conflict")
        self._places: list[tuple[int, int, int, str]] = []
        """Of each side: first and last line, first column, name."""

    def draw_conflict(self, picture: Picture, *, keep: bool = False) -> None:
        """Show a conflict; `keep` stays at the line in view."""
        self.show(lambda width: self._lay_out(picture, width), keep=keep)

    def _lay_out(self, picture: Picture, width: int) -> Iterable[Content]:
        lines: list[Content] = [*_list(picture, width), *_heading(picture, width)]
        self._places = []
        if width >= ABREAST:
            column = (width - 4 - 2 * _GAP) // 3
            cells = [_side(picture, side, column) for side in SIDES]
            for number, side in enumerate(SIDES):
                last = len(lines) + max(map(len, cells)) - 1
                self._places.append((len(lines), last, 2 + number * (column + _GAP), side))
            for row in zip_longest(*cells, fillvalue=BLANK):
                padded = [cut(cell, column) for cell in row]
                lines.append(t("  ", padded[0], " " * _GAP, padded[1], " " * _GAP, padded[2]))
            below: Sequence[str] = picture.sides[3:]
        else:
            below = picture.sides
        for side in below:
            if lines[-1].plain.strip():
                lines.append(BLANK)
            rows = _side(picture, side, min(width - 4, MEASURE + 2))
            self._places.append((len(lines), len(lines) + len(rows) - 1, 0, side))
            lines += [t("  ", row) for row in rows]
        return lines

    def lines_of(self, side: str) -> tuple[int, int]:
        """Return the first and the last line of a side."""
        self.ensure(_WHOLE)
        return next(((first, last) for first, last, _, name in self._places if name == side), (0, 0))

    async def on_click(self, event: events.Click) -> None:
        """Go to the side under the mouse; a second click takes it."""
        number = event.style.meta.get("conflict")
        if number is not None:
            event.stop()
            self.post_message(self.Went(int(number)))
            return
        line = self.top + event.y
        found = [place for place in self._places if place[0] <= line <= place[1] and place[2] <= event.x]
        if found:
            event.stop()
            self.post_message(self.Picked(found[-1][3], taken=event.chain == 2))


def _list(picture: Picture, width: int) -> Iterator[Content]:
    """Draw the conflicts around this one as a list; a click goes to one."""
    first = max(0, min(picture.place - _LISTED // 2, len(picture.others) - _LISTED))
    for number, (title, field, settled) in [*enumerate(picture.others)][first : first + _LISTED]:
        here = number == picture.place
        mark = t(("▌ ", picture.accent)) if here else t("  ")
        sign = t(("✓ ", "ok")) if settled else t(("○ ", "muted"))
        role = "strong" if here else "text" if not settled else "muted"
        of_field = (
            t((" · ", role), plain(field, role)).truncate(width // 2, ellipsis=True) if field else BLANK
        )
        room = min(width - 2, MEASURE) - of_field.cell_length
        line = t(mark, sign, plain(title, role)).truncate(max(0, room), ellipsis=True) + of_field
        yield line.stylize(Style.from_meta({"conflict": number}))
    if picture.others:
        yield BLANK


def _heading(picture: Picture, width: int) -> Iterator[Content]:
    what = picture.field or "Entire entry"
    room = min(width - 6, MEASURE)
    yield t("    ", (what, "key" if picture.lit else "strong"))
    if width >= ABREAST or not picture.others:  # the list above names it too, and the sides are to be in view
        yield t("    ", cut(plain(picture.title, "muted"), room))
    yield BLANK


def _side(picture: Picture, side: str, width: int) -> list[Content]:
    """Draw one side in `width` cells: its name, a line, its text with the words lit that it changed."""
    at, chosen = side == picture.at, side == picture.chosen
    number = picture.sides.index(side) + 1
    lit = "key" if picture.lit else "strong"
    name = t((f"{number}  {NAMES[side]}", lit if at else "strong" if chosen else "head"))
    mark = t(("▌ ", picture.accent)) if at else t("  ")
    taken = t(("  ✓ taken", "ok")) if chosen else BLANK
    head = t(mark, name, taken, "  ")
    by = _told(*picture.by[side], width - head.cell_length) if side in picture.by else BLANK
    rows = [cut(head + by, width), t(("━" * width, picture.accent) if at else ("─" * width, "line"))]
    text, base = picture.shown(side), picture.shown(BASE)
    if text is None:
        rows.append(t("  ", (_absent(picture, side), "muted")))
    elif not text:
        rows.append(t("  ", ("empty", "muted")))
    elif len(text) > _LONG or len(base or "") > _LONG:
        rows += _beginning(text, max(8, width - 2))
    else:
        rows += _rows(base if side not in (BASE, HAND) else None, text, max(8, width - 2))
    return rows


def _told(author: str, moments: Sequence[str], room: int) -> Content:
    """Say who changed a side, and when, in `room` cells; a long name gives way to the day."""
    who = plain(author, "muted")
    whens = [t((f" · {moment}", "muted")) for moment in moments]
    when = next((one for one in whens if who.cell_length + one.cell_length <= room), whens[-1])
    left = room - when.cell_length
    return who.truncate(left, ellipsis=True) + when if left >= min(_NAME, who.cell_length) else who


@lru_cache(maxsize=64)  # drawn again at every key
def _rows(base: str | None, text: str, width: int) -> tuple[Content, ...]:
    """Draw a text with the words lit that are not in `base`."""
    lines = _lit_lines(base, text)
    return tuple(t("  ", row) for line in lines for row in _broken(line, width))


def _beginning(text: str, width: int) -> Iterator[Content]:
    """Draw the first rows of a long text, and say how much more there is."""
    shown = text[: _MOST * width]
    rows = [row for line in shown.split("\n") for row in fold(t((line, "text")).expand_tabs(4), width)]
    yield from (t("  ", row) for row in rows[:_MOST])
    if len(rows) > _MOST or len(shown) < len(text):
        yield t("  ", (f"… of {len(text):,} characters in all", "muted"))


def _absent(picture: Picture, side: str) -> str:
    return "it was not there" if side == BASE or picture.conflict.base is None else "deleted"


def _lit_lines(base: str | None, text: str) -> Iterator[Content]:
    lines: Iterable[DiffLine] = ()
    if base is not None:
        lines = [line for line in diff_lines(base, text, _WHOLE) if line.sign != "-"]
    if not lines:
        for whole in text.split("\n"):
            yield t((whole, "text")).expand_tabs(4)
        return
    for line in lines:
        parts = [(part, "addword" if changed else "text") for part, changed in line.parts]
        row = t(*parts).expand_tabs(4)
        yield row if any(changed for _, changed in line.parts) or line.sign == " " else over(row, "addline")


def _broken(line: Content, width: int) -> Iterable[Content]:
    """Break a line at words; one that is indented is source, and keeps its depth."""
    return fold(line, width) if line.plain.startswith((" ", "<")) else wrap(line, width)
