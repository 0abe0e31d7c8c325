"""The form for a new entry."""

from __future__ import annotations

from index.editing.planner import Planner
from index.importing.importer import Importer, blank_form, read_records
from index.model.kind_shape import FieldShape, KindShape
from tests.support.trees import EMPTY, SAMPLE


def test_it_asks_for_what_the_kind_usually_has() -> None:
    assert Importer(EMPTY, Planner(EMPTY)).form("lesson") == (
        "<!--\nA new lesson, for project-knowledge/general/lessons.xml.\n"
        "Write below the headings. What stays empty is left out, and so are these lines;\n"
        "when all of it is empty, nothing is added.\nOne a line: tags.\n-->\n\n"
        "# title\n\n\n\n# context\n\n\n\n# lesson\n\n\n\n# tags\n"
    )


def test_it_learns_from_the_tree() -> None:
    form = Importer(SAMPLE, Planner(SAMPLE)).form("tech-debt")
    assert "for project-knowledge/" in form
    assert "# priority\n" in form
    assert "# @id" not in form


def test_a_blank_form_holds_nothing() -> None:
    for kind in ("lesson", "debugging-solution", "decision"):
        (record,) = read_records(Importer(SAMPLE, Planner(SAMPLE)).form(kind).encode(), Planner(SAMPLE), kind)
        assert not any(record.texts.values())


def test_a_name_of_the_tree_cannot_end_the_remark() -> None:
    shape = KindShape("note", (FieldShape("@a"), FieldShape("a"), FieldShape("b", usual=False)))
    form = blank_form(shape, "x-->\n# evil.xml")
    assert form.startswith("<!--\nA new note.\n")
    assert "Other headings you may add: b.\n-->\n\n# @a\n\n\n\n# a\n" in form
