"""Deleting an entry takes its markup and its line, and nothing else."""

from __future__ import annotations

import pytest

from index.commands.demo import sample_tree
from index.editing.moving import plan_delete
from index.editing.plan_checks import entry_in, warn
from index.formats.registry import open_file
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.plan import CannotEdit
from index.storage.scan import scan

ROOT = sample_tree().resolve()
FILES = [file.path for file in scan(ROOT)[0]]
NOTES = """\
<notes>
  <!-- the first -->
  <note id="1"><text>a</text></note>

  <!-- the second -->
  <note id="2"><text>b</text></note>

  <note id="3"><text>c</text></note>
</notes>
"""


def entries_of(data: bytes | None, file: str = "f.xml") -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def deleted(source: str, key: str) -> str | None:
    (change,) = plan_delete(entry_in(source.encode(), "f.xml", f"f.xml#{key}")).changes
    return None if change.after is None else change.after.decode()


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("1", '\n  <note id="1"><text>a</text></note>'),
        ("2", '\n  <note id="2"><text>b</text></note>'),
        ("3", '\n\n  <note id="3"><text>c</text></note>'),
    ],
)
def test_its_line_goes_and_comments_stay(key: str, gone: str) -> None:
    assert deleted(NOTES, key) == NOTES.replace(gone, "")


def test_the_last_one_leaves_its_wrapper() -> None:
    source = "<notes>\n  <all>\n    <note id='1'><text>a</text></note>\n  </all>\n</notes>\n"
    assert deleted(source.replace("all>", "notes>"), "1") == "<notes>\n  <notes>\n  </notes>\n</notes>\n"


@pytest.mark.parametrize(
    "source", ["<note id='1'><text>a</text></note>\n", "<!-- c --><note id='1'><a>x</a></note>"]
)
def test_a_file_with_nothing_else_goes_with_it(source: str) -> None:
    plan = plan_delete(entry_in(source.encode(), "f.xml", entries_of(source.encode())[0].id))
    assert plan.changes[0].after is None
    assert "goes with it" in plan.warning


def test_one_of_a_fragment() -> None:
    source = "<note id='1'><a>x</a></note>\n\n<note id='2'><a>x</a></note>\n"
    assert deleted(source, "1") == "<note id='2'><a>x</a></note>\n"
    assert deleted(source, "2") == "<note id='1'><a>x</a></note>\n"


@pytest.mark.parametrize("file", FILES)
def test_every_entry_of_the_sample_can_go_alone(file: str) -> None:
    data = (ROOT / file).read_bytes()
    entries = entries_of(data, file)
    for entry in entries:
        plan = plan_delete(entry_in(data, file, entry.id))
        assert plan.entries == (entry.id,)
        assert plan.message.startswith(f"memory: delete {entry.kind.replace('-', ' ')} ")
        assert len(plan.message.partition("\n")[0]) <= 72
        left = entries_of(plan.changes[0].after, file)
        if len(entries) > 1 and not plan.warning:
            others = [(e.kind, [f[:3] for f in e.fields]) for e in entries if e.id != entry.id]
            assert [(e.kind, [f[:3] for f in e.fields]) for e in left] == others


def test_what_stands_around_others_is_refused() -> None:
    source = "<log><about>all of it</about><text>x</text><logs><note id='1'><a>x</a></note></logs></log>"
    whole = next(entry for entry in entries_of(source.encode()) if entry.kind == "log")
    with pytest.raises(CannotEdit, match="besides the 1 entry in it: delete what is inside"):
        plan_delete(entry_in(source.encode(), "f.xml", whole.id))


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(CannotEdit, match="no longer in"):
        plan_delete(entry_in(NOTES.encode(), "f.xml", "f.xml#9"))
    with pytest.raises(CannotEdit, match="nested more than 200 deep"):
        plan_delete(entry_in(b"<a>" * 300, "f.xml", "f.xml#9"))


def test_a_warning_when_the_rest_reads_differently() -> None:
    source = "<log><x id='1'><a>1</a><b>2</b></x><x><a>1</a><b>2</b></x><y>1</y></log>"
    assert "will read as other entries" in plan_delete(entry_in(source.encode(), "f.xml", "f.xml#1")).warning


@pytest.mark.parametrize(
    ("broken", "said"),
    [("a & b", "1 problem elsewhere; it stays."), ("a & b & c", "2 problems elsewhere; they stay.")],
)
def test_what_is_broken_elsewhere_is_counted(broken: str, said: str) -> None:
    text = f"<l><lesson id='A'><t>{broken}</t></lesson><lesson id='B'><t>2</t></lesson></l>"
    assert warn(open_file(text.encode(), "a.xml")) == f"The file has {said}"
