"""Lines that were moved, and entries without ids that were written anew: never back, never twice."""

from __future__ import annotations

import pytest

from index.model.text.text_merge import merge_lines
from tests.support.merging import D1, D3, added, changed, clean, entry, merge, merge_file

BASE = "alpha one\nbeta two\ngamma three\ndelta four\nepsilon five"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("beta two\ngamma three\ndelta four\nalpha one\nepsilon five", BASE.replace("alpha one\n", "")),
        ("beta two\ngamma three\ndelta four\n  alpha one\nepsilon five", BASE.replace("alpha one\n", "")),
        (
            "beta two\nalpha one\ngamma three\ndelta four\nepsilon five",
            "beta two\ngamma three\ndelta four\nalpha one\nepsilon five",
        ),
    ],
)
def test_a_moved_line_is_one_place_with_where_it_was(ours: str, theirs: str) -> None:
    assert merge_lines(BASE, ours, theirs) is None
    assert merge_lines(BASE, theirs, ours) is None


def test_a_line_that_one_side_moved_is_moved() -> None:
    moved = "beta two\ngamma three\nalpha one\ndelta four\nepsilon five"
    assert merge_lines(BASE, moved, BASE.replace("five", "six")) == moved.replace("five", "six")


def test_without_ids_a_rewritten_entry_is_edited() -> None:
    def file(*texts: str) -> bytes:
        return f"<notes>{''.join(f'<note><fix>{text}</fix></note>' for text in texts)}</notes>".encode()

    base = file("alpha", "beta", "gamma")
    merged = merge_file(base, file("alpha", "gamma"), file("alpha", "QQQQ", "gamma"), "n.xml")
    assert len(merged.conflicts) == 1


def test_an_edit_follows_an_entry_whose_id_counts_on() -> None:
    new = '    <solution id="D-1">\n      <problem>Logs fill the disk</problem>\n    </solution>\n'
    theirs = changed(('id="D-1"', 'id="D-2"'), ("id='D-2'", "id='D-3'"))
    theirs = changed(("  <solutions>\n", "  <solutions>\n" + new), text=theirs)
    ours = changed(("Tune the pool", "Tune it well"))
    wanted = changed(("Tune the pool", "Tune it well"), text=theirs)
    assert clean(ours, theirs) == wanted
    assert clean(theirs, ours) == wanted


def test_an_element_that_one_side_named_anew_is_not_the_old_one_edited() -> None:
    one = entry("D-1")
    theirs = changed((one, one.replace("<solution ", "<recipe ").replace("</solution>", "</recipe>")))
    assert clean(added(D3), theirs) == added(D3, text=theirs)
    [conflict] = merge(changed(("Tune the pool", "Tune it well")), theirs).conflicts
    assert (conflict.entry, conflict.field, conflict.theirs) == (D1, "", None)
