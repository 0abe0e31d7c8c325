"""Draft of one entry: its fields as typed beside those of the file; no widget, no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from index.model.draft import Draft, Typed
from index.model.field import Field
from index.model.text.margins import given, line_ends
from index.model.text.text_diff import DiffLine, diff_lines
from index.model.vocabulary import is_about, role

Form = Literal["line", "text", "list", "values", "level", "status"]
"""How a field is edited: on a line, as a text, one item a line, between commas, or from choices."""

LEVELS = tuple("1234567")
"""The protocol's levels of intervention."""
_ONE_LINE = frozenset(("title", "time", "project", "agent", "id"))
_LONG = 60
"""A value of more characters gets room to grow, whatever its name says."""


def form_of(field: Field) -> Form:
    """Return how a field is best edited, from the meaning of its name and its content now."""
    meaning = role(field.name)
    if any("\n" in item for item in field.items):
        return "text"
    if meaning in ("tags", "tech") and not any("," in item for item in field.items) and _flat(field):
        return "values"
    if field.items:
        return "list"
    if meaning == "level" and (not field.text or field.text in LEVELS):
        return "level"
    if meaning == "status" and _flat(field):
        return "status"
    short = bool(field.path.attribute) or meaning in _ONE_LINE or (field.text and " " not in field.text)
    return "line" if short and _flat(field) and len(field.text) <= _LONG else "text"


_RANK = {
    name: place
    for place, name in enumerate(
        ("title", "problem", "", "level", "status", "project", "tech", "tags", "time", "agent", "id")
    )
}
"""Reading order by meaning; a field without a meaning is text, and comes after the problem."""


def reading_order(fields: Iterable[Field]) -> list[Field]:
    """Return fields as a person reads them: the subject, texts, short facts, metadata, attributes."""

    def rank(field: Field) -> tuple[bool, bool, int]:
        meaning = role(field.name)
        about = meaning in ("", "text") and is_about(field.name)
        return bool(field.path.attribute), about, _RANK.get(meaning, _RANK[""])

    return sorted(fields, key=rank)


def _flat(field: Field) -> bool:
    return bool(field.items) or "\n" not in field.text


def shown(field: Field) -> str:
    """Return a field's text as its form shows it: the items of a list without their dashes."""
    if field.items and form_of(field) == "values":
        return ", ".join(field.items)
    return "\n".join(field.items) if field.items and form_of(field) == "list" else field.text


def written(field: Field, typed: str) -> str:
    """Return the typed text in the spelling that a plan takes; the opposite of `shown`."""
    if not field.items or form_of(field) == "text":
        return (
            line_ends(typed)
            if bool(field.path.attribute) or field.text != given(field.text)
            else given(typed)
        )
    items = typed.split("," if form_of(field) == "values" else "\n")
    return "\n".join(f"- {item.strip()}" for item in items if item.strip())


class TypedDraft:
    """The fields of an entry with the text typed over them.

    A field of a name that comes twice has a name of its own (`a[2]`), so names are keys here.
    """

    def __init__(
        self,
        fields: Iterable[Field],
        forms: Mapping[str, Form] = MappingProxyType({}),
        *,
        labels: Mapping[str, str] = MappingProxyType({}),
        headings: Mapping[str, str] = MappingProxyType({}),
        choices: Mapping[str, Sequence[str]] = MappingProxyType({}),
        blanks: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Take the fields, and the forms of those that do not show theirs.

        Args:
            forms: name → how it is edited.
            labels: name → what it is called.
            headings: name → what is over it, where it begins a part of the form.
            choices: name → all it may say.
            blanks: name → what it means when it is empty.
        """
        self._fields = {field.name: field for field in fields}
        self._forms = forms
        self.labels, self.headings, self.choices, self.blanks = labels, headings, choices, blanks
        self._typed: dict[str, str] = {}

    @property
    def fields(self) -> list[Field]:
        """The fields as the file has them, in the order given."""
        return list(self._fields.values())

    def field(self, name: str) -> Field:
        """Return a field as the file has it."""
        return self._fields[name]

    def form(self, name: str) -> Form:
        """Return how a field is edited."""
        return self._forms.get(name) or form_of(self._fields[name])

    def add(self, name: str) -> None:
        """Add an empty field behind the others; one that is there stays."""
        self._fields.setdefault(name, Field(name, ""))

    def text(self, name: str) -> str:
        """Return the text of the editor: as typed, else as in the file."""
        return self._typed[name] if name in self._typed else shown(self._fields[name])

    def type(self, name: str, text: str) -> None:
        """Take over the text of the editor."""
        self._typed[name] = text

    def is_changed(self, name: str) -> bool:
        """Whether saving would change this field."""
        field = self._fields[name]
        return name in self._typed and written(field, self._typed[name]) != field.text

    def changes(self) -> dict[str, str]:
        """Return the new texts of the fields that change, by name, as a plan takes them."""
        changed = [name for name in self._typed if self.is_changed(name)]
        return {name: written(self._fields[name], self._typed[name]) for name in changed}

    def clashes(self, fresh: Sequence[Field]) -> list[str]:
        """Return the changed fields that say something else in `fresh`, or are gone from it."""
        now = {field.name: field.text for field in fresh}
        return [name for name in self.changes() if now.get(name, "") != self._fields[name].text]

    def rebase(self, fresh: Sequence[Field]) -> None:
        """Lay the typed text over newer fields; a field that is gone keeps its place while it is changed."""
        kept = {name: self._fields[name] for name in self.changes()}
        self._fields = {field.name: field for field in fresh}
        for name, field in kept.items():
            self._fields.setdefault(name, field)
        self._typed = {name: text for name, text in self._typed.items() if name in kept}

    def take_up(self, bases: Iterable[Field], texts: Mapping[str, str]) -> None:
        """Go on with text typed over fields as they were then; the others stay as the file has them."""
        self._fields |= {field.name: field for field in bases}
        self._typed |= texts

    def drop(self, names: Iterable[str]) -> None:
        """Forget the text typed in these fields."""
        for name in names:
            self._typed.pop(name, None)


def lines_changed(draft: TypedDraft, changes: Mapping[str, str]) -> int:
    """Return the number of lines that the changed fields hold now, for a question before they are lost."""
    return sum(max(1, len(draft.text(name).strip().splitlines())) for name in changes)


def of_form(blank: Draft, form: TypedDraft, when: float, message: str = "") -> Draft | None:
    """Return the draft of a form, None when nothing is typed."""
    fields = {
        name: Typed(form.field(name).text, form.text(name), form.field(name).items) for name in form.changes()
    }
    return replace(blank, fields=fields, when=when, message=message) if fields or message else None


def says_the_same(left: Draft, now: Mapping[str, str]) -> bool:
    """Whether the fields hold the typed text by now: it was saved, and only the draft outlived that."""
    return all(
        written(Field(name, typed.base, typed.items), typed.text) == now.get(name, "")
        for name, typed in left.fields.items()
    )


def difference(left: Draft, now: Mapping[str, str]) -> list[DiffLine]:
    """Compare the typed text with that of the fields now."""
    before = "".join(f"{name}:\n{now.get(name, '')}\n" if name else now.get(name, "") for name in left.fields)
    after = "".join(f"{name}:\n{typed.text}\n" if name else typed.text for name, typed in left.fields.items())
    return diff_lines(before, after)
