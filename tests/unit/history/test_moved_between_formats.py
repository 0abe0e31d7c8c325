"""An entry that one side moved into a file of another format meets what the other side did with it there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.editing.moving import plan_move
from index.editing.plan_checks import EntryInFile
from index.formats.base import Choices, MergeConflict
from index.formats.registry import open_file
from index.model.known_entries import EntryList
from tests.support.merging_trees import Tree, merged

FILE, SERENA, LEARNINGS = "memories/fixes.xml", ".serena/memories/pool.md", ".learnings/LEARNINGS.md"
ENTRY = """  <debugging-solution id="DEBUG-001">
    <problem>Pool runs dry</problem>
    <level>2</level>
    <root-cause>Too small &amp; slow</root-cause>
    <steps>
      <step>one</step>
      <step>two</step>
    </steps>
    <tags><tag>a</tag><tag>b</tag></tags>
    <solution>Look:
      - at this
      - at that</solution>
  </debugging-solution>
"""
OTHER = (
    '  <debugging-solution id="DEBUG-002">\n    <problem>Cache is cold</problem>\n  </debugging-solution>\n'
)
SECTION = """## [LRN-20260501-001] correction

**Logged**: 2026-05-01
**Status**: pending

### Summary
Look at this

---
"""
SIDES = pytest.mark.parametrize("swapped", [False, True], ids=["moved there", "moved here"])
TO = pytest.mark.parametrize("to", [SERENA, LEARNINGS])


def file(*entries: str) -> str:
    return f"<debugging-solutions>\n{''.join(entries)}</debugging-solutions>\n"


def learnings(*entries: str) -> str:
    return "\n".join(["# Learnings\n\n---\n", *entries])


BASE = {FILE: file(ENTRY, OTHER), LEARNINGS: learnings(SECTION)}


def moved(tree: Tree, path: str, to: str) -> Tree:
    """Return a tree with the first entry of a file that has a title moved to another file."""
    opened = {name: open_file(text.encode(), name) for name, text in tree.items()}
    entry = next(one for one in opened[path].entries if one.own_id)
    known = EntryList([one for file in opened.values() for one in file.entries])
    data = tree[to].encode() if to in tree else None
    found = EntryInFile(opened[path], entry)
    plan = plan_move(found, data, to, entries=known, now=datetime(2026, 5, 1, tzinfo=UTC))
    after = {change.file: (change.after or b"").decode() for change in plan.changes}
    return {name: text for name, text in {**tree, **after}.items() if text}


def both_ways(
    ours: Tree, theirs: Tree, swapped: bool, choices: Choices | None = None, base: Tree | None = None
) -> tuple[Tree, tuple[MergeConflict, ...]]:
    return merged(base or BASE, *((theirs, ours) if swapped else (ours, theirs)), choices)


def edited(old: str, new: str, path: str = FILE) -> Tree:
    assert old in BASE[path]
    return {**BASE, path: BASE[path].replace(old, new, 1)}


EDITS = [
    ("Too small &amp; slow", "Much too small"),
    ("<level>2<", "<level>3<"),
    ("      <step>two</step>\n", "      <step>two</step>\n      <step>three</step>\n"),
    ("<tag>b</tag>", "<tag>c</tag>"),
    ("    <level>2</level>\n", ""),
    ("at that", "at that\n      - and more"),
    ("    <level>2</level>\n", "    <level>2</level>\n    <note>new</note>\n"),
    ("Too small &amp; slow", "Too small &amp; slow!"),
]


@TO
@SIDES
@pytest.mark.parametrize(("old", "new"), EDITS)
def test_an_edit_follows_into_markdown(to: str, swapped: bool, old: str, new: str) -> None:
    here = edited(old, new)
    found, conflicts = both_ways(here, moved(BASE, FILE, to), swapped)
    assert not conflicts
    assert found[FILE] == file(OTHER)
    wanted, got = (
        sorted(open_file(tree[to].encode(), to).source.split()) for tree in (moved(here, FILE, to), found)
    )
    assert got == wanted


@SIDES
def test_an_edit_follows_into_xml(swapped: bool) -> None:
    here = edited("pending", "resolved\n**Area**: pools", LEARNINGS)
    found, conflicts = both_ways(here, moved(BASE, LEARNINGS, FILE), swapped)
    assert not conflicts
    assert found[LEARNINGS] == learnings()
    wanted = moved(here, LEARNINGS, FILE)[FILE]
    assert sorted(found[FILE].split()) == sorted(wanted.split())


@TO
@SIDES
def test_what_the_mover_edited_stays(to: str, swapped: bool) -> None:
    there = moved(BASE, FILE, to)
    there[to] = there[to].replace("Too small & slow", "Too small, too slow")
    found, conflicts = both_ways(edited("at that", "at those"), there, swapped)
    assert (conflicts, found) == ((), {**there, to: there[to].replace("at that", "at those")})


@TO
@SIDES
@pytest.mark.parametrize("choice", ["ours", "theirs", "base", "typed"])
def test_one_field_edited_twice_is_asked_for(to: str, swapped: bool, choice: str) -> None:
    there = moved(BASE, FILE, to)
    there[to] = there[to].replace("Too small", "Far too small")
    here = edited("Too small &amp; slow", "Tiny & slow".replace("&", "&amp;"))
    _, [conflict] = both_ways(here, there, swapped)
    texts = {"base": "Too small & slow", "ours": "Tiny & slow", "theirs": "Far too small & slow"}
    if swapped:
        texts["ours"], texts["theirs"] = texts["theirs"], texts["ours"]
    assert conflict.field == "root-cause"
    assert texts == {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    found, conflicts = both_ways(here, there, swapped, {conflict[:2]: choice})
    text = texts.get(choice, choice)
    assert (conflicts, found) == ((), {**there, to: there[to].replace("Far too small & slow", text)})


@TO
@SIDES
@pytest.mark.parametrize(("choice", "kept"), [("stays", True), ("goes", False), ("base", True)])
def test_moved_and_deleted_is_asked(to: str, swapped: bool, choice: str, kept: bool) -> None:
    here, there = {**BASE, FILE: file(OTHER)}, moved(BASE, FILE, to)
    _, [conflict] = both_ways(here, there, swapped)
    mover, deleter = ("ours", "theirs") if swapped else ("theirs", "ours")
    choices = {conflict[:2]: {"stays": mover, "goes": deleter}.get(choice, choice)}
    assert both_ways(here, there, swapped, choices) == (there if kept else here, ())


@SIDES
def test_moved_on_both_sides(swapped: bool) -> None:
    here, there = moved(BASE, FILE, SERENA), moved(BASE, FILE, SERENA)
    here[SERENA], there[SERENA] = here[SERENA].replace("small", "tiny"), there[SERENA].replace("this", "me")
    wanted = {**here, SERENA: here[SERENA].replace("this", "me")}
    assert both_ways(here, there, swapped) == (wanted, ())


@TO
@SIDES
@pytest.mark.parametrize("choice", ["stays", "moved", "base", "typed"])
def test_one_that_cannot_be_written_there_is_asked_as_a_whole(to: str, swapped: bool, choice: str) -> None:
    """Never in two files, and never in none."""
    there = moved(BASE, FILE, to)
    here = edited("at this\n", "at this\n\n# A heading\n\n```\n")
    _, [conflict] = both_ways(here, there, swapped)
    assert (conflict.field, "# A heading" in ((conflict.theirs if swapped else conflict.ours) or "")) == (
        "",
        True,
    )
    mover, stayer = ("ours", "theirs") if swapped else ("theirs", "ours")
    text = ENTRY.replace("Too small", "Typed")
    choices = {conflict[:2]: {"stays": stayer, "moved": mover, "typed": text.strip()}.get(choice, choice)}
    found, conflicts = both_ways(here, there, swapped, choices)
    wanted = {"stays": here, "moved": there, "base": BASE, "typed": {**BASE, FILE: file(text, OTHER)}}
    assert (conflicts, found) == ((), wanted[choice])


@SIDES
def test_without_an_id_the_words_tell(swapped: bool) -> None:
    plain = ENTRY.replace(' id="DEBUG-001"', "")
    base = {**BASE, FILE: file(plain, OTHER)}
    there = moved({**BASE}, FILE, SERENA)
    there[SERENA] = there[SERENA].replace("**id:** DEBUG-001\n\n", "")
    found, conflicts = both_ways(
        {**base, FILE: file(plain.replace("slow", "fast"), OTHER)}, there, swapped, base=base
    )
    assert (conflicts, found) == ((), {**there, SERENA: there[SERENA].replace("slow", "fast")})
