"""An entry that one side moved to another file meets what the other side did with it there."""

from __future__ import annotations

import pytest

from index.formats.base import Choices, MergeConflict
from index.model.errors import EditRefused
from tests.support.merging_trees import MARKDOWN, XML, Form, Tree, merged

FORMS = pytest.mark.parametrize("form", [XML, MARKDOWN], ids=["xml", "markdown"])
SIDES = pytest.mark.parametrize("swapped", [False, True], ids=["moved there", "moved here"])


def both_ways(
    base: Tree, ours: Tree, theirs: Tree, swapped: bool, choices: Choices | None = None
) -> tuple[Tree, tuple[MergeConflict, ...]]:
    return merged(base, theirs, ours, choices) if swapped else merged(base, ours, theirs, choices)


@FORMS
@SIDES
def test_an_edit_follows(form: Form, swapped: bool) -> None:
    base = form.base()
    edited = base | {form.a: form.file(form.one(1), form.one(2, fix="retry"), form.one(3))}
    moved = {
        form.a: form.file(form.one(1), form.one(3)),
        form.b: form.file(form.one(4), form.one(2), form.one(5)),
    }
    found, conflicts = both_ways(base, edited, moved, swapped)
    assert not conflicts
    assert found == moved | {form.b: form.file(form.one(4), form.one(2, fix="retry"), form.one(5))}


def moved(form: Form, entry: str, *others: str) -> Tree:
    """Return the files with the second entry in the other file, as `entry` has it."""
    rest = form.file(form.one(1), form.one(3), *others)
    return {form.a: rest, form.b: form.file(form.one(4), entry, form.one(5))}


def edited(form: Form, entry: str, *others: str) -> Tree:
    return form.base() | {form.a: form.file(form.one(1), entry, form.one(3), *others)}


@FORMS
@SIDES
def test_both_edits_are_kept(form: Form, swapped: bool) -> None:
    there = moved(form, form.one(2, note="more"))
    found, conflicts = both_ways(form.base(), edited(form, form.one(2, fix="retry")), there, swapped)
    assert (found, conflicts) == (moved(form, form.one(2, fix="retry", note="more")), ())


@FORMS
@SIDES
@pytest.mark.parametrize("choice", ["ours", "theirs", "base", "typed"])
def test_one_field_edited_twice_is_asked_where_we_have_it(form: Form, swapped: bool, choice: str) -> None:
    here, there = edited(form, form.one(2, fix="retry")), moved(form, form.one(2, fix="fail"))
    found, [conflict] = both_ways(form.base(), here, there, swapped)
    ours, theirs = ("fail", "retry") if swapped else ("retry", "fail")
    assert (conflict.base, conflict.ours, conflict.theirs) == ("wait", ours, theirs)
    assert conflict.field in ("fix", "Status")
    assert (conflict.entry.partition("#")[0], conflict.there) == (
        (form.b, form.a) if swapped else (form.a, form.b)
    )
    found, conflicts = both_ways(form.base(), here, there, swapped, {conflict[:2]: choice})
    text = {"ours": ours, "theirs": theirs, "base": "wait"}.get(choice, choice)
    assert (found, conflicts) == (moved(form, form.one(2, fix=text)), ())


@FORMS
@SIDES
@pytest.mark.parametrize(("choice", "kept"), [("stays", True), ("goes", False), ("base", True)])
def test_moved_and_deleted_is_asked(form: Form, swapped: bool, choice: str, kept: bool) -> None:
    here = form.base() | {form.a: form.file(form.one(1), form.one(3))}
    there = moved(form, form.one(2))
    _, [conflict] = both_ways(form.base(), here, there, swapped)
    assert (conflict.field, conflict.ours is None, conflict.theirs is None) == ("", not swapped, swapped)
    mover, deleter = ("ours", "theirs") if swapped else ("theirs", "ours")
    choices = {conflict[:2]: {"stays": mover, "goes": deleter}.get(choice, choice)}
    found, conflicts = both_ways(form.base(), here, there, swapped, choices)
    assert (found, conflicts) == (there if kept else {**here, form.b: form.base()[form.b]}, ())


@FORMS
@pytest.mark.parametrize("swapped", [False, True])
def test_moved_to_two_files_is_asked(form: Form, swapped: bool) -> None:
    base = form.base() | {form.c: form.file(form.one(6))}
    rest = form.file(form.one(1), form.one(3))
    here = base | {form.a: rest, form.b: form.file(form.one(4), form.one(2, fix="retry"), form.one(5))}
    there = base | {form.a: rest, form.c: form.file(form.one(6), form.one(2, note="more"))}
    _, [conflict] = both_ways(base, here, there, swapped)
    names = (form.c, form.b) if swapped else (form.b, form.c)
    assert conflict[1:] == ("file", form.a, *names, names[1])
    assert conflict.entry.partition("#")[0] == names[0]
    entry = form.one(2, fix="retry", note="more")
    wanted = {
        form.b: base | {form.a: rest, form.b: form.file(form.one(4), entry, form.one(5))},
        form.c: base | {form.a: rest, form.c: form.file(form.one(6), entry)},
        form.a: base | {form.a: form.file(form.one(1), entry, form.one(3))},
    }
    for choice in ("ours", "theirs", "base", *wanted):
        name = {"ours": names[0], "theirs": names[1], "base": form.a}.get(choice, choice)
        assert both_ways(base, here, there, swapped, {conflict[:2]: choice}) == (wanted[name], ())
    with pytest.raises(EditRefused, match="none of the files"):
        both_ways(base, here, there, swapped, {conflict[:2]: "d.xml"})


@FORMS
def test_moved_to_two_files_and_one_field_edited_twice_is_asked_at_once(form: Form) -> None:
    base = form.base() | {form.c: form.file(form.one(6))}
    rest = form.file(form.one(1), form.one(3))
    here = base | {form.a: rest, form.b: form.file(form.one(4), form.one(5), form.one(2, fix="retry"))}
    there = base | {form.a: rest, form.c: form.file(form.one(6), form.one(2, fix="fail"))}
    _, conflicts = merged(base, here, there)
    assert [one.field for one in conflicts] == ["file", "Status" if form is MARKDOWN else "fix"]
    choices = {conflicts[0][:2]: "theirs", conflicts[1][:2]: "ours"}
    found, conflicts = merged(base, here, there, choices)
    assert found == base | {form.a: rest, form.c: form.file(form.one(6), form.one(2, fix="retry"))}
    assert not conflicts


@FORMS
@SIDES
def test_moved_to_one_file_on_both_sides(form: Form, swapped: bool) -> None:
    here, there = moved(form, form.one(2, fix="retry")), moved(form, form.one(2, note="more"))
    found, conflicts = both_ways(form.base(), here, there, swapped)
    assert (found, conflicts) == (moved(form, form.one(2, fix="retry", note="more")), ())


@FORMS
@SIDES
def test_a_file_that_went_with_its_entries(form: Form, swapped: bool) -> None:
    """Its entries are elsewhere; what was added to it meanwhile is asked for, without those."""
    gone = {form.b: form.file(*(form.one(key) for key in (4, 5, 1, 2, 3)))}
    found, conflicts = both_ways(form.base(), edited(form, form.one(2, fix="retry")), gone, swapped)
    assert not conflicts
    assert found == {
        form.b: form.file(form.one(4), form.one(5), form.one(1), form.one(2, fix="retry"), form.one(3))
    }
    here = edited(form, form.one(2, fix="retry"), form.one(6))
    _, [conflict] = both_ways(form.base(), here, gone, swapped)
    kept = (conflict.theirs if swapped else conflict.ours) or ""
    assert (conflict.entry, conflict.field) == (form.a, "")
    assert "Title of 6" in kept
    assert "Title of 2" not in kept


@FORMS
@SIDES
def test_entries_that_changed_places(form: Form, swapped: bool) -> None:
    base = form.base()
    here = {
        form.a: form.file(form.one(1), form.one(2, fix="retry"), form.one(3), form.one(4)),
        form.b: form.file(form.one(5)),
    }
    there = {
        form.a: form.file(form.one(1), form.one(3)),
        form.b: form.file(form.one(4, fix="fail"), form.one(5), form.one(2)),
    }
    found, conflicts = both_ways(base, here, there, swapped)
    assert not conflicts
    assert found == {
        form.a: form.file(form.one(1), form.one(3), form.one(4, fix="fail")),
        form.b: form.file(form.one(5), form.one(2, fix="retry")),
    }


@FORMS
@SIDES
def test_a_new_number_in_the_other_file(form: Form, swapped: bool) -> None:
    there = moved(form, form.one(9, title="Title of 2"))
    found, conflicts = both_ways(form.base(), edited(form, form.one(2, fix="retry")), there, swapped)
    assert (found, conflicts) == (moved(form, form.one(9, title="Title of 2", fix="retry")), ())


def test_a_number_alone_is_asked_for_as_a_whole() -> None:
    """Agents number on: a new memory may have the number of one that was deleted."""
    form = XML
    here = edited(form, form.one(2, fix="retry"))
    there = moved(form, form.one(2, title="Quite another matter", fix="shout", note="loudly"))
    _, [conflict] = merged(form.base(), here, there)
    assert (conflict.field, conflict.there) == ("", form.b)
    assert merged(form.base(), here, there, {conflict[:2]: "theirs"}) == (there, ())
    wanted = moved(form, form.one(2, fix="retry"))
    assert merged(form.base(), here, there, {conflict[:2]: "ours"}) == (wanted, ())


@FORMS
@SIDES
def test_a_plain_move_meets_an_edit_of_another(form: Form, swapped: bool) -> None:
    here = form.base() | {form.a: form.file(form.one(1, fix="retry"), form.one(2), form.one(3))}
    there = moved(form, form.one(2))
    wanted = {**there, form.a: form.file(form.one(1, fix="retry"), form.one(3))}
    assert both_ways(form.base(), here, there, swapped) == (wanted, ())


@FORMS
def test_a_copy_is_no_move(form: Form) -> None:
    here = edited(form, form.one(2, fix="retry"))
    there = form.base() | {form.b: form.file(form.one(4), form.one(5), form.one(2))}
    assert merged(form.base(), here, there) == ({**there, form.a: here[form.a]}, ())


def test_an_edit_follows_into_another_layout_and_encoding() -> None:
    """Letters that the other file's encoding lacks become references."""
    start = '<?xml version="1.0" encoding="us-ascii"?>\n<b>\n\t<group>\n'
    end = '\t\t<lesson id="L-9"><title>Nine</title></lesson>\n\t</group>\n</b>\n'
    entry = (
        '\t\t<lesson id="L-2">\n\t\t\t<title>Title of 2</title>\n\t\t\t<fix>wait</fix>\n'
        "\t\t\t<note>none</note>\n\t\t</lesson>\n"
    )
    base = XML.base() | {"b.xml": start + end}
    here = base | {"a.xml": XML.file(XML.one(1), XML.one(2, fix="wait ä while"), XML.one(3))}
    there = {"a.xml": XML.file(XML.one(1), XML.one(3)), "b.xml": start + entry + end}
    wanted = {**there, "b.xml": there["b.xml"].replace("wait", "wait &#228; while")}
    assert merged(base, here, there) == (wanted, ())
    assert merged(base, there, here) == (wanted, ())


def test_a_section_that_becomes_a_file_of_its_own() -> None:
    """A section of a file of sections, moved into a store where each file is one memory."""
    base = MARKDOWN.base()
    rest = MARKDOWN.file(MARKDOWN.one(1), MARKDOWN.one(3))
    own = ".serena/memories/pool.md"
    alone = MARKDOWN.one(2).strip("-\n") + "\n"
    here = edited(MARKDOWN, MARKDOWN.one(2, fix="retry"))
    found, conflicts = merged(base, here, base | {MARKDOWN.a: rest, own: alone})
    assert not conflicts
    assert found == base | {MARKDOWN.a: rest, own: alone.replace("wait", "retry")}


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_file_that_does_not_parse_is_left_to_the_merge_of_files(broken: int) -> None:
    trees = [XML.base(), edited(XML, XML.one(2, fix="retry")), moved(XML, XML.one(2))]
    trees[broken] = {**trees[broken], "a.xml": trees[broken]["a.xml"].replace("</lesson>", "", 1)}
    found, conflicts = merged(trees[0], trees[1], trees[2])
    assert conflicts
    assert "L-2" in found["b.xml"]


def test_moves_in_the_middle_of_many() -> None:
    """Each edit finds its own entry, however many move at once."""
    keys = range(10, 40)
    base = {"a.xml": XML.file(*map(XML.one, keys)), "b.xml": XML.file(XML.one(1))}
    here = {**base, "a.xml": XML.file(*(XML.one(key, fix=f"fix {key}") for key in keys))}
    away, rest = keys[::3], [key for key in keys if key not in keys[::3]]
    there = {"a.xml": XML.file(*map(XML.one, rest)), "b.xml": XML.file(XML.one(1), *map(XML.one, away))}
    found, conflicts = merged(base, here, there)
    assert not conflicts
    assert found == {
        "a.xml": XML.file(*(XML.one(key, fix=f"fix {key}") for key in rest)),
        "b.xml": XML.file(XML.one(1), *(XML.one(key, fix=f"fix {key}") for key in away)),
    }
