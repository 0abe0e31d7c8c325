"""The pane that shows the current entry: as a page to read, or as its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Unpack

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.style import Style

from index.model.addresses import Destination
from index.model.counts import count_words
from index.rendering.markdown_parts import is_markdown
from tui.actions import Hint, bindings
from tui.theme.drawing import BLANK, t
from tui.theme.lighting import Spans
from tui.widgets.base.drawn import Options
from tui.widgets.base.lines import AHEAD, ItemPage
from tui.widgets.browse import entry_page
from tui.widgets.browse.page_facts import InView, Page, in_view
from tui.widgets.browse.page_links import FOLLOWING, linked

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry
    from index.model.file_links import References

_LOOK_FOR_MATCH = 2000
"""Lines of a page that are searched for matches, or for the part in view."""

_LOOK_FOR_LINKS = 100_000
"""Characters of an entry that are searched for links before the key that follows them is pressed."""


class Match(NamedTuple):
    """A match on a page: its line, where it begins and ends there, its number, and how many there are."""

    line: int
    start: int
    end: int
    number: int = 0
    total: int = 0


NO_MATCH = Match(-1, 0, 0)


class Preview(ItemPage):
    """Shows one entry; its foot stays while the page scrolls."""

    HELP_TITLE = "Keys: entry"
    HELP_EXAMPLES = FOLLOWING
    FOOTER: Sequence[Hint] = (
        "back",
        "edit",
        "history",
        ("accept", "follow"),
        ("choose", "expand"),
        "copy",
        "source",
        "blame",
        "search",
        "timeline",
    )
    BINDINGS = bindings("choose", "accept")

    class Read(Message):
        """An entry is open to be read: the pane shows it and has the focus."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class Followed(Message):
        """Something is wanted that the page names, or one of several: an entry, a file, a URL."""

        def __init__(self, places: Sequence[Destination]) -> None:
            super().__init__()
            self.places = places

    class BlameWanted(Message):
        """The pane wants to know who last changed each field of its entry."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

        def can_replace(self, message: Message) -> bool:
            """Only the last entry counts."""
            return isinstance(message, Preview.BlameWanted)

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.blaming = False
        """Whether each field says who last changed it, and when."""
        self._origins: Mapping[str, str] = {}
        self.entry: Entry | None = None
        self.cause = ""
        """Problem of the entry's file; empty without one."""
        self.gone: Deleted | None = None
        """Who deleted the entry, and when; None when it is there."""
        self._wanted_top: tuple[str, int] | None = None
        """Id of an entry that was left, and the line of its page that was the first in view."""
        self._references: References | None = None
        self._by_id: Mapping[str, Entry] = {}
        self._places: Mapping[str, Destination] | None = None
        self.source: str | None = None
        """The entry's source while that is shown."""
        self._now = datetime.now(UTC)
        self.spans: Spans | None = None
        self._text = ""
        self._unfolded: frozenset[str] = frozenset()
        self._folds = False
        """Whether a long value of the entry is folded, or was until it was unfolded."""
        self._offered: Sequence[Hint] = ()
        """Keys that the footer was last told of."""
        self._linked: list[Destination] | None = None
        """Places that the page names; None until they are asked for."""
        self._feet: dict[tuple[int, str], list[Content]] = {}
        self._match = NO_MATCH
        """The match that was stepped to."""

    def show_entry(
        self,
        entry: Entry | None,
        now: datetime,
        spans: Spans | None = None,
        *,
        text: str = "",
        cause: str = "",
        gone: Deleted | None = None,
    ) -> None:
        """Show an entry from its first match on, from its top where the query is its id; None: there is none.

        `text` is the query. The entry that is shown already stays where it is scrolled to, unless the
        query is another one.
        """
        wanted, self._wanted_top = self._wanted_top, None
        if wanted is not None and entry is not None and wanted[0] == entry.id:
            self.call_after_refresh(self.scroll_lines, wanted[1])
        elif wanted is not None:
            self._wanted_top = wanted
        keep = entry is not None and (text, entry.id) == (self._text, self.entry and self.entry.id)
        if keep and entry == self.entry and (cause, gone) == (self.cause, self.gone):
            return
        self.gone = gone
        self.entry, self._now, self.spans, self._text, self.cause = entry, now, spans, text, cause
        self.source = None
        if not keep:
            self._unfolded, self._folds = frozenset(), False
            self._origins, self._places = {}, None
        self._lay_out(keep)
        self._ask_blame()
        if self.has_focus:
            self._tell_read()
        named = entry is not None and text.strip(' "').casefold() == entry.own_id.casefold()
        if not keep and spans is not None and not named:
            self._go_to_match()

    def return_to(self, entry_id: str, top: int) -> None:
        """Show an entry from a line on, once it is shown."""
        self._wanted_top = entry_id, top

    @property
    def footer(self) -> Sequence[Hint]:
        """The keys of `FOOTER` that do something on the page in view."""
        links = [] if self._is_long else self.linked()
        idle = set() if links or self._is_long else {"accept"}
        if not self._folds or self.source is not None:
            idle.add("choose")
        fold: Hint = ("choose", "fold" if self._unfolded else "expand")
        follow: Hint = ("accept", f"follow, or 1-{min(len(links), 9)}" if len(links) > 1 else "follow")
        keys = {hint if isinstance(hint, str) else hint[0]: hint for hint in self.FOOTER}
        keys |= {"choose": fold, "accept": follow}
        return [hint for action, hint in keys.items() if action not in idle]

    @property
    def _is_long(self) -> bool:
        entry = self.entry
        return entry is not None and sum(len(field.text) for field in entry.fields) > _LOOK_FOR_LINKS

    def measure(self) -> None:
        """Tell the keys too, which follow from the lines that are laid out."""
        super().measure()
        if self.has_focus and (offered := self.footer) != self._offered:
            self._offered = offered
            self.post_message(self.KeysChanged())

    def on_focus(self) -> None:
        """Count the entry as read from now on."""
        self._tell_read()

    def _tell_read(self) -> None:
        if self.entry is not None:
            self.post_message(self.Read(self.entry))

    def show_source(self, source: str | None) -> None:
        """Show the entry's source; None: the page again."""
        self.source = source
        self._lay_out(keep=False)

    def show_references(self, references: References, entries: Mapping[str, Entry]) -> None:
        """Make the ids that a page names links, and say who names its entry, from now on."""
        if references is not self._references:
            self._references, self._by_id = references, entries
            self._lay_out(keep=True)

    def show_places(self, entry_id: str, places: Mapping[str, Destination]) -> None:
        """Make the files and memories that the page names links, unless another entry is shown by now."""
        if self.entry is not None and self.entry.id == entry_id and places != self._places:
            self._places = places
            self._lay_out(keep=True)

    def linked(self) -> list[Destination]:
        """Return the places that the page names: entries, files, URLs; and the entries that name its own."""
        if self._linked is None and self.entry is not None:
            self._linked = linked(self._page(self.entry), self._references, self._by_id)
        return self._linked or []

    def action_accept(self) -> None:
        """Go to the entry, the file or the URL that the page names, or to one of several."""
        if self.entry is not None:
            self.post_message(self.Followed(self.linked()))

    def toggle_blame(self) -> None:
        """Say beside each field who last changed it, or no longer."""
        self.blaming = not self.blaming
        self._origins = {}
        self._lay_out(keep=True)
        self._ask_blame()

    def show_blame(self, entry_id: str, origins: Mapping[str, str]) -> None:
        """Show the facts found on an entry, field by field, unless another one is shown by now."""
        if self.blaming and self.entry is not None and self.entry.id == entry_id:
            self._origins = origins
            self._lay_out(keep=True)

    def _ask_blame(self) -> None:
        if self.blaming and self.entry is not None:
            self.post_message(self.BlameWanted(self.entry))

    def _lay_out(self, keep: bool) -> None:
        entry = self.entry
        self._feet, self._match, self._linked = {}, NO_MATCH, None
        if entry is None:
            self.show(lambda width: [BLANK, t("  ", ("No entry to show.", "muted"))])
        elif self.source is not None:
            page, source = self._page(entry), self.source
            self.show(lambda width: entry_page.source_lines(page, source, width, self.tones.ansi), keep=keep)
        else:
            page = self._numbered(entry)
            self.show(lambda width: self._noted(page._replace(ansi=self.tones.ansi), width), keep=keep)

    def _noted(self, page: Page, width: int) -> Iterator[Content]:
        """Lay a page out, and note whether a value is folded in it, which follows from the width."""
        self._folds = self._unfolded != frozenset()
        for line in entry_page.lines(page, width):
            styles = (one.style for one in line.spans if isinstance(one.style, Style))
            self._folds |= any("unfold" in style.meta for style in styles)
            yield line

    def _numbered(self, entry: Entry) -> Page:
        """Return a page with the keys of its first links, once all links are known."""
        links = [] if self._is_long or self._places is None else self.linked()
        numbers = {place._replace(name=""): n for n, place in enumerate(links[:9], 1)}
        return self._page(entry)._replace(numbers=numbers)

    def _page(self, entry: Entry) -> Page:
        page = Page(entry, self._now, self.spans, self._unfolded, places=self._places or {})
        page = page._replace(markdown=is_markdown(entry.file), origins=self._origins)
        if (known := self._references) is not None:
            by = filter(None, map(self._by_id.get, known.by.get(entry.id, ())))
            page = page._replace(links=known.links, mentions=[*by])
        return page

    def _go_to_match(self) -> None:
        if not self.content_size.width:
            return
        for y in range(_LOOK_FOR_MATCH):
            self.ensure(y + 1)
            if y >= len(self.laid_out):
                return
            if any(span.style == "lit" for span in self.laid_out[y].spans):
                if y >= self.room:
                    self.scroll_lines(y - self.room // 3)
                return

    def step_match(self, by: int) -> bool:
        """Go on to the next match of the query, or back to the one before; False where there is none.

        Long values are unfolded first; behind the last match comes the first again.
        """
        if self.entry is None or self.spans is None:
            return False
        if self._unfolded == frozenset() and self.source is None:
            self.action_choose()
        self.ensure(_LOOK_FOR_MATCH)
        found = [
            (y, span.start, span.end)
            for y, line in enumerate(self.laid_out)
            for span in line.spans
            if span.style == "lit"
        ]
        if not found:
            return False
        if self._match[:3] in found:
            number = (found.index(self._match[:3]) + by) % len(found)
        else:
            after = (n for n, place in enumerate(found) if place[0] >= self.top)
            number = next(after, 0) if by > 0 else (next(after, len(found)) - 1) % len(found)
        self._match = Match(*found[number], number + 1, len(found))
        self.reveal(self._match.line, self._match.line)
        self.refresh()
        return True

    @property
    def in_view(self) -> InView:
        """The part of the entry that is in view."""
        if self.entry is None or self.source is not None or self.top > _LOOK_FOR_MATCH:
            return InView()
        lines = entry_page.lines(self._numbered(self.entry)._replace(parts=True), self.content_size.width)
        return in_view(islice(lines, self.top, self.top + self.room), scrolled=self.top > 0)

    # ── painting ──────────────────────────────────────────────────────────────

    def paint(self, y: int, width: int) -> Strip:
        """Paint a line; the match that was stepped to is marked."""
        line, match = self.line(y), self._match
        if y == match.line and any((span.start, span.end) == match[1:3] for span in line.spans):
            strip = self.tones.strip(line.stylize("choice", *match[1:3]), width, self.visual_style)
            return self.placed(strip, y)
        return super().paint(y, width)

    @property
    def room(self) -> int:
        """How many lines are above the foot."""
        height = self.content_size.height
        if self.entry is None:
            return height
        return max(1, height - 1 - len(self._foot("")))

    def render_line(self, y: int) -> Strip:
        """Paint a line of the page or of its foot."""
        width, room = self.content_size.width, self.room
        if y < room:
            return super().render_line(y)
        entry = self.entry
        if entry is None or y == room:
            return Strip.blank(width, self.visual_style.rich_style)
        foot = self._foot(self._more())
        line = foot[y - room - 1] if y - room - 1 < len(foot) else BLANK
        return self.tones.strip(line, width, self.visual_style)

    def _foot(self, more: str) -> list[Content]:
        if self.entry is None:
            return []
        key = (self.content_size.width, more)
        if key not in self._feet:
            self._feet[key] = entry_page.foot(self.entry, self.cause, more, key[0], self.gone)
        return self._feet[key]

    def _more(self) -> str:
        rest = self.total - self.top - self.shown_lines
        if rest <= 0:
            more = ""
        elif not self.complete:
            more = "↓ more than " + f"{AHEAD} lines" if rest >= AHEAD else "↓ more lines"
        else:
            more = f"↓ {count_words(rest, 'more line')}"
        at = f"match {self._match.number} of {self._match.total}" if self._match.total else ""
        return " · ".join(filter(None, (at, more)))

    # ── keys and mouse ────────────────────────────────────────────────────────

    def action_choose(self) -> None:
        """Unfold every long value, or fold them all again."""
        if self.entry is not None:
            self._unfold(frozenset() if self._unfolded else frozenset(f.name for f in self.entry.fields))

    def _unfold(self, names: frozenset[str]) -> None:
        self._unfolded = names
        self._lay_out(keep=True)

    async def on_click(self, event: events.Click) -> None:
        """Unfold the value whose last line says that there is more; follow a link."""
        place = event.style.meta.get("place")
        if place:
            event.stop()
            self.post_message(self.Followed([place]))
        name = event.style.meta.get("unfold")
        if name:
            event.stop()
            self._unfold(self._unfolded | {name})
