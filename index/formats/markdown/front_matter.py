"""Front matter: the values of a YAML block on top of a file, each with its span, read key by key.

A value that is no YAML (`title: Fix: the pool`, `globs: *.ts`) is read as it is written, for that is how it
was meant, and so is one with an anchor, an alias or a tag: nothing is ever expanded. TOML between lines
`+++`, as Hugo has it, is read and not edited; each of its tables is one value, as it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from index.formats.markdown.outline import lines
from index.model.field_path import told_apart
from index.model.problems import Report, Splice

if TYPE_CHECKING:
    from yaml.events import Event

_RULE = re.compile(r"---[ \t]*(?:\r\n?|\n|\Z)")
_ENDS = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)")
_KEY = re.compile(
    r"""(?P<indent> *)(?P<key>"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'"""
    r"""|[^\s#:\[\]{}&*!|>'"%@`,-][^:\r\n]*?|-[^\s:][^:\r\n]*?)[ \t]*:(?P<gap>[ \t]+|(?=[\r\n]|\Z))"""
)
_TOML_RULE = re.compile(r"^\+\+\+[ \t]*\r?$", re.M)
_TOML_KEY = re.compile(r"^(?P<key>[\w-]+)[ \t]*=[ \t]*|^\[{1,2}(?P<table>[\w-]+)(?=[].])", re.M)
"""A key with its value behind it, or the beginning of a table."""
_COMMENT = re.compile(r"(?:^|(?<![ \t])[ \t]+)#.*")
_UNSAFE = re.compile(r"""^[\s&*!|>%@`"'\[\]{},#?-]|^[-?:](?=\s|$)|:(?=\s|$)|\s#|\s$|^$""")
_OTHER = re.compile(
    r"(?P<date>\d{4}-\d\d?-\d\d?.*)|(?P<truth>true|false|yes|no|on|off)|(?P<nothing>null|~)"
    r"|(?P<number>[-+]?(?:\d[\d_]*|\.\d)[\d_.:eE+-]*|0[xo][\da-fA-F]+|\.inf|\.nan)|=|<<",
    re.I,
)
"""Scalars that YAML 1.1 reads as no text."""
NO_YAML = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Signs that YAML takes for line ends, or does not take at all; it has names for them between quotes."""
NO_TEXT = re.compile("[\ud800-\udfff]")
"""A byte that was no text and is kept as it is, which is no fault of the YAML."""
_MARKED = re.compile(r"(?:^|[\s\[{,:-])[&*!]")
"""An anchor, an alias or a tag, perhaps."""
_MOST = 400
_LARGEST = 50_000
"""Lines and letters of a front matter at most; past them it is a rule on top of a text."""

_KEYED = "k: "
"""A key, which every value is behind; alone it may be YAML of another kind (`&a b: c`)."""

_DEEPEST = 100
"""Open brackets in a value at most: YAML takes a time with their square. Past them it is read as written."""


class Value(NamedTuple):
    """A value of the front matter."""

    name: str
    """Its key; `metadata/type` for one below another, `tags[2]` for a key that is there again."""
    start: int
    """Offset of the value as it is written."""
    end: int
    text: str
    items: tuple[str, ...]
    plain: bool
    """Whether it is a scalar in one line."""


class FrontMatter(NamedTuple):
    """The block between two rules."""

    end: int
    """Offset behind its closing line."""
    close: int
    """Offset of its closing line."""
    values: tuple[Value, ...]
    is_toml: bool = False


def read_front_matter(text: str, report: Report) -> FrontMatter | None:
    """Return the front matter that a text begins with; None when it begins with something else."""
    first = _RULE.match(text)
    if first is None:
        return _toml(text)
    begin = first.end()
    rows: list[tuple[int, int]] = []
    for start, end in lines(text, begin):
        if _ENDS.match(text, start):
            values = tuple(_values(text, rows, report))
            _report_alias(text, values, report)
            return FrontMatter(end, start, values)
        rows.append((start, end))
        if len(rows) > _MOST or end - begin > _LARGEST:
            most = f"{_MOST} lines and {_LARGEST:,} letters"
            words = f"No line --- closes the front matter in its first {most}, so it is read as text."
            break
    else:
        words = "The front matter has no end: close it with a line ---."
    if rows and _KEY.match(text, *rows[0]):
        report.add("front-matter", 0, begin, words, level="note")
    return None


def _toml(text: str) -> FrontMatter | None:
    """Return the front matter in TOML that a text begins with; None where its keys cannot be told apart."""
    last = _TOML_RULE.search(text, 3, _LARGEST) if _TOML_RULE.match(text) else None
    if last is None:
        return None
    try:
        said = tomllib.loads(text[3 : last.start()])
    except (ValueError, RecursionError):
        return None
    found = [*_TOML_KEY.finditer(text, 3, last.start())]
    first_table = next((place for place, one in enumerate(found) if one["table"]), len(found))
    found = [one for place, one in enumerate(found) if place < first_table or one["table"]]
    names = [one["key"] or one["table"] for one in found]
    if [*dict.fromkeys(names)] != [*said]:
        return None
    ends = [*(one.start() for one in found[1:]), last.start()]
    values = []
    for one, name, stop in zip(found, told_apart(names), ends, strict=False):
        start = one.end() if one["key"] else one.start()
        raw = text[start:stop].rstrip()
        value = said[name] if one["key"] else None
        is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
        items = tuple(value) if value and is_list else ()
        listed = "\n".join(f"- {item}" for item in items)
        shown = value if isinstance(value, str) else listed or _COMMENT.sub("", raw)
        values.append(Value(name, start, start + len(raw), shown.replace("\r\n", "\n"), items, plain=False))
    behind = next(lines(text, last.start()))[1]
    return FrontMatter(behind, last.start(), tuple(values), is_toml=True)


def written(value: str, likes: Iterable[str] = ()) -> str:
    """Return a text as a value of one line: plain where that is read as the same text, else in quotes.

    A date, a number or a truth value is plain, too, where one of `likes`, values as they are written, is one.

    >>> written("true"), written("true", ["false"]), written("2026-01-31", ["2025-12-24T10:00:00Z"])
    ('"true"', 'true', '2026-01-31')
    """
    if not _UNSAFE.search(value) and not NO_YAML.search(value):
        other = _OTHER.fullmatch(value)
        if not other or any(_sort_of(like) == other.lastgroup for like in likes if other.lastgroup):
            return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    escaped = NO_YAML.sub(lambda found: rf"\u{ord(found[0]):04X}", escaped)
    return f'"{escaped}"'


def _sort_of(raw: str) -> str | None:
    """Return the group of `_OTHER` that a plain value is of; None for a text."""
    found = _OTHER.fullmatch(raw)
    return found.lastgroup if found else None


def _values(text: str, rows: list[tuple[int, int]], report: Report) -> Iterator[Value]:
    """Yield the values, top-level keys in order, those of a nested mapping one by one."""
    values: list[Value] = []
    for match, start, end in _keys(text, rows, 0):
        name = _unquoted(match["key"]).strip()
        nested = [] if text[start:end].strip(" \t").startswith(("|", ">")) else _below(text, start, end)
        values += _nested(text, name, nested, report) if nested else [_value(text, name, start, end, report)]
    for name, value in zip(told_apart(value.name for value in values), values, strict=True):
        if name != value.name:
            words = f"The key {value.name} is given twice, and most tools read the last one only."
            report.add("yaml-key", value.start, value.end, words, level="note")
        yield value._replace(name=name)


def _keys(text: str, rows: list[tuple[int, int]], indent: int) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield each key of an indent, and the span of its value: up to the next one, without blank lines."""
    found = [
        match
        for start, end in rows
        if (match := _KEY.match(text, start, end)) and len(match["indent"]) == indent
    ]
    ends = [*(match.start() for match in found[1:]), *(end for _, end in rows[-1:] if found)]
    for match, end in zip(found, ends, strict=True):
        yield match, match.end(), max(match.end(), len(text[:end].rstrip()) if end else 0)


def _below(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the lines of a mapping that is below its key; none where the value is something else."""
    first, *rest = lines(text[:end], start) if start < end else [(start, end)]
    if text[slice(*first)].strip() or not rest:
        return []
    rows = [row for row in rest if text[slice(*row)].strip()]
    return rows if rows and _KEY.match(text, *rows[0]) and not text[rows[0][0] :].startswith("-") else []


def _nested(text: str, name: str, rows: list[tuple[int, int]], report: Report) -> Iterator[Value]:
    first = _KEY.match(text, *rows[0])
    assert first is not None
    for match, start, end in _keys(text, rows, len(first["indent"])):
        yield _value(text, f"{name}/{_unquoted(match['key']).strip()}", start, end, report)


def _value(text: str, name: str, start: int, end: int, report: Report) -> Value:
    raw = text[start:end]
    if "\n" not in raw and "\r" not in raw:
        if not raw or raw[0] not in "\"'[{|>":
            if length := _marked_length(text, start, raw):
                return Value(name, start, start + length, raw[:length], (), plain=False)
            bare = _COMMENT.sub("", raw).rstrip()
            end = start + len(bare)
            if bare and (fault := _UNSAFE.search(bare)):
                _report_value(report, name, start, end, bare, start + fault.start())
            return Value(name, start, end, bare, (), plain=True)
        if raw and raw[0] in "\"'":
            said = _loaded(raw)
            closed = raw.find(raw[0], 1) if said is None else -1
            if said is None and _fails(raw):
                _report_value(report, name, start, start + len(raw.rstrip()), raw.rstrip())
            return Value(name, start, end, raw if said is None else str(said), (), plain=closed < 0)
    said = _loaded(raw)
    if isinstance(said, list) and all(isinstance(item, str) for item in said):
        items = tuple(said)
        return Value(name, start, end, "\n".join(f"- {item}" for item in items), items, plain=False)
    if said is None and raw[:1] in ("[", "{") and "\n" not in raw and "\r" not in raw and _fails(raw):
        _report_value(report, name, start, start + len(raw.rstrip()), raw.rstrip())
    shown = said if isinstance(said, str) else raw.strip().replace("\r\n", "\n")
    return Value(name, start, end, shown.rstrip("\n"), (), plain=False)


def has_marks(raw: str) -> bool:
    """Whether a value has an anchor, an alias or a tag: a new text would take them from it."""
    if raw[:1] in ("'", '"') or not _MARKED.search(raw):
        return False
    return any(getattr(event, "anchor", None) or getattr(event, "tag", None) for event in _events(raw))


def _marked_length(text: str, start: int, raw: str) -> int:
    """Return the length of a value of one line that begins with an anchor, an alias or a tag; else 0.

    It is up to the blanks and the comment behind it. An alias of nothing in the lines above is no YAML.
    """
    if raw[:1] not in ("&", "*", "!"):
        return 0
    import yaml

    events = _events(raw)
    known = all(
        re.compile(rf"&(?<=[\s\[{{,]&){anchor}(?![\w-])").search(text, 0, start + len(raw))
        for anchor in {event.anchor for event in events if isinstance(event, yaml.AliasEvent)}
    )
    end = events[-1].end_mark if events and known else None
    return end.index - len(_KEYED) if end else 0


def _events(raw: str) -> list[Event]:
    """Return the parts of a value as YAML tells them apart, no alias followed; none where it is no YAML."""
    import yaml

    if _too_deep(raw):
        return []
    try:
        return list(yaml.parse(_KEYED + NO_TEXT.sub("?", raw), yaml.BaseLoader))[4:-3]
    except (yaml.YAMLError, RecursionError, ValueError):
        return []


def _fails(raw: str) -> bool:
    """Whether YAML cannot be made of a value; one with aliases can, though they are not followed here."""
    import yaml

    if _too_deep(raw):
        return True
    try:
        return not list(yaml.parse(NO_TEXT.sub("?", raw), yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return True


def _too_deep(raw: str) -> bool:
    """Whether more brackets are open at once in a value than anybody writes."""
    steps = (1 if sign in "[{" else -1 for sign in raw if sign in "[{]}")
    return max(accumulate(steps), default=0) > _DEEPEST


def _report_value(report: Report, name: str, start: int, end: int, text: str, at: int | None = None) -> None:
    """Report a value of one line, ``[start, end)``, that is no YAML; `at` is the place of the fault."""
    words = f"This value of {name} is not valid YAML; repair puts it in quotes."
    report.add("yaml-value", start if at is None else at, end, words, Splice(start, end, written(text)))


def _report_alias(text: str, values: Iterable[Value], report: Report) -> None:
    """Report the first alias of a front matter: other tools put the value of its anchor in its place."""
    import yaml

    for value in values:
        raw = text[value.start : value.end]
        for event in _events(raw) if not value.plain and _MARKED.search(raw) else ():
            if isinstance(event, yaml.AliasEvent) and event.start_mark:
                at = value.start + event.start_mark.index - len(_KEYED)
                words = f"YAML aliases are not expanded: *{event.anchor} is shown as it is written."
                report.add("yaml-alias", at, at, words, level="note")
                return


def _unquoted(key: str) -> str:
    return key[1:-1] if key[:1] in "\"'" else key


def _loaded(raw: str) -> object:
    """Return the value as YAML reads it, scalars as text; None where it is no YAML."""
    import yaml

    if raw[:1] not in "\"'" and _MARKED.search(raw):  # anchors, aliases and tags mean nothing here
        return None
    if _too_deep(raw):
        return None
    try:
        return yaml.load(raw if raw.startswith(("\n", "\r")) else raw.lstrip(), yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
