"""Entries of a Markdown file, put in, taken out and put back, each as splices of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from index.formats.base import EditRefused
from index.formats.markdown.field_splices import is_title, newline_of
from index.formats.markdown.named_parts import trimmed
from index.formats.markdown.outline import BLANK_LINE, outline
from index.formats.markdown.reading import EntryBlock, MarkdownReading
from index.model.entry import EntryRef
from index.model.problems import Splice

DEEPEST = 6
"""Level of a heading in Markdown that has none below it."""

_BLANK_END = re.compile(rf"{BLANK_LINE.pattern}\Z")
_RULE_LINE = re.compile(r"^[ \t]*(?:-[ \t]*){3,}$", re.M)


def span_of(source: str, reading: MarkdownReading, ref: EntryRef) -> tuple[int, int]:
    """Return where an entry begins and ends, without blank lines and a rule behind it."""
    block = reading.blocks[ref]
    return trimmed(source, block.start, block.end)


def removal(source: str, reading: MarkdownReading, ref: EntryRef) -> Splice:
    """Return the splice that takes an entry out, with the gap behind it."""
    block = reading.blocks[ref]
    if reading.unit != "sections" or block.heading is None:
        raise EditRefused("It is all of its file, or the text above the others: edit it, or delete the file.")
    if is_title(reading, ref):
        raise EditRefused("Its heading is the title of other entries: edit its text.")
    start, end = block.start, block.end
    if ref == len(reading.blocks) - 1:  # the gap before it goes instead
        before = source[:start].rstrip()
        start = len(before) + len(newline_of(source)) if before else 0
        rule = re.search(r"(?:\r\n?|\n)[ \t]*(?:-[ \t]*){3,}\Z", before)
        if rule and not _ends_with_rule(source[:end]):
            start = len(before[: rule.start()].rstrip()) + len(newline_of(source))
    return Splice(start, end, "")


def removed(source: str, reading: MarkdownReading, ref: EntryRef) -> str | None:
    """Return the text that goes when an entry is taken out; None where it cannot be."""
    try:
        start, end, _ = removal(source, reading, ref)
    except EditRefused:
        return None
    return source[start:end]


def gapped(text: str, source: str, at: int) -> str:
    """Return a text that was taken out of a file with the blank lines that it needs at its place in another.

    The last entry of a file goes with the gap above it, each other one with that below.
    """
    if at == len(source) and _BLANK_END.search(source):
        return text.lstrip("\r\n")
    if text.startswith(("\n", "\r")) == (at == len(source)):
        return text
    newline = newline_of(source)
    above = "" if not source[:at].strip() or _BLANK_END.search(source[:at]) else newline
    below = newline if at < len(source) else ""
    return above + text.strip("\r\n") + newline + below


def _ends_with_rule(text: str) -> bool:
    last = text.rstrip().rpartition("\n")[2]
    return bool(_RULE_LINE.fullmatch(last))


def insertion(source: str, reading: MarkdownReading, behind: EntryRef | None, text: str) -> Splice:
    """Return the splice that puts a text behind an entry, or in front of the first one."""
    newline = newline_of(source)
    text = re.sub(r"\r\n?|\n", newline, text.strip("\r\n")) + newline
    rule = _separator(source, reading, newline)
    if behind is None:
        first = next((block for block in reading.blocks if block.heading is not None), None)
        at = first.start if first else len(source)
        if first:
            return Splice(at, at, f"{text}{newline}{rule}")
    else:
        at = reading.blocks[behind].end
        if at < len(source):
            return Splice(at, at, f"{text}{newline}{rule}")
    end = "" if not source or source.endswith(("\n", "\r")) else newline
    gap = newline if source.strip() and not _BLANK_END.search(source + end) else ""
    if rule and not _ends_with_rule(text):
        closed = _ends_with_rule(source)
        text = f"{text}{newline}{rule.rstrip()}{newline}" if closed else rule + text
    return Splice(len(source), len(source), f"{end}{gap}{text}")


def _separator(source: str, reading: MarkdownReading, newline: str) -> str:
    """Return the rule that the file has between its entries, with the blank line behind it; or nothing."""
    blocks = reading.blocks if _ends_with_rule(source) else reading.blocks[:-1]
    ruled = [block for block in blocks if _ends_with_rule(source[block.start : block.end])]
    return f"---{newline}{newline}" if blocks and len(ruled) * 2 >= len(blocks) else ""


def levelled(text: str, level: int) -> str:
    """Return the source of an entry with its heading at a level, those below it as far below."""
    headings = outline(text).headings
    by = level - headings[0].level if headings else 0
    for heading in reversed(headings if by else []):
        at = text.index("#", heading.start)
        text = f"{text[:at]}{'#' * min(DEEPEST, max(1, heading.level + by))}{text[at + heading.level :]}"
    return text


def as_here(text: str, here: MarkdownReading, there: MarkdownReading) -> str:
    """Return an entry of another version with its heading at the level that those here have."""
    differ = here.level and there.level and here.level != there.level
    return levelled(text, here.level) if differ else text


def new_as_here(text: str, here: MarkdownReading, there: MarkdownReading) -> str:
    """Return an entry of another version that is not here: as it was where a title is all that is left."""
    return text if has_title_only(here) else as_here(text, here, there)


def has_title_only(reading: MarkdownReading) -> bool:
    """Whether a file has no entries yet, or no more: its one heading is its title."""
    return reading.level == 1 and len(reading.blocks) == 1


def neighbours(
    was: EntryRef, count: int, twins: Mapping[EntryRef, EntryRef | None]
) -> Iterator[tuple[EntryRef | None, bool]]:
    """Yield the entries here that were nearest to one there: those before it first, then those behind."""
    for ref in range(was - 1, -1, -1):
        if (twin := twins.get(ref)) is not None:
            yield twin, True
            break
    for ref in range(was + 1, count):
        if (twin := twins.get(ref)) is not None:
            yield twin, False
            break
    yield None, True


def level_of(block: EntryBlock) -> int:
    """Return the level of an entry's heading; 2 for one without."""
    return block.heading.level if block.heading else 2
