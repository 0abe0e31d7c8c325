"""An entry as a page to read, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.style import Style

from index.model.vocabulary import fold, role
from tui.theme import dates
from tui.theme.code import highlight, looks_like_code
from tui.theme.drawing import (
    BLANK,
    COLUMN,
    MEASURE,
    bar,
    bullet,
    chips,
    code_lines,
    column,
    cut,
    kind_mark,
    lit,
    meter,
    place,
    plain,
    t,
    wrap,
)
from tui.theme.labels import kind_label, label
from tui.theme.prose import Block, blocks

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.field import Field

CAUSE = 2
"""Lines of what is wrong with a file."""
FOLD = 12
"""Lines of a long value that are shown until it is unfolded."""
SHORT = 30
"""Values of at most this many cells are beside their label; one word may be as long as the line."""
_LONG_LINE = 20_000
"""Characters of a paragraph that are laid out as one; what is longer is cut in parts first."""

Spans = Callable[[str], Iterable[tuple[int, int]]]
"""Finds the matches of the query in a text."""


class Page(NamedTuple):
    """All that a page depends on."""

    entry: Entry
    now: datetime
    spans: Spans | None = None
    """None: nothing was searched for."""
    unfolded: frozenset[str] = frozenset()
    """Names of the fields to show whole."""
    ansi: bool = False
    origins: Mapping[str, str] = {}
    """Who last changed a field and when, by its name."""

    links: Callable[[str], Iterable[tuple[int, int, str]]] | None = None
    """Finds the ids that a text names: where, and the id of the entry; None: nothing is known of them."""
    mentions: Sequence[Entry] = ()
    """Entries that name this one."""

    def lit(self, line: Content) -> Content:
        """Light the matches in a line, and make the ids that it names links."""
        if self.links is not None:
            for start, end, target in self.links(line.plain):
                if target != self.entry.id:
                    line = line.stylize("link", start, end).stylize(link_to(target), start, end)
        return lit(line, self.spans(line.plain)) if self.spans is not None and line.plain else line


def lines(page: Page, width: int) -> Iterator[Content]:
    """Yield the lines of a page for a pane of `width` cells."""
    inner = max(8, min(width - 4, MEASURE))
    margin = Content("  ")
    for line in _lines(page, inner):
        yield margin + line if line.plain else line


def _lines(page: Page, width: int) -> Iterator[Content]:
    entry = page.entry
    kind = t(kind_mark(entry.group), (f" {kind_label(entry.kind)}", "muted"))
    yield bar(width, kind, meter(entry.level) if entry.level is not None else BLANK)
    yield BLANK
    for line in wrap(entry.title, width, "strong"):
        yield page.lit(line)
    about = about_line(entry, page.now)
    if about:
        yield from wrap(about, width, "muted")
    short: list[Field] = []
    for section, group in groupby(_shown(entry), key=lambda field: _section(field.name)):
        fields = list(group)
        if section and len(fields) > 1:
            yield BLANK
            yield heading(section)
            yield from _nested(page, fields, 1, width)
        else:
            for field in fields:
                if _is_short(field, width):
                    short.append(field)
                else:
                    yield BLANK
                    yield from _said(page, field, heading(field.name), width)
                    yield from _value(page, field, width)
    if short:
        yield BLANK
        yield from _short_lines(page, short, width, 0)
    if page.mentions:
        yield BLANK
        yield t(("Mentioned by", "head"))
        for other in page.mentions:
            title = plain(other.title).stylize("link").stylize(link_to(other.id))
            yield cut(t(kind_mark(other.group), " ", title), width).rstrip()


def link_to(entry_id: str) -> Style:
    """Return the style that leads to an entry when it is clicked."""
    return Style.from_meta({"entry": entry_id})


def about_line(entry: Entry, now: datetime) -> str:
    """Return the line below the title: `shop-api · 3 Oct 2025, 14:30 · 7 weeks ago`."""
    parts = [entry.project if entry.project != entry.title else ""]
    if entry.when is not None:
        parts += [dates.full(entry.when, clock=True), dates.ago(entry.when, now, clock=True)]
    if entry.template:
        parts.append("an empty template")
    return " · ".join(" ".join(part.split()) for part in parts if part)


def foot(entry: Entry, cause: str, more: str, width: int) -> list[Content]:
    """Return the foot of a page: what is wrong with the file, where the entry is, how much is below."""
    inner = max(8, min(width - 4, MEASURE))
    rest = t(("  " + more, "text")) if more else BLANK
    where = place(entry.file, f":{entry.line}", inner - rest.cell_length)
    said = wrap(cause, inner - 2)[:CAUSE] if cause else []
    broken = [t(("▲ " if n == 0 else "  ", "err"), cut(line, inner - 2)) for n, line in enumerate(said)]
    return [t("  ", line) for line in (*broken, bar(inner, where, rest))]


def heading(name: str) -> Content:
    """Return the label of a field as a heading."""
    return t((_label(name, 0), "head"))


def is_heading(line: Content) -> bool:
    """Return whether a line is nothing but a heading, so that it must not be last above the fold."""
    spans = line.spans
    if not spans or spans[0].style != "head":
        return False
    beside = line.plain[spans[0].end : spans[1].start if len(spans) > 1 else None]
    return beside.strip() == "" and all(span.style == "muted" for span in spans[1:])


def _shown(entry: Entry) -> Iterator[Field]:
    """Yield the fields that the head of the page does not say already."""
    for field in entry.fields:
        what = role(field.name)
        text = " ".join(field.text.split())
        if not text:
            continue
        if "/" not in field.name and text == entry.title:
            continue
        if what == "project" and text == entry.project:
            continue
        if what == "time" and entry.when is not None and field.text == entry.timestamp:
            continue
        if what == "level" and entry.level is not None and text.lstrip("Ll") == str(entry.level):
            continue
        yield field


def _path(name: str) -> list[str]:
    """Return the names from the entry down to a field; an attribute is one step more."""
    return [part for part in name.replace("@", "/@").split("/") if part]


def _section(name: str) -> str:
    """Return the name of the element around a nested field."""
    path = _path(name)
    return path[0] if len(path) > 1 else ""


def _is_short(field: Field, width: int) -> bool:
    if role(field.name) in {"tags", "tech"}:
        return all(len(value) <= SHORT for value in _values(field))
    if field.items or "\n" in field.text or role(field.name) in {"problem", "solution", "text"}:
        return False
    return len(field.text) <= (SHORT if " " in field.text else width - COLUMN)


def _values(field: Field) -> list[str]:
    return [v.strip() for v in (field.items or field.text.replace("\n", ",").split(",")) if v.strip()]


def _short_lines(page: Page, fields: list[Field], width: int, above: int) -> Iterator[Content]:
    """Yield short values beside their labels, below `above` headings."""
    labels = [_label(field.name, above) for field in fields]
    room = min(max(COLUMN, *(len(text) + 2 for text in labels)), max(COLUMN, width // 3))
    for field, text in zip(fields, labels, strict=True):
        if role(field.name) in {"tags", "tech"}:
            rows = chips((page.lit(plain(value)) for value in _values(field)), width - room, page.ansi)
        else:
            rows = [page.lit(line) for line in wrap(field.text, width - room)]
        *before, last = column(text, rows, room)
        yield from before
        yield from _said(page, field, last, width)


def _said(page: Page, field: Field, line: Content, width: int) -> list[Content]:
    """Put who last changed a field, and when, at the end of a line, or where that is full, below it."""
    origin = plain(page.origins.get(field.name, ""), "muted")
    if not origin.plain:
        return [line]
    if line.cell_length + 2 + origin.cell_length <= width:
        return [bar(width, line, origin)]
    return [line, bar(width, BLANK, origin)]


def _label(name: str, above: int) -> str:
    """Return the label of a field below `above` headings that say the start of its path."""
    path = _path(name)
    return " · ".join(label(part) for part in (path[above:] or path[-1:]))


def _nested(page: Page, fields: list[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield fields inside an element: values in a column, records as a list, the rest below names."""
    parts = [(name, list(held)) for name, held in groupby(fields, key=lambda field: _path(field.name)[depth])]
    bases = Counter(name.partition("[")[0] for name, _ in parts)
    for short, run in groupby(
        parts, key=lambda part: _is_leaf(part[1], depth) and _is_short(part[1][0], width)
    ):
        if short:
            yield from _short_lines(page, [field for _, held in run for field in held], width, depth)
            continue
        for name, held in run:
            if bases[name.partition("[")[0]] > 1 and not _is_leaf(held, depth):
                yield from _record(page, held, depth + 1, width)
                continue
            yield t((label(name), "muted"))
            yield from (t("  ", line) for line in _inside(page, held, depth + 1, width - 2))


def _inside(page: Page, fields: list[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield an element's own text, then what is inside it."""
    own = [field for field in fields if len(_path(field.name)) <= depth]
    for field in own:
        yield from _value(page, field, width)
    yield from _nested(page, [field for field in fields if field not in own], depth, width)


def _is_leaf(held: list[Field], depth: int) -> bool:
    return len(held) == 1 and len(_path(held[0].name)) == depth + 1


def _record(page: Page, held: list[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield a record inside an entry: its name after a dot, its short values on one line, then the rest."""
    leaves = [field for field in held if len(_path(field.name)) <= depth + 1]
    named = next((f for f in leaves if role(_path(f.name)[-1]) == "title" and "\n" not in f.text), None)
    if named is None:
        named = next((f for f in leaves if len(_path(f.name)) == depth), None)
    short = [f for f in leaves if f is not named and _is_short(f, width - 14)]
    about = [t((f"{_label(field.name, depth)} ", "muted"), page.lit(plain(field.text))) for field in short]
    rows = [page.lit(line) for line in wrap(" ".join(named.text.split()), width - 2)] if named else []
    if about:
        rows += wrap(t((" · ", "faint")).join(about), width - 2)
    rest = [field for field in held if field is not named and field not in short]
    if not rows:
        rows = [t((label(_path(held[0].name)[depth - 1]), "muted"))]
    yield from bullet(rows)
    yield from (t("  ", line) for line in _inside(page, rest, depth, width - 2))


def _value(page: Page, field: Field, width: int) -> Iterator[Content]:
    """Yield a long value; folded to its first lines, unless the first match would be hidden."""
    rows = _rows(page, field, width)
    if field.name in page.unfolded:
        yield from rows
        return
    first = list(islice(rows, FOLD + 2))
    if len(first) <= FOLD + 1:  # to say that one line is hidden takes a line as well
        yield from first
        return
    if (
        page.spans is not None
        and not any(_has_match(row) for row in first[:FOLD])
        and any(page.spans(field.text))
    ):
        yield from first
        yield from rows
        return
    yield from first[:FOLD]
    more = 2 + _count(rows, field)
    text = t((f"↓ {more:,} more lines" if more > 0 else "↓ more lines", "text"))
    yield text.stylize(Style.from_meta({"unfold": field.name}))


def _count(rows: Iterator[Content], field: Field) -> int:
    """Count the rows that are folded away; of a huge value that would take too long."""
    return sum(1 for _ in rows) if len(field.text) < 20_000 else -1_000_000


def _has_match(line: Content) -> bool:
    return any(span.style == "lit" for span in line.spans)


def _rows(page: Page, field: Field, width: int) -> Iterator[Content]:
    if field.items:
        for item in field.items:
            yield from _item(page, Block("item", " ".join(item.split())), width)
        return
    if looks_like_code(fold(field.name.rpartition("/")[2]), field.text) and "```" not in field.text:
        yield from _code(page, field.text, width)
        return
    before = ""
    for block in blocks(field.text):
        if block.kind == "code":
            if before:
                yield BLANK
            yield from _code(page, block.text, width)
            before = "code"
            continue
        if before == "code" and block.text:
            yield BLANK
        if block.kind == "item":
            yield from _item(page, block, width)
        else:
            for part in _parts(block.text):
                yield from (page.lit(line) for line in wrap(part, width))
        before = block.kind if block.text else ""


def _item(page: Page, block: Block, width: int) -> Iterator[Content]:
    indent = Content("  " * min(block.depth, 4))
    room = width - indent.cell_length
    if block.mark:
        mark = block.mark + " "
        rows = [page.lit(line) for line in wrap(block.text, room - len(mark))]
        rows = [t((mark if n == 0 else " " * len(mark), "muted"), row) for n, row in enumerate(rows)]
    else:
        rows = bullet([page.lit(line) for line in wrap(block.text, room - 2)])
    for row in rows:
        yield indent + row


def _code(page: Page, text: str, width: int) -> Iterator[Content]:
    for line in text.split("\n"):
        yield from code_lines(page.lit(highlight(line)), width, page.ansi)


def _parts(text: str) -> Iterator[str]:
    for start in range(0, max(1, len(text)), _LONG_LINE):
        yield text[start : start + _LONG_LINE]
