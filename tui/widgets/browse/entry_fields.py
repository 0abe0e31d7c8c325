"""The fields of an entry as lines of its page: first its texts, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from index.model.field_path import field_path
from index.model.vocabulary import fold, is_about, role, vocabulary
from tui.theme import dates
from tui.theme.drawing import BLANK, COLUMN, bar, bullet, chips, column, plain, t, wrap
from tui.theme.labels import label, path_label
from tui.widgets.browse.value_rows import rows, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model.entry import Entry
    from index.model.field import Field
    from tui.widgets.browse.page_facts import Page

SHORT = 30
"""Values of at most this many cells are beside their label; one word may be as long as the line."""
_ABOUT: Final = {"time", "tags", "tech", "level", "status", "project", "agent", "uses", "severity", "id"}
"""Roles of fields that are about the entry: short ones come last."""
_VALUE: Final = 24
"""Cells that a value beside its label has at least, before the label is cut off its column."""
_HEAD: Final = 1000
"""Letters of a field that are compared with the head of the page, which is no longer."""
_UNNAMED: Final = "text"
"""Name of the text of a Markdown memory that nothing in it names."""


def field_lines(page: Page, width: int) -> Iterator[Content]:
    """Yield the fields of a page: block after block, short values in columns."""
    said, about, metadata = _in_order(page.entry, width)
    short: list[Field] = []
    for nested, group in groupby(said, key=lambda field: _section(field.name)):
        fields = list(group)
        if nested and len(fields) > 1:
            yield from _short_block(page, short, width)
            yield from _element(page, nested, fields, width)
            short = []
            continue
        for held in _runs(fields):
            if len(held) == 1 and _is_short(held[0], width):
                short += held
                continue
            yield from _short_block(page, short, width)
            yield BLANK
            yield from _long(page, held, width)
            short = []
    yield from _short_block(page, short + about, width)
    for nested, group in groupby(metadata, key=lambda field: _section(field.name)):
        fields = list(group)
        if nested:
            yield from _element(page, nested, fields, width)
        else:
            for held in _runs(fields):
                yield BLANK
                yield from _long(page, held, width)


def _short_block(page: Page, fields: Sequence[Field], width: int) -> Iterator[Content]:
    if fields:
        yield BLANK
        yield from _short_lines(page, fields, width, 0)


def _element(page: Page, name: str, fields: Sequence[Field], width: int) -> Iterator[Content]:
    """Yield a heading, and the fields inside the element of this name."""
    yield BLANK
    yield heading(name)
    yield from _nested(page, fields, 1, width)


def _in_order(entry: Entry, width: int) -> tuple[list[Field], list[Field], list[Field]]:
    """Return the texts of an entry, the short values about it, and its metadata; each in the file's order."""
    said: list[Field] = []
    about: list[Field] = []
    metadata: list[Field] = []
    for field in _shown(entry):
        nested = _section(field.name)
        if is_about(field.name) and (nested or not _is_short(field, width)):
            metadata.append(field)
        elif not nested and _is_about(field, width):
            about.append(field)
        else:
            said.append(field)
    return said, about, metadata


def _is_about(field: Field, width: int) -> bool:
    """Whether a field of the entry is about it: by its meaning, or as a word, a number, an attribute."""
    if not _is_short(field, width) or field.path.number:
        return False
    return role(field.name) in _ABOUT or field.path.attribute != "" or _is_word(field.text.strip())


def _is_word(text: str) -> bool:
    """Whether a text is one word; a sentence in Chinese or Japanese, which has no blanks, is none."""
    return " " not in text and cell_len(text) == len(text)


def _shown(entry: Entry) -> Iterator[Field]:
    """Yield the fields that the head of the page does not say already."""
    for field in entry.fields:
        what = role(field.name)
        if not field.text or field.text.isspace():
            continue
        text = " ".join(field.text[:_HEAD].split())
        if not field.path.is_nested and text == entry.title:
            continue
        if what == "project" and text == entry.project:
            continue
        if what == "time" and entry.when is not None and field.text == entry.timestamp:
            continue
        if what == "level" and entry.level is not None and text.lstrip("Ll") == str(entry.level):
            continue
        yield field


def _runs(fields: Iterable[Field]) -> Iterator[list[Field]]:
    """Yield the fields one by one, those of one name that follow each other together."""
    for _, run in groupby(fields, key=lambda field: field.path.unnumbered):
        held = list(run)
        if any("\n" in field.text for field in held):
            yield from ([field] for field in held)
        else:
            yield held


def _long(page: Page, held: Sequence[Field], width: int) -> Iterator[Content]:
    """Yield a heading with the value below it; the values of fields of one name as one list."""
    first, *more = held
    if page.markdown and first.path.last == _UNNAMED:
        if page.origins.get(first.name):  # no heading has room for it
            yield from _said(page, held, BLANK, width)
        yield from rows(page, first, width)  # it is the memory: never folded
        return
    if more:
        yield heading(str(first.path.unnumbered))
        yield from _listed(page, held, width)
    else:
        yield from _said(page, held, heading(first.name), width)
        yield from value(page, first, width)


def _listed(page: Page, held: Sequence[Field], width: int) -> Iterator[Content]:
    for field in held:
        *before, last = bullet([*value(page, field, width - 2)])
        yield from before
        yield from _said(page, [field], last, width)


def heading(name: str) -> Content:
    """Return the label of a field as a heading."""
    return t((path_label(name), "head"))


def _section(name: str) -> str:
    """Return the name of the element around a nested field."""
    parts = field_path(name).parts
    return parts[0] if len(parts) > 1 else ""


def _is_short(field: Field, width: int) -> bool:
    if role(field.name) in {"tags", "tech"}:
        return all(len(value) <= SHORT for value in _values(field))
    if field.items or "\n" in field.text or role(field.name) in {"problem", "solution", "text"}:
        return False
    return cell_len(field.text) <= (width - COLUMN if _is_word(field.text) else SHORT)


def _values(field: Field) -> list[str]:
    return [v.strip() for v in (field.items or field.text.replace("\n", ",").split(",")) if v.strip()]


def _short_lines(page: Page, fields: Sequence[Field], width: int, above: int) -> Iterator[Content]:
    """Yield short values beside their labels, below `above` headings; a label is never cut.

    One that leaves no room for the values has a line of its own.
    """
    labels = [path_label(field.name, above) for field in fields]
    sizes = [cell_len(text) + 2 for text in labels]
    room = max([COLUMN, *(size for size in sizes if size <= max(COLUMN, width - _VALUE))])
    for field, text in zip(fields, labels, strict=True):
        if role(field.name) in {"tags", "tech"}:
            values = _values(field)
            words = page.lit_across("\n".join(values), (page.lit(plain(value)) for value in values))
            held = chips(words, width - room, page.ansi)
        else:
            held = page.wrapped(page.linked(_short_text(page, field)), width - room)
        if cell_len(text) >= room:
            yield from wrap(text, width, "head")
            text = ""
        *before, last = column(text, held, room)
        yield from before
        yield from _said(page, [field], last, width)


def _short_text(page: Page, field: Field) -> Content:
    """Return a short value: a time of day as the app writes all of them, unless the query is found in it."""
    return plain(field.text if page.matches(field.text) else dates.reword(field.text, whole=True))


def _said(page: Page, fields: Sequence[Field], line: Content, width: int) -> Iterator[Content]:
    """Yield a line with who last changed its fields, and when, at its end, or below where that is full."""
    for told in dict.fromkeys(page.origins.get(field.name, "") for field in fields):
        origin = plain(told, "muted")
        if told and line.cell_length + 2 + origin.cell_length > width:
            yield line
            line = BLANK
        line = bar(width, line, origin) if told else line
    yield line


# ── inside an element ─────────────────────────────────────────────────────────


def _nested(page: Page, fields: Sequence[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield fields inside an element: values in a column, records and repeated values as a list, the rest
    below names."""
    parts = [(name, list(held)) for name, held in groupby(fields, key=lambda field: field.path.parts[depth])]
    bases = [str(field_path(name).bare) for name, _ in parts]
    alike = {base for base in bases if bases.count(base) > 1} if len(bases) < _FEW else {*bases}
    kinds = (
        "record" if base in alike and not _is_leaf(held, depth)
        else "list" if base in alike
        else "short" if _is_leaf(held, depth) and _is_short(held[0], width)
        else "long"
        for base, (_, held) in zip(bases, parts, strict=True)
    )  # fmt: skip
    for (kind, base), run in groupby(
        zip(kinds, bases, parts, strict=True),
        key=lambda part: (part[0], part[1] if part[0] == "list" else ""),
    ):
        group = [part for _, _, part in run]
        if kind == "short":
            yield from _short_lines(page, [field for _, held in group for field in held], width, depth)
        elif kind == "list":
            if len(group) < len(parts):
                yield t((label(base), "muted"))
            yield from _listed(page, [field for _, held in group for field in held], width)
        elif kind == "record":
            for _, held in group:
                yield from _record(page, held, depth + 1, width)
        else:
            for name, held in group:
                own = [field for field in held if len(field.path.parts) == depth + 1]
                yield from _said(page, own, t((label(name), "muted")), width)
                yield from (t("  ", line) for line in _inside(page, held, depth + 1, width - 2))


_FEW: Final = 200
"""Parts of an element up to which those of one name are counted; more of them are a list anyway."""


def _inside(page: Page, fields: Sequence[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield an element's own text, then the elements inside it."""
    own = [field for field in fields if len(field.path.parts) <= depth]
    for field in own:
        yield from value(page, field, width)
    rest = [field for field in fields if len(field.path.parts) > depth]
    if rest:
        yield from _nested(page, rest, depth, width)


def _is_leaf(held: Sequence[Field], depth: int) -> bool:
    return len(held) == 1 and len(held[0].path.parts) == depth + 1


def _record(page: Page, held: Sequence[Field], depth: int, width: int) -> Iterator[Content]:
    """Yield a record inside an entry: its name after its state, its short values, then the rest."""
    leaves = [field for field in held if len(field.path.parts) <= depth + 1]
    named = next((f for f in leaves if _role(f) == "title" and "\n" not in f.text), None)
    if named is None:
        named = next((f for f in leaves if len(f.path.parts) == depth), None)
    state = next((f for f in leaves if f is not named and _role(f) == "status"), None)
    mark = _mark(page, state)
    short = [f for f in leaves if f is not named and _is_short(f, width - 14)]
    about = [
        t(
            (f"{path_label(field.name, depth)} ", "muted"),
            page.numbered(page.lit(page.linked(_short_text(page, field)))),
        )
        for field in short
        if not (mark and field is state and not page.matches(field.text))
    ]
    shown = page.wrapped(page.linked(plain(named.text)), width - 2) if named else []
    if about:
        shown += wrap(t((" · ", "faint")).join(about), width - 2)
    rest = [field for field in held if field is not named and field not in short]
    if not shown:
        shown = [t((label(held[0].path.parts[depth - 1]), "muted"))]
    *before, last = bullet(shown, mark)
    yield from before
    yield from _said(page, [field for field in held if field not in rest], last, width)
    yield from (t("  ", line) for line in _inside(page, rest, depth, width - 2))


def _role(field: Field) -> str:
    return role(field.path.parts[-1])


def _mark(page: Page, state: Field | None) -> str:
    """Return the sign of a state that says no more than that something is done, or is not; else empty."""
    word = fold(state.text) if state is not None and len(state.text) <= SHORT else ""
    words = vocabulary()
    return "✓" if word in words.done else "○" if word in words.pending else ""
