"""A merge comes to the same files from both sides, also where both add something at one place."""

from __future__ import annotations

import pytest

from tests.support.merging_trees import MARKDOWN, MIXED, XML, Form, merged

INDEX = "# Memory\n\n- [One](one.md) — first\n- [Two](two.md) — second\n"


@pytest.mark.parametrize("form", [XML, MARKDOWN, MIXED], ids=["xml", "markdown", "mixed"])
def test_entries_that_both_sides_add_at_one_place(form: Form) -> None:
    first = form.of(form.a)
    ours = {**form.base(), form.a: first.file(*map(first.one, (1, 2, 3, 8)))}
    theirs = {**form.base(), form.a: first.file(*map(first.one, (1, 2, 3, 7)))}
    found, conflicts = merged(form.base(), ours, theirs)
    assert not conflicts
    assert found == merged(form.base(), theirs, ours)[0]
    assert found[form.a] in [first.file(*map(first.one, (1, 2, 3, *new))) for new in ((7, 8), (8, 7))]


def test_lines_that_both_sides_add_to_an_index() -> None:
    name = ".claude/memory/MEMORY.md"
    ours = {name: INDEX + "- [Four](four.md) — ours\n"}
    theirs = {name: INDEX + "- [Five](five.md) — theirs\n"}
    found, conflicts = merged({name: INDEX}, ours, theirs)
    assert (found, conflicts) == merged({name: INDEX}, theirs, ours)
    assert found[name] == INDEX + "- [Five](five.md) — theirs\n- [Four](four.md) — ours\n"


def test_a_conflict_is_told_as_the_side_that_merges_has_it() -> None:
    ours = {**XML.base(), XML.a: XML.file(XML.one(1, fix="yes"), XML.one(2), XML.one(3))}
    theirs = {**XML.base(), XML.a: XML.file(XML.one(1, fix="no"), XML.one(2), XML.one(3))}
    for here, there, said in ((ours, theirs, ("yes", "no")), (theirs, ours, ("no", "yes"))):
        _, [conflict] = merged(XML.base(), here, there)
        assert (conflict.ours, conflict.theirs) == said
        found, conflicts = merged(XML.base(), here, there, {conflict[:2]: "ours"})
        assert (found, conflicts) == (here, ())
