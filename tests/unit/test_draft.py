"""What was typed of an entry, beside what its file says."""

from __future__ import annotations

import pytest

from index.model.field import Field
from tui.data.typed_draft import Form, TypedDraft, form_of, lines_changed, reading_order, shown, written

PARAGRAPH = "Two lines\nof text"


def listed(name: str, *items: str) -> Field:
    return Field(name, "\n".join(f"- {item}" for item in items), items)


@pytest.mark.parametrize(
    ("field", "form"),
    [
        (Field("title", "Pool exhaustion"), "line"),
        (Field("title", "x" * 61), "text"),
        (Field("title", PARAGRAPH), "text"),
        (Field("solution", "Size the pool"), "text"),
        (Field("pattern", "cursor-based-pagination"), "line"),
        (Field("note", ""), "text"),
        (Field("@id", "a b"), "line"),
        (Field("level", "3"), "level"),
        (Field("level", ""), "level"),
        (Field("level", "high"), "line"),
        (Field("status", "accepted"), "status"),
        (Field("tags", "a, b"), "values"),
        (Field("tags", "a\nb"), "text"),
        (listed("tags", "a", "b"), "values"),
        (listed("tags", "a, b"), "list"),
        (listed("steps", "one", "two"), "list"),
        (listed("steps", "one\ntwo"), "text"),
    ],
)
def test_a_field_is_edited_as_what_it_is(field: Field, form: Form) -> None:
    assert form_of(field) == form


@pytest.mark.parametrize(
    "field",
    [
        Field("solution", PARAGRAPH),
        Field("tags", "a, b"),
        Field("level", "3"),
        listed("tags", "a", "b"),
        listed("steps", "one", "- two"),
        listed("steps", "one\n  more", "two"),
    ],
)
def test_what_is_shown_is_written_back_as_it_was(field: Field) -> None:
    assert written(field, shown(field)) == field.text


def test_only_what_differs_is_a_change() -> None:
    draft = TypedDraft([Field("title", "Pool"), listed("tags", "a", "b"), Field("text", PARAGRAPH)])
    assert draft.text("tags") == "a, b"
    draft.type("title", "Pool\n")
    draft.type("tags", "a,b")
    draft.type("text", "Two lines\r\nof text\n")
    assert draft.changes() == {}
    draft.type("tags", "a, c")
    draft.type("text", "One")
    assert draft.changes() == {"tags": "- a\n- c", "text": "One"}
    assert lines_changed(draft, draft.changes()) == 2


def test_newer_fields_keep_what_was_typed() -> None:
    draft = TypedDraft([Field("title", "Pool"), Field("text", "Old"), Field("gone", "x")])
    draft.type("text", "Mine")
    draft.type("gone", "y")
    fresh = [Field("title", "Pools"), Field("text", "Theirs"), Field("new", "z")]
    assert draft.clashes(fresh) == ["text", "gone"]
    draft.rebase(fresh)
    assert draft.text("title") == "Pools"
    assert draft.changes() == {"text": "Mine", "gone": "y"}
    assert draft.clashes([*fresh, Field("gone", "x")]) == []
    draft.drop(["text"])
    assert draft.text("text") == "Theirs"


def test_fields_stand_as_people_read_them() -> None:
    names = ["@id", "timestamp", "level", "solution", "title", "tags", "why", "problem"]
    ordered = reading_order(Field(name, "") for name in names)
    assert [field.name for field in ordered] == [
        "title", "problem", "solution", "why", "level", "tags", "timestamp", "@id",
    ]  # fmt: skip


def test_what_was_left_is_taken_up_over_what_the_file_said_then() -> None:
    draft = TypedDraft([Field("fix", "two"), listed("tags", "a"), Field("level", "1")])
    draft.take_up([Field("fix", "one"), listed("tags", "a"), Field("gone", "x")], {
        "fix": "ONE", "tags": "a, b", "gone": "y",
    })  # fmt: skip
    assert draft.changes() == {"fix": "ONE", "tags": "- a\n- b", "gone": "y"}
    fresh = [Field("fix", "two"), listed("tags", "a"), Field("level", "1")]
    assert draft.clashes(fresh) == ["fix", "gone"]
    draft.rebase(fresh)
    assert draft.changes() == {"fix": "ONE", "tags": "- a\n- b", "gone": "y"}
    assert draft.field("fix").text == "two"


def test_metadata_comes_after_what_an_entry_says_and_before_its_attributes() -> None:
    names = ("@id", "metadata/version", "metadata/title", "objectives/objective", "level", "file-info/note")
    ordered = [field.name for field in reading_order(Field(name, "") for name in names)]
    assert ordered.index("metadata/title") == 0
    assert ordered[-3:] == ["metadata/version", "file-info/note", "@id"]
    assert ordered.index("objectives/objective") < ordered.index("level")
