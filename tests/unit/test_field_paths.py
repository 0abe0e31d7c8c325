"""The names of fields, taken apart and put together."""

from __future__ import annotations

import doctest

import pytest

from index.model import field_path as module
from index.model.field import Field
from index.model.field_path import FieldPath, FieldStep, attribute, field_path, told_apart, typed_path
from index.model.vocabulary import is_about, role

NAMES = [
    "",
    "level",
    "@id",
    "a/b",
    "a/b[2]@x",
    "a[1]",
    "a[0]",
    "a[02]",
    "a[12]/b",
    "a@xml:lang",
    "a@",
    "@",
    "a//b",
    "/a",
    "a/",
    "[2]",
    "a[b]",
    "a[99999999999]",
    "a@x/y",
    "Ends and/or means",
    "Mail @home [2]",
    "Steps of it[2]",
    "2025/11",
    "Überschrift/größe[3]",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_field_is_put_together_as_it_was(name: str) -> None:
    path = field_path(name)
    assert str(path) == str(typed_path(name)) == name
    assert "".join(filter(None, (str(path.above), "/" if path.is_nested else "", str(path.own)))) == name
    assert path.steps or path.attribute
    assert Field(name, "").path == path


def test_the_examples_of_paths_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("name", "steps", "number", "last"),
    [
        ("a/b[2]@x", (("a", 0), ("b", 2)), 0, "x"),
        ("a[3]/b[2]", (("a", 3), ("b", 2)), 2, "b"),
        ("@id", (), 0, "id"),
        ("a[0]", (("a[0]", 0),), 0, "a[0]"),
        ("Ends and/or means[2]", (("Ends and/or means", 2),), 2, "Ends and/or means"),
        ("Mail @home", (("Mail @home", 0),), 0, "Mail @home"),
        ("2025/11", (("2025/11", 0),), 0, "2025/11"),
    ],
)
def test_a_name_is_taken_apart_into_steps(
    name: str, steps: tuple[tuple[str, int], ...], number: int, last: str
) -> None:
    path = field_path(name)
    assert (path.steps, path.number, path.last) == (steps, number, last)


def test_a_typed_name_may_have_blanks_in_its_steps() -> None:
    assert typed_path("Key points/My point[2]").steps == (FieldStep("Key points"), FieldStep("My point", 2))


def test_a_field_is_inside_of_another_by_its_steps_alone() -> None:
    list_, attributed = field_path("options"), field_path("options@id")
    assert field_path("options/option@id").is_inside(list_)
    inside = [
        name
        for name in ("options", "options@id", "options-2/x", "options[2]/x")
        if field_path(name).is_inside(list_)
    ]
    assert inside == []
    assert not field_path("options/option").is_inside(attributed)


def test_names_that_come_again_are_numbered() -> None:
    assert told_apart(["a", "b", "a", "", "", "a"]) == ["a", "b", "a[2]", "", "", "a[3]"]
    assert attribute("id") == str(FieldPath((), "id")) == "@id"


def test_an_attribute_of_the_metadata_is_about_the_file_and_plays_no_role() -> None:
    names = ("metadata@version", "metadata[2]/tool", "version")
    assert [is_about(name) for name in names] == [True, True, False]
    assert [role(name) for name in ("metadata@id", "metadata/id", "title[2]", "tag[2]")] == [
        "",
        "id",
        "",
        "tags",
    ]
