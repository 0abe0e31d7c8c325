"""Setting fields: what is typed is what is read again, and every other byte stays."""

from __future__ import annotations

import pytest

from index.editing.file_planner import plan_edit, plan_repair
from index.editing.single import set_fields
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.formats.xml.xml_file import XmlFile, inner
from tests.support.trees import Files
from tui.data.typed_draft import shown, written

FILE = "development-patterns/api-patterns.xml"
CODE = "while pool.is_full():\n    wait()\n    count += 1"
SOURCE = """<api-patterns>
  <api-pattern>
    <name>Wait for a connection</name>
    <example>
      while pool.is_full():
          wait()

          count += 1
    </example>
    <short>if x:
        go()</short>
    <steps>
      <step>one</step> <!-- the first -->
      <step>two</step>
      <step>three</step>
    </steps>
  </api-pattern>
</api-patterns>
"""


def fields(document: Document) -> dict[str, str]:
    (entry,) = read_entries(content_of(document), FILE)
    return {field.name: field.text for field in entry.fields}


def edited(name: str, text: str) -> Document:
    document = Document.parse(SOURCE.encode(), FILE)
    (entry,) = read_entries(content_of(document), FILE)
    field = next(field for field in entry.fields if field.name == name)
    assert written(field, shown(field)) == field.text
    after, changed = set_fields(XmlFile(document), entry.id, {name: written(field, text)})
    assert changed == (name,)
    return inner(after)


def test_code_is_read_with_its_depth() -> None:
    read = fields(Document.parse(SOURCE.encode(), FILE))
    assert read["example"] == CODE.replace("()\n    count", "()\n\n    count")
    assert read["short"] == "if x:\n    go()"


def test_an_edited_line_of_code_is_the_only_line_that_changes() -> None:
    code = CODE.replace("()\n    count", "()\n\n    count")
    after = edited("example", code.replace("+= 1", "+= 2"))
    assert after.source == SOURCE.replace("+= 1", "+= 2")
    after = edited("short", "if y:\n    go()")
    assert after.source == SOURCE.replace("if x", "if y")


@pytest.mark.parametrize("name", ["name", "example", "short"])
@pytest.mark.parametrize("text", [CODE, "one\n  two", "one\n\n      two\n  three", "one", "a:\n- b"])
def test_what_is_typed_is_what_is_read(name: str, text: str) -> None:
    assert fields(edited(name, text))[name] == text


def test_items_that_stay_are_not_touched() -> None:
    after = edited("steps", "zero\none\nthree")
    assert after.source == SOURCE.replace(
        "<step>one</step> <!-- the first -->\n      <step>two</step>",
        "<step>zero</step>\n      <step>one</step> <!-- the first -->",
    )


@pytest.mark.parametrize(
    ("title", "more", "warning"),
    [
        ("R&D", "", ""),
        ("R&D", "<x>a & b</x>", "The file has 1 problem elsewhere; it stays."),
        ("R&D & more", "<x>a & b &c</x>", "The file has 2 problems elsewhere; they stay."),
        ("R", "<x>a & b</x>", "The file has 1 problem elsewhere; it stays."),
    ],
)
def test_the_problems_elsewhere_are_those_that_the_edit_leaves(title: str, more: str, warning: str) -> None:
    tree = Files({"l.xml": f"<ls><l id='A'><title>{title}</title><n>1</n></l>{more}</ls>".encode()})
    assert plan_edit(tree, "l.xml#A", {"title": "New"}).warning == warning


def test_a_repair_without_guesses_needs_no_review() -> None:
    tree = Files({"l.xml": b"<ls><l id='A'><t>a & b</t><n>1</l></ls>"})
    assert plan_repair(tree, "l.xml", guesses=False).warning == ""
    assert plan_repair(tree, "l.xml").warning == "The fix needs review."
