"""One tag in two forms of Unicode: it is counted once, and renamed and added as one."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from index.editing.bulk import has_tag
from index.editing.planner import Planner
from index.model.counts import count_values
from index.model.plan import CannotEdit
from tests.support.trees import Files

COMPOSED, APART = "café", normalize("NFD", "café")
ENTRY = "<lesson id='L-{0}'><title>T{0}</title><text>x</text><tags>{1}</tags></lesson>"


def tree(*tags: str) -> Files:
    return Files(
        {f"f{n}.xml": f"<lessons>{ENTRY.format(n, tag)}</lessons>".encode() for n, tag in enumerate(tags)}
    )


def test_both_forms_are_one_value_and_capitals_are_another() -> None:
    assert count_values([COMPOSED, APART, "Café", "x"]) == {COMPOSED: 2, "Café": 1, "x": 1}


@pytest.mark.parametrize("asked", [COMPOSED, APART])
@pytest.mark.parametrize("written", [(COMPOSED,), (APART,), (COMPOSED, APART), (APART, "x, " + APART)])
def test_it_is_renamed_in_every_file_that_has_it(asked: str, written: tuple[str, ...]) -> None:
    files = tree(*written)
    after = files.after(Planner(files).rename_tag(asked, "coffee").changes)
    assert all("coffee" in entry.tags for entry in after.entries())
    assert not any(has_tag(entry, asked) for entry in after.entries())


@pytest.mark.parametrize(("asked", "written"), [(COMPOSED, APART), (APART, COMPOSED)])
def test_it_is_not_added_to_an_entry_that_has_it(asked: str, written: str) -> None:
    files = tree(written)
    (entry,) = files.entries()
    plan = Planner(files).add_tag(entry.id, asked)
    assert [change for change in plan.changes if change.before != change.after] == []


def test_another_tag_is_not_meant() -> None:
    with pytest.raises(CannotEdit, match="No entry has the tag"):
        Planner(tree("cafe", "Café")).rename_tag(COMPOSED, "coffee")
