"""The lines of a comparison."""

from __future__ import annotations

from index.model.field import FieldChange
from tui.theme.drawing import t
from tui.widgets.history.compare_rows import Heads, one_head, two_heads
from tui.widgets.history.compare_view import field_diffs


def test_a_field_is_compared_without_the_empty_lines_around_its_change() -> None:
    change = FieldChange("solution", "Cut it:\n\n```\nsql\n```", "Cut and walk:\n\n```\nsql\n```")
    assert [line.text for line in field_diffs([change])[0].lines] == ["Cut it:", "Cut and walk:"]


def test_the_rule_below_the_heads_is_as_wide_as_the_source() -> None:
    heads = Heads(t("before"), t("after"))
    for lines in (two_heads(heads, 150, beside=False), one_head(heads, 150)):
        assert any(line.plain.strip() == "─" * 146 for line in lines)
