"""Tags, or tools, as elements of one name in a row, without a list around them."""

from __future__ import annotations

import pytest

from index.editing.planner import Planner
from index.model.entry import Entry
from index.model.plan import CannotEdit, Plan
from tests.support.trees import Files

FILE = "l.xml"
TAGS = "\n    <tag>a</tag>\n    <tag>b</tag>"
LESSONS = f"""\
<lessons>
  <lesson id="L-1">
    <title>One</title>{TAGS}
    <technology>Go</technology>
    <technology>Redis, SQL</technology>
    <note>x</note>
  </lesson>
  <lesson id="L-2">
    <title>Two</title>
    <tag/>
    <tag>b</tag>
    <note>y</note>
  </lesson>
</lessons>
"""


@pytest.fixture
def files() -> Files:
    return Files({FILE: LESSONS.encode()})


def after(files: Files, plan: Plan) -> str:
    return (files.after(plan.changes).data(FILE) or b"").decode()


def entry(files: Files, plan: Plan) -> Entry:
    return files.after(plan.changes).entries()[0]


def test_all_of_a_row_count(files: Files) -> None:
    one, two = files.entries()
    assert (one.tags, one.tech) == (("a", "b"), ("Go", "Redis", "SQL"))
    assert two.tags == ("b",)
    assert one.title == "One"


def test_all_of_a_row_in_the_metadata_count_for_every_entry() -> None:
    shared = LESSONS.replace("<lessons>", "<lessons><metadata><tag>m</tag><tag>n</tag></metadata>")
    files = Files({FILE: shared.replace("<tag>b</tag>\n    <note>y", "<note>y").encode()})
    assert [one.tags for one in files.entries()] == [("a", "b"), ("m", "n")]


def test_each_of_a_row_is_renamed_and_one_more_is_added_behind_it(files: Files) -> None:
    planner = Planner(files)
    renamed = after(files, planner.rename_tag("b", "z"))
    assert renamed == LESSONS.replace("<tag>b<", "<tag>z<")
    added = after(files, planner.add_tag("L-1", "c"))
    assert added == LESSONS.replace(TAGS, f"{TAGS}\n    <tag>c</tag>")
    assert after(files, planner.add_tag("L-1", "b")) == LESSONS


def test_one_of_a_row_is_named_by_its_number(files: Files) -> None:
    planner = Planner(files)
    assert entry(files, planner.fields("L-1", {"tag[2]": "z"})).tags == ("a", "z")
    assert entry(files, planner.fields("L-1", {"tag[3]": "z"})).tags == ("a", "b", "z")
    with pytest.raises(CannotEdit, match=r"^The entry has no tag\[9\]: the next one is tag\[3\]\.$"):
        planner.fields("L-1", {"tag[9]": "z"})


@pytest.mark.parametrize("name", ["tag[1]", "TAG", "tag"])
def test_the_first_may_be_numbered_too(files: Files, name: str) -> None:
    from index.model.field_path import name_among

    names = [field.name for field in files.entries()[0].fields]
    assert name_among(names, name) == "tag"
    assert name_among([*names, "tag[1]"], "tag[1]") == "tag[1]"
