"""Conflicts of a sync, chosen field by field: both sides changed it, each in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from index.model.counts import count_words
from index.model.draft import Draft, Typed
from index.model.merge_outcomes import ConflictSides
from tui.actions import Hint, bindings
from tui.screens.base.kept_text import KeptText
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.theme import dates
from tui.theme.drawing import plain, t
from tui.theme.labels import path_label
from tui.widgets.base.pane import Extent
from tui.widgets.base.rule import Rule
from tui.widgets.base.status_line import MIDDLE
from tui.widgets.editing.field_editor import TOO_LONG
from tui.widgets.editing.wrapped_text import WrappedText
from tui.widgets.sync.conflict_page import HAND, NAMES, OURS, SIDES, THEIRS, ConflictPage, Picture

if TYPE_CHECKING:
    from index.model.merge_outcomes import MergeConflict
    from index.storage.drafts import Drafts

Key = tuple[str, str]
"""Entry and field of a conflict."""
_LISTED = 8
"""Choices that the last question lists."""


class ConflictChoice:
    """The answer to one conflict."""

    side = ""
    """The side chosen; empty while none is."""
    hand: str | None = None
    """The text written by hand."""

    @property
    def text(self) -> str:
        """The answer as a merge takes it: the name of a side, or a text."""
        if self.side != HAND:
            return self.side
        # A text that reads like the name of a side is meant as a text: the merge strips the space.
        return f"{self.hand} " if self.hand in SIDES else self.hand or ""


class HandText(WrappedText):
    """The text that is written by hand."""

    HELP_TITLE = "Keys: text"

    class Left(Message):
        """The text is left for now."""

    async def on_key(self, event: events.Key) -> None:
        """Leave with tab as with esc; the text stays."""
        if event.key in ("tab", "shift+tab", "escape"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())


class Conflicts(KeptText["dict[Key, ConflictChoice] | None"]):
    """Shows one conflict at a time. The result is a choice for each, or None: nothing is merged.

    Args:
        conflicts: at least one.
        source: what the other side is called: `origin/main`.
        titles: what entries are called, by id.
        given: choices made before, to go on from.
        note: why they are asked for again.
        left: what was written here before, and never merged.
        sides: who changed each entry last, here and there, by id.
    """

    CSS_PATH = "conflicts.tcss"
    BINDINGS = bindings("accept", "left", "right", "edit", "save")
    HELP_TITLE = "Keys: conflicts"
    AUTO_FOCUS = "#conflict"

    def __init__(
        self,
        conflicts: Sequence[MergeConflict],
        source: str,
        titles: Mapping[str, str],
        given: Mapping[Key, ConflictChoice] | None = None,
        note: str = "",
        left: Draft | None = None,
        sides: Mapping[str, ConflictSides] | None = None,
    ) -> None:
        super().__init__()
        self._known = sides or {}
        self._note, self._left = note, left
        self._conflicts, self._source, self._titles = conflicts, source, titles
        self._choices = {_key(one): (given or {}).get(_key(one), ConflictChoice()) for one in conflicts}
        for one in conflicts if left is not None else ():
            typed = left.fields.get(_name(one)) if left is not None else None
            if typed is not None:
                self._choice(one).hand = typed.text
        self._place = next((n for n, one in enumerate(conflicts) if not self._choice(one).side), 0)
        self._at = OURS

    def make_panes(self) -> Widget:
        """Return the sides, and the text below them."""
        self._page, self._hand = ConflictPage(), HandText("hand")
        self._below = Rule(below="#conflict", id="rule-below")
        return self.abreast(Vertical(self._page, self._below, self._hand, id="sides"))

    def on_mount(self) -> None:
        """Show the first that is not resolved."""
        self.watch(self._page, "extent", self._show_below)
        self._go(self._place)
        self.keep(_blank(self._source))
        if self._left is not None:
            self.take_over(self._left)
            self._note = self._note or "What you wrote is here still: it is the last side of its conflict."
        if self._note:
            self.tell(t(("! ", "warn"), self._note), stay=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave return to the text."""
        in_text = action == "accept" and self.focused is self._hand
        return not in_text and super().check_action(action, parameters)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys."""
        if focused is self._hand:
            return [("save", "use this text"), "back"]
        several: list[Hint] = [("next_item", "next")] if len(self._conflicts) > 1 else []
        keys: list[Hint] = [("save", "merge and push"), ("accept", f"use {NAMES[self._at]}")]
        return [*keys, ("right", "other side"), *several, "edit", ("back", "cancel")]

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for: to merge, while a conflict is not resolved."""
        ready = self.has_class("-writing") or self._settled == len(self._conflicts)
        return {"sync"} if ready else {"sync", "save"}

    # ── what is shown ─────────────────────────────────────────────────────────

    @property
    def _current(self) -> MergeConflict:
        return self._conflicts[self._place]

    def _choice(self, conflict: MergeConflict) -> ConflictChoice:
        return self._choices[_key(conflict)]

    @property
    def _settled(self) -> int:
        return sum(1 for choice in self._choices.values() if choice.side)

    @property
    def picture(self) -> Picture:
        """The conflict in view."""
        one = self._current
        choice = self._choice(one)
        title = self._titles.get(one.entry, one.entry)
        return Picture(
            one, title, path_label(one.field), self._at, choice.side, choice.hand,
            self._by(one), self._others(), self._place, not self.has_class("-writing"),
        )  # fmt: skip

    def _by(self, conflict: MergeConflict) -> dict[str, tuple[str, list[str]]]:
        """Say who changed each side last, and when."""
        known = self._known.get(conflict.entry, ConflictSides())
        both = ((OURS, known.ours), (THEIRS, known.theirs))
        now = self.context.now()
        return {
            side: (change.author, [f"{when} · {change.rev[:7]}", when, dates.short(change.when, now)])
            for side, change in both if change is not None
            for when in [dates.short(change.when, now, clock=True)]
        }  # fmt: skip

    def _others(self) -> list[tuple[str, str, bool]]:
        """Name all conflicts, where there are several."""
        several = self._conflicts if len(self._conflicts) > 1 else ()
        return [
            (self._titles.get(one.entry, one.entry), path_label(one.field), bool(self._choice(one).side))
            for one in several
        ]

    def _named(self, conflict: MergeConflict) -> tuple[Content, ...]:
        title = plain(self._titles.get(conflict.entry, conflict.entry), "muted")
        field = plain(path_label(conflict.field), "text")
        return (field, t("  "), title) if conflict.field else (title,)

    @on(ConflictPage.Went)
    def _went(self, message: ConflictPage.Went) -> None:
        message.stop()
        self._go(message.place)

    def _go(self, place: int) -> None:
        self._place = place % len(self._conflicts)
        self._at = self._choice(self._current).side or OURS
        self._draw(keep=False)

    def _draw(self, *, keep: bool = True) -> None:
        self._page.draw_conflict(self.picture, keep=keep)
        count = len(self._conflicts)
        wide = self.app.size.width >= MIDDLE
        place = f"conflict {self._place + 1:,} of {count:,}, " if count > 1 and wide else ""
        note = t("  ", (place, "muted"), (f"{self._settled:,}", "strong"), (" resolved", "muted"))
        heading = t(("Sync", "strong"), ("  ‹  ", "muted"), plain(self._source, "muted"))
        self.set_title(heading, note)
        self.refresh_keys()

    @on(ConflictPage.Step)
    def _step(self, message: ConflictPage.Step) -> None:
        message.stop()
        self._go(self._place + message.by)

    def _show_below(self, extent: Extent) -> None:
        """Say how much is below, where there is more: a side that is not in view is easily forgotten.

        The text that is written has a rule of its own, too.
        """
        self._below.display = self.has_class("-writing") or extent.total > extent.top + extent.height

    # ── choosing ──────────────────────────────────────────────────────────────

    def action_left(self) -> None:
        """Go to the side before."""
        self._move(-1)

    def action_right(self) -> None:
        """Go to the next side."""
        self._move(1)

    def _move(self, by: int) -> None:
        sides = self.picture.sides
        self._at = sides[(sides.index(self._at) + by) % len(sides)]
        self._draw()
        self._page.reveal(*self._page.lines_of(self._at))

    def on_key(self, event: events.Key) -> None:
        """Take the side with that number."""
        sides = self.picture.sides
        if self.focused is self._page and event.character in list("1234"[: len(sides)]):
            event.stop()
            self._take(sides[int(event.character) - 1])

    @on(ConflictPage.Picked)
    def _picked(self, message: ConflictPage.Picked) -> None:
        message.stop()
        self._at = message.side
        if message.taken:
            self._take(message.side)
        else:
            self._draw()

    def action_accept(self) -> None:
        """Take the side under the cursor."""
        self._take(self._at)

    def _take(self, side: str) -> None:
        """Settle this conflict, and go to the next that is not; with the last one, ask."""
        self._choice(self._current).side = side
        self._at = side
        count = len(self._conflicts)
        ahead = [(self._place + step) % count for step in range(1, count)]
        left = next((n for n in ahead if not self._choice(self._conflicts[n]).side), None)
        if left is not None:
            self._go(left)
        else:
            self._draw()
            self._ask()

    # ── by hand ───────────────────────────────────────────────────────────────

    def action_edit(self) -> None:
        """Write the text by hand, beginning with the side under the cursor."""
        choice, picture = self._choice(self._current), self.picture
        text = choice.hand if choice.hand is not None else picture.text(self._at) or ""
        if len(text) > TOO_LONG:
            self.tell(t(("!", "warn"), " This is too long to be written here: take a side."))
            return
        self._hand.load_text(text)
        self._hand.move_cursor(self._hand.document.end)
        self.set_class(True, "-writing")
        self._hand.focus()
        self._draw()

    def _close_text(self) -> None:
        """Keep the written text as a side of its own."""
        self._choice(self._current).hand = self._hand.text
        self._at = HAND
        self.set_class(False, "-writing")
        if self.keeper is not None:
            self.keeper.flush()
        self._page.focus()
        self._draw()

    @on(HandText.Left)
    def _left_text(self, message: HandText.Left) -> None:
        message.stop()
        if self.has_class("-writing"):
            self._close_text()

    @on(TextArea.Changed, "#hand")
    def _text_changed(self) -> None:
        if self.has_class("-writing"):
            self.touch()

    def typed_since(self, blank: Draft) -> Draft | None:
        """Return the draft with the text written by hand, None when nothing is."""
        hands = {_key(one): (one, self._choice(one).hand) for one in self._conflicts}
        if self.has_class("-writing"):
            hands[_key(self._current)] = self._current, self._hand.text
        texts = {_name(one): Typed(one.ours or "", hand) for one, hand in hands.values() if hand is not None}
        when = self.context.now().timestamp()
        return replace(blank, fields=texts, when=when) if texts else None

    # ── the end ───────────────────────────────────────────────────────────────

    @property
    def unsaved(self) -> bool:
        """Whether choices would be lost."""
        return any(choice.side or choice.hand is not None for choice in self._choices.values())

    def action_save(self) -> None:
        """Take the text that is written, or merge and push once all is settled."""
        if self.has_class("-writing"):
            self._close_text()
            self._take(HAND)
        elif self._settled == len(self._conflicts):
            self._ask()
        else:
            left = len(self._conflicts) - self._settled
            self.tell(t(("!", "warn"), f" {count_words(left, 'is', 'are')} not resolved yet."))

    def _ask(self) -> None:
        """Ask once more before anything is merged."""
        lines = [
            t((NAMES[self._choice(one).side], "strong"), "  ", *self._named(one))
            for one in self._conflicts[:_LISTED]
        ]
        if len(self._conflicts) > _LISTED:
            lines.append(t((f"and {len(self._conflicts) - _LISTED:,} more", "muted")))
        title = "Resolved" if len(self._conflicts) == 1 else f"All {len(self._conflicts):,} resolved"
        merge = Answer("enter", "merge and push", partial(self.dismiss, self._choices))
        answers = [Answer("escape", "keep looking"), merge]
        ask(self.context, QuestionScreen(f"{title}. Merge and push?", lines, answers, listed=True))

    def action_back(self) -> None:
        """Leave the text, or the choice: nothing was merged or pushed."""
        if self.has_class("-writing"):
            self._close_text()
        elif not self.unsaved:
            self.dismiss(None)
        else:
            body = t(("Nothing is merged; your choices here are lost.", "muted"))
            answers = [Answer("escape", "keep choosing"), Answer("d", "discard the choices", self.dismiss)]
            ask(self.context, QuestionScreen("Leave without merging?", [body], answers))


def drop_typed(drafts: Drafts, source: str) -> None:
    """Forget the text written by hand: it is merged."""
    drafts.drop(_blank(source))


def _blank(source: str) -> Draft:
    return Draft(source, f"The merge with {source}", 0.0, sort="merge")


def _key(conflict: MergeConflict) -> Key:
    return conflict.entry, conflict.field


def _name(conflict: MergeConflict) -> str:
    """Return the name of the text for a conflict in a draft."""
    return f"{conflict.field} of {conflict.entry}" if conflict.field else conflict.entry
