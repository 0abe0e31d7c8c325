"""Two versions against each other with a foot below, and the ways to look at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, Unpack

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from index.model.text.text_diff import stats
from tui.theme.drawing import BLANK, plain, t
from tui.widgets.base.drawn import Options
from tui.widgets.editing.diff_view import MINUS
from tui.widgets.history.compare_rows import BESIDE
from tui.widgets.history.compare_view import CompareView, Comparison, Foot
from tui.widgets.history.file_compare import FileComparison

AnyComparison = Comparison | FileComparison
"""Two versions of an entry, or of a file, against each other."""


class ComparisonLayout(Protocol):
    """Lays a comparison out for a width in cells."""

    def __call__(self, width: int, *, beside: bool, source: bool) -> Iterable[Content]:
        """Yield its lines: side by side or below each other, of the fields or of the source."""


class ComparePane(Vertical):
    """Shows a comparison by field, or by line of the source; side by side where there is room."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.view = CompareView(id="compare")
        self.foot = Foot(self.view, id="foot")
        self.source = False
        """Whether the source is compared."""
        self._beside: bool | None = None
        """Side by side or not, when the user chose; None: by the width."""
        self._layout: ComparisonLayout | None = None

    def compose(self) -> ComposeResult:
        """Yield comparison and foot."""
        yield self.view
        yield self.foot

    def show(self, layout: ComparisonLayout, foot: Sequence[Content] = (), *, keep: bool = False) -> None:
        """Show another comparison; `keep` stays at the line in view."""
        self._layout, self.foot.lines = layout, foot
        self._lay_out(keep=keep)

    def toggle_source(self) -> None:
        """Compare the source, or the fields again."""
        self.source = not self.source
        self._lay_out(keep=False)

    def toggle_beside(self) -> None:
        """Compare side by side, or below each other."""
        self._beside = not self._is_beside(self.view.size.width)
        self._lay_out(keep=True)

    def _is_beside(self, width: int) -> bool:
        return width >= BESIDE if self._beside is None else self._beside

    def _lay_out(self, *, keep: bool) -> None:
        layout, source = self._layout, self.source
        if layout is not None:
            self.view.show(
                lambda width: layout(width, beside=self._is_beside(width), source=source), keep=keep
            )


class ComparingKeys:
    """Answers the keys of a screen that change the view of its comparison."""

    compared: ComparePane
    """The comparison."""

    def action_source(self) -> None:
        """Compare the source, or the fields again."""
        self.compared.toggle_source()

    def action_side_by_side(self) -> None:
        """Compare side by side, or below each other."""
        self.compared.toggle_beside()


def foot_lines(shown: AnyComparison, file: str) -> Iterator[Content]:
    """Yield the facts about the newer version; `file` is where the entry is now, or the file."""
    version = shown.after
    if version.broken:
        yield t(("▲ ", "err"), ("its file was not well-formed then", "muted"))
    if version.path != file:
        yield t(("in ", "muted"), plain(version.path, "muted"))
    if version.rev is None:
        yield t(("on disk", "text"), ("  not committed yet", "muted"))
        return
    added, removed = stats(shown.source)
    count = BLANK if shown.alone else t((f"+{added} ", "ok"), (f"{MINUS}{removed}  ", "err"))
    subject = version.message.partition("\n")[0]
    yield t(count, (version.rev[:7], "text"), "  ", plain(subject, "muted"))
