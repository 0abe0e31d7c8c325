"""Values of the model as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.days import as_day
from index.model.draft import Draft, Typed
from index.model.errors import TreeError
from index.model.field import FieldChange
from index.rendering.json_encoder import encoded, to_json
from index.rendering.text import UNSAFE


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime(2025, 11, 22, 9, 5, tzinfo=UTC), "2025-11-22T09:05:00+00:00"),
        (date(2025, 11, 22), "2025-11-22"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Path("a/b.xml"), "a/b.xml"),
        ((1, ("x", None)), [1, ["x", None]]),
        (FieldChange("level", None, "3"), {"field": "level", "before": None, "after": "3"}),
        (Typed("a", "b", ("a",)), {"base": "a", "text": "b", "items": ["a"]}),
        ({"one": [FieldChange("x", "1", None)]}, {"one": [{"field": "x", "before": "1", "after": None}]}),
    ],
)
def test_each_type_has_one_form(value: object, told: object) -> None:
    assert encoded(value) == told
    assert json.loads(to_json(value)) == told


def test_a_record_in_a_record_is_told_by_name() -> None:
    draft = Draft("a.xml#1", "Title", 1.5, fields={"level": Typed("1", "2")})
    assert encoded(draft)["fields"] == {"level": {"base": "1", "text": "2", "items": []}}


def test_a_type_that_nobody_thought_of_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json({"error": TreeError("no value")})


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES.filter(lambda value: UNSAFE.search(json.dumps(value, ensure_ascii=False)) is None))
def test_safe_values_are_the_very_text_of_the_standard_library(value: object) -> None:
    assert to_json(value) == json.dumps(value, ensure_ascii="utf" not in sys.stdout.encoding, indent=2)


@pytest.mark.parametrize("value", [{1: "a"}, {None: []}, {True: {}}, [], {}, [{}], {"a": [[]]}])
def test_empty_values_and_odd_names_too(value: object) -> None:
    assert to_json(value) == json.dumps(value, indent=2)


def test_a_date_without_a_time_is_no_midnight() -> None:
    assert encoded([as_day(date(2025, 11, 1)), as_day(date(1, 1, 1))]) == ["2025-11-01", "0001-01-01"]
    assert encoded(datetime(2025, 11, 1, tzinfo=UTC)) == "2025-11-01T00:00:00+00:00"
