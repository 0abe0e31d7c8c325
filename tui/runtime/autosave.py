"""Keeping what is typed in the user's state folder, and offering it again when a session has left it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from textual.css.query import NoMatches

from index.model.text_diff import DiffLine, diff_lines
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.theme import dates
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from textual.timer import Timer

    from index.storage.drafts import Draft, Drafts
    from tui.context import AppContext
    from tui.data.typed_draft import TypedDraft
    from tui.screens.base.frame import Frame

DELAY: Final = 0.3
"""Seconds between the first key and its being kept; what is typed meanwhile goes with it."""


class Keeper:
    """Keeps what is typed on one screen, in a thread, at most every `DELAY` seconds.

    Args:
        screen: where it is typed.
        drafts: where.
        blank: what the draft is about, with nothing typed.
        typed: gives the draft as it is now; None when nothing differs.
    """

    def __init__(
        self, screen: Frame[Any], drafts: Drafts, blank: Draft, typed: Callable[[], Draft | None]
    ) -> None:
        self._screen, self._drafts, self.blank, self._typed = screen, drafts, blank, typed
        self._timer: Timer | None = None
        self._number = 0
        self._lock = Lock()
        self._ended = False
        self._taken: list[Draft] = []
        """Drafts of other sessions that this one goes on with: dropped once it is kept itself."""
        screen.context.keepers.add(self)

    def touch(self) -> None:
        """Know that something was typed."""
        if self._timer is None and not self._ended:
            self._timer = self._screen.set_timer(DELAY, self.flush)

    def flush(self) -> None:
        """Keep what is typed now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self._ended:
            try:
                draft = self._typed()
            except NoMatches:
                return  # the screen is being taken down: what was kept last stays
            self._number += 1
            number = self._number
            self._run(lambda: self._put(number, draft))

    def take_over(self, left: Draft) -> None:
        """Go on with a draft that another session left."""
        self._taken.append(left)
        self.flush()

    def end(self) -> None:
        """Forget what was typed: it is saved, or dropped."""
        self._ended = True
        if self._timer is not None:
            self._timer.stop()
        if self._number:
            self._run(self._drop)

    def _run(self, work: Callable[[], None]) -> None:
        self._screen.context.in_thread(work, "draft", exclusive=False)

    def _put(self, number: int, draft: Draft | None) -> None:
        """Write it, unless something newer is on its way; runs in a thread."""
        with self._lock:
            if number != self._number or self._ended:
                return
            try:
                if draft is None:
                    self._drafts.drop(self.blank)
                    return
                self._drafts.keep(draft)
            except OSError:
                return  # a state folder that cannot be written costs the safety net, not the edit
            self._drop_taken()

    def _drop(self) -> None:
        with self._lock:
            self._drafts.drop(self.blank)
            self._drop_taken()

    def _drop_taken(self) -> None:
        while self._taken:
            self._drafts.drop(self._taken.pop())


def of_form(blank: Draft, form: TypedDraft, when: float, message: str = "") -> Draft | None:
    """Return what is typed in a form, None when nothing is."""
    from index.storage.drafts import Typed

    fields = {
        name: Typed(form.field(name).text, form.text(name), form.field(name).items) for name in form.changes()
    }
    return replace(blank, fields=fields, when=when, message=message) if fields or message else None


def says_the_same(left: Draft, now: Mapping[str, str]) -> bool:
    """Whether the fields say by now what was typed: it was saved, and only the draft outlived that."""
    from index.model.field import Field
    from tui.data.typed_draft import written

    return all(
        written(Field(name, typed.base, typed.items), typed.text) == now.get(name, "")
        for name, typed in left.fields.items()
    )


def difference(left: Draft, now: Mapping[str, str]) -> list[DiffLine]:
    """Compare what was typed with what the fields say now."""
    before = "".join(f"{name}:\n{now.get(name, '')}\n" if name else now.get(name, "") for name in left.fields)
    after = "".join(f"{name}:\n{typed.text}\n" if name else typed.text for name, typed in left.fields.items())
    return diff_lines(before, after)


def offer(
    app: AppContext,
    left: Draft,
    lines: list[DiffLine],
    *,
    take: Callable[[], None],
    drop: Callable[[], None],
    changed: str = "",
) -> None:
    """Ask what becomes of a draft that was left; `changed` says what others did to the same since."""
    from datetime import UTC, datetime

    names = [name for name in left.fields if name]
    what = f"{', '.join(names[:4])}{' and more' if len(names) > 4 else ''}" if names else "what you typed"
    ago = dates.ago(datetime.fromtimestamp(left.when, UTC), app.now(), clock=True)
    body = [t(plain(what), (f", typed {ago}, was never saved.", "muted"))]
    if changed:
        body.append(t(("! ", "warn"), plain(changed)))
    answers = [
        Answer("take", "enter", "go on editing"),
        Answer(SHOW, "d", "show the diff"),
        Answer("drop", "delete", "discard it"),
    ]

    def answered(answer: str | None) -> None:
        (drop if answer == "drop" else take)()

    app.push_screen(QuestionScreen("This has an unsaved draft", body, answers, lines), answered)
