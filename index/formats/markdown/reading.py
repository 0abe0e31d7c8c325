"""Entries of a Markdown file: units by its layout, then by its structure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from index.formats.charsets import HALF_A_LETTER, half_a_letter, letter_of, may_be_pasted, unknown_bytes
from index.formats.conflict_markers import find_markers
from index.formats.entry_making import Record, SharedValues, key_of, make_entries
from index.formats.markdown.front_matter import FrontMatter, Value, read_front_matter
from index.formats.markdown.layouts import FileLayout, layout_of
from index.formats.markdown.named_parts import Part, fields_of, read_parts
from index.formats.markdown.outline import Fence, Heading, Outline, lines, outline
from index.formats.markdown.plain_text import plain
from index.model.counts import count_words
from index.model.entry import Entry
from index.model.field import Field, FieldColumns
from index.model.problems import GiveUp, Problem, Report, Splice, without_broken_promises
from index.model.text.line_index import LineIndex
from index.model.timestamps import parse as parse_time
from index.model.vocabulary import fold, role

FORMS = {
    "id": re.compile(r"[A-Z]{2,10}-(?:\d{4,8}-)?[0-9A-Z]{1,8}"),
    "date": re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"),
}
"""Texts that are an id, or a date, in a heading."""
_ID = re.compile(rf"\[?\b(?P<id>{FORMS['id'].pattern})\b\]?:?[ \t]*(?:[-–—][ \t]+)?")
_DATE = re.compile(rf"\[?(?P<date>{FORMS['date'].pattern})\]?[ \t]*(?:[-–—:|][ \t]+)?")
_NAMED_BY_DATE = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)")
_LINK_ITEM = re.compile(r"^ {0,3}[-*+][ \t]+.*?(?:\]\([^)\s]+\)|\[\[[^\]]+\]\])", re.M)
_ANY_ITEM = re.compile(r"^ {0,3}[-*+][ \t]+\S", re.M)
_NO_NAME = re.compile(r"[\r\n]|\A[-*+] |\]\(|\[\[")
"""A text of several lines, a list, or a link."""
_WRONG_BYTE = re.compile("[\udc80-\udcff]")
"""A byte that was no UTF-8 and is kept as it is."""
_LONGEST_NAME = 60
"""Characters of a section that may be the name of a project."""
_MOSTLY = 0.6
"""Share of its items that are links, from which on a list of notes is an index."""
_PARTLY = 0.3
"""Share from which on one may have been an index once."""
_TELLING = frozenset({"name", "title", "description", "permalink"})
"""Keys of a front matter that tell that all of the file is one entry."""


class EntryBlock(NamedTuple):
    """An entry as it is in the file."""

    start: int
    """Offset of its first line."""
    end: int
    """Offset behind its last line, blank lines and a rule behind it included."""
    heading: Heading | None
    parts: tuple[Part, ...]


class MarkdownReading(NamedTuple):
    """A Markdown file, read."""

    entries: list[Entry]
    blocks: tuple[EntryBlock, ...]
    """Of each entry, by its `ref`."""
    problems: tuple[Problem, ...]
    front: FrontMatter | None
    unit: str
    level: int = 0
    """That of the headings which begin sections; 0 without."""

    @property
    def rule(self) -> str:
        """The way in which its entries were found: the unit, of sections with the level, `sections:2`."""
        return f"{self.unit}:{self.level}" if self.level else self.unit


def read_markdown(text: str, path: str, rule: str = "") -> MarkdownReading:
    """Return the entries of a text, in order.

    Args:
        text: all of the file, without a byte order mark.
        rule: that of another version, `MarkdownReading.rule` or its unit alone; empty where the layout and
            the structure tell.
    """
    layout = layout_of(path)
    front, seen, problems = _structure(text)
    unit, _, level = rule.partition(":")
    if not unit:
        unit = _unit(text, layout, front, seen)
        if layout.unit == "index" != unit:
            problems = tuple(sorted((*problems, *_half_an_index(text)), key=lambda problem: problem.start))
    begins = (int(level) if level else _level(text, seen)) if unit == "sections" else 0
    if unit == "sections":
        blocks = _sections(text, front, seen, begins)
    else:
        blocks = (_whole(text, front, seen),) if text.strip() else ()
    entries = _entries(text, path, layout, blocks, front, unit, broken=_has_error(problems))
    return MarkdownReading(entries, blocks, problems, front, unit, begins)


def is_broken(text: str) -> bool:
    """Whether a text has an error in it, which takes no look at its entries."""
    try:
        return _has_error(_structure(text).problems)
    except GiveUp:
        return True


class _Structure(NamedTuple):
    """The parts of a reading that neither the path nor the rule of a file tells."""

    front: FrontMatter | None
    seen: Outline
    problems: tuple[Problem, ...]


@lru_cache(maxsize=4)  # a text is often read by another rule, or asked for its errors, soon after
def _structure(text: str) -> _Structure:
    report = Report(text)
    front = read_front_matter(text, report)
    seen = outline(text, front.end if front else 0)
    _check(text, front, seen, report)
    problems = without_broken_promises(report.problems)
    return _Structure(front, seen, tuple(sorted(problems, key=lambda problem: problem.start)))


def _has_error(problems: Sequence[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _unit(text: str, layout: FileLayout, front: FrontMatter | None, seen: Outline) -> str:
    if layout.unit == "index":
        items = len(_ANY_ITEM.findall(text))
        linked = items and _links(text) >= _MOSTLY * items
        return "index" if linked else "sections"
    if layout.unit:
        return layout.unit
    if front and any(value.name in _TELLING for value in front.values):
        return "file"
    level = _level(text, seen)
    begun = [heading for heading in seen.headings if heading.level == level]
    told = sum(bool(_marks(text, heading)) for heading in begun)
    return "sections" if len(begun) > 1 and told * 2 > len(begun) else "file"


def _links(text: str) -> int:
    return len(_LINK_ITEM.findall(text))


def _half_an_index(text: str) -> Iterator[Problem]:
    """Yield the note that a list of links has too many other items to be read as an index."""
    items, links = [*_ANY_ITEM.finditer(text)], _links(text)
    if links < _PARTLY * len(items) or not links:
        return
    first = next(item for item in items if not _LINK_ITEM.match(text, item.start()))
    words = (
        f"{links} of {len(items)} items here are links, so each section is an entry; "
        f"from {_MOSTLY:.0%} on all of it is one index. This is the first item without a link."
    )
    place = LineIndex(text).locate(first.start())
    yield Problem("half-index", first.start(), first.end(), *place, words, level="note")


def _marks(text: str, heading: Heading) -> re.Match[str] | None:
    """Return the id or the date that a heading begins with."""
    return _ID.match(text, heading.title_start, heading.title_end) or _DATE.match(
        text, heading.title_start, heading.title_end
    )


def _level(text: str, seen: Outline) -> int:
    """Return the level of the sections: the highest, or the one below a single title; 0 without headings.

    Not the first that repeats: that would change as the last but one is deleted. `## ERR-1` is no title.
    """
    counts = Counter(heading.level for heading in seen.headings)
    levels = sorted(counts)
    if not levels:
        return 0
    first = next(heading for heading in seen.headings if heading.level == levels[0])
    own = first.level > 1 or text.startswith("[", first.title_start)  # `# UTF-8 notes` has none
    named = own and _ID.match(text, first.title_start, first.title_end)
    return levels[counts[first.level] == 1 and len(levels) > 1 and not named]


def _whole(text: str, front: FrontMatter | None, seen: Outline) -> EntryBlock:
    """Return all of a file as one block: front matter, its title, its text and sections."""
    begin = front.end if front else 0
    title = seen.headings[0] if seen.headings and not text[begin : seen.headings[0].start].strip() else None
    alone = title and sum(heading.level <= title.level for heading in seen.headings) == 1
    heading = title if alone else None
    inside = [one for one in seen.headings if one is not heading]
    values = [Part(value.name, "value", value.start, value.end) for value in front.values] if front else []
    parts = _parts(text, heading, (heading.end if heading else begin, len(text)), seen, inside)
    return EntryBlock(0, len(text), heading, (*values, *parts))


def _sections(text: str, front: FrontMatter | None, seen: Outline, level: int) -> tuple[EntryBlock, ...]:
    """Return each section of a level as a block, and the text before them, if any."""
    begin = front.end if front else 0
    starts = [heading for heading in seen.headings if heading.level <= level]
    if not starts:
        return (_whole(text, front, seen),) if text.strip() else ()
    blocks = []
    values = [Part(value.name, "value", value.start, value.end) for value in front.values] if front else []
    lead = tuple(read_parts(text, (begin, starts[0].start), seen, ()))
    if values or lead:
        blocks.append(EntryBlock(0, starts[0].start, None, (*values, *lead)))
    ends = [heading.start for heading in starts[1:]] + [len(text)]
    places = [one.start for one in seen.headings]  # in order: a walk over all for each takes their square
    for heading, end in zip(starts, ends, strict=True):
        inside = seen.headings[bisect_right(places, heading.start) : bisect_left(places, end)]
        parts = tuple(_parts(text, heading, (heading.end, end), seen, inside))
        if heading.level < level and not any(part.form != "title" for part in parts):
            continue  # the title of the file, or of a group
        blocks.append(EntryBlock(heading.start, end, heading, parts))
    return tuple(blocks)


def _parts(
    text: str, heading: Heading | None, span: tuple[int, int], seen: Outline, inside: Sequence[Heading]
) -> list[Part]:
    """Return the parts of an entry: of its heading, then of the text below it."""
    parts = _title_parts(text, heading) if heading else []
    top = min((one.level for one in inside), default=0)
    return parts + list(read_parts(text, span, seen, [one for one in inside if one.level == top]))


def _title_parts(text: str, heading: Heading) -> list[Part]:
    """Return the id, the date and the title of a heading, each where it is written."""
    at, end, parts = heading.title_start, heading.title_end, []
    for name, pattern in (("id", _ID), ("date", _DATE)):
        found = pattern.match(text, at, end)
        if found and found.end() < end:
            parts.append(Part(name, name, *found.span(name)))
            at = found.end()
    return [*parts, Part("title", "title", at, end)]


def _entries(
    text: str,
    path: str,
    layout: FileLayout,
    blocks: Sequence[EntryBlock],
    front: FrontMatter | None,
    unit: str,
    *,
    broken: bool,
) -> list[Entry]:
    index, stem = LineIndex(text), path.rpartition("/")[2].rpartition(".")[0] or path
    values = {value.name: value for value in front.values} if front else {}
    records = []
    for ref, block in enumerate(blocks):
        fields = _fields(text, block, values)
        kind = _kind(fields, layout.kind, unit)
        key = stem if unit != "sections" else _heading_key(text, block, stem)
        records.append(Record(FieldColumns.of(fields), kind, (), index.locate(block.start)[0], ref, key))
    entries = make_entries(records, path, _shared(path), broken=broken, alone=False)
    for entry, block in zip(entries, blocks, strict=True):
        _complete(entry, text, block, path, stem)
    return entries


def _fields(text: str, block: EntryBlock, values: dict[str, Value]) -> tuple[Field, ...]:
    """Return the fields of a block; those of the front matter as YAML reads them."""
    return tuple(
        field._replace(text=values[part.name].text, items=values[part.name].items)
        if part.form == "value"
        else field
        for field, part in zip(fields_of(text, block.parts), block.parts, strict=True)
    )


def _kind(fields: Sequence[Field], usual: str, unit: str) -> str:
    if unit == "index":
        return "index"
    said = next(
        (field.text for field in fields if field.name in ("type", "metadata/type") and field.text), ""
    )
    return fold(said)[:40] if said and "\n" not in said else usual


def _heading_key(text: str, block: EntryBlock, stem: str) -> str:
    """Return the key of a section without an id: the words of its heading."""
    if block.heading is None:
        return stem
    return key_of(plain(text[block.heading.title_start : block.heading.title_end]).lower())


def _shared(path: str) -> SharedValues:
    """Return the values that the place of a file gives to its entries: a day in its name."""
    found = _NAMED_BY_DATE.search(path.rpartition("/")[2])
    when: datetime | None = parse_time(found["date"]) if found else None
    return SharedValues("", when, ())


def _complete(entry: Entry, text: str, block: EntryBlock, path: str, stem: str) -> None:
    """Add to an entry the facts that its fields lack: a title, the agent whose memory it is."""
    names = {part.name for part in block.parts}
    entry.title = plain(entry.title)
    entry.tags = tuple(dict.fromkeys(tag.lstrip("#") for tag in entry.tags if tag.strip("#")))
    if not names & {"title", "name"}:
        entry.title = " ".join(re.split(r"[-_\s]+", stem)).strip().capitalize() or stem
    told = [part for part in block.parts if part.form == "section" and role(part.name) == "project"]
    said = [text[part.start : part.end] for part in told]
    if any(len(one) > _LONGEST_NAME or _NO_NAME.search(one) for one in said):
        entry.project = ""  # a section about projects names none
    folders = path.split("/")[:-1]
    for place in ("agent-memory", "agent-memory-local"):
        if not entry.agent and place in folders[:-1]:
            entry.agent = folders[folders.index(place) + 1]


def _check(text: str, front: FrontMatter | None, seen: Outline, report: Report) -> None:
    """Report conflicts that git left, fences without an end, a second front matter below the first."""
    _report_conflicts(text, seen, report)
    for fence in seen.fences:
        if not fence.closed:
            words, splice = _open_fence(text, fence)
            report.add("open-fence", fence.start, fence.start, words, splice, guesses=True)
    if not text.isascii():
        _report_bytes(text, report)
    if front:
        behind = text[front.end :].lstrip("\r\n")
        again = read_front_matter(behind, Report(behind))
        if again and again.values:
            at = len(text) - len(behind)
            words = "A second front matter follows the first."
            report.add("second-front-matter", at, at, words, level="note")


def _report_conflicts(text: str, seen: Outline, report: Report) -> None:
    """Report conflicts that git left; one that lies in a code block may be an example of the text."""
    markers = find_markers(text)
    ends = [marker.end for marker in markers if marker.kind == ">"]
    for marker, end in zip((one for one in markers if one.kind == "<"), ends, strict=True):
        if any(fence.closed and fence.start < marker.start and end < fence.end for fence in seen.fences):
            words = "This code block shows a merge conflict: if git left it here, take one side of it."
            report.add("conflict", marker.start, marker.end, words, level="note")
        else:
            words = "Git left a merge conflict here: take one side of it."
            report.add("conflict", marker.start, marker.end, words)


def _report_bytes(text: str, report: Report) -> None:
    """Report the bytes that are no UTF-8, all of them as one problem."""
    found = list(_WRONG_BYTE.finditer(text))
    half = half_a_letter(text)
    if not found:
        return
    first = found[0].span()
    splices = [Splice(*wrong.span(), letter_of(ord(wrong[0]) - 0xDC00)) for wrong in found]
    if half:
        cut = Splice(len(text) - half, len(text), "\ufffd")
        report.add("half-letter", *first, HALF_A_LETTER, cut, guesses=True)
    elif not may_be_pasted(text):
        report.add("unknown-bytes", *first, unknown_bytes(len(found), "UTF-8"))
    else:
        words = f"Byte 0x{ord(found[0][0]) - 0xDC00:02X} is not UTF-8; repair takes it for {splices[0].text}."
        if len(found) > 1:
            count = count_words(len(found), "byte")
            words = f"From here on {count} are not UTF-8; repair takes them for letters of Windows-1252."
        report.add("wrong-byte", *first, words, *splices, guesses=True)


def _open_fence(text: str, fence: Fence) -> tuple[str, Splice]:
    """Return the words for a fence without an end, and the line that closes it before the next heading."""
    _, begin = next(lines(text, fence.start))
    found = re.compile(r"^#{1,6} ", re.M).search(text, begin)
    at = len(text[: found.start()].rstrip()) if found else len(text.rstrip())
    newline = "\r\n" if "\r\n" in text else "\n"
    where = "before the next heading" if found else "at the end of the file"
    words = f"This code block has no end, so all that follows is read as code; repair closes it {where}."
    return words, Splice(at, at, newline + fence.ticks)
