"""Moving an entry to another file, and copying one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.commands.demo import make_demo, sample_tree
from index.editing.copying import plan_duplicate
from index.editing.moving import plan_move
from index.editing.plan_checks import entry_in
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.layout import Layout, laid_out
from index.git.repository import Repository
from index.library.file_reader import read_record
from index.model.entry import Entry
from index.model.known_entries import NONE, EntryList
from index.model.plan import CannotEdit, Plan
from index.storage.scan import scan
from tests.support.git import git

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
ROOT = sample_tree().resolve()
TREE = [entry for file in scan(ROOT)[0] for entry in read_record(file).entries]
KNOWN = EntryList(TREE)
SHOP = "project-knowledge/shop-api/lessons.xml"
BILLING = "project-knowledge/billing/lessons.xml"
GATEWAY = "project-knowledge/gateway.xml"


def entries_of(data: bytes | None, file: str = "f.xml") -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def entry(plan: Plan, place: int = 0) -> Entry:
    change = plan.changes[place]
    return next(e for e in entries_of(change.after, change.file) if e.id == plan.entries[0])


def sample(file: str) -> bytes:
    return (ROOT / file).read_bytes()


def move(source: str, key: str, target: str | None, project: str = "") -> Plan:
    data = None if target is None else target.encode()
    entries = entries_of(source.encode(), "a.xml") + entries_of(data, "b.xml")
    return plan_move(
        entry_in(source.encode(), "a.xml", f"a.xml#{key}"),
        data,
        "b.xml",
        entries=EntryList(entries),
        now=NOW,
        project=project,
    )


def texts(plan: Plan) -> list[str | None]:
    return [None if change.after is None else change.after.decode() for change in plan.changes]


A = """\
<solutions>
  <!-- stays -->
  <solution id="1">
    <project>a</project>
    <code><![CDATA[
x
  y]]></code>
    <list>
      - one
      - two
    </list>
    <!-- goes along -->
    <nested>

      <inner>1</inner>
    </nested>
  </solution>
  <solution id="2"><text>b</text></solution>
</solutions>
"""
B = """\
<log>
	<solutions>
		<solution id="1">
			<text>c</text>
		</solution>
	</solutions>
</log>
""".replace("\n", "\r\n")


def test_the_text_goes_along_in_the_layout_of_the_other_file() -> None:
    plan = move(A, "1", B, project="b")
    there, here = texts(plan)
    assert (
        here == '<solutions>\n  <!-- stays -->\n  <solution id="2"><text>b</text></solution>\n</solutions>\n'
    )
    assert there is not None
    assert there.partition("</solution>\r\n")[2].replace("\r\n", "\n") == (
        '\t\t<solution id="3">\n\t\t\t<project>b</project>\n\t\t\t<code><![CDATA[\nx\n  y]]></code>\n'
        "\t\t\t<list>\n\t\t\t  - one\n\t\t\t  - two\n\t\t\t</list>\n\t\t\t<!-- goes along -->\n"
        "\t\t\t<nested>\n\n\t\t\t\t<inner>1</inner>\n\t\t\t</nested>\n\t\t</solution>\n\t</solutions>\n</log>\n"
    )
    assert there.count("\n") == there.count("\r\n")
    assert plan.entries == ("b.xml#3",)
    assert plan.fields == ("@id", "project")
    assert [change.file for change in plan.changes] == ["b.xml", "a.xml"]


def test_its_element_is_called_as_its_like_there() -> None:
    solution = '  <debugging-solution id="9">\n    <text>a</text>\n  </debugging-solution>\n'
    inner = "<solutions><solution id='1'><problem>p</problem></solution></solutions>"
    source = f"<debugging-solutions>{inner}</debugging-solutions>"
    plan = move(source, "1", f"<debugging-solutions>\n{solution}</debugging-solutions>\n")
    assert "<debugging-solution id='1'><problem>p</problem></debugging-solution>" in (texts(plan)[0] or "")
    assert (entry(plan).kind, entry(plan).id) == ("debugging-solution", "b.xml#1")


def test_to_a_new_file_it_brings_the_frame() -> None:
    plan = plan_move(
        entry_in(sample(SHOP), SHOP, f"{SHOP}#LES-S02"),
        None,
        "project-knowledge/nova/lessons.xml",
        entries=KNOWN,
        now=NOW,
    )
    there, here = texts(plan)
    assert there is not None
    assert there.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<lessons project="nova">\n  <metadata>\n'
    )
    assert here is not None
    assert "LES-S02" not in here
    (moved,) = entries_of(plan.changes[0].after, "project-knowledge/nova/lessons.xml")
    assert (moved.project, moved.id) == ("nova", "project-knowledge/nova/lessons.xml#LES-S02")
    assert plan.message == 'memory: move lesson "Retries need a budget, not a count" to lessons.xml'


@pytest.mark.parametrize("source", [SHOP, BILLING, GATEWAY])
@pytest.mark.parametrize("target", [SHOP, BILLING, GATEWAY])
def test_every_lesson_of_the_sample_moves_to_the_other_projects(source: str, target: str) -> None:
    if source == target:
        lesson = entries_of(sample(source), source)[0]
        found = entry_in(sample(source), source, lesson.id)
        with pytest.raises(CannotEdit, match="already"):
            plan_move(found, sample(target), target, entries=KNOWN, now=NOW)
        return
    lessons = [e for e in entries_of(sample(source), source) if e.kind == "lesson"]
    for lesson in lessons:
        found = entry_in(sample(source), source, lesson.id)
        plan = plan_move(found, sample(target), target, entries=KNOWN, now=NOW)
        assert [f[:3] for f in entry(plan).fields] == [f[:3] for f in lesson.fields]
        assert lesson.id not in {e.id for e in entries_of(plan.changes[1].after, source)}
        there = [e.id for e in entries_of(plan.changes[0].after, target)]
        assert sorted(there) == sorted([*(e.id for e in entries_of(sample(target), target)), plan.entries[0]])


def test_a_broken_text_is_escaped_on_the_way_or_refused() -> None:
    plan = move(
        "<notes><note id='1'><text>R&D</text></note><note id='2'><text>x</text></note></notes>", "1", B
    )
    assert "<text>R&amp;D</text>" in (texts(plan)[0] or "")
    with pytest.raises(CannotEdit, match="broken in line 2"):
        move(
            "<notes>\n<note id='1'><text>a</b></text></note><note id='2'><text>x</text></note></notes>",
            "1",
            B,
        )


def test_a_file_that_is_one_entry_is_renamed() -> None:
    source = '<?xml version="1.0"?>\n<preferences><a>1</a><b>2</b></preferences>\n'
    plan = move(source, "preferences", None)
    assert texts(plan) == [source, None]
    with pytest.raises(CannotEdit, match="does not exist yet"):
        move(source, "preferences", "<notes/>")


@pytest.mark.parametrize(
    "source",
    [
        '<m:lessons xmlns:m="urn:m"><m:lesson id="1"><m:title>One</m:title></m:lesson></m:lessons>',
        '<m:lessons xmlns:m="urn:m"><lesson id="1"><title>One</title></lesson></m:lessons>',
        '<lessons xmlns:m="urn:m"><m:lesson id="1"><title>One</title></m:lesson></lessons>',
        '<lessons xmlns:m="urn:m"><lesson id="1" m:x="2"><title>One</title></lesson></lessons>',
    ],
    ids=["both", "root", "entry", "attribute"],
)
def test_a_prefix_goes_only_where_it_is_declared(source: str) -> None:
    for target in ("<lessons><lesson id='2'><title>Two</title></lesson></lessons>", None):
        with pytest.raises(CannotEdit, match=r"^One has a namespace prefix, which b.xml does not declare\.$"):
            move(source, "1", target)
    there = source.replace('"1"', '"2"').replace("One", "Two")
    assert source[source.index("<", 20) : source.rindex("</")] in (texts(move(source, "1", there))[0] or "")


def test_a_copy_stands_behind_with_its_own_id_and_time() -> None:
    file = "session-context/pending-decisions.xml"
    plan = plan_duplicate(
        entry_in(sample(file), file, f"{file}#DEC-003"), entries=KNOWN, now=NOW, read=dict[str, bytes]().get
    )
    entries = entries_of(plan.changes[0].after, file)
    ids = [e.id.partition("#")[2] for e in entries]
    assert ids[ids.index("DEC-003") + 1] == "DEC-014"
    copy, first = entry(plan), next(e for e in entries if e.id.endswith("DEC-003"))
    assert copy.timestamp == "2025-11-22T10:00:00Z"
    assert [f[:3] for f in copy.fields][3:] == [f[:3] for f in first.fields][3:]
    assert len(entries) == len(entries_of(sample(file), file)) + 1


WHOLE = ("active-project", "phase-status", "protocol-status", "preferences")
BROKEN = "agent-coordination/context-packages.xml#PKG-003"


@pytest.mark.parametrize("entry_id", [e.id for e in TREE if not e.template])
def test_every_entry_of_the_sample_is_copied_or_refused(entry_id: str) -> None:
    file = entry_id.partition("#")[0]
    found = entry_in(sample(file), file, entry_id)
    if entry_id == BROKEN:
        with pytest.raises(CannotEdit, match="broken in line"):
            plan_duplicate(found, entries=KNOWN, now=NOW, read=dict[str, bytes]().get)
        return
    plan = plan_duplicate(found, entries=KNOWN, now=NOW, read=dict[str, bytes]().get)
    assert entry(plan).id not in {e.id for e in TREE}
    is_whole = any(f"/{name}.xml" in file for name in WHOLE)
    assert plan.changes[0].file == (file.replace(".xml", "-2.xml") if is_whole else file)


def test_a_copy_without_an_id_is_told_apart_by_its_time() -> None:
    notes = [f"<note><date>2025-01-0{day}</date><text>a</text></note>" for day in (1, 2)]
    data = f"<notes>{''.join(notes)}</notes>".encode()
    plan = plan_duplicate(
        entry_in(data, "f.xml", "f.xml#note-2025-01-01"), entries=NONE, now=NOW, read=dict[str, bytes]().get
    )
    assert plan.entries == ("f.xml#note-2025-11-22",)


def test_one_line_stays_one_line() -> None:
    assert laid_out("<a><b>1</b></a>", Layout("\n", "\t", "\t")) == "<a><b>1</b></a>"
    assert laid_out("<a>\n  <b>1</b>\n</a>", Layout("\n", None, "")) == "<a><b>1</b></a>"


def test_a_move_is_one_commit_of_both_files(tmp_path: Path) -> None:
    root = make_demo(tmp_path)
    target = "project-knowledge/nova/lessons.xml"
    plan = plan_move(
        entry_in((root / SHOP).read_bytes(), SHOP, f"{SHOP}#LES-S02"), None, target, entries=KNOWN, now=NOW
    )
    repository = Repository.find(root)
    assert repository is not None
    changes = [(repository.snapshot(change.file), change.after) for change in plan.changes]
    repository.save_all(changes, plan.message)
    repository.close()
    shown = git(root, "show", "--name-status", "--format=%s")
    subject, _, *paths = shown.splitlines()
    assert subject == plan.message
    assert sorted(paths) == [f"A\tmemories/{target}", f"M\tmemories/{SHOP}"]
