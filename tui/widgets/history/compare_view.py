"""Two versions of an entry against each other, field by field, the changed words lit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from textual.content import Content

from index.model.counts import count_words
from index.model.text.text_diff import DiffLine, diff_lines
from index.model.vocabulary import role
from tui.actions import Hint, key
from tui.theme import dates
from tui.theme.drawing import BLANK, MEASURE, bar, cut, is_heading, t, wrap
from tui.theme.labels import path_label
from tui.widgets.base.drawn import Options
from tui.widgets.base.lines import ItemPage, words_below
from tui.widgets.base.pane import Pane
from tui.widgets.base.paragraphs import Paragraphs
from tui.widgets.editing.diff_view import diff_rows
from tui.widgets.history.compare_rows import (
    FieldDiff,
    Heads,
    field_rows,
    one_head,
    single_rows,
    source_rows,
    two_heads,
)

if TYPE_CHECKING:
    from index.history.versions import Version
    from index.model.field import FieldChange

_HOW: Final = {"reworded", "rewritten", "extended", "shortened", "filled", "emptied", "reordered"}
"""The words of a summary that say how a text changed."""


class Comparison(NamedTuple):
    """Differences between two versions of an entry."""

    before: Version | None
    """The older one; None when there is none to compare with."""
    after: Version
    fields: Sequence[FieldDiff]
    """The fields that differ; every field, unmarked, where one side holds no entry."""
    same: Sequence[str]
    """Names of the fields that are the same."""
    source: Sequence[DiffLine]
    only: str = ""
    """How the sources differ where every field unchanged, in words; nothing where they are equal."""

    @property
    def alone(self) -> bool:
        """Whether only one side holds an entry: then there is nothing to compare."""
        return self.before is None or self.before.entry is None or self.after.entry is None

    def rows(self, heads: Heads, width: int, *, beside: bool, source: bool) -> Iterator[Content]:
        """Lay the page out for a pane of `width` cells."""
        if self.alone:
            yield from one_head(heads, width)
            yield from diff_rows(self.source, width) if source else single_rows(self.fields, width)
            return
        yield from two_heads(heads, width, beside=beside and not source)
        if source:
            yield from source_rows(self.source, width)
        else:
            yield from field_rows(self.fields, width, beside=beside)
            yield from self._same(min(width - 6, MEASURE))

    def _same(self, room: int) -> Iterator[Content]:
        names = [path_label(name) for name in self.same]
        if not self.fields:
            yield t("    ", ("Every field unchanged", "strong"))
            if self.only:
                said = f"{self.only[:1].upper()}{self.only[1:]}; {key('source')} shows the lines."
                yield from (t("    ", line) for line in wrap(said, room, "muted"))
            return
        if not names:
            return
        many = count_words(len(names), "field unchanged", "fields unchanged")
        yield t("    ", (many, "strong"))
        yield from (t("    ", line) for line in wrap(", ".join(names), room, "muted"))


def compare_versions(before: Version | None, after: Version) -> Comparison:
    """Compare two versions; of large ones this takes a while."""
    from index.rendering.differences import compare_entry

    old, new = before.entry if before else None, after.entry
    source = diff_lines(before.markup if before else "", after.markup)
    if old is None or new is None:
        entry = new or old
        fields = (
            [
                FieldDiff(f.name, "", _as_is(_inline(f.name, dates.reword(f.text, whole=True))))
                for f in entry.fields
            ]
            if entry
            else []
        )
        return Comparison(before, after, fields, (), source)
    sources = (before.markup, after.markup) if before else None
    changes, only = compare_entry(old, new, sources)
    differing = {change.field for change in changes}
    same = [field.name for field in new.fields if field.name not in differing]
    return Comparison(before, after, field_diffs(changes), same, source, only)


def field_diffs(changes: Iterable[FieldChange]) -> list[FieldDiff]:
    """Return the fields that differ, line by line."""
    found = []
    for change in changes:
        name, before, after = change
        raw = before or "", after or ""
        told = [dates.reword(text, whole=True) for text in raw]
        if role(name) in {"tags", "tech"} and before and after:
            old, new = _items(before), _items(after)
            lines = [_listed("-", old, new), _listed("+", new, old)]
        else:
            one, other = told if told[0] != told[1] else raw
            lines = _filled(diff_lines(_inline(name, one), _inline(name, other), context=1))
        found.append(FieldDiff(name, _how(change), lines))
    return found


def _filled(lines: list[DiffLine]) -> list[DiffLine]:
    """Return the lines without empty ones at the ends: a field has an empty line of its own below it."""
    held = [n for n, line in enumerate(lines) if line.sign != " " or line.text.strip()]
    return lines[held[0] : held[-1] + 1] if held else lines


def _listed(sign: str, items: Sequence[str], others: Sequence[str]) -> DiffLine:
    """Set items on one line, with those lit that the other side does not have."""
    parts = [part for item in items for part in ((", ", False), (item, item not in others))]
    return DiffLine(1, 1, sign, tuple(parts[1:]))


def _inline(name: str, text: str) -> str:
    """Return tags on one line, whether they are written as a list or between commas."""
    if role(name) not in {"tags", "tech"}:
        return text
    return ", ".join(_items(text))


def _items(text: str) -> list[str]:
    parts = text.replace("\n", ",").split(",")
    return [item for part in parts if (item := part.strip().removeprefix("- "))]


def _as_is(text: str) -> list[DiffLine]:
    return [DiffLine(n, n, " ", ((line, False),)) for n, line in enumerate(text.split("\n"), 1)]


def _how(change: FieldChange) -> str:
    """Say how a field changed, where its values side by side do not."""
    from index.history.field_diff import describe

    name, before, after = change
    if before is None or after is None:
        return "added" if before is None else "removed"
    if role(name) in {"tags", "tech"} or (before.startswith("- ") and after.startswith("- ")):
        old, new = _items(before), _items(after)
        come, gone = sum(item not in old for item in new), sum(item not in new for item in old)
        said = [f"{count:,} {word}" for count, word in ((come, "added"), (gone, "removed")) if count]
        return ", ".join(said) or "reordered"
    last = describe([change]).rpartition(" ")[2]
    return last if last in _HOW and last != after.strip() else ""


class CompareView(ItemPage):
    """A page with two versions of an entry: side by side where there is room, else below each other."""

    HELP_TITLE = "Keys: comparison"

    FOOTER: Sequence[Hint] = ("back", "restore", "side_by_side", "source", "copy", ("next_item", "older"))

    def is_heading(self, y: int) -> bool:
        """Whether line `y` is the name of a field that is below it."""
        return is_heading(self.line(y), "strong") and bool(self.line(y + 1).plain.strip())


class Foot(Paragraphs):
    """A few lines at the foot of a page, cut rather than wrapped; the last says how much is below."""

    def __init__(self, page: Pane, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._page = page

    def on_mount(self) -> None:
        """Follow the page."""
        self.watch(self._page, "extent", self._follow, init=False)

    def _follow(self) -> None:
        self.refresh()

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the lines."""
        if not self.lines:
            return []
        *above, last = self.lines
        rest = words_below(self._page.extent)
        room = max(0, width - 6 - (len(rest) + 2 if rest else 0))
        lines = [t("    ", cut(line, max(0, width - 6))) for line in above]
        return [BLANK, *lines, bar(width - 2, t("    ", cut(last, room)), t((rest, "text")))]
