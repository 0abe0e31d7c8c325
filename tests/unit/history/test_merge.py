"""Merging a memory file by entry and field: unlike changes never meet, and nothing untouched moves."""

from __future__ import annotations

import re

import pytest

from index.formats.base import Merged
from index.formats.xml.document import Document
from index.model.errors import EditRefused
from index.model.merge_outcomes import MergeConflict
from tests.support.merging import (
    BASE,
    D1,
    D2,
    D3,
    D4,
    FILE,
    added,
    changed,
    clean,
    entries,
    entry,
    merge,
    merge_file,
)

FIX_1 = ("Tune the pool", "Tune the pool and its time-out")
FIX_2 = ("Refresh them", "Refresh them a minute before")
LEVEL = ('level="2"', 'level="3"')


def test_one_side_only() -> None:
    new = changed(FIX_1)
    assert clean(new, BASE) == new
    assert clean(BASE, new) == new
    assert clean(new, new) == new


def test_different_entries_and_fields_of_one() -> None:
    assert clean(changed(FIX_1), changed(FIX_2)) == changed(FIX_1, FIX_2)
    problem = ("The pool runs dry", "The pool is empty")
    assert clean(changed(FIX_1), changed(problem, LEVEL)) == changed(FIX_1, problem, LEVEL)


def test_what_the_other_side_did_not_touch_keeps_its_spelling() -> None:
    """Quotes, entities, CDATA and comments are as they were on our side, whatever the other side's are."""
    mine = changed(("<fix>Refresh them</fix>", "<fix >Refresh&#32;them</fix>"), LEVEL)
    theirs = changed(("<solution id='D-2'>", '<solution   id="D-2">'), FIX_1)
    assert clean(mine, theirs) == changed(FIX_1, text=mine)


def test_the_same_field() -> None:
    other = ("Tune the pool", "Make it larger")
    merged = merge(changed(FIX_1), changed(other, FIX_2))
    assert merged == Merged(
        None, (MergeConflict(D1, "fix", "Tune the pool", "Tune the pool and its time-out", "Make it larger"),)
    )
    both = changed(FIX_1, FIX_2)
    assert clean(changed(FIX_1), changed(other, FIX_2), D1__fix="ours") == both
    assert clean(changed(FIX_1), changed(other, FIX_2), D1__fix="theirs") == changed(other, FIX_2)
    assert clean(changed(FIX_1), changed(other, FIX_2), D1__fix="base") == changed(FIX_2)
    text = clean(changed(FIX_1), changed(other, FIX_2), D1__fix="a < b & c")
    assert text == changed(("Tune the pool", "a &lt; b &amp; c"), FIX_2)
    with pytest.raises(EditRefused, match="does not allow the character"):
        merge(changed(FIX_1), changed(other), D1__fix="\x1b[31m")


def test_the_same_attribute() -> None:
    mine, theirs = changed(LEVEL), changed(('level="2"', 'level="5"'))
    assert merge(mine, theirs).conflicts == (MergeConflict(D1, "@level", "2", "3", "5"),)
    choices = {(D1, "@level"): "theirs"}
    merged = merge_file(BASE.encode(), mine.encode(), theirs.encode(), FILE, choices)
    assert merged.data == theirs.encode()
    assert clean(changed((' level="2"', "")), changed(FIX_1)) == changed((' level="2"', ""), FIX_1)
    assert clean(changed(FIX_1), changed((' level="2"', ""))) == changed((' level="2"', ""), FIX_1)
    more = changed(('level="2"', "level=\"2\" owner='Ana'"))
    assert clean(changed(LEVEL), more) == changed(('level="2"', "level=\"3\" owner='Ana'"))


def test_several_conflicts_come_in_the_order_of_the_file() -> None:
    mine, theirs = (
        changed(FIX_1, FIX_2, LEVEL),
        changed(("Tune the pool", "x"), ("Refresh them", "y"), ('level="2"', 'level="4"')),
    )
    assert [(c.entry, c.field) for c in merge(mine, theirs).conflicts] == [
        (D1, "@level"),
        (D1, "fix"),
        (D2, "fix"),
    ]
    assert [c.field for c in merge(mine, theirs, D2__fix="ours").conflicts] == ["@level", "fix"]


def test_tags_are_sets() -> None:
    mine = changed(("<tag>pool</tag>", "<tag>pool</tag><tag>ours</tag>"))
    theirs = changed(("<tag>postgres</tag><tag>pool</tag>", "<tag>pool</tag><tag>theirs</tag>"))
    assert clean(mine, theirs) == changed(
        ("<tag>postgres</tag><tag>pool</tag>", "<tag>pool</tag><tag>ours</tag><tag>theirs</tag>")
    )
    mine = changed(("PostgreSQL, Node.js", "PostgreSQL, Node.js, pg"))
    theirs = changed(("PostgreSQL, Node.js", "Node.js, Redis"))
    assert clean(mine, theirs) == changed(("PostgreSQL, Node.js", "Node.js, pg, Redis"))


def test_items_of_a_list() -> None:
    mine = changed(("<step>Measure</step>", "<step>Measure twice</step>"))
    theirs = changed(
        ("<step>Measure again</step>\n", "<step>Measure again</step>\n        <step>Tell</step>\n")
    )
    both = clean(mine, theirs)
    assert both == changed(("<step>Measure</step>", "<step>Measure twice</step>"), text=theirs)
    theirs = changed(("<step>Measure</step>", "<step>Measure the load</step>"))
    [conflict] = merge(mine, theirs).conflicts
    assert conflict == MergeConflict(
        D2,
        "steps",
        "- Measure\n- Change the clock\n- Measure again",
        "- Measure twice\n- Change the clock\n- Measure again",
        "- Measure the load\n- Change the clock\n- Measure again",
    )
    assert clean(mine, theirs, D2__steps="theirs") == theirs
    assert clean(mine, theirs, D2__steps="ours") == mine
    text = clean(mine, theirs, D2__steps="- one\n- two\n- three\n- a & b")
    assert "<step>three</step>\n        <step>a &amp; b</step>\n      </steps>" in text


def test_entries_added_on_both_sides() -> None:
    text = clean(added(D3), added(D4))
    assert text == added(D3 + D4)
    top = "  <solutions>\n"
    assert clean(changed((top, top + D3)), changed((top, top + D4))) == changed((top, top + D3 + D4))
    assert clean(added(D3), changed(FIX_1)) == added(D3, changed(FIX_1))
    assert clean(changed(FIX_1), added(D3)) == added(D3, changed(FIX_1))
    assert clean(added(D3), added(D3, changed(FIX_1))) == added(D3, changed(FIX_1))


def test_an_entry_added_on_both_sides_with_one_difference() -> None:
    mine = D3.replace("<fix>Mine</fix>", "<note>the same words of both</note>\n      <fix>Mine</fix>")
    merged = merge(added(mine), added(mine.replace("Mine", "Ours")))
    assert merged.conflicts == (MergeConflict(f"{FILE}#D-3", "fix", None, "Mine", "Ours"),)
    text = clean(added(mine), added(mine.replace("Mine", "Ours")), D3__fix="theirs")
    assert text == added(mine.replace("Mine", "Ours"))


def test_two_memories_with_one_new_id_are_both_kept() -> None:
    """Two agents number on from what they see; neither memory may be lost."""
    theirs = D4.replace("D-4", "D-3")
    assert clean(added(D3), added(theirs)) == added(D3 + theirs)


def test_the_first_child_of_an_empty_element() -> None:
    base = "<notes>\n  <note id='1'><tags/><text>one</text></note>\n</notes>\n"
    theirs = base.replace("<tags/>", "<tags><tag>a</tag></tags>")
    mine = base.replace("one", "two")
    assert clean(mine, theirs, base) == theirs.replace("one", "two")
    theirs = base.replace("<tags/>", "<tags>\n    <tag>a</tag>\n  </tags>")
    assert clean(mine, theirs, base) == theirs.replace("one", "two")
    mine = base.replace("<text>one</text>", "<text>one</text><more/>")
    assert clean(mine, base.replace("<tags/>", "<tags>b</tags>"), base) == mine.replace(
        "<tags/>", "<tags>b</tags>"
    )


def test_deleted_and_untouched() -> None:
    without = changed((entry("D-1"), ""))
    assert clean(without, changed(FIX_2)) == changed((entry("D-1"), ""), FIX_2)
    assert clean(changed(FIX_2), without) == changed((entry("D-1"), ""), FIX_2)
    no_fix = changed(("      <fix>Tune the pool</fix>\n", ""))
    assert clean(changed(FIX_2), no_fix) == changed(("      <fix>Tune the pool</fix>\n", ""), FIX_2)
    assert clean(without, changed((entry("D-2"), ""))).count("<solution ") == 0


def test_deleted_and_edited() -> None:
    without, edited = changed((entry("D-1"), "")), changed(FIX_1)
    [conflict] = merge(without, edited).conflicts
    assert (conflict.entry, conflict.field, conflict.ours) == (D1, "", None)
    assert conflict.theirs == entry("D-1", edited).strip()
    assert clean(without, edited, D1__="ours") == without
    assert clean(without, edited, D1__="theirs") == edited
    assert clean(without, edited, D1__="base") == BASE
    [conflict] = merge(edited, without).conflicts
    assert (conflict.ours, conflict.theirs) == (entry("D-1", edited).strip(), None)
    assert clean(edited, without, D1__="ours") == edited
    assert clean(edited, without, D1__="theirs") == without
    assert clean(edited, without, D1__="base") == BASE
    new = '<solution id="D-1"><fix>by hand</fix><level>1</level></solution>'
    assert f"    {new}\n" in clean(edited, without, D1__=new)
    with pytest.raises(EditRefused, match="must be well-formed"):
        merge(edited, without, D1__="<solution>")


def test_a_deleted_and_edited_field() -> None:
    without, edited = changed(("      <fix>Tune the pool</fix>\n", "")), changed(FIX_1)
    assert merge(without, edited).conflicts == (
        MergeConflict(D1, "fix", "Tune the pool", None, "Tune the pool and its time-out"),
    )
    assert clean(without, edited, D1__fix="theirs") == edited
    assert clean(without, edited, D1__fix="ours") == without
    assert clean(without, edited, D1__fix="a & b") == changed(("Tune the pool", "a &amp; b"))


def test_reordered_on_one_side() -> None:
    one, two = entry("D-1"), entry("D-2")
    turned = changed((one + two, two + one))
    assert clean(changed(FIX_1), turned) == changed(FIX_1, text=turned)
    assert clean(turned, changed(FIX_1)) == changed(FIX_1, text=turned)
    more = clean(turned, added(D3))
    assert [e.id for e in entries(more.encode())][:3] == [D2, f"{FILE}#D-3", D1]


@pytest.mark.parametrize(
    "lay_out",
    [
        lambda text: text.replace("\n  ", "\n\t").replace("  ", "\t"),
        lambda text: re.sub(r"\n +", "\n", text),
        lambda text: text.replace("\n", "\r\n"),
    ],
    ids=["tabs", "no indentation", "CRLF"],
)
def test_one_side_laid_the_file_out_anew(lay_out: object) -> None:
    """Layout is a change like any other: it is kept, and the other side's words go into it."""
    assert callable(lay_out)
    new = lay_out(BASE)
    assert clean(new, changed(FIX_1, LEVEL)) == lay_out(changed(FIX_1, LEVEL))
    assert clean(changed(FIX_1, LEVEL), new) == lay_out(changed(FIX_1, LEVEL))
    assert clean(changed(FIX_1), lay_out(changed(FIX_2))) == lay_out(changed(FIX_1, FIX_2))
    assert clean(lay_out(changed(FIX_1)), changed(FIX_2)) == lay_out(changed(FIX_1, FIX_2))
    [conflict] = merge(changed(FIX_1), lay_out(changed(("Tune the pool", "x")))).conflicts
    assert conflict == MergeConflict(D1, "fix", "Tune the pool", "Tune the pool and its time-out", "x")
    theirs = lay_out(changed(("Tune the pool", "x")))
    assert clean(changed(FIX_1), theirs, D1__fix="ours") == lay_out(changed(FIX_1))


def test_an_entry_comes_at_our_indentation() -> None:
    deep = BASE.replace("\n    ", "\n        ").replace("\n  <", "\n    <").replace("\n    <m", "\n    <m")
    text = clean(added(D3, changed(FIX_1)), BASE.replace("\n", "\r\n"))
    assert text == added(D3, changed(FIX_1)).replace("\n", "\r\n")
    assert Document.parse(deep.encode()).errors == ()
    assert '\n        <solution id="D-3">\n' in clean(deep.replace("Refresh", "Renew"), added(D3))


def test_what_tells_of_the_file_is_settled() -> None:
    """Both sides date, number and count: the later date, the higher version, the count of what is there."""
    mine = added(D3, changed(("2025-10-01<", "2025-10-04<"), ("1.2", "1.9"), ("ns>2<", "ns>3<")))
    theirs = added(D4, changed(("2025-10-01<", "2025-10-03<"), ("1.2", "1.10"), ("ns>2<", "ns>3<")))
    both = changed(("2025-10-01<", "2025-10-04<"), ("1.2", "1.10"), ("ns>2<", "ns>4<"))
    assert clean(mine, theirs) == added(D3 + D4, both)
    same = added(D3, changed(("ns>2<", "ns>3<")))
    assert clean(same, changed(FIX_1, text=same)) == changed(FIX_1, text=same), "the same entry counts once"
    one_more = added(D4, changed(("ns>3<", "ns>4<"), text=same))
    mine = added(D3.replace("D-3", "D-5").replace("Ours", "Fifth"), changed(("ns>3<", "ns>4<"), text=same))
    assert "<total-solutions>5<" in clean(mine, one_more)


def test_figures_in_metrics() -> None:
    """Of whole numbers both changes count; a mean stays ours until it is counted anew; words are asked."""
    figures = "<hours>5</hours><mean>2.1</mean><rate>90%</rate><word>good</word>"
    metrics = f"  <debugging-metrics>{figures}</debugging-metrics>\n"
    base = changed(("  </metadata>\n", "  </metadata>\n" + metrics))
    mine = changed(("5</h", "8</h"), ("2.1", "2.5"), ("90%", "92%"), text=base)
    theirs = changed(("5</h", "6</h"), ("2.1", "2.0"), ("90%", "91%"), text=base)
    assert clean(mine, theirs, base) == changed(("8</h", "9</h"), text=mine)
    mine, theirs = changed((">good", ">bad"), text=base), changed((">good", ">better"), text=base)
    assert merge(mine, theirs, base).conflicts[0][1:5] == ("debugging-metrics/word", "good", "bad", "better")


def test_comments_come_along() -> None:
    theirs = changed(("  <solutions>\n", "  <!-- new -->\n  <solutions>\n"), ("fixed -->", "solved -->"))
    assert clean(changed(FIX_1), theirs) == changed(FIX_1, text=theirs)
    theirs = changed(("<!-- what we fixed -->\n", ""))
    assert clean(changed(FIX_1), theirs) == changed(FIX_1, text=theirs)


def test_lines_of_a_long_text() -> None:
    lines = "\n      one\n      two\n      three\n    "
    base = f"<notes>\n  <note id='1'>\n    <text>{lines}</text>\n  </note>\n</notes>\n"
    mine, theirs = base.replace("one", "1"), base.replace("three", "3 & more").replace("&", "&amp;")
    assert clean(mine, theirs, base) == theirs.replace("one", "1")
    [conflict] = merge(base.replace("two", "2"), base.replace("two", "II"), base).conflicts
    assert conflict == MergeConflict(
        f"{FILE}#1", "text", "one\ntwo\nthree", "one\n2\nthree", "one\nII\nthree"
    )


def test_text_with_elements_in_it_is_taken_whole() -> None:
    base = "<notes>\n<note id='1'><text>one <b>two</b></text><n/></note>\n</notes>\n"
    mine, theirs = base.replace("<n/>", "<n>1</n>"), base.replace("two", "2")
    assert clean(mine, theirs, base) == theirs.replace("<n/>", "<n>1</n>")
    [conflict] = merge(base.replace("one", "1"), theirs, base).conflicts
    assert conflict == MergeConflict(f"{FILE}#1", "text", "one <b>two</b>", "1 <b>two</b>", "one <b>2</b>")
    choices = {(f"{FILE}#1", "text"): "x <b>y</b>"}
    sides = (base.encode(), base.replace("one", "1").encode(), theirs.encode())
    assert merge_file(*sides, FILE, choices).data == base.replace("one <b>two", "x <b>y").encode()


def test_a_bare_ampersand_does_not_stop_a_merge_by_entry() -> None:
    base = changed(("&amp;", "&"), ("Measure again", "a <= 3"))
    merged = merge(added(D3, base), added(D4, base), base)
    assert merged.data == added(D3 + D4, base).encode()


BROKEN = changed(("<fix>Tune the pool</fix>", "<fix>Tune the pool"))


def test_a_file_that_does_not_parse_is_merged_by_line() -> None:
    assert clean(changed(FIX_1, text=BROKEN), changed(FIX_2, text=BROKEN), BROKEN) == changed(
        FIX_1, FIX_2, text=BROKEN
    )
    mine, theirs = added(D3, BROKEN), added(D4, BROKEN)
    merged = merge(mine, theirs, BROKEN)
    assert merged.conflicts == (MergeConflict(FILE, "", BROKEN, mine, theirs),)
    assert clean(mine, theirs, BROKEN, FILE__="theirs") == theirs
    assert clean(mine, theirs, BROKEN, FILE__="ours") == mine
    assert clean(mine, theirs, BROKEN, FILE__="by hand") == "by hand"


def test_fragments() -> None:
    base = "<!-- a.xml -->\n<s><id>1</id><fix>a</fix></s>\n<s><id>2</id><fix>b</fix></s>\n"
    mine, theirs = base.replace("<fix>a", "<fix>A"), base.replace("<fix>b", "<fix>B")
    assert clean(mine, theirs, base) == base.replace("<fix>a", "<fix>A").replace("<fix>b", "<fix>B")
    third, fourth = "<s><id>3</id><fix>c</fix></s>\n", "<s><id>4</id><fix>d</fix></s>\n"
    assert clean(base + third, base + fourth, base) == base + third + fourth
    assert merge(mine, base.replace("<fix>a", "<fix>x"), base).conflicts[0].field == "fix"


def test_a_title_that_changed_is_the_same_entry() -> None:
    base = "<notes>\n" + "".join(
        f"  <note><title>{t}</title><text>What is to know of {t}, at length</text><level>1</level></note>\n"
        for t in ("one", "two")
    )
    base += "</notes>\n"
    renamed, edited = (
        base.replace("<title>one", "<title>first"),
        base.replace("1</level></note>\n  <n", "4</level></note>\n  <n"),
    )
    both = edited.replace("<title>one", "<title>first")
    assert clean(renamed, edited, base) == both
    assert clean(edited, renamed, base) == both


def test_a_file_added_or_deleted() -> None:
    base, new = BASE.encode(), changed(FIX_1).encode()
    assert merge_file(base, None, base, FILE) == Merged(None)
    assert merge_file(base, new, None, FILE).conflicts == (MergeConflict(FILE, "", BASE, new.decode(), None),)
    assert merge_file(base, new, None, FILE, {(FILE, ""): "theirs"}) == Merged(None)
    assert merge_file(base, new, None, FILE, {(FILE, ""): "ours"}) == Merged(new)
    other = added(D3).encode()
    assert merge_file(None, base, other, FILE) == Merged(other), "both added, one has more"
    assert merge_file(None, base, new, FILE).conflicts[0][:2] == (D1, "fix")


def test_other_encodings() -> None:
    base = changed(("UTF-8", "ISO-8859-1"), ("Tune", "Prüfe")).encode("latin-1")
    mine = base.replace(b"Refresh", b"\xc4ndere")
    theirs = changed(("UTF-8", "ISO-8859-1"), ("Tune the pool", "Prüfe — mehr")).encode(
        "latin-1", "xmlcharrefreplace"
    )
    merged = merge_file(base, mine, theirs, FILE)
    assert merged.data == theirs.replace(b"Refresh", b"\xc4ndere")
    theirs = changed(("Tune the pool", "Prüfe — mehr")).encode()
    assert merge_file(base, mine, theirs, FILE).data == base.replace(b"Refresh", b"\xc4ndere").replace(
        b"Pr\xfcfe the pool", b"Pr\xfcfe &#8212; mehr"
    )
