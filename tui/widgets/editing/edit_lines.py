"""Lines above and below the fields of a form."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from index.model.counts import count_words
from tui.theme.drawing import BLANK, MEASURE, bar, kind_mark, place, t, wrap
from tui.theme.labels import kind_label
from tui.widgets.base.drawn import Drawn


class EditHead(Drawn):
    """The kind of the entry, and how much has changed."""

    DEFAULT_CSS = "EditHead { width: 1fr; height: 2; }"
    changed: reactive[int] = reactive(0)

    def __init__(self, kind: str, group: str, title: str = "") -> None:
        super().__init__()
        self._kind, self._group, self._title = kind, group, title

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line."""
        name = self._title or kind_label(self._kind)
        kind = t(kind_mark(self._group), (f" {name}", "muted"))
        room = min(width, MEASURE)
        said = f"± {count_words(self.changed, 'field')}" if self.changed else ""
        long = f"{said} changed" if said else ""
        fits = kind.cell_length + 2 + len(long) <= room
        return [bar(room, kind, t((long if fits else f"  {said}", "accent")))]


class EditFoot(Drawn):
    """Where the entry is, and whether it is saved."""

    DEFAULT_CSS = "EditFoot { width: 1fr; height: auto; margin-top: 1; }"
    state: reactive[tuple[int, str]] = reactive((0, ""), layout=True)
    """Number of changed fields, and why they could not be saved."""
    file: reactive[str] = reactive("", layout=True)
    below: reactive[int] = reactive(0)
    """Lines of fields below those in view."""

    def __init__(self, file: str, line: int | None = None) -> None:
        super().__init__()
        self.file = file
        self._line = line

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the lines."""
        changed, error = self.state
        room = min(width, MEASURE)
        where = place(self.file, "" if self._line is None else f":{self._line}", room)
        if error:
            return [where, *wrap(t(("▲ ", "err"), error), room)]
        rest = t((f"↓ {count_words(self.below, 'more line')}", "text")) if self.below > 0 else BLANK
        return [where, bar(room, t(("not saved yet", "warn") if changed else ("no changes", "muted")), rest)]
