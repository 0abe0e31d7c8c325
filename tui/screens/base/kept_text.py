"""Screens whose typed text is kept as a draft until it is saved or dropped."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Generic

from textual.await_complete import AwaitComplete

from tui.runtime.autosave import Keeper
from tui.screens.base.frame import Frame, Result

if TYPE_CHECKING:
    from index.model.draft import Draft


class KeptText(Frame[Result], Generic[Result]):
    """Keeps the typed text, so that it survives a crash."""

    keeper: Keeper | None = None
    """Set once the entry of the text is known."""

    @abstractmethod
    def typed_since(self, blank: Draft) -> Draft | None:
        """Return the draft that was `blank` as it is now; None when nothing differs."""

    def keep(self, blank: Draft) -> None:
        """From now on, keep the typed text as a draft of that."""
        if self.keeper is None:
            self.keeper = keeper = Keeper(self, self.workspace, blank, lambda: self.typed_since(keeper.blank))
        self.keeper.blank = blank

    def touch(self) -> None:
        """Know that something was typed."""
        if self.keeper is not None:
            self.keeper.touch()

    def take_over(self, left: Draft) -> None:
        """Keep an earlier draft as this one."""
        if self.keeper is not None:
            self.keeper.take_over(left)

    def drop_left(self, left: Draft) -> None:
        """Forget an earlier draft."""
        drafts = self.workspace.status.drafts
        self.context.in_thread(lambda: drafts.drop(left), "draft", exclusive=False)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave, and forget the typed text; with a result it is kept until that is used."""
        if self.keeper is not None and result is None:
            self.keeper.end()
        return super().dismiss(result)
