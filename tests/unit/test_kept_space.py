"""White space that `xml:space` keeps stays when something is laid out anew: moved, put back, merged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.editing.adding import plan_add
from index.editing.moving import plan_move
from index.editing.plan_checks import entry_in
from index.editing.raw import plan_paste
from index.editing.single import set_fields
from index.formats.registry import open_file
from index.formats.xml.document import Document
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.formats.xml.writing.items import set_items
from index.formats.xml.writing.layout import Layout, laid_out
from index.history.entry_at_commit import EntryAtCommit
from index.history.restore import restore_entry, restore_field
from index.model.entry import Entry
from index.model.known_entries import EntryList
from index.model.plan import Plan
from index.model.text.item_lists import list_text
from tests.support.merging import merge_file

NOW = datetime(2026, 1, 2, tzinfo=UTC)
KEPT = """<a>
  <b xml:space="preserve">
  if x:
    go()
  <c>
  d
  </c><d xml:space="default">
    <e>
      f
    </e>
  </d>
  <!-- g -->
</b>
  <h>
    i
  </h>
</a>"""
CODE = "\n  if x:\n    go()\n  "


def entries_of(data: bytes | None, file: str) -> list[Entry]:
    return read_entries(read_content(data or b""), file)


def fields(data: bytes | None, key: str = "L-1") -> dict[str, str]:
    found = next(entry for entry in entries_of(data, "f.xml") if entry.id == f"f.xml#{key}")
    return {field.name: field.text for field in found.fields}


def lessons(*entries: str, root: str = "lessons", unit: str = "  ") -> str:
    text = "\n".join([f"<{root}>", *entries, f"</{root.split(maxsplit=1)[0]}>", ""])
    return text.replace("~", unit)


def lesson(key: str = "L-1", code: str = f'<code xml:space="preserve">{CODE}</code>', tag: str = "") -> str:
    return f'~<lesson id="{key}"{tag}>\n~~<title>One</title>\n~~{code}\n~~<day>1</day>\n~</lesson>'


def move(source: str, target: str, key: str = "L-1") -> Plan:
    data = target.encode()
    entries = entries_of(source.encode(), "a.xml") + entries_of(data, "b.xml")
    return plan_move(
        entry_in(source.encode(), "a.xml", f"a.xml#{key}"), data, "b.xml", entries=EntryList(entries), now=NOW
    )


def test_only_what_is_not_kept_is_laid_out() -> None:
    assert laid_out(KEPT, Layout("\n", "\t", "\t")) == (
        KEPT.replace(
            "\n    <e>\n      f\n    </e>\n  </d>", "\n\t\t\t\t<e>\n\t\t\t\t  f\n\t\t\t\t</e>\n\t\t\t</d>"
        )
        .replace("\n  <h>\n    i\n  </h>\n", "\n\t\t<h>\n\t\t  i\n\t\t</h>\n\t")
        .replace("\n  <b", "\n\t\t<b")
    )
    flat = laid_out(KEPT, Layout("\n", None, ""))
    assert '<b xml:space="preserve">\n  if x:\n    go()\n  <c>\n  d\n  </c><d' in flat
    assert '<d xml:space="default"><e>\n      f\n    </e></d>\n  <!-- g -->\n</b><h>' in flat
    root = KEPT.replace("<a>", '<a xml:space="preserve">')
    assert laid_out(root, Layout("\n", "\t", "\t")).startswith('<a xml:space="preserve">\n  <b')
    assert laid_out("<a>\n  <b>\n  c\n  </b>\n</a>", Layout("\n", "\t", "\t"), within=True) == (
        "<a>\n  <b>\n  c\n  </b>\n</a>"
    )


@pytest.mark.parametrize("root", ["lessons", 'lessons xml:space="preserve"', 'lessons xml:space="default"'])
@pytest.mark.parametrize("tag", ["", ' xml:space="preserve"', ' xml:space="default"'])
@pytest.mark.parametrize("there", ["lessons", 'lessons xml:space="preserve"'])
@pytest.mark.parametrize("unit", ["    ", "\t"])
def test_a_move(root: str, tag: str, there: str, unit: str) -> None:
    """Whatever stands above an entry here and there, it says the same."""
    for code in (f'<code xml:space="preserve">{CODE}</code>', f"<code>{CODE}</code>", "<code>x</code>"):
        source = lessons(lesson(code=code, tag=tag), lesson("L-3"), root=root)
        plan = move(source, lessons(lesson("L-2"), root=there, unit=unit))
        after = plan.changes[0].after
        assert fields(after) == fields(source.encode())
        assert fields(after, "L-2") == fields(lessons(lesson("L-2"), root=there, unit=unit).encode(), "L-2")
        assert code != "<code>x</code>" or tag or after is None or b'"L-1">' in after


@pytest.mark.parametrize("root", ["lessons", 'lessons xml:space="preserve"'])
@pytest.mark.parametrize("unit", ["  ", "\t"])
def test_what_is_pasted_or_added(root: str, unit: str) -> None:
    data = lessons(lesson("L-2", "<code>\n~~~if y:\n~~~~stay()\n~~</code>"), root=root, unit=unit).encode()
    entries = entries_of(data, "f.xml")
    for code in ('<code xml:space="preserve">{}</code>', "<code>{}</code>"):
        markup = lesson(code=code.format(CODE)).replace("~", "  ").strip()
        plan = plan_paste(data, "f.xml", "lesson", markup, entries=EntryList(entries), now=NOW)
        assert fields(plan.changes[0].after) == fields(lessons(markup).encode())
    for text in ("if x:\n    go()\nelse:\n    stay()", "one\n  two", "  lead\n\n"):
        texts = {"title": "One", "code": text, "id": "L-1", "day": "1"}
        after = plan_add(data, "f.xml", "lesson", texts, entries=EntryList(entries), now=NOW).changes[0].after
        assert fields(after)["code"] == text.rstrip("\n")
        assert fields(after, "L-2") == fields(data, "L-2")


@pytest.mark.parametrize("tag", ["lessons", "steps"])
@pytest.mark.parametrize("count", [1, 9])
def test_a_list(tag: str, count: int) -> None:
    """Items are read as they are given, however many of them are set, and above whatever they are kept."""
    listed = "<steps>\n      <step>one</step>\n      <step>two</step>\n    </steps>"
    data = lessons(lesson(code=listed)).replace(f"<{tag}>", f'<{tag} xml:space="preserve">').encode()
    for text in ("if x:\n    go()\nelse:\n    stay()", "one\n  two", "  lead", "a\nb"):
        items = [f"{text}{number}" for number in range(count)]
        document = Document.parse(data, "f.xml")
        steps = document.names.index("steps")
        edited = set_items(document, steps, ["one", *items])
        assert fields(edited.to_bytes())["steps"] == list_text(["one", *items])
        assert "<step>one</step>\n      <step" in edited.source


def past(data: str) -> EntryAtCommit:
    document = open_file(data.encode(), "f.xml")
    return EntryAtCommit(next(e for e in document.entries if e.id == "f.xml#L-1"), document)


@pytest.mark.parametrize("root", ["lessons", 'lessons xml:space="preserve"'])
@pytest.mark.parametrize("unit", ["    ", "\t"])
def test_what_is_put_back(root: str, unit: str) -> None:
    code = f'<code xml:space="preserve">{CODE}</code>'
    then = lessons(lesson(code=code), lesson("L-2"), root=root)
    for other in ("<code>x</code>", "<code>\n      if x:\n        go()\n</code>"):
        now = open_file(lessons(lesson(code=other), lesson("L-2"), root=root, unit=unit).encode(), "f.xml")
        for edited in (
            restore_field(now, "f.xml#L-1", past(then), "code"),
            restore_entry(now, "f.xml#L-1", past(then)),
        ):
            assert code in edited.source
            assert fields(edited.to_bytes()) == fields(then.encode())
    gone = open_file(lessons(lesson("L-2"), root=root, unit=unit).encode(), "f.xml")
    back = restore_entry(gone, "", past(then))
    assert code in back.source
    assert back.source.count(f"\n{unit * 2}{code}") == (2 if root == "lessons" else 1)


@pytest.mark.parametrize("unit", ["    ", "\t"])
def test_what_is_merged(unit: str) -> None:
    base = lessons(lesson("L-2", "<code>x</code>"))
    ours = lessons(lesson("L-2", "<code>y</code>"), unit=unit)
    code = f'<code xml:space="preserve">{CODE}\n    </code>'
    theirs = lessons(lesson("L-2", "<code>x</code>"), lesson(code=code))
    merged = merge_file(base.encode(), ours.encode(), theirs.encode(), "f.xml")
    assert merged.data is not None
    assert fields(merged.data) == fields(theirs.encode())
    assert fields(merged.data, "L-2") == fields(ours.encode(), "L-2")
    assert f"{unit}  {code}\n{unit}  <day>".encode() in merged.data


@pytest.mark.parametrize("above", ["", ' xml:space="preserve"'])
def test_the_end_tag_that_is_missing_adds_nothing_to_a_text(above: str) -> None:
    data = f'<lessons{above}>\n<lesson id="L-1">\n  <title>One</title>\n  <code>\n  a\n   b'.encode()
    edited, _ = set_fields(open_file(data, "f.xml"), "f.xml#L-1", {"code": "  c\n d"})
    assert fields(edited.to_bytes())["code"] == "  c\n d"
    assert fields(edited.repaired().to_bytes())["code"] == "  c\n d"
