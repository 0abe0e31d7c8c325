"""All that the page of an entry depends on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.content import Content, Span
from textual.style import Style

from index.model.addresses import Destination, addresses
from tui.theme.drawing import wrap
from tui.theme.lighting import Spans, goes_across, lit, lit_across
from tui.theme.sanitize import wants_ascii

if TYPE_CHECKING:
    from datetime import datetime

    from index.model.entry import Entry

_RAISED: Final = "¹²³⁴⁵⁶⁷⁸⁹"
"""The numbers of links: they are read past, as those of footnotes."""


class Page(NamedTuple):
    """All that a page depends on."""

    entry: Entry
    now: datetime
    spans: Spans | None = None
    """None: nothing was searched for."""
    unfolded: frozenset[str] = frozenset()
    """Names of the fields to show whole."""
    ansi: bool = False
    markdown: bool = False
    """Whether the texts are Markdown."""
    origins: Mapping[str, str] = {}
    """Who last changed a field and when, by its name."""

    links: Callable[[str], Iterable[tuple[int, int, str]]] | None = None
    """Finds the ids that a text names: where, and the id of the entry; None: nothing is known of them."""
    places: Mapping[str, Destination] = {}
    """The files and memories that are there, by the addresses in the texts that lead to them."""
    mentions: Sequence[Entry] = ()
    """Entries that name this one."""
    numbers: Mapping[Destination, int] = {}
    """The keys that follow links, by the places that they lead to, without their names."""
    parts: bool = False
    """Whether each line says which field and block of code it is of: for `in_view`, not to be painted."""

    def of_part(self, part: Mapping[str, str | int], lines: Iterator[Content]) -> Iterator[Content]:
        """Return lines that say which part of the entry they are of, where that is wanted."""
        style = Style.from_meta({**part}) if self.parts else None
        return (line.stylize(style) for line in lines) if style is not None else lines

    def lit(self, line: Content) -> Content:
        """Light the matches in a line, and make the ids that it names links."""
        if self.links is not None:
            for start, end, target in self.links(line.plain):
                if target != self.entry.id:
                    line = line.stylize("link", start, end).stylize(link_to(target), start, end)
        return self.lit_only(line)

    def lit_only(self, line: Content) -> Content:
        """Light the matches in a line whose links are known."""
        return lit(line, self.spans(line.plain)) if self.spans is not None and line.plain else line

    def wrapped(self, text: Content, width: int) -> list[Content]:
        """Light the matches in a text, and break it into lines: words found together may come apart there."""
        return wrap(self.numbered(self.lit(text)), width)

    def lit_across(self, text: str, rows: Iterator[Content]) -> Iterator[Content]:
        """Light the matches in a text that go across the ends of its lines, in the rows that show it."""
        across = self.spans is not None and goes_across(text, self.spans)
        return lit_across(rows, self.spans) if self.spans is not None and across else rows

    def numbered(self, line: Content) -> Content:
        """Put behind each link in a line the key that follows it, if it has one.

        The address of a Markdown link follows its words, and needs no number of its own.
        """
        ends: dict[int, int] = {}
        words = {span.end for span in line.spans if span.style == "link"} if self.numbers else ()
        for span in (one for one in line.spans if one.end in words):
            place = span.style.meta.get("place") if isinstance(span.style, Style) else None
            if place is not None and (number := self.numbers.get(place._replace(name=""))):
                ends[span.end] = number
        for end, number in sorted(ends.items(), reverse=True):
            line = _with_note(line, end, f"[{number}]" if wants_ascii() else _RAISED[number - 1])
        return line

    def linked(self, text: Content) -> Content:
        """Make the addresses in a text links, before it is broken into lines."""
        for one in addresses(text.plain):
            place = self.place_of(one.target, url=one.form == "url")
            if place is not None:
                text = text.stylize("link", one.start, one.end).stylize(lead_to(place), one.start, one.end)
        return text

    def place_of(self, target: str, *, url: bool) -> Destination | None:
        """Return the place that an address leads to; None where that is not there, or not followed."""
        if url:
            return Destination(target, url=target)
        return self.places.get(target) or self.places.get(target.partition("#")[0])

    def matches(self, text: str) -> bool:
        """Whether the query is found in a text."""
        return self.spans is not None and any(self.spans(text))


class InView(NamedTuple):
    """The part of an entry that fills most of the view, or is at its top."""

    field: str = ""
    """Name of the field; empty where the entry is in view as a whole."""
    code: int = 0
    """The mark of the block of code; 0 for the field as a whole."""


def in_view(lines: Iterable[Content], *, scrolled: bool) -> InView:
    """Return the part that has more than half of the lines; of a scrolled page else the one at its top.

    That is the first one with two lines in view: of one with a single line the rest was scrolled away.
    """
    said = [_part(line) for line in lines if line.plain.strip()]
    parts = Counter(part for part in said if part.field)
    most = max(parts, key=parts.__getitem__, default=InView())
    if 2 * parts[most] > len(said):
        return most
    return next((part for part in parts if parts[part] > 1), most) if scrolled else InView()


def _part(line: Content) -> InView:
    """Return the part of an entry that a line of its page is of."""
    styles = [one.style.meta for one in line.spans if isinstance(one.style, Style)]
    held = {name: at for meta in styles for name, at in meta.items()}
    return InView(held.get("part", ""), held.get("code", 0))


def code_mark(text: str) -> int:
    """Return a number that tells a block of code from others, however it is indented."""
    return hash(" ".join(text.split())) or 1


def _with_note(line: Content, at: int, note: str) -> Content:
    """Put a note into a line; a style on both sides of it stays one piece."""
    moved = [
        Span(span.start + len(note) * (span.start >= at), span.end + len(note) * (span.end > at), span.style)
        for span in line.spans
    ]
    text = line.plain[:at] + note + line.plain[at:]
    return Content(text, [*moved, Span(at, at + len(note), "note")])


def lead_to(place: Destination) -> Style:
    """Return the style that leads to a place when it is clicked."""
    return Style.from_meta({"place": place})


def link_to(entry_id: str) -> Style:
    """Return the style that leads to an entry when it is clicked."""
    return lead_to(Destination("", entry_id=entry_id))
