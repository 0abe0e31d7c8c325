"""The base of memarium's widgets: widgets drawn from lines of `Content`, painted line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui.theme.drawing import BLANK, Tones, tones

if TYPE_CHECKING:
    from textual.content import Content


from textual.message import Message


class Options(TypedDict, total=False):
    """Options that every widget of Textual takes."""

    id: str | None
    classes: str | None


class Run(Message):
    """Ask the screen to run an action of the registry."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        """Its id."""


class Drawn(Widget):
    """A region that `draw` fills; drawn once, until something changes. Textual keeps the painted lines."""

    ALLOW_SELECT = False  # pages are read and copied from, and say otherwise

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._drawing: list[Content] | None = None

    @property
    def tones(self) -> Tones:
        """The styles of the theme in use."""
        return tones(self.app)

    # No abstract methods here: screens look widgets up by this class, which has to be concrete for that.
    def draw(self, width: int, height: int) -> list[Content]:
        """Return the lines of a region of this size; those that are missing are empty."""
        raise NotImplementedError

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Drawn:
        """Draw anew."""
        self._drawing = None
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width, height = self.content_size
        if self._drawing is None:
            self._drawing = self.draw(width, height)
        line = self._drawing[y] if y < len(self._drawing) else BLANK
        return self.tones.strip(line, width, self.visual_style)

    def notify_style_update(self) -> None:
        """Forget the lines painted in other colours."""
        self._drawing = None
        super().notify_style_update()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the drawn lines, where the height is that of the content."""
        return len(self.draw(width, 0))

    async def on_click(self, event: events.Click) -> None:
        """Run the action under the mouse, if the drawing put one there."""
        run = event.style.meta.get("run")
        if run:
            event.stop()
            self.post_message(Run(run))
