"""Ending a session: one form that walks through the fields of the protocol, and one review of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from index.model.draft import Draft
from index.model.entry import id_file
from index.model.field import Field
from index.model.text.item_lists import items_of, list_text
from index.sessions.end import Closing, SessionAnswers
from tui.actions import Hint
from tui.data.typed_draft import Form, TypedDraft
from tui.requests import Propose
from tui.screens.editing.form import FormScreen
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t
from tui.theme.labels import path_label
from tui.widgets.editing.edit_lines import EditFoot, EditHead

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.model.plan import Plan

_QUESTIONS: Final = "new decisions"
_LESSON: Final = "lesson"
_LEAVE, _ARCHIVE = "leave", "archive"
_DECIDE, _SHELVE = "decide:", "archive:"
"""Before the id of an entry, the name of the field that asks about it."""
_STATE: Final = "session-state/"
"""Before the name of a field of the session state: an entry may be called as one of the others."""
_BLANKS: Final = {_STATE: "(empty)", _DECIDE: "leave open"}
"""Meaning of an empty field, by how its name begins."""
_WAITING, _OFFERED = 12, 8
"""Decisions that are asked for, and finished entries that are offered; the commands take any other."""


class EndSession(FormScreen):
    """Asks for the state of the session, decisions, finished work and lessons.

    Args:
        found: what there is to be settled.
        left: what was typed here before, and never saved.
    """

    FOOTER: Sequence[Hint] = ("save", ("next", "next field"), "undo_text", ("back", "leave"))
    HELP_TITLE = "Keys: end session"

    def __init__(self, found: Closing, left: Draft | None = None) -> None:
        super().__init__()
        self._found, self._left = found, left

    def begin(self) -> tuple[EditHead, EditFoot, Sequence[Content]]:
        """Ask for all of it."""
        rows = list(_rows(self._found))
        self.draft = TypedDraft(
            [field for field, _, _ in rows],
            {field.name: form for field, form, _ in rows},
            labels={field.name: label for field, _, label in rows},
            headings=dict(_headings([field.name for field, _, _ in rows], self._found)),
            choices={f.name: (_LEAVE, _ARCHIVE) for f, _, _ in rows if f.name.startswith(_SHELVE)},
            blanks={field.name: _blank(field.name) for field, _, _ in rows},
        )
        file = id_file(self._found.state.entry)
        head = EditHead("session-context", "session", "End session")
        return head, EditFoot(file or self.workspace.tree.name), self._before()

    def on_mount(self) -> None:
        """Keep the typed text, and offer an earlier draft; Textual mounts the form by itself."""
        self.keep(Draft(draft_key(self._found.project), "End session", 0.0, sort="session"))
        left = self._left
        if left is not None:
            self.offer_left(left, {field.name: field.text for field in self.draft.fields})

    def _before(self) -> list[Content]:
        state = self._found.state
        if not state:
            none = "No session state in this tree. Decisions and lessons are still saved."
            return [t((none, "muted")), BLANK]
        when, now = state.when, self.context.now()
        written = f" · written {dates.short(when.when, now, clock=when.has_clock)}" if when else ""
        return [t(plain(state.title or state.project, "muted"), (written, "muted")), BLANK]

    @property
    def heading(self) -> Content:
        """Whose session ends."""
        project = self._found.project
        whose = t(("  ‹  ", "muted"), plain(project, "muted")) if project else t()
        return t(("End session", "strong")) + whose

    def action_save(self) -> None:
        """Plan the end and show it; a session may end with nothing more to say."""
        self.editor.capture()
        self.plan()

    def plan(self) -> None:
        """Plan the answers and show the plan."""
        answers, now, project = answers_of(self.draft.changes()), self.context.now, self._found.project

        def make() -> Plan:
            return self.workspace.session_end.plan(answers, now(), project)

        def saved(plan: Plan) -> None:
            self.dismiss()

        self.propose(Propose(make, "End session", "the session", "Ended", saved))


def draft_key(project: str) -> str:
    """Return the key of a draft of the end of a session."""
    return project or "session"


# ── what is asked, and what was said ──────────────────────────────────────────


def _rows(closing: Closing) -> Iterator[tuple[Field, Form, str]]:
    """Yield the fields of the form, how each is edited, and its label; empty for one that names itself."""
    for asked in closing.asked:
        items = tuple(asked.text.split("\n")) if asked.listed else ()
        text = list_text([*items]) if asked.listed else asked.text
        form: Form = "list" if asked.listed else "text"
        yield Field(_STATE + asked.name, text, items), form, path_label(asked.name)
    for entry in closing.pending[:_WAITING]:
        yield Field(_DECIDE + entry.id, ""), "text", _named(entry)
    yield Field(_QUESTIONS, ""), "list", "New open decisions, one per line"
    for entry in closing.finished[:_OFFERED]:
        yield Field(_SHELVE + entry.id, _LEAVE), "status", _named(entry)
    yield Field(_LESSON, ""), "text", "One line, or a title and the text below it"


def _blank(name: str) -> str:
    return next((words for start, words in _BLANKS.items() if name.startswith(start)), "none")


def _named(entry: Entry) -> str:
    return f"{entry.own_id}  {entry.title}".strip()


def _headings(names: Sequence[str], closing: Closing) -> Iterator[tuple[str, str]]:
    """Yield the first field of each part of the form, and the heading over it."""
    waiting, finished = len(closing.pending), len(closing.finished)
    decide, archive = "Pending decisions", "Archive finished work"
    if waiting > _WAITING:
        decide = f"Pending decisions, the newest {_WAITING} of {waiting:,}"
    if finished > _OFFERED:
        archive = f"Archive finished work, {_OFFERED} of {finished:,}"
    for start, heading in (
        (_STATE, "Session state"),
        (_DECIDE, decide),
        (_QUESTIONS, "New decisions"),
        (_SHELVE, archive),
        (_LESSON, "A lesson"),
    ):
        first = next((name for name in names if name.startswith(start)), None)
        if first is not None:
            yield first, heading


def answers_of(changes: dict[str, str]) -> SessionAnswers:
    """Return the answers, from the fields of the form that changed."""

    def about(start: str) -> dict[str, str]:
        return {name.removeprefix(start): text for name, text in changes.items() if name.startswith(start)}

    lesson = changes.get(_LESSON, "").strip()
    return SessionAnswers(
        texts=about(_STATE),
        decided={entry: text for entry, text in about(_DECIDE).items() if text.strip()},
        questions=tuple(items_of(changes.get(_QUESTIONS, ""))),
        archived=tuple(entry for entry, choice in about(_SHELVE).items() if choice == _ARCHIVE),
        lessons=(lesson,) if lesson else (),
    )
