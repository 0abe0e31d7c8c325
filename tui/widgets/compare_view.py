"""Two versions of an entry against each other, field by field, the changed words lit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.content import Content
from textual.message import Message

from index.memory.diff import DiffLine, diff_lines, stats
from index.memory.vocabulary import role
from tui.actions import Hint
from tui.labels import label
from tui.look import BLANK, MEASURE, cut, over, plain, t, wrap
from tui.widgets.diff_view import MINUS, diff_rows, fold
from tui.widgets.lines import Lines
from tui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from index.history.comparing import FieldChange
    from index.history.versions import Version

BESIDE: Final = 72
"""Cells from which two versions stand side by side: two columns of 36."""
_GAP = 5
"""Cells between the two columns."""
_SIGN: Final = {"-": (f"{MINUS} ", "err"), "+": ("+ ", "ok")}
_WORD: Final = {"-": "delword", "+": "addword"}
_GROUND: Final = {"-": "delline", "+": "addline"}
_HOW: Final = {"reworded", "rewritten", "extended", "shortened", "filled", "emptied", "reordered"}
"""The words of a summary that say how a text changed."""


class FieldDiff(NamedTuple):
    """A field that differs."""

    name: str
    how: str
    """In a word or two; empty when the values say it."""
    lines: Sequence[DiffLine]


class Comparison(NamedTuple):
    """What differs between two versions of an entry."""

    before: Version | None
    """The older one; None when there is none to compare with."""
    after: Version
    fields: Sequence[FieldDiff]
    """The fields that differ; every field, unmarked, where one side holds no entry."""
    same: Sequence[str]
    """Names of the fields that are the same."""
    xml: Sequence[DiffLine]

    @property
    def alone(self) -> bool:
        """Whether only one side holds an entry: then there is nothing to compare."""
        return self.before is None or self.before.entry is None or self.after.entry is None


class Heads(NamedTuple):
    """What stands above the two sides."""

    before: Content
    after: Content
    note: str = ""
    """What there is to know when one stands alone."""


def compare_versions(before: Version | None, after: Version) -> Comparison:
    """Compare two versions; of large ones this takes a while."""
    from index.history.comparing import compare

    old, new = before.entry if before else None, after.entry
    xml = diff_lines(before.markup if before else "", after.markup)
    if old is None or new is None:
        entry = new or old
        fields = (
            [FieldDiff(f.name, "", _as_is(_inline(f.name, f.text))) for f in entry.fields] if entry else []
        )
        return Comparison(before, after, fields, (), xml)
    changes = compare(old, new)
    differing = {change.field for change in changes}
    same = [field.name for field in new.fields if field.name not in differing]
    return Comparison(before, after, [compare_field(change) for change in changes], same, xml)


def compare_field(change: FieldChange) -> FieldDiff:
    """Compare the two texts of a field."""
    name, before, after = change
    if role(name) in {"tags", "tech"} and before and after:
        old, new = _items(before), _items(after)
        return FieldDiff(name, _how(change), [_listed("-", old, new), _listed("+", new, old)])
    lines = diff_lines(_inline(name, before or ""), _inline(name, after or ""), context=1)
    return FieldDiff(name, _how(change), lines)


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
    from index.history.comparing import describe

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


class CompareView(Lines):
    """A page with two versions of an entry: side by side where there is room, else below each other."""

    HELP_TITLE = "Keys in the comparison"

    class Step(Message):
        """Another version is wanted: the next older one, or the next newer one."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    FOOTER: Sequence[Hint] = ("back", "restore", "side_by_side", "xml", "copy", ("next_item", "older"))

    def action_next_item(self) -> None:
        """Go on to the version before this one."""
        self.post_message(self.Step(1))

    def action_previous_item(self) -> None:
        """Go back to the version after this one."""
        self.post_message(self.Step(-1))


class Foot(Paragraphs):
    """A few lines at the foot of the page, cut rather than wrapped."""

    DEFAULT_CSS = "Foot { width: 1fr; height: auto; }"

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the lines."""
        return (
            [BLANK, *(t("    ", cut(line, max(0, width - 6))) for line in self.lines)] if self.lines else []
        )


def foot_lines(shown: Comparison, file: str) -> Iterator[Content]:
    """Yield what there is to say of the newer version; `file` is where the entry stands now."""
    version = shown.after
    if version.broken:
        yield t(("▲ ", "err"), ("its file was not well-formed then: read as far as it goes", "muted"))
    if version.path != file:
        yield t(("in ", "muted"), plain(version.path, "muted"))
    if version.rev is None:
        yield t(("on disk", "text"), ("  not committed yet", "muted"))
        return
    added, removed = stats(shown.xml)
    count = BLANK if shown.alone else t((f"+{added} ", "ok"), (f"{MINUS}{removed}  ", "err"))
    subject = version.message.partition("\n")[0]
    yield t(count, (version.rev[:7], "text"), "  ", plain(subject, "muted"))


# ── the page ──────────────────────────────────────────────────────────────────


def rows(shown: Comparison, heads: Heads, width: int, *, beside: bool, xml: bool) -> Iterator[Content]:
    """Lay a comparison out for a pane of `width` cells."""
    if shown.alone:
        yield from _alone(shown, heads, width, xml)
        return
    room = min(width - 4, MEASURE + 2)
    if beside and not xml:
        columns = _Columns(min((width - 4 - _GAP) // 2, MEASURE))
        yield columns.line(t("  ", heads.before), t("  ", heads.after))
        rule = t(("─" * columns.width, "line"))
        yield columns.line(rule, rule)
    else:
        yield t("  ", _SIGN["-"], cut(heads.before, room - 2))
        yield t("  ", _SIGN["+"], cut(heads.after, room - 2))
        yield t("  ", ("─" * room, "line"))
    yield BLANK
    if xml:
        yield from diff_rows(shown.xml, width)
        if not shown.xml:
            yield t("    ", ("The source of both versions is the same.", "muted"))
        return
    for field in shown.fields:
        yield _heading(field)
        yield from columns.rows(field.lines) if beside else _unified(field.lines, room)
        yield BLANK
    yield from _same(shown, min(width - 6, MEASURE))


def _alone(shown: Comparison, heads: Heads, width: int, xml: bool) -> Iterator[Content]:
    room = min(width - 6, MEASURE)
    yield t("    ", cut(heads.after, room))
    yield t("  ", ("─" * (room + 2), "line"))
    yield BLANK
    if heads.note:
        yield from (t("    ", line) for line in wrap(heads.note, room, "muted"))
        yield BLANK
    if xml:
        yield from diff_rows(shown.xml, width)
        return
    for field in shown.fields:
        if any(line.text for line in field.lines):
            yield _heading(field)
            yield from _unified(field.lines, room + 2)
            yield BLANK


def _heading(field: FieldDiff) -> Content:
    return t("    ", (name_of(field.name), "strong"), (f"  {field.how}" if field.how else "", "muted"))


def name_of(field: str) -> str:
    """Return the label of a field, with the elements around it."""
    return " · ".join(label(part) for part in field.replace("@", "/@").split("/") if part)


def _same(shown: Comparison, room: int) -> Iterator[Content]:
    names = [name_of(name) for name in shown.same]
    if not shown.fields:
        yield t("    ", ("Every field is the same", "strong"))
        return
    if not names:
        return
    many = "1 field is the same" if len(names) == 1 else f"{len(names):,} fields are the same"
    yield t("    ", (many, "strong"))
    words = ", ".join([names[0], *(_lower(name) for name in names[1:])])
    yield from (t("    ", line) for line in wrap(words, room, "muted"))


def _lower(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _unified(lines: Sequence[DiffLine], room: int) -> Iterator[Content]:
    """Draw what went above what came; where one holds all of the other, it alone says both."""
    for left, right in _pairs(lines):
        yield from (t("  ", row) for row in _stacked(left, right, room))


def _stacked(left: DiffLine | None, right: DiffLine | None, room: int) -> Iterator[Content]:
    if left is None or right is None:
        line = left or right
        if line is not None:
            yield from _cell(line, room, signed=True, whole=True)
    elif not _lit(right) and not _lit(left):
        yield from _cell(right, room, signed=False)
    else:
        for line in (left, right):
            if _lit(line):
                yield from _cell(line, room, signed=True)


def _lit(line: DiffLine) -> bool:
    return any(changed for _, changed in line.parts)


class _Columns:
    """Two columns of `width` cells each, a sign and a space before their text."""

    def __init__(self, width: int) -> None:
        self.width = width

    def line(self, left: Content, right: Content) -> Content:
        return t("  ", cut(left, self.width), " " * _GAP, cut(right, self.width))

    def rows(self, lines: Sequence[DiffLine]) -> Iterator[Content]:
        for left, right in _pairs(lines):
            cells = (self._side(left, right), self._side(right, left))
            for one, other in zip_longest(*cells, fillvalue=BLANK):
                yield self.line(one, other)

    def _side(self, line: DiffLine | None, other: DiffLine | None) -> list[Content]:
        """Draw one side; no sign stands where nothing of the line went or came."""
        if line is None:
            return []
        whole = other is None
        return list(_cell(line, self.width, signed=whole or _lit(line), whole=whole))


def _pairs(lines: Sequence[DiffLine]) -> Iterator[tuple[DiffLine | None, DiffLine | None]]:
    """Put what went beside what came in its place."""
    gone: list[DiffLine] = []
    come: list[DiffLine] = []
    for line in lines:
        if line.sign == "-" and not come:
            gone.append(line)
        elif line.sign == "+":
            come.append(line)
        else:
            yield from zip_longest(gone, come)
            gone, come = ([line], []) if line.sign == "-" else ([], [])
            if line.sign != "-":
                yield line, line
    yield from zip_longest(gone, come)


def _cell(line: DiffLine, width: int, *, signed: bool, whole: bool = False) -> Iterator[Content]:
    """Draw a line of a field in rows of `width` cells; one that is new or gone as a `whole` has a ground."""
    if line.sign == "…":
        yield t("  ", (f"… {line.text} the same", "muted"))
        return
    text = t(*_parts(line)).expand_tabs(4)
    for n, row in enumerate(_broken(text, width - 2)):
        sign = t(_SIGN[line.sign]) if signed and n == 0 else Content("  ")
        yield over(cut(sign + row, width), _GROUND[line.sign]) if whole else sign + row


def _parts(line: DiffLine) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a line with their roles; the space before changed words is not lit."""
    for text, changed in line.parts:
        words = text.lstrip(" ")
        if changed and words:
            yield text[: len(text) - len(words)], "text"
            yield words, _WORD[line.sign]
        else:
            yield text, _WORD[line.sign] if changed else "text"


def _broken(text: Content, width: int) -> Iterable[Content]:
    """Break a line at words; one that is indented is source, and keeps its depth."""
    return fold(text, max(8, width)) if text.plain.startswith(" ") else wrap(text, max(8, width))
